"""Formulas that code of ours settles, searches or tells, recognised by what they say.

Some conclusions and hypotheses cannot be evaluated in what a counterexample lists, because they
speak of all programs, or of infinitely many outcomes; functions written for the very formula
settle them. `known_formulas.json` holds these formulas, each under a label. A formula that says
something else has no label, whatever the statement or the hypothesis is called, and whatever is
shipped under that name. See :mod:`spi_verify.counterexamples.statements.labels`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

GOALS, HYPOTHESES = "goals", "hypotheses"
_FILE = "known_formulas.json"


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
    return json.loads(Path(__file__).with_name(_FILE).read_text(encoding="utf-8"))


@cache
def _labels() -> Mapping[str, Mapping[str, str]]:
    return {
        kind: {entry["fingerprint"]: name for name, entry in _file()[kind].items()}
        for kind in (GOALS, HYPOTHESES)
    }
