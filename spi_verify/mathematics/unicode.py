"""Boxes as Unicode text for a terminal."""

from __future__ import annotations

from functools import partial

from spi_verify.mathematics.boxes import (
    Bound,
    Box,
    Fenced,
    Joined,
    Row,
    Script,
    Style,
    Text,
    sign,
)

_BELOW = dict(zip("ijknmaexoprstuv0123456789-=", "ᵢⱼₖₙₘₐₑₓₒₚᵣₛₜᵤᵥ₀₁₂₃₄₅₆₇₈₉₋₌", strict=True))
_ABOVE = dict(zip("ijknm-0123456789", "ⁱʲᵏⁿᵐ⁻⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True))
_SCRIPT = {"R": "ℛ"}
_COMMA = sign(",")


def in_unicode(box: Box, *, stacked: bool = False) -> str:
    """Return a box as one line of text.

    Parameters
    ----------
    box
        What is to be written.
    stacked
        Whether cases stand below each other, so that only the longest of them counts: for
        measuring what is written in another way.
    """
    write = partial(in_unicode, stacked=stacked)
    if isinstance(box, Text):
        return _SCRIPT[box.text] if box.style == Style.CALLIGRAPHIC else box.text
    if isinstance(box, Script):
        return write(box.base) + _below(box.below) + _above(box.above)
    if isinstance(box, Row):
        return "".join(", " if part == _COMMA else write(part) for part in box.parts)
    if isinstance(box, Joined):
        return f" {box.sign} ".join(map(write, box.parts))
    if isinstance(box, Fenced):
        return f"{box.opening}{write(box.inside)}{box.closing}"
    if isinstance(box, Bound):
        return f"{write(box.head)}: {write(box.body)}"
    rows = [f"{write(value)} if {write(condition)}" for value, condition in box.rows]
    rows.append(f"{write(box.otherwise)} otherwise")
    return "{ " + max(rows, key=len) if stacked else "{" + "; ".join(rows) + "}"


def _below(box: Box | None) -> str:
    if box is None:
        return ""
    text = in_unicode(box)
    if all(letter in _BELOW for letter in text):
        return "".join(_BELOW[letter] for letter in text)
    return f"_{text}" if isinstance(box, Text) else f"_{{{text}}}"


def _above(box: Box | None) -> str:
    if box is None:
        return ""
    text = in_unicode(box)
    if text == "∗":
        return "*"
    if all(letter in _ABOVE for letter in text):
        return "".join(_ABOVE[letter] for letter in text)
    return f"^{text}" if isinstance(box, Text | Fenced) else f"^{{{text}}}"
