"""Why steps are not proved: facts that are missing, structures in which they fail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from spi_verify.reports.html import sentence, text
from spi_verify.text import printable

if TYPE_CHECKING:
    from rich.console import Console

    from spi_verify.obligations.countermodels.told import ToldFailure


def print_failures(failures: Sequence[ToldFailure], console: Console) -> None:
    """Print why steps are not proved."""
    from rich.table import Table

    for failure in failures:
        console.print(printable(f"{failure.statement}: {failure.conclusion}"), soft_wrap=True)
        if failure.payoffs:
            table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 2))
            for heading in ("payoffs", *failure.players):
                table.add_column(heading, justify="left" if heading == "payoffs" else "right")
            for row in failure.payoffs:
                table.add_row(*row)
            console.print(table)
        for line in failure.lines:
            console.print(printable(f"  {line}"), soft_wrap=True)
        console.print()


def failures_section(failures: Sequence[ToldFailure]) -> Iterator[str]:
    """Tell on a page why steps of a statement are not proved."""
    if not failures:
        return
    yield "<section><h3>Steps that are not proved</h3>"
    for failure in failures:
        conclusion = failure.conclusion[:1].upper() + failure.conclusion[1:]
        yield f'<p class="conclusion">{text(sentence(conclusion))}</p>'
        if failure.payoffs:
            heads = "".join(f"<th>{text(head)}</th>" for head in ("Payoffs", *failure.players))
            yield f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>'
            for outcome, *payoffs in failure.payoffs:
                cells = "".join(f'<td class="number">{text(payoff)}</td>' for payoff in payoffs)
                yield f"<tr><td>{text(outcome)}</td>{cells}</tr>"
            yield "</tbody></table></div>"
        if failure.lines:
            yield '<ul class="story">'
            yield from (f"<li>{text(line)}</li>" for line in failure.lines)
            yield "</ul>"
    yield "</section>"
