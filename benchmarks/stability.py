"""Measure how far proofs depend on what means nothing: the order of facts, their names, the seed.

Run from the root of the repository::

    python -m benchmarks.stability [--orders 4] [--seeds 3] [--step TEXT] [--json]

Every distinct step of the statements that are to be proved is asked of both solvers with its facts
in several orders, renamed, and with several seeds, each time within the budget of ``prove``.
Order 0 with seed 0 is what ``prove`` asks, but for the names. Printed are, for each solver, how
many queries it proves; the brittle steps, of which it does not prove all; and the tight ones, which
take more than a tenth of the budget as ``prove`` asks them.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from fractions import Fraction

import z3

from spi_verify.obligations import Statement
from spi_verify.obligations.deciding import Budget
from spi_verify.papers.loading import load_shipped
from spi_verify.solvers import Answer, Status, ask_both, versions
from spi_verify.solvers.smtlib import Rendered, render, script
from spi_verify.verdicts import Verdict

TIGHT = Fraction(1, 10)


@dataclass(frozen=True)
class Question:
    """A step: the facts it uses, and its negation."""

    name: str
    facts: tuple[Rendered, ...]
    negated: Rendered

    def text(self, order: int) -> str:
        """Return the script with the facts in one of their orders; order 0 is as written."""
        facts = list(self.facts)
        if order:
            random.Random(order).shuffle(facts)
        return script({f"assertion {k}": fact for k, fact in enumerate([*facts, self.negated])})


@dataclass(frozen=True)
class Row:
    """What one solver made of one step.

    Parameters
    ----------
    step, solver
        Which.
    asked, proved
        How many queries there were, and how many it proved.
    as_written
        Share of the budget that the query of ``prove`` takes; None where it was not asked.
    most
        The largest share that a query takes; 1 where one is not proved.
    """

    step: str
    solver: str
    asked: int
    proved: int
    as_written: Fraction | None
    most: Fraction

    @property
    def brittle(self) -> bool:
        """Whether an order or a seed makes the solver give up."""
        return self.proved < self.asked

    @property
    def tight(self) -> bool:
        """Whether the query of ``prove`` takes more than a tenth of its budget."""
        return self.as_written is not None and self.as_written > TIGHT

    def __str__(self) -> str:
        written = "" if self.as_written is None else f"{float(self.as_written):7.1%} as written"
        return (
            f"{self.step} ({self.solver}): {self.proved} of {self.asked} proved;"
            f"{written}, at most {float(self.most):.1%} of the budget"
        )


def questions() -> list[Question]:
    """Return every distinct step of the shipped statements that are to be proved."""
    found: dict[object, Question] = {}
    for statement in load_shipped():
        if not isinstance(statement, Statement) or statement.expected is not Verdict.PROVED:
            continue
        known = statement.facts() | {step.name: step.formula for step in statement.steps}
        for step in statement.steps:
            facts = tuple(render(known[use]) for use in statement.uses(step))
            negated = render(z3.Not(step.formula))
            key = (negated.text, *sorted(fact.text for fact in facts))
            name = f"{statement.id}: {step.name}"
            found.setdefault(key, Question(name, facts, negated))
    return list(found.values())


def measure(
    queries: Iterable[tuple[Question, int, int]],
    budget: Budget | None = None,
    jobs: int = 2,
) -> list[Row]:
    """Ask queries (a step, an order, a seed) and return two rows for each step among them."""
    limit = budget or Budget()
    limits = {"z3": limit.z3, "cvc5": limit.cvc5}

    def answers(query: tuple[Question, int, int]) -> Sequence[Answer]:
        question, order, seed = query
        return ask_both(
            question.text(order),
            z3_resources=limit.z3,
            cvc5_resources=limit.cvc5,
            seed=seed,
            wall_clock=limit.wall_clock,
        )

    asked = list(queries)
    by_step: dict[tuple[str, str], list[tuple[bool, Fraction, bool]]] = {}
    with ThreadPoolExecutor(jobs) as pool:
        for (question, order, seed), both in zip(asked, pool.map(answers, asked), strict=True):
            for one in both:
                proved = one.status is Status.UNSAT
                share = Fraction(one.resources, limits[one.solver]) if proved else Fraction(1)
                by_step.setdefault((question.name, one.solver), []).append(
                    (proved, share, order == seed == 0)
                )
    return [
        Row(
            step,
            solver,
            asked=len(found),
            proved=sum(proved for proved, _, _ in found),
            as_written=next((share for _, share, written in found if written), None),
            most=max(share for _, share, _ in found),
        )
        for (step, solver), found in by_step.items()
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how stable the paper's proofs are.")
    parser.add_argument("--orders", type=int, default=4, help="orders of the facts of each step")
    parser.add_argument("--seeds", type=int, default=3, help="seeds with each order")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--step", default="", help="only steps with this text in their names")
    parser.add_argument("--json", action="store_true", help="print every row as JSON")
    arguments = parser.parse_args()
    rows = measure(
        itertools.product(
            [question for question in questions() if arguments.step in question.name],
            range(arguments.orders),
            range(arguments.seeds),
        ),
        jobs=arguments.jobs,
    )
    if arguments.json:
        print(json.dumps([asdict(row) for row in rows], indent=1, default=str))
        return
    print("\n".join(told(rows)))


def told(rows: Sequence[Row]) -> Iterator[str]:
    """Return the figures as lines: all of each solver's, then the brittle and tight steps."""
    for solver, version in versions().items():
        own = [row for row in rows if row.solver == solver]
        asked, proved = sum(row.asked for row in own), sum(row.proved for row in own)
        whole = sum(not row.brittle for row in own)
        yield f"{solver} {version}: {proved} of {asked} queries; {whole} of {len(own)} steps whole"
    worst = sorted(rows, key=lambda row: row.most, reverse=True)
    brittle = [row for row in worst if row.brittle]
    yield f"brittle: {len(brittle) or 'none'}"
    yield from (f"  {row}" for row in brittle)
    tight = [row for row in worst if row.tight]
    yield f"tight: {len(tight) or 'none'}"
    yield from (f"  {row}" for row in tight)


if __name__ == "__main__":
    main()
