"""One form for counterexamples that differ in names and scales only."""

from __future__ import annotations

import copy
import itertools
import json
from fractions import Fraction

import pytest
from conftest import PROGRAM_GAMES
from hypothesis import given, settings
from hypothesis import strategies as st

from spi_verify.counterexamples.file import canonical
from spi_verify.counterexamples.programs.scenario import Scenario, read_scenario
from spi_verify.games import Game
from spi_verify.programs.deciding.spaces import Kind
from spi_verify.programs.language.functions import ByOutcome, Outcomes, RenegotiationMap, Row, To
from spi_verify.programs.language.programs import CSR, Always, Code, If, Renegotiation
from spi_verify.programs.language.selections import Choice as Chosen
from spi_verify.programs.language.selections import Lexicographic, Leximin, SelectionTable
from spi_verify.programs.running.beliefs import Beliefs

SHAPES = [(2, 1), (2, 2), (3, 1), (1, 2), (2, 1, 2)]


class Naming:
    """How a scenario is written: who is at which place, what actions are called, and scales."""

    def __init__(self, shape, rng=None):
        players = range(len(shape))
        self.order = list(players)
        self.names = [[f"a{k}" for k in range(size)] for size in shape]
        self.listed = [list(range(size)) for size in shape]
        self.scale = [(Fraction(1), Fraction(0)) for _ in players]
        self.rng = rng
        if rng is not None:
            rng.shuffle(self.order)
            self.names = [rng.sample(["x", "y z", "1", "2", "3"], size) for size in shape]
            self.scale = [
                (Fraction(rng.randint(1, 5), rng.randint(1, 3)), Fraction(rng.randint(-3, 3), 2))
                for _ in players
            ]
            for own in self.listed:
                rng.shuffle(own)

    def at(self, entries):
        """What belongs to the players, in their new places."""
        return tuple(entries[i] for i in self.order)

    def outcome(self, outcome):
        return self.at([self.names[i][action] for i, action in enumerate(outcome)])

    def shuffled(self, entries):
        entries = list(entries)
        if self.rng is not None:
            self.rng.shuffle(entries)
        return tuple(entries)

    def place(self, i):
        return self.order.index(i) + 1


def content(shape, rng):
    """What a random scenario says, without any names."""
    players, outcomes = range(len(shape)), list(itertools.product(*map(range, shape)))
    return {
        "payoffs": {a: [rng.randint(0, 2) for _ in players] for a in outcomes},
        "kind": rng.choice([None, Kind.RENEGOTIATION, Kind.CSR]),
        "constants": [rng.randint(1, size) for size in shape],
        "reader": [(rng.randrange(size), rng.randrange(size)) for size in shape],
        "rn": {a: rng.choice(outcomes) for a in outcomes if rng.random() < 0.5},
        "offers": [
            {a: rng.sample(outcomes, rng.randint(1, len(outcomes))) for a in outcomes}
            for _ in players
        ],
        "selection": rng.choice(["leximin", "order", "table"]),
        "priority": rng.sample(list(players), len(players)),
        "chosen": {
            k: rng.choice(k)
            for n in range(2, min(len(outcomes), 3) + 1)
            for k in itertools.combinations(outcomes, n)
        },
        "believed": [rng.choice([1, 2]) for _ in players],
        "equilibrium": rng.random() < 0.5,
    }


def written(shape, said, naming):
    """A scenario that says it, with these names."""
    players, order = range(len(shape)), naming.order
    shown = [[naming.names[i][k] for k in naming.listed[i]] for i in players]
    table = {}
    for a, paid in said["payoffs"].items():
        scaled = [factor * u + shift for u, (factor, shift) in zip(paid, naming.scale, strict=True)]
        table[naming.outcome(a)] = naming.at(scaled)
    actions = naming.at(shown)
    rows = [table[outcome] for outcome in itertools.product(*actions)]
    for own in reversed(actions[1:]):
        rows = [rows[k : k + len(own)] for k in range(0, len(rows), len(own))]
    game = Game.from_payoffs(rows, actions=actions)

    def constant(i, k):
        return Always(naming.names[i][k])

    def reader(i):
        j = (i + 1) % len(shape)
        one, other = said["reader"][i]
        return If(Code(naming.place(j), constant(j, 0)), constant(i, one), constant(i, other))

    defaults = [
        naming.shuffled([*(constant(i, k) for k in range(said["constants"][i])), reader(i)])
        for i in players
    ]
    rn = RenegotiationMap(
        naming.shuffled(To(naming.outcome(a), naming.outcome(x)) for a, x in said["rn"].items())
    )
    selection = {
        "leximin": Leximin(),
        "order": Lexicographic(tuple(naming.place(i) for i in said["priority"])),
        "table": SelectionTable(
            naming.shuffled(
                Chosen(naming.outcome(x), naming.shuffled(map(naming.outcome, among)))
                for among, x in said["chosen"].items()
            )
        ),
    }[said["selection"]]

    def function(i):
        return ByOutcome(
            Outcomes(()),
            naming.shuffled(
                Row(naming.outcome(a), Outcomes(naming.shuffled(map(naming.outcome, offered))))
                for a, offered in said["offers"][i].items()
            ),
        )

    def renegotiating(i):
        if said["kind"] is Kind.CSR:
            return CSR(selection, constant(i, 0), function(i))
        if said["kind"] is Kind.RENEGOTIATION:
            return Renegotiation(rn, constant(i, 0))
        return constant(i, 0)

    def belief(i):
        others = [j for j in order if j != i]
        profiles = [
            (tuple(make(j) for j in others), weight)
            for make, weight in [
                (lambda j: constant(j, 0), Fraction(1, 3)),
                (renegotiating, Fraction(2, 3)),
            ]
        ]
        if said["kind"] is None or said["believed"][i] == 1:
            return Beliefs(((profiles[0][0], Fraction(1)),))
        return Beliefs(naming.shuffled(profiles))

    programs = naming.at([renegotiating(i) for i in players])
    return Scenario(
        game,
        False,
        said["kind"],
        naming.at(defaults),
        programs=tuple((program,) for program in programs),
        selection=selection if said["kind"] is Kind.CSR else None,
        rn=rn if said["kind"] is Kind.RENEGOTIATION else None,
        functions=naming.at([function(i) for i in players]) if said["kind"] is Kind.CSR else (),
        beliefs=naming.at([belief(i) for i in players]),
        equilibrium=programs if said["equilibrium"] else (),
    )


def form(scenario):
    data = scenario.to_data()
    assert read_scenario(data) == scenario
    return canonical({"kind": "programs", "programs": data})


@pytest.mark.long
@given(st.sampled_from(SHAPES), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_names_orders_and_scales_do_not_matter(shape, rng):
    said = content(shape, rng)
    plain = form(written(shape, said, Naming(shape)))
    assert form(written(shape, said, Naming(shape, rng))) == plain


@given(st.sampled_from(SHAPES), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_another_order_of_preference_is_another_counterexample(shape, rng):
    said = content(shape, rng)
    outcomes = list(said["payoffs"])
    for k, a in enumerate(outcomes):
        said["payoffs"][a] = [10 * k + i for i in range(len(shape))]
    other = copy.deepcopy(said)
    other["payoffs"][outcomes[0]][0] = 10 * len(outcomes)
    one = written(shape, said, Naming(shape))
    changed = written(shape, other, Naming(shape, rng))
    assert form(one) != form(changed)


RN = """(map (to ["1" "2"] ["1" "1"]))"""
TINY = {
    "game": {
        "players": ["A", "B"],
        "actions": [["1", "2"], ["1", "2"]],
        "payoffs": [[["3", "3"], ["1", "0"]], [["0", "2"], ["0", "0"]]],
    },
    "play": "pure",
    "kind": "renegotiation",
    "defaults": [['(always "1")'], ['(always "2")']],
    "rn": RN,
    "beliefs": [
        [{"probability": "1", "opponents": ['(always "2")']}],
        [{"probability": "1", "opponents": ['(always "1")']}],
    ],
    "equilibrium": ['(always "1")', '(always "2")'],
}
CHANGES = [
    (["game", "payoffs", 0, 0], ["4", "3"], False),
    (["game", "payoffs", 1, 1], ["0", "1"], False),
    (["defaults", 0], ['(always "2")'], False),
    (["defaults", 1], ['(always "1")', '(always "2")'], False),
    (["rn"], """(map (to ["2" "2"] ["1" "1"]))""", False),
    (["rn"], """(map (to ["1" "2"] ["1" "1"]) (to ["2" "2"] ["1" "1"]))""", False),
    (["beliefs", 0, 0, "opponents"], ['(always "1")'], False),
    (["beliefs", 0, 0, "opponents"], [f'(renegotiate {RN} (always "2"))'], False),
    (["equilibrium", 0], '(always "2")', False),
    (["equilibrium"], [], False),
    (["programs"], [['(always "1")'], ['(always "2")']], False),
    (["game", "players"], ["C", "D"], True),
    (["game", "payoffs", 0, 0], ["6/2", "3.0"], True),
]


def tiny(data=TINY):
    return canonical({"kind": "programs", "programs": data})


@pytest.mark.parametrize(("path", "value", "alike"), CHANGES)
def test_only_what_says_something_else_has_another_form(path, value, alike):
    data = copy.deepcopy(TINY)
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert (tiny(data) == tiny()) is alike


def test_payoffs_are_compared_up_to_scale_for_each_player_apart():
    data = copy.deepcopy(TINY)
    data["game"]["payoffs"] = [[["3", "7"], ["1", "4"]], [["0", "5"], ["0", "4"]]]
    assert tiny(data) != tiny()
    data["game"]["payoffs"] = [[["3", "7"], ["1", "1"]], [["0", "5"], ["0", "1"]]]
    assert tiny(data) == tiny()
    data["game"]["payoffs"] = [[["-3", "7"], ["-1", "1"]], [["0", "5"], ["0", "1"]]]
    assert tiny(data) != tiny()


def shipped(name):
    path = PROGRAM_GAMES / "counterexamples" / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def test_another_selection_function_that_is_looked_at_is_another_counterexample():
    data = shipped("app-c")
    others = data["programs"]["other_selections"]
    plain = canonical(data)
    data["programs"]["other_selections"] = ["(maxmin)"]
    assert others != ["(maxmin)"]
    assert canonical(data) != plain


@pytest.mark.parametrize("name", ["thm-3-pmm", "prop-5", "sel-transitive-nash"])
def test_lotteries_and_other_kinds_are_compared_as_they_are(name):
    data = shipped(name)
    told = data | {"story": [], "conclusion": "", "hypotheses": []}
    assert canonical(told) == canonical(data)
    body = dict(reversed(data[data["kind"]].items()))
    assert canonical(data | {data["kind"]: body}) == canonical(data)


def test_with_very_many_renamings_counterexamples_are_compared_as_they_are():
    actions = [[f"{k}" for k in range(7)], ["1"]]
    data = copy.deepcopy(TINY)
    data["game"] = {
        "players": ["A", "B"],
        "actions": actions,
        "payoffs": [[[str(k), str(-k)]] for k in range(7)],
    }
    data |= {"defaults": [['(always "1")']] * 2, "equilibrium": [], "beliefs": []}
    data["rn"] = """(map (to ["2" "1"] ["1" "1"]))"""
    assert json.loads(tiny(data)) == data
