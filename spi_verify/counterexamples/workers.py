"""Searches on the workers of a cluster.

Formulas of z3 cannot be sent. A worker reads the suites for itself, and checks that it got the very
statement that is meant.
"""

from __future__ import annotations

import hashlib
import json
import threading
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import z3

from spi_verify.counterexamples.statements.spoken_of import symbols_of
from spi_verify.errors import InputError
from spi_verify.obligations.statements import Statement

T = TypeVar("T")

_LOCK = threading.Lock()
_read: dict[str, Sequence[Statement]] = {}


@dataclass(frozen=True)
class Suites:
    """What a run's statements come from, for workers that read it again.

    Parameters
    ----------
    read
        Returns the statements, given the other three; a function of a module.
    targets, replacements, without
        As a command takes them; paths of targets are whole ones.
    run
        Names the run: files may have changed when the next one comes.
    """

    read: Callable[[Sequence[str], Sequence[str], Sequence[str]], Sequence[Statement]]
    targets: tuple[str, ...]
    replacements: tuple[str, ...]
    without: tuple[str, ...]
    run: str = field(default_factory=lambda: uuid.uuid4().hex)

    def submit(
        self,
        executor: Executor,
        work: Callable[..., T],
        statement: Statement,
        *args: Any,
    ) -> Future[T]:
        """Have ``work(statement, ...)`` called by a worker that reads the statement again."""
        digest = _digest(statement)
        return executor.submit(_on_worker, self._there, statement.id, digest, work, *args)

    def prepare(self, executor: Executor) -> None:
        """Have a worker read the statements, for what is going to be submitted."""
        executor.submit(_prepare, self._there)

    @property
    def _there(self) -> Suites:
        return replace(self, replacements=tuple(map(_absolute, self.replacements)))


def _absolute(replacement: str) -> str:
    """Return a text ``NAME=FILE:OBJECT`` with the whole path; workers run in folders of theirs."""
    name, _, place = replacement.partition("=")
    source, _, attribute = place.rpartition(":")
    if not Path(source).is_file():
        return replacement
    return f"{name}={Path(source).resolve()}:{attribute}"


def _on_worker(suites: Suites, id: str, digest: str, work: Callable[..., T], *args: Any) -> T:
    # One at a time: threads cannot share z3. What a worker's other threads drop may be z3's.
    with _LOCK:
        z3.z3core.Z3_enable_concurrent_dec_ref(z3.main_ctx().ref())
        for statement in _statements(suites):
            if statement.id == id and _digest(statement) == digest:
                return work(statement, *args)
    raise InputError(f"{id} is another statement here; its files must be the same everywhere")


def _prepare(suites: Suites) -> None:
    with _LOCK:
        _statements(suites)


def _statements(suites: Suites) -> Sequence[Statement]:
    if suites.run not in _read:
        _read.clear()
        _require_there(suites.targets)
        _read[suites.run] = suites.read(suites.targets, suites.replacements, suites.without)
    return _read[suites.run]


def _require_there(targets: Sequence[str]) -> None:
    gone = next(
        (one for one in targets if Path(one).is_absolute() and not Path(one).exists()), None
    )
    if gone is not None:
        raise InputError(
            "there is no such file or folder here: whoever searches reads it again, so put it "
            "where every worker finds it, or search without --executor",
            file=gone,
        )


def _digest(statement: Statement) -> str:
    """Return a hash of everything a search depends on."""
    theory = statement.theory
    told = [
        statement.id,
        [[h.name, h.formula.sexpr()] for h in statement.hypotheses],
        statement.goal.formula.sexpr(),
        list(statement.definitions),
        {
            name: theory.axiom(name).sexpr()
            for name in sorted(symbols_of(statement, definitions=True))
            if name in theory
        },
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()
