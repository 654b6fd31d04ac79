"""What ``spi-verify list`` says of a paper is what the paper has; nothing is decided."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from test_papers import paper, suite

from spi_verify.obligations.statements import Executed
from spi_verify.papers.loading import load
from spi_verify.papers.paper import read_paper
from spi_verify.shipped import shipped
from spi_verify.theory import PAPER

PROGRAM_GAMES = shipped("proofs") / "program_games"


def listed(run, *arguments, code=0):
    found = run("list", *arguments, "--json", "-")
    assert found.code == code, found.err
    return json.loads(found.out)


def ids(document):
    return [[row["id"] for row in one["statements"]] for one in document["papers"]]


def test_a_shipped_paper_is_listed_with_every_statement_those_of_its_order_first(run):
    (one,) = (paper for paper in listed(run)["papers"] if paper["paper"] == "program-games")
    assert one["paper"] == "program-games"
    assert one["variants"].keys() == {
        file.stem for file in (PROGRAM_GAMES / "variants").glob("*.py")
    }
    loaded = {statement.id: statement for statement in load(PROGRAM_GAMES, PAPER)}
    assert {row["id"] for row in one["statements"]} == loaded.keys()
    order = read_paper(PROGRAM_GAMES).order
    rows = [row["id"].removesuffix("/repaired") for row in one["statements"] if row["audited"]]
    assert tuple(dict.fromkeys(rows)) == order
    assert [row["audited"] for row in one["statements"]] == sorted(
        (row["audited"] for row in one["statements"]), reverse=True
    )
    for row in one["statements"]:
        statement = loaded[row["id"]]
        assert (row["title"], row["expected"]) == (statement.title, str(statement.expected))
        assert row["hypotheses"] == [h.name for h in statement.hypotheses]
        executed = isinstance(statement, Executed)
        assert row["steps"] == (None if executed else [step.name for step in statement.steps])
    saved = {row["counterexample"] for row in one["statements"]} - {None}
    assert saved == {str(file) for file in (PROGRAM_GAMES / "counterexamples").glob("*.json")}


def test_the_table_says_what_the_document_says(run):
    rows = listed(run, "prop-1", "ex-4.3")["papers"][0]["statements"]
    lines = run("list", "prop-1", "ex-4.3").out.splitlines()
    table = [line for line in lines if line.startswith(("prop-1", "ex-4.3"))]
    assert len(table) == len(rows) == 4
    for line, row in zip(table, rows, strict=True):
        id, reading, expected, hypotheses, steps, *rest = line.split()
        assert (id, reading, expected) == (row["id"], row["reading"], row["expected"])
        assert int(hypotheses) == len(row["hypotheses"])
        assert steps == ("executed" if row["steps"] is None else str(len(row["steps"])))
        assert (rest[0] == "saved") == (row["counterexample"] is not None)
        assert line.rstrip().endswith(row["title"])


def test_ids_suites_folders_and_names_are_taken_as_prove_takes_them(run, tmp_path, monkeypatch):
    folder = paper(tmp_path / "ours", one=suite(), two=suite("prop-1"))
    monkeypatch.chdir(tmp_path)
    shipped = ["prop-1", "prop-1/repaired"]
    assert ids(listed(run, "prop-1")) == [shipped]
    assert ids(listed(run, "program-games", "prop-1/repaired")) == [shipped[1:]]
    assert ids(listed(run, folder)) == [["ours-1", "prop-1"]]
    assert ids(listed(run, folder, "prop-1")) == [["prop-1"]]
    assert ids(listed(run, folder / "one.py", "prop-2")) == [
        ["ours-1"],
        ["prop-2", "prop-2/repaired"],
    ]
    assert ids(listed(run, "ours/", "ours-1", "ours-1")) == [["ours-1"]]


def test_a_suite_is_listed_as_part_of_its_paper_or_by_itself(run, tmp_path):
    folder = paper(tmp_path / "ours", 'title = "Ours"\norder = ["prop-1"]\n', one=suite())
    alone = tmp_path / "alone.py"
    alone.write_text(suite())
    both = listed(run, PROGRAM_GAMES / "prop_1.py", PROGRAM_GAMES / "prop_2.py")
    assert [one["paper"] for one in both["papers"]] == ["program-games"]
    document = listed(run, folder / "one.py")
    assert [one["title"] for one in document["papers"]] == ["Ours"]
    assert [one["audited"] for one in document["papers"][0]["statements"]] == [False]
    assert [one["title"] for one in listed(run, alone)["papers"]] == ["alone.py"]


@pytest.mark.long
def test_definitions_that_a_paper_changes_and_adds_are_told_apart(run, tmp_path):
    definitions = """
from spi_verify.theory import define
from spi_verify.theory.signature import Outcome


def efficient(theory, a):
    return theory.agreeable(a)


@define(Outcome)
def agreeable(theory, a):
    return a == a
"""
    table = 'efficient = "definitions.py:efficient"\nagreeable = "definitions.py:agreeable"\n'
    toml = f'title = "Ours"\nextends = "program-games"\n[definitions]\n{table}'
    folder = paper(tmp_path / "ours", toml, definitions=definitions, one=suite())
    (one,) = listed(run, folder)["papers"]
    assert one["extends"] == "program-games"
    assert one["definitions"] == {
        "changed": {"efficient": "definitions.py:efficient"},
        "added": {"agreeable": "definitions.py:agreeable"},
    }
    shown = run("list", folder).out
    assert "changes   efficient (definitions.py:efficient)" in shown
    assert "adds      agreeable (definitions.py:agreeable)" in shown


def test_a_counterexample_is_listed_once_it_is_saved(run, tmp_path):
    folder = paper(tmp_path / "ours", one=suite(sign="<="))
    (one,) = listed(run, folder)["papers"]
    assert one["statements"][0]["counterexample"] is None
    assert run("refute", folder, "--save", folder / "counterexamples").code == 1
    (one,) = listed(run, folder)["papers"]
    assert one["statements"][0]["counterexample"] == str(folder / "counterexamples" / "ours-1.json")


def test_what_cannot_be_read_loses_nothing_of_the_rest(run, tmp_path):
    good = paper(tmp_path / "good", one=suite())
    bad = paper(tmp_path / "bad", one="def statements(theory):\n    return 1 / 0\n")
    empty = paper(tmp_path / "empty")
    broken = paper(tmp_path / "broken", "title", one=suite())
    for targets in ((bad, good), (good, bad), (empty, good), (good, "prop-x"), (broken, good)):
        found = run("list", *targets, "--json", "-")
        assert (found.code, len(found.err.splitlines()) > 1) == (2, True)
        document = json.loads(found.out)
        assert ids(document) == [["ours-1"]]
        assert len(document["errors"]) == 1


def test_a_statement_of_the_order_that_no_suite_has_is_an_error(run, tmp_path):
    folder = paper(tmp_path / "ours", 'title = "x"\norder = ["ours-1", "lost"]\n', one=suite())
    document = listed(run, folder, code=2)
    assert ids(document) == [["ours-1"]]
    assert document["errors"] == [
        f"{folder / 'paper.toml'}: order: no suite has the statement 'lost'"
    ]
    assert "errors" not in listed(run, folder, "ours-1")


@pytest.mark.long
@pytest.mark.parametrize("arguments", [[], ["prop-1"]])
def test_listing_loads_no_solver_processes_searches_or_plots(arguments):
    script = f"""
import sys
sys.argv = ["spi-verify", "list", *{arguments}]
from spi_verify.cli import main
try:
    main()
except SystemExit as done:
    assert done.code == 0
heavy = ("spi_verify.counterexamples.saved", "cvc5", "matplotlib", "distributed")
print([name for name in sys.modules if name.startswith(heavy)])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]", done.stdout + done.stderr


def test_without_arguments_everything_that_can_be_named_is_listed(run):
    from spi_verify.claims.registry import kinds
    from spi_verify.theory import PAPER

    found = run("list")
    for heading in ("definitions (", "selections (", "claims (", "variants  everywhere, "):
        assert re.search(rf"^{re.escape(heading)}", found.out, re.MULTILINE)
    document = json.loads(run("list", "--json", "-").out)
    assert document["definitions"] == sorted(PAPER)
    assert document["claims"] == list(kinds())
    assert {"leximin", "nash", "dictator"} <= set(document["selections"])
    words = set(re.findall(r"[\w-]+", found.out))
    assert words >= {*document["definitions"], *document["selections"], *document["claims"]}
    assert "selections (" not in run("list", "program-games").out


def test_of_many_definitions_their_number_files_and_names_are_shown(run):
    found = run("list", "delegation")
    (added,) = json.loads(run("list", "delegation", "--json", "-").out)["papers"]
    names = added["definitions"]["added"]
    (line,) = [one for one in found.out.splitlines() if one.startswith("adds ")]
    assert line.startswith(f"adds      {len(names)} definitions, in delegated_games.py, ")
    assert line.endswith("; see below")
    heading = f"definitions that it adds ({len(names)}; 'spi-verify explain delegation NAME' shows"
    below = found.out[found.out.index(heading) :]
    assert set(names) <= set(re.findall(r"\w+", below))
    assert max(map(len, below.splitlines())) <= 100
    assert run("explain", "delegation", next(iter(names))).code == 0
