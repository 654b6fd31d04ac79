"""Bargaining over issues: agreements and the disagreement in the place of all pairs of offers."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from spi_verify.errors import InputError
from spi_verify.games.game import MAX_OUTCOMES, MAX_PLAYERS, Game, Outcome, Payoffs
from spi_verify.games.rich import Table

DISAGREEMENT = "disagreement"
"""The name of the outcome in which not all made the same offer."""

MAX_ISSUES = 32
MAX_BITS = 2**32
"""At most so many bits for all payoffs of a player that do not fit into 64 bits each."""

_INT64_SAFE = 2**62
_LONGEST = 4096
"""Up to so many bits payoffs are brought to their common denominator."""


@dataclass(frozen=True)
class Issue:
    """One of the issues that are negotiated.

    Parameters
    ----------
    name
        Its name.
    values
        What can be agreed on.
    utilities
        For each player what each value adds to the payoff of an agreement; weights are in it.
    """

    name: str
    values: tuple[str, ...]
    utilities: tuple[Payoffs, ...]


@dataclass(frozen=True, eq=False, repr=False)
class AgreementGame(Game):
    """Players make offers; an offer that all make is agreed, and otherwise they disagree.

    Build one with :meth:`from_issues`. There is one outcome for each agreement, named by the
    value of each issue, in row-major order (the last issue varies fastest), and then one more,
    ``("disagreement",)``. ``actions`` is empty: everybody's actions are the offers, and are not
    listed.

    Parameters
    ----------
    issues
        The issues.
    disagreement
        What everybody gets where they disagree (reservation values).
    cap
        What an agreement pays at most to anybody, whatever its values add up to; None: anything.

    Notes
    -----
    This is a short form of the normal-form game G in which each of n >= 2 players has the same
    D >= 2 offers: the D profiles (d, ..., d) pay u(d), and all D^n - D others the same payoffs r,
    the reservation values. Here they are one outcome. Answers are the same, because all of these
    see outcomes through their payoffs only, and both forms have the same payoff profiles (with
    D >= 2 somebody can deviate, so that r occurs in G; therefore one offer alone is refused):

    - Whether an outcome is efficient, and the PMM, depend on the set of feasible payoff profiles.
      The outcome (d, ..., d) of G is efficient if and only if d is here, and all others of G are
      if and only if the disagreement is. The same holds for the convex hull (correlated play).
    - PMP_i(a) is a set of outcomes with certain payoffs, given u(a). In G it consists of the
      (d, ..., d) for the agreements d that are in it here and, if the disagreement is, of all
      other profiles.
    - A function rn here stands for the function on G that sends (d, ..., d) to the outcome for
      rn(d), and every other profile to the one for rn(disagreement) (to itself, where the
      disagreement stays). It changes payoffs by the same amounts. So nobody loses at any outcome
      of G, or somebody gains at one (Definition 4), if and only if this is so here; and the same
      holds of what default programs can reach (Definition 3, SPIs), with "the disagreement can be
      reached" for "some profile with different offers can". A function on G that tells such
      profiles apart cannot be written here.

    Memory is that of D + 1 outcomes, where the table of G has D^n.

    >>> price = Issue("price", ("low", "high"), ((Fraction(1), Fraction(0)), (Fraction(0), 1)))
    >>> game = AgreementGame.from_issues([price], [Fraction(1, 4), Fraction(1, 4)])
    >>> [(name, *map(str, game.payoffs(name))) for name in game.outcomes()]
    [(('low',), '1', '0'), (('high',), '0', '1'), (('disagreement',), '1/4', '1/4')]
    """

    issues: tuple[Issue, ...] = ()
    disagreement: Payoffs = ()
    cap: Fraction | None = None

    def __post_init__(self) -> None:
        self._protect()

    @classmethod
    def from_issues(
        cls,
        issues: Sequence[Issue],
        disagreement: Sequence[Fraction],
        *,
        cap: Fraction | None = None,
        players: Sequence[str] | None = None,
        title: str = "",
        comment: str = "",
    ) -> AgreementGame:
        """Build the game from issues; an agreement pays the sum of its values' utilities.

        Parameters
        ----------
        issues
            The issues, each with utilities for all players.
        disagreement
            For each of n >= 2 players the reservation value.
        cap
            What an agreement pays at most to anybody. It does not hold for the disagreement.
        players
            Names; default "Player 1", ..., "Player n".
        title, comment
            Free text.

        Raises
        ------
        InputError
            When names are missing or twice there, numbers are missing, or there are fewer than
            two agreements, or too many.

        Notes
        -----
        O(D n) for D agreements.
        """
        n = len(disagreement)
        if not 2 <= n <= MAX_PLAYERS:
            raise InputError(f"an agreement takes 2 to {MAX_PLAYERS} players", where="disagreement")
        names = (
            tuple(players) if players is not None else tuple(f"Player {i + 1}" for i in range(n))
        )
        if len(names) != n or "" in names:
            raise InputError(f"give a name for each of {n} players", where="players")
        _check(issues, n)
        columns = [_column(issues, disagreement, i, cap) for i in range(n)]
        if any(row.dtype == object for row, _ in columns):
            columns = [(row.astype(object), d) for row, d in columns]
        rows, denominators = zip(*columns, strict=True)
        scaled = np.array(rows)
        return cls(
            names,
            (),
            scaled,
            denominators,
            title,
            comment,
            tuple(issues),
            tuple(disagreement),
            cap,
        )

    @cached_property
    def axes(self) -> tuple[tuple[str, ...], ...]:
        """The values of each issue: a pattern such as ``["*", "low"]`` has one entry for each."""
        return tuple(issue.values for issue in self.issues)

    def _repr_html_(self) -> str:
        heads = tuple(issue.name for issue in self.issues)
        table = Table(self.title, heads, self.axes, self.outcomes(), self.payoffs)
        return table.html(matrix=False)

    @property
    def number_of_agreements(self) -> int:
        """The number of agreements D, which is also the position of the disagreement."""
        return self.number_of_outcomes - 1

    def outcomes(self) -> Iterator[Outcome]:
        """Iterate over the agreements in row-major order, and then the disagreement."""
        return map(self.outcome, range(self.number_of_outcomes))

    def outcome(self, index: int) -> Outcome:
        """Return the value of each issue in the agreement at a position, or ``("disagreement",)``.

        Raises
        ------
        InputError
            When there is no such position.
        """
        self._check_position(index)
        if index == self.number_of_agreements:
            return (DISAGREEMENT,)
        values = []
        for names in reversed(self.axes):
            index, number = divmod(index, len(names))
            values.append(names[number])
        return tuple(reversed(values))

    def index(self, outcome: Sequence[str]) -> int:
        """Return the position of an outcome; see :meth:`outcome`.

        Raises
        ------
        InputError
            When there is no such outcome; the message names the values there are.
        """
        if list(outcome) == [DISAGREEMENT]:
            return self.number_of_agreements
        if len(outcome) != len(self.issues):
            raise InputError(
                f"agreement {list(outcome)} names {len(outcome)} values for {len(self.issues)} "
                f'issues (or write ["{DISAGREEMENT}"])'
            )
        position = 0
        for issue, value, numbers in zip(self.issues, outcome, self._value_numbers, strict=True):
            number = numbers.get(value)
            if number is None:
                some = ", ".join(issue.values[:8])
                more = "" if len(issue.values) <= 8 else f", ... {len(issue.values)} in all"
                raise InputError(f"{issue.name} has no value {value!r} (there are: {some}{more})")
            position = position * len(numbers) + number
        return position

    @cached_property
    def _value_numbers(self) -> tuple[dict[str, int], ...]:
        return tuple({name: k for k, name in enumerate(values)} for values in self.axes)

    def __repr__(self) -> str:
        return f"<AgreementGame {self.title!r}: {self.number_of_agreements} agreements>"


def _check(issues: Sequence[Issue], n: int) -> None:
    if not 1 <= len(issues) <= MAX_ISSUES:
        raise InputError(f"{len(issues)} issues; give 1 to {MAX_ISSUES}", where="issues")
    if len({issue.name for issue in issues}) < len(issues):
        raise InputError("two issues have the same name", where="issues")
    for k, issue in enumerate(issues):
        where = f"issues[{k}]"
        if not issue.values or "" in issue.values or len(set(issue.values)) < len(issue.values):
            raise InputError("values need names, each once", where=where)
        if "*" in issue.values:
            raise InputError("a value is named '*', which means any value", where=where)
        if [len(row) for row in issue.utilities] != [len(issue.values)] * n:
            raise InputError(f"give every value a utility for each of {n} players", where=where)
    if len(issues) == 1 and DISAGREEMENT in issues[0].values:
        raise InputError(f"an agreement cannot be named {DISAGREEMENT!r}", where="issues[0]")
    total = math.prod(len(issue.values) for issue in issues)
    if total < 2:
        raise InputError("with one possible agreement nobody can disagree", where="issues")
    if total >= MAX_OUTCOMES:
        raise InputError(
            f"{total} possible agreements are more than the {MAX_OUTCOMES - 1} this program "
            "handles",
            where="issues",
        )


def _column(
    issues: Sequence[Issue], disagreement: Sequence[Fraction], i: int, cap: Fraction | None
) -> tuple[npt.NDArray[Any], int]:
    """Return a player's payoffs as integers and what to divide them by, or as Fractions and 1.

    Integers that do not fit into 64 bits are Python's, which are compared and added faster
    than Fractions.
    """
    parts = [[Fraction(u) for u in issue.utilities[i]] for issue in issues]
    parts.append([Fraction(disagreement[i])])
    largest = sum((max(map(abs, part)) for part in parts), Fraction(0))
    ceiling = largest if cap is None or cap > largest else cap
    common = 1
    for u in itertools.chain([ceiling], *parts):
        common = math.lcm(common, u.denominator)
        if common.bit_length() > _LONGEST:
            break
    if common.bit_length() > _LONGEST:
        common = 1
        _require_memory(parts, sum(max(map(_bits, part)) for part in parts))
        numbers = [np.array(part, object) for part in parts]
    else:
        greatest = common * max(largest, abs(ceiling), Fraction(1))
        kind: type = np.int64 if greatest < _INT64_SAFE else object
        if kind is object:
            _require_memory(parts, int(greatest).bit_length())
        numbers = [np.array([int(u * common) for u in part], kind) for part in parts]
    *issue_by_issue, reserve = numbers
    total = issue_by_issue[0]
    for column in issue_by_issue[1:]:
        total = np.add.outer(total, column).reshape(-1)
    if ceiling < largest:
        bound: Any = ceiling * common
        total = np.minimum(total, int(bound) if bound.denominator == 1 else bound)
    return np.append(total, reserve), common


def _bits(u: Fraction) -> int:
    return u.numerator.bit_length() + u.denominator.bit_length()


def _require_memory(parts: Sequence[Sequence[Fraction]], bits: int) -> None:
    count = math.prod(map(len, parts))
    if bits * count > MAX_BITS:
        raise InputError(
            f"{count} agreements with numbers of so many digits take too much memory; "
            "write shorter numbers",
            where="issues",
        )
