"""What one player can do alone, and that the search for it is correct, in standard models."""

from __future__ import annotations

import itertools

import pytest
import z3
from test_delegation_paper import (
    ACTIONS,
    FOLDER,
    MAPS,
    PLAYERS,
    Model,
    dominated,
    game,
    is_affine,
    left,
    sent,
    with_definitions,
    without,
)
from test_delegation_searches import injects
from test_delegation_sequences import reached
from z3 import And, Exists, ForAll, Implies

from spi_verify.papers.loading import load
from spi_verify.theory import PAPER
from spi_verify.theory.evaluate import Structure, holds
from spi_verify.theory.signature import Action, Player

STATEMENTS = ("eliminations-by-others", "oc-prop-25/repaired")
TEMPTATION = {(0, 0): (1, 2), (0, 1): (5, 1), (1, 0): (0, 0), (1, 1): (4, 4)}
ELSEWHERE = {"classes", "pages", "plays_by_books", "proportions_in_differences"}
"""Only plays that satisfy both assumptions are here; test_delegation_paper.py has books."""


@pytest.fixture(scope="module")
def everything():
    return {one.id: one for one in load(FOLDER, PAPER)}


def images(each, one):
    return tuple(tuple(sorted({each[i][x] for x in one[0][i]})) for i in PLAYERS)


def instruct(each, one, i, elsewhere):
    """Return the game in which player i has images; what is none is worth something else."""
    remain, worth = left(one), {a: list(of) for a, of in one[1]}
    for a in worth:
        worth[a][i] = elsewhere
    for a, of in remain[1]:
        worth[sent(each, a)][i] = of[i]
    actions = tuple(images(each, remain)[j] if j == i else one[0][j] for j in PLAYERS)
    return game(actions, worth)


def is_instructed(other, each, one, i):
    remain, worth, before = left(one), dict(other[1]), dict(one[1])
    actions = all(other[0][j] == (images(each, remain) if j == i else one[0])[j] for j in PLAYERS)
    others = all(worth[a][1 - i] == before.get(a, (0, 0))[1 - i] for a in worth)
    told = all(worth.get(sent(each, a), (0, 0))[i] == of[i] for a, of in remain[1])
    return actions and others and told


def is_narrowed(one, other, end, i):
    worth, before = dict(one[1]), dict(other[1])
    actions = all(one[0][j] == (end if j == i else other)[0][j] for j in PLAYERS)
    return actions and all(worth[a][1 - i] == before.get(a, (0, 0))[1 - i] for a in worth)


def is_unilateral(other, one, i):
    worth, before = dict(other[1]), dict(one[1])
    within = set(worth) <= set(before) and other[0][1 - i] == one[0][1 - i]
    return within and all(worth[a][1 - i] == before[a][1 - i] for a in worth)


def after_others(one, i):
    return [without(one, *gone) for gone in dominated(one) if gone[0] != i]


def reached_by_others(one, i):
    found, todo = [], [one]
    while todo:
        found.append(todo.pop())
        todo += after_others(found[-1], i)
    return found


class Alone(Model):
    """A model in which every player can be given the images of every injection that improves.

    The first one has the Temptation Game, in which player 0 improves things alone.
    """

    def __init__(self, seed):
        self.is_first = seed == 0
        super().__init__(seed)

    def payoffs(self, some):
        return TEMPTATION if self.is_first else super().payoffs(some)

    def first_games(self, some, seed):
        if self.is_first:
            return [game((ACTIONS, ACTIONS), self.pays)]
        return super().first_games(some, seed)[:2]

    def derived(self, one):
        if not self.is_original(one):
            return []
        return [
            instruct(each, one, i, elsewhere)
            for each in MAPS
            if injects(each, one) and all(self.as_good(sent(each, a), a) for a, _ in left(one)[1])
            for i in PLAYERS
            for elsewhere in (0, 3)
        ]

    def all_plays(self):
        ends = sorted(set(self.left))
        played = itertools.product(*([a for a, _ in self.games[n][1]] for n in ends))
        plays = (tuple(one[ends.index(n)] for n in self.left) for one in played)
        return [play for play in plays if self.is_admissible(play)]

    def structure(self, theory):
        structure = super().structure(theory)
        games, tables = list(enumerate(self.games)), structure.tables
        tables["reduces"] = {(n, m): two in reached(one) for n, one in games for m, two in games}
        tables["others_reduce"] = {
            (i, n, m): two in reached_by_others(one, i)
            for i in PLAYERS
            for n, one in games
            for m, two in games
        }
        return with_definitions(theory, Structure(structure.sizes, tables))

    def differences(self, structure):
        found, table = set(), structure.tables
        games = list(enumerate(self.games))

        def compare(name, row, said):
            if table[name][row] != said:
                found.add(name)

        for i, (n, one), (m, other) in itertools.product(PLAYERS, games, games):
            by_others = reached_by_others(one, i)
            compare("eliminated_by_others", (i, m, n), other in after_others(one, i))
            compare("unilateral", (m, n, i), is_unilateral(other, one, i))
            ends = any(end[0] == other[0] for end in by_others)
            compare("others_reduce_to_actions", (i, n, m), ends)
            for k, end in games:
                compare("narrowed", (n, m, k, i), is_narrowed(one, other, end, i))
            for f, each in enumerate(MAPS):
                compare("instructed", (m, f, n, i), is_instructed(other, each, one, i))
        for (f, each), i, (n, one) in itertools.product(enumerate(MAPS), PLAYERS, games):
            remain, worth = left(one), dict(one[1])
            pairs = [(worth.get(sent(each, a), (0, 0))[1 - i], of[1 - i]) for a, of in remain[1]]
            compare("rescales_for_others", (f, n, i), is_affine(pairs))
            for m, other in games:
                compare("has_images", (m, f, n), other[0] == images(each, one))
                ends = reached_by_others(other, i)
                said = any(end[0] == images(each, remain) for end in ends)
                compare("leaves_images", (m, f, n, i), said)
                there = [
                    dict(two[1]).get(sent(each, a), (0, 0))[i]
                    for two in (other, one)
                    for a in worth
                ]
                same = there[: len(worth)] == there[len(worth) :]
                compare("images_pay_alike", (i, f, n, m, n), same)
        return found


def small(seeds):
    return (model for model in map(Alone, seeds) if len(model.games) <= 16)


def test_the_search_by_one_player_is_correct_in_standard_models(everything):
    kinds = set()
    for model in small(range(24)):
        structure = model.structure(everything["oc-prop-25/repaired"].theory)
        for id in STATEMENTS:
            one = everything[id]
            for name in {*one.definitions, *one.lemmas} - ELSEWHERE:
                if not one.theory[name].sorts:
                    assert holds(one.theory.axiom(name), structure), (id, name)
            assert holds(one.goal.formula, structure), id
        assert model.differences(structure) == set()
        for (n, one), (m, two), i in itertools.product(
            enumerate(model.games), enumerate(model.games), PLAYERS
        ):
            if model.is_original(one) and is_unilateral(two, one, i):
                tied = bool(model.isomorphisms[model.left[n], model.left[m]])
                moved = left(one)[0] != left(two)[0]
                kinds.add((tied, moved, structure.tables["safe_under_both"][m, n]))
    assert {(True, True, True), (True, True, False), (False, True, False)} <= kinds


Game, ActionMap = map(z3.DeclareSort, ("Game", "ActionMap"))
has_action = z3.Function("has_action", Player, Action, Game, z3.BoolSort())
sends = z3.Function("sends", ActionMap, Player, Action, Action)
reduces = z3.Function("reduces", Game, Game, z3.BoolSort())
others_reduce = z3.Function("others_reduce", Player, Game, Game, z3.BoolSort())
j, x, L = z3.Const("j", Player), z3.Const("x", Action), z3.Const("L", Game)

CHANGED = {
    "unilateral": lambda theory, H, G, i: theory.subset_game(H, G),
    "rescales_for_others": lambda theory, f, G, i: ForAll([j], theory.rescales(j, f, G, G)),
    "has_images": lambda theory, N, f, G: theory.into(f, G, N),
    "instructed": lambda theory, H, f, G, i: theory.unilateral(H, G, i),
    "leaves_images": lambda theory, H, f, G, i: theory.has_images(H, f, G),
    "images_pay_alike": lambda theory, i, f, G, H, K: theory.same_payoffs(H, K),
    "eliminated_by_others": lambda theory, i, K, G: theory.eliminated(K, G),
    "narrowed": lambda theory, M, G, N, i: ForAll(
        [j, x], Implies(has_action(j, x, M), has_action(j, x, G))
    ),
    "others_reduce_to_actions": lambda theory, i, M, N: Exists(
        [L], And(reduces(M, L), theory.same_actions(L, N))
    ),
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_changed_definition_of_what_one_can_do_says_something_else_than_code(everything, name):
    theory = everything["oc-prop-25/repaired"].theory.with_(**{name: CHANGED[name]})
    assert any(model.differences(model.structure(theory)) for model in small(range(24)))
