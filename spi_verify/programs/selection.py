"""Selection functions (Definition 7): what players pick from a set they agree on.

Every one of them picks among the outcomes that are efficient within the set, by a score, and
breaks ties by a fixed order on all outcomes, so that the choice depends on nothing but the set.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from spi_verify.errors import InputError
from spi_verify.games.game import Payoffs
from spi_verify.programs.terms import Element, Term, term

Score = tuple[Fraction, ...]


class Selection(Term):
    """A selection function: a :class:`Scoring` or a :class:`SelectionTable`."""


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
class Dictator(Scoring):
    """The best outcome for one player."""

    player: int

    def score(self, payoffs: Payoffs, ideal: Payoffs) -> Score:  # noqa: ARG002
        """Return this player's payoff."""
        return (payoffs[self.player - 1],)


@term
class Lexicographic(Scoring):
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
class Utilitarian(Scoring):
    """The greatest sum of payoffs."""

    def score(self, payoffs: Payoffs, ideal: Payoffs) -> Score:  # noqa: ARG002
        """Return the sum."""
        return (sum(payoffs, Fraction(0)),)


@term
class Maxmin(Scoring):
    """The greatest least payoff."""

    def score(self, payoffs: Payoffs, ideal: Payoffs) -> Score:  # noqa: ARG002
        """Return the least payoff."""
        return (min(payoffs),)

    def peaks(self, a: Payoffs, b: Payoffs, ideal: Payoffs) -> Iterable[Payoffs]:  # noqa: ARG002
        """Return the point where both get the same."""
        return _crossing(a, b, a[0] - a[1], b[0] - b[1])


@term
class Leximin(Scoring):
    """The greatest least payoff; among those the greatest second least; and so on."""

    def score(self, payoffs: Payoffs, ideal: Payoffs) -> Score:  # noqa: ARG002
        """Return the payoffs in ascending order."""
        return tuple(sorted(payoffs))

    def peaks(self, a: Payoffs, b: Payoffs, ideal: Payoffs) -> Iterable[Payoffs]:  # noqa: ARG002
        """Return the point where both get the same."""
        return _crossing(a, b, a[0] - a[1], b[0] - b[1])


@term
class Nash(Scoring):
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
        """Return the top of the parabola, and where the segment enters the gains."""
        (x, y), (dx, dy) = _gains(a, self.disagreement), _gains(b, a)
        if dx * dy:
            yield from _inner(a, b, -(x * dy + y * dx) / (2 * dx * dy))
        for start, step in ((x, dx), (y, dy)):
            if step:
                yield from _inner(a, b, -start / step)


@term
class KalaiSmorodinsky(Scoring):
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
        """Return the point where the relative gains are the same."""
        scale = _gains(ideal, self.disagreement)
        if min(scale) <= 0:
            return ()
        x, y = _gains(a, self.disagreement), _gains(b, self.disagreement)
        return _crossing(a, b, x[0] / scale[0] - x[1] / scale[1], y[0] / scale[0] - y[1] / scale[1])


@term
class Choice(Term):
    """One entry of :class:`SelectionTable`: from exactly this set, that outcome."""

    chosen: Element
    among: tuple[Element, ...]


@term
class SelectionTable(Selection):
    """An arbitrary selection function on finite sets, given by its values.

    A set of one outcome needs no entry.

    Parameters
    ----------
    choices
        The entries, with distinct sets.
    """

    choices: tuple[Choice, ...]

    def look_up(self, elements: Iterable[Element]) -> Element:
        """Return the choice from a set.

        Raises
        ------
        InputError
            When the table has no entry for the set.
        """
        wanted = frozenset(elements)
        if len(wanted) == 1:
            return next(iter(wanted))
        for choice in self.choices:
            if frozenset(choice.among) == wanted:
                return choice.chosen
        raise InputError(f"the selection table says nothing about the set {sorted(wanted)}")


def _gains(a: Payoffs, b: Payoffs) -> tuple[Fraction, ...]:
    return tuple(x - y for x, y in zip(a, b, strict=True))


def _crossing(a: Payoffs, b: Payoffs, start: Fraction, end: Fraction) -> Iterator[Payoffs]:
    """Yield the inner point of a segment where a linear function with these end values is 0."""
    if start != end:
        yield from _inner(a, b, start / (start - end))


def _inner(a: Payoffs, b: Payoffs, t: Any) -> Iterator[Payoffs]:
    if 0 < t < 1:
        yield tuple(x + t * (y - x) for x, y in zip(a, b, strict=True))
