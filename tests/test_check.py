from __future__ import annotations

import json
import re
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


@pytest.mark.long
@pytest.mark.parametrize("model", sorted(MODELS.glob("*.toml")), ids=lambda path: path.stem)
def test_turning_any_expectation_of_a_shipped_model_around_is_noticed(run, model, tmp_path):
    text = model.read_text()
    for k in range(text.count("[[claims]]")):
        pieces = text.split("[[claims]]")
        claim = pieces[k + 1]
        if "\nexpect =" in claim:
            pieces[k + 1] = re.sub('expect = "(refuted|vacuous)"', 'expect = "proved"', claim)
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


def test_ids_stay_on_one_line_in_a_pipe():
    import os
    import subprocess
    import sys

    found = subprocess.run(
        [sys.executable, "-m", "spi_verify", "check", MODELS / "chicken.toml"],
        capture_output=True,
        text=True,
        env={name: value for name, value in os.environ.items() if name != "COLUMNS"},
    )
    assert "chicken/individually-rational-to-pmm-avoid-the-crash  proved" in found.stdout


@pytest.mark.long
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
    (
        'function = "rn"',
        "function = 3",
        "expected a text, got a whole number",
        "claims[0].function",
    ),
    ('function = "rn"', 'function = "rn"\nfoo = 1', "unknown key 'foo'", "claims[0]"),
    ('kind = "spi"', 'kind = "spi"\nexpect = "yes"', "yes", "claims[0].expect"),
    ('to = ["1", "1"]', 'to = ["1", "7"]', "no action '7'", "renegotiation.rn[0]"),
    ('from = ["1", "2"]', 'from = ["1", "7"]', "no action '7'", "renegotiation.rn[0]"),
    ('from = ["1", "2"]', 'from = ["1"]', "names 1 action for 2 players", "renegotiation.rn[0]"),
    ('from = ["1", "2"]', 'from = ["*"]', "names 1 action for 2 players", "renegotiation.rn[0]"),
    ('from = ["1", "2"]', 'from = "nowhere"', "nowhere", "renegotiation.rn[0].from"),
    ('to = ["1", "1"]', 'to = { mixture = "m" }', "unknown mixture 'm'", "renegotiation.rn[0]"),
    (
        'to = ["1", "1"]',
        'to = ["1", "1"], where = ["u9 > 0"]',
        "unknown payoff 'u9'",
        "rn[0].where[0]",
    ),
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


def test_a_missing_file_is_bad_input_and_the_others_are_checked(run, good, tmp_path):
    found = run("check", tmp_path / "none.toml", good)
    assert found.code == 2
    assert "there is no such file" in found.err
    assert "good/spi-rn" in found.out


def test_a_folder_stands_for_the_model_files_in_it_and_says_where_there_are_none(
    run, good, tmp_path
):
    for folder in ("deep", ".hidden", "venv", "none"):
        (tmp_path / folder).mkdir()
    for folder in ("deep", ".hidden", "venv"):
        (tmp_path / folder / "other.toml").write_text(good.read_text())
    (tmp_path / "none" / "settings.toml").write_text("[tool]\nx = 1\n")
    found = run("check", tmp_path)
    assert found.code == 0
    assert re.findall(r"^(\S+)/spi-rn ", found.out, re.M) == ["good", "other"]
    none = run("check", tmp_path / "none", good)
    assert none.code == 2
    assert "none: there is no model file" in none.err
    assert "good/spi-rn" in none.out


def test_a_model_without_claims_is_nothing_to_check(run, tmp_path):
    found = run("check", changed(tmp_path, GOOD[GOOD.index("[[claims]]") :], ""))
    assert found.code == 2
    assert "nothing to check" in found.err


def test_a_bad_claim_does_not_hide_the_others_of_its_file(run, tmp_path):
    path = changed(tmp_path, "[[claims]]", '[[claims]]\nkind = "x"\n[[claims]]')
    data = json.loads(run("check", path, "--json", "-").out)
    assert [result["verdict"] for result in data["results"]] == ["error", "proved"]
    assert "line 7: claims[0].kind" in data["results"][0]["reason"]


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


@pytest.mark.long
def test_a_counterexample_of_every_refuted_claim_is_saved_and_replays(run, tmp_path):
    refuted = 0
    for model in sorted(MODELS.glob("*.toml")):
        found = json.loads(run("check", model, "--save", tmp_path / "saved", "--json", "-").out)
        refuted += sum(result["verdict"] == "refuted" for result in found["results"])
    files = sorted((tmp_path / "saved").iterdir())
    assert len(files) == refuted > 8
    assert run("replay", *files).code == 0


PMP = """
[game]
payoffs = [[[3, 0], [0, 3]], [[2, 2], [-1, 1]]]
[[claims]]
kind = "pmp"
player = 1
outcome = ["2", "2"]
"""


@pytest.mark.parametrize("extra", ["", "segment = []", "outcomes = []\nsegment = []"])
def test_a_projection_is_stated_by_exactly_the_key_of_the_feasible_set(run, tmp_path, extra):
    path = tmp_path / "pmp.toml"
    path.write_text(PMP + extra)
    found = run("check", path)
    assert found.code == 2
    assert "has the key outcomes, and not segment" in found.out


def test_an_expectation_cannot_be_an_error(run, tmp_path):
    found = run("check", changed(tmp_path, 'kind = "spi"', 'kind = "spix"\nexpect = "error"'))
    assert found.code == 2
    path = changed(tmp_path, 'kind = "spi"', 'kind = "spi"\nexpect = "error"')
    assert "not allowed here" in run("check", path).out


def test_an_action_named_like_the_wildcard_is_refused(run, tmp_path):
    path = changed(tmp_path, "[game]", '[game]\nactions = [["*", "a"], ["1", "2"]]')
    found = run("check", path)
    assert found.code == 2
    assert "means any action" in found.err


@pytest.mark.parametrize("number", ["1" + "0" * 500, "0x" + "f" * 5000, "9" * 5000])
def test_numbers_of_too_many_digits_are_refused(run, good, tmp_path, number):
    found = run("check", changed(tmp_path, "[3, 1]", f"[{number}, 1]"), good)
    assert found.code == 2
    assert "digits" in found.err
    assert "good/spi-rn" in found.out


def test_an_expression_cannot_multiply_its_way_past_the_limit(run, tmp_path):
    path = changed(tmp_path, "[3, 1]", f'["{"*".join(["9e390"] * 50)}", 1]')
    found = run("check", path)
    assert found.code == 2
    assert "more than 400 digits" in found.err


def test_a_key_of_very_many_parts_is_refused_before_it_is_read(run, tmp_path):
    path = tmp_path / "deep.toml"
    path.write_text("title = 'x'\n" + ".".join("a" * 20_000) + " = 1\n")
    found = run("check", path)
    assert found.code == 2
    assert "line 2: a key of too many parts" in found.err


@pytest.mark.parametrize("name", ["a\\u0000.nfg", "game.txt"])
def test_a_game_file_needs_a_sensible_name(run, good, tmp_path, name):
    (tmp_path / "game.txt").write_text("")
    table = GOOD[GOOD.index("payoffs") : GOOD.index("[renegotiation]")]
    found = run("check", changed(tmp_path, table, f'file = "{name}"\n'), good)
    assert found.code == 2
    assert "game.file" in found.err
    assert "good/spi-rn" in found.out


def test_a_loop_of_links_is_bad_input(run, tmp_path):
    (tmp_path / "loop.nfg").symlink_to(tmp_path / "loop.nfg")
    table = GOOD[GOOD.index("payoffs") : GOOD.index("[renegotiation]")]
    assert run("check", changed(tmp_path, table, 'file = "loop.nfg"\n')).code == 2


def test_the_same_file_is_checked_once(run, good):
    found = run("check", good, good, good.parent, "--json", "-")
    data = json.loads(found.out)
    assert found.code == 0
    assert [result["id"] for result in data["results"]] == ["good/spi-rn"]


def test_an_internal_error_in_one_claim_loses_no_other_result(run, good, monkeypatch):
    from spi_verify.claims import check

    actual = check.decide

    def fail_once(*_):
        monkeypatch.setattr(check, "decide", actual)
        raise RuntimeError("oops")

    monkeypatch.setattr(check, "decide", fail_once)
    found = run("check", good, MODELS / "chicken.toml", "--json", "-")
    data = json.loads(found.out)
    assert found.code == 2
    assert data["results"][0]["verdict"] == "error"
    assert "internal error" in data["results"][0]["reason"]
    assert len(data["results"]) == 7


def test_saved_files_do_not_overwrite_each_other(run, tmp_path):
    text = GOOD.replace('["1", "1"] }', '["2", "1"] }').replace("[3, 1]", "[3, 0]")
    claims = text[text.index("[[claims]]") :]
    for name in ("a/b", "a.b", "a\\u0000b", "x" * 300):
        text += claims + f'name = "{name}"\n'
    path = tmp_path / "m.toml"
    path.write_text(text.replace("[[0, 0], [1, 3]]", "[[-1, -1], [1, 3]]"))
    found = run("check", path, "--save", tmp_path / "saved")
    assert "Traceback" not in found.err
    files = list((tmp_path / "saved").iterdir())
    assert len(files) == 5
    assert run("replay", *files).code == 0


def test_a_folder_that_cannot_be_made_is_refused_before_anything_is_decided(run, tmp_path):
    (tmp_path / "file").write_text("")
    found = run("check", MODELS / "chicken.toml", "--save", tmp_path / "file", "--json", "-")
    assert (found.code, found.out) == (2, "")
    assert found.err.endswith("file: cannot make the folder: this is a file\n")


def test_names_cannot_forge_output(run, tmp_path):
    path = changed(tmp_path, 'kind = "spi"', 'name = "a\\u001b[2K\\nb"\nkind = "spi"')
    found = run("check", path)
    assert "\x1b" not in found.out
    assert "a\\x1b[2K\\nb" in found.out


def test_line_numbers_count_lines_as_editors_do(run, tmp_path):
    path = changed(tmp_path, "[game]", "# a\u2028b\x85c\n[game]")
    path.write_text(path.read_text().replace('"spi"', '"spx"'))
    line = path.read_text().split("\n").index('kind = "spx"') + 1
    assert f"line {line}: claims[0].kind" in run("check", path).out


def test_nothing_in_the_current_folder_is_imported(tmp_path):
    """A model is data; what lies beside it is not run."""
    import subprocess
    import sys

    for name in ("json", "z3", "cvc5", "numpy"):
        (tmp_path / f"{name}.py").write_text(
            "open('ran', 'a').write(__name__)\nraise SystemExit(1)"
        )
    code = (
        "import sys; sys.path = [p for p in sys.path if p]; "
        f"sys.argv = ['spi-verify', 'check', {str(MODELS / 'territory-any-cost.toml')!r}]; "
        "from spi_verify.cli import main; main()"
    )
    package = str(Path(__file__).parent.parent)
    found = subprocess.run(
        [sys.executable, "-P", "-c", f"import sys; sys.path.append({package!r}); {code}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stderr
    assert not (tmp_path / "ran").exists()


@pytest.mark.long
def test_a_reader_that_goes_away_is_not_a_refutation():
    import subprocess
    import sys

    for arguments in (["--json", "-"], []):
        child = subprocess.Popen(
            [sys.executable, "-m", "spi_verify", "check", MODELS / "chicken.toml", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert child.stdout is not None
        child.stdout.close()
        assert child.wait() not in (0, 1)
