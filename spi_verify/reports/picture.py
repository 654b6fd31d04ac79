"""What a picture of a game shows, exactly: feasible set, efficient frontier, PMM and PMP."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from spi_verify.counterexamples.bimatrix import outcome_name
from spi_verify.errors import InputError
from spi_verify.games.correlated import CorrelatedPlay, planar_hull
from spi_verify.games.game import Game, Outcome, Payoffs
from spi_verify.games.pure import PureOutcomes
from spi_verify.reports.solved import Solved

MAX_POINTS = 2_500
"""At most so many dominated and so many efficient payoff profiles are drawn."""

_MAX_PROJECTED = 200
_MAX_EFFICIENT_FOR_FACES = 30  # three players: finding the faces takes about the square of it
_LARGEST = Fraction(10) ** 100
_LEAST_SPREAD = Fraction(1, 10**9)


@dataclass(frozen=True)
class Mark:
    """One distinct payoff profile of the pure outcomes.

    Parameters
    ----------
    payoffs
        The profile, exact.
    first
        The first outcome that pays it.
    count
        How many outcomes pay it.
    efficient
        Whether it is efficient in the feasible set (for correlated play: in the hull).
    in_pareto_meet
        Whether it gives every player at least the PMM.
    name
        What the first outcome is called, shortened.
    """

    payoffs: Payoffs
    first: Outcome
    count: int
    efficient: bool
    in_pareto_meet: bool
    name: str

    @property
    def label(self) -> str:
        """``(Slot 1, Slot 2) and 5 more``."""
        return self.name if self.count == 1 else f"{self.name} and {self.count - 1} more"


@dataclass(frozen=True)
class Projection:
    """A player's PMP of the chosen outcome as it is drawn.

    Parameters
    ----------
    player
        From 1 to n.
    payoffs
        Pure: distinct profiles of the projection. Correlated: the ends of the segment, one if
        they are equal. The first is nearest to the outcome. Empty when the projection is.
    total
        How many profiles there were before too many were thinned.
    """

    player: int
    payoffs: tuple[Payoffs, ...]
    total: int


@dataclass(frozen=True)
class Picture:
    """What a picture of a feasible set shows, exact and in payoffs.

    Parameters
    ----------
    game
        The game; its names become labels.
    correlated
        Whether the feasible set is the hull of the pure outcomes.
    panels
        For each panel the players on its axes (from 1); a number line has one.
    marks
        Distinct payoff profiles in lexicographic order, thinned when there are too many.
    number_of_profiles
        How many there are.
    pareto_meet_minimum
        The PMM.
    hulls
        Correlated play: for each panel the corners of the feasible set as seen in it.
    frontier
        Correlated play: the corners of each maximal efficient face; for three players empty when
        there are many.
    pareto_meet
        Correlated play with at most two players: the corners of the Pareto meet.
    outcome
        The payoff profile that is projected.
    projections
        Its PMP for each player.
    solved
        A disagreement point and bargaining solutions.
    """

    game: Game
    correlated: bool
    panels: tuple[tuple[int, ...], ...]
    marks: tuple[Mark, ...]
    number_of_profiles: int
    pareto_meet_minimum: Payoffs
    hulls: tuple[tuple[Payoffs, ...], ...]
    frontier: tuple[tuple[Payoffs, ...], ...]
    pareto_meet: tuple[Payoffs, ...]
    outcome: Payoffs | None
    projections: tuple[Projection, ...]
    solved: Solved | None = None

    @property
    def arrows(self) -> dict[Payoffs, tuple[int, ...]]:
        """For each end of an arrow from the outcome the players whose PMP is nearest there."""
        ends: dict[Payoffs, tuple[int, ...]] = {}
        for projection in self.projections:
            if projection.payoffs and projection.payoffs[0] != self.outcome:
                nearest = projection.payoffs[0]
                ends[nearest] = (*ends.get(nearest, ()), projection.player)
        return ends


def picture(
    feasible: PureOutcomes | CorrelatedPlay,
    outcome: Payoffs | None = None,
    solved: Solved | None = None,
) -> Picture:
    """Compute what :func:`plot_game` draws.

    Raises
    ------
    InputError
        As :func:`plot_game`, except for the errors about the file.

    Notes
    -----
    O(N log N) for the N outcomes on top of what the feasible set needs. Where more than
    ``MAX_POINTS`` profiles would be drawn, one is kept of those that nearly coincide.

    >>> game = Game.from_payoffs([[[3, 1], [0, 0]], [[0, 0], [1, 3]]])
    >>> [(mark.label, mark.efficient) for mark in picture(PureOutcomes(game)).marks]
    [('(1, 2) and 1 more', False), ('(2, 2)', True), ('(1, 1)', True)]
    """
    game = feasible.game
    n = game.number_of_players
    if n > 3:
        raise InputError(f"plots show at most three players, and this game has {n}")
    if outcome is not None and len(outcome) != n:
        raise InputError(f"{len(outcome)} payoffs for {n} players; give one each")
    _check_drawable(game, outcome, solved)
    panels = tuple(itertools.combinations(range(1, n + 1), min(n, 2)))
    first, counts = _distinct(game)
    efficient = np.isin(first, feasible.efficient)
    kept = np.sort(
        np.concatenate(
            [_thinned(game, first, np.flatnonzero(mask)) for mask in (efficient, ~efficient)]
        )
    )
    least = feasible.pareto_meet_minimum
    marks = []
    for k in kept.tolist():
        payoffs = game.payoffs(first[k])
        above = all(u >= m for u, m in zip(payoffs, least, strict=True))
        one = game.outcome(int(first[k]))
        name = outcome_name(one, game, max(8, 30 // n))
        marks.append(Mark(payoffs, one, int(counts[k]), bool(efficient[k]), above, name))
    hulls: tuple[tuple[Payoffs, ...], ...] = ()
    frontier: tuple[tuple[Payoffs, ...], ...] = ()
    meet: tuple[Payoffs, ...] = ()
    if isinstance(feasible, CorrelatedPlay):
        spanning = first if n == 3 else feasible.corners
        hulls = tuple(_seen_hull(game, spanning, panel) for panel in panels)
        if n < 3 or np.count_nonzero(efficient) <= _MAX_EFFICIENT_FOR_FACES:
            frontier = tuple(tuple(map(game.payoffs, face)) for face in feasible.efficient_faces)
        if n == 1:
            meet = (least,)
        elif n == 2:
            meet = feasible.pareto_meet_polygon
    projections = (
        () if outcome is None else tuple(_project(feasible, i + 1, outcome) for i in range(n))
    )
    return Picture(
        game,
        isinstance(feasible, CorrelatedPlay),
        panels,
        tuple(marks),
        len(first),
        least,
        hulls,
        frontier,
        meet,
        outcome,
        projections,
        solved,
    )


def _check_drawable(game: Game, outcome: Payoffs | None, solved: Solved | None) -> None:
    for i in range(game.number_of_players):
        ends = list(payoff_range(game, i + 1))
        if outcome is not None:
            ends.append(outcome[i])
        if solved is not None:
            ends.append(solved.disagreement[i])
        size, spread = max(map(abs, ends)), max(ends) - min(ends)
        if size > _LARGEST:
            raise InputError(f"the payoffs of player {i + 1} are too large to be drawn")
        if spread and spread < max(size * _LEAST_SPREAD, 1 / _LARGEST):
            raise InputError(
                f"the payoffs of player {i + 1} are too close to one another to be drawn"
            )


def payoff_range(game: Game, player: int) -> tuple[Fraction, Fraction]:
    """Return the least and the greatest payoff of a player."""
    row = game.scaled[player - 1]
    low, high = (game.payoffs(int(k))[player - 1] for k in (row.argmin(), row.argmax()))
    return low, high


def _distinct(game: Game) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return the first outcome of each payoff profile, lexicographically, and their numbers."""
    order = np.lexsort(game.ordinal[::-1])
    ordered = game.ordinal[:, order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = np.any(ordered[:, 1:] != ordered[:, :-1], axis=0)
    starts = np.flatnonzero(new)
    return np.minimum.reduceat(order, starts), np.diff(starts, append=len(order))


def _thinned(
    game: Game, first: npt.NDArray[np.intp], chosen: npt.NDArray[np.intp]
) -> npt.NDArray[np.intp]:
    """Keep about MAX_POINTS profiles, if there are more: the first in each cell of a grid.

    The profiles at the ends of each player's range are kept too.
    """
    if len(chosen) <= MAX_POINTS:
        return chosen
    points = game.scaled[:, first[chosen]].astype(float)
    low = points.min(axis=1, keepdims=True)
    spread = points.max(axis=1, keepdims=True) - low
    points = (points - low) / np.where(spread > 0, spread, 1)
    ends = np.concatenate([points.argmin(axis=1), points.argmax(axis=1)])
    kept = ends
    for doublings in range(12):
        sides = int(MAX_POINTS ** (1 / len(points)) + 1e-9) << doublings
        cells = np.zeros(len(chosen), dtype=np.int64)
        for row in points:
            cells = cells * (sides + 1) + (row * sides).astype(np.int64)
        finer = np.unique(cells, return_index=True)[1]
        if len(finer) > MAX_POINTS * 5 // 4 and doublings:
            break
        kept = finer
    kept = np.union1d(kept, ends)
    return np.asarray(chosen[kept])


def _seen_hull(
    game: Game, spanning: npt.NDArray[np.intp], panel: tuple[int, ...]
) -> tuple[Payoffs, ...]:
    scales = [game.denominators[i - 1] for i in panel]
    columns = [game.scaled[i - 1, spanning].tolist() for i in panel]
    if len(panel) == 1:
        corners: list[Any] = [(value,) for value in sorted({min(columns[0]), max(columns[0])})]
    else:
        corners = planar_hull(list(zip(*columns, strict=True)))
    return tuple(
        tuple(Fraction(u) / d for u, d in zip(corner, scales, strict=True)) for corner in corners
    )


def _project(feasible: PureOutcomes | CorrelatedPlay, player: int, outcome: Payoffs) -> Projection:
    if isinstance(feasible, CorrelatedPlay):
        segment = feasible.pareto_meet_projection(player, outcome)
        ends = () if segment is None else tuple(dict.fromkeys((segment.low, segment.high)))
        return Projection(player, ends, len(ends))
    positions = feasible.pareto_meet_projection(player, outcome)
    _, firsts = np.unique(feasible.game.ordinal[player - 1, positions], return_index=True)
    total = len(firsts)
    if total > _MAX_PROJECTED:
        firsts = firsts[np.linspace(0, total - 1, _MAX_PROJECTED).astype(int)]
    return Projection(
        player, tuple(feasible.game.payoffs(int(k)) for k in positions[firsts]), total
    )
