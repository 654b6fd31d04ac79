"""Random model files: small games of all shapes, with claims of every kind."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import prod
from random import Random
from typing import Any

from tests.oracle.claims import Oracle, interval
from tests.oracle.points import Point, at_least, middle

Data = dict[str, Any]


class Decimal(str):
    """A number that is written as a decimal in TOML, and read as this text."""


def toml(data: Mapping[str, Any]) -> str:
    """Write a model file."""
    lines = []
    for key in ("title", "feasible"):
        if key in data:
            lines.append(f"{key} = {_inline(data[key])}")
    for section in (
        "game",
        "parameters",
        "mixtures",
        "defaults",
        "renegotiation",
        "sets",
        "profiles",
    ):
        if section in data:
            lines += ["", f"[{section}]"]
            lines += [f"{_key(k)} = {_inline(v)}" for k, v in data[section].items()]
    for claim in data["claims"]:
        lines += ["", "[[claims]]", *(f"{k} = {_inline(v)}" for k, v in claim.items())]
    return "\n".join(lines) + "\n"


def _key(name: str) -> str:
    return name if name.replace("-", "").replace("_", "").isalnum() else json.dumps(name)


def _inline(value: Any) -> str:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {_inline(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_inline, value)) + "]"
    if isinstance(value, Fraction):
        return str(value) if value.denominator == 1 else json.dumps(str(value))
    return json.dumps(value, ensure_ascii=False)


# Games.

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


def _number(rng: Random, style: str) -> Any:
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
    pool = [[_number(rng, "small") for _ in range(n)] for _ in range(3)]

    def profile() -> list[Any]:
        if style == "few":
            return rng.choice(pool)
        numbers = [_number(rng, style) for _ in range(n)]
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
        numbers = [[_number(rng, style) for _ in range(size)] for _ in range(n)]
        issues.append({"name": f"Issue {k}", "values": values, "utilities": numbers})
    return {
        "agreement": {"disagreement": [_number(rng, "signed") for _ in range(n)], "issues": issues}
    }


def oracle(data: Data) -> Oracle:
    return Oracle(plain(data))


def plain(value: Any) -> Any:
    """Return what reading the TOML text gives."""
    if isinstance(value, Mapping):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else str(value)
    return value


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
                _make_careful(rng, rule, ask)
        found.append(rule)
    return found


def _make_careful(rng: Random, rule: Data, ask: Oracle) -> None:
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


# Parameters.

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


# Set-valued functions.


def selection(rng: Random, n: int) -> str:
    def numbers() -> str:
        if rng.random() < 0.4:
            return " ".join(["0"] * n)
        return " ".join(rng.choice(("0", "1", "-1", "1/2", "-3", "2")) for _ in range(n))

    order = " ".join(map(str, rng.sample(range(1, n + 1), n)))
    found: str = rng.choice(
        (
            "leximin",
            "utilitarian",
            "maxmin",
            f"lexicographic {order}",
            f"dictator {rng.randint(1, n)}",
            f"nash {numbers()}",
            f"kalai-smorodinsky {numbers()}",
        )
    )
    return f"({found})" if rng.random() < 0.3 else found


class Sets:
    """Makes ``[sets]`` and ``[profiles]`` for a game."""

    def __init__(self, rng: Random, data: Data, ask: Oracle) -> None:
        self.rng, self.data, self.ask = rng, data, ask
        self.n = len(ask.game.players)
        self.lotteries = ask.game.correlated
        self.regions = not self.lotteries or self.n == 2
        self.made: Data = {}

    def others(self) -> Data:
        rng = self.rng
        player = rng.randint(1, self.n)
        if rng.random() < 0.5:
            return {"player": player, "tag": "pmp-extension"}
        return {"player": player, "function": rng.choice(list(self.made))}

    def part(self) -> Data:
        rng, part = self.rng, {}
        outcomes = self.ask.game.outcomes
        if rng.random() < 0.3:
            part["from"] = source(rng, self.data, outcomes)
        if rng.random() < 0.15:
            part["where"] = [condition(rng, self.n, ("<=", ">=", "<", ">", "="))]
        for key in ("against", "unless"):
            if self.made and rng.random() < 0.25:
                part[key] = [self.others() for _ in range(rng.choice((1, 1, 2)))]
        kinds = rng.choices(
            (("within",), ("outcomes",), ("pmp",), ("within", "outcomes"), ("within", "pmp")),
            (6, 1.5, 1, 1.5, 0.7),
        )[0]
        if not self.regions:
            kinds = rng.choice((("outcomes",), ("outcomes",), ("pmp",), ("outcomes", "pmp")))
        if "within" in kinds:
            part["within"] = ["improving"] if rng.random() < 0.85 else []
            while not part["within"] or rng.random() < 0.35:
                part["within"].append(condition(rng, self.n, ("<=", ">=", "="), pmm=True))
        if "outcomes" in kinds:
            part["outcomes"] = [
                pattern(rng, self.data, outcomes) for _ in range(rng.choice((1, 1, 2, 3)))
            ]
            if not self.regions and rng.random() < 0.5:
                self._improving_only(part)
            if self.lotteries and rng.random() < 0.2:
                points = self.ask.game.pays
                part["payoffs"] = [list(middle((rng.choice(points), rng.choice(points))))]
        if "pmp" in kinds:
            part["pmp"] = rng.randint(1, self.n)
        return part

    def _improving_only(self, part: Data) -> None:
        start = self.rng.choice(self.ask.game.starts())
        part["from"] = self.ask.game.outcomes[start.name]
        part["outcomes"] = [
            o
            for o, u in zip(self.ask.game.outcomes, self.ask.game.pays, strict=True)
            if at_least(u, start.pays)
        ]

    def _term(self, depth: int) -> str:
        rng = self.rng
        simple = ["(improving)", f"(pmp {rng.randint(1, self.n)})", self._set()]
        if self.regions:
            bounds = " ".join(str(rng.choice((0, 1, -1, 2))) for _ in range(self.n))
            simple.append(f"(at-most {rng.choice(('0', '1', '2', '1/2'))} {bounds})")
        else:
            simple = simple[1:]
        if depth == 0:
            return rng.choice(simple)
        a, b = self._term(depth - 1), self._term(depth - 1)
        improving = "(improving)" if self.regions else f"(pmp {rng.randint(1, self.n)})"
        return rng.choice(
            (
                f"(both {improving} {a})",
                f"(both {improving} {b})",
                f"(either {a} {b})",
                f"(when {self._condition(1)} {a} {b})",
                f"(by-outcome {a} (row {self._outcome()} {b}))",
            )
        )

    def _condition(self, depth: int) -> str:
        rng, player = self.rng, self.rng.randint(1, self.n)
        terms = [text for text in self.made.values() if isinstance(text, str)]
        simple = [f'(tagged {player} "pmp-extension")']
        simple.append(f"(now-at-most {rng.choice((0, 1, 2))} {' '.join(['1'] * self.n)})")
        if terms:
            simple.append(f"(is {player} {rng.choice(terms)})")
        if depth == 0:
            return rng.choice(simple)
        a, b = self._condition(0), self._condition(0)
        return rng.choice((a, f"(not {a})", f"(all {a} {b})", f"(any {a} {b})"))

    def _outcome(self) -> str:
        names = " ".join(f'"{x}"' for x in self.rng.choice(self.ask.game.outcomes))
        return f"[{names}]"

    def _set(self) -> str:
        return f"(set {' '.join(self._outcome() for _ in range(self.rng.randint(1, 2)))})"

    def make(self) -> None:
        rng = self.rng
        for k in range(rng.randint(2, 5)):
            kind = rng.random()
            name = f"f{k}"
            if kind < 0.2 and self.made:
                inner = rng.choice(list(self.made))
                if not isinstance(self.made[inner], str):
                    self.made[name] = {"pmp-extension": inner}
                    continue
            if kind > 0.9:
                self.made[name] = f'(tag "t{k}" {self._term(rng.randint(1, 2))})'
                continue
            parts = [self.part() for _ in range(rng.choice((1, 1, 2, 3)))]
            self.made[name] = parts
        if self.n > 1 and rng.random() < 0.3:
            self.made["w"] = self._punishing()
        self.data["sets"] = self.made

    def _punishing(self) -> list[Data]:
        """Return a function that answers an extension with another set."""
        rng = self.rng
        tag = [{"player": rng.randint(1, self.n), "tag": "pmp-extension"}]
        parts = [self.part(), self.part()]
        for key, part in zip(
            rng.choice((("unless", "against"), ("unless", "unless"))), parts, strict=True
        ):
            part.pop("from", None)
            part.pop("where", None)
            part[key] = tag
        return parts

    def profiles(self, transitive: bool) -> None:
        rng, names = self.rng, list(self.made)
        found: Data = {}
        for name in ("p", "q"):
            profile: Data = {"functions": [rng.choice(names) for _ in range(self.n)]}
            if "w" in names and rng.random() < 0.8:
                profile["functions"][rng.randrange(self.n)] = "w"
            kind = rng.random()
            if kind < 0.55:
                profile["selection"] = selection(rng, self.n)
            elif kind < 0.75:
                profile["selection"] = "every"
            elif kind < 0.9 and transitive:
                profile["selection"] = "every-transitive"
            if rng.random() < 0.75:
                count = 1 if rng.random() < 0.7 else 2
                profile["defaults"] = [
                    reference(rng, self.data, self.ask.game.outcomes) for _ in range(count)
                ]
            found[name] = profile
        self.data["profiles"] = found


def set_model(rng: Random) -> Data:
    """Return a model about set-valued functions."""
    n = players(rng)
    data: Data = {"feasible": rng.choices(("pure", "correlated"), (3, 1))[0]}
    data["game"] = game(rng, n, 6 if data["feasible"] == "pure" else 8)
    ask = oracle(data)
    if data["feasible"] == "correlated":
        data["mixtures"] = mixtures(rng, ask.game.outcomes)
        ask = oracle(data)
    if rng.random() < 0.2:
        data["defaults"] = {"reachable": [reference(rng, data, ask.game.outcomes)]}
    sets = Sets(rng, data, ask)
    sets.make()
    sets.profiles(transitive=len(ask.game.pays) <= 4 or ask.game.correlated)
    ask = oracle(data)
    return {**data, "claims": list(SetClaims(rng, data, ask).all())}


class SetClaims:
    """Makes claims about profiles and functions, many of them true."""

    def __init__(self, rng: Random, data: Data, ask: Oracle) -> None:
        self.rng, self.data, self.ask = rng, data, ask
        self.n = len(ask.game.players)

    def all(self) -> Any:
        rng, n = self.rng, self.n
        for name in ("p", "q"):
            for kind in ("spi", "pmm-guarantee"):
                yield self._selected({"kind": kind, "profile": name})
            yield self._agreement(name)
        for name in self.data["sets"]:
            yield {
                "kind": "set-valued-renegotiation-function",
                "function": name,
                "player": rng.randint(1, n),
            }
        single = [name for name in ("p", "q") if len(self.ask.defaults(name)) == 1]
        if single:
            yield from (self._prefers(single) for _ in range(2))
        watched = [
            int(player)
            for player in re.findall(
                r"\W(?:player\W+|is |tagged )(\d)", json.dumps(plain(self.data["sets"]))
            )
        ]
        for kind in ("pmp-extension-safe", "pmp-extension-unpunished"):
            names = rng.choice((["p"], ["q"], ["p", "q"]))
            player = rng.choice(watched) if watched and rng.random() < 0.7 else rng.randint(1, n)
            claim = {"kind": kind, "player": player, "profiles": names}
            yield self._selected(claim)

    def _selected(self, claim: Data) -> Data:
        if self.rng.random() < 0.2:
            claim["selection"] = selection(self.rng, self.n)
        return claim

    def _fixed(self, claim: Data, name: str) -> Any:
        """Return the selection function if it is one by name."""
        from tests.oracle.selections import Named
        from tests.oracle.spaces import parse

        given = claim.get("selection", self.data["profiles"][name].get("selection", "every"))
        rule = "leximin" if given in ("every", "every-transitive") else given
        return Named(self.ask.functions.space, parse(rule))

    def _agreement(self, name: str) -> Data:
        rng, ask = self.rng, self.ask
        claim = self._selected({"kind": "agreement", "profile": name})
        if len(ask.defaults(name)) != 1 or rng.random() < 0.3:
            claim["outcome"] = reference(rng, self.data, ask.game.outcomes)
        select = self._fixed(claim, name)
        agreed = ask.agreed({**claim}, select)
        what = rng.choice(("set", "selected", "pays", "both"))
        if what in ("set", "both"):
            if ask.game.correlated:
                claim["polygons"] = self._polygons(agreed)
            else:
                listed = [ask.game.outcomes[k] for k in sorted(agreed)]
                claim["agreement"] = changed(rng, listed, ask.game.outcomes)
        if what != "set":
            if not agreed and rng.random() < 0.7:
                start = ask.agreeing(claim)
                mixture = {"mixture": start.name}
                pure = isinstance(start.name, int)
                claim["selected"] = ask.game.outcomes[start.name] if pure else mixture
            elif not agreed or rng.random() < 0.2:
                claim["selected"] = reference(rng, self.data, ask.game.outcomes)
            else:
                pays = ask.functions.space.pays(select(agreed))
                named = [s for s in ask.game.starts(["any"]) if s.pays == pays]
                if what == "pays" or not named:
                    claim["pays"] = off(rng, pays)
                else:
                    start = rng.choice(named)
                    claim["selected"] = (
                        ask.game.outcomes[start.name]
                        if isinstance(start.name, int)
                        else {"mixture": start.name}
                    )
        return claim

    def _polygons(self, agreed: Any) -> list[Any]:
        rng = self.rng
        pieces: list[Any] = [[list(u) for u in corners] for corners in agreed]
        rng.shuffle(pieces)
        change = rng.random()
        if change < 0.12 and pieces:
            pieces.pop()
        elif change < 0.24 and pieces:
            pieces[0][0] = off(rng, pieces[0][0])
        elif change < 0.34:
            pieces.append([list(rng.choice(self.ask.game.pays))])
        elif change < 0.44 and pieces:  # the same set, cut into more pieces
            pieces.append([list(rng.choice(pieces)[0])])
        return pieces

    def _prefers(self, single: Sequence[str]) -> Data:
        rng, ask = self.rng, self.ask
        names = list(self.data["sets"])
        claim: Data = {
            "kind": "prefers",
            "player": rng.randint(1, self.n),
            "function": rng.choice(names),
            "over": rng.choice(names),
        }
        picked = [rng.choice(single) for _ in range(rng.choice((1, 2, 2, 3)))]
        picked = [
            p for p in dict.fromkeys(picked) if self._own(p, claim) == self._own(picked[0], claim)
        ]
        every = any(
            self.data["profiles"][p].get("selection", "every").startswith("every") for p in picked
        )
        differ = len({self.data["profiles"][p].get("selection", "every") for p in picked}) > 1
        if every or differ or rng.random() < 0.3:
            claim["selection"] = selection(rng, self.n)
        raw = [rng.randint(0 if k else 1, 3) for k in range(len(picked))]
        weights = [Fraction(w, sum(raw)) for w in raw]
        claim["beliefs"] = [
            {"profile": p, "weight": w} for p, w in zip(picked, weights, strict=True)
        ]
        found = ask.differences(claim, self._fixed(claim, picked[0]))
        if len(picked) == 2 and rng.random() < 0.4:
            claim["beliefs"] = [{"profile": p} for p in picked]
            ends = interval(found[0], found[1])
            claim["exactly"] = rng.choice((ends, ends, [0, 1], [], [Fraction(1, 2), 1]))
            return claim
        mean = sum((w * d for w, d in zip(weights, found, strict=True)), Fraction(0))
        if rng.random() < 0.5:
            claim["by"] = mean + rng.choice((0, 0, Fraction(1, 100), -1))
        return claim

    def _own(self, profile: str, claim: Data) -> Any:
        """Return the player's own default action in a profile."""
        (start,) = self.ask.defaults(profile)
        if not isinstance(start.name, int):
            return start.pays
        return self.ask.game.outcomes[start.name][claim["player"] - 1]


TURNING = (
    ((0, 1), (1, 0), (0, 2)),
    ((2, -1), (2, 0), (0, 2), (1, 0)),
    ((1, 1, 0), (1, 0, 1), (1, 2, 0)),
    ((1, 1, 2), (2, 2, 1), (1, 3, 2)),
)
"""Payoff profiles on which selection functions that are not transitive can turn around."""


def _planted(rng: Random, n: int) -> Data:
    """Return a game in which selection functions may turn around."""
    base = rng.choice([u for u in TURNING if len(u[0]) <= n])
    order = rng.sample(range(n), n)
    rows = []
    for u in base:
        row = [*u, *[rng.choice((0, 1))] * (n - len(u))]
        rows.append([row[i] for i in order])
    rows += [[_number(rng, "small") for _ in range(n)] for _ in range(rng.randint(0, 1))]
    if rng.random() < 0.5:
        rng.shuffle(rows)
    table: Any = [rows]
    for _ in range(n - 2):
        table = [table]
    return {"payoffs": table}


def selection_model(rng: Random) -> Data:
    """Return a model about transitive selection functions."""
    n = rng.choice((1, 2, 2, 2, 3, 4))
    data: Data = {"feasible": rng.choice(("pure", "pure", "correlated"))}
    planted = n > 1 and rng.random() < 0.6
    data["game"] = _planted(rng, n) if planted else game(rng, n, 9)
    ask = oracle(data)
    if data["feasible"] == "correlated":
        data["mixtures"] = mixtures(rng, ask.game.outcomes)
    outcomes, claims = ask.game.outcomes, []
    for _ in range(6):
        claim: Data = {"kind": "selection-transitive", "selection": selection(rng, n)}
        while rng.random() < 0.7 and re.search("lexi|util", claim["selection"]):
            claim["selection"] = selection(rng, n)
        if rng.random() < 0.3:
            claim["sets"] = [
                [reference(rng, data, outcomes) for _ in range(rng.randint(1, 3))]
                for _ in range(rng.randint(2, 4))
            ]
        else:
            picked = [reference(rng, data, outcomes) for _ in range(rng.randint(2, 6))]
            picked = list(outcomes) if planted and rng.random() < 0.5 else picked
            claim["outcomes"] = [o for k, o in enumerate(picked) if o not in picked[:k]]
        claims.append(claim)
    return {**data, "claims": claims}


MODELS: Mapping[str, tuple[Callable[[Random], Data], float]] = {
    "basic": (basic_model, 70),
    "sets": (set_model, 18),
    "selection": (selection_model, 10),
    "parameters": (parameter_model, 2),
}


def model(rng: Random, kind: str | None = None) -> Data:
    """Return the data of a random model file, with claims of this kind only if one is given."""
    while True:
        names = list(MODELS)
        (name,) = rng.choices(names, [MODELS[k][1] for k in names])
        data = MODELS[name][0](rng)
        if kind is not None:
            data["claims"] = [c for c in data["claims"] if c["kind"] == kind]
        if data["claims"]:
            for k, claim in enumerate(data["claims"]):
                claim["name"] = f"c{k}"
            return data


__all__ = ["Point", "model", "plain", "product", "toml"]
