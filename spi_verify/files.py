"""Files of the user: read, bounded, as text or as JSON that says everything once; written."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from spi_verify.errors import InputError, located

MAX_BYTES = 64 * 2**20
STANDARD_OUTPUT = "-"
"""What is said for standard output in the place of a file."""

PICTURES = (".png", ".svg", ".pdf")
"""How names of files of pictures end."""

CERTIFICATES = ".certificates"
"""How names of files of certificates end."""


def listed(file: Path) -> bool:
    """Return whether a file is there, by its folder's list, which :mod:`spi_verify.runs` notes."""
    try:
        return file.name in os.listdir(file.parent) and file.is_file()
    except OSError:
        return False


def read_text(path: Path, max_bytes: int = MAX_BYTES) -> str:
    """Read a text file.

    Raises
    ------
    InputError
        When it is missing, too large, no file, or no UTF-8 text.
    """
    try:
        if not path.is_file():
            what = "this is not a file" if path.exists() else "there is no such file"
            raise InputError(what, file=str(path))
        if path.stat().st_size > max_bytes:
            raise InputError(f"larger than {max_bytes >> 20} MiB", file=str(path))
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot read it: {error.strerror or error}", file=str(path)) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise InputError("not UTF-8 text", file=str(path), where=f"line {line}") from None


@contextmanager
def writing(file: Path) -> Iterator[None]:
    """Say that a file cannot be written where that is what fails inside.

    Raises
    ------
    InputError
        In the place of the system's error.
    """
    try:
        yield
    except OSError as error:
        raise InputError(f"cannot write it: {error.strerror or error}", file=str(file)) from None


def read_json(
    path: Path, *, max_bytes: int = MAX_BYTES, decimal: Callable[[str], Any] = str
) -> Any:
    """Return the JSON of a file as plain data.

    Parameters
    ----------
    path
        The file.
    max_bytes
        How large it may be.
    decimal
        Reads a number with a fraction or exponent: by default it stays the text that it is.

    Raises
    ------
    InputError
        When the file cannot be read, is too large, is no JSON, or has a key twice in one object.
    """
    with located(file=str(path)):
        try:
            data = json.loads(
                read_text(path, max_bytes),
                parse_float=decimal,
                parse_constant=str,
                object_pairs_hook=_object,
            )
            json.dumps(data, ensure_ascii=False).encode()
            return data
        except UnicodeEncodeError:
            raise InputError("it holds characters that are no text") from None
        except RecursionError:
            raise InputError("nested too deeply") from None
        except json.JSONDecodeError as error:
            what = f"this is no JSON file: {error.msg}"
            raise InputError(what, where=f"line {error.lineno}") from None
        except ValueError as error:
            raise InputError(f"this is no JSON file: {error}") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"the key {twice!r} is there more than once")
    return table
