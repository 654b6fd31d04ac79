"""A counterexample's payoffs as a picture to put into a page."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from spi_verify.counterexamples.programs.scenario import read_scenario
from spi_verify.errors import InputError
from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.games.expressions import parse_linear
from spi_verify.games.game import Game
from spi_verify.games.pure import PureOutcomes
from spi_verify.games.rationals import parse_rational
from spi_verify.programs.running.base_games import PureBase
from spi_verify.programs.running.execution import ProgramGame
from spi_verify.reports.plots import plot_game


def portrait(refutation: Mapping[str, Any], prefix: str) -> str | None:
    """Return an SVG element with the payoffs of a saved counterexample, or None.

    Parameters
    ----------
    refutation
        A counterexample as :func:`spi_verify.counterexamples.file.build` makes it, or to a claim of
        a model.
    prefix
        What the ids inside the picture start with, so that several fit on one page.

    Returns
    -------
    str or None
        None where the counterexample has no game that can be drawn: more than three players, or
        payoffs too far apart.
    """
    try:
        body = _body(refutation)
        if not isinstance(body, Mapping):
            return None
        feasible, projected = _feasible(body), _projected(refutation, body)
    except (InputError, LookupError, TypeError, ValueError, AttributeError, RecursionError):
        return None
    if feasible is None or feasible.game.number_of_players not in (2, 3):
        return None
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "portrait.svg"
        try:
            plot_game(feasible, file, outcome=projected)
        except InputError:
            return None
        return _embedded(file.read_text(encoding="utf-8"), prefix, _described(feasible))


def _body(refutation: Mapping[str, Any]) -> Any:
    """Return what holds the payoffs; those of a model with the values of its parameters."""
    if "model" not in refutation:
        return refutation.get(str(refutation.get("kind")))
    model = refutation["model"]
    values = {name: parse_rational(text) for name, text in refutation.get("values", {}).items()}

    def at(cell: Any) -> Any:
        if isinstance(cell, list):
            return [at(part) for part in cell]
        return parse_linear(str(cell), values).at(values)

    return {**model, "game": {**model["game"], "payoffs": at(model["game"]["payoffs"])}}


def plot_refutation(refutation: Mapping[str, Any], file: Path) -> None:
    """Draw the payoffs of a counterexample, and what its default outcome projects to.

    Parameters
    ----------
    refutation
        A counterexample as :func:`spi_verify.counterexamples.file.build` makes it.
    file
        Ends in .svg, .png or .pdf.

    Raises
    ------
    InputError
        When it has no payoffs to draw, or the file cannot be written.
    """
    body = refutation[str(refutation["kind"])]
    feasible = _feasible(body)
    if feasible is None:
        raise InputError(f"a counterexample to {refutation['statement']} has no payoffs to draw")
    outcome = _projected(refutation, body)
    plot_game(
        feasible, file, outcome=outcome, outcome_label="" if outcome is None else "default outcome"
    )


def _feasible(body: Mapping[str, Any]) -> PureOutcomes | CorrelatedPlay | None:
    """Read off what is feasible: in a game, in a polytope, or among some named outcomes."""
    if "game" in body:
        game = body["game"]
        table = Game.from_payoffs(
            _numbers(game["payoffs"]), players=game.get("players"), actions=game.get("actions")
        )
        return (
            CorrelatedPlay(table)
            if "correlated" in (body.get("play"), body.get("feasible"))
            else PureOutcomes(table)
        )
    if "corners" in body:
        return CorrelatedPlay(_one_row_each(body["corners"], None))
    if isinstance(body.get("payoffs"), Mapping):
        named = body["payoffs"]
        return PureOutcomes(_one_row_each(list(named.values()), list(named)))
    return None


def _projected(refutation: Mapping[str, Any], body: Mapping[str, Any]) -> Any:
    """Return the payoffs of the outcome that a counterexample starts from, if there is one."""
    if "point" in body and _of_projections(refutation):
        return tuple(map(Fraction, _numbers(body["point"])))
    if refutation.get("kind") == "programs" and ("equilibrium" in body or "functions" in body):
        scenario = read_scenario(body)
        programs = scenario.equilibrium or tuple(some[0] for some in scenario.defaults)
        defaults = (getattr(program, "default", program) for program in programs)
        return ProgramGame(PureBase(scenario.game)).utilities(defaults)
    return None


def _of_projections(refutation: Mapping[str, Any]) -> bool:
    """Whether what is refuted is that projections have points, whatever that is called."""
    from spi_verify.counterexamples.file import read_claimed
    from spi_verify.counterexamples.polytopes.confirming import NONEMPTY
    from spi_verify.counterexamples.statements.claimed import statement_of
    from spi_verify.counterexamples.statements.labels import goal_of

    try:
        return goal_of(statement_of(read_claimed(refutation))) == NONEMPTY
    except InputError:
        return False


def _one_row_each(profiles: Sequence[Any], names: Sequence[str] | None) -> Game:
    """Return a game in which player 1 chooses among payoff profiles and nobody else acts."""
    table = []
    for profile in profiles:
        cell = _numbers(profile)
        for _ in profile[1:]:
            cell = [cell]
        table.append(cell)
    rows = list(names or (str(k) for k in range(1, len(profiles) + 1)))
    return Game.from_payoffs(table, actions=[rows, *([["-"]] * (len(profiles[0]) - 1))])


def _numbers(cell: Any) -> Any:
    if isinstance(cell, list | tuple):
        return [_numbers(part) for part in cell]
    return cell if isinstance(cell, int | Fraction) else parse_rational(str(cell))


def _described(feasible: PureOutcomes | CorrelatedPlay) -> str:
    game = feasible.game
    kind = "Feasible set" if isinstance(feasible, CorrelatedPlay) else "Pure outcomes"
    least = ", ".join(map(str, feasible.pareto_meet_minimum))
    return f"{kind} of a game of {game.number_of_players} players; the PMM is ({least})"


def _embedded(svg: str, prefix: str, description: str) -> str:
    """Return the svg element alone, with a text for those who cannot see it."""
    svg = svg[svg.index("<svg") :].rstrip()
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(\sid="|href="#|url\(#)', rf"\g<1>{prefix}-", svg)
    head, rest = svg.split(">", 1)
    head = re.sub(r'\s(width|height)="[^"]*"', "", head)
    return f'{head} role="img" aria-label="{description}">{rest}'
