"""Running suites: a suite is code, and loading one runs it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import cast

from spi_verify.errors import InputError
from spi_verify.obligations.resting import require_names_of_its_own
from spi_verify.obligations.statements import Executed, Statement, require_wellformed
from spi_verify.papers.definitions import theory_of
from spi_verify.papers.keeping import Made, OfTheories
from spi_verify.papers.mistakes import mistake, with_line
from spi_verify.papers.paper import FILE, Paper, read_paper, shipped_papers
from spi_verify.papers.running import each_file_once, run_file
from spi_verify.papers.texts import texts_in
from spi_verify.shipped import shipped
from spi_verify.theory import PAPER, Theory, functions_of, same_formula


@each_file_once()
def load(path: Path, theory: Theory) -> list[Statement | Executed]:
    """Return the statements of a suite file, or of all suite files of a directory.

    Beside a ``paper.toml`` they are under that paper's definitions in the place of the theory's.
    Those of a shipped paper are kept as :func:`load_shipped` keeps them.

    Raises
    ------
    InputError
        When there is no such file, it fails to run, or it holds no statements.
    """
    if path.resolve() in shipped_by_id(theory).papers:
        return list(shipped_by_id(theory).papers[path.resolve()].everything)
    folder = path if path.is_dir() else path.parent
    if (folder / FILE).exists():
        theory = theory_of(read_paper(folder), theory)
    return suites_in(path, theory)


@each_file_once()
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
    return list(shipped_by_id(base).everything)


def shipped_by_id(base: Theory = PAPER) -> Shipped:
    """Return the same by id; suites are run when something of them is asked for."""
    return _SHIPPED.of(base, lambda: Shipped(base))


def shipped_statement(id: str, base: Theory = PAPER) -> Statement | Executed | None:
    """Return one of these statements by its id, or None."""
    return shipped_by_id(base).get(id)


def made_of_shipped(make: Callable[[Shipped], Made], base: Theory = PAPER) -> Made:
    """Return what a function makes of these statements, such as an index; kept as long as they."""
    shipped = shipped_by_id(base)
    if make not in shipped.made:
        shipped.made[make] = make(shipped)
    return cast("Made", shipped.made[make])


class Shipped(Mapping[str, Statement | Executed]):
    """The statements of all shipped papers by id; suites are run when something is asked for.

    Parameters
    ----------
    base
        The theory that papers add their definitions to.

    Attributes
    ----------
    papers
        Each paper's suites, by its folder.
    made
        What was made of the statements by which function.
    """

    def __init__(self, base: Theory) -> None:
        self.papers = {
            paper.folder.resolve(): _Suites(paper, base) for paper in shipped_papers().values()
        }
        self.made: dict[Callable[..., object], object] = {}

    @cached_property
    def everything(self) -> Sequence[Statement | Executed]:
        """All statements, paper by paper."""
        return [one for suites in self.papers.values() for one in suites.everything]

    def of_papers_with(self, *names: str) -> list[Statement | Executed]:
        """Return the statements of the papers in which some names stand, all of them."""
        having = [one for one in self.papers.values() if all(map(one.have, names))]
        return [one for suites in having for one in suites.everything]

    def __getitem__(self, id: str) -> Statement | Executed:
        for suites in reversed(self.papers.values()) if isinstance(id, str) else ():
            if (found := suites.find(id)) is not None:
                return found
        raise KeyError(id)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(one.id for one in self.everything))

    def __len__(self) -> int:
        return len({one.id for one in self.everything})


class _Suites:
    """The suites of a shipped paper, each run when something of it is asked for."""

    def __init__(self, paper: Paper, base: Theory) -> None:
        self._paper, self._base = paper, base
        self._texts = texts_in(paper.folder)
        self._run: dict[Path, list[Statement | Executed]] = {}
        self._found: dict[str, Statement | Executed | None] = {}

    @cached_property
    def _theory(self) -> Theory:
        return theory_of(self._paper, self._base)

    @cached_property
    def everything(self) -> Sequence[Statement | Executed]:
        """All statements, suite by suite."""
        found = [one for file in self._texts.files for one in self._of(file)]
        _require_different(found, self._paper.folder)
        return found

    def have(self, name: str) -> bool:
        """Return whether a name stands in a file, or in a changed definition written out there."""
        return self._texts.have(name) or name in self._written_out

    @cached_property
    def _written_out(self) -> set[str]:
        """The symbols of closed definitions that are not the paper's own any more."""
        changed = [name for name in PAPER if self._base[name] is not PAPER[name]]
        closed = [n for n in changed if not PAPER[n].sorts and self._texts.have(n)]
        return {one.name() for name in closed for one in functions_of(self._base.axiom(name))}

    def find(self, id: str) -> Statement | Executed | None:
        """Return a statement, or None."""
        if id not in self._found:
            files = self._texts.with_id(id)
            ones = (one for file in files for one in self._of(file) if one.id == id)
            self._found[id] = next(ones, None)
        return self._found[id]

    def _of(self, file: Path) -> list[Statement | Executed]:
        if file not in self._run:
            self._run[file] = _statements(file, self._theory, alone=False)
        return self._run[file]


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


_SHIPPED: OfTheories[Shipped] = OfTheories(_alike)


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
