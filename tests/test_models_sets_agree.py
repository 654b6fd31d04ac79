"""What is decided about sets agrees with brute force, on pure outcomes and with lotteries."""

from __future__ import annotations

import itertools
from fractions import Fraction
from math import prod

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from spi_verify.claims.check import decide
from spi_verify.claims.confirming.recompute import corners_of, feasible, same_set, scope_at, systems
from spi_verify.claims.reader import build_model
from spi_verify.claims.registry import convert_claim
from spi_verify.claims.sets import sets_of
from spi_verify.errors import Undecided
from spi_verify.games import Game
from spi_verify.programs import (
    CSR,
    Always,
    Beliefs,
    Choice,
    CorrelatedBase,
    ProgramGame,
    PureBase,
    Region,
    SelectionTable,
    expected_utility,
    parse_selection,
)
from spi_verify.programs.running.execution import Execution

small = st.integers(0, 3)
PLAYERS = 2
OUTCOMES = [["1", "1"], ["1", "2"], ["2", "1"], ["2", "2"]]
DEFAULT = OUTCOMES[0]


def dominates(u, v):
    return u != v and all(a >= b for a, b in zip(u, v, strict=True))


def improves(u, v):
    return all(a >= b for a, b in zip(u, v, strict=True))


@st.composite
def pure_models(draw, extended=False):
    cells = [draw(st.tuples(small, small)) for _ in OUTCOMES]
    payoffs = [[list(cells[0]), list(cells[1])], [list(cells[2]), list(cells[3])]]
    parts = st.lists(
        st.one_of(
            st.builds(lambda o: {"outcomes": o}, st.lists(st.sampled_from(OUTCOMES), min_size=1)),
            st.builds(lambda b: {"within": ["improving", f"u1 <= {b}"]}, small),
            st.builds(lambda b: {"within": [f"u2 >= {b}"]}, small),
            st.just({"pmp": 1}),
            st.builds(
                lambda o: {"outcomes": [o], "against": [{"player": 1, "tag": "pmp-extension"}]},
                st.sampled_from(OUTCOMES),
            ),
        ),
        min_size=1,
        max_size=3,
    )
    names = ["x", "y"]
    if extended:
        names[0] = draw(st.sampled_from(["x", "xe"]))
    return {
        "game": {"payoffs": payoffs},
        "sets": {"x": draw(parts), "y": draw(parts), "xe": {"pmp-extension": "x"}},
        "profiles": {"p": {"functions": names, "defaults": [DEFAULT]}},
    }


def selections_of(base, transitive):
    """Return every selection function on the sets of all outcomes, by its definition."""
    outcomes = list(base.game.outcomes())
    sets = [
        frozenset(chosen)
        for size in range(1, len(outcomes) + 1)
        for chosen in itertools.combinations(outcomes, size)
    ]
    u = base.payoffs
    options = [[x for x in sorted(s) if not any(dominates(u(y), u(x)) for y in s)] for s in sets]
    assume(prod(map(len, options)) <= 300)
    for choices in itertools.product(*options):
        sel = dict(zip(sets, choices, strict=True))
        if transitive and not all(
            improves(u(sel[s | t]), u(sel[s]))
            for s in sets
            for t in sets
            if all(improves(u(x), u(sel[s])) for x in t)
        ):
            continue
        yield SelectionTable(tuple(Choice(x, tuple(sorted(s))) for s, x in sel.items()))


def run(base, selection, functions):
    programs = [CSR(selection, Always(a), f) for a, f in zip(DEFAULT, functions, strict=True)]
    return ProgramGame(base).utilities(programs)


def decided(data, claim):
    instance = build_model(data, file="m", name="m").instance()
    return decide(convert_claim(claim), instance).violation is None


@pytest.mark.long
@settings(max_examples=60)
@given(pure_models(extended=True), st.booleans(), st.sampled_from(["spi", "pmm-guarantee"]))
def test_every_selection_function_means_every_one(data, transitive, kind):
    how = "every-transitive" if transitive else "every"
    sets = sets_of(build_model(data, file="m", name="m").instance())
    base, functions = PureBase(sets.instance.game), sets.profile("p").functions
    before = base.payoffs(tuple(DEFAULT))
    least = before
    if kind == "pmm-guarantee":
        least = tuple(map(max, before, base.pareto_meet_minimum))
    holds = True
    for selection in selections_of(base, transitive):
        after = run(base, selection, functions)
        holds = holds and improves(after, least) and (kind != "spi" or after != before)
    try:
        found = decided(data, {"kind": kind, "profile": "p", "selection": how})
    except Undecided:
        assert transitive or kind == "spi"
        return
    assert found is holds


@pytest.mark.long
@settings(max_examples=60)
@given(pure_models(), st.booleans())
def test_extending_is_safe_for_every_selection_function_that_there_is(data, transitive):
    how = "every-transitive" if transitive else "every"
    sets = sets_of(build_model(data, file="m", name="m").instance())
    base = PureBase(sets.instance.game)
    x, y, xe = (sets.function(name) for name in ("x", "y", "xe"))
    holds = all(
        run(base, selection, (xe, y))[0] >= run(base, selection, (x, y))[0]
        for selection in selections_of(base, transitive)
    )
    claim = {"kind": "pmp-extension-safe", "player": 1, "profiles": ["p"], "selection": how}
    try:
        assert decided(data, claim) is holds
    except Undecided:
        assert transitive


bounds = st.builds(
    lambda a, b, c, relation: f"{a}*u1 + {b}*u2 {relation} {c}",
    st.integers(-2, 2),
    st.integers(-2, 2),
    st.integers(-4, 8),
    st.sampled_from(["<=", ">="]),
)


@st.composite
def mixed_models(draw):
    cells = [draw(st.tuples(small, small)) for _ in OUTCOMES]
    part = st.one_of(
        st.builds(lambda b: {"within": b}, st.lists(bounds, min_size=1, max_size=2)),
        st.builds(lambda b: {"within": ["improving", b]}, bounds),
        st.builds(lambda o: {"outcomes": [o]}, st.sampled_from(OUTCOMES)),
        st.builds(lambda i: {"pmp": i}, st.sampled_from([1, 2])),
    )
    return {
        "feasible": "correlated",
        "game": {
            "payoffs": [[list(cells[0]), list(cells[1])], [list(cells[2]), list(cells[3])]],
        },
        "sets": {
            "x": draw(st.lists(part, min_size=1, max_size=3)),
            "y": draw(st.lists(part, min_size=1, max_size=2)),
            "xe": {"pmp-extension": "x"},
        },
        "profiles": {
            "p": {"functions": ["x", "y"], "defaults": [DEFAULT]},
            "e": {"functions": ["xe", "y"], "defaults": [DEFAULT]},
        },
    }


@pytest.mark.long
@settings(max_examples=80)
@given(mixed_models(), st.sampled_from(["p", "e"]))
def test_polygons_have_the_corners_that_crossing_lines_give(data, name):
    sets = sets_of(build_model(data, file="m", name="m").instance())
    functions, selection = sets.profile(name).functions, parse_selection("(leximin)")
    execution, outcome = Execution(sets.base), tuple(DEFAULT)
    scope = scope_at(sets.base, functions, selection, outcome)
    agreed = execution.agreement(functions, selection, outcome)
    assert same_set(scope, [1, 2], agreed)
    for player in (1, 2):
        assert same_set(scope, [player], execution.value(player, functions, selection, outcome))
    if agreed:
        larger = agreed | Region.points([(Fraction(99), Fraction(0))])
        smaller = Region(agreed.pieces[1:])
        assert not same_set(scope, [1, 2], larger)
        if not agreed <= smaller:
            assert not same_set(scope, [1, 2], smaller)


@pytest.mark.long
@settings(max_examples=80)
@given(mixed_models(), st.sampled_from(["spi", "pmm-guarantee"]))
def test_every_selection_function_with_lotteries_means_every_efficient_point(data, kind):
    """Efficient corners show losses; a refutation shows an efficient point that loses."""
    sets = sets_of(build_model(data, file="m", name="m").instance())
    base, functions = sets.base, sets.profile("p").functions
    assert isinstance(base, CorrelatedBase)
    outcome = tuple(DEFAULT)
    before = base.payoffs(outcome)
    least = before
    if kind == "pmm-guarantee":
        least = tuple(map(max, before, base.pareto_meet_minimum))
    scope = scope_at(base, functions, parse_selection("(leximin)"), outcome)
    whole = feasible(base)
    combined = [
        (*one, *two, *whole)
        for one in systems(functions[0], scope)
        for two in systems(functions[1], scope)
    ]
    corners = {u for system in combined for u in corners_of(system)}
    claim = convert_claim({"kind": kind, "profile": "p", "selection": "every"})
    violation = decide(claim, sets.instance).violation
    efficient = [u for u in corners if not any(dominates(v, u) for v in corners)]
    if violation is None:
        # a corner that no corner dominates may be dominated by an inner point of a side
        assert all(
            improves(u, least) or any(_dominated(u, system) for system in combined)
            for u in efficient
        )
    elif violation["violates"] == "renegotiated-loss":
        selected = tuple(map(Fraction, violation["selected"]))
        assert not improves(selected, least)
        assert not any(_dominated(selected, system) for system in combined)
        assert not corners or selected in corners
    else:
        assert all(u == before for u in efficient)


def _dominated(u, system):
    from spi_verify.programs import Halfspace

    above = (
        Halfspace((Fraction(-1), Fraction(0)), -u[0]),
        Halfspace((Fraction(0), Fraction(-1)), -u[1]),
    )
    return any(v != u for v in corners_of((*system, *above)))


@settings(max_examples=50)
@given(pure_models(), st.lists(st.fractions(0, 1), min_size=1, max_size=3))
def test_weights_agree_with_expected_utility(data, weights):
    data["sets"]["z"] = [{"within": ["improving"]}]
    data["profiles"] = {
        name: {"functions": ["z", other], "defaults": [DEFAULT], "selection": "leximin"}
        for name, other in (("one", "y"), ("two", "z"))
    }
    sets = sets_of(build_model(data, file="m", name="m").instance())
    game, leximin = ProgramGame(PureBase(sets.instance.game)), parse_selection("(leximin)")
    x, y, z = (sets.function(name) for name in "xyz")
    assume(y != z)
    mine, other = (CSR(leximin, Always(DEFAULT[0]), f) for f in (x, z))
    one, two = (CSR(leximin, Always(DEFAULT[1]), f) for f in (y, z))
    for weight in [*weights, Fraction(0), Fraction(1)]:
        belief = [(p, w) for p, w in ((one, weight), (two, 1 - weight)) if w]
        gains = [expected_utility(game, 1, p, Beliefs.of(*belief)) for p in (mine, other)]
        beliefs = [
            {"profile": "one", "weight": str(weight)},
            {"profile": "two", "weight": str(1 - weight)},
        ]
        claim = {"kind": "prefers", "player": 1, "function": "x", "over": "z", "beliefs": beliefs}
        found = decide(convert_claim(claim), sets.instance)
        assert (found.violation is None) is (gains[0] >= gains[1])


SELECTIONS = ["utilitarian", "leximin", "maxmin", "nash 0 0", "dictator 1", "lexicographic 2 1"]


@settings(max_examples=60)
@given(st.lists(st.tuples(small, small), min_size=4, max_size=4), st.sampled_from(SELECTIONS))
def test_transitivity_is_that_of_the_definition(cells, text):
    payoffs = [[list(cells[0]), list(cells[1])], [list(cells[2]), list(cells[3])]]
    base = PureBase(Game.from_payoffs(payoffs))
    selection = parse_selection(f"({text})")
    outcomes = list(base.game.outcomes())
    sets = [frozenset(c) for size in range(1, 5) for c in itertools.combinations(outcomes, size)]
    sel = {s: base.payoffs(base.select(selection, s)) for s in sets}
    holds = all(
        improves(sel[s | t], sel[s])
        for s in sets
        for t in sets
        if all(improves(base.payoffs(x), sel[s]) for x in t)
    )
    claim = {"kind": "selection-transitive", "selection": text, "outcomes": [["*", "*"]]}
    assert decided({"game": {"payoffs": payoffs}}, claim) is holds
    claim = {
        "kind": "selection-transitive",
        "selection": text,
        "sets": [[list(x) for x in sorted(s)] for s in sets],
    }
    assert decided({"game": {"payoffs": payoffs}}, claim) is holds
