"""Renegotiation functions (Definition 4) and set-valued ones (Definitions 7 and 8), as code.

A set-valued renegotiation function RN^i is a term whose value depends on the outcome a and may
depend on the other players' functions RN^-i: on what they are, on how they are tagged, or on
their values.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol, final

from spi_verify.effort import spend
from spi_verify.errors import InputError
from spi_verify.games.game import Payoffs
from spi_verify.games.regions import Halfspace
from spi_verify.programs.language.base import BaseGame, OutcomeSet
from spi_verify.programs.language.conditions import Condition
from spi_verify.programs.language.selections import Selection
from spi_verify.programs.language.terms import (
    WORDS,
    ActionProfile,
    Element,
    Point,
    Term,
    is_ours,
    load_installed,
    replaced,
    term,
)

PMP_EXTENSION = "pmp-extension"


@term
class To(Term, word="to", parts="outcome element"):
    """One entry of :class:`RenegotiationMap`."""

    outcome: tuple[str, ...]
    image: Element


@term
class RenegotiationMap(Term, word="map", parts="to*"):
    """A function rn from outcomes to outcomes; what is not listed is mapped to itself.

    Whether it is a renegotiation function in the sense of Definition 4 depends on the payoffs;
    see :func:`spi_verify.programs.find_renegotiation_defect`.

    Parameters
    ----------
    entries
        The outcomes that change, with their images.
    """

    entries: tuple[To, ...]

    def image(self, outcome: ActionProfile) -> Element | None:
        """Return the image of an outcome, or None where it is mapped to itself."""
        for entry in self.entries:
            if entry.outcome == outcome:
                return entry.image
        return None


class FunctionRun(Protocol):
    """What a run does for set-valued functions: it remembers, and finds what never halts."""

    @property
    def base(self) -> BaseGame:
        """The base game."""

    def value(
        self, player: int, functions: Functions, selection: Selection, outcome: ActionProfile
    ) -> OutcomeSet:
        """Return RN^i(RN^-i, a)."""

    def renegotiated(
        self, functions: Functions, selection: Selection, outcome: ActionProfile
    ) -> ActionProfile:
        """Return ro(p, a)."""


@dataclass(frozen=True)
class Round:
    """What a set-valued renegotiation function sees.

    Parameters
    ----------
    execution
        The run it is part of.
    player
        The player whose function is evaluated.
    functions
        The functions of all players.
    selection
        The selection function.
    outcome
        The outcome a that is renegotiated.
    """

    execution: FunctionRun
    player: int
    functions: Functions
    selection: Selection
    outcome: ActionProfile

    @property
    def base(self) -> BaseGame:
        """The base game."""
        return self.execution.base

    @property
    def payoffs(self) -> Payoffs:
        """u(a)."""
        return self.base.payoffs(self.outcome)

    def value(self, player: int) -> OutcomeSet:
        """Return RN^j(RN^-j, a) for a player j."""
        return self.execution.value(player, self.functions, self.selection, self.outcome)

    def reached(self) -> ActionProfile:
        """Return ro(p, a)."""
        return self.execution.renegotiated(self.functions, self.selection, self.outcome)

    def replacing(self, player: int, function: SetFunction) -> Round:
        """Return the same with a player's function replaced."""
        functions = replaced(self.functions, player, function)
        return Round(self.execution, self.player, functions, self.selection, self.outcome)

    def moved(self, outcome: ActionProfile) -> Round:
        """Return the same at another outcome."""
        return Round(self.execution, self.player, self.functions, self.selection, outcome)


class SetFunction(Term, ABC):
    """A set-valued renegotiation function, or a part of one.

    Subclass it for a function of your own; :meth:`value` may be any Python that returns the same
    set for the same :class:`Round`. Such a subclass runs, but has no short notation, and searches
    over all programs do not look inside it.
    """

    @abstractmethod
    def value(self, scope: Round) -> OutcomeSet:
        """Return RN^i(RN^-i, a)."""

    @property
    def tags(self) -> frozenset[str]:
        """What the others can recognise this function as."""
        return frozenset()


class ByPayoffs(SetFunction):
    """A function that offers an outcome or not by what it pays, and what the outcome a pays.

    Derive a class of your own from it: it is shown payoffs and nothing else, so that its code
    settles that it looks at nobody's program or function. It offers pure outcomes.
    """

    sees_code = False

    def __init_subclass__(cls, **kwargs: str) -> None:
        if "value" in cls.__dict__:
            raise TypeError(f"{cls.__name__} has a value: `offers` decides, or use SetFunction")
        super().__init_subclass__(**kwargs)

    @final
    def value(self, scope: Round) -> OutcomeSet:
        """Return the set."""
        base = scope.base
        if not isinstance(base.finite(()), frozenset):
            raise InputError(f"{self} offers pure outcomes, and there are lotteries here")
        offered = []
        for outcome in base.game.outcomes():
            spend(2)
            if self.offers(scope.player, scope.payoffs, base.payoffs(outcome)):
                offered.append(outcome)
        return base.finite(offered)

    @abstractmethod
    def offers(self, player: int, here: Payoffs, there: Payoffs) -> bool:
        """Return whether an outcome is offered; it depends on nothing but the arguments.

        Parameters
        ----------
        player
            The player whose function it is, from 1.
        here
            What the outcome a pays, which is renegotiated.
        there
            What the other outcome pays.
        """

    @classmethod
    def candidates(cls, players: int) -> Iterable[ByPayoffs]:  # noqa: ARG003
        """Return those that searches for counterexamples try."""
        return ()


GROUP = "spi_verify.set_functions"
"""The group of entry points that installed packages name their set-valued functions in."""


def candidates(players: int) -> Iterator[ByPayoffs]:
    """Iterate over the functions of somebody else's classes that searches try."""
    load_installed(GROUP, SetFunction)
    for cls in list(WORDS.values()):
        if issubclass(cls, ByPayoffs):
            yield from (one for one in cls.candidates(players) if not is_ours(one))


Functions = tuple[SetFunction, ...]
"""A function for each player, in the order of the players."""


@term
class Outcomes(SetFunction, word="set", parts="element*"):
    """A finite set, the same everywhere; with no elements, the empty set."""

    elements: tuple[Element, ...]

    def value(self, scope: Round) -> OutcomeSet:
        """Return the set."""
        spend(len(self.elements))
        return scope.base.finite(self.elements)


@term
class Improving(SetFunction, word="improving"):
    """All outcomes that are at least as good as a for everyone."""

    def value(self, scope: Round) -> OutcomeSet:
        """Return the set."""
        return scope.base.at_least(scope.payoffs)


@term
class ImprovingOnMeet(SetFunction, word="improving-on-meet"):
    """All outcomes that give everyone at least max(u_i^PMM, u_i(a))."""

    def value(self, scope: Round) -> OutcomeSet:
        """Return the set."""
        least = scope.base.pareto_meet_minimum
        return scope.base.at_least(tuple(map(max, least, scope.payoffs)))


@term
class AtMost(SetFunction, word="at-most", parts="number number*"):
    """All outcomes x with c_1 u_1(x) + ... + c_n u_n(x) <= bound."""

    bound: Fraction
    coefficients: Point

    def value(self, scope: Round) -> OutcomeSet:
        """Return the set."""
        return scope.base.within((Halfspace(self.coefficients, self.bound),))


@term
class Projection(SetFunction, word="pmp", parts="player"):
    """PMP_j(a), the Pareto meet projection of a for player j (Definition 6)."""

    player: int

    def value(self, scope: Round) -> OutcomeSet:
        """Return the set."""
        return scope.base.pareto_meet_projection(self.player, scope.payoffs)


@term
class Both(SetFunction, word="both", parts="function function*"):
    """The outcomes that are in all of some sets, of which there is at least one."""

    first: SetFunction
    others: tuple[SetFunction, ...]

    def value(self, scope: Round) -> OutcomeSet:
        """Return the intersection."""
        spend(1 + len(self.others))
        result = self.first.value(scope)
        for other in self.others:
            result = result & other.value(scope)
        return result


@term
class Either(SetFunction, word="either", parts="function function*"):
    """The outcomes that are in at least one of some sets."""

    first: SetFunction
    others: tuple[SetFunction, ...]

    def value(self, scope: Round) -> OutcomeSet:
        """Return the union."""
        spend(1 + len(self.others))
        result = self.first.value(scope)
        for other in self.others:
            result = result | other.value(scope)
        return result


@term
class When(SetFunction, word="when", parts="function-condition function function"):
    """One set if a condition holds, else another."""

    condition: Condition
    then: SetFunction
    otherwise: SetFunction

    def value(self, scope: Round) -> OutcomeSet:
        """Return the set."""
        spend(2)
        return (self.then if self.condition.holds(scope) else self.otherwise).value(scope)


@term
class Row(Term, word="row", parts="outcome function"):
    """One entry of :class:`ByOutcome`: a set where a is this outcome."""

    outcome: tuple[str, ...]
    function: SetFunction


@term
class ByOutcome(SetFunction, word="by-outcome", parts="function row*"):
    """A table over the outcome a."""

    otherwise: SetFunction
    rows: tuple[Row, ...]

    def value(self, scope: Round) -> OutcomeSet:
        """Return the set."""
        spend(1 + len(self.rows) // 4)
        for row in self.rows:
            if row.outcome == scope.outcome:
                return row.function.value(scope)
        return self.otherwise.value(scope)


@term
class Tag(SetFunction, word="tag", parts="name function"):
    """The same function with a tag that the others can recognise."""

    name: str
    function: SetFunction

    def value(self, scope: Round) -> OutcomeSet:
        """Return the set."""
        return self.function.value(scope)

    @property
    def tags(self) -> frozenset[str]:
        """The tag, and those of the function."""
        return self.function.tags | {self.name}


@term
class Extension(SetFunction, word="extension", parts="function function"):
    """A function, extended by more outcomes that depend on what it would have reached.

    Against RN^-i, extended themselves or not, its value at a is RN^i(RN^-i, a) together with the
    rule's set *at the outcome ro((RN^i, RN^-i), a)* that the function reaches unextended.

    Parameters
    ----------
    function
        RN^i, which is extended.
    rule
        The outcomes to add, a set-valued function of its own.
    """

    function: SetFunction
    rule: SetFunction

    def value(self, scope: Round) -> OutcomeSet:
        """Return the union."""
        before = scope.replacing(scope.player, self.function)
        return before.value(scope.player) | self.rule.value(before.moved(before.reached()))

    @property
    def tags(self) -> frozenset[str]:
        """The tags of the function."""
        return self.function.tags


@term
class PMPExtension(SetFunction, word="pmp-extension", parts="function"):
    """The function of the PMP-extension as Definition 8 prints it.

    Against RN^-i, extended or not, it adds PMP_i of the outcome ro((p_i, p_-i), a) that the
    *unextended* function reaches against the functions it actually faces. The definition says so
    for the default outcome a; here it holds at every a, which is where Assumption 9(ii) looks.
    """

    function: SetFunction

    def value(self, scope: Round) -> OutcomeSet:
        """Return the union."""
        return Extension(self.function, Projection(scope.player)).value(scope)

    @property
    def tags(self) -> frozenset[str]:
        """``pmp-extension``, and the tags of the function."""
        return self.function.tags | {PMP_EXTENSION}


@term
class Take(SetFunction, word="take", parts="selection"):
    """Of the improvements on a that all others accept, only the one that a selection picks.

    With the selection ``Dictator(i)`` it is what player i likes best among all that the others
    offer at a. It evaluates their functions, so it never halts against one that evaluates it.

    Parameters
    ----------
    favourite
        The selection.
    """

    favourite: Selection

    def value(self, scope: Round) -> OutcomeSet:
        """Return the set, which is empty or has one element."""
        offered = scope.base.at_least(scope.payoffs)
        for j in scope.base.players:
            if j != scope.player:
                offered = offered & scope.value(j)
        if not offered:
            return offered
        favourite = scope.base.select(self.favourite, offered)
        return scope.base.finite((scope.base.element(favourite),))


@term
class FunctionIs(Condition, word="is", parts="player function"):
    """Whether a player's function is exactly this."""

    player: int
    function: SetFunction

    def holds(self, scope: Round) -> bool:
        """Compare the code."""
        return scope.functions[self.player - 1] == self.function


@term
class Tagged(Condition, word="tagged", parts="player name"):
    """Whether a player's function carries a tag, such as ``pmp-extension``."""

    player: int
    tag: str

    def holds(self, scope: Round) -> bool:
        """Look at the tags."""
        return self.tag in scope.functions[self.player - 1].tags


@term
class Accepts(Condition, word="accepts", parts="player element"):
    """Whether an outcome is in a player's set RN^j(RN^-j, a), found by evaluating it."""

    player: int
    element: Element

    def holds(self, scope: Round) -> bool:
        """Evaluate the other function."""
        return bool(scope.base.finite((self.element,)) & scope.value(self.player))


@term
class NowAtMost(Condition, word="now-at-most", parts="number number*"):
    """Whether c_1 u_1(a) + ... + c_n u_n(a) <= bound at the outcome a."""

    bound: Fraction
    coefficients: Point

    def holds(self, scope: Round) -> bool:
        """Look at the payoffs of a."""
        return Halfspace(self.coefficients, self.bound).excess(scope.payoffs) <= 0


FUNCTION_CONDITIONS = (FunctionIs, Tagged, Accepts, NowAtMost)
"""The conditions that look at functions and outcomes and stand in functions."""
