"""A line of the table that ``python -m benchmarks`` prints."""

from __future__ import annotations

import importlib
import resource
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Measured:
    """What one thing took at one size.

    Parameters
    ----------
    what, size
        What was done, and on how much.
    seconds
        How long it took: wall time of whole commands, else as the benchmark's text says.
    baseline, baseline_seconds
        What it is held against, and how long that took in the same run; both may be missing.
    growth
        How many times as long it took as at the size before, where there is one.
    """

    what: str
    size: str
    seconds: float
    baseline: str = ""
    baseline_seconds: float | None = None
    growth: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times as long as its baseline it took."""
        return self.seconds / self.baseline_seconds if self.baseline_seconds else None


def growing(rows: Iterable[Measured]) -> Iterator[Measured]:
    """Iterate over rows of one thing at more and more, with how it grows."""
    before: Measured | None = None
    for row in rows:
        grown = None if before is None else row.seconds / before.seconds
        yield replace(row, growth=grown)
        before = row


def run_benchmark(name: str) -> tuple[list[Measured], float]:
    """Return the rows of a benchmark, and the peak of its memory in MiB.

    For a process of its own, which could not find it beside what is run with ``python -m``.
    """
    rows = list(importlib.import_module(f"benchmarks.{name}").rows())
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return rows, max(resource.getrusage(kind).ru_maxrss for kind in kinds) / 1024
