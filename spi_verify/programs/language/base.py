"""The base game, as far as programs and what they consist of know it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Protocol, Self

from spi_verify.games.game import Game, Outcome, Payoffs
from spi_verify.games.regions import Halfspace, Region
from spi_verify.programs.language.selections import Selection
from spi_verify.programs.language.terms import ActionProfile, Element


class OutcomeSet(Protocol):
    """A frozenset of action profiles (pure outcomes) or a Region (correlated play).

    Both are false where they are empty. Those of one base game go together.
    """

    def __and__(self, other: Self, /) -> Self: ...

    def __or__(self, other: Self, /) -> Self: ...

    def __le__(self, other: Self, /) -> bool: ...

    def __contains__(self, element: object, /) -> bool: ...


def as_outcomes(outcomes: OutcomeSet) -> frozenset[Outcome]:
    """Return a set as one of pure outcomes.

    Raises
    ------
    TypeError
        When it is none.
    """
    if not isinstance(outcomes, frozenset):
        raise TypeError(f"a frozenset of pure outcomes, and not {type(outcomes).__name__}")
    return outcomes


def as_region(outcomes: OutcomeSet) -> Region:
    """Return a set as one of correlated play.

    Raises
    ------
    TypeError
        When it is none.
    """
    if not isinstance(outcomes, Region):
        raise TypeError(f"a region of correlated play, and not {type(outcomes).__name__}")
    return outcomes


class BaseGame(ABC):
    """What programs need to know about a game and its feasible outcomes."""

    game: Game

    @property
    @abstractmethod
    def pareto_meet_minimum(self) -> Payoffs:
        """u^PMM (Definition 6)."""

    @abstractmethod
    def payoffs(self, profile: ActionProfile) -> Payoffs:
        """Return u(a) for what the players do."""

    @abstractmethod
    def element(self, profile: ActionProfile) -> Element:
        """Return what the players do as an element of sets."""

    @abstractmethod
    def agreed(self, element: Element) -> ActionProfile:
        """Return what the players do when they agree on an element of a set.

        Raises
        ------
        InputError
            When the game has no such outcome.
        """

    @abstractmethod
    def finite(self, elements: Iterable[Element]) -> OutcomeSet:
        """Return a finite set."""

    @abstractmethod
    def within(self, bounds: Sequence[Halfspace]) -> OutcomeSet:
        """Return all outcomes whose payoffs are within all these bounds."""

    @abstractmethod
    def pareto_meet_projection(self, player: int, payoffs: Payoffs) -> OutcomeSet:
        """Return PMP_i of an outcome with these payoffs (Definition 6)."""

    @abstractmethod
    def select(self, selection: Selection, outcomes: OutcomeSet) -> ActionProfile:
        """Return what is done when a selection function picks from a set that is not empty."""

    @abstractmethod
    def elements(self, outcomes: OutcomeSet) -> Sequence[Element]:
        """Return the elements of a finite set in the fixed order.

        Raises
        ------
        InputError
            When the set is infinite.
        """

    def at_least(self, payoffs: Payoffs) -> OutcomeSet:
        """Return all outcomes that pay everyone at least this."""
        return self.within([_floor(i, u, len(payoffs)) for i, u in enumerate(payoffs)])

    @property
    def players(self) -> range:
        """The players 1, ..., n."""
        return range(1, self.game.number_of_players + 1)


def _floor(i: int, least: Fraction, n: int) -> Halfspace:
    return Halfspace(tuple(Fraction(-int(i == j)) for j in range(n)), -least)
