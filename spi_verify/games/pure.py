"""The feasible set of pure outcomes: efficiency, PMM and PMP (Definition 6)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from spi_verify.errors import InputError
from spi_verify.games.algebraic import exact
from spi_verify.games.game import Game, Payoffs
from spi_verify.games.ordinal import ordinal

_CHUNK = 65_536  # outcomes per step: two columns and their masks stay in a core's cache
_STEPS = 12  # so many bits of a coordinate tell where on the stairs a point is
_SAMPLE = 8_192  # points that the stairs are made of
_BLOCK = 128  # profiles compared pairwise (three players or more)
_PART = 2_048  # profiles that a block is compared with at once
_INT64 = np.iinfo(np.int64)

_Positions = npt.NDArray[np.intp]
_Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class PureOutcomes:
    """The feasible set that consists of the pure outcomes of a game.

    Parameters
    ----------
    game
        Any game.

    Notes
    -----
    The efficient outcomes, the PMM and the Pareto meet are computed at the first use and kept
    with this object; projections are not kept. Everything is exact: payoffs are only compared
    with one another, never added or rounded.

    >>> game = Game.from_payoffs([[[3, 1], [0, 0]], [[0, 0], [1, 3]]])
    >>> PureOutcomes(game).pareto_meet_minimum
    (Fraction(1, 1), Fraction(1, 1))
    """

    game: Game

    @cached_property
    def efficient(self) -> _Positions:
        """The positions of the efficient outcomes, ascending (read-only).

        Efficient means strongly Pareto-efficient: no outcome is at least as good for all players
        and better for one. Outcomes with equal payoff profiles are all efficient or none is.

        Notes
        -----
        For N outcomes of which S survive the comparison with a few strong outcomes and E distinct
        efficient profiles: O(N + S log S) for one or two players, O(N + S log^2 S) for three,
        O(N n + S E n) for more.
        Usually S is far below N; at worst, where most outcomes are efficient, S = N. Payoffs that
        do not fit into 64 bits cost another O(N n) operations, and O(M n log M) comparisons of
        the M outcomes that are near the efficient ones, by their leading bits.
        """
        rows = self.game.scaled
        if rows.dtype != object:
            return _read_only(_efficient(rows))
        near = _near_the_best(rows)
        keys = np.array([ordinal(row) for row in rows.take(near, axis=1)])
        return _read_only(near[_efficient(keys)])

    @cached_property
    def _frontier(self) -> npt.NDArray[Any]:
        return _columns(self.game.scaled, self.efficient)

    @cached_property
    def pareto_meet_minimum(self) -> Payoffs:
        """u^PMM: each player's least payoff among the efficient outcomes (Definition 6)."""
        return tuple(
            exact(row.min()) / d
            for row, d in zip(self._frontier, self.game.denominators, strict=True)
        )

    def is_efficient(self, payoffs: Sequence[Fraction]) -> bool:
        """Whether nothing feasible is at least as good for all players and better for one.

        Parameters
        ----------
        payoffs
            A payoff profile, of an outcome or any other.

        Raises
        ------
        InputError
            When there is not one payoff for each player.
        """
        levels = self._levels(payoffs)
        at_least, equal = (
            np.logical_and.reduce(
                [compare(row, level) for row, level in zip(self._frontier, levels, strict=True)]
            )
            for compare in (_at_least, _equal)
        )
        return not np.any(at_least & ~equal)

    def pareto_meet_projection(self, player: int, payoffs: Sequence[Fraction]) -> _Positions:
        """Return PMP_i(a): the positions of the outcomes in player i's projection (Definition 6).

        Parameters
        ----------
        player
            i, from 1 to n.
        payoffs
            u(a), the payoff profile of the outcome that is projected.

        Raises
        ------
        InputError
            When there is no such player or not one payoff for each player.

        Notes
        -----
        The positions ascend; there may be none. Linear in the number of outcomes.

        >>> game = Game.from_payoffs([[[2, 1], [0, 0]], [[0, 0], [1, 2]]])
        >>> PureOutcomes(game).pareto_meet_projection(1, game.payoffs(("1", "2"))).tolist()
        [0]
        """
        if not 1 <= player <= self.game.number_of_players:
            raise InputError(
                f"there is no player {player}; the players are numbered from 1 to "
                f"{self.game.number_of_players}"
            )
        self._levels(payoffs)
        floor = zip(payoffs, self.pareto_meet_minimum, strict=True)
        levels = self._levels([max(u, least) for u, least in floor])
        return self._where(
            _at_least(row, level) if i == player else _equal(row, level)
            for i, (row, level) in enumerate(zip(self.game.scaled, levels, strict=True), 1)
        )

    @cached_property
    def pareto_meet(self) -> _Positions:
        """The positions of the outcomes that give every player at least the PMM, ascending."""
        levels = self._levels(self.pareto_meet_minimum)
        return _read_only(
            self._where(
                _at_least(row, level) for row, level in zip(self.game.scaled, levels, strict=True)
            )
        )

    def _levels(self, payoffs: Sequence[Fraction]) -> list[Fraction]:
        """Put a payoff profile on the scales of the players' integer payoffs."""
        if len(payoffs) != self.game.number_of_players:
            raise InputError(
                f"{len(payoffs)} payoffs for {self.game.number_of_players} players; give one each"
            )
        scales = self.game.denominators
        return [exact(u) * d for u, d in zip(payoffs, scales, strict=True)]

    def _where(self, masks: Iterable[_Mask]) -> _Positions:
        chosen = np.ones(self.game.number_of_outcomes, dtype=bool)
        for mask in masks:
            chosen &= mask
        return np.flatnonzero(chosen)


def _read_only(positions: _Positions) -> _Positions:
    positions.setflags(write=False)
    return positions


def _at_least(row: npt.NDArray[Any], level: Fraction) -> _Mask:
    if row.dtype == object:
        least_of_all = math.ceil(level) if isinstance(row[0], int) else level
        return np.asarray(row >= least_of_all, dtype=bool)
    least = math.ceil(level)
    if least > _INT64.max:
        return np.zeros(row.shape, dtype=bool)
    return np.asarray(row >= max(least, int(_INT64.min)), dtype=bool)


def _equal(row: npt.NDArray[Any], level: Fraction) -> _Mask:
    if row.dtype == object:
        if not isinstance(row[0], int):
            return np.asarray(row == level, dtype=bool)
        whole = level.denominator == 1
        return np.asarray(row == level.numerator, dtype=bool) & whole
    if level.denominator != 1 or not _INT64.min <= level.numerator <= _INT64.max:
        return np.zeros(row.shape, dtype=bool)
    return np.asarray(row == level.numerator, dtype=bool)


def _near_the_best(rows: npt.NDArray[Any]) -> _Positions:
    """Return the positions of columns that a strong one does not surpass in every row.

    Rounding keeps order: what is less as a float is less.
    """
    try:
        keys = rows.astype(float)
    except OverflowError:
        return np.arange(rows.shape[1])
    spread = keys.max(axis=1) - keys.min(axis=1)
    strong = keys[:, ((1 / np.where(spread > 0, spread, 1)) @ keys).argmax()]
    return np.flatnonzero((keys >= strong[:, None]).any(axis=0))


def _ranks(rows: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Replace every player's payoffs by their ranks, equal ones by equal ranks."""
    ranks = [np.unique(row, return_inverse=True)[1].reshape(-1) for row in rows]
    return np.array(ranks, dtype=np.int64)


def _efficient(rows: npt.NDArray[np.int64]) -> _Positions:
    """Return the positions of the columns that no column dominates, ascending."""
    best = _best_for_all(rows)
    if best is not None:
        return best
    kept = _under_stairs(*rows) if len(rows) == 2 and _spread_out(rows) else _cull(rows)
    before, points = rows.shape[1], _columns(rows, kept)
    while _CHUNK < len(kept) < before / 2:
        again = _cull(points)
        before, kept, points = len(kept), kept[again], points.take(again, axis=1)
    if all(row.min() == row.max() for row in points):
        return kept
    maximal = _maximal_of_two(*points) if len(points) == 2 else _maximal(points)
    if len(maximal) < rows.shape[1] // 64:
        return np.sort(kept.take(maximal))
    chosen = np.zeros(rows.shape[1], dtype=bool)
    chosen[kept.take(maximal)] = True
    return np.flatnonzero(chosen)


def _columns(rows: npt.NDArray[np.int64], positions: _Positions) -> npt.NDArray[np.int64]:
    """Return the columns at ascending positions."""
    return rows if len(positions) == rows.shape[1] else rows.take(positions, axis=1)


def _best_for_all(rows: npt.NDArray[np.int64]) -> _Positions | None:
    """Return the columns that are the greatest in every row, or None where there are none.

    One of the first columns tells whether it is worth while to look.
    """
    first = rows[:, :_CHUNK]
    tops = first.max(axis=1)
    if len(rows) > 1 and not np.all(first == tops[:, None], axis=0).any():
        return None
    if any(row.max() > top for row, top in zip(rows, tops, strict=True)):
        return np.flatnonzero(rows[0] == rows[0].max()) if len(rows) == 1 else None
    best = rows[0] == tops[0]
    for row, top in zip(rows[1:], tops[1:], strict=True):
        best &= row == top
    return np.flatnonzero(best)


def _spread_out(rows: npt.NDArray[np.int64]) -> bool:
    """Whether no one of the first columns dominates many of the others."""
    first = rows[:, :_CHUNK]
    return bool(2 * len(_cull(first)) > first.shape[1] == _CHUNK)


def _under_stairs(x: npt.NDArray[np.int64], y: npt.NDArray[np.int64]) -> _Positions:
    """Return the positions of the points that the maxima of a sample are not seen to dominate.

    For each of a few thousand intervals of x the greatest y of the sample to the right of it is
    looked up: points of the interval that are not above are dominated.
    """
    low, high = int(x.min()), int(x.max())
    if high - low > _INT64.max or y.min() == _INT64.min:
        return np.arange(len(x))
    shift = max((high - low).bit_length() - _STEPS, 0)
    step = len(x) // _SAMPLE + 1
    sampled = (x[::step] - low) >> shift
    above = np.full((high - low >> shift) + 2, _INT64.min, dtype=np.int64)
    np.maximum.at(above, sampled, y[::step])
    above[:-1] = np.maximum.accumulate(above[:0:-1])[::-1]
    kept = []
    for start in range(0, len(x), _CHUNK):
        part = slice(start, start + _CHUNK)
        kept.append(np.flatnonzero(y[part] > above.take((x[part] - low) >> shift)) + start)
    return np.concatenate(kept)


def _cull(rows: npt.NDArray[np.int64]) -> _Positions:
    """Return the positions of the columns that are not dominated by a few strong ones.

    The strong ones are found on the way, with a rough score: a bad score costs time, but nothing
    is dropped that is not dominated.
    """
    first = rows[:, :_CHUNK]
    spread = first.max(axis=1).astype(float) - first.min(axis=1).astype(float)
    weights = 1 / np.maximum(spread, 1)
    record, pivot = -math.inf, first[:, (weights @ first).argmax()]
    kept = []
    for start in range(0, rows.shape[1], _CHUNK):
        part = rows[:, start : start + _CHUNK]
        undominated, equal = part[0] > pivot[0], part[0] == pivot[0]
        some_equal = equal.any()
        for row, p in zip(part[1:], pivot[1:], strict=True):
            undominated |= row > p
            if some_equal:
                equal &= row == p
        if some_equal:
            undominated |= equal
        here = np.flatnonzero(undominated)
        if not len(here):
            continue
        kept.append(here + start)
        points = part
        if len(here) < part.shape[1]:
            points = np.array([row.take(here) for row in part])
        score = weights @ points
        if score.max() > record:
            record, pivot = score.max(), points[:, score.argmax()]
    return np.concatenate(kept)


def _maximal_of_two(x: npt.NDArray[np.int64], y: npt.NDArray[np.int64]) -> _Positions:
    """Return the positions of the points of a plane that no other dominates: a sweep along x.

    That takes sorting, where all may be maximal: points (a, -a) are all maximal and different if
    and only if no a is there twice, and to find that out takes N log N comparisons.
    """
    order = x.argsort()
    x, y = x.take(order), y.take(order)
    is_new = np.empty(len(x), dtype=bool)
    is_new[0] = True
    np.not_equal(x[1:], x[:-1], out=is_new[1:])
    starts = np.flatnonzero(is_new)
    best = y if len(starts) == len(y) else np.maximum.reduceat(y, starts)  # greatest y for each x
    undominated = np.ones(len(starts), dtype=bool)
    np.greater(best[:-1], np.maximum.accumulate(best[:0:-1])[::-1], out=undominated[:-1])
    if len(starts) != len(y):
        sizes = np.diff(starts, append=len(y))
        undominated = np.repeat(undominated, sizes) & (y == np.repeat(best, sizes))
    return order if undominated.all() else order.take(np.flatnonzero(undominated))


def _maximal(points: npt.NDArray[np.int64]) -> _Positions:
    """Return the positions of the points in n >= 3 dimensions that no other dominates.

    In descending lexicographic order a point can only be dominated by an earlier one, and the
    first coordinate is settled by the order.
    """
    ranks = _ranks(points).astype(np.int32)
    order = np.lexsort(ranks[::-1])[::-1]
    ranks = ranks[:, order]
    is_new = np.concatenate([[True], np.any(ranks[:, 1:] != ranks[:, :-1], axis=0)])
    profiles = ranks[1:, is_new]  # all different, once the first coordinate is added
    maximal = np.zeros(profiles.shape[1], dtype=bool)
    maximal[_uncovered(profiles, np.arange(profiles.shape[1]))] = True
    chosen: _Positions = order[maximal[np.cumsum(is_new) - 1]]
    return chosen


def _uncovered(profiles: npt.NDArray[np.int32], among: _Positions) -> _Positions:
    """Return the columns that no earlier column matches in every row, by halves."""
    if len(among) <= _BLOCK:
        block = profiles[:, among]
        earlier = np.tri(len(among), k=-1, dtype=bool)
        covered: _Mask = np.any(_covers(block, block) & earlier, axis=1)
        return among[~covered]
    half = len(among) // 2
    first = _uncovered(profiles, among[:half])
    second = _uncovered(profiles, among[half:])
    beaten = _beaten_in_the_plane if len(profiles) == 2 else _beaten
    return np.concatenate([first, second[~beaten(profiles[:, second], profiles[:, first])]])


def _beaten_in_the_plane(points: npt.NDArray[np.int32], by: npt.NDArray[np.int32]) -> _Mask:
    order = by[0].argsort()
    greatest = np.full(len(order) + 1, -1, dtype=np.int32)  # second coordinate from here on
    greatest[:-1] = np.maximum.accumulate(by[1, order[::-1]])[::-1]
    beaten: _Mask = greatest[np.searchsorted(by[0, order], points[0])] >= points[1]
    return beaten


def _beaten(points: npt.NDArray[np.int32], by: npt.NDArray[np.int32]) -> _Mask:
    beaten = np.zeros(points.shape[1], dtype=bool)
    for start in range(0, points.shape[1], _BLOCK):
        left = np.arange(start, min(start + _BLOCK, points.shape[1]))
        for part in range(0, by.shape[1], _PART):
            left = left[~np.any(_covers(points[:, left], by[:, part : part + _PART]), axis=1)]
        beaten[start : start + _BLOCK] = True
        beaten[left] = False
    return beaten


def _covers(points: npt.NDArray[np.int32], by: npt.NDArray[np.int32]) -> _Mask:
    """Tell for each point (row) and each other (column) whether the other is nowhere less."""
    covers: _Mask = points[0][:, None] <= by[0]
    for mine, theirs in zip(points[1:], by[1:], strict=True):
        covers &= mine[:, None] <= theirs
    return covers
