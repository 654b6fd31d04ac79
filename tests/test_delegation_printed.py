"""Isomorphisms as printed, which need not be one to one: what holds of them, and what does not."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from test_delegation_paper import FOLDER, MAPS, OUTCOMES, PLAYERS, Model, is_affine, sent

from spi_verify.papers.loading import load
from spi_verify.theory import PAPER
from spi_verify.theory.evaluate import holds

TRUE = (
    "counterparts-are-paid-alike",
    "isomorphisms-compose",
    "isomorphisms-have-inverses",
    "isomorphisms-are-onto",
    "undominated-alike",
    "oc-def-5-always",
)
FALSE = ("oc-two-games", "oc-lemma-4", "oc-iso-symmetric", "oc-def-5")


class AsPrinted(Model):
    """A standard model in which representatives go by isomorphisms as printed."""

    one_to_one = False


@pytest.fixture(scope="module")
def everything():
    return {one.id: one for one in load(FOLDER, PAPER)}


@pytest.fixture(scope="module")
def models():
    models = map(AsPrinted, range(40))
    return [model for model in models if len(model.plays) <= 256]


def test_definitions_say_what_code_says_of_isomorphisms_as_printed(everything, models):
    theory = everything["oc-two-games"].theory
    structures = [model.structure(theory) for model in models]
    for model, structure in zip(models, structures, strict=True):
        assert model.differences(structure) == set()
        assert [id for id in TRUE if not holds(everything[id].goal.formula, structure)] == []
    formulas = {id: everything[id].goal.formula for id in FALSE}
    for id, formula in formulas.items():
        assert not all(holds(formula, structure) for structure in structures), id


def test_counterparts_rise_and_fall_as_code_says(everything, models):
    one = everything["counterparts-are-paid-alike"]
    seen = set()
    for model in models[:4]:
        structure = model.structure(one.theory)
        for name in ("rises_are_finite", "falls_are_finite"):
            assert holds(one.theory.axiom(name), structure)
        for (n, (_, told)), f, g in itertools.product(
            enumerate(model.games), range(len(MAPS)), range(len(MAPS))
        ):
            worth = dict(told)
            for a, i in itertools.product(worth, PLAYERS):
                others = [b for b in worth if sent(MAPS[f], b) == sent(MAPS[g], a)]
                row = (i, f, g, n, OUTCOMES.index(a))
                rises = any(worth[b][i] > worth[a][i] for b in others)
                falls = any(worth[b][i] < worth[a][i] for b in others)
                assert structure.tables["rises"][row] == rises
                assert structure.tables["falls"][row] == falls
                seen.add((rises, falls))
    assert len(seen) == 4, "a map that is not one to one has several counterparts"


WHOLE = {
    (0, 0): (0, 0), (0, 1): (1, 0), (0, 2): (3, 0),
    (1, 0): (2, 0), (1, 1): (0, 0), (1, 2): (3, 0),
}  # fmt: skip
"""Player 1 has two actions and player 2 three; what each outcome pays."""


def dominates(actions, i, x, y):
    """Whether y is worth more to a player than x, whatever the other one does."""
    pairs = (((x, z), (y, z)) if i == 0 else ((z, x), (z, y)) for z in actions[1 - i])
    return all(WHOLE[better][i] > WHOLE[worse][i] for worse, better in pairs)


def maps_between(actions, others):
    """Return the maps of outcomes that are isomorphisms as printed."""
    each = [
        [
            dict(zip(own, images, strict=True))
            for images in itertools.product(there, repeat=len(own))
        ]
        for own, there in zip(actions, others, strict=True)
    ]
    outcomes = list(itertools.product(*actions))
    for first, second in itertools.product(*each):
        sent = {(x, y): (first[x], second[y]) for x, y in outcomes}
        if all(
            is_affine((Fraction(WHOLE[sent[a]][i]), Fraction(WHOLE[a][i])) for a in outcomes)
            for i in (0, 1)
        ):
            yield sent


def test_nobody_can_play_by_isomorphisms_as_printed():
    """In the whole game and the two games of its rows nothing is dominated."""
    games = [((0, 1), (0, 1, 2)), ((0,), (0, 1, 2)), ((1,), (0, 1, 2))]
    for actions in games:
        for i in (0, 1):
            assert not any(
                dominates(actions, i, x, y) for x, y in itertools.permutations(actions[i], 2)
            )
    maps = {
        (n, m): list(maps_between(games[n], games[m]))
        for n, m in itertools.product(range(3), repeat=2)
    }
    assert all(maps[n, 0] for n in (1, 2)), "both rows are isomorphic to the game as printed"
    plays = itertools.product(*(list(itertools.product(*actions)) for actions in games))

    def is_tied(play):
        return all(
            not found or any(sent[play[n]] == play[m] for sent in found)
            for (n, m), found in maps.items()
        )

    assert not any(map(is_tied, plays))
