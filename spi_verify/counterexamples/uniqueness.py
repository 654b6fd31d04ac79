"""Whether a counterexample is the only one of its size, up to names and scales."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import z3

from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.looking import confirmed, refutations, special_kind
from spi_verify.counterexamples.programs.finding.candidates import (
    ask,
    enumerated_scenarios,
    frames,
    question_of,
)
from spi_verify.counterexamples.programs.finding.frames import Frame, Model
from spi_verify.counterexamples.programs.finding.symbolic import conjunction, disjunction
from spi_verify.counterexamples.programs.form import canonical
from spi_verify.counterexamples.programs.scenario import Scenario, read_game, read_scenario
from spi_verify.counterexamples.statements.closed import closed
from spi_verify.errors import InputError, Rejected
from spi_verify.games.game import Game
from spi_verify.obligations.statements import Statement

LOOK = 24
"""How many candidates of a kind of world are executed before the question is left open."""

Size = tuple[int, ...]


def has_equals(statement: Statement, bounds: Bounds, refutation: Mapping[str, Any]) -> bool | None:
    """Return whether a statement has other counterexamples of the same size.

    The size of a counterexample made of programs is the number of players, outcomes and default
    programs. Two counterexamples are the same if renaming players and actions, and rescaling
    payoffs, makes them so.

    Parameters
    ----------
    statement
        What is refuted.
    bounds
        How far to search; the game, if it is fixed.
    refutation
        The counterexample.

    Returns
    -------
    bool or None
        False only where every world of this size that is searched for the statement was, and has
        no other. None where that is open.
    """
    statement = closed(statement)
    size, form = size_of(refutation), canonical(refutation)

    def equals(other: Mapping[str, Any]) -> bool:
        return size_of(other) == size and canonical(other) != form

    notes: list[str] = []
    special = special_kind(statement) is not None
    if special or enumerated_scenarios(statement, bounds, notes) is not None:
        listed = refutations(statement, replace(bounds, candidates=LOOK))
        return True if any(map(equals, itertools.islice(listed, 2))) else None
    certain = True
    for frame in frames(statement, bounds):
        players, outcomes = len(frame.shape), len(frame.outcomes)
        if (players, outcomes) > size[:2]:
            break
        if (players, outcomes) != size[:2] or sum(frame.constants) > size[2]:
            continue
        exhausted = False
        for scenario in itertools.islice(_fillings(frame, statement, notes), LOOK):
            if scenario is None:
                exhausted = True
                break
            try:
                other = confirmed(statement, scenario)
            except (Rejected, InputError):
                certain = False
                continue
            if equals(other):
                return True
        certain = certain and exhausted
    return False if certain and not notes else None


def size_of(refutation: Mapping[str, Any]) -> Size:
    """Return how large a counterexample is, as numbers that are compared in this order."""
    body = refutation[refutation["kind"]]
    if refutation["kind"] == "programs":
        scenario = read_scenario(body)
        defaults = sum(map(len, scenario.defaults))
        return (scenario.game.number_of_players, scenario.game.number_of_outcomes, defaults)
    if "game" in body:
        game: Game = read_game(body["game"])
        return (game.number_of_players, game.number_of_outcomes)
    if "corners" in body:
        return (len(body["corners"][0]), len(body["corners"]))
    return (body["players"], len(body["payoffs"]))


def _fillings(frame: Frame, statement: Statement, notes: list[str]) -> Iterator[Scenario | None]:
    """Iterate over a frame's scenarios, no two with the same payoffs up to scales; then None."""
    question = question_of(frame, statement, notes)
    told = len(notes)
    different: list[Any] = []
    while question is not False:
        model = ask(frame, conjunction([question, *different]), notes)
        if model is None:
            break
        yield frame.scenario(model)
        different.append(_differs(frame, model))
    if len(notes) == told:
        yield None


def _differs(frame: Frame, model: Model) -> Any:
    """Return that the unknowns differ from a solution by more than the players' scales."""
    parts = [
        variable != model.get(name, False)
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
