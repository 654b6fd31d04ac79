"""Expressions in named parameters, read from text, and constraints on them.

Text is read by a parser of its own and never evaluated as Python.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Any, Literal

from spi_verify.errors import InputError
from spi_verify.games.linear import Linear as Linear
from spi_verify.games.linear import sum_text
from spi_verify.games.quotients import (
    MAX_DEGREE,
    Vanishes,
    as_quotient,
    divided_still,
    monomial_text,
    numbers_in,
    product,
    reciprocal,
    simplest,
)
from spi_verify.games.quotients import Expression as Expression
from spi_verify.games.quotients import Quotient as Quotient
from spi_verify.games.rationals import MAX_DIGITS, format_rational, parse_rational, remedy
from spi_verify.suggestions import suggestion

MAX_LENGTH = 1000
_MAX_NESTING = 30
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[^\W\d]\w*)"
    r"|(?P<symbol><=|>=|==|\*\*|[-+*/^()<>=]))"
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
_FOREIGN = re.compile(
    r"(?P<unequal>!=|<>|\u2260)|(?P<least>(?<![<>=])=\s*>|>\s+=|\u2265|\u2a7e)"
    r"|(?P<most>(?<![<>=])=\s*<|<\s+=|\u2264|\u2a7d)"
)
_NEAREST = {"unequal": (">", "<"), "least": (">=",), "most": ("<=",)}


@dataclass(frozen=True)
class Constraint:
    """``expression relation 0``; it does not hold where a divisor of the expression is 0."""

    expression: Expression
    relation: Relation

    @property
    def linear(self) -> Linear:
        """The expression of a constraint that :func:`parse_constraints` read."""
        assert isinstance(self.expression, Linear)
        return self.expression

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Whether the constraint is satisfied where the parameters have the given values."""
        try:
            value = self.expression.at(values)
        except Vanishes:
            return False
        match self.relation:
            case "<":
                return bool(value < 0)
            case "<=":
                return bool(value <= 0)
            case "=":
                return bool(value == 0)
            case ">=":
                return bool(value >= 0)
            case ">":
                return bool(value > 0)

    def __str__(self) -> str:
        """Write it for people: parameters left, number right, coprime coefficients."""
        if isinstance(self.expression, Quotient):
            return comparison(self.expression, self.relation)
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
        left = sum_text([(name, c * scale) for name, c in terms])
        return f"{left} {relation} {format_rational(-constant * scale)}"


_FLIPPED: dict[Relation, Relation] = {"<": ">", "<=": ">=", "=": "=", ">=": "<=", ">": "<"}


def comparison(quotient: Quotient, relation: Relation) -> str:
    """Write ``p*q >= p + 1``: what is subtracted goes to the other side, if nothing is divided.

    Parameters
    ----------
    quotient, relation
        What is compared with 0, and how.
    """
    if quotient.divisors:
        return f"{quotient} {relation} 0"
    terms = quotient.numerator.terms
    scale = Fraction(lcm(*(c.denominator for _, c in terms)), gcd(*(c.numerator for _, c in terms)))
    if terms[0][1] < 0:
        scale, relation = -scale, _FLIPPED[relation]
    scaled = [(monomial_text(monomial), c * scale) for monomial, c in terms]
    right = sum_text((text, -c) for text, c in scaled if c < 0)
    return f"{sum_text((text, c) for text, c in scaled if c > 0)} {relation} {right}"


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
    parser = _Parser(text, names, "parameter", linear=True)
    value = parser.sum()
    parser.expect_end()
    assert isinstance(value, Linear)
    return value


def parse_expression(
    text: str, names: Collection[str], divisors: list[Expression] | None = None
) -> Expression:
    """Read a polynomial or a quotient of polynomials, such as ``"delta/(1 - delta)*V - c**2"``.

    Parameters
    ----------
    text
        Numbers (integers, decimals), the given names, ``+ - * /``, whole powers ``**`` (or ``^``)
        and parentheses.
    names
        The names that may occur.
    divisors
        What is divided by, as it stands, is added here: the expression has no value where one of
        these is 0, even where its value no longer shows it (``c/c``, ``0/c``).

    Raises
    ------
    InputError
        When the text is no such expression.

    >>> str(parse_expression("(V - C)/2 + d**2", {"V", "C", "d"}))
    'd**2 - 1/2*C + 1/2*V'
    """
    parser = _Parser(text, names, "parameter", linear=False)
    value = parser.sum()
    parser.expect_end()
    if divisors is not None:
        divisors += parser.divisors
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
    return _chain(text, names, what, linear=True)


def parse_general_constraints(text: str, names: Collection[str]) -> list[Constraint]:
    """Read a comparison of expressions, or a chain of them such as ``"0 < c**2 <= d/(1 - d)"``.

    Parameters
    ----------
    text
        Expressions as for :func:`parse_expression` with ``< <= = >= >`` between them.
    names
        The names that may occur.

    Raises
    ------
    InputError
        When the text is no such comparison.

    >>> [str(c) for c in parse_general_constraints("c*d > c + 1", {"c", "d"})]
    ['c*d > c + 1']
    """
    return _chain(text, names, "parameter", linear=False)


def _chain(text: str, names: Collection[str], what: str, *, linear: bool) -> list[Constraint]:
    if len(text) <= MAX_LENGTH:
        _require_relations(text)
    parser = _Parser(text, names, what, linear=linear)
    left = parser.sum()
    found: list[Constraint] = []
    while parser.peek() in _RELATIONS:
        relation = _RELATIONS[parser.take()]
        right = parser.sum()
        found.append(Constraint(divided_still(left - right, parser.divisors), relation))
        left = right
    parser.expect_end()
    if not found:
        raise InputError(f"{parser.text!r} compares nothing (write for example c > 0)")
    return found


def _require_relations(text: str) -> None:
    """Raise InputError, which says what comes nearest, where a comparison is none of ours."""
    match = _FOREIGN.search(text)
    if match is None:
        return
    meant = " or ".join(
        (text[: match.start()] + symbol + text[match.end() :]).strip()
        for symbol in _NEAREST[match.lastgroup or ""]
    )
    raise InputError(
        f"{match[0]!r} in {text!r} is none of the comparisons < <= = >= >; write {meant}"
    )


class _Parser:
    """Recursive descent over the tokens of one text."""

    def __init__(self, text: str, names: Collection[str], what: str, *, linear: bool) -> None:
        if len(text) > MAX_LENGTH:
            raise InputError(f"an expression of {len(text)} characters is too long")
        self.text = text
        self.names = names
        self.what = what
        self.linear = linear
        self.divisors: list[Expression] = []
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

    def sum(self) -> Expression:
        value = self.product()
        while self.peek() in {"+", "-"}:
            value = value + self.product() if self.take() == "+" else value - self.product()
            self.check_size(value)
        return value

    def product(self) -> Expression:
        value = self.power()
        while self.peek() in {"*", "/"}:
            symbol, right = self.take(), self.power()
            if symbol == "/":
                value = self.divided(value, right)
            else:
                if self.linear and not (value.is_constant or right.is_constant):
                    raise self.error(f"a product of two {self.what}s is not linear")
                value = product(value, right)
            self.check_size(value)
        return value

    def divided(self, value: Expression, by: Expression) -> Expression:
        if isinstance(by, Linear) and by.is_constant and by.constant:
            return value.times(1 / by.constant)
        if self.linear:
            raise self.error("division by what is no number, or by 0,")
        above = as_quotient(by).numerator
        if not above.terms:
            raise self.error("division by 0")
        if not above.is_constant:
            self.divisors.append(simplest(Quotient(above)))
        return product(value, reciprocal(by))

    def power(self) -> Expression:
        base = self.factor()
        if self.peek() not in {"**", "^"}:
            return base
        symbol, exponent = self.take(), self.take()
        if self.linear:
            raise self.error("a power is not linear")
        if not exponent.isdecimal() or not exponent.isascii() or int(exponent[:4]) > MAX_DEGREE:
            raise self.error(f"a whole number up to {MAX_DEGREE} is needed after {symbol!r}")
        value: Expression = Linear(Fraction(1))
        for _ in range(int(exponent)):
            value = product(value, base)
            self.check_size(value)
        if self.peek() in {"**", "^"}:
            raise self.error("powers of powers need parentheses")
        return value

    def check_size(self, value: Expression) -> None:
        for number in numbers_in(value):
            if max(abs(number.numerator), number.denominator) >= 10**MAX_DIGITS:
                raise InputError(f"a number of more than {MAX_DIGITS} digits in an expression")

    def factor(self) -> Expression:
        token = self.take()
        if token in {"+", "-", "("}:
            self.nesting += 1
            if self.nesting > _MAX_NESTING:
                raise self.error("too deeply nested")
            value = self.sum() if token == "(" else self.power()
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
