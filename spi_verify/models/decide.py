"""Deciding claims about a game without parameters by exhaustive exact evaluation."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.games.pure import PureOutcomes
from spi_verify.games.renegotiation import Change, OutcomeMap, find_gain, find_loss
from spi_verify.models.document import (
    Claim,
    EfficientClaim,
    FunctionClaim,
    PmmClaim,
    PmpClaim,
)
from spi_verify.models.model import Instance, Mask, Positions
from spi_verify.models.references import (
    check_references,
    claimed_segment,
    ends_of,
    positions,
    profile,
)
from spi_verify.models.story import texts

Violation = Mapping[str, Any]
"""Plain data that says how a claim fails; ``"violates"`` names what is violated."""


def decide(claim: Claim, instance: Instance) -> Violation | None:
    """Return how a claim fails, or None if it holds.

    Every outcome is looked at, and all arithmetic is exact. The first violation in row-major
    order is returned.

    Raises
    ------
    InputError
        As :func:`check_references`.
    """
    check_references(claim, instance)
    match claim:
        case FunctionClaim(kind="renegotiation-function"):
            everything = np.ones(instance.points.count, dtype=bool)
            return _loss(claim, instance, everything) or _no_gain(claim, instance, everything)
        case FunctionClaim(kind="spi"):
            return _loss(claim, instance, instance.reachable) or _no_gain(
                claim, instance, instance.reachable
            )
        case FunctionClaim():
            return _below_pmm(claim, instance)
        case EfficientClaim():
            return _wrong_efficient(claim, instance)
        case PmmClaim():
            return _wrong_pmm(claim, instance)
        case PmpClaim():
            return _wrong_pmp(claim, instance)
    raise AssertionError(claim)


def _loss(claim: FunctionClaim, instance: Instance, among: Mask) -> Violation | None:
    images = instance.images(claim.function)
    moved = _first_change(instance, images, among, find_loss, operator.lt)
    if moved is None:
        return None
    k, i, before, after = moved
    return _moved("loss", instance, k, claim.function) | {
        "player": i,
        "before": str(before),
        "after": str(after),
    }


def _no_gain(claim: FunctionClaim, instance: Instance, among: Mask) -> Violation | None:
    images = instance.images(claim.function)
    if _first_change(instance, images, among, find_gain, operator.gt) is not None:
        return None
    return {"violates": "no-gain", "outcomes": int(np.count_nonzero(among))}


def _first_change(
    instance: Instance,
    images: Positions,
    among: Mask,
    find: Callable[[OutcomeMap, Mask], Change | None],
    compare: Callable[[Fraction, Fraction], bool],
) -> tuple[int, int, Fraction, Fraction] | None:
    """Return the first outcome, player, payoff before and after with compare(after, before).

    Pure outcomes with pure images are compared at once, moves from and to mixtures one by one.
    """
    game, pure = instance.game, instance.game.number_of_outcomes
    mixed = (images >= pure) | (np.arange(len(images)) >= pure)
    between_pure = OutcomeMap(game, np.where(mixed, np.arange(len(images)), images)[:pure])
    found = find(between_pure, among[:pure])
    changes = []
    if found is not None:
        changes = [(game.index(found.outcome), found.player, found.before, found.after)]
    for k in np.flatnonzero(mixed & among):
        profiles = zip(instance.payoffs(int(k)), instance.payoffs(int(images[k])), strict=True)
        changes += [
            (int(k), i, before, after)
            for i, (before, after) in enumerate(profiles, 1)
            if compare(after, before)
        ]
    return min(changes, default=None)


def _below_pmm(claim: FunctionClaim, instance: Instance) -> Violation | None:
    images, feasible = instance.images(claim.function), instance.feasible
    minimum = feasible.pareto_meet_minimum
    high = np.zeros(instance.points.count, dtype=bool)
    if isinstance(feasible, PureOutcomes):
        high[feasible.pareto_meet] = True
    else:
        for k in np.unique(images[instance.reachable]):
            profile = zip(instance.payoffs(int(k)), minimum, strict=True)
            high[k] = all(u >= least for u, least in profile)
    low = np.flatnonzero(instance.reachable & ~high[images])
    if not len(low):
        return None
    k = int(low[0])
    after = instance.payoffs(int(images[k]))
    i = next(i for i, (a, u) in enumerate(zip(after, minimum, strict=True)) if a < u)
    return _moved("below-pmm", instance, k, claim.function) | {
        "player": i + 1,
        "after": str(after[i]),
        "pmm": str(minimum[i]),
    }


def _wrong_efficient(claim: EfficientClaim, instance: Instance) -> Violation | None:
    listed = set(positions(claim.outcomes, instance))
    efficient = set(map(int, instance.feasible.efficient))
    if wrong := sorted(listed - efficient):
        k = wrong[0]
        return {
            "violates": "inefficient",
            "outcome": instance.points.reference(k),
            "payoffs": texts(instance.payoffs(k)),
            "dominated_by": _dominating(instance, k),
        }
    if left_out := sorted(efficient - listed):
        k = left_out[0]
        return {
            "violates": "efficient-left-out",
            "outcome": instance.points.reference(k),
            "payoffs": texts(instance.payoffs(k)),
        }
    return None


def _wrong_pmm(claim: PmmClaim, instance: Instance) -> Violation | None:
    claimed = profile(claim.payoffs, instance.game.number_of_players, "payoffs")
    actual = instance.feasible.pareto_meet_minimum
    for i, (c, a) in enumerate(zip(claimed, actual, strict=True)):
        if c != a:
            k = next(
                int(k) for k in instance.feasible.efficient if instance.payoffs(int(k))[i] == a
            )
            return {
                "violates": "pmm",
                "player": i + 1,
                "claimed": str(c),
                "actual": str(a),
                "attained_by": instance.points.reference(k),
            }
    return None


def _wrong_pmp(claim: PmpClaim, instance: Instance) -> Violation | None:
    payoffs = instance.payoffs(instance.points.position(claim.outcome))
    feasible = instance.feasible
    if isinstance(feasible, CorrelatedPlay):
        actual = feasible.pareto_meet_projection(claim.player, payoffs)
        claimed = claimed_segment(claim, instance.game.number_of_players)
        if claimed == ends_of(actual):
            return None
        return {"violates": "pmp-segment", "actual": [texts(end) for end in ends_of(actual)]}
    members = set(map(int, feasible.pareto_meet_projection(claim.player, payoffs)))
    listed = set(positions(claim.outcomes or [], instance))
    for violates, wrong in (("pmp-outsider", listed - members), ("pmp-left-out", members - listed)):
        if wrong:
            k = min(wrong)
            return {
                "violates": violates,
                "outcome": instance.points.reference(k),
                "payoffs": texts(instance.payoffs(k)),
            }
    return None


def _moved(violates: str, instance: Instance, k: int, function: str) -> dict[str, Any]:
    image = int(instance.images(function)[k])
    return {
        "violates": violates,
        "outcome": instance.points.reference(k),
        "image": instance.points.reference(image),
    }


def _dominating(instance: Instance, k: int) -> list[dict[str, Any]]:
    feasible, payoffs = instance.feasible, instance.payoffs(k)
    if isinstance(feasible, PureOutcomes):
        better = next(
            int(e)
            for e in feasible.efficient
            if all(b >= u for b, u in zip(instance.payoffs(int(e)), payoffs, strict=True))
        )
        lottery = {better: Fraction(1)}
    else:
        lottery = feasible.dominating(payoffs) or {}
    return [{"outcome": instance.points.reference(p), "weight": str(w)} for p, w in lottery.items()]
