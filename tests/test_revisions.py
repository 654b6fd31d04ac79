"""Whole revisions of the paper: what is true is proved, what is false refuted, without flags."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from spi_verify.games import Game
from spi_verify.papers.definitions import theory_of
from spi_verify.papers.paper import read_paper
from spi_verify.programs import parse_function
from spi_verify.testing import assert_carried_out

PAGE = Path(__file__).parents[1] / "docs" / "check-a-revision.md"
REVISIONS = Path(__file__).parent / "revisions"
STEPS = {"aspiring": 13, "grudging": 15, "rerunning": 10}
"""How many steps are written by hand in each, those of false statements included."""
FALSE = [
    ("aspiring", "agreed-is-a-gain"),
    ("aspiring", "aspirations-always-met"),
    ("grudging", "agreed-is-a-gain"),
    ("grudging", "grudging-is-efficient"),
    ("rerunning", "default-is-kept"),
    ("rerunning", "nobody-loses"),
]


def own(run, folder: Path) -> list[dict]:
    """Return the rows of a draft's own statements."""
    (listed,) = json.loads(run("list", folder, "--json", "-").out)["papers"]
    return [one for one in listed["statements"] if "changed_by" not in one]


@pytest.mark.long
@pytest.mark.parametrize("name", STEPS)
def test_what_is_true_in_a_revision_is_proved_by_both_solvers(run, name):
    rows = own(run, REVISIONS / name)
    assert sum(len(one["steps"]) for one in rows) == STEPS[name]
    true = [one["id"] for one in rows if one["expected"] == "proved"]
    false = [one["id"] for one in rows if one["expected"] == "refuted"]
    assert (len(true), len(false)) == (2, 2)
    found = run("prove", REVISIONS / name, *true, "--json", "-")
    assert found.code == 0, found.err
    results = json.loads(found.out)["results"]
    assert {one["evidence"] for one in results} == {"agreement"}


@pytest.mark.long
@pytest.mark.parametrize(("name", "id"), FALSE)
def test_what_is_false_in_a_revision_is_refuted_without_flags(run, tmp_path, name, id):
    found = run("refute", REVISIONS / name, id, "--save", tmp_path)
    assert found.code == 0, found.out + found.err
    assert run("replay", tmp_path / f"{id}.json").code == 0


@pytest.mark.parametrize("name", ["aspiring", "grudging"])
def test_the_class_of_a_revision_carries_out_its_formula(name):
    theory_of(read_paper(REVISIONS / name))
    game = Game.from_payoffs([[[0, 0], [1, 1], [2, 1]], [[0, 0], [0, 1], [3, 3]]])
    assert_carried_out(REVISIONS / name, name, game, [parse_function(f"({name} 1)")])


@pytest.mark.long
def test_every_command_of_the_page_does_what_it_says(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    printed = ""
    for language, text in re.findall(r"```(\w+)\n(.*?)```", PAGE.read_text(), flags=re.DOTALL):
        named = re.match(r"# file: (\S+)\n", text)
        if named is not None:
            Path(named[1]).write_text(text[named.end() :])
            continue
        for command in re.findall(r"^\$ spi-verify (.*)$", text, flags=re.MULTILINE):
            assert language == "console"
            found = run(*shlex.split(command))
            assert found.code == 0, found.out + found.err
            printed = found.out
    rows = own(run, Path("demanding"))
    assert [len(one["steps"]) for one in rows] == [8, 7, 1, 1]
    (line,) = (one for one in printed.splitlines() if one.startswith("thm-3-improves "))
    cells = line.split()
    assert cells[:5] == [
        *("thm-3-improves", "set_valued_renegotiation_function", "proved", "→", "proved"),
    ]
    for name in ("audit.html", "audit.md", "audit.tex", "refuted.html"):
        assert "agree" in Path(name).read_text()
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "demanding/test_demanding.py",
        ]
    )
    assert done.returncode == 0
