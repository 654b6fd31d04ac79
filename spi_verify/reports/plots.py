"""Pictures of a game in the payoff plane, drawn with matplotlib."""

from __future__ import annotations

import io
import itertools
import warnings
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from spi_verify.counterexamples.drawing import Offers
from spi_verify.errors import InputError
from spi_verify.games.correlated import CorrelatedPlay, planar_hull
from spi_verify.games.game import Game, Payoffs
from spi_verify.games.pure import PureOutcomes
from spi_verify.reports.looks import (
    BESIDE,
    DASHES,
    FEASIBLE,
    MARKERS,
    MEET,
    MEET_EDGE,
    PLAYERS,
    PMM,
    POINT,
    REACH,
)
from spi_verify.reports.naming import LETTERS, Plane, place_names, plain
from spi_verify.reports.offers import draw_offers, offers_in_legend
from spi_verify.reports.picture import (
    Mark,
    Picture,
    payoff_range,
    picture,
)
from spi_verify.reports.solved import Solved
from spi_verify.text import shortened

MAX_LABELS = 12
ENDINGS: dict[str, dict[str, None]] = {
    ".png": {},
    ".svg": {"Date": None},
    ".pdf": {"CreationDate": None},
}


def plot_game(
    feasible: PureOutcomes | CorrelatedPlay,
    file: Path,
    *,
    outcome: Payoffs | None = None,
    outcome_label: str = "",
    offers: Offers | None = None,
    solved: Solved | None = None,
) -> None:
    """Draw the feasible set, the efficient frontier, the PMM and the Pareto meet of a game.

    Two players: the payoff plane. Three: its three pairwise views. One: a number line.

    Parameters
    ----------
    feasible
        The pure outcomes or correlated play of a game of at most three players.
    file
        Where to write; the ending .png, .svg or .pdf says the format. The same input gives the
        same bytes.
    outcome
        A payoff profile. Each player's PMP of it is added: an arrow to its nearest point, and the
        segment or points it consists of (Definition 6).
    outcome_label
        What to call the outcome in the legend.
    offers
        What is offered at the outcome and agreed on, to be drawn, too.
    solved
        A disagreement point and bargaining solutions, which are added.

    Raises
    ------
    InputError
        For more than three players; for payoffs that are too large or too close to one another
        to be drawn; for an outcome that has not one payoff for each player; for another ending;
        and when the file cannot be written.
    """
    ending = file.suffix.lower()
    if ending not in ENDINGS:
        raise InputError(
            f"a picture cannot be written as {ending or 'a file without an ending'}; "
            f"use one of {', '.join(ENDINGS)}",
            file=str(file),
        )
    data = _render(picture(feasible, outcome, solved), outcome_label, ending, offers)
    try:
        file.write_bytes(data)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"the picture cannot be written: {reason}", file=str(file)) from None


def _render(shown: Picture, outcome_label: str, ending: str, offers: Offers | None) -> bytes:
    from matplotlib import style
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    n = shown.game.number_of_players
    settings = {
        "svg.hashsalt": "spi-verify",
        "svg.fonttype": "none",
        "hatch.linewidth": 0.6,
        "axes.unicode_minus": False,
    }
    with style.context(["default", settings]), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")
        size = {1: (9.5, 3.2), 2: (9.8, 6.4), 3: (10.5, 9.6)}[n]
        layout = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.12)
        figure = Figure(figsize=size, dpi=120, layout=layout)
        FigureCanvasAgg(figure)
        title = plain(shortened(shown.game.title, 80))
        if n == 3:
            figure.suptitle(title)
            grid = figure.add_gridspec(2, 2)
            axes = [figure.add_subplot(grid[place]) for place in ((0, 0), (1, 0), (1, 1))]
            corner = figure.add_subplot(grid[0, 1])
            corner.axis("off")
        else:
            axes = [figure.add_subplot()]
            axes[0].set_title(title)
        for number, panel in enumerate(shown.panels):
            _draw_panel(axes[number], shown, panel, shown.hulls[number] if shown.hulls else ())
            if offers is not None:
                draw_offers(axes[number], offers, Plane(panel).all)
        handles, labels = _legend(shown, outcome_label, offers)
        style_of_legend: dict[str, Any] = {
            "fontsize": 9,
            "frameon": False,
            "labelspacing": 0.9,
            "handlelength": 2.6,
        }
        if n == 3:
            place: dict[str, Any] = {"loc": "upper left", "borderaxespad": 0}
            legend = corner.legend(handles, labels, **place, **style_of_legend)
        else:
            legend = figure.legend(handles, labels, loc="outside right upper", **style_of_legend)
        figure.draw_without_rendering()
        figure.draw_without_rendering()  # the second pass knows the size of the tick labels
        figure.set_layout_engine("none")
        legend.set_gid(_place_of(legend, figure))
        for ax, panel in zip(axes, shown.panels, strict=True):
            _draw_arrows(ax, shown, Plane(panel))
            if shown.number_of_profiles <= MAX_LABELS:
                place_names(ax, shown, panel)
        buffer = io.BytesIO()
        figure.savefig(buffer, format=ending[1:], metadata=ENDINGS[ending])
    return buffer.getvalue()


def _place_of(legend: Any, figure: Any) -> str:
    """Return a name for a legend that says where it is in an SVG file: left, top, width, height.

    A page that is not wide enough for it shows it below.
    """
    box = legend.get_window_extent()
    points = 72 / figure.dpi
    top = figure.get_figheight() * 72 - box.y1 * points
    beyond = 8  # so far to the left wide lines go beyond it
    sides = (box.x0 * points - beyond, top, box.width * points + beyond, box.height * points)
    return "-".join(["legend", *(str(max(0, round(side))) for side in sides)])


def _draw_panel(ax: Any, shown: Picture, panel: tuple[int, ...], hull: Sequence[Payoffs]) -> None:
    _frame(ax, shown, panel)
    at = Plane(panel)
    if hull:
        _area(ax, at.own(hull), **FEASIBLE, zorder=1)
    if shown.pareto_meet:
        _area(
            ax,
            at.all(shown.pareto_meet),
            facecolor=MEET,
            edgecolor=MEET_EDGE,
            hatch="///",
            zorder=1.5,
        )
    width = 2 if len(shown.panels) == 1 else 1.2
    for face in shown.frontier:
        corners = planar_hull([at.exact(p) for p in face])
        points = np.array([[float(x), float(y)] for x, y in corners])
        ax.fill(*points.T, facecolor="none", edgecolor="black", linewidth=width, zorder=3)
    guide = {"color": PMM, "linewidth": 1.1, "linestyle": "dashdot", "zorder": 2}
    x, y = at(shown.pareto_meet_minimum)
    ax.axvline(x, **guide)
    if len(panel) == 2:
        ax.axhline(y, **guide)
    if not shown.pareto_meet:
        _points(ax, at, [m for m in shown.marks if m.in_pareto_meet], "meet")
    _points(ax, at, [m for m in shown.marks if not m.efficient], "dominated")
    _points(ax, at, [m for m in shown.marks if m.efficient], "efficient")
    ax.plot([x], [y], zorder=6, **POINT["pmm"])
    for projection in shown.projections:
        if projection.payoffs:
            xy = at.all(projection.payoffs)
            look = _projection_look(projection.player)
            if shown.correlated:
                ax.plot(*xy.T, zorder=3.2, **look | {"marker": "none"})
                xy = xy[-1:]
            if len(shown.panels) < 3:
                look |= {"linestyle": "none", "marker": BESIDE[projection.player - 1]}
                ax.plot(*xy.T, zorder=6, **look | {"markersize": 2 * REACH})
            elif len(projection.payoffs) == 1 or not shown.correlated:
                ax.plot(*xy.T, zorder=6, **_ring(projection.player))
    if shown.outcome is not None:
        ax.plot(*([value] for value in at(shown.outcome)), zorder=7, **POINT["outcome"])
    if shown.solved is not None:
        shown.solved.draw(ax, at)


def _draw_arrows(ax: Any, shown: Picture, at: Plane) -> None:
    """Draw arrows from the outcome, except where they are too short to be seen as such."""
    if shown.outcome is None:
        return
    start = at(shown.outcome)
    for nearest, players in shown.arrows.items():
        ends = ax.transData.transform([start, at(nearest)])
        if np.hypot(*(ends[1] - ends[0])) < 20 * ax.figure.dpi / 72:
            continue
        look = {
            "arrowstyle": "-|>,head_width=0.3,head_length=0.7",
            "color": PLAYERS[players[0] - 1] if len(players) == 1 else "#333333",
            "linewidth": 1.4,
            "shrinkA": 5,
            "shrinkB": 7,
        }
        ax.annotate("", at(nearest), start, arrowprops=look, zorder=5)


def _points(ax: Any, at: Plane, marks: Sequence[Mark], kind: str) -> None:
    if marks:
        zorder = {"meet": 2.5, "dominated": 3.5, "efficient": 4}[kind]
        size = POINT[kind]["markersize"] * (1 if len(marks) <= 60 else 0.7)
        look = POINT[kind] | {"linestyle": "none"}
        if len(marks) > 400:
            size *= 0.6
            look |= {"markeredgecolor": look["color"]} if kind == "meet" else {}
        xy = at.all([mark.payoffs for mark in marks])
        look |= {"markersize": size}
        ax.plot(*xy.T, zorder=zorder, **look)


def _projection_look(player: int) -> dict[str, Any]:
    return {
        "color": PLAYERS[player - 1],
        "linestyle": DASHES[player - 1],
        "linewidth": 4,
        "solid_capstyle": "butt",
        "dash_capstyle": "butt",
        "markeredgecolor": "white",
        "markeredgewidth": 0.7,
    }


def _ring(player: int) -> dict[str, Any]:
    """A ring around the points of a player's projection: in a view it lies on other points."""
    return {
        "linestyle": "none",
        "marker": "o",
        "markersize": 8 + 4 * player,
        "color": "none",
        "markeredgecolor": PLAYERS[player - 1],
        "markeredgewidth": 2,
    }


def _area(ax: Any, points: npt.NDArray[np.float64], **look: Any) -> None:
    if len(points) >= 3:
        ax.fill(*points.T, linewidth=1, **look)
        return
    line = {"color": look["facecolor"], "linewidth": 9, "solid_capstyle": "round"}
    if len(points) == 1:
        line |= {"marker": "o", "markersize": 15, "markeredgecolor": look["edgecolor"]}
    ax.plot(*points.T, zorder=look["zorder"], **line)


def _frame(ax: Any, shown: Picture, panel: tuple[int, ...]) -> None:
    """Set the limits, ticks, names and aspect of the axes."""
    profiles = [mark.payoffs for mark in shown.marks]
    profiles += [p for projection in shown.projections for p in projection.payoffs]
    profiles += [] if shown.outcome is None else [shown.outcome]
    profiles += [] if shown.solved is None else shown.solved.points
    spreads = []
    for axis, i in zip((ax.xaxis, ax.yaxis), panel, strict=False):
        values = {*payoff_range(shown.game, i), *(p[i - 1] for p in profiles)}
        low, high = float(min(values)), float(max(values))
        spreads.append(high - low)
        room = 0.12 * (high - low) or max(1.0, abs(low) / 10)
        (ax.set_xlim if axis is ax.xaxis else ax.set_ylim)(low - room, high + room)
        ticks = sorted({*values, shown.pareto_meet_minimum[i - 1]})
        if fit_as_ticks(ticks):
            axis.set_ticks([float(value) for value in ticks], labels=list(map(str, ticks)))
        axis.set_label_text(plain(axis_name(shown.game, i)))
    if len(panel) == 1:
        ax.set_ylim(-1, 1)
        ax.yaxis.set_visible(False)
        ax.spines[["left", "right", "top"]].set_visible(False)
        ax.axhline(0, color="#8A939E", linewidth=1, zorder=0.5)
    else:
        ax.spines[["right", "top"]].set_visible(False)
        if all(spreads) and max(spreads) <= 3 * min(spreads):
            ax.set_aspect("equal")


def fit_as_ticks(ticks: Sequence[Fraction]) -> bool:
    """Return whether a few payoffs can stand beside an axis."""
    gap = (ticks[-1] - ticks[0]) / 16
    return (
        len(ticks) <= 10
        and all(len(str(value)) <= 9 for value in ticks)
        and all(b - a >= gap for a, b in itertools.pairwise(ticks))
    )


def axis_name(game: Game, player: int) -> str:
    """Return what stands beside the axis of a player's payoffs."""
    name = game.players[player - 1]
    usual = name.strip().lower() in ("", f"player {player}")
    return f"payoff of player {player}" + ("" if usual else f" ({shortened(name, 30)})")


def _legend(
    shown: Picture, outcome_label: str, offers: Offers | None
) -> tuple[list[Any], list[str]]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    entries: list[tuple[Any, str]] = []

    def dot(kind: str, text: str) -> None:
        entries.append((Line2D([], [], linestyle="none", **POINT[kind]), text))

    if shown.correlated:
        entries.append((Patch(**FEASIBLE), "feasible set (correlated play)"))
    if not all(mark.efficient for mark in shown.marks):
        dot("dominated", "dominated pure outcomes")
    dot("efficient", "efficient pure outcomes")
    if any(len(face) > 1 for face in shown.frontier):
        text = "efficient frontier" + (": outlines of its faces" if len(shown.panels) == 3 else "")
        entries.append((Line2D([], [], color="black", linewidth=1.6), text))
    if shown.pareto_meet:
        look: dict[str, Any] = {
            "facecolor": MEET,
            "edgecolor": MEET_EDGE,
            "hatch": "///",
        }
        entries.append((Patch(**look), "Pareto meet"))
    elif any(mark.in_pareto_meet for mark in shown.marks):
        dot("meet", "pure outcomes in the Pareto meet")
    pmm = dict(POINT["pmm"], linestyle="dashdot", linewidth=1.1)
    pmm["color"], pmm["markerfacecolor"] = PMM, "white"
    entries.append((Line2D([], [], **pmm), f"PMM {_profile(shown.pareto_meet_minimum)}"))
    if shown.outcome is not None:
        called = shortened(outcome_label, 32)
        name = called if "outcome" in called else f"outcome {called}".strip()
        dot("outcome", f"{name}: {_profile(shown.outcome)}")
    for projection in shown.projections:
        look = _projection_look(projection.player)
        look |= {"marker": MARKERS[projection.player - 1], "markersize": 11}
        if len(shown.panels) == 3:
            single = len(projection.payoffs) == 1 or not shown.correlated
            look = _ring(projection.player) if single else look | {"marker": "none"}
        text = f"PMP of player {projection.player}"
        if not projection.payoffs:
            look |= {"marker": "none", "linestyle": "none"}
            text += ": empty"
        elif not shown.correlated:
            look["linestyle"] = "none"
            if projection.total > len(projection.payoffs):
                text += f" ({len(projection.payoffs)} of {projection.total} points drawn)"
        entries.append((Line2D([], [], **look), text))
    if shown.arrows:
        arrow: dict[str, Any] = {
            "marker": ">",
            "markevery": [1],
            "color": "#333333",
            "linewidth": 1.4,
        }
        text = "from there to the nearest point of each PMP"
        entries.append((Line2D([0, 1], [0, 0], **arrow), text))
    if offers is not None:
        entries += offers_in_legend(offers)
    entries += [] if shown.solved is None else shown.solved.legend(_profile)
    blank = Line2D([], [], linestyle="none")
    if len(shown.marks) < shown.number_of_profiles:
        note = f"{len(shown.marks)} of {shown.number_of_profiles} payoff profiles drawn"
        entries.append((blank, note))
    if shown.correlated and not shown.frontier:
        entries.append((blank, "the faces of the efficient frontier are too many to draw"))
    if len(shown.panels) == 3 and shown.number_of_profiles <= MAX_LABELS:
        for letter, mark in zip(LETTERS, shown.marks, strict=False):
            key = Line2D([], [], linestyle="none", marker=rf"$\mathit{{{letter}}}$", color="black")
            entries.append((key, f"{mark.label}: {_profile(mark.payoffs)}"))
    return [handle for handle, _ in entries], [plain(text) for _, text in entries]


def _profile(payoffs: Payoffs) -> str:
    texts = (str(u) if len(str(u)) <= 12 else f"≈{float(u):.6g}" for u in payoffs)
    return "(" + ", ".join(texts) + ")"
