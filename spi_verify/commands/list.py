"""``spi-verify list``."""

from __future__ import annotations

from typing import Annotated

import typer

from spi_verify.commands.output import JsonOption, complain, console_for, write_json


def command(
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PAPER|PATH|ID]...",
            help="Papers, folders or suites, each with ids of its statements; all shipped ones.",
        ),
    ] = None,
    json: JsonOption = None,
) -> None:
    """List the statements and definitions of papers; nothing is proved. Suites are code."""
    from spi_verify.papers.listing import listed, to_json
    from spi_verify.reports.listing import print_listed

    errors: list[str] = []
    papers = listed(targets or [], errors)
    print_listed(papers, console_for(json))
    write_json(to_json(papers, errors), json)
    for message in errors:
        complain(message)
    raise typer.Exit(2 if errors else 0)
