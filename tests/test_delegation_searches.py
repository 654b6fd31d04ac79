"""What the paper's search looks for, and that it is correct, in standard models of games."""

from __future__ import annotations

import itertools

import pytest
import z3
from test_delegation_paper import (
    ACTIONS,
    FOLDER,
    MAPS,
    OUTCOMES,
    PLAYERS,
    Model,
    game,
    left,
    sent,
)
from z3 import And, Exists, ForAll, Implies

from spi_verify.papers.loading import load
from spi_verify.theory import PAPER
from spi_verify.theory.evaluate import holds
from spi_verify.theory.signature import Action, Player


@pytest.fixture(scope="module")
def statement():
    return next(one for one in load(FOLDER, PAPER) if one.id == "oc-prop-23/repaired")


def injects(each, one):
    remain = left(one)[0]
    images = [[each[i][x] for x in remain[i]] for i in PLAYERS]
    return all(
        set(images[i]) <= set(one[0][i]) and len(set(images[i])) == len(images[i]) for i in PLAYERS
    )


def game_of_images(each, one):
    actions = tuple(tuple(sorted(each[i][x] for x in one[0][i])) for i in PLAYERS)
    return game(actions, {sent(each, a): worth for a, worth in one[1]})


class Searched(Model):
    """A model in which every injection that improves has its game of images."""

    def derived(self, one):
        if not self.is_original(one):
            return []
        remain = left(one)
        return [
            game_of_images(each, remain)
            for each in MAPS
            if injects(each, one) and all(self.as_good(sent(each, a), a) for a, _ in remain[1])
        ]

    def differences(self, structure):
        found, table = set(), structure.tables
        games = list(enumerate(self.games))
        for (f, each), (n, one) in itertools.product(enumerate(MAPS), games):
            if table["injects"][f, n] != injects(each, one):
                found.add("injects")
            if any(len({each[i][x] for x in one[0][i]}) < len(one[0][i]) for i in PLAYERS):
                continue
            for m, other in games:
                if table["game_of_images"][m, f, n] != (other == game_of_images(each, one)):
                    found.add("game_of_images")
        return found


def test_the_search_by_injections_is_correct_in_standard_models(statement):
    moved = 0
    for seed in range(30):
        model = Searched(seed)
        if len(model.plays) > 128:
            continue
        structure = model.structure(statement.theory)
        for name in statement.definitions:
            if not statement.theory[name].sorts:
                assert holds(statement.theory.axiom(name), structure), (name, seed)
        assert holds(statement.goal.formula, structure), seed
        assert model.differences(structure) == set()
        moved += any(
            model.as_good(b, a) and a != b
            for one in model.games
            if model.is_original(one)
            for a, _ in left(one)[1]
            for b, _ in one[1]
        )
    assert moved, "something is there to be found"


Game, ActionMap = map(z3.DeclareSort, ("Game", "ActionMap"))
has_action = z3.Function("has_action", Player, Action, Game, z3.BoolSort())
sends = z3.Function("sends", ActionMap, Player, Action, Action)
i, x = z3.Const("i", Player), z3.Const("x", Action)

CHANGED = {
    "injects": lambda theory, f, G: ForAll(
        [i, x], Implies(has_action(i, x, G), has_action(i, sends(f, i, x), G))
    ),
    "game_of_images": lambda theory, H, f, G: And(
        theory.into(f, G, H), Exists([i, x], has_action(i, x, H))
    ),
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_changed_definition_of_the_search_says_something_else_than_code(statement, name):
    theory = statement.theory.with_(**{name: CHANGED[name]})
    models = [model for model in map(Searched, range(20)) if len(model.plays) <= 128]
    assert any(model.differences(model.structure(theory)) for model in models)
    assert len(OUTCOMES) == len(ACTIONS) ** 2
