"""Finite normal-form games with exact rational payoffs."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from numbers import Integral
from typing import TYPE_CHECKING, Any

from spi_verify.arguments import named
from spi_verify.errors import InputError
from spi_verify.games.algebraic import Algebraic, exact
from spi_verify.games.players import called
from spi_verify.games.shapes import ragged, sizes, wrong_shape
from spi_verify.suggestions import suggestion

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Outcome = tuple[str, ...]
"""An action profile: one action name for each player, in the order of the players."""

Payoffs = tuple[Fraction, ...]
"""A payoff profile: one exact rational for each player, in the order of the players."""

Rows = tuple[tuple[Any, ...], ...]
"""For each player a number for each outcome."""

MAX_OUTCOMES = 10_000_000
MAX_PLAYERS = 32
SMALL = 128
"""Of games with so many outcomes at most, payoffs are Python's numbers, and numpy is not loaded."""

_INT64_SAFE = 2**62
_LEAST, _GREATEST = -(2**63), 2**63 - 1


@dataclass(frozen=True, eq=False)
class Game:
    """A normal-form game G = (A, u) with n >= 1 players (Section 3.1).

    Build one with :meth:`from_payoffs` or :meth:`from_outcomes`, or read one with
    :func:`spi_verify.games.read_nfg`.

    Parameters
    ----------
    players
        The names of players 1, ..., n.
    actions
        For each player the names of the actions, distinct and not empty.
    table
        Of shape (n, N) for the N = |A_1| * ... * |A_n| outcomes in row-major order (player n's
        action varies fastest): player i's payoff is ``table[i - 1][k] / denominators[i - 1]``. An
        array, as :attr:`scaled` is one, or tuples of Python's numbers that make one. Values of
        different players are on different scales; only those of one player may be compared.
    denominators
        For each player a positive integer.
    title, comment
        Free text.
    """

    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    table: npt.NDArray[Any] | Rows
    denominators: tuple[int, ...]
    title: str = ""
    comment: str = ""

    def __post_init__(self) -> None:
        if not self.players:
            raise InputError("a game needs at least one player", where="players")
        if len(self.players) > MAX_PLAYERS:
            raise InputError(
                f"{len(self.players)} players are more than the {MAX_PLAYERS} this program handles",
                where="players",
            )
        if "" in self.players:
            raise InputError("a player has no name", where="players")
        if len(self.actions) != len(self.players):
            raise InputError(
                f"{len(self.players)} players but {len(self.actions)} lists of actions",
                where="actions",
            )
        for i, names in enumerate(self.actions):
            if not names:
                raise InputError(f"{self.called(i + 1)} has no action", where=f"actions[{i}]")
            if "" in names:
                raise InputError(
                    f"{self.called(i + 1)} has an action without a name", where=f"actions[{i}]"
                )
            if len(set(names)) != len(names):
                twice = next(name for name in names if names.count(name) > 1)
                raise InputError(
                    f"{self.called(i + 1)} has two actions named {twice!r}", where=f"actions[{i}]"
                )
        outcomes = math.prod(self.shape)
        if (len(self.table), len(self.table[0])) != (len(self.players), outcomes):
            raise InputError(
                f"the names of players and actions describe {outcomes} outcomes for "
                f"{len(self.players)} players, the payoffs {len(self.table[0])} for "
                f"{len(self.table)}",
                where="actions",
            )
        self._protect()

    def _protect(self) -> None:
        """Keep anybody from changing the payoffs."""
        if not isinstance(self.table, tuple):
            self.table.setflags(write=False)

    @classmethod
    @named
    def from_payoffs(
        cls,
        payoffs: Any,
        *,
        players: Sequence[str] | None = None,
        actions: Sequence[Sequence[str]] | None = None,
        title: str = "",
        comment: str = "",
    ) -> Game:
        """Build a game from a table.

        Parameters
        ----------
        payoffs
            Nested sequences or a numpy integer array of shape (|A_1|, ..., |A_n|, n):
            ``payoffs[a_1]...[a_n][i - 1]`` is player i's payoff, an int or a Fraction.
            Floats are refused, because they are not exact.
        players
            Names; default "Player 1", ..., "Player n".
        actions
            Names for each player; default "1", "2", ....
        title, comment
            Free text.

        Raises
        ------
        InputError
            When the table is ragged, empty, or holds something that is no exact number.

        >>> chicken = Game.from_payoffs([[[3, 3], [1, 4]], [[4, 1], [0, 0]]])
        >>> chicken.payoffs(("1", "2"))
        (Fraction(1, 1), Fraction(4, 1))
        """
        is_array = hasattr(payoffs, "dtype")
        if is_array and payoffs.dtype.kind not in "iuO":
            raise InputError(
                f"payoffs of type {payoffs.dtype} are not exact; give integers or Fractions",
                where="payoffs",
            )
        shape: tuple[int, ...] = payoffs.shape if is_array else _shape(payoffs)
        if len(shape) < 2 or shape[-1] != len(shape) - 1:
            raise InputError(wrong_shape(shape, players, actions), where="payoffs")
        n = shape[-1]
        if actions is not None:
            _check_actions(actions, shape[:-1])
        _check_size(shape[:-1])
        if is_array and payoffs.dtype.kind in "iu":
            table, denominators = _of_integers(payoffs.reshape(-1, n).T)
        else:
            columns = payoffs.reshape(-1, n).T.tolist() if is_array else _columns(payoffs, n)
            table, denominators = _scale(columns)
        return cls(
            tuple(players) if players is not None else tuple(f"Player {i + 1}" for i in range(n)),
            tuple(map(tuple, actions))
            if actions is not None
            else tuple(tuple(str(a + 1) for a in range(size)) for size in shape[:-1]),
            table,
            denominators,
            title,
            comment,
        )

    @classmethod
    @named
    def from_outcomes(
        cls,
        payoffs: Mapping[Outcome, Sequence[int | Fraction]],
        *,
        players: Sequence[str] | None = None,
        title: str = "",
        comment: str = "",
    ) -> Game:
        """Build a game from a dict that gives every outcome its payoff profile.

        The actions of each player are taken in the order in which they first appear.

        Raises
        ------
        InputError
            When an outcome is missing or the profiles have different lengths.

        >>> Game.from_outcomes({("a",): [1], ("b",): [2]}).actions
        (('a', 'b'),)
        """
        if not payoffs:
            raise InputError("a game needs at least one outcome", where="payoffs")
        lengths = {len(outcome) for outcome in payoffs} | {len(row) for row in payoffs.values()}
        if len(lengths) != 1:
            raise InputError("outcomes and payoff profiles of different lengths", where="payoffs")
        (n,) = lengths
        actions = tuple(tuple(dict.fromkeys(outcome[i] for outcome in payoffs)) for i in range(n))
        shape = tuple(map(len, actions))
        _check_size(shape)
        missing = next((o for o in itertools.product(*actions) if o not in payoffs), None)
        if missing is not None:
            raise InputError(f"no payoffs for the outcome {missing}", where="payoffs")
        table: list[Any] = [list(payoffs[outcome]) for outcome in itertools.product(*actions)]
        for size in reversed(shape[1:]):
            table = [table[k : k + size] for k in range(0, len(table), size)]
        return cls.from_payoffs(
            table, players=players, actions=actions, title=title, comment=comment
        )

    @cached_property
    def scaled(self) -> npt.NDArray[Any]:
        """The table as an array (read-only).

        The type is int64, or ``object`` holding Python integers or Fractions where the payoffs do
        not fit, or numbers that are irrational.
        """
        if not isinstance(self.table, tuple):
            return self.table
        array = _array(self.table)
        array.setflags(write=False)
        return array

    @cached_property
    def ordinal(self) -> npt.NDArray[np.int64]:
        """Integers of 64 bits that compare, for each player, as those of ``scaled`` (read-only)."""
        if self.scaled.dtype != object:
            return self.scaled
        import numpy as np

        from spi_verify.games.ordinal import ordinal

        keys = np.array([ordinal(row) for row in self.scaled])
        keys.setflags(write=False)
        return keys

    @property
    def number_of_players(self) -> int:
        """The number of players n."""
        return len(self.players)

    def called(self, player: int) -> str:
        """Return what a player, numbered from 1, is called in messages."""
        return called(self.players, player)

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of actions of each player."""
        return tuple(map(len, self.actions))

    @property
    def axes(self) -> tuple[tuple[str, ...], ...]:
        """The names that an outcome is made of: one of each player's actions."""
        return self.actions

    @property
    def number_of_outcomes(self) -> int:
        """The number of pure outcomes N."""
        return len(self.table[0])

    def outcomes(self) -> Iterator[Outcome]:
        """Iterate over the pure outcomes in row-major order."""
        return itertools.product(*self.actions)

    def outcome(self, index: int) -> Outcome:
        """Return the outcome at a position of the row-major order (0-based).

        Raises
        ------
        InputError
            When there is no such position.
        """
        self._check_position(index)
        outcome = []
        for names in reversed(self.actions):
            index, a = divmod(int(index), len(names))
            outcome.append(names[a])
        return tuple(reversed(outcome))

    def index(self, outcome: Sequence[str]) -> int:
        """Return the position of an outcome in the row-major order (0-based).

        Raises
        ------
        InputError
            When there is no such outcome; the message names the actions there are.
        """
        if len(outcome) != self.number_of_players:
            raise InputError(
                f"({', '.join(map(str, outcome))}) names {len(outcome)} "
                f"action{'s' * (len(outcome) != 1)} for {self.number_of_players} players"
            )
        position = 0
        for i, (action, numbers) in enumerate(zip(outcome, self._action_numbers, strict=True)):
            number = numbers.get(action)
            if number is None:
                raise InputError(
                    f"{self.called(i + 1)} has no action {action!r}"
                    f"{suggestion(action, self.actions[i], most=8)}"
                )
            position = position * len(numbers) + number
        return position

    def payoffs(self, outcome: Sequence[str] | int) -> Payoffs:
        """Return u(a), the payoff profile of an outcome given by names or by position.

        Raises
        ------
        InputError
            When there is no such outcome.
        """
        if not isinstance(outcome, tuple) and isinstance(outcome, (int, Integral)):
            k = int(outcome)
            self._check_position(k)
        else:
            k = self.index(outcome)
        return tuple(
            exact(row[k]) / d for row, d in zip(self.table, self.denominators, strict=True)
        )

    @cached_property
    def _action_numbers(self) -> tuple[dict[str, int], ...]:
        return tuple({name: a for a, name in enumerate(names)} for names in self.actions)

    def _check_position(self, k: int) -> None:
        if not 0 <= k < self.number_of_outcomes:
            raise InputError(
                f"no outcome has position {k}; the positions are 0 to {self.number_of_outcomes - 1}"
            )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Game):
            return NotImplemented
        return (
            (self.title, self.comment, self.players, self.actions)
            == (other.title, other.comment, other.players, other.actions)
            and self.denominators == other.denominators
            and self._pays_as(other)
        )

    def _pays_as(self, other: Game) -> bool:
        if isinstance(self.table, tuple) and isinstance(other.table, tuple):
            return self.table == other.table
        import numpy as np

        return np.array_equal(self.scaled, other.scaled)

    def __hash__(self) -> int:
        return hash((self.title, self.players, self.actions, self.denominators))

    def __repr__(self) -> str:
        size = " x ".join(map(str, self.shape))
        return f"<Game {self.title!r}: {self.number_of_players} players, {size} actions>"

    def _repr_html_(self) -> str:
        from spi_verify.games.rich import Table

        table = Table(self.title, self.players, self.axes, self.outcomes(), self.payoffs)
        return table.html(matrix=len(self.players) == 2)


def _check_actions(actions: Sequence[Sequence[str]], outcomes: tuple[int, ...]) -> None:
    """Refuse actions, none of them missing or there twice, that are others than the table's."""
    named = tuple(len(set(own)) for own in actions)
    alike = len(named) == len(outcomes) and 0 not in named and named == tuple(map(len, actions))
    if alike and named != outcomes:
        raise InputError(
            f"the players have {sizes(named)} actions, and the table of payoffs "
            f"has {sizes(outcomes)} outcomes",
            where="actions",
        )


def _check_size(shape: Iterable[int]) -> None:
    total = math.prod(shape)
    if total > MAX_OUTCOMES:
        raise InputError(
            f"{total} outcomes are more than the {MAX_OUTCOMES} this program handles",
            where="payoffs",
        )


def _shape(table: Any) -> tuple[int, ...]:
    shape: list[int] = []
    level = [table]
    while level and isinstance(level[0], Sequence) and not isinstance(level[0], str):
        lengths = {
            len(cell) if isinstance(cell, Sequence) and not isinstance(cell, str) else -1
            for cell in level
        }
        if len(lengths) != 1 or -1 in lengths:
            raise InputError(ragged(table), where="payoffs")
        shape.append(lengths.pop())
        if len(shape) > 64:
            raise InputError("the table is nested too deeply", where="payoffs")
        level = [cell for row in level for cell in row]
    if any(isinstance(cell, Sequence) and not isinstance(cell, str) for cell in level):
        raise InputError(ragged(table), where="payoffs")
    return tuple(shape)


def _columns(table: Any, n: int) -> list[list[Any]]:
    """Return each player's payoffs in a nested table, in row-major order."""
    level = [table]
    for _ in range(n):
        level = [cell for row in level for cell in row]
    return [[profile[i] for profile in level] for i in range(n)]


def _of_integers(columns: npt.NDArray[Any]) -> tuple[npt.NDArray[Any] | Rows, tuple[int, ...]]:
    import numpy as np

    if columns.dtype == np.uint64 and columns.max(initial=0) >= _INT64_SAFE:
        return _scale(columns.tolist())
    return np.array(columns, dtype=np.int64, order="C"), (1,) * len(columns)


def _scale(columns: Sequence[Sequence[Any]]) -> tuple[npt.NDArray[Any] | Rows, tuple[int, ...]]:
    """Return numbers on a scale of whole ones for each player where they fit, and the scales."""
    rows, denominators = _scaled(columns)
    table: Rows = tuple(map(tuple, rows))
    return (table if len(table[0]) <= SMALL else _array(table)), denominators


def _array(rows: Rows) -> npt.NDArray[Any]:
    """Return rows of whole numbers of 64 bits, or of other exact numbers, as an array."""
    import numpy as np

    whole = isinstance(rows[0][0], int)
    return np.array(rows, dtype=np.int64 if whole else object)


def _scaled(columns: Sequence[Sequence[Any]]) -> tuple[Sequence[Sequence[Any]], tuple[int, ...]]:
    if all(set(map(type, column)) == {int} for column in columns) and all(
        min(column) >= _LEAST and max(column) <= _GREATEST for column in columns
    ):
        return columns, (1,) * len(columns)
    rows = [[_exact(value) for value in column] for column in columns]
    fractions = [[value for value in row if isinstance(value, Fraction)] for row in rows]
    if any(len(row) < len(own) for row, own in zip(fractions, rows, strict=True)):
        return rows, (1,) * len(rows)
    denominators = tuple(map(_common_denominator, fractions))
    scaled = [
        [value * denominator for value in row]
        for row, denominator in zip(fractions, denominators, strict=True)
    ]
    if all(abs(value) < _INT64_SAFE and value.denominator == 1 for row in scaled for value in row):
        return [list(map(int, row)) for row in scaled], denominators
    return rows, (1,) * len(rows)


def _common_denominator(values: Iterable[Fraction]) -> int:
    """Return the least common denominator, or 1 where it is too large to scale by."""
    common = 1
    for value in values:
        common = math.lcm(common, value.denominator)
        if common > _INT64_SAFE:
            return 1
    return common


def _exact(value: Any) -> Fraction | Algebraic:
    if isinstance(value, (Fraction, Algebraic)):
        return value
    if isinstance(value, Integral) and not isinstance(value, bool):
        return Fraction(int(value))
    raise InputError(
        f"{value!r} is not an exact number; give an int or a Fraction", where="payoffs"
    )


def payoff_table(game: Game) -> list[Any]:
    """Return the payoffs as nested lists of text, as they stand in a model file."""
    columns = [
        [str(Fraction(u, d)) if d > 1 else str(u) for u in row.tolist()]
        for row, d in zip(game.scaled, game.denominators, strict=True)
    ]
    rows: list[Any] = list(map(list, zip(*columns, strict=True)))
    for size in reversed(game.shape[1:]):
        rows = [rows[k : k + size] for k in range(0, len(rows), size)]
    return rows
