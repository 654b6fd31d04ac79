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
    """Return the first line of the sources at which each id is written.

    Parameters
    ----------
    ids
        Of statements; the id of a repaired reading is sought without ``/repaired`` too.
    sources
        Suite files, with what they import from beside them, or directories of some, the first of
        them preferred.

    Notes
    -----
    An id is written as a text, or as an f-string that begins with some of it. One that is put
    together in another way has no place. The lemmas that a statement names stand elsewhere.
    """
    whole: dict[str, Place] = {}
    begun: dict[str, Place] = {}
    for source in sources:
        for file in sorted(source.glob("*.py")) if source.is_dir() else _with_imported(source):
            for text, complete, line in _texts(file):
                (whole if complete else begun).setdefault(text, Place(file.as_posix(), line))
    found = {}
    for id in ids:
        place = whole.get(id) or whole.get(id.removesuffix("/repaired"))
        place = place or next((p for text, p in begun.items() if id.startswith(text)), None)
        if place is not None:
            found[id] = place
    return found


def place_of_claim(file: Path, number: int) -> Place:
    """Return where the claim with a number from 0 stands in a model file."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return Place(file.as_posix())
    heads = [k for k, line in enumerate(lines, 1) if re.match(r"\s*\[\[\s*claims\s*\]\]", line)]
    return Place(file.as_posix(), heads[number] if number < len(heads) else None)


def _with_imported(file: Path) -> list[Path]:
    """Return a file, and those beside it that it imports, or that these import."""
    files = [file]
    for one in files:
        for node in ast.walk(_tree(one)):
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            else:
                names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            beside = (file.with_name(f"{name}.py") for name in names if "." not in name and name)
            files += (other for other in beside if other.is_file() and other not in files)
    return files


def _tree(file: Path) -> ast.Module:
    """Return a file as a program; an empty one where it is none."""
    try:
        return ast.parse(file.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError):
        return ast.Module([], [])


def _texts(file: Path) -> list[tuple[str, bool, int]]:
    """Return texts, and how f-strings begin, whether that is all of it, and their lines."""
    tree = _tree(file)
    parts = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in node.values
    }
    keywords = (node for node in ast.walk(tree) if isinstance(node, ast.keyword))
    lemmas = [part for one in keywords if one.arg == "lemmas" for part in ast.walk(one.value)]
    names = {part.id for part in lemmas if isinstance(part, ast.Name)}
    for one in tree.body:
        if isinstance(one, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id in names for target in one.targets
        ):
            lemmas += ast.walk(one.value)
    parts |= set(map(id, lemmas))
    texts = []
    for node in ast.walk(tree):
        start = node.values[0] if isinstance(node, ast.JoinedStr) and node.values else node
        if (
            isinstance(start, ast.Constant)
            and isinstance(start.value, str)
            and id(node) not in parts
        ):
            texts.append((start.value, start is node, start.lineno))
    return sorted(texts, key=lambda text: text[2])
