"""Runs that would find the same again: nothing that they read has changed.

A run of a command is kept with all that it read, as a build system does it: files by their
contents, folders by the names in them, installed packages by size and time. The same command, in
the same folder and environment, with the same versions, then has the same results, and neither
formulas nor solvers are needed to tell them.

What a suite's code finds out otherwise, from a clock or a network, is not noticed; nothing of that
may decide what it states.
"""

from __future__ import annotations

import hashlib
import os
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from importlib.util import source_from_cache
from pathlib import Path
from typing import Any

from spi_verify.obligations.cache import Cache, digest_of_code
from spi_verify.shipped import shipped
from spi_verify.solvers.processes import versions

_IGNORED = frozenset({"_", "COLUMNS", "LINES", "OLDPWD", "PWD", "SHLVL"})
"""Variables of the environment that differ between runs that are the same."""

_INSTALLED = tuple(
    f"{folder}{os.sep}"
    for name in ("stdlib", "platstdlib", "purelib", "platlib")
    for folder in {sysconfig.get_path(name), os.path.realpath(sysconfig.get_path(name))}
)
_PACKAGE = f"{Path(__file__).parent}{os.sep}"
_SHIPPED = f"{shipped('proofs')}{os.sep}"


class Reads:
    """Notes every file that this process opens and every folder that it lists, from now on.

    It has to begin before any suite or formula is loaded: what was read before is not noticed, and
    then nothing is kept.

    Attributes
    ----------
    whole
        Whether nothing was loaded before.
    """

    def __init__(self) -> None:
        self.whole = "spi_verify.theory" not in sys.modules
        self._files: dict[str, tuple[int, int] | None] = {}
        self._folders: set[str] = set()
        if self.whole:
            sys.addaudithook(self._note)

    def _note(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode = arguments[0], arguments[1]
            if isinstance(path, str) and not (mode and set(mode) & set("wax+")):
                source = _source(path)
                self._files.setdefault(source, _stamp(source))
        elif event in ("os.listdir", "os.scandir"):
            path = arguments[0]
            if path is None or isinstance(path, str | os.PathLike):
                self._folders.add(os.path.abspath(os.fspath(path or ".")))

    def described(self, without: Sequence[Path]) -> dict[str, dict[str, str]] | None:
        """Return what was read, as it is now; None where that is not what was read.

        Parameters
        ----------
        without
            Folders that do not count, such as that of the cache.
        """
        ignored = tuple(f"{folder.absolute()}{os.sep}" for folder in without)
        modules = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
        files = {_source(file) for file in [*self._files, *filter(None, modules)]}
        files = {
            file
            for file in files
            if os.path.isfile(file)
            and not file.startswith((*ignored, "/dev/", "/proc/", "/sys/"))
            and not _of_this_package(file)
        }
        stamps = self._files.items()
        if not self.whole or any(_stamp(f) != then for f, then in stamps if f in files):
            return None
        own = {os.path.dirname(file) for file in files if not _installed(file)}
        folders = {
            folder
            for folder in self._folders | own
            if os.path.isdir(folder)
            and not f"{folder}{os.sep}".startswith(ignored)
            and not _installed(folder)
            and not _of_this_package(folder)
            and os.path.basename(folder) != "__pycache__"
        }
        return {
            "files": {file: _digest(file) for file in sorted(files)},
            "folders": {folder: _names(folder) for folder in sorted(folders)},
        }


def question_of(command: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a run is kept under.

    Parameters
    ----------
    command
        The name of the command.
    given
        Its arguments and options, as plain data, apart from where it writes what it finds.
    """
    environment = sorted(item for item in os.environ.items() if item[0] not in _IGNORED)
    return {
        "kind": "run",
        "command": command,
        "given": dict(given),
        "folder": os.getcwd(),
        "environment": hashlib.sha256(repr(environment).encode()).hexdigest(),
        "python": sys.version,
        "solvers": versions(),
        "code": digest_of_code(),
    }


def known_run(cache: Cache, question: Mapping[str, Any], reads: Reads) -> dict[str, Any] | None:
    """Return what the same run found, or None where anything that it read has changed.

    In a process that has loaded something before, the run would not read it again: None.
    """
    kept = cache.get(question) if reads.whole else None
    if kept is None:
        return None
    for file, digest in kept["read"]["files"].items():
        if not os.path.isfile(file) or _digest(file) != digest:
            return None
    for folder, names in kept["read"]["folders"].items():
        if not os.path.isdir(folder) or _names(folder) != names:
            return None
    found: dict[str, Any] = kept["found"]
    return found


def keep_run(
    cache: Cache, question: Mapping[str, Any], reads: Reads, found: Mapping[str, Any]
) -> None:
    """Keep what a run found, unless it read something before that was noticed, or in the making."""
    read = None if cache.directory is None else reads.described([cache.directory])
    if read is not None:
        cache.put(question, {"read": read, "found": dict(found)})


def _source(file: str) -> str:
    """Return the source of a compiled module, and any other file as it is."""
    try:
        return source_from_cache(file)
    except (ValueError, NotImplementedError):
        return os.path.abspath(file)


def _stamp(file: str) -> tuple[int, int] | None:
    try:
        status = os.stat(file)
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def _installed(path: str) -> bool:
    return f"{path}{os.sep}".startswith(_INSTALLED) and not _shipped(path)


def _of_this_package(path: str) -> bool:
    """Whether the digest of the code has it already."""
    return f"{path}{os.sep}".startswith(_PACKAGE) and not _shipped(path)


def _shipped(path: str) -> bool:
    return f"{path}{os.sep}".startswith(_SHIPPED)


def _digest(file: str) -> str:
    if _installed(file):
        status = os.stat(file)
        return f"{status.st_size} {status.st_mtime_ns}"
    with open(file, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _names(folder: str) -> str:
    names = sorted(name for name in os.listdir(folder) if name != "__pycache__")
    return hashlib.sha256("\0".join(names).encode("utf-8", "surrogateescape")).hexdigest()
