"""What is claimed and supposed by what is said to be refuted.

A paper's ``meanings.json`` holds the meaning of those of its statements whose counterexamples are
checked without any formula, so that this needs no library of formulas.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from spi_verify.counterexamples.kind import Claimed
from spi_verify.counterexamples.statements.known import Meaning
from spi_verify.errors import InputError
from spi_verify.papers.paper import shipped_papers

MEANINGS = "meanings.json"


@cache
def _meanings() -> Mapping[str, Any]:
    """Return what the meanings of all shipped papers say, by the id of the statement."""
    found: dict[str, Any] = {}
    for paper in shipped_papers().values():
        file = paper.folder / MEANINGS
        if file.is_file():
            found |= json.loads(file.read_text(encoding="utf-8"))
    return found


def meaning_of(claimed: Claimed) -> Meaning:
    """Return the meaning of what is said to be refuted.

    Raises
    ------
    InputError
        When there is no such statement or hypothesis, or a formula cannot be read.
    """
    entry = _meanings().get(claimed.statement)
    if entry is None or claimed.formulas or claimed.definitions:
        from spi_verify.counterexamples.statements.claimed import meaning, statement_of

        return meaning(statement_of(claimed))
    found = Meaning(
        entry["goal"],
        tuple((name, known) for name, known in entry["hypotheses"].items()),
        tuple(entry["definitions"]),
    )
    for name in claimed.without:
        if all(name != other for other, _ in found.hypotheses):
            raise InputError(f"{claimed.statement} has no hypothesis {name!r}", where="without")
        found = found.without(name)
    return found


def shipped_with(goal: str, hypothesis: str | None = None) -> Claimed:
    """Return the first shipped statement with a conclusion and a hypothesis, by their labels."""
    return next(
        Claimed(id)
        for id, entry in _meanings().items()
        if entry["goal"] == goal
        and (hypothesis is None or hypothesis in entry["hypotheses"].values())
    )
