"""Bargaining solutions keep their axioms, on finite sets and in correlated play, exactly."""

from __future__ import annotations

import json
from fractions import Fraction
from fractions import Fraction as F
from itertools import permutations, product
from math import prod

import jsonschema
import numpy as np
import pytest
from conftest import MODELS
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from spi_verify.claims.check import check_model
from spi_verify.claims.counterexample import confirm_saved
from spi_verify.claims.reader import build_model
from spi_verify.errors import InputError
from spi_verify.games import CorrelatedPlay, Game, PureOutcomes, improvements
from spi_verify.games.algebraic import Algebraic
from spi_verify.games.solution_points import solution
from spi_verify.games.solutions import Rule, best_profile, parse_rule

SCHEMAS = MODELS.parent / "docs" / "schemas"
TWO = [Rule(name) for name in ("nash", "kalai-smorodinsky", "egalitarian", "utilitarian")]
TWO.append(Rule("proportional", (Fraction(1), Fraction(2))))
SCALE_FREE = [rule for rule in TWO if rule.name in ("nash", "kalai-smorodinsky")]
INDEPENDENT = [rule for rule in TWO if rule.name != "kalai-smorodinsky"]
SYMMETRIC = [rule for rule in TWO if not rule.weights]
number = st.integers(-4, 6).map(Fraction)
some = st.sampled_from


def sets(n, most=7):
    return st.lists(st.tuples(*[number] * n), min_size=2, max_size=most, unique=True)


def game(points):
    """Return a game of the points: player 1 chooses one."""
    n = len(points[0])
    others = [["x"]] * (n - 1)
    table = {(str(k), *(o[0] for o in others)): p for k, p in enumerate(points)}
    return Game.from_outcomes(table)


def pure(points, rule, d):
    return solution(PureOutcomes(game(points)), rule, d).payoffs


def hull(points, rule, d):
    return solution(CorrelatedPlay(game(points)), rule, d).payoffs


def scaled(points, factors, shifts):
    return [tuple(f * u + s for u, f, s in zip(p, factors, shifts, strict=True)) for p in points]


positive = st.integers(1, 5).map(Fraction)
WHERE = [pure, hull]
ZERO = (Fraction(0), Fraction(0))
both = pytest.mark.parametrize("chosen", WHERE, ids=["outcomes", "lotteries"])


@both
@given(points=sets(2), d=st.tuples(number, number), rule=some(TWO))
@settings(deadline=None, max_examples=60)
def test_what_is_chosen_is_efficient_and_nobody_gets_less_than_by_disagreement(
    chosen, points, d, rule
):
    found = chosen(points, rule, d)
    feasible = (PureOutcomes if chosen is pure else CorrelatedPlay)(game(points))
    if found is None:
        assert not any(p[0] >= d[0] and p[1] >= d[1] for p in points)
        return
    assert all(u >= least for u, least in zip(found, d, strict=True))
    assert feasible.is_efficient(found)
    assert chosen is pure or feasible.contains(found)


@both
@given(points=sets(2), d=st.tuples(number, number), rule=some(TWO), data=st.data())
@settings(deadline=None, max_examples=60)
def test_adding_a_number_to_payoffs_adds_it_to_the_choice(chosen, points, d, rule, data):
    shifts = data.draw(st.tuples(number, number))
    ones = (Fraction(1), Fraction(1))
    moved = chosen(scaled(points, ones, shifts), rule, scaled([d], ones, shifts)[0])
    found = chosen(points, rule, d)
    assert moved == (None if found is None else scaled([found], ones, shifts)[0])


@both
@given(
    points=sets(2), d=st.tuples(number, number), rule=st.sampled_from(SCALE_FREE), data=st.data()
)
@settings(deadline=None, max_examples=60)
def test_nash_and_kalai_smorodinsky_do_not_depend_on_the_scales_of_payoffs(
    chosen, points, d, rule, data
):
    factors, shifts = data.draw(st.tuples(positive, positive)), (Fraction(1), Fraction(-2))
    moved = chosen(scaled(points, factors, shifts), rule, scaled([d], factors, shifts)[0])
    found = chosen(points, rule, d)
    assert moved == (None if found is None else scaled([found], factors, shifts)[0])


@both
@given(points=sets(2, 5), rule=some(SYMMETRIC))
@settings(deadline=None, max_examples=60)
def test_symmetric_sets_have_symmetric_choices_but_for_ties(chosen, points, rule):
    mirrored = list(dict.fromkeys([*points, *(p[::-1] for p in points)]))
    found = chosen(mirrored, rule, ZERO)
    assume(found is not None)
    if chosen is pure or rule.name == "utilitarian":
        other = max(found, found[::-1])
        assert found == other, "of the two the lexicographically greater is taken"
    else:
        assert found[0] == found[1]


@both
@given(
    points=sets(2), d=st.tuples(number, number), rule=st.sampled_from(INDEPENDENT), data=st.data()
)
@settings(deadline=None, max_examples=60)
def test_what_is_not_chosen_can_be_left_out(chosen, points, d, rule, data):
    found = chosen(points, rule, d)
    assume(found is not None)
    kept = data.draw(st.lists(st.sampled_from(points), unique=True))
    if chosen is pure:
        fewer = list(dict.fromkeys([found, *kept]))
    else:
        middle = [tuple((x + y) / 2 for x, y in zip(found, p, strict=True)) for p in kept]
        fewer = list(dict.fromkeys([found, *middle]))
    assert chosen(fewer, rule, d) == found


@given(sets(2), st.tuples(number, number))
@settings(deadline=None, max_examples=80)
def test_kalai_smorodinsky_is_monotonic_in_each_player_s_possibilities(points, more):
    """A set that grows and leaves the other's best payoff as it is harms nobody it grows for."""
    rule = Rule("kalai-smorodinsky")
    corners = [(max(p[0], 0), max(p[1], 0)) for p in points]
    best = [max(p[i] for p in corners) for i in (0, 1)]
    small = list(dict.fromkeys([ZERO, (best[0], Fraction(0)), (Fraction(0), best[1]), *corners]))
    extra = (max(more[0], Fraction(0)), min(max(more[1], Fraction(0)), best[1]))
    large = list(dict.fromkeys([*small, extra, (extra[0], Fraction(0))]))
    before, after = hull(small, rule, ZERO), hull(large, rule, ZERO)
    assume(best[0] > 0 and best[1] > 0)
    assert after[0] >= before[0]


@given(sets(2), sets(2))
@settings(deadline=None, max_examples=80)
def test_egalitarian_choices_from_comprehensive_sets_grow_with_the_set(points, others):
    def comprehensive(some):
        kept = [(max(p[0], Fraction(0)), max(p[1], Fraction(0))) for p in some]
        below = [q for p in kept for q in ((p[0], Fraction(0)), (Fraction(0), p[1]))]
        return list(dict.fromkeys([*kept, *below, ZERO]))

    for rule in (Rule("egalitarian"), Rule("proportional", (Fraction(1), Fraction(2)))):
        small, large = comprehensive(points), comprehensive([*points, *others])
        before, after = hull(small, rule, ZERO), hull(large, rule, ZERO)
        equal = [
            min(u / w for u, w in zip(x, rule.weights or (1, 1), strict=True))
            for x in (before, after)
        ]
        assert equal[1] >= equal[0]


@pytest.mark.parametrize("n", [2, 3])
@given(data=st.data())
@settings(deadline=None, max_examples=50)
def test_no_lottery_has_a_greater_product_of_gains(n, data):
    points = data.draw(sets(n, 6))
    d = data.draw(st.tuples(*[number] * n))
    found = solution(CorrelatedPlay(game(points)), Rule("nash"), d)
    assume(found.payoffs is not None)
    gains = [u - x for u, x in zip(found.payoffs, d, strict=True)]
    gaining = [i for i in range(n) if gains[i] > 0]
    greatest = prod((gains[i] for i in gaining), start=Fraction(1))
    weights = data.draw(
        st.lists(st.integers(0, 5), min_size=len(points), max_size=len(points)).filter(any)
    )
    total = sum(weights)
    other = [
        sum((Fraction(w, total) * p[i] for w, p in zip(weights, points, strict=True)), Fraction(0))
        - d[i]
        for i in range(n)
    ]
    if min(other) >= 0:
        assert all(other[i] == 0 for i in range(n) if i not in gaining)
        assert not prod((other[i] for i in gaining), start=Fraction(1)) > greatest
    for k in range(1, 20):  # and none between what is chosen and the other
        between = [(g * (20 - k) + o * k) / 20 for g, o in zip(gains, other, strict=True)]
        if min(between) >= 0:
            assert not prod((between[i] for i in gaining), start=Fraction(1)) > greatest


@pytest.mark.parametrize("n", [2, 3])
@given(data=st.data())
@settings(deadline=None, max_examples=50)
def test_no_lottery_has_greater_least_gains(n, data):
    points = data.draw(sets(n, 6))
    least, best = ([pick(p[i] for p in points) for i in range(n)] for pick in (min, max))
    weights = data.draw(
        st.lists(st.integers(0, 5), min_size=len(points), max_size=len(points)).filter(any)
    )
    lottery = [Fraction(w, sum(weights)) for w in weights]
    other = [
        sum((w * p[i] for w, p in zip(lottery, points, strict=True)), Fraction(0)) for i in range(n)
    ]
    shares = tuple(map(Fraction, range(1, n + 1)))
    for rule, scales in (
        (Rule("egalitarian"), [Fraction(1)] * n),
        (Rule("proportional", shares), shares),
        (Rule("kalai-smorodinsky"), [b - a for a, b in zip(least, best, strict=True)]),
    ):
        found = hull(points, rule, tuple(least))
        counted = [i for i in range(n) if scales[i]]
        mine, theirs = (
            sorted((u[i] - least[i]) / scales[i] for i in counted) for u in (found, other)
        )
        assert mine >= theirs


def test_a_greatest_product_can_be_irrational_and_is_exact():
    corners = [(Fraction(4), Fraction(1), Fraction(1)), (Fraction(0), Fraction(4), Fraction(2))]
    found = solution(CorrelatedPlay(game(corners)), Rule("nash"), (Fraction(0),) * 3)
    # (4 - 4 t)(1 + 3 t)(1 + t): its slope is 0 where 9 t^2 + 2 t - 3 is.
    t = (4 - found.payoffs[0]) / 4
    assert isinstance(t, Algebraic)
    assert 9 * t * t + 2 * t - 3 == 0
    assert 0 < t < 1
    assert [str(u) for u in found.payoffs] == [
        "(40 - 8*sqrt(7))/9", "(2 + 2*sqrt(7))/3", "(8 + 2*sqrt(7))/9",
    ]  # fmt: skip
    assert found.lottery is None


def test_textbook_values():
    triangle = [(Fraction(0),) * 2, (Fraction(2), Fraction(0)), (Fraction(0), Fraction(1))]
    values = {
        "nash": (1, Fraction(1, 2)),
        "kalai-smorodinsky": (1, Fraction(1, 2)),
        "egalitarian": (Fraction(2, 3), Fraction(2, 3)),
        "utilitarian": (2, 0),
    }
    for name, value in values.items():
        assert hull(triangle, Rule(name), ZERO) == value
    cut = [*triangle[1:], (Fraction(1), Fraction(1)), ZERO]  # Kalai and Smorodinsky's point
    assert hull(cut, Rule("kalai-smorodinsky"), ZERO) == (Fraction(4, 3), Fraction(2, 3))
    assert hull(cut, Rule("nash"), ZERO) == (1, 1)


def test_four_players_inside_a_plane_are_unknown_with_a_reason():
    corners = [
        tuple(map(Fraction, p)) for p in ((3, 1, 1, 1), (1, 3, 1, 2), (1, 1, 3, 3), (0, 0, 0, 0))
    ]
    found = solution(CorrelatedPlay(game(corners)), Rule("nash"), (Fraction(0),) * 4)
    assert found.payoffs is None
    assert "two or more dimensions" in found.unknown


def test_four_players_on_a_face_of_three_dimensions_are_found():
    units = [tuple(Fraction(4 * (i == j)) for j in range(4)) for i in range(4)]
    found = solution(CorrelatedPlay(game([*units, (Fraction(0),) * 4])), Rule("nash"), (0,) * 4)
    assert found.payoffs == (1, 1, 1, 1)
    assert sum(found.lottery.values()) == 1


def test_of_equally_good_profiles_the_lexicographically_greatest_is_taken():
    tied = [(Fraction(1), Fraction(3)), (Fraction(3), Fraction(1))]
    for rule in SYMMETRIC:
        assert best_profile(rule, tied, ZERO) == (3, 1)
        assert best_profile(rule, tied[::-1], ZERO) == (3, 1)
    assert hull(tied, Rule("utilitarian"), ZERO) == (3, 1)


@given(sets(2, 6))
@settings(deadline=None, max_examples=50)
def test_finite_choices_are_those_of_the_definitions_by_brute_force(points):
    among = [p for p in points if min(p) >= 0]
    assume(among)
    ideal = [max(p[i] for p in among) for i in (0, 1)]
    wanted = {
        "egalitarian": lambda p: sorted(p),
        "utilitarian": sum,
        "proportional": lambda p: sorted((p[0], p[1] / 2)),
        "kalai-smorodinsky": lambda p: sorted(p[i] / ideal[i] for i in (0, 1) if ideal[i]),
        "nash": lambda p: (sum(u > 0 for u in p), prod(u for u in p if u > 0)),
    }
    for rule in TWO:
        key = wanted[rule.name]
        best = max(key(p) for p in among)
        assert best_profile(rule, points, ZERO) == max(p for p in among if key(p) == best)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("best", "unknown rule 'best' (there are: nash, kalai-smorodinsky"),
        ("nash 1 2", "unknown rule"),
        ("proportional 1", "a positive number for each of 2 players"),
        ("proportional 1 0", "a positive number for each of 2 players"),
        ("proportional 1 x", "not a number"),
    ],
)
def test_a_rule_that_does_not_exist_is_refused_in_a_sentence(text, said):
    with pytest.raises(InputError) as error:
        parse_rule(text, 2)
    assert said in str(error.value)


def test_orders_of_outcomes_and_players_do_not_matter():
    points = [tuple(map(Fraction, p)) for p in product((0, 2, 5), (1, 3)) if sum(p) < 7]
    for rule in TWO:
        chosen = {pure(list(order), rule, ZERO) for order in permutations(points)}
        assert len(chosen) == 1


def choosing(feasible, to):
    return {
        "feasible": feasible,
        "game": {"payoffs": [[[4, 1], [0, 0]], [[1, 0], [1, 2]]]},
        "renegotiation": {"f": [{"from": "any", "to": to}]},
        "claims": [
            {"kind": "renegotiation-function", "function": "f"},
            {"kind": "individually-rational-to-pmm", "function": "f"},
        ],
    }


@pytest.mark.parametrize("feasible", ["pure", "correlated"])
@pytest.mark.parametrize("to", [*map(str, TWO)])
def test_rules_in_model_files_lead_to_the_solution_from_each_outcome(feasible, to):
    model = build_model(choosing(feasible, to), file="m", name="m")
    assert [str(result.verdict) for result in check_model(model)] == ["proved", "proved"]
    instance = model.instance()
    images = instance.images("f")
    for k in range(4):
        wanted = solution(instance.feasible, parse_rule(to, 2), instance.payoffs(k)).payoffs
        assert instance.payoffs(int(images[k])) == wanted
    computed = np.flatnonzero(instance.points.computed)
    assert images[computed].tolist() == computed.tolist()


def test_a_refuted_claim_about_a_computed_lottery_is_saved_and_replayed():
    data = choosing("correlated", "nash")
    data["renegotiation"]["f"].insert(0, {"from": ["1", "1"], "to": ["2", "2"]})
    for result in check_model(build_model(data, file="m", name="m")):
        assert str(result.verdict) == ("refuted" if "renegotiation" in result.id else "proved")
        if result.counterexample is not None:
            assert "nash from (1, 2)" in result.counterexample["model"]["mixtures"]
            confirm_saved(json.loads(json.dumps(result.counterexample)), file="saved")


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("nash", "it is irrational, so that no named mixture pays it"),
        ("leximin", "chooses among pure outcomes"),
        ("nosh", "unknown rule 'nosh'; did you mean 'nash'?"),
        ("proportional 1 2", "a positive number for each of 3 players"),
    ],
)
def test_rules_that_lead_nowhere_are_refused_in_a_sentence(to, said):
    data = {
        "feasible": "correlated",
        "game": {"payoffs": [[[[4, 1, 1]]], [[[0, 4, 2]]], [[[0, 0, 0]]]]},
        "renegotiation": {"f": [{"from": ["3", "1", "1"], "to": to}]},
    }
    with pytest.raises(InputError) as error:
        build_model(data, file="m", name="m")
    assert said in str(error.value)
    assert "renegotiation.f[0]" in str(error.value)


def test_show_lists_the_solutions_and_draws_them(run, tmp_path):
    path = MODELS / "battle-of-the-sexes.toml"
    told = run("show", path, "--disagreement", "1/3,0", "--plot", tmp_path / "a.svg").out
    assert "kalai-smorodinsky  (17/11, 16/11)  6/11 (Opera, Opera)" in told
    picture = (tmp_path / "a.svg").read_text()
    assert "disagreement (1/3, 0)" in picture
    assert "nash (5/3, 4/3)" in picture
    run("show", path, "--disagreement", "1/3,0", "--plot", tmp_path / "b.svg")
    assert (tmp_path / "b.svg").read_text() == picture
    found = json.loads(run("show", path, "--disagreement", "5,5", "--json", "-").out)
    assert {entry["payoffs"] for entry in found["solutions"]} == {None}
    jsonschema.validate(found, json.loads((SCHEMAS / "game-1.json").read_text()))
    wrong = run("show", path, "--disagreement", "1")
    assert wrong.code == 2
    assert "a disagreement payoff for each of the 2 players is needed, not 1" in wrong.err


def file_of(points, folder):
    """Return a model file in which player 1 chooses one of some points, by lottery."""
    path = folder / "points.toml"
    rows, names = list(map(list, points)), ["x"] * (len(points[0]) - 1)
    for _ in names:
        rows = [[row] for row in rows]
    path.write_text(f'feasible = "correlated"\n[game]\npayoffs = {rows}\n')
    return path


def test_show_tells_irrational_payoffs_of_any_length_with_decimals(run, tmp_path):
    path = file_of([(73, 10, 62), (97, 33, 4)], tmp_path)
    told = run("show", path, "--disagreement", "0,0,0", "--json", tmp_path / "found.json").out
    line = next(line for line in told.splitlines() if line.startswith("nash"))
    assert "about (82.5592, 19.1609, 38.8985), exactly ((107534 + 13*sqrt(19677433))/2001" in line
    found = json.loads((tmp_path / "found.json").read_text())
    jsonschema.validate(found, json.loads((SCHEMAS / "game-1.json").read_text()))
    nash = next(entry for entry in found["solutions"] if entry["rule"] == "nash")
    a, b, _ = map(F, nash["near"])
    slope = (b - 10) / (a - 73)  # the solution is on the line between the two points
    assert abs(slope - F(23, 24)) < F(1, 10**4)


def test_show_says_which_number_the_payoffs_are_written_with(run, tmp_path):
    path = file_of([(5, 2, 6, 0), (1, 8, 1, 5)], tmp_path)
    told = run("show", path, "--disagreement", "0,0,0,0", "--json", tmp_path / "found.json").out
    said = "t is the root of 240*t**3 - 381*t**2 + 82*t + 30 between 0 and 1"
    line = next(line for line in told.splitlines() if line.startswith("nash"))
    assert "exactly (-4*t + 5, 6*t + 2, -5*t + 6, 5*t), where t is the root of 240*t**3" in line
    found = json.loads((tmp_path / "found.json").read_text())
    jsonschema.validate(found, json.loads((SCHEMAS / "game-1.json").read_text()))
    nash = next(entry for entry in found["solutions"] if entry["rule"] == "nash")
    assert nash["where"] == said
    t = F(nash["near"][3]) / 5
    ends = [240 * x**3 - 381 * x**2 + 82 * x + 30 > 0 for x in (t - F(1, 10**5), t + F(1, 10**5))]
    assert ends == [True, False]


def test_a_negotiation_has_its_solutions_unasked(run):
    found = json.loads(run("show", MODELS / "bargaining" / "flat.toml", "--json", "-").out)
    assert found["disagreement"] == ["9/20", "2/5"]
    chosen = {entry["rule"]: entry["payoffs"] for entry in found["solutions"]}
    assert chosen["nash"] == ["29/40", "3/5"]
    jsonschema.validate(found, json.loads((SCHEMAS / "game-1.json").read_text()))


def test_a_large_negotiation_is_not_ranked_for_ever(monkeypatch):
    monkeypatch.setattr(improvements, "MAX_RANKED", 2)
    corners = PureOutcomes(game([(F(0), F(0)), (F(1), F(2)), (F(2), F(1)), (F(0), F(1))]))
    with pytest.raises(InputError, match="would take too long; name an outcome"):
        improvements.best_improvements(corners, "nash", np.arange(4))
