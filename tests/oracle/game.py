"""A model file's game, read from its plain data: payoffs, efficiency, PMM, PMP (Definition 6)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import Any

from oracle.points import (
    ONE,
    ZERO,
    Piece,
    Point,
    at_least,
    clip_all,
    dominates,
    maximum,
    piece,
)

Values = Mapping[str, Fraction]
_TERM = re.compile(r"([+-])?(\d+(?:\.\d+)?(?:/\d+)?)?\*?([A-Za-z]\w*)?")
COMPARE = re.compile(r"(<=|>=|<|>|=)")


def linear(text: str, values: Values) -> Fraction:
    """Evaluate a sum of terms such as ``2*d - 1/2``."""
    rest, total = text.replace(" ", ""), ZERO
    while rest:
        found = _TERM.match(rest)
        assert found, text
        assert found.group(0), text
        sign, number, name = found.groups()
        term = Fraction(number or 1) * (values[name] if name else 1)
        total += -term if sign == "-" else term
        rest = rest[found.end() :]
    return total


def number(cell: Any, values: Values) -> Fraction:
    try:
        return Fraction(cell)
    except ValueError:
        return linear(cell, values)


def satisfied(condition: str, values: Values) -> bool:
    """Evaluate a chain of comparisons such as ``0 <= c < 2``."""
    parts = COMPARE.split(condition)
    sides = [linear(side, values) for side in parts[::2]]
    tests = {
        "<=": lambda a, b: a <= b,
        ">=": lambda a, b: a >= b,
        "<": lambda a, b: a < b,
        ">": lambda a, b: a > b,
        "=": lambda a, b: a == b,
    }
    return all(tests[op](a, b) for op, a, b in zip(parts[1::2], sides, sides[1:], strict=False))


@dataclass(frozen=True)
class Start:
    """An outcome that can be renegotiated: what it is called, if it has a name, and what it pays.

    ``name`` is the number of a pure outcome, the name of a mixture, or None for another lottery.
    """

    name: int | str | None
    pays: Point


class Game:
    """The game of a model file at some values of its parameters."""

    def __init__(self, data: Mapping[str, Any], values: Values | None = None) -> None:
        table, values = data["game"], values or {}
        self.correlated = data.get("feasible", "pure") == "correlated"
        self.mismatched: list[bool]
        self._projections: dict[tuple[int, Point], Piece] = {}
        if "agreement" in table:
            self._negotiation(table["agreement"])
        else:
            self._table(table, values)
        self.players = range(len(self.pays[0]))
        self.mixtures = {
            name: self._lottery(parts) for name, parts in data.get("mixtures", {}).items()
        }

    def _table(self, table: Mapping[str, Any], values: Values) -> None:
        shape, level = [], table["payoffs"]
        while isinstance(level[0], list):
            shape.append(len(level))
            level = level[0]
        actions = table.get("actions") or [[str(k + 1) for k in range(size)] for size in shape]
        self.outcomes = [list(outcome) for outcome in product(*actions)]
        self.pays = []
        for places in product(*map(range, shape)):
            cell = table["payoffs"]
            for k in places:
                cell = cell[k]
            self.pays.append(tuple(number(u, values) for u in cell))
        self.mismatched = [len(set(outcome)) > 1 for outcome in self.outcomes]

    def _negotiation(self, table: Mapping[str, Any]) -> None:
        issues = table["issues"]
        self.outcomes, self.pays = [], []
        for places in product(*(range(len(issue["values"])) for issue in issues)):
            picked = list(zip(issues, places, strict=True))
            self.outcomes.append([issue["values"][k] for issue, k in picked])
            players = range(len(table["disagreement"]))
            self.pays.append(
                tuple(
                    sum((Fraction(issue["utilities"][i][k]) for issue, k in picked), ZERO)
                    for i in players
                )
            )
        self.outcomes.append(["disagreement"])
        self.pays.append(tuple(map(Fraction, table["disagreement"])))
        self.mismatched = [False] * (len(self.pays) - 1) + [True]

    def _lottery(self, parts: Sequence[Mapping[str, Any]]) -> Point:
        weighted = [(Fraction(p["weight"]), self.pays[self.index(p["outcome"])]) for p in parts]
        return tuple(sum((w * u[i] for w, u in weighted), ZERO) for i in self.players)

    def index(self, outcome: Sequence[str]) -> int:
        return self.outcomes.index(list(outcome))

    def starts(self, references: Sequence[Any] | None = None) -> list[Start]:
        """Return the pure outcomes and mixtures that match; all pure outcomes by default."""
        pure = [Start(k, u) for k, u in enumerate(self.pays)]
        if references is None:
            return pure
        mixed = [Start(name, u) for name, u in self.mixtures.items()]
        return [
            s for s in pure + mixed if any(self.matches(reference, s) for reference in references)
        ]

    def matches(self, reference: Any, start: Start) -> bool:
        """Say whether ``from`` matches an outcome."""
        if reference == "any":
            return True
        if isinstance(reference, Mapping):
            return start.name == reference["mixture"]
        if not isinstance(start.name, int):
            return False
        if reference == "mismatch":
            return self.mismatched[start.name]
        if reference == "inefficient":
            return not self.efficient[start.name]
        outcome = self.outcomes[start.name]
        if outcome == ["disagreement"]:  # "*" is any value of an issue
            return outcome == reference
        return len(outcome) == len(reference) and all(
            said in ("*", action) for said, action in zip(reference, outcome, strict=True)
        )

    def start(self, reference: Any) -> Start:
        if isinstance(reference, Mapping):
            return Start(reference["mixture"], self.mixtures[reference["mixture"]])
        k = self.index(reference)
        return Start(k, self.pays[k])

    def where(self, conditions: Sequence[str], pays: Sequence[Fraction]) -> bool:
        return all(satisfied(text, self.symbols(pays)) for text in conditions)

    def symbols(self, pays: Sequence[Fraction]) -> dict[str, Fraction]:
        return {f"u{i + 1}": u for i, u in enumerate(pays)}

    @cached_property
    def corners(self) -> Piece:
        """Profiles whose hull is the feasible set of correlated play."""
        return piece(self.pays) if len(self.players) <= 2 else tuple(sorted(set(self.pays)))

    @cached_property
    def efficient(self) -> list[bool]:
        """For each pure outcome whether nothing feasible dominates it."""
        known = {u: self._is_efficient(u) for u in set(self.pays)}
        return [known[u] for u in self.pays]

    def _is_efficient(self, u: Point) -> bool:
        if any(dominates(v, u) for v in self.pays):
            return False
        return not self.correlated or self.gain(u) == 0

    def gain(self, u: Point) -> Fraction | None:
        """Return the greatest sum of gains over u in the hull; None if nothing is at least u."""
        corners, n = self.corners, len(u)
        if n == 1:
            best = max(v[0] for v in corners) - u[0]
            return best if best >= 0 else None
        rows = [[ONE] * len(corners) + [ZERO] * n]
        for i in self.players:
            slack = [-ONE if k == i else ZERO for k in self.players]
            rows.append([v[i] for v in corners] + slack)
        return maximum([ZERO] * len(corners) + [ONE] * n, rows, [ONE, *u])

    @cached_property
    def pmm(self) -> Point:
        """In the hull, the efficient points are faces: corners give their least payoffs."""
        best = [u for u, good in zip(self.pays, self.efficient, strict=True) if good]
        return tuple(min(u[i] for u in best) for i in self.players)

    def target(self, pays: Sequence[Fraction]) -> Point:
        return tuple(max(a, b) for a, b in zip(self.pmm, pays, strict=True))

    def pmp_pure(self, player: int, pays: Sequence[Fraction]) -> frozenset[int]:
        least = self.target(pays)
        return frozenset(
            k
            for k, u in enumerate(self.pays)
            if u[player] >= least[player]
            and all(u[j] == least[j] for j in self.players if j != player)
        )

    def pmp_hull(self, player: int, pays: Sequence[Fraction]) -> Piece:
        """Return the segment, as a piece that may be empty."""
        key = player, tuple(pays)
        if key not in self._projections:
            self._projections[key] = self._pmp_hull(player, pays)
        return self._projections[key]

    def _pmp_hull(self, player: int, pays: Sequence[Fraction]) -> Piece:
        least, n = self.target(pays), len(self.players)
        if n == 2:
            other = 1 - player
            axes = [(ONE, ZERO), (ZERO, ONE)]
            mine, theirs = axes[player], axes[other]
            bounds = [
                (theirs, least[other]),
                (tuple(-x for x in theirs), -least[other]),
                (tuple(-x for x in mine), -least[player]),
            ]
            return clip_all(self.corners, bounds)
        corners = self.corners
        rows = [[ONE] * len(corners) + [ZERO]]
        for j in self.players:
            rows.append([v[j] for v in corners] + [-ONE if j == player else ZERO])
        own = [v[player] for v in corners] + [ZERO]
        high = maximum(own, rows, [ONE, *least])
        low = maximum([-x for x in own], rows, [ONE, *least])
        if high is None or low is None:
            return ()
        ends = [tuple(u if j == player else least[j] for j in self.players) for u in (-low, high)]
        return piece(ends)

    def image(self, rules: Sequence[Mapping[str, Any]], start: Start) -> Point:
        """Return what a renegotiation function's image of an outcome pays."""
        for rule in rules:
            if self.matches(rule["from"], start) and self.where(rule.get("where", ()), start.pays):
                to = rule["to"]
                return self._best(to, start) if isinstance(to, str) else self.start(to).pays
        return start.pays

    def _best(self, rule: str, start: Start) -> Point:
        if isinstance(start.name, int) and self.efficient[start.name]:
            return start.pays
        improvements = [u for u in self.pays if at_least(u, start.pays)]
        if rule == "leximin":
            return max(improvements, key=lambda u: (sorted(u), u))
        if rule == "utilitarian":
            return max(improvements, key=lambda u: (sum(u), u))
        player = int(rule.removeprefix("dictator-")) - 1
        return max(improvements, key=lambda u: (u[player], u))
