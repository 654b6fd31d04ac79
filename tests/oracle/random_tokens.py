"""Random models with token games, and claims about lotteries."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from random import Random

from oracle import delegation
from oracle.delegation import Game
from oracle.random_delegation import spi, table
from oracle.writing import Data


def token_model(rng: Random) -> Data:
    """Return a model with token games, most of which often pay more."""
    game = delegation.random_game(rng)
    data: Data = {"game": table(game), "token-games": {}}
    claims = []
    for k in range(2):
        data["token-games"][f"t{k}"] = tokens(rng, game)
        for _ in range(2):
            claim = {**spi(rng, game, ""), "kind": "token-spi", "token-game": f"t{k}"}
            claims.append({k: v for k, v in claim.items() if k not in ("subset-game", "game")})
    claims += [{"kind": "efficient-in-hull", **profile(rng, game)} for _ in range(3)]
    return {**data, "claims": claims}


def profile(rng: Random, game: Game) -> Data:
    outcome = rng.choice(sorted(game[1]))
    if rng.random() < 0.5:
        return {"outcome": list(outcome)}
    pays = list(lottery(rng, game))
    if rng.random() < 0.3:
        i = rng.randrange(len(pays))
        pays[i] += Fraction(rng.choice((-1, 1)), rng.choice((1, 4)))
    return {"payoffs": pays}


def lottery(rng: Random, game: Game) -> tuple[Fraction, ...]:
    pays = list(game[1].values())
    one, other, weight = rng.choice(pays), rng.choice(pays), Fraction(rng.randint(0, 3), 3)
    return tuple(weight * u + (1 - weight) * v for u, v in zip(one, other, strict=True))


def tokens(rng: Random, game: Game) -> Data:
    """A copy of the game, or any other game, whose outcomes pay the same, or more, or anything."""
    names, pays = game
    own: Game = (tuple(tuple(f"{a}'" for a in row) for row in names), dict(pays))
    found: Data = {}
    if rng.random() < 0.3:
        sub = delegation.random_subset(rng, game)
        renamed = tuple(tuple(f"t{a}" for a in row) for row in sub[0])
        values = dict(zip(product(*renamed), (sub[1][o] for o in product(*sub[0])), strict=True))
        own = renamed, values
        found = table(own)
        before = list(values)
    else:
        before = list(product(*own[0]))
    starts = list(pays.values())
    agreed = {}
    for k, o in enumerate(before):
        start = starts[k % len(starts)]
        better = [lottery(rng, game) for _ in range(4)]
        better = [v for v in better if all(y >= x for x, y in zip(start, v, strict=True))]
        agreed[o] = rng.choice([*better, start]) if rng.random() < 0.95 else lottery(rng, game)
    found["pays"] = table((own[0], agreed))["payoffs"]
    return found
