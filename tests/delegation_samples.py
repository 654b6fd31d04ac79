"""Exact samples of what Theorem 15 of the delegation paper is about.

Two games, of which one is part of the other, have copies, and there are other tokens. Hulls are in
the plane, plays have probabilities that may be 0, and points, weights and valuations are drawn at
random. Besides, a sample has what code finds that there has to be for what is drawn. Functions may
lead to points and weights that are none of these, for which no variable stands.
"""

from __future__ import annotations

import itertools
import random
from fractions import Fraction as Q
from functools import cache

from test_delegation_paper import dominated, game, with_definitions
from test_delegation_theorem_15 import feasible, mixed

from spi_verify.theory.evaluate import Structure

PLAYERS = (0, 1)
OUTCOMES = list(itertools.product(range(4), repeat=2))
GAMES = [((0, 1), (0, 1)), ((2, 3), (2, 3)), ((0,), (0,)), ((2,), (2,)), ((2, 3), (2, 3))]
"""Two games, each followed by its copy, and tokens that are played at random."""
WITHIN = [list(itertools.product(*actions)) for actions in GAMES]
MAPS = [(2, 3, 2, 3), (0, 1, 2, 3), (1, 0, 3, 2)]
"""The first sends a game to its copy, the last one exchanges actions."""


class Table(dict):
    """The values of a function, found as they are read."""

    def __init__(self, function):
        self._function = function

    def __missing__(self, row):
        self[row] = self._function(*row)
        return self[row]


class Numbers(dict):
    """Elements of a sort, numbered in the order in which they are first asked for."""

    def __init__(self, elements=()):
        self.elements = []
        for one in elements:
            self[one]

    def __missing__(self, one):
        self[one] = len(self.elements)
        self.elements.append(one)
        return self[one]


def copied(a):
    return a[0] + 2, a[1] + 2


def as_good(y, x):
    return all(v >= u for u, v in zip(x, y, strict=True))


def joined(i, x, z):
    """Return the point that pays i what x pays, and the other player what z pays."""
    return (x[0], z[1]) if i == 0 else (z[0], x[1])


def shares_below(y, p, q):
    """Return the least and the most share of p in mixtures with q that pay nobody more than y."""
    least, most = Q(0), Q(1)
    for i in PLAYERS:
        more, left = p[i] - q[i], y[i] - q[i]
        if more > 0:
            most = min(most, left / more)
        elif more < 0:
            least = max(least, left / more)
        elif left < 0:
            return None
    return (least, most) if least <= most else None


def share(y, p, q):
    """Return the share of p in the mixture with q that is y, or None."""
    found = shares_below(y, p, q) or ()
    return next((part for part in found if mixed(part, p, q) == y), None)


class Sample:
    """Games, how they are played, and what their outcomes stand for."""

    def __init__(self, seed):
        self.some = some = random.Random(seed)
        self.pays = {a: tuple(Q(some.randint(-3, -1)) for _ in PLAYERS) for a in OUTCOMES}
        while True:
            worth = {a: tuple(Q(some.randint(0, 6)) for _ in PLAYERS) for a in WITHIN[0]}
            if not dominated(game(GAMES[0], worth)):
                break
        self.pays |= worth
        self.hulls = [sorted({self.pays[a] for a in within}) for within in WITHIN]
        played = some.sample(WITHIN[0], 2)
        played.append(some.choice([*played, *WITHIN[0]]))
        self.plays = [(a, copied(a), (0, 0), (2, 2), some.choice(WITHIN[4])) for a in played]
        parts = [some.randint(0, 3) for _ in played[1:]]
        self.chances = [Q(part, 1 + sum(parts)) for part in (1, *parts)]
        some.shuffle(self.chances)
        self.inside = cache(lambda y, n: feasible([[1, *v] for v in self.hulls[n]], [1, *y]))
        self.weights = Numbers([Q(1), Q(some.randint(1, 4), 5), Q(some.randint(0, 4), 4)])
        self.draw()
        self.asked = {"Mixture": len(self.weights), "Point": len(self.points)}
        self.asked["Valuation"] = len(self.valuations)
        self.find()
        self.sizes = {"Player": 2, "Action": 4, "Outcome": 16, "Game": 5, "ActionMap": len(MAPS)}
        self.sizes |= {"Play": 3, "Mixture": len(self.weights), "Point": len(self.points)}
        self.sizes["Valuation"] = len(self.valuations)

    def draw(self):
        """Draw what variables stand for; a valuation has a point for every outcome."""
        some, corners = self.some, self.hulls[0]
        pool = [mixed(Q(some.randint(0, 2), 2), *some.choices(corners, k=2)) for _ in range(5)]
        one = tuple(some.choice(pool) for _ in OUTCOMES)
        outside = (Q(7), Q(some.randint(0, 6)))
        other = tuple(some.choice([*pool, outside]) for _ in OUTCOMES)
        part = some.choice(self.weights.elements)
        means = tuple(self.average(4, one, 0, (a[0] % 2, a[1] % 2)) for a in OUTCOMES)
        self.valuations = Numbers([one, other, self.mixed(part, one, other), means])
        reached = [self.stood(one, play[1]) for play in self.plays]
        ends = some.choice((reached[:2], some.sample([*corners, *reached], 2)))
        self.points = Numbers([*ends, self.expected(1, one), self.expected(1, other)])
        self.played = [self.pays[a] for a in WITHIN[0]] + [*one, *other, *pool]

    def find(self):
        """Find what there has to be for what is drawn."""
        points, drawn = list(self.points.elements), list(self.valuations.elements)
        weights, pairs = list(self.weights.elements), list(itertools.product(points, points))
        pool = [self.expected(n, one) for n in range(5) for one in drawn] + self.played
        for one, a, i in itertools.product(drawn, WITHIN[0], PLAYERS):
            pool.append(joined(i, self.pays[a], self.stood(one, copied(a))))
        for y, (p, q) in itertools.product([*points, *pool], pairs):
            self.points[y]
            if found := shares_below(y, p, q):
                self.points[mixed(found[1], p, q)]
        for y, (p, q) in itertools.product(self.points.elements, pairs):
            if (part := share(y, p, q)) is not None:
                self.weights[part]
        for y, (p, q), i in itertools.product(points, pairs, PLAYERS):
            if p[i] <= y[i] <= q[i] and p[i] < q[i]:
                self.weights[(y[i] - q[i]) / (p[i] - q[i])]
        for m, n, r in itertools.product(weights, repeat=3):
            first, second = (1 - m) * r, (1 - n) * (1 - r)
            self.weights[second / (first + second) if first + second else Q(0)]
        for part, one, other in itertools.product(weights, drawn, drawn):
            self.valuations[self.mixed(part, one, other)]
        for n in (0, 2):
            self.find_for_copies(n, drawn, pairs)

    def find_for_copies(self, n, drawn, pairs):
        """Find valuations of a game's copy."""
        pays, hull = self.pays, [y for y in self.points.elements if self.inside(y, n)]

        def stands(choose):
            chosen = {copied(a): choose(a) for a in WITHIN[n]}
            self.valuations[tuple(chosen.get(a, pays[a]) for a in OUTCOMES)]

        for one, k in itertools.product(drawn, range(5)):
            stands(lambda a, one=one, k=k: self.average(k, one, n, a))
        for one, i in itertools.product(drawn, PLAYERS):
            lowered = {a: joined(i, pays[a], self.stood(one, copied(a))) for a in WITHIN[n]}
            stands(lambda a, to=lowered: to[a] if self.inside(to[a], n) else pays[a])
        for p, q in pairs:
            line = [x for x in self.points.elements if share(x, p, q) is not None]
            above = [y for y in hull if any(as_good(y, x) for x in line)]
            for i in (None, *PLAYERS):

                def best(a, above=above, i=i):
                    no_less = [y for y in above if as_good(y, pays[a])]
                    return next((y for y in no_less if i is None or y[i] == pays[a][i]), pays[a])

                stands(best)

    def stood(self, one, a):
        return one[OUTCOMES.index(a)]

    def mixed(self, part, one, other):
        return tuple(mixed(part, p, q) for p, q in zip(one, other, strict=True))

    def expected(self, k, one):
        reached = [self.stood(one, play[k]) for play in self.plays]
        return tuple(
            sum(c * y[i] for c, y in zip(self.chances, reached, strict=True)) for i in PLAYERS
        )

    def average(self, k, one, n, a):
        """For what game k stands where game n pays as a does; if that is never so, what a pays.

        Plays that have no probability count alike if there are no other ones.
        """
        there = [w for w, play in enumerate(self.plays) if self.pays[play[n]] == self.pays[a]]
        if not there:
            return self.pays[a]
        chances = {w: self.chances[w] for w in there}
        if not any(chances.values()):
            chances = dict.fromkeys(there, Q(1))
        reached = {w: self.stood(one, self.plays[w][k]) for w in there}
        return tuple(
            sum(c * reached[w][i] for w, c in chances.items()) / sum(chances.values())
            for i in PLAYERS
        )

    def worth(self, i, n, a):
        """What an outcome is worth to representatives; a copy's payoffs are rescaled."""
        if n == 4 or a not in WITHIN[n]:
            return Q(0)
        return self.pays[a][i] if n in (0, 2) else 2 * self.pays[a[0] - 2, a[1] - 2][i] + 1

    def structure(self, theory):
        number, point, weight = OUTCOMES.index, self.points, self.weights
        at, part, one = self.points.elements, self.weights.elements, self.valuations.elements

        def changed(a, i, x):
            return number(tuple(x if k == i else OUTCOMES[a][k] for k in PLAYERS))

        functions = {
            "pays": lambda i, a: self.pays[OUTCOMES[a]][i],
            "value": lambda i, n, a: self.worth(i, n, OUTCOMES[a]),
            "in_game": lambda a, n: OUTCOMES[a] in WITHIN[n],
            "result": lambda w, n: number(self.plays[w][n]),
            "move": lambda i, a: OUTCOMES[a][i],
            "has_action": lambda i, x, n: x in GAMES[n][i],
            "sends": lambda f, i, x: MAPS[f][x],
            "image": lambda f, a: number(tuple(MAPS[f][x] for x in OUTCOMES[a])),
            "changed_to": changed,
            "difference": lambda i, n, a, b: (
                self.worth(i, n, OUTCOMES[a]) - self.worth(i, n, OUTCOMES[b])
            ),
            "left": lambda n: n,
            "coordinate": lambda i, y: at[y][i],
            "in_hull": lambda y, n: self.inside(at[y], n),
            "payoff_point": lambda a: point[self.pays[OUTCOMES[a]]],
            "stands_for": lambda e, a: point[one[e][a]],
            "average": lambda k, e, n, a: point[self.average(k, one[e], n, OUTCOMES[a])],
            "expectation": lambda i, k, e: self.expected(k, one[e])[i],
            "mixing_weight": lambda m: part[m],
            "mixture_of": lambda m, p, q: point[mixed(part[m], at[p], at[q])],
            "margin": lambda i, p, q: at[p][i] - at[q][i],
            "portion": lambda m, i, p, q: part[m] * (at[p][i] - at[q][i]),
            "part_of": lambda m, n: weight[part[m] * part[n]],
            "exchanged": lambda m: weight[1 - part[m]],
        }
        tables = {name: Table(function) for name, function in functions.items()}
        for sort, many in self.asked.items():
            tables[f"drawn {sort}"] = Table(lambda n, many=many: n < many)
        return with_definitions(theory, Structure(self.sizes, tables))
