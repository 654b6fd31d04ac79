"""Bargaining solutions in correlated play: points of the hull of payoffs, exactly.

Each is found among the points of the hull that pay nobody less than the disagreement point d. Where
the greatest product of gains is irrational, it is an exact algebraic number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import comb, prod
from typing import Any

from spi_verify.errors import InputError, Undecided
from spi_verify.games.algebraic import generator, root_of
from spi_verify.games.correlated import CorrelatedPlay, Lottery
from spi_verify.games.game import Payoffs
from spi_verify.games.linear_program import LinearProgram, Optimum, solve
from spi_verify.games.pure import PureOutcomes
from spi_verify.games.solutions import Rule, best_profile

MAX_CORNERS = 40
"""With three players or more, the greatest product is sought among up to so many corners."""

_MOST_FACES = 20_000

MAX_PROFILES = 20_000
"""Of so many efficient outcomes at most the best ones are sought."""


@dataclass(frozen=True)
class Solution:
    """What a rule chooses.

    Parameters
    ----------
    rule
        The rule.
    payoffs
        What it chooses: exact numbers, some of which may be irrational. None where nothing pays
        everybody as much as the disagreement point.
    lottery
        Positions of pure outcomes with their probabilities, where these are rational.
    unknown
        Why nothing was found.
    """

    rule: Rule
    payoffs: Payoffs | None
    lottery: Lottery | None = None
    unknown: str | None = None


def solution(
    feasible: PureOutcomes | CorrelatedPlay, rule: Rule, disagreement: Payoffs
) -> Solution:
    """Return what a rule chooses in a feasible set.

    Parameters
    ----------
    feasible
        Pure outcomes, or their hull.
    rule
        The rule.
    disagreement
        d, a number for each player; it need not be feasible.

    Raises
    ------
    InputError
        When there is not one number for each player.

    Notes
    -----
    Nothing is rounded. In the hull all rules but ``nash`` take linear programs. The greatest
    product of gains is unique; it lies inside a face of the hull: a corner, a side, or a face of
    n - 1 dimensions, on which it is rational; or, for n >= 4, on another, for which it is not
    found. That it is the greatest is checked by the slope of the product towards each corner.

    >>> from spi_verify.games import Game
    >>> play = CorrelatedPlay(Game.from_payoffs([[[2, 0], [0, 0]], [[0, 0], [0, 1]]]))
    >>> solution(play, Rule("nash"), (Fraction(0), Fraction(0))).payoffs
    (Fraction(1, 1), Fraction(1, 2))
    """
    if len(disagreement) != feasible.game.number_of_players:
        raise InputError(
            f"a disagreement payoff for each of the {feasible.game.number_of_players} players is "
            f"needed, not {len(disagreement)}; write 0.5 for a half, and a comma between payoffs"
        )
    if isinstance(feasible, PureOutcomes):
        return _of_outcomes(feasible, rule, disagreement)
    try:
        payoffs = _in_hull(feasible, rule, disagreement)
    except Undecided as undecided:
        return Solution(rule, None, unknown=str(undecided))
    if payoffs is None or not all(isinstance(u, Fraction) for u in payoffs):
        return Solution(rule, payoffs)
    return Solution(rule, payoffs, feasible.mixture(payoffs))


def _of_outcomes(feasible: PureOutcomes, rule: Rule, disagreement: Payoffs) -> Solution:
    if len(feasible.efficient) > MAX_PROFILES:
        return Solution(rule, None, unknown=f"more than {MAX_PROFILES} outcomes are efficient")
    positions = [int(k) for k in feasible.efficient]
    profiles = [feasible.game.payoffs(k) for k in positions]
    best = best_profile(rule, profiles, disagreement)
    if best is None:
        return Solution(rule, None)
    return Solution(rule, best, {positions[profiles.index(best)]: Fraction(1)})


class _Hull:
    """The convex hull of some profiles, of which what pays nobody less than d is looked at."""

    def __init__(self, profiles: Sequence[Payoffs], disagreement: Payoffs) -> None:
        self.profiles = profiles
        self.gains = [
            tuple(u - d for u, d in zip(profile, disagreement, strict=True)) for profile in profiles
        ]
        self.players = range(len(disagreement))

    def greatest(
        self,
        weights: Sequence[Fraction],
        level: Sequence[tuple[Sequence[Fraction], Fraction]],
        floor: Sequence[Fraction | None],
    ) -> tuple[Fraction, Payoffs] | None:
        """Maximise a weighted sum of gains, with some weighted sums fixed and gains bounded below.

        Parameters
        ----------
        weights
            Of the players' gains.
        level
            Weights with the value that the sum has to have.
        floor
            The least gain of each player, None for none.
        """
        bounded = [i for i in self.players if floor[i] is not None]
        columns: list[tuple[Any, ...]] = [
            (1, *(_dot(w, g) for w, _ in level), *(g[i] for i in bounded)) for g in self.gains
        ]
        head = (0,) * (1 + len(level))
        columns += [(*head, *(-int(i == j) for j in bounded)) for i in bounded]
        right: tuple[Any, ...] = (
            1,
            *(value for _, value in level),
            *(floor[i] or 0 for i in bounded),
        )
        objective = [_dot(weights, g) for g in self.gains] + [Fraction(0)] * len(bounded)
        answer = solve(LinearProgram(columns, right, objective))
        if not isinstance(answer, Optimum):
            return None
        return answer.value, self._gains_at(answer.point)

    def least_raised(
        self, scales: Sequence[Fraction], fixed: dict[int, Fraction]
    ) -> Fraction | None:
        """Return the greatest t with gain_i >= t scale_i for all whose gain is not fixed."""
        rows = [i for i in self.players if i not in fixed]
        held = sorted(fixed)
        columns: list[tuple[Any, ...]] = [
            (1, *(g[i] for i in held), *(g[i] for i in rows)) for g in self.gains
        ]
        blank = (0,) * (1 + len(held))
        columns += [(*blank, *(-int(i == j) for j in rows)) for i in rows]
        columns.append((*blank, *(-scales[i] for i in rows)))
        right: tuple[Any, ...] = (1, *(fixed[i] for i in held), *(0 for _ in rows))
        answer = solve(LinearProgram(columns, right, [0] * (len(columns) - 1) + [1]))
        return answer.value if isinstance(answer, Optimum) else None

    def _gains_at(self, point: Any) -> Payoffs:
        lottery = {k: w for k, w in point.items() if k < len(self.gains)}
        return tuple(
            sum((w * self.gains[k][i] for k, w in lottery.items()), Fraction(0))
            for i in self.players
        )


def _in_hull(feasible: CorrelatedPlay, rule: Rule, disagreement: Payoffs) -> Payoffs | None:
    positions = [int(k) for k in feasible.corners]
    hull = _Hull([feasible.game.payoffs(k) for k in positions], disagreement)
    n = len(disagreement)
    floor: list[Fraction | None] = [Fraction(0)] * n
    best = []
    for i in range(n):
        found = hull.greatest(_unit(i, n), [], floor)
        if found is None:
            return None
        best.append(found[0])
    match rule.name:
        case "utilitarian":
            gains = _lexicographic(hull, [tuple([Fraction(1)] * n)], floor)
        case "nash":
            gains = _greatest_product(hull, best)
        case _:
            gains = _leximin(hull, rule.scales(best))
    return tuple(d + g for d, g in zip(disagreement, gains, strict=True))


def _lexicographic(
    hull: _Hull, first: Sequence[Sequence[Fraction]], floor: Sequence[Fraction | None]
) -> Payoffs:
    """Maximise some sums one after the other, then the first player's gain, and so on."""
    n = len(floor)
    level: list[tuple[Sequence[Fraction], Fraction]] = []
    gains: Payoffs = ()
    for weights in (*first, *(_unit(i, n) for i in range(n))):
        found = hull.greatest(weights, level, floor)
        assert found is not None
        value, gains = found
        level.append((weights, value))
    return gains


def _leximin(hull: _Hull, scales: Sequence[Fraction]) -> Payoffs:
    """Raise the least scaled gain as far as possible, then the next; who has scale 0 gets none."""
    n = len(scales)
    fixed = {i: Fraction(0) for i in range(n) if scales[i] == 0}
    while len(fixed) < n:
        t = hull.least_raised(scales, fixed)
        assert t is not None
        floor = [None if i in fixed else t * scales[i] for i in range(n)]
        level = [(_unit(i, n), gain) for i, gain in fixed.items()]
        stuck = []
        for i in range(n):
            if i not in fixed:
                found = hull.greatest(_unit(i, n), level, floor)
                assert found is not None
                if found[0] == t * scales[i]:
                    stuck.append(i)
        assert stuck
        fixed |= {i: t * scales[i] for i in stuck}
    return tuple(fixed[i] for i in range(n))


def _greatest_product(hull: _Hull, best: Sequence[Fraction]) -> Payoffs:
    """Maximise the product of the gains of all players who can gain; the others gain nothing."""
    moving = [i for i, gain in enumerate(best) if gain > 0]
    gains: dict[int, Any] = {i: Fraction(0) for i in range(len(best))}
    points = _section(hull.gains, [i for i in range(len(best)) if i not in moving])
    shadows = sorted({tuple(g[i] for i in moving) for g in points}, reverse=True)
    if len(moving) == 1:
        gains[moving[0]] = best[moving[0]]
    elif moving:
        gains |= zip(moving, _inner_product(shadows), strict=True)
    return tuple(gains[i] for i in range(len(best)))


def _section(gains: Sequence[Payoffs], still: Sequence[int]) -> list[Payoffs]:
    """Return points whose hull is the part of a hull where some players gain exactly 0."""
    points = list(gains)
    for i in still:
        on = [g for g in points if g[i] == 0]
        above, below = ([g for g in points if g[i] * sign > 0] for sign in (1, -1))
        for a in above:
            for b in below:
                t = a[i] / (a[i] - b[i])
                on.append(tuple(x + t * (y - x) for x, y in zip(a, b, strict=True)))
        points = list(dict.fromkeys(on))
    return points


def _inner_product(points: Sequence[Payoffs]) -> Payoffs:
    """Return the gains, all positive, with the greatest product in a hull that has such gains."""
    m = len(points[0])
    high = [p for p in points if not any(_covers(q, p) for q in points)]
    if m > 2 and (len(high) > MAX_CORNERS or comb(len(high), m) > _MOST_FACES):
        raise Undecided(f"the greatest product is not sought among {len(high)} corners")
    for candidate in _candidates(high, m):
        if all(g > 0 for g in candidate) and _is_greatest(candidate, points):
            return candidate
    raise Undecided(
        "the greatest product of gains lies inside a face of two or more dimensions and fewer than "
        "the players' number less one; there it is not found"
    )


def _covers(one: Payoffs, other: Payoffs) -> bool:
    return one != other and all(a >= b for a, b in zip(one, other, strict=True))


def _is_greatest(gains: Payoffs, points: Sequence[Payoffs]) -> bool:
    """Check that the product does not rise towards any point: it is a concave function's top."""
    return all(
        sum(((p - g) / g for p, g in zip(point, gains, strict=True)), Fraction(0)) <= 0
        for point in points
    )


def _candidates(points: Sequence[Payoffs], m: int) -> Iterator[Payoffs]:
    """Yield the only gains that can be best inside corners, sides and faces of m - 1 dimensions."""
    yield from points
    for a, b in combinations(points, 2):
        yield from _tops(a, b)
    if m > 2:
        for corners in combinations(points, m):
            yield from _top_of_face(corners, points)


def _tops(a: Payoffs, b: Payoffs) -> Iterator[Payoffs]:
    """Yield the inner points of a segment at which the product's slope is 0."""
    steps = [y - x for x, y in zip(a, b, strict=True)]
    moving = [(x, s) for x, s in zip(a, steps, strict=True) if s]
    slope = [Fraction(0)] * len(moving)  # the sum of s_i prod_{j != i} (x_j + t s_j), from t^0
    for i, (_, s) in enumerate(moving):
        part = [s]
        for j, (x, other) in enumerate(moving):
            if j != i:
                part = [
                    (part[k] if k < len(part) else Fraction(0)) * x
                    + (part[k - 1] * other if k else Fraction(0))
                    for k in range(len(part) + 1)
                ]
        slope = [u + v for u, v in zip(slope, part, strict=True)]
    for t in _roots(slope):
        if 0 < t < 1:
            yield tuple(x + t * s for x, s in zip(a, steps, strict=True))


def _roots(coefficients: Sequence[Fraction]) -> Iterator[Any]:
    """Yield the real roots of a polynomial, given from the power 0."""
    kept = list(coefficients)
    while kept and not kept[-1]:
        kept.pop()
    if len(kept) <= 1:
        return
    if len(kept) == 2:
        yield -kept[0] / kept[1]
        return
    import sympy

    x = sympy.Symbol("t")
    numbers = [sympy.Rational(c.numerator, c.denominator) for c in reversed(kept)]
    for factor, _ in sympy.Poly(numbers, x, domain=sympy.QQ).factor_list()[1]:
        if factor.degree() == 1:
            first, last = (Fraction(int(c.p), int(c.q)) for c in factor.all_coeffs())
            yield -last / first
        else:
            for (low, high), _ in factor.intervals():
                ends = (Fraction(int(end.p), int(end.q)) for end in (low, high))
                yield generator(root_of("t", factor, *ends))


def _top_of_face(corners: Sequence[Payoffs], points: Sequence[Payoffs]) -> Iterator[Payoffs]:
    """Yield where the product is greatest on the plane through some corners, if it is a face's."""
    normal = _normal(corners)
    if normal is None:
        return
    height = _dot(normal, corners[0])
    if any(_dot(normal, p) > height for p in points):
        return
    top = tuple(height / (len(normal) * a) for a in normal)
    if all(g > 0 for g in top) and _is_mixture(top, points):
        yield top


def _normal(corners: Sequence[Payoffs]) -> tuple[Fraction, ...] | None:
    """Return the positive normal of the plane through m points in m dimensions, if it has one."""
    base, m = corners[0], len(corners)
    rows = [[x - y for x, y in zip(p, base, strict=True)] for p in corners[1:]]
    signs = [
        (-1) ** i * _determinant([[row[k] for k in range(m) if k != i] for row in rows])
        for i in range(m)
    ]
    if all(a > 0 for a in signs):
        return tuple(signs)
    return tuple(-a for a in signs) if all(a < 0 for a in signs) else None


def _determinant(rows: list[list[Fraction]]) -> Fraction:
    matrix, sign = [list(row) for row in rows], 1
    for k in range(len(matrix)):
        pivot = next((r for r in range(k, len(matrix)) if matrix[r][k]), None)
        if pivot is None:
            return Fraction(0)
        if pivot != k:
            matrix[k], matrix[pivot], sign = matrix[pivot], matrix[k], -sign
        for r in range(k + 1, len(matrix)):
            factor = matrix[r][k] / matrix[k][k]
            matrix[r] = [x - factor * y for x, y in zip(matrix[r], matrix[k], strict=True)]
    return sign * prod((matrix[k][k] for k in range(len(matrix))), start=Fraction(1))


def _is_mixture(point: Payoffs, points: Sequence[Payoffs]) -> bool:
    columns: list[tuple[Any, ...]] = [(*p, 1) for p in points]
    return isinstance(solve(LinearProgram(columns, (*point, 1), [0] * len(columns))), Optimum)


def _unit(i: int, n: int) -> tuple[Fraction, ...]:
    return tuple(Fraction(int(i == j)) for j in range(n))


def _dot(a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    return sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))
