"""A picture of the path of iterated renegotiation, drawn with matplotlib."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path
from typing import Any

from spi_verify.errors import InputError
from spi_verify.games.correlated import planar_hull
from spi_verify.programs.tightness import Tightness
from spi_verify.reports.looks import DASHES, FEASIBLE, MARKERS, PLAYERS, PMM, POINT
from spi_verify.reports.plots import ENDINGS, axis_name, fit_as_ticks
from spi_verify.text import shortened


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
        figure = Figure(figsize=(12.5, 5), dpi=120, layout="constrained")
        FigureCanvasAgg(figure)
        figure.suptitle(shortened(found.game.base.game.title, 80).replace("$", r"\$"))
        plane, rounds = figure.subplots(1, 2)
        _draw_plane(plane, found)
        _draw_gains(rounds, found)
        for ax in (plane, rounds):
            ax.spines[["right", "top"]].set_visible(False)
        figure.legend(loc="outside right upper", fontsize=9, frameon=False)
        buffer = io.BytesIO()
        figure.savefig(buffer, format=ending[1:], metadata=ENDINGS[ending])
    return buffer.getvalue()


def _draw_plane(ax: Any, found: Tightness) -> None:
    game = found.game.base.game
    profiles = {game.payoffs(k)[:2] for k in range(game.number_of_outcomes)}
    hull = [(float(x), float(y)) for x, y in planar_hull(sorted(profiles))]
    ax.fill(*zip(*hull, strict=True), **FEASIBLE, label="feasible")
    look = POINT["dominated"] | {"linestyle": "none"}
    ax.plot(*_columns(sorted(profiles)), label="pure outcomes", **look)
    meet = [found.game.base.pareto_meet_minimum[:2]]
    ax.plot(*_columns(meet), label="PMM", **POINT["pmm"] | {"linestyle": "none"})
    path = [payoffs[:2] for payoffs in found.path]
    ax.plot(*_columns(path), "-", marker=".", color="black", label="path")
    look = POINT["outcome"] | {"linestyle": "none"}
    ax.plot(*_columns(path[:1]), label="default outcome", **look)
    for axis, i in ((ax.xaxis, 0), (ax.yaxis, 1)):
        ticks = sorted({*(profile[i] for profile in profiles), *(where[i] for where in meet)})
        if fit_as_ticks(ticks):
            axis.set_ticks([float(value) for value in ticks], labels=list(map(str, ticks)))
        axis.set_label_text(axis_name(game, i + 1))


def _draw_gains(ax: Any, found: Tightness) -> None:
    every = max(1, len(found.path) // 20)
    for i, values in enumerate(gains(found)):
        after = [float(value) for value in values[1:]]
        ax.plot(
            range(1, len(values)),
            after,
            color=PLAYERS[i % len(PLAYERS)],
            linestyle=DASHES[i % len(DASHES)],
            marker=MARKERS[i % len(MARKERS)],
            markevery=(i % every, every),
            label=found.game.base.game.called(i + 1),
        )
    ax.axhline(1, color=PMM, linestyle="dashdot", linewidth=1.1, label="PMM + Delta")
    ax.set_ylim(bottom=0)
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.set_xlabel("round")
    ax.set_ylabel("payoff above the PMM, in units of Delta")


def _columns(points: list[Any]) -> tuple[list[float], list[float]]:
    return [float(x) for x, _ in points], [float(y) for _, y in points]
