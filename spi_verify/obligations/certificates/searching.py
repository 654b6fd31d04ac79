"""Certificates found in processes of their own, and kept between runs."""

from __future__ import annotations

import contextlib
import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from spi_verify.checker.terms import Tree, read
from spi_verify.obligations.cache import Cache
from spi_verify.obligations.certificates.expressions import text_of
from spi_verify.obligations.certificates.finding import certificate
from spi_verify.obligations.certificates.kept import Kept
from spi_verify.obligations.certificates.theory import Unexplained
from spi_verify.solvers import versions


class Searching:
    """Finds certificates; a solver that crashes takes none of this process with it.

    Parameters
    ----------
    cache
        Where they are kept. Nothing in it is believed: the checker sees all of them.
    kept
        Where they are looked up first.
    """

    def __init__(self, cache: Cache, kept: Kept | None = None) -> None:
        self._cache, self._kept = cache, kept
        self._known: dict[str, Sequence[Tree]] = {}
        self._pool: ProcessPoolExecutor | None = None

    def find(self, commands: Sequence[Tree]) -> Sequence[Tree]:
        """Return a certificate of the commands of a step.

        Raises
        ------
        Unexplained
            When there is none.
        """
        if self._kept is not None:
            with contextlib.suppress(Unexplained):
                return self._kept.find(commands)
        text = text_of(list(commands))
        if text not in self._known:
            question = {"kind": "certificate", "commands": text, "versions": versions()}
            kept = self._cache.get(question)
            items = read(kept["items"]) if kept is not None else self._search(commands)
            self._known[text] = items
            if kept is None:
                self._cache.put(question, {"items": " ".join(map(text_of, items))})
        return self._known[text]

    def _search(self, commands: Sequence[Tree]) -> Sequence[Tree]:
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(max_workers=1, mp_context=context)
        try:
            items, reason = self._pool.submit(_search, list(commands)).result()
        except BrokenProcessPool:
            self._pool = None
            raise Unexplained("the solver's process died") from None
        if items is None:
            raise Unexplained(reason)
        return items

    def close(self) -> None:
        """End the process."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


def _search(commands: Sequence[Tree]) -> tuple[Sequence[Tree] | None, str]:
    try:
        return certificate(commands), ""
    except Unexplained as error:
        return None, str(error)
