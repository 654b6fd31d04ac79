"""One parameter: where a claim holds, decided exactly at a point of every cell of the line.

The cells are the roots of all polynomials whose signs matter, and the open intervals between them;
in each the truth of a claim is constant. This shares nothing with the solvers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cmp_to_key
from itertools import pairwise
from math import ceil, floor
from typing import Any

from spi_verify.errors import Undecided
from spi_verify.games.algebraic import Algebraic, generator, root_of
from spi_verify.games.expressions import Expression
from spi_verify.games.quotients import as_quotient

Number = Fraction | Algebraic
Holds = bool | None
"""Whether a claim holds at a point; None where the point is not admissible."""

MAX_POLYNOMIALS = 4_000
MAX_ROOTS = 1_000


@dataclass(frozen=True)
class Line:
    """The line, cut at roots.

    Parameters
    ----------
    name
        The parameter.
    roots
        Where it is cut, ascending.
    samples
        A number below all roots, between any two, and above all.
    """

    name: str
    roots: tuple[Number, ...]
    samples: tuple[Fraction, ...]

    @property
    def cells(self) -> list[Number]:
        """A point of each cell, ascending; those at odd places are the roots."""
        points: list[Number] = [self.samples[0]]
        for root, sample in zip(self.roots, self.samples[1:], strict=True):
            points += [root, sample]
        return points

    def place(self, value: Fraction) -> int:
        """Return the place of the cell that a number is in."""
        below = sum(root < value for root in self.roots)
        return 2 * below + (1 if value in self.roots else 0)


def cut(name: str, polynomials: Iterable[Expression]) -> Line:
    """Cut the line at all real roots of polynomials in one parameter.

    Raises
    ------
    Undecided
        When there are too many polynomials or roots.
    """
    rational: set[Fraction] = set()
    irrational: list[Number] = []
    for factor in irreducible_factors(polynomials, (name,)):
        if factor.degree() == 1:
            first, last = (_fraction(c) for c in factor.all_coeffs())
            rational.add(-last / first)
        else:
            for (low, high), _ in factor.intervals():
                root = root_of(name, factor, _fraction(low), _fraction(high))
                irrational.append(generator(root))
        if len(rational) + len(irrational) > MAX_ROOTS:
            raise Undecided(f"the polynomials in {name} have more than {MAX_ROOTS} roots")
    roots = sorted([*rational, *irrational], key=cmp_to_key(_compare))
    samples = (
        [_beyond(roots[0], -1), *(_between(a, b) for a, b in pairwise(roots))] if roots else []
    )
    samples.append(_beyond(roots[-1], 1) if roots else Fraction(0))
    return Line(name, tuple(roots), tuple(samples))


def irreducible_factors(polynomials: Iterable[Expression], names: Sequence[str]) -> list[Any]:
    """Return the distinct irreducible factors of polynomials, as sympy polynomials.

    Raises
    ------
    Undecided
        When there are too many polynomials.
    """
    import sympy

    symbols = sympy.symbols([f"x{k}" for k in range(len(names))])
    found: dict[Any, None] = {}
    distinct = dict.fromkeys(as_quotient(p).numerator for p in polynomials)
    if len(distinct) > MAX_POLYNOMIALS:
        raise Undecided(f"the truth depends on more than {MAX_POLYNOMIALS} polynomials")
    for polynomial in distinct:
        if polynomial.is_constant:
            continue
        powers = {
            tuple(dict(monomial).get(name, 0) for name in names): sympy.Rational(
                c.numerator, c.denominator
            )
            for monomial, c in polynomial.terms
        }
        whole = sympy.Poly.from_dict(powers, *symbols, domain=sympy.QQ)
        for factor, _ in whole.factor_list()[1]:
            _, primitive = factor.clear_denoms(convert=True)[1].primitive()
            found[-primitive if primitive.LC() < 0 else primitive] = None
    return list(found)


def decided(line: Line, holds: Callable[[Number], Holds]) -> list[Holds]:
    """Return for every cell whether a claim holds there."""
    return [holds(point) for point in line.cells]


@dataclass(frozen=True)
class Interval:
    """Numbers between two bounds, without some.

    Parameters
    ----------
    low, high
        The bounds, None for none.
    low_in, high_in
        Whether the bounds belong to it.
    without
        Numbers between that do not.
    """

    low: Number | None
    high: Number | None
    low_in: bool
    high_in: bool
    without: tuple[Number, ...] = ()


def intervals(line: Line, truth: Sequence[Holds]) -> list[Interval]:
    """Return the set of admissible points where a claim holds, as simply as it can be said.

    Points that are not admissible count as one likes: a bound that only they are beyond is left
    out.
    """
    runs: list[list[int]] = []
    for place, holds in enumerate(truth):
        if holds is False:
            runs.append([])
        elif holds:
            if not runs:
                runs.append([])
            runs[-1].append(place)
    firsts = [place for place, holds in enumerate(truth) if holds is not None]
    found = []
    for run in filter(None, runs):
        bounded_low = any(truth[k] is False for k in range(firsts[0], run[0]))
        bounded_high = any(truth[k] is False for k in range(run[-1], len(truth)))
        found.append(_interval(line, run, bounded_low, bounded_high))
    return _joined(line, truth, found)


def _interval(line: Line, run: Sequence[int], bounded_low: bool, bounded_high: bool) -> Interval:
    low = line.roots[(run[0] - 1) // 2] if bounded_low and run[0] > 0 else None
    end = run[-1] // 2
    high = line.roots[end] if bounded_high and end < len(line.roots) else None
    return Interval(
        low,
        high,
        low is not None and run[0] % 2 == 1,
        high is not None and run[-1] % 2 == 1,
    )


def _joined(line: Line, truth: Sequence[Holds], found: Sequence[Interval]) -> list[Interval]:
    """Say of two intervals that only a point is between that they are one without it."""
    joined: list[Interval] = []
    for interval in found:
        before = joined[-1] if joined else None
        if (
            before is not None
            and before.high is not None
            and before.high == interval.low
            and not (before.high_in or interval.low_in)
            and truth[2 * line.roots.index(before.high) + 1] is False
        ):
            joined[-1] = Interval(
                before.low,
                interval.high,
                before.low_in,
                interval.high_in,
                (*before.without, before.high, *interval.without),
            )
        else:
            joined.append(interval)
    return joined


def _compare(one: Number, other: Number) -> int:
    if isinstance(one, Algebraic) and isinstance(other, Algebraic):
        if one == other:
            return 0
        while not (
            one.root.bounds()[1] <= other.root.bounds()[0]
            or other.root.bounds()[1] <= one.root.bounds()[0]
        ):
            one.root.narrow()
            other.root.narrow()
        return -1 if one.root.bounds()[1] <= other.root.bounds()[0] else 1
    return -1 if one < other else int(one != other)


def _ends(number: Number) -> tuple[Fraction, Fraction]:
    return number.root.bounds() if isinstance(number, Algebraic) else (number, number)


def _between(low: Number, high: Number) -> Fraction:
    while _ends(low)[1] >= _ends(high)[0]:
        for end in (low, high):
            if isinstance(end, Algebraic):
                end.root.narrow()
    return simplest_between(_ends(low)[1], _ends(high)[0])


def _beyond(root: Number, side: int) -> Fraction:
    low, high = _ends(root)
    return Fraction(floor(low) - 1 if side < 0 else ceil(high) + 1)


def simplest_between(low: Fraction, high: Fraction) -> Fraction:
    """Return the number of least denominator, then nearest to 0, strictly between two others."""
    if low < 0 < high:
        return Fraction(0)
    if high <= 0:
        return -simplest_between(-high, -low)
    whole = floor(low) + 1
    if whole < high:
        return Fraction(whole)
    base = floor(low)
    rest_low, rest_high = low - base, high - base
    if rest_low == 0:
        return base + Fraction(1, floor(1 / rest_high) + 1)
    return base + 1 / simplest_between(1 / rest_high, 1 / rest_low)


def _fraction(value: Any) -> Fraction:
    return Fraction(int(value.p), int(value.q))
