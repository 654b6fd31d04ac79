"""Saved counterexamples: what replay confirms, and what it rejects."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import MODELS


@pytest.fixture(scope="module")
def saved(tmp_path_factory) -> dict[str, dict]:
    folder = tmp_path_factory.mktemp("saved")
    models = sorted(map(str, MODELS.glob("*.toml")))
    extra = folder / "extra.toml"
    extra.write_text("""
feasible = "correlated"
[game]
payoffs = [[[4, 0], [0, 0]], [[1, 1], [0, 4]]]
[renegotiation]
down = [{ from = ["1", "1"], to = ["1", "2"] }]
[[claims]]
name = "efficient"
kind = "efficient"
outcomes = [["1", "1"], ["2", "1"], ["2", "2"]]
[[claims]]
name = "left-out"
kind = "efficient"
outcomes = [["1", "1"]]
[[claims]]
name = "segment"
kind = "pmp"
player = 1
outcome = ["1", "2"]
segment = [[0, 0], [3, 0]]
[[claims]]
name = "definition-4"
kind = "renegotiation-function"
function = "down"
""")
    pure = folder / "pure.toml"
    pure.write_text("""
[game]
payoffs = [[[3, 1], [0, 0]], [[0, 0], [1, 3]]]
[[claims]]
name = "outsider"
kind = "pmp"
player = 1
outcome = ["1", "2"]
outcomes = [["1", "1"], ["2", "2"]]
[[claims]]
name = "left-out"
kind = "pmp"
player = 1
outcome = ["1", "2"]
outcomes = []
[renegotiation]
identity = []
[[claims]]
name = "below"
kind = "individually-rational-to-pmm"
function = "identity"
""")
    subprocess.run(
        [sys.executable, "-m", "spi_verify", "check", *models, extra, pure, "--save", folder / "s"],
        check=False,
        capture_output=True,
    )
    return {path.stem: json.loads(path.read_text()) for path in (folder / "s").iterdir()}


@pytest.fixture
def replayed(run, tmp_path):
    def replay(data):
        path = tmp_path / "counterexample.json"
        path.write_text(data if isinstance(data, str) else json.dumps(data))
        return run("replay", path)

    return replay


def test_every_kind_of_violation_is_among_the_saved_counterexamples(saved):
    assert {data["violation"]["violates"] for data in saved.values()} == {
        "loss",
        "no-gain",
        "below-pmm",
        "inefficient",
        "efficient-left-out",
        "pmm",
        "pmp-outsider",
        "pmp-left-out",
        "pmp-segment",
        "selected",
        "renegotiated-loss",
        "not-preferred",
        "dominated",
        "survives",
        "eliminated",
        "not-isomorphic",
    }


def test_every_saved_counterexample_is_confirmed_and_told(saved, replayed):
    for data in saved.values():
        found = replayed(data)
        assert found.code == 0
        assert data["story"] in found.out


def test_replay_imports_no_solver(saved, tmp_path):
    path = tmp_path / "counterexample.json"
    path.write_text(json.dumps(saved["scheduling-any-slot-3.the-pmm-is-one"]))
    code = (
        "import sys; sys.modules['z3'] = sys.modules['cvc5'] = None\n"
        f"sys.argv = ['spi-verify', 'replay', {str(path)!r}]\n"
        "from spi_verify.cli import main; main()"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert found.returncode == 0, found.stderr


def set_in(data, path, value):
    for key in path[:-1]:
        data = data[key]
    data[path[-1]] = value


NEUTRAL = "scheduling.neutral-is-an-spi"
TERRITORY = "territory-any-cost.spi-draw-by-even-odds"
WRONG = [
    (NEUTRAL, ["violation", "before"], "4", "before = 4, recomputed it is 3"),
    (NEUTRAL, ["violation", "after"], "0", "after = 0, recomputed it is 1"),
    (NEUTRAL, ["violation", "player"], 2, "before = 3, recomputed it is 1"),
    (NEUTRAL, ["violation", "image"], ["Slot 2", "Slot 2"], "not to (Slot 2, Slot 2)"),
    (NEUTRAL, ["violation", "outcome"], ["Slot 1", "Slot 2"], "recomputed it is 0"),
    (NEUTRAL, ["model", "game", "payoffs", 0, 0], ["1", "1"], "recomputed it is 1"),
    (NEUTRAL, ["model", "game", "payoffs", 2, 2], ["3", "3"], "recomputed it is 3"),
    (NEUTRAL, ["model", "renegotiation", "neutral"], [], "to (Slot 1, Slot 1)"),
    (
        NEUTRAL,
        ["model", "defaults"],
        {"reachable": [["Slot 1", "Slot 2"]]},
        "default programs cannot reach (Slot 1, Slot 1)",
    ),
    (NEUTRAL, ["violation"], {"violates": "no-gain", "outcomes": 9}, "player 1 gains"),
    (NEUTRAL, ["violation"], {"violates": "no-gain", "outcomes": 10**9}, "9 outcomes to look at"),
    (NEUTRAL, ["story"], "all is well", "the story in the file is not what it shows"),
    (TERRITORY, ["values", "c"], "-1", "the values violate the constraint c > 0"),
    (TERRITORY, ["values", "c"], "1", "recomputed it is 5"),
    (
        "prisoners-dilemma.pmm-is-mutual-defection",
        ["violation", "attained_by"],
        ["Defect", "Defect"],
        "not efficient",
    ),
    (
        "prisoners-dilemma.pmm-is-mutual-defection",
        ["violation", "attained_by"],
        ["Cooperate", "Cooperate"],
        "does not",
    ),
    ("prisoners-dilemma.pmm-is-mutual-defection", ["claim", "payoffs"], [0, 1], "claimed = 1"),
    ("extra.efficient", ["model", "feasible"], "pure", "a lottery is not feasible"),
    ("extra.efficient", ["violation", "dominated_by", 0, "weight"], "1", "no probabilities"),
    ("extra.efficient", ["violation", "dominated_by"], [], "no probabilities"),
    (
        "extra.efficient",
        ["violation", "dominated_by"],
        [{"outcome": ["1", "1"], "weight": "1"}],
        "(4, 0) does not dominate (1, 1)",
    ),
    ("extra.efficient", ["violation", "payoffs"], ["1", "2"], "pays (1, 1), not (1, 2)"),
    ("extra.left-out", ["claim", "outcomes"], [["1", "1"], ["2", "2"]], "lists this outcome"),
    ("extra.segment", ["violation", "actual"], [], "the projection is"),
    ("extra.segment", ["claim", "segment"], [[0, 0], [4, 0]], "is what the claim says"),
    ("extra.definition-4", ["violation", "after"], "1", "recomputed it is 0"),
    ("pure.outsider", ["violation", "violates"], "pmp-left-out", "on the other side"),
    ("pure.outsider", ["claim", "outcomes"], [["1", "1"]], "the claim is right"),
    ("pure.below", ["violation", "pmm"], "2", "recomputed it is 1"),
]


@pytest.mark.parametrize(("name", "path", "value", "said"), WRONG)
def test_a_counterexample_that_was_tampered_with_is_rejected_with_the_reason(
    saved, replayed, name, path, value, said
):
    data = json.loads(json.dumps(saved[name]))
    set_in(data, path, value)
    found = replayed(data)
    assert (found.code, "rejected" in found.out) == (1, True)
    assert said in found.out


MALFORMED = [
    (["schema"], "spi-verify/counterexample/2", "not a counterexample"),
    (["violation"], None, "violation"),
    (["violation", "violates"], "everything", "can be violated by loss or no-gain"),
    (["violation", "player"], 3, "there is no player 3"),
    (["violation", "player"], 0, "there is no player 0"),
    (["violation", "before"], 3, "before"),
    (["violation", "player"], True, "player"),
    (["violation", "player"], None, "player"),
    (["violation", "extra"], "x", "unknown key 'extra'"),
    (["violation", "outcome"], ["Slot 1", "Slot 9"], "no action 'Slot 9'"),
    (["violation", "outcome"], [1, {}], "outcome"),
    (["violation", "outcome"], [["Slot 1"], "Slot 1"], "outcome"),
    (["violation"], {"violates": "no-gain"}, "the key 'outcomes' is missing"),
    (["violation"], {"violates": "pmp-segment", "actual": []}, "can be violated by"),
    (["violation", "image"], {"mixture": "m"}, "unknown mixture"),
    (["claim", "function"], "unfair", "unknown renegotiation function"),
    (["claim", "kind"], "spii", "unknown kind"),
    (["model", "game"], {"file": "x.nfg"}, "must hold the game itself"),
    (["model", "game", "payoffs", 0, 0], ["x", "1"], "unknown parameter"),
    (["values"], {"c": "1"}, "values"),
]


@pytest.mark.parametrize(("path", "value", "said"), MALFORMED)
def test_a_file_that_is_no_counterexample_is_bad_input(saved, replayed, path, value, said):
    data = json.loads(json.dumps(saved[NEUTRAL]))
    set_in(data, path, value)
    found = replayed(data)
    assert found.code == 2
    assert said in found.err
    assert "counterexample.json" in found.err
    assert "Traceback" not in found.err


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 100_000, '{"schema": 1e999}', "3"])
def test_any_other_text_is_bad_input(replayed, text):
    found = replayed(text)
    assert found.code == 2
    assert "Traceback" not in found.err


@pytest.mark.parametrize("text", ["", "hello", "; spi-verify/certificates/0\n"])
def test_a_file_named_as_certificates_that_holds_none_is_told_as_such(run, tmp_path: Path, text):
    file = tmp_path / "bad.certificates"
    file.write_text(text)
    found = run("replay", file)
    assert found.code == 2
    assert "first line should be '; spi-verify/certificates/1'" in found.err
    assert "JSON" not in found.err


def test_bad_input_does_not_hide_a_rejection_of_another_file(run, saved, tmp_path: Path):
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(saved[NEUTRAL]))
    bad.write_text(json.dumps(saved[NEUTRAL] | {"story": "no"}))
    assert run("replay", good).code == 0
    assert run("replay", good, bad).code == 1
    found = run("replay", bad, tmp_path / "none.json", good, "--json", "-")
    assert found.code == 2
    outcomes = [entry["outcome"] for entry in json.loads(found.out)["replays"]]
    assert outcomes == ["rejected", "error", "confirmed"]


def test_what_violates_a_projection_depends_on_the_feasible_set(saved, replayed):
    segment, outsider = saved["extra.segment"], saved["pure.outsider"]
    pure = {"violates": "pmp-left-out", "outcome": ["1", "1"], "payoffs": ["4", "0"]}
    assert replayed(segment | {"violation": pure, "story": ""}).code == 2
    mixed = {"violates": "pmp-segment", "actual": []}
    assert replayed(outsider | {"violation": mixed, "story": ""}).code == 2


def test_text_that_is_no_text_is_bad_input(saved, replayed):
    text = json.dumps(saved[NEUTRAL]).replace("Slot 1", "\\ud800")
    found = replayed(text)
    assert found.code == 2
    assert "no text" in found.err


def test_tables_nested_too_deeply_are_bad_input(saved, replayed):
    data = json.loads(json.dumps(saved[NEUTRAL]))
    table = "1"
    for _ in range(900):
        table = [table]
    data["model"]["game"]["payoffs"] = table
    found = replayed(data)
    assert found.code == 2
    assert "nested too deeply" in found.err


def test_long_expressions_and_values_survive_being_saved(run, tmp_path):
    long = " + ".join(f"c{k}/{10**25 + k}" for k in range(20))
    path = tmp_path / "long.toml"
    names = [f"c{k}" for k in range(20)]
    path.write_text(f"""
[game]
payoffs = [[[3, "{long}"], [0, 0]], [[0, 0], [1, 3]]]
[parameters]
names = {json.dumps(names)}
constraints = ["c0 > 1e-399", "c0 < 1e-398"]
[renegotiation]
rn = [{{ from = ["1", "1"], to = ["1", "2"] }}]
[[claims]]
kind = "spi"
function = "rn"
""")
    assert run("check", path, "--save", tmp_path / "s").code == 1
    found = run("replay", *(tmp_path / "s").iterdir())
    assert found.code == 0, found.err
