"""Polynomials in named parameters, and their quotients, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any

from spi_verify.errors import InputError
from spi_verify.games.linear import Linear, sum_text

Monomial = tuple[tuple[str, int], ...]
"""Pairs of a parameter's name and its power (at least 1), sorted by name; () for the number 1."""

MAX_TERMS = 500
MAX_DEGREE = 40


class Vanishes(InputError):
    """A divisor is 0 at some values of the parameters."""


@dataclass(frozen=True)
class Polynomial:
    """A sum of ``coefficient * product of powers of parameters``, all exact.

    Parameters
    ----------
    terms
        Pairs of a monomial and its coefficient (never 0), of higher degree first.
    """

    terms: tuple[tuple[Monomial, Fraction], ...] = ()

    @classmethod
    def of(cls, terms: Mapping[Monomial, Fraction]) -> Polynomial:
        """Return the polynomial with these coefficients, which may be 0.

        Raises
        ------
        InputError
            When there are more than 500 terms, or a degree is more than 40.
        """
        kept = [(monomial, c) for monomial, c in terms.items() if c]
        if len(kept) > MAX_TERMS:
            raise InputError(f"an expression of more than {MAX_TERMS} terms when written out")
        if max((_degree(monomial) for monomial, _ in kept), default=0) > MAX_DEGREE:
            raise InputError(f"an expression of a degree of more than {MAX_DEGREE}")
        return cls(tuple(sorted(kept, key=_order)))

    @classmethod
    def linear(cls, expression: Linear) -> Polynomial:
        """Return a linear expression as a polynomial."""
        named: dict[Monomial, Fraction] = {((n, 1),): c for n, c in expression.coefficients}
        return cls.of({**named, (): expression.constant})

    @property
    def degree(self) -> int:
        """The greatest degree of a term; 0 for numbers."""
        return max((_degree(monomial) for monomial, _ in self.terms), default=0)

    @property
    def is_constant(self) -> bool:
        """Whether no parameter occurs."""
        return self.degree == 0

    @property
    def constant(self) -> Fraction:
        """The value where all parameters are 0."""
        return dict(self.terms).get((), Fraction(0))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The parameters that occur, sorted."""
        return tuple(sorted({name for monomial, _ in self.terms for name, _ in monomial}))

    def at(self, values: Mapping[str, Any]) -> Any:
        """Return the value where the parameters have the given values."""
        total: Any = Fraction(0)
        for monomial, c in self.terms:
            product: Any = c
            for name, power in monomial:
                for _ in range(power):
                    product = product * values[name]
            total = total + product
        return total

    def __add__(self, other: Polynomial) -> Polynomial:
        merged = dict(self.terms)
        for monomial, c in other.terms:
            merged[monomial] = merged.get(monomial, Fraction(0)) + c
        return Polynomial.of(merged)

    def __mul__(self, other: Polynomial) -> Polynomial:
        total: dict[Monomial, Fraction] = {}
        for one, c in self.terms:
            for two, d in other.terms:
                monomial = _product(one, two)
                total[monomial] = total.get(monomial, Fraction(0)) + c * d
        return Polynomial.of(total)

    def times(self, factor: Fraction) -> Polynomial:
        """Return the polynomial multiplied by a number."""
        return Polynomial.of({monomial: c * factor for monomial, c in self.terms})

    def __str__(self) -> str:
        terms = [(monomial_text(monomial), c) for monomial, c in self.terms]
        if terms and terms[0][1] < 0 < terms[-1][1]:
            terms.reverse()
        return sum_text(terms)


def monomial_text(monomial: Monomial) -> str:
    """Write a product of powers: ``c**2*d``."""
    return "*".join(name if power == 1 else f"{name}**{power}" for name, power in monomial)


@dataclass(frozen=True)
class Quotient:
    """A polynomial, divided by powers of others or by nothing.

    Parameters
    ----------
    numerator
        What is divided.
    divisors
        Pairs of a divisor, whose first coefficient is 1 and which is no number, and its power.
    """

    numerator: Polynomial
    divisors: tuple[tuple[Polynomial, int], ...] = ()

    @property
    def is_constant(self) -> bool:
        """Whether no parameter occurs above the line; then it is 0 or nothing is divided."""
        return self.numerator.is_constant and (not self.numerator.terms or not self.divisors)

    @property
    def constant(self) -> Fraction:
        """The numerator's value where all parameters are 0."""
        return self.numerator.constant

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The parameters that occur, sorted."""
        below = (name for divisor, _ in self.divisors for name in divisor.names)
        return tuple(sorted({*self.numerator.names, *below}))

    def at(self, values: Mapping[str, Any]) -> Any:
        """Return the value where the parameters have the given values.

        Raises
        ------
        Vanishes
            When a divisor is 0 there.
        """
        total = self.numerator.at(values)
        for divisor, power in self.divisors:
            value = divisor.at(values)
            if value == 0:
                at = ", ".join(f"{name} = {values[name]}" for name in divisor.names)
                raise Vanishes(f"the divisor {divisor} is 0 at {at}")
            for _ in range(power):
                total = total / value
        return total

    def __add__(self, other: Linear | Quotient) -> Linear | Quotient:
        other = as_quotient(other)
        mine, theirs = dict(self.divisors), dict(other.divisors)
        common = {q: max(mine.get(q, 0), theirs.get(q, 0)) for q in (*mine, *theirs)}
        left = self.numerator * _power_product((q, k - mine.get(q, 0)) for q, k in common.items())
        right = other.numerator * _power_product(
            (q, k - theirs.get(q, 0)) for q, k in common.items()
        )
        return simplest(Quotient(left + right, _sorted(common)))

    def __radd__(self, other: Linear) -> Linear | Quotient:
        return self + other

    def __sub__(self, other: Linear | Quotient) -> Linear | Quotient:
        return self + other.times(Fraction(-1))

    def __rsub__(self, other: Linear) -> Linear | Quotient:
        return self.times(Fraction(-1)) + other

    def times(self, factor: Fraction) -> Linear | Quotient:
        """Return the expression multiplied by a number."""
        return simplest(Quotient(self.numerator.times(factor), self.divisors))

    def __str__(self) -> str:
        if not self.divisors:
            return str(self.numerator)
        turned = [q.terms[-1][1] < 0 for q, _ in self.divisors]
        odd = sum(k for (_, k), turn in zip(self.divisors, turned, strict=True) if turn) % 2
        whole = lcm(*(c.denominator for _, c in self.numerator.terms))
        numerator = self.numerator.times(Fraction(-whole if odd else whole))
        below = [str(whole)] if whole > 1 else []
        for (q, k), turn in zip(self.divisors, turned, strict=True):
            text = str(q.times(Fraction(-1)) if turn else q)
            text = text if text.isidentifier() else f"({text})"
            below.append(f"{text}**{k}" if k > 1 else text)
        above = f"({numerator})" if len(numerator.terms) > 1 else str(numerator)
        return f"{above}/{below[0]}" if len(below) == 1 else f"{above}/({'*'.join(below)})"


Expression = Linear | Quotient
"""What payoffs with parameters are: linear where they are simple."""


def as_quotient(expression: Expression) -> Quotient:
    """Return an expression as a quotient, of which nothing is divided where it is linear."""
    if isinstance(expression, Quotient):
        return expression
    return Quotient(Polynomial.linear(expression))


def simplest(quotient: Quotient) -> Expression:
    """Return a linear expression where a quotient is one as it stands."""
    if not quotient.numerator.terms:
        return Linear(Fraction(0))
    if quotient.divisors or quotient.numerator.degree > 1:
        return quotient
    terms = dict(quotient.numerator.terms)
    constant = terms.pop((), Fraction(0))
    return Linear(constant, tuple(sorted((m[0][0], c) for m, c in terms.items())))


def product(one: Expression, other: Expression) -> Expression:
    """Return the product of two expressions."""
    if isinstance(one, Linear) and one.is_constant:
        return other.times(one.constant)
    if isinstance(other, Linear) and other.is_constant:
        return one.times(other.constant)
    left, right = as_quotient(one), as_quotient(other)
    powers = dict(left.divisors)
    for q, k in right.divisors:
        powers[q] = powers.get(q, 0) + k
    return simplest(Quotient(left.numerator * right.numerator, _sorted(powers)))


def reciprocal(expression: Expression) -> Expression:
    """Return 1 divided by an expression that is not the number 0."""
    quotient = as_quotient(expression)
    above = _power_product(quotient.divisors)
    first = quotient.numerator.terms[0][1]
    divisor = quotient.numerator.times(1 / first)
    below = () if divisor.is_constant else ((divisor, 1),)
    return simplest(Quotient(above.times(1 / first), below))


def divided_still(expression: Expression, divisors: Iterable[Expression]) -> Expression:
    """Return an expression of the same value that divides by all of these, where it no longer does.

    So that it still has no value where one of them is 0: ``c/c - 1`` is no longer the number 0.

    Parameters
    ----------
    expression
        The expression.
    divisors
        Polynomials that are no numbers.
    """
    quotient = as_quotient(expression)
    powers = dict(quotient.divisors)
    above = quotient.numerator
    for divisor in divisors:
        polynomial = as_quotient(divisor).numerator
        monic = polynomial.times(1 / polynomial.terms[0][1])
        if monic not in powers:
            powers[monic] = 1
            above = above * monic
    return Quotient(above, _sorted(powers)) if len(powers) > len(quotient.divisors) else expression


def compared(expression: Expression) -> Expression:
    """Return an expression without divisors that has the same sign wherever none of them is 0."""
    if isinstance(expression, Linear):
        return expression
    odd = _power_product((q, k % 2) for q, k in expression.divisors)
    return simplest(Quotient(expression.numerator * odd))


def _power_product(powers: Iterable[tuple[Polynomial, int]]) -> Polynomial:
    total = Polynomial.of({(): Fraction(1)})
    for polynomial, power in powers:
        for _ in range(power):
            total = total * polynomial
    return total


def _sorted(powers: Mapping[Polynomial, int]) -> tuple[tuple[Polynomial, int], ...]:
    return tuple(sorted(powers.items(), key=lambda item: str(item[0])))


def _product(one: Monomial, other: Monomial) -> Monomial:
    powers = dict(one)
    for name, power in other:
        powers[name] = powers.get(name, 0) + power
    return tuple(sorted(powers.items()))


def _degree(monomial: Monomial) -> int:
    return sum(power for _, power in monomial)


def _order(term: tuple[Monomial, Fraction]) -> tuple[int, Monomial]:
    return -_degree(term[0]), term[0]


def numbers_in(expression: Expression) -> Iterator[Fraction]:
    """Iterate over the numbers that an expression is made of."""
    if isinstance(expression, Linear):
        yield expression.constant
        yield from (c for _, c in expression.coefficients)
        return
    for polynomial in (expression.numerator, *(q for q, _ in expression.divisors)):
        yield from (c for _, c in polynomial.terms)
