"""What players offer at an outcome, and what they agree on, in a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from spi_verify.counterexamples.drawing import Offers
from spi_verify.games.game import Payoffs
from spi_verify.reports.looks import PLAYERS, POINT

_ALPHA = 0.3
_WIDTH = 15


def draw_offers(ax: Any, offers: Offers, at: Callable[[Iterable[Payoffs]], Any]) -> None:
    """Draw a broad band along everything that a player offers, and a star where all agree.

    Parameters
    ----------
    ax
        Where.
    offers
        What is offered.
    at
        Where payoff profiles are shown.
    """
    for player, pieces in enumerate(offers.offered):
        for piece in pieces:
            _band(ax, at(piece), player)
    for piece in offers.agreed:
        points = at(piece)
        look: dict[str, Any] = {"linestyle": "none" if len(piece) == 1 else "solid"}
        ax.plot(*points.T, zorder=7.2, **POINT["agreed"] | look | {"linewidth": 1})


def _band(ax: Any, points: Any, player: int) -> None:
    colour, zorder = PLAYERS[player], 2.2 + player / 10
    if len(points) == 1:
        size = _WIDTH + 7 * player
        look = {"marker": "o", "markersize": size, "markeredgecolor": "none"}
        ax.plot(*points.T, linestyle="none", color=colour, alpha=_ALPHA, zorder=zorder, **look)
    elif len(points) == 2:
        look = {"linewidth": _WIDTH, "solid_capstyle": "round"}
        ax.plot(*points.T, color=colour, alpha=_ALPHA, zorder=zorder, **look)
    else:
        ax.fill(*points.T, color=colour, alpha=_ALPHA, linewidth=0, zorder=zorder)


def offers_in_legend(offers: Offers) -> list[tuple[Any, str]]:
    """Return what bands and stars mean."""
    from matplotlib.lines import Line2D

    entries: list[tuple[Any, str]] = []
    for player, pieces in enumerate(offers.offered):
        band = {"color": PLAYERS[player], "alpha": _ALPHA, "linewidth": 10}
        look = band if pieces else {"linestyle": "none"}
        entries.append(
            (Line2D([], [], **look), f"offered by {offers.players[player]}{_empty(pieces)}")
        )
    look = {"linestyle": "none", **(POINT["agreed"] if offers.agreed else {})}
    entries.append((Line2D([], [], **look), f"agreed on{_empty(offers.agreed)}"))
    return entries


def _empty(pieces: Any) -> str:
    return "" if pieces else ": nothing"
