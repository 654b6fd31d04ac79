"""Where a command's output goes: tables for people, JSON for programs."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spi_verify.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

JsonOption = Annotated[
    str | None,
    typer.Option(
        "--json", metavar="FILE", help="Write the results as JSON ('-': standard output)."
    ),
]


WIDTH_OF_FILES = 200
"""Columns of a table that goes to a file or a pipe, so that ids stay on one line there."""

BROKEN_PIPE = 141
"""The exit code where nobody reads the output any more: that of a shell's other commands."""


def complain(message: str) -> None:
    """Print a message about bad input to standard error."""
    from spi_verify.reports.text import printable

    typer.echo(f"spi-verify: {printable(message)}", err=True)


def show_warning(message: Warning | str, *_: Any, **__: Any) -> None:
    """Print a warning to standard error; takes the place of ``warnings.showwarning``."""
    typer.echo(f"spi-verify: warning: {message}", err=True)


def console_for(json_target: str | None) -> Console:
    """Return the console for tables: standard error where standard output carries JSON."""
    from spi_verify.reports.console import PlainConsole

    to_errors = json_target == "-"
    stream = sys.stderr if to_errors else sys.stdout
    width = None if stream.isatty() or "COLUMNS" in os.environ else WIDTH_OF_FILES
    return PlainConsole(stderr=to_errors, width=width, highlight=False, markup=False, emoji=False)


def write_json(document: Mapping[str, Any], json_target: str | None) -> None:
    """Write a document to the target of ``--json``, if there is one.

    Raises
    ------
    InputError
        When the file cannot be written.
    """
    if json_target is None:
        return
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    if json_target == "-":
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(BROKEN_PIPE) from None
    else:
        write_text(Path(json_target), text)


def write_text(path: Path, text: str) -> None:
    """Write a file the user asked for.

    Raises
    ------
    InputError
        When the file cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot write it: {error.strerror}", file=str(path)) from error
