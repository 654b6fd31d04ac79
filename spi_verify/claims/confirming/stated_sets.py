"""What violations of claims about sets state."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from spi_verify.claims.confirming.stated import stated_position
from spi_verify.claims.kind import Violation
from spi_verify.claims.sets import EVERY, SetProfile, Sets
from spi_verify.claims.words import shown
from spi_verify.effort import spend
from spi_verify.errors import InputError, Rejected, located
from spi_verify.games.game import Payoffs
from spi_verify.games.rationals import LONG, parse_rational
from spi_verify.games.regions import Region
from spi_verify.programs.language.base import OutcomeSet
from spi_verify.programs.language.selections import (
    Lexicographic,
    Selection,
    SelectionTable,
    Utilitarian,
)
from spi_verify.programs.running.base_games import PureBase


def stated_selection(sets: Sets, how: str, text: str) -> Selection:
    """Return the stated selection function, if it is one that the claim is about."""
    with located(where="selection"):
        selection = sets.selection(text)
    if how not in EVERY:
        if selection != sets.selection(how):
            raise Rejected(f"the claim is about the selection function {how}")
    elif how == "every-transitive" and not _transitive(sets, selection):
        raise Rejected("this selection function need not be transitive")
    return selection


def _transitive(sets: Sets, selection: Selection) -> bool:
    """Whether a transitive selection function makes these choices.

    A table is followed: an order that respects domination and has each choice above the rest of
    its set is picked from the top; see :mod:`spi_verify.claims.deciding.every`.
    """
    if isinstance(selection, Utilitarian):
        return True
    if isinstance(selection, Lexicographic):
        return set(selection.priority) == set(sets.base.players)
    if not isinstance(selection, SelectionTable):
        return False
    above: dict[Any, set[Any]] = {x: set() for c in selection.choices for x in c.among}
    for choice in selection.choices:
        for x in choice.among:
            if x != choice.chosen:
                above[x].add(choice.chosen)
    for x in above:
        spend(len(above))
        here = sets.base.payoffs(sets.base.agreed(x))
        for y in above:
            there = sets.base.payoffs(sets.base.agreed(y))
            if there != here and all(b >= a for a, b in zip(here, there, strict=True)):
                above[x].add(y)
    done: dict[Any, bool] = {}
    for start in above:
        waiting = [(start, iter(above[start]))] if start not in done else []
        if waiting:
            done[start] = False
        while waiting:
            x, rest = waiting[-1]
            higher = next(rest, None)
            if higher is None:
                done[x] = True
                waiting.pop()
            elif higher not in done:
                done[higher] = False
                waiting.append((higher, iter(above[higher])))
            elif not done[higher]:
                return False
    return True


def stated_set(sets: Sets, data: Sequence[Any]) -> OutcomeSet:
    """Return a stated set: outcomes, or the union of polygons given by corners."""
    if isinstance(sets.base, PureBase):
        return sets.base.finite(tuple(outcome) for outcome in data)
    region = Region()
    for piece in data:
        region = region | Region.polygon([_point(corner, sets.players) for corner in piece])
    return region


def stated_element(sets: Sets, data: Sequence[str]) -> Any:
    """Return a stated outcome, or with lotteries a stated point."""
    if sets.instance.correlated:
        return _point(data, sets.players)
    element = tuple(data)
    sets.instance.game.index(element)
    return element


def _point(data: Any, players: int) -> Payoffs:
    if not isinstance(data, list) or len(data) != players:
        raise InputError(f"a payoff for each of the {players} players is needed")
    return tuple(stated_number(value) for value in data)


def stated_number(value: Any) -> Fraction:
    """Return a stated number, of whatever length."""
    return parse_rational(str(value), max_digits=LONG)


def stated_default(sets: Sets, profile: SetProfile, v: Violation) -> int:
    """Return the position of the stated outcome, if it is a default outcome of a profile."""
    position = stated_position(sets.instance, v)
    if position not in profile.defaults:
        raise Rejected(f"{shown_position(sets, position)} is no default outcome of {profile.name}")
    return position


def stated_player_of(sets: Sets, v: Violation) -> int:
    """Return the stated player."""
    sets.require_player(v["player"])
    return int(v["player"])


def shown_position(sets: Sets, position: int) -> str:
    """Write the outcome at a position."""
    return shown(sets.instance.points.reference(position))
