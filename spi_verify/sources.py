"""Which files are models, suites and drafts, without running them."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

from spi_verify.errors import InputError
from spi_verify.files import MAX_BYTES

_GAME = re.compile(r"^[ \t]*(\[[ \t]*game[ \t]*[].]|game[ \t]*[.=])", re.MULTILINE)
_EXTENDS = re.compile(r"^[ \t]*extends[ \t]*=", re.MULTILINE)
_NOT_LOOKED_IN = {"__pycache__", "build", "dist", "node_modules", "venv"}


def says_game(text: str) -> bool:
    """Return whether a text of TOML, or its beginning, has a section for a game."""
    return _GAME.search(text) is not None


def is_model(file: Path) -> bool:
    """Return whether a file is a model: TOML with a section for a game."""
    return file.suffix == ".toml" and says_game(text_of(file))


def is_suite(file: Path) -> bool:
    """Return whether a file is a suite, without running it."""
    if file.suffix != ".py" or "statements" not in (text := text_of(file)):
        return False
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # What cannot be read as a program is reported as a suite where it looks like one.
        return re.search(r"^def statements\(theory\b", text, re.MULTILINE) is not None
    names = {name: node for node in body for name in _bound(node)}
    if "statements" not in names or any(re.match("test|Test", name) for name in names):
        return False
    node = names["statements"]
    named = isinstance(node, ast.FunctionDef) and [a.arg for a in node.args.args] == ["theory"]
    return named or any(_source(node).startswith("spi_verify") for node in body)


def is_draft(file: Path) -> bool:
    """Return whether a file says that its folder is a paper that extends another."""
    return file.name == "paper.toml" and _EXTENDS.search(text_of(file)) is not None


def _bound(node: ast.stmt) -> Iterator[str]:
    """Iterate over the names that a module-level line defines."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=targets):
            yield from (target.id for target in targets if isinstance(target, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name
        case ast.ImportFrom(names=names):
            yield from (alias.asname or alias.name for alias in names)


def _source(node: ast.stmt) -> str:
    match node:
        case ast.ImportFrom(module=str(module)):
            return module
        case ast.Import(names=[alias, *_]):
            return alias.name
    return ""


def text_of(file: Path) -> str:
    """Return what a file says; nothing where it is no text of a reasonable size."""
    try:
        if file.stat().st_size > MAX_BYTES:
            return ""
        return file.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return ""


def models_in(folder: Path) -> list[Path]:
    """Return the model files in a folder and in those inside of it, sorted, as pytest does.

    Raises
    ------
    InputError
        When there is none.
    """
    found = [file for file in files_in(folder) if is_model(file)]
    if not found:
        what = "there is no model file (*.toml with a section [game]) in this folder"
        raise InputError(what, file=str(folder))
    return found


def files_in(folder: Path) -> Iterator[Path]:
    """Yield the files in a folder and in those inside of it, sorted.

    Hidden folders are left out, and those of builds and virtual environments.
    """
    for at, folders, files in os.walk(folder):
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and name not in _NOT_LOOKED_IN
            and not (Path(at) / name / "pyvenv.cfg").exists()
        )
        yield from (Path(at) / name for name in sorted(files))
