"""``spi-verify merge``: put the results of shards together."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.exceptions import Exit

from spi_verify.commands.options import PATH, json_option
from spi_verify.commands.output import complain, console_for, show_warning, write_json

if TYPE_CHECKING:
    from spi_verify.shards import Merged


@click.command
@click.argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=PATH,
    help="What prove --shard --json wrote.",
)
@json_option
@click.option(
    "--suite",
    "suites",
    metavar="PATH",
    type=PATH,
    multiple=True,
    help="A suite of the run, if not the paper's. Runs its code.",
)
def command(files: tuple[Path, ...], json: str | None, suites: tuple[Path, ...]) -> None:
    """Put the results of all shards of a run together; one that is missing is an error.

    Counterexamples are executed again; what solvers said is as the files say.
    """
    from spi_verify.audit.rechecker import Rechecker
    from spi_verify.obligations.cache import Cache, cache_directory
    from spi_verify.papers.choosing import choose
    from spi_verify.reports.console import print_report
    from spi_verify.shards import merge
    from spi_verify.theory import PAPER

    warnings.showwarning = show_warning
    here, _ = choose([str(suite) for suite in suites], PAPER)
    known = {statement.id: statement for statement in here}
    cache = Cache(cache_directory())
    merged = merge(files, Rechecker(known, all_known=bool(suites), cache=cache))
    report = merged.report
    console = console_for(json)
    print_report(report, console)
    console.print(_believed(merged), soft_wrap=True)
    document = report.to_json(merged.solvers)
    document["errors"] = [*report.input_errors, *merged.contradicted]
    write_json(document, json)
    for message in document["errors"]:
        complain(message)
    raise Exit(merged.exit_code)


def _believed(merged: Merged) -> str:
    count = merged.believed
    verdicts = "1 verdict is" if count == 1 else f"{count} verdicts are"
    text = f"{verdicts} as the files say; not re-checked"
    if merged.foreign:
        statements = "1 statement is" if merged.foreign == 1 else f"{merged.foreign} statements are"
        text += f" ({statements} not the paper's: --suite PATH holds them against their suite)"
    return text
