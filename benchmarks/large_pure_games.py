"""Time the checks on pure games of a million outcomes against plain numpy passes.

Run from the root of the repository::

    python -m benchmarks.large_pure_games [--actions 1000] [--repeats 15] [--json]

Baseline: ``np.all(V >= U)`` for int64 arrays U and V of shape (m, m, 2), the payoffs of every
outcome and of its image: one pass, two comparisons per outcome. Second reference, "columns": the
same comparisons on contiguous columns, ``np.all(v1 >= u1)`` and ``np.all(v2 >= u2)``. Third, where
one pass cannot be enough: "sort", ``u1.argsort()``, for efficient sets; "gather", the columns with
the images' payoffs looked up, ``np.all(u1[images] >= u1)``, for maps.

A sweep along sorted payoffs is needed where most outcomes may be efficient: outcomes that pay
(a, -a) are all efficient and different if and only if no a is there twice, which takes N log N
comparisons. And a map that sends outcomes anywhere needs N reads at random places.

Every time is a median over the repeats. Every repeat makes a new ``PureOutcomes``, so that
nothing is remembered, and both references are timed anew for each line, because other work on
the machine changes them. The maps have no loss, so that no check can stop early, and some gain;
the line "random, with losses" is the exception. Games and maps are built before the clock starts;
building them has lines of its own.

The last line gives the peak resident memory of the whole process: numpy, one game, its source
array and map, and the arrays of the references.
"""

from __future__ import annotations

import argparse
import itertools
import json
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from benchmarks.measured import Measured
from spi_verify.games.game import Game
from spi_verify.games.pure import PureOutcomes
from spi_verify.games.renegotiation import OutcomeMap, is_renegotiation_function

Table = npt.NDArray[np.int64]


def payoff_tables(m: int) -> Iterator[tuple[str, Table]]:
    """Yield payoff arrays of shape (m, m, 2), each made when it is asked for."""
    random = np.random.default_rng(0)
    yield "uniform random", random.integers(0, 10**9, (m, m, 2))
    yield "coordination, prizes in conflict", coordination(m)
    coordinated = np.zeros((m, m, 2), dtype=np.int64)
    coordinated[np.arange(m), np.arange(m)] = random.integers(1, 10**6, (m, 2))
    yield "coordination, random prizes", coordinated
    yield "heavy ties, payoffs 0 to 9", random.integers(0, 10, (m, m, 2))
    yield "payoffs 0 or 1", random.integers(0, 2, (m, m, 2))
    yield "all equal", np.zeros((m, m, 2), dtype=np.int64)
    noise = random.normal(size=(2, m, m))
    opposed = np.stack([noise[0], 0.1 * noise[1] - noise[0]], axis=-1)
    yield "nearly opposed interests", (opposed * 1e9).astype(np.int64)
    x = np.arange(m * m).reshape(m, m)
    yield "antidiagonal, in order", np.stack([x, -x], axis=-1)
    x = random.permutation(m * m).reshape(m, m)
    yield "antidiagonal, shuffled", np.stack([x, -x], axis=-1)


def coordination(m: int) -> Table:
    """Return the game with prizes (1, m), (2, m - 1), ..., (m, 1) on the diagonal, else 0."""
    table = np.zeros((m, m, 2), dtype=np.int64)
    table[np.arange(m), np.arange(m)] = np.stack([np.arange(m) + 1, m - np.arange(m)], axis=-1)
    return table


def maps(m: int) -> Iterator[tuple[str, npt.NDArray[np.intp]]]:
    """Yield the images of maps on the coordination game that keep the diagonal."""
    random = np.random.default_rng(1)
    own = np.arange(m * m)
    matched = np.eye(m, dtype=bool).reshape(-1)
    yield "every mismatch to one outcome", np.where(matched, own, 0)
    some = ~matched & (random.random(m * m) < 1e-4)
    some[1] = True
    yield "identity but for 1 in 10,000", np.where(some, 0, own)
    half = ~matched & (random.random(m * m) < 0.5)
    yield "half of the mismatches to one", np.where(half, 0, own)
    rows = own // m
    yield "a mismatch to its row's match", rows * m + rows
    yield (
        "random among mismatches and prizes",
        np.where(matched, own, random.integers(0, m * m, m * m)),
    )
    yield "random, with losses", random.integers(0, m * m, m * m)


def median_ms(run: Callable[[], object], repeats: int) -> float:
    """Return the median time of one run in milliseconds, after one that is not counted."""
    run()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return 1e3 * statistics.median(times)


@dataclass(frozen=True)
class Line:
    """One line of the table; times in milliseconds."""

    what: str
    on: str
    time: float
    baseline: float
    columns: float
    needed: float
    result: str


def line(
    what: str,
    on: str,
    run: Callable[[], object],
    table: Table,
    v: Table,
    repeats: int,
    images: npt.NDArray[np.intp] | None = None,
) -> Line:
    """Time a run and the references."""
    u_columns, v_columns = (
        [np.ascontiguousarray(t[..., i]).reshape(-1) for i in (0, 1)] for t in (table, v)
    )
    baseline = median_ms(lambda: np.all(v >= table), repeats)
    columns = median_ms(
        lambda: [np.all(b >= a) for a, b in zip(u_columns, v_columns, strict=True)], repeats
    )
    needed = median_ms(
        u_columns[0].argsort
        if images is None
        else lambda: [np.all(u.take(images) >= u) for u in u_columns],
        repeats,
    )
    return Line(what, on, median_ms(run, repeats), baseline, columns, needed, str(run()))


def efficient_and_pmm(game: Game) -> str:
    feasible = PureOutcomes(game)
    pmm = ", ".join(map(str, feasible.pareto_meet_minimum))
    return f"{len(feasible.efficient)} efficient, PMM ({pmm})"


def improving(game: Game) -> OutcomeMap:
    """Return the map of everything that an efficient outcome dominates to that outcome."""
    target = PureOutcomes(game).efficient[0]
    below = np.all(game.scaled <= game.scaled[:, [target]], axis=0)
    return OutcomeMap(game, np.where(below, target, np.arange(game.number_of_outcomes)))


def measure(m: int, repeats: int) -> Iterator[Line]:
    """Yield one line of the table after the other."""
    for name, table in payoff_tables(m):
        game = Game.from_payoffs(table)
        yield line(
            "efficient set and PMM",
            name,
            partial(efficient_and_pmm, game),
            table,
            table.copy(),
            repeats,
        )
    table = coordination(m)
    game = Game.from_payoffs(table)
    for name, images in maps(m):
        rn = OutcomeMap(game, images)
        v = table.reshape(-1, 2)[images].reshape(table.shape)
        yield line(
            "check of a map",
            name,
            partial(is_renegotiation_function, rn),
            table,
            v,
            repeats,
            images,
        )
    for name, table in itertools.islice(payoff_tables(m), 4):
        game = Game.from_payoffs(table)
        rn = improving(game)

        def all_three(game: Game = game, rn: OutcomeMap = rn) -> str:
            return f"{efficient_and_pmm(game)}, {is_renegotiation_function(rn)}"

        yield line("efficient, PMM and check", name, all_three, table, table.copy(), repeats)
    images = rn.images
    yield line("building", "Game", partial(Game.from_payoffs, table), table, table.copy(), repeats)
    yield line(
        "building", "OutcomeMap", partial(OutcomeMap, game, images), table, table.copy(), repeats
    )


def rows(m: int = 1000, repeats: int = 5) -> Iterator[Measured]:
    """Iterate over the lines, in seconds."""
    size = f"{m}x{m} outcomes"
    for one in measure(m, repeats):
        what = f"{one.what}: {one.on}"
        yield Measured(what, size, one.time / 1e3, "numpy pass", one.baseline / 1e3)
        if one.time > 5 * one.baseline:
            needed = "numpy gather" if "map" in one.what else "numpy sort"
            yield Measured(what, size, one.time / 1e3, needed, one.needed / 1e3)


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the checks on large pure games.")
    parser.add_argument("--actions", type=int, default=1000, help="actions of each player")
    parser.add_argument("--repeats", type=int, default=15, help="runs behind each median")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    arguments = parser.parse_args()
    lines = []
    if not arguments.json:
        heads = " ".join(f"{head:>8} {'ratio':>6}" for head in ("baseline", "columns", "needed"))
        print(f"{'':24} {'':34} {'ms':>8} {heads}")
    for entry in measure(arguments.actions, arguments.repeats):
        lines.append(entry)
        if not arguments.json:
            print(
                f"{entry.what:24} {entry.on:34} {entry.time:8.2f} "
                f"{entry.baseline:8.2f} {entry.time / entry.baseline:6.1f} "
                f"{entry.columns:8.2f} {entry.time / entry.columns:6.1f} "
                f"{entry.needed:8.2f} {entry.time / entry.needed:6.1f}  {entry.result[:50]}",
                flush=True,
            )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if arguments.json:
        print(json.dumps({"lines": list(map(asdict, lines)), "peak_mib": peak}, indent=2))
    else:
        print(f"peak resident memory {peak:.0f} MiB")


if __name__ == "__main__":
    main()
