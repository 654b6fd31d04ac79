"""The payoffs of a counterexample as a table."""

from __future__ import annotations

from dataclasses import dataclass

from spi_verify.counterexamples.bimatrix import aligned, is_bimatrix, player, table
from spi_verify.counterexamples.drawing import Drawing
from spi_verify.games.correlated import CorrelatedPlay


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
    lines
        The same as it stands in a story.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str
    columns: str = ""
    lines: tuple[str, ...] = ()


def payoff_table(drawn: Drawing | None) -> PayoffTable | None:
    """Return the payoffs of a counterexample; None where it has none, or too many.

    Parameters
    ----------
    drawn
        As :func:`spi_verify.reports.portrait.drawing_of` returns it.
    """
    rows = None if drawn is None else table(drawn.feasible.game)
    if drawn is None or rows is None:
        return None
    mixed = "; all lotteries are feasible" if isinstance(drawn.feasible, CorrelatedPlay) else ""
    game, lines = drawn.feasible.game, tuple(aligned(rows))
    (corner, *heads), *rest = rows
    cells = tuple(map(tuple, rest))
    if not is_bimatrix(game):
        return PayoffTable((corner, *heads), cells, f"Payoffs{mixed}.", lines=lines)
    one, other = player(game, 0), player(game, 1)
    return PayoffTable((one, *heads), cells, f"Payoffs of {one}, {other}{mixed}.", other, lines)
