"""Looking at what a renegotiation function does at every outcome."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from spi_verify.claims.instance import Instance, Mask, Positions
from spi_verify.games.renegotiation import Change, OutcomeMap, find_gain, find_loss


def loss(function: str, instance: Instance, among: Mask) -> dict[str, Any] | None:
    """Return where somebody gets less by a function, among some outcomes, or None."""
    images = instance.images(function)
    change = _first_change(instance, images, among, find_loss, operator.lt)
    if change is None:
        return None
    k, i, before, after = change
    return moved("loss", instance, k, function) | {
        "player": i,
        "before": str(before),
        "after": str(after),
    }


def no_gain(function: str, instance: Instance, among: Mask) -> dict[str, Any] | None:
    """Return that nobody gets more by a function, among some outcomes, or None."""
    images = instance.images(function)
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


def moved(violates: str, instance: Instance, k: int, function: str) -> dict[str, Any]:
    """Return the start of a violation: an outcome and its image."""
    image = int(instance.images(function)[k])
    return {
        "violates": violates,
        "outcome": instance.points.reference(k),
        "image": instance.points.reference(image),
    }
