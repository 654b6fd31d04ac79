"""Claims about delegated play in games with parameters: for all values, with regions."""

from __future__ import annotations

import copy
import json
import tomllib
from pathlib import Path
from random import Random

import fuzz_claims
import pytest
from conftest import MODELS
from oracle.random_delegation import parametric_model

from spi_verify.claims.check import check_model
from spi_verify.claims.counterexample import confirm_saved
from spi_verify.claims.reader import build_model
from spi_verify.errors import Rejected

COSTS = tomllib.loads((MODELS / "demand-game-any-cost.toml").read_text())


def decided(claim: dict, data: dict = COSTS):
    (result,) = check_model(build_model({**data, "claims": [claim]}, file="m", name="m"))
    return result


def agreement(seed: int, count: int, folder: Path) -> fuzz_claims.Tally:
    rng, tally = Random(seed), fuzz_claims.Tally()
    while tally.total() < count:
        data = parametric_model(rng)
        claims = [{**claim, "name": f"c{k}"} for k, claim in enumerate(data["claims"])]
        fuzz_claims.check_both_ways({**data, "claims": claims}, tally, folder)
    assert not tally.differences, tally.differences
    assert tally.total("unknown") < count / 20
    return tally


def test_verdicts_and_regions_are_those_of_brute_force(tmp_path):
    tally = agreement(1, 16, tmp_path)
    assert min(tally.total("proved"), tally.total("refuted")) > 2


@pytest.mark.long
def test_verdicts_and_regions_of_many_games_are_those_of_brute_force(tmp_path):
    tally = agreement(2, 120, tmp_path)
    assert min(tally.total("proved"), tally.total("refuted"), tally.total("vacuous")) > 10


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("less-force-is-an-spi", "c <= 4"),
        ("less-force-helps", "c < 4"),
        ("less-force-with-true-payoffs", "c = 4"),
        ("it-is-the-same-game", "c = 4"),
    ],
)
def test_for_which_costs_less_force_is_an_spi(name, region):
    claim = next(claim for claim in COSTS["claims"] if claim["name"] == name)
    result = decided(claim)
    assert result.region == region
    assert f"the claim holds exactly when {region}" in result.reason


def test_a_counterexample_is_replayed_at_its_values_only():
    result = decided(COSTS["claims"][1])
    saved = json.loads(json.dumps(result.counterexample))
    confirm_saved(saved, file="saved")
    elsewhere = copy.deepcopy(saved)
    elsewhere["values"]["c"] = "1"
    with pytest.raises(Rejected):
        confirm_saved(elsewhere, file="saved")


def test_isomorphism_by_products_of_parameters_is_decided():
    data = {
        "game": {"payoffs": [["c"], ["2*c + 1"], ["5*c + 1"]]},
        "parameters": {"names": ["c", "d"], "constraints": ["c > 0", "d > 0"]},
        "subset-games": {
            "other": {
                "actions": [["1", "2", "3"]],
                "payoffs": [["d"], ["3*d + 1"], ["7*d + 1"]],
            }
        },
    }
    result = decided({"kind": "isomorphic", "subset-game": "other"}, data)
    # (c + 1) / (4 c + 1) = (2 d + 1) / (6 d + 1): the ratios of the differences are the same.
    assert str(result.verdict) == "refuted"
    assert result.region == "2*c*d + 3*c = 4*d"


def test_too_many_actions_that_may_survive_are_unknown():
    pays = [[f"{k}*c" if k % 2 else f"{k}*d"] for k in range(12)]
    data = {
        "game": {"payoffs": pays},
        "parameters": {"names": ["c", "d"]},
        "subset-games": {"one": {"actions": [["1"]]}},
    }
    result = decided({"kind": "payoff-transformation-spi", "subset-game": "one"}, data)
    assert str(result.verdict) == "unknown"
    assert "actions survive depends on the parameters" in result.reason


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        (
            {"kind": "safe-improvement", "subset-game": "less-force"},
            "claims of kind safe-improvement are decided without parameters",
        ),
        (
            {"kind": "dominance-reduction", "actions": [["DM"], ["DM"]], "dominance": "mixed"},
            "dominance: with parameters, dominance is by actions",
        ),
    ],
)
def test_what_is_not_decided_with_parameters_is_one_line(claim, told):
    result = decided(claim)
    assert str(result.verdict) == "error"
    assert told in result.reason
    assert "\n" not in result.reason
