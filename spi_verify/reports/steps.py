"""The steps of a proof, with what each was proved from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from spi_verify.text import printable

if TYPE_CHECKING:
    from rich.console import Console

    from spi_verify.obligations.outcomes import Outcome


@dataclass(frozen=True)
class StepTable:
    """What became of each step of a statement, or of each fact of an executed one, as text.

    Parameters
    ----------
    id, title
        Of the statement.
    headings
        Of the columns.
    rows
        A row for each step, or fact.
    notes
        Lines below the table.
    """

    id: str
    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


def step_table(outcome: Outcome, *, known: bool = False) -> StepTable:
    """Return each step of a statement with both solvers' answers, its cost and its core.

    Of an executed statement every fact is told, with what running showed.

    Parameters
    ----------
    outcome
        What became of it.
    known
        Whether to tell it as a run that finds everything in the cache.
    """
    from spi_verify.obligations.deciding import NOT_ASKED

    id, title = outcome.statement.id, outcome.statement.title
    if outcome.facts:
        holds = {True: "yes", False: "NO", None: "not settled"}
        facts = ((printable(f.name), holds[f.holds], printable(f.found)) for f in outcome.facts)
        return StepTable(id, title, ("fact", "holds", "found"), tuple(facts))
    said = {"unsat": "proved", "sat": "countermodel", "unknown": "unknown", NOT_ASKED: "-"}
    rows = []
    for name, decision in outcome.decisions.items():
        seconds = "cached" if known or decision.cached else f"{decision.solver_seconds:.2f}"
        seconds = "checked" if decision.checked else seconds if decision.asked else "-"
        core = ", ".join(fact.removeprefix("fact:") for fact in decision.core)
        rows.append((name, said[decision.z3], said[decision.cvc5], seconds, core or "-"))
    notes = []
    if outcome.found:
        notes.append(_found(outcome))
    if outcome.unused and outcome.used:
        notes.append(f"not needed: {', '.join(outcome.unused)}")
    if outcome.witness is not None:
        sizes = ", ".join(f"{name} {size}" for name, size in outcome.witness.sizes.items())
        notes.append(f"witness of the hypotheses, checked by computation: {sizes}")
    headings = ("step", "z3", "cvc5", "seconds", "proved from")
    return StepTable(id, title, headings, tuple(rows), tuple(notes))


def _found(outcome: Outcome) -> str:
    """Tell how many steps list no facts, and for how many of these some were found."""
    answers = outcome.found.values()
    missing = sum(one.facts is None for one in answers)
    steps = "1 step lists" if len(answers) == 1 else f"{len(answers)} steps list"
    if missing:
        return f"{steps} no facts; none that do were found for {missing} of them"
    kept = all(one.kept for one in answers)
    return f"{steps} no facts; {'those kept do' if kept else 'found (--write keeps them)'}"


def print_steps(steps: StepTable, console: Console) -> None:
    """Print what became of each step of a statement."""
    from rich.table import Table
    from rich.text import Text

    console.print(Text.assemble((steps.id, "bold"), f": {steps.title}"))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in steps.headings:
        table.add_column(heading, overflow="fold")
    for row in steps.rows:
        table.add_row(*row)
    console.print(table)
    for note in steps.notes:
        console.print(Text(note))
    console.print()
