"""``spi-verify merge``: put the results of shards together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from spi_verify.commands.output import JsonOption, complain, console_for, write_json


def command(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="What prove --shard --json wrote.")
    ],
    json: JsonOption = None,
) -> None:
    """Put the results of all shards of a run together; one that is missing is an error."""
    from spi_verify.reports.console import print_report
    from spi_verify.shards import merge

    report, solvers = merge(files)
    print_report(report, console_for(json))
    write_json(report.to_json(solvers), json)
    for message in report.input_errors:
        complain(message)
    raise typer.Exit(report.exit_code)
