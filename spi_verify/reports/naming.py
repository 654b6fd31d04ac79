"""Where names stand in a picture, so that they cover as little as possible."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from spi_verify.games.game import Payoffs
from spi_verify.reports.looks import BESIDE, REACH
from spi_verify.reports.picture import Picture


@dataclass(frozen=True)
class Plane:
    """Where a panel shows payoff profiles."""

    panel: tuple[int, ...]

    def exact(self, payoffs: Payoffs) -> tuple[Fraction, Fraction]:
        """Return where a profile is."""
        x, y = [*(payoffs[i - 1] for i in self.panel), Fraction(0)][:2]
        return x, y

    def __call__(self, payoffs: Payoffs) -> tuple[float, float]:
        """Return where a profile is, as it is drawn."""
        x, y = self.exact(payoffs)
        return float(x), float(y)

    def all(self, profiles: Iterable[Payoffs]) -> npt.NDArray[np.float64]:
        """Return where profiles are, as they are drawn."""
        return np.array([self(p) for p in profiles]).reshape(-1, 2)

    def own(self, points: Iterable[Payoffs]) -> npt.NDArray[np.float64]:
        """Points that have this panel's coordinates only."""
        return np.array([[*map(float, p), 0.0][:2] for p in points])


LETTERS = "abcdefghijkl"


def place_names(ax: Any, shown: Picture, panel: tuple[int, ...]) -> None:
    """Name the points, each where its name covers as little as possible."""
    at = Plane(panel)
    names: dict[tuple[float, float], list[str]] = {}
    for letter, mark in zip(LETTERS, shown.marks, strict=False):
        name = letter if len(shown.panels) == 3 else mark.label
        names.setdefault(at(mark.payoffs), []).append(name)
    renderer = ax.figure.canvas.get_renderer()
    pixels = ax.figure.dpi / 72
    frame = ax.get_window_extent(renderer)
    covered = _obstacles(ax, shown, at)
    spots = np.array([ax.transData.transform(point) for point in names])
    taken: list[tuple[float, float, float, float]] = []
    for point, texts in names.items():
        text = ax.annotate(
            plain(", ".join(texts)),
            point,
            (0, 0),
            textcoords="offset points",
            fontsize=9,
            zorder=8,
            bbox={"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 0.8},
        )
        extent = text.get_window_extent(renderer)
        width, height = extent.width, extent.height
        x, y = map(float, ax.transData.transform(point))
        others = spots[np.any(spots != (x, y), axis=1)]
        best, place, far = float("inf"), (x, y, x, y), False
        for distance, angle in itertools.product((11, 17, 26, 40), range(0, 360, 15)):
            away = distance * pixels
            dx, dy = np.cos(np.radians(angle)), np.sin(np.radians(angle))
            left = x + dx * away + (dx - 1) / 2 * width
            low = y + dy * away + (dy - 1) / 2 * height
            box = (left, low, left + width, low + height)
            inside = (covered[:, 0] > box[0] - 6) & (covered[:, 0] < box[2] + 6)
            inside &= (covered[:, 1] > box[1] - 6) & (covered[:, 1] < box[3] + 6)
            outside = sum(
                max(0.0, value)
                for value in (
                    frame.x0 - box[0],
                    frame.y0 - box[1],
                    box[2] - frame.x1,
                    box[3] - frame.y1,
                )
            )
            shared = sum(_overlap(box, other) for other in taken)
            cost = covered[inside, 2].sum() + 20 * outside + 10 * shared + distance / 4
            nearer = _distances(box, others) < away + 6
            cost += 30 * np.count_nonzero(nearer)
            if cost < best - 1e-6:
                best, place, far = cost, box, distance > 17
        taken.append(place)
        text.set_position(((place[0] - x) / pixels, (place[1] - y) / pixels))
        if far:
            near = (np.clip(x, place[0], place[2]), np.clip(y, place[1], place[3]))
            end = ((near[0] - x) / pixels, (near[1] - y) / pixels)
            thin = {"arrowstyle": "-", "color": "#777777", "linewidth": 0.7, "shrinkB": 4}
            ax.annotate("", point, end, textcoords="offset points", arrowprops=thin, zorder=7.5)


def _obstacles(ax: Any, shown: Picture, at: Plane) -> npt.NDArray[np.float64]:
    """Return pixels that names should not hide, each with a weight: points, lines and arrows."""
    spots = [mark.payoffs for mark in shown.marks] + [shown.pareto_meet_minimum]
    lines = [pair for face in shown.frontier for pair in itertools.combinations(face, 2)]
    if shown.outcome is not None:
        spots.append(shown.outcome)
        lines += [(shown.outcome, nearest) for nearest in shown.arrows]
    for projection in shown.projections:
        spots += projection.payoffs
        if shown.correlated and len(projection.payoffs) == 2:
            lines.append((projection.payoffs[0], projection.payoffs[1]))
    rows = [
        (x + dx, y + dy, 10.0)
        for x, y in ax.transData.transform(at.all(spots))
        for dx, dy in itertools.product((-6, 0, 6), repeat=2)
    ]
    reach = REACH * ax.figure.dpi / 72
    for projection in shown.projections:
        for x, y in ax.transData.transform(at.all(projection.payoffs)):
            rows += [(x + a * reach, y + b * reach, 10.0) for a, b in BESIDE[projection.player - 1]]
    for pair in lines:
        a, b = ax.transData.transform(at.all(pair))
        steps = max(2, int(np.hypot(*(b - a)) / 6))
        rows += [(*(a + (b - a) * t), 4.0) for t in np.linspace(0, 1, steps)]
    x, y = ax.transData.transform(at(shown.pareto_meet_minimum))
    frame = ax.get_window_extent()
    rows += [(x, v, 0.5) for v in np.arange(frame.y0, frame.y1, 6)]
    rows += [(v, y, 0.5) for v in np.arange(frame.x0, frame.x1, 6)]
    return np.array(rows)


def _distances(
    box: tuple[float, float, float, float], points: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return how far each point is from a box (left, low, right, high)."""
    gaps = points - np.clip(points, box[:2], box[2:])
    return np.asarray(np.hypot(*gaps.T))


def _overlap(a: Sequence[float], b: Sequence[float]) -> float:
    return max(0.0, min(a[2], b[2]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))


def plain(text: str) -> str:
    """Keep names with dollar signs from being read as formulas, and control characters out."""
    return "".join(c if c.isprintable() else " " for c in text).replace("$", r"\$")
