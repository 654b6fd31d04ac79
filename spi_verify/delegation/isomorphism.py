"""Isomorphisms of games: bijections of actions that change payoffs by a positive affine map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from spi_verify.delegation.arrays import Ints, Mask, grid, numbered, place, table
from spi_verify.effort import spend
from spi_verify.games.algebraic import exact
from spi_verify.games.game import Game, Outcome


@dataclass(frozen=True, eq=False)
class Isomorphism:
    """An isomorphism between two games.

    Parameters
    ----------
    source, target
        The games.
    maps
        For each player, the position in the target of each action's image.
    factors, constants
        For each player i the numbers λ_i > 0 and c_i with u_i(a) = λ_i u'_i(Φ(a)) + c_i.
    """

    source: Game
    target: Game
    maps: tuple[tuple[int, ...], ...]
    factors: tuple[Fraction, ...]
    constants: tuple[Fraction, ...]

    @cached_property
    def named(self) -> list[dict[str, str]]:
        """The maps by the actions' names, a table for each player."""
        return [
            {name: images[b] for name, b in zip(names, own, strict=True)}
            for names, images, own in zip(
                self.source.actions, self.target.actions, self.maps, strict=True
            )
        ]

    def image(self, outcome: Sequence[str]) -> Outcome:
        """Return the image of an outcome of the source."""
        return tuple(own[action] for own, action in zip(self.named, outcome, strict=True))

    def aligned(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return what an array over the target's outcomes has at the images, over the source's."""
        found: npt.NDArray[Any] = values[grid(self.maps)]
        return found


def same_game(one: Game, other: Game) -> bool:
    """Whether two games have the same actions, in whatever order, and the same payoffs."""
    if [set(own) for own in one.actions] != [set(own) for own in other.actions]:
        return False
    places = [
        [names.index(name) for name in own]
        for own, names in zip(one.actions, other.actions, strict=True)
    ]
    rows = table(other)[grid(places)].reshape(one.number_of_players, -1)
    if one.denominators == other.denominators:
        return bool(np.array_equal(rows, one.scaled))
    mine = one.scaled.astype(object) * np.array(other.denominators, dtype=object)[:, None]
    theirs = rows.astype(object) * np.array(one.denominators, dtype=object)[:, None]
    return bool((mine == theirs).all())


def isomorphisms(
    source: Game,
    target: Game,
    *,
    labels: tuple[Ints, Ints] | None = None,
    pinned: Sequence[tuple[int, int]] | None = None,
) -> Iterator[Isomorphism]:
    """Iterate over all isomorphisms between two games, always in the same order.

    Parameters
    ----------
    source, target
        The games.
    labels
        A number for each outcome of both, in row-major order, that has to stay the same besides.
    pinned
        For each player an action of the source and its image, by position.

    Notes
    -----
    Each player's payoffs are brought to one scale, on which an isomorphism does not change them.
    Actions get colours that isomorphisms keep, refined by the payoffs beside them; where several
    actions share a colour, one is told from the others, and each possible image is tried.

    >>> game = Game.from_payoffs([[[3, 3], [1, 4]], [[4, 1], [2, 2]]])
    >>> [found.named[0] for found in isomorphisms(game, game)]
    [{'1': '1', '2': '2'}]
    """
    search = _Search.of(source, target, labels)
    if search is None:
        return
    colours = [np.zeros(2 * size, dtype=np.int64) for size in source.shape]
    for i, (a, b) in enumerate(pinned or ()):
        colours[i][a] = colours[i][source.shape[i] + b] = 1
    for maps in search.maps(colours):
        yield Isomorphism(source, target, maps, search.factors, search.constants)


def images(source: Game, target: Game) -> Mask:
    """Return which outcomes some isomorphism between two games sends to which, by position."""
    size = source.number_of_outcomes
    one, search = next(isomorphisms(source, target), None), _Search.of(source, source, None)
    if one is None or search is None:
        return np.zeros((size, target.number_of_outcomes), dtype=bool)
    alike, orbits = search.codes[0].ravel(), np.arange(size)
    for b in range(size):
        for a in np.unique(orbits[:b][alike[:b] == alike[b]]).tolist():
            if orbits[a] == orbits[b]:
                continue
            pinned = list(zip(place(a, source), place(b, source), strict=True))
            same = next(isomorphisms(source, source, pinned=pinned), None)
            if same is not None:
                sent = same.aligned(np.arange(size).reshape(source.shape)).ravel()
                for mine, theirs in zip(range(size), sent.tolist(), strict=True):
                    low, high = sorted((int(orbits[mine]), int(orbits[theirs])))
                    orbits[orbits == high] = low
    everywhere = np.arange(target.number_of_outcomes).reshape(target.shape)
    found = np.zeros((size, target.number_of_outcomes), dtype=bool)
    found[:, one.aligned(everywhere).ravel()] = orbits[:, None] == orbits[None, :]
    return found


@dataclass(frozen=True, eq=False)
class _Search:
    """Two arrays of the same shape whose axes are to be permuted so that they are equal."""

    codes: Ints
    factors: tuple[Fraction, ...]
    constants: tuple[Fraction, ...]

    @classmethod
    def of(cls, source: Game, target: Game, labels: tuple[Ints, Ints] | None) -> _Search | None:
        if source.shape != target.shape or source.number_of_players != target.number_of_players:
            return None
        codes = np.zeros(2 * source.number_of_outcomes, dtype=np.int64)
        if labels is not None:
            codes = numbered(np.concatenate(labels))
        factors, constants = [], []
        for i in range(source.number_of_players):
            scale = _scale(source, target, i)
            if scale is None:
                return None
            places, factor, constant = scale
            codes = numbered(codes * (int(places.max()) + 1) + places)
            factors.append(factor)
            constants.append(constant)
        shaped = codes.reshape(2, *source.shape)
        return cls(shaped, tuple(factors), tuple(constants))

    def maps(self, colours: list[Ints]) -> Iterator[tuple[tuple[int, ...], ...]]:
        spend(200 + self.codes.size)
        refined = self.refined(colours)
        if refined is None:
            return
        cells = [np.bincount(own[: len(own) // 2]) for own in refined]
        open_cells = [
            (int(cell[c]), i, c) for i, cell in enumerate(cells) for c in np.flatnonzero(cell > 1)
        ]
        if not open_cells:
            found = tuple(
                tuple(np.argsort(own[len(own) // 2 :])[own[: len(own) // 2]].tolist())
                for own in refined
            )
            if np.array_equal(self.codes[0], self.codes[1][grid(found)]):
                yield found
            return
        _, i, c = min(open_cells)
        size = len(refined[i]) // 2
        a = int(np.flatnonzero(refined[i][:size] == c)[0])
        for b in np.flatnonzero(refined[i][size:] == c):
            told = refined[i].copy()
            told[a] = told[size + b] = len(cells[i])
            yield from self.maps([*refined[:i], told, *refined[i + 1 :]])

    def refined(self, colours: list[Ints]) -> list[Ints] | None:
        """Refine the colours until they say no more; None where the two games differ in them."""
        count = 0
        while True:
            beside = self.codes
            for i, own in enumerate(colours):
                shape = [2, *(1 for _ in colours)]
                shape[i + 1] = len(own) // 2
                beside = beside * (int(own.max()) + 1) + own.reshape(shape)
                beside = numbered(beside.ravel()).reshape(self.codes.shape)
            colours = [self._colours(beside, i) for i in range(len(colours))]
            for own in colours:
                half = len(own) // 2
                if not np.array_equal(np.sort(own[:half]), np.sort(own[half:])):
                    return None
            before, count = count, sum(int(own.max()) + 1 for own in colours)
            if count == before:
                return colours

    @staticmethod
    def _colours(beside: Ints, i: int) -> Ints:
        rows = np.moveaxis(beside, i + 1, 1)
        rows = np.sort(rows.reshape(2 * rows.shape[1], -1), axis=1)
        return numbered(rows.T)


def _scale(source: Game, target: Game, i: int) -> tuple[Ints, Fraction, Fraction] | None:
    """Return the places of a player's payoffs on the common scale, with λ and c."""
    mine, my_places = np.unique(source.scaled[i], return_inverse=True)
    theirs, their_places = np.unique(target.scaled[i], return_inverse=True)
    if len(mine) != len(theirs):
        return None
    before = [exact(v) / source.denominators[i] for v in mine.tolist()]
    after = [exact(v) / target.denominators[i] for v in theirs.tolist()]
    span = after[-1] - after[0]
    factor = (before[-1] - before[0]) / span if span else Fraction(1)
    constant = before[0] - factor * after[0]
    if any(v != factor * w + constant for v, w in zip(before, after, strict=True)):
        return None
    places = np.concatenate([my_places.reshape(-1), their_places.reshape(-1)])
    return places.astype(np.int64), factor, constant
