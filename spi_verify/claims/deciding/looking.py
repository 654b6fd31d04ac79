"""Looking for violations, and for what one set has that another has not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from spi_verify.claims.words import texts
from spi_verify.errors import InputError, Undecided
from spi_verify.games.game import Payoffs
from spi_verify.programs.language.base import BaseGame, OutcomeSet, as_region
from spi_verify.programs.running.base_games import PureBase

T = TypeVar("T")
U = TypeVar("U")


def first_found(look: Callable[[T], U | None], places: Iterable[T]) -> U | None:
    """Return the first violation; where something hinders the search matters if there is none."""
    hindered: InputError | Undecided | None = None
    for place in places:
        try:
            found = look(place)
        except (InputError, Undecided) as reason:
            hindered = hindered or reason
            continue
        if found is not None:
            return found
    if hindered is not None:
        raise hindered
    return None


def first_below(after: Payoffs, least: Payoffs) -> int | None:
    """Return the first player who gets less than that, or None."""
    pairs = enumerate(zip(after, least, strict=True), start=1)
    return next((i for i, (a, u) in pairs if a < u), None)


def outside(base: BaseGame, one: OutcomeSet, other: OutcomeSet) -> list[str] | None:
    """Return an element of one set that is not in the other, as plain data."""
    if isinstance(base, PureBase):
        return next((list(x) for x in base.elements(one) if x not in other), None)
    point = as_region(one).outside(as_region(other))
    return None if point is None else texts(point)
