"""What statements rest on: lemmas, definitions, and the definitions of what these mention."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

import z3

from spi_verify.errors import located
from spi_verify.obligations.statements import Statement
from spi_verify.obligations.wellformed import require_formula, require_formulas
from spi_verify.theory import Theory


def lemmas_below(statement: Statement, by_id: Mapping[str, Statement]) -> list[Statement]:
    """Return the statements that prove lemmas of a statement, and theirs, each once."""
    found: dict[str, Statement] = {}
    pending = list(statement.lemmas.values())
    while pending:
        id = pending.pop(0)
        if id not in found:
            found[id] = by_id[id]
            pending += by_id[id].lemmas.values()
    return list(found.values())


def rests_on(statement: Statement) -> Iterator[str]:
    """Name what a statement may rest on: definitions it lists, and those of what they mention."""
    theory = statement.theory
    formulas = [*statement.facts().values(), statement.goal.formula]
    yield from statement.definitions
    yield from (n for n in mentioned(formulas, theory) if n not in statement.definitions)


def mentioned(
    formulas: Iterable[z3.BoolRef], theory: Theory, *, beside: Container[str] = ()
) -> list[str]:
    """Return the definitions of what occurs in formulas, or in these definitions.

    Parameters
    ----------
    formulas, theory
        The formulas, and what has the definitions.
    beside
        Definitions that do not count, and neither does what occurs in them.
    """
    found: dict[str, None] = {}
    pending = list(formulas)
    while pending:
        symbols = {
            symbol
            for formula in pending
            for symbol in require_formula("a fact", formula, evaluated=False).values()
        }
        found_here = (name for symbol in symbols for name in theory.names_about(symbol))
        new = {name: None for name in found_here if name not in beside}
        pending = [theory.axiom(name) for name in new if name not in found]
        found |= new
    return [name for name in theory if name in found]


def require_names_of_its_own(statement: Statement) -> None:
    """Make sure that no symbol of a statement has the name of another in what defines others.

    Its witness has to meet these definitions, listed or not.

    Raises
    ------
    InputError
        Naming the statement and the symbol.
    """
    with located(where=statement.id):
        said = {f"the step {step.name!r}": step.formula for step in statement.steps}
        said |= {f"the hypothesis {h.name!r}": h.formula for h in statement.hypotheses}
        theory = statement.theory
        listed = [n for n in (*statement.definitions, *statement.lemmas) if n in theory]
        said |= {f"the definition {name!r}": theory.axiom(name) for name in listed}
        names = mentioned(said.values(), theory)
        defining = {f"the definition {name!r}": theory.axiom(name) for name in names}
        require_formulas((what, formula, False) for what, formula in {**defining, **said}.items())
