"""Selection functions: named ones, and all of them, or all transitive ones, by branching."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import combinations
from typing import Any

from oracle.points import Point, at_least, dominates, same

Select = Callable[[Any], Any]
MOST, MOST_WITH_LOTTERIES = 4000, 25
"""So many combinations of choices are tried; where there are more, the answer is None."""


class Named:
    """A selection function that has a name."""

    def __init__(self, space: Any, rule: Any) -> None:
        self.space, self.rule = space, rule
        self._picked: dict[Any, Any] = {}

    def __call__(self, agreed: Any) -> Any:
        if agreed not in self._picked:
            self._picked[agreed] = self.space.pick(self.rule, agreed)
        return self._picked[agreed]


class _Asked(Exception):
    pass


class Every:
    """All selection functions, of which as much is decided as a test asks for."""

    def __init__(self, space: Any, transitive: bool) -> None:
        self.space, self.transitive = space, transitive

    def passes(self, test: Callable[[Select], bool], extremes: bool = False) -> bool | None:
        """Say whether a test passes for all of them.

        Parameters
        ----------
        test
            What is to hold of a selection function.
        extremes
            Whether for two players with lotteries it is enough that it passes for the two
            lexicographic selections. The best efficient point for one player is the worst for the
            other, so this is so where the test asks for each start's agreement set only, and for
            least payoffs of everybody, or for one point.
        """
        lotteries = self.space.game.correlated
        if lotteries and not all(test(select) for select in self._some()):
            return False
        left: list[dict[Any, Any]] = [{}]
        open_question = False
        for _ in range(MOST_WITH_LOTTERIES if lotteries else MOST):
            if not left:
                return None if open_question else True
            table = left.pop()
            try:
                passed = test(lambda agreed, table=table: _look_up(table, agreed))
            except _Asked as asked:
                (agreed,) = asked.args
                if lotteries and not extremes and not self.space.has_all_choices(agreed):
                    open_question = True
                left.extend({**table, agreed: k} for k in self.space.choices(agreed))
                continue
            if not passed and self._may(table):
                return False
            open_question = open_question or (lotteries and not passed)
        return None

    def _may(self, table: dict[Any, Any]) -> bool:
        """Say whether a table is known to be a part of such a selection function."""
        if not self.transitive or len(table) == 1:
            return True
        if self.space.game.correlated:
            return False
        return is_transitive(tuple(self.space.game.pays), table)

    def _some(self) -> Iterator[Select]:
        """Return transitive selection functions."""
        players = [str(i + 1) for i in self.space.game.players]
        named = [
            ["leximin"],
            ["utilitarian"],
            *(["lexicographic", *o] for o in (players, players[::-1])),
        ]
        for rule in named:
            yield Named(self.space, rule)


def _look_up(table: dict[Any, Any], agreed: Any) -> Any:
    """Return the choice from a set, however it is cut into pieces."""
    if agreed in table:
        return table[agreed]
    if not isinstance(agreed, frozenset):
        for known, choice in table.items():
            if same(agreed, known):
                return choice
    raise _Asked(agreed)


def is_transitive(pays: tuple[Point, ...], table: dict[Any, Any]) -> bool:
    """Say whether a table is a part of a transitive selection function on all sets."""
    return _completes(pays, tuple(sorted((tuple(sorted(s)), k) for s, k in table.items())))


@cache
def _completes(pays: tuple[Point, ...], fixed: tuple[tuple[tuple[int, ...], int], ...]) -> bool:
    """Say whether there is a transitive selection function with these choices, by backtracking."""
    given = {frozenset(s): k for s, k in fixed}
    sets = [
        frozenset(s) for m in range(1, len(pays) + 1) for s in combinations(range(len(pays)), m)
    ]
    sets.sort(key=len)
    chosen: dict[frozenset[int], int] = {}

    def allowed(s: frozenset[int], k: int) -> bool:
        """Definition 7 for every smaller set whose union with improvements is s."""
        for smaller, before in chosen.items():
            added = s - smaller
            improves = smaller < s and all(at_least(pays[x], pays[before]) for x in added)
            if improves and not at_least(pays[k], pays[before]):
                return False
        return True

    def complete(position: int) -> bool:
        if position == len(sets):
            return True
        s = sets[position]
        choices: Sequence[int] = [
            k for k in sorted(s) if not any(dominates(pays[j], pays[k]) for j in s)
        ]
        if s in given:
            choices = [given[s]]
        for k in choices:
            if allowed(s, k):
                chosen[s] = k
                if complete(position + 1):
                    return True
                del chosen[s]
        return False

    return complete(0)
