"""A game as the lines of a story: a bimatrix, or for more players a line for each outcome."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spi_verify.counterexamples.drawing import NOBODY
from spi_verify.games.game import Game, Outcome, Payoffs
from spi_verify.games.rationals import format_profile
from spi_verify.text import shortened

MOST = 64
"""The payoffs of so many outcomes are told; a larger game is in the file."""

INDENT = "  "
"""What every line of a table begins with."""

COLUMN = " | "

_PLAYER = re.compile(r"\b[Pp]layer ([1-9]\d*)\b")


def player(game: Game, i: int) -> str:
    """Return what a player is called, who is numbered from 0: by name, where there is one.

    A name that is another player's number is none.

    Examples
    --------
    >>> game = Game.from_payoffs([[(1, 1)]], players=["Ann", "Player 2"])
    >>> player(game, 0), player(game, 1)
    ('Ann', 'player 2')
    """
    name = str(game.players[i])
    return f"player {i + 1}" if _PLAYER.search(name) else name


def by_name(game: Game, told: str) -> str:
    """Return text in which players who have names of their own go by them.

    Names of actions, and programs' texts between quotation marks, stay as they are.

    Examples
    --------
    >>> game = Game.from_payoffs([[(1, 1)]], players=["Ann", "Player 2"])
    >>> by_name(game, "Player 1 expects player 2 to use p_2")
    'Ann expects player 2 to use p_2'
    """
    actions = {str(one) for axis in game.axes for one in axis if _PLAYER.search(str(one))}
    kept = [r'"(?:[^"\\]|\\.)*"', *map(re.escape, sorted(actions, key=len, reverse=True))]

    def called(one: re.Match[str]) -> str:
        i = int(one[1]) - 1 if one[1] else game.number_of_players
        if i >= game.number_of_players or _PLAYER.search(str(game.players[i])):
            return one[0]
        return player(game, i)

    return re.sub(f"{'|'.join(kept)}|{_PLAYER.pattern}", called, told)


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
    mixed = ", and all lotteries over outcomes are feasible, written as their expected payoffs"
    rows = table(game)
    told = f"In this game {_who(game, called)}{mixed if correlated else ''}"
    if rows is None:
        yield f"{told}; the payoffs of the {game.number_of_outcomes} outcomes are in the file."
    else:
        yield f"{told}:"
        yield from aligned(rows)
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


def is_bimatrix(game: Game) -> bool:
    """Return whether a game is told in rows and columns, and not outcome by outcome."""
    return game.number_of_players == 2 and game.axes[1] != NOBODY


def table(game: Game) -> list[list[str]] | None:
    """Return the payoffs of a game, a heading first; None where there are more than ``MOST``.

    The rows are the actions of the first of two players; or the outcomes, which for payoff
    profiles that nobody else chooses among are their names.
    """
    if game.number_of_outcomes > MOST:
        return None
    if is_bimatrix(game):
        one, other = game.axes
        cells = [[", ".join(map(str, game.payoffs((a, b)))) for b in other] for a in one]
        return [["", *other], *([a, *row] for a, row in zip(one, cells, strict=True))]
    called = [player(game, i) for i in range(game.number_of_players)]
    paid = ([outcome_name(a, game), *map(str, game.payoffs(a))] for a in game.outcomes())
    return [["outcome", *called], *paid]


def outcome_name(outcome: Outcome, game: Game, room: int | None = None) -> str:
    """Return what an outcome is called: a payoff profile that nobody else chooses by its name.

    Parameters
    ----------
    outcome, game
        The outcome, and its game.
    room
        For each action so many letters at most; None: as many as it has.
    """
    told = [one if room is None else shortened(one, room) for one in outcome]
    profiles = len(told) > 1 and all(axis == NOBODY for axis in game.axes[1:])
    return told[0] if profiles else f"({', '.join(told)})"


def aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield a table as lines of a story."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *cells in rows:
        told = [one.center(width) for one, width in zip(cells, widths[1:], strict=True)]
        yield f"{INDENT}{COLUMN.join([first.ljust(widths[0]), *told])}".rstrip()
