"""Time the construction of Proposition 5 as rounds are added.

Run from the root of the repository::

    python -m benchmarks.tightness [--rounds 125 250 500 1000] [--delta 1e-9] [--repeats 1]

Prints processor seconds of ``tightness`` (construct, execute, decide that everybody's program is
optimal) and how many times as long it takes as with half the rounds; about 2 is linear. Games: the
Scheduling Game, and three and four players with two actions each who get 0 unless exactly one of
them insists.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Iterator, Sequence
from fractions import Fraction

from benchmarks.measured import Measured, growing
from spi_verify.games import Game
from spi_verify.games.rationals import parse_rational
from spi_verify.programs.examples import scheduling_game
from spi_verify.programs.tightness import Tightness, tightness


def insisting(n: int) -> Game:
    """Return a game in which one who insists alone gets 3 and the others 1; else all get 0 or 1."""
    payoffs = {}
    for outcome in itertools.product(("yield", "insist"), repeat=n):
        insist = [action == "insist" for action in outcome]
        one = sum(insist) == 1
        payoffs[outcome] = [(3 if mine else 1) if one else 0 for mine in insist]
    return Game.from_outcomes(payoffs)


def timed(game: Game, rounds: int, delta: Fraction) -> float:
    """Return the processor seconds of a construction that holds."""
    start = time.process_time()
    found = tightness(game, rounds, delta)
    seconds = time.process_time() - start
    assert isinstance(found, Tightness), found
    assert found.holds
    return seconds


def rows(sizes: Sequence[int] = (125, 250, 500)) -> Iterator[Measured]:
    """Iterate over the games, at more and more rounds."""
    for n, game in games().items():
        yield from growing(
            Measured(f"tightness, {n} players", f"K = {k}", timed(game, k, Fraction(1, 10**9)))
            for k in sizes
        )


def games() -> dict[int, Game]:
    return {2: scheduling_game(), 3: insisting(3), 4: insisting(4)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, nargs="+", default=[125, 250, 500, 1000])
    parser.add_argument("--delta", type=parse_rational, default=Fraction(1, 10**9))
    parser.add_argument("--repeats", type=int, default=1)
    arguments = parser.parse_args()
    for n, game in games().items():
        before = None
        for rounds in arguments.rounds:
            best = min(timed(game, rounds, arguments.delta) for _ in range(arguments.repeats))
            ratio = "" if before is None else f"  {best / before:.2f} times as long"
            print(f"n = {n}  K = {rounds:5d}  {best:8.2f} s{ratio}", flush=True)
            before = best


if __name__ == "__main__":
    main()
