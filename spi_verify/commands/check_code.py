"""``spi-verify check-code``: check a Python function of the user's, exhaustively, on one game."""

from __future__ import annotations

import time
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.exceptions import Exit

from spi_verify.commands.called import Called, UserError, called
from spi_verify.commands.options import NAME_OR_PATH, PATH, OneOf, json_option
from spi_verify.commands.output import console_for, write_json
from spi_verify.errors import InputError

if TYPE_CHECKING:
    from spi_verify.games import Game, Outcome
    from spi_verify.verdicts import Result


class Property(StrEnum):
    """What a function can be checked for: kinds of claims of model files, or a selection."""

    RENEGOTIATION_FUNCTION = "renegotiation-function"
    SPI = "spi"
    INDIVIDUALLY_RATIONAL_TO_PMM = "individually-rational-to-pmm"
    SELECTION_TRANSITIVE = "selection-transitive"


@click.command
@click.argument(
    "function",
    metavar="MODULE:FUNCTION|FILE.py:FUNCTION",
    type=NAME_OR_PATH,
    help="Your function. It is run.",
)
@click.option(
    "--game",
    metavar="FILE",
    type=PATH,
    required=True,
    help="A game, or a model file without parameters.",
)
@click.option(
    "--property",
    type=OneOf(Property),
    default=Property.RENEGOTIATION_FUNCTION,
    help="What to check. For selection-transitive the function gets a frozenset of outcomes, "
    "else an outcome; it returns an outcome. An outcome is a tuple of names.",
)
@json_option
def command(function: str, game: Path, property: Property, json: str | None) -> None:
    """Run your Python function on everything in a finite game and check what it returns.

    This imports and runs your code, from the current folder or from what is installed, in a process
    of its own.
    """
    from dataclasses import replace

    from spi_verify.reports.console import print_report
    from spi_verify.verdicts import Report, Result, Verdict

    console = console_for(json)
    data, read_game = _read(game)
    console.print(f"running {function}, which is your code, on {game}")
    console.print()
    started = time.perf_counter()
    id = f"{function}/{property}"
    try:
        with called(function) as user_function:
            if property is Property.SELECTION_TRANSITIVE:
                result = _check_selection(id, user_function, read_game)
            else:
                result = _check_table(id, user_function, data, read_game, property)
    except UserError as error:
        result = Result(id, Verdict.ERROR, reason=str(error))
    report = Report([replace(result, seconds=time.perf_counter() - started)])
    print_report(report, console)
    write_json(report.to_json({}), json)
    raise Exit(report.exit_code)


def _read(path: Path) -> tuple[dict[str, Any], Game]:
    """Return the data of a model without functions and claims, and its game."""
    from spi_verify.commands.games import one_game

    read, file = one_game(path, wanted="code is checked on one game")
    return dict(file.setting), read


def _check_table(
    id: str, function: Called, data: dict[str, Any], game: Game, kind: Property
) -> Result:
    """Tabulate a function on outcomes and check the table as a claim of a model."""
    from dataclasses import replace

    from spi_verify.claims.check import check_model
    from spi_verify.claims.reader import build_model

    name = id.removesuffix(f"/{kind}").rpartition(":")[2]
    images = {outcome: _outcome(function, outcome, game) for outcome in game.outcomes()}
    for outcome, image in images.items():
        if _outcome(function, outcome, game) != image:
            raise UserError(f"{name} returns different outcomes for the same {_shown(outcome)}")
    rules = [{"from": list(a), "to": list(b)} for a, b in images.items() if a != b]
    claim = {"kind": str(kind), "function": name}
    table = {"game": _table(game), "renegotiation": {name: rules}, "claims": [claim]}
    model = build_model({**data, **table}, file=id, name=id)
    (result,) = check_model(model)
    return replace(result, id=id)


def _check_selection(id: str, function: Called, game: Game) -> Result:
    from spi_verify.programs.deciding.checking import TooManyCasesError, check_selection
    from spi_verify.verdicts import Evidence, Result, Verdict

    def chosen(outcomes: frozenset[Outcome]) -> Outcome:
        members = sorted(outcomes)
        shown = f"{{{', '.join(sorted(map(_shown, members)))}}}"
        choice, again = (function({"set": members}, shown) for _ in range(2))
        if choice != again:
            raise UserError(f"it returns different outcomes for the same set {shown}")
        return choice

    try:
        violation = check_selection(chosen, game)
    except TooManyCasesError as error:
        return Result(id, Verdict.UNKNOWN, reason=error.what)
    if violation is None:
        return Result(id, Verdict.PROVED, Evidence.CHECKED)
    return Result(id, Verdict.REFUTED, Evidence.CHECKED, reason=str(violation))


def _outcome(function: Called, outcome: Outcome, game: Game) -> Outcome:
    image = function({"outcome": outcome}, _shown(outcome))
    try:
        game.index(image)
    except InputError as error:
        raise UserError(f"for {_shown(outcome)} it returns {image!r}: {error.what}") from None
    return image


def _table(game: Game) -> dict[str, Any]:
    from spi_verify.games.game import payoff_table

    return {
        "players": list(game.players),
        "actions": [list(names) for names in game.actions],
        "payoffs": payoff_table(game),
    }


def _shown(outcome: Sequence[str]) -> str:
    return f"({', '.join(outcome)})"
