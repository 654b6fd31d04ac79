"""Outcome correspondences by brute force: all plays of all games, and all that rules derive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from oracle import delegation
from oracle.delegation import Game, Outcome

Pairs = frozenset[tuple[Outcome, Outcome]]
MAX_PLAYS = 400_000
MAX_DERIVED = 3_000


def games_of(data: Mapping[str, Any]) -> dict[str | None, Game]:
    game = delegation.read(data["game"], None)
    subsets = data.get("subset-games", {})
    return {None: game} | {name: delegation.read(t, game) for name, t in subsets.items()}


def pairs(table: Mapping[str, Any], one: Game, other: Game) -> Pairs:
    """Return which outcomes of two games a correspondence allows together."""
    by = table.get("by")
    if by == "isomorphism":
        return frozenset(p for phi in delegation.isomorphisms(one, other) for p in phi.items())
    if by == "elimination":
        return frozenset((o, o) for o in other[1])
    everything = product(one[1], other[1])
    if by == "duplicates":
        return frozenset((a, b) for a, b in everything if merged(one, other, a, b))
    return frozenset((a, b) for a, b in everything if b in listed(table["outcomes"], a, other))


def merged(one: Game, other: Game, a: Outcome, b: Outcome) -> bool:
    """Whether each action that is still there stays, and each other becomes a duplicate of it."""
    names, pays = one
    for i, (x, y) in enumerate(zip(a, b, strict=True)):
        if x in other[0][i]:
            if x != y:
                return False
        elif any(pays[(*o[:i], x, *o[i + 1 :])] != pays[(*o[:i], y, *o[i + 1 :])] for o in pays):
            return False
    return len(names) > 0


def listed(lines: Sequence[Mapping[str, Any]], a: Outcome, other: Game) -> set[Outcome]:
    for line in lines:
        if fits(line["from"], a):
            return {b for b in other[1] if any(fits(wanted, b) for wanted in line["to"])}
    return set(other[1])


def fits(pattern: Sequence[str], outcome: Outcome) -> bool:
    return all(p in ("*", x) for p, x in zip(pattern, outcome, strict=True))


def problem(data: Mapping[str, Any], claim: Mapping[str, Any]):
    """Return the games, one for each that differs, and where each name and what it allows is."""
    named = games_of(data)
    tables = data.get("correspondences", [])
    if claim.get("correspondences") is not None:
        tables = [t for t in tables if t["name"] in claim["correspondences"]]
    family: list[Game] = []
    where: dict[str | None, int] = {}
    ends = [claim.get("game"), claim["subset-game"]]
    for name in [*ends, *(t.get(end) for t in tables for end in ("from", "to"))]:
        game = named[name]
        where[name] = next((k for k, g in enumerate(family) if g[1] == game[1]), len(family))
        if where[name] == len(family):
            family.append(game)
    allowed = [
        (
            where[t.get("from")],
            where[t.get("to")],
            pairs(t, named[t.get("from")], named[t.get("to")]),
        )
        for t in tables
    ]
    return named[None][1], family, allowed, where[ends[0]], where[ends[1]]


def holds(data: Mapping[str, Any], claim: Mapping[str, Any]) -> bool | str | None:
    """Go through all plays that satisfy the correspondences."""
    pays, family, allowed, start, end = problem(data, claim)
    count = 1
    for game in family:
        count *= len(game[1])
    if count > MAX_PLAYS:
        return None
    some = False
    for play in product(*(game[1] for game in family)):
        if all((play[p], play[q]) in s for p, q, s in allowed):
            some = True
            if any(v < u for u, v in zip(pays[play[start]], pays[play[end]], strict=True)):
                return False
    return True if some else "vacuous"


def derivable(data: Mapping[str, Any], claim: Mapping[str, Any]) -> bool | None:
    """Derive everything by inverses, compositions and trivial correspondences, without thought."""
    pays, family, allowed, start, end = problem(data, claim)
    edges = [*allowed, *((q, p, frozenset((b, a) for a, b in s)) for p, q, s in allowed)]
    for p, q in product(range(len(family)), repeat=2):
        edges.append((p, q, frozenset(product(family[p][1], family[q][1]))))
    derived = {(start, frozenset((a, a) for a in family[start][1]))}
    waiting = list(derived)
    while waiting:
        here, relation = waiting.pop()
        if here == end and all(
            v >= u for a, b in relation for u, v in zip(pays[a], pays[b], strict=True)
        ):
            return True
        for p, q, s in edges:
            if p == here:
                composed = frozenset((a, c) for a, b in relation for x, c in s if x == b)
                if (q, composed) not in derived:
                    derived.add((q, composed))
                    waiting.append((q, composed))
        if len(derived) > MAX_DERIVED:
            return None
    return False
