"""``spi-verify improve``: find what representatives can safely be told to play instead."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.exceptions import Exit

from spi_verify.commands.options import PATH, file_option, json_option, told_options
from spi_verify.commands.output import (
    complain,
    console_for,
    write_json,
    write_text,
    write_told,
)
from spi_verify.errors import InputError, interruptible, located

if TYPE_CHECKING:
    from spi_verify.games import Game


_AGAIN = "the same command begins anew; --unilateral PLAYER searches less"


@click.command
@click.argument("file", metavar="MODEL|GAME", type=PATH, help="A model or a game.")
@click.option(
    "--unilateral",
    metavar="PLAYER",
    help="Only this player, a number from 1 or a name, gives one.",
)
@click.option("--strict", is_flag=True, help="Only what is strictly better at some outcome.")
@click.option(
    "--all", "every", is_flag=True, help="Also those on which another one is an improvement."
)
@click.option("--tokens", is_flag=True, help="Also what can be agreed for tokens: any lottery.")
@file_option("--write", "Write a model file with claims that check decides.")
@json_option
@told_options
def command(
    file: Path,
    unilateral: str | None,
    strict: bool,
    every: bool,
    tokens: bool,
    write: Path | None,
    json: str | None,
    markdown: Path | None,
    latex: Path | None,
) -> None:
    """Find safe improvements on a game that representatives play, or that there is none.

    Exits with 0 if one is found, or none and the search was exhausted; with 3 if none is found and
    the search stopped at its limit.
    """
    from spi_verify.commands.games import one_game
    from spi_verify.commands.progress import Progress
    from spi_verify.delegation.improving import improve
    from spi_verify.delegation.injections import MAX_NODES
    from spi_verify.delegation.tokens import find_tokens
    from spi_verify.reports.improvements import (
        as_data,
        as_model,
        improvements_report,
        print_improvements,
    )
    from spi_verify.reports.results_report import written
    from spi_verify.reports.tokens import print_tokens, tokens_as_data, tokens_report

    if tokens and unilateral is not None:
        raise InputError("tokens need everybody's agreement", where="--tokens")
    game, _ = one_game(file, wanted="give them numbers")
    player = None if unilateral is None else _player(game, unilateral, file)
    with located(file=str(file)):
        progress = Progress("nodes of the search for safe improvements", MAX_NODES)
        try:
            with interruptible(), progress.shown():
                found = improve(
                    game, unilateral=player, strict=strict, every=every, told=progress.reached
                )
        except KeyboardInterrupt:
            complain(f"interrupted before anything was found; {_AGAIN}")
            raise
        gains = find_tokens(game) if tokens and not found.interrupted else None
    console = console_for(json)
    print_improvements(found, console, unilateral=player, strict=strict)
    data = as_data(found, unilateral=player, strict=strict, every=every)
    if gains is not None:
        console.print()
        print_tokens(gains, console)
        data["tokens"] = tokens_as_data(gains)
    write_json(data, json)
    blocks = [*improvements_report(found, unilateral=player, strict=strict)]
    blocks += [] if gains is None else tokens_report(gains)
    write_told(markdown, latex, lambda _, as_latex: written(blocks, as_latex=as_latex))
    if write is not None:
        write_text(write, as_model(found, gains or ()), said="wrote")
    if found.interrupted:
        searched = f"after {found.nodes:,} of at most {MAX_NODES:,} nodes"
        complain(f"interrupted {searched}; {_AGAIN}")
        raise Exit(130)
    raise Exit(0 if found.found or found.complete else 3)


def _player(game: Game, named: str, file: Path) -> int:
    """Return the player of a number, or of a name."""
    if named in game.players and list(game.players).count(named) == 1:
        return game.players.index(named) + 1
    if named.isascii() and named.isdigit() and 1 <= int(named[:9]) <= len(game.players):
        return int(named)
    known = [f"{number} ({name})" for number, name in enumerate(game.players, 1)]
    hint = ", ".join(known)
    what = f"there is no player {named}; there are: {hint}"
    raise InputError(what, file=str(file), where="--unilateral")
