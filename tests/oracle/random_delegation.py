"""Random models about delegated play: subset games, and claims of which many are true."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Any

from oracle import delegation
from oracle.writing import Data


def delegation_model(rng: Random) -> Data:
    """Return a model with subset games."""
    game = delegation.random_game(rng)
    data: Data = {"feasible": rng.choice(("pure", "pure", "pure", "correlated"))}
    data["game"] = table(game)
    subsets = {f"s{k}": delegation.random_subset(rng, game) for k in range(3)}
    i = rng.randrange(len(game[0]))
    subsets["alone"] = alone(rng, game, i)
    data["subset-games"] = {name: table(one) for name, one in subsets.items()}
    if rng.random() < 0.2:
        own = [list(names) for names in subsets["s0"][0]]
        data["subset-games"]["s0"] = {"actions": own}
    claims = [spi(rng, game, rng.choice(("s0", "s1", "s2"))) for _ in range(4)]
    claims.append({**spi(rng, game, "alone"), "unilateral": rng.choice((i + 1, i + 1, 1))})
    claims[-1].pop("game", None)
    for _ in range(2):
        first = rng.choice((None, "s0", "s1"))
        claims.append(
            {"kind": "isomorphic", **named(first), "subset-game": rng.choice(("s1", "s2"))}
        )
        kept = reduced(rng, game if first is None else subsets[first])
        claims.append({"kind": "dominance-reduction", **named(first), "actions": kept})
        if rng.random() < 0.5:
            claims[-1]["dominance"] = rng.choice(("pure", "mixed"))
    return {**data, "claims": claims}


def named(name: str | None) -> Data:
    return {} if name is None else {"game": name}


def table(game: delegation.Game) -> Data:
    names, pays = game

    def nested(left: Any, chosen: tuple[str, ...] = ()) -> Any:
        if not left:
            return list(pays[chosen])
        return [nested(left[1:], (*chosen, a)) for a in left[0]]

    return {"actions": [list(own) for own in names], "payoffs": nested(names)}


def alone(rng: Random, game: delegation.Game, i: int) -> delegation.Game:
    """A game in which player i alone has other actions or payoffs, or nearly so."""
    names, pays = game
    own = tuple(rng.sample(names[i], rng.randint(1, len(names[i]))))
    actions = (*names[:i], own, *names[i + 1 :])
    j = i if rng.random() < 0.9 else rng.randrange(len(names))
    changed = {}
    for o in product(*actions):
        v = rng.choice((pays[o][j], pays[o][j], pays[o][j] + 1))
        changed[o] = (*pays[o][:j], v, *pays[o][j + 1 :])
    return actions, changed


def spi(rng: Random, game: delegation.Game, name: str) -> Data:
    claim: Data = {"kind": "payoff-transformation-spi", "subset-game": name}
    if rng.random() < 0.15:
        claim["game"] = rng.choice(("s1", "s2"))
    if rng.random() < 0.35:
        claim["assumptions"] = rng.choice(
            (["elimination"], ["isomorphism"], [], ["isomorphism", "elimination"])
        )
    if rng.random() < 0.2 and "elimination" in claim.get("assumptions", ["elimination"]):
        claim["dominance"] = "mixed"
    if "game" not in claim and rng.random() < 0.6:
        outcomes = rng.sample(sorted(delegation.reduction(game)[1]), 1)
        if rng.random() < 0.2:
            outcomes.append(rng.choice(sorted(game[1])))
        claim["strict"] = rng.choice(
            ("somewhere", "somewhere", "everywhere", [list(o) for o in outcomes])
        )
    return claim


def reduced(rng: Random, game: delegation.Game) -> list[list[str]]:
    kept = [list(own) for own in delegation.reduction(game)[0]]
    if rng.random() < 0.5:
        own = rng.choice(range(len(kept)))
        kept[own] = rng.sample(game[0][own], rng.randint(1, len(game[0][own])))
    return kept


def parametric_model(rng: Random) -> Data:
    """A model with parameters in some payoffs, most of whose claims hold at c = d = 1 or nearly."""
    while True:
        game = delegation.random_game(rng, 3, 2)
        if len(game[1]) <= 6 and len(game[0]) <= 3:
            break
    subsets = {f"s{k}": delegation.random_subset(rng, game) for k in range(2)}
    claims = [spi(rng, game, rng.choice(("s0", "s1"))) for _ in range(2)]
    for claim in claims:
        claim.pop("dominance", None)
        if claim.get("game") is not None:
            claim["game"] = "s1"
    claims.append({"kind": "dominance-reduction", "actions": reduced(rng, game)})
    claims.append({"kind": "isomorphic", "game": "s0", "subset-game": "s1"})
    data: Data = {"game": table(game), "subset-games": {n: table(g) for n, g in subsets.items()}}
    data["game"]["payoffs"] = spoilt(rng, data["game"]["payoffs"], 0.3)
    for one in data["subset-games"].values():
        one["payoffs"] = spoilt(rng, one["payoffs"], rng.choice((0.0, 0.0, 0.2)))
    if rng.random() < 0.3:
        del data["subset-games"]["s0"]["payoffs"]
    constraints = rng.choice((["0 <= c <= 2"], ["c >= 1", "d <= 2"], [], ["c > 1", "c < 1"]))
    data["parameters"] = {"names": ["c", "d"], "constraints": constraints}
    return {**data, "claims": rng.sample(claims, 2)}


def spoilt(rng: Random, cell: Any, share: float) -> Any:
    """Put expressions that are right at c = d = 1 in the place of some payoffs."""
    if isinstance(cell, list):
        return [spoilt(rng, inner, share) for inner in cell]
    if rng.random() >= share:
        return cell
    parameter, at_one = rng.choice((("c", 1), ("d", 1), ("2*c", 2), ("c - d", 0)))
    rest = cell - at_one
    return f"{parameter} {'-' if rest < 0 else '+'} {abs(rest)}"
