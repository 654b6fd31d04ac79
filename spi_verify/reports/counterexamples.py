"""Counterexamples about set-valued renegotiation in the payoff plane, like Figures 2 to 4."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from spi_verify.claims.counterexample import parameter_values
from spi_verify.claims.instance import Instance
from spi_verify.claims.reader import build_model
from spi_verify.claims.registry import convert_claim
from spi_verify.files import writing
from spi_verify.games.regions import Region
from spi_verify.programs.running.base_games import CorrelatedBase
from spi_verify.reports.figures import Plane, draw
from spi_verify.reports.region_plot import plot_region


def plot_counterexample(data: Mapping[str, Any], file: Path) -> bool:
    """Draw the sets, the selected points and the PMP segment of a counterexample, or a region.

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
        at some outcome, and there are not two parameters.
    """
    model = build_model(data["model"], file=str(file), name="picture")
    claim = convert_claim(data["claim"])
    if len(model.parameters[0]) == 2:
        with writing(file):
            plot_region(model, claim, parameter_values(data, model), file)
        return True
    if model.parameters[0] or model.points.game.number_of_players != 2:
        return False
    instance = model.instance()
    panels = claim.panels(instance, data["violation"])
    if not panels:
        return False
    with writing(file):
        draw(panels, file, _plane(instance))
    return True


def _plane(instance: Instance) -> Plane:
    game = instance.game
    minimum = instance.feasible.pareto_meet_minimum
    if instance.correlated:
        return Plane(CorrelatedBase(game).everything, minimum)
    everything = (game.payoffs(k) for k in range(game.number_of_outcomes))
    return Plane(Region.points(everything), minimum)
