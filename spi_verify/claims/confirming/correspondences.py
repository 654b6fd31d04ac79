"""Carrying out a stated play of several games, and checking a stated proof that there is none.

Nothing here is shared with ``spi_verify.delegation``: games are dicts of Fractions, and what a
correspondence allows is a set of outcomes for each outcome.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from spi_verify.claims.confirming.plays import (
    Maps,
    Table,
    after_steps,
    an_isomorphism,
    on_one_scale,
    require_isomorphism,
)
from spi_verify.claims.document import CorrespondenceTable
from spi_verify.claims.instance import Instance
from spi_verify.claims.words import shown
from spi_verify.effort import spend
from spi_verify.errors import Rejected
from spi_verify.games.game import Outcome, Payoffs

Name = str | None
"""The name of a subset game; None for the game of the file."""


class Games:
    """The games of a file as tables, and what correspondences allow between them."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self._tables: dict[Name, Table] = {}

    def table(self, name: Name) -> Table:
        """Return a game.

        Raises
        ------
        Rejected
            When there is none of this name.
        """
        if name not in self._tables:
            subsets = self.instance.subset_games
            if name is not None and name not in subsets:
                raise Rejected(f"there is no subset game {name!r}")
            game = self.instance.game if name is None else subsets[name]
            self._tables[name] = Table.of(game)
        return self._tables[name]

    def correspondence(self, name: str) -> tuple[CorrespondenceTable, Table, Table]:
        """Return what stands in the file, and its two games."""
        if name not in self.instance.correspondences:
            raise Rejected(f"there is no correspondence {name!r}")
        said = self.instance.correspondences[name]
        return said, self.table(said.source), self.table(said.to)


def require_allowed(
    games: Games, name: str, a: Outcome, b: Outcome, stated: Mapping[str, Any]
) -> None:
    """Check that a correspondence allows two outcomes to be played together.

    Raises
    ------
    Rejected
        When it does not, or what is stated about its games is wrong.
    """
    said, one, other = games.correspondence(name)
    if said.by == "isomorphism":
        maps: Maps | None = stated["maps"].get(name)
        if maps is None:
            raise Rejected(f"no isomorphism is stated for {name}")
        _require_undominated(one, other)
        require_isomorphism(one, other, maps)
        fits = tuple(own[x] for own, x in zip(maps, a, strict=True)) == b
    else:
        fits = b in _images(said, one, other, a, stated["eliminated"].get(name))
    if not fits:
        raise Rejected(f"{name} does not allow {shown(a)} with {shown(b)}")


def _images(
    said: CorrespondenceTable,
    one: Table,
    other: Table,
    a: Outcome,
    steps: Sequence[Mapping[str, Any]] | None,
) -> set[Outcome]:
    """Return what may be played in the second game with an outcome of the first."""
    if said.outcomes is not None:
        for line in said.outcomes:
            if _matches(line.source, a):
                spend(10 * len(line.to))
                return {b for wanted in line.to for b in _meant(wanted, other)}
        return set(other.pays)
    if any(other.pays[o] != one.pays.get(o) for o in other.pays):
        raise Rejected("the one game is not what is left of the other")
    if said.by == "elimination":
        if steps is None or after_steps(one, steps).pays != other.pays:
            raise Rejected("the stated steps lead to another game")
        if said.dominance == "pure" and not all(isinstance(s["by"], str) for s in steps):
            raise Rejected("a mixed action is stated to dominate")
        return {a} & set(other.pays)
    left = [_duplicates(one, i, x) & set(other.actions[i]) for i, x in enumerate(a)]
    return set(product(*({x} if x in other.actions[i] else left[i] for i, x in enumerate(a))))


def _duplicates(table: Table, i: int, action: str) -> set[str]:
    """Return the player's actions that pay everybody the same as one, whatever the others do."""
    profiles = list(table.others(i))
    spend(len(profiles) * len(table.actions[i]))

    def row(b: str) -> list[Payoffs]:
        return [table.pays[(*o[:i], b, *o[i + 1 :])] for o in profiles]

    return {b for b in table.actions[i] if row(b) == row(action)}


def _matches(pattern: Sequence[str], outcome: Outcome) -> bool:
    return len(pattern) == len(outcome) and all(
        wanted in ("*", x) for wanted, x in zip(pattern, outcome, strict=True)
    )


def _meant(pattern: Sequence[str], table: Table) -> list[Outcome]:
    """Return the outcomes that a pattern describes."""
    if "*" in pattern:
        spend(len(table.pays))
        return [b for b in table.pays if _matches(pattern, b)]
    return [b for b in (tuple(pattern),) if b in table.pays]


def _require_undominated(one: Table, other: Table) -> None:
    if one.dominated() is not None or other.dominated() is not None:
        raise Rejected("an action is strictly dominated")


def stated_play(
    games: Games, named: Sequence[str], ends: tuple[Name, Name], v: Mapping[str, Any]
) -> tuple[Outcome, Outcome]:
    """Look up what a stated play plays, and check that it satisfies some correspondences.

    Returns
    -------
    tuple
        The outcomes of the two games that are compared.

    Raises
    ------
    Rejected
        When it gives a game two outcomes, or none, or breaks a correspondence.
    """
    played: dict[Name, Outcome] = {}
    for entry in v["play"]:
        name, outcome = entry.get("game"), tuple(entry["outcome"])
        if outcome not in games.table(name).pays or name in played:
            raise Rejected(f"{shown(outcome)} is no outcome of its game, or not the only one")
        played[name] = outcome
    for name, outcome in played.items():
        for other, theirs in played.items():
            if outcome != theirs and games.table(name).pays == games.table(other).pays:
                raise Rejected("one and the same game is played in two ways")
    tables = games.instance.correspondences
    for name in (*ends, *(g for k in named for g in (tables[k].source, tables[k].to))):
        if name not in played:
            raise Rejected("the play leaves out a game")
    for name in named:
        a, b = played[tables[name].source], played[tables[name].to]
        require_allowed(games, name, a, b, v)
    return played[ends[0]], played[ends[1]]


@dataclass
class _Proof:
    """A proof that is gone through: which outcomes are left of each game at this point."""

    games: Games
    ends: tuple[Name, Name]
    stated: Mapping[str, Any]

    def __post_init__(self) -> None:
        self.same: dict[Name, Name] = {}
        self.known: dict[tuple[str | None, bool, Outcome], set[Outcome]] = {}

    def one_of(self, name: Name) -> Name:
        """Return the first game mentioned that is the same as one of this name."""
        if name not in self.same:
            pays = self.games.table(name).pays
            like = (k for k, v in self.same.items() if k == v and self.games.table(k).pays == pays)
            self.same[name] = next(like, name)
        return self.same[name]

    def sides(self, constraint: str | None) -> tuple[Name, Name]:
        if constraint is None:
            return self.ends
        said = self.games.correspondence(constraint)[0]
        return said.source, said.to

    def partners(self, constraint: str | None, forward: bool, o: Outcome) -> set[Outcome]:
        """Return what may be played in the other game, by a correspondence, or with a loss."""
        key = constraint, forward, o
        if key not in self.known:
            self.known[key] = set(self._partners(constraint, forward, o))
        return self.known[key]

    def _partners(self, constraint: str | None, forward: bool, o: Outcome) -> set[Outcome]:
        first, second = (self.games.table(name) for name in self.sides(constraint))
        there = second if forward else first
        spend(len(there.pays))
        if constraint is None:
            pays = self.games.table(None).pays
            pairs = {b: (o, b) if forward else (b, o) for b in there.pays}
            return {
                b
                for b, (x, y) in pairs.items()
                if any(v < u for u, v in zip(pays[x], pays[y], strict=True))
            }
        said = self.games.correspondence(constraint)[0]
        if said.by == "isomorphism":
            _require_undominated(first, second)
            mine, theirs = on_one_scale(first), on_one_scale(second)
            pairs = {b: (o, b) if forward else (b, o) for b in there.pays}
            pairs = {b: (x, y) for b, (x, y) in pairs.items() if mine[x] == theirs[y]}
            spend(20 * len(pairs) * len(there.pays))
            return {b for b in pairs if an_isomorphism(first, second, pairs[b]) is not None}
        steps = self.stated["eliminated"].get(constraint)
        if forward:
            return _images(said, first, second, o, steps)
        return {a for a in first.pays if o in self.partners(constraint, True, a)}

    def go_through(self, told: Mapping[str, Any], live: dict[Name, set[Outcome]]) -> None:
        for constraint, name, outcome in told["removals"]:
            here = self.one_of(name)
            ends = [self.one_of(side) for side in self.sides(constraint)]
            if here not in ends:
                raise Rejected(f"{constraint} says nothing about this game")
            for forward in (True, False):
                side, there = ends if forward else ends[::-1]
                if side == here:
                    partners = self.partners(constraint, forward, outcome) & live[there]
                    if not (partners & {outcome} if here == there else partners):
                        break
            else:
                raise Rejected(f"{shown(outcome)} can be played by {constraint}")
            live[here] = live[here] - {outcome}
        if not all(live.values()):
            return
        if "game" not in told:
            raise Rejected("every game has outcomes left")
        here = self.one_of(told["game"])
        cases = dict(told["cases"])
        if live[here] - set(cases):
            raise Rejected("a case is missing")
        for outcome in live[here]:
            self.go_through(cases[outcome], {**live, here: {outcome}})


def check_proof(
    games: Games,
    named: Sequence[str],
    ends: tuple[Name, Name] | None,
    stated: Mapping[str, Any],
) -> None:
    """Check a stated proof that no play satisfies correspondences and makes somebody worse off.

    Parameters
    ----------
    games
        The games.
    named
        The correspondences that the proof may use.
    ends
        The two games that are compared; None where no play at all satisfies the correspondences.
    stated
        The proof.

    Raises
    ------
    Rejected
        When it is none.
    """
    tables = games.instance.correspondences
    names = list(
        dict.fromkeys(
            (*(ends or ()), *(g for k in named for g in (tables[k].source, tables[k].to)))
        )
    )
    proof = _Proof(games, ends or (None, None), stated)
    live = {proof.one_of(name): set(games.table(name).pays) for name in names}
    _require_only(stated["contradiction"], {*named, *([] if ends is None else [None])})
    proof.go_through(stated["contradiction"], live)


def _require_only(told: Mapping[str, Any], allowed: set[str | None]) -> None:
    """Check that nothing else is used."""
    for constraint, *_ in told["removals"]:
        if constraint not in allowed:
            raise Rejected(f"{constraint} is used, and not among what the claim rests on")
    for _, case in told.get("cases", ()):
        _require_only(case, allowed)
