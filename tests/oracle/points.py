"""Exact geometry of payoff profiles: linear programs, and unions of small convex pieces.

A piece is the convex hull of its corners: a polygon where there are two coordinates, elsewhere a
point or a segment parallel to an axis. A half-space ``(c, b)`` is all x with c·x <= b.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from math import lcm

Point = tuple[Fraction, ...]
Half = tuple[Point, Fraction]
Piece = tuple[Point, ...]

ZERO, ONE = Fraction(0), Fraction(1)


def dot(a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    return sum((x * y for x, y in zip(a, b, strict=True)), ZERO)


def at_least(a: Sequence[Fraction], b: Sequence[Fraction]) -> bool:
    return all(x >= y for x, y in zip(a, b, strict=True))


def dominates(a: Sequence[Fraction], b: Sequence[Fraction]) -> bool:
    return at_least(a, b) and tuple(a) != tuple(b)


def maximum(
    c: Sequence[Fraction], rows: Sequence[Sequence[Fraction]], b: Sequence[Fraction]
) -> Fraction | None:
    """Return the maximum of c·x where rows·x = b and x >= 0 (bounded); None if there is no x.

    The simplex method with Bland's rule, on whole numbers: all entries have the last pivot as
    their common denominator.
    """
    width, count = len(c), len(rows)
    table: list[list[int]] = []
    for i, (row, right) in enumerate(zip(rows, b, strict=True)):
        line, _ = _whole([*row, right])
        line = [-v for v in line] if line[-1] < 0 else line
        line[-1:-1] = [int(k == i) for k in range(count)]
        table.append(line)
    missing = [sum(column) for column in zip(*table, strict=True)]
    missing[width:-1] = [0] * count
    goal, scale = _whole([*c, *[ZERO] * (count + 1)])
    table += [missing, goal]
    basis = [width + i for i in range(count)]
    common = _climb(table, basis, count, width, 1)
    if table[count][-1] > 0:
        return None
    common = _climb(table, basis, count + 1, width, common)
    return Fraction(-table[count + 1][-1], common * scale)


def _whole(line: Sequence[Fraction]) -> tuple[list[int], int]:
    scale = lcm(*(v.denominator for v in line))
    return [v.numerator * (scale // v.denominator) for v in line], scale


def _climb(table: list[list[int]], basis: list[int], goal: int, width: int, common: int) -> int:
    """Pivot until no reduced cost in the line ``goal`` is positive."""
    while True:
        costs = table[goal]
        entering = next((j for j in range(width) if costs[j] > 0), None)
        if entering is None:
            return common
        leaving = _leaving(table, basis, entering, width)
        if table[leaving][entering] < 0:
            table[leaving] = [-v for v in table[leaving]]
        line, pivot = table[leaving], table[leaving][entering]
        for i, other in enumerate(table):
            if i != leaving:
                by = other[entering]
                table[i] = [
                    (v * pivot - by * w) // common for v, w in zip(other, line, strict=True)
                ]
        basis[leaving], common = entering, pivot


def _leaving(table: list[list[int]], basis: list[int], entering: int, width: int) -> int:
    best: tuple[Fraction, int, int] | None = None
    for i, variable in enumerate(basis):
        line = table[i]
        if variable >= width and line[-1] == 0 and line[entering] != 0:
            return i  # an artificial variable that is 0 has to stay 0
        if line[entering] > 0:
            ratio = (Fraction(line[-1], line[entering]), variable, i)
            best = ratio if best is None else min(best, ratio)
    assert best is not None, "unbounded"
    return best[2]


def piece(points: Iterable[Point]) -> Piece:
    """Return the corners of the convex hull, in order around it."""
    given = sorted(set(points))
    if len(given) <= 2:
        return tuple(given)
    if len(given[0]) != 2:
        return (given[0], given[-1])
    lower, upper = _chain(given), _chain(given[::-1])
    return tuple(lower[:-1] + upper[:-1])


def _chain(points: list[Point]) -> list[Point]:
    chain: list[Point] = []
    for p in points:
        while len(chain) > 1 and turn(chain[-2], chain[-1], p) <= 0:
            chain.pop()
        chain.append(p)
    return chain


def turn(a: Point, b: Point, c: Point) -> Fraction:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def clip(corners: Piece, half: Half) -> Piece:
    """Return the part of a piece in a half-space."""
    c, b = half
    excess = [dot(c, p) - b for p in corners]
    if all(e <= 0 for e in excess):
        return corners
    kept = [p for p, e in zip(corners, excess, strict=True) if e <= 0]
    for i, j in combinations(range(len(corners)), 2):
        if (excess[i] < 0 < excess[j]) or (excess[j] < 0 < excess[i]):
            t = excess[i] / (excess[i] - excess[j])
            kept.append(tuple(x + t * (y - x) for x, y in zip(corners[i], corners[j], strict=True)))
    return piece(kept)


@lru_cache(maxsize=10_000)
def halves(corners: Piece) -> list[Half]:
    """Return half-spaces whose intersection is the piece."""
    n = len(corners[0])
    if n == 2 and len(corners) > 2:
        around = zip(corners, (*corners[1:], corners[0]), strict=True)
        return [(c := (q[1] - p[1], p[0] - q[0]), dot(c, p)) for p, q in around]
    if n == 2 and len(corners) == 2:
        p, q = corners
        along = (q[0] - p[0], q[1] - p[1])
        across = (-along[1], along[0])
        return [
            *equal(across, dot(across, p)),
            (along, dot(along, q)),
            (neg(along), -dot(along, p)),
        ]
    bounds: list[Half] = []
    for i in range(n):
        axis = tuple(ONE if k == i else ZERO for k in range(n))
        bounds.append((axis, max(p[i] for p in corners)))
        bounds.append((neg(axis), -min(p[i] for p in corners)))
    return bounds


def neg(c: Sequence[Fraction]) -> Point:
    return tuple(-x for x in c)


def equal(c: Point, b: Fraction) -> list[Half]:
    return [(c, b), (neg(c), -b)]


def clip_all(corners: Piece, bounds: Iterable[Half]) -> Piece:
    for half in bounds:
        if not corners:
            break
        corners = clip(corners, half)
    return corners


def meet(some: Sequence[Piece], others: Sequence[Piece]) -> list[Piece]:
    """Return the intersection of two unions."""
    found: set[Piece] = set()
    for p in some:
        for q in others:
            common = _common(p, q)
            if common:
                found.add(common)
    return sorted(found)


@lru_cache(maxsize=10_000)
def _common(p: Piece, q: Piece) -> Piece:
    return clip_all(p, halves(q))


def has(union: Sequence[Piece], point: Point) -> bool:
    return any(all(dot(c, point) <= b for c, b in halves(p)) for p in union)


def dimension(corners: Piece) -> int:
    return min(len(corners), 3) - 1


def covered(corners: Piece, union: Sequence[Piece]) -> bool:
    """Say whether a piece lies in a union of others.

    What is left of the piece is open in it: if there is any, it has the piece's dimension, and
    what the union has of lower dimension does not cover it.
    """
    left, full = [corners], dimension(corners)
    for other in union:
        bounds = halves(other)
        rest: list[Piece] = []
        for part in left:
            if dimension(clip_all(part, bounds)) < full:
                rest.append(part)
                continue
            for c, b in bounds:
                if any(dot(c, p) > b for p in part):
                    rest.append(clip(part, (neg(c), -b)))
                part = clip(part, (c, b))
        left = rest
    return not left


def subset(some: Sequence[Piece], others: Sequence[Piece]) -> bool:
    return all(covered(p, others) for p in some)


def same(some: Sequence[Piece], others: Sequence[Piece]) -> bool:
    return subset(some, others) and subset(others, some)


def middle(corners: Piece) -> Point:
    return tuple(sum(xs, ZERO) / len(corners) for xs in zip(*corners, strict=True))
