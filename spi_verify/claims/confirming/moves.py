"""Recomputing what a renegotiation function does, outcome by outcome."""

from __future__ import annotations

from spi_verify.claims.confirming.stated import require_same, stated_player, stated_position
from spi_verify.claims.instance import Instance, Mask
from spi_verify.claims.kind import Violation
from spi_verify.claims.words import shown
from spi_verify.errors import Rejected
from spi_verify.games.game import Payoffs


def confirm_loss(function: str, instance: Instance, among: Mask, v: Violation) -> None:
    """Recompute that somebody gets less by a function, at one of some outcomes."""
    before, after = recomputed_move(function, instance, among, v)
    i = stated_player(instance, v)
    require_same(v, "before", before[i - 1])
    require_same(v, "after", after[i - 1])
    if not after[i - 1] < before[i - 1]:
        raise Rejected(f"player {i} does not lose: {after[i - 1]} is not less than {before[i - 1]}")


def confirm_no_gain(function: str, instance: Instance, among: Mask, v: Violation) -> None:
    """Recompute that nobody gets more by a function, at any of some outcomes."""
    images, looked_at = instance.images(function), int(among.sum())
    if v["outcomes"] != looked_at:
        raise Rejected(f"there are {looked_at} outcomes to look at, not {v['outcomes']}")
    for k in range(instance.points.count):
        if not among[k]:
            continue
        before, after = instance.payoffs(k), instance.payoffs(int(images[k]))
        for i, (b, a) in enumerate(zip(before, after, strict=True), start=1):
            if a > b:
                raise Rejected(
                    f"player {i} gains at {shown(instance.points.reference(k))}: {a} > {b}"
                )


def recomputed_move(
    function: str, instance: Instance, among: Mask, v: Violation
) -> tuple[Payoffs, Payoffs]:
    """Return what a stated outcome, one of some, and its stated image pay."""
    k = stated_position(instance, v)
    stated = stated_position(instance, v, "image")
    image = int(instance.images(function)[k])
    if image != stated:
        raise Rejected(
            f"{function} sends {shown(v['outcome'])} to "
            f"{shown(instance.points.reference(image))}, not to {shown(v['image'])}"
        )
    if not among[k]:
        raise Rejected(f"default programs cannot reach {shown(v['outcome'])}")
    return instance.payoffs(k), instance.payoffs(image)
