"""Linear expressions in named parameters, and linear constraints on them.

Text is read by a parser of its own and never evaluated as Python.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Literal

from spi_verify.errors import InputError
from spi_verify.games.rationals import MAX_DIGITS, format_rational, parse_rational, remedy
from spi_verify.suggestions import suggestion

MAX_LENGTH = 1000
_MAX_NESTING = 30
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[^\W\d]\w*)"
    r"|(?P<symbol><=|>=|==|[-+*/()<>=]))"
)

Relation = Literal["<", "<=", "=", ">=", ">"]
_RELATIONS: dict[str, Relation] = {
    "<": "<",
    "<=": "<=",
    "=": "=",
    "==": "=",
    ">=": ">=",
    ">": ">",
}


@dataclass(frozen=True)
class Linear:
    """``constant + sum of coefficient * parameter``, all exact.

    Parameters
    ----------
    constant
        The value where all parameters are 0.
    coefficients
        Pairs of a parameter's name and its coefficient (never 0), sorted by name.
    """

    constant: Fraction
    coefficients: tuple[tuple[str, Fraction], ...] = ()

    @property
    def is_constant(self) -> bool:
        """Whether no parameter occurs."""
        return not self.coefficients

    def at(self, values: Mapping[str, Fraction]) -> Fraction:
        """Return the value where the parameters have the given values."""
        return self.constant + sum(c * values[name] for name, c in self.coefficients)

    def __add__(self, other: Linear) -> Linear:
        merged = dict(self.coefficients)
        for name, c in other.coefficients:
            merged[name] = merged.get(name, Fraction(0)) + c
        return _linear(self.constant + other.constant, merged)

    def __sub__(self, other: Linear) -> Linear:
        return self + other.times(Fraction(-1))

    def times(self, factor: Fraction) -> Linear:
        """Return the expression multiplied by a number."""
        return _linear(self.constant * factor, {name: c * factor for name, c in self.coefficients})

    def __str__(self) -> str:
        return _sum_text([*self.coefficients, *([(None, self.constant)] if self.constant else [])])


@dataclass(frozen=True)
class Constraint:
    """``expression relation 0`` for a linear expression."""

    expression: Linear
    relation: Relation

    def holds(self, values: Mapping[str, Fraction]) -> bool:
        """Whether the constraint is satisfied where the parameters have the given values."""
        value = self.expression.at(values)
        match self.relation:
            case "<":
                return value < 0
            case "<=":
                return value <= 0
            case "=":
                return value == 0
            case ">=":
                return value >= 0
            case ">":
                return value > 0

    def __str__(self) -> str:
        """Write it for people: parameters left, number right, coprime coefficients."""
        terms, constant = self.expression.coefficients, self.expression.constant
        if not terms:
            return f"{constant} {self.relation} 0"
        scale = Fraction(
            lcm(*(c.denominator for _, c in terms)), gcd(*(c.numerator for _, c in terms))
        )
        flip = terms[0][1] < 0
        if flip:
            scale = -scale
        relation = _FLIPPED[self.relation] if flip else self.relation
        left = _sum_text([(name, c * scale) for name, c in terms])
        return f"{left} {relation} {format_rational(-constant * scale)}"


_FLIPPED: dict[Relation, Relation] = {"<": ">", "<=": ">=", "=": "=", ">=": "<=", ">": "<"}


def parse_linear(text: str, names: Collection[str]) -> Linear:
    """Read a linear expression such as ``"2*c - 11/4"``.

    Parameters
    ----------
    text
        Numbers (integers, decimals), the given names, ``+ - * /`` and parentheses. A product
        needs a number on one side, a quotient a number other than 0 on the right.
    names
        The names that may occur.

    Raises
    ------
    InputError
        When the text is no such expression.

    >>> str(parse_linear("3*(c - 1)/2", {"c"}))
    '3/2*c - 3/2'
    """
    parser = _Parser(text, names)
    value = parser.sum()
    parser.expect_end()
    return value


def parse_constraints(
    text: str, names: Collection[str], *, what: str = "parameter"
) -> list[Constraint]:
    """Read a comparison of linear expressions, or a chain of them such as ``"0 < c <= 1"``.

    Parameters
    ----------
    text
        Linear expressions as for :func:`parse_linear` with ``< <= = >= >`` between them.
    names
        The names that may occur.
    what
        What a name stands for, for messages.

    Raises
    ------
    InputError
        When the text is no such comparison.

    >>> [str(c) for c in parse_constraints("0 < c <= 1", {"c"})]
    ['c > 0', 'c <= 1']
    """
    parser = _Parser(text, names, what)
    left = parser.sum()
    found: list[Constraint] = []
    while parser.peek() in _RELATIONS:
        relation = _RELATIONS[parser.take()]
        right = parser.sum()
        found.append(Constraint(left - right, relation))
        left = right
    parser.expect_end()
    if not found:
        raise InputError(f"{text!r} compares nothing (write for example c > 0)")
    return found


class _Parser:
    """Recursive descent over the tokens of one text."""

    def __init__(self, text: str, names: Collection[str], what: str = "parameter") -> None:
        if len(text) > MAX_LENGTH:
            raise InputError(f"an expression of {len(text)} characters is too long")
        self.text = text
        self.names = names
        self.what = what
        self.tokens = list(_tokens(text))
        self.position = 0
        self.nesting = 0

    def peek(self) -> str:
        return self.tokens[self.position] if self.position < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.position += 1
        return token

    def expect_end(self) -> None:
        if self.peek():
            raise self.error(f"unexpected {self.peek()!r}")

    def error(self, what: str) -> InputError:
        return InputError(f"{what} in {self.text!r}")

    def sum(self) -> Linear:
        value = self.product()
        while self.peek() in {"+", "-"}:
            value = value + self.product() if self.take() == "+" else value - self.product()
            self.check_size(value)
        return value

    def product(self) -> Linear:
        value = self.factor()
        while self.peek() in {"*", "/"}:
            symbol, right = self.take(), self.factor()
            if symbol == "/":
                if not right.is_constant or right.constant == 0:
                    raise self.error("division by what is no number, or by 0,")
                value = value.times(1 / right.constant)
            elif right.is_constant:
                value = value.times(right.constant)
            elif value.is_constant:
                value = right.times(value.constant)
            else:
                raise self.error(f"a product of two {self.what}s is not linear")
            self.check_size(value)
        return value

    def check_size(self, value: Linear) -> None:
        for number in (value.constant, *(c for _, c in value.coefficients)):
            if max(abs(number.numerator), number.denominator) >= 10**MAX_DIGITS:
                raise InputError(f"a number of more than {MAX_DIGITS} digits in an expression")

    def factor(self) -> Linear:
        token = self.take()
        if token in {"+", "-", "("}:
            self.nesting += 1
            if self.nesting > _MAX_NESTING:
                raise self.error("too deeply nested")
            value = self.sum() if token == "(" else self.factor()
            self.nesting -= 1
            if token == "(" and self.take() != ")":
                raise self.error("a parenthesis is not closed")
            return value.times(Fraction(-1)) if token == "-" else value
        if token[:1].isdigit() or token[:1] == ".":
            return Linear(parse_rational(token))
        if token in self.names:
            return Linear(Fraction(0), ((token, Fraction(1)),))
        if token.isidentifier():
            none = "none is declared"
            if self.what == "parameter":
                none += f'; write names = ["{token}"] under [parameters]'
            hint = suggestion(token, sorted(self.names), none=none)
            raise InputError(f"unknown {self.what} {token!r}{hint} in {self.text!r}")
        if not self.text.strip():
            raise InputError("there is no expression in an empty text")
        if not token:
            raise self.error("something is missing at the end")
        raise InputError(f"unexpected {token!r} in {self.text!r}{remedy(self.text)}")


def _tokens(text: str) -> Iterable[str]:
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position, end)
        if match is None:
            unexpected = text[position:].strip()[:1]
            raise InputError(f"unexpected {unexpected!r} in {text!r}{remedy(text)}")
        yield match[match.lastgroup or 0]
        position = match.end()


def _linear(constant: Fraction, coefficients: Mapping[str, Fraction]) -> Linear:
    return Linear(constant, tuple(sorted((n, c) for n, c in coefficients.items() if c)))


def _sum_text(terms: Iterable[tuple[str | None, Fraction]]) -> str:
    text = ""
    for name, c in terms:
        size = format_rational(abs(c))
        body = size if name is None else name if abs(c) == 1 else f"{size}*{name}"
        if text:
            text += f" {'-' if c < 0 else '+'} {body}"
        else:
            text = f"-{body}" if c < 0 else body
    return text or "0"
