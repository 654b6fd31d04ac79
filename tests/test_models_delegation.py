"""Claims about delegated play in model files, and their counterexamples."""

from __future__ import annotations

import copy
import json
import tomllib

import pytest
from conftest import MODELS

from spi_verify.claims.check import check_model
from spi_verify.claims.counterexample import confirm_saved
from spi_verify.claims.reader import build_model
from spi_verify.errors import InputError, Rejected

DEMAND = tomllib.loads((MODELS / "demand-game.toml").read_text())


def decided(claim: dict, data: dict = DEMAND):
    model = build_model({**data, "claims": [claim]}, file="m", name="m")
    (result,) = check_model(model)
    return result


def spi(**keys) -> dict:
    named = {key.replace("_", "-"): value for key, value in keys.items()}
    return {"kind": "payoff-transformation-spi", "subset-game": "less-force", **named}


REFUTED = {
    "loss by two pages": spi(assumptions=["elimination"]),
    "loss, nothing assumed": spi(assumptions=[]),
    "loss in another shape": spi(subset_game="less-force-truly"),
    "no gain": spi(strict="everywhere"),
    "no gain at an outcome": spi(strict=[["DM", "DM"], ["RM", "RM"]]),
    "no gain anywhere": spi(game="less-force", strict="somewhere"),
    "never played": spi(strict=[["DL", "DL"]]),
    "not unilateral": spi(unilateral=1),
    "eliminated": {"kind": "dominance-reduction", "actions": [["DM", "DL"], ["DM", "RM"]]},
    "survives": {"kind": "dominance-reduction", "actions": [["DM"], ["DM", "RM"]]},
    "survives mixing": {
        "kind": "dominance-reduction",
        "actions": [["DM"], ["DM", "RM"]],
        "dominance": "mixed",
    },
    "not isomorphic": {
        "kind": "isomorphic",
        "game": "less-force-truly",
        "subset-game": "less-force",
    },
}


@pytest.mark.parametrize("name", REFUTED)
def test_a_counterexample_is_replayed_and_every_change_of_it_is_rejected(name):
    result = decided(REFUTED[name])
    assert str(result.verdict) == "refuted"
    saved = json.loads(json.dumps(result.counterexample))
    assert confirm_saved(saved, file="saved") == result.reason
    saved.pop("story")
    count = 0
    for change in changes(saved["violation"]):
        if len(steps(change)) < len(steps(saved["violation"])) and name in (
            "never played",
            "eliminated",
        ):
            continue  # a step less may be enough
        count += 1
        with pytest.raises((Rejected, InputError)):
            confirm_saved({**saved, "violation": change}, file="saved")
    assert count >= 1


def steps(violation):
    return violation.get("steps", violation.get("eliminated", []))


def changes(violation):
    """Iterate over what is wrong in one place: another number, name, player, or a part less."""
    for path, value in list(places(violation)):
        if path[-1] in ("kept", "beliefs", "others", "weight"):
            continue
        if isinstance(value, str):
            yield changed(violation, path, "17" if value != "17" else "18")
        elif isinstance(value, int):
            yield changed(violation, path, value + 1)
        elif isinstance(value, list) and value:
            yield changed(violation, path, value[1:])


def places(value, path=()):
    if path:
        yield path, value
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        if isinstance(inner, (dict, list)):
            yield from places(inner, (*path, key))
        elif inner is not None:
            yield (*path, key), inner


def changed(value, path, new):
    value = copy.deepcopy(value)
    inner = value
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = new
    return value


def test_a_book_with_two_pages_is_rejected_where_the_games_are_isomorphic():
    saved = json.loads(json.dumps(decided(spi(assumptions=["elimination"])).counterexample))
    saved.pop("story")
    saved["claim"]["assumptions"] = ["elimination", "isomorphism"]
    with pytest.raises(Rejected, match="isomorphic, so that one page is for both"):
        confirm_saved(saved, file="saved")


def test_a_counterexample_keeps_only_the_games_that_it_speaks_of():
    data = {**DEMAND, "renegotiation": {"r": [{"from": "any", "to": ["DL", "DL"]}]}}
    kept = decided(spi(assumptions=[]), data).counterexample["model"]
    assert set(kept) == {"game", "title", "subset-games"}
    assert set(kept["subset-games"]) == {"less-force"}


def test_mixed_dominance_needs_to_be_asked_for():
    data = {"game": {"payoffs": [[[3, 0], [0, 0]], [[0, 0], [3, 0]], [[1, 0], [1, 0]]]}}
    claim = {"kind": "dominance-reduction", "actions": [["1", "2"], ["1", "2"]]}
    assert "survives" in decided(claim, data).reason
    mixed = decided({**claim, "dominance": "mixed"}, data)
    assert mixed.reason == "what goes is player 1's 3 (dominated by 1/2 1 + 1/2 2)"
    wrong = {**claim, "actions": [["1", "2", "3"], ["1", "2"]], "dominance": "mixed"}
    saved = decided(wrong, data).counterexample
    saved["violation"]["steps"][0]["by"] = {"1": "3/5", "2": "2/5"}
    saved.pop("story")
    confirm_saved(saved, file="saved")
    saved["violation"]["steps"][0]["by"] = {"1": "3/4", "2": "1/4"}
    with pytest.raises(Rejected, match="not strictly dominated"):
        confirm_saved(saved, file="saved")


MIXED = {
    "game": {"payoffs": [[[3, 1], [0, 1]], [[0, 1], [3, 1]], [[1, 0], [1, 0]]]},
    "subset-games": {"two": {"actions": [["1", "2"], ["1", "2"]]}},
}
TWO = {"kind": "payoff-transformation-spi", "subset-game": "two"}


def test_what_mixed_actions_dominate_is_left_out_where_the_claim_says_so():
    pure, mixed = decided(TWO, MIXED), decided({**TWO, "dominance": "mixed"}, MIXED)
    assert str(pure.verdict) == "refuted"
    assert str(mixed.verdict) == "proved"
    assert mixed.reason == "what is left of both is one and the same game"


def test_a_refutation_by_mixed_dominance_has_a_belief_for_all_that_is_left():
    strict = {**TWO, "dominance": "mixed", "strict": "somewhere"}
    saved = json.loads(json.dumps(decided(strict, MIXED).counterexample))
    confirm_saved(saved, file="saved")
    saved.pop("story")
    assert saved["violation"]["eliminated"][0][0]["by"] == {"1": "1/2", "2": "1/2"}
    for beliefs in (None, [], [saved["violation"]["beliefs"][0]]):
        with pytest.raises(Rejected, match="beliefs are needed"):
            confirm_saved(
                {**saved, "violation": {**saved["violation"], "beliefs": beliefs}}, file="s"
            )
    wrong = copy.deepcopy(saved)
    wrong["violation"]["beliefs"][0][0][0] = [{"others": ["2"], "weight": "1"}]
    with pytest.raises(Rejected, match="no best reply"):
        confirm_saved(wrong, file="saved")


def test_a_mixed_step_is_rejected_where_dominance_is_by_actions():
    strict = {**TWO, "dominance": "mixed", "strict": "somewhere"}
    saved = json.loads(json.dumps(decided(strict, MIXED).counterexample))
    saved.pop("story")
    saved["claim"]["dominance"] = "pure"
    with pytest.raises(Rejected, match="a mixed action is stated to dominate"):
        confirm_saved(saved, file="saved")


def test_whether_another_subset_game_is_better_depends_on_every_isomorphism():
    """Lemma 4 is about the game itself: of a copy, another isomorphism can be worse."""
    data = {
        "game": {"payoffs": [[1], [2], [1], [3]]},
        "subset-games": {
            "one": {"actions": [["1", "2"]], "payoffs": [[0], [0]]},
            "other": {"actions": [["3", "4"]], "payoffs": [[5], [5]]},
        },
    }
    claim = {"kind": "payoff-transformation-spi", "game": "one", "subset-game": "other"}
    result = decided(claim, data)
    assert result.counterexample["violation"]["maps"] == [{"1": "4", "2": "3"}]
    assert "gets 1 instead of 2" in result.reason


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ({"a": {"actions": [["DM"]]}}, "subset-games.a.actions: a list of actions for each"),
        ({"a": {"actions": [["DM"], ["X"]]}}, "subset-games.a.actions[1]: player 2 has no action"),
        ({"a": {"actions": [["DM"], []]}}, "subset-games.a.actions[1]: player 2 has no action"),
        ({"a": {"actions": [["DM"], ["DM", "DM"]]}}, "there twice"),
        ({"a": {"actions": [["DM"], ["DM"]], "payoffs": [[1, 2]]}}, "subset-games.a.payoffs"),
        ({"a": {"actions": [["DM"], ["DM"]], "payoffs": [[["c", 2]]]}}, "subset-games.a.payoffs"),
        ({"a": {"moves": [["DM"], ["DM"]]}}, "unknown key 'moves'"),
    ],
)
def test_a_bad_subset_game_is_one_line_that_says_where(section, told):
    with pytest.raises(InputError) as error:
        build_model({**DEMAND, "subset-games": section}, file="m", name="m")
    assert told in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        (spi(subset_game="none"), "unknown subset game 'none' (there are: less-force"),
        (spi(strict=[["DM", "X"]]), "strict[0]: player 2 has no action 'X'"),
        (spi(strict=[]), "strict: name an outcome"),
        (spi(strict="often"), "strict"),
        (spi(unilateral=3), "unilateral: there is no player 3"),
        (spi(subset_game="forceful", game="less-force", unilateral=1), "forceful has actions that"),
        (spi(assumptions=["luck"]), "assumptions"),
        (spi(assumptions=[], dominance="mixed"), "dominance: mixed dominance needs the assumption"),
        ({"kind": "dominance-reduction", "actions": [["DM"]]}, "a list of actions for each"),
        ({"kind": "dominance-reduction", "actions": [["DM"], ["X"]]}, "player 2 has no action"),
    ],
)
def test_a_claim_that_makes_no_sense_is_one_line(claim, told):
    forceful = {"actions": [["DM"], ["DM"]]}
    subsets = {**DEMAND["subset-games"], "forceful": forceful}
    result = decided(claim, {**DEMAND, "subset-games": subsets})
    assert str(result.verdict) == "error"
    assert told in result.reason
    assert "\n" not in result.reason


def test_a_negotiation_is_refused():
    issues = [{"name": "Price", "values": ["a", "b"], "utilities": [[0, 1], [1, 0]]}]
    data = {"game": {"agreement": {"disagreement": [0, 0], "issues": issues}}}
    result = decided({"kind": "dominance-reduction", "actions": [["a"], ["a"]]}, data)
    assert "needs a game given by actions" in result.reason


def test_hard_instances_are_unknown_with_the_limit_named():
    """Latin squares that colours do not tell apart take more steps than a claim may."""
    n = 30
    square = [[[(a + b) % n, 0] for b in range(n)] for a in range(n)]
    twisted = [[[(a + b) % n if a % 2 else (a - b) % n, 0] for b in range(n)] for a in range(n)]
    names = [str(k) for k in range(2 * n)]
    big = [[[0, 0]] * (2 * n) for _ in range(2 * n)]
    data = {
        "game": {"actions": [names, names], "payoffs": big},
        "subset-games": {
            "one": {"actions": [names[:n], names[:n]], "payoffs": square},
            "other": {"actions": [names[n:], names[n:]], "payoffs": twisted},
        },
    }
    result = decided({"kind": "isomorphic", "game": "one", "subset-game": "other"}, data)
    assert str(result.verdict) in ("refuted", "unknown")
    if str(result.verdict) == "unknown":
        assert "a resource limit" in result.reason
