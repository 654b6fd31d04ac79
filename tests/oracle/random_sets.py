"""Random set-valued functions, profiles, and claims about them, many of them true."""

from __future__ import annotations

from random import Random

from oracle.claims import Oracle
from oracle.points import at_least, middle
from oracle.random_games import (
    condition,
    pattern,
    reference,
    source,
)
from oracle.writing import Data


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
