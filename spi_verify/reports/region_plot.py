"""For which values of two parameters a claim holds, as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from spi_verify.claims.check import decide
from spi_verify.claims.kind import Claim
from spi_verify.claims.model import Model
from spi_verify.errors import InputError, Undecided
from spi_verify.games.expressions import Constraint, Linear

COARSE, FINE = 9, 48
"""So many values of each parameter are tried to choose what is shown, and are then drawn."""
_SPANS = (Fraction(1), Fraction(2), Fraction(4), Fraction(10), Fraction(100))
_COLOURS = {True: "#009E73", False: "#D55E00"}
_WORDS = {True: "the claim holds", False: "it fails"}

Window = tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]]
Grid = list[list[bool | None]]


def plot_region(model: Model, claim: Claim, values: Mapping[str, Any], file: Path) -> None:
    """Draw where a claim with two parameters holds, evaluated exactly at the centers of a grid.

    Parameters
    ----------
    model, claim
        A model with two parameters, and a claim about it.
    values
        Where it is refuted.
    file
        Where to write; the ending says the format.
    """
    window = _window(model, claim)
    grid = sample(model, claim, window, FINE)
    _draw(model.parameters[0], window, grid, values, file)


def sample(model: Model, claim: Claim, window: Window, count: int) -> Grid:
    """Evaluate a claim at the centers of a grid; row by row of the second parameter.

    Parameters
    ----------
    model, claim
        A model with two parameters, and a claim about it.
    window
        The bounds of the parameters.
    count
        The number of values of each.

    Returns
    -------
    list of lists
        None where the values are not admissible, or the claim is undecided there.
    """
    first, second = model.parameters[0]
    rows: Grid = []
    for y in _centers(window[1], count):
        rows.append(
            [_holds(model, claim, {first: x, second: y}) for x in _centers(window[0], count)]
        )
    return rows


def _centers(bounds: tuple[Fraction, Fraction], count: int) -> list[Fraction]:
    low, high = bounds
    return [low + (high - low) * Fraction(2 * k + 1, 2 * count) for k in range(count)]


def _holds(model: Model, claim: Claim, values: Mapping[str, Fraction]) -> bool | None:
    if not all(constraint.holds(values) for constraint in model.parameters[1]):
        return None
    try:
        return decide(claim.fixed(values), model.instance(values)).violation is None
    except (InputError, Undecided):
        return None


def _window(model: Model, claim: Claim) -> Window:
    """Choose what to show: within the parameters' own bounds, where both truths are often seen."""
    names, constraints = model.parameters
    best: tuple[int, Window] | None = None
    for span in _SPANS:
        sides = [_bounds(name, constraints, span) for name in names]
        window = (sides[0], sides[1])
        found = [holds for row in sample(model, claim, window, COARSE) for holds in row]
        score = min(found.count(True), found.count(False))
        if best is None or score > best[0]:
            best = score, window
    assert best is not None
    return best[1]


def _bounds(
    name: str, constraints: Sequence[Constraint], span: Fraction
) -> tuple[Fraction, Fraction]:
    """Return bounds of a parameter: those of constraints on it alone, else some."""
    low: Fraction | None = None
    high: Fraction | None = None
    for constraint in constraints:
        expression = constraint.expression
        if not isinstance(expression, Linear) or expression.names != (name,):
            continue
        factor = expression.coefficients[0][1]
        bound = -expression.constant / factor
        if constraint.relation == "=" or (constraint.relation[0] == ">") == (factor > 0):
            low = bound if low is None else max(low, bound)
        if constraint.relation == "=" or (constraint.relation[0] == "<") == (factor > 0):
            high = bound if high is None else min(high, bound)
    if low is not None and high is not None and low < high:
        return low, high
    if low is not None:
        return low, low + span
    return (-span, span) if high is None else (high - span, high)


def _draw(
    names: Sequence[str], window: Window, grid: Grid, values: Mapping[str, Any], file: Path
) -> None:
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.colors import to_rgba
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    (left, right), (low, high) = window
    with mpl.rc_context({"svg.hashsalt": "spi-verify", "font.size": 9}):
        figure = Figure(figsize=(5.2, 4.8), layout="constrained")
        FigureCanvasAgg(figure)
        axis = figure.add_subplot()
        cells = [
            [to_rgba(_COLOURS[h], 0.75) if h is not None else (1.0, 1.0, 1.0, 0.0) for h in row]
            for row in grid
        ]
        extent = (float(left), float(right), float(low), float(high))
        axis.imshow(cells, origin="lower", extent=extent, aspect="auto", interpolation="nearest")
        x, y = (float(values[name]) for name in names)
        handles: list[Any] = [
            Patch(color=to_rgba(_COLOURS[truth], 0.75), label=_WORDS[truth])
            for truth in (True, False)
            if any(truth is holds for row in grid for holds in row)
        ]
        if extent[0] <= x <= extent[1] and extent[2] <= y <= extent[3]:
            axis.plot(x, y, "o", color="black", markersize=6, clip_on=False, zorder=5)
            look: dict[str, Any] = {"marker": "o", "color": "black", "linestyle": ""}
            handles.append(Line2D([], [], label="the counterexample", **look))
        axis.set_xlabel(names[0].replace("$", r"\$"))
        axis.set_ylabel(names[1].replace("$", r"\$"))
        axis.set_title(f"computed exactly at {FINE} x {FINE} values", fontsize=9)
        figure.legend(handles=handles, loc="outside lower center", ncols=len(handles))
        metadata = {"Date": None} if file.suffix == ".svg" else {}
        figure.savefig(file, metadata=metadata, dpi=110)
