"""A game as an HTML table, for notebooks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from math import prod

MAX_CELLS = 400
"""So many outcomes are shown; of a larger game only its size."""


@dataclass(frozen=True)
class Table:
    """What a table of a game shows; names are shown as they are, whatever they hold.

    Parameters
    ----------
    title
        That of the game.
    heads, axes
        What outcomes are made of: the players and their actions, or issues and their values.
    outcomes
        All outcomes in their order; one that is no combination of the axes has one name.
    payoffs
        Returns the payoff profile of an outcome.
    """

    title: str
    heads: tuple[str, ...]
    axes: tuple[tuple[str, ...], ...]
    outcomes: Iterable[tuple[str, ...]]
    payoffs: Callable[[Sequence[str]], tuple[Fraction, ...]]

    def html(self, *, matrix: bool) -> str:
        """Return a matrix of two axes, or a row for each outcome."""
        title = f"<caption>{escape(self.title)}</caption>" if self.title else ""
        if prod(map(len, self.axes)) > MAX_CELLS:
            sizes = " x ".join(str(len(names)) for names in self.axes)
            return f"<p>{escape(self.title)} {sizes} actions, too many to show</p>"
        rows = self._matrix() if matrix else self._list()
        return f"<table>{title}{''.join(rows)}</table>"

    def _matrix(self) -> Iterator[str]:
        rows, columns = self.axes
        yield _row([" \\ ".join(self.heads), *columns], heads=len(columns) + 1)
        for row in rows:
            yield _row([row, *(self._profile((row, column)) for column in columns)], heads=1)

    def _list(self) -> Iterator[str]:
        width = len(self.heads)
        yield _row([*self.heads, "payoffs"], heads=width + 1)
        for outcome in self.outcomes:
            names = [*outcome, *[""] * (width - len(outcome))]
            yield _row([*names, self._profile(outcome)], heads=width)

    def _profile(self, outcome: Sequence[str]) -> str:
        return ", ".join(map(str, self.payoffs(outcome)))


def _row(cells: Sequence[str], *, heads: int) -> str:
    tags = ["th"] * heads + ["td"] * (len(cells) - heads)
    shown = (f"<{t}>{escape(cell)}</{t}>" for t, cell in zip(tags, cells, strict=True))
    return f"<tr>{''.join(shown)}</tr>"
