"""Sets of parameter values in words and as LaTeX: ``c <= (1 + sqrt(5))/2 or c = 3``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from spi_verify.claims.parameters.line import Interval, Number
from spi_verify.games.algebraic import Algebraic, generator

_GREEK = frozenset(
    [
        "alpha",
        "beta",
        "gamma",
        "delta",
        "epsilon",
        "zeta",
        "eta",
        "theta",
        "iota",
        "kappa",
        "lambda",
        "mu",
        "nu",
        "xi",
        "pi",
        "rho",
        "sigma",
        "tau",
        "upsilon",
        "phi",
        "chi",
        "psi",
        "omega",
        "Gamma",
        "Delta",
        "Theta",
        "Lambda",
        "Xi",
        "Pi",
        "Sigma",
        "Upsilon",
        "Phi",
        "Psi",
        "Omega",
    ]
)
_TOKEN = re.compile(
    r"\s*(?:(?P<rounded>\d+\.\d+\.\.\.)|(?P<number>\d+)|(?P<name>[^\W\d]\w*)"
    r"|(?P<symbol>\*\*|<=|>=|!=|[-+*/()<>=]))"
)
_RELATIONS = {"<=": r"\le", ">=": r"\ge", "!=": r"\ne", "<": "<", ">": ">", "=": "="}


def intervals_text(name: str, intervals: Sequence[Interval]) -> str:
    """Write a set of values of one parameter; ``""`` for the empty set."""
    texts = [_interval_text(name, interval) for interval in intervals]
    if len(texts) > 1:
        texts = [f"({text})" if " and " in text else text for text in texts]
    said = " or ".join(texts)
    notes = [_note(number) for number in _bounds(intervals) if not _is_written(number)]
    return ", ".join([said, *dict.fromkeys(notes)])


def intervals_latex(name: str, intervals: Sequence[Interval]) -> str:
    """Write the same as LaTeX."""
    said, *_ = intervals_text(name, intervals).partition(", where ")
    notes = [
        rf",\ \text{{where }} {latex(number_text(number))} \text{{ is the root of }} "
        rf"{latex(number.root.polynomial)} \text{{ between }} {latex(str(number.root.low))} "
        rf"\text{{ and }} {latex(str(number.root.high))}"
        for number in _bounds(intervals)
        if isinstance(number, Algebraic) and not _is_written(number)
    ]
    return "".join([latex(said), *dict.fromkeys(notes)])


def number_text(number: Number) -> str:
    """Write a bound: with a root where it is one, else by its first digits."""
    if isinstance(number, Fraction) or number.root.degree == 2:
        return str(number)
    radical = _radical(number)
    return radical or f"{_truncated(number)}..."


def value_text(number: Number) -> str:
    """Write the value of a parameter so that it says which number it is."""
    if _is_written(number):
        return number_text(number)
    assert isinstance(number, Algebraic)
    return f"{number_text(number)}, {number.root}"


def latex(text: str) -> str:
    r"""Write a set, a comparison or an expression as LaTeX.

    >>> print(latex("(1 <= delta and c < sqrt(5)/2) or c**2*d >= 1/2"))
    \left(1 \le \delta \land c < \frac{\sqrt{5}}{2}\right) \lor c^{2} d \ge \frac{1}{2}
    """
    return _Reader(text).whole()


class _Reader:
    """Recursive descent over what this program writes."""

    def __init__(self, text: str) -> None:
        self.tokens: list[str] = []
        position, end = 0, len(text.rstrip())
        while position < end:
            match = _TOKEN.match(text, position, end)
            assert match is not None, text
            self.tokens.append(match[match.lastgroup or 0])
            position = match.end()
        self.position = 0

    def peek(self) -> str:
        return self.tokens[self.position] if self.position < len(self.tokens) else ""

    def take(self) -> str:
        self.position += 1
        return self.tokens[self.position - 1]

    def whole(self) -> str:
        """Read comparisons, with ``and`` and ``or`` between them."""
        text = self.comparison()
        while self.peek() in {"and", "or"}:
            word = r"\land" if self.take() == "and" else r"\lor"
            text = f"{text} {word} {self.comparison()}"
        return text

    def comparison(self) -> str:
        text = self.sum()
        while self.peek() in _RELATIONS:
            text = f"{text} {_RELATIONS[self.take()]} {self.sum()}"
        return text

    def sum(self) -> str:
        text = "-" if self.peek() == "-" else ""
        if text:
            self.take()
        text += self.product()
        while self.peek() in {"+", "-"}:
            text = f"{text} {self.take()} {self.product()}"
        return text

    def product(self) -> str:
        text = self.power()
        while self.peek() in {"*", "/"}:
            if self.take() == "*":
                text = f"{text} {self.power()}"
            else:
                text = rf"\frac{{{_bare(text)}}}{{{_bare(self.power())}}}"
        return text

    def power(self) -> str:
        text = self.factor()
        if self.peek() == "**":
            self.take()
            text = f"{text}^{{{_bare(self.factor())}}}"
        return text

    def factor(self) -> str:
        token = self.take()
        if token == "(":
            inside = self.whole()
            self.take()
            return rf"\left({inside}\right)"
        if token == "sqrt" and self.peek() == "(":
            return rf"\sqrt{{{_bare(self.factor())}}}"
        if token.endswith("..."):
            return token.removesuffix("...") + r"\ldots"
        if token[0].isdigit():
            return token
        return name_latex(token)


def name_latex(name: str) -> str:
    """Write a parameter's name as LaTeX."""
    if name in _GREEK:
        return f"\\{name}"
    return name if len(name) == 1 else rf"\mathit{{{name.replace('_', chr(92) + '_')}}}"


def _bare(text: str) -> str:
    inner = text.removeprefix(r"\left(").removesuffix(r"\right)")
    wrapped = text.startswith(r"\left(") and text.endswith(r"\right)") and r"\left(" not in inner
    return inner if wrapped else text


def _interval_text(name: str, interval: Interval) -> str:
    low, high = interval.low, interval.high
    if low is not None and low == high:
        return f"{name} = {number_text(low)}"
    if low is not None and high is not None:
        left, right = ("<=" if inside else "<" for inside in (interval.low_in, interval.high_in))
        parts = [f"{number_text(low)} {left} {name} {right} {number_text(high)}"]
    elif low is not None:
        parts = [f"{name} {'>=' if interval.low_in else '>'} {number_text(low)}"]
    elif high is not None:
        parts = [f"{name} {'<=' if interval.high_in else '<'} {number_text(high)}"]
    else:
        parts = []
    return " and ".join([*parts, *(f"{name} != {number_text(n)}" for n in interval.without)])


def _bounds(intervals: Sequence[Interval]) -> list[Number]:
    ends = [n for i in intervals for n in (i.low, *i.without, i.high)]
    return [number for number in ends if number is not None]


def _note(number: Number) -> str:
    assert isinstance(number, Algebraic)
    return f"where {number_text(number)} is {number.root}"


def _is_written(number: Number) -> bool:
    return isinstance(number, Fraction) or number.root.degree == 2 or bool(_radical(number))


def _radical(number: Algebraic) -> str:
    """Write a root of a number, if this is one: ``2**(1/3)``."""
    first, *middle, last = number.root.coefficients
    if number != generator(number.root) or any(middle) or number < 0 or last > 0:
        return ""
    base = Fraction(-last, first)
    shown = str(base) if base.denominator == 1 else f"({base})"
    return f"{shown}**(1/{number.root.degree})"


def _truncated(number: Algebraic) -> str:
    """Return the first four digits after the point, cut off."""
    size = abs(number)
    digits = 0
    step = 2 ** max(0, float(size).__trunc__().bit_length() + 15)
    while step:
        if not size < Fraction(digits + step, 10_000):
            digits += step
        step //= 2
    sign = "-" if number < 0 else ""
    return f"{sign}{digits // 10_000}.{digits % 10_000:04d}"
