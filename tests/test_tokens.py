"""Token games and lotteries: decided as by brute force, found by ``improve --tokens``."""

from __future__ import annotations

import json
import tomllib
from random import Random

import fuzz_claims
import jsonschema
import pytest
from conftest import MODELS
from oracle import delegation as oracle
from oracle import hull
from test_delegation import built, plain
from test_models_delegation import changes

from spi_verify.claims.check import check_model
from spi_verify.claims.counterexample import confirm_saved
from spi_verify.claims.reader import build_model
from spi_verify.delegation.improving import improve
from spi_verify.delegation.tokens import find_tokens
from spi_verify.errors import InputError, Rejected
from spi_verify.reports.improvements import as_model

MODEL = MODELS / "chicken-with-tokens.toml"
CHICKEN = tomllib.loads(MODEL.read_text())


def decided(claim: dict, data: dict = CHICKEN):
    (result,) = check_model(build_model({**data, "claims": [claim]}, file="m", name="m"))
    return result


@pytest.mark.parametrize("kind", ["token-spi", "efficient-in-hull"])
def test_verdicts_are_those_of_brute_force(kind):
    tally = fuzz_claims.run(1, 100, kind)
    assert not tally.differences, tally.differences
    assert min(tally.total("proved"), tally.total("refuted")) > 20


@pytest.mark.long
@pytest.mark.parametrize("kind", ["token-spi", "efficient-in-hull"])
def test_verdicts_about_many_games_are_those_of_brute_force(kind):
    assert not fuzz_claims.run(2, 1000, kind).differences


def test_tokens_are_better_exactly_where_what_is_played_is_not_efficient():
    rng, some = Random(1), 0
    for _ in range(150):
        game = oracle.random_game(rng)
        found = {gain.outcome: gain for gain in find_tokens(built(game))}
        for outcome, pays in oracle.reduction(game)[1].items():
            assert (outcome in found) == (hull.best_gain(game, pays) > 0)
        for gain in found.values():
            some += 1
            assert gain.before == game[1][gain.outcome] != gain.after
            assert all(v >= u for u, v in zip(gain.before, gain.after, strict=True))
            assert hull.feasible(game, gain.after)
            assert hull.best_gain(game, gain.after) == 0
    assert some > 50


def test_check_proves_the_tokens_that_are_written():
    rng, some = Random(2), 0
    for _ in range(60):
        game = built(oracle.random_game(rng))
        gains = find_tokens(game)
        text = as_model(improve(game), gains)
        results = list(check_model(build_model(tomllib.loads(text), file="m", name="m")))
        assert {str(result.verdict) for result in results} == {"proved"}
        some += bool(gains)
        assert results[-1].id.endswith("tokens-are-an-spi") == bool(gains)
        assert plain(game)[1]
    assert some > 15


def test_improve_tells_what_is_agreed_and_writes_it(run, tmp_path):
    written = tmp_path / "w.toml"
    done = run("improve", MODEL, "--tokens", "--write", written, "--json", "-")
    found = json.loads(done.out)
    schema = json.loads((MODELS.parent / "docs" / "schemas" / "improvements-1.json").read_text())
    jsonschema.validate(found, schema)
    assert found["tokens"]["gains"][0] == {
        "outcome": ["Dare", "Dare"],
        "lottery": [{"outcome": ["Meet", "Meet"], "weight": "1"}],
        "before": ["-5", "-5"],
        "after": ["3", "3"],
    }
    assert run("check", written).code == 0
    assert "tokens" not in json.loads(run("improve", MODEL, "--json", "-").out)


def test_where_everything_is_efficient_tokens_make_nothing_better(run, tmp_path):
    file = tmp_path / "constant.toml"
    file.write_text('game = { payoffs = [[[1, 0], [0, 1]]] }\n[[claims]]\nkind = "pmm"\n')
    done = run("improve", file, "--tokens")
    assert done.code == 0
    assert "Tokens make nothing better" in done.out


def test_tokens_are_agreed_by_all(run):
    done = run("improve", MODEL, "--tokens", "--unilateral", "1")
    assert done.code == 2
    assert done.err.count("\n") == 1
    assert "tokens need everybody's agreement" in done.err


REFUTED = {
    "loss": {"kind": "token-spi", "token-game": "always-meet"},
    "loss by two pages": {"kind": "token-spi", "token-game": "peace", "assumptions": []},
    "no gain": {"kind": "token-spi", "token-game": "peace", "strict": "everywhere"},
    "dominated": {"kind": "efficient-in-hull", "outcome": ["Dare", "Dare"]},
    "not feasible": {"kind": "efficient-in-hull", "payoffs": [6, 6]},
}


@pytest.mark.parametrize("name", REFUTED)
def test_a_counterexample_is_replayed_and_every_change_of_it_is_rejected(name):
    result = decided(REFUTED[name])
    assert str(result.verdict) == "refuted"
    saved = json.loads(json.dumps(result.counterexample))
    assert confirm_saved(saved, file="saved") == result.reason
    saved.pop("story")
    changed = [c for c in changes(saved["violation"]) if c.get("weights", []) == []] or [
        {**saved["violation"], "weights": weights} for weights in ([], ["1", "-1"], ["-1", "-1"])
    ]
    for change in changed:
        with pytest.raises((Rejected, InputError)):
            confirm_saved({**saved, "violation": change}, file="saved")


def test_weights_that_prove_nothing_are_rejected():
    claim = {"kind": "efficient-in-hull", "outcome": ["Meet", "Meet"]}
    model = build_model({**CHICKEN, "claims": [claim]}, file="m", name="m")
    form, instance = model.claims[0].claim, model.instance()
    found = form.decide(instance)
    form.confirm_proof(instance, found)
    for weights in ((0, 1), (1, -1), (1,), (100, 1)):
        with pytest.raises(Rejected):
            form.confirm_proof(instance, type(found)(proof={"weights": weights}))


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"pays": [[[1, 1]]]}, "token-games.t"),
        ({"actions": [["a", "Dare", "c"]] * 2, "pays": []}, "player 1 has the action 'Dare'"),
        ({"actions": [["a"]], "pays": []}, "token-games.t.actions: a list of actions for each"),
        ({"actions": [["a"], ["b"]], "pays": [[[1, 1]]]}, "it has as many actions as the game"),
        ({"prices": []}, "token-games.t"),
    ],
)
def test_a_bad_token_game_is_one_line_that_says_where(table, told):
    with pytest.raises(InputError) as error:
        build_model({**CHICKEN, "token-games": {"t": table}}, file="m", name="m")
    assert told in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        (
            {"kind": "token-spi", "token-game": "gold"},
            "unknown token game 'gold' (there are: peace",
        ),
        ({"kind": "token-spi", "token-game": "peace", "strict": [["X", "Dare"]]}, "strict[0]"),
        ({"kind": "efficient-in-hull"}, "give either outcome or payoffs"),
        ({"kind": "efficient-in-hull", "payoffs": [1]}, "a payoff for each of the 2 players"),
    ],
)
def test_a_claim_that_makes_no_sense_is_one_line(claim, told):
    result = decided(claim)
    assert str(result.verdict) == "error"
    assert told in result.reason


def test_tokens_pay_what_some_lottery_pays():
    pays = [[[50, 50]] * 3] * 3
    result = decided(
        {"kind": "token-spi", "token-game": "gold"},
        {**CHICKEN, "token-games": {"gold": {"pays": pays}}},
    )
    assert (
        "token-games.gold.pays: no lottery over outcomes of the game pays (50, 50)" in result.reason
    )
