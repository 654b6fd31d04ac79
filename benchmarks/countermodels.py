"""Measure how often it is found out why a step is not proved.

Run from the root of the repository::

    python -m benchmarks.countermodels [--steps 20] [--seed 0] [--json]

Steps of the statements that are to be proved are drawn, and each loses one of the facts that it
needs. Counted are those that are still proved; of the others, those for which facts are named that
do, and those for which a structure is found in which the facts left hold and the step fails. Each
structure is evaluated, and each list of facts is proved from by both solvers.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace

from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.obligations.countermodels.diagnosing import Failure, diagnose
from spi_verify.obligations.running import run
from spi_verify.papers.loading import load_shipped
from spi_verify.theory.evaluate import holds
from spi_verify.verdicts import Verdict


@dataclass(frozen=True)
class Row:
    """What became of one step that lost a fact; seconds are of the clock."""

    step: str
    lost: str
    proved: bool
    named: bool = False
    structure: bool = False
    seconds: float = 0.0

    def __str__(self) -> str:
        return f"{self.step} without {self.lost} ({self.seconds:.1f} s)"


def steps() -> list[tuple[Statement, Step]]:
    """Return the steps with facts of the shipped statements that are to be proved."""
    return [
        (statement, step)
        for statement in load_shipped()
        if isinstance(statement, Statement) and statement.expected is Verdict.PROVED
        for step in statement.steps
        if statement.uses(step)
    ]


def without_a_fact(statement: Statement, step: Step, lost: str) -> Statement:
    """Return the statement that a step follows from its other facts, with all in scope supposed."""
    formulas = {**statement.facts(), **{one.name: one.formula for one in statement.steps}}
    given = {h.name for h in statement.hypotheses} | set(statement.definitions)
    supposed = (
        Hypothesis(name, formulas[name], "A fact.")
        for name in statement.scope(step)
        if name not in given
    )
    goal = Step("goal", step.formula, (name for name in statement.uses(step) if name != lost))
    hypotheses = (*statement.hypotheses, *supposed)
    return replace(statement, hypotheses=hypotheses, lemmas={}, steps=(goal,), scene=None)


def evaluated(failure: Failure) -> bool:
    """Return whether a structure was found, and is a countermodel by evaluation."""
    if failure.structure is None:
        return False
    known = failure.statement.facts()
    facts = all(holds(known[name], failure.structure) for name in failure.facts)
    return facts and not holds(failure.step.formula, failure.structure)


def measure(chosen: Iterable[tuple[Statement, Step]], seed: int = 0) -> Iterator[Row]:
    """Let steps lose a fact, and find out why they are not proved any more."""
    generator = random.Random(seed)
    for statement, step in chosen:
        lost = generator.choice(statement.uses(step))
        name = f"{statement.id}: {step.name}"
        (outcome,) = run([without_a_fact(statement, step, lost)])
        if outcome.decisions["goal"].proved:
            yield Row(name, lost, proved=True)
            continue
        started = time.monotonic()
        (failure,) = diagnose(outcome)
        seconds = time.monotonic() - started
        yield Row(name, lost, False, failure.enough is not None, evaluated(failure), seconds)


def told(rows: Sequence[Row]) -> Iterator[str]:
    """Return the figures as lines."""
    failed = [row for row in rows if not row.proved]
    yield f"{len(rows)} steps lost a fact; {len(failed)} of them are not proved without it"
    yield f"facts that do are named for {sum(row.named for row in failed)}"
    yield f"a structure is found for {sum(row.structure for row in failed)}"
    seconds = [row.seconds for row in failed]
    if seconds:
        yield f"time: median {statistics.median(seconds):.1f} s, at most {max(seconds):.1f} s"
    neither = [row for row in failed if not row.named and not row.structure]
    yield f"neither: {len(neither) or 'none'}"
    yield from (f"  {row}" for row in neither)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what is found about steps that fail.")
    parser.add_argument("--steps", type=int, default=20, help="how many are drawn")
    parser.add_argument("--seed", type=int, default=0, help="which are drawn, and what they lose")
    parser.add_argument("--json", action="store_true", help="print every row as JSON")
    arguments = parser.parse_args()
    chosen = random.Random(arguments.seed).sample(steps(), arguments.steps)
    rows = list(measure(chosen, arguments.seed))
    if arguments.json:
        print(json.dumps([asdict(row) for row in rows], indent=1))
        return
    print("\n".join(told(rows)))


if __name__ == "__main__":
    main()
