"""Counterexamples to transitivity: found, confirmed, and rejected when tampered with."""

from __future__ import annotations

import copy
import itertools
import json
from fractions import Fraction

import pytest
from conftest import PROGRAM_GAMES

from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.file import build, confirm_saved
from spi_verify.counterexamples.kind import Claimed
from spi_verify.counterexamples.looking import kind_for
from spi_verify.counterexamples.registry import named
from spi_verify.counterexamples.sets import finding
from spi_verify.counterexamples.sets.confirming import confirm
from spi_verify.counterexamples.statements.claimed import statement_of
from spi_verify.errors import InputError, Rejected
from spi_verify.games import Game
from spi_verify.programs import Leximin, Maxmin, PureBase
from spi_verify.programs.deciding.checking import check_selection
from spi_verify.solvers.smtlib import to_smtlib
from spi_verify.theory import PAPER

REFUTED = ("maxmin", "nash", "kalai-smorodinsky")
PROVED = (
    "lexicographic",
    "utilitarian",
    "leximin",
    "nash-interior",
    "maxmin/repaired",
    "nash/repaired",
    "kalai-smorodinsky/repaired",
)
SMALL = Bounds(players=2, outcomes=4)
DEFAULT = Bounds()
MAXMIN = {
    "players": 2,
    "payoffs": {"A": ["1", "2"], "B": ["2", "1"], "C": ["1", "5/2"]},
    "order": ["A", "B", "C"],
    "set": ["A", "B"],
    "added": ["C"],
}
NASH = {**MAXMIN, "disagreement": ["1", "1"]}
IDEAL = {
    "players": 3,
    "payoffs": {"A": ["1", "1", "2"], "B": ["2", "2", "1"], "C": ["1", "3", "2"]},
    "order": ["A", "B", "C"],
    "disagreement": ["0", "0", "0"],
    "set": ["A", "B"],
    "added": ["C"],
}


def find(id, bounds=DEFAULT, without=()):
    """Search for counterexamples to a shipped statement without some hypotheses."""
    return named("sets").find(statement_of(Claimed(id, tuple(without))), bounds, [])


def maxmin(**changes):
    return confirm(Claimed("sel-transitive-maxmin"), {**MAXMIN, **changes})


@pytest.mark.parametrize("name", REFUTED)
def test_the_smallest_counterexample_has_two_players_and_three_outcomes(name):
    body = next(find(f"sel-transitive-{name}"))
    assert body["players"] == 2
    assert body["payoffs"] == {"A": ["0", "1"], "B": ["1", "0"], "C": ["0", "2"]}
    assert (body["set"], body["added"]) == (["A", "B"], ["C"])


@pytest.mark.long
@pytest.mark.parametrize("name", PROVED)
def test_nothing_is_found_against_what_is_proved(name):
    assert next(find(f"sel-transitive-{name}", SMALL), None) is None


@pytest.mark.long
def test_the_search_would_find_something_if_leximin_were_maxmin(monkeypatch):
    assert not list(itertools.islice(finding.small_examples("leximin", set(), SMALL), 1))
    right = finding.selection_function
    monkeypatch.setattr(
        finding,
        "selection_function",
        lambda *of: Maxmin() if right(*of) == Leximin() else right(*of),
    )
    assert list(itertools.islice(finding.small_examples("leximin", set(), SMALL), 1))
    assert next(find("sel-transitive-leximin", SMALL), None) is None


@pytest.mark.long
@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("maxmin/repaired", "no-tie-under-domination"),
        ("nash/repaired", "no-tie-under-domination"),
        ("nash-interior", "disagreement-strictly-below"),
        ("kalai-smorodinsky/repaired", "no-tie-under-domination"),
        ("kalai-smorodinsky/repaired", "ideal-point-kept"),
    ],
)
def test_without_a_hypothesis_that_is_needed_there_is_a_counterexample(statement, name):
    claimed = Claimed(f"sel-transitive-{statement}", (name,))
    body = next(find(claimed.statement, without=[name]))
    named = [check.name for check in confirm(claimed, body).hypotheses]
    assert name not in named
    assert "picks-best" in named
    with pytest.raises(Rejected):
        confirm(Claimed(claimed.statement), body)


@pytest.mark.long
@pytest.mark.parametrize("name", ["nash/repaired", "kalai-smorodinsky/repaired"])
def test_without_a_hypothesis_that_is_not_needed_there_is_none(name):
    dropped = ["disagreement-weakly-below"]
    assert next(find(f"sel-transitive-{name}", SMALL, without=dropped), None) is None


@pytest.mark.long
@pytest.mark.parametrize("name", REFUTED)
def test_counterexamples_are_distinct_and_get_larger(name):
    bodies = list(itertools.islice(find(f"sel-transitive-{name}"), 30))
    assert len(bodies) == 30

    def relabelled(body):
        """Return the body up to players, order and outcomes within the set and the added."""
        players = range(body["players"])
        return min(
            tuple(
                tuple(sorted(tuple(body["payoffs"][o][i] for i in order) for o in body[key]))
                for key in ("set", "added")
            )
            for order in itertools.permutations(players)
        )

    seen = [relabelled(body) for body in bodies]
    assert len({str(one) for one in seen}) == len(seen)
    sizes = [(body["players"], len(body["order"]), len(body["set"])) for body in bodies]
    assert sizes == sorted(sizes)


def test_everything_found_is_a_violation_for_the_exhaustive_check_too():
    for body in itertools.islice(find("sel-transitive-maxmin"), 10):
        table = {(o, "-"): [Fraction(v) for v in body["payoffs"][o]] for o in body["order"]}
        base = PureBase(Game.from_outcomes(table))
        violation = check_selection(lambda s, b=base: b.select(Maxmin(), s), base.game)
        assert "transitive" in violation.claim


def test_a_confirmation_tells_the_story_with_exact_payoffs():
    confirmation = maxmin()
    assert confirmation.conclusion == (
        "maxmin selects A from {A, B} and B from {A, B, C}: player 2 gets 1, down from 2"
    )
    assert confirmation.story == (
        "Transitive means: when outcomes are added to a set that are at least as good for "
        "everybody as the one that is selected from it, nobody gets less from what is selected "
        "then.",
        "From {A (1, 2), B (2, 1)} it selects A: least payoff 1; "
        "A and B are tied, and A comes first in the order.",
        "C (1, 5/2) pays everybody at least what A pays.",
        "From {A (1, 2), B (2, 1), C (1, 5/2)} it selects B: least payoff 1; A is dominated; "
        "B and C are tied, and B comes first in the order.",
        "So player 2 gets 1, down from 2, although C is at least as good for everybody as A.",
    )
    assert [check.name for check in confirmation.hypotheses] == [
        "finite-sets",
        "picks-best",
        "ties-by-fixed-order",
    ]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"set": []}, "the set is empty"),
        ({"added": []}, "nobody gets less"),
        ({"added": ["B", "C"]}, "B is in the set already"),
        ({"order": ["B", "A", "C"]}, "C is added, but does not weakly improve on B"),
        ({"order": ["A", "C", "B"]}, "nobody gets less: C (1, 5/2) is selected"),
        ({"set": ["A"]}, "nobody gets less"),
        ({"payoffs": {**MAXMIN["payoffs"], "C": ["1", "1"]}}, "C is added, but does not weakly"),
        ({"payoffs": {**MAXMIN["payoffs"], "C": ["5/4", "3"]}}, "nobody gets less: C"),
        ({"payoffs": {**MAXMIN["payoffs"], "A": ["2", "2"], "C": ["2", "3"]}}, "nobody gets less"),
        ({"payoffs": {**MAXMIN["payoffs"], "B": ["1", "2"]}}, "nobody gets less"),
    ],
)
def test_what_is_no_counterexample_is_rejected_with_the_reason(changes, reason):
    with pytest.raises(Rejected) as rejected:
        maxmin(**changes)
    assert reason in str(rejected.value)


@pytest.mark.parametrize(
    ("statement", "body", "reason"),
    [
        ("nash-interior", NASH, "player 1 gets 1 in A, and 1 in the disagreement point"),
        ("maxmin/repaired", MAXMIN, "C dominates A and is tied with it in"),
        ("nash/repaired", NASH, "C dominates A and is tied with it in"),
        ("kalai-smorodinsky/repaired", IDEAL, "the ideal point goes from (2, 2, 2) to (2, 3, 2)"),
    ],
)
def test_a_hypothesis_that_does_not_hold_is_a_reason_to_reject(statement, body, reason):
    with pytest.raises(Rejected) as rejected:
        confirm(Claimed(f"sel-transitive-{statement}"), body)
    assert reason in str(rejected.value)


def test_a_point_below_which_somebody_falls_may_be_dropped():
    body = {**NASH, "disagreement": ["1", "3/2"]}
    body["payoffs"] = {"A": ["1", "2"], "B": ["2", "3/2"], "C": ["1", "3"], "D": ["0", "0"]}
    body["order"] = ["A", "B", "C", "D"]
    with pytest.raises(Rejected, match="player 1 gets 0 in D, and 1"):
        confirm(Claimed("sel-transitive-nash"), body)
    claimed = Claimed("sel-transitive-nash", ("disagreement-weakly-below",))
    assert "player 2 gets 3/2, down from 2" in confirm(claimed, body).conclusion


def test_the_formulas_have_a_say_of_their_own(monkeypatch):
    monkeypatch.setattr("spi_verify.theory.evaluate.holds", lambda *_: True)
    with pytest.raises(Rejected, match="evaluated, the selection function is transitive"):
        maxmin()


@pytest.mark.parametrize(
    ("changes", "where", "what"),
    [
        ({"players": 0}, "players", "from 1 to 5"),
        ({"players": True}, "players", "from 1 to 5"),
        ({"players": 3}, "payoffs.A", "a list of 3 payoffs"),
        ({"payoffs": []}, "payoffs", "a table of payoffs"),
        ({"payoffs": {str(k): ["0", "0"] for k in range(7)}}, "payoffs", "1 to 6 outcomes"),
        ({"payoffs": {**MAXMIN["payoffs"], "C": ["1", 2]}}, "payoffs.C", "written as text"),
        ({"payoffs": {**MAXMIN["payoffs"], "C": ["1", "x"]}}, "payoffs.C", "not a number"),
        ({"order": ["A", "B"]}, "order", "'C' has no place"),
        ({"order": ["A", "B", "C", "A"]}, "order", "'A' is there twice"),
        ({"order": "ABC"}, "order", "a list of names"),
        ({"set": ["A", "D"]}, "set", "no outcome 'D'"),
        ({"added": ["C", "C"]}, "added", "'C' is there twice"),
        ({"added": [["C"]]}, "added", "a list of names"),
        ({"disagreement": ["0", "0"]}, "disagreement", "no such key"),
        ({"priority": [1, 2]}, "priority", "no such key"),
    ],
)
def test_a_malformed_body_is_an_input_error_that_names_the_key(changes, where, what):
    with pytest.raises(InputError, match=what) as error:
        maxmin(**changes)
    assert error.value.where == where


@pytest.mark.parametrize("key", sorted(MAXMIN))
def test_a_missing_key_is_an_input_error(key):
    body = {k: v for k, v in MAXMIN.items() if k != key}
    with pytest.raises(InputError, match="missing") as error:
        confirm(Claimed("sel-transitive-maxmin"), body)
    assert error.value.where == key


@pytest.mark.parametrize("priority", [[1], [1, 1], [0, 1], [1, "2"], "12", [True, 2]])
def test_a_priority_names_every_player_once(priority):
    body = {**MAXMIN, "priority": priority}
    with pytest.raises(InputError) as error:
        confirm(Claimed("sel-transitive-lexicographic"), body)
    assert error.value.where == "priority"


def test_priority_goes_by_the_numbers_of_players():
    body = {**MAXMIN, "priority": [2, 1]}
    with pytest.raises(Rejected, match=r"C \(1, 5/2\) is selected from .*, and A"):
        confirm(Claimed("sel-transitive-lexicographic"), body)
    body = {**MAXMIN, "priority": [1, 2]}
    with pytest.raises(Rejected, match="does not weakly improve on B"):
        confirm(Claimed("sel-transitive-lexicographic"), body)


@pytest.mark.parametrize("statement", ["prop-1", "sel-transitive-", "best-is-transitive", ""])
def test_statements_about_something_else_are_input_errors(statement):
    with pytest.raises(InputError, match=r"lexicographic|there is no statement") as error:
        confirm(Claimed(statement), MAXMIN)
    assert error.value.where == "statement"


@pytest.mark.parametrize("statement", ["prop-1", "best-is-transitive", "prop-5"])
def test_statements_about_something_else_are_not_searched(statement):
    assert kind_for(statement_of(Claimed(statement)), []).name != "sets"


def test_a_hypothesis_that_the_statement_does_not_have_cannot_be_dropped():
    with pytest.raises(InputError, match="has no hypothesis 'no-tie-under-domination'") as error:
        confirm(Claimed("sel-transitive-maxmin", ("no-tie-under-domination",)), MAXMIN)
    assert error.value.where == "without"


def test_replaced_definitions_are_refused():
    other = PAPER.with_(maxmin=lambda theory: theory.utilitarian())
    text = to_smtlib({"definition": other.axiom("maxmin")})
    with pytest.raises(Rejected, match="the paper's maxmin only"):
        confirm(Claimed("sel-transitive-maxmin", (), {"maxmin": text}), MAXMIN)


def test_bounds_keep_the_search_small():
    assert not list(find("sel-transitive-maxmin", Bounds(players=2, outcomes=2)))
    assert not list(find("sel-transitive-maxmin", Bounds(players=1)))
    for body in itertools.islice(find("sel-transitive-maxmin", Bounds(2, 3)), 40):
        assert body["players"] == 2
        assert len(body["order"]) == 3


def test_in_a_given_game_its_own_outcomes_are_tried():
    rows = [[(0, 0), (1, 2), (0, 1)], [(2, 1), (1, 3), (0, 1)]]
    game = Game.from_payoffs(rows)
    body = next(find("sel-transitive-maxmin", Bounds(game=game)))
    assert body["payoffs"] == {"1, 2": ["1", "2"], "2, 1": ["2", "1"], "2, 2": ["1", "3"]}
    assert body["order"] == ["1, 2", "2, 1", "2, 2"]
    swapped = Game.from_payoffs([[(2, 1), (1, 2)], [(1, 3), (0, 0)]])
    assert next(find("sel-transitive-maxmin", Bounds(game=swapped)), None) is None
    assert next(find("sel-transitive-nash", Bounds(game=game)), None) is None
    assert next(find("sel-transitive-leximin", Bounds(game=game)), None) is None


@pytest.mark.parametrize("name", REFUTED)
def test_the_saved_counterexamples_are_those_found_first_and_are_confirmed(name, run):
    claimed = Claimed(f"sel-transitive-{name}")
    path = PROGRAM_GAMES / "counterexamples" / f"{claimed.statement}.json"
    body = next(find(claimed.statement))
    saved, found = (
        json.loads(path.read_text()),
        build(claimed, "sets", body, confirm(claimed, body)),
    )
    assert {**found, **saved} == found
    assert saved["sets"] == body
    assert run("replay", path).code == 0


def test_a_saved_counterexample_that_was_changed_is_rejected(tmp_path, run):
    data = json.loads(
        (PROGRAM_GAMES / "counterexamples" / "sel-transitive-maxmin.json").read_text()
    )
    for change, reason in (
        (lambda d: d["sets"]["payoffs"].update(C=["0", "1"]), "nobody gets less"),
        (lambda d: d["sets"]["payoffs"].update(C=["1", "2"]), "nobody gets less"),
        (lambda d: d["sets"].update(added=["A"]), "A is in the set already"),
        (lambda d: d.update(statement="sel-transitive-leximin"), "nobody gets less: C"),
        (lambda d: d["sets"]["payoffs"].update(C=["0", "3"]), "the story in the file differ"),
        (lambda d: d.update(conclusion="nothing"), "the conclusion in the file differ"),
    ):
        changed = copy.deepcopy(data)
        change(changed)
        with pytest.raises(Rejected, match=reason):
            confirm_saved(changed)
        (tmp_path / "changed.json").write_text(json.dumps(changed))
        assert run("replay", tmp_path / "changed.json").code == 1


def test_searching_and_confirming_ask_no_solver(monkeypatch):
    def started(*_, **__):
        raise AssertionError("a solver's process is started")

    monkeypatch.setattr("subprocess.Popen", started)
    for name in REFUTED:
        claimed = Claimed(f"sel-transitive-{name}")
        assert confirm(claimed, next(find(claimed.statement))).conclusion
