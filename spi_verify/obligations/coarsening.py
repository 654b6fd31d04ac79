"""Coarser proofs: steps that can be left out because the others still go through without them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import z3

from spi_verify.obligations.cache import Cache
from spi_verify.obligations.consistency import label, told
from spi_verify.obligations.deciding import Budget, decide
from spi_verify.obligations.outcomes import Outcome
from spi_verify.solvers.smtlib import render

BLOCKS = (8, 4, 2, 1)
"""How many steps are left out at once: many at first, then fewer."""

SHARE = 5
"""A step of the coarser proof may cost one part in so many of a step's budget."""

_Proof = Mapping[str, tuple[str, ...]]
"""For each step, in order, what it is proved from; names are labels."""


@dataclass(frozen=True)
class Coarser:
    """A proof with fewer steps, each of which both solvers prove.

    Parameters
    ----------
    dropped
        Names of the steps that are left out.
    steps
        The others, in order, with the facts that each is proved from.
    changed
        Names of those that are proved from facts which they do not list.
    """

    dropped: tuple[str, ...]
    steps: Mapping[str, tuple[str, ...]]
    changed: tuple[str, ...]


class Coarsening:
    """Finds a coarser proof of a statement.

    Formulas are written as text when this is made, so that :meth:`run` may be another thread's.

    Parameters
    ----------
    outcome
        Of a statement that is proved.
    budget, cache, executor
        As :func:`spi_verify.obligations.running.run` takes them.
    """

    def __init__(
        self, outcome: Outcome, budget: Budget, cache: Cache, executor: Executor | None = None
    ) -> None:
        less = replace(budget, z3=budget.z3 // SHARE, cvc5=budget.cvc5 // SHARE)
        self._asking = (less, cache, executor)
        statement = outcome.theorem
        steps = {label(step.name): step for step in statement.steps}
        self._listed = {name: {*map(label, statement.uses(step))} for name, step in steps.items()}
        self._facts = {label(name): render(one) for name, one in statement.facts().items()}
        self._steps = {name: render(step.formula) for name, step in steps.items()}
        self._negated = {name: render(z3.Not(step.formula)) for name, step in steps.items()}
        self._goal = label(statement.goal.name)
        self._whole = {label(name): one.core for name, one in outcome.decisions.items()}

    def run(self) -> Coarser:
        """Leave out blocks of steps, large ones first, as long as the rest goes through."""
        proof = self._needed(self._whole)
        for size in BLOCKS:
            position = 0
            while position < len(proof) - 1:
                names = list(proof)[:-1]
                less = self._without(proof, names[position : position + size])
                if less is None:
                    position += size
                else:
                    proof = less
        return Coarser(
            tuple(told(name) for name in self._whole if name not in proof),
            {told(name): tuple(map(told, facts)) for name, facts in proof.items()},
            tuple(told(n) for n, facts in proof.items() if not self._listed[n].issuperset(facts)),
        )

    def _needed(self, proof: _Proof) -> _Proof:
        """Return the part of a proof that its goal rests on, in the same order."""
        needed, pending = set[str](), [self._goal]
        while pending:
            name = pending.pop()
            if name not in needed and name in proof:
                needed.add(name)
                pending += proof[name]
        return {name: facts for name, facts in proof.items() if name in needed}

    def _without(self, proof: _Proof, gone: Sequence[str]) -> _Proof | None:
        """Return the proof without steps, or None where one that rests on them is not proved.

        Such a step is tried with what those that are gone were proved from in their place.
        """
        less: dict[str, tuple[str, ...]] = {}
        for name, facts in proof.items():
            if name in gone:
                continue
            if set(facts) & set(gone):
                likely = _unfolded(facts, proof, gone)
                known = self._facts | {before: self._steps[before] for before in less}
                offered = {one: fact for one, fact in known.items() if one in likely}
                decision = decide(offered, self._negated[name], *self._asking)
                if not decision.agreed:
                    return None
                facts = decision.core
            less[name] = facts
        return self._needed(less)


def _unfolded(facts: Sequence[str], proof: _Proof, gone: Sequence[str]) -> set[str]:
    """Return facts with what those that are gone were proved from in their place."""
    found: set[str] = set()
    for name in facts:
        found |= _unfolded(proof[name], proof, gone) if name in gone else {name}
    return found
