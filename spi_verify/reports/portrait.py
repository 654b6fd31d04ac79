"""A counterexample's payoffs as a picture to put into a page."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from spi_verify.counterexamples.drawing import Drawing, of_game
from spi_verify.counterexamples.file import read_claimed
from spi_verify.counterexamples.registry import named
from spi_verify.errors import InputError
from spi_verify.files import writing
from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.games.expressions import parse_expression
from spi_verify.games.pure import PureOutcomes
from spi_verify.games.rationals import parse_rational
from spi_verify.reports.looks import DARK
from spi_verify.reports.plots import plot_game

MALFORMED = (
    InputError,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    RecursionError,
)
"""What is raised where a counterexample is read that has another form than its kind."""


def portrait(refutation: Mapping[str, Any], prefix: str) -> str | None:
    """Return an SVG element with the payoffs of a saved counterexample, or None.

    Parameters
    ----------
    refutation
        A counterexample as :func:`spi_verify.counterexamples.file.build` makes it, or to a claim of
        a model.
    prefix
        What the ids inside the picture start with, so that several fit on one page.

    Returns
    -------
    str or None
        None where the counterexample has no game that can be drawn: more than three players, or
        payoffs too far apart.
    """
    return picture(drawing_of(refutation), prefix)


def picture(drawn: Drawing | None, prefix: str) -> str | None:
    """Return what :func:`portrait` does, of what :func:`drawing_of` returned."""
    if drawn is None or drawn.feasible.game.number_of_players not in (2, 3):
        return None
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "portrait.svg"
        try:
            plot_game(drawn.feasible, file, **_given(drawn))
        except InputError:
            return None
        return _embedded(file.read_text(encoding="utf-8"), prefix, _described(drawn.feasible))


def drawing_of(refutation: Mapping[str, Any]) -> Drawing | None:
    """Return the payoffs of a counterexample to a statement, or to a claim of a model.

    Its programs are run for that. None where it has no payoffs, or is malformed.
    """
    try:
        return _of_model(refutation) if "model" in refutation else _drawing(refutation)
    except MALFORMED:
        return None


def _drawing(refutation: Mapping[str, Any]) -> Drawing | None:
    """Return what the kind of a counterexample to a statement draws."""
    name = refutation["kind"]
    return named(name).drawing(read_claimed(refutation), refutation[name])


def _of_model(refutation: Mapping[str, Any]) -> Drawing:
    """Return the payoffs of a model's game, with the values of its parameters."""
    model = refutation["model"]
    values = {name: parse_rational(text) for name, text in refutation.get("values", {}).items()}

    def at(cell: Any) -> Any:
        if isinstance(cell, list):
            return [at(part) for part in cell]
        return parse_expression(str(cell), values).at(values)

    game = {**model["game"], "payoffs": at(model["game"]["payoffs"])}
    return Drawing(of_game(game, correlated=model.get("feasible") == "correlated"))


def plot_refutation(refutation: Mapping[str, Any], file: Path) -> None:
    """Draw the payoffs of a counterexample, and what its default outcome projects to.

    Parameters
    ----------
    refutation
        A counterexample as :func:`spi_verify.counterexamples.file.build` makes it.
    file
        Ends in .svg, .png or .pdf, or in .tex for a TikZ picture.

    Raises
    ------
    InputError
        When it has no payoffs to draw, or the file cannot be written.
    """
    drawn = _drawing(refutation)
    if drawn is None:
        raise InputError(f"{_called(refutation)} has no payoffs to draw")
    plot_drawing(drawn, file)


def require_payoffs(refutation: Mapping[str, Any], file: Path) -> None:
    """Make sure that a counterexample has payoffs that can be drawn, unless it is malformed.

    Raises
    ------
    InputError
        When it has none, or a file with this ending shows none of so many players.
    """
    from spi_verify.reports.picture import picture as pictured

    try:
        drawn = _drawing(refutation)
    except MALFORMED:
        return
    if drawn is None:
        raise InputError(f"{_called(refutation)} has no payoffs to draw")
    if file.suffix.lower() == ".tex":
        from spi_verify.reports.tikz import tikz

        tikz(drawn)
    else:
        pictured(drawn.feasible, drawn.outcome)


def _called(refutation: Mapping[str, Any]) -> str:
    return f"a counterexample to {refutation['statement']}"


def plot_drawing(drawn: Drawing, file: Path) -> None:
    """Draw what :func:`drawing_of` returned, as :func:`plot_refutation` does.

    Raises
    ------
    InputError
        When it cannot be drawn, or the file cannot be written.
    """
    if file.suffix.lower() == ".tex":
        from spi_verify.reports.tikz import tikz

        with writing(file):
            file.write_text(tikz(drawn), encoding="utf-8")
        return
    plot_game(drawn.feasible, file, **_given(drawn))


def _given(drawn: Drawing) -> dict[str, Any]:
    label = "" if drawn.outcome is None else "default outcome"
    return {"outcome": drawn.outcome, "outcome_label": label, "offers": drawn.offers}


def _described(feasible: PureOutcomes | CorrelatedPlay) -> str:
    game = feasible.game
    kind = "Feasible set" if isinstance(feasible, CorrelatedPlay) else "Pure outcomes"
    least = ", ".join(map(str, feasible.pareto_meet_minimum))
    return f"{kind} of a game of {game.number_of_players} players; the PMM is ({least})"


def _embedded(svg: str, prefix: str, description: str) -> str:
    """Return the svg element alone, with a text for those who cannot see it."""
    svg = svg[svg.index("<svg") :].rstrip()
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(\sid="|href="#|url\(#)', rf"\g<1>{prefix}-", svg)
    head, rest = svg.split(">", 1)
    head = re.sub(r'\s(width|height)="[^"]*"', "", head)
    return f'{head} style="{INK}" role="img" aria-label="{description}">{_following(rest)}'


def _following(svg: str) -> str:
    """Return a picture whose colours are those that a page says, where one does."""
    known = "|".join(DARK)
    return re.sub(rf"({known})\b", r"var(--plot-\1, \1)", svg).replace("--plot-#", "--plot-")


INK = _following("fill: #000000")
"""The colour of text, as a style."""
