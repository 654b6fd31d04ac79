"""Time the search for safe improvements against brute force and against a pairwise encoding.

Run from the root of the repository::

    python -m benchmarks.improve [--repeats 3] [--sizes 3x8 8x20 12x40]

A game of size l x m has two players with m actions each, of which l survive elimination, and one
planted improvement among the others. Every method has to find it and to show that there is no
second one:

- ``improve``: :func:`spi_verify.delegation.improve` with everything that it does, reduction and
  the game of the improvement included.
- ``brute force``: all pairs of injections of the reduced game's actions, cut off at the first
  outcome that gets worse. Only for up to 10^7 pairs.
- ``pairwise z3``: a truth value for each action and image, and a clause for each two of them at
  which somebody loses; then the planted solution is excluded.

Times are medians of the processor's time over the repeats, each with another game; ratios are to
``improve`` on the same games in the same run.
"""

from __future__ import annotations

import argparse
import itertools
import math
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import z3

from benchmarks.measured import Measured
from spi_verify.delegation import improve, reduce
from spi_verify.delegation.arrays import table
from spi_verify.games import Game

Maps = tuple[tuple[int, ...], tuple[int, ...]]
MOST_PAIRS = 10**7


def planted(left: int, actions: int, seed: int) -> tuple[Game, Maps]:
    """Return a game whose first actions survive, and where a better copy of them is."""
    rng = np.random.default_rng(seed)
    pays = rng.integers(3000, 4000, (actions, actions, 2))
    pays[:left, :left][np.diag_indices(left)] += 1000
    pays[:left, left:, 0] += 20_000
    pays[left:, :left, 1] += 20_000
    pays[left:, :left, 0] -= 3000
    pays[:left, left:, 1] -= 3000
    images = [(left + rng.permutation(actions - left)[:left]).tolist() for _ in range(2)]
    better = pays[:left, :left] + rng.integers(0, 3, (left, left, 2))
    pays[np.ix_(*images)] = better
    return Game.from_payoffs(pays), (tuple(images[0]), tuple(images[1]))


def by_improve(game: Game) -> list[Maps]:
    """Return all improvements that the package finds."""
    found = improve(game, every=True)
    assert found.complete
    maps = [one.isomorphism.named for one in found.found if one.isomorphism is not None]
    positions = [
        [tuple(int(own[a]) - 1 for a in names) for own, names in zip(one, kept, strict=True)]
        for one in maps
        for kept in [found.reduction.game.actions]
    ]
    return [(rows, columns) for rows, columns in positions]


def by_brute_force(game: Game) -> list[Maps]:
    """Return all improvements, by trying every pair of injections."""
    kept, pays = reduce(game).kept, table(game).tolist()
    found = []
    sides = [itertools.permutations(range(size), len(own)) for own, size in _sides(game)]
    rows, columns = list(sides[0]), list(sides[1])
    for one, other in itertools.product(rows, columns):
        if (one, other) != kept and all(
            pay[b][d] >= pay[a][c]
            for a, b in zip(kept[0], one, strict=True)
            for c, d in zip(kept[1], other, strict=True)
            for pay in pays
        ):
            found.append((one, other))
    return found


def by_pairwise_z3(game: Game) -> list[Maps]:
    """Return all improvements, by a clause for each two choices at which somebody loses."""
    kept, pays = reduce(game).kept, table(game).tolist()
    sent = [
        [[z3.Bool(f"{i}:{a}:{b}") for b in range(size)] for a in own]
        for i, (own, size) in enumerate(_sides(game))
    ]
    solver = z3.Solver()
    for own in sent:
        for choices in own:
            solver.add(z3.PbEq([(choice, 1) for choice in choices], 1))
        for taken in zip(*own, strict=True):
            solver.add(z3.PbLe([(choice, 1) for choice in taken], 1))
    for (x, a), (y, c) in itertools.product(enumerate(kept[0]), enumerate(kept[1])):
        for b, d in np.ndindex(*game.shape):
            if any(pay[b][d] < pay[a][c] for pay in pays):
                solver.add(z3.Or(z3.Not(sent[0][x][b]), z3.Not(sent[1][y][d])))
    return list(_models(solver, sent, (kept[0], kept[1])))


def _models(
    solver: z3.Solver, sent: Sequence[Sequence[Sequence[Any]]], trivial: Maps
) -> Iterator[Maps]:
    """Iterate over the solutions, each excluded before the next is asked for."""
    exclude = trivial
    while True:
        solver.add(
            z3.Or(
                [
                    z3.Not(choices[b])
                    for own, images in zip(sent, exclude, strict=True)
                    for choices, b in zip(own, images, strict=True)
                ]
            )
        )
        if solver.check() != z3.sat:
            return
        model = solver.model()
        rows, columns = (
            tuple(
                next(b for b, choice in enumerate(choices) if z3.is_true(model[choice]))
                for choices in own
            )
            for own in sent
        )
        exclude = rows, columns
        yield exclude


def _sides(game: Game) -> list[tuple[tuple[int, ...], int]]:
    return list(zip(reduce(game).kept, game.shape, strict=True))


METHODS: dict[str, Callable[[Game], list[Maps]]] = {
    "improve": by_improve,
    "brute force": by_brute_force,
    "pairwise z3": by_pairwise_z3,
}


def timed(method: str, left: int, actions: int, repeats: int) -> float | None:
    """Return the median time on the games of a size; None where there is too much to try."""
    if method == "brute force" and math.perm(actions, left) ** 2 > MOST_PAIRS:
        return None
    times = []
    for seed in range(repeats):
        game, images = planted(left, actions, seed)
        started = time.process_time()
        found = METHODS[method](game)
        times.append(time.process_time() - started)
        if found != [images]:
            raise SystemExit(f"{method} found {found} instead of {images}")
    return statistics.median(times)


def rows(repeats: int = 3) -> Iterator[Measured]:
    """Iterate over the sizes, beside the pairwise encoding where that ends within a minute."""
    for left, actions in ((3, 8), (8, 20), (12, 40), (30, 100)):
        seconds = timed("improve", left, actions, repeats)
        beside = timed("pairwise z3", left, actions, 1) if actions <= 40 else None
        assert seconds is not None
        name = "" if beside is None else "pairwise z3"
        yield Measured("a planted improvement, found", f"{left} x {actions}", seconds, name, beside)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--sizes", nargs="+", default=["3x8", "8x20", "12x40"])
    options = parser.parse_args()
    print(f"{'size':<10}{'method':<14}{'seconds':>10}{'ratio':>10}")
    for size in options.sizes:
        left, actions = map(int, size.split("x"))
        first = None
        for method in METHODS:
            seconds = timed(method, left, actions, options.repeats)
            first = first or seconds
            shown = (
                f"{'-':>10}{'-':>10}"
                if seconds is None or first is None
                else f"{seconds:>10.3f}{seconds / first:>10.0f}"
            )
            print(f"{size:<10}{method:<14}{shown}", flush=True)


if __name__ == "__main__":
    main()
