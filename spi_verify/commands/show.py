"""``spi-verify show``: what a game looks like to this program."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import click

from spi_verify.commands.options import (
    PATH,
    OneOf,
    file_option,
    json_option,
    picture_option,
    set_option,
)
from spi_verify.commands.output import console_for, say, write_json, write_text
from spi_verify.errors import InputError, located
from spi_verify.suggestions import suggestion

if TYPE_CHECKING:
    from fractions import Fraction

    from spi_verify.games import CorrelatedPlay, Game, PureOutcomes
    from spi_verify.games.expressions import Constraint
    from spi_verify.games.parametric import ParametricGame
    from spi_verify.reports.solved import Solved


class Feasible(StrEnum):
    """The feasible sets a game can have."""

    PURE = "pure"
    CORRELATED = "correlated"


@click.command
@click.argument(
    "files",
    metavar="MODEL|GAME [PROFILE...]",
    nargs=-1,
    required=True,
    type=PATH,
    help="A model or a game; after a negotiation's domain, each player's file.",
)
@click.option(
    "--feasible",
    type=OneOf(Feasible),
    help="The feasible set [default: the model's; pure for a game].",
)
@click.option("--outcome", metavar="A,B,...", help="The outcome to project: the players' actions.")
@set_option
@click.option(
    "--disagreement",
    metavar="NUMBER,...",
    help="What the players get without an agreement: adds bargaining solutions.",
)
@picture_option("--plot", "Draw the payoffs (.png, .svg, .pdf).")
@file_option("--frontier", "Write the efficient outcomes with payoffs (.csv).")
@json_option
def command(
    files: tuple[Path, ...],
    feasible: Feasible | None,
    outcome: str | None,
    values: tuple[str, ...],
    disagreement: str | None,
    plot: Path | None,
    frontier: Path | None,
    json: str | None,
) -> None:
    """Show feasible set, efficient outcomes, PMM and each outcome's PMP."""
    from spi_verify.reports.description import describe, print_description

    shown = feasible_set(files, feasible, values)
    chosen = None if outcome is None else _position(shown.game, outcome)
    solved = _solved(shown, disagreement)
    description = describe(shown, None if chosen is None else [chosen], solved)
    console = console_for(json)
    print_description(description, console)
    write_json(description, json)
    if frontier is not None:
        from spi_verify.reports.frontier import frontier_table

        write_text(frontier, frontier_table(shown), said="wrote")
    if plot is not None:
        from spi_verify.reports.plots import plot_game

        profile = None if chosen is None else shown.game.payoffs(chosen)
        label = "" if chosen is None else f"({', '.join(shown.game.outcome(chosen))})"
        plot_game(shown, plot, outcome=profile, outcome_label=label, solved=solved)
        say(f"wrote {plot}")


def feasible_set(
    files: Sequence[Path], feasible: Feasible | None, values: Sequence[str]
) -> PureOutcomes | CorrelatedPlay:
    """Read a model or a game; raises InputError where that cannot be done."""
    from spi_verify.commands.games import game_file
    from spi_verify.games import CorrelatedPlay, PureOutcomes

    read = game_file(*files)
    with located(file=str(files[0])):
        game = _game(files[0], read.game, values)
    correlated = read.correlated if feasible is None else feasible is Feasible.CORRELATED
    return CorrelatedPlay(game) if correlated else PureOutcomes(game)


def _game(file: Path, game: Game | ParametricGame, values: Sequence[str]) -> Game:
    from spi_verify.games.parametric import ParametricGame

    if isinstance(game, ParametricGame):
        return game.at(_values(game.parameters, game.constraints, values))
    if values and file.suffix != ".toml":
        raise InputError(f"a {file.suffix} file has no parameters to set")
    _values((), (), values)
    return game


def _values(
    names: tuple[str, ...], constraints: tuple[Constraint, ...], texts: Sequence[str]
) -> dict[str, Fraction]:
    from spi_verify.games.rationals import parse_rational

    values = {}
    for text in texts:
        name, equals, number = text.partition("=")
        if not equals:
            raise InputError(f"--set {text!r}: write NAME=NUMBER")
        if name not in names:
            raise InputError(
                f"--set {text}: there is no parameter {name!r}{suggestion(name, names)}"
            )
        with located(where="--set"):
            values[name] = parse_rational(number)
    missing = [name for name in names if name not in values]
    if missing:
        raise InputError(f"the payoffs depend on {', '.join(missing)}: add --set {missing[0]}=1")
    violated = next((c for c in constraints if not c.holds(values)), None)
    if violated is not None:
        raise InputError(f"these values violate the constraint {violated}")
    return values


def _solved(feasible: PureOutcomes | CorrelatedPlay, text: str | None) -> Solved | None:
    """Return the bargaining solutions for a disagreement point, or that of a negotiation."""
    from spi_verify.games.agreements import AgreementGame
    from spi_verify.games.rationals import parse_rational
    from spi_verify.games.solution_points import solution
    from spi_verify.games.solutions import NAMES, Rule
    from spi_verify.reports.solved import Solved

    if text is not None:
        with located(where="--disagreement"):
            point = tuple(map(parse_rational, text.split(",")))
            solutions = [solution(feasible, Rule(name), point) for name in NAMES]
    elif isinstance(feasible.game, AgreementGame):
        point = feasible.game.disagreement
        solutions = [solution(feasible, Rule(name), point) for name in NAMES]
    else:
        return None
    return Solved(point, solutions)


def _position(game: Game, text: str) -> int:
    import csv

    try:
        actions = next(csv.reader([text], skipinitialspace=True), [])
    except csv.Error as error:
        raise InputError(f"{text!r} is no list of actions: {error}", where="--outcome") from None
    with located(where="--outcome"):
        return game.index(actions)
