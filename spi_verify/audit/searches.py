"""Searches for an audit: beside each other, in processes of their own or on a cluster."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from typing import Any

from spi_verify.counterexamples import looking, saved
from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.file import confirm_saved, read_claimed
from spi_verify.counterexamples.statements.claimed import claim
from spi_verify.counterexamples.statements.closed import closed
from spi_verify.counterexamples.workers import Suites
from spi_verify.errors import InputError, Rejected
from spi_verify.executors import Died
from spi_verify.obligations.cache import Cache
from spi_verify.obligations.statements import Statement
from spi_verify.papers.choosing import choose
from spi_verify.papers.definitions import variant
from spi_verify.runs import InWorker, Noted, Reads

BOUNDS = Bounds(players=2, outcomes=3, candidates=60)
"""How far is searched where nothing shipped settles a reading; ``refute`` goes further."""


@dataclass(frozen=True)
class Found:
    """What became of a search, and of executing what it found once more, as it is saved.

    Parameters
    ----------
    refutation
        A counterexample, or None.
    conclusion
        What fails in it, if executing it confirms that.
    reason
        Why there is no counterexample, or no confirmed one.
    seconds
        Wall-clock time.
    """

    refutation: Mapping[str, Any] | None
    conclusion: str | None
    reason: str | None
    seconds: float


@contextmanager
def searching(
    suites: Suites,
    jobs: int,
    executor: Executor | None,
    reads: Reads | None = None,
    bounds: Bounds = BOUNDS,
    *,
    soon: bool = False,
) -> Iterator[Callable[[Statement], Callable[[], Found]]]:
    """Give a function that starts a search and returns where to get its answer.

    Parameters
    ----------
    suites
        What the statements come from. Searches in other processes load it again: formulas of z3
        cannot be sent, or shared between threads.
    jobs
        How many searches run beside each other; one runs in this process.
    executor
        A cluster.
    reads
        Is told what searches in other processes read.
    bounds
        How far to search.
    soon
        Whether there is going to be something to search for, so that processes are started at once.
    """
    if executor is not None:
        yield lambda statement: partial(_died, suites.submit(executor, find, statement, bounds))
        return
    if jobs == 1:
        yield lambda statement: lambda: find(statement, bounds)
        return
    pool = ProcessPoolExecutor(
        max_workers=jobs, mp_context=get_context("spawn"), initializer=InWorker.begin
    )
    try:
        for _ in range(jobs if soon else 0):
            suites.prepare(pool)
        yield lambda statement: partial(
            _noting, suites.submit(pool, _find_noting, statement, bounds), reads
        )
    finally:
        pool.shutdown(cancel_futures=True)


def again(
    targets: Sequence[str], replacements: Sequence[str], without: Sequence[str]
) -> list[Statement]:
    """Return the statements of suites, as :class:`Suites` reads them in another process."""
    statements, _ = choose(targets, variant(replacements), without=without)
    return [one for one in statements if isinstance(one, Statement)]


def _find_noting(statement: Statement, bounds: Bounds) -> tuple[Found, Noted]:
    """Find in a process of its own; return also what that process has read."""
    found = find(statement, bounds)
    assert InWorker.reads is not None
    return found, InWorker.reads.noted()


def _noting(future: Future[tuple[Found, Noted]], reads: Reads | None) -> Found:
    found, noted = future.result()
    if reads is not None:
        reads.include(noted)
    return found


def _died(future: Future[Found]) -> Found:
    """Return what a search found, or that its workers died."""
    try:
        return future.result()
    except Died as died:
        return Found(None, None, str(died), 0.0)


def find_saved(statement: Statement, cache: Cache) -> Found | None:
    """Try the counterexample that is shipped, which may hold or not.

    Parameters
    ----------
    statement
        With the theory and the hypotheses that count.
    cache
        Where it is kept whether shipped counterexamples hold.

    Raises
    ------
    InputError
        When the statement is malformed.
    """
    start = time.perf_counter()
    statement.order()  # nothing is executed for what is none
    shipped = saved.known(statement, cache, others=False)
    if shipped is None:
        return None
    return Found(shipped, str(shipped["conclusion"]), None, time.perf_counter() - start)


def find(statement: Statement, bounds: Bounds) -> Found:
    """Search.

    Parameters
    ----------
    statement
        With the theory and the hypotheses that count.
    bounds
        How far to search.
    """
    start = time.perf_counter()
    search = looking.refute(statement, bounds)
    if search.refutation is None:
        return Found(None, None, search.reason, time.perf_counter() - start)
    conclusion, trouble = _confirmed(statement, search.refutation)
    return Found(search.refutation, conclusion, trouble, time.perf_counter() - start)


def _confirmed(statement: Statement, data: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Execute what a search found; return the conclusion, or why it is none."""
    trouble = "the search found something that is no counterexample, a bug, please report it"
    said, meant = read_claimed(data), claim(closed(statement))
    if said.statement != meant.statement:
        return None, f"{trouble}: it is about {said.statement!r}"
    if said.without != meant.without:
        return None, f"{trouble}: it drops hypotheses that are supposed"
    if said != meant:
        return None, f"{trouble}: it replaces definitions"
    try:
        return confirm_saved(data).conclusion, None
    except (Rejected, InputError) as error:
        return None, f"{trouble}: {error}"
