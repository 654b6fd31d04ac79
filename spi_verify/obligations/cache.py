"""Answers kept between runs, keyed by everything they depend on, and signed."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import hmac
import json
import os
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from spi_verify.errors import InputError
from spi_verify.obligations.signing import key, signature
from spi_verify.shipped import shipped

SCHEMA = "spi-verify/cache/2"
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
    package, suites = Path(__file__).resolve().parent.parent, shipped("proofs")
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
    """A directory with a file for each question, signed with the user's key.

    Without a key that only the user can write, nothing is kept and nothing found; a warning says
    so.

    Parameters
    ----------
    directory
        None: nothing is kept and nothing found.
    """

    def __init__(self, directory: Path | None) -> None:
        self.directory = directory
        self._key = b""
        self._warned = False
        if directory is not None:
            try:
                self._key = key()
            except InputError as error:
                self.directory = None
                warnings.warn(f"no answers are kept or used: {error}", stacklevel=2)

    def get(self, question: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the answer kept for a question, or None.

        An entry that is damaged, that was signed with another key, or that is no answer to this
        very question, is ignored; the first one is a warning.
        """
        if self.directory is None:
            return None
        asked = _text(question)
        file = self._file(asked)
        try:
            with file.open("rb") as stream:
                text = stream.read(MAX_BYTES)
            entry = json.loads(text)
            answer, signed = entry["answer"], entry["signature"]
            genuine = isinstance(answer, dict) and hmac.compare_digest(
                signed, self._signature(asked, answer)
            )
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            genuine = False
        if not genuine:
            self._warn(f"ignoring damaged or foreign cache entries, such as {file}")
            return None
        return dict(answer)

    def put(self, question: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        """Keep an answer; a directory that cannot be written is a warning."""
        if self.directory is None:
            return
        asked = _text(question)
        entry = {
            "schema": SCHEMA,
            "question": question,
            "answer": answer,
            "signature": self._signature(asked, answer),
        }
        file = self._file(asked)
        temporary = None
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", dir=file.parent, delete=False) as stream:
                temporary = stream.name
                stream.write(json.dumps(entry))  # `json.dump` takes ten times as long
            os.replace(temporary, file)
        except OSError as error:
            warnings.warn(f"cannot keep answers in {file.parent}: {error.strerror}", stacklevel=2)
            if temporary is not None:
                with contextlib.suppress(OSError):
                    os.unlink(temporary)

    def _file(self, asked: str) -> Path:
        assert self.directory is not None
        name = hashlib.sha256(f"{SCHEMA}\n{asked}".encode()).hexdigest()
        return self.directory / f"{name}.json"

    def _signature(self, asked: str, answer: Mapping[str, Any]) -> str:
        return signature(self._key, f"{SCHEMA}\n{asked}\n{_text(answer)}")

    def _warn(self, message: str) -> None:
        """Say it for the first of many: a cache that was copied has a thousand such entries."""
        if not self._warned:
            self._warned = True
            warnings.warn(f"{message}; they are decided anew", stacklevel=3)


def _text(document: Mapping[str, Any]) -> str:
    """Return one text without line breaks for each document."""
    return json.dumps(document, sort_keys=True)
