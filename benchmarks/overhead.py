"""Measure what this program costs beside the solvers: python -m benchmarks.overhead.

Decides 1,000 small obligations, none of them known, on two workers: a hundred statements of ten
steps each, as small as the steps of the paper's proofs. Processor time is counted, so that other
work on the machine does not matter: that of this process, and that of the solvers' processes, whose
start (importing a solver) counts as overhead, too. Wall time is printed beside it.
"""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import z3

from benchmarks.measured import Measured
from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.obligations.cache import Cache
from spi_verify.obligations.running import run
from spi_verify.solvers import ask_both, processes
from spi_verify.theory import PAPER
from spi_verify.theory.signature import Outcome, Player, u
from spi_verify.theory.terms import Formula, OutcomeTerm
from spi_verify.verdicts import Verdict

STATEMENTS = 100
STEPS = 10
WORKERS = 2


def _statement(number: int) -> Statement:
    """Return a chain of improvements on an outcome that pays at least a number."""
    points = z3.Consts(" ".join(f"x{k}" for k in range(STEPS + 1)), Outcome)
    i = z3.Const("i", Player)

    def floor(point: OutcomeTerm) -> Formula:
        return z3.ForAll([i], u(i, point) >= number)

    hypotheses = [Hypothesis("floor", floor(points[0]), "The first outcome pays something.")]
    hypotheses += [
        Hypothesis(f"better-{k}", PAPER.weakly_improves(points[k], points[k - 1]), "No worse.")
        for k in range(1, STEPS + 1)
    ]
    steps: list[Step] = []
    for k in range(1, STEPS + 1):
        formula = z3.And(floor(points[k]), PAPER.weakly_improves(points[k], points[0]))
        before = steps[-1].name if steps else "floor"
        name = "goal" if k == STEPS else f"after-{k}"
        steps.append(Step(name, formula, [before, f"better-{k}", "weakly_improves"]))
    return Statement(
        id=f"chain-{number}",
        title="Improvements compose",
        theory=PAPER,
        hypotheses=tuple(hypotheses),
        definitions=("weakly_improves",),
        steps=tuple(steps),
    )


def _seconds(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def _start_of_solvers() -> float:
    """Return what starting both solvers once costs, with a question that costs nothing."""
    before = _seconds(resource.RUSAGE_CHILDREN)
    ask_both("(assert false)")
    processes.stop_all()
    return _seconds(resource.RUSAGE_CHILDREN) - before


def timed() -> tuple[int, float, float, float, float]:
    """Return how many were decided, and the seconds: solvers, this process, start, and wall."""
    statements = [_statement(number) for number in range(STATEMENTS)]
    start = min(_start_of_solvers() for _ in range(3)) * WORKERS
    children, own, wall = _seconds(resource.RUSAGE_CHILDREN), time.process_time(), time.monotonic()
    with tempfile.TemporaryDirectory() as directory:
        outcomes = run(statements, jobs=WORKERS, cache=Cache(Path(directory)))
    wall, own = time.monotonic() - wall, time.process_time() - own
    processes.stop_all()
    solvers = _seconds(resource.RUSAGE_CHILDREN) - children - start
    for outcome in outcomes:
        assert outcome.result.verdict is Verdict.PROVED, outcome.result
    return sum(len(outcome.decisions) for outcome in outcomes), solvers, own, start, wall


def rows() -> Iterator[Measured]:
    """Give the whole processor time, beside that of the solvers."""
    decided, solvers, own, start, _ = timed()
    size = f"{decided} obligations"
    yield Measured(
        "small obligations, all processes", size, solvers + own + start, "solvers", solvers
    )


def main() -> None:
    decided, solvers, own, start, wall = timed()
    print(f"obligations: {decided}, all proved")
    print(
        f"solver time: {solvers:.1f} s; this process: {own:.1f} s; starting solvers: {start:.1f} s"
    )
    print(f"overhead / solver time: {(own + start) / solvers:.2f}")
    print(f"wall time on {WORKERS} workers: {wall:.1f} s")


if __name__ == "__main__":
    main()
