"""Small feasible sets, and the points of them that may show something."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.polytopes.polytope import (
    MAX_CORNERS,
    MAX_PLAYERS,
    Polytope,
    extreme,
    write,
)
from spi_verify.games.game import Game, Payoffs
from spi_verify.games.linear_program import LinearProgram, Optimum, Vector, solve

LARGEST = 2
"""The search goes through payoffs 0, ..., LARGEST."""


def too_large(game: Game) -> bool:
    """Return whether a game has more players or outcomes than are looked at."""
    return game.number_of_players > MAX_PLAYERS or game.number_of_outcomes > MAX_CORNERS


def candidates(bounds: Bounds, *, nonempty: bool) -> Iterator[Iterator[dict[str, Any]]]:
    """Yield, for one small feasible set after the other, the bodies that may show something.

    Parameters
    ----------
    bounds
        ``players`` and, where no game is given, ``outcomes``: the most corners of a set, not
        counting those that only throw away payoffs (see Notes). With a game, the one set that
        is tried is what correlated play makes feasible in it, if the game has at most
        ``MAX_CORNERS`` outcomes and ``MAX_PLAYERS`` players.
    nonempty
        Whether the conclusion is that projections are nonempty; else, that a concession is
        efficient.

    Notes
    -----
    Fewest players first, then fewest corners, then smallest payoffs, which are 0, 1 and 2 before
    they are shifted so that the PMM is 0. Of sets that differ in the numbering of the players
    or in units and zeros of payoffs one is tried.

    *Definition 6.* The points tried are the corners.

    *Proposition 5.* If a feasible set is a counterexample, so is its Pareto meet alone, with the
    same point. By hypothesis whatever lies between the PMM and it is in it. So of the sets that
    are confirmed none is missed for trying only convex hulls of some profiles and all
    that comes of them by lowering payoffs to the PMM; what is bounded is the number of those
    profiles and their payoffs. Failures that no single point shows are not looked for.
    """
    if bounds.game is not None:
        game = bounds.game
        if too_large(game):
            return
        profiles = {game.payoffs(k) for k in range(game.number_of_outcomes)}
        sets: Iterable[tuple[Payoffs, ...]] = [tuple(sorted(profiles))]
    elif nonempty:
        sets = _hulls(bounds)
    else:
        sets = _comprehensive(bounds)
    among = _emptied if nonempty else _dominating
    for corners in sets:
        yield (
            write(example if bounds.game is not None else _canonical(example))
            for example in among(corners)
        )


def _emptied(corners: tuple[Payoffs, ...]) -> Iterator[Polytope]:
    """Yield the corners of which a projection is empty."""
    n = len(corners[0])
    for point, player in itertools.product(corners, range(1, n + 1)):
        example = Polytope(corners, player, point)
        if example.play.pareto_meet_projection(player, point) is None:
            yield example


def _dominating(corners: tuple[Payoffs, ...]) -> Iterator[Polytope]:
    """Yield for each player a point with the best payoff to the player and room for the others.

    Of such points it is one where the least that another player gets beyond the PMM is greatest.
    """
    n = len(corners[0])
    for player in range(1, n + 1):
        example = Polytope(corners, player, corners[0])
        face = [c for c in corners if c[player - 1] == example.best[player - 1]]
        others = [j - 1 for j in example.others]
        columns: list[Vector] = [(*(c[j] for j in others), 1) for c in face]
        columns += [(*(-int(j == k) for k in others), 0) for j in others]
        columns += [(*(-1 for _ in others), 0), (*(1 for _ in others), 0)]
        objective = [0] * (len(columns) - 2) + [1, -1]
        right: Vector = (*(example.pmm[j] for j in others), 1)
        answer = solve(LinearProgram(columns, right, objective))
        if isinstance(answer, Optimum) and answer.value > 0:
            weights = [answer.point.get(k, Fraction(0)) for k in range(len(face))]
            point = tuple(
                sum((w * c[i] for w, c in zip(weights, face, strict=True)), Fraction(0))
                for i in range(n)
            )
            yield Polytope(corners, player, point)


def _hulls(bounds: Bounds) -> Iterator[tuple[Payoffs, ...]]:
    """Yield sets of corners."""
    for n in range(2, min(bounds.players, MAX_PLAYERS) + 1):
        for size in range(1, min(bounds.outcomes, MAX_CORNERS) + 1):
            bounds.tell(f"feasible sets of {n} players with {size} corners")
            for largest in range(1, LARGEST + 1):
                for profiles in _sets(n, size, largest, _spans_units(largest)):
                    corners = _exact(profiles)
                    if len(extreme(corners)) == size:
                        yield corners


def _comprehensive(bounds: Bounds) -> Iterator[tuple[Payoffs, ...]]:
    """Yield convex hulls of profiles and of all that comes of them by lowering payoffs to 0."""
    for n in range(2, min(bounds.players, MAX_PLAYERS) + 1):
        found = []
        for size in range(2, min(bounds.outcomes, MAX_CORNERS) + 1):
            bounds.tell(f"feasible sets of {n} players with {size} efficient corners")
            for profiles in _sets(n, size, LARGEST, _room_beside_best):
                lowered = {
                    tuple(x if keep else 0 for x, keep in zip(profile, kept, strict=True))
                    for profile in profiles
                    for kept in itertools.product((False, True), repeat=n)
                }
                found.append(extreme(_exact(sorted(lowered))))
        yield from sorted(dict.fromkeys(found), key=lambda c: (len(c), sum(map(sum, c)), c))


_Profiles = tuple[tuple[int, ...], ...]


def _sets(
    n: int, size: int, largest: int, wanted: Callable[[_Profiles], bool]
) -> Iterator[_Profiles]:
    """Yield sets of payoff profiles from 0, ..., ``largest``, the smallest sums first.

    One of those that differ in the numbering of the players, and in the smallest units only.
    """
    grid = itertools.product(range(largest + 1), repeat=n)
    orders = list(itertools.permutations(range(n)))
    chosen = [
        profiles
        for profiles in itertools.combinations(grid, size)
        if wanted(profiles)
        and all(math.gcd(*column) <= 1 for column in zip(*profiles, strict=True))
        and profiles == min(_renumbered(profiles, order) for order in orders)
    ]
    yield from sorted(chosen, key=lambda profiles: (sum(map(sum, profiles)), profiles))


def _renumbered(profiles: _Profiles, order: Sequence[int]) -> _Profiles:
    return tuple(sorted(tuple(profile[i] for i in order) for profile in profiles))


def _spans_units(largest: int) -> Callable[[_Profiles], bool]:
    """Return whether every player gets 0 somewhere, and somebody the largest payoff."""

    def spans(profiles: _Profiles) -> bool:
        columns = list(zip(*profiles, strict=True))
        return not any(map(min, columns)) and max(map(max, columns)) == largest

    return spans


def _room_beside_best(profiles: _Profiles) -> bool:
    """Return whether to consider these as the highest profiles of a set whose PMM is 0.

    Nobody gets their best payoff with somebody else; everybody gets 0 somewhere; somebody's best
    payoff goes with more than 0 for each of the others; and no profile is below another.
    """
    columns = list(zip(*profiles, strict=True))
    best = tuple(map(max, columns))
    if any(map(min, columns)) or any(
        sum(map(int.__eq__, profile, best)) > 1 for profile in profiles
    ):
        return False
    if any(all(map(int.__le__, one, other)) for one, other in itertools.permutations(profiles, 2)):
        return False
    for i, most in enumerate(best):
        face = zip(*(profile for profile in profiles if profile[i] == most), strict=True)
        if all(any(column) for j, column in enumerate(face) if j != i):
            return True
    return False


def _exact(profiles: Iterable[tuple[int, ...]]) -> tuple[Payoffs, ...]:
    return tuple(tuple(map(Fraction, profile)) for profile in profiles)


def _canonical(example: Polytope) -> Polytope:
    """Return the same with the player numbered 1, and the PMM shifted to 0."""
    order = [example.player, *example.others]

    def moved(profile: Payoffs) -> Payoffs:
        return tuple(profile[i - 1] - example.pmm[i - 1] for i in order)

    return Polytope(tuple(sorted(map(moved, example.corners))), 1, moved(example.point))
