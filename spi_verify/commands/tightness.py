"""``spi-verify tightness``: an equilibrium that ends a little above the PMM (Proposition 5)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.exceptions import Exit

from spi_verify.commands.options import (
    PATH,
    Count,
    file_option,
    json_option,
    picture_option,
    set_option,
    told_options,
)
from spi_verify.commands.output import (
    complain,
    console_for,
    say,
    write_json,
    write_text,
    write_told,
)
from spi_verify.commands.show import Feasible, feasible_set
from spi_verify.errors import InputError, interruptible, located

if TYPE_CHECKING:
    from fractions import Fraction

    from spi_verify.games.game import Game
    from spi_verify.programs.tightness import Obstacle, Tightness


@click.command
@click.argument("file", metavar="MODEL|GAME", type=PATH, help="A model or a game.")
@click.option("--rounds", metavar="K", type=Count(), required=True, help="How many rounds.")
@click.option("--delta", metavar="D", required=True, help="How far above the PMM at most.")
@click.option(
    "--as-printed",
    "printed",
    is_flag=True,
    help="Show where the paper's own construction fails.",
)
@set_option
@file_option("--save", "Write it as a file for replay (JSON).")
@picture_option("--plot", "Draw the path (.png, .svg, .pdf).")
@json_option
@told_options
def command(
    file: Path,
    rounds: int,
    delta: str,
    printed: bool,
    values: tuple[str, ...],
    save: Path | None,
    plot: Path | None,
    json: str | None,
    markdown: Path | None,
    latex: Path | None,
) -> None:
    """Construct an equilibrium of iterated renegotiation that ends a little above the PMM.

    Every round improves strictly for everybody, nobody ends more than D above the PMM, and
    everybody's program is optimal against their beliefs (Proposition 5). Play is correlated.
    Exits with 3 where the game does not meet the hypotheses, and says which one.
    """
    from json import dumps

    from spi_verify.counterexamples.iterated.tight import build, require_size
    from spi_verify.games.rationals import parse_rational
    from spi_verify.programs.tightness import Obstacle
    from spi_verify.reports.results_report import written
    from spi_verify.reports.tightness import (
        describe,
        print_obstacle,
        print_tightness,
        tightness_report,
    )

    with located(where="--delta"):
        most = parse_rational(delta)
        if most <= 0:
            raise InputError("Delta is a positive number")
    game = feasible_set([file], Feasible.CORRELATED, values).game
    with located(file=str(file)):
        _require_actions(game)
        require_size(game, rounds)
        found = _constructed(game, rounds, most)
    console = console_for(json)
    document: dict[str, Any]
    if isinstance(found, Obstacle):
        print_obstacle(found, console)
        document, code = describe(found, str(file)), 3
    else:
        print_tightness(found, console)
        document, code = describe(found, str(file)), 0 if found.holds else 1
        if save is not None:
            text = dumps(build(found), indent=2, ensure_ascii=False) + "\n"
            write_text(save, text, said="wrote")
        if plot is not None:
            from spi_verify.reports.path_plot import plot_path

            plot_path(found, plot)
            say(f"wrote {plot}")
    better = None
    if printed:
        from spi_verify.counterexamples.iterated.printed import as_printed
        from spi_verify.reports.tightness import print_as_printed

        better = as_printed(game, rounds, most)
        print_as_printed(game, better, console)
        document["as_printed"] = better
    write_json(document, json)
    blocks = list(tightness_report(found, game, better))
    write_told(markdown, latex, lambda _, as_latex: written(blocks, as_latex=as_latex))
    raise Exit(code)


def _constructed(game: Game, rounds: int, most: Fraction) -> Tightness | Obstacle:
    """Construct and execute it, and show on a terminal how far that is."""
    from spi_verify.commands.progress import Progress
    from spi_verify.programs.tightness import tightness

    progress = Progress("rounds executed", rounds)
    now = ""

    def told(what: str, done: int) -> None:
        nonlocal now
        progress.running(now, False)
        now = what
        progress.running(now, True)
        progress.reached(done)

    try:
        with interruptible(), progress.shown():
            return tightness(game, rounds, most, told=told)
    except KeyboardInterrupt:
        complain("interrupted; a construction is whole or nothing, and fewer --rounds take less")
        raise


def _require_actions(game: Game) -> None:
    from spi_verify.games.agreements import AgreementGame

    if isinstance(game, AgreementGame):
        raise InputError("programs play games given by actions, not by issues")
