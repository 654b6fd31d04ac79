"""Where a command's output goes: tables for people, JSON for programs."""

from __future__ import annotations

import json
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


def console_for(json_target: str | None) -> Console:
    """Return the console for tables: standard error where standard output carries JSON."""
    from rich.console import Console

    return Console(stderr=json_target == "-", highlight=False, markup=False, emoji=False)


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
        sys.stdout.write(text)
        sys.stdout.flush()
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
