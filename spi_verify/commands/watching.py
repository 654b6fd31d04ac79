"""What is watched, how it is decided, and what changed: model files, suites, papers' folders."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from spi_verify.errors import InputError
from spi_verify.files import read_json
from spi_verify.shards import MAX_BYTES
from spi_verify.sources import files_in, is_model, is_suite
from spi_verify.text import printable
from spi_verify.verdicts import Report, Result, summary

PAUSE = 0.1
"""So many seconds pass between two looks at the files."""

MANY = 10_000
"""What is read from so many files is kept as long as they stay as they are."""

Stamps = Mapping[Path, tuple[int, int]]
"""When files were changed last, and how large they are."""


@dataclass(frozen=True)
class Decided:
    """The results of something watched.

    Parameters
    ----------
    results
        By their ids.
    errors
        Why something could not be read.
    """

    results: Mapping[str, Result] = field(default_factory=dict)
    errors: tuple[str, ...] = ()


class Look:
    """What is in folders, and the state of files, asked for once each however many depend on it."""

    def __init__(self) -> None:
        self.files_in = functools.cache(_files_in)
        self.stamp = functools.cache(_stamp)

    def stamps(self, files: Iterable[Path]) -> Stamps:
        """Return the state of those files that are there."""
        stamps = {file: self.stamp(file) for file in files}
        return {file: stamp for file, stamp in stamps.items() if stamp is not None}


def _files_in(folder: Path) -> tuple[Path, ...]:
    return tuple(one for one in folder.iterdir() if one.is_file())


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size


@dataclass(frozen=True)
class Source:
    """Something that is decided as a whole: a model file, a suite, or the folder of a paper."""

    path: Path

    def stamps(self, look: Look | None = None) -> Stamps:
        """Return the state of the files that its verdicts depend on.

        These are those in its folder; of a paper's folder also those further inside. A model file
        depends on itself, and on what it names beside it.

        Parameters
        ----------
        look
            Shared with others that are asked at the same moment.
        """
        look = look or Look()
        if self.path.is_dir():
            return look.stamps(files_in(self.path))
        own = self.path.absolute()
        beside = look.files_in(own.parent)
        if self.path.suffix == ".toml":
            return look.stamps(_named(own, look.stamp(own), beside))
        return look.stamps(beside)

    def decide(self, changed: Callable[[], bool]) -> Decided | None:
        """Decide it; None where it changes meanwhile.

        Parameters
        ----------
        changed
            Whether it has changed since this was asked for.
        """
        if self.path.suffix == ".toml":
            return _model(self.path)
        return _code(self.path, changed)


@functools.lru_cache(MANY)
def _named(model: Path, _: tuple[int, int] | None, beside: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return the model file and what it names beside it, read once for each of its states."""
    said = model.read_text(encoding="utf-8", errors="replace")
    return tuple(one for one in beside if one == model or one.name in said)


@functools.lru_cache(MANY)
def _decidable(file: Path, _: tuple[int, int] | None) -> bool:
    """Return whether a file is a model or a suite, read once for each of its states."""
    return is_model(file) or is_suite(file)


def sources_at(path: Path, look: Look | None = None) -> list[Source]:
    """Return what a path names: a file, the folder of a paper, or what is in a folder.

    Parameters
    ----------
    path
        It.
    look
        As :meth:`Source.stamps` takes it.

    Raises
    ------
    InputError
        When there is nothing.
    """
    if path.is_file():
        if path.suffix not in (".toml", ".py"):
            what = "only models (.toml) and suites (.py) are watched"
            raise InputError(what, file=str(path))
        return [Source(path.parent if path.name == "paper.toml" else path)]
    if not path.is_dir():
        raise InputError("there is no such file or folder", file=str(path))
    if (path / "paper.toml").is_file():
        return [Source(path)]
    files = list(files_in(path))
    papers = [file.parent for file in files if file.name == "paper.toml"]
    alone = [file for file in files if not any(file.is_relative_to(paper) for paper in papers)]
    look = look or Look()
    found = [Source(file) for file in alone if _decidable(file, look.stamp(file))]
    found += [Source(paper) for paper in papers if not _inside_another(paper, papers)]
    if not found:
        raise InputError("there is no model file, suite or paper in this folder", file=str(path))
    return found


def _inside_another(paper: Path, papers: Iterable[Path]) -> bool:
    return any(other != paper and paper.is_relative_to(other) for other in papers)


def _model(path: Path) -> Decided:
    from spi_verify.claims.check import check_model
    from spi_verify.claims.reader import read_model

    try:
        results = {result.id: result for result in check_model(read_model(path))}
    except InputError as error:
        return Decided(errors=(str(error),))
    nothing = f"{path}: nothing to check: the file makes no claims"
    return Decided(results, () if results else (nothing,))


def _code(path: Path, changed: Callable[[], bool]) -> Decided | None:
    """Audit a suite or a paper in a process of its own, in which its code is run anew."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "audit.json"
        package = str(Path(__file__).resolve().parents[2])
        paths = os.pathsep.join([*(one for one in sys.path if one), package])
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", "spi_verify", "audit", str(path), "--json", str(target)],
            stdout=subprocess.DEVNULL,
            stderr=None if sys.stderr.isatty() else subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": paths},
        )
        try:
            while True:
                try:
                    child.wait(PAUSE)
                    break
                except subprocess.TimeoutExpired:
                    if changed():
                        return None
        finally:
            if child.poll() is None:
                child.terminate()
                child.wait()
        try:
            document = read_json(target, max_bytes=MAX_BYTES, decimal=float)
        except InputError:
            return Decided(errors=(f"{path}: 'spi-verify audit {path}' says why it ended",))
    found = {
        reading["id"]: Result.from_json(reading)
        for row in document["statements"]
        for reading in (row["literal"], row["repaired"])
        if reading is not None
    }
    return Decided(found, tuple(document.get("errors", ())))


def what_changed(before: Decided, after: Decided) -> Iterator[str]:
    """Tell in lines what is another verdict, is new or is gone, and why."""
    for id, result in after.results.items():
        was = before.results.get(id)
        now = _shown(result)
        if was is None:
            yield printable(f"new: {id}: {now}")
        elif (was.shown, was.expected) != (result.shown, result.expected):
            yield printable(f"{id}: {was.verdict} -> {now}")
        else:
            continue
        yield from (f"  {line}" for line in _why(result))
    if not after.errors:
        for id, result in before.results.items():
            if id not in after.results:
                yield printable(f"gone: {id} (was {result.verdict})")


def _shown(result: Result) -> str:
    surprise = "" if result.as_expected else f" (NO: expected {result.expected})"
    return f"{result.shown}{surprise}"


def _why(result: Result) -> Iterator[str]:
    story = (result.counterexample or {}).get("story")
    if isinstance(story, list):
        yield from (printable(str(line)) for line in story)
    elif result.reason:
        yield printable(result.reason)


def counted(decided: Decided) -> str:
    """Return a line such as ``5 claims: 4 proved, 1 refuted; all as expected``."""
    return summary(Report(list(decided.results.values()), list(decided.errors)))
