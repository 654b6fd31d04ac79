"""Measure the paper's suites: python benchmarks/prove_suite.py.

Prints the wall time of a cold and of a warm run with two jobs, the solver time in the cold one,
the slowest step, what becomes of every proved statement under further seeds, and what becomes of
it as one goal from all its facts without steps.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import z3

from benchmarks.measured import Measured
from spi_verify.obligations import Statement
from spi_verify.obligations.cache import Cache
from spi_verify.obligations.deciding import NEGATED_GOAL, Budget
from spi_verify.obligations.outcomes import Outcome
from spi_verify.obligations.running import run
from spi_verify.papers.loading import load_shipped
from spi_verify.solvers import ask_both
from spi_verify.solvers.smtlib import render, script
from spi_verify.verdicts import Verdict


def _theorems() -> list[Statement]:
    return [one for one in load_shipped() if isinstance(one, Statement)]


def cold_and_warm() -> tuple[list[Outcome], float, float]:
    """Return what a cold run found, and the wall time of it and of the same run again."""
    with tempfile.TemporaryDirectory() as directory:
        cache = Cache(Path(directory))
        started = time.monotonic()
        cold = run(_theorems(), jobs=2, cache=cache)
        cold_wall = time.monotonic() - started
        started = time.monotonic()
        run(_theorems(), jobs=2, cache=cache)
        warm_wall = time.monotonic() - started
    return cold, cold_wall, warm_wall


def solver_time(outcomes: list[Outcome]) -> float:
    """Return what both solvers took for distinct steps, and the searches for witnesses."""
    steps = {id(one): one for outcome in outcomes for one in outcome.decisions.values()}
    searches = (
        outcome.result.seconds - sum(one.solver_seconds for one in outcome.decisions.values())
        for outcome in outcomes
    )
    return sum(one.solver_seconds for one in steps.values()) + sum(searches)


def rows() -> Iterator[Measured]:
    """Give the wall time of proving the paper's statements on two workers."""
    cold, cold_wall, warm_wall = cold_and_warm()
    size = f"{len(cold)} statements"
    yield Measured("suites in one process, cold", size, cold_wall, "solver time", solver_time(cold))
    yield Measured("suites in one process, warm", size, warm_wall, "solver time", solver_time(cold))


def main() -> None:
    cold, cold_wall, warm_wall = cold_and_warm()
    decisions = {
        id(decision): (decision, f"{outcome.statement.id}: {name}")
        for outcome in cold
        for name, decision in outcome.decisions.items()
    }
    solver = solver_time(cold)
    proved = [outcome for outcome in cold if outcome.result.verdict is Verdict.PROVED]
    needed = [d for outcome in proved for d in outcome.decisions.values()]
    slowest, name = max(decisions.values(), key=lambda pair: pair[0].solver_seconds)
    print(f"statements: {len(cold)}, proved {len(proved)}; distinct steps: {len(decisions)}")
    agreed = sum(decision.agreed for decision in needed)
    print(f"steps of proved statements at evidence agreement: {agreed} of {len(needed)}")
    print(f"cold run: {cold_wall:.1f} s; solver time in it: {solver:.1f} s")
    print(f"cold run / solver time: {cold_wall / solver:.2f}")
    print(f"warm run: {warm_wall:.2f} s")
    print(f"slowest step, with its minimised core: {slowest.solver_seconds:.2f} s ({name})")
    verdicts = {outcome.statement.id: outcome.result.verdict for outcome in cold}
    for seed in range(1, 6):
        again = run(_theorems(), jobs=2, budget=Budget(seed=seed))
        same = {outcome.statement.id: outcome.result.verdict for outcome in again} == verdicts
        print(f"seed {seed}: {'the same verdicts' if same else 'OTHER VERDICTS'}")
    print("as one goal, with the budget of one step:")
    for outcome in proved:
        statement = outcome.theorem
        facts = {f"fact:{name}": render(fact) for name, fact in statement.facts().items()}
        negated = render(z3.Not(statement.goal.formula))
        answers = ask_both(
            script({**facts, NEGATED_GOAL: negated}),
            z3_resources=Budget().z3,
            cvc5_resources=Budget().cvc5,
        )
        said = ", ".join(
            f"{answer.solver} {'proves it' if answer.status == 'unsat' else answer.status}"
            f" ({answer.seconds:.2f} s)"
            for answer in answers
        )
        print(f"  {statement.id}: {said}; in {len(statement.steps)} steps: proved")


if __name__ == "__main__":
    main()
