"""Where work is done: here, or by the workers of a Dask cluster that runs already.

Only text and plain data travel, and a cluster's answer is that of the same function here. Dask is
imported where it is asked for.
"""

from __future__ import annotations

import hashlib
import logging
import pickle
import re
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar

from spi_verify.errors import InputError
from spi_verify.shipped import shipped
from spi_verify.solvers import SolverDisagreement, versions
from spi_verify.solvers.processes import disagreement

P = ParamSpec("P")
T = TypeVar("T")

PATIENCE = 10.0
"""Seconds in which a scheduler and its workers have to answer when a run begins."""

PAUSE = 2.0
"""Seconds between looking whether the cluster still has workers."""

ALONE = 60.0
"""Seconds without any worker, or without an answer of the scheduler, that end a run."""


class Died(Exception):
    """Work that no worker lived to finish; the text says so."""


def ask(
    executor: Executor | None, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
) -> T:
    """Call a function: here, or where an executor calls it.

    Raises
    ------
    Died
        When the workers that tried died of it.
    """
    if executor is None:
        return function(*args, **kwargs)
    return executor.submit(function, *args, **kwargs).result()


@contextmanager
def working(place: str | None, jobs: int) -> Iterator[tuple[Executor | None, int]]:
    """Connect to where work is to be done.

    Parameters
    ----------
    place
        ``dask://HOST:PORT``, or None: here.
    jobs
        How much is to be worked on at a time here; a cluster's workers decide that there.

    Returns
    -------
    tuple
        The executor, None for here; and how much to give out at a time.

    Raises
    ------
    InputError
        When Dask is not installed, the address is malformed, nobody answers there, there are no
        workers, or one of them has other versions than this program.

    Notes
    -----
    Leaving the context cancels what was submitted and not collected.
    """
    if place is None:
        yield None, jobs
        return
    with _Cluster(place) as cluster:
        yield cluster, cluster.jobs


@lru_cache
def identity() -> dict[str, str]:
    """Return what answers depend on: a digest of this package's files, and solvers' versions."""
    from spi_verify.obligations.cache import digest_of_code

    digest = hashlib.sha256(digest_of_code().encode())
    for file in sorted(shipped("proofs").rglob("*.json")):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return {"files of spi-verify": digest.hexdigest()[:12], **versions()}


class _Cluster(Executor):
    """The workers of a Dask cluster.

    Parameters
    ----------
    place
        ``dask://HOST:PORT``.
    """

    def __init__(self, place: str) -> None:
        match = re.fullmatch(r"dask://(\[[0-9A-Fa-f:.]+\]|[^\s:/@\[\]]+):([0-9]{1,5})", place)
        if match is None or not 0 < int(match[2]) < 65536:
            raise InputError(f"--executor {place}: write dask://HOST:PORT")
        import asyncio

        try:
            import distributed
        except ImportError:
            raise InputError(
                "--executor needs Dask; install it with pip install 'spi-verify[dask]'"
            ) from None
        # What Dask would say of a lost connection or a dead worker is said here in one line.
        for name in ("distributed", "distributed.client", "tornado.application", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self.place = place
        self._dask = distributed
        self._lock = threading.Lock()
        self._submitted: dict[Future[Any], Any] = {}
        self._lost: InputError | None = None
        self._ended = threading.Event()
        try:
            address = f"tcp://{place.removeprefix('dask://')}"
            asyncio.run(asyncio.wait_for(_greet(address), PATIENCE))
            self._client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
        except TimeoutError:
            reason = f"no Dask scheduler answers there within {PATIENCE:g} s"
            raise InputError(f"--executor {place}: {reason}") from None
        except Exception as error:
            reason = str(error).partition("\n")[0] or type(error).__name__
            raise InputError(f"--executor {place}: no Dask scheduler there: {reason}") from None
        try:
            self.jobs = self._check_workers()
        except BaseException:
            self.shutdown()
            raise
        threading.Thread(target=self._watch, daemon=True).start()

    def _check_workers(self) -> int:
        """Check that all workers are as this process; return how much to give out at a time."""
        try:
            threads = self._client.nthreads(callback_timeout=PATIENCE)
            found = self._client.run(identity, on_error="return", callback_timeout=PATIENCE)
        except (OSError, TimeoutError):
            raise InputError(
                f"--executor {self.place}: its workers do not answer within {PATIENCE:g} s"
            ) from None
        if not threads:
            raise InputError(f"--executor {self.place}: the cluster has no workers")
        for worker, there in sorted(found.items()):
            if isinstance(there, BaseException):
                reason = f"{type(there).__name__}: {there}".partition("\n")[0]
                raise InputError(f"worker {worker} cannot run spi-verify ({reason})")
            _check_same(worker, identity(), there)
        # Twice the threads: a worker need not wait for the way there and back.
        return 2 * int(sum(threads.values()))

    def submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a worker call a function, once or more often: workers may die."""
        work = pickle.dumps((function, args, kwargs))
        future: Future[T] = Future()
        with self._lock:
            if self._lost is not None:
                raise self._lost
            if self._ended.is_set():
                raise RuntimeError("the executor was shut down")
            key = f"spi-verify-{uuid.uuid4().hex}"
            remote = self._client.submit(_work, identity(), work, key=key, pure=False)
            self._submitted[future] = remote
        self._client.loop.add_callback(self._hand_over, future, remote)
        return future

    async def _hand_over(self, future: Future[Any], remote: Any) -> None:
        """Wait for an answer in Dask's thread, which no thread of this program has to outlive."""
        result, error = None, None
        try:
            result = await self._client.gather(remote, asynchronous=True)
        except Exception as raised:
            if remote.status != "error":
                self._lose("the connection to it was lost")
                return
            error = self._said(raised)
        remote.release()
        with self._lock:
            if self._submitted.pop(future, None) is None:
                return
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)

    def _said(self, error: Exception) -> Exception:
        """Return what an error that came from a worker, or from the scheduler, means here."""
        if isinstance(error, self._dask.KilledWorker):
            return Died(f"{error.allowed_failures + 1} workers that worked on it died")
        if isinstance(error, SolverDisagreement):
            return disagreement(error.smtlib, error.z3, error.cvc5)
        if isinstance(error, ImportError):
            return InputError(f"--executor {self.place}: a worker cannot run spi-verify ({error})")
        return error

    def _lose(self, why: str) -> None:
        """Give up everything that was submitted, because the cluster is gone."""
        with self._lock:
            if self._ended.is_set() or self._lost is not None:
                return
            self._lost = InputError(
                f"--executor {self.place}: {why}; what is in the cache stays there"
            )
            given_up, self._submitted = self._submitted, {}
        for future in given_up:
            future.set_exception(self._lost)

    def _watch(self) -> None:
        """Notice that all workers are gone for good, or that the scheduler does not answer."""
        alone = 0.0
        while not self._ended.wait(PAUSE):
            try:
                alone = 0.0 if self._client.nthreads(callback_timeout=ALONE) else alone + PAUSE
            except Exception:
                self._lose("the scheduler does not answer any more")
                return
            if alone >= ALONE:
                self._lose(f"there was no worker for {ALONE:g} s")
                return

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        """Cancel what nobody has collected, and disconnect."""
        with self._lock:
            self._ended.set()
            cancelled, self._submitted = self._submitted, {}
        for future in cancelled:
            future.cancel()
        try:
            self._client.close(timeout=PATIENCE if self._lost is None else 1)
        except Exception:
            logging.getLogger(__name__).debug("closing failed", exc_info=True)


async def _greet(address: str) -> None:
    """Connect once: a client of Dask waits for ever where somebody listens and says nothing."""
    import distributed

    async with distributed.rpc(address) as server:
        who = (await server.identity())["type"]
    if who != "Scheduler":
        raise ValueError(f"it is a {who}")


def _work(wanted: dict[str, str], work: bytes) -> Any:
    """Run on a worker: call a function, if this worker is as the one who asks."""
    from distributed import get_worker

    worker = get_worker().address
    _check_same(worker, wanted, identity())
    function, args, kwargs = pickle.loads(work)
    try:
        return function(*args, **kwargs)
    except InputError as error:
        raise InputError(f"on worker {worker}: {error}") from None


def _check_same(worker: str, here: dict[str, str], there: dict[str, str]) -> None:
    for name in here:
        if there.get(name) != here[name]:
            raise InputError(
                f"worker {worker} has {name} {there.get(name)} and this program {here[name]}; "
                "install the same, and restart the worker"
            )
