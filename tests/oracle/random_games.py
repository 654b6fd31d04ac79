"""Random small games of all shapes, with functions and claims about them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod
from random import Random
from typing import Any

from oracle.claims import Oracle
from oracle.points import at_least
from oracle.writing import Data, Decimal, plain

STYLES = (
    "small",
    "small",
    "small",
    "signed",
    "fractions",
    "decimals",
    "huge",
    "zero-sum",
    "few",
    "flat",
)


def number(rng: Random, style: str) -> Any:
    if style == "signed":
        return rng.randint(-3, 4)
    if style == "fractions":
        return Fraction(rng.randint(-6, 9), rng.choice((1, 2, 3, 7)))
    if style == "decimals":
        return Decimal(rng.choice(("0.1", "0.25", "-0.5", "1.75", "2.0", "0.3", "1e0", "-1.1")))
    if style == "huge":
        return rng.choice((10**18, -(10**20), 10**30)) + rng.randint(0, 2)
    if style == "flat":
        return rng.randint(0, 1)
    return rng.randint(0, 3)


def players(rng: Random) -> int:
    return rng.choices((1, 2, 3, 4), (1, 6, 2, 1))[0]


def shape(rng: Random, n: int, most: int) -> list[int]:
    while True:
        sizes = [rng.choice((1, 2, 2, 3, 4) if n < 3 else (1, 2, 2, 3)) for _ in range(n)]
        if prod(sizes) <= most and (prod(sizes) > 1 or rng.random() < 0.1):
            return sizes


def game(rng: Random, n: int, most: int) -> Data:
    sizes, style = shape(rng, n, most), rng.choice(STYLES)
    pool = [[number(rng, "small") for _ in range(n)] for _ in range(3)]

    def profile() -> list[Any]:
        if style == "few":
            return rng.choice(pool)
        numbers = [number(rng, style) for _ in range(n)]
        if style == "zero-sum" and n > 1:
            numbers[-1] = -sum(numbers[:-1])
        return numbers

    def table(left: Sequence[int]) -> Any:
        return [table(left[1:]) for _ in range(left[0])] if left else profile()

    result: Data = {"payoffs": table(sizes)}
    if rng.random() < 0.3:
        names = [
            ["A", "B", "C", "D"],
            ["B", "A", "x y", "D"],
            ["Übrig", "A", "B", "-"],
            ["1", "A", "2", "B"],
        ]
        result["actions"] = [names[i][:size] for i, size in enumerate(sizes)]
    return result


def negotiation(rng: Random, n: int) -> Data:
    issues = []
    for k in range(rng.randint(1, 2)):
        size = rng.randint(2 if k == 0 else 1, 3)
        values = [f"v{k}{j}" for j in range(size)]
        style = rng.choice(("small", "decimals", "fractions", "signed"))
        numbers = [[number(rng, style) for _ in range(size)] for _ in range(n)]
        issues.append({"name": f"Issue {k}", "values": values, "utilities": numbers})
    return {
        "agreement": {"disagreement": [number(rng, "signed") for _ in range(n)], "issues": issues}
    }


def oracle(data: Data) -> Oracle:
    return Oracle(plain(data))


def mixtures(rng: Random, outcomes: Sequence[list[str]]) -> Data:
    found: Data = {}
    for name in rng.sample(("coin", "half-way", "m"), rng.randint(0, 2)):
        picked = [rng.choice(outcomes) for _ in range(rng.randint(1, 3))]
        parts = rng.choice(([1], [1])) if len(picked) == 1 else None
        raw = parts or [rng.randint(0 if k else 1, 3) for k in range(len(picked))]
        total = sum(raw)
        found[name] = [
            {"outcome": o, "weight": Fraction(w, total)} for o, w in zip(picked, raw, strict=True)
        ]
    return found


def reference(rng: Random, data: Data, outcomes: Sequence[list[str]]) -> Any:
    if data.get("mixtures") and rng.random() < 0.25:
        return {"mixture": rng.choice(list(data["mixtures"]))}
    return list(rng.choice(outcomes))


def pattern(rng: Random, data: Data, outcomes: Sequence[list[str]]) -> Any:
    found = reference(rng, data, outcomes)
    if isinstance(found, list) and found != ["disagreement"]:
        return ["*" if rng.random() < 0.35 else action for action in found]
    return found


def condition(rng: Random, n: int, ops: Sequence[str], pmm: bool = False) -> str:
    terms = []
    for i in rng.sample(range(1, n + 1), min(n, rng.choice((1, 1, 2)))):
        terms.append(rng.choice(("", "", "2*", "1/2*")) + f"u{i}")
    left = rng.choice((" + ", " - ")).join(terms)
    right = rng.choice(("0", "1", "2", "3", "1/2", "-1", "5/2"))
    if pmm and rng.random() < 0.3:
        right = f"pmm{rng.randint(1, n)}"
    return f"{left} {rng.choice(ops)} {right}"


def source(rng: Random, data: Data, outcomes: Sequence[list[str]], payoffs: bool = True) -> Any:
    kind = rng.random()
    if kind < 0.2:
        return "mismatch"
    if kind < 0.35 and payoffs:
        return "inefficient"
    if kind < 0.55:
        return "any"
    return pattern(rng, data, outcomes)


def rules(rng: Random, data: Data, ask: Oracle, payoffs: bool = True) -> list[Data]:
    """Return a renegotiation function; often one that only improves."""
    outcomes, found = ask.game.outcomes, []
    careful = rng.random() < 0.6
    for _ in range(rng.randint(1, 3)):
        rule: Data = {"from": source(rng, data, outcomes, payoffs)}
        if payoffs and rng.random() < 0.25:
            ops = ("<=", ">=", "<", ">", "=")
            rule["where"] = [condition(rng, len(ask.game.players), ops)]
        if payoffs and not ask.game.correlated and rng.random() < 0.2:
            n = len(ask.game.players)
            rule["to"] = rng.choice(("leximin", "utilitarian", f"dictator-{rng.randint(1, n)}"))
        else:
            rule["to"] = reference(rng, data, outcomes)
            if careful:
                make_careful(rng, rule, ask)
        found.append(rule)
    return found


def make_careful(rng: Random, rule: Data, ask: Oracle) -> None:
    starts = [s for s in ask.game.starts(["any"]) if ask.game.matches(rule["from"], s)]
    good = [k for k, u in enumerate(ask.game.pays) if all(at_least(u, s.pays) for s in starts)]
    if good:
        rule["to"] = ask.game.outcomes[rng.choice(good)]
    else:
        start = rng.choice(ask.game.starts())
        better = [k for k, u in enumerate(ask.game.pays) if at_least(u, start.pays)]
        rule["from"] = ask.game.outcomes[start.name]
        rule["to"] = ask.game.outcomes[rng.choice(better)]


def changed(rng: Random, items: list[Any], others: Sequence[Any]) -> list[Any]:
    """Return a list with one member more or less, or as it is."""
    if rng.random() < 0.5:
        return items
    if items and rng.random() < 0.5:
        return [x for k, x in enumerate(items) if k != rng.randrange(len(items))]
    extra = rng.choice(list(others))
    return items if extra in items else [*items, extra]


def off(rng: Random, u: Sequence[Any]) -> list[Any]:
    """Return a payoff profile, or one with a number changed."""
    result = list(u)
    if rng.random() < 0.4:
        result[rng.randrange(len(result))] += rng.choice(
            (Fraction(1, 2), 1, -1, Fraction(1, 10**9))
        )
    return result


def game_claims(rng: Random, data: Data, ask: Oracle) -> list[Data]:
    outcomes, n, claims = ask.game.outcomes, len(ask.game.players), []
    for name in data.get("renegotiation", {}):
        for kind in ("spi", "renegotiation-function", "individually-rational-to-pmm"):
            claims.append({"kind": kind, "function": name})
    best = [o for o, good in zip(outcomes, ask.game.efficient, strict=True) if good]
    claims.append({"kind": "efficient", "outcomes": changed(rng, best, outcomes)})
    claims.append({"kind": "pmm", "payoffs": off(rng, ask.game.pmm)})
    for _ in range(4):
        player, where = rng.randint(1, n), reference(rng, data, outcomes)
        pays = ask.game.start(where).pays
        claim: Data = {"kind": "pmp", "player": player, "outcome": where}
        if ask.game.correlated:
            ends: list[Any] = [list(u) for u in ask.game.pmp_hull(player - 1, pays)]
            if ends and rng.random() < 0.4:
                ends = rng.choice(([off(rng, u) for u in ends], ends[:1], []))
            if rng.random() < 0.5:
                ends.reverse()
            claim["segment"] = ends
        else:
            found = [outcomes[k] for k in sorted(ask.game.pmp_pure(player - 1, pays))]
            claim["outcomes"] = changed(rng, found, outcomes)
        claims.append(claim)
    return claims


def basic_model(rng: Random) -> Data:
    """Return a model about functions, efficiency, PMM and PMP."""
    n = players(rng)
    data: Data = {"feasible": rng.choice(("pure", "correlated"))}
    agreeing = n > 1 and rng.random() < 0.15
    data["game"] = negotiation(rng, n) if agreeing else game(rng, n, 9 if n < 4 else 8)
    ask = oracle(data)
    if data["feasible"] == "correlated" and not agreeing:
        data["mixtures"] = mixtures(rng, ask.game.outcomes)
        ask = oracle(data)
    if rng.random() < 0.4:
        data["defaults"] = {
            "reachable": [pattern(rng, data, ask.game.outcomes) for _ in range(rng.randint(1, 3))]
        }
    data["renegotiation"] = {f"r{k}": rules(rng, data, ask) for k in range(rng.randint(2, 5))}
    ask = oracle(data)
    return {**data, "claims": game_claims(rng, data, ask)}


CONSTRAINTS = (
    ["0 <= c <= 2", "d > 0"],
    ["0 <= c <= 3", "-1 < d < 2"],
    ["c >= 1", "c + d <= 3"],
    ["c = 1"],
    [],
    ["c > d"],
    ["c > 1", "c < 1"],
)


def _expression(rng: Random) -> Any:
    return rng.choice(("c", "d", "c + d", "2*c - 1", "d - c", "1/2*d", "3 - c", 0, 1, 1, 2, 3, -1))


def parameter_model(rng: Random) -> Data:
    """Return a model with parameters in its payoffs."""
    n = rng.choice((1, 2, 2, 2, 3))
    data: Data = {"feasible": rng.choices(("pure", "correlated"), (4, 1))[0]}
    sizes = shape(rng, n, 4)

    def table(left: Sequence[int]) -> Any:
        if not left:
            return [_expression(rng) for _ in range(n)]
        return [table(left[1:]) for _ in range(left[0])]

    data["game"] = {"payoffs": table(sizes)}
    data["parameters"] = {"names": ["c", "d"], "constraints": rng.choice(CONSTRAINTS)}
    values = {"c": Fraction(1), "d": Fraction(1)}
    ask = Oracle(plain(data), values)
    outcomes = ask.game.outcomes
    if data["feasible"] == "correlated":
        data["mixtures"] = mixtures(rng, outcomes)
        ask = Oracle(plain(data), values)
    if rng.random() < 0.3:
        data["defaults"] = {"reachable": [pattern(rng, data, outcomes)]}
    data["renegotiation"] = {"r": rules(rng, data, ask, payoffs=False)}
    claims = [{"kind": kind, "function": "r"} for kind in ("spi", "renegotiation-function")]
    if data["feasible"] == "pure":
        player, where = rng.randint(1, n), rng.choice(outcomes)
        best = [o for o, good in zip(outcomes, ask.game.efficient, strict=True) if good]
        found = ask.game.pmp_pure(player - 1, ask.game.start(where).pays)
        claims += [
            {"kind": "individually-rational-to-pmm", "function": "r"},
            {"kind": "pmm", "payoffs": [_expression(rng) for _ in range(n)]},
            {"kind": "efficient", "outcomes": changed(rng, best, outcomes)},
            {
                "kind": "pmp",
                "player": player,
                "outcome": where,
                "outcomes": [outcomes[k] for k in found],
            },
        ]
    return {**data, "claims": rng.sample(claims, 2)}
