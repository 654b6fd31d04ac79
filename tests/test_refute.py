"""The command that looks for counterexamples: what it finds, writes, and says when it cannot."""

from __future__ import annotations

import ctypes
import json
import subprocess
import sys

import pytest
from conftest import MODELS

from spi_verify.counterexamples.file import canonical

GAMES = MODELS.parent / "tests" / "games"
SMALL = ("--players", 2, "--outcomes", 3)
USER_SUITE = """
import z3
from z3 import Exists, ForAll, Implies

from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.theory.signature import Outcome, Player, Renegotiation, improved, outcome, u
from spi_verify.theory.signature import Profile, in_default_set, program

i, j = z3.Consts("i j", Player)
a = z3.Const("a", Outcome)
p = z3.Const("p", Profile)
rn = z3.Const("rn", Renegotiation)


def statements(theory):
    everything = Statement(
        id="mine/everything-efficient",
        title="Every outcome is efficient",
        theory=theory,
        hypotheses=(Hypothesis("gain", Exists([i, a], u(i, a) > 0), "Somebody gains somewhere."),),
        definitions=("efficient",),
        steps=(Step("goal", ForAll([a], theory.efficient(a)), ["efficient"]),),
    )
    improves = Statement(
        id="mine/spi",
        title="Renegotiation is an SPI",
        theory=theory,
        hypotheses=(
            Hypothesis("rn", theory.renegotiation_function(rn), "rn never hurts."),
        ),
        definitions=("renegotiation_function",),
        steps=(Step("goal", theory.spi(), ["rn"]),),
    )
    return [everything, improves]
"""
DEFINITION = """
import z3

from spi_verify.theory.signature import u, Player

i = z3.Const("i", Player)


def weakly_improves(theory, x, a):
    return z3.Exists([i], u(i, x) >= u(i, a))
"""


def refuted(run, *arguments):
    """The results of the command as JSON, and how it ended."""
    found = run("refute", *arguments, "--json", "-")
    assert "Traceback" not in found.err
    return found, json.loads(found.out)["results"]


def stands_alone(run, tmp_path, refutation):
    """Whether the object by itself is a file that replay confirms."""
    path = tmp_path / "alone.json"
    path.write_text(json.dumps(refutation), encoding="utf-8")
    found = run("replay", path)
    assert found.code == 0, found
    assert refutation["conclusion"] in found.out
    return True


def said_in_one_line(found, *words):
    assert found.code == 2
    assert len(found.err.splitlines()) == 1, found.err
    assert "Traceback" not in found.err
    for word in words:
        assert word in found.err


# What it finds


def test_literal_readings_that_are_false_are_refuted_as_expected(run, tmp_path):
    found, results = refuted(run, "prop-1", "def-6-meet", "thm-3-inclusion", *SMALL)
    assert found.code == 0
    assert [r["id"] for r in results] == ["prop-1", "def-6-meet", "thm-3-inclusion"]
    for result in results:
        assert (result["verdict"], result["evidence"]) == ("refuted", "checked")
        assert result["reason"].startswith(result["counterexample"]["conclusion"])
        assert stands_alone(run, tmp_path, result["counterexample"])


def test_the_smallest_counterexamples_are_found_first(run):
    _, results = refuted(run, "prop-1", "def-6-meet", *SMALL)
    one, other = (r["counterexample"]["programs"]["game"] for r in results)
    assert [len(names) for names in one["actions"]] == [2, 1]
    assert [len(names) for names in other["actions"]] == [3, 1]
    numbers = [number for row in one["payoffs"] for cell in row for number in cell]
    assert set(numbers) <= {"0", "1"}


def test_the_story_and_every_check_are_told(run):
    found = run("refute", "prop-1", *SMALL)
    assert found.code == 0
    assert found.out.startswith(
        "prop-1 is refuted. This claim is false: Every renegotiation function gives an SPI\n"
        "  In this game player 1 chooses the row and player 2 has no choice:\n"
        "      |  1\n"
    )
    assert "f-wraps-defaults: true of all profiles" in found.out
    assert "Thus f changes nobody's payoff" in found.out


@pytest.mark.long
def test_what_is_proved_is_not_refuted_and_the_bound_is_said(run):
    found, results = refuted(run, "def-6-meet/repaired", "prop-1/repaired", *SMALL)
    assert found.code == 3
    assert {r["verdict"] for r in results} == {"unknown"}
    assert "no counterexample with up to 2 players and 3 outcomes" in results[1]["reason"]
    assert results[1]["counterexample"] is None


def test_bounds_keep_the_search_small(run):
    found, results = refuted(run, "def-6-meet", "--players", 2, "--outcomes", 2)
    assert found.code == 3
    searched = "no counterexample with up to 2 players and 2 outcomes: 2 small worlds"
    assert results[0]["reason"] == searched


NEEDED = [
    ("prop-1/repaired", "somebody-gains"),
    ("prop-2/repaired", "something-to-improve"),
    ("prop-2/repaired", "renegotiation-not-punished"),
    ("prop-2/repaired", "defaults-where-agreement-possible"),
    ("thm-3-improves", "extension-not-punished"),
    ("thm-3-pmm/repaired", "extensions-believed"),
    ("thm-3-pmm/repaired", "everybody-uses-csr"),
    ("def-6-meet/repaired", "correlated-randomisation"),
    ("prop-4-spi/repaired", "somebody-gains"),
]


@pytest.mark.long
@pytest.mark.parametrize(("statement", "hypothesis"), NEEDED)
def test_without_a_hypothesis_that_is_needed_there_is_a_counterexample(
    run, tmp_path, statement, hypothesis
):
    found, (result,) = refuted(run, statement, "--without", hypothesis, *SMALL)
    assert found.code == 1
    assert result["verdict"] == "refuted"
    shown = result["counterexample"]
    assert (shown["statement"], shown["without"]) == (statement, [hypothesis])
    assert hypothesis not in [check["name"] for check in shown["hypotheses"]]
    assert stands_alone(run, tmp_path, shown)
    path = tmp_path / "whole.json"
    path.write_text(json.dumps(shown | {"without": []}), encoding="utf-8")
    assert run("replay", path).code == 1


# Changed definitions, and statements of one's own


@pytest.mark.long
@pytest.mark.parametrize(
    ("statement", "name", "code"),
    [("thm-3-improves", "unconditional", 1), ("thm-3-inclusion", "everywhere", 0)],
)
def test_a_shipped_variant_is_in_the_file(run, tmp_path, statement, name, code):
    found, (result,) = refuted(run, statement, "--with", f"pmp_extension={name}", *SMALL)
    assert found.code == code
    assert list(result["counterexample"]["definitions"]) == ["pmp_extension"]
    assert stands_alone(run, tmp_path, result["counterexample"])


@pytest.mark.long
def test_a_definition_of_ones_own_is_in_the_file(run, tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(DEFINITION)
    place = f"weakly_improves={path}:weakly_improves"
    found, (result,) = refuted(run, "prop-1", "--with", place, *SMALL)
    assert found.code == 0
    shown = result["counterexample"]
    assert list(shown["definitions"]) == ["weakly_improves"]
    assert stands_alone(run, tmp_path, shown)


@pytest.mark.long
def test_statements_of_ones_own_are_in_the_file(run, tmp_path):
    path = tmp_path / "suite.py"
    path.write_text(USER_SUITE)
    found, results = refuted(run, path, *SMALL)
    assert found.code == 1
    assert [r["id"] for r in results] == ["mine/everything-efficient", "mine/spi"]
    for result in results:
        shown = result["counterexample"]
        assert "goal" in shown["formulas"]
        assert stands_alone(run, tmp_path, shown)
    found = run("refute", path, "--save", tmp_path / "saved", *SMALL)
    names = {file.name for file in (tmp_path / "saved").iterdir()}
    assert names == {"mine.everything-efficient.json", "mine.spi.json"}


# A given game


@pytest.mark.long
def test_in_a_given_game_only_programs_are_looked_for(run, tmp_path):
    model = MODELS / "scheduling.toml"
    found, (result,) = refuted(run, "thm-3-pmm", "--game", model)
    assert found.code == 0
    game = result["counterexample"]["programs"]["game"]
    assert game["actions"] == [["Slot 1", "Slot 2", "Slot 3"]] * 2
    assert stands_alone(run, tmp_path, result["counterexample"])


def test_a_given_game_can_be_an_nfg_file(run, tmp_path):
    path = GAMES / "stag_hunt_payoffs.nfg"
    found, (result,) = refuted(run, "prop-1", "--game", path)
    assert found.code == 0
    assert len(result["counterexample"]["programs"]["game"]["payoffs"]) == 2
    assert stands_alone(run, tmp_path, result["counterexample"])


def test_nothing_in_a_game_is_said_of_that_game(run):
    found, (result,) = refuted(run, "prop-1/repaired", "--game", MODELS / "chicken.toml")
    assert found.code == 3
    assert result["reason"].startswith("no counterexample in this game")


def test_a_game_with_parameters_is_refused(run):
    found = run("refute", "prop-1", "--game", MODELS / "territory-any-cost.toml")
    said_in_one_line(found, "territory-any-cost.toml", "parameters")


# What it writes


@pytest.mark.long
def test_different_ones_differ_in_more_than_names(run, tmp_path):
    found = run("refute", "prop-1", "--all", 3, "--save", tmp_path, *SMALL)
    assert found.code == 0
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["prop-1-2.json", "prop-1-3.json", "prop-1.json"]
    shown = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    assert len({canonical(one) for one in shown}) == 3
    assert run("replay", *files).code == 0


@pytest.mark.long
def test_fewer_than_asked_for_is_said(run):
    found, (result,) = refuted(run, "def-6-meet", "--all", 500, "--players", 2, "--outcomes", 3)
    assert found.code == 0
    assert "different ones were found, no more" in result["reason"]


@pytest.mark.long
def test_the_regression_test_it_writes_passes_and_notices_a_change(run, tmp_path):
    path = tmp_path / "test_found.py"
    assert run("refute", "prop-1", "def-6-meet", *SMALL, "--pytest", path).code == 0
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(path)]
    passed = subprocess.run(command, capture_output=True, text=True, cwd=MODELS.parent)
    assert passed.returncode == 0, passed.stdout
    assert "2 passed" in passed.stdout
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"without": []', '"without": ["f-wraps-defaults"]'))
    failed = subprocess.run(command, capture_output=True, text=True, cwd=MODELS.parent)
    assert failed.returncode == 1


@pytest.mark.long
def test_the_first_one_is_drawn(run, tmp_path):
    path = tmp_path / "found.svg"
    assert run("refute", "prop-1", "def-6-meet", *SMALL, "--plot", path).code == 0
    assert "<svg" in path.read_text(encoding="utf-8")
    nothing = tmp_path / "nothing.svg"
    assert run("refute", "def-6-meet/repaired", *SMALL, "--plot", nothing).code == 3
    assert not nothing.exists()


@pytest.mark.long
def test_a_second_search_finds_the_same(run):
    def told():
        _, results = refuted(run, "def-6-meet", "prop-1", *SMALL, "--all", 2)
        return [{key: value for key, value in r.items() if key != "seconds"} for r in results]

    assert told() == told()


# What it refuses


@pytest.mark.long
def test_bad_input_is_said_in_one_line(run, tmp_path):
    said_in_one_line(run("refute", "thm-9"), "'thm-9'", "did you mean", "thm-")
    found = run("refute", "prop-1", "--without", "luck", *SMALL)
    said_in_one_line(found, "luck", "no such hypothesis", "f-wraps-defaults")
    found = run("refute", "prop-1", "--with", "nonsense=unconditional", *SMALL)
    said_in_one_line(found, "nonsense")
    found = run("refute", "prop-1", "--with", "pmp_extension=imagined", *SMALL)
    said_in_one_line(found, "imagined")
    said_in_one_line(run("refute", "prop-1", "--game", tmp_path / "none.toml"), "none.toml")
    said_in_one_line(run("refute", "prop-1", "--game", tmp_path / "none.nfg"), "none.nfg")
    broken = tmp_path / "broken.py"
    broken.write_text("1 / 0")
    said_in_one_line(run("refute", broken), "broken.py", "ZeroDivisionError")
    missing = tmp_path / "not" / "there" / "x.svg"
    said_in_one_line(run("refute", "prop-1", *SMALL, "--plot", missing), "x.svg")
    file = tmp_path / "a-file"
    file.write_text("")
    said_in_one_line(run("refute", "prop-1", *SMALL, "--save", file), "a-file")
    said_in_one_line(run("refute", "prop-1", *SMALL, "--pytest", tmp_path), str(tmp_path))


@pytest.mark.parametrize(
    "arguments",
    [
        ("--players", 1),
        ("--players", 9),
        ("--outcomes", 0),
        ("--outcomes", 6),
        ("--all", 0),
        ("--players", "two"),
    ],
)
def test_bounds_out_of_range_are_refused(run, arguments):
    found = run("refute", "prop-1", *arguments)
    assert found.code == 2
    assert "Traceback" not in found.err


def test_an_unknown_statement_does_not_hide_what_is_found_of_others(run):
    found, results = refuted(run, "prop-1", "thm-9", *SMALL)
    assert found.code == 2
    assert [(r["id"], r["verdict"]) for r in results] == [("prop-1", "refuted")]


def test_executed_statements_are_left_to_prove(run):
    said_in_one_line(run("refute", "ex-4.3"), "decided by prove")


@pytest.mark.parametrize(
    "interruption",
    [KeyboardInterrupt(), ctypes.ArgumentError("argument 1: KeyboardInterrupt: ")],
    ids=["as such", "in an argument"],
)
def test_an_interrupted_search_tells_what_it_found_and_what_is_left(
    run, tmp_path, monkeypatch, interruption
):
    from spi_verify.commands import refute as command

    searched = command._search

    def interrupted(statement, *rest):
        if statement.id == "prop-2":
            raise interruption
        return searched(statement, *rest)

    monkeypatch.setattr(command, "_search", interrupted)
    found = run("refute", "prop-1", "prop-2", "prop-5", "--save", tmp_path / "saved")
    assert found.code == 130
    assert "prop-1  refuted" in found.out
    assert (tmp_path / "saved" / "prop-1.json").exists()
    assert "interrupted; not searched: prop-2, prop-5; what it tries comes in the" in found.err
    first = run("refute", "prop-2")
    assert first.code == 130
    assert not first.out
    assert first.err.startswith("spi-verify: interrupted; not searched: prop-2; ")


def test_on_a_terminal_it_is_shown_what_runs_and_how_much_is_done():
    from spi_verify.commands.progress import Progress

    progress = Progress("statements searched", 12)
    progress("one", True)
    progress("two", True)
    progress("one", False)
    lines = str(progress._render()).splitlines()
    assert lines[0] == "1 of 12 statements searched"
    assert [line.split(maxsplit=2)[2] for line in lines[1:]] == ["two"]
    assert Progress()._render() == "0 queries done"
