"""Definitions of what tokens achieve say what code says, in random structures.

These need not be games that make sense: each definition is compared by itself.
"""

from __future__ import annotations

import itertools
import random
import re
from fractions import Fraction as Q

import pytest
import z3
from test_delegation_paper import FOLDER, with_definitions
from test_delegation_theorem_15 import mixed
from z3 import And, Exists, ForAll, Or

from spi_verify.papers.loading import load
from spi_verify.theory import PAPER
from spi_verify.theory.evaluate import Structure
from spi_verify.theory.signature import Outcome, Player


@pytest.fixture(scope="module")
def theory():
    (one,) = (one for one in load(FOLDER, PAPER) if one.id == "oc-thm-15-a/repaired")
    return one.theory


SHARES = (Q(0), Q(1), Q(1, 2))
POINTS = list(itertools.product((0, 1, 2), repeat=2))
GAMES = {0: (0, 1, 2), 1: (3, 4, 5)}
"""The outcomes of a game and of a copy."""


class Model:
    """A structure of two games, two maps, some plays and valuations; much of it is random."""

    def __init__(self, seed):
        some = random.Random(seed)
        self.pays = [some.choice(POINTS) for _ in range(6)]
        self.plays = [(some.choice(GAMES[0]), some.choice(GAMES[1])) for _ in range(2)]
        self.hull = {(y, n): some.random() < 0.7 for y in range(9) for n in (0, 1)}
        # something that is achieved, with two plays that differ
        self.valuations = [[POINTS.index(y) for y in self.pays]]
        self.valuations += [[some.randrange(9) for _ in range(6)] for _ in range(3)]
        self.valuations.append([some.choice((7, 8)) for _ in range(6)])
        self.image = [{b: some.choice(GAMES[1]) for b in range(6)} for _ in range(2)]
        self.left = some.choice([(0, 1), (1, 1)])
        self.mixtures = {
            (m, p, q): self.mixture(some, part, p, q)
            for m, part in enumerate(SHARES)
            for p in range(9)
            for q in range(9)
        }

    def mixture(self, some, part, p, q):
        y = mixed(part, POINTS[p], POINTS[q])
        return POINTS.index(y) if y in POINTS else some.randrange(9)

    def structure(self, theory):
        weights = dict(enumerate(SHARES))
        numbers = range(9)
        tables = {
            "pays": {(i, a): y[i] for i in (0, 1) for a, y in enumerate(self.pays)},
            "in_game": {(a, n): a in GAMES[n] for a in range(6) for n in (0, 1)},
            "result": {(w, n): one[n] for w, one in enumerate(self.plays) for n in (0, 1)},
            "has_action": {(i, x, n): x == n for i in (0, 1) for x in (0, 1) for n in (0, 1)},
            "image": {(f, b): c for f, one in enumerate(self.image) for b, c in one.items()},
            "left": {(n,): m for n, m in enumerate(self.left)},
            "coordinate": {(i, n): y[i] for i in (0, 1) for n, y in enumerate(POINTS)},
            "in_hull": dict(self.hull),
            "payoff_point": {(a,): POINTS.index(y) for a, y in enumerate(self.pays)},
            "stands_for": {
                (e, a): y for e, one in enumerate(self.valuations) for a, y in enumerate(one)
            },
            "expectation": {
                (i, n, e): self.expected(n, e)[i] for i in (0, 1) for n in (0, 1) for e in range(5)
            },
            "mixing_weight": {(m,): part for m, part in weights.items()},
            "mixture_of": self.mixtures,
            "margin": {
                (i, p, q): POINTS[p][i] - POINTS[q][i]
                for i in (0, 1)
                for p in numbers
                for q in numbers
            },
            "part_of": {(m, n): (m + n) % 3 for m in range(3) for n in range(3)},
            "exchanged": {(0,): 1, (1,): 0, (2,): 2},
        }
        sizes = {"Player": 2, "Action": 2, "Outcome": 6, "Game": 2, "Play": 2, "Point": 9}
        sizes |= {"Valuation": 5, "Mixture": 3, "ActionMap": 2}
        return with_definitions(theory, Structure(sizes, tables))

    def expected(self, n, e):
        stood = [POINTS[self.valuations[e][one[n]]] for one in self.plays]
        return tuple(sum(Q(y[i]) for y in stood) / len(stood) for i in (0, 1))

    def improves(self, n, e, m):
        inside = all(self.hull[self.valuations[e][a], m] for a in GAMES[n])
        good = all(no_less(POINTS[self.valuations[e][w[n]]], self.pays[w[m]]) for w in self.plays)
        return n != m and inside and good

    def on_segment(self, y, p, q):
        return any(POINTS[y] == POINTS[self.mixtures[m, p, q]] for m in range(3))

    def above(self, y, p, q):
        return any(self.on_segment(x, p, q) and no_less(POINTS[y], POINTS[x]) for x in range(9))

    def achieved(self, y, m):
        return any(
            self.improves(n, e, m) and self.expected(n, e) == POINTS[y]
            for n in (0, 1)
            for e in range(5)
        )

    def reached(self, y, m):
        return any(self.achieved(z, m) and no_less(POINTS[z], POINTS[y]) for z in range(9))

    def frontier(self, y, m):
        better = (z for z in range(9) if no_less(POINTS[z], POINTS[y]) and POINTS[z] != POINTS[y])
        return self.hull[y, m] and not any(self.hull[z, m] for z in better)

    def paid(self, i, m):
        return [self.pays[w[m]][i] for w in self.plays]

    def extreme(self, i, y, m, which):
        return self.frontier(y, m) and POINTS[y][i] == which(self.paid(i, m))

    def default(self, y, m):
        paid = [self.paid(i, m) for i in (0, 1)]
        return POINTS[y] == tuple(Q(sum(one), len(one)) for one in paid)

    def straight(self, y, i, v, p, q):
        return self.no_less_above(y, v, p, q) and POINTS[y][i] == POINTS[v][i]

    def no_less_above(self, y, v, p, q):
        return no_less(POINTS[y], POINTS[v]) and self.above(y, p, q)

    def line(self, y, i, m):
        return any(
            self.extreme(i, p, m, min) and self.extreme(i, q, m, max) and self.on_segment(y, p, q)
            for p in range(9)
            for q in range(9)
        )

    def chosen(self, e, f, m, fits):
        """Whether images stand for what fits, wherever something in the hull does."""
        for b in GAMES[self.left[m]]:
            stood = self.valuations[e][self.image[f][b]]
            some = any(self.hull[y, m] and fits(y, b) for y in range(9))
            if some and not fits(stood, b):
                return False
        return True

    def differences(self, structure, names=None):
        """Return the definitions that say something else than code does."""
        found, table = set(), structure.tables

        def compare(name, row, said):
            if (names is None or name in names) and table[name][row] != said:
                found.add(name)

        numbers, some = range(9), random.Random(0)
        for i, j in itertools.product((0, 1), repeat=2):
            compare("two_players", (i, j), i != j)
        for e in range(5):
            payoffs = [POINTS.index(y) for y in self.pays]
            compare("stands_for_payoffs", (e,), self.valuations[e] == payoffs)
        for y, m in itertools.product(numbers, (0, 1)):
            at = POINTS[y]
            compare("achieved", (y, m), self.achieved(y, m))
            compare("achieved_or_more", (y, m), self.reached(y, m))
            compare("frontier_point", (y, m), self.frontier(y, m))
            everything = all(no_less(at, self.pays[w[m]]) for w in self.plays)
            compare("as_good_as_everything", (y, m), everything)
            for n, e in itertools.product((0, 1), range(5)):
                compare("expected_point", (y, n, e), at == self.expected(n, e))
            for i in (0, 1):
                paid = self.paid(i, m)
                compare("at_least", (i, y, m), at[i] >= max(paid))
                compare("at_most", (i, y, m), at[i] <= min(paid))
                compare("as_in_some_play", (i, y, m), at[i] in paid)
                compare("least_on_frontier", (i, y, m), self.extreme(i, y, m, min))
                compare("most_on_frontier", (i, y, m), self.extreme(i, y, m, max))
                compare("on_line", (y, i, m), self.line(y, i, m))
                arc = self.frontier(y, m) and any(
                    self.extreme(i, q, m, max)
                    and self.extreme(1 - i, s, m, max)
                    and between(at, POINTS[q], POINTS[s])
                    for q in numbers
                    for s in numbers
                )
                compare("on_arc", (y, i, 1 - i, m), arc)
        for m in (0, 1):
            for i in (0, 1):
                ends = [any(self.extreme(i, y, m, which) for y in numbers) for which in (min, max)]
                compare("frontier_reaches", (i, m), all(ends))
        defaults = [
            (y, all(Q(sum(self.paid(i, 0)), 2) == POINTS[y][i] for i in (0, 1))) for y in numbers
        ]
        for y, is_default in defaults:
            compare("default_point", (y, 0), is_default)
            good = any(known and no_less(POINTS[y], POINTS[d]) for d, known in defaults)
            compare("as_good_in_expectation", (y, 0), good)
        for y, x in itertools.product(numbers, repeat=2):
            compare("pays_no_less", (y, x), no_less(POINTS[y], POINTS[x]))
        for p, q in itertools.product(numbers, repeat=2):
            reached = [x for x in numbers if self.on_segment(x, p, q) and self.reached(x, 0)]
            compare("reached_on", (p, q, 0), bool(reached))
            for i, d in ((0, some.randrange(9)), (1, some.randrange(9))):
                low = any(POINTS[x][i] <= POINTS[d][i] for x in reached)
                compare("reached_up_to", (p, q, i, d, 0), low)
            beyond = any(self.reached(x, 0) and self.on_segment(p, x, q) for x in numbers)
            compare("beyond_what_is_reached", (p, q, 0), beyond)
            for y in numbers:
                compare("on_segment", (y, p, q), self.on_segment(y, p, q))
                compare("above_segment", (y, p, q), self.above(y, p, q))
                compare("between", (y, p, q), between(POINTS[y], POINTS[p], POINTS[q]))
                for m in range(3):
                    paid = POINTS[self.mixtures[m, p, q]]
                    compare("mixes", (y, m, p, q), POINTS[y] == paid)
                    for i in (0, 1):
                        compare("pays_mixture", (i, y, m, p, q), POINTS[y][i] == paid[i])
                for i in (0, 1):
                    joined = (
                        (POINTS[p][0], POINTS[q][1]) if i == 0 else (POINTS[q][0], POINTS[p][1])
                    )
                    compare("joined", (y, i, p, q), POINTS[y] == joined)
        for _ in range(150):
            y, v, p, q = (some.randrange(9) for _ in range(4))
            i, f, e = some.randrange(2), some.randrange(2), some.randrange(5)
            compare("no_less_above", (y, v, p, q), self.no_less_above(y, v, p, q))
            compare("straight_above", (y, i, v, p, q), self.straight(y, i, v, p, q))
            inside = [x for x in numbers if self.hull[x, 0]]
            can = any(self.no_less_above(x, v, p, q) for x in inside)
            compare("can_be_above", (v, p, q, 0), can)
            can = any(self.straight(x, i, v, p, q) for x in inside)
            compare("can_be_straight_above", (v, i, p, q, 0), can)
            self.compare_chosen(compare, i, f, e, some.randrange(5), p, q)
        for t, m, n, r in itertools.product(range(3), repeat=4):
            exchange, part = (1, 0, 2), lambda one, other: (one + other) % 3
            first = part(t, part(exchange[m], r))
            second = part(exchange[t], part(exchange[n], exchange[r]))
            compare("in_ratio", (t, m, n, r), first == second)
        return found

    def compare_chosen(self, compare, i, f, e, other, p, q):
        def point(b):
            return POINTS.index(self.pays[b])

        above = self.chosen(e, f, 0, lambda y, b: self.no_less_above(y, point(b), p, q))
        compare("stands_above", (e, f, 0, p, q), above)
        straight = self.chosen(e, f, 0, lambda y, b: self.straight(y, i, point(b), p, q))
        compare("stands_straight_above", (e, i, f, 0, p, q), straight)

        def lowered(y, b):
            before = POINTS[self.valuations[other][self.image[f][b]]]
            return POINTS[y][i] == self.pays[b][i] and POINTS[y][1 - i] == before[1 - i]

        compare("lowers", (e, i, other, f, 0), self.chosen(e, f, 0, lowered))


def no_less(y, x):
    return all(v >= u for u, v in zip(x, y, strict=True))


def between(y, p, q):
    return all(min(a, b) <= v <= max(a, b) for v, a, b in zip(y, p, q, strict=True))


@pytest.mark.long
def test_definitions_say_what_code_says(theory):
    kinds = set()
    for seed in range(6):
        model = Model(seed)
        structure = model.structure(theory)
        assert model.differences(structure) == set(), seed
        for name in ("achieved", "on_line", "on_arc", "reached_up_to", "lowers"):
            kinds |= {(name, said) for said in structure.tables[name].values()}
    assert len(kinds) == 10, "each holds somewhere and fails somewhere"


Game, Play, Point = map(z3.DeclareSort, ("Game", "Play", "Point"))
Mixture, Valuation, ActionMap = map(z3.DeclareSort, ("Mixture", "Valuation", "ActionMap"))
pays = z3.Function("pays", Player, Outcome, z3.RealSort())
result = z3.Function("result", Play, Game, Outcome)
coordinate = z3.Function("coordinate", Player, Point, z3.RealSort())
in_hull = z3.Function("in_hull", Point, Game, z3.BoolSort())
stands_for = z3.Function("stands_for", Valuation, Outcome, Point)
expectation = z3.Function("expectation", Player, Game, Valuation, z3.RealSort())
payoff_point = z3.Function("payoff_point", Outcome, Point)
image = z3.Function("image", ActionMap, Outcome, Outcome)
mixing_weight = z3.Function("mixing_weight", Mixture, z3.RealSort())
mixture_of = z3.Function("mixture_of", Mixture, Point, Point, Point)
k, a, w = z3.Const("k", Player), z3.Const("a", Outcome), z3.Const("w", Play)
h, e, o = z3.Const("h", Point), z3.Const("e", Valuation), z3.Const("o", Game)


CHANGED = {
    "two_players": lambda _, i, j: i == i,
    "pays_no_less": lambda theory, y, x: Exists([k], coordinate(k, y) >= coordinate(k, x)),
    "joined": lambda theory, y, i, x, z: coordinate(i, y) == coordinate(i, x),
    "pays_mixture": lambda theory, i, y, m, p, q: (
        coordinate(i, y) == coordinate(i, mixture_of(m, q, p))
    ),
    "mixes": lambda theory, y, m, p, q: Exists([k], theory.pays_mixture(k, y, m, p, q)),
    "on_segment": lambda theory, y, p, q: Or(y == p, y == q),
    "above_segment": lambda theory, y, p, q: theory.on_segment(y, p, q),
    "between": lambda theory, y, p, q: And(theory.pays_no_less(y, p), theory.pays_no_less(q, y)),
    "in_ratio": lambda theory, t, m, n, r: mixing_weight(t) == mixing_weight(m),
    "expected_point": lambda theory, y, K, E: Exists([k], coordinate(k, y) == expectation(k, K, E)),
    "achieved": lambda theory, y, G: Exists(
        [o, e], And(theory.token_game(o, e, G), theory.expected_point(y, o, e))
    ),
    "achieved_or_more": lambda theory, y, G: theory.achieved(y, G),
    "frontier_point": lambda theory, y, G: in_hull(y, G),
    "at_least": lambda theory, i, y, G: Exists([w], coordinate(i, y) >= pays(i, result(w, G))),
    "at_most": lambda theory, i, y, G: ForAll([w], coordinate(i, y) >= pays(i, result(w, G))),
    "as_in_some_play": lambda theory, i, y, G: ForAll(
        [w], coordinate(i, y) == pays(i, result(w, G))
    ),
    "least_on_frontier": lambda theory, i, y, G: And(
        theory.frontier_point(y, G), theory.at_most(i, y, G)
    ),
    "most_on_frontier": lambda theory, i, y, G: And(
        theory.frontier_point(y, G), theory.at_least(i, y, G)
    ),
    "frontier_reaches": lambda theory, i, G: Exists([h], theory.most_on_frontier(i, h, G)),
    "on_line": lambda theory, y, i, G: theory.most_on_frontier(i, y, G),
    "on_arc": lambda theory, y, i, j, G: And(
        theory.frontier_point(y, G), theory.at_least(i, y, G), theory.at_least(j, y, G)
    ),
    "as_good_as_everything": lambda theory, y, G: ForAll([a], theory.point_as_good(y, a)),
    "stands_for_payoffs": lambda theory, E: Exists([a], stands_for(E, a) == payoff_point(a)),
    "default_point": lambda theory, y, G: Exists([e], theory.expected_point(y, G, e)),
    "as_good_in_expectation": lambda theory, y, G: theory.default_point(y, G),
    "no_less_above": lambda theory, y, v, p, q: theory.above_segment(y, p, q),
    "straight_above": lambda theory, y, i, v, p, q: theory.no_less_above(y, v, p, q),
    "can_be_above": lambda theory, v, p, q, G: theory.no_less_above(v, v, p, q),
    "can_be_straight_above": lambda theory, v, i, p, q, G: theory.can_be_above(v, p, q, G),
    "stands_above": lambda theory, E, f, G, p, q: ForAll(
        [a], theory.above_segment(stands_for(E, image(f, a)), p, q)
    ),
    "stands_straight_above": lambda theory, E, i, f, G, p, q: theory.stands_above(E, f, G, p, q),
    "lowers": lambda theory, E2, i, E, f, G: ForAll(
        [a], coordinate(i, stands_for(E2, image(f, a))) == pays(i, a)
    ),
    "reached_on": lambda theory, p, q, G: theory.achieved_or_more(p, G),
    "reached_up_to": lambda theory, p, q, i, d, G: theory.reached_on(p, q, G),
    "beyond_what_is_reached": lambda theory, y, q, G: theory.achieved_or_more(y, G),
}


def test_every_definition_of_the_theorem_is_changed_somewhere():
    """Those of sets of points and of what is expected; what they rest on is changed elsewhere."""
    files = ("achieved_points", "frontiers", "lowered_tokens", "points_above_segments", "lines")
    files += ("mixtures_on_three_sides",)
    text = "".join((FOLDER / f"{file}.py").read_text(encoding="utf-8") for file in files)
    named = set(re.findall(r"@define\(\w.*\)\ndef (\w+)\(", text))
    assert named == set(CHANGED)


@pytest.mark.long
@pytest.mark.parametrize("name", CHANGED)
def test_a_changed_definition_of_the_theorem_says_something_else_than_code(theory, name):
    changed = theory.with_(**{name: CHANGED[name]})
    models = map(Model, range(6))
    assert any(name in one.differences(one.structure(changed), {name}) for one in models)
