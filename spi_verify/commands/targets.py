"""Where output goes, tried before the work begins, and said when it is done."""

from __future__ import annotations

import os
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import click

from spi_verify.errors import InputError
from spi_verify.files import PICTURES
from spi_verify.files import STANDARD_OUTPUT as STANDARD_OUTPUT

_taken: ContextVar[str | None] = ContextVar("option whose output is standard output", default=None)


def file_to_write(_: click.Context, option: click.Parameter, value: Path | str | None) -> Any:
    """Refuse a file that cannot be written, while an option is read; ``-`` is standard output.

    Raises
    ------
    InputError
        When there is no such folder, or it or the file cannot be written, or two outputs go to
        standard output.
    """
    if value is None:
        return None
    named = option.opts[0]
    if str(value) == STANDARD_OUTPUT:
        other = _taken.get() or named
        if other != named:
            raise InputError(f"{other} and {named} cannot both go to standard output")
        _taken.set(named)
        return value
    require_writable(Path(value))
    return value


def require_writable(path: Path) -> None:
    """Make sure that a file can be written, as far as that can be seen; nothing is written.

    Raises
    ------
    InputError
        When there is no such folder, or it or the file cannot be written.
    """
    folder = path.parent
    if path.is_dir():
        raise InputError("cannot write it: this is a folder, name a file in it", file=str(path))
    if not folder.exists():
        raise InputError(f"cannot write it: there is no folder {folder}", file=str(path))
    if not folder.is_dir():
        raise InputError(f"cannot write it: {folder} is no folder", file=str(path))
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise InputError("cannot write it: Permission denied", file=str(path))


def picture_to_write(context: click.Context, option: click.Parameter, value: Path | None) -> Any:
    """Refuse a file that cannot be written, or no picture can be written to.

    Raises
    ------
    InputError
        As :func:`file_to_write` does, and where the file's ending is that of no picture.
    """
    if value is not None and value.suffix.lower() not in PICTURES:
        ending = f"as {value.suffix}" if value.suffix else "to a file without an ending"
        what = f"a picture cannot be written {ending}; use one of {', '.join(PICTURES)}"
        raise InputError(what, file=str(value))
    return file_to_write(context, option, value)


def figure_to_write(context: click.Context, option: click.Parameter, value: Path | None) -> Any:
    """Refuse a file as :func:`picture_to_write` does, but for TikZ.

    Raises
    ------
    InputError
        As :func:`picture_to_write` does.
    """
    if value is not None and value.suffix.lower() == ".tex":
        return file_to_write(context, option, value)
    return picture_to_write(context, option, value)


def folder_to_write(_: click.Context, __: click.Parameter, value: Path | None) -> Any:
    """Refuse a folder that cannot be made, or not be written in.

    Raises
    ------
    InputError
        When it is a file, or what it would lie in cannot be written.
    """
    if value is None:
        return None
    if value.exists() and not value.is_dir():
        raise InputError("cannot make the folder: this is a file", file=str(value))
    inside = next(one for one in (value, *value.absolute().parents) if one.exists())
    if not inside.is_dir():
        raise InputError(f"cannot make the folder: {inside} is a file", file=str(value))
    if not os.access(inside, os.W_OK | os.X_OK):
        raise InputError("cannot make the folder: Permission denied", file=str(value))
    return value


def standard_output_taken() -> bool:
    """Return whether an output goes to standard output, so that everything else does not."""
    return _taken.get() is not None
