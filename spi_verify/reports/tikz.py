"""The payoffs of a counterexample as a TikZ picture, for a paper."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from spi_verify.counterexamples.drawing import Drawing, Pieces
from spi_verify.errors import InputError
from spi_verify.games.game import Payoffs
from spi_verify.reports.latex import escaped
from spi_verify.reports.looks import PLAYERS
from spi_verify.reports.picture import Picture, payoff_range, picture

_WIDE = Fraction(7)
"""How wide, and at most how high, the payoffs are drawn, in centimetres."""


def tikz(drawn: Drawing) -> str:
    """Return a picture that asks for nothing but the package tikz.

    Raises
    ------
    InputError
        When it is not about two players, or the payoffs cannot be drawn.
    """
    game = drawn.feasible.game
    if game.number_of_players != 2:
        raise InputError(
            "a TikZ picture shows the payoffs of two players, and there are "
            f"{game.number_of_players} here; one that ends in .svg, .png or .pdf shows three"
        )
    return "\n".join(_lines(picture(drawn.feasible, drawn.outcome), drawn)) + "\n"


def _lines(shown: Picture, drawn: Drawing) -> Iterator[str]:
    low, high = zip(*(payoff_range(shown.game, i) for i in (1, 2)), strict=True)
    scale = [_WIDE / ((b - a) or 1) for a, b in zip(low, high, strict=True)]
    if max(scale) <= 3 * min(scale):
        scale = [min(scale)] * 2
    yield "% Needs \\usepackage{tikz}; dimensions are payoffs."
    units = ", ".join(f"{axis}={_number(s)}cm" for axis, s in zip("xy", scale, strict=True))
    yield f"\\begin{{tikzpicture}}[{units}, font=\\small]"
    for i, colour in enumerate(PLAYERS[:2], 1):
        yield f"\\definecolor{{player{i}}}{{HTML}}{{{colour[1:]}}}"
    room = [Fraction(3, 5) / s for s in scale]
    left, below = (a - r for a, r in zip(low, room, strict=True))
    right, above = (b + r for b, r in zip(high, room, strict=True))
    if shown.hulls and shown.hulls[0]:
        yield f"\\filldraw[fill=black!8, draw=black!45] {_path(shown.hulls[0])} -- cycle;"
    if shown.pareto_meet:
        yield f"\\fill[yellow!55!black, opacity=0.35] {_path(shown.pareto_meet)} -- cycle;"
    yield f"\\draw[->] {_at((left, below))} -- {_at((right, below))} node[right] {{$u_1$}};"
    yield f"\\draw[->] {_at((left, below))} -- {_at((left, above))} node[above] {{$u_2$}};"
    for value in _ticks(shown, 0):
        yield f"\\node[below] at {_at((value, below))} {{${value}$}};"
    for value in _ticks(shown, 1):
        yield f"\\node[left] at {_at((left, value))} {{${value}$}};"
    x, y = shown.pareto_meet_minimum
    yield f"\\draw[dash dot, purple] {_at((x, below))} -- {_at((x, above))};"
    yield f"\\draw[dash dot, purple] {_at((left, y))} -- {_at((right, y))};"
    for face in shown.frontier:
        if len(face) == 2:
            yield f"\\draw[thick] {_path(face)};"
    if drawn.offers is not None:
        for i, pieces in enumerate(drawn.offers.offered, 1):
            yield from _offered(pieces, i)
    for mark in shown.marks:
        fill = "black" if mark.efficient else "white"
        name = escaped(mark.label)
        yield (
            f"\\filldraw[draw=black, fill={fill}] {_at(mark.payoffs)} circle (2pt) "
            f"node[above right] {{{name}}};"
        )
    yield f"\\node[draw=purple, rotate=45, inner sep=2.5pt, thick] at {_at((x, y))} {{}};"
    yield f"\\node[below left, purple] at {_at((x, y))} {{PMM}};"
    if shown.outcome is not None:
        yield f"\\node[font=\\large] at {_at(shown.outcome)} {{$\\times$}};"
    if drawn.offers is not None:
        for piece in drawn.offers.agreed:
            yield f"\\node[font=\\large] at {_at(piece[0])} {{$\\star$}};"
    yield "\\end{tikzpicture}"


def _ticks(shown: Picture, i: int) -> list[Fraction]:
    """Return the payoffs that a player gets, where they are few."""
    values = {mark.payoffs[i] for mark in shown.marks} | {shown.pareto_meet_minimum[i]}
    return sorted(values) if len(values) <= 8 else [min(values), max(values)]


def _offered(pieces: Pieces, player: int) -> Iterator[str]:
    """Yield broad bands along what a player offers."""
    look = f"draw=player{player}, opacity=0.4, line cap=round"
    for piece in pieces:
        if len(piece) > 2:
            yield f"\\fill[player{player}, opacity=0.3] {_path(piece)} -- cycle;"
        else:
            path = _path((*piece, piece[0])[:2])
            yield f"\\draw[{look}, line width={9 + 4 * player}pt] {path};"


def _path(points: tuple[Payoffs, ...]) -> str:
    return " -- ".join(map(_at, points))


def _at(point: Payoffs) -> str:
    return f"({', '.join(map(_number, point))})"


def _number(value: Fraction) -> str:
    """Return a number that TeX reads: a decimal, rounded to what can be seen."""
    return f"{float(value):.4f}".rstrip("0").rstrip(".")
