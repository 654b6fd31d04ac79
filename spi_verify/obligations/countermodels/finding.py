"""Small structures in which facts hold and a formula fails, evaluated before anybody sees them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import replace

import z3

from spi_verify.errors import InputError
from spi_verify.obligations.cache import Cache
from spi_verify.obligations.consistency import Render
from spi_verify.obligations.deciding import NEGATED_GOAL, Budget, Search, search, search_grounded
from spi_verify.obligations.grounding import SIZES, Grounder
from spi_verify.obligations.wellformed import require_formula
from spi_verify.theory.evaluate import Structure, holds
from spi_verify.theory.signature import Player

SMALL = {**dict.fromkeys(SIZES, 1), "Player": 2, "Outcome": 2, "OutcomeSet": 2}
"""How many elements there are at first, so that what is shown is small."""

GROUNDED = 2_000_000
"""z3's units for each question without quantifiers."""

_TWO_PLAYERS = "witness:two players"


class Finder:
    """Looks for structures in which formulas hold and another fails.

    Parameters
    ----------
    render
        Writes formulas as text.
    sizes
        How many elements of a sort a statement says that it may need.
    budget, cache, executor
        As :func:`spi_verify.obligations.running.run` takes them.
    """

    def __init__(
        self,
        render: Render,
        sizes: Mapping[str, int],
        budget: Budget,
        cache: Cache,
        executor: Executor | None = None,
    ) -> None:
        self._render = render
        self._asking = (replace(budget, grounded=GROUNDED), cache, executor)
        self._grounders = [Grounder({**SMALL}), Grounder(sizes)]
        self._one_player = sizes.get("Player") == 1

    def find(
        self, facts: Mapping[str, z3.BoolRef], formula: z3.BoolRef, *, written_out: int
    ) -> Structure | None:
        """Return a structure in which all facts hold and the formula fails.

        One with two players is looked for first, unless ``sizes`` ask for one. None is returned
        where none was found, or where formulas cannot be evaluated.

        Parameters
        ----------
        facts, formula
            Which.
        written_out
            How often to write them out for z3 where cvc5 finds nothing: 0; 1 over the fewest
            elements; 2 over some more, too. For many facts that takes long.
        """
        try:
            for part in (*facts.values(), formula):
                require_formula("a fact", part)
        except InputError:
            return None
        one, other = z3.Consts("one other", Player)
        two = z3.Exists([one, other], one != other)
        wanted = {**facts, NEGATED_GOAL: z3.Not(formula)}
        rendered = [self._render(formula) for formula in wanted.values()]
        sorts = dict.fromkeys(sort for one in rendered for sort in one.sorts)
        more = {_TWO_PLAYERS: two} if "Player" in sorts and not self._one_player else {}
        for found in self._searches(wanted, more, written_out):
            if found.status == "sat":
                structure = Structure({sort: found.sizes[sort] for sort in sorts}, found.tables)
                if all(holds(fact, structure) for fact in facts.values()) and not holds(
                    formula, structure
                ):
                    return structure
        return None

    def _searches(
        self, wanted: Mapping[str, z3.BoolRef], more: Mapping[str, z3.BoolRef], written_out: int
    ) -> Iterator[Search]:
        """Ask cvc5 for a finite model, then z3 for one of few elements, then of some more."""
        formulas = {**wanted, **more}
        rendered = {name: self._render(formula) for name, formula in formulas.items()}
        found = search(rendered, *self._asking)
        yield found
        if found.status == "unknown":
            for grounder in self._grounders[:written_out]:
                yield search_grounded(formulas, grounder, rendered, found, *self._asking)
        if more:
            yield search({name: rendered[name] for name in wanted}, *self._asking)
