"""Time negotiation domains of 10^3 to 10^6 possible agreements.

Run from the root of the repository::

    python -m benchmarks.bargaining [--issues 3 4 5 6]

Prints, for domains with ten values for each issue and random evaluations, the seconds for building
the game, for efficient outcomes and PMM, for both projections of the disagreement, and for a rule
that improves every outcome (its images and the check of Definition 4).
"""

from __future__ import annotations

import argparse
import itertools
import random
import time
from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

from benchmarks.measured import Measured, growing
from spi_verify.games import OutcomeMap, PureOutcomes, is_renegotiation_function
from spi_verify.games.agreements import AgreementGame, Issue
from spi_verify.games.improvements import best_improvements


def domain(issues: int) -> AgreementGame:
    source = random.Random(issues)
    weights = [[source.randrange(1, 10) for _ in range(issues)] for _ in (1, 2)]
    values = tuple(map(str, range(10)))

    def utilities(k: int, i: int) -> tuple[Fraction, ...]:
        evaluations = [source.randrange(1, 101) for _ in values]
        share = Fraction(weights[i][k], sum(weights[i]))
        return tuple(share * Fraction(e, max(evaluations)) for e in evaluations)

    made = [Issue(str(k), values, (utilities(k, 0), utilities(k, 1))) for k in range(issues)]
    return AgreementGame.from_issues(made, [Fraction(1, 2)] * 2)


def timed(issues: int) -> tuple[AgreementGame, int, list[float]]:
    """Return a domain, how many agreements are efficient, and the seconds of the four parts."""
    marks = [time.perf_counter()]
    game = domain(issues)
    marks.append(time.perf_counter())
    feasible = PureOutcomes(game)
    efficient = len(feasible.efficient)
    _ = feasible.pareto_meet_minimum
    marks.append(time.perf_counter())
    for i in (1, 2):
        feasible.pareto_meet_projection(i, game.disagreement)
    marks.append(time.perf_counter())
    images = best_improvements(feasible, "leximin", np.arange(game.number_of_outcomes))
    assert is_renegotiation_function(OutcomeMap(game, images))
    marks.append(time.perf_counter())
    return game, efficient, [b - a for a, b in itertools.pairwise(marks)]


def rows(sizes: Sequence[int] = (3, 4, 5, 6)) -> Iterator[Measured]:
    """Iterate over the whole work on a domain, beside sorting as many numbers."""

    def each() -> Iterator[Measured]:
        for issues in sizes:
            game, _, parts = timed(issues)
            numbers = np.random.default_rng(0).permutation(game.number_of_agreements)
            started = time.perf_counter()
            np.sort(numbers)
            sorting = time.perf_counter() - started
            size = f"{game.number_of_agreements} agreements"
            yield Measured("negotiation domain, whole", size, sum(parts), "numpy sort", sorting)

    return growing(each())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--issues", type=int, nargs="+", default=[3, 4, 5, 6])
    for issues in parser.parse_args().issues:
        game, efficient, parts = timed(issues)
        shown = "  ".join(
            f"{name} {seconds:.3f} s"
            for name, seconds in zip(("build", "PMM", "PMP", "rule"), parts, strict=True)
        )
        print(f"{game.number_of_agreements:8d} agreements, {efficient} efficient  {shown}")


if __name__ == "__main__":
    main()
