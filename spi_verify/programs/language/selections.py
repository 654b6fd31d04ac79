"""Selection functions (Definition 7): what players pick from a set they agree on.

Every one of them picks among the outcomes that are efficient within the set, by a score, and
breaks ties by a fixed order on all outcomes, so that the choice depends on nothing but the set.
"""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any, ClassVar, Protocol, final

from spi_verify.errors import InputError
from spi_verify.games.game import Payoffs
from spi_verify.games.rationals import format_profile
from spi_verify.programs.language.terms import (
    WORDS,
    ActionProfile,
    Element,
    Term,
    is_ours,
    load_installed,
    subterms,
    term,
)

Score = tuple[Fraction, ...]


GROUP = "spi_verify.selection_functions"
"""The group of entry points that installed packages name their selection functions in."""

_INCREASES = (
    "maximises a score that strictly increases under domination, and breaks ties by a fixed order"
)


class Offered(Protocol):
    """A set that is not empty, as a rule that picks from it sees it."""

    @property
    def corners(self) -> Sequence[Payoffs]:
        """Payoffs among which are everybody's least and best in the set."""

    def holds(self, element: Element) -> bool:
        """Whether the set has an element."""

    def best(self, rule: Scoring) -> ActionProfile:
        """Return the best efficient member by a score; ties are broken by the fixed order."""

    def looked_up(self, table: Callable[[Iterable[Element]], Element]) -> ActionProfile:
        """Return what a table picks, which has to be efficient."""

    def agreed(self, element: Element) -> ActionProfile:
        """Return what the players do when they agree on an element, a member or not."""


class Words(Protocol):
    """How what a selection function names is told."""

    def element(self, element: Element) -> str:
        """Return an element of a set."""

    def agreement(self, element: Element) -> str:
        """Return what the players do when they agree on it, and what it pays."""


class Selection(Term, ABC):
    """What is picked from sets; all but :class:`Fixed` are selection functions (Definition 7).

    A class says by itself what others ask of it, so that adding one touches nothing else. Facts
    about sets of any size are evidence only where this package's own class states them; of
    somebody else's they say no more than what is worth trying.
    """

    sees_code = False

    efficient: ClassVar[bool] = False
    """Whether it picks an efficient member of every closed set."""

    transitive: ClassVar[str | None] = None
    """Why it is transitive on all sets (Definition 7), as the rest of a sentence that begins with
    its code; None where it is not, or where nobody knows."""

    orders_points: ClassVar[bool] = False
    """Whether in correlated play it picks the first point of one order of all points, the same for
    all sets, in which better for all comes first."""

    @abstractmethod
    def pick(self, offered: Offered) -> ActionProfile:
        """Return what is picked; it depends on nothing but the set."""

    def check(self, players: int) -> None:
        """Raise InputError where it does not fit a game with so many players."""

    @property
    def brief(self) -> str:
        """What it is called in a message."""
        return str(self)

    def told(self, words: Words, choices: Sequence[tuple[str, str]] = ()) -> str:  # noqa: ARG002
        """Return what it is, in a story.

        Parameters
        ----------
        words
            How what it names is told.
        choices
            Sets that occur, with the choices from them.
        """
        return str(self).removeprefix("(").removesuffix(")")

    @classmethod
    def candidates(cls, players: int) -> Iterable[Selection]:  # noqa: ARG003
        """Return those that searches for counterexamples try, when it is somebody's own class."""
        return ()


def picks_efficiently(selection: Selection, *, pure: bool) -> bool:
    """Whether it picks an efficient member of every closed set, as code of this package sees to.

    Parameters
    ----------
    selection
        The selection function.
    pure
        Whether sets are of pure outcomes. There a score can only choose among efficient ones;
        with lotteries it could also fall when payoffs rise.
    """
    ours = all(map(is_ours, subterms(selection)))
    return selection.efficient and (ours or (pure and isinstance(selection, Scoring | WhenOffered)))


def why_transitive(selection: Selection) -> str | None:
    """Return why it is transitive on all sets, or None where this package does not say so."""
    return selection.transitive if is_ours(selection) else None


class Scoring(Selection):
    """A selection function that maximises a score which never falls when payoffs rise."""

    efficient = True

    def __init_subclass__(cls, **kwargs: str) -> None:
        if "pick" in cls.__dict__:
            raise TypeError(f"{cls.__name__} picks: a score decides, or derive it from Selection")
        super().__init_subclass__(**kwargs)

    @final
    def pick(self, offered: Offered) -> ActionProfile:
        """Return the efficient member with the greatest score."""
        return offered.best(self)

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

    transitive = _INCREASES
    orders_points = True

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

    transitive = _INCREASES
    orders_points = True

    priority: tuple[int, ...]

    def score(self, payoffs: Payoffs, ideal: Payoffs) -> Score:  # noqa: ARG002
        """Return the payoffs in the order of priority."""
        return tuple(payoffs[i - 1] for i in self.priority)


@term
class Utilitarian(Scoring, word="utilitarian"):
    """The greatest sum of payoffs."""

    transitive = _INCREASES
    orders_points = True

    def score(self, payoffs: Payoffs, ideal: Payoffs) -> Score:  # noqa: ARG002
        """Return the sum."""
        return (sum(payoffs, Fraction(0)),)


@term
class Maxmin(Scoring, word="maxmin"):
    """The greatest least payoff."""

    orders_points = True

    def score(self, payoffs: Payoffs, ideal: Payoffs) -> Score:  # noqa: ARG002
        """Return the least payoff."""
        return (min(payoffs),)

    def peaks(self, a: Payoffs, b: Payoffs, ideal: Payoffs) -> Iterable[Payoffs]:  # noqa: ARG002
        """Return the points where two players get the same."""
        return _crossings(a, b, a, b)


@term
class Leximin(Scoring, word="leximin"):
    """The greatest least payoff; among those the greatest second least; and so on."""

    transitive = _INCREASES
    orders_points = True

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

    orders_points = True

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


MOST_ROWS = 4
"""Tables with more choices are not told in full: those of three outcomes have as many."""


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

    def pick(self, offered: Offered) -> ActionProfile:
        """Return the choice from the table."""
        return offered.looked_up(self.look_up)

    @property
    def brief(self) -> str:
        """No more than that it is a table, which may be long."""
        return "a selection table"

    def told(self, words: Words, choices: Sequence[tuple[str, str]] = ()) -> str:
        """Return the table; of a long one the choices that occur, as the rest is in the file."""
        if 0 < len(self.choices) <= MOST_ROWS:
            rows = [
                f"{words.element(one.chosen)} from {{{', '.join(map(words.element, one.among))}}}"
                for one in sorted(self.choices, key=lambda one: len(one.among))
            ]
            return f"this table: it selects {', '.join(rows)}"
        made = "".join(f"; from {among} it selects {chosen}" for among, chosen in choices)
        return f"a table (it is in the file){made}"


@term
class WhenOffered(Selection, word="when-offered", parts="element scoring scoring"):
    """One selection function where the set has a certain element, another elsewhere.

    It picks an efficient member, as its parts do, but what is added can turn it around: in
    general it is not transitive.
    """

    efficient = True

    element: Element
    then: Scoring
    otherwise: Scoring

    def pick(self, offered: Offered) -> ActionProfile:
        """Return what the one or the other picks."""
        return (self.then if offered.holds(self.element) else self.otherwise).pick(offered)

    def told(self, words: Words, choices: Sequence[tuple[str, str]] = ()) -> str:
        """Return both, and when the first counts."""
        return (
            f"{self.then.told(words, choices)} where {words.element(self.element)} is in the set, "
            f"else {self.otherwise.told(words, choices)}"
        )


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

    efficient = True
    transitive = (
        "is lexicographic, in an order that rests on least payoffs; these stay "
        "as they are when improvements on what is picked are added"
    )

    reference: Payoffs

    def order(self, least: Payoffs) -> Lexicographic:
        """Return the rule for sets in which this is each player's least payoff."""
        above = [(u - r, i) for i, (u, r) in enumerate(zip(least, self.reference, strict=True), 1)]
        return Lexicographic(tuple(i for _, i in sorted(above)))

    def pick(self, offered: Offered) -> ActionProfile:
        """Return what the rule for this set picks."""
        corners = offered.corners
        if len(self.reference) != len(corners[0]):
            raise InputError(f"{self} needs a number for each player")
        return self.order(tuple(map(min, zip(*corners, strict=True)))).pick(offered)

    def told(self, words: Words, choices: Sequence[tuple[str, str]] = ()) -> str:  # noqa: ARG002
        """Return how the players are ordered."""
        return (
            "lexicographic, first comes whoever's least payoff in the set is lowest, counted "
            f"from {format_profile(self.reference)}"
        )


@term
class Fixed(Selection, word="fixed", parts="element"):
    """The same outcome whatever the set is, a member or not.

    It is no selection function (Definition 7); it shows what goes wrong with a rule that is none.
    """

    transitive = "picks the same outcome from every set"
    orders_points = True

    element: Element

    def pick(self, offered: Offered) -> ActionProfile:
        """Return the outcome."""
        return offered.agreed(self.element)

    def told(self, words: Words, choices: Sequence[tuple[str, str]] = ()) -> str:  # noqa: ARG002
        """Return the outcome."""
        return f"the constant {words.agreement(self.element)}, whatever is offered"


def candidates(players: int, *, transitive: bool = False) -> Iterator[Selection]:
    """Iterate over what searches try beside the selection functions of this package.

    Parameters
    ----------
    players
        The number of players.
    transitive
        Whether to leave out those that are not known to be transitive on all sets.
    """
    load_installed(GROUP, Selection)
    for cls in list(WORDS.values()):
        if issubclass(cls, Selection):
            for selection in cls.candidates(players):
                if not is_ours(selection) and (selection.transitive or not transitive):
                    yield selection


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
