"""A set of outcomes and what is added to it: written, and read from a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from spi_verify.counterexamples.sets.structure import OutcomeSet, SelectionStructure
from spi_verify.errors import InputError, located
from spi_verify.games.game import Payoffs
from spi_verify.games.rationals import parse_rational
from spi_verify.programs.language.selections import (
    KalaiSmorodinsky,
    Lexicographic,
    Leximin,
    Maxmin,
    Nash,
    Scoring,
    Utilitarian,
)

BARGAINING = ("nash", "nash-interior", "kalai-smorodinsky")
MOST_PLAYERS, MOST_OUTCOMES = 5, 6


@dataclass(frozen=True)
class Example:
    """What the body of a counterexample says.

    Parameters
    ----------
    name
        Of the selection function, as in the statement's id.
    outcomes
        Names of all outcomes in the order that breaks ties.
    payoffs
        A profile for each of them.
    members, added
        The set and what is added to it, as positions in `outcomes`, ascending.
    disagreement, priority
        Where the selection function has one.
    picks
        What is picked from the set and from the larger one, where that is not what the selection
        function picks; for statements that do not suppose that it is.
    """

    name: str
    outcomes: tuple[str, ...]
    payoffs: tuple[Payoffs, ...]
    members: OutcomeSet
    added: OutcomeSet
    disagreement: Payoffs | None = None
    priority: tuple[int, ...] | None = None
    picks: tuple[int, int] | None = None

    @property
    def larger(self) -> OutcomeSet:
        """The set with what is added."""
        return tuple(sorted({*self.members, *self.added}))

    @property
    def pair(self) -> tuple[OutcomeSet, OutcomeSet]:
        """The set, and the larger one."""
        return self.members, self.larger

    @property
    def selection(self) -> Scoring:
        """The selection function."""
        return selection_function(self.name, self.disagreement, self.priority)

    def structure(self, sets: Sequence[OutcomeSet]) -> SelectionStructure:
        """Return the structure with these sets."""
        return SelectionStructure(
            self.payoffs,
            self.selection,
            sets,
            disagreement=self.disagreement,
            priority=self.priority,
            picks={} if self.picks is None else dict(zip(self.pair, self.picks, strict=True)),
        )

    def set(self, members: Iterable[int]) -> str:
        """Return a set as text."""
        return f"{{{', '.join(self.outcomes[a] for a in members)}}}"

    def body(self) -> dict[str, Any]:
        """Return the example as plain data."""
        body: dict[str, Any] = {
            "players": len(self.payoffs[0]),
            "payoffs": {
                self.outcomes[a]: [str(v) for v in self.payoffs[a]]
                for a in sorted(range(len(self.outcomes)), key=lambda a: self.outcomes[a])
            },
            "order": list(self.outcomes),
            "set": sorted(self.outcomes[a] for a in self.members),
            "added": sorted(self.outcomes[a] for a in self.added),
        }
        if self.disagreement is not None:
            body["disagreement"] = [str(v) for v in self.disagreement]
        if self.priority is not None:
            body["priority"] = list(self.priority)
        if self.picks is not None:
            body["picks"] = [self.outcomes[a] for a in self.picks]
        return body


def selection_function(
    name: str, disagreement: Payoffs | None, priority: tuple[int, ...] | None
) -> Scoring:
    """Return the selection function of this name, as in the statement's id."""
    if name == "lexicographic":
        assert priority is not None
        return Lexicographic(priority)
    if name in BARGAINING:
        assert disagreement is not None
        kind = KalaiSmorodinsky if name == "kalai-smorodinsky" else Nash
        return kind(disagreement)
    plain: dict[str, type[Scoring]] = {
        "utilitarian": Utilitarian,
        "leximin": Leximin,
        "maxmin": Maxmin,
    }
    return plain[name]()


def read(name: str, body: Mapping[str, Any]) -> Example:
    """Read the body of a counterexample.

    Raises
    ------
    InputError
        When a key is missing, unknown or malformed; its place is a key of the body.
    """
    wanted = {"players", "payoffs", "order", "set", "added"}
    wanted |= {"disagreement"} if name in BARGAINING else set()
    wanted |= {"priority"} if name == "lexicographic" else set()
    for key in sorted(wanted - set(body)):
        raise InputError(f"{key!r} is missing", where=key)
    wanted |= {"picks"} if "picks" in body else set()
    for key in sorted(set(map(str, body)) - wanted):
        raise InputError(
            f"there is no such key here; there are {', '.join(sorted(wanted))}", where=key
        )
    players = body["players"]
    if type(players) is not int or not 1 <= players <= MOST_PLAYERS:
        raise InputError(f"a number of players from 1 to {MOST_PLAYERS}", where="players")
    table = body["payoffs"]
    if not isinstance(table, dict) or not 1 <= len(table) <= MOST_OUTCOMES:
        raise InputError(
            f"a table of payoffs for 1 to {MOST_OUTCOMES} outcomes, each a list of {players}",
            where="payoffs",
        )
    order = _names(body["order"], "order", table)
    for outcome in table:
        if outcome not in order:
            raise InputError(f"{outcome!r} has no place in the order", where="order")
    payoffs = tuple(_profile(table[o], players, f"payoffs.{o}") for o in order)
    position = {outcome: k for k, outcome in enumerate(order)}
    members, added = (
        tuple(sorted(position[o] for o in _names(body[key], key, table)))
        for key in ("set", "added")
    )
    disagreement = priority = None
    if "disagreement" in wanted:
        disagreement = _profile(body["disagreement"], players, "disagreement")
    if "priority" in wanted:
        priority = body["priority"]
        everybody = list(range(1, players + 1))
        numbers = isinstance(priority, list) and all(type(i) is int for i in priority)
        if not numbers or sorted(priority) != everybody:
            raise InputError(f"every player from 1 to {players} once", where="priority")
        priority = tuple(priority)
    example = Example(name, order, payoffs, members, added, disagreement, priority)
    return example if "picks" not in body else _with_picks(example, body["picks"])


def _with_picks(example: Example, value: Any) -> Example:
    pair = example.pair
    if not isinstance(value, list) or len(value) != len(pair):
        raise InputError("what is picked from the set and from the larger one", where="picks")
    picks = []
    for members, name in zip(pair, value, strict=True):
        if name not in example.outcomes or example.outcomes.index(name) not in members:
            raise InputError(f"{name!r} is not in its set", where="picks")
        picks.append(example.outcomes.index(name))
    return replace(example, picks=(picks[0], picks[1]))


def _names(value: Any, where: str, table: Mapping[str, Any]) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise InputError("a list of names of outcomes", where=where)
    for name in value:
        if name not in table:
            raise InputError(f"there is no outcome {name!r}", where=where)
    if len(set(value)) < len(value):
        twice = next(name for name in value if value.count(name) > 1)
        raise InputError(f"{twice!r} is there twice", where=where)
    return tuple(value)


def _profile(value: Any, players: int, where: str) -> Payoffs:
    if not isinstance(value, list) or len(value) != players:
        raise InputError(f"a list of {players} payoffs", where=where)
    if not all(isinstance(text, str) for text in value):
        raise InputError('payoffs are written as text, such as "11/4"', where=where)
    with located(where=where):
        return tuple(map(parse_rational, value))
