"""The audit as a table on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from spi_verify.reports.console import styled
from spi_verify.text import printable
from spi_verify.verdicts import Result, Verdict

if TYPE_CHECKING:
    from rich.console import Console

    from spi_verify.audit.rows import Row


def print_audit(rows: Sequence[Row], console: Console) -> None:
    """Print a table of both readings, what each reading that is not proved says, and a summary."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("statement", "as printed", "repaired", "added", "seconds", "as expected"):
        table.add_column(
            heading, overflow="fold", justify="right" if heading == "seconds" else "left"
        )
    for one in rows:
        table.add_row(
            Text(printable(one.id)),
            styled(one.literal),
            Text("") if one.repaired is None else styled(one.repaired),
            Text(", ".join([*map(printable, one.added_hypotheses), *_changed(one)])),
            f"{one.seconds:.1f}",
            "; ".join(f"NO: {r.expected}" for r in one.results if not r.as_expected) or "yes",
        )
    console.print(table)
    for one in rows:
        for result in one.results:
            decided = result.verdict is Verdict.PROVED and not result.consistency_open
            if result.reason and not decided:
                told = Text.assemble((printable(result.id), "bold"), ": ", printable(result.reason))
                console.print()
                console.print(told, soft_wrap=True)
    console.print()
    console.print(summary(rows), soft_wrap=True)


def _changed(one: Row) -> list[str]:
    return [f"changed: {printable(name)}" for name in one.changed_definitions]


def summary(rows: Sequence[Row]) -> str:
    """Return a line such as ``27 statements; as printed: 13 proved, 14 refuted; ...``."""
    literal = [one.literal for one in rows]
    repaired = [one.repaired for one in rows if one.repaired is not None]
    surprises = sum(not result.as_expected for result in (*literal, *repaired))
    return "; ".join(
        (
            f"{len(rows)} statements",
            f"as printed: {counts(literal)}",
            f"repaired: {counts(repaired)}" if repaired else "none repaired",
            f"{surprises} not as expected" if surprises else "all as expected",
        )
    )


def counts(results: Sequence[Result]) -> str:
    """Return how often each verdict occurs: ``13 proved, 14 refuted``."""
    numbers = {str(verdict): 0 for verdict in Verdict}
    for result in results:
        numbers[result.shown] = numbers.get(result.shown, 0) + 1
    return ", ".join(f"{number} {verdict}" for verdict, number in numbers.items() if number)
