"""Boxes as MathML, for pages that need no script."""

from __future__ import annotations

from xml.sax.saxutils import escape

from spi_verify.mathematics.boxes import (
    PRIME,
    Bound,
    Box,
    Cases,
    Fenced,
    Joined,
    Row,
    Script,
    Style,
    Text,
)
from spi_verify.mathematics.lines import broken

WIDTH = 90
"""How many characters of a formula, as in Unicode, a line of a page takes."""

_BOLD = {chr(97 + k): chr(0x1D41A + k) for k in range(26)}
_BOLD |= {chr(65 + k): chr(0x1D400 + k) for k in range(26)}
_PREFIX = {"∀", "∃", "¬", "λ", "-"}


def in_mathml(box: Box, *, width: int = WIDTH) -> str:
    """Return a box as a ``math`` element, of several lines where it is long.

    Parameters
    ----------
    box
        What is to be written.
    width
        How many characters a line takes.
    """
    lines = broken(box, width, stacked=True)
    if len(lines) == 1:
        return f"<math>{_written(box)}</math>"
    rows = "".join(
        f'<mtr><mtd style="text-align:left"><mspace width="{1.2 * depth:.1f}em"/>'
        f"{_written(line)}</mtd></mtr>"
        for depth, line in lines
    )
    return f"<math><mtable>{rows}</mtable></math>"


def _written(box: Box) -> str:
    if isinstance(box, Text):
        return _text(box)
    if isinstance(box, Script):
        return _script(box)
    if isinstance(box, Row):
        return _row(*map(_written, box.parts))
    if isinstance(box, Joined):
        first, *rest = map(_written, box.parts)
        between = "".join(f"<mo>{escape(part)}</mo>" for part in _minus(box.sign).split())
        return _row(first, *(piece for part in rest for piece in (between, part)))
    if isinstance(box, Fenced):
        fences = (f'<mo stretchy="false">{one}</mo>' for one in (box.opening, box.closing))
        return _row(next(fences), _written(box.inside), next(fences))
    if isinstance(box, Bound):
        return _row(_written(box.head), "<mo>:</mo>", _written(box.body))
    return _cases(box)


def _row(*parts: str) -> str:
    return f"<mrow>{''.join(parts)}</mrow>"


def _script(box: Script) -> str:
    base = _written(box.base)
    if box.above is None:
        assert box.below is not None
        return f"<msub>{base}{_written(box.below)}</msub>"
    if box.below is None:
        return f"<msup>{base}{_written(box.above)}</msup>"
    return f"<msubsup>{base}{_written(box.below)}{_written(box.above)}</msubsup>"


def _cases(box: Cases) -> str:
    rows = [(value, _row("<mtext>if&#160;</mtext>", _written(one))) for value, one in box.rows]
    rows.append((box.otherwise, "<mtext>otherwise</mtext>"))
    cells = "".join(
        f'<mtr><mtd style="text-align:left">{_written(value)}</mtd>'
        f'<mtd style="text-align:left">{condition}</mtd></mtr>'
        for value, condition in rows
    )
    return _row(f"<mo>{{</mo><mtable>{cells}</mtable>")


def _text(box: Text) -> str:
    if box.style == Style.SIGN:
        return f"<mn>{box.text}</mn>" if box.text[0].isdigit() else _sign(box.text)
    if box.style == Style.WORDS:
        return f"<mtext>{escape(box.text).replace(' ', '&#160;')}</mtext>"
    letter = box.text.rstrip(PRIME)
    if letter != box.text and len(letter) == 1:  # so that it is slanted as it is without primes
        primes = box.text.removeprefix(letter)
        return f"<msup>{_text(Text(letter, box.style))}<mo>{primes}</mo></msup>"
    if box.style == Style.BOLD:
        return f"<mi>{''.join(_BOLD.get(letter, escape(letter)) for letter in box.text)}</mi>"
    if box.style == Style.UPRIGHT:
        return f'<mi mathvariant="normal">{escape(box.text)}</mi>'
    return f"<mi>{'ℛ' if box.style == Style.CALLIGRAPHIC else escape(box.text)}</mi>"


def _sign(text: str) -> str:
    return "".join(_one_sign(part) for part in text.split()) or '<mspace width="0.2em"/>'


def _one_sign(text: str) -> str:
    form = ' form="prefix"' if text in _PREFIX else ""
    name = "mi" if text == "∅" else "mo"
    return f"<{name}{form}>{escape(_minus(text))}</{name}>"


def _minus(text: str) -> str:
    return "−" if text == "-" else text
