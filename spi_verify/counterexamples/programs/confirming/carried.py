"""What a class of somebody's own settles: that its programs are what its definition says."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import replace
from typing import Any, cast

from spi_verify.counterexamples.programs.carriers import is_of
from spi_verify.counterexamples.programs.confirming.induced import Induced
from spi_verify.counterexamples.statements.carried import Carried, by_class
from spi_verify.obligations.statements import GOAL, Statement, Step
from spi_verify.theory.evaluate import predicate


def settled_by_classes(
    statement: Statement, induced: Induced
) -> tuple[Statement, Mapping[str, str]]:
    """Return a statement in which classes stand for their definitions, and who was asked.

    A definition holds of a program by its class if the class is said to carry it out, and if it
    holds of the program for everything that is listed. Of other programs it is taken not to hold.

    Returns
    -------
    tuple
        The statement; and for the names of hypotheses how classes settle them.
    """
    goal, used = by_class(statement.goal.formula, holding=False)
    hypotheses, told = [], {}
    everything = list(used)
    for hypothesis in statement.hypotheses:
        formula, by = by_class(hypothesis.formula)
        hypotheses.append(replace(hypothesis, formula=formula) if by else hypothesis)
        everything += by
        if by:
            told[hypothesis.name] = " and ".join(
                f"{one.cls.__name__} is said to carry out {one.name}, which is checked by "
                "computation for everything listed"
                for one in by
            )
    if not everything:
        return statement, {}
    tables = cast("MutableMapping[str, Any]", induced.structure.tables)
    for one in everything:
        tables[one.predicate.name()] = _Members(one, induced)
    steps = (Step(GOAL, goal, ()),) if used else statement.steps
    return replace(statement, hypotheses=tuple(hypotheses), steps=steps, lemmas={}), told


class _Members(dict[tuple[int, ...], bool]):
    """Which programs of a player are of a class and meet its definition here."""

    def __init__(self, one: Carried, induced: Induced) -> None:
        super().__init__()
        self._one, self._induced = one, induced
        self._holds = predicate(one.axiom, induced.structure)

    def __missing__(self, arguments: tuple[int, ...]) -> bool:
        i, c = arguments
        player, program = self._induced.programs[c]
        mine = player == i and is_of(program, self._one.cls)
        value = self[arguments] = mine and self._holds((i, c))
        return value
