"""What claims name: outcomes, payoff profiles, segments, functions, players."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction

import msgspec

from spi_verify.errors import InputError, located
from spi_verify.games.correlated import Segment
from spi_verify.games.expressions import Linear, parse_linear
from spi_verify.games.game import Payoffs
from spi_verify.models.document import (
    Claim,
    EfficientClaim,
    FunctionClaim,
    PmmClaim,
    PmpClaim,
    SetClaim,
)
from spi_verify.models.model import Instance, Model
from spi_verify.models.reader import number

MAX_OUTCOMES = 100
"""The most outcomes, with parameters, for claims that compare every outcome with every other."""


def check_references(claim: Claim, instance: Instance) -> None:
    """Check that what a claim names exists.

    Raises
    ------
    InputError
        When it names an unknown function, outcome or player, or the wrong number of payoffs.
    """
    n = instance.game.number_of_players
    match claim:
        case FunctionClaim():
            if claim.function not in instance.rules:
                known = ", ".join(instance.rules)
                raise InputError(
                    f"unknown renegotiation function {claim.function!r} "
                    f"({'there are: ' + known if known else 'the file defines none'})",
                    where="function",
                )
        case EfficientClaim():
            positions(claim.outcomes, instance)
        case PmmClaim():
            profile(claim.payoffs, n, "payoffs")
        case PmpClaim():
            if not 1 <= claim.player <= n:
                raise InputError(f"there is no player {claim.player} (1 to {n})", where="player")
            with located(where="outcome"):
                instance.points.position(claim.outcome)
            key, other = ("segment", "outcomes") if instance.correlated else ("outcomes", "segment")
            if getattr(claim, key) is None or getattr(claim, other) is not None:
                feasible = "correlated play" if instance.correlated else "pure outcomes"
                raise InputError(f"with {feasible} a pmp claim has the key {key}, and not {other}")
            positions(claim.outcomes or [], instance)
            claimed_segment(claim, n)


def check_with_parameters(claim: Claim, model: Model) -> None:
    """Check that claims of a kind are decided for a model with parameters.

    Raises
    ------
    InputError
        When they are not.
    """
    if isinstance(claim, SetClaim):
        raise InputError("set-valued functions cannot be used with parameters")
    if isinstance(claim, FunctionClaim) and claim.kind in {"spi", "renegotiation-function"}:
        return
    if model.document.feasible == "correlated":
        raise InputError(
            f"claims of kind {claim.kind} about correlated play are decided without parameters "
            "only; fix the parameters"
        )
    outcomes = model.points.game.number_of_outcomes
    if outcomes > MAX_OUTCOMES:
        raise InputError(
            f"claims of kind {claim.kind} with parameters are decided up to {MAX_OUTCOMES} "
            f"outcomes, this game has {outcomes}"
        )


def positions(outcomes: Sequence[Sequence[str]], instance: Instance) -> list[int]:
    """Return the positions of a list of pure outcomes."""
    found = []
    for k, outcome in enumerate(outcomes):
        with located(where=f"outcomes[{k}]"):
            found.append(instance.game.index(outcome))
    return found


def profile(values: Sequence[int | str], n: int, where: str) -> Payoffs:
    """Read a payoff profile."""
    if len(values) != n:
        raise InputError(f"a payoff for each of the {n} players is needed", where=where)
    with located(where=where):
        return tuple(map(number, values))


def claimed_segment(claim: PmpClaim, n: int) -> tuple[Payoffs, ...]:
    """Return the ends of the claimed segment: none, one, or two in ascending order."""
    ends = {profile(end, n, f"segment[{k}]") for k, end in enumerate(claim.segment or [])}
    if len(ends) > 2:
        raise InputError("a segment has at most two ends", where="segment")
    return tuple(sorted(ends))


def ends_of(segment: Segment | None) -> tuple[Payoffs, ...]:
    """Return the ends of a segment: none, one, or two in ascending order."""
    return () if segment is None else tuple(sorted({segment.low, segment.high}))


def fixed(claim: Claim, values: Mapping[str, Fraction]) -> Claim:
    """Return a claim with numbers in the place of expressions in the parameters.

    Raises
    ------
    InputError
        When a payoff is no linear expression in the parameters.
    """
    if not values or not isinstance(claim, PmmClaim):
        return claim
    with located(where="payoffs"):
        numbers = [str(expression.at(values)) for expression in claimed_pmm(claim, values)]
    return msgspec.structs.replace(claim, payoffs=numbers)


def claimed_pmm(claim: PmmClaim, names: Collection[str]) -> list[Linear]:
    """Return the payoffs a ``pmm`` claim states, as linear expressions in the parameters."""
    return [
        Linear(Fraction(value)) if isinstance(value, int) else parse_linear(value, names)
        for value in claim.payoffs
    ]
