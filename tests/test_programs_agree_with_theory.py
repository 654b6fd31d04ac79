"""Execution and the theory's formulas agree: random program games as finite structures.

The tables of a structure are filled by running programs; the formulas are evaluated in it. The
two share no code.
"""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spi_verify.games import Game, PureOutcomes
from spi_verify.programs import (
    CSR,
    ICSR,
    Always,
    Code,
    Execution,
    If,
    Leximin,
    PureBase,
    Renegotiation,
    RenegotiationMap,
    SameCode,
    To,
    Utilitarian,
    find_map_defect,
    replaced,
)
from spi_verify.testing import outcome_maps, set_functions

theory = pytest.importorskip("spi_verify.theory")
evaluate = pytest.importorskip("spi_verify.theory.evaluate")

ONE, TWO = Always("1"), Always("2")
SELECTIONS = (Utilitarian(), Leximin())


class World:
    """A program game over a pool of programs that every player can use, as a structure."""

    def __init__(self, game, pool, *, functions=(), maps=(), rounds=1):
        self.game = game
        self.base = PureBase(game)
        self.run = Execution(self.base)  # any maps, also ones that Definition 4 forbids
        self.players = list(self.base.players)
        self.outcomes = list(game.outcomes())
        self.pool = pool
        self.profiles = list(itertools.product(pool, repeat=len(self.players)))
        self.functions = list(functions)
        self.function_profiles = list(itertools.product(self.functions, repeat=len(self.players)))
        self.maps = list(maps)
        self.sets = {}
        self.tables = {}
        actions = list(dict.fromkeys(itertools.chain(*game.actions)))
        self.table("u", self.players, self.outcomes, lambda i, a: game.payoffs(a)[i - 1])
        self.action_sort = actions
        self.table("action", self.players, self.outcomes, lambda i, a: actions.index(a[i - 1]))
        self.programs()
        if self.maps:
            self.single_valued()
        if self.functions:
            self.set_valued()
        if rounds:
            self.iterated(rounds)

    def table(self, name, *arguments):
        *domains, value = arguments
        rows = itertools.product(*(list(enumerate(domain)) for domain in domains))
        self.tables[name] = {
            tuple(k for k, _ in row): value(*(element for _, element in row)) for row in rows
        }

    def programs(self):
        run = Execution(self.base)
        players, pool, profiles = self.players, self.pool, self.profiles
        index = {p: k for k, p in enumerate(profiles)}
        self.table("program", players, profiles, lambda i, p: pool.index(p[i - 1]))
        self.table("replace", profiles, players, pool, lambda p, i, c: index[replaced(p, i, c)])
        self.table("default", pool, lambda c: pool.index(getattr(c, "default", c)))
        self.table(
            "defaults", profiles, lambda p: index[tuple(getattr(c, "default", c) for c in p)]
        )
        self.table(
            "plays",
            players,
            pool,
            profiles,
            lambda i, c, p: self.action_sort.index(run.action(i, replaced(p, i, c))),
        )
        self.table("outcome", profiles, lambda p: self.outcomes.index(self.run.profile(p)))
        self.table(
            "weakly_improves",
            self.outcomes,
            self.outcomes,
            lambda x, a: x in self.base.at_least(self.game.payoffs(a)),
        )

    def single_valued(self):
        run, maps = Execution(self.base), self.maps

        def agree(p, i, r):
            default = self.run.profile(tuple(getattr(c, "default", c) for c in p))
            image = run.image(r, default)
            return all(
                run.image(maps[rn_of(c)], default) == image
                for j, c in enumerate(p, start=1)
                if j != i
            )

        def rn_of(c):
            return maps.index(c.rn) if isinstance(c, Renegotiation) else 0

        self.table("in_rn", self.players, self.pool, lambda _, c: isinstance(c, Renegotiation))
        self.table("rn_of", self.pool, rn_of)
        self.table(
            "improved", maps, self.outcomes, lambda r, a: self.outcomes.index(run.image(r, a))
        )
        self.table(
            "others_renegotiate",
            self.profiles,
            self.players,
            lambda p, i: all(
                isinstance(c, Renegotiation) for j, c in enumerate(p, start=1) if j != i
            ),
        )
        self.table("others_agree", self.profiles, self.players, maps, agree)
        self.table("renegotiation_function", maps, lambda r: find_map_defect(self.base, r) is None)

    def set_id(self, outcomes):
        return self.sets.setdefault(outcomes, len(self.sets))

    def set_valued(self):
        run, sel = Execution(self.base), Utilitarian()
        index = {r: k for k, r in enumerate(self.function_profiles)}

        def function(c):
            return c.function if isinstance(c, CSR) else self.functions[0]

        self.table("set_function", self.pool, lambda c: self.functions.index(function(c)))
        self.table("functions", self.profiles, lambda p: index[tuple(map(function, p))])
        self.table(
            "component",
            self.players,
            self.function_profiles,
            lambda i, r: self.functions.index(r[i - 1]),
        )
        self.table(
            "offers",
            self.players,
            self.functions,
            self.function_profiles,
            self.outcomes,
            lambda i, f, r, a: self.set_id(run.value(i, replaced(r, i, f), sel, a)),
        )
        self.table(
            "agreement",
            self.function_profiles,
            self.outcomes,
            lambda r, a: self.set_id(run.agreement(r, sel, a)),
        )
        self.table(
            "renegotiated",
            SELECTIONS,
            self.function_profiles,
            self.outcomes,
            lambda s, r, a: self.outcomes.index(run.renegotiated(r, s, a)),
        )
        sets = list(self.sets)
        self.table("member", self.outcomes, sets, lambda x, s: x in s)
        self.table("nonempty", sets, bool)
        self.table(
            "selected",
            SELECTIONS,
            sets,
            lambda s, x: self.outcomes.index(self.base.select(s, x)) if x else 0,
        )
        self.table("selection_function", SELECTIONS, lambda _: True)
        self.table(
            "in_csr",
            SELECTIONS,
            self.players,
            self.pool,
            lambda s, _, c: isinstance(c, CSR) and c.selection == s,
        )
        self.table(
            "others_csr",
            SELECTIONS,
            self.profiles,
            self.players,
            lambda s, p, i: all(
                isinstance(c, CSR) and c.selection == s for j, c in enumerate(p, start=1) if j != i
            ),
        )
        self.tables["sel"] = {(): 0}

    def iterated(self, rounds):
        if not self.functions:
            return
        index = {r: k for k, r in enumerate(self.function_profiles)}
        positions = list(range(rounds))
        run = Execution(self.base)

        def functions(k, p):
            return tuple(c.rounds[k] if isinstance(c, ICSR) else self.functions[0] for c in p)

        def reached(k, p, a):
            for earlier in range(k + 1):
                a = run.renegotiated(functions(earlier, p), SELECTIONS[0], a)
            return self.outcomes.index(a)

        self.table("in_icsr", self.players, self.pool, lambda _, c: isinstance(c, ICSR))
        self.table("round_functions", positions, self.profiles, lambda k, p: index[functions(k, p)])
        self.table("after", positions, self.profiles, self.outcomes, reached)
        self.table("next_to", positions, positions, lambda k, m: m == k + 1)
        self.tables["first"], self.tables["last"] = {(): 0}, {(): rounds - 1}
        self.rounds = rounds

    def feasible(self):
        """Fill in what Definition 6 speaks of."""
        pure = PureOutcomes(self.game)
        least = pure.pareto_meet_minimum
        efficient = [self.outcomes[k] for k in pure.efficient]
        self.table("efficient", self.outcomes, lambda a: a in efficient)
        self.table("pmm", self.players, lambda i: least[i - 1])
        self.table(
            "worst",
            self.players,
            lambda i: self.outcomes.index(
                min(efficient, key=lambda a: self.game.payoffs(a)[i - 1])
            ),
        )
        self.table(
            "pmp",
            self.players,
            self.outcomes,
            self.outcomes,
            lambda i, x, a: x in self.base.pareto_meet_projection(i, self.game.payoffs(a)),
        )
        return self

    def holds(self, *names):
        sizes = {
            "Player": len(self.players),
            "Action": len(self.action_sort),
            "Outcome": len(self.outcomes),
            "Program": len(self.pool),
            "Profile": len(self.profiles),
            "Renegotiation": len(self.maps),
            "SetFunction": len(self.functions),
            "SetFunctions": len(self.function_profiles),
            "OutcomeSet": len(self.sets),
            "Selection": len(SELECTIONS),
            "Position": getattr(self, "rounds", 1),
        }
        structure = evaluate.Structure(sizes, self.tables)
        return {name: evaluate.holds(FORMULAS[name], structure) for name in names}


class _Formulas(dict):
    def __missing__(self, name):
        self[name] = theory.PAPER.axiom(name)
        return self[name]


FORMULAS = _Formulas()
PROGRAMS = ("replacement", "default_profile", "outcome_of_programs", "programs_see_counterparts")
FUNCTIONS = (
    "agreement_set",
    "renegotiation_outcome",
    "selection_function",
    "set_functions_see_counterparts",
    "nonempty",
)


@st.composite
def square_games(draw, players=2):
    payoff = st.integers(0, 3)
    outcomes = itertools.product("12", repeat=players)
    return Game.from_outcomes({o: draw(st.tuples(*[payoff] * players)) for o in outcomes})


def plain(draw, maps_or_csr):
    """Defaults: constants and one that compares code with a program of the pool."""
    seen = draw(st.sampled_from([ONE, TWO, *maps_or_csr]))
    condition = draw(st.sampled_from([Code(1, seen), Code(2, seen), SameCode()]))
    return [ONE, TWO, If(condition, ONE, TWO)]


@pytest.mark.long
@settings(max_examples=150)
@given(st.data(), st.sampled_from([2, 2, 3]))
def test_algorithm_1(data, players):
    game = data.draw(square_games(players))
    maps = list(dict.fromkeys(data.draw(outcome_maps(game, improving=False)) for _ in range(2)))
    inner = [Renegotiation(maps[0], ONE)]
    pool = plain(data.draw, inner)
    default = data.draw(st.sampled_from(pool))
    pool = list(dict.fromkeys([*pool, *inner, *(Renegotiation(m, default) for m in maps)]))
    world = World(game, pool, maps=maps, rounds=0)
    names = (
        *PROGRAMS,
        "algorithm_1",
        "others_renegotiate",
        "others_agree",
        "weakly_improves",
        "renegotiation_function",
    )
    assert world.holds(*names) == dict.fromkeys(names, True)


@pytest.mark.long
@settings(max_examples=120)
@given(st.data())
def test_algorithm_2(data):
    game = data.draw(square_games())
    functions = list(dict.fromkeys(data.draw(set_functions(game, 1)) for _ in range(2)))
    functions = [f for f in functions if "tagged 2" not in str(f)] or [
        data.draw(set_functions(game, 1, conditional=False))
    ]
    inner = [CSR(SELECTIONS[0], ONE, functions[0])]
    pool = plain(data.draw, inner)
    default = data.draw(st.sampled_from(pool))
    csr = (CSR(s, default, f) for s in SELECTIONS for f in functions)
    pool = list(dict.fromkeys([*pool, *inner, *csr]))
    world = World(game, pool, functions=functions, rounds=0)
    names = (*PROGRAMS, *FUNCTIONS, "algorithm_2", "function_profile", "others_csr")
    assert world.holds(*names) == dict.fromkeys(names, True)


@pytest.mark.long
@settings(max_examples=100)
@given(st.data(), st.integers(1, 3))
def test_algorithm_3(data, rounds):
    game = data.draw(square_games())
    functions = [data.draw(set_functions(game, 1, conditional=False)) for _ in range(2)]
    functions = list(dict.fromkeys(functions))
    choice = st.tuples(*[st.sampled_from(functions)] * rounds)
    icsr = [ICSR(SELECTIONS[0], ONE, data.draw(choice)) for _ in range(2)]
    pool = list(dict.fromkeys([*plain(data.draw, icsr), *icsr]))
    world = World(game, pool, functions=functions, rounds=rounds)
    names = (*PROGRAMS, *FUNCTIONS, "rounds", "algorithm_3")
    assert world.holds(*names) == dict.fromkeys(names, True)


@pytest.mark.long
@settings(max_examples=150)
@given(st.data(), st.sampled_from([2, 2, 3]))
def test_definition_6(data, players):
    game = data.draw(square_games(players))
    world = World(game, [ONE], rounds=0).feasible()
    names = ("efficient", "pareto_meet_minimum", "pmp", "weakly_improves")
    assert world.holds(*names) == dict.fromkeys(names, True)


def test_a_wrong_table_is_noticed():
    game = Game.from_payoffs([[[0, 0], [1, 1]], [[2, 0], [0, 2]]])
    rn = RenegotiationMap((To(("1", "1"), ("1", "2")),))
    pool = [ONE, TWO, Renegotiation(rn, ONE)]
    world = World(game, pool, maps=[rn], rounds=0)
    assert world.holds("algorithm_1") == {"algorithm_1": True}
    for key, value in list(world.tables["plays"].items()):
        if key[1] == 2:
            world.tables["plays"][key] = 1 - value
            assert world.holds("algorithm_1") == {"algorithm_1": False}
            world.tables["plays"][key] = value
