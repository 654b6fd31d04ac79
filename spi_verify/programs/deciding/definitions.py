"""Definitions 4 and 7, checked for programs' functions, with what is wrong as the witness."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spi_verify.arguments import named
from spi_verify.games.game import Outcome
from spi_verify.games.regions import Region
from spi_verify.programs.language.base import BaseGame, OutcomeSet
from spi_verify.programs.language.functions import Functions, RenegotiationMap, To
from spi_verify.programs.language.selections import Selection
from spi_verify.programs.language.terms import Element
from spi_verify.programs.running.base_games import CorrelatedBase
from spi_verify.programs.running.execution import Execution, ProgramGame

if TYPE_CHECKING:
    from spi_verify.games.renegotiation import Change, OutcomeMap


@dataclass(frozen=True)
class NoGain:
    """A function that makes nobody better off anywhere (condition 2 of Definition 4 fails)."""


@named
def find_map_defect(base: BaseGame, rn: RenegotiationMap) -> Change | NoGain | None:
    """Return why a map is no renegotiation function (Definition 4), or None if it is one.

    Parameters
    ----------
    base
        A base game; images are pure outcomes.
    rn
        The map.
    """
    images = {
        entry.outcome: tuple(str(action) for action in base.agreed(entry.image))
        for entry in reversed(rn.entries)
    }
    gains = False
    for outcome in sorted(images, key=base.game.index):
        paid = zip(base.payoffs(outcome), base.payoffs(images[outcome]), strict=True)
        for i, (before, after) in enumerate(paid, start=1):
            if after < before:
                from spi_verify.games.renegotiation import Change

                return Change(outcome, images[outcome], i, before, after)
            gains = gains or after > before
    return None if gains else NoGain()


def renegotiation_map(rn: OutcomeMap) -> RenegotiationMap:
    """Return a map on outcomes as code that programs can carry.

    >>> from spi_verify.games import Game, OutcomeMap
    >>> game = Game.from_payoffs([[[2, 1], [0, 0]], [[0, 0], [1, 2]]])
    >>> print(renegotiation_map(OutcomeMap.from_dict(game, {("1", "2"): ("1", "1")})))
    (map (to ["1" "2"] ["1" "1"]))
    """
    from spi_verify.games.renegotiation import OutcomeMap

    if not isinstance(rn, OutcomeMap):
        what = f"rn is to be OutcomeMap, and not {type(rn).__name__}"
        raise TypeError(f"renegotiation_map: {what}")
    pairs = ((outcome, rn(outcome)) for outcome in rn.game.outcomes())
    return RenegotiationMap(tuple(To(a, b) for a, b in pairs if a != b))


@dataclass(frozen=True)
class WorseOffer:
    """A set that contains something worse than a for a player (condition 1 of Definition 7).

    Parameters
    ----------
    functions
        All players' functions.
    outcome
        a.
    offered
        An element of RN^i(RN^-i, a).
    player
        Whom it makes worse off.
    """

    functions: Functions
    outcome: Outcome
    offered: Element
    player: int


@dataclass(frozen=True)
class NoOffer:
    """Sets that never contain anything better for anyone (condition 2 of Definition 7).

    Parameters
    ----------
    functions
        All players' functions, against which this is so.
    """

    functions: Functions


@named
def find_set_function_defect(
    game: ProgramGame, player: int, profiles: Iterable[Functions], selection: Selection
) -> WorseOffer | NoOffer | None:
    """Return why RN^i is no set-valued renegotiation function, as far as these profiles show.

    Definition 7 is about all RN^-i; here it is checked for those given, at every pure outcome.

    Parameters
    ----------
    game
        The program game.
    player
        i.
    profiles
        Profiles of functions; RN^i is the i-th entry of each.
    selection
        The selection function, which extensions need.
    """
    base = game.base
    for functions in profiles:
        gains = False
        execution = Execution(base)
        for outcome in base.game.outcomes():
            before = base.payoffs(outcome)
            for offered in corners(base, execution.value(player, functions, selection, outcome)):
                after = base.payoffs(base.agreed(offered))
                for j, (u, v) in enumerate(zip(before, after, strict=True), start=1):
                    if v < u:
                        return WorseOffer(functions, outcome, offered, j)
                    gains = gains or v > u
        if not gains:
            return NoOffer(functions)
    return None


def corners(base: BaseGame, outcomes: OutcomeSet) -> Iterator[Element]:
    """Iterate over a finite set, or over the corners of the pieces of an infinite one."""
    if isinstance(base, CorrelatedBase):
        assert isinstance(outcomes, Region)
        return itertools.chain.from_iterable(outcomes.pieces)
    return iter(base.elements(outcomes))
