"""Results as a table and short stories on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spi_verify.verdicts import Report, Result, Verdict

if TYPE_CHECKING:
    from rich.console import Console

_STYLES = {
    Verdict.PROVED: "green",
    Verdict.REFUTED: "red",
    Verdict.UNKNOWN: "yellow",
    Verdict.VACUOUS: "magenta",
    Verdict.ERROR: "bold red",
}


def print_report(report: Report, console: Console) -> None:
    """Print a table of the results, what each reason says, and a line that counts verdicts."""
    from rich.table import Table
    from rich.text import Text

    if report.results:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for heading in ("claim", "verdict", "evidence", "expected"):
            table.add_column(heading, overflow="fold")
        for result in report.results:
            table.add_row(
                Text(result.id),
                Text(result.verdict, style=_STYLES[result.verdict]),
                result.evidence or "-",
                _expectation(result),
            )
        console.print(table)
        for result in report.results:
            if result.reason:
                console.print()
                console.print(Text.assemble((result.id, "bold"), ": ", result.reason))
    console.print()
    console.print(summary(report))


def summary(report: Report) -> str:
    """Return one line such as ``5 claims: 4 proved, 1 refuted; all as expected``."""
    counts = dict.fromkeys(Verdict, 0)
    for result in report.results:
        counts[result.verdict] += 1
    parts = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
    total = len(report.results)
    text = f"{total} claim{'s' * (total != 1)}"
    if parts:
        text += f": {parts}"
        surprises = sum(not result.as_expected for result in report.results)
        text += "; all as expected" if not surprises else f"; {surprises} not as expected"
    if report.input_errors:
        text += f"; {len(report.input_errors)} input error{'s' * (len(report.input_errors) != 1)}"
    return text


def _expectation(result: Result) -> str:
    return "as expected" if result.as_expected else f"NOT as expected ({result.expected})"
