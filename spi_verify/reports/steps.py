"""The steps of a proof, with what each was proved from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spi_verify.text import printable

if TYPE_CHECKING:
    from rich.console import Console

    from spi_verify.obligations.running import Outcome


def print_steps(outcome: Outcome, console: Console) -> None:
    """Print each step of a statement with both solvers' answers, its cost and its core.

    Of an executed statement every fact is printed, with what running showed.
    """
    from rich.table import Table
    from rich.text import Text

    console.print(Text.assemble((outcome.statement.id, "bold"), f": {outcome.statement.title}"))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    if outcome.facts:
        for heading in ("fact", "holds", "found"):
            table.add_column(heading, overflow="fold")
        for fact in outcome.facts:
            holds = {True: "yes", False: "NO", None: "not settled"}[fact.holds]
            table.add_row(printable(fact.name), holds, printable(fact.found))
        console.print(table)
        console.print()
        return
    for heading in ("step", "z3", "cvc5", "seconds", "proved from"):
        table.add_column(heading, overflow="fold")
    said = {"unsat": "proved", "sat": "countermodel", "unknown": "unknown"}
    for name, decision in outcome.decisions.items():
        seconds = "cached" if decision.cached else f"{decision.solver_seconds:.2f}"
        core = ", ".join(fact.removeprefix("fact:") for fact in decision.core)
        table.add_row(name, said[decision.z3], said[decision.cvc5], seconds, core or "-")
    console.print(table)
    if outcome.unused and outcome.used:
        console.print(Text(f"not needed: {', '.join(outcome.unused)}"))
    if outcome.witness is not None:
        sizes = ", ".join(f"{name} {size}" for name, size in outcome.witness.sizes.items())
        console.print(Text(f"witness of the hypotheses, evaluated: {sizes}"))
    console.print()
