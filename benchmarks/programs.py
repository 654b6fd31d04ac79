"""Time program games: two-player CSR profiles on 5 x 5 games.

Run from the root of the repository::

    python -m benchmarks.programs [--profiles 10000] [--repeats 3]

Every profile is made before the clock starts and run once, without anything remembered from
another. "unconditional": constant defaults and a table of up to three improvements for each of
the 25 outcomes. "extended": the same with PMP-extended functions, one of which looks at the
other's tag. "computed": every improvement on a at or above the PMM, computed at each run.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterator

from benchmarks.measured import Measured, growing
from spi_verify.games import Game
from spi_verify.programs import (
    CSR,
    Always,
    ByOutcome,
    ImprovingOnMeet,
    Outcomes,
    PMPExtension,
    ProgramGame,
    PureBase,
    Row,
    SetFunction,
    Tagged,
    Utilitarian,
    When,
)

Profile = tuple[CSR, CSR]


def random_game(source: random.Random) -> Game:
    rows = [[[source.randrange(10) for _ in (1, 2)] for _ in range(5)] for _ in range(5)]
    return Game.from_payoffs(rows)


def table(source: random.Random, base: PureBase) -> SetFunction:
    rows = []
    for outcome in base.game.outcomes():
        better = base.elements(base.at_least(base.payoffs(outcome)))
        chosen = source.sample(better, min(3, len(better)))
        rows.append(Row(outcome, Outcomes(tuple(chosen))))
    return ByOutcome(Outcomes(()), tuple(rows))


def extended(source: random.Random, base: PureBase) -> SetFunction:
    tagged = When(Tagged(1, "pmp-extension"), table(source, base), table(source, base))
    return PMPExtension(tagged)


def computed(_: random.Random, __: PureBase) -> SetFunction:
    return ImprovingOnMeet()


def profiles(
    base: PureBase, count: int, function: Callable[[random.Random, PureBase], SetFunction]
) -> list[Profile]:
    source = random.Random(1)
    made = []
    for _ in range(count):
        one, two = (
            CSR(Utilitarian(), Always(source.choice(names)), function(source, base))
            for names in base.game.actions
        )
        made.append((one, two))
    return made


def timed(name: str, count: int) -> tuple[float, int]:
    """Return the processor seconds that so many profiles take, and how many renegotiate."""
    base = PureBase(random_game(random.Random(0)))
    made = profiles(base, count, KINDS[name])
    game = ProgramGame(base)
    started = time.process_time()
    improved = 0
    for profile in made:
        default = tuple(p.default.action for p in profile if isinstance(p.default, Always))
        improved += game.outcome(profile) != default
    return time.process_time() - started, improved


def rows() -> Iterator[Measured]:
    """Iterate over the kinds of programs, at more and more profiles."""
    for name in KINDS:
        yield from growing(
            Measured(f"CSR profiles executed, {name}", f"{count} profiles", timed(name, count)[0])
            for count in (2_500, 5_000, 10_000)
        )


KINDS = {"unconditional": table, "extended": extended, "computed": computed}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--profiles", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    for name in KINDS:
        runs = [timed(name, arguments.profiles) for _ in range(arguments.repeats)]
        improved = runs[0][1]
        print(
            f"{name:>14}: {statistics.median(seconds for seconds, _ in runs):6.2f} s "
            f"for {arguments.profiles} profiles, {improved} of them renegotiate"
        )


if __name__ == "__main__":
    main()
