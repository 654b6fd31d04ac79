"""Whether a game is a safe improvement on another, for all representatives under assumptions.

Which outcomes of two games can be played together is this relation (``docs/delegation.md`` has the
argument). Each game is first reduced, if elimination is assumed. If then both are the same game,
the same outcome is played. If isomorphism is assumed, and both have no dominated action and are
isomorphic, a and Φ(a) can be played together, for every isomorphism Φ. Otherwise everything can.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from spi_verify.delegation.arrays import Ints, Mask, grid, numbered, place, position, ranks
from spi_verify.delegation.dominance import Reduction, reduce
from spi_verify.delegation.isomorphism import Isomorphism, isomorphisms, same_game
from spi_verify.delegation.plays import ASSUMPTIONS, ELIMINATION, ISOMORPHISM, Book, Page
from spi_verify.games.game import Game, Outcome

Strict = str | Sequence[Outcome] | None
"""Where somebody gets strictly more: ``"somewhere"``, at some outcome of the reduced game,
``"everywhere"``, at all of them, or at these outcomes, which are supposed to occur; None where
nothing is said about it."""


@dataclass(frozen=True, eq=False)
class Tie:
    """How the plays of two games hang together.

    Parameters
    ----------
    first, second
        The two games, reduced if elimination is assumed.
    same
        Whether what is left is one and the same game.
    isomorphism
        One isomorphism, if play is tied by isomorphisms.
    """

    first: Reduction
    second: Reduction
    same: bool
    isomorphism: Isomorphism | None

    @property
    def free(self) -> bool:
        """Whether nothing ties the plays together."""
        return not self.same and self.isomorphism is None


@dataclass(frozen=True, eq=False)
class Failure:
    """Why a game is no safe improvement, or no strict one, with a play that shows it.

    Parameters
    ----------
    what
        ``"loss"``: in the play, ``player`` gets less. ``"no-gain"``: in the play, nobody gets
        more. ``"no-gain-anywhere"``: the same, whatever outcome the page recommends.
        ``"never-played"``: the outcome does not survive elimination.
    tie
        How the plays hang together.
    outcome, image
        What is played in the two games.
    player
        Who loses, counted from 1.
    isomorphism
        The isomorphism by which the second game is played; None where the book has two pages.
    mixed
        Whether what mixed actions dominate counts as dominated, too.
    """

    what: Literal["loss", "no-gain", "no-gain-anywhere", "never-played"]
    tie: Tie
    outcome: Outcome
    image: Outcome
    player: int | None = None
    isomorphism: Isomorphism | None = None
    mixed: bool = False

    def book(self, assumptions: Collection[str]) -> Book:
        """Return representatives who play like that."""
        copies = [] if self.isomorphism is None else [self.isomorphism]
        pages = [Page(self.tie.first.game, self.outcome, copies)]
        if self.tie.free:
            pages.append(Page(self.tie.second.game, self.image))
        return Book(pages, assumptions=assumptions, mixed=self.mixed)


def tie_of(
    first: Game,
    second: Game,
    assumptions: Collection[str] = ASSUMPTIONS,
    *,
    mixed: bool = False,
) -> Tie:
    """Say how the plays of two games hang together."""
    reductions = [reduce(first, mixed=mixed), reduce(second, mixed=mixed)]
    undominated = not any(reduction.steps for reduction in reductions)
    if ELIMINATION not in assumptions:
        reductions = [_whole(first), _whole(second)]
    one, other = reductions
    if same_game(one.game, other.game):
        return Tie(one, other, True, None)
    isomorphism = None
    if ISOMORPHISM in assumptions and (undominated or ELIMINATION in assumptions):
        isomorphism = next(isomorphisms(one.game, other.game), None)
    return Tie(one, other, False, isomorphism)


def find_failure(
    judging: Game,
    first: Game,
    second: Game,
    *,
    assumptions: Collection[str] = ASSUMPTIONS,
    strict: Strict = None,
    paying: Game | None = None,
    mixed: bool = False,
) -> Failure | None:
    """Look for representatives for whom a game is no safe improvement on another.

    Parameters
    ----------
    judging
        The original game, whose payoffs count.
    first, second
        It, or a subset game of it, and the subset game that is played in its place.
    assumptions
        What all representatives satisfy.
    strict
        Whether somebody also has to get strictly more, and where.
    paying
        Says what the second game's outcomes pay, if not the original game.
    mixed
        Whether what mixed actions dominate counts as dominated, too.

    Returns
    -------
    Failure or None
        None if it is one for all representatives that satisfy the assumptions.
    """
    tie = tie_of(first, second, assumptions, mixed=mixed)
    before, after = _compared(judging, paying or judging, tie.first.game, tie.second.game)
    pairs = _Pairs(tie, before, after, orbits=not _pays_what_counts(judging, first))
    failure = _failure_in(pairs, strict)
    return None if failure is None else replace(failure, mixed=mixed)


def _failure_in(pairs: _Pairs, strict: Strict) -> Failure | None:
    tie, loss = pairs.tie, pairs.loss()
    if loss is not None or strict is None:
        return loss
    if strict == "somewhere":
        return pairs.no_gain_anywhere()
    if strict == "everywhere":
        return pairs.no_gain(None)
    assert not isinstance(strict, str)
    for outcome in strict:
        if any(a not in own for a, own in zip(outcome, tie.first.game.actions, strict=True)):
            return Failure("never-played", tie, tuple(outcome), tuple(outcome))
        found = pairs.no_gain(tie.first.game.index(outcome))
        if found is not None:
            return found
    return None


@dataclass(frozen=True, eq=False)
class _Pairs:
    """The pairs of outcomes that can be played together.

    ``before`` and ``after`` are what they pay, as ranks, shape (n, number of outcomes). Unless
    ``orbits``, the first game is played for the payoffs that count; then what one isomorphism
    does at an outcome, every other does somewhere (Lemma 4).
    """

    tie: Tie
    before: Ints
    after: Ints
    orbits: bool

    def loss(self) -> Failure | None:
        if self.tie.same:
            return None
        if self.tie.free:
            for i, (mine, theirs) in enumerate(zip(self.before, self.after, strict=True)):
                if mine.max() > theirs.min():
                    return self._failure("loss", int(mine.argmax()), int(theirs.argmin()), i)
            return None
        for a, b, isomorphism in self._tied(None, lambda u, v: np.any(v < u, axis=0)):
            i = int(np.flatnonzero(self.after[:, b] < self.before[:, a])[0])
            return self._failure("loss", a, b, i, isomorphism)
        return None

    def no_gain_anywhere(self) -> Failure | None:
        """Look for representatives whom nothing that occurs gives anybody more; nobody loses."""
        if self.tie.same:
            return self._failure("no-gain-anywhere", 0, self._same(0))
        if self.tie.free:
            a = self.before[:, :1]
            equal = np.flatnonzero((self.after == a).all(axis=0))
            if (self.before == a).all() and len(equal):
                return self._failure("no-gain-anywhere", 0, int(equal[0]))
            return None
        values = np.concatenate([self.before, self.after], axis=1)
        numbers = numbered(values)
        labels = numbers[: self.before.shape[1]], numbers[self.before.shape[1] :]
        one, other = self.tie.first.game, self.tie.second.game
        for found in isomorphisms(one, other, labels=labels):
            return self._failure("no-gain-anywhere", 0, _image(found, 0), None, found)
        return None

    def no_gain(self, at: int | None) -> Failure | None:
        """Look for a play in which nobody gets more, at an outcome or anywhere; nobody loses."""
        if self.tie.same:
            a = at or 0
            return self._failure("no-gain", a, self._same(a))
        if self.tie.free:
            for a in range(self.before.shape[1]) if at is None else [at]:
                equal = np.flatnonzero((self.after == self.before[:, a : a + 1]).all(axis=0))
                if len(equal):
                    return self._failure("no-gain", a, int(equal[0]))
            return None
        for a, b, isomorphism in self._tied(at, lambda u, v: np.all(v == u, axis=0)):
            return self._failure("no-gain", a, b, None, isomorphism)
        return None

    def _tied(
        self, at: int | None, wanted: Callable[[Ints, Ints], Mask]
    ) -> Iterator[tuple[int, int, Isomorphism]]:
        """Iterate over outcomes with their images where a condition on payoffs holds."""
        first = self.tie.isomorphism
        assert first is not None
        game, target = first.source, first.target
        shaped = self.after.reshape(-1, *target.shape)
        images = first.aligned(shaped).reshape(self.before.shape)
        for k in np.flatnonzero(wanted(self.before, images)).tolist():
            if at is None or k == at:
                yield k, _image(first, k), first
        if at is None and not self.orbits:
            return
        for a in range(self.before.shape[1]) if at is None else [at]:
            for b in np.flatnonzero(wanted(self.before[:, a : a + 1], self.after)).tolist():
                pinned = list(zip(place(a, game), place(b, target), strict=True))
                found = next(isomorphisms(game, target, pinned=pinned), None)
                if found is not None:
                    yield a, b, found

    def _same(self, a: int) -> int:
        return self.tie.second.game.index(self.tie.first.game.outcome(a))

    def _failure(
        self,
        what: Literal["loss", "no-gain", "no-gain-anywhere"],
        a: int,
        b: int,
        i: int | None = None,
        isomorphism: Isomorphism | None = None,
    ) -> Failure:
        outcome, image = self.tie.first.game.outcome(a), self.tie.second.game.outcome(b)
        player = None if i is None else i + 1
        return Failure(what, self.tie, outcome, image, player, isomorphism)


def judged(judging: Game, game: Game) -> Ints:
    """Return what a subset game's outcomes pay in the original game, as ranks of its payoffs."""
    places = [
        [names.index(name) for name in own]
        for names, own in zip(judging.actions, game.actions, strict=True)
    ]
    pays: Ints = ranks(judging)[grid(places)]
    return pays.reshape(judging.number_of_players, -1)


def _compared(judging: Game, paying: Game, first: Game, second: Game) -> tuple[Ints, Ints]:
    """Return what two games' outcomes pay, each by another game, as ranks on one scale."""
    if paying is judging:
        return judged(judging, first), judged(judging, second)
    found = []
    for i in range(judging.number_of_players):
        before = [judging.payoffs(o)[i] for o in first.outcomes()]
        after = [paying.payoffs(o)[i] for o in second.outcomes()]
        places = {value: k for k, value in enumerate(sorted({*before, *after}))}
        found.append(([places[u] for u in before], [places[u] for u in after]))
    mine, theirs = zip(*found, strict=True)
    return np.array(mine, dtype=np.int64), np.array(theirs, dtype=np.int64)


def _pays_what_counts(judging: Game, game: Game) -> bool:
    """Whether a subset game has the payoffs of the original game."""
    return game is judging or all(
        game.payoffs(outcome) == judging.payoffs(outcome) for outcome in game.outcomes()
    )


def _whole(game: Game) -> Reduction:
    return Reduction(game, tuple(tuple(range(size)) for size in game.shape), ())


def _image(isomorphism: Isomorphism, a: int) -> int:
    places = place(a, isomorphism.source)
    images = [own[p] for own, p in zip(isomorphism.maps, places, strict=True)]
    return position(images, isomorphism.target)
