"""Why steps are not proved: facts that their lists lack, or structures in which they fail."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass

import z3

from spi_verify.obligations.cache import Cache
from spi_verify.obligations.consistency import label, told
from spi_verify.obligations.countermodels.finding import Finder
from spi_verify.obligations.deciding import Budget
from spi_verify.obligations.facts import find
from spi_verify.obligations.filling import in_scope
from spi_verify.obligations.outcomes import Outcome
from spi_verify.obligations.resting import mentioned
from spi_verify.obligations.statements import Statement, Step
from spi_verify.solvers.smtlib import Rendered, render
from spi_verify.theory.evaluate import Structure, holds


@dataclass(frozen=True)
class Failure:
    """Why a step is not proved.

    Parameters
    ----------
    statement, step
        Which.
    listed
        Whether the step lists facts, so that others may be missing.
    facts
        Names of the facts it may use.
    enough
        Names of facts in scope that prove it, where those it lists do not; else None.
    structure
        One in which the facts hold and the step fails, evaluated; None where none was found.
    failing
        Facts in scope, and definitions of what is mentioned, that do not hold in it.
    everything
        Whether all of these do.
    """

    statement: Statement
    step: Step
    listed: bool
    facts: tuple[str, ...]
    enough: tuple[str, ...] | None
    structure: Structure | None
    failing: tuple[str, ...]
    everything: bool


def diagnose(
    outcome: Outcome,
    *,
    most: int = 3,
    budget: Budget | None = None,
    cache: Cache | None = None,
    executor: Executor | None = None,
) -> list[Failure]:
    """Return why steps that a statement's goal rests on are not proved, the first few of them.

    Parameters
    ----------
    outcome
        What became of the statement.
    most
        How many steps are looked into.
    budget, cache, executor
        As :func:`spi_verify.obligations.running.run` takes them.
    """
    work = _Work(outcome, budget or Budget(), cache or Cache(None), executor)
    return [work.failure(name) for name in outcome.failed[:most]]


class _Work:
    """What is asked about the steps of one statement."""

    def __init__(
        self, outcome: Outcome, budget: Budget, cache: Cache, executor: Executor | None
    ) -> None:
        self._statement = outcome.theorem
        self._found = outcome.found
        self._asking = (budget, cache, executor)
        self._steps = {step.name: step for step in self._statement.steps}
        self._finder = Finder(self._text, self._statement.sizes, *self._asking)
        self._texts: dict[int, tuple[z3.BoolRef, Rendered]] = {}

    def _text(self, formula: z3.BoolRef) -> Rendered:
        key = formula.get_id()
        if key not in self._texts:
            self._texts[key] = (formula, render(formula))
        return self._texts[key][1]

    def failure(self, name: str) -> Failure:
        """Look for a structure in which the step fails and, where some are listed, more facts.

        One in which all that is in scope holds says most, but is the hardest to find.
        """
        statement, step = self._statement, self._steps[name]
        scope, defines = in_scope(statement, step)
        own = {label(use): self._formula(use) for use in statement.uses(step)}
        everything = {**own, **scope}
        structure = self._finder.find(everything, step.formula, written_out=0)
        enough = None
        if structure is None:
            structure = self._finder.find(own, step.formula, written_out=2)
            if step.uses is not None and not self._meets_all(everything, structure):
                texts = {one: self._text(formula) for one, formula in scope.items()}
                negated = self._text(z3.Not(step.formula))
                answer = find(self._text(step.formula), negated, texts, defines, *self._asking)
                enough = None if answer.facts is None else tuple(map(told, answer.facts))
                if enough is None:
                    better = self._finder.find(everything, step.formula, written_out=1)
                    structure = better or structure
        failing, left_open = self._not_met(scope, step, structure)
        return Failure(
            statement,
            step,
            step.uses is not None,
            tuple(map(told, own)),
            enough,
            structure,
            tuple(failing),
            structure is not None and not failing and not left_open,
        )

    def _meets_all(self, formulas: Mapping[str, z3.BoolRef], structure: Structure | None) -> bool:
        if structure is None:
            return False
        try:
            return all(holds(formula, structure) for formula in formulas.values())
        except ValueError:
            return False

    def _formula(self, name: str) -> z3.BoolRef:
        step = self._steps.get(name)
        return self._statement.facts()[name] if step is None else step.formula

    def _not_met(
        self, scope: Mapping[str, z3.BoolRef], step: Step, structure: Structure | None
    ) -> tuple[list[str], list[str]]:
        """Name what does not hold, of what is in scope or defines what is mentioned.

        The second list has what speaks of functions that the structure leaves open.
        """
        theory = self._statement.theory
        others = mentioned([*scope.values(), step.formula], theory)
        formulas = {told(name): formula for name, formula in scope.items()}
        formulas |= {name: theory.axiom(name) for name in others if name not in formulas}
        failing: list[str] = []
        left_open: list[str] = []
        for name, formula in formulas.items() if structure else ():
            assert structure is not None
            try:
                if not holds(formula, structure):
                    failing.append(name)
            except ValueError:
                left_open.append(name)
        return failing, left_open
