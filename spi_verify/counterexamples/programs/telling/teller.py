"""Who tells how a paper's conclusion fails: functions in the paper's folder, bound to formulas."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from spi_verify.counterexamples.programs.confirming.induced import Induced
from spi_verify.counterexamples.programs.telling.wording import Wording
from spi_verify.obligations.statements import Statement
from spi_verify.papers.loading import shipped_statement
from spi_verify.papers.paper import shipped_papers
from spi_verify.papers.running import run_file
from spi_verify.programs.language.programs import Program
from spi_verify.theory import fingerprint

FILE = "telling.py"
"""In a paper's folder: ``TELLERS``, which has a :class:`Teller` for ids of its statements."""


@dataclass(frozen=True)
class Teller:
    """How the failure of one conclusion is told.

    Parameters
    ----------
    conclusion
        Says in one sentence what fails, and by how much; None where it cannot tell.
    meetings
        Tells which programs meet, where that is not the equilibrium's: takes the story.
    extensions
        Tells what the equilibrium's extensions do, and returns True, or leaves it to the story:
        takes the story and the extended profile.
    further
        Tells more of what programs do before they meet: takes the story.
    why
        Says why the conclusion fails, in another sentence, or None where it cannot tell: takes the
        story.
    """

    conclusion: Callable[[Induced, Wording], str | None]
    meetings: Callable[[Any], None] | None = None
    extensions: Callable[[Any, Sequence[Program]], bool] | None = None
    further: Callable[[Any], None] | None = None
    why: Callable[[Any], str | None] | None = None


def teller_of(statement: Statement) -> Teller | None:
    """Return who tells a statement's conclusion: what it says decides, whatever it is called."""
    said = fingerprint(statement.goal.formula)
    tellers = _tellers()
    near = [id for id in tellers if id.partition("/")[0] == statement.id.partition("/")[0]]
    for id in near + [id for id in tellers if id not in near]:
        if _conclusion(id) == said:
            return tellers[id]
    return None


@cache
def _tellers() -> Mapping[str, Teller]:
    """Return the tellers of all shipped papers, by the ids of statements.

    Only these: a saved counterexample is told the same wherever it is replayed.
    """
    found: dict[str, Teller] = {}
    for paper in shipped_papers().values():
        file = paper.folder / FILE
        if file.is_file():
            found |= run_file(file).TELLERS
    return found


@cache
def _conclusion(id: str) -> str:
    """Return the fingerprint of a shipped statement's conclusion."""
    known = shipped_statement(id)
    assert isinstance(known, Statement), f"{id} is told, and there is no such statement"
    return fingerprint(known.goal.formula)
