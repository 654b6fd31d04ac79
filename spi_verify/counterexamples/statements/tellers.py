"""Who tells how a paper's conclusions fail: what stands in its folder, bound to formulas."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from spi_verify.counterexamples.statements.claimed import shipped_theorem
from spi_verify.obligations.statements import Statement
from spi_verify.obligations.wellformed import require_formula
from spi_verify.papers.paper import shipped_papers
from spi_verify.papers.running import run_file
from spi_verify.papers.texts import texts_in
from spi_verify.theory import fingerprint

FILE = "telling.py"
"""In a paper's folder: ``TELLERS``, which has a teller for ids of its statements."""

T = TypeVar("T")


def teller_among(statement: Statement, kind: type[T]) -> T | None:
    """Return who tells a statement's conclusion: what it says decides, whatever it is called.

    Parameters
    ----------
    statement
        The statement.
    kind
        The class of the tellers that are asked for.
    """
    goal, root = statement.goal.formula, statement.id.partition("/")[0]
    said = fingerprint(goal)
    spoken_of = list(require_formula("a conclusion", goal, evaluated=False))
    folders = [paper.folder for paper in shipped_papers().values()]
    own = [folder for folder in folders if folder.resolve() == statement.folder]
    for among in (own, folders):  # whoever tells it stands mostly in its own paper's folder
        tellers = [(folder, *one) for folder in among for one in _tellers(folder).items()]
        tellers.sort(key=lambda one: one[1].partition("/")[0] != root)
        for folder, id, teller in tellers:
            if not isinstance(teller, kind):
                continue
            if texts_in(folder).may_conclude(id, spoken_of) and _conclusion(id) == said:
                return teller
    return None


@cache
def _tellers(folder: Path) -> Mapping[str, Any]:
    """Return the tellers of a shipped paper, by the ids of statements.

    Only these: a saved counterexample is told the same wherever it is replayed.
    """
    file = folder / FILE
    return dict(run_file(file).TELLERS) if file.is_file() else {}


@cache
def _conclusion(id: str) -> str:
    """Return the fingerprint of a shipped statement's conclusion."""
    known = shipped_theorem(id)
    assert known is not None, f"{id} is told, and there is no such statement"
    return fingerprint(known.goal.formula)
