"""Counterexamples about sets of two players' payoffs, as what is to be drawn of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from spi_verify.claims.document import MixtureReference
from spi_verify.claims.instance import Instance
from spi_verify.games.game import Payoffs
from spi_verify.games.regions import Region
from spi_verify.programs.running.base_games import CorrelatedBase


@dataclass(frozen=True)
class Panel:
    """One payoff plane.

    Parameters
    ----------
    title
        Above it.
    sets
        For each player (1 or 2) a region to shade.
    points
        Black points with their labels.
    stars
        Starred points with their labels.
    arrows
        Pairs (from, to, player).
    projection
        A player and the region of that player's PMP.
    """

    title: str
    sets: dict[int, Region] = field(default_factory=dict)
    points: Sequence[tuple[Payoffs, str]] = ()
    stars: Sequence[tuple[Payoffs, str]] = ()
    arrows: Sequence[tuple[Payoffs, Payoffs, int]] = ()
    projection: tuple[int, Region] | None = None


def run_panel(
    v: Mapping[str, Any],
    instance: Instance,
    title: str,
    stars: Sequence[tuple[Payoffs, str]] = (),
    projection: tuple[int, Region] | None = None,
) -> Panel:
    """Return the stated sets, the default outcome and what is selected."""
    sets = {j: region_of(data, instance) for j, data in enumerate(v["sets"], start=1)}
    default, selected = default_of(v, instance), paid(v["selected"], instance)
    points = [default, (selected, "selected")]
    if default[0] == selected:
        points = [(selected, "default, selected")]
    return Panel(title, sets, points, stars, (), projection)


def projection_of(player: int, payoffs: Payoffs, instance: Instance) -> tuple[int, Region] | None:
    """Return a player's PMP of a payoff profile, where there are lotteries."""
    if not instance.correlated:
        return None
    return player, CorrelatedBase(instance.game).pareto_meet_projection(player, payoffs)


def default_of(v: Mapping[str, Any], instance: Instance) -> tuple[Payoffs, str]:
    """Return what the stated default outcome pays, with its label."""
    reference = v["outcome"]
    if isinstance(reference, Mapping):
        reference = MixtureReference(reference["mixture"])
    return instance.payoffs(instance.points.position(reference)), "default"


def paid(data: Sequence[str], instance: Instance) -> Payoffs:
    """Return what a stated outcome pays, or a stated point."""
    if instance.correlated:
        return tuple(map(Fraction, data))
    return instance.game.payoffs(tuple(data))


def region_of(data: Sequence[Any], instance: Instance) -> Region:
    """Return a stated set of outcomes, or union of polygons, as a region."""
    if not instance.correlated:
        return Region.points(instance.game.payoffs(tuple(outcome)) for outcome in data)
    region = Region()
    for piece in data:
        region = region | Region.polygon([tuple(map(Fraction, corner)) for corner in piece])
    return region
