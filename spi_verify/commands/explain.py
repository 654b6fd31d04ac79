"""``spi-verify explain``."""

from __future__ import annotations

from typing import Annotated

import typer

from spi_verify.commands.output import JsonOption, WithOption, complain, console_for, write_json


def command(
    targets: Annotated[
        list[str],
        typer.Argument(
            metavar="[PAPER|PATH] ID|DEFINITION...",
            help="Statements, definitions, symbols; after a paper or a suite, those that it has.",
        ),
    ],
    steps: Annotated[bool, typer.Option("--steps", help="The formula of each step, too.")] = False,
    as_latex: Annotated[
        bool, typer.Option("--latex", help="LaTeX, which needs no package.")
    ] = False,
    with_: WithOption = None,
    json: JsonOption = None,
) -> None:
    """Show statements and definitions as mathematics and in words; nothing is proved."""
    from spi_verify.papers.definitions import variant
    from spi_verify.papers.explaining import explained
    from spi_verify.reports.explained import blocks, print_blocks
    from spi_verify.reports.latex import latex

    errors: list[str] = []
    found = explained(targets, errors, variant(with_ or []))
    told = [block for one in found for block in blocks(one, steps=steps)]
    if as_latex and told:
        typer.echo(latex(told), nl=False, err=json == "-")
    elif told:
        print_blocks(told, console_for(json))
    if json is not None:
        from spi_verify.reports.explained_json import to_json

        write_json(to_json(found, errors), json)
    for message in errors:
        complain(message)
    raise typer.Exit(2 if errors else 0)
