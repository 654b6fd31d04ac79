"""Exact linear programs whose every answer carries a certificate.

Maintained libraries give exact rational optima with certificates only through a compiled solver;
feasible sets have to be computed, and recorded answers checked again, without one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import mul
from typing import Any

Vector = Sequence[int | Fraction]


@dataclass(frozen=True)
class LinearProgram:
    """Maximise c.x subject to A x = b and x >= 0.

    Parameters
    ----------
    columns
        The K columns of A, each of length m.
    right
        b, of length m.
    objective
        c, of length K.
    """

    columns: Sequence[Vector]
    right: Vector
    objective: Vector


@dataclass(frozen=True)
class Optimum:
    """An optimal point, and a dual solution that proves it: y.A >= c and y.b = c.x.

    Points map positions of columns to positive values; the others are 0.
    """

    point: Mapping[int, Fraction]
    value: Fraction
    dual: tuple[Fraction, ...]


@dataclass(frozen=True)
class Infeasible:
    """No point is feasible, by Farkas' lemma: y.A >= 0 and y.b < 0."""

    farkas: tuple[Fraction, ...]


@dataclass(frozen=True)
class Unbounded:
    """The objective grows for ever along a ray r >= 0 from a feasible point: A r = 0, c.r > 0."""

    point: Mapping[int, Fraction]
    ray: Mapping[int, Fraction]


Answer = Optimum | Infeasible | Unbounded


class CertificateError(AssertionError):
    """The solver gave an answer that its own certificate does not support."""


def solve(program: LinearProgram) -> Answer:
    """Solve a linear program exactly and check the certificate of the answer.

    Returns
    -------
    Optimum, Infeasible or Unbounded
        Always the same answer for the same program.

    Raises
    ------
    CertificateError
        When the certificate does not hold, which would be a defect of this module.
    ValueError
        When the lengths of the columns, the right side and the objective differ.

    Notes
    -----
    The revised simplex method in two phases. The column with the greatest gain enters; from a
    pivot that gains nothing to the next that does, the first column with a gain, so that no basis
    recurs (Bland's rule). Pivots keep integers: the inverse of the basis is held as integers over
    its determinant. A pivot costs O(m K) products of integers.

    >>> solve(LinearProgram([(1, 2), (1, 1)], (3, 4), (1, 0))).point
    {0: Fraction(1, 1), 1: Fraction(2, 1)}
    """
    lengths = {len(column) for column in program.columns} | {len(program.right)}
    if len(lengths) != 1 or len(program.objective) != len(program.columns):
        raise ValueError("columns, right side and objective of different lengths")
    answer = _simplex(program)
    if not certifies(program, answer):
        raise CertificateError("a linear program was answered with a false certificate")
    return answer


def certifies(program: LinearProgram, answer: Answer) -> bool:
    """Whether the certificate in an answer proves it, by plain arithmetic without any search."""
    columns, right, objective = program.columns, program.right, program.objective
    if isinstance(answer, Infeasible):
        y = answer.farkas
        return len(y) == len(right) and _dot(y, right) < 0 and _bounds(y, columns, None)
    if not _pays(columns, answer.point, right):
        return False
    if isinstance(answer, Unbounded):
        return (
            _pays(columns, answer.ray, [0] * len(right))
            and sum(objective[j] * value for j, value in answer.ray.items()) > 0
        )
    value = sum((objective[j] * x for j, x in answer.point.items()), Fraction(0))
    y = answer.dual
    return (
        len(y) == len(right)
        and value == answer.value == _dot(y, right)
        and _bounds(y, columns, objective)
    )


def _pays(columns: Sequence[Vector], point: Mapping[int, Fraction], right: Vector) -> bool:
    if not all(0 <= j < len(columns) and value > 0 for j, value in point.items()):
        return False
    return all(
        sum(columns[j][i] * value for j, value in point.items()) == b for i, b in enumerate(right)
    )


def _bounds(y: Vector, columns: Sequence[Vector], objective: Vector | None) -> bool:
    scale = _common_denominator(y)
    whole = _whole(y, scale)
    if objective is None:
        return all(_dot(whole, column) >= 0 for column in columns)
    return all(
        _dot(whole, column) >= c * scale for column, c in zip(columns, objective, strict=True)
    )


def _simplex(program: LinearProgram) -> Answer:
    m, size = len(program.right), len(program.columns)
    lines = [[column[i] for column in program.columns] for i in range(m)]
    factors = [
        _common_denominator((*line, b)) * (-1 if b < 0 else 1)
        for line, b in zip(lines, program.right, strict=True)
    ]
    columns: list[tuple[int, ...]]
    columns = list(zip(*map(_whole, lines, factors), strict=True)) if m else [()] * size
    unit = _common_denominator(program.objective)
    objective = _whole(program.objective, unit)

    # Row r of the table over ``scale`` is row r of the inverse of the basis, then of the solution.
    # Variable size + i is the artificial variable of row i.
    table = [
        [int(i == r) for i in range(m)] + [int(program.right[r] * factors[r])] for r in range(m)
    ]
    scale = 1
    basis = [size + r for r in range(m)]

    def pivot(row: int, entering: int, moves: list[int]) -> None:
        nonlocal scale
        sign = 1 if moves[row] > 0 else -1
        for r in range(m):
            if r != row:
                table[r] = [
                    sign * (moves[row] * a - moves[r] * b) // scale
                    for a, b in zip(table[r], table[row], strict=True)
                ]
        table[row] = [sign * a for a in table[row]]
        scale = sign * moves[row]
        basis[row] = entering

    def point() -> dict[int, Fraction]:
        found = sorted((basis[r], Fraction(table[r][m], scale)) for r in range(m))
        return {j: value for j, value in found if value and j < size}

    for phase, costs in ((1, [0] * size + [-1] * m), (2, objective + [0] * m)):
        stalled = False
        while True:
            y = [sum(costs[basis[r]] * table[r][i] for r in range(m)) for i in range(m)]
            gains = (costs[j] * scale - _dot(y, column) for j, column in enumerate(columns))
            improving = ((gain, -j) for j, gain in enumerate(gains) if gain > 0)
            chosen = next(improving, None) if stalled else max(improving, default=None)
            if chosen is None:
                break
            entering = -chosen[1]
            moves = [_dot(line, columns[entering]) for line in table]
            rows = [r for r in range(m) if basis[r] >= size and moves[r]] if phase == 2 else []
            rows = rows or [r for r in range(m) if moves[r] > 0]
            if not rows:
                ray = {entering: Fraction(1)} | {
                    basis[r]: Fraction(-moves[r], scale) for r in range(m) if moves[r]
                }
                return Unbounded(point(), dict(sorted(ray.items())))
            step, _, row = min((Fraction(table[r][m], moves[r]), basis[r], r) for r in rows)
            pivot(row, entering, moves)
            stalled = step == 0
        if phase == 1 and any(table[r][m] for r in range(m) if basis[r] >= size):
            return Infeasible(
                tuple(Fraction(v * f, scale) for v, f in zip(y, factors, strict=True))
            )
    solution = point()
    value = sum((program.objective[j] * x for j, x in solution.items()), Fraction(0))
    prices = (Fraction(v * f, scale * unit) for v, f in zip(y, factors, strict=True))
    return Optimum(solution, value, tuple(prices))


def _dot(a: Iterable[Any], b: Iterable[Any]) -> Any:
    return sum(map(mul, a, b))


def _common_denominator(values: Iterable[int | Fraction]) -> int:
    return math.lcm(*{value.denominator for value in values})


def _whole(values: Iterable[int | Fraction], scale: int) -> list[int]:
    return [int(value * scale) for value in values]
