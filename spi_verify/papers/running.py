"""Running files of a paper's, in which files next to them can be imported by their names."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from importlib.abc import MetaPathFinder
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


class _Folder(MetaPathFinder):
    """A folder that is open: finds the modules in it, and knows which files were run."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.files: dict[Path, ModuleType] = {}
        self.imported: dict[str, ModuleType] = {}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, _: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return how a module is loaded that is a file of the folder, or of a package in it."""
        package = sys.modules.get(fullname.rpartition(".")[0])
        for place in [str(self.directory)] if path is None else path:
            if path is None or _as_it_stands(package) or Path(place).parent == self.directory:
                spec = FileFinder(place, (_AsItStands, SOURCE_SUFFIXES)).find_spec(fullname)
                if spec is not None and spec.loader is not None:
                    return spec
        return None

    def has(self, module: ModuleType) -> bool:
        """Whether a module is in the folder, or in a package in it."""
        origin, folder = getattr(module, "__file__", None), str(self.directory)
        if origin is None:
            return folder in map(os.path.dirname, getattr(module, "__path__", ()))
        deeper = origin.startswith(folder + os.sep) and _as_it_stands(module)
        return os.path.dirname(origin) == folder or deeper


def _as_it_stands(module: ModuleType | None) -> bool:
    return isinstance(getattr(module, "__loader__", None), _AsItStands)


_OPEN: list[_Folder] = []


@contextmanager
def opened(directory: Path) -> Iterator[None]:
    """Have files of a directory import each other; each is run at most once until this ends."""
    directory = directory.resolve()
    if _OPEN and _OPEN[-1].directory == directory:
        yield
        return
    if _OPEN:
        _set_aside(_OPEN[-1])
    folder = _Folder(directory)
    finders = [one for one in sys.meta_path if isinstance(one, _Folder) or one is PathFinder]
    place = sys.meta_path.index(finders[0]) if finders else len(sys.meta_path)
    sys.meta_path.insert(place, folder)
    sys.path.insert(0, str(directory))
    _OPEN.append(folder)
    try:
        yield
    finally:
        sys.meta_path.remove(folder)
        sys.path.remove(str(directory))
        _OPEN.pop()
        _set_aside(folder)
        if _OPEN:
            sys.modules.update(_OPEN[-1].imported)


def _set_aside(folder: _Folder) -> None:
    """Take the modules of a folder from those that can be imported by everybody."""
    folder.imported = {name: one for name, one in sys.modules.items() if folder.has(one)}
    for name in folder.imported:
        del sys.modules[name]


def run_file(file: Path) -> ModuleType:
    """Run a file.

    Raises
    ------
    InputError
        When it is no Python file, or running it fails.
    """
    place = file.resolve()
    with opened(place.parent):
        files = _OPEN[-1].files
        if place not in files:
            files[place] = _run(file)
        return files[place]


def _run(file: Path) -> ModuleType:
    loader = _AsItStands(file.stem, str(file))
    spec = importlib.util.spec_from_file_location(file.stem, file, loader=loader)
    if spec is None or file.suffix not in SOURCE_SUFFIXES:
        raise InputError("this is no Python file", file=str(file))
    module = importlib.util.module_from_spec(spec)
    try:
        loader.exec_module(module)
    except InputError:
        raise
    except (Exception, SystemExit) as error:
        raise mistake(error, file) from error
    return module
