"""Recomputing a stated violation of a claim, outcome by outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from spi_verify.errors import InputError, Rejected, located
from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.games.game import Payoffs
from spi_verify.games.rationals import LONG, parse_rational
from spi_verify.models.decide import Violation
from spi_verify.models.document import (
    Claim,
    EfficientClaim,
    FunctionClaim,
    MixtureReference,
    PmmClaim,
    PmpClaim,
    SetClaim,
    convert,
)
from spi_verify.models.model import Instance
from spi_verify.models.references import (
    check_references,
    claimed_segment,
    ends_of,
    positions,
    profile,
)
from spi_verify.models.story import profile_text, shown, texts, texts_shown
from spi_verify.models.violations import SCHEMAS


def confirm(claim: Claim, instance: Instance, violation: Violation) -> None:
    """Recompute a stated violation of a claim, exactly, outcome by outcome.

    Raises
    ------
    Rejected
        When the violation is not one, or a number in it is wrong.
    InputError
        When it names something that does not exist or lacks a key.
    """
    if isinstance(claim, SetClaim):
        from spi_verify.models.sets.confirm import CONFIRM, violations_of
        from spi_verify.models.sets.functions import sets_of
        from spi_verify.models.sets.references import check_references as check_set_references

        check_set_references(claim, sets_of(instance))
        expected: tuple[str, ...] = violations_of(claim)
    else:
        check_references(claim, instance)
        expected = _violations(claim, instance)
    violates = violation.get("violates")
    if violates not in expected:
        raise InputError(
            f"this claim of kind {claim.kind} can be violated by {' or '.join(expected)}, "
            f"not by {violates!r}",
            where="violation.violates",
        )
    with located(where="violation"):
        convert(violation, SCHEMAS[violates])
        if isinstance(claim, SetClaim):
            CONFIRM[violates](claim, instance, violation)
        else:
            _CONFIRM[violates](claim, instance, violation)


def _violations(claim: Claim, instance: Instance) -> tuple[str, ...]:
    """Return what a claim can be violated by."""
    match claim.kind:
        case "renegotiation-function" | "spi":
            return ("loss", "no-gain")
        case "individually-rational-to-pmm":
            return ("below-pmm",)
        case "efficient":
            return ("inefficient", "efficient-left-out")
        case "pmm":
            return ("pmm",)
    return ("pmp-segment",) if instance.correlated else ("pmp-outsider", "pmp-left-out")


def _confirm_loss(claim: FunctionClaim, instance: Instance, violation: Violation) -> None:
    before, after, i = _recomputed_move(claim, instance, violation)
    _same(violation, "before", before[i])
    _same(violation, "after", after[i])
    if not after[i] < before[i]:
        raise Rejected(f"player {i + 1} does not lose: {after[i]} is not less than {before[i]}")


def _confirm_no_gain(claim: FunctionClaim, instance: Instance, violation: Violation) -> None:
    images = instance.images(claim.function)
    everywhere = claim.kind == "renegotiation-function"
    looked_at = len(images) if everywhere else int(instance.reachable.sum())
    if violation["outcomes"] != looked_at:
        raise Rejected(f"there are {looked_at} outcomes to look at, not {violation['outcomes']}")
    for k in range(instance.points.count):
        if not everywhere and not instance.reachable[k]:
            continue
        before, after = instance.payoffs(k), instance.payoffs(int(images[k]))
        for i, (b, a) in enumerate(zip(before, after, strict=True)):
            if a > b:
                raise Rejected(
                    f"player {i + 1} gains at {shown(instance.points.reference(k))}: {a} > {b}"
                )


def _confirm_below_pmm(claim: FunctionClaim, instance: Instance, violation: Violation) -> None:
    _, after, i = _recomputed_move(claim, instance, violation)
    minimum = instance.feasible.pareto_meet_minimum[i]
    _same(violation, "after", after[i])
    _same(violation, "pmm", minimum)
    if not after[i] < minimum:
        raise Rejected(f"player {i + 1} gets {after[i]}, no less than the PMM {minimum}")


def _confirm_inefficient(claim: EfficientClaim, instance: Instance, violation: Violation) -> None:
    k, payoffs = _stated_outcome(instance, violation)
    if k not in positions(claim.outcomes, instance):
        raise Rejected("the claim does not list this outcome")
    lottery: dict[int, Fraction] = {}
    for part in violation["dominated_by"]:
        position = instance.game.index(part["outcome"])
        lottery[position] = lottery.get(position, Fraction(0)) + parse_rational(
            str(part["weight"]), max_digits=LONG
        )
    if min(lottery.values(), default=Fraction(0)) <= 0 or sum(lottery.values()) != 1:
        raise Rejected("the weights of the dominating outcome are no probabilities")
    if len(lottery) > 1 and not instance.correlated:
        raise Rejected("a lottery is not feasible without correlated play")
    better = tuple(
        sum((w * instance.payoffs(p)[i] for p, w in lottery.items()), Fraction(0))
        for i in range(len(payoffs))
    )
    if not (all(b >= u for b, u in zip(better, payoffs, strict=True)) and better != payoffs):
        raise Rejected(f"{profile_text(better)} does not dominate {profile_text(payoffs)}")


def _confirm_efficient(claim: EfficientClaim, instance: Instance, violation: Violation) -> None:
    k, payoffs = _stated_outcome(instance, violation)
    if k in positions(claim.outcomes, instance):
        raise Rejected("the claim lists this outcome")
    if not instance.feasible.is_efficient(payoffs):
        raise Rejected(f"{profile_text(payoffs)} is not efficient")


def _confirm_pmm(claim: PmmClaim, instance: Instance, violation: Violation) -> None:
    i = _player(instance, violation)
    claimed = profile(claim.payoffs, instance.game.number_of_players, "payoffs")[i]
    actual = instance.feasible.pareto_meet_minimum[i]
    _same(violation, "claimed", claimed)
    _same(violation, "actual", actual)
    k = instance.game.index(violation["attained_by"])
    if not instance.feasible.is_efficient(instance.payoffs(k)):
        raise Rejected("the outcome that is said to attain the PMM is not efficient")
    if instance.payoffs(k)[i] != actual:
        raise Rejected("the outcome that is said to attain the PMM does not")
    if claimed == actual:
        raise Rejected(f"player {i + 1}'s PMM is what the claim says, {actual}")


def _confirm_pmp_member(claim: PmpClaim, instance: Instance, violation: Violation) -> None:
    k, payoffs = _stated_outcome(instance, violation)
    projected = instance.payoffs(instance.points.position(claim.outcome))
    minimum = instance.feasible.pareto_meet_minimum
    levels = [max(a, u) for a, u in zip(projected, minimum, strict=True)]
    inside = all(
        u >= level if j == claim.player - 1 else u == level
        for j, (u, level) in enumerate(zip(payoffs, levels, strict=True))
    )
    listed = k in positions(claim.outcomes or [], instance)
    if inside == listed:
        raise Rejected("the claim is right about this outcome")
    if inside != (violation["violates"] == "pmp-left-out"):
        raise Rejected("the outcome is on the other side of the projection")


def _confirm_pmp_segment(claim: PmpClaim, instance: Instance, violation: Violation) -> None:
    feasible = instance.feasible
    assert isinstance(feasible, CorrelatedPlay)
    projected = instance.payoffs(instance.points.position(claim.outcome))
    actual = ends_of(feasible.pareto_meet_projection(claim.player, projected))
    if [texts(end) for end in actual] != violation["actual"]:
        raise Rejected(f"the projection is {[texts(end) for end in actual]}")
    if claimed_segment(claim, instance.game.number_of_players) == actual:
        raise Rejected("the projection is what the claim says")


_CONFIRM: Mapping[str, Callable[[Any, Instance, Violation], None]] = {
    "loss": _confirm_loss,
    "no-gain": _confirm_no_gain,
    "below-pmm": _confirm_below_pmm,
    "inefficient": _confirm_inefficient,
    "efficient-left-out": _confirm_efficient,
    "pmm": _confirm_pmm,
    "pmp-outsider": _confirm_pmp_member,
    "pmp-left-out": _confirm_pmp_member,
    "pmp-segment": _confirm_pmp_segment,
}


def _recomputed_move(
    claim: FunctionClaim, instance: Instance, violation: Violation
) -> tuple[Payoffs, Payoffs, int]:
    k = _position(violation, "outcome", instance)
    stated = _position(violation, "image", instance)
    image = int(instance.images(claim.function)[k])
    if image != stated:
        raise Rejected(
            f"{claim.function} sends {shown(violation['outcome'])} to "
            f"{shown(instance.points.reference(image))}, not to {shown(violation['image'])}"
        )
    if claim.kind != "renegotiation-function" and not instance.reachable[k]:
        raise Rejected(f"default programs cannot reach {shown(violation['outcome'])}")
    return instance.payoffs(k), instance.payoffs(image), _player(instance, violation)


def _stated_outcome(instance: Instance, violation: Violation) -> tuple[int, Payoffs]:
    k = instance.game.index(violation["outcome"])
    payoffs = instance.payoffs(k)
    if texts(payoffs) != violation["payoffs"]:
        raise Rejected(
            f"{shown(violation['outcome'])} pays {profile_text(payoffs)}, "
            f"not {texts_shown(violation['payoffs'])}"
        )
    return k, payoffs


def _player(instance: Instance, violation: Violation) -> int:
    player = violation["player"]
    if not 1 <= player <= instance.game.number_of_players:
        raise InputError(f"there is no player {player}", where="player")
    return int(player) - 1


def _same(violation: Violation, key: str, actual: Fraction) -> None:
    stated = violation[key]
    if stated != str(actual):
        raise Rejected(f"the file says {key} = {stated}, recomputed it is {actual}")


def _position(violation: Violation, key: str, instance: Instance) -> int:
    reference = violation[key]
    if isinstance(reference, Mapping):
        reference = MixtureReference(reference["mixture"])
    with located(where=key):
        return instance.points.position(reference)
