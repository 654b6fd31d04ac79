"""``spi-verify explain``."""

from __future__ import annotations

import click
from click.exceptions import Exit

from spi_verify.commands.options import NAME_OR_PATH, json_option, with_option
from spi_verify.commands.output import complain, console_for, write_json


@click.command
@click.argument(
    "targets",
    metavar="[PAPER|PATH] ID|DEFINITION...",
    nargs=-1,
    required=True,
    type=NAME_OR_PATH,
    help="Statements, definitions, symbols; after a paper or a suite, those that it has.",
)
@click.option("--steps", is_flag=True, help="The formula of each step, too.")
@click.option("--latex", "as_latex", is_flag=True, help="LaTeX, which needs no package.")
@with_option
@json_option
def command(
    targets: tuple[str, ...],
    steps: bool,
    as_latex: bool,
    replacements: tuple[str, ...],
    json: str | None,
) -> None:
    """Show statements and definitions as mathematics and in words; nothing is proved."""
    from spi_verify.papers.definitions import variant
    from spi_verify.papers.explaining import explained
    from spi_verify.reports.explained import blocks, print_blocks
    from spi_verify.reports.latex import latex

    errors: list[str] = []
    found = explained(targets, errors, variant(replacements))
    told = [block for one in found for block in blocks(one, steps=steps)]
    if as_latex and told:
        click.echo(latex(told), nl=False, err=json == "-")
    elif told:
        print_blocks(told, console_for(json))
    if json is not None:
        from spi_verify.reports.explained_json import to_json

        write_json(to_json(found, errors), json)
    for message in errors:
        complain(message)
    raise Exit(2 if errors else 0)
