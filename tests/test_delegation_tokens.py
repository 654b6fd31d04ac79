"""Statements about tokens hold in standard models, and definitions say there what code says.

Games have two actions of player 0 and one of player 1, and a copy has other ones. C(G) is a finite
part of the hull in which all averages are that are asked for; all plays are equally likely.
"""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import pytest
import z3
from test_delegation_paper import FOLDER, with_definitions
from z3 import And, Exists, ForAll, Not

from spi_verify.papers.loading import load
from spi_verify.theory import PAPER
from spi_verify.theory.evaluate import Structure, holds
from spi_verify.theory.signature import Action, Outcome, Player

PLAYERS = (0, 1)
OUTCOMES = list(itertools.product(range(4), range(2)))
MAPS = [
    ((*first, 2, 3), second)
    for block in ((0, 1), (2, 3))
    for first in itertools.permutations(block)
    for second in ((0, 1), (1, 1))
]
"""Copying goes one way."""
STATEMENTS = (
    "oc-prop-12/repaired",
    "oc-lemma-13/repaired",
    "any-copy-is-enough/repaired",
    "oc-cor-14/repaired",
)
SHARES = (Fraction(0), Fraction(1), Fraction(1, 2))
"""What is mixed by the last one has to be put into a model; other mixtures are there."""


@pytest.fixture(scope="module")
def everything():
    return {one.id: one for one in load(FOLDER, PAPER)}


def sent(f, a):
    return f[0][a[0]], f[1][a[1]]


def as_good(y, x):
    return all(v >= u for u, v in zip(x, y, strict=True))


def better(y, x):
    return as_good(y, x) and y != x


class Model:
    """A game, what is left of it, a copy of that, and another game with the copy's actions."""

    def __init__(self, seed):
        some = random.Random(seed)
        tie = some.randint(0, 2)
        first = [tie, tie if seed % 3 else tie + 1]
        second = [some.randint(0, 2) for _ in range(2)]
        if seed % 3 == 1:
            second[1] = second[0]
        self.pays = {a: (Fraction(-1 - n), Fraction(0)) for n, a in enumerate(OUTCOMES)}
        for x in (0, 1):
            self.pays[x, 0] = Fraction(first[x]), Fraction(second[x])
        whole = [(0, 0), (1, 0)]
        remain = whole if seed % 3 else [(1, 0)]
        copy = {a: (a[0] + 2, 1) for a in remain}
        self.games = [whole, remain, list(copy.values()), list(copy.values())]
        self.left = [0 if seed % 3 else 1, 1, 2, 3]
        self.worth = [dict(self.pays) for _ in range(2)]
        self.worth.append({b: tuple(2 * v + 1 for v in self.pays[a]) for a, b in copy.items()})
        alike = len({self.pays[a] for a in remain}) == 1
        other = {b: (Fraction(9), Fraction(n * alike)) for n, b in enumerate(copy.values())}
        self.worth.append(other)
        played = remain if alike or some.random() < 0.5 else remain[:1]
        self.plays = []
        for a in played:
            copied = copy[some.choice(remain)] if alike else copy[a]
            self.plays.append((a, a, copied, copy[a]))
        self.points = {self.pays[a] for a in OUTCOMES}
        self.points.add(tuple(sum(v) / 2 for v in zip(*(self.pays[a] for a in whole), strict=True)))
        pool = [y for y in sorted(self.points) if y[0] >= 0]
        self.valuations = [{a: some.choice(pool) for a in OUTCOMES}]
        while self.add_points() or self.add_valuations():
            assert len(self.points) < 40
        self.order = sorted(self.points)

    def add_points(self):
        """Add averages, and say whether there are others than before."""
        before = len(self.points)
        for one, k, n, a in itertools.product(self.valuations, range(4), range(4), OUTCOMES):
            self.points.add(self.mean(one, k, n, a) or self.pays[a])
        return len(self.points) > before

    def add_valuations(self):
        """Add those that copies need, and say whether there are others than before."""
        before = len(self.valuations)
        needed = [
            {b: y if self.pays[b] == self.pays[a] else self.pays[b] for b in self.games[1]}
            for a, y in itertools.product(OUTCOMES, sorted(self.points))
        ]
        for one, k, n in itertools.product(list(self.valuations), range(4), (0, 1)):
            needed.append({b: self.mean(one, k, n, b) or self.pays[b] for b in self.games[1]})
        for f, stands in itertools.product(self.copies(), needed):
            one = self.pays | {sent(f, b): y for b, y in stands.items()}
            if one not in self.valuations:
                self.valuations.append(one)
        return len(self.valuations) > before

    def copies(self):
        """Return the maps that are isomorphisms from what is left to the copy, or to the other."""
        return [f for f in MAPS if any(self.is_isomorphism(f, 1, k) for k in (2, 3))]

    def is_isomorphism(self, f, n, m):
        if sorted(sent(f, a) for a in self.games[n]) != sorted(self.games[m]):
            return False
        for i in PLAYERS:
            pairs = [(self.worth[n][a][i], self.worth[m][sent(f, a)][i]) for a in self.games[n]]
            for (u, v), (u1, v1) in itertools.combinations(pairs, 2):
                if (u > u1) != (v > v1) or (u < u1) != (v < v1):
                    return False
        return True

    def mean(self, one, k, n, a):
        """For what game k stands on average where game n pays as a does, if it does somewhere."""
        reached = [one[play[k]] for play in self.plays if self.pays[play[n]] == self.pays[a]]
        return tuple(sum(v) / len(reached) for v in zip(*reached, strict=True))

    def structure(self, theory, shares=SHARES):
        number, games, point = OUTCOMES.index, range(4), self.order.index
        valuations = list(enumerate(self.valuations))

        averages = {
            (k, e, n, number(a)): self.mean(one, k, n, a) or self.pays[a]
            for k in games
            for e, one in valuations
            for n in games
            for a in OUTCOMES
        }
        each = list(enumerate(OUTCOMES))
        actions = [{(i, a[i]) for a in of for i in PLAYERS} for of in self.games]
        tables = {
            "pays": {(i, k): self.pays[a][i] for i in PLAYERS for k, a in each},
            "in_game": {(k, n): a in self.games[n] for k, a in each for n in games},
            "result": {(w, n): number(p[n]) for w, p in enumerate(self.plays) for n in games},
            "move": {(i, k): a[i] for i in PLAYERS for k, a in each},
            "has_action": {
                (i, x, n): (i, x) in actions[n] for i in PLAYERS for x in range(4) for n in games
            },
            "value": {
                (i, n, k): self.worth[n].get(a, (0, 0))[i]
                for i in PLAYERS
                for n in games
                for k, a in each
            },
            "sends": {
                (f, i, x): one[i][x] if x < len(one[i]) else x
                for f, one in enumerate(MAPS)
                for i in PLAYERS
                for x in range(4)
            },
            "image": {(f, k): number(sent(one, a)) for f, one in enumerate(MAPS) for k, a in each},
            "left": {(n,): m for n, m in enumerate(self.left)},
            "coordinate": {(i, n): y[i] for i in PLAYERS for n, y in enumerate(self.order)},
            "in_hull": {(n, m): self.inside(y, m) for n, y in enumerate(self.order) for m in games},
            "stands_for": {(e, k): point(one[a]) for e, one in valuations for k, a in each},
            "payoff_point": {(k,): point(self.pays[a]) for k, a in each},
            "mixing_weight": {(m,): one for m, one in enumerate(shares)},
            "average": {row: point(y) for row, y in averages.items()},
            "expectation": {
                (i, k, e): sum(one[play[k]][i] for play in self.plays) / len(self.plays)
                for i in PLAYERS
                for k in games
                for e, one in valuations
            },
        }
        sizes = {"Player": 2, "Action": 4, "Outcome": 8, "ActionMap": len(MAPS), "Game": 4}
        sizes |= {"Play": len(self.plays), "Point": len(self.order), "Valuation": len(valuations)}
        sizes["Mixture"] = len(shares)
        return with_definitions(theory, Structure(sizes, tables))

    def inside(self, y, n):
        """Whether a point is in the hull of what a game pays, which is a segment."""
        ends = sorted({self.pays[a] for a in self.games[n]})
        (x0, y0), (x1, y1) = ends[0], ends[-1]
        within = min(x0, x1) <= y[0] <= max(x0, x1) and min(y0, y1) <= y[1] <= max(y0, y1)
        return within and (y[0] - x0) * (y1 - y0) == (y[1] - y0) * (x1 - x0)

    def differences(self, structure):
        """Return the definitions that say something else than code does."""
        found, table = set(), structure.tables

        def compare(name, row, said):
            if table[name][row] != said:
                found.add(name)

        each, points = list(enumerate(OUTCOMES)), list(enumerate(self.order))
        for (k, a), (m, b) in itertools.product(each, each):
            compare("paid_alike", (k, m), self.pays[a] == self.pays[b])
        for (n, y), (k, a) in itertools.product(points, each):
            compare("point_as_good", (n, k), as_good(y, self.pays[a]))
            compare("point_better", (n, k), better(y, self.pays[a]))
        for (k, a), n in itertools.product(each, range(4)):
            above = any(self.inside(y, n) and better(y, self.pays[a]) for y in self.order)
            compare("efficient_in_hull", (k, n), not above)
            some = any(self.pays[play[n]] == self.pays[a] for play in self.plays)
            compare("paid_in_some_play", (k, n), some)
        for m, n in itertools.product(range(4), repeat=2):
            both = [{(i, a[i]) for a in self.games[k] for i in PLAYERS} for k in (m, n)]
            new = not both[0] & both[1]
            compare("fresh", (m, n), new)
            for f, one in enumerate(MAPS):
                copied = new and self.is_isomorphism(one, self.left[n], m)
                compare("copied_by", (f, n, m), copied)
            for e, one in enumerate(self.valuations):
                token = new and all(self.inside(one[a], n) for a in self.games[m])
                pairs = [(one[play[m]], self.pays[play[n]]) for play in self.plays]
                improves = token and all(as_good(y, x) for y, x in pairs)
                strict = improves and any(y != x for y, x in pairs)
                compare("token_game", (m, e, n), token)
                compare("token_improvement", (m, e, n), improves)
                compare("strict_token_improvement", (m, e, n), strict)
        self.compare_copies(compare)
        self.compare_mixtures(compare)
        return found

    def compare_copies(self, compare):
        each, maps = list(enumerate(OUTCOMES)), list(enumerate(MAPS))
        remain = self.games[self.left[0]]
        for (f, one), (g, other), (k, a) in itertools.product(maps, maps, each):
            equal = any(
                sent(one, b) == sent(other, a) and self.pays[b] == self.pays[a]
                for b in self.games[0]
            )
            compare("has_equal", (f, g, 0, k), equal)
        first = list(enumerate(self.valuations))[:4]
        for (e, one), (d, other) in itertools.product(first, first):
            pairs = [(one[play[2]], self.mean(other, 3, 0, play[0])) for play in self.plays]
            compare("averages_out", (2, e, 3, d, 0), all(y == mean for y, mean in pairs))
        for (e, stands), (f, one) in itertools.product(first, maps):
            for (k, a), (n, y) in itertools.product(each[:3], enumerate(self.order)):
                wanted = [y if self.pays[b] == self.pays[a] else self.pays[b] for b in remain]
                said = wanted == [stands[sent(one, b)] for b in remain]
                compare("replaces", (e, f, 0, k, n), said)
            wanted = [self.mean(self.valuations[0], 3, 0, b) or self.pays[b] for b in remain]
            said = wanted == [stands[sent(one, b)] for b in remain]
            compare("stands_for_averages", (e, f, 3, 0, 0), said)

    def expected(self, one, k):
        return tuple(sum(one[play[k]][i] for play in self.plays) for i in PLAYERS)

    def improves(self, one, k):
        inside = all(self.inside(one[a], 0) for a in self.games[k])
        return inside and all(as_good(one[play[k]], self.pays[play[0]]) for play in self.plays)

    def compare_mixtures(self, compare):
        """Compare what is mixed with the first valuation, and played in the copy."""
        valuations, pays = list(enumerate(self.valuations)), self.expected(self.valuations[0], 2)
        for (m, part), (e, one) in itertools.product(enumerate(SHARES), valuations):
            gets, same = self.expected(one, 2), []
            for d, other in valuations:
                mixture = {a: mixed(part, self.valuations[0][a], one[a]) for a in self.games[2]}
                stands = all(other[a] == y for a, y in mixture.items())
                wanted = self.expected(other, 2) == mixed(part, pays, gets)
                compare("stands_for_mixtures", (d, m, 0, e, 2), stands)
                compare("mixes_expectations", (m, 2, d, 2, 0, 2, e), wanted)
                if self.improves(other, 2):
                    same.append((stands, wanted))
                place = self.improves(one, 2) and gets == self.expected(other, 3)
                compare("takes_the_place", (2, e, 0, 3, d), place)
            compare("improves_by_mixing", (m, 2, 0, e, 0), any(stands for stands, _ in same))
            achieved = any(wanted for _, wanted in same)
            compare("achieves_the_mixture", (m, 2, 0, 2, 0, 2, e), achieved)

    def mix(self):
        """Let copies stand for what lies halfway, and return the improvements that are mixed."""
        pairs = itertools.product((2, 3), enumerate(self.valuations))
        some = [(k, e) for k, (e, one) in pairs if self.improves(one, k)][:6]
        means = [
            {b: self.mean(self.valuations[e], k, 0, b) or self.pays[b] for b in self.games[1]}
            for k, e in some
        ]
        for one, other in itertools.combinations_with_replacement(means, 2):
            for f in self.copies():
                halfway = {sent(f, b): mixed(SHARES[2], one[b], other[b]) for b in self.games[1]}
                self.points.update(halfway.values())
                self.valuations.append(self.pays | halfway)
        self.add_points()
        self.order = sorted(self.points)
        return some


def mixed(part, one, other):
    return tuple(part * x + (1 - part) * y for x, y in zip(one, other, strict=True))


@pytest.mark.long
def test_improvements_are_mixed_in_standard_models(everything):
    """Some copy achieves what lies halfway between improvements."""
    between = 0
    for seed in range(8):
        model = Model(seed)
        some = model.mix()
        table = model.structure(everything["oc-cor-14/repaired"].theory).tables[
            "achieves_the_mixture"
        ]
        for (k, e), (n, d) in itertools.product(some, repeat=2):
            assert any(table[2, copy, 0, k, e, n, d] for copy in (2, 3)), seed
            one, other = model.expected(model.valuations[e], k), model.valuations[d]
            between += one != model.expected(other, n)
    assert between, "some improvements give different payoffs"


@pytest.mark.long
def test_tokens_in_standard_models(everything):
    kinds = set()
    for seed in range(12):
        model = Model(seed)
        structure = model.structure(everything["oc-prop-12/repaired"].theory, SHARES[:2])
        for id in STATEMENTS:
            one = everything[id]
            for name in one.definitions:
                if not one.theory[name].sorts:
                    assert holds(one.theory.axiom(name), structure), (id, name, seed)
            for hypothesis in one.hypotheses:
                assert holds(hypothesis.formula, structure), (id, hypothesis.name, seed)
            assert holds(one.goal.formula, structure), (id, seed)
        structure = model.structure(everything["oc-prop-12/repaired"].theory)
        assert model.differences(structure) == set()
        table = structure.tables["strict_token_improvement"]
        kinds.add(any(table[k, e, 0] for k in (2, 3) for e in range(len(model.valuations))))
    assert kinds == {False, True}, "tokens help, and do not"


Game, Play, Point = map(z3.DeclareSort, ("Game", "Play", "Point"))
Valuation, ActionMap = map(z3.DeclareSort, ("Valuation", "ActionMap"))
pays = z3.Function("pays", Player, Outcome, z3.RealSort())
coordinate = z3.Function("coordinate", Player, Point, z3.RealSort())
in_hull = z3.Function("in_hull", Point, Game, z3.BoolSort())
has_action = z3.Function("has_action", Player, Action, Game, z3.BoolSort())
i, x, q = z3.Const("i", Player), z3.Const("x", Action), z3.Const("q", Point)

CHANGED = {
    "paid_alike": lambda theory, a, b: ForAll([i], pays(i, a) >= pays(i, b)),
    "point_as_good": lambda theory, y, a: ForAll([i], coordinate(i, y) > pays(i, a)),
    "point_better": lambda theory, y, a: theory.point_as_good(y, a),
    "efficient_in_hull": lambda theory, a, G: Not(Exists([q], theory.point_better(q, a))),
    "fresh": lambda theory, K, G: Exists([i, x], Not(has_action(i, x, K))),
    "token_game": lambda theory, K, E, G: theory.fresh(K, G),
    "token_improvement": lambda theory, K, E, G: theory.token_game(K, E, G),
    "strict_token_improvement": lambda theory, K, E, G: theory.token_improvement(K, E, G),
    "copied_by": lambda theory, f, G, K: And(theory.fresh(K, G), theory.isomorphism(f, G, K)),
    "paid_in_some_play": lambda theory, a, G: G == G,
    "has_equal": lambda theory, f, g, G, a: theory.has_counterpart(f, g, G, a),
    "replaces": lambda theory, E, f, G, a, y: theory.point_as_good(y, a),
    "averages_out": lambda theory, K1, E1, K, E, G: theory.token_improvement(K1, E1, G),
    "stands_for_averages": lambda theory, E1, f, K, E, G: E1 == E,
    "stands_for_mixtures": lambda theory, E, m, E2, E3, G: E == E2,
    "mixes_expectations": lambda theory, m, K1, E1, K, E, K2, E2: E1 == E,
    "takes_the_place": lambda theory, K1, E1, G, K, E: theory.token_improvement(K1, E1, G),
    "improves_by_mixing": lambda theory, m, K, E2, E3, G: theory.token_improvement(K, E2, G),
    "achieves_the_mixture": lambda theory, m, K1, G, K, E, K2, E2: theory.token_game(K1, E, G),
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_changed_definition_of_tokens_says_something_else_than_code(everything, name):
    theory = everything["oc-prop-12/repaired"].theory.with_(**{name: CHANGED[name]})
    models = map(Model, range(12))
    assert any(model.differences(model.structure(theory)) for model in models)
