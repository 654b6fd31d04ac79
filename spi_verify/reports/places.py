"""Where in which file a statement or a claim stands, found without running anything."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Place:
    """A file, as the user named it, and a line from 1; None where the line is not known."""

    file: str
    line: int | None = None


def places_of_statements(ids: Iterable[str], sources: Iterable[Path]) -> dict[str, Place]:
    """Return the first line of the sources at which each id is written as a text.

    Parameters
    ----------
    ids
        Of statements; the id of a repaired reading is sought without ``/repaired`` too.
    sources
        Suite files, or directories of some, the first of them preferred.

    Notes
    -----
    An id that a suite computes is not found, and has no place.
    """
    written: dict[str, Place] = {}
    for source in sources:
        for file in sorted(source.glob("*.py")) if source.is_dir() else [source]:
            for text, line in _texts(file):
                written.setdefault(text, Place(file.as_posix(), line))
    found = ((id, written.get(id) or written.get(id.removesuffix("/repaired"))) for id in ids)
    return {id: place for id, place in found if place is not None}


def place_of_claim(file: Path, number: int) -> Place:
    """Return where the claim with a number from 0 stands in a model file."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return Place(file.as_posix())
    heads = [k for k, line in enumerate(lines, 1) if re.match(r"\s*\[\[\s*claims\s*\]\]", line)]
    return Place(file.as_posix(), heads[number] if number < len(heads) else None)


def _texts(file: Path) -> Iterable[tuple[str, int]]:
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError):
        return []
    texts = (
        (node.value, node.lineno)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return sorted(texts, key=lambda text: text[1])
