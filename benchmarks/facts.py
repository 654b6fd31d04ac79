"""Measure how many steps of the paper's proofs are found again without their lists of facts.

Run from the root of the repository::

    python -m benchmarks.facts [--steps 60] [--seed 0] [--step TEXT] [--json]

Steps of the statements that are to be proved are drawn, each different one once; ``--steps 0``
takes all. Each loses its list, and facts are found for it among all that is in scope, as ``prove``
does it, without any cache. Printed are how many of them are found and proved by both solvers from
what was found alone, how many facts were offered, how many were listed and needed, and the time.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial

import z3

from spi_verify.obligations import Statement, Step
from spi_verify.obligations.cache import Cache
from spi_verify.obligations.deciding import Budget
from spi_verify.obligations.facts import Found, find
from spi_verify.obligations.filling import in_scope
from spi_verify.papers.loading import load_shipped
from spi_verify.solvers.smtlib import render
from spi_verify.verdicts import Verdict


@dataclass(frozen=True)
class Row:
    """What became of one step: how many facts were in scope and listed, and what was found."""

    step: str
    in_scope: int
    listed: int
    found: Found

    def __str__(self) -> str:
        return (
            f"{self.step}: {self.found.reason or 'one solver alone'} ({self.found.seconds:.1f} s)"
        )


def steps() -> list[tuple[Statement, Step]]:
    """Return every distinct step of the shipped statements that are to be proved."""
    found: dict[object, tuple[Statement, Step]] = {}
    for statement in load_shipped():
        if isinstance(statement, Statement) and statement.expected is Verdict.PROVED:
            for step in statement.steps:
                key = (step.formula, *statement.scope(step))
                found.setdefault(key, (statement, step))
    return list(found.values())


def measure(chosen: Iterable[tuple[Statement, Step]], jobs: int = 2) -> list[Row]:
    """Find facts for steps that lost theirs."""
    questions = []
    for statement, step in chosen:
        formulas, defines = in_scope(statement, step)
        facts = {name: render(formula) for name, formula in formulas.items()}
        asked = render(step.formula), render(z3.Not(step.formula)), facts, defines
        listed = len(statement.uses(step))
        row = partial(Row, f"{statement.id}: {step.name}", len(facts), listed)
        questions.append((row, partial(find, *asked, Budget(), Cache(None))))
    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(lambda question: question[0](question[1]()), questions))


def told(rows: Sequence[Row]) -> Iterator[str]:
    """Return the figures as lines."""
    both = [row for row in rows if row.found.agreed]
    seconds = [row.found.seconds for row in rows]
    yield f"{len(both)} of {len(rows)} steps found and proved by both solvers"
    offered = Counter(
        "all" if row.found.offered == row.in_scope else row.found.offered for row in both
    )
    told = ", ".join(f"{offered[size]} with {size}" for size in sorted(offered, key=str))
    yield f"by the number of facts offered: {told}"
    listed = statistics.mean(row.listed for row in both)
    needed = statistics.mean(len(row.found.facts or ()) for row in both)
    yield f"facts a step: {listed:.1f} listed, {needed:.1f} found"
    yield (
        f"solver time: median {statistics.median(seconds):.2f} s, nine of ten within "
        f"{sorted(seconds)[9 * len(seconds) // 10]:.1f} s, at most {max(seconds):.1f} s"
    )
    yield from (f"  {row}" for row in rows if not row.found.agreed)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how facts are found for steps.")
    parser.add_argument("--steps", type=int, default=60, help="how many are drawn; 0: all")
    parser.add_argument("--seed", type=int, default=0, help="which are drawn")
    parser.add_argument("--step", default="", help="only steps with this text in their names")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="print every row as JSON")
    arguments = parser.parse_args()
    known = [(one, step) for one, step in steps() if arguments.step in f"{one.id}: {step.name}"]
    if 0 < arguments.steps < len(known):
        known = random.Random(arguments.seed).sample(known, arguments.steps)
    rows = measure(known, arguments.jobs)
    if arguments.json:
        print(json.dumps([asdict(row) for row in rows], indent=1))
        return
    print("\n".join(told(rows)))


if __name__ == "__main__":
    main()
