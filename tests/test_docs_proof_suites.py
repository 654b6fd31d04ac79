from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from spi_verify.cli import app
from spi_verify.obligations.suites import load, shipped_suites
from spi_verify.theory import PAPER

PAGE = (Path(__file__).parent.parent / "docs" / "proof-suites.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ spi-verify (.*?)(?:  # exit (\d))?$", PAGE, re.MULTILINE)
FILES = re.findall(r"```python\n# file: (\S+)\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def cache_home(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


def test_the_page_has_commands_and_files():
    assert len(COMMANDS) >= 8
    assert [name for name, _ in FILES] == ["variant.py", "my_suite.py"]


@pytest.mark.parametrize(("line", "code"), COMMANDS)
def test_every_command_of_the_page_ends_as_the_page_says(
    line, code, tmp_path, monkeypatch, cache_home
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache_home))
    monkeypatch.chdir(tmp_path)
    for name, text in FILES:
        Path(name).write_text(text, encoding="utf-8")
    outcome = CliRunner().invoke(app, shlex.split(line))
    assert outcome.exit_code == int(code or 0), outcome.output


def test_the_table_of_statements_is_that_of_the_suites():
    rows = re.findall(r"^\| `([\w-]+)` \| (\w+) \| (\w*) ?\| (.*?) ?\|$", PAGE, re.MULTILINE)
    said = {
        id: (literal, repaired, tuple(re.findall("`(.*?)`", added)))
        for id, literal, repaired, added in rows
    }
    known = {statement.id: statement for statement in load(shipped_suites(), PAPER)}
    lemmas = {"expected-utility", "convex-segments", "alg-3-improves"}
    expected = {}
    for id, statement in known.items():
        if statement.reading == "literal" and id not in lemmas:
            repaired = known.get(f"{id}/repaired")
            expected[id] = (
                str(statement.expected),
                str(repaired.expected) if repaired else "",
                repaired.added if repaired else (),
            )
    assert said == expected
