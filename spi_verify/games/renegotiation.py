"""Single-valued renegotiation functions on pure outcomes (Definitions 3 and 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from spi_verify.arguments import named
from spi_verify.errors import InputError
from spi_verify.games.game import Game, Outcome

_CHUNK = 65_536  # outcomes per step: the payoffs compared stay in a core's cache
_PROBE = 1_024  # one outcome in so many tells what kind of map this is

Reachable = npt.ArrayLike
"""The outcomes that default programs can reach: a boolean mask of length N, or positions."""


@dataclass(frozen=True, eq=False)
class OutcomeMap:
    """A map rn: A -> A on the pure outcomes of a game; a candidate for Definition 4.

    Parameters
    ----------
    game
        A game with N outcomes.
    images
        Integer array of shape (N,): ``images[k]`` is the position of rn(a) for the outcome a at
        position k, both in row-major order. It is copied.

    Raises
    ------
    InputError
        When `images` has another shape, holds no integers, or a position outside the game.

    >>> game = Game.from_payoffs([[[2, 1], [0, 0]], [[0, 0], [1, 2]]])
    >>> rn = OutcomeMap.from_dict(game, {("1", "2"): ("1", "1"), ("2", "1"): ("2", "2")})
    >>> rn.images.tolist()
    [0, 0, 3, 3]
    >>> is_renegotiation_function(rn)
    True
    """

    game: Game
    images: npt.NDArray[np.intp]

    def __post_init__(self) -> None:
        if not isinstance(self.game, Game):
            raise TypeError(f"game is to be Game, and not {type(self.game).__name__}")
        images = np.asarray(self.images)
        total = self.game.number_of_outcomes
        if images.shape != (total,) or images.dtype.kind not in "iu":
            raise InputError(
                f"images must be {total} integers, the position of the image of each outcome; "
                f"they are an array of shape {images.shape} and type {images.dtype}",
                where="images",
            )
        least, greatest = int(images.min()), int(images.max())
        if least < 0 or greatest >= total:
            raise InputError(
                f"no outcome has position {least if least < 0 else greatest}; the positions are "
                f"0 to {total - 1}",
                where="images",
            )
        images = np.array(images, dtype=np.intp)
        images.setflags(write=False)
        object.__setattr__(self, "images", images)

    @classmethod
    @named
    def from_dict(cls, game: Game, images: Mapping[Outcome, Outcome]) -> OutcomeMap:
        """Build a map from a dict; outcomes it does not list are mapped to themselves.

        Raises
        ------
        InputError
            When the dict names an outcome that the game does not have.
        """
        positions = np.arange(game.number_of_outcomes, dtype=np.intp)
        for outcome, image in images.items():
            positions[game.index(outcome)] = game.index(image)
        return cls(game, positions)

    @classmethod
    @named
    def from_callable(cls, game: Game, image: Callable[[Outcome], Outcome]) -> OutcomeMap:
        """Build a map from a function, which is called once for each outcome in row-major order.

        Raises
        ------
        InputError
            When the function returns an outcome that the game does not have.
        """
        positions = (game.index(image(outcome)) for outcome in game.outcomes())
        return cls(game, np.fromiter(positions, dtype=np.intp, count=game.number_of_outcomes))

    def __call__(self, outcome: Outcome) -> Outcome:
        """Return rn(a).

        Raises
        ------
        InputError
            When there is no such outcome.
        """
        return self.game.outcome(int(self.images[self.game.index(outcome)]))


@dataclass(frozen=True)
class Change:
    """What a map changes for one player at one outcome.

    Parameters
    ----------
    outcome, image
        a and rn(a).
    player
        i, from 1 to n.
    before, after
        u_i(a) and u_i(rn(a)).
    """

    outcome: Outcome
    image: Outcome
    player: int
    before: Fraction
    after: Fraction


@named
def find_loss(rn: OutcomeMap, reachable: Reachable | None = None) -> Change | None:
    """Return the first loss in row-major order, of the lowest player who loses there.

    Parameters
    ----------
    rn
        A map on the outcomes of a game.
    reachable
        The outcomes to look at; default all.

    Returns
    -------
    Change or None
        None if and only if u(rn(a)) is at least u(a) for every player and every reachable a.

    Raises
    ------
    InputError
        When `reachable` is neither a mask of the right length nor positions in the game.

    Notes
    -----
    O(N n) comparisons of exact payoffs at worst; stops at the first chunk that holds a loss.
    """
    return _first(rn, reachable, np.less)


@named
def find_gain(rn: OutcomeMap, reachable: Reachable | None = None) -> Change | None:
    """Return the first gain in row-major order, of the lowest player who gains there.

    Parameters
    ----------
    rn
        A map on the outcomes of a game.
    reachable
        The outcomes to look at; default all.

    Returns
    -------
    Change or None
        None if and only if u(rn(a)) is at most u(a) for every player and every reachable a.

    Raises
    ------
    InputError
        When `reachable` is neither a mask of the right length nor positions in the game.
    """
    return _first(rn, reachable, np.greater)


@named
def is_renegotiation_function(rn: OutcomeMap) -> bool:
    """Whether rn makes nobody worse off at any outcome and someone better off at some outcome.

    These are the two conditions of Definition 4. O(N n) comparisons.
    """
    return find_loss(rn) is None and find_gain(rn) is not None


@named
def is_spi(rn: OutcomeMap, reachable: Reachable) -> bool:
    """Whether replacing default programs by renegotiation programs with rn is an SPI.

    Definition 3 for the transformation of Proposition 1, where all players use the same rn: the
    profile then plays rn(a) in place of the default outcome a. So rn must make nobody worse off
    at any outcome that default programs reach, and someone better off at one of them.

    Parameters
    ----------
    rn
        A map on the outcomes of a game. Outside `reachable` it may be anything.
    reachable
        The outcomes that some profile of default programs plays.

    Raises
    ------
    InputError
        When `reachable` is neither a mask of the right length nor positions in the game.
    """
    return find_loss(rn, reachable) is None and find_gain(rn, reachable) is not None


def _first(rn: OutcomeMap, reachable: Reachable | None, compare: np.ufunc) -> Change | None:
    """Return the first reachable outcome and player with compare(u_i(rn(a)), u_i(a))."""
    game = rn.game
    for here in _suspects(rn, reachable, compare):
        images = rn.images[here]
        hits = [
            (int(hit.argmax()), player)
            for player, row in enumerate(game.ordinal, 1)
            if (hit := compare(row.take(images), row[here])).any()
        ]
        if hits:
            offset, player = min(hits)
            k = here.start + offset if isinstance(here, slice) else int(here[offset])
            image = int(rn.images[k])
            before, after = (game.payoffs(m)[player - 1] for m in (k, image))
            return Change(game.outcome(k), game.outcome(image), player, before, after)
    return None


def _suspects(
    rn: OutcomeMap, reachable: Reachable | None, compare: np.ufunc
) -> Iterator[slice | npt.NDArray[np.intp]]:
    """Yield, in ascending chunks, reachable outcomes; the comparison holds at no other one.

    An outcome that stays where it is needs no look. Where many outcomes of a chunk have the same
    image, comparing with that one payoff profile spares most of them the look at their own. A
    sample of the chunk tells which of this is worth while. The first chunks are small, because
    what is sought is often found at once.
    """
    rows, total = rn.game.ordinal, rn.game.number_of_outcomes
    mask = None if reachable is None else _mask(reachable, total)
    stop, size = 0, max(_CHUNK // 32, 1)
    while stop < total:
        start, size = stop, min(2 * size, _CHUNK)
        stop = min(start + size, total)
        images = rn.images[start:stop]
        suspects = None if mask is None else mask[start:stop]
        sample = images[::_PROBE]
        stays = sample == np.arange(start, stop, _PROBE)
        if stays.any():
            moved = images != np.arange(start, stop)
            suspects = moved if suspects is None else suspects & moved
        moving = np.sort(sample[~stays])
        if len(moving):
            usual = moving[len(moving) // 2]
            if 2 * np.count_nonzero(moving == usual) > len(moving):
                unusual = images != usual
                for row in rows:
                    unusual |= compare(row[usual], row[start:stop])
                suspects = unusual if suspects is None else suspects & unusual
        if suspects is None:
            yield slice(start, stop)
            continue
        positions = np.flatnonzero(suspects)
        if len(positions):
            yield positions + start


def _mask(reachable: Reachable, total: int) -> npt.NDArray[np.bool_]:
    given: npt.NDArray[Any] = np.asarray(reachable)
    if given.dtype == bool:
        if given.shape != (total,):
            raise InputError(
                f"a mask of shape {given.shape} for {total} outcomes; give one entry each",
                where="reachable",
            )
        return given
    if given.size == 0:
        return np.zeros(total, dtype=bool)
    if given.ndim != 1 or given.dtype.kind not in "iu":
        raise InputError(
            "the reachable outcomes must be a boolean mask or a list of positions",
            where="reachable",
        )
    wrong = given[(given < 0) | (given >= total)]
    if len(wrong):
        raise InputError(
            f"no outcome has position {int(wrong[0])}; the positions are 0 to {total - 1}",
            where="reachable",
        )
    mask = np.zeros(total, dtype=bool)
    mask[given] = True
    return mask
