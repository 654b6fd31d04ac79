"""Counterexamples to Proposition 5 are executed, and false ones are rejected with the reason."""

from __future__ import annotations

import copy
import itertools
import json

import pytest
from conftest import PROGRAM_GAMES

from spi_verify.counterexamples import file
from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.iterated.confirming.case import Case
from spi_verify.counterexamples.iterated.confirming.examination import confirm
from spi_verify.counterexamples.iterated.confirming.response import Response
from spi_verify.counterexamples.kind import Claimed
from spi_verify.counterexamples.looking import kind_for
from spi_verify.counterexamples.registry import named
from spi_verify.counterexamples.statements.claimed import statement_of
from spi_verify.counterexamples.statements.labels import hypothesis_of
from spi_verify.errors import InputError, Rejected
from spi_verify.games import Game
from spi_verify.papers.loading import load
from spi_verify.shipped import shipped
from spi_verify.theory import PAPER

BOUNDS = Bounds()
TIGHT, RESPONSE = Claimed("prop-5"), Claimed("prop-5-best-response")


def find(id, bounds=BOUNDS, without=()):
    """Search for counterexamples to a shipped statement without some hypotheses."""
    return named("iterated").find(statement_of(Claimed(id, tuple(without))), bounds, [])


@pytest.fixture(scope="module")
def bodies():
    return {claimed.statement: next(find(claimed.statement)) for claimed in (TIGHT, RESPONSE)}


@pytest.fixture
def tight(bodies):
    return copy.deepcopy(bodies["prop-5"])


@pytest.fixture
def response(bodies):
    return copy.deepcopy(bodies["prop-5-best-response"])


@pytest.fixture(scope="module")
def suite():
    return {s.id: s for s in load(shipped("proofs") / "program_games" / "prop_5.py", PAPER)}


@pytest.mark.parametrize("id", ["prop-5", "prop-5-best-response"])
def test_every_hypothesis_of_the_literal_statement_is_checked_once(id, bodies, suite):
    confirmation = confirm(Claimed(id), bodies[id])
    names = [check.name for check in confirmation.hypotheses]
    assert sorted(names) == sorted(h.name for h in suite[id].hypotheses)
    assert all(check.how for check in confirmation.hypotheses)


@pytest.mark.parametrize(("id", "case"), [("prop-5", Case), ("prop-5-best-response", Response)])
def test_every_hypothesis_of_the_repaired_statement_is_one_that_is_checked(id, case, suite):
    labels = {hypothesis_of(h) for h in suite[f"{id}/repaired"].hypotheses}
    assert labels <= case.checked


def test_the_first_counterexample_to_the_proposition_is_always_slot_1(tight):
    assert tight["defaults"] == [['(always "Slot 1")'], ['(always "Slot 1")']]
    found = confirm(TIGHT, tight)
    assert "pays player 1 more than 2, the PMM of 1 plus Delta_1 = 1," in found.conclusion
    assert any(line.startswith("Delta says how much more than the PMM") for line in found.story)


def test_the_first_better_program_earns_a_hundredth_more(response):
    confirmation = confirm(RESPONSE, response)
    assert confirmation.conclusion == (
        "p_1 is no best response: it earns 29/10, and another program 291/100, 1/100 more"
    )
    assert confirmation.story[-1] == (
        f"So {confirmation.conclusion}. q_1 gets more from whoever accepts anything and loses "
        "nothing by it, so that this holds however small the positive probability of those."
    )
    assert "(take" not in " ".join(confirmation.story)


def test_from_two_rounds_on_the_selection_function_that_favours_the_player_does_not_help():
    found = [b for b in find("prop-5-best-response") if b["rounds"] == 2 and b["player"] == 1]
    assert {b["selection"] for b in found} == {"(leximin)", "(dictator 1)"}


def test_what_is_found_is_confirmed_and_of_different_kinds():
    for id in ("prop-5", "prop-5-best-response"):
        found = list(find(id))
        assert len({json.dumps(body) for body in found}) == len(found)
        assert [b["rounds"] for b in found] == sorted(b["rounds"] for b in found)
        for body in found:
            confirm(Claimed(id), body)


def test_another_game_can_be_given():
    chicken = Game.from_payoffs([[[3, 3], [1, 4]], [[4, 1], [0, 0]]])
    for id in ("prop-5", "prop-5-best-response"):
        body = next(find(id, Bounds(game=chicken)))
        assert body["game"]["payoffs"][1][0] == ["4", "1"]
        confirm(Claimed(id), body)


def test_no_counterexample_where_a_hypothesis_fails():
    common = Game.from_payoffs([[[2, 2], [0, 0]], [[0, 0], [1, 1]]])
    assert list(find("prop-5", Bounds(game=common))) == []
    assert list(find("prop-5-best-response", Bounds(game=common))) == []
    assert kind_for(statement_of(Claimed("prop-1")), []).name == "programs"


@pytest.mark.parametrize("id", ["prop-5", "prop-5-best-response"])
def test_saved_counterexamples_are_up_to_date_and_replay(id, run, bodies):
    path = PROGRAM_GAMES / "counterexamples" / f"{id}.json"
    data = json.loads(path.read_text())
    claimed = Claimed(id)
    built = file.build(claimed, "iterated", bodies[id], confirm(claimed, bodies[id]))
    assert data == built
    assert run("replay", path).code == 0


# Necessity


def test_without_the_added_hypotheses_about_defaults_the_repaired_proposition_fails():
    claimed = Claimed("prop-5/repaired", ("defaults-at-most-pmm", "defaults-not-generous"))
    body = next(find(claimed.statement, without=claimed.without))
    names = [check.name for check in confirm(claimed, body).hypotheses]
    assert "pmm-attained" in names
    assert "defaults-at-most-pmm" not in names


@pytest.mark.parametrize("name", ["certain-of-the-less-generous", "defaults-pay-less"])
def test_each_added_hypothesis_of_the_best_response_is_needed(name):
    claimed = Claimed("prop-5-best-response/repaired", (name,))
    confirm(claimed, next(find(claimed.statement, without=claimed.without)))


@pytest.mark.long
@pytest.mark.parametrize("id", ["prop-5/repaired", "prop-5-best-response/repaired"])
def test_nothing_refutes_the_repaired_statements(id):
    assert list(find(id)) == []


# Tampering


def rejected(claimed, body):
    with pytest.raises(Rejected) as error:
        confirm(claimed, body)
    return str(error.value)


def test_a_default_program_that_pays_little_is_no_counterexample(tight):
    tight["defaults"][0].append('(always "Slot 2")')
    assert "pay (0, 0), nobody more than PMM + Delta (2, 2)" in rejected(TIGHT, tight)


def test_delta_is_exactly_the_bound(tight):
    tight["delta"] = ["2", "2"]
    assert "nobody more than PMM + Delta (3, 3)" in rejected(TIGHT, tight)
    tight["delta"] = ["1", "0"]
    assert rejected(TIGHT, tight) == "Delta is not positive"


def test_a_payoff_changed_so_that_all_get_their_best_is_rejected(tight, response):
    for claimed, body in ((TIGHT, tight), (RESPONSE, response)):
        body["game"]["payoffs"][2][2] = ["3", "3"]
        assert "(Slot 3, Slot 3) pays both players their best" in rejected(claimed, body)


def test_a_pmm_that_is_not_feasible_is_rejected(tight):
    tight["game"] = {
        "players": ["1", "2"],
        "actions": [["a", "b"], ["a"]],
        "payoffs": [[["0", "2"]], [["2", "0"]]],
    }
    tight["defaults"] = [['(always "a")'], ['(always "a")']]
    assert rejected(TIGHT, tight) == "no lottery pays the PMM (0, 0)"


def test_a_better_program_that_is_not_better_is_rejected(response):
    response["better"] = '(always "Slot 1")'
    assert "earns 0, and p_1 29/10" in rejected(RESPONSE, response)


def test_a_belief_certain_of_the_likely_opponent_is_rejected(response):
    response["likelihood"] = "0"
    assert "earns 29/10, and p_1 29/10" in rejected(RESPONSE, response)


def test_the_likelihood_must_be_small_as_in_the_proof(response):
    # 3 b + 1 (1 - b) < 29/10 just where b < 19/20
    response["likelihood"] = "19/20"
    assert "29/10 is not less than 29/10" in rejected(RESPONSE, response)
    response["likelihood"] = "18/20"
    confirm(RESPONSE, response)


def test_epsilon_has_to_fit_the_frontier(response):
    response["epsilon"] = ["1/5", "1/10"]
    assert rejected(RESPONSE, response) == "(14/5, 11/10) is not feasible or not efficient"
    response["epsilon"] = ["1/20", "1/10"]
    assert rejected(RESPONSE, response) == "(59/20, 11/10) is not feasible or not efficient"


def test_defaults_above_the_pmm_are_rejected(response):
    response["defaults"] = [['(always "Slot 1")'], ['(always "Slot 1")']]
    assert "above the PMM" in rejected(RESPONSE, response)


def test_a_program_outside_the_space_is_refused(response):
    response["better"] = response["better"].replace("leximin", "utilitarian")
    with pytest.raises(InputError, match="selection function is not that"):
        confirm(RESPONSE, response)
    response["better"] = '(always "Slot 2")'
    with pytest.raises(InputError, match="not in the player's space"):
        confirm(RESPONSE, response)


@pytest.mark.parametrize(
    ("key", "value", "where"),
    [
        ("rounds", 0, "rounds"),
        ("rounds", "1", "rounds"),
        ("play", "alone", "play"),
        ("selection", "(kalai-smorodinsky 0 0)", "selection"),
        ("selection", "(dictator 3)", "selection"),
        ("selection", "(nash 0)", "selection"),
        ("delta", ["1"], "delta"),
        ("delta", ["1", "x"], "delta"),
        ("defaults", [['(always "Slot 1")'], []], "defaults"),
        ("defaults", [['(always "Slot 1")'], ['(always "Slot 9")']], "defaults[1][0]"),
        ("defaults", [['(csr (leximin) (always "Slot 1") (improving))'], ["x"]], "defaults[0][0]"),
        ("defaults", [['(always "Slot 1")'] * 2, ['(always "Slot 1")']], "defaults[0]"),
        ("surprise", 1, None),
    ],
)
def test_malformed_bodies_are_refused_with_the_place(tight, key, value, where):
    tight[key] = value
    with pytest.raises(InputError) as error:
        confirm(TIGHT, tight)
    assert where is None or str(error.value.where).startswith(where), error.value


def test_missing_keys_are_refused(tight, response):
    for claimed, body in ((TIGHT, tight), (RESPONSE, response)):
        for key, entry in itertools.product(list(body), (body,)):
            less = {k: v for k, v in entry.items() if k != key}
            with pytest.raises(InputError):
                confirm(claimed, less)


@pytest.mark.parametrize("statement", ["prop-1", "prop-5/other", "prop-5-efficient-point"])
def test_other_statements_are_refused(tight, statement):
    with pytest.raises(InputError) as error:
        confirm(Claimed(statement), tight)
    assert error.value.where == "statement"


def test_hypotheses_dropped_must_be_there(tight):
    with pytest.raises(InputError) as error:
        confirm(Claimed("prop-5", ("no-such",)), tight)
    assert error.value.where == "without"
    with pytest.raises(InputError):
        confirm(Claimed("prop-5", ("defaults-at-most-pmm",)), tight)
    names = [c.name for c in confirm(Claimed("prop-5", ("delta-positive",)), tight).hypotheses]
    assert "delta-positive" not in names
