"""The paper's Figures 1 to 4, drawn from what the programs compute.

``python -m spi_verify.reports.figures FOLDER`` writes them as SVG files. The same version of
matplotlib writes the same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from spi_verify.claims.panel import Panel
from spi_verify.games.regions import Region
from spi_verify.programs.examples import (
    PMM,
    csr_profile,
    figure_2,
    figure_3,
    figure_4,
    scheduling_game,
    with_star,
)
from spi_verify.programs.language.base import as_region
from spi_verify.programs.language.functions import SetFunction
from spi_verify.programs.language.selections import Leximin
from spi_verify.programs.language.terms import Point
from spi_verify.programs.running.base_games import CorrelatedBase
from spi_verify.programs.running.execution import Execution, ProgramGame
from spi_verify.reports import looks

MISCOORDINATION = ("Slot 1", "Slot 2")
DEFAULT: Point = (Fraction(0), Fraction(0))
EXAMPLES_OF_FIGURE_1: tuple[Point, ...] = (
    (Fraction(0), Fraction(0)),
    (Fraction(3, 2), Fraction(3, 4)),
    (Fraction(3, 4), Fraction(2)),
)

# Okabe and Ito's palette; player 2's sets are hatched, so that colour is not needed.
_HATCHES = {1: "", 2: "////"}


def panels_of_figure_1() -> list[Panel]:
    """Return each player's PMP of three outcomes."""
    base = CorrelatedBase(scheduling_game())
    panels = []
    for player in (1, 2):
        arrows = []
        union = Region()
        for point in EXAMPLES_OF_FIGURE_1:
            projection = base.pareto_meet_projection(player, point)
            union = union | projection
            nearest: Point = tuple(map(max, point, base.pareto_meet_minimum))
            arrows.append((point, nearest, player))
        points = [(point, "") for point in EXAMPLES_OF_FIGURE_1]
        title = f"Player {player}'s PMP of three outcomes"
        panels.append(Panel(title, {}, points, (), arrows, (player, union)))
    return panels


def panels_of_figure_2() -> list[Panel]:
    """Return set-valued renegotiation against player 2's narrow and wide set."""
    panels = []
    for title, wide in (
        ("Player 2 accepts no efficient point but (1, 3)", False),
        ("... and also (3, 1)", True),
    ):
        functions = figure_2(wide)
        points = [(DEFAULT, "default"), (_reached(functions), "outcome")]
        panels.append(Panel(title, _sets(functions), points))
    return panels


def panels_of_figure_3() -> list[Panel]:
    """Return what adding the star to an unconditional set does against two opponents."""
    panels = []
    for title, right in (
        ("Adding the star does not hurt player 1", False),
        ("Adding the star hurts player 1", True),
    ):
        first, second, star = figure_3(right)
        before = _reached((first, second))
        after = _reached((with_star(first, star, None), second))
        label = "star: chosen if added" if after == star else "star"
        points = [(DEFAULT, "default"), (before, "without the star")]
        panels.append(Panel(title, _sets((first, second)), points, [(star, label)]))
    return panels


def panels_of_figure_4() -> list[Panel]:
    """Return player 1's PMP of the default renegotiation outcome."""
    base = CorrelatedBase(scheduling_game())
    functions = figure_4()
    reached = _reached(functions)
    projection = base.pareto_meet_projection(1, reached)
    title = "Player 1's PMP of the outcome of renegotiation"
    points = [(DEFAULT, "default"), (reached, "ro")]
    return [Panel(title, _sets(functions), points, (), (), (1, projection))]


FIGURES = {
    "figure-1": panels_of_figure_1,
    "figure-2": panels_of_figure_2,
    "figure-3": panels_of_figure_3,
    "figure-4": panels_of_figure_4,
}


@dataclass(frozen=True)
class Plane:
    """What all panels of a picture show of the game.

    Parameters
    ----------
    feasible
        The feasible payoff profiles.
    pareto_meet_minimum
        u^PMM.
    """

    feasible: Region
    pareto_meet_minimum: Point

    def limits(self, axis: int) -> tuple[float, float]:
        """Return what is shown of an axis: the feasible payoffs and a margin."""
        values = [float(corner[axis]) for piece in self.feasible.pieces for corner in piece]
        low, high = min(values), max(values)
        span = (high - low) or 1.0
        return low - span / 15, high + span / 10


def scheduling_plane() -> Plane:
    """Return the plane of the Scheduling Game with lotteries."""
    base = CorrelatedBase(scheduling_game())
    return Plane(base.everything, PMM)


def draw(panels: Sequence[Panel], file: Path, plane: Plane | None = None) -> None:
    """Draw panels side by side; the ending of the file says the format.

    Parameters
    ----------
    panels
        From left to right.
    file
        Where to write.
    plane
        The game; default: the Scheduling Game.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": "spi-verify", "font.size": 9, "hatch.linewidth": 0.6}):
        figure = Figure(figsize=(3.9 * len(panels), 4.1), layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.subplots(1, len(panels), squeeze=False, sharey=True)[0]
        for axis, panel in zip(axes, panels, strict=True):
            _draw_panel(axis, panel, plane or scheduling_plane())
            if plane is None:
                axis.set_xlim(-0.2, 3.3)
                axis.set_ylim(-0.2, 3.3)
                axis.set_xticks(range(4))
                axis.set_yticks(range(4))
        axes[0].set_ylabel("payoff of player 2")
        handles = _legend(panels)
        figure.legend(handles=handles, loc="outside lower center", ncols=2 * len(panels))
        metadata = {"Date": None} if file.suffix == ".svg" else {}
        figure.savefig(file, metadata=metadata, dpi=110)


def _draw_panel(axis: Any, panel: Panel, plane: Plane) -> None:
    for piece in plane.feasible.pieces:
        if len(piece) == 1:
            axis.plot(*_floats(piece[0]), "o", color=looks.QUIET, markersize=4, zorder=0)
        else:
            look: dict[str, Any] = dict(looks.FEASIBLE)
            axis.fill(*_columns(piece), linewidth=1, zorder=0, **look)
    for player, region in panel.sets.items():
        for piece in region.pieces:
            _draw_piece(axis, piece, player)
    if panel.projection is not None:
        player, region = panel.projection
        for piece in region.pieces:
            _draw_piece(axis, piece, player)
    pmm = _floats(plane.pareto_meet_minimum)
    axis.plot(*pmm, zorder=4, **looks.POINT["pmm"] | {"markersize": 7, "markeredgewidth": 1.6})
    for start, end, player in panel.arrows:
        style = {"arrowstyle": "-|>", "color": looks.PLAYERS[player - 1], "linewidth": 1.4}
        axis.annotate("", _floats(end), xytext=_floats(start), arrowprops=style, zorder=5)
    for point, label in panel.points:
        axis.plot(*_floats(point), "o", color="black", markersize=6, zorder=6)
        place: dict[str, Any] = {"xytext": (8, -11)}
        if 3 * float(point[0]) > sum(plane.limits(0)) * 2:
            place = {"xytext": (-6, 7), "ha": "right"}
        axis.annotate(label, _floats(point), textcoords="offset points", zorder=7, **place)
    for point, label in panel.stars:
        axis.plot(*_floats(point), zorder=6, **looks.POINT["agreed"] | {"markersize": 13})
        axis.annotate(label, _floats(point), xytext=(8, 6), textcoords="offset points", zorder=7)
    axis.set_title(panel.title, fontsize=9)
    axis.set_xlabel("payoff of player 1")
    axis.set_aspect("equal")
    axis.set_xlim(*plane.limits(0))
    axis.set_ylim(*plane.limits(1))


def _legend(panels: Sequence[Panel]) -> list[Any]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Any] = []
    for player in sorted({i for panel in panels for i in panel.sets}):
        style: dict[str, Any] = {
            "edgecolor": looks.PLAYERS[player - 1],
            "hatch": _HATCHES[player],
            "alpha": 0.45,
        }
        face = "none" if _HATCHES[player] else looks.PLAYERS[player - 1]
        handles.append(Patch(facecolor=face, label=f"player {player} accepts", **style))
    for player in sorted({panel.projection[0] for panel in panels if panel.projection}):
        colour = looks.PLAYERS[player - 1]
        handles.append(Line2D([], [], color=colour, linewidth=3.5, label=f"player {player}'s PMP"))
    none = {"linestyle": "none"}
    handles.append(Line2D([], [], label="PMM", **looks.POINT["pmm"] | none | {"markersize": 7}))
    if any(panel.stars for panel in panels):
        handles.append(Line2D([], [], label="selected", **looks.POINT["agreed"] | none))
    if any(panel.arrows for panel in panels):
        arrow: dict[str, Any] = {"marker": ">", "markevery": [1], "color": "#333333"}
        handles.append(Line2D([0, 1], [0, 0], label="to the nearest point", **arrow))
    return handles


def _draw_piece(axis: Any, piece: Sequence[Point], player: int) -> None:
    colour = looks.PLAYERS[player - 1]
    if len(piece) == 1:
        axis.plot(*_floats(piece[0]), "D", color=colour, markersize=7, zorder=3)
    elif len(piece) == 2:
        axis.plot(*_columns(piece), color=colour, linewidth=3.5, solid_capstyle="round", zorder=3)
    else:
        axis.fill(
            *_columns(piece),
            facecolor=colour if not _HATCHES[player] else "none",
            edgecolor=colour,
            hatch=_HATCHES[player],
            alpha=0.45,
            linewidth=1.2,
            zorder=2,
        )


def _sets(functions: tuple[SetFunction, SetFunction]) -> dict[int, Region]:
    execution = Execution(CorrelatedBase(scheduling_game()))
    return {i: as_region(execution.value(i, functions, Leximin(), MISCOORDINATION)) for i in (1, 2)}


def _reached(functions: tuple[SetFunction, SetFunction]) -> Point:
    game = ProgramGame(CorrelatedBase(scheduling_game()))
    return game.utilities(csr_profile(Leximin(), functions))


def _floats(point: Point) -> tuple[float, ...]:
    return tuple(map(float, point))


def _columns(points: Sequence[Point]) -> tuple[list[float], list[float]]:
    return [float(x) for x, _ in points], [float(y) for _, y in points]


def main(arguments: Sequence[str]) -> None:
    """Write all figures into a folder."""
    if len(arguments) != 1:
        sys.exit("usage: python -m spi_verify.reports.figures FOLDER")
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    for name, panels in FIGURES.items():
        draw(panels(), folder / f"{name}.svg")


if __name__ == "__main__":
    main(sys.argv[1:])
