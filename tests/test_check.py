from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from conftest import MODELS

GOOD = """
[game]
payoffs = [[[3, 1], [0, 0]], [[0, 0], [1, 3]]]
[renegotiation]
rn = [{ from = ["1", "2"], to = ["1", "1"] }]
[[claims]]
kind = "spi"
function = "rn"
"""


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.toml"
    path.write_text(GOOD)
    return path


def changed(tmp_path: Path, old: str, new: str, text: str = GOOD) -> Path:
    assert old in text
    path = tmp_path / "changed.toml"
    path.write_text(text.replace(old, new, 1))
    return path


@pytest.mark.parametrize("model", sorted(MODELS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_shipped_model_comes_out_as_it_expects(run, model):
    assert run("check", model).code == 0


@pytest.mark.parametrize("model", sorted(MODELS.glob("*.toml")), ids=lambda path: path.stem)
def test_turning_any_expectation_of_a_shipped_model_around_is_noticed(run, model, tmp_path):
    text = model.read_text()
    for k in range(text.count("[[claims]]")):
        pieces = text.split("[[claims]]")
        claim = pieces[k + 1]
        if "\nexpect =" in claim:
            pieces[k + 1] = claim.replace('expect = "refuted"', 'expect = "proved"')
        else:
            pieces[k + 1] = '\nexpect = "refuted"' + claim
        path = tmp_path / f"{model.stem}-{k}.toml"
        path.write_text("[[claims]]".join(pieces))
        assert run("check", path).code == 1


def test_the_json_of_check_is_that_of_the_contract(run):
    found = run("check", MODELS / "scheduling.toml", "--json", "-")
    data = json.loads(found.out)
    assert data["schema"] == "spi-verify/results/1"
    assert set(data["solvers"]) == {"z3", "cvc5"}
    keys = {"id", "verdict", "evidence", "expected", "hypotheses_used", "counterexample", "reason"}
    assert all(keys | {"seconds"} <= set(result) for result in data["results"])
    by_id = {result["id"]: result for result in data["results"]}
    refuted = by_id["scheduling/neutral-is-an-spi"]
    assert (refuted["verdict"], refuted["expected"]) == ("refuted", "refuted")
    assert refuted["counterexample"]["violation"] == {
        "violates": "loss",
        "outcome": ["Slot 1", "Slot 1"],
        "image": ["Slot 3", "Slot 3"],
        "player": 1,
        "before": "3",
        "after": "1",
    }
    proved = by_id["scheduling/fair-is-an-spi"]
    assert (proved["verdict"], proved["evidence"]) == ("proved", "checked")
    assert proved["counterexample"] is None
    assert "scheduling/fair-is-an-spi" in found.err, "the table goes to standard error"


def test_json_can_go_to_a_file_beside_the_table(run, good, tmp_path):
    found = run("check", good, "--json", tmp_path / "results.json")
    assert found.code == 0
    assert "good/spi-rn" in found.out
    assert json.loads((tmp_path / "results.json").read_text())["results"][0]["verdict"] == "proved"


def test_the_same_command_says_the_same_twice(run):
    results = [
        json.loads(run("check", *sorted(MODELS.glob("*.toml")), "--json", "-").out)["results"]
        for _ in range(2)
    ]
    for result in (*results[0], *results[1]):
        del result["seconds"]
    assert results[0] == results[1]


BAD = [
    ('kind = "spi"', 'kind = "spii"', "unknown kind of claim 'spii'", "kind"),
    ('kind = "spi"', "", "no kind of claim", "claims[0]"),
    ('function = "rn"', 'function = "m"', "unknown renegotiation function 'm'", "function"),
    ('function = "rn"', "", "needs the key function", "claims[0]"),
    ('function = "rn"', "function = 3", "expected str, got int", "claims[0].function"),
    ('function = "rn"', 'function = "rn"\nfoo = 1', "unknown key 'foo'", "claims[0]"),
    ('kind = "spi"', 'kind = "spi"\nexpect = "yes"', "yes", "claims[0].expect"),
    ('to = ["1", "1"]', 'to = ["1", "7"]', "no action '7'", "renegotiation.rn[0]"),
    ('from = ["1", "2"]', 'from = ["1", "7"]', "no action '7'", "renegotiation.rn[0]"),
    ('from = ["1", "2"]', 'from = ["1"]', "names 1 actions for 2 players", "renegotiation.rn[0]"),
    ('from = ["1", "2"]', 'from = ["*"]', "names 1 actions for 2 players", "renegotiation.rn[0]"),
    ('from = ["1", "2"]', 'from = "nowhere"', "nowhere", "renegotiation.rn[0].from"),
    ('to = ["1", "1"]', 'to = { mixture = "m" }', "unknown mixture 'm'", "renegotiation.rn[0]"),
    ('to = ["1", "1"]', 'to = ["1", "1"], where = ["u9 > 0"]', "unknown parameter 'u9'", "rn[0]"),
    ("[3, 1]", '["x", 1]', "unknown parameter 'x'", "game.payoffs[0][0][0]"),
    ("[3, 1]", "[nan, 1]", "unknown parameter 'nan'", "game.payoffs[0][0][0]"),
    ("[3, 1]", "[true, 1]", "True is no payoff", "game.payoffs[0][0][0]"),
    ("[3, 1]", "[1e999, 1]", "exponent", "game.payoffs[0][0][0]"),
    ("[3, 1]", "[3]", "different lengths", "game.payoffs"),
    ("[3, 1]", "[3, 1, 2]", "different lengths", "game.payoffs"),
    ("[game]", "[game]\nactions = [['a', 'a'], ['b', 'c']]", "two actions", "game.actions[0]"),
    ("[game]", "[game]\nactions = [['a', 'b']]", "2 players", "game.actions"),
    ("[game]", "[game]\nfile = 'x.nfg'", "either payoffs or the file", "game"),
    ("[game]", "[gmae]", "unknown key 'gmae'", ""),
    ("[game]", "[game", "line 2", ""),
    ("[renegotiation]", "[defaults]\nreachable = []\n[renegotiation]", "at least one", "defaults"),
    ("[game]", "feasible = 'mixed'\n[game]", "mixed", "feasible"),
]


@pytest.mark.parametrize(("old", "new", "said", "where"), BAD)
def test_bad_input_gets_one_message_with_file_and_place_and_loses_nothing_else(
    run, good, tmp_path, old, new, said, where
):
    bad = changed(tmp_path, old, new)
    found = run("check", bad, good, "--json", "-")
    assert found.code == 2
    data = json.loads(found.out)
    messages = data["errors"] + [r["reason"] for r in data["results"] if r["verdict"] == "error"]
    assert len(messages) == 1
    assert "\n" not in messages[0]
    assert str(bad) in messages[0]
    assert said in messages[0]
    assert where in messages[0]
    assert "Traceback" not in found.err
    assert [r["verdict"] for r in data["results"] if r["id"] == "good/spi-rn"] == ["proved"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"[" * 100_000, ""),
        (b"a = " + b"[" * 5000, ""),
        (b"x = 1", "unknown key 'x'"),
        (b"title = 'no game'", "'game' is missing"),
        (b"[game]", "either payoffs or the file"),
    ],
)
def test_a_file_that_is_no_model_is_refused_and_the_others_are_checked(
    run, good, tmp_path, content, said
):
    bad = tmp_path / "bad.toml"
    bad.write_bytes(content)
    found = run("check", bad, good, "--json", "-")
    data = json.loads(found.out)
    assert found.code == 2
    assert said in data["errors"][0]
    assert str(bad) in data["errors"][0]
    assert data["results"][0]["verdict"] == "proved"


def test_a_missing_file_and_a_folder_are_bad_input(run, good, tmp_path):
    found = run("check", tmp_path / "none.toml", tmp_path, good)
    assert found.code == 2
    assert "there is no such file" in found.err
    assert "is a folder" in found.err
    assert "good/spi-rn" in found.out


def test_a_model_without_claims_is_nothing_to_check(run, tmp_path):
    found = run("check", changed(tmp_path, GOOD[GOOD.index("[[claims]]") :], ""))
    assert found.code == 2
    assert "nothing to check" in found.err


def test_a_bad_claim_does_not_hide_the_others_of_its_file(run, tmp_path):
    path = changed(tmp_path, "[[claims]]", '[[claims]]\nkind = "x"\n[[claims]]')
    data = json.loads(run("check", path, "--json", "-").out)
    assert [result["verdict"] for result in data["results"]] == ["error", "proved"]
    assert "line 6: claims[0].kind" in data["results"][0]["reason"]


def test_bad_input_comes_before_a_contradicted_expectation(run, tmp_path):
    contradicted = changed(tmp_path, 'kind = "spi"', 'kind = "spi"\nexpect = "refuted"')
    assert run("check", contradicted).code == 1
    assert run("check", contradicted, tmp_path / "none.toml").code == 2


def test_an_option_that_does_not_exist_is_bad_usage(run, good):
    assert run("check", good, "--jsno", "-").code == 2
    assert run("check").code == 2
    assert run("chekc", good).code == 2


def test_models_of_the_same_name_get_different_ids(run, good, tmp_path):
    other = tmp_path / "deeper" / "good.toml"
    other.parent.mkdir()
    shutil.copy(good, other)
    results = json.loads(run("check", good, other, "--json", "-").out)["results"]
    assert len({result["id"] for result in results}) == 2


def test_a_game_may_lie_beside_the_model(run, tmp_path):
    (tmp_path / "g.nfg").write_text('NFG 1 R "g" { "A" "B" } { 2 2 } 3 1 0 0 0 0 1 3')
    table = GOOD[GOOD.index("payoffs") : GOOD.index("[renegotiation]")]
    assert run("check", changed(tmp_path, table, 'file = "g.nfg"\n')).code == 0


@pytest.mark.parametrize("name", ["../g.nfg", "/etc/passwd", "deeper/g.nfg", ".."])
def test_a_model_cannot_reach_outside_its_folder(run, tmp_path, name):
    table = GOOD[GOOD.index("payoffs") : GOOD.index("[renegotiation]")]
    found = run("check", changed(tmp_path, table, f'file = "{name}"\n'))
    assert found.code == 2
    assert "does not lie in the folder" in found.err


def test_a_link_out_of_the_folder_is_not_followed(run, tmp_path):
    outside = tmp_path / "outside.nfg"
    outside.write_text('NFG 1 R "g" { "A" "B" } { 2 2 } 3 1 0 0 0 0 1 3')
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "g.nfg").symlink_to(outside)
    table = GOOD[GOOD.index("payoffs") : GOOD.index("[renegotiation]")]
    found = run("check", changed(inside, table, 'file = "g.nfg"\n'))
    assert found.code == 2


def test_a_counterexample_of_every_refuted_claim_is_saved_and_replays(run, tmp_path):
    refuted = 0
    for model in sorted(MODELS.glob("*.toml")):
        found = json.loads(run("check", model, "--save", tmp_path / "saved", "--json", "-").out)
        refuted += sum(result["verdict"] == "refuted" for result in found["results"])
    files = sorted((tmp_path / "saved").iterdir())
    assert len(files) == refuted > 8
    assert run("replay", *files).code == 0
