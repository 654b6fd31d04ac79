"""Feasible sets as counterexamples: what is confirmed, what is rejected, what is found."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from fractions import Fraction

import pytest
from conftest import PROGRAM_GAMES
from hypothesis import given, settings
from hypothesis import strategies as st

from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.file import build, confirm_saved
from spi_verify.counterexamples.kind import Claimed
from spi_verify.counterexamples.polytopes.confirming.conclusions import separation
from spi_verify.counterexamples.polytopes.confirming.examination import confirm
from spi_verify.counterexamples.polytopes.confirming.hypotheses import CHECKS, _contains_meet, meet
from spi_verify.counterexamples.polytopes.polytope import Polytope
from spi_verify.counterexamples.registry import named
from spi_verify.counterexamples.statements.claimed import shipped_statements, statement_of
from spi_verify.counterexamples.statements.labels import hypotheses_of
from spi_verify.errors import InputError, Rejected
from spi_verify.games.game import Game
from spi_verify.solvers.smtlib import to_smtlib
from spi_verify.theory import PAPER

NONEMPTY, EFFICIENT = "def-6-nonempty", "prop-5-efficient-point"
STATEMENTS = (
    NONEMPTY,
    f"{NONEMPTY}/repaired",
    EFFICIENT,
    f"{EFFICIENT}/repaired",
    "efficient-point-two-players",
)


def find(id, bounds, without=()):
    """Search for counterexamples to a shipped statement without some hypotheses."""
    return named("polytope").find(statement_of(Claimed(id, tuple(without))), bounds, [])


def names(id):
    return tuple(hypothesis.name for hypothesis in shipped_statements()[id].hypotheses)


def body(corners, player=1, point=None):
    return {
        "corners": [list(map(str, corner)) for corner in corners],
        "player": player,
        "point": list(map(str, point or corners[-1])),
    }


THREE = body([(0, 1, 0), (1, 0, 1), (-1, -1, 0)])
CAKE = body(
    [(0, 0, 0), (0, 0, 2), (0, 2, 0), (1, 0, 0), (1, 0, 1), (1, 1, 0)], point=(1, "1/2", "1/2")
)


def confirmed(statement, data, without=()):
    return confirm(Claimed(statement, without), data)


# Another route to the same numbers: every basic solution of a linear program


def unique_solution(columns, right):
    """Return the only x with sum of x_k columns[k] == right, or None."""
    rows = [[*map(Fraction, row)] for row in zip(*columns, right, strict=True)]
    rank = 0
    for k in range(len(columns)):
        pivot = next((r for r in range(rank, len(rows)) if rows[r][k]), None)
        if pivot is None:
            return None
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        rows[rank] = [value / rows[rank][k] for value in rows[rank]]
        for r, row in enumerate(rows):
            if r != rank and row[k]:
                rows[r] = [x - row[k] * y for x, y in zip(row, rows[rank], strict=True)]
        rank += 1
    if any(row[-1] for row in rows[rank:]):
        return None
    return [row[-1] for row in rows[:rank]]


def greatest(columns, right, objective):
    """Return the greatest value of the objective over x >= 0, or None where there is no such x."""
    values = []
    for size in range(1, len(right) + 1):
        for chosen in itertools.combinations(range(len(columns)), size):
            x = unique_solution([columns[k] for k in chosen], right)
            if x is not None and min(x) >= 0:
                values.append(sum(v * objective[k] for v, k in zip(x, chosen, strict=True)))
    return max(values, default=None)


def gain(corners, point):
    """Return how much more, in sum, something feasible pays that is no worse for anybody."""
    n = len(point)
    columns = [(*corner, 1) for corner in corners]
    columns += [(*(-int(i == k) for i in range(n)), 0) for k in range(n)]
    return greatest(columns, (*point, 1), [0] * len(corners) + [1] * n)


def pmm_by_enumeration(corners):
    efficient = [corner for corner in corners if gain(corners, corner) == 0]
    return tuple(map(min, zip(*efficient, strict=True)))


def most_for_player(corners, player, level):
    """Return the most that the player can get where all others get exactly the level."""
    others = [k for k in range(len(level)) if k != player - 1]
    columns = [(*(corner[k] for k in others), 1) for corner in corners]
    right = (*(level[k] for k in others), 1)
    return greatest(columns, right, [corner[player - 1] for corner in corners])


def is_feasible(corners, point):
    return greatest([(*c, 1) for c in corners], (*point, 1), [0] * len(corners)) is not None


@st.composite
def polytopes(draw):
    n = draw(st.sampled_from([2, 3]))
    corner = st.tuples(*[st.integers(-2, 2)] * n)
    corners = tuple(tuple(map(Fraction, c)) for c in draw(st.lists(corner, min_size=1, max_size=5)))
    weights = draw(st.lists(st.integers(0, 2), min_size=len(corners), max_size=len(corners)))
    total = sum(weights) or 1
    weights = weights if sum(weights) else [1] + [0] * (len(corners) - 1)
    point = tuple(
        sum(w * c[k] for w, c in zip(weights, corners, strict=True)) / total for k in range(n)
    )
    return Polytope(corners, draw(st.integers(1, n)), point)


@pytest.mark.long
@settings(max_examples=60)
@given(polytopes())
def test_the_pmm_and_empty_projections_agree_with_an_enumeration_of_basic_solutions(example):
    assert example.pmm == pmm_by_enumeration(example.corners)
    level = tuple(map(max, example.pmm, example.point))
    most = most_for_player(example.corners, example.player, level)
    empty = most is None or most < level[example.player - 1]
    found = separation(example)
    assert (found is not None) == empty
    if len(level) == 2:
        assert not empty
    if found is not None:
        weights, bound = found
        for corner in example.corners:
            assert sum(w * x for w, x in zip(weights, corner, strict=True)) <= bound
        assert sum(w * x for w, x in zip(weights, level, strict=True)) > bound
        assert weights[example.player - 1] >= 0


@pytest.mark.long
@settings(max_examples=30)
@given(polytopes())
def test_what_contains_the_pareto_meet_agrees_with_trying_points(example):
    corners, pmm = example.corners, example.pmm
    try:
        _contains_meet(example)
    except Rejected:
        lowered = [
            (*point[:k], pmm[k], *point[k + 1 :])
            for point in meet(example)
            for k in range(len(pmm))
        ]
        assert not all(is_feasible(corners, point) for point in lowered)
    else:
        grid = itertools.product(*(range(int(least), 3) for least in pmm))
        between = [point for point in grid if gain(corners, point) is not None]
        assert all(is_feasible(corners, point) for point in between)


@settings(max_examples=40)
@given(polytopes())
def test_nothing_feasible_above_the_pmm_lies_outside_the_span_of_the_meet(example):
    span = meet(example)
    for one, other in itertools.combinations_with_replacement(example.corners, 2):
        middle = tuple((x + y) / 2 for x, y in zip(one, other, strict=True))
        if all(map(Fraction.__ge__, middle, example.pmm)):
            assert is_feasible(span, middle)


@pytest.mark.parametrize("id", STATEMENTS)
def test_every_hypothesis_of_the_statements_is_one_that_is_checked(id):
    statement = shipped_statements()[id]
    assert hypotheses_of(statement) <= set(CHECKS)
    assert len(hypotheses_of(statement)) == len(statement.hypotheses)


@pytest.mark.parametrize("statement", [NONEMPTY, EFFICIENT])
def test_the_saved_example_is_the_first_that_is_found_and_is_confirmed(statement):
    saved = json.loads((PROGRAM_GAMES / "counterexamples" / f"{statement}.json").read_text())
    first = next(find(statement, Bounds()))
    shown = confirmed(statement, first)
    assert saved == build(Claimed(statement), "polytope", first, shown)
    assert confirm_saved(saved) == shown
    assert tuple(check.name for check in shown.hypotheses) == names(statement)


def test_confirming_imports_no_solver():
    code = (
        "import sys; sys.modules['z3'] = sys.modules['cvc5'] = None\n"
        "import json\nfrom spi_verify.counterexamples.file import confirm_saved\n"
        "confirm_saved(json.load(open(sys.argv[1])))"
    )
    for statement in (NONEMPTY, EFFICIENT):
        path = PROGRAM_GAMES / "counterexamples" / f"{statement}.json"
        found = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True)
        assert found.returncode == 0, found.stderr


def test_three_players_can_have_an_empty_projection():
    shown = confirmed(NONEMPTY, THREE)
    assert shown.conclusion == "PMP_1(-1, -1, 0) is empty"
    assert "The PMM is (0, 0, 0)." in shown.story
    assert "at least 0, player 2 exactly 0 and player 3 exactly 0" in shown.story[2]


def test_the_concessions_said_to_be_inefficient_are():
    shown = confirmed(EFFICIENT, CAKE)
    assert shown.conclusion == (
        "(1 - eps_1, delta_2, delta_3) is not efficient for any eps_1 > 0 and any positive "
        "delta_2 < 1/2, delta_3 < 1/2"
    )
    assert shown.story[2].startswith(
        "It is claimed that for all positive delta_2 and delta_3 that are small enough there is an "
        "eps_1 > 0 with which (1 - eps_1, delta_2, delta_3) is efficient"
    )
    corners = [tuple(map(Fraction, corner)) for corner in CAKE["corners"]]
    small = [Fraction(1, 100), Fraction(1, 4), Fraction(49, 100)]
    for eps, two, three in itertools.product(small, repeat=3):
        assert gain(corners, (1 - eps, two, three)) > 0


def test_another_player_may_take_the_part_of_player_1():
    def turned(profile):
        return [profile[2], profile[0], profile[1]]

    data = {
        "corners": [turned(corner) for corner in CAKE["corners"]],
        "player": 2,
        "point": turned(CAKE["point"]),
    }
    shown = confirmed(EFFICIENT, data)
    assert shown.conclusion.startswith("(delta_1, 1 - eps_2, delta_3) is not efficient")


def test_repeated_flat_and_huge_corners_make_no_difference():
    again = THREE | {"corners": [*THREE["corners"], *THREE["corners"], ["1/2", "1/2", "1/2"]]}
    assert confirmed(NONEMPTY, again).conclusion == "PMP_1(-1, -1, 0) is empty"
    million = 10**25
    huge = body([[million * int(x) for x in corner] for corner in THREE["corners"]])
    assert "is empty" in confirmed(NONEMPTY, huge).conclusion
    with pytest.raises(Rejected, match="has a point"):
        confirmed(NONEMPTY, body([(1, 2, 3)]))


CORNERS = THREE["corners"]
CAKES = CAKE["corners"]
WRONG = [
    (NONEMPTY, THREE | {"corners": [["0", "1", "0"], ["1", "0", "0"], CORNERS[2]]}, "has a point"),
    (NONEMPTY, THREE | {"corners": [*CORNERS, ["0", "0", "0"]]}, "has a point"),
    (NONEMPTY, THREE | {"point": ["-1", "-1", "1"]}, "is not feasible"),
    (NONEMPTY, THREE | {"point": ["-1", "-1", "-1/100"]}, "is not feasible"),
    (NONEMPTY, THREE | {"point": ["0", "1", "0"]}, "player 1's Pareto meet projection of (0, 1, 0"),
    (NONEMPTY, THREE | {"player": 2}, "player 2's Pareto meet projection"),
    (NONEMPTY + "/repaired", THREE, "there are 3 players, not two"),
    (EFFICIENT, CAKE | {"point": ["1/2", "1/2", "1/2"]}, "not pay player 1 the best"),
    (EFFICIENT, CAKE | {"point": ["1", "1", "0"]}, "not pay player 3 more than the PMM payoff 0"),
    (EFFICIENT, CAKE | {"point": ["1", "1", "1"]}, "is not feasible"),
    (EFFICIENT, CAKE | {"player": 2}, "not pay player 2 the best"),
    (
        EFFICIENT,
        CAKE | {"corners": [*CAKES[:2], ["0", "1", "0"], *CAKES[3:]]},
        "players 1 and 2 both get their best payoffs at (1, 1, 0)",
    ),
    (EFFICIENT, CAKE | {"corners": CAKES[1:]}, "(0, 0, 0) lies between the PMM"),
    (
        EFFICIENT,
        CAKE | {"corners": [CAKES[0], *CAKES[1:3], *CAKES[4:]]},
        "but is not feasible",
    ),
    (
        EFFICIENT,
        CAKE | {"corners": [*CAKES[1:3], *CAKES[4:]]},
        "sum to zero everywhere",
    ),
    (EFFICIENT + "/repaired", CAKE, "not checked; drop this hypothesis"),
]


@pytest.mark.parametrize(("statement", "data", "said"), WRONG)
def test_what_is_no_counterexample_is_rejected_with_the_reason(statement, data, said):
    with pytest.raises(Rejected) as rejected:
        confirmed(statement, data)
    assert said in str(rejected.value)


MALFORMED = [
    ({"corners": []}, "corners", "1 to 64"),
    ({"corners": [["0"] * 3] * 65}, "corners", "1 to 64"),
    ({"corners": "all"}, "corners", "list"),
    ({"corners": [["0"] * 3, ["0"] * 2]}, "corners[1]", "2 payoffs, the point 3"),
    ({"corners": [["0"] * 9]}, "corners[0]", "1 to 8 players"),
    ({"corners": [["0", "0", "x"]]}, "corners[0][2]", "not a number"),
    ({"corners": [["0", "0", 0.5]]}, "corners[0][2]", "as text"),
    ({"corners": [["0", "0", "1" * 31]]}, "corners[0][2]", "more than 30 digits"),
    ({"point": ["1/0", "0", "0"]}, "point[0]", "divides by zero"),
    ({"point": []}, "point", "1 to 8 players"),
    ({"player": 0}, "player", "from 1 to 3"),
    ({"player": 4}, "player", "from 1 to 3"),
    ({"player": True}, "player", "from 1 to 3"),
    ({"player": "1"}, "player", "from 1 to 3"),
    ({"delta": "1"}, "delta", "unknown key"),
]


@pytest.mark.parametrize(("change", "where", "said"), MALFORMED)
def test_a_body_that_cannot_be_read_is_bad_input(change, where, said):
    with pytest.raises(InputError, match=said) as error:
        confirmed(NONEMPTY, THREE | change)
    assert error.value.where == where


@pytest.mark.parametrize("key", ["corners", "player", "point"])
def test_a_key_that_is_missing_is_named(key):
    with pytest.raises(InputError) as error:
        confirmed(NONEMPTY, {k: v for k, v in THREE.items() if k != key})
    assert error.value.where == key


def test_statements_hypotheses_and_definitions_must_be_known():
    with pytest.raises(InputError, match="prop-1 claims something else"):
        confirmed("prop-1", THREE)
    with pytest.raises(InputError, match="no hypothesis 'exactly-two-players'"):
        confirmed(NONEMPTY, THREE, ("exactly-two-players",))
    other = PAPER.with_(pmp=lambda theory, i, x, a: theory.efficient(x))
    text = to_smtlib({"definition": other.axiom("pmp")})
    with pytest.raises(Rejected, match="the paper's pmp only"):
        confirm(Claimed(NONEMPTY, (), {"pmp": text}), THREE)


def test_a_hypothesis_that_was_dropped_need_not_hold():
    dropped = "exactly-two-players"
    shown = confirmed(NONEMPTY + "/repaired", THREE, (dropped,))
    assert [check.name for check in shown.hypotheses] == list(names(NONEMPTY))
    without_meet = body([(0, 0, 0), (0, 0, 2), (0, 2, 0), (2, 1, 1)])
    with pytest.raises(Rejected, match="lies between the PMM"):
        confirmed(EFFICIENT, without_meet)
    shown = confirmed(EFFICIENT, without_meet, ("contains-pareto-meet",))
    assert "contains-pareto-meet" not in [check.name for check in shown.hypotheses]
    assert shown.conclusion.endswith("delta_2 < 1, delta_3 < 1")


@pytest.mark.parametrize("statement", STATEMENTS)
def test_two_players_have_no_counterexample_among_small_sets(statement):
    assert list(find(statement, Bounds(players=2))) == []


def test_two_players_alone_are_tried_where_the_repair_wants_it():
    found = find(NONEMPTY + "/repaired", Bounds(outcomes=3))
    assert list(found) == []
    dropped = find(NONEMPTY + "/repaired", Bounds(outcomes=3), ["exactly-two-players"])
    assert len(next(dropped)["point"]) == 3


@pytest.mark.long
@pytest.mark.parametrize("statement", [NONEMPTY, EFFICIENT])
def test_what_is_found_is_confirmed_distinct_and_smallest_first(statement):
    found = list(itertools.islice(find(statement, Bounds()), 12))
    assert found == list(itertools.islice(find(statement, Bounds()), 12))
    sizes = [len(one["corners"]) for one in found]
    assert sizes == sorted(sizes)
    assert sizes[0] == {NONEMPTY: 3, EFFICIENT: 6}[statement]
    classes = set()
    for one in found:
        confirmed(statement, one)
        corners = [tuple(map(int, corner)) for corner in one["corners"]]
        shifts = [min(column) for column in zip(*corners, strict=True)]
        classes.add(
            min(
                tuple(sorted(tuple(c[i] - shifts[i] for i in order) for c in corners))
                for order in itertools.permutations(range(3))
            )
        )
    assert len(classes) == len(found)


def test_no_three_player_segment_or_point_is_a_counterexample():
    assert list(find(NONEMPTY, Bounds(outcomes=2))) == []


def test_in_a_given_game_only_its_correlated_play_is_tried():
    def one_chooses(profiles):
        return Game.from_payoffs([[[list(map(Fraction, profile))]] for profile in profiles])

    game = one_chooses(THREE["corners"])
    (found,) = find(NONEMPTY, Bounds(game=game))
    assert sorted(found["corners"]) == sorted(THREE["corners"])
    assert (found["player"], found["point"]) == (1, ["-1", "-1", "0"])
    assert list(find(EFFICIENT, Bounds(game=game))) == []
    (found,) = find(EFFICIENT, Bounds(game=one_chooses(CAKES)))
    assert (found["player"], found["point"]) == (1, ["1", "1/2", "1/2"])
    many = one_chooses([(k, -k, 0) for k in range(65)])
    assert list(find(NONEMPTY, Bounds(game=many))) == []
