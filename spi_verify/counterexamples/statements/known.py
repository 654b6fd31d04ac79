"""Formulas that code of ours settles, searches or tells, recognised by what they say.

Some conclusions and hypotheses cannot be evaluated in what a counterexample lists, because they
speak of all programs, or of infinitely many outcomes; functions written for the very formula
settle them. `known_formulas.json` holds these formulas, each under a label. A formula that says
something else has no label, whatever the statement or the hypothesis is called, and whatever is
shipped under that name. See :mod:`spi_verify.counterexamples.statements.labels`.

A paper's ``meanings.json`` holds the meaning of those of its statements whose counterexamples are
checked without any formula, so that this needs no library of formulas.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from spi_verify.counterexamples.kind import Claimed
from spi_verify.errors import InputError
from spi_verify.papers.paper import shipped_papers

GOALS, HYPOTHESES = "goals", "hypotheses"
_FILE = "known_formulas.json"
MEANINGS = "meanings.json"


@dataclass(frozen=True)
class Meaning:
    """What a statement claims and supposes, as far as its formulas are known.

    Parameters
    ----------
    goal
        The label of its conclusion.
    hypotheses
        The names of its hypotheses, each with its label, or None.
    definitions
        The closed definitions that it takes for granted.
    changed
        The definitions that were replaced, and that it speaks of.
    """

    goal: str | None
    hypotheses: tuple[tuple[str, str | None], ...]
    definitions: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def without(self, name: str) -> Meaning:
        """Return the same with a hypothesis less."""
        kept = tuple(one for one in self.hypotheses if one[0] != name)
        return Meaning(self.goal, kept, self.definitions, self.changed)


def label(kind: str, fingerprint: str) -> str | None:
    """Return the label of a formula, or None where it is none that is known.

    Parameters
    ----------
    kind
        ``GOALS`` or ``HYPOTHESES``.
    fingerprint
        What the formula says, as :func:`spi_verify.theory.fingerprint` has it.
    """
    return _labels()[kind].get(fingerprint)


@cache
def _file() -> Any:
    return json.loads((files(__package__) / _FILE).read_text(encoding="utf-8"))


@cache
def _meanings() -> Mapping[str, Any]:
    """Return what the meanings of all shipped papers say, by the id of the statement."""
    found: dict[str, Any] = {}
    for paper in shipped_papers().values():
        file = paper.folder / MEANINGS
        if file.is_file():
            found |= json.loads(file.read_text(encoding="utf-8"))
    return found


@cache
def _labels() -> Mapping[str, Mapping[str, str]]:
    return {
        kind: {entry["fingerprint"]: name for name, entry in _file()[kind].items()}
        for kind in (GOALS, HYPOTHESES)
    }


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
