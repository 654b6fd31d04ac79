"""A game as an HTML table, for notebooks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spi_verify.games.game import Game

MAX_CELLS = 400
"""So many outcomes are shown; of a larger game only its size."""


def game_table(game: Game) -> str:
    """Return a table of the payoffs: a matrix for two players, else a row for each outcome.

    Parameters
    ----------
    game
        Any game; names in it are shown as they are, whatever they hold.
    """
    title = f"<caption>{escape(game.title)}</caption>" if game.title else ""
    if game.number_of_outcomes > MAX_CELLS:
        sizes = " x ".join(map(str, game.shape))
        return f"<p>{escape(game.title)} {sizes} actions, too many to show</p>"
    rows = _matrix(game) if game.number_of_players == 2 else _list(game)
    return f"<table>{title}{''.join(rows)}</table>"


def _matrix(game: Game) -> Iterator[str]:
    corner = " \\ ".join(game.players)
    rows, columns = game.actions
    yield _row([corner, *columns], heads=len(columns) + 1)
    for row in rows:
        yield _row([row, *(_profile(game, (row, column)) for column in columns)], heads=1)


def _list(game: Game) -> Iterator[str]:
    yield _row([*game.players, "payoffs"], heads=game.number_of_players + 1)
    for outcome in game.outcomes():
        yield _row([*outcome, _profile(game, outcome)], heads=game.number_of_players)


def _row(cells: Sequence[str], *, heads: int) -> str:
    tags = ["th"] * heads + ["td"] * (len(cells) - heads)
    shown = (f"<{t}>{escape(cell)}</{t}>" for t, cell in zip(tags, cells, strict=True))
    return f"<tr>{''.join(shown)}</tr>"


def _profile(game: Game, outcome: Sequence[str]) -> str:
    return ", ".join(map(str, game.payoffs(outcome)))
