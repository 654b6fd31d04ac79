"""What is wrong with a command line, in one line."""

from __future__ import annotations

import re
from typing import Any

import typer

from spi_verify.suggestions import suggestion

UsageError: Any = typer.BadParameter.__base__
"""What is raised for a command line that cannot be read; typer names only what derives from it."""

_CHOICE = re.compile(r"'(?P<value>[^']*)' is not one of (?P<known>.*?)\.?$")
_WORDS = (
    ("Value error, ", ""),
    ("Input should be a valid integer, unable to parse string as an integer", "write a number"),
    ("Input should be less than or equal to", "write at most"),
    ("Input should be greater than or equal to", "write at least"),
)


def misused(error: Any) -> str:
    """Return what is wrong, where, and where help is.

    Parameters
    ----------
    error
        A :data:`UsageError`.
    """
    said = " ".join(error.format_message().split())
    for theirs, ours in _WORDS:
        said = said.replace(theirs, ours)
    choice = _CHOICE.search(said)
    if choice:
        known = re.findall(r"'([^']*)'", choice["known"])
        value = choice["value"]
        said = f"{said[: choice.start()]}{value!r} is unknown{suggestion(value, known)}"
    path = error.ctx.command_path
    command = path.partition(" ")[2]
    told = f"{command}: {said}" if command else said
    return f"{told.rstrip('.')} ('{path} --help' says more)"
