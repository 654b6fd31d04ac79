"""Finding safe improvements on a game: by everybody's instructions, or by one player's alone."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property

import numpy as np

from spi_verify.delegation.arrays import Ints, grid, numbered, place, position, ranks, table
from spi_verify.delegation.deciding import judged
from spi_verify.delegation.dominance import (
    Kept,
    Reduction,
    Step,
    eliminate,
    reduce,
    restrict,
)
from spi_verify.delegation.injections import MAX_NODES, Domains, Injections
from spi_verify.delegation.isomorphism import Isomorphism, isomorphisms
from spi_verify.effort import MAX_STEPS, limited
from spi_verify.errors import InputError, Undecided, interruptible
from spi_verify.games.game import Game, Outcome, Payoffs

Maps = tuple[tuple[int, ...], ...]
MAX_FOUND = 2_000
"""After so many improvements the search stops, and is not complete."""


@dataclass(frozen=True)
class Gain:
    """What becomes of an outcome of the reduced game, judged by the game's payoffs."""

    outcome: Outcome
    image: Outcome
    before: Payoffs
    after: Payoffs


@dataclass(frozen=True, eq=False)
class Improvement:
    """A subset game that is a safe improvement.

    Parameters
    ----------
    unilateral
        The one player, from 1, whose representative gets an instruction; None if all get one.
    game
        The subset game.
    played
        What is left of it after elimination.
    steps
        The certificate of that.
    isomorphism
        By which the reduced game is sent there; None where the plays are not tied, and every
        outcome of the one is at least as good as every outcome of the other.
    strict
        Whether some outcome of the reduced game gets strictly better for somebody.
    original, reduced
        The game, whose payoffs count, and what is left of it after elimination.
    """

    unilateral: int | None
    game: Game
    played: Game
    steps: tuple[Step, ...]
    isomorphism: Isomorphism | None
    strict: bool
    original: Game
    reduced: Game

    @cached_property
    def gains(self) -> tuple[Gain, ...]:
        """What becomes, or can become, of each outcome of the reduced game."""
        if self.isomorphism is not None:
            pairs = [(a, self.isomorphism.image(a)) for a in self.reduced.outcomes()]
        else:
            pairs = list(itertools.product(self.reduced.outcomes(), self.played.outcomes()))
        pays = self.original.payoffs
        return tuple(Gain(a, b, pays(a), pays(b)) for a, b in pairs)


@dataclass(frozen=True, eq=False)
class Improvements:
    """What was found.

    Parameters
    ----------
    game, reduction
        The game, and what is left of it after elimination.
    found
        The improvements.
    left_out
        How many more there are, on each of which another one is a safe improvement.
    complete
        Whether the search was exhausted.
    nodes
        How many nodes it had.
    interrupted
        Whether somebody stopped it before the end.
    """

    game: Game
    reduction: Reduction
    found: tuple[Improvement, ...]
    left_out: int
    complete: bool
    nodes: int
    interrupted: bool = False


def improve(
    game: Game,
    *,
    unilateral: int | None = None,
    strict: bool = False,
    every: bool = False,
    max_nodes: int = MAX_NODES,
    told: Callable[[int], None] = lambda _: None,
) -> Improvements:
    """Find the safe improvements on a game, for all representatives that satisfy both assumptions.

    Parameters
    ----------
    game
        The game.
    unilateral
        A player, from 1, who alone gives an instruction; by default everybody does.
    strict
        Whether only those are wanted that are strictly better at some outcome.
    every
        Whether those are wanted, too, that another one improves safely.
    max_nodes
        After so many nodes the search stops, and is not complete.
    told
        Is told of each node how many there were. Who interrupts the search gets what was found.

    Returns
    -------
    Improvements
        All that are not trivial, each once; one that leaves the outcomes of the reduced game is
        trivial, and changes nobody's payoff. Where nothing ties the plays together, there is one
        for each single outcome that is good enough; with ``unilateral``, for each single action.

    Raises
    ------
    InputError
        When there is no such player, or the game is too large.

    >>> dilemma = Game.from_payoffs([[[3, 3], [1, 4]], [[4, 1], [2, 2]]])
    >>> [found.game.actions for found in improve(dilemma).found]
    [(('1',), ('1',))]
    """
    if unilateral is not None and not 1 <= unilateral <= game.number_of_players:
        raise InputError(f"there is no player {unilateral}", where="--unilateral")
    reduction = reduce(game)
    if unilateral is None:
        search = Injections(game, reduction.kept, max_nodes=max_nodes, told=told)
        build: Callable[[Maps], Improvement] = _Everybody(game, reduction).improvement
        others = _single_outcomes(game, reduction)
    else:
        alone = _Alone(game, reduction, unilateral - 1)
        search = Injections(game, reduction.kept, alone.admit, unilateral - 1, max_nodes, told)
        build, others = alone.improvement, alone.untied()
    distinct = _distinct(search, reduction, build)
    return _collected(game, reduction, search, distinct, others, strict=strict, every=every)


def _collected(
    game: Game,
    reduction: Reduction,
    search: Injections,
    tied: Iterator[Improvement],
    others: Iterable[Improvement],
    *,
    strict: bool,
    every: bool,
) -> Improvements:
    """Return what a search finds, or what it had found when it was interrupted."""
    found: list[Improvement] = []
    interrupted = False
    try:
        with interruptible():
            for one in itertools.islice(tied, MAX_FOUND + 1):
                found.append(one)
            complete = search.complete and len(found) <= MAX_FOUND
            found = [one for one in (*found[:MAX_FOUND], *others) if one.strict or not strict]
            listed = found if every else _unimproved(game, reduction, found)
    except KeyboardInterrupt:
        complete, interrupted = False, True
        listed = found = [one for one in found[:MAX_FOUND] if one.strict or not strict]
    left_out = len(found) - len(listed)
    return Improvements(
        game, reduction, tuple(listed), left_out, complete, search.nodes, interrupted
    )


def _distinct(
    search: Injections, reduction: Reduction, build: Callable[[Maps], Improvement]
) -> Iterator[Improvement]:
    """Build each game once, however the reduced game can be sent there, and not the trivial one."""
    pays = table(reduction.game)
    seen = set()
    for maps in search:
        actions = tuple(map(tuple, map(sorted, maps)))
        if actions == reduction.kept:
            continue
        orders = [np.argsort(own) for own in maps]
        key = actions, tuple(pays[grid(orders)].ravel().tolist())
        if key not in seen:
            seen.add(key)
            yield build(maps)


@dataclass(frozen=True, eq=False)
class _Everybody:
    """Instructions for everybody: the images are the only actions, with the payoffs of before."""

    game: Game
    reduction: Reduction

    def improvement(self, maps: Maps) -> Improvement:
        actions = [sorted(own) for own in maps]
        orders = [np.argsort(own) for own in maps]
        subset = restrict(self.game, actions)
        rows = table(self.reduction.game)[grid(orders)].reshape(subset.scaled.shape)
        subset = replace(subset, table=rows.copy())
        places = [[own.index(b) for b in images] for own, images in zip(actions, maps, strict=True)]
        return _tied(self.game, self.reduction, subset, subset, (), places, None)


@dataclass(frozen=True, eq=False)
class _Alone:
    """An instruction for one player's representative; the others keep actions and payoffs."""

    game: Game
    reduction: Reduction
    player: int
    known: dict[tuple[int, ...], tuple[Kept, tuple[Step, ...]]] = field(default_factory=dict)

    def left(self, own: tuple[int, ...]) -> tuple[Kept, tuple[Step, ...]]:
        """Return what is left of the others' actions once the player has only these."""
        if own not in self.known:
            start = [list(range(size)) for size in self.game.shape]
            start[self.player] = list(own)
            self.known[own] = eliminate(self.game, start, self._others)
        return self.known[own]

    @property
    def _others(self) -> list[int]:
        return [j for j in range(self.game.number_of_players) if j != self.player]

    def admit(self, domains: Domains) -> Domains | None:
        """Take away what the others' own payoffs exclude.

        Once the player's actions are sent, the others are left with what survives elimination. On
        what is sent already, their payoffs have to be changed by a positive affine map.
        """
        sent = [np.flatnonzero(own.sum(axis=1) == 1) for own in domains]
        if len(sent[self.player]) == len(domains[self.player]):
            own = tuple(sorted(domains[self.player].argmax(axis=1).tolist()))
            kept, _ = self.left(own)
            domains = list(domains)
            for j in self._others:
                if len(kept[j]) != len(domains[j]):
                    return None
                survives = np.zeros(domains[j].shape[1], dtype=bool)
                survives[list(kept[j])] = True
                domains[j] = domains[j] & survives
        if not all(len(own) for own in sent):
            return domains
        images = [own[a].argmax(axis=1) for own, a in zip(domains, sent, strict=True)]
        after = table(self.game)[grid(images)]
        before = table(self.reduction.game)[grid(sent)]
        fits = all(_affine(before[j].ravel(), after[j].ravel()) for j in self._others)
        return domains if fits else None

    def improvement(self, maps: Maps) -> Improvement:
        own = tuple(sorted(maps[self.player]))
        kept, steps = self.left(own)
        n, i = self.game.number_of_players, self.player
        places = [[kept[j].index(b) for b in images] for j, images in enumerate(maps)]
        orders = [np.argsort(images) for images in places]
        wanted = table(self.reduction.game)[i][grid(orders)]
        start = [own if j == i else tuple(range(size)) for j, size in enumerate(self.game.shape)]
        subset = restrict(self.game, start)
        rows = subset.scaled.copy()
        inside = [tuple(range(len(own))) if j == i else kept[j] for j in range(n)]
        rows[i].reshape(subset.shape)[grid(inside)] = wanted
        subset = replace(subset, table=rows)
        played = restrict(subset, inside)
        return _tied(self.game, self.reduction, subset, played, steps, places, i + 1)

    def untied(self) -> Iterator[Improvement]:
        """Iterate over single actions after which everything that is left is good enough."""
        for b in range(self.game.shape[self.player]):
            kept, steps = self.left((b,))
            start: list[Sequence[int]] = [range(size) for size in self.game.shape]
            start[self.player] = (b,)
            subset, played = restrict(self.game, start), restrict(self.game, kept)
            found = _untied(self.game, self.reduction, subset, played, steps, self.player + 1)
            if found is None or kept == self.reduction.kept:
                continue
            if not _known_to_be_isomorphic(self.reduction.game, played):
                yield found


def _known_to_be_isomorphic(one: Game, other: Game) -> bool:
    """Whether an isomorphism is found within the limit; without one nothing is tied, at worst."""
    try:
        with limited(MAX_STEPS):
            return next(isomorphisms(one, other), None) is not None
    except Undecided:
        return False


def _single_outcomes(game: Game, reduction: Reduction) -> Iterator[Improvement]:
    """Iterate over outcomes at least as good as everything in a reduced game of several."""
    if reduction.game.number_of_outcomes == 1:
        return
    values = judged(game, game)
    least = judged(game, reduction.game).max(axis=1)
    for k in np.flatnonzero((values >= least[:, None]).all(axis=0)):
        only = restrict(game, [[p] for p in place(int(k), game)])
        found = _untied(game, reduction, only, only, (), None)
        assert found is not None
        yield found


def _tied(
    game: Game,
    reduction: Reduction,
    subset: Game,
    played: Game,
    steps: tuple[Step, ...],
    places: Sequence[Sequence[int]],
    unilateral: int | None,
) -> Improvement:
    """Return the improvement in which each outcome of the reduced game has its image."""
    reduced, maps = reduction.game, tuple(map(tuple, places))
    before = judged(game, reduced)
    scales = [_scale(reduced, played, maps, i) for i in range(reduced.number_of_players)]
    isomorphism = Isomorphism(
        reduced, played, maps, tuple(f for f, _ in scales), tuple(c for _, c in scales)
    )
    after = judged(game, played).reshape(-1, *played.shape)
    strict = bool((isomorphism.aligned(after).reshape(len(after), -1) != before).any())
    return Improvement(unilateral, subset, played, steps, isomorphism, strict, game, reduced)


def _untied(
    game: Game,
    reduction: Reduction,
    subset: Game,
    played: Game,
    steps: tuple[Step, ...],
    unilateral: int | None,
) -> Improvement | None:
    """Return the improvement in which everything is good enough, whatever is played; or None."""
    before, after = judged(game, reduction.game), judged(game, played)
    if (after.min(axis=1) < before.max(axis=1)).any():
        return None
    constant = (before == before[:, :1]).all()
    strict = not (constant and (after == before[:, :1]).all(axis=0).any())
    return Improvement(unilateral, subset, played, steps, None, strict, game, reduction.game)


def _scale(source: Game, target: Game, maps: Maps, i: int) -> tuple[Fraction, Fraction]:
    """Return λ and c for a player, where the maps are an isomorphism."""
    row = source.scaled[i]
    outcomes = [int(row.argmin()), int(row.argmax())]
    low, high = (source.payoffs(k)[i] for k in outcomes)
    images = [
        position([own[p] for own, p in zip(maps, place(k, source), strict=True)], target)
        for k in outcomes
    ]
    least, most = (target.payoffs(k)[i] for k in images)
    factor = (high - low) / (most - least) if high > low else Fraction(1)
    return factor, low - factor * least


def _affine(before: Ints, after: Ints) -> bool:
    """Whether a positive affine map takes the one list of numbers to the other."""
    before, after = before.astype(object), after.astype(object)
    low, high = int(before.argmin()), int(before.argmax())
    span, images = before[high] - before[low], after[high] - after[low]
    if (span > 0) != (images > 0):
        return False
    if not span:
        return bool((after == after[0]).all())
    return bool(((before - before[low]) * images == (after - after[low]) * span).all())


def _unimproved(
    game: Game, reduction: Reduction, found: Sequence[Improvement]
) -> list[Improvement]:
    """Leave out those on which another one is a safe improvement, by the game's payoffs.

    Representatives may play both by any isomorphisms, so that a is sent to what another outcome of
    its orbit is sent to: what counts is the worst of these.
    """
    if len(found) < 2:
        return list(found)
    orbits = _orbits(reduction.game)
    size = reduction.game.number_of_outcomes
    most, least = [], []
    for one in found:
        values = judged(game, one.played)
        if one.isomorphism is None:
            most.append(np.repeat(values.max(axis=1)[:, None], size, axis=1))
            least.append(np.repeat(values.min(axis=1)[:, None], size, axis=1))
        else:
            shaped = values.reshape(-1, *one.played.shape)
            after = one.isomorphism.aligned(shaped).reshape(-1, size)
            worst = np.full((len(after), int(orbits.max()) + 1), after.max())
            for i, row in enumerate(after):
                np.minimum.at(worst[i], orbits, row)
            most.append(after)
            least.append(worst[:, orbits])
    highs, lows = np.array(most), np.array(least)
    kept = []
    for k, one in enumerate(found):
        better = (lows >= highs[k]).all(axis=(1, 2))
        worse = (lows[k] >= highs).all(axis=(1, 2))
        if not (better & ~worse).any():
            kept.append(one)
    return kept


def _orbits(game: Game) -> Ints:
    """Return the number of each outcome's orbit under the automorphisms of a reduced game.

    Where they are hard to find, all outcomes with the same payoffs count as one orbit: then an
    improvement may stay in the list that could go.
    """
    size = game.number_of_outcomes
    values = ranks(game).reshape(-1, size)
    alike = numbered(values)
    orbits = np.arange(size)
    try:
        with limited(MAX_STEPS):
            for b in range(size):
                for a in np.unique(orbits[:b][alike[:b] == alike[b]]).tolist():
                    if orbits[b] != b:
                        break
                    pins = list(zip(place(a, game), place(b, game), strict=True))
                    found = next(isomorphisms(game, game, pinned=pins), None)
                    if found is not None:
                        _merge(orbits, game, found)
    except Undecided:
        orbits = alike
    return numbered(orbits)


def _merge(orbits: Ints, game: Game, automorphism: Isomorphism) -> None:
    """Put every outcome into the orbit of its image."""
    images = automorphism.aligned(np.arange(orbits.size).reshape(game.shape)).ravel()
    changed = True
    while changed:
        low = np.minimum(orbits, orbits[images])
        for old, new in zip(orbits.tolist(), low.tolist(), strict=True):
            if old != new:
                orbits[orbits == old] = new
        changed = bool((orbits != orbits[images]).any())
