"""Answers kept between runs, keyed by everything they depend on."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from spi_verify.obligations.suites import shipped_suites

SCHEMA = "spi-verify/cache/1"
MAX_BYTES = 50_000_000


def cache_directory() -> Path:
    """Return where answers are kept: under ``XDG_CACHE_HOME``, or ``~/.cache``."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "spi-verify" / "answers"


@functools.cache
def digest_of_code() -> str:
    """Return a digest of this package and of the shipped suites.

    What they execute is the same wherever this is the same, installed or in a checkout.
    """
    package, suites = Path(__file__).resolve().parent.parent, shipped_suites()
    files = {
        file.relative_to(folder).as_posix(): file
        for folder in (package, suites)
        for file in folder.rglob("*.py")
        if folder == suites or package / "shipped" not in file.parents
    }
    digest = hashlib.sha256()
    for name, file in sorted(files.items()):
        digest.update(f"{name}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


class Cache:
    """A directory with a file for each question.

    Parameters
    ----------
    directory
        None: nothing is kept and nothing found.
    """

    def __init__(self, directory: Path | None) -> None:
        self.directory = directory

    def get(self, question: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the answer kept for a question, or None.

        An entry that is damaged, or is no answer to this very question, is ignored with a
        warning.
        """
        if self.directory is None:
            return None
        file = self._file(question)
        try:
            with file.open("rb") as stream:
                text = stream.read(MAX_BYTES)
            entry = json.loads(text)
            answer = entry["answer"]
            genuine = (
                entry["schema"] == SCHEMA
                and entry["question"] == question
                and entry["digest"] == _digest([question, answer])
                and isinstance(answer, dict)
            )
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            genuine = False
        if not genuine:
            warnings.warn(f"ignoring a damaged or foreign cache entry: {file}", stacklevel=2)
            return None
        return dict(answer)

    def put(self, question: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        """Keep an answer; a directory that cannot be written is a warning."""
        if self.directory is None:
            return
        entry = {
            "schema": SCHEMA,
            "question": question,
            "answer": answer,
            "digest": _digest([question, answer]),
        }
        file = self._file(question)
        temporary = None
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", dir=file.parent, delete=False) as stream:
                temporary = stream.name
                json.dump(entry, stream)
            os.replace(temporary, file)
        except OSError as error:
            warnings.warn(f"cannot keep answers in {file.parent}: {error.strerror}", stacklevel=2)
            if temporary is not None:
                with contextlib.suppress(OSError):
                    os.unlink(temporary)

    def _file(self, question: Mapping[str, Any]) -> Path:
        assert self.directory is not None
        return self.directory / f"{_digest(question)}.json"


def _digest(document: Any) -> str:
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
