"""Deriving an outcome correspondence from others by rules, and whether it can be.

The rules are those of Oesterheld and Conitzer's Lemma 2: the identity is a correspondence of a
game with itself; an inverse, a composition and a weakening of correspondences is one; and anything
corresponds to everything. What they derive from a start is a walk from game to game, along given
correspondences and their inverses, or anywhere along the trivial one; a wider correspondence
follows by weakening.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from spi_verify.delegation.arrays import Mask
from spi_verify.delegation.constraints import Constraint
from spi_verify.effort import spend


@dataclass(frozen=True)
class Stride:
    """One correspondence of a walk.

    Parameters
    ----------
    constraint
        The position of the correspondence; None for the trivial one.
    game
        The game that it leads to.
    """

    constraint: int | None
    game: int


@dataclass(frozen=True, eq=False)
class _Reached:
    """A game, and the correspondence from the start to it that was derived last."""

    game: int
    relation: Mask
    before: _Reached | None
    by: int | None

    def walk(self) -> list[Stride]:
        found, here = [], self
        while here.before is not None:
            found.append(Stride(here.by, here.game))
            here = here.before
        return found[::-1]


def derive(
    sizes: Sequence[int], constraints: Sequence[Constraint], start: int, end: int, wanted: Mask
) -> list[Stride] | None:
    """Look for a derivation of a correspondence by the rules.

    Parameters
    ----------
    sizes, constraints
        The number of outcomes of each game, and the correspondences between them.
    start, end
        The two games.
    wanted
        The correspondence, outcomes of the first game as rows.

    Returns
    -------
    list of strides, or None
        A shortest walk whose correspondences compose to one that is part of the wanted one; None
        if there is none. All that are not wider than another one are gone through.

    Raises
    ------
    Undecided
        At a limit on steps.
    """
    narrowest: list[list[_Reached]] = [[] for _ in sizes]
    waiting: deque[_Reached] = deque()

    def reached(found: _Reached) -> bool:
        """Note what is not wider than something known; say whether that is the end."""
        known = narrowest[found.game]
        spend(5 + len(known) * (1 + found.relation.size // 2000))
        if any(not (one.relation & ~found.relation).any() for one in known):
            return False
        known[:] = [one for one in known if (found.relation & ~one.relation).any()]
        known.append(found)
        waiting.append(found)
        return found.game == end and not (found.relation & ~wanted).any()

    first = _Reached(start, np.eye(sizes[start], dtype=bool), None, None)
    if reached(first):
        return []
    while waiting:
        here = waiting.popleft()
        if not any(here is one for one in narrowest[here.game]):
            continue
        for found in _onward(here, sizes, constraints):
            if reached(found):
                return found.walk()
    return None


def _onward(
    here: _Reached, sizes: Sequence[int], constraints: Sequence[Constraint]
) -> Iterator[_Reached]:
    for k, constraint in enumerate(constraints):
        ends, allowed = (constraint.first, constraint.second), constraint.allowed
        for (source, game), step in ((ends, allowed), (ends[::-1], allowed.T)):
            if source == here.game:
                spend(5 + here.relation.size * step.shape[1] // 2000)
                yield _Reached(game, here.relation @ step, here, k)
    some = np.asarray(here.relation.any(axis=1))
    if not some.all():
        for game, size in enumerate(sizes):
            yield _Reached(game, np.repeat(some[:, None], size, axis=1), here, None)
        return
    if here.before is None:
        for game, size in enumerate(sizes):
            if game != here.game:
                everything = np.ones((len(some), size), dtype=np.bool_)
                yield _Reached(game, everything, here, None)
