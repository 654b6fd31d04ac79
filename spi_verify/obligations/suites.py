"""Finding and loading suites, and choosing statements from them.

A suite is code: loading one runs it.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from types import ModuleType
from typing import Any

from spi_verify.errors import InputError, located
from spi_verify.obligations.statements import Executed, Statement
from spi_verify.obligations.wellformed import require_wellformed
from spi_verify.theory import PAPER, Theory


def shipped_suites() -> Path:
    """Return the directory of the paper's suites: as installed, or of the checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "shipped" / "proofs"
    return installed if installed.is_dir() else package.parent / "proofs"


def load(path: Path, theory: Theory) -> list[Statement | Executed]:
    """Return the statements of a suite file, or of all suite files of a directory.

    Raises
    ------
    InputError
        When there is no such file, it fails to run, or it holds no statements.
    """
    if path.is_dir():
        files = sorted(path.glob("*.py"))
        if not files:
            raise InputError("there is no suite (*.py) in this directory", file=str(path))
    elif path.is_file():
        files = [path]
    else:
        raise InputError("there is no such file or directory", file=str(path))
    statements: list[Statement | Executed] = []
    for file in files:
        with redirect_stdout(sys.stderr):
            module = _run(file)
        if not hasattr(module, "statements"):
            if path.is_dir():
                continue
            raise InputError("a suite needs a function statements(theory)", file=str(file))
        try:
            with redirect_stdout(sys.stderr):
                found = module.statements(theory)
        except InputError as error:
            raise error.located(file=str(file)) from error
        except (Exception, SystemExit) as error:
            raise InputError(_failure(error), file=str(file)) from error
        if not isinstance(found, list) or not all(
            isinstance(one, Statement | Executed) for one in found
        ):
            raise InputError(
                "statements(theory) must return a list of Statement or Executed", file=str(file)
            )
        if path != shipped_suites():
            for one in found:
                if isinstance(one, Statement):
                    with located(file=str(file)):
                        require_wellformed(one)
        statements += found
    if not statements:
        raise InputError("it holds no statements", file=str(path))
    ids = [statement.id for statement in statements]
    twice = next((id for id in ids if ids.count(id) > 1), None)
    if twice is not None:
        raise InputError(f"two statements have the id {twice!r}", file=str(path))
    return statements


def _run(file: Path) -> ModuleType:
    """Run a file; files next to it can be imported by their names."""
    directory = str(file.resolve().parent)
    before = set(sys.modules)
    sys.path.insert(0, directory)
    try:
        spec = importlib.util.spec_from_file_location(file.stem, file)
        if spec is None or spec.loader is None:
            raise InputError("this is no Python file", file=str(file))
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    except InputError:
        raise
    except (Exception, SystemExit) as error:
        raise InputError(_failure(error), file=str(file)) from error
    finally:
        sys.path.remove(directory)
        for name in set(sys.modules) - before:
            origin = getattr(sys.modules[name], "__file__", None)
            if origin is not None and str(Path(origin).parent) == directory:
                del sys.modules[name]
    return module


def _failure(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return f"running it fails: {type(error).__name__}{': ' + lines[0] if lines else ''}"


def shipped_variants() -> dict[str, Path]:
    """Return the files of definitions that are shipped as alternatives, by short name."""
    return {file.stem: file for file in sorted((shipped_suites() / "variants").glob("*.py"))}


def variant(replacements: Iterable[str]) -> Theory:
    """Return the paper's theory with definitions replaced.

    Parameters
    ----------
    replacements
        Texts ``NAME=FILE_OR_MODULE:OBJECT``, or ``NAME=VARIANT`` for one of
        :func:`shipped_variants`. The code named is run.

    Raises
    ------
    InputError
        When a text has another form, or what it names is not there.
    """
    bodies: dict[str, Any] = {}
    for text in replacements:
        name, equals, place = text.partition("=")
        if equals and name and ":" not in place:
            place = f"{_shipped_variant(text, place)}:{name}"
        source, colon, attribute = place.rpartition(":")
        if not (equals and colon and name and source and attribute):
            raise InputError(f"--with {text}: write NAME=FILE_OR_MODULE:OBJECT or NAME=VARIANT")
        if source.endswith(".py") or "/" in source:
            if not Path(source).is_file():
                raise InputError(f"--with {name}: there is no such file", file=source)
            module = _run(Path(source))
        else:
            try:
                module = importlib.import_module(source)
            except (Exception, SystemExit) as error:
                raise InputError(f"--with {name}: cannot import {source!r}: {error}") from error
        if not hasattr(module, attribute):
            raise InputError(f"--with {name}: there is no {attribute!r} in it", file=source)
        bodies[name] = getattr(module, attribute)
    theory = PAPER.with_(**bodies)
    for name in bodies:
        theory.axiom(name)
    return theory


def _shipped_variant(text: str, name: str) -> Path:
    shipped = shipped_variants()
    if name not in shipped:
        raise InputError(
            f"--with {text}: there is no variant {name!r}; there are {', '.join(shipped)} "
            "(for one of your own, write NAME=FILE_OR_MODULE:OBJECT)"
        )
    return shipped[name]


def choose(
    targets: Sequence[str],
    theory: Theory,
    *,
    without: Sequence[str] = (),
    errors: list[str] | None = None,
) -> tuple[list[Statement | Executed], list[str]]:
    """Return the statements to run, and the ids of those that were asked for.

    Parameters
    ----------
    targets
        Paths of suites, and ids; the id of a statement stands for both of its readings. None
        means all of the paper's suites.
    theory
        The definitions.
    without
        Names of hypotheses to drop wherever they are supposed.
    errors
        Where to put messages about targets that cannot be read, so that the others still run;
        without it the first one is raised.

    Returns
    -------
    tuple
        Statements asked for, with those that their lemmas come from; and the ids asked for.

    Raises
    ------
    InputError
        When a target or a hypothesis is unknown.
    """
    known = {statement.id: statement for statement in load(shipped_suites(), theory)}
    own: dict[str, Statement | Executed] = {}
    chosen: list[str] = []
    for target in targets or list(known):
        if target in known:
            chosen += [id for id in (target, f"{target}/repaired") if id in known]
            continue
        try:
            if not Path(target).exists():
                raise InputError(
                    f"{target!r} is neither a file nor a statement; there are {', '.join(known)}"
                )
            for statement in load(Path(target), theory):
                if statement.id in own:
                    raise InputError(f"two statements have the id {statement.id!r}", file=target)
                own[statement.id] = statement
                chosen.append(statement.id)
        except InputError as error:
            if errors is None:
                raise
            errors.append(str(error))
    chosen = list(dict.fromkeys(chosen))
    shadowed = sorted(own.keys() & known.keys())
    known |= own
    needed = with_lemmas(chosen, known)
    if shadowed and not own.keys() >= set(needed):
        raise InputError(
            f"the suites given have a statement {shadowed[0]!r} of their own; "
            "run them apart from the paper's, or rename it"
        )
    for name in without:
        theorems = [one for id in needed if isinstance(one := known[id], Statement)]
        names = {h.name for statement in theorems for h in statement.hypotheses}
        if name not in names:
            raise InputError(
                f"--without {name}: no such hypothesis; there are {', '.join(sorted(names))}"
            )
        known |= {statement.id: statement.without(name) for statement in theorems}
    return [known[id] for id in needed], chosen


def with_lemmas(chosen: Sequence[str], known: Mapping[str, Statement | Executed]) -> list[str]:
    """Return ids of statements, then those of all statements that their lemmas come from.

    Raises
    ------
    InputError
        When a lemma comes from a statement that is not known.
    """
    needed = list(chosen)
    for id in needed:
        statement = known[id]
        if isinstance(statement, Executed):
            continue
        for source in statement.lemmas.values():
            if source not in known:
                raise InputError(f"there is no statement {source!r} for a lemma", where=id)
            if source not in needed:
                needed.append(source)
    return needed
