"""Joint witnesses kept in files: structures in which all that a statement rests on holds.

A structure is looked up by the formulas that it is said to satisfy, and evaluated by who uses it.
"""

from __future__ import annotations

import hashlib
import json
import re
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from spi_verify.errors import InputError
from spi_verify.files import read_json
from spi_verify.obligations.deciding import Search, tables_from_json, tables_to_json
from spi_verify.solvers.smtlib import Rendered
from spi_verify.theory.evaluate import Structure

SCHEMA = "spi-verify/witness/1"
ENDING = ".witness"
_FORMULAS = re.compile(rb'"formulas"\s*:\s*"([0-9a-f]{64})"')
MOST_ELEMENTS = 1_000
"""How many elements a sort may have in a structure that is kept."""


def text_of(wanted: Mapping[str, Rendered], structure: Structure) -> str:
    """Return the text of a file that keeps a witness of some formulas."""
    tables = tables_to_json(structure.tables)
    document = {
        "schema": SCHEMA,
        "formulas": _digest(wanted),
        "sizes": dict(structure.sizes),
        "tables": tables,
    }
    return json.dumps(document, sort_keys=True, separators=(",", ":")) + "\n"


class KeptWitnesses:
    """What files of witnesses hold; whether it satisfies anything, evaluating it shows.

    Parameters
    ----------
    folders
        Where files are looked for. One that cannot be read is a warning.
    """

    def __init__(self, folders: Iterable[Path]) -> None:
        self._folders = list(dict.fromkeys(folders))
        self._unread: dict[Path, str | None] | None = None
        self._found: dict[str, Search] = {}

    def find(self, wanted: Mapping[str, Rendered]) -> Search | None:
        """Return the structure that is kept for formulas, or None.

        Only files that say that they are about these formulas are read whole, and those that do
        not say what they are about.
        """
        digest = _digest(wanted)
        if self._unread is None:
            files = (f for folder in self._folders if folder.is_dir() for f in _files(folder))
            self._unread = {file: _about(file) for file in files}
        for file in [one for one, about in self._unread.items() if about in (digest, None)]:
            del self._unread[file]
            self._found |= _read(file)
        return self._found.get(digest)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*{ENDING}"))


def _about(file: Path) -> str | None:
    """Return the digest that a file seems to have, or None."""
    try:
        found = _FORMULAS.search(file.read_bytes())
    except OSError:
        return None
    return found[1].decode() if found else None


def _read(file: Path) -> dict[str, Search]:
    """Return what a file holds, by the digest of its formulas; nothing where it cannot be read."""
    try:
        document: Any = read_json(file)
        if document["schema"] != SCHEMA:
            raise InputError(f"this is no file of witnesses ({SCHEMA})")
        sizes = {str(name): int(size) for name, size in document["sizes"].items()}
        if any(not 0 < size <= MOST_ELEMENTS for size in sizes.values()):
            raise InputError(f"a sort has to have 1 to {MOST_ELEMENTS} elements")
        tables = tables_from_json(document["tables"])
        search = Search("sat", None, (), sizes, tables, 0.0, cached=True)
        return {str(document["formulas"]): search}
    except (InputError, LookupError, TypeError, ValueError, AttributeError) as error:
        why = f"{file}: cannot be read, another witness is sought: {error}"
        warnings.warn(why, stacklevel=2)
        return {}


def _digest(wanted: Mapping[str, Rendered]) -> str:
    """Return a digest of formulas, whatever they are called, and in whatever order."""
    texts = sorted({formula.declared for formula in wanted.values()})
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()
