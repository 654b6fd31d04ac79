"""The payoffs of a counterexample as a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from spi_verify.errors import InputError
from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.games.game import Game
from spi_verify.games.rationals import format_profile
from spi_verify.reports.portrait import drawing_of

MOST = 64
"""Of more outcomes no table is made."""


@dataclass(frozen=True)
class PayoffTable:
    """A table of payoffs.

    Parameters
    ----------
    head
        The first row; of a game of two players, the actions of player 2.
    rows
        The others, each with what it is about first.
    caption
        What the table shows.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str


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
    mixed = "; everything can be mixed" if isinstance(drawn.feasible, CorrelatedPlay) else ""
    return _table(drawn.feasible.game, mixed)


def _table(game: Game, mixed: str) -> PayoffTable:
    rows, *others = game.axes
    if len(others) != 1 or len(others[0]) == 1:
        listed = (
            (", ".join(outcome), format_profile(game.payoffs(k)))
            for k, outcome in enumerate(game.outcomes())
        )
        return PayoffTable(("outcome", "payoffs"), tuple(listed), f"Payoffs{mixed}.")
    columns = others[0]
    cells = tuple(
        (row, *(format_profile(game.payoffs((row, column))) for column in columns)) for row in rows
    )
    caption = f"Payoffs: rows are actions of player 1, columns of player 2{mixed}."
    return PayoffTable(("", *columns), cells, caption)
