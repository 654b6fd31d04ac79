"""Necessity: for every hypothesis of a proved statement, a counterexample without it, or why not.

A hypothesis that the proof does without is not needed. For the others there is a counterexample
that meets all hypotheses but this one, in the paper's ``counterexamples/necessity``, or a reason
why none is there, in its ``necessity.toml``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from spi_verify.counterexamples.statements.claimed import among
from spi_verify.files import read_json
from spi_verify.obligations.outcomes import Outcome
from spi_verify.obligations.statements import Hypothesis, Statement
from spi_verify.papers.loading import load
from spi_verify.papers.paper import COUNTEREXAMPLES, NECESSITY, Paper, file_name
from spi_verify.text import shortened
from spi_verify.theory import PAPER, fingerprint
from spi_verify.verdicts import Verdict

SHOWN = 160
NOT_SAID = "no counterexample without it is saved, and no reason is given"


class Need(Enum):
    """Whether a proved statement needs a hypothesis."""

    NEEDED = "needed"
    UNUSED = "not used by the proof"
    OPEN = "no witness"


@dataclass(frozen=True)
class Entry:
    """One hypothesis of a proved statement.

    Parameters
    ----------
    statement, hypothesis
        The id and the name.
    need
        What is known.
    told
        How the conclusion fails without it, or why there is no witness; empty where it is unused.
    """

    statement: str
    hypothesis: str
    need: Need
    told: str


def witness(paper: Paper, statement: str, hypothesis: str) -> Path:
    """Return where the counterexample to a statement without a hypothesis is, if anywhere."""
    name = f"{file_name(statement)}.without.{hypothesis}.json"
    return paper.folder / COUNTEREXAMPLES / NECESSITY / name


def entries(outcomes: Iterable[Outcome], paper: Paper) -> list[Entry]:
    """Return every hypothesis of every statement that was proved, in the order of the suites.

    Parameters
    ----------
    outcomes
        Of a run of the suites.
    paper
        Where counterexamples and reasons are. Formulas decide which statement and hypothesis of
        it is meant, whatever they are called in the run.

    Raises
    ------
    InputError
        When a reason cannot be read.
    """
    originals = [one for one in load(paper.place, PAPER) if isinstance(one, Statement)]
    return [
        _entry(outcome, hypothesis, paper, originals)
        for outcome in outcomes
        if isinstance(outcome.statement, Statement) and outcome.result.verdict is Verdict.PROVED
        for hypothesis in outcome.statement.hypotheses
    ]


def _entry(
    outcome: Outcome, hypothesis: Hypothesis, paper: Paper, originals: Sequence[Statement]
) -> Entry:
    id = outcome.statement.id
    if hypothesis.name not in outcome.result.hypotheses_used:
        return Entry(id, hypothesis.name, Need.UNUSED, "")
    known, name = _original(outcome.theorem, hypothesis, originals)
    path = witness(paper, known, name)
    if path.is_file():
        conclusion = read_json(path)["conclusion"]
        return Entry(id, hypothesis.name, Need.NEEDED, conclusion)
    return Entry(id, hypothesis.name, Need.OPEN, paper.reasons.get((known, name), NOT_SAID))


def _original(
    statement: Statement, hypothesis: Hypothesis, originals: Sequence[Statement]
) -> tuple[str, str]:
    """Return what the paper calls a statement and one of its hypotheses."""
    known, formula = among(originals, statement), fingerprint(hypothesis.formula)
    names = [h.name for h in known.hypotheses if fingerprint(h.formula) == formula] if known else []
    return (known.id, names[0]) if known and names else (statement.id, hypothesis.name)


def table(found: Sequence[Entry]) -> str:
    """Return the entries as a Markdown table."""
    lines = ["| statement | without | | what happens |", f"|{'---|' * 4}"]
    for entry in found:
        told = entry.told
        if entry.need is Need.NEEDED:
            told = shortened(told, SHOWN)
        told = told.replace("|", "\\|").replace("*", "\\*").replace("_", "\\_").replace("<", "&lt;")
        lines.append(
            f"| `{entry.statement}` | `{entry.hypothesis}` | {entry.need.value} | {told} |"
        )
    return "\n".join(line.replace("  ", " ") for line in lines)


def counts(found: Sequence[Entry]) -> Mapping[Need, int]:
    """Return how many entries there are of each kind."""
    return {need: sum(entry.need is need for entry in found) for need in Need}
