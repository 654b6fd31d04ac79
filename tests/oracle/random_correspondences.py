"""Random models with several games and correspondences between them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

from oracle import delegation
from oracle.delegation import Game
from oracle.random_delegation import table
from oracle.writing import Data

MOST_PLAYS = 20_000


def correspondence_model(rng: Random) -> Data:
    """Return a model whose plays can be gone through."""
    while True:
        game = delegation.random_game(rng, 3, 2)
        games: dict[str | None, Game] = {None: game}
        tables = [assumed(rng, games) for _ in range(rng.randint(0, 3))]
        while len(games) < 2:
            games[f"s{len(games)}"] = delegation.random_subset(rng, game)
        count = 1
        for one in games.values():
            count *= len(one[1])
        if count <= MOST_PLAYS and len(set(game[1].values())) > 1:
            break
    tables = [t for t in tables if t is not None]
    tables += [given(rng, games) for _ in range(rng.randint(0 if tables else 1, 2))]
    rng.shuffle(tables)
    for k, one in enumerate(tables):
        one["name"] = f"k{k}"
    names = [name for name in games if name is not None]
    claims = []
    for _ in range(4):
        claim: Data = {"kind": "safe-improvement", "subset-game": rng.choice(names)}
        if rng.random() < 0.3:
            claim["game"] = rng.choice(names)
        if rng.random() < 0.3:
            claim["correspondences"] = [t["name"] for t in tables if rng.random() < 0.6]
        claims.append(claim)
    subsets = {name: table(one) for name, one in games.items() if name is not None}
    data: Data = {"game": table(game), "subset-games": subsets}
    return {**data, "correspondences": tables, "claims": claims}


def assumed(rng: Random, games: dict[str | None, Game]) -> Data | None:
    """Add a game that is reduced from one, or isomorphic to one, or has fewer duplicates."""
    source = rng.choice(list(games))
    name, by = f"s{len(games)}", rng.choice(("elimination", "isomorphism", "duplicates"))
    if by == "elimination":
        found = games[source]
        for _ in range(rng.randint(1, 3)):
            steps = list(delegation.dominated(found))
            if steps:
                found = delegation.without(found, *rng.choice(steps))
    elif by == "duplicates":
        found = fewer(rng, games[source])
    else:
        if any(delegation.dominated(games[source])):
            return None
        copy = copied(rng, games[source], games[None])
        if copy is None:
            return None
        found = copy
    games[name] = found
    ends: Data = {"to": name} if source is None else {"from": source, "to": name}
    return {**ends, "by": by}


def fewer(rng: Random, game: Game) -> Game:
    names, pays = game
    for i, own in enumerate(names):
        for a, b in product(own, own):
            alike = all(
                pays[(*o[:i], a, *o[i + 1 :])] == pays[(*o[:i], b, *o[i + 1 :])] for o in pays
            )
            if a != b and alike and rng.random() < 0.8:
                return delegation.without(game, i, a)
    return game


def copied(rng: Random, game: Game, original: Game) -> Game | None:
    """A game isomorphic to one, with actions of the original game."""
    names, pays = game
    chosen = [rng.sample(own, len(mine)) for own, mine in zip(original[0], names, strict=True)]
    factors = [(Fraction(rng.randint(1, 2)), Fraction(rng.randint(-1, 1))) for _ in names]
    back = [dict(zip(new, mine, strict=True)) for new, mine in zip(chosen, names, strict=True)]
    values = {}
    for o in product(*chosen):
        before = pays[tuple(b[a] for b, a in zip(back, o, strict=True))]
        values[o] = tuple(f * u + c for (f, c), u in zip(factors, before, strict=True))
    return tuple(map(tuple, chosen)), values


def given(rng: Random, games: Mapping[str | None, Game]) -> Data:
    """A correspondence outcome by outcome, which often only improves."""
    source, to = rng.choice(list(games)), rng.choice(list(games))
    one, other, pays = games[source], games[to], games[None][1]
    kind = rng.choice(("any", "any", "better", "few"))
    lines: list[Any] = []
    for a in one[1]:
        if rng.random() < 0.15:
            continue
        images = [
            b
            for b in other[1]
            if kind != "better" or all(v >= u for u, v in zip(pays[a], pays[b], strict=True))
        ]
        share = {"any": 0.8, "better": 0.95, "few": 0.5}[kind]
        images = [b for b in images if rng.random() < share]
        pattern = [x if rng.random() < 0.95 else "*" for x in a]
        targets = [[x if rng.random() < 0.97 else "*" for x in b] for b in images]
        lines.append({"from": pattern, "to": targets})
    ends: Data = {} if source is None else {"from": source}
    if to is not None:
        ends["to"] = to
    return {**ends, "outcomes": lines}
