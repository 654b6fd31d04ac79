"""All ways to map the reduced game's actions one to one into the game, so that nobody loses."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from spi_verify.delegation.arrays import Ints, Mask, grid, ranks
from spi_verify.delegation.dominance import Kept
from spi_verify.errors import InputError
from spi_verify.games.game import Game

Domains = list[Mask]
"""For each player, which action of the game each action of the reduced game may still be sent to:
an array of truth values, shape (l_i, m_i)."""

MAX_NODES = 20_000
MAX_PAIRS = 200_000_000
"""The most pairs of an outcome of the reduced game and an outcome of the game."""


@dataclass(eq=False)
class Injections:
    """The search: arc consistency, then one variable after the other.

    Parameters
    ----------
    game, kept
        The game, and the actions that survive elimination.
    admit
        Takes away from the domains what further conditions exclude; None where nothing is left.
    first
        The player, from 0, whose actions are sent first; None: whichever is most constrained.
    max_nodes
        After so many nodes the search stops, and is not complete.
    told
        Is told of each node how many there were.

    Attributes
    ----------
    complete
        Whether all of it was searched so far.
    nodes
        How many nodes there were.
    """

    game: Game
    kept: Kept
    admit: Callable[[Domains], Domains | None] = lambda domains: domains
    first: int | None = None
    max_nodes: int = MAX_NODES
    told: Callable[[int], None] = lambda _: None
    complete: bool = field(default=True, init=False)
    nodes: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        pays = ranks(self.game)
        kept_pays = pays[grid(self.kept)]
        n = len(self.kept)
        pairs = kept_pays[0].size * pays[0].size
        if pairs > MAX_PAIRS or 2 * n > 32:
            raise InputError(
                f"the search compares {pairs:,} pairs of outcomes of {n} players, more than the "
                f"{MAX_PAIRS:,} pairs and 16 players that this program handles"
            )
        shape = (*kept_pays.shape[1:], *(1 for _ in self.kept))
        self._fine: Mask = np.logical_and.reduce(
            [mine >= theirs.reshape(shape) for mine, theirs in zip(pays, kept_pays, strict=True)]
        )
        self._alike = [_alike(kept_pays, i) for i in range(n)]

    def __iter__(self) -> Iterator[tuple[tuple[int, ...], ...]]:
        """Iterate over the injections: for each player the position of each action's image."""
        sizes = zip(self.kept, self.game.shape, strict=True)
        waiting = [[np.ones((len(own), size), dtype=bool) for own, size in sizes]]
        while waiting:
            if self.nodes >= self.max_nodes:
                self.complete = False
                return
            self.nodes += 1
            self.told(self.nodes)
            domains = self._consistent(waiting.pop())
            if domains is None:
                continue
            chosen = self._variable(domains)
            if chosen is None:
                yield tuple(tuple(own.argmax(axis=1).tolist()) for own in domains)
                continue
            i, a = chosen
            for b in np.flatnonzero(domains[i][a])[::-1]:
                own = domains[i].copy()
                own[a] = False
                own[a, b] = True
                waiting.append([*domains[:i], own, *domains[i + 1 :]])

    def _variable(self, domains: Domains) -> tuple[int, int] | None:
        """Return the action to be sent next, by player and position; None if all are."""
        left = [
            (i != self.first, int(size), i, a)
            for i, own in enumerate(domains)
            for a, size in enumerate(own.sum(axis=1))
            if size > 1
        ]
        return min(left)[2:] if left else None

    def _consistent(self, domains: Domains) -> Domains | None:
        """Take away what cannot be part of an injection, until nothing more goes."""
        while True:
            before = [int(own.sum()) for own in domains]
            found: Domains | None = [
                _told_apart(own, groups) for own, groups in zip(domains, self._alike, strict=True)
            ]
            for i in range(len(domains)):
                assert found is not None
                found[i] = found[i] & self._supported(found, i)
            assert found is not None
            if not all(map(_room_for_all, found)):
                return None
            if [int(own.sum()) for own in found] == before:
                found = self.admit(found)
                if found is None or not all(own.any(axis=1).all() for own in found):
                    return None
                if [int(own.sum()) for own in found] == before:
                    return found
            domains = found

    def _supported(self, domains: Domains, i: int) -> Mask:
        """Return which images of a player's actions fit some images of the others' actions."""
        n = len(domains)
        live = [np.flatnonzero(own.any(axis=0)) for own in domains]
        fine: Mask = self._fine[grid(live)]
        for j, own in enumerate(domains):
            if j != i:
                shape = [1] * (2 * n)
                shape[j], shape[n + j] = len(own), len(live[j])
                fine = fine & own[:, live[j]].reshape(shape)
        others = [j for j in range(n) if j != i]
        some = np.asarray(fine.any(axis=tuple(n + j for j in others)))
        supported = np.zeros_like(domains[i])
        supported[:, live[i]] = some.all(axis=tuple(others))
        return supported


def _alike(pays: Ints, i: int) -> list[list[int]]:
    """Return which of a player's actions in the reduced game are duplicates of each other."""
    groups: dict[bytes, list[int]] = {}
    for a in range(pays.shape[i + 1]):
        row = np.ascontiguousarray(pays.take(a, axis=i + 1))
        groups.setdefault(row.tobytes(), []).append(a)
    return [group for group in groups.values() if len(group) > 1]


def _told_apart(own: Mask, alike: Sequence[Sequence[int]]) -> Mask:
    """Use that images differ, and that duplicates may be sent in increasing order."""
    own = own.copy()
    for a in np.flatnonzero(own.sum(axis=1) == 1).tolist():
        b = int(own[a].argmax())
        if own[a, b]:
            own[:, b] = False
            own[a, b] = True
    for group in alike:
        for earlier, later in itertools.pairwise(group):
            own[later, : int(own[earlier].argmax()) + 1] = False
        for later, earlier in itertools.pairwise(reversed(group)):
            own[earlier, own.shape[1] - 1 - int(own[later][::-1].argmax()) :] = False
    return own


def _room_for_all(own: Mask) -> bool:
    """Whether there are different images for all actions: a matching, grown path by path."""
    taken: dict[int, int] = {}
    images = [np.flatnonzero(row).tolist() for row in own]

    def place(a: int, seen: set[int]) -> bool:
        for b in images[a]:
            if b not in seen:
                seen.add(b)
                if b not in taken or place(taken[b], seen):
                    taken[b] = a
                    return True
        return False

    return all(place(a, set()) for a in range(len(images)))
