"""Running suites: a suite is code, and loading one runs it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import cast

from spi_verify.errors import InputError
from spi_verify.obligations.consistency import require_names_of_its_own
from spi_verify.obligations.statements import Executed, Statement, require_wellformed
from spi_verify.papers.definitions import theory_of
from spi_verify.papers.keeping import Made, OfTheories
from spi_verify.papers.mistakes import mistake, with_line
from spi_verify.papers.paper import FILE, read_paper, shipped_papers
from spi_verify.papers.running import run_file
from spi_verify.shipped import shipped
from spi_verify.sources import is_suite, text_of
from spi_verify.theory import PAPER, Theory, same_formula


def load(path: Path, theory: Theory) -> list[Statement | Executed]:
    """Return the statements of a suite file, or of all suite files of a directory.

    Beside a ``paper.toml`` they are under that paper's definitions in the place of the theory's.

    Raises
    ------
    InputError
        When there is no such file, it fails to run, or it holds no statements.
    """
    folder = path if path.is_dir() else path.parent
    if (folder / FILE).exists():
        theory = theory_of(read_paper(folder), theory)
    return suites_in(path, theory)


def suites_in(path: Path, theory: Theory, *, empty: bool = False) -> list[Statement | Executed]:
    """Return the statements of a suite file, or of a directory's, under a theory as it is.

    Parameters
    ----------
    path, theory
        As :func:`load` takes them.
    empty
        Whether there may be none.

    Raises
    ------
    InputError
        As :func:`load` does.
    """
    if path.is_dir():
        files = sorted(path.glob("*.py"))
        if not files and not empty:
            raise InputError("there is no suite (*.py) in this directory", file=str(path))
    elif path.is_file():
        files = [path]
    else:
        raise InputError("there is no such file or directory", file=str(path))
    statements: list[Statement | Executed] = []
    for file in files:
        statements += _statements(file, theory, alone=not path.is_dir())
    if not statements and not empty:
        raise InputError("it holds no statements", file=str(path))
    _require_different(statements, path)
    return statements


def load_shipped(base: Theory = PAPER) -> list[Statement | Executed]:
    """Return the statements of all papers that come with the package.

    Those under the last few theories that were asked for are kept. A theory that changes the same
    definitions to the same formulas is the same.
    """
    return list(_shipped(base).statements)


def all_are_loaded(base: Theory = PAPER) -> bool:
    """Return whether :func:`load_shipped` has its answer already."""
    return _SHIPPED.known(base) is not None


def shipped_statement(id: str, base: Theory = PAPER) -> Statement | Executed | None:
    """Return one statement of those that :func:`load_shipped` returns, by its id, or None.

    Only suites whose text has the id are loaded, if that is enough.
    """
    everything = _SHIPPED.known(base)
    if everything is not None:
        return everything.by_id.get(id)
    ones = _ONES.of(base, _Ones)
    if id not in ones.found:
        ones.found[id] = _one(id, base, ones.theories) or _shipped(base).by_id.get(id)
    return ones.found[id]


def _one(id: str, base: Theory, theories: dict[Path, Theory]) -> Statement | Executed | None:
    """Look for a statement in the suites that seem to have it; of two papers, in the last."""
    root = id.partition("/")[0]
    for paper in reversed(shipped_papers().values()):
        files = [one for one in sorted(paper.folder.glob("*.py")) if root in text_of(one)]
        for file in filter(is_suite, files):
            if paper.folder not in theories:
                theories[paper.folder] = theory_of(read_paper(paper.folder), base)
            for statement in _statements(file, theories[paper.folder], alone=False):
                if statement.id == id:
                    return statement
    return None


def made_of_shipped(
    make: Callable[[Sequence[Statement | Executed]], Made], base: Theory = PAPER
) -> Made:
    """Return what a function makes of these statements, such as an index; kept as long as they."""
    shipped = _shipped(base)
    if make not in shipped.made:
        shipped.made[make] = make(shipped.statements)
    return cast("Made", shipped.made[make])


@dataclass(frozen=True)
class _Shipped:
    """Shipped statements under a theory, and what was made of them by which function."""

    statements: Sequence[Statement | Executed]
    made: dict[Callable[..., object], object] = field(default_factory=dict)

    @cached_property
    def by_id(self) -> Mapping[str, Statement | Executed]:
        return {one.id: one for one in self.statements}


@dataclass(frozen=True)
class _Ones:
    """Shipped statements under a theory that were asked for one by one, and papers' theories."""

    found: dict[str, Statement | Executed | None] = field(default_factory=dict)
    theories: dict[Path, Theory] = field(default_factory=dict)


def _shipped(base: Theory) -> _Shipped:
    return _SHIPPED.of(base, lambda: _Shipped(_load_all(base)))


def _load_all(base: Theory) -> list[Statement | Executed]:
    return [one for paper in shipped_papers().values() for one in load(paper.folder, base)]


def _alike(one: Theory, other: Theory) -> bool:
    if one is other:
        return True
    if one.keys() != other.keys() or one.awaited or other.awaited:
        return False
    changed = [name for name in one if one[name] is not other[name]]
    return all(
        PAPER.get(name) not in (one[name], other[name])
        and same_formula(one.axiom(name), other.axiom(name))
        for name in changed
    )


_SHIPPED: OfTheories[_Shipped] = OfTheories(_alike)
_ONES: OfTheories[_Ones] = OfTheories(_alike)


def _statements(file: Path, theory: Theory, *, alone: bool) -> list[Statement | Executed]:
    with redirect_stdout(sys.stderr):
        module = run_file(file)
    if not hasattr(module, "statements"):
        if alone:
            raise InputError("a suite needs a function statements(theory)", file=str(file))
        return []
    try:
        with redirect_stdout(sys.stderr):
            found = module.statements(theory)
    except InputError as error:
        raise error.located(file=str(file)) from error
    except (Exception, SystemExit) as error:
        raise mistake(error, file) from error
    if not isinstance(found, list) or not all(
        isinstance(one, Statement | Executed) for one in found
    ):
        raise InputError(
            "statements(theory) must return a list of Statement or Executed", file=str(file)
        )
    if not file.resolve().is_relative_to(shipped("proofs")):
        for one in found:
            if isinstance(one, Statement):
                try:
                    require_wellformed(one)
                    require_names_of_its_own(one)
                except InputError as error:
                    raise with_line(error, file, one.id).located(file=str(file)) from None
    folder = file.parent.resolve()
    return [replace(one, source=folder / file.name, folder=folder) for one in found]


def _require_different(statements: Iterable[Statement | Executed], path: Path) -> None:
    ids = [statement.id for statement in statements]
    twice = next((id for id in ids if ids.count(id) > 1), None)
    if twice is not None:
        raise InputError(f"two statements have the id {twice!r}", file=str(path))
