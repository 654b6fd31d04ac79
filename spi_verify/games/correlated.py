"""The feasible set of correlated play: efficiency, PMM and PMP (Definition 6)."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from spi_verify.errors import InputError
from spi_verify.games.game import SMALL, Game, Payoffs
from spi_verify.games.linear_program import Answer, Infeasible, LinearProgram, Optimum, solve
from spi_verify.games.undominated import undominated

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Lottery = dict[int, Fraction]
"""Positions of pure outcomes with their probabilities, which are positive and sum to 1."""

Point = tuple[Fraction, Fraction]
P = TypeVar("P", bound=tuple[Any, ...])
_Profile = tuple[Any, ...]


@dataclass(frozen=True)
class Segment:
    """The payoff profiles low + t (high - low) for 0 <= t <= 1; one point when low == high."""

    low: Payoffs
    high: Payoffs


@dataclass(frozen=True, eq=False)
class CorrelatedPlay:
    """The convex hull of the payoff profiles of the pure outcomes of a game.

    The players may correlate their actions, so that every lottery over the pure outcomes is
    feasible. All results are exact, for every number of players.

    Parameters
    ----------
    game
        Any game.

    Notes
    -----
    Call a point of the hull efficient when nothing in the hull is at least as good for all
    players and better for one.

    *The PMM is attained at a corner.* If a point inside a face is efficient, so is the whole
    closed face: were a point p of it dominated by q, one could move from the inner point a
    little by q - p and stay feasible. So the efficient set is a union of closed faces. A linear
    function is least on a face at one of its corners; hence PMM_i is the least u_i of an
    efficient corner.

    *Few columns suffice.* Let Q be the hull with everything below it. Its corners are the
    efficient corners of the hull: a dominated point is the midpoint of its dominator and of a
    point below itself, and an efficient corner is no midpoint in Q. Everything in the hull is
    thus weakly dominated by a lottery over efficient corners, and these are among the pure
    outcomes that no other pure outcome dominates.

    *Complexity.* Write N for the number of outcomes, M for the number of distinct payoff profiles
    that are efficient among the pure ones and E <= M for that of efficient corners. Two players
    need sorting only: O(N log N) for the hull, the efficient set and the PMM. For n >= 3 the
    efficient corners, and so the PMM, take O(n N M) comparisons and then M + E linear programs
    with n + 1 rows and at most E + n columns.

    >>> play = CorrelatedPlay(Game.from_payoffs([[[3, 1], [0, 0]], [[0, 0], [1, 3]]]))
    >>> play.pareto_meet_minimum
    (Fraction(1, 1), Fraction(1, 1))
    >>> play.is_efficient((2, 2)), play.mixture((2, 2))
    (True, {0: Fraction(1, 2), 3: Fraction(1, 2)})
    """

    game: Game

    @cached_property
    def corners(self) -> npt.NDArray[np.intp]:
        """For each extreme point of the hull the first pure outcome that pays it, ascending.

        O(N log N) for one and two players. For more players, one linear program for each distinct
        payoff profile and each corner, with as many columns as there are corners.
        """
        import numpy as np

        return np.array(self._extreme, dtype=np.intp)

    @property
    def corner_payoffs(self) -> list[Payoffs]:
        """The payoff profiles of the extreme points of the hull, in the order of the corners."""
        return list(map(self.game.payoffs, self._extreme))

    @cached_property
    def _extreme(self) -> list[int]:
        positions = self._distinct[::-1]
        profiles = self._profiles(positions)
        if self.game.number_of_players <= 2:
            place = dict(zip(((*p, 0)[:2] for p in profiles), positions, strict=True))
            chosen = [place[point] for point in planar_hull(list(place))]
        else:
            chosen = [positions[k] for k in _corners(profiles, [])]
        return sorted(chosen)

    @cached_property
    def efficient(self) -> npt.NDArray[np.intp]:
        """The positions of all pure outcomes that are efficient in the hull, ascending.

        For n >= 3, M linear programs after those for the efficient corners.
        """
        import numpy as np

        positions = self._maximal
        profiles = self._profiles(positions)
        if self.game.number_of_players == 2:
            chain = set(_left_turns(profiles, straight=True))
            chosen = [k for k, p in zip(positions, profiles, strict=True) if p in chain]
        else:
            corners = set(self._efficient_corners)
            chosen = [
                k
                for k, p in zip(positions, profiles, strict=True)
                if k in corners or not _gain(self._improve(p))
            ]
        return np.flatnonzero(np.isin(self._first, chosen))

    @cached_property
    def pareto_meet_minimum(self) -> Payoffs:
        """u^PMM: each player's least payoff among the efficient points (Definition 6)."""
        return self._unscaled(map(min, zip(*self._profiles(self._efficient_corners), strict=True)))

    def is_efficient(self, payoffs: Sequence[int | Fraction]) -> bool:
        """Whether nothing feasible is at least as good for all players and better for one.

        The payoff profile need not be feasible. One linear program with E + n columns.
        """
        return not _gain(self._improve(self._scaled(payoffs)))

    def contains(self, payoffs: Sequence[int | Fraction]) -> bool:
        """Whether some lottery pays exactly this."""
        return self.mixture(payoffs) is not None

    def mixture(self, payoffs: Sequence[int | Fraction]) -> Lottery | None:
        """Return a lottery over at most n + 1 outcomes that pays exactly this, if there is one.

        One linear program; its columns are the corners for n <= 2 and all distinct payoff
        profiles for n >= 3.
        """
        columns = self._columns(self._spanning)
        program = LinearProgram(columns, (*self._scaled(payoffs), 1), [0] * len(columns))
        answer = solve(program)
        return _lottery(answer, self._spanning) if isinstance(answer, Optimum) else None

    def dominating(self, payoffs: Sequence[int | Fraction]) -> Lottery | None:
        """Return a lottery at least as good for all players and better for one, if there is one.

        The lottery is efficient and its outcomes are efficient corners. The payoff profile need
        not be feasible.
        """
        answer = self._improve(self._scaled(payoffs))
        return _lottery(answer, self._efficient_corners) if _gain(answer) else None

    def pareto_meet_projection(
        self, player: int, payoffs: Sequence[int | Fraction]
    ) -> Segment | None:
        """Return player i's PMP of a payoff profile: a segment, a point, or None (Definition 6).

        Everyone else gets exactly the greater of the PMM and the given payoff, player i at least
        that.

        Parameters
        ----------
        player
            i, from 1 to n.
        payoffs
            u(a), the payoff profile of the outcome that is projected.

        Raises
        ------
        InputError
            When there is no such player, or not one payoff for each player.

        Notes
        -----
        Two linear programs with the columns of :meth:`mixture`. With three or more players the
        projection can be empty, although the hull is convex.
        """
        n = self.game.number_of_players
        if not 1 <= player <= n:
            raise InputError(f"there is no player {player}; players are numbered from 1 to {n}")
        least = self._scaled(self.pareto_meet_minimum)
        level = tuple(map(max, self._scaled(payoffs), least))
        surplus = tuple(-int(j == player - 1) for j in range(n + 1))
        columns = [*self._columns(self._spanning), surplus]
        ends = []
        for sign in (-1, 1):
            objective = [0] * (len(columns) - 1) + [sign]
            answer = solve(LinearProgram(columns, (*level, 1), objective))
            if isinstance(answer, Infeasible):
                return None
            assert isinstance(answer, Optimum)
            end = list(level)
            end[player - 1] += answer.point.get(len(columns) - 1, 0)
            ends.append(self._unscaled(end))
        return Segment(*ends)

    @cached_property
    def efficient_faces(self) -> tuple[tuple[int, ...], ...]:
        """The maximal efficient faces, each as the positions of its corners; sorted.

        Their union is the efficient frontier.

        Notes
        -----
        For two players the efficient corners in order, two at a time: O(N log N).

        For n >= 3: corners share an efficient face if and only if their barycentre is efficient,
        for it lies inside the least face that has them all; so with a set of corners every subset
        qualifies. The maximal sets are found by dualisation (Gunopulos et al. 2003): keep the
        minimal sets that lie in no face found so far, and either grow one of them to a new face
        or learn that it lies in none. Such a set has at most n + 1 corners, because
        intersections of faces get smaller only n times. With F faces this takes at most E F
        linear programs and one for each minimal set without a face, usually O(E^2) in all.
        """
        corners = self._efficient_corners
        if self.game.number_of_players == 2:
            pairs = itertools.pairwise(corners)
            return tuple(sorted(tuple(sorted(pair)) for pair in pairs)) or (tuple(corners),)
        faces: list[frozenset[int]] = []
        unsettled, faceless = [frozenset[int]()], list[frozenset[int]]()
        while unsettled:
            face = self._common_face(unsettled[-1])
            if face is None:
                faceless.append(unsettled.pop())
                continue
            for k in sorted(set(corners) - face):
                larger = face | {k}
                if k not in face and not any(part <= larger for part in faceless):
                    face = self._common_face(larger) or face
            faces.append(face)
            inside = [part for part in unsettled if part <= face]
            unsettled = [part for part in unsettled if not part <= face]
            for part in inside:
                for k in sorted(set(corners) - face):
                    larger = part | {k}
                    if not any(other <= larger for other in (*unsettled, *faceless)):
                        unsettled.append(larger)
        return tuple(sorted(tuple(sorted(face)) for face in faces))

    def in_pareto_meet(self, payoffs: Sequence[int | Fraction]) -> bool:
        """Whether this is in Rabin's Pareto meet: feasible, and at least the PMM for everyone."""
        least = self._scaled(self.pareto_meet_minimum)
        above = all(a >= b for a, b in zip(self._scaled(payoffs), least, strict=True))
        return above and self.contains(payoffs)

    @cached_property
    def pareto_meet_polygon(self) -> tuple[Payoffs, ...]:
        """The corners of the Pareto meet of a two-player game, counter-clockwise.

        The Pareto meet is what :meth:`in_pareto_meet` says; it has one or two corners when it is
        a point or a segment.

        Raises
        ------
        InputError
            When the game has not two players.
        """
        if self.game.number_of_players != 2:
            raise InputError("the Pareto meet is drawn as a polygon for two players only")
        polygon: list[_Profile] = planar_hull(self.corner_payoffs)
        for i, least in enumerate(self.pareto_meet_minimum):
            polygon = _clip(polygon, i, least)
        return tuple(planar_hull(polygon))

    @cached_property
    def _first(self) -> npt.NDArray[np.intp]:
        """For each outcome the position of the first outcome with the same payoff profile."""
        import numpy as np

        keys = self.game.ordinal
        order = np.lexsort(keys[::-1])
        new = np.ones(len(order), dtype=bool)
        new[1:] = np.any(keys[:, order[1:]] != keys[:, order[:-1]], axis=0)
        first = np.empty_like(order)
        first[order] = order[np.flatnonzero(new)[np.cumsum(new) - 1]]
        return first

    @cached_property
    def _distinct(self) -> list[int]:
        """The first outcome of each payoff profile, the greatest profile first (lexicographic)."""
        if isinstance(self.game.table, tuple):
            profiles = list(zip(*self.game.table, strict=True))
            first = {profile: k for k, profile in reversed(list(enumerate(profiles)))}
            return [first[profile] for profile in sorted(first, reverse=True)]
        import numpy as np

        positions = np.flatnonzero(self._first == np.arange(len(self._first)))
        ordered: list[int] = positions[
            np.lexsort(self.game.ordinal[::-1, positions])[::-1]
        ].tolist()
        return ordered

    @cached_property
    def _maximal(self) -> list[int]:
        """Those of ``_distinct`` that no other pure outcome dominates, in the same order."""
        if len(self._distinct) <= SMALL:
            place = dict(zip(self._profiles(self._distinct), self._distinct, strict=True))
            return [place[profile] for profile in undominated(place)]
        import numpy as np

        left = np.array(self._distinct)
        keys = self.game.ordinal[:, left]
        if len(keys) == 2:
            best = np.maximum.accumulate(keys[1])
            rises = np.flatnonzero(keys[1, 1:] > best[:-1]) + 1
            return [int(left[k]) for k in (0, *rises)]
        kept = []
        while len(left):
            kept.append(int(left[0]))
            above = np.any(keys > keys[:, [0]], axis=0)
            left, keys = left[above], keys[:, above]
        return kept

    @cached_property
    def _efficient_corners(self) -> list[int]:
        profiles = self._profiles(self._maximal)
        if self.game.number_of_players == 2:
            place = dict(zip(profiles, self._maximal, strict=True))
            return [place[point] for point in _left_turns(profiles)]
        return [self._maximal[k] for k in _corners(profiles, self._below)]

    @cached_property
    def _spanning(self) -> list[int]:
        return self._extreme if self.game.number_of_players <= 2 else self._distinct

    @property
    def _below(self) -> list[tuple[int, ...]]:
        n = self.game.number_of_players
        return [tuple(-int(i == j) for j in range(n + 1)) for i in range(n)]

    def _improve(self, scaled: _Profile) -> Answer:
        """Maximise the sum of the (scaled) payoffs among lotteries at least as good for all."""
        columns = self._columns(self._efficient_corners)
        objective = [0] * len(columns) + [1] * len(self._below)
        return solve(LinearProgram([*columns, *self._below], (*scaled, 1), objective))

    def _common_face(self, positions: frozenset[int]) -> frozenset[int] | None:
        """Return the corners of an efficient face that has all of these, or None."""
        profiles = self._profiles(self._efficient_corners)
        if not positions:
            profile = profiles[0]
        else:
            chosen = self._profiles(positions)
            profile = tuple(
                Fraction(sum(values)) / len(chosen) for values in zip(*chosen, strict=True)
            )
        answer = self._improve(profile)
        if _gain(answer):
            return None
        assert isinstance(answer, Optimum)
        # The dual solution is minus positive weights on the payoffs, which the face maximises.
        weights = [-value for value in answer.dual[:-1]]
        heights = [_dot(weights, p) for p in profiles]
        top = _dot(weights, profile)
        return frozenset(
            k for k, h in zip(self._efficient_corners, heights, strict=True) if h == top
        )

    def _profiles(self, positions: Iterable[int]) -> list[_Profile]:
        rows = self.game.table
        if isinstance(rows, tuple):
            return [tuple(row[k] for row in rows) for k in positions]
        return list(map(tuple, rows[:, list(positions)].T.tolist()))

    def _columns(self, positions: Iterable[int]) -> list[_Profile]:
        return [(*profile, 1) for profile in self._profiles(positions)]

    def _scaled(self, payoffs: Sequence[int | Fraction]) -> _Profile:
        if len(payoffs) != self.game.number_of_players:
            raise InputError(
                f"{len(payoffs)} payoffs for {self.game.number_of_players} players", where="payoffs"
            )
        return tuple(
            Fraction(value) * d for value, d in zip(payoffs, self.game.denominators, strict=True)
        )

    def _unscaled(self, profile: Iterable[Any]) -> Payoffs:
        return tuple(
            Fraction(value) / d for value, d in zip(profile, self.game.denominators, strict=True)
        )


def planar_hull(points: Sequence[P]) -> list[P]:
    """Return the corners of the convex hull of points in the plane, counter-clockwise.

    Starts at the lowest of the leftmost points. No three corners are on a line; a hull that is a
    segment has two corners, a point one. Exact; O(k log k) for k points (Andrew's monotone
    chain).

    >>> planar_hull([(0, 0), (2, 0), (1, 0), (2, 2), (1, 1)])
    [(0, 0), (2, 0), (2, 2)]
    """
    ordered = sorted(set(points))
    if len(ordered) <= 1:
        return ordered
    return _left_turns(ordered)[:-1] + _left_turns(ordered[::-1])[:-1]


def _left_turns(points: Iterable[_Profile], *, straight: bool = False) -> list[Any]:
    """Walk along sorted points, keeping those at left turns and, if asked, on straight stretches.

    From the greatest point down this is the upper half of the hull; where no point dominates
    another, this half is the efficient frontier, for its slopes are negative.
    """
    chain: list[_Profile] = []
    for x, y in points:
        while len(chain) >= 2:
            (ax, ay), (bx, by) = chain[-2:]
            turn = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
            if turn > 0 or (straight and turn == 0):
                break
            chain.pop()
        chain.append((x, y))
    return chain


def _clip(polygon: Sequence[Point], axis: int, least: Fraction) -> list[Point]:
    """Cut a convex polygon down to where a coordinate is at least so much."""
    kept: list[Point] = []
    for a, b in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        if a[axis] >= least:
            kept.append(a)
        if min(a[axis], b[axis]) < least < max(a[axis], b[axis]):
            t = (least - a[axis]) / (b[axis] - a[axis])
            kept.append((a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])))
    return kept


def _corners(points: Sequence[_Profile], rays: Sequence[_Profile]) -> list[int]:
    """Return the indices of the corners of the hull of distinct points plus a cone.

    Parameters
    ----------
    points
        Of length n.
    rays
        The directions of the cone, of length n + 1 with a last 0: none, or all the negative axes.

    Notes
    -----
    Clarkson's method: a point outside the hull of the corners found so far is cut off by a
    hyperplane, and the point farthest in that direction is a new corner. Ties go to the
    lexicographically greatest, which is no mixture of the others and which none of them dominates.
    """
    found: list[int] = []
    for k, point in enumerate(points):
        while k not in found:
            columns = [*((*points[c], 1) for c in found), *rays]
            answer = solve(LinearProgram(columns, (*point, 1), [0] * len(columns)))
            if not isinstance(answer, Infeasible):
                break
            weights = [-value for value in answer.farkas[:-1]]
            found.append(
                max(range(len(points)), key=lambda c: (_dot(weights, points[c]), points[c]))
            )
    return found


def _gain(answer: Answer) -> bool:
    return isinstance(answer, Optimum) and answer.value > 0


def _lottery(answer: Answer, positions: Sequence[int]) -> Lottery:
    assert isinstance(answer, Optimum)
    chances = {positions[j]: value for j, value in answer.point.items() if j < len(positions)}
    return dict(sorted(chances.items()))


def _dot(a: Iterable[Any], b: Iterable[Any]) -> Any:
    return sum(x * y for x, y in zip(a, b, strict=True))
