"""Selection functions (Definition 7): what players pick from a set they agree on.

Every one of them picks among the outcomes that are efficient within the set, by a score, and
breaks ties by a fixed order on all outcomes, so that the choice depends on nothing but the set.
"""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from spi_verify.errors import InputError
from spi_verify.games.game import Payoffs
from spi_verify.programs.language.terms import Element, Term, term

Score = tuple[Fraction, ...]


class Selection(Term):
    """What is picked from sets; all but :class:`Fixed` are selection functions (Definition 7)."""


class Scoring(Selection, ABC):
    """A selection function that maximises a score which never falls when payoffs rise."""

    @abstractmethod
    def score(self, payoffs: Payoffs, ideal: Payoffs) -> Score:
        """Return the score of a payoff profile in a set; scores are compared lexicographically.

        Parameters
        ----------
        payoffs
            The profile.
        ideal
            For each player the best payoff in the set.
        """

    def peaks(self, a: Payoffs, b: Payoffs, ideal: Payoffs) -> Iterable[Payoffs]:  # noqa: ARG002
        """Return the inner points of a segment where the score may be greater than at both ends.

        Needed in correlated play only.
        """
        return ()


@term
class Dictator(Scoring, word="dictator", parts="player"):
    """The best outcome for one player."""

    player: int

    def score(self, payoffs: Payoffs, ideal: Payoffs) -> Score:  # noqa: ARG002
        """Return this player's payoff."""
        return (payoffs[self.player - 1],)


@term
class Lexicographic(Scoring, word="lexicographic", parts="player*"):
    """The best outcome for the first player of a list; among those the best for the second; ...

    Parameters
    ----------
    priority
        Players, the most important first.
    """

    priority: tuple[int, ...]

    def score(self, payoffs: Payoffs, ideal: Payoffs) -> Score:  # noqa: ARG002
        """Return the payoffs in the order of priority."""
        return tuple(payoffs[i - 1] for i in self.priority)


@term
class Utilitarian(Scoring, word="utilitarian"):
    """The greatest sum of payoffs."""

    def score(self, payoffs: Payoffs, ideal: Payoffs) -> Score:  # noqa: ARG002
        """Return the sum."""
        return (sum(payoffs, Fraction(0)),)


@term
class Maxmin(Scoring, word="maxmin"):
    """The greatest least payoff."""

    def score(self, payoffs: Payoffs, ideal: Payoffs) -> Score:  # noqa: ARG002
        """Return the least payoff."""
        return (min(payoffs),)

    def peaks(self, a: Payoffs, b: Payoffs, ideal: Payoffs) -> Iterable[Payoffs]:  # noqa: ARG002
        """Return the points where two players get the same."""
        return _crossings(a, b, a, b)


@term
class Leximin(Scoring, word="leximin"):
    """The greatest least payoff; among those the greatest second least; and so on."""

    def score(self, payoffs: Payoffs, ideal: Payoffs) -> Score:  # noqa: ARG002
        """Return the payoffs in ascending order."""
        return tuple(sorted(payoffs))

    def peaks(self, a: Payoffs, b: Payoffs, ideal: Payoffs) -> Iterable[Payoffs]:  # noqa: ARG002
        """Return the points where two players get the same."""
        return _crossings(a, b, a, b)


@term
class Nash(Scoring, word="nash", parts="number*"):
    """The greatest product of gains over a disagreement point.

    Outcomes that are below it for some player rank behind all others and equal to each other.
    """

    disagreement: tuple[Fraction, ...]

    def score(self, payoffs: Payoffs, ideal: Payoffs) -> Score:  # noqa: ARG002
        """Return the product, or -1 below the disagreement point."""
        product = Fraction(1)
        for u, d in zip(payoffs, self.disagreement, strict=True):
            if u < d:
                return (Fraction(-1),)
            product *= u - d
        return (product,)

    def peaks(self, a: Payoffs, b: Payoffs, ideal: Payoffs) -> Iterable[Payoffs]:  # noqa: ARG002
        """Return the top of the parabola."""
        gains, steps = _minus(a, self.disagreement), _minus(b, a)
        moving = [(start, step) for start, step in zip(gains, steps, strict=True) if step]
        if len(moving) == 2:
            (x, dx), (y, dy) = moving
            yield from _inner(a, b, -(x * dy + y * dx) / (2 * dx * dy))
        elif len(moving) > 2:
            raise InputError("the greatest product on this segment may be irrational")


@term
class KalaiSmorodinsky(Scoring, word="kalai-smorodinsky", parts="number*"):
    """The greatest least relative gain.

    A player's relative gain is the gain over the disagreement point, divided by the gain at that
    player's best outcome of the set. Players who gain at none of its outcomes do not count.
    """

    disagreement: tuple[Fraction, ...]

    def score(self, payoffs: Payoffs, ideal: Payoffs) -> Score:
        """Return the least relative gain."""
        relative = [
            (u - d) / (best - d)
            for u, d, best in zip(payoffs, self.disagreement, ideal, strict=True)
            if best > d
        ]
        return (min(relative),) if relative else (Fraction(0),)

    def peaks(self, a: Payoffs, b: Payoffs, ideal: Payoffs) -> Iterable[Payoffs]:
        """Return the points where two players' relative gains are the same."""
        scale = _minus(ideal, self.disagreement)
        x, y = _minus(a, self.disagreement), _minus(b, self.disagreement)
        count = [i for i, best in enumerate(scale) if best > 0]
        relative = (tuple(gains[i] / scale[i] for i in count) for gains in (x, y))
        return _crossings(a, b, *relative)


@term
class Choice(Term, word="choose", parts="element element*"):
    """One entry of :class:`SelectionTable`: from exactly this set, that outcome."""

    chosen: Element
    among: tuple[Element, ...]


@term
class SelectionTable(Selection, word="select-table", parts="choose*"):
    """An arbitrary selection function on finite sets, given by its values.

    A set of one outcome needs no entry.

    Parameters
    ----------
    choices
        The entries, with distinct sets.
    """

    choices: tuple[Choice, ...]

    def __post_init__(self) -> None:
        if not all(isinstance(choice, Choice) for choice in self.choices):
            raise TypeError("choices is to be a tuple of Choice")
        sets = [frozenset(choice.among) for choice in self.choices]
        if len(set(sets)) < len(sets):
            raise InputError("a selection table may name each set once only")

    def look_up(self, elements: Iterable[Element]) -> Element:
        """Return the choice from a set.

        Raises
        ------
        InputError
            When the table has no entry for the set, or one that chooses from outside of it.
        """
        wanted = frozenset(elements)
        if len(wanted) == 1:
            return next(iter(wanted))
        for choice in self.choices:
            if frozenset(choice.among) == wanted:
                if choice.chosen not in wanted:
                    raise InputError(
                        f"the selection table picks {choice.chosen}, which is not in its set"
                    )
                return choice.chosen
        raise InputError(f"the selection table says nothing about the set {sorted(wanted)}")


@term
class WhenOffered(Selection, word="when-offered", parts="element scoring scoring"):
    """One selection function where the set has a certain element, another elsewhere.

    It picks an efficient member, as its parts do, but what is added can turn it around: in
    general it is not transitive.
    """

    element: Element
    then: Scoring
    otherwise: Scoring


@term
class LowestFirst(Selection, word="lowest-first", parts="number*"):
    """What is best for whoever could get least in the set; among such outcomes for the next; ...

    It is transitive: an improvement on what is picked pays nobody less than the set did already,
    so that the order of the players stays as it was. But it ranks the same outcomes differently in
    different sets.

    Parameters
    ----------
    reference
        A payoff for each player. Players are ordered by how far their least payoff in the set is
        above it, then by their numbers.
    """

    reference: Payoffs

    def order(self, least: Payoffs) -> Lexicographic:
        """Return the rule for sets in which this is each player's least payoff."""
        above = [(u - r, i) for i, (u, r) in enumerate(zip(least, self.reference, strict=True), 1)]
        return Lexicographic(tuple(i for _, i in sorted(above)))


@term
class Fixed(Selection, word="fixed", parts="element"):
    """The same outcome whatever the set is, a member or not.

    It is no selection function (Definition 7); it shows what goes wrong with a rule that is none.
    """

    element: Element


def _minus(a: Payoffs, b: Payoffs) -> Payoffs:
    return tuple(x - y for x, y in zip(a, b, strict=True))


def _crossings(a: Payoffs, b: Payoffs, start: Payoffs, end: Payoffs) -> Iterator[Payoffs]:
    """Yield the inner points where two of the linear functions with these ends are equal."""
    for i, j in itertools.combinations(range(len(start)), 2):
        here, there = start[i] - start[j], end[i] - end[j]
        if here != there:
            yield from _inner(a, b, here / (here - there))


def _inner(a: Payoffs, b: Payoffs, t: Any) -> Iterator[Payoffs]:
    if 0 < t < 1:
        yield tuple(x + t * (y - x) for x, y in zip(a, b, strict=True))
