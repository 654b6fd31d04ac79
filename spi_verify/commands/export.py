"""``spi-verify export``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from spi_verify.commands.output import JsonOption, console_for, write_json, write_text

SCHEMA = "spi-verify/export/1"


def command(
    targets: Annotated[
        list[str],
        typer.Argument(
            metavar="[PAPER] [ID]...",
            help="Statements of a shipped paper, or of the paper, folder or suite before them.",
        ),
    ],
    directory: Annotated[
        Path, typer.Option(metavar="DIR", help="Where to write; made if it is not there.")
    ] = Path("smtlib"),
    json: JsonOption = None,
) -> None:
    """Write the SMT-LIB files of statements' steps, to run a solver on by hand."""
    from spi_verify.errors import InputError
    from spi_verify.obligations.running import script_of
    from spi_verify.obligations.statements import Statement
    from spi_verify.papers.choosing import choose
    from spi_verify.theory import PAPER

    statements, chosen = choose(targets, PAPER)
    console = console_for(json)
    files = []
    for found in statements:
        if found.id not in chosen:
            continue
        if not isinstance(found, Statement):
            if len(chosen) > 1:
                continue
            raise InputError(f"{found.id} is decided by running programs: it has no steps")
        place = directory / found.id.replace("/", "-")
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"cannot make it: {error.strerror}", file=str(place)) from error
        for number, step in enumerate(found.order(), start=1):
            file = place / f"{number:02}-{step.name}.smt2"
            text = script_of(found, step.name)
            write_text(
                file,
                f"; {found.id}, step {step.name}: unsat means proved\n"
                "(set-option :produce-unsat-cores true)\n"
                f"{text}(check-sat)\n(get-unsat-core)\n",
            )
            files.append({"statement": found.id, "step": step.name, "file": str(file)})
            console.print(str(file), soft_wrap=True)
    write_json({"schema": SCHEMA, "files": files}, json)
