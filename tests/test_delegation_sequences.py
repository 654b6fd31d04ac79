"""Eliminations one after another, and sequences of correspondences, in standard models of games."""

from __future__ import annotations

import itertools
import random

import pytest
import z3
from test_delegation_paper import (
    ACTIONS,
    FOLDER,
    MAPS,
    OUTCOMES,
    PLAYERS,
    Model,
    dominated,
    isomorphisms,
    left,
    sent,
    with_definitions,
    without,
)
from z3 import And, Exists, ForAll, Or

from spi_verify.papers.loading import load
from spi_verify.theory import PAPER
from spi_verify.theory.evaluate import Structure, holds
from spi_verify.theory.signature import Outcome

STATEMENTS = ("eliminations-can-be-reordered", "oc-lemma-20", "oc-lemma-21/repaired")
LONGEST = 4


@pytest.fixture(scope="module")
def everything():
    return {one.id: one for one in load(FOLDER, PAPER)}


def after_one(one):
    return [without(one, *gone) for gone in dominated(one)]


def reached(one):
    """Return all games that eliminations lead to."""
    found, todo = [], [one]
    while todo:
        found.append(todo.pop())
        todo += after_one(found[-1])
    return found


def count(one):
    return sum(map(len, one[0]))


class Sequences(Model):
    """A model with some walks through its games, and each without its first steps."""

    def __init__(self, seed):
        super().__init__(seed)
        some = random.Random(seed)
        walks = {(n,): () for n in range(len(self.games))}
        for _ in range(12):
            walk, maps = (some.randrange(len(self.games)),), ()
            while len(walk) <= LONGEST and (steps := self.steps_to(walk[0])):
                first, f = some.choice(steps)
                walk, maps = (first, *walk), (f, *maps)
                walks.setdefault(walk, maps)
        kept = {}
        for walk, maps in walks.items():  # each with the maps of its own rest
            kept[walk] = (maps[0], *kept[walk[1:]]) if maps else ()
        self.walks = list(kept.items())

    def steps_to(self, n):
        """Return the games from which one step leads to a game, each with a map or None."""
        one = self.games[n]
        found = []
        for m, other in enumerate(self.games):
            if one in after_one(other) or other in after_one(one):
                found.append((m, None))
            if not dominated(one) and not dominated(other):
                found += [(m, f) for f in isomorphisms(other, one)]
        return found

    def copied(self, number):
        """Return the map of the first step, or one that changes nothing."""
        maps = self.walks[number][1]
        return MAPS.index((ACTIONS, ACTIONS)) if maps in ((), (None, *maps[1:])) else maps[0]

    def composed(self, number):
        """Return the pairs that a sequence allows."""
        walk, maps = self.walks[number]
        pairs = [(a, a) for a, _ in self.games[walk[0]][1]]
        for n, f in zip(walk[1:], maps, strict=True):
            sent_on = [(a, b if f is None else sent(MAPS[f], b)) for a, b in pairs]
            pairs = [(a, b) for a, b in sent_on if b in dict(self.games[n][1])]
        return set(pairs)

    def structure(self, theory):
        structure = super().structure(theory)
        rows = [walk for walk, _ in self.walks]
        tables, number = structure.tables, OUTCOMES.index
        games = list(enumerate(self.games))
        tables |= {
            "reduces": {(n, m): two in reached(one) for n, one in games for m, two in games},
            "size": {(n,): count(one) for n, one in games},
            "starts": {(s,): walk[0] for s, walk in enumerate(rows)},
            "ends": {(s,): walk[-1] for s, walk in enumerate(rows)},
            "rest": {(s,): rows.index(walk[1:] or walk) for s, walk in enumerate(rows)},
            "length": {(s,): len(walk) - 1 for s, walk in enumerate(rows)},
            "copied": {(s,): self.copied(s) for s in range(len(rows))},
            "allows": {
                (s, number(a), number(b)): (a, b) in pairs
                for s in range(len(rows))
                for pairs in [self.composed(s)]
                for a, b in itertools.product(OUTCOMES, repeat=2)
            },
        }
        return with_definitions(
            theory, Structure(dict(structure.sizes) | {"Derivation": len(rows)}, tables)
        )

    def differences(self, structure):
        found, table = set(), structure.tables
        games = list(enumerate(self.games))

        def compare(name, row, said):
            if table[name][row] != said:
                found.add(name)

        for (n, one), (m, two) in itertools.product(games, repeat=2):
            compare("eliminated", (m, n), two in after_one(one))
            compare("ends_with", (n, m), left(one) == two)
            for i, x in itertools.product(PLAYERS, ACTIONS):
                gone = (i, x) in dominated(one) and without(one, i, x) == two
                compare("eliminated_one", (m, n, i, x), gone)
                go_last = (i, x) in dominated(two) and without(two, i, x)
                said = two in reached(one) or go_last in reached(one)
                compare("reached_without", (m, n, i, x), said)
        for s, (walk, maps) in enumerate(self.walks):
            compare("makes_no_step", (s,), len(walk) == 1)
            compare("makes_a_step", (s,), len(walk) > 1)
            two = self.games[walk[0]], self.games[(walk[1:] or walk)[0]]
            free = not any(map(dominated, two))
            compare("by_isomorphism", (s,), free and self.copied(s) in isomorphisms(*two))
            if maps:
                compare("by_elimination", (s,), maps[0] is None)
                pairs = self.first_pairs(walk, maps[0])
                for (k, a), (m, b) in itertools.product(enumerate(OUTCOMES), repeat=2):
                    compare("first_allows", (s, k, m), (a, b) in pairs)
            self.compare_normal_forms(compare, s, walk)
        return found

    def first_pairs(self, walk, f):
        first, second = (dict(self.games[n][1]) for n in walk[:2])
        images = {a: a if f is None else sent(MAPS[f], a) for a in first}
        return {(a, b) for a, b in images.items() if b in second}

    def compare_normal_forms(self, compare, s, walk):
        pairs, (first, last) = self.composed(s), (self.games[walk[n]] for n in (0, -1))
        for n, one in enumerate(self.games):
            both = one in reached(first) and one in reached(last)
            steps = count(first) + count(last) - 2 * count(one)
            same = pairs == {(a, a) for a, _ in one[1]}
            compare("reduced_only", (s, n), both and same and steps < len(walk))
            for m, two in enumerate(self.games):
                both = one == left(first) and two == left(last)
                steps = count(first) - count(one) + count(last) - count(two) + 1
                related = isomorphisms(one, two) if both and steps < len(walk) else []
                for f, each in enumerate(MAPS):
                    said = f in related and pairs == {(a, sent(each, a)) for a, _ in one[1]}
                    compare("reduced_and_copied", (s, f, n, m), said)


def small(seeds):
    return (model for model in map(Sequences, seeds) if len(model.games) <= 8)


def test_sequences_have_normal_forms_in_standard_models(everything):
    kinds = set()
    for model in small(range(24)):
        structure = model.structure(everything["oc-lemma-21/repaired"].theory)
        for id in STATEMENTS:
            one = everything[id]
            for name in (*one.definitions, *one.lemmas):
                if not one.theory[name].sorts:
                    assert holds(one.theory.axiom(name), structure), (id, name)
            assert holds(one.goal.formula, structure), id
        assert model.differences(structure) == set()
        for s, (walk, maps) in enumerate(model.walks):
            plain = any(structure.tables["reduced_only"][s, n] for n in range(len(model.games)))
            kinds.add((plain, len(walk) > 2, any(f is not None for f in maps)))
    assert {(True, True, False), (False, True, True)} <= kinds, "with an isomorphism, and without"


Game, Derivation, ActionMap = map(z3.DeclareSort, ("Game", "Derivation", "ActionMap"))
reduces = z3.Function("reduces", Game, Game, z3.BoolSort())
starts = z3.Function("starts", Derivation, Game)
ends = z3.Function("ends", Derivation, Game)
rest = z3.Function("rest", Derivation, Derivation)
image = z3.Function("image", ActionMap, Outcome, Outcome)
copied = z3.Function("copied", Derivation, ActionMap)
s, f = z3.Const("s", Derivation), z3.Const("f", ActionMap)
L, M = z3.Consts("L M", Game)

CHANGED = {
    "eliminated_one": lambda theory, K, G, i, x: theory.without_action(K, G, i, x),
    "eliminated": lambda theory, K, G: reduces(G, K),
    "ends_with": lambda theory, G, N: reduces(G, N),
    "reached_without": lambda theory, H, K, i, x: reduces(K, H),
    "by_elimination": lambda theory, s: theory.eliminated(starts(rest(s)), starts(s)),
    "by_isomorphism": lambda theory, s: theory.isomorphism(copied(s), starts(s), starts(rest(s))),
    "first_allows": lambda theory, s, a, b: Or(a == b, b == image(copied(s), a)),
    "makes_no_step": lambda theory, s: ends(s) == starts(s),
    "makes_a_step": lambda theory, s: Or(theory.by_elimination(s), theory.by_isomorphism(s)),
    "reduced_only": lambda theory, s, G: And(reduces(starts(s), G), reduces(ends(s), G)),
    "reduced_and_copied": lambda theory, s, f, G, H: And(
        theory.ends_with(starts(s), G), theory.ends_with(ends(s), H), theory.isomorphism(f, G, H)
    ),
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_changed_definition_of_sequences_says_something_else_than_code(everything, name):
    theory = everything["oc-lemma-21/repaired"].theory.with_(**{name: CHANGED[name]})
    assert any(model.differences(model.structure(theory)) for model in small(range(24)))


def _without(theory, s):
    return Exists([L], theory.reduced_only(s, L))


def _by_one(theory, s):
    return Exists([f, L, M], theory.reduced_and_copied(s, f, L, M))


@pytest.mark.parametrize("changed", [_without, _by_one])
def test_some_normal_forms_need_an_isomorphism_and_some_are_too_long_with_one(everything, changed):
    theory = everything["oc-lemma-21/repaired"].theory.with_(has_normal_form=changed)
    claim = ForAll([s], theory.has_normal_form(s))
    assert not all(holds(claim, model.structure(theory)) for model in small(range(12)))
