"""How papers write symbols of their own: a file in a paper's folder says it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from spi_verify.errors import InputError, located
from spi_verify.mathematics.boxes import Box
from spi_verify.mathematics.own import NOTHING_OWN, OwnNotation
from spi_verify.papers.paper import FILE, Paper, read_paper
from spi_verify.papers.running import run_file

_NAMES = {
    "NOTATION": "notation",
    "SORTS": "sorts",
    "BOLD_SORTS": "bold_sorts",
    "LETTERS": "letters",
    "LETTERS_IN_PLACES": "letters_in_places",
}


def notation_at(folder: Path | None) -> OwnNotation:
    """Return how the paper in a folder writes its own symbols; of no paper, nothing.

    What a paper says that it extends counts, too, where it does not say otherwise.

    Raises
    ------
    InputError
        When the file that its ``paper.toml`` names is not there, or cannot be used.
    """
    if folder is None or not (folder / FILE).is_file():
        return NOTHING_OWN
    return notation_of(_paper(folder, (folder / FILE).stat().st_mtime_ns))


@lru_cache(maxsize=16)
def _paper(folder: Path, _changed: int) -> Paper:
    return read_paper(folder)


def notation_of(paper: Paper) -> OwnNotation:
    """Return how a paper writes its own symbols.

    Raises
    ------
    InputError
        As :func:`notation_at` does.
    """
    before = NOTHING_OWN if paper.extended is None else notation_of(paper.extended)
    if paper.notation is None:
        return before
    file = paper.folder / paper.notation
    if not file.is_file() or not file.resolve().is_relative_to(paper.folder.resolve()):
        raise InputError(
            f"there is no file {paper.notation} in the paper's folder",
            file=str(paper.folder / FILE),
            where="notation",
        )
    return _read(file, file.stat().st_mtime_ns, before)


@lru_cache(maxsize=16)
def _read(file: Path, _changed: int, before: OwnNotation) -> OwnNotation:
    module = vars(run_file(file))
    with located(file=str(file)):
        if not any(name in module for name in _NAMES):
            raise InputError(f"it says nothing: write {', '.join(_NAMES)}, or some of them")
        found = {field: module[name] for name, field in _NAMES.items() if name in module}
        _require_tables(found)
    both = {
        field: {**getattr(before, field), **said} if isinstance(said, Mapping) else said
        for field, said in found.items()
    }
    kept = {field: getattr(before, field) for field in _NAMES.values() if field not in both}
    return OwnNotation(**both, **kept, file=str(file))


def _require_tables(found: Mapping[str, Any]) -> None:
    """Make sure that what a file says has the form in which it is looked up."""
    wanted: dict[str, tuple[str, Callable[[object], bool]]] = {
        "notation": ("a function for each symbol", callable),
        "sorts": ('("a game", "games") for each sort', _is_pair),
        "letters": ("for each sort, a box for each variable", _are_boxes),
        "letters_in_places": ("for each (symbol, place), a box for each variable", _are_boxes),
    }
    for name, field in _NAMES.items():
        said = found.get(field)
        if said is None or field not in wanted:
            continue
        what, fits = wanted[field]
        if not isinstance(said, Mapping) or not all(map(fits, said.values())):
            raise InputError(f"write {what}", where=name)


def _is_pair(said: object) -> bool:
    return isinstance(said, tuple) and len(said) == 2 and all(isinstance(s, str) for s in said)


def _are_boxes(said: object) -> bool:
    return isinstance(said, Mapping) and all(isinstance(box, Box) for box in said.values())
