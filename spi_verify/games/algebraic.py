"""Exact real algebraic numbers: a root of a polynomial, and what is computed from it.

sympy is imported only where such a number comes up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import total_ordering
from math import lcm
from numbers import Integral
from typing import TYPE_CHECKING, Any

from spi_verify.errors import InputError
from spi_verify.games.linear import sum_text
from spi_verify.games.rationals import MAX_DIGITS, parse_rational

if TYPE_CHECKING:
    import sympy

_ROOT = re.compile(r"the root of (?P<polynomial>.+) between (?P<low>\S+) and (?P<high>\S+)")
_MAX_TEXT = 2_000


@dataclass(frozen=True, eq=False)
class Root:
    """The only root of an irreducible polynomial between two rational numbers, which are none.

    Parameters
    ----------
    name
        What the number is called: the parameter whose value it is.
    coefficients
        Of the polynomial, from the highest power: coprime whole numbers, the first positive. The
        degree is at least 2.
    low, high
        The bounds.
    """

    name: str
    coefficients: tuple[int, ...]
    low: Fraction
    high: Fraction
    _narrow: list[Fraction] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        self._narrow[:] = self.low, self.high

    @property
    def degree(self) -> int:
        """The degree of the polynomial."""
        return len(self.coefficients) - 1

    @property
    def polynomial(self) -> str:
        """The polynomial as text: ``c**3 - c - 1``."""
        return _polynomial_text(self.name, self.coefficients)

    def bounds(self) -> tuple[Fraction, Fraction]:
        """Return the narrowest bounds so far."""
        return self._narrow[0], self._narrow[1]

    def narrow(self) -> None:
        """Halve the distance of the bounds."""
        low, high = self.bounds()
        middle = (low + high) / 2
        same = (_value(self.coefficients, middle) > 0) == (_value(self.coefficients, low) > 0)
        self._narrow[0 if same else 1] = middle

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Root):
            return NotImplemented
        if (self.name, self.coefficients) != (other.name, other.coefficients):
            return False
        low, high = max(self.low, other.low), min(self.high, other.high)
        if low >= high:
            return False
        return (_value(self.coefficients, low) > 0) != (_value(self.coefficients, high) > 0)

    def __hash__(self) -> int:
        return hash((self.name, self.coefficients))

    def __str__(self) -> str:
        return f"the root of {self.polynomial} between {self.low} and {self.high}"


@total_ordering
@dataclass(frozen=True, eq=False)
class Algebraic:
    """An irrational number that is a polynomial in a root; it calculates with rational numbers.

    Sums, products and quotients are of the same kind, or ``Fraction`` where they are rational, so
    that equal numbers are equal objects; numbers from different roots do not mix.

    Parameters
    ----------
    root
        The root.
    parts
        The polynomial's coefficients from that of power 0; fewer than the root's degree, the last
        is not 0, and there are at least 2.
    """

    root: Root
    parts: tuple[Fraction, ...]

    @property
    def denominator(self) -> int:
        """0: no whole number makes it whole."""
        return 0

    def __add__(self, other: Any) -> Any:
        theirs = self._parts(other)
        if theirs is None:
            return NotImplemented
        size = max(len(self.parts), len(theirs))
        return _number(self.root, [_at(self.parts, k) + _at(theirs, k) for k in range(size)])

    __radd__ = __add__

    def __neg__(self) -> Algebraic:
        return Algebraic(self.root, tuple(-part for part in self.parts))

    def __abs__(self) -> Algebraic:
        return -self if self < 0 else self

    def __sub__(self, other: Any) -> Any:
        return self + (-other)

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __mul__(self, other: Any) -> Any:
        theirs = self._parts(other)
        if theirs is None:
            return NotImplemented
        total = [Fraction(0)] * (len(self.parts) + len(theirs) - 1)
        for i, one in enumerate(self.parts):
            for k, two in enumerate(theirs):
                total[i + k] += one * two
        return _number(self.root, _reduced(total, self.root.coefficients))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        if isinstance(other, Algebraic):
            return self * other._inverse()
        return self * (Fraction(1) / other)

    def __rtruediv__(self, other: Any) -> Any:
        return self._inverse() * other

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Algebraic) and (self.root, self.parts) == (other.root, other.parts)

    def __lt__(self, other: Any) -> bool:
        difference = self - other
        if isinstance(difference, Algebraic):
            return difference._is_negative()
        return bool(difference < 0)

    def __hash__(self) -> int:
        return hash((self.root, self.parts))

    def __float__(self) -> float:
        return float(self.near())

    def near(self) -> Fraction:
        """Return a rational number that differs by less than one part in 2**60."""
        low, high = self._bounds()
        while high - low > max(abs(low), abs(high)) / 2**60:
            self.root.narrow()
            low, high = self._bounds()
        return low

    def __str__(self) -> str:
        """Write it with a square root, or in terms of the root's name."""
        if self.root.degree == 2:
            return _surd_text(*self.surd())
        return sum_text(_powers(self.root.name, self.parts))

    def surd(self) -> tuple[Fraction, Fraction, int]:
        """Return a, b and d where the number is a + b sqrt(d), if the root's degree is 2."""
        from sympy import factorint

        first, middle, last = self.root.coefficients
        outside, inside = 1, 1
        for prime, power in factorint(middle**2 - 4 * first * last, limit=10_000).items():
            outside *= int(prime) ** (power // 2)
            inside *= int(prime) ** (power % 2)
        center = Fraction(-middle, 2 * first)
        sign = 1 if _root_is_above(self.root, center) else -1
        step = Fraction(sign * outside, 2 * first)
        return self.parts[0] + self.parts[1] * center, self.parts[1] * step, inside

    def _parts(self, other: Any) -> Sequence[Fraction] | None:
        if isinstance(other, Algebraic):
            if other.root != self.root:
                raise InputError("irrational numbers from two different roots are not compared")
            return other.parts
        if isinstance(other, (int, Fraction)):
            return (Fraction(other),)
        return None

    def _inverse(self) -> Any:
        import sympy

        x = sympy.Symbol("x")
        modulus = sympy.Poly(list(self.root.coefficients), x, domain=sympy.QQ)
        inverse = sympy.Poly(list(map(_rational, reversed(self.parts))), x, domain=sympy.QQ).invert(
            modulus
        )
        return _number(self.root, [_fraction(c) for c in reversed(inverse.all_coeffs())])

    def _bounds(self) -> tuple[Fraction, Fraction]:
        low, high = self.root.bounds()
        least = greatest = Fraction(0)
        for part in reversed(self.parts):
            ends = [end * side for end in (least, greatest) for side in (low, high)]
            least, greatest = min(ends) + part, max(ends) + part
        return least, greatest

    def _is_negative(self) -> bool:
        low, high = self._bounds()
        while low < 0 < high or low == 0 or high == 0:
            self.root.narrow()
            low, high = self._bounds()
        return high < 0


def exact(value: Any) -> Any:
    """Return a number of any exact type as a fraction; an irrational one stays what it is."""
    if isinstance(value, Algebraic):
        return value
    return Fraction(int(value) if isinstance(value, Integral) else value)


def generator(root: Root) -> Algebraic:
    """Return a root as a number."""
    return Algebraic(root, (Fraction(0), Fraction(1)))


def parse_root(text: str, name: str) -> Algebraic:
    """Read ``the root of c**3 - c - 1 between 1 and 2``.

    Parameters
    ----------
    text
        As a root is written.
    name
        The name in the polynomial.

    Raises
    ------
    InputError
        When the text is none, the polynomial is reducible, or not exactly one root lies between.
    """
    import sympy

    from spi_verify.games.expressions import parse_expression
    from spi_verify.games.quotients import as_quotient

    match = _ROOT.fullmatch(text) if len(text) <= _MAX_TEXT else None
    if match is None:
        raise InputError(f"{text[:40]!r} is neither a number nor the root of a polynomial")
    quotient = as_quotient(parse_expression(match["polynomial"], {name}))
    low, high = parse_rational(match["low"]), parse_rational(match["high"])
    degree = quotient.numerator.degree
    if quotient.divisors or degree < 2:
        raise InputError(f"{match['polynomial']} is no polynomial of degree 2 or more")
    terms = {dict(monomial).get(name, 0): c for monomial, c in quotient.numerator.terms}
    x = sympy.Symbol("x")
    numbers = [_rational(terms.get(k, Fraction(0))) for k in range(degree, -1, -1)]
    polynomial = sympy.Poly(numbers, x, domain=sympy.QQ)
    between = polynomial.count_roots(_rational(low), _rational(high)) if low < high else 0
    if not polynomial.is_irreducible or between != 1:
        raise InputError(f"{text!r} does not say which number it is")
    return generator(root_of(name, polynomial, low, high))


def root_of(name: str, polynomial: sympy.Poly, low: Fraction, high: Fraction) -> Root:
    """Return the root of an irreducible sympy polynomial between two numbers."""
    _, whole = polynomial.clear_denoms(convert=True)
    _, whole = whole.primitive()
    numbers = [int(c) for c in whole.all_coeffs()]
    sign = 1 if numbers[0] > 0 else -1
    if max(map(abs, numbers)) >= 10**MAX_DIGITS:
        raise InputError(f"a number of more than {MAX_DIGITS} digits in a polynomial")
    return Root(name, tuple(sign * c for c in numbers), low, high)


def _number(root: Root, parts: Sequence[Fraction]) -> Algebraic | Fraction:
    kept = list(parts)
    while len(kept) > 1 and not kept[-1]:
        kept.pop()
    return Algebraic(root, tuple(kept)) if len(kept) > 1 else kept[0]


def _reduced(parts: list[Fraction], modulus: Sequence[int]) -> list[Fraction]:
    """Divide by the polynomial, and return the remainder."""
    degree = len(modulus) - 1
    left = list(parts)
    while len(left) > degree:
        first = left.pop() / modulus[0]
        for k, c in enumerate(modulus[1:], start=1):
            left[len(left) - k] -= first * c
    return left


def _value(coefficients: Sequence[int], at: Fraction) -> Fraction:
    total = Fraction(0)
    for c in coefficients:
        total = total * at + c
    return total


def _root_is_above(root: Root, center: Fraction) -> bool:
    low, high = root.bounds()
    while low < center < high:
        root.narrow()
        low, high = root.bounds()
    return low >= center


def _at(parts: Sequence[Fraction], k: int) -> Fraction:
    return parts[k] if k < len(parts) else Fraction(0)


def _powers(name: str, parts: Sequence[Fraction]) -> list[tuple[str, Fraction]]:
    texts = ("" if k == 0 else name if k == 1 else f"{name}**{k}" for k in range(len(parts)))
    return [(text, c) for text, c in zip(texts, parts, strict=True) if c][::-1]


def _polynomial_text(name: str, coefficients: Sequence[int]) -> str:
    return sum_text(_powers(name, [Fraction(c) for c in reversed(coefficients)]))


def _surd_text(a: Fraction, b: Fraction, d: int) -> str:
    """Write a + b sqrt(d): ``(1 + sqrt(5))/2``, ``2 - sqrt(3)``, ``-3*sqrt(2)/2``."""
    below = lcm(a.denominator, b.denominator)
    a, b = a * below, b * below
    root = f"sqrt({d})" if abs(b) == 1 else f"{abs(b)}*sqrt({d})"
    if not a:
        text = root if b > 0 else f"-{root}"
        return f"{text}/{below}" if below > 1 else text
    text = f"{root} - {-a}" if a < 0 < b else f"{a} {'+' if b > 0 else '-'} {root}"
    return f"({text})/{below}" if below > 1 else text


def _rational(value: Fraction) -> Any:
    from sympy import QQ

    return QQ(value.numerator, value.denominator)


def _fraction(value: Any) -> Fraction:
    return Fraction(int(value.p), int(value.q))
