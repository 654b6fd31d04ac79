"""The payoffs of a counterexample as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spi_verify.counterexamples.bimatrix import player
from spi_verify.counterexamples.drawing import NOBODY
from spi_verify.errors import InputError
from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.games.game import Game
from spi_verify.reports.portrait import drawing_of

MOST = 64
"""Of more outcomes no table is made."""


@dataclass(frozen=True)
class PayoffTable:
    """A table of payoffs.

    Parameters
    ----------
    head
        The first row; of a game of two players, who chooses the row and the actions of player 2.
    rows
        The others, each with what it is about first.
    caption
        What the table shows.
    columns
        Who chooses the column, in a game of two players.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str
    columns: str = ""


def payoff_table(refutation: Mapping[str, Any]) -> PayoffTable | None:
    """Return the payoffs of a saved counterexample; None where it has none, or too many.

    Parameters
    ----------
    refutation
        As :func:`spi_verify.reports.portrait.portrait` takes it.
    """
    try:
        drawn = drawing_of(refutation)
    except (InputError, LookupError, TypeError, ValueError, AttributeError, RecursionError):
        return None
    if drawn is None or drawn.feasible.game.number_of_outcomes > MOST:
        return None
    mixed = "; all lotteries are feasible" if isinstance(drawn.feasible, CorrelatedPlay) else ""
    return _table(drawn.feasible.game, mixed)


def _table(game: Game, mixed: str) -> PayoffTable:
    called = [player(game, i) for i in range(game.number_of_players)]
    rows, *others = game.axes
    if len(others) != 1 or others[0] == NOBODY:
        listed = (
            (_label(game, outcome), *map(str, game.payoffs(k)))
            for k, outcome in enumerate(game.outcomes())
        )
        return PayoffTable(("outcome", *called), tuple(listed), f"Payoffs{mixed}.")
    columns = others[0]
    cells = tuple(
        (row, *(", ".join(map(str, game.payoffs((row, column)))) for column in columns))
        for row in rows
    )
    caption = f"Payoffs of {called[0]}, {called[1]}{mixed}."
    return PayoffTable((called[0], *columns), cells, caption, called[1])


def _label(game: Game, outcome: Sequence[str]) -> str:
    """Return what an outcome is called; points have a name of their own."""
    if all(axis == NOBODY for axis in game.axes[1:]):
        return outcome[0]
    return f"({', '.join(outcome)})"
