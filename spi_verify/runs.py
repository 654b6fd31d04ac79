"""Runs that would find the same again: nothing that they read has changed.

A run of a command is kept with all that it read, as a build system does it: files by their
contents and where links to them lead, folders by the names in them, files and folders that were
looked for by not being there, installed packages by size and time. The same command, in the same
folder and environment, with the same versions, then has the same results, and neither formulas nor
solvers are needed to tell them.

Libraries that are no Python code open files unnoticed, as z3 does with SMT-LIB; so whatever is of
at most :data:`MAX_BYTES` beside a suite's code counts as read. A run that starts other programs,
asks a network or a database, or reads a pipe is not kept. What a suite's code finds out otherwise,
from a clock or by asking whether a file is there, is not noticed; nothing of that may decide what
it states.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import sysconfig
import warnings
from collections.abc import Iterator, Mapping, Sequence
from importlib.machinery import all_suffixes
from importlib.util import source_from_cache
from pathlib import Path
from typing import Any, TypeAlias

from spi_verify.obligations.cache import Cache, digest_of_code
from spi_verify.shipped import shipped
from spi_verify.solvers.processes import versions

_IGNORED = frozenset({"_", "COLUMNS", "LINES", "OLDPWD", "PWD", "SHLVL"})
"""Variables of the environment that differ between runs that are the same."""

MAX_BYTES = 1_000_000
"""Up to which size a file beside a suite's code counts as read, whether or not it was."""

_INSTALLED = tuple(
    f"{folder}{os.sep}"
    for name in ("stdlib", "platstdlib", "purelib", "platlib")
    for folder in {sysconfig.get_path(name), os.path.realpath(sysconfig.get_path(name))}
)
_PACKAGE = f"{Path(__file__).parent}{os.sep}"
_SHIPPED = f"{shipped('proofs')}{os.sep}"


Noted: TypeAlias = tuple[bool, dict[str, tuple[int, int] | None], list[str]]
"""Whether nothing was loaded before, the files that were read as they were, and the folders."""


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
        self._written: set[str] = set()
        self._searched = {os.path.abspath(entry or ".") for entry in sys.path}
        if self.whole:
            sys.addaudithook(self._note)

    def _note(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, flags = arguments[0], arguments[2]
            if isinstance(path, str | bytes | os.PathLike):
                self._note_file(os.fsdecode(path), flags)
        elif event in ("os.listdir", "os.scandir"):
            path = arguments[0]
            if path is None or isinstance(path, str | bytes | os.PathLike):
                self._folders.add(os.path.abspath(os.fsdecode(path or ".")))
        elif event in _OTHERS or (event == "subprocess.Popen" and not _own_child(arguments[1])):
            self.whole = False

    def _note_file(self, path: str, flags: int) -> None:
        if flags & os.O_ACCMODE == os.O_WRONLY or flags & (os.O_TRUNC | os.O_EXCL):
            self._written.add(os.path.abspath(path))
            return
        source = _source(path)
        try:
            mode = os.stat(source).st_mode
        except OSError:
            mode = stat.S_IFREG
        if stat.S_ISREG(mode):
            self._files.setdefault(source, _stamp(source))
        elif stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode):
            self.whole = False

    def noted(self) -> Noted:
        """Return what was read as plain data, for the process that this one works for."""
        modules = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
        imported = {source: _stamp(source) for source in map(_source, filter(None, modules))}
        return self.whole, imported | self._files, sorted(self._folders)

    def include(self, noted: Noted) -> None:
        """Note what a process read that works for this one."""
        whole, files, folders = noted
        self.whole = self.whole and whole
        for file, stamp in files.items():
            self._files.setdefault(file, stamp)
        self._folders |= set(folders)

    def described(self, without: Sequence[Path]) -> dict[str, dict[str, str]] | None:
        """Return what was read, as it is now; None where that is not what was read.

        Parameters
        ----------
        without
            Folders that do not count, such as that of the cache.
        """
        ignored = tuple(f"{folder.absolute()}{os.sep}" for folder in without)

        def counts(path: str) -> bool:
            elsewhere = f"{path}{os.sep}".startswith((*ignored, "/proc/", "/sys/"))
            return not elsewhere and not _of_this_package(path)

        modules = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
        read = {_source(file) for file in [*self._files, *filter(None, modules)]}
        # what is not there was looked for; within installed packages their names tell of that
        files = {f for f in read if counts(f) and (os.path.isfile(f) or not _installed(f))}
        stamps = self._files.items()
        if not self.whole or any(_stamp(f) != then for f, then in stamps if f in files):
            return None
        own = {os.path.dirname(f) for f in files if not _installed(f) and os.path.isfile(f)}
        code = {os.path.dirname(f) for f in files if f.endswith(".py") and not _installed(f)}
        files |= {f for folder in code for f in _small(folder) if f not in self._written}
        folders = {
            folder
            for folder in self._folders | own
            if counts(folder)
            and not _installed(folder)
            and os.path.basename(folder) != "__pycache__"
        }
        return {
            "files": {file: _digest(file) for file in sorted(files)},
            "folders": {folder: _names(folder) for folder in sorted(folders)},
            "searched": {folder: _importable(folder) for folder in sorted(self._searched)},
        }


class InWorker:
    """Notes what a worker's process reads; made there before anything else is loaded.

    Attributes
    ----------
    reads
        What was read, in a process that :meth:`begin` was called in.
    """

    reads: Reads | None = None

    @classmethod
    def begin(cls) -> None:
        """Begin, as the initializer of a process. A run that warns there is not kept."""
        cls.reads = reads = Reads()
        sys.stdout = sys.stderr  # what a user's code prints stays out of the document
        show = warnings.showwarning

        def warn(*arguments: Any, **named: Any) -> None:
            reads.whole = False
            show(*arguments, **named)

        warnings.showwarning = warn


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
        "python": [sys.version, sys.prefix, repr(sys.flags), *sys.warnoptions],
        "path": list(sys.path),
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
    ways = (("files", _digest), ("folders", _names), ("searched", _importable))
    for what, digest in ways:
        if any(digest(path) != then for path, then in kept["read"][what].items()):
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
    return path.endswith(".py") and path.startswith(_PACKAGE) and not _shipped(path)


def _shipped(path: str) -> bool:
    return f"{path}{os.sep}".startswith(_SHIPPED)


def _digest(file: str) -> str:
    """Return what tells a file from another one; nothing where there is none that can be read."""
    try:
        if _installed(file):
            status = os.stat(file)
            return f"{status.st_size} {status.st_mtime_ns}"
        if not os.path.isfile(file):
            return ""
        with open(file, "rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""
    real = os.path.realpath(file)
    return digest if real == file else f"{digest} {real}"


def _names(folder: str) -> str:
    """Return what tells the names in a folder from others, and where links among them lead."""
    try:
        with os.scandir(folder) as entries:
            names = sorted(
                f"{entry.name}\0{os.readlink(entry) if entry.is_symlink() else ''}"
                for entry in entries
                if entry.name != "__pycache__"
            )
    except OSError:
        return ""
    return _hashed([os.path.realpath(folder), *names])


def _importable(folder: str) -> str:
    """Return what tells the modules in a folder, or in an archive, from others."""
    if os.path.isfile(folder):
        return _digest(folder)
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return ""
    endings = (*all_suffixes(), "-info", ".pth")
    kept = [name for name in names if name.endswith(endings) or "." not in name]
    return _hashed([os.path.realpath(folder), *(one for one in kept if one != "__pycache__")])


def _hashed(names: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(names).encode("utf-8", "surrogateescape")).hexdigest()


def _small(folder: str) -> Iterator[str]:
    """Iterate over the files in a folder that are not large."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_file() and entry.stat().st_size <= MAX_BYTES:
                    yield entry.path
    except OSError:
        return


_OTHERS = frozenset(
    {
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.posix_spawn",
        "os.system",
        "socket.connect",
        "sqlite3.connect",
    }
)
"""What lets others read, unnoticed: it starts a program, or asks one, or a database."""


def _own_child(arguments: Any) -> bool:
    """Whether a child is one of this package's, which reads nothing but its questions."""
    return (
        isinstance(arguments, list | tuple)
        and [*arguments[:1]] == [sys.executable]
        and any(isinstance(one, str) and one.startswith("spi_verify.") for one in arguments)
    )
