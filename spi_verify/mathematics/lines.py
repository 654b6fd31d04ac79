"""Boxes broken into lines."""

from __future__ import annotations

from collections.abc import Callable

from spi_verify.mathematics.boxes import Bound, Box, Cases, Fenced, Joined, Row, Style, Text, sign
from spi_verify.mathematics.unicode import in_unicode

Line = tuple[int, Box]
"""How deep a line is indented, and what it holds."""


def in_lines(box: Box, width: int) -> str:
    """Return a box as text, broken at signs and indented where a line would be too long.

    Parameters
    ----------
    box
        What is to be written.
    width
        How many columns there are; what has no sign to break at may be longer.
    """
    return "\n".join("  " * depth + in_unicode(line) for depth, line in broken(box, width))


def broken(box: Box, width: int, *, stacked: bool = False) -> list[Line]:
    """Return a box as lines, each as long as the width allows where it has a sign to break at.

    Parameters
    ----------
    box
        What is to be written.
    width
        How many characters of Unicode text a line should have; each step of indentation takes 2.
    stacked
        Whether cases are written below each other anyway, so that they are not broken.
    """
    if len(in_unicode(box, stacked=stacked)) <= width or width <= 0:
        return [(0, box)]

    def inside(part: Box, taken: int) -> list[Line]:
        return broken(part, width - taken, stacked=stacked)

    if isinstance(box, Bound):
        return [(0, Row((box.head, sign(":")))), *_deeper(inside(box.body, 2))]
    if isinstance(box, Joined):
        space = len(box.sign) + 1
        found = inside(box.parts[0], 0)
        for part in box.parts[1:]:
            (depth, first), *rest = inside(part, max(space, 2))
            found += [(depth, Row((sign(f"{box.sign} "), first))), *_deeper(rest)]
        return found
    if isinstance(box, Fenced):
        (depth, first), *rest = inside(box.inside, 2)
        lines: list[Line] = [(depth, Row((sign(box.opening), first)))]
        lines += rest if isinstance(box.inside, Bound) else _deeper(rest)
        depth, end = lines[-1]
        return [*lines[:-1], (depth, Row((end, sign(box.closing))))]
    if isinstance(box, Cases) and not stacked:
        return _cases(box, inside)
    return _row(box, inside) if isinstance(box, Row) else [(0, box)]


def _deeper(lines: list[Line]) -> list[Line]:
    return [(depth + 1, line) for depth, line in lines]


def _cases(box: Cases, inside: Callable[[Box, int], list[Line]]) -> list[Line]:
    found: list[Line] = []
    for value, condition in box.rows:
        found += _after("{ ", inside(value, 2))
        found += _deeper(_after("if ", inside(condition, 5)))
    return found + _after("{ ", inside(Row((box.otherwise, Text(" otherwise", Style.WORDS))), 2))


def _after(start: str, lines: list[Line]) -> list[Line]:
    """Return lines, the first with something before it."""
    (depth, first), *rest = lines
    return [(depth, Row((Text(start, Style.WORDS), first))), *_deeper(rest)]


def _row(box: Row, inside: Callable[[Box, int], list[Line]]) -> list[Line]:
    """Return a row broken in its last part, where that is one that can be broken."""
    *before, last = box.parts
    if not before or isinstance(last, Text):
        return [(0, box)]
    (_, first), *rest = inside(last, 2)
    return [(0, Row((*before, first))), *_deeper(rest)]
