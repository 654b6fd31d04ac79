"""The definitions that statements are decided under: a paper's own, and variants of them.

Definitions are code, and so are the variants that a command line names.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from spi_verify.errors import InputError, located
from spi_verify.papers.keeping import OfTheories
from spi_verify.papers.mistakes import in_definition
from spi_verify.papers.paper import FILE, Paper, shipped_papers
from spi_verify.papers.running import each_file_once, nothing_compiled_is_kept, run_file
from spi_verify.suggestions import suggestion
from spi_verify.theory import PAPER, Definition, Theory


def theory_of(paper: Paper, base: Theory = PAPER) -> Theory:
    """Return a theory with the definitions that a paper changes or adds.

    Those of a paper that it extends count, too, where it does not say otherwise. What was
    replaced in ``base``, or is there already, stays as it is: a command line, or a draft of the
    paper, has the last word. A shipped paper's is made once.

    Raises
    ------
    InputError
        When a definition cannot be used, or papers extend each other in a circle.
    """
    if all(paper.folder != one.folder for one in shipped_papers().values()):
        return _made(paper, base)
    kept = _OF_SHIPPED.setdefault(paper.folder, OfTheories(lambda one, other: one is other))
    return kept.of(base, lambda: _made(paper, base))


_OF_SHIPPED: dict[Path, OfTheories[Theory]] = {}


@each_file_once()
def _made(paper: Paper, base: Theory) -> Theory:
    bodies: dict[str, Any] = {}
    added: list[Definition] = []
    shipped = {paper.folder / FILE for paper in shipped_papers().values()}
    later: set[str] = set()
    for name, (body, where) in _bodies(paper).items():
        with located(file=str(where), where=f"definitions.{name}"):
            if name not in PAPER and name not in base:
                added.append(_new(name, body))
            elif name in PAPER and base[name] is PAPER[name]:
                bodies[name] = body
        if where in shipped and name not in base.awaited:
            later.add(name)
    if not (added or bodies):
        return base
    file = paper.folder / FILE
    functions = {**bodies, **{one.name: one for one in added}}
    functions = {name: getattr(body, "body", body) for name, body in functions.items()}

    def check(*names: str) -> None:
        try:
            theory.require_wellfounded(*names)
        except InputError as error:
            raise located_in(error) from None

    def located_in(error: InputError) -> InputError:
        found = in_definition(error, paper.folder, functions)
        return found if found.file else found.located(file=str(file), where="definitions")

    try:
        theory = base.with_(**bodies).and_(*added)
    except InputError as error:
        raise located_in(error) from None
    check(*(name for name in functions if name not in later))
    theory.check_when_asserted(later & functions.keys(), check)
    return theory


def _bodies(paper: Paper) -> dict[str, tuple[Any, Path]]:
    """Return what a paper, and those that it extends, define, each with the file that says so."""
    file = paper.folder / FILE
    bodies: dict[str, tuple[Any, Path]] = {}
    if paper.extended is not None:
        bodies = _bodies(paper.extended)
    for name, place in paper.definitions.items():
        try:
            body = _object(name, paper.folder, place)
            before = bodies[name][0] if name in bodies else None
            if isinstance(before, Definition) and not isinstance(body, Definition):
                body = PAPER.and_(before).with_(**{name: body})[name]
            bodies[name] = body, file
        except InputError as error:
            here = error.located(file=str(file), where=f"definitions.{name}")
            raise error if error.file else here from None
    return bodies


def _object(name: str, folder: Path, place: str) -> Any:
    source, colon, attribute = place.partition(":")
    if not (colon and source and attribute):
        raise InputError(f"write FILE:OBJECT, such as 'definitions.py:{name}'")
    file = folder / source
    if not file.is_file() or not file.resolve().is_relative_to(folder.resolve()):
        raise InputError(f"there is no file {source} in the paper's folder")
    module = run_file(file)
    if not hasattr(module, attribute):
        raise InputError(f"there is no {attribute!r} in {source}{_instead(attribute, module)}")
    return getattr(module, attribute)


def _instead(attribute: str, module: Any) -> str:
    """Return what to name in a module instead of what is not there."""
    own = [
        name
        for name, value in vars(module).items()
        if getattr(getattr(value, "body", value), "__module__", None) == module.__name__
    ]
    return suggestion(attribute, own)


def _new(name: str, body: Any) -> Definition:
    if not isinstance(body, Definition):
        raise InputError(
            "it is in no theory, so it needs its parameters' sorts: "
            "decorate it with spi_verify.theory.define"
        )
    if body.name != name:
        raise InputError(f"the function is called {body.name!r}")
    return body


def shipped_variants() -> dict[str, Path]:
    """Return the files of definitions that are shipped as alternatives, by short name."""
    return {
        name: file for paper in shipped_papers().values() for name, file in paper.variants.items()
    }


def variant(replacements: Iterable[str]) -> Theory:
    """Return the theory with definitions replaced; those that papers add, once they are added.

    Parameters
    ----------
    replacements
        Texts ``NAME=FILE_OR_MODULE:OBJECT``, or ``NAME=VARIANT`` for one of
        :func:`shipped_variants`. The code named is run. Whether some paper has a definition that
        the theory has not, :mod:`spi_verify.papers.choosing` finds out.

    Raises
    ------
    InputError
        When a text has another form, or what it names is not there.
    """
    bodies: dict[str, Any] = {}
    for text in replacements:
        name, equals, place = text.partition("=")
        if equals and name and ":" not in place:
            place = f"{_shipped_variant(text, name, place)}:{name}"
        source, colon, attribute = place.rpartition(":")
        if not (equals and colon and name and source and attribute):
            raise InputError(f"--with {text}: write NAME=FILE_OR_MODULE:OBJECT or NAME=VARIANT")
        if source.endswith(".py") or "/" in source:
            if not Path(source).is_file():
                hint = _files_beside(Path(source))
                raise InputError(f"--with {name}: there is no such file{hint}", file=source)
            module = run_file(Path(source))
        else:
            try:
                with nothing_compiled_is_kept():
                    module = importlib.import_module(source)
            except (Exception, SystemExit) as error:
                raise InputError(f"--with {name}: cannot import {source!r}: {error}") from error
        if not hasattr(module, attribute):
            hint = _instead(attribute, module)
            raise InputError(f"--with {name}: there is no {attribute!r} in it{hint}", file=source)
        bodies[name] = getattr(module, attribute)
    replaced = {name: body for name, body in bodies.items() if name in PAPER}
    later = {name: body for name, body in bodies.items() if name not in PAPER}
    try:
        theory = PAPER.with_(**replaced)
        theory.require_wellfounded(*replaced)
    except InputError as error:
        raise _in_code(error, replaced) from None
    return theory.awaiting(**later) if later else theory


def _in_code(error: InputError, bodies: Mapping[str, Any]) -> InputError:
    """Return an error about definitions that a command line names with the file and the line."""
    for name, body in bodies.items():
        code = getattr(getattr(body, "body", body), "__code__", None)
        if code is not None and f"{name!r}" in error.what:
            folder = Path(os.path.relpath(Path(code.co_filename).parent))
            found = in_definition(error, folder, {name: getattr(body, "body", body)})
            return InputError(f"--with {name}: {found.what}", file=found.file, where=found.where)
    return error


def _files_beside(missing: Path) -> str:
    """Return what a message adds about a file that is not there: those that are."""
    there = sorted(missing.parent.glob("*.py")) if missing.parent.is_dir() else []
    return suggestion(missing.name, [file.name for file in there]) if there else ""


def _shipped_variant(text: str, name: str, short: str) -> Path:
    shipped = shipped_variants()
    if short in shipped:
        return shipped[short]
    known = [*PAPER, *(one for paper in shipped_papers().values() for one in paper.definitions)]
    unknown = ""
    if name not in known:
        hint = suggestion(name, known, where="'spi-verify list'")
        unknown = f"; nor has a shipped paper a definition {name!r}{hint}"
    raise InputError(
        f"--with {text}: there is no variant {short!r}{suggestion(short, shipped)}{unknown}; "
        "for one of your own, write NAME=FILE_OR_MODULE:OBJECT"
    )
