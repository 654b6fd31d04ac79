"""How bargaining solutions are drawn in the payoff plane."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from spi_verify.games.game import Payoffs
from spi_verify.games.solution_points import Solution
from spi_verify.reports.looks import PLAYERS, POINT

_SOLUTIONS = tuple(zip(("*", "p", "h", "^"), PLAYERS, strict=False))


@dataclass(frozen=True)
class Solved:
    """A disagreement point, and what bargaining solutions choose.

    Parameters
    ----------
    disagreement
        What everybody gets without an agreement.
    solutions
        What each rule chooses.
    """

    disagreement: Payoffs
    solutions: Sequence[Solution]

    @property
    def points(self) -> list[Payoffs]:
        """The payoff profiles that are drawn."""
        chosen = (solution.payoffs for solution in self.solutions)
        return [self.disagreement, *(payoffs for payoffs in chosen if payoffs is not None)]

    def draw(self, ax: Any, at: Callable[[Payoffs], tuple[float, float]]) -> None:
        """Draw the points, each smaller than the one below it, so that all are seen."""
        _draw(ax, at(self.disagreement), POINT["disagreement"], 7)
        for k, solution in enumerate(self.solutions):
            if solution.payoffs is not None:
                _draw(ax, at(solution.payoffs), _look(k), 7.1 + k / 10)

    def legend(self, profile: Callable[[Payoffs], str]) -> list[tuple[Any, str]]:
        """Return the entries of a legend."""
        from matplotlib.lines import Line2D

        def entry(look: dict[str, Any], text: str) -> tuple[Any, str]:
            return Line2D([], [], **look | {"linestyle": "none", "markersize": 11}), text

        entries = [entry(POINT["disagreement"], f"disagreement {profile(self.disagreement)}")]
        for k, solution in enumerate(self.solutions):
            if solution.payoffs is None:
                text = f"{solution.rule}: {'not found' if solution.unknown else 'none'}"
                entries.append(entry({"marker": "none"}, text))
            else:
                entries.append(entry(_look(k), f"{solution.rule} {profile(solution.payoffs)}"))
        return entries


def _look(k: int) -> dict[str, Any]:
    marker, colour = _SOLUTIONS[k % len(_SOLUTIONS)]
    size = 17 - 3 * (k % len(_SOLUTIONS))
    return {"marker": marker, "color": colour, "markeredgecolor": "black", "markersize": size}


def _draw(ax: Any, place: tuple[float, float], look: dict[str, Any], zorder: float) -> None:
    ax.plot(*([value] for value in place), zorder=zorder, linestyle="none", **look)
