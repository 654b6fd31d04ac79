"""A picture of the path of iterated renegotiation, drawn with matplotlib."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path
from typing import Any

from spi_verify.errors import InputError
from spi_verify.games.correlated import planar_hull
from spi_verify.programs.tightness import Tightness
from spi_verify.reports.plots import ENDINGS
from spi_verify.text import shortened

_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
_MARKERS = (">", "^", "s", "D", "v", "o")
_DASHES = ("solid", "dashed", "dotted")


def plot_path(found: Tightness, file: Path) -> None:
    """Draw the path in the payoff plane, and everybody's gain above the PMM round by round.

    With more than two players the plane is that of players 1 and 2. Gains are drawn in units of
    Delta, so that a path too short to be seen in the plane can be seen there.

    Parameters
    ----------
    found
        A construction.
    file
        Where to write; the ending .png, .svg or .pdf says the format.

    Raises
    ------
    InputError
        For another ending, payoffs too large to be drawn, and when the file cannot be written.
    """
    ending = file.suffix.lower()
    if ending not in ENDINGS:
        raise InputError(
            f"a picture cannot be written as {ending or 'a file without an ending'}; "
            f"use one of {', '.join(ENDINGS)}",
            file=str(file),
        )
    try:
        data = _render(found, ending)
    except OverflowError:
        raise InputError("the payoffs are too large to be drawn", file=str(file)) from None
    try:
        file.write_bytes(data)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"the picture cannot be written: {reason}", file=str(file)) from None


def gains(found: Tightness) -> list[list[Fraction]]:
    """Return for each player (u_i - u_i^PMM) / Delta_i at the start and after each round."""
    pmm = found.game.base.pareto_meet_minimum
    return [
        [(payoffs[i] - least) / (most - least) for payoffs in found.path]
        for i, (least, most) in enumerate(zip(pmm, found.ceiling, strict=True))
    ]


def _render(found: Tightness, ending: str) -> bytes:
    from matplotlib import style
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    settings = {"svg.hashsalt": "spi-verify", "svg.fonttype": "none", "axes.unicode_minus": False}
    with style.context(["default", settings]):
        figure = Figure(figsize=(11, 5), dpi=120, layout="constrained")
        FigureCanvasAgg(figure)
        figure.suptitle(shortened(found.game.base.game.title, 80).replace("$", r"\$"))
        plane, rounds = figure.subplots(1, 2)
        _draw_plane(plane, found)
        _draw_gains(rounds, found)
        buffer = io.BytesIO()
        figure.savefig(buffer, format=ending[1:], metadata=ENDINGS[ending])
    return buffer.getvalue()


def _draw_plane(ax: Any, found: Tightness) -> None:
    game = found.game.base.game
    profiles = {game.payoffs(k)[:2] for k in range(game.number_of_outcomes)}
    hull = [(float(x), float(y)) for x, y in planar_hull(sorted(profiles))]
    ax.fill(*zip(*hull, strict=True), facecolor="#E9EDF2", edgecolor="#8A939E", label="feasible")
    ax.plot(*_columns(sorted(profiles)), "o", color="white", markeredgecolor="#555555")
    pmm = [float(u) for u in found.game.base.pareto_meet_minimum[:2]]
    look = {"markersize": 11, "color": "none", "markeredgecolor": "#AA3377", "markeredgewidth": 2}
    ax.plot(*([u] for u in pmm), "D", label="PMM", **look)
    path = [payoffs[:2] for payoffs in found.path]
    ax.plot(*_columns(path), "-", marker=".", color="black", label="path")
    ax.plot(*_columns(path[:1]), "X", color="black", markersize=9, label="default outcome")
    ax.set_xlabel("player 1's payoff")
    ax.set_ylabel("player 2's payoff")
    ax.legend(fontsize=9, frameon=False)


def _draw_gains(ax: Any, found: Tightness) -> None:
    every = max(1, len(found.path) // 20)
    for i, values in enumerate(gains(found)):
        after = [float(value) for value in values[1:]]
        ax.plot(
            range(1, len(values)),
            after,
            color=_COLOURS[i % len(_COLOURS)],
            linestyle=_DASHES[i % len(_DASHES)],
            marker=_MARKERS[i % len(_MARKERS)],
            markevery=(i % every, every),
            label=f"player {i + 1}",
        )
    ax.axhline(1, color="#AA3377", linestyle="dashdot", linewidth=1.1, label="PMM + Delta")
    ax.set_ylim(bottom=0)
    ax.set_xlabel("round")
    ax.set_ylabel("payoff above the PMM, in units of Delta")
    ax.legend(fontsize=9, frameon=False)


def _columns(points: list[Any]) -> tuple[list[float], list[float]]:
    return [float(x) for x, _ in points], [float(y) for _, y in points]
