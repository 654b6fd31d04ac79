"""A game as the lines of a story: a bimatrix, or for more players a line for each outcome."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spi_verify.games.game import Game, Payoffs
from spi_verify.games.rationals import format_profile

ROWS = 16
"""So many rows, and columns or outcomes, are told; a larger game is in the file."""

INDENT = "  "
"""What every line of a table begins with, and no other line of a story."""

COLUMN = " | "


def player(game: Game, i: int) -> str:
    """Return what a player is called, who is numbered from 0: by name, where there is one.

    Examples
    --------
    >>> game = Game.from_payoffs([[(1, 1)]], players=["Ann", "Player 2"])
    >>> player(game, 0), player(game, 1)
    ('Ann', 'player 2')
    """
    name = str(game.players[i])
    return f"player {i + 1}" if name == f"Player {i + 1}" else name


def by_name(game: Game, told: str) -> str:
    """Return text in which players who have names of their own go by them.

    Examples
    --------
    >>> game = Game.from_payoffs([[(1, 1)]], players=["Ann", "Player 2"])
    >>> by_name(game, "Player 1 expects player 2 to use p_2")
    'Ann expects player 2 to use p_2'
    """

    def called(one: re.Match[str]) -> str:
        i = int(one[1]) - 1
        if i >= game.number_of_players or game.players[i] == f"Player {i + 1}":
            return one[0]
        return str(game.players[i])

    return re.sub(r"\b[Pp]layer ([1-9]\d*)\b", called, told)


def game_lines(game: Game, least: Payoffs, *, correlated: bool) -> Iterator[str]:
    """Yield what a game is, its payoffs as aligned lines, and its PMM.

    Parameters
    ----------
    game
        The game.
    least
        Its PMM.
    correlated
        Whether players can agree on lotteries.
    """
    called = [player(game, i) for i in range(game.number_of_players)]
    mixed = ", and all lotteries over outcomes are feasible (told by what they pay)"
    rows = _rows(game, called)
    told = f"In this game {_who(game, called)}{mixed if correlated else ''}"
    if rows is None:
        yield f"{told}; the payoffs of the {game.number_of_outcomes} outcomes are in the file."
    else:
        yield f"{told}:"
        yield from _aligned(rows)
    yield f"The least that each gets in an efficient outcome: PMM = {format_profile(least)}."


def _who(game: Game, called: Sequence[str]) -> str:
    if len(called) != 2:
        choosing = [name for name, own in zip(called, game.axes, strict=True) if len(own) > 1]
        only = f", of whom only {choosing[0]} has a choice" if len(choosing) == 1 else ""
        return f"there are {len(called)} players{only}"
    rows, columns = (len(own) > 1 for own in game.axes)
    if rows and columns:
        return f"{called[0]} chooses the row and {called[1]} the column"
    if not (rows or columns):
        return "nobody has a choice"
    parts = ("chooses the row", "has no choice") if rows else ("has no choice", "the column")
    return f"{called[0]} {parts[0]} and {called[1]} {'' if rows else 'chooses '}{parts[1]}"


def _rows(game: Game, called: Sequence[str]) -> list[list[str]] | None:
    """Return the table, its heading first; None where it would be too large."""
    if len(called) == 2:
        one, other = game.axes
        if max(len(one), len(other)) > ROWS:
            return None
        cells = [[", ".join(map(str, game.payoffs((a, b)))) for b in other] for a in one]
        return [["", *other], *([a, *row] for a, row in zip(one, cells, strict=True))]
    if game.number_of_outcomes > ROWS:
        return None
    paid = ([f"({', '.join(a)})", *map(str, game.payoffs(a))] for a in game.outcomes())
    return [["outcome", *called], *paid]


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *cells in rows:
        told = [one.center(width) for one, width in zip(cells, widths[1:], strict=True)]
        yield f"{INDENT}{COLUMN.join([first.ljust(widths[0]), *told])}".rstrip()
