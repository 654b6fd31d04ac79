"""``spi-verify list``."""

from __future__ import annotations

import click
from click.exceptions import Exit

from spi_verify.commands.options import NAME_OR_PATH, json_option
from spi_verify.commands.output import complain, console_for, write_json


@click.command
@click.argument(
    "targets",
    metavar="[PAPER|PATH|ID]...",
    nargs=-1,
    type=NAME_OR_PATH,
    help="Papers, folders or suites, each with ids of its statements; all shipped ones.",
)
@json_option
def command(targets: tuple[str, ...], json: str | None) -> None:
    """List the statements and definitions of papers; nothing is proved. Suites are code.

    Without arguments, also what model files and command lines can name: definitions, selection
    functions and kinds of claims.
    """
    from spi_verify.papers.listing import listed, to_json
    from spi_verify.reports.listing import print_known, print_listed

    errors: list[str] = []
    papers = listed(targets, errors)
    console = console_for(json)
    print_listed(papers, console)
    known = {} if targets else _known()
    print_known(known, console)
    write_json({**to_json(papers, errors), **known}, json)
    for message in errors:
        complain(message)
    raise Exit(2 if errors else 0)


def _known() -> dict[str, list[str]]:
    """Return what can be named whatever the paper."""
    from spi_verify.claims.registry import kinds
    from spi_verify.programs.language.notation import selection_words
    from spi_verify.theory import PAPER

    return {
        "definitions": sorted(PAPER),
        "selections": selection_words(),
        "claims": list(kinds()),
    }
