"""Counterexamples about set-valued renegotiation in the payoff plane, like Figures 2 to 4."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from spi_verify.errors import InputError
from spi_verify.games.game import Payoffs
from spi_verify.games.regions import Region
from spi_verify.models.document import MixtureReference
from spi_verify.models.model import Instance
from spi_verify.models.reader import build_model
from spi_verify.programs.running.base_games import CorrelatedBase
from spi_verify.reports.figures import Panel, Plane, draw

MAX_PANELS = 4


def plot_counterexample(data: Mapping[str, Any], file: Path) -> bool:
    """Draw the sets, the selected points and the PMP segment of a counterexample.

    Parameters
    ----------
    data
        A counterexample to a claim of a model file, as ``check --save`` writes it.
    file
        Where to write; the ending says the format.

    Returns
    -------
    bool
        False where nothing is drawn, because the claim is not about sets of two players' payoffs
        at some outcome.
    """
    model = build_model(data["model"], file=str(file), name="picture")
    if model.parameters[0] or model.points.game.number_of_players != 2:
        return False
    instance = model.instance()
    panels = _panels(data["claim"], data["violation"], instance)
    if not panels:
        return False
    try:
        draw(panels, file, _plane(instance))
    except OSError as error:
        raise InputError(f"cannot write it: {error.strerror}", file=str(file)) from None
    return True


def _plane(instance: Instance) -> Plane:
    game = instance.game
    minimum = instance.feasible.pareto_meet_minimum
    if instance.correlated:
        return Plane(CorrelatedBase(game).everything, minimum)
    everything = (game.payoffs(k) for k in range(game.number_of_outcomes))
    return Plane(Region.points(everything), minimum)


def _panels(claim: Mapping[str, Any], v: Mapping[str, Any], instance: Instance) -> list[Panel]:
    match v["violates"]:
        case "worse-offer":
            offered = [(_paid(v["offered"], instance), "offered")]
            return [Panel(f"{claim['function']} offers a loss", {}, [_from(v, instance)], offered)]
        case "agreement-left-out" | "agreement-outsider":
            star = [(_paid(v["point"], instance), v["violates"].replace("agreement-", ""))]
            return [_run(v, instance, claim["profile"], star)]
        case "selected" | "renegotiated-loss":
            return [_run(v, instance, claim["profile"])]
        case "not-preferred" | "weights":
            return [
                _run(
                    row,
                    instance,
                    f"{claim['function']} against {row['profile']}",
                    [(_paid(row["selected_with_other"], instance), f"with {claim['over']}")],
                )
                for row in v["believed"][:MAX_PANELS]
            ]
        case "extension-hurts":
            extended = {**v}
            for key in ("sets", "agreement", "selected"):
                extended[key] = v[f"extended_{key}"]
            segment = _projection(claim["player"], _paid(v["selected"], instance), instance)
            return [
                _run(v, instance, v["profile"], projection=segment),
                _run(extended, instance, "with the PMP-extension", projection=segment),
            ]
        case "extension-punished":
            star = [(_paid(v["point"], instance), v["change"])]
            allowed = (claim["player"], _region(v["allowed"], instance))
            return [
                Panel(title, {v["player"]: _region(v[key], instance)}, start, star, (), allowed)
                for start in [[_from(v, instance)]]
                for title, key in ((v["profile"], "before"), ("with the PMP-extension", "after"))
            ]
    return []


def _run(
    v: Mapping[str, Any],
    instance: Instance,
    title: str,
    stars: Sequence[tuple[Payoffs, str]] = (),
    projection: tuple[int, Region] | None = None,
) -> Panel:
    sets = {j: _region(data, instance) for j, data in enumerate(v["sets"], start=1)}
    default, selected = _from(v, instance), _paid(v["selected"], instance)
    points = [default, (selected, "selected")]
    if default[0] == selected:
        points = [(selected, "default, selected")]
    return Panel(title, sets, points, stars, (), projection)


def _projection(player: int, payoffs: Payoffs, instance: Instance) -> tuple[int, Region] | None:
    if not instance.correlated:
        return None
    return player, CorrelatedBase(instance.game).pareto_meet_projection(player, payoffs)


def _from(v: Mapping[str, Any], instance: Instance) -> tuple[Payoffs, str]:
    reference = v["outcome"]
    if isinstance(reference, Mapping):
        reference = MixtureReference(reference["mixture"])
    return instance.payoffs(instance.points.position(reference)), "default"


def _paid(data: Sequence[str], instance: Instance) -> Payoffs:
    if instance.correlated:
        return tuple(map(Fraction, data))
    return instance.game.payoffs(tuple(data))


def _region(data: Sequence[Any], instance: Instance) -> Region:
    if not instance.correlated:
        return Region.points(instance.game.payoffs(tuple(outcome)) for outcome in data)
    region = Region()
    for piece in data:
        region = region | Region.polygon([tuple(map(Fraction, corner)) for corner in piece])
    return region
