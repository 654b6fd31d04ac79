from __future__ import annotations

import re
from pathlib import Path

from conftest import PROGRAM_GAMES

from spi_verify.obligations import Statement
from spi_verify.papers.loading import load
from spi_verify.theory import PAPER

PAGE = (Path(__file__).parent.parent / "docs" / "proof-suites.md").read_text(encoding="utf-8")


def test_the_table_of_statements_is_that_of_the_suites():
    rows = re.findall(r"^\| `([\w-]+)` \| (\w+) \| (\w*) ?\| (.*?) ?\|$", PAGE, re.MULTILINE)
    said = {
        id: (literal, repaired, tuple(re.findall("`(.*?)`", added)))
        for id, literal, repaired, added in rows
    }
    loaded = load(PROGRAM_GAMES, PAPER)
    known = {statement.id: statement for statement in loaded if isinstance(statement, Statement)}
    lemmas = {
        "expected-utility",
        "convex-segments",
        "alg-3-improves",
        "efficient-in-finite-sets",
        "best-is-transitive",
        "efficient-point-two-players",
    }
    expected = {}
    for id, statement in known.items():
        if statement.reading == "literal" and id not in lemmas:
            repaired = known.get(f"{id}/repaired")
            expected[id] = (
                str(statement.expected),
                str(repaired.expected) if repaired else "",
                (*repaired.added, *repaired.changed) if repaired else (),
            )
    assert said == expected
