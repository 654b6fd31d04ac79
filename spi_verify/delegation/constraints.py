"""Plays of several games as a constraint problem, searched exactly.

The variables are games, a play gives each one of its outcomes, and every correspondence says which
two outcomes of two games can be played together. The search keeps the outcomes that have support
in every constraint (arc consistency) and branches where that does not settle it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from spi_verify.delegation.arrays import Mask
from spi_verify.effort import spend


@dataclass(frozen=True, eq=False)
class Constraint:
    """Which outcomes of two games, by position, can be played together.

    Parameters
    ----------
    first, second
        The positions of the games; they may be the same one.
    allowed
        Whether an outcome of the first (row) can be played with one of the second (column).
    """

    first: int
    second: int
    allowed: Mask

    def between(self, game: int) -> tuple[int, Mask]:
        """Return the other game, and ``allowed`` with the outcomes of this one as rows."""
        if self.first == self.second:
            return game, self.allowed & np.eye(len(self.allowed), dtype=bool)
        if game == self.first:
            return self.second, self.allowed
        return self.first, self.allowed.T


@dataclass(frozen=True)
class Removal:
    """An outcome that no play has, as a constraint leaves it nothing to be played with."""

    constraint: int
    game: int
    outcome: int


@dataclass(frozen=True)
class Contradiction:
    """Why no play satisfies all constraints.

    Parameters
    ----------
    removals
        What goes, in this order. After the last one a game has no outcome left, or:
    game, cases
        For each outcome of this game that is left, why no play has it.
    """

    removals: tuple[Removal, ...]
    game: int | None = None
    cases: tuple[tuple[int, Contradiction], ...] = ()

    @property
    def constraints(self) -> frozenset[int]:
        """The constraints that it rests on."""
        own = frozenset(removal.constraint for removal in self.removals)
        return own.union(*(case.constraints for _, case in self.cases))


Play = tuple[int, ...]
"""The position of an outcome for each game."""


def find_play(sizes: Sequence[int], constraints: Sequence[Constraint]) -> Play | Contradiction:
    """Look for a play that satisfies all constraints.

    Parameters
    ----------
    sizes
        How many outcomes each game has.
    constraints
        What has to be satisfied.

    Returns
    -------
    Play or Contradiction
        A play, or why there is none.

    Raises
    ------
    Undecided
        At a limit on steps.
    """
    search = _Search(sizes, constraints)
    found = search.solve([np.ones(size, dtype=bool) for size in sizes], range(len(sizes)))
    return search.trimmed(found)[0] if isinstance(found, Contradiction) else found


class _Search:
    def __init__(self, sizes: Sequence[int], constraints: Sequence[Constraint]) -> None:
        self.sizes = sizes
        self.sides = [{game: c.between(game) for game in (c.first, c.second)} for c in constraints]
        self.on: list[list[int]] = [[] for _ in sizes]
        for k, sides in enumerate(self.sides):
            for game in sides:
                self.on[game].append(k)
        self.failures = [1] * len(constraints)

    def solve(self, live: list[Mask], changed: Collection[int]) -> Play | Contradiction:
        live = list(live)
        removals = list(self._propagate(live, changed))
        if not all(own.any() for own in live):
            if removals:
                self.failures[removals[-1].constraint] += 1
            return Contradiction(tuple(removals))
        open_games = [g for g, own in enumerate(live) if own.sum() > 1]
        if not open_games:
            return tuple(int(own.argmax()) for own in live)
        chosen = min(open_games, key=lambda g: (int(live[g].sum()) / self._weight(g, live), g))
        cases = []
        for outcome in np.flatnonzero(live[chosen]).tolist():
            only = np.zeros_like(live[chosen])
            only[outcome] = True
            found = self.solve([*live[:chosen], only, *live[chosen + 1 :]], (chosen,))
            if not isinstance(found, Contradiction):
                return found
            cases.append((outcome, found))
        return Contradiction(tuple(removals), chosen, tuple(cases))

    def _weight(self, game: int, live: Sequence[Mask]) -> int:
        """Return how often constraints with open games beside this one failed."""
        return 1 + sum(
            self.failures[k]
            for k in self.on[game]
            if live[self.sides[k][game][0]].sum() > 1 and self.sides[k][game][0] != game
        )

    def _propagate(self, live: list[Mask], changed: Collection[int]) -> Iterator[Removal]:
        """Take away what has no support, in ``live``, and say what goes."""
        waiting = dict.fromkeys(
            (k, game)
            for other in changed
            for k in self.on[other]
            for game in self.sides[k]
            if game != other or len(self.sides[k]) == 1
        )
        while waiting:
            k, game = next(iter(waiting))
            del waiting[k, game]
            other, allowed = self.sides[k][game]
            spend(20 + allowed.size // 500)
            gone = live[game] & ~allowed[:, live[other]].any(axis=1)
            if not gone.any():
                continue
            live[game] = live[game] & ~gone
            yield from (Removal(k, game, outcome) for outcome in np.flatnonzero(gone).tolist())
            if not live[game].any():
                return
            for m in self.on[game]:
                waiting |= dict.fromkeys((m, h) for h in self.sides[m] if h != game and m != k)

    def trimmed(self, found: Contradiction) -> tuple[Contradiction, set[tuple[int, int]]]:
        """Leave out what a contradiction does not need; return what has to be gone before it."""
        if found.game is None:
            last = found.removals[-1].game
            end = Contradiction(())
            needed = {(last, outcome) for outcome in range(self.sizes[last])}
        else:
            end, needed = self._trimmed_cases(found, found.game)
        kept: list[Removal] = []
        for removal in reversed(found.removals):
            what = removal.game, removal.outcome
            if what in needed:
                needed.discard(what)
                kept.append(removal)
                other, allowed = self.sides[removal.constraint][removal.game]
                needed |= {(other, b) for b in np.flatnonzero(allowed[removal.outcome]).tolist()}
        return Contradiction((*reversed(kept), *end.removals), end.game, end.cases), needed

    def _trimmed_cases(
        self, found: Contradiction, game: int
    ) -> tuple[Contradiction, set[tuple[int, int]]]:
        """The same for the cases; where one of them does without its assumption, it is enough."""
        left = {(game, outcome) for outcome, _ in found.cases}
        needed = {(game, outcome) for outcome in range(self.sizes[game])} - left
        cases = []
        for outcome, case in found.cases:
            shorter, before = self.trimmed(case)
            assumed = left - {(game, outcome)}
            if not before & assumed:
                return shorter, before
            needed |= before - assumed
            cases.append((outcome, shorter))
        return Contradiction((), game, tuple(cases)), needed


def smallest(
    sizes: Sequence[int],
    constraints: Sequence[Constraint],
    found: Contradiction,
    needed: Collection[int] = (),
) -> tuple[list[int], Contradiction]:
    """Leave out constraints that a contradiction does not need.

    Parameters
    ----------
    sizes, constraints
        As for :func:`find_play`.
    found
        A contradiction that it found.
    needed
        Constraints that are not left out.

    Returns
    -------
    tuple
        The positions of constraints none of which can be left out, in increasing order, and a
        contradiction that numbers the constraints as they are numbered here.
    """
    kept = sorted(found.constraints)
    for k in list(kept):
        if k in needed or k not in kept:
            continue
        rest = [m for m in kept if m != k]
        shorter = find_play(sizes, [constraints[m] for m in rest])
        if isinstance(shorter, Contradiction):
            kept = [rest[m] for m in sorted(shorter.constraints)]
            found = _renumbered(shorter, rest)
    return kept, found


def _renumbered(found: Contradiction, names: Sequence[int]) -> Contradiction:
    removals = tuple(Removal(names[r.constraint], r.game, r.outcome) for r in found.removals)
    cases = tuple((outcome, _renumbered(case, names)) for outcome, case in found.cases)
    return Contradiction(removals, found.game, cases)
