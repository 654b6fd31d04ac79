r"""Boxes as LaTeX that needs no package."""

from __future__ import annotations

import unicodedata

from spi_verify.mathematics.boxes import (
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

WIDTH = 64
"""How many characters of a formula, as in Unicode, a line of a page takes."""

_SIGNS = {
    "∀": r"\forall ",
    "∃": r"\exists ",
    "¬": r"\neg ",
    "λ": r"\lambda ",
    "∧": r"\land ",
    "∨": r"\lor ",
    "⇒": r"\Rightarrow ",
    "⇔": r"\Leftrightarrow ",
    ":⇔": r"\mathrel{:\Leftrightarrow}",
    "≠": r"\neq ",
    "≤": r"\leq ",
    "≥": r"\geq ",
    "⪰": r"\succeq ",
    "≻": r"\succ ",
    "∈": r"\in ",
    "∉": r"\notin ",
    "∪": r"\cup ",
    "∩": r"\cap ",
    "⊆": r"\subseteq ",
    "∘": r"\circ ",
    "∼": r"\sim ",
    "∶": ":",
    "[": r"\lbrack ",
    "]": r"\rbrack ",
    "·": r"\cdot ",
    "∅": r"\emptyset ",
    "∗": "*",
    "𝔼": r"\mathrm{E}",
    "β": r"\beta ",
    "Δ": r"\Delta ",
    "′": "'",
    "{": r"\lbrace ",
    "}": r"\rbrace ",
    " ": "~",
    ":": r"\colon ",
    ",": ", ",
}
_ESCAPED = {
    **{letter: rf"\{letter}" for letter in "#$%&_"},
    "{": r"\lbrace ",
    "}": r"\rbrace ",
    "\\": r"\backslash ",
    "~": r"\sim ",
    "^": r"\hat{~}",
    "'": r"\prime ",
}
_GREEK = {
    unicodedata.lookup(f"GREEK SMALL LETTER {name.replace('lambda', 'lamda').upper()}"): name
    for name in (
        *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"),
        *("lambda", "mu", "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi"),
        "omega",
    )
}
_GREEK |= {
    unicodedata.lookup(f"GREEK CAPITAL LETTER {name.replace('Lambda', 'Lamda').upper()}"): name
    for name in (
        *("Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi"),
        "Omega",
    )
}
_FONTS = {Style.BOLD: "mathbf", Style.UPRIGHT: "mathrm", Style.CALLIGRAPHIC: "mathcal"}


def in_latex(box: Box) -> str:
    """Return a box as LaTeX that belongs between dollar signs."""
    return " ".join(_written(box).split())


def display(box: Box, width: int = WIDTH) -> str:
    r"""Return a box as a LaTeX display, ``\[...\]``, of several lines where it is long.

    Parameters
    ----------
    box
        What is to be written.
    width
        How many characters a line takes.
    """
    return f"\\[\n{in_rows(box, width)}\n\\]"


def in_rows(box: Box, width: int = WIDTH) -> str:
    """Return what stands in a display.

    Parameters
    ----------
    box, width
        As :func:`display` takes them.
    """
    lines = broken(box, width, stacked=True)
    if len(lines) == 1:
        return in_latex(box)
    rows = [r"\quad" * depth + " " + in_latex(line) for depth, line in lines]
    return "\\begin{array}{l}\n" + " \\\\\n".join(rows) + "\n\\end{array}"


def _written(box: Box) -> str:
    if isinstance(box, Text):
        return _text(box)
    if isinstance(box, Script):
        base = _written(box.base) if isinstance(box.base, Text) else f"{{{_written(box.base)}}}"
        low = "" if box.below is None else f"_{{{_written(box.below)}}}"
        return base.rstrip() + low + ("" if box.above is None else f"^{{{_written(box.above)}}}")
    if isinstance(box, Row):
        return "".join(map(_written, box.parts))
    if isinstance(box, Joined):
        return f" {_sign(box.sign)} ".join(map(_written, box.parts))
    if isinstance(box, Fenced):
        return _sign(box.opening) + _written(box.inside) + _sign(box.closing)
    if isinstance(box, Bound):
        return f"{_written(box.head)}{_sign(':')}{_written(box.body)}"
    return _cases(box)


def _cases(box: Cases) -> str:
    rows = [rf"{_written(value)} & \mbox{{if }} {_written(one)}" for value, one in box.rows]
    rows.append(rf"{_written(box.otherwise)} & \mbox{{otherwise}}")
    return r"\left\lbrace\begin{array}{ll} " + r" \\ ".join(rows) + r" \end{array}\right."


def _text(box: Text) -> str:
    if box.style == Style.SIGN:
        return _sign(box.text)
    if box.style == Style.WORDS:
        return rf"\mbox{{{_escaped(box.text)}}}"
    if box.text in _SIGNS:
        return _SIGNS[box.text]
    name, primes = box.text.rstrip("′"), len(box.text) - len(box.text.rstrip("′"))
    font = _FONTS.get(box.style) or ("" if len(name) == 1 else "mathit")
    if " " in name:
        font = "mbox"
    return (rf"\{font}{{{_escaped(name)}}}" if font else _escaped(name)) + "'" * primes


def _sign(text: str) -> str:
    """Return a sign, one that is known or one of several that are, as ``∧ (`` is."""
    if text in _SIGNS:
        return _SIGNS[text]
    first, space, rest = text.partition(" ")
    return f"{_sign(first)} {_sign(rest)}" if space and rest else _SIGNS.get(first, first)


def _escaped(text: str) -> str:
    return "".join(map(_character, text))


def _character(c: str) -> str:
    """Return a character of a name; without its accent, or its number, where LaTeX has it not."""
    if c in _ESCAPED:
        return _ESCAPED[c]
    if c in _GREEK:
        return f"\\{_GREEK[c]} "
    plain = unicodedata.normalize("NFKD", c)[0]
    if plain.isascii() and plain.isprintable():
        return plain if c.isascii() else _ESCAPED.get(plain, plain)
    return rf"\mathtt{{U{ord(c):04X}}}"
