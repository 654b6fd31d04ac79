"""Results as a table and short stories on a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from spi_verify.text import printable
from spi_verify.verdicts import Report, Result, Verdict, summary

STYLES = {
    Verdict.PROVED: "green",
    Verdict.REFUTED: "red",
    Verdict.UNKNOWN: "yellow",
    Verdict.VACUOUS: "magenta",
    Verdict.ERROR: "bold red",
}


class PlainConsole(Console):
    """A console that ends the program the way other commands do when nobody reads it."""

    def on_broken_pipe(self) -> None:
        """Exit with 141; rich would exit with 1, which means something else here."""
        raise SystemExit(141)


def styled(result: Result) -> Text:
    """Return a verdict in its colour; where its consistency is open, in that of ``unknown``."""
    style = STYLES[Verdict.UNKNOWN if result.consistency_open else result.verdict]
    return Text(result.shown, style=style)


def print_report(report: Report, console: Console) -> None:
    """Print a table of the results, what each reason says, and a line that counts verdicts."""
    if report.results:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for heading in ("claim", "verdict", "evidence", "as expected"):
            table.add_column(heading, overflow="fold")
        for result in report.results:
            table.add_row(
                Text(printable(result.id)),
                styled(result),
                result.evidence or "-",
                result.expectation,
            )
        console.print(table)
        for result in report.results:
            if result.reason:
                console.print()
                told = Text.assemble((printable(result.id), "bold"), ": ", printable(result.reason))
                console.print(told, soft_wrap=True)
    console.print()
    console.print(summary(report), soft_wrap=True)
