"""Running a file of a paper's, in which files next to it can be imported by their names."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import lru_cache
from importlib.machinery import (
    SOURCE_SUFFIXES,
    FileFinder,
    ModuleSpec,
    PathFinder,
    SourceFileLoader,
)
from pathlib import Path
from types import CodeType, ModuleType

from spi_verify.errors import InputError
from spi_verify.papers.mistakes import mistake
from spi_verify.shipped import shipped


class _AsItStands(SourceFileLoader):
    """Compiles a file as it is now.

    Python's ``.pyc`` files know an edit by its length and the second it was saved in; whoever
    turns ``>=`` into ``<=`` can be quicker than that.
    """

    def get_code(self, fullname: str) -> CodeType:
        """Return the code of a module."""
        path = self.get_filename(fullname)
        return _compiled(self.get_data(path), path)


@lru_cache(maxsize=1024)
def _compiled(source: bytes, path: str) -> CodeType:
    code: CodeType = compile(source, path, "exec", dont_inherit=True)
    return code


class _Neighbours:
    """Finds the files of a folder; its packages are left to Python."""

    def __init__(self, directory: str) -> None:
        self._directory = directory

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, _: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return how a module is loaded, where it is a file of the folder."""
        if path is not None:
            return None
        spec = FileFinder(self._directory, (_AsItStands, SOURCE_SUFFIXES)).find_spec(fullname)
        alone = spec is not None and spec.submodule_search_locations is None
        return spec if alone else None


_RUN: ContextVar[dict[str, ModuleType] | None] = ContextVar("modules by their files", default=None)
_SHIPPED: dict[str, ModuleType] = {}
"""The modules of shipped papers, by their files: each is run once in a process."""


@contextmanager
def each_file_once() -> Iterator[None]:
    """Have each file run once, whoever runs it or imports it, until this ends."""
    if _RUN.get() is not None:
        yield
        return
    token = _RUN.set({})
    try:
        yield
    finally:
        _RUN.reset(token)


def _run_before(folder: Path) -> dict[str, ModuleType] | None:
    """Return where the modules of a folder are kept, by their files; None where they are not."""
    return _SHIPPED if folder.is_relative_to(shipped("proofs")) else _RUN.get()


@contextmanager
def nothing_compiled_is_kept() -> Iterator[None]:
    """Have imports write no ``.pyc`` files: what they import may be edited in the same second."""
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


@contextmanager
def _beside(directory: str, run: dict[str, ModuleType] | None) -> Iterator[None]:
    """Have the files of a folder found first, and forgotten afterwards but for those kept."""
    before = set(sys.modules)
    neighbours = _Neighbours(directory)
    found = [one for one in sys.meta_path if isinstance(one, _Neighbours) or one is PathFinder]
    place = sys.meta_path.index(found[0]) if found else len(sys.meta_path)
    sys.meta_path.insert(place, neighbours)
    sys.path.insert(0, directory)
    for file, module in (run or {}).items():
        if os.path.dirname(file) == directory:
            sys.modules.setdefault(module.__name__, module)
    try:
        yield
    finally:
        with suppress(ValueError):
            sys.meta_path.remove(neighbours)
        with suppress(ValueError):
            sys.path.remove(directory)
        for name in set(sys.modules) - before:
            origin = getattr(sys.modules[name], "__dict__", {}).get("__file__")
            if isinstance(origin, str) and str(Path(origin).parent) == directory:
                module = sys.modules.pop(name)
                if run is not None and name == Path(origin).stem:
                    run[origin] = module


def run_file(file: Path) -> ModuleType:
    """Run a file.

    Raises
    ------
    InputError
        When it is no Python file, or running it fails.
    """
    place = file.resolve()
    run = _run_before(place.parent)
    if run is not None and str(place) in run:
        return run[str(place)]
    loader = _AsItStands(file.stem, str(place))
    spec = importlib.util.spec_from_file_location(file.stem, place, loader=loader)
    if spec is None or file.suffix not in SOURCE_SUFFIXES:
        raise InputError("this is no Python file", file=str(file))
    module = importlib.util.module_from_spec(spec)
    with nothing_compiled_is_kept(), _beside(str(place.parent), run):
        try:
            loader.exec_module(module)
        except InputError:
            raise
        except (Exception, SystemExit) as error:
            raise mistake(error, file) from error
    if run is not None:
        run[str(place)] = module
    return module
