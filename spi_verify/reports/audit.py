"""The audit as a table on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from spi_verify.reports.console import styled
from spi_verify.reports.story import with_why
from spi_verify.text import printable
from spi_verify.verdicts import Result, Verdict

if TYPE_CHECKING:
    from rich.console import Console

    from spi_verify.audit.rows import Row


def print_audit(
    rows: Sequence[Row], console: Console, untouched: Sequence[str] | None = None
) -> None:
    """Print a table of both readings, why each reading fails or is open, and a summary.

    Parameters
    ----------
    rows
        The statements of a paper.
    console
        Where to.
    untouched
        Of a draft: the other paper's statements that say the same as before.
    """
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    columns = ["statement", "as printed", "repaired", "added", "seconds", "as expected"]
    if untouched is not None:
        columns.insert(1, "changed by")
    for heading in columns:
        table.add_column(
            heading, overflow="fold", justify="right" if heading == "seconds" else "left"
        )
    for one in rows:
        cells = [
            before_and_after(one, "literal"),
            before_and_after(one, "repaired"),
            Text(", ".join([*map(printable, one.added_hypotheses), *_changed(one)])),
            Text(f"{one.seconds:.1f}"),
            Text("; ".join(r.expectation for r in one.results if not r.as_expected) or "yes"),
        ]
        if untouched is not None:
            cells.insert(0, Text(printable(origin(one))))
        table.add_row(Text(printable(one.id)), *cells)
    console.print(table)
    for one in rows:
        for result in one.results:
            decided = result.verdict is Verdict.PROVED and not result.consistency_open
            if result.reason and not decided:
                said = printable(with_why(result))
                told = Text.assemble((printable(result.id), "bold"), ": ", said)
                console.print()
                console.print(told, soft_wrap=True)
    console.print()
    if untouched:
        said = f"untouched, and not decided again ({len(untouched)}): {', '.join(untouched)}"
        console.print(printable(said), soft_wrap=True)
    console.print(summary(rows), soft_wrap=True)


def before_and_after(one: Row, reading: str) -> Text:
    """Return the verdict on a reading; in a draft, where it was another statement, also before."""
    now = getattr(one, reading)
    before = None if one.revision is None else one.revision.before
    was = None if before is None else getattr(before, reading)
    if now is None and was is not None:
        return Text.assemble(styled(was), " (untouched)")
    parts = [styled(result) for result in (was, now) if result is not None]
    return Text(" → ").join(parts)


def origin(one: Row) -> str:
    """Return where a statement of a draft is from, or what changed it."""
    if one.revision is None:
        return ""
    return ", ".join(one.revision.changed) or one.revision.kind


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
