"""All scenarios of a size, in small worlds that a solver fills in again and again."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import z3

from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.kind import Body
from spi_verify.counterexamples.programs.finding.candidates import (
    ask,
    enumerated_scenarios,
    question_of,
)
from spi_verify.counterexamples.programs.finding.frames.frame import Frame, Model
from spi_verify.counterexamples.programs.finding.own import classes_of
from spi_verify.counterexamples.programs.finding.symbolic import conjunction, disjunction
from spi_verify.counterexamples.programs.finding.worlds import frames
from spi_verify.obligations.statements import Statement


def every(
    statement: Statement, bounds: Bounds, size: Sequence[int], notes: list[str]
) -> Iterator[Iterator[Body | None]] | None:
    """Return the scenarios of a size, those of each small world followed by None.

    Parameters
    ----------
    statement, bounds
        What is searched, and how far.
    size
        The numbers of players, outcomes and default programs.
    notes
        Where to put what limits the search.

    Returns
    -------
    iterator or None
        None where scenarios are listed instead, also with classes of somebody's own. None does
        not follow where a solver gave up.
    """
    if enumerated_scenarios(statement, bounds, notes) is not None or classes_of(statement):
        return None
    return (_fillings(frame, statement, notes) for frame in _of_size(statement, bounds, size))


def _of_size(statement: Statement, bounds: Bounds, size: Sequence[int]) -> Iterator[Frame]:
    for frame in frames(statement, bounds):
        counts = (len(frame.shape), math.prod(frame.shape))
        if counts > tuple(size[:2]):
            return
        if counts == tuple(size[:2]) and sum(frame.constants) <= size[2]:
            yield frame


def _fillings(frame: Frame, statement: Statement, notes: list[str]) -> Iterator[Body | None]:
    """Iterate over a frame's scenarios, no two with the same payoffs up to scales; then None."""
    question = question_of(frame, statement, notes)
    told = len(notes)
    different: list[Any] = []
    while question is not False:
        model = ask(frame, conjunction([question, *different]), notes)
        if model is None:
            break
        yield frame.scenario(model).to_data()
        different.append(_differs(frame, model))
    if len(notes) == told:
        yield None


def _differs(frame: Frame, model: Model) -> Any:
    """Return that the unknowns differ from a solution by more than the players' scales."""
    parts = [
        variable != model.get(name, False if z3.is_bool(variable) else 0)
        for name, variable in sorted(frame.free.items())
        if not name.startswith("u[")
    ]
    if frame.game is None:
        for i in frame.players:
            unknown = [frame.payoff(i, a) for a in range(len(frame.outcomes))]
            known = [Fraction(model.get(f"u[{i},{a}]", 0)) for a in range(len(frame.outcomes))]
            parts += _other_scale(unknown, known)
    return disjunction(parts)


def _other_scale(unknown: list[Any], known: list[Fraction]) -> list[Any]:
    """Return what holds, at least one of it, of payoffs that are not these on another scale."""
    low, high = known.index(min(known)), known.index(max(known))
    if known[low] == known[high]:
        return [payoff != unknown[0] for payoff in unknown[1:]]
    width = known[high] - known[low]
    gap = unknown[high] - unknown[low]
    parts: list[Any] = [gap <= 0]
    for payoff, value in zip(unknown, known, strict=True):
        share = (value - known[low]) / width
        parts.append(payoff - unknown[low] != gap * z3.RealVal(str(share)))
    return parts
