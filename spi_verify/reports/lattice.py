"""The map of sufficient hypotheses, as a picture."""

from __future__ import annotations

import io
import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from spi_verify.errors import InputError
from spi_verify.obligations.suffice import Status, Sufficiency

MOST_FOR_ALL_SUBSETS = 5
"""Of larger pools only the minimal sufficient and maximal insufficient sets are drawn."""
MOST_IN_A_COLUMN = 12

_METADATA: dict[str, dict[str, None]] = {
    ".png": {},
    ".svg": {"Date": None},
    ".pdf": {"CreationDate": None},
}
# Okabe and Ito's palette; the outline says the same as the colour.
_FACES = {
    Status.SUFFICIENT: "#8FD3B6",
    Status.INSUFFICIENT: "#F3B183",
    Status.UNDECIDED: "#E6E6E6",
    Status.NOT_ASKED: "#FFFFFF",
}
_OUTLINES: dict[Status, Any] = {
    Status.SUFFICIENT: "solid",
    Status.INSUFFICIENT: (0, (4, 1.5)),
    Status.UNDECIDED: (0, (1, 1.2)),
    Status.NOT_ASKED: (0, (1, 3)),
}


def plot_sufficiency(found: Sufficiency, title: str, file: Path) -> None:
    """Draw which sets of hypotheses suffice.

    Pools of at most five hypotheses: all subsets, each joined to those with one hypothesis more,
    the minimal sufficient and maximal insufficient ones with a thick outline. Larger pools: the
    minimal sufficient sets on the left, the maximal insufficient ones on the right, and between
    them what the one on the right lacks of the one on the left.

    Parameters
    ----------
    found
        What is known.
    title
        Above the picture.
    file
        Where to write; the ending .svg, .png or .pdf says the format. The same input gives the
        same bytes.

    Raises
    ------
    InputError
        For another ending, and when the file cannot be written.
    """
    from matplotlib import style
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    ending = file.suffix.lower()
    if ending not in _METADATA:
        raise InputError(
            f"a picture cannot be written as {ending or 'a file without an ending'}; "
            f"use one of {', '.join(_METADATA)}",
            file=str(file),
        )
    letters = dict(zip(found.pool, "ABCDEFGHIJKLMN", strict=False))
    whole = len(found.pool) <= MOST_FOR_ALL_SUBSETS
    settings = {"svg.hashsalt": "spi-verify", "svg.fonttype": "none"}
    with style.context(["default", settings]):
        rows = max(4, len(found.minimal), len(found.maximal))
        height = 7.0 if whole else 2.0 + 0.55 * min(rows, MOST_IN_A_COLUMN) + 0.1 * len(letters)
        figure = Figure(figsize=(11.5, height), dpi=110)
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0.01, 0.03, 0.68, 0.87))
        axes.set_axis_off()
        draw = _draw_all if whole else _draw_extremes
        shown = draw(axes, found, letters)
        _explain(figure, found, letters, shown)
        figure.suptitle(title, fontsize=12)
        stream = io.BytesIO()
        figure.savefig(stream, format=ending[1:], metadata=_METADATA[ending])
    try:
        file.write_bytes(stream.getvalue())
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"the picture cannot be written: {reason}", file=str(file)) from None


def _draw_all(axes: Any, found: Sufficiency, letters: dict[str, str]) -> set[Status]:
    """Draw the Hasse diagram of all subsets, larger ones higher."""
    import networkx

    n = len(found.pool)
    graph = networkx.DiGraph()
    for size in range(n + 1):
        layer = list(itertools.combinations(found.pool, size))
        for k, names in enumerate(layer):
            graph.add_node(names, place=(k - (len(layer) - 1) / 2, size))
    for small, large in itertools.product(graph, repeat=2):
        if len(large) == len(small) + 1 and set(small) < set(large):
            graph.add_edge(small, large)
    places = networkx.get_node_attributes(graph, "place")
    for small, large in graph.edges:
        (x, y), (v, w) = places[small], places[large]
        axes.plot([x, v], [y, w], color="#999999", linewidth=0.7, zorder=1)
    extremes = {one.hypotheses for one in (*found.minimal, *found.maximal)}
    for names, (x, y) in places.items():
        _node(axes, (x, y), _short(names, letters), found.status(names), names in extremes)
    widest = max(len(list(itertools.combinations(found.pool, k))) for k in range(n + 1))
    axes.set_xlim(-widest / 2 - 0.2, widest / 2 + 0.2)
    axes.set_ylim(-0.5, n + 0.5)
    return {found.status(names) for names in graph}


def _draw_extremes(axes: Any, found: Sufficiency, letters: dict[str, str]) -> set[Status]:
    """Draw minimal sufficient sets beside maximal insufficient ones."""
    left = found.minimal[:MOST_IN_A_COLUMN]
    right = found.maximal[:MOST_IN_A_COLUMN]
    rows = max(len(left), len(right), 1)

    def heights(count: int) -> list[float]:
        return [rows * (count - k - 0.5) / count for k in range(count)]

    for one, y in zip(left, heights(len(left)), strict=True):
        for other, w in zip(right, heights(len(right)), strict=True):
            lacks = [name for name in one.hypotheses if name not in other.hypotheses]
            axes.plot([0, 1], [y, w], color="#999999", linewidth=0.8, zorder=1)
            axes.text(
                0.66,
                y + 0.66 * (w - y),
                f"lacks {_short(lacks, letters)}",
                fontsize=8,
                ha="center",
                va="center",
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
                zorder=2,
            )
    for one, y in zip(left, heights(len(left)), strict=True):
        _node(axes, (0, y), _short(one.hypotheses, letters), Status.SUFFICIENT, one.sure)
    for other, y in zip(right, heights(len(right)), strict=True):
        dropped = [name for name in found.pool if name not in other.hypotheses]
        text = f"all but {_short(dropped, letters)}"
        _node(axes, (1, y), text, Status.INSUFFICIENT, other.sure)
    for x, count, title in (
        (0, len(found.minimal), "minimal sufficient"),
        (1, len(found.maximal), "maximal insufficient"),
    ):
        more = (
            f" ({count}, {MOST_IN_A_COLUMN} shown)" if count > MOST_IN_A_COLUMN else f" ({count})"
        )
        axes.text(x, rows + 0.25, title + more, ha="center", fontsize=10)
    axes.set_xlim(-0.35, 1.3)
    axes.set_ylim(-0.3, rows + 0.6)
    return {Status.SUFFICIENT, Status.INSUFFICIENT}


def _node(axes: Any, place: tuple[float, float], text: str, status: Status, thick: bool) -> None:
    axes.text(
        *place,
        text,
        ha="center",
        va="center",
        fontsize=9,
        zorder=3,
        bbox={
            "boxstyle": "round,pad=0.35",
            "facecolor": _FACES[status],
            "edgecolor": "black",
            "linestyle": _OUTLINES[status],
            "linewidth": 2.2 if thick else 0.8,
        },
    )


def _explain(figure: Any, found: Sufficiency, letters: dict[str, str], shown: set[Status]) -> None:
    """Write what letters and outlines mean beside the picture."""
    axes = figure.add_axes((0.70, 0.03, 0.29, 0.87))
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    whole = len(found.pool) <= MOST_FOR_ALL_SUBSETS
    thick = "minimal or maximal, as far as known" if whole else "surely minimal or maximal"
    lines: list[tuple[str, str, Status | None, bool]] = [
        (letter, name, None, False) for name, letter in letters.items()
    ]
    lines += [("  ", str(status), status, False) for status in Status if status in shown]
    lines.append(("  ", thick, Status.SUFFICIENT, True))
    if found.undecided:
        lines.append(("", f"undecided subsets: {len(found.undecided)}", None, False))
    if found.not_asked:
        lines.append(("", f"subsets not asked: {found.not_asked}", None, False))
    axes.set_ylim(-max(len(lines), 12), 1)
    for k, (mark, text, status, bold) in enumerate(lines):
        if status is None:
            axes.text(0.04, -k, mark, fontsize=10, ha="center", va="center", weight="bold")
        else:
            _node(axes, (0.04, -k), mark, status, bold)
        axes.text(0.13 if mark else 0.0, -k, text, fontsize=9.5, va="center")


def _short(names: Sequence[str], letters: dict[str, str]) -> str:
    return "".join(letters[name] for name in names) or "none"
