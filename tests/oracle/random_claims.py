"""Random claims about sets, profiles and selection functions, many of them true."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from fractions import Fraction
from random import Random
from typing import Any

from oracle.claims import Oracle, interval
from oracle.random_games import (
    changed,
    game,
    mixtures,
    number,
    off,
    oracle,
    players,
    reference,
)
from oracle.random_sets import Sets, selection
from oracle.selections import Named
from oracle.spaces import parse
from oracle.writing import Data, plain


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
    rows += [[number(rng, "small") for _ in range(n)] for _ in range(rng.randint(0, 1))]
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
