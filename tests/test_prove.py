from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from spi_verify.cli import app
from spi_verify.solvers import SolverDisagreement, Status, ask_both

runner = CliRunner()


@pytest.fixture(scope="module")
def cache_home(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _private_cache(cache_home, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache_home))


def prove(*arguments):
    return runner.invoke(app, ["prove", *map(str, arguments)])


def results(*arguments):
    outcome = prove(*arguments, "--json", "-")
    return outcome, json.loads(outcome.stdout)


@pytest.fixture
def uncertified(monkeypatch):
    """Let every step be solved, or be found in the cache."""
    monkeypatch.setattr("spi_verify.papers.certificates.CERTIFICATES", "no-such-folder")


@pytest.mark.long
@pytest.mark.usefixtures("uncertified")
def test_a_statement_that_holds_as_printed_is_proved_by_both_solvers():
    outcome, document = results("thm-3-improves")
    (result,) = document["results"]
    assert outcome.exit_code == 0
    assert document["schema"] == "spi-verify/results/1"
    assert set(document["solvers"]) == {"z3", "cvc5"}
    assert (result["verdict"], result["evidence"]) == ("proved", "agreement")
    assert result["hypotheses_used"] == [
        "selection-function",
        "transitive-selection",
        "extension-not-punished",
    ]


@pytest.mark.long
def test_an_id_stands_for_both_readings_and_an_expected_refutation_is_as_expected():
    outcome, document = results("prop-1")
    assert outcome.exit_code == 0
    verdicts = {r["id"]: (r["verdict"], r["expected"]) for r in document["results"]}
    assert verdicts == {
        "prop-1": ("refuted", "refuted"),
        "prop-1/repaired": ("proved", "proved"),
    }


def test_dropping_a_hypothesis_without_a_witness_leaves_a_statement_undecided():
    outcome, document = results("convex-segments", "--without", "correlated-randomisation")
    assert outcome.exit_code == 3
    assert document["results"][0]["verdict"] == "unknown"
    assert "goal" in document["results"][0]["reason"]


def test_dropping_a_hypothesis_that_is_needed_shows_a_counterexample():
    outcome, document = results("thm-3-improves", "--without", "transitive-selection")
    assert outcome.exit_code == 1
    (result,) = document["results"]
    assert result["verdict"] == "refuted"
    assert result["counterexample"]["without"] == ["transitive-selection"]


def test_a_changed_definition_is_used_and_its_statements_break(tmp_path):
    variant = tmp_path / "variant.py"
    variant.write_text(
        "from z3 import ForAll, Const\n"
        "from spi_verify.theory.signature import Player, u\n"
        "i = Const('i', Player)\n"
        "def selfish(theory, x, a):\n"
        "    return ForAll([i], u(i, x) <= u(i, a))\n"
    )
    outcome, document = results("prop-1/repaired", "--with", f"weakly_improves={variant}:selfish")
    assert outcome.exit_code == 1
    (result,) = document["results"]
    assert result["verdict"] == "vacuous"
    assert "rn-is-renegotiation-function, weakly_improves" in result["reason"]


@pytest.mark.long
def test_a_definition_replaced_by_itself_from_a_module_changes_nothing():
    outcome, _ = results("prop-1/repaired", "--with", "pmp=spi_verify.theory.definitions:pmp")
    assert outcome.exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["no-such-statement"], "neither a file nor a statement"),
        (["prop-1", "--without", "nothing"], "no such hypothesis (there are:"),
        (["prop-1", "--with", "pmp"], "write NAME=FILE_OR_MODULE:OBJECT"),
        (["prop-1", "--with", "pmp=missing.py:f"], "no such file"),
        (["prop-1", "--with", "pmp=spi_verify.theory.definitions:nothing"], "no 'nothing'"),
        (["prop-1", "--with", "nothing=spi_verify.theory.definitions:pmp"], "no definition"),
        (["prop-1", "--with", "efficient=spi_verify.theory.definitions:pmp"], "arguments"),
    ],
)
def test_bad_usage_is_one_clear_error(run, arguments, message):
    found = run("prove", *arguments)
    assert found.code == 2
    assert message in found.err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("def statements(theory):\n    return 1 / 0\n", "ZeroDivisionError"),
        ("x = \n", "SyntaxError"),
        ("import nothing_of_this_name\n", "ModuleNotFoundError"),
        ("x = 1\n", "needs a function statements"),
        ("def statements(theory):\n    return [3]\n", "list of Statement"),
    ],
)
def test_a_broken_suite_is_an_error_that_names_the_file(run, text, message, tmp_path):
    suite = tmp_path / "suite.py"
    suite.write_text(text)
    found = run("prove", suite)
    assert found.code == 2
    assert str(suite) in found.err
    assert message in found.err


def test_an_empty_directory_is_nothing_to_check(run, tmp_path):
    assert run("prove", tmp_path).code == 2


def test_junit_holds_every_statement_and_only_surprises_fail(tmp_path):
    file = tmp_path / "junit.xml"
    prove("prop-1", "--junit", file)
    suite = ElementTree.parse(file).getroot()
    assert suite.get("tests") == "2"
    assert suite.get("failures") == "0"
    prove("prop-1/repaired", "--without", "somebody-gains", "--junit", file)
    suite = ElementTree.parse(file).getroot()
    assert suite.get("failures") == "1"
    assert suite.find("testcase/failure").get("message") == "refuted, expected proved"


def test_the_table_goes_to_standard_error_when_json_takes_standard_output():
    outcome = prove("expected-utility", "--json", "-")
    json.loads(outcome.stdout)
    assert "expected-utility" in outcome.stderr


@pytest.mark.long
@pytest.mark.usefixtures("uncertified")
def test_a_second_run_finds_its_steps_in_the_cache_and_no_cache_does_not():
    prove("expected-utility")
    assert "4 steps, 4 of them found in the cache" in prove("expected-utility").stdout
    assert "4 steps, 0 of them" in prove("expected-utility", "--no-cache").stdout


@pytest.mark.usefixtures("uncertified")
def test_a_damaged_cache_is_a_warning_and_not_an_answer(cache_home):
    prove("expected-utility")
    for file in (cache_home / "spi-verify" / "answers").glob("*.json"):
        file.write_text(file.read_text().replace('"unsat"', '"sat"'))
    outcome = prove("expected-utility")
    assert outcome.exit_code == 0
    assert "damaged or foreign" in outcome.stderr
    assert "4 steps, 0 of them" in outcome.stdout


def test_solvers_that_disagree_end_the_run(monkeypatch):
    def disagree(*_, **__):
        raise SolverDisagreement("saved.smt2", Status.SAT, Status.UNSAT)

    monkeypatch.setattr("spi_verify.obligations.deciding.ask_both", disagree)
    outcome = prove("expected-utility", "--no-cache")
    assert outcome.exit_code == 2
    assert "saved.smt2" in outcome.stderr


def test_the_steps_and_what_they_were_proved_from_are_shown_for_named_statements():
    text = prove("expected-utility").stdout
    assert "every-term" in text
    assert "beliefs_are_lists" in text
    assert "witness of the hypotheses, checked by computation" in text


def test_exported_files_say_what_prove_says(tmp_path):
    outcome = runner.invoke(app, ["export", "prop-1/repaired", "--directory", str(tmp_path)])
    files = [Path(line) for line in outcome.stdout.splitlines()]
    assert files[-1].name.endswith("goal.smt2")
    for file in files:
        text = file.read_text()
        script = text.removesuffix("(check-sat)\n(get-unsat-core)\n")
        assert script != text
        assert {answer.status for answer in ask_both(script)} == {Status.UNSAT}


def test_help_starts_without_a_solver():
    code = "import sys; from spi_verify.cli import app; print('z3' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert shown.stdout.strip() == "False"


def test_export_lists_its_files_as_json(run, tmp_path):
    found = run("export", "prop-1/repaired", "--directory", tmp_path / "s", "--json", "-")
    listed = json.loads(found.out)["files"]
    assert found.code == 0
    assert listed[-1]["step"] == "goal"
    assert all(Path(entry["file"]).read_text().startswith("; prop-1/repaired") for entry in listed)
