"""``spi-verify export``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from spi_verify.commands.options import NAME_OR_PATH, folder_option, json_option
from spi_verify.commands.output import console_for, write_json, write_text
from spi_verify.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spi_verify.obligations.statements import Executed, Statement

SCHEMA = "spi-verify/export/1"


@click.command
@click.argument(
    "targets",
    metavar="[PAPER] [ID]...",
    nargs=-1,
    required=True,
    type=NAME_OR_PATH,
    help="Statements of a shipped paper, or of the paper, folder or suite before them.",
)
@folder_option(
    "--directory",
    "Where to write; made if it is not there.",
    metavar="DIR",
    default=Path("smtlib"),
)
@folder_option("--coq", "Write proofs for Coq here, and no SMT-LIB files.", metavar="DIR")
@json_option
def command(targets: tuple[str, ...], directory: Path, coq: Path | None, json: str | None) -> None:
    """Write the SMT-LIB files of statements' steps, to run a solver on by hand; or Coq files."""
    from spi_verify.obligations.statements import Statement
    from spi_verify.papers.choosing import choose
    from spi_verify.theory import PAPER

    statements, chosen = choose(targets, PAPER)
    console = console_for(json)
    wanted: list[Statement] = []
    for found in statements:
        if found.id in chosen and isinstance(found, Statement):
            wanted.append(found)
        elif found.id in chosen and len(chosen) == 1:
            raise InputError(f"{found.id} is decided by running programs: it has no steps")
    files = []
    written = _scripts(wanted, directory) if coq is None else _proofs(wanted, statements, coq)
    for entry in written:
        files.append(entry)
        console.print(entry["file"], soft_wrap=True)
    if not files:
        raise InputError("none of these statements has a proof of which all certificates are kept")
    write_json({"schema": SCHEMA, "files": files}, json)


def _scripts(statements: Sequence[Statement], directory: Path) -> Iterator[dict[str, str]]:
    """Write each step as SMT-LIB text."""
    from spi_verify.obligations.running import script_of

    for found in statements:
        place = directory / found.id.replace("/", "-")
        _make(place)
        for number, step in enumerate(found.order(), start=1):
            file = place / f"{number:02}-{step.name}.smt2"
            text = script_of(found, step.name)
            write_text(
                file,
                f"; {found.id}, step {step.name}: unsat means proved\n"
                "(set-option :produce-unsat-cores true)\n"
                f"{text}(check-sat)\n(get-unsat-core)\n",
            )
            yield {"statement": found.id, "step": step.name, "file": str(file)}


def _proofs(
    statements: Sequence[Statement], known: Sequence[Statement | Executed], directory: Path
) -> Iterator[dict[str, str]]:
    """Write the proofs for Coq of statements of which all certificates are kept."""
    import re

    from spi_verify.checker import Refused
    from spi_verify.commands.output import complain
    from spi_verify.obligations.certificates.coq.file import coq_of
    from spi_verify.obligations.certificates.theory import Unexplained
    from spi_verify.papers.certificates import kept_for

    kept = kept_for(known)
    by_id = {one.id: one for one in known}
    _make(directory)
    for found in statements:
        try:
            text = coq_of(kept.proof(found.id, by_id), f"{found.id}: {found.title}")
        except (Unexplained, Refused) as error:
            complain(f"not written: {error}")
            continue
        file = directory / f"{re.sub('[^A-Za-z0-9]', '_', found.id)}.v"
        write_text(file, text)
        yield {"statement": found.id, "file": str(file)}


def _make(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot make it: {error.strerror}", file=str(directory)) from error
