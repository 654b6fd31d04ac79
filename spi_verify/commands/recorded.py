"""``prove --record`` and ``prove --replay``: recorded verdicts, and what changed since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from spi_verify.commands.output import write_text
from spi_verify.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from spi_verify.obligations.lock import Change
    from spi_verify.obligations.outcomes import Outcome
    from spi_verify.verdicts import Report


def record(
    file: Path,
    report: Report,
    outcomes: Mapping[str, Outcome],
    solvers: Mapping[str, str],
    *,
    complete: bool,
) -> None:
    """Write a lock file; what a partial run did not decide stays as it was recorded.

    Raises
    ------
    InputError
        When a suite could not be read, or the file cannot be read or written.
    """
    from spi_verify.obligations.lock import Lock, entry, read, write

    if report.input_errors:
        raise InputError(f"not recorded: {report.input_errors[0]}", file=str(file))
    kept = {} if complete or not file.exists() else dict(read(file).statements)
    for result in report.results:
        kept[result.id] = entry(outcomes[result.id], result)
    write_text(file, write(Lock(solvers, kept)))


def changes(
    file: Path,
    report: Report,
    outcomes: Mapping[str, Outcome],
    solvers: Mapping[str, str],
    console: Console,
    *,
    complete: bool,
) -> Sequence[Change]:
    """Print and return what changed since verdicts were recorded.

    Raises
    ------
    InputError
        When the file cannot be read.
    """
    from rich.text import Text

    from spi_verify.obligations.lock import compare, entry, read
    from spi_verify.text import printable

    lock = read(file)
    found = {r.id: (entry(outcomes[r.id], r), r) for r in report.results}
    changed = compare(lock.statements, found, complete=complete)
    console.print()
    styles = {"regressed": "red", "improved": "green"}
    for change in changed:
        console.print(
            Text.assemble(
                (change.kind, styles.get(change.kind, "yellow")),
                printable(f": {change.id}: {change.detail}"),
            ),
            soft_wrap=True,
        )
    if lock.solvers != solvers:
        then = ", ".join(f"{name} {version}" for name, version in sorted(lock.solvers.items()))
        console.print(printable(f"recorded with other solvers: {then}"), soft_wrap=True)
    same = len(found) - sum(change.kind != "detached" for change in changed)
    console.print(printable(f"{same} of {len(found)} as recorded in {file}"), soft_wrap=True)
    return changed
