"""What ``check`` refuses, ``replay`` rejects: every kind of claim, spoilt in many ways."""

from __future__ import annotations

import copy
import itertools
import json

import pytest

from spi_verify.claims.check import check_model
from spi_verify.claims.counterexample import confirm_saved
from spi_verify.claims.kinds import NAMES
from spi_verify.claims.reader import build_model
from spi_verify.errors import InputError, Rejected

MODEL = {
    "game": {"payoffs": [[[3, 1], [0, 0]], [[0, 0], [1, 3]]]},
    "renegotiation": {"rn": [{"from": ["1", "1"], "to": ["2", "2"]}], "same": []},
    "sets": {
        "all": [{"outcomes": [["*", "*"]]}],
        "good": [{"within": ["improving"]}],
        "deaf": [
            {"within": ["improving"], "unless": [{"player": 1, "tag": "pmp-extension"}]},
            {"outcomes": [["1", "2"]], "against": [{"player": 1, "tag": "pmp-extension"}]},
        ],
    },
    "profiles": {
        "p": {
            "functions": ["all", "all"],
            "selection": "lexicographic 2 1",
            "defaults": [["1", "1"]],
        },
        "q": {
            "functions": ["good", "deaf"],
            "selection": "lexicographic 2 1",
            "defaults": [["1", "2"]],
        },
    },
}
CLAIMS = [
    {"kind": "renegotiation-function", "function": "rn"},
    {"kind": "spi", "function": "same"},
    {"kind": "spi", "profile": "p"},
    {"kind": "individually-rational-to-pmm", "function": "same"},
    {"kind": "efficient", "outcomes": [["1", "2"]]},
    {"kind": "pmm", "payoffs": ["2", 1]},
    {"kind": "pmp", "player": 1, "outcome": ["1", "2"], "outcomes": []},
    {"kind": "set-valued-renegotiation-function", "function": "all", "player": 1},
    {"kind": "agreement", "profile": "p", "agreement": [["1", "1"]]},
    {"kind": "agreement", "profile": "p", "outcome": ["1", "2"], "selected": ["1", "1"]},
    {"kind": "agreement", "profile": "p", "pays": ["3", 1]},
    {"kind": "pmm-guarantee", "profile": "p", "selection": "lexicographic 2 1"},
    {
        "kind": "prefers",
        "player": 1,
        "function": "all",
        "over": "good",
        "beliefs": [{"profile": "p", "weight": "1/2"}, {"profile": "q", "weight": "1/2"}],
        "by": "1",
    },
    {
        "kind": "prefers",
        "player": 1,
        "function": "all",
        "over": "good",
        "beliefs": [{"profile": "p"}, {"profile": "q"}],
        "exactly": ["1/3", "2/3"],
    },
    {"kind": "pmp-extension-safe", "player": 1, "profiles": ["q"]},
    {"kind": "pmp-extension-unpunished", "player": 1, "profiles": ["q"]},
    {
        "kind": "selection-transitive",
        "selection": "kalai-smorodinsky 1/2 1",
        "outcomes": [["1", "1"], ["1", "2"], ["1", "3"]],
    },
]
DELEGATED = {
    "game": {"payoffs": [[[3, 3], [1, 4]], [[4, 1], [2, 2]]]},
    "subset-games": {
        "one": {"actions": [["1"], ["1", "2"]]},
        "all": {
            "actions": [["1", "2"], ["1", "2"]],
            "payoffs": [[[1, 0], [0, 1]], [[0, 1], [1, 0]]],
        },
    },
    "token-games": {"t": {"pays": [[[2, 2], [1, 4]], [[4, 1], [1, 4]]]}},
    "correspondences": [
        {"name": "k", "to": "one", "outcomes": [{"from": ["2", "*"], "to": [["1", "1"]]}]}
    ],
}
CLAIMS += [
    {"kind": "payoff-transformation-spi", "subset-game": "one", "unilateral": 1},
    {
        "kind": "payoff-transformation-spi",
        "subset-game": "all",
        "game": "one",
        "strict": [["1", "1"]],
        "assumptions": ["elimination"],
    },
    {"kind": "dominance-reduction", "actions": [["1"], ["2"]], "dominance": "pure"},
    {"kind": "isomorphic", "game": "one", "subset-game": "all"},
    {"kind": "token-spi", "token-game": "t", "strict": [["2", "2"]]},
    {"kind": "efficient-in-hull", "outcome": ["2", "2"]},
    {"kind": "safe-improvement", "game": "all", "subset-game": "one", "correspondences": ["k"]},
]
LINE = {"game": {"payoffs": [[[2, 0], [1, 0], [0, 2]]]}}
JUNK = [
    -1,
    0,
    3,
    99,
    "",
    "nope",
    "every",
    "every-transitive",
    "leximin",
    "nash 0",
    "1/0",
    "-1/2",
    "x",
    [],
]
JUNK += [
    ["nope"],
    ["1", "9"],
    ["1"],
    ["1/2", "-1"],
    ["1", "1", "1"],
    [["1", "1"], ["9", "9"]],
    [[]],
]
JUNK += [
    [{"profile": "p", "weight": "1"}],
    [{"profile": "p", "weight": "1/2"}] * 2,
    [{"profile": "p"}] * 2,
]
JUNK += [[{"profile": "p", "weight": "3/2"}, {"profile": "q", "weight": "-1/2"}], {"mixture": "m"}]


DELEGATION = (
    "payoff-transformation-spi",
    "dominance-reduction",
    "isomorphic",
    "safe-improvement",
    "token-spi",
    "efficient-in-hull",
)


def model_of(claim):
    if claim["kind"] in DELEGATION:
        return DELEGATED
    return LINE if claim["kind"] == "selection-transitive" else MODEL


def results(model, claim):
    return list(check_model(build_model({**model, "claims": [claim]}, file="m", name="m")))


def refuted(model, claim):
    (found,) = results(model, claim)
    assert found.verdict == "refuted", (claim, found)
    return json.loads(json.dumps(found.counterexample))


def refusal(model, claim):
    """Return why check refuses a claim, or a whole model; None if it does not."""
    try:
        (found,) = results(model, claim)
    except InputError as error:
        return error.what
    return str(found.reason) if found.verdict == "error" else None


def spoilt_claims(claim):
    for key, value in itertools.product([*claim, "selection", "by", "exactly", "extra"], JUNK):
        if key != "kind":
            yield {**claim, key: value}
    for key in claim:
        yield {k: v for k, v in claim.items() if k != key}


def spoilt_models(model):
    for name, key, value in itertools.product(
        ["p", "q"],
        ["defaults", "selection", "functions"],
        [
            [["1", "1"], ["1", "2"]],
            [["2", "1"]],
            [["9", "9"]],
            [],
            "every",
            "leximin",
            "nope",
            ["good"],
            ["nope", "good"],
        ],
    ):
        changed = copy.deepcopy(model)
        if name in changed.get("profiles", {}):
            changed["profiles"][name][key] = value
        yield changed
    yield {key: value for key, value in model.items() if key != "profiles"}
    yield {key: value for key, value in model.items() if key not in ("profiles", "sets")}
    yield {key: value for key, value in model.items() if key != "renegotiation"}


def test_there_is_a_claim_of_every_kind():
    assert {claim["kind"] for claim in CLAIMS} == set(NAMES)


def rejected(saved, model, claim, why):
    with pytest.raises((InputError, Rejected)) as reason:
        confirm_saved({**saved, "model": model, "claim": claim}, file="c.json")
    text = str(reason.value)
    assert isinstance(reason.value, Rejected) or text.split(": ")[-1] in why, (claim, text, why)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim["kind"])
def test_a_claim_that_check_refuses_is_rejected_by_replay(claim):
    model = model_of(claim)
    saved = refuted(model, claim)
    confirm_saved(saved, file="c.json")
    refused = 0
    for spoilt in spoilt_claims(claim):
        why = refusal(model, spoilt)
        if why is not None:
            refused += 1
            rejected(saved, model, spoilt, why)
    assert refused >= 10


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim["kind"])
def test_a_claim_of_a_model_that_check_refuses_is_rejected_by_replay(claim):
    saved = refuted(model_of(claim), claim)
    for model in spoilt_models(model_of(claim)):
        why = refusal(model, claim)
        if why is not None:
            rejected(saved, model, claim, why)


@pytest.mark.parametrize("feasible", ["pure", "correlated"])
@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim["kind"])
def test_a_claim_that_check_refuses_with_parameters_is_rejected_by_replay(claim, feasible):
    if "profile" not in str(claim) and "set-valued" not in claim["kind"]:
        plain = {k: v for k, v in model_of(claim).items() if k not in ("sets", "profiles")}
        plain["feasible"] = feasible
        if feasible == "correlated" and claim["kind"] == "pmp":
            claim = {"kind": "pmp", "player": 1, "outcome": ["1", "2"], "segment": []}
        saved = refuted(plain, claim)
        family = {**plain, "parameters": {"names": ["c"]}}
        why = refusal(family, claim)
        data = {**saved, "model": family, "values": {"c": "0"}}
        if why is None:
            confirm_saved(data, file="c.json")
        else:
            with pytest.raises(InputError) as reason:
                confirm_saved(data, file="c.json")
            assert str(reason.value).split(": ")[-1] in why
