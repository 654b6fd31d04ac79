"""Time the search for counterexamples to three refuted statements against two baselines.

Run from the root of the repository::

    python -m benchmarks.refutation [--repeats 3] [--examples 10000] [--json]

- ``refute``: :func:`spi_verify.counterexamples.looking.refute` with up to 2 players and 3 outcomes:
  grounding, solving in a process of its own, decoding, and execution against the statement.
- ``hypothesis``: ``hypothesis.find`` with the strategies of :mod:`spi_verify.testing` and an
  executed property, for 2 players with up to 3 actions each. It stops at a first counterexample
  and then shrinks it; both times are given, for ``refute`` returns a smallest one at once.
- ``plain z3``: an encoding of this one statement by hand, for 2 players and up to 3 outcomes, with
  payoffs from 0 to 3, the smallest size first. The model is decoded and executed.

What both baselines find is executed by the same property. Both are written by somebody who knows
the statement: for the inclusion of Theorem 3 they have constant defaults and beliefs and functions
that do not look at each other, and the encodings know that with 3 outcomes only one player has a
choice. ``refute`` is given the statement as it stands, and nothing else.

Every run is made in a new process, after imports and after the suites are loaded. Times are
medians over the repeats; hypothesis gets another seed in each of them. A run that finds nothing
counts with the time of the whole search, so that its ratio is a lower bound.
"""

from __future__ import annotations

import argparse
import itertools
import json
import multiprocessing
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from fractions import Fraction
from functools import partial
from typing import Any

import hypothesis
import z3
from hypothesis import strategies as st

from benchmarks.measured import Measured
from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.looking import refute
from spi_verify.counterexamples.programs.scenario import Scenario, read_scenario
from spi_verify.games import Game
from spi_verify.games.pure import PureOutcomes
from spi_verify.obligations.statements import Statement
from spi_verify.papers.loading import load_shipped
from spi_verify.programs import (
    CSR,
    Always,
    Beliefs,
    ByOutcome,
    Choice,
    Execution,
    Kind,
    Outcomes,
    ProgramGame,
    PureBase,
    RenegotiationMap,
    Row,
    SelectionTable,
    To,
    default_of,
    find_extension_punished,
    find_map_defect,
    find_set_function_defect,
    is_spi,
    pmp_extension,
    renegotiating,
)
from spi_verify.programs.deciding.checking import check_selection
from spi_verify.programs.language.base import as_outcomes
from spi_verify.testing import (
    beliefs,
    games,
    plain_programs,
    renegotiation_functions,
    selections,
    set_functions,
)

STATEMENTS = ("prop-1", "def-6-meet", "thm-3-inclusion")
PLAYERS, OUTCOMES, LARGEST_PAYOFF = 2, 3, 3


@dataclass(frozen=True)
class Found:
    """What one search found.

    Parameters
    ----------
    first, smallest
        The first counterexample, and what became of it after shrinking; None if there is none.
    seconds, smallest_seconds
        The time to each; the time of the whole search if there is none.
    """

    first: Scenario | None
    seconds: float
    smallest: Scenario | None
    smallest_seconds: float


NOT_SUPPOSED = {"thm-3-inclusion": ("correlated-randomisation", "somebody-below-the-pmm")}
"""Premises left out of a statement, so that all three look for it among pure outcomes."""


def statement(id: str) -> Statement:
    found = next(one for one in load_shipped() if isinstance(one, Statement) and one.id == id)
    for name in NOT_SUPPOSED.get(id, ()):
        found = found.without(name)
    return found


# Executed


def prop_1_fails(scenario: Scenario) -> bool:
    """Run every profile of default programs before and after everybody renegotiates with rn."""
    game, rn = ProgramGame(PureBase(scenario.game)), scenario.rn
    if rn is None or find_map_defect(game.base, rn) is not None:
        return False
    f = renegotiating(rn, scenario.game.number_of_players)
    return not is_spi(game, f, scenario.defaults).is_spi


def def_6_meet_fails(scenario: Scenario) -> bool:
    """Look for an outcome whose projections all have points, but none in common."""
    game = scenario.game
    feasible = PureOutcomes(game)
    for outcome in game.outcomes():
        projections = [
            set(feasible.pareto_meet_projection(i, game.payoffs(outcome)).tolist())
            for i in range(1, game.number_of_players + 1)
        ]
        if all(projections) and not set.intersection(*projections):
            return True
    return False


def thm_3_inclusion_fails(scenario: Scenario) -> bool:
    """Run the extensions of the equilibrium and look for a projection that is not offered."""
    base, selection = PureBase(scenario.game), scenario.selection
    game = ProgramGame(base)
    programs = [p for p in scenario.equilibrium if isinstance(p, CSR)]
    if selection is None or len(programs) < len(base.players):
        return False
    printed = tuple(p.function for p in programs)
    if any(find_set_function_defect(game, i, [printed], selection) for i in base.players):
        return False
    if any(
        find_extension_punished(game, i, program, belief)
        for i, program, belief in zip(base.players, programs, scenario.beliefs, strict=True)
    ):
        return False
    if selection.transitive is None:
        violation = check_selection(
            lambda among: base.element(base.select(selection, among)), scenario.game
        )
        if violation is not None:
            return False
    functions = tuple(pmp_extension(p).function for p in programs)
    point = game.outcome(map(default_of, programs))
    execution = Execution(base)
    reached = base.payoffs(execution.renegotiated(functions, selection, point))
    return any(
        not base.pareto_meet_projection(i, reached)
        <= as_outcomes(execution.value(i, functions, selection, point))
        for i in base.players
    )


# Drawn


def small_games() -> st.SearchStrategy[Game]:
    return games(max_players=PLAYERS, max_actions=3, max_payoff=LARGEST_PAYOFF)


@st.composite
def prop_1_drawn(draw: st.DrawFn) -> Scenario:
    game = draw(small_games())
    try:
        functions = renegotiation_functions(game)
    except ValueError:
        hypothesis.reject()
    defaults = tuple(
        tuple(draw(st.lists(plain_programs(game, i), min_size=1, max_size=2, unique=True)))
        for i in range(1, PLAYERS + 1)
    )
    return Scenario(game, False, Kind.RENEGOTIATION, defaults, rn=draw(functions))


@st.composite
def def_6_meet_drawn(draw: st.DrawFn) -> Scenario:
    game = draw(small_games())
    return Scenario(game, False, None, tuple((Always(names[0]),) for names in game.actions))


@st.composite
def thm_3_inclusion_drawn(draw: st.DrawFn) -> Scenario:
    game = draw(small_games())
    players, constants = range(1, PLAYERS + 1), partial(plain_programs, depth=0)
    selection = draw(selections(PLAYERS).filter(lambda one: one.transitive is not None))
    programs = tuple(
        CSR(
            selection,
            draw(constants(game, i)),
            draw(set_functions(game, i, conditional=False, extended=False)),
        )
        for i in players
    )
    return Scenario(
        game,
        False,
        Kind.CSR,
        tuple((p.default,) for p in programs),
        programs=tuple((p,) for p in programs),
        selection=selection,
        beliefs=tuple(draw(beliefs(game, i, each=constants, max_support=1)) for i in players),
        equilibrium=programs,
    )


# Encoded by hand


class Encoding:
    """A game in which player 1 has some actions and player 2 one: unknown payoffs, PMM, PMP.

    Parameters
    ----------
    m
        The number of outcomes, 0, ..., m - 1.
    """

    def __init__(self, m: int) -> None:
        self.m, self.outcomes, self.solver = m, range(m), z3.Solver()
        self.u = [[z3.Int(f"u_{i}_{x}") for x in self.outcomes] for i in range(PLAYERS)]
        self.pmm = [z3.Int(f"pmm_{i}") for i in range(PLAYERS)]
        for row in self.u:
            self.solver.add([z3.And(value >= 0, value <= LARGEST_PAYOFF) for value in row])

    def weakly(self, x: int, a: int) -> Any:
        """Return that x is at least as good as a for everybody."""
        return z3.And([row[x] >= row[a] for row in self.u])

    def dominates(self, x: int, a: int) -> Any:
        """Return that x is, and better for somebody."""
        return z3.And(self.weakly(x, a), z3.Or([row[x] > row[a] for row in self.u]))

    def define_pmm(self) -> None:
        """Assert that each PMM payoff is the least among the efficient outcomes'."""
        efficient = [
            z3.Not(z3.Or([self.dominates(x, a) for x in self.outcomes])) for a in self.outcomes
        ]
        for row, least in zip(self.u, self.pmm, strict=True):
            pairs = list(zip(efficient, row, strict=True))
            self.solver.add(z3.Or([z3.And(e, value == least) for e, value in pairs]))
            self.solver.add([z3.Implies(e, value >= least) for e, value in pairs])

    def pmp(self, i: int, x: int, a: int) -> Any:
        """Return that x is in player i's projection of a; players count from 0 here."""
        level = [
            z3.If(row[a] > least, row[a], least)
            for row, least in zip(self.u, self.pmm, strict=True)
        ]
        return z3.And(
            [row[x] >= level[j] if j == i else row[x] == level[j] for j, row in enumerate(self.u)]
        )

    def exactly_one(self, flags: Sequence[Any]) -> None:
        """Assert that one of the flags holds and no other."""
        self.solver.add(z3.PbEq([(flag, 1) for flag in flags], 1))

    def solve(self) -> z3.ModelRef | None:
        """Return a model of what was asserted, if there is one."""
        return self.solver.model() if self.solver.check() == z3.sat else None

    def game(self, model: z3.ModelRef) -> Game:
        """Return the game of a model."""
        return Game.from_payoffs(
            [[[model.eval(row[x], True).as_long() for row in self.u]] for x in self.outcomes]
        )


def outcome_of(x: int) -> tuple[str, str]:
    return str(x + 1), "1"


def prop_1_encoded(m: int) -> Scenario | None:
    e = Encoding(m)
    maps = [[z3.Bool(f"rn_{a}_{x}") for x in e.outcomes] for a in e.outcomes]
    played = [z3.Bool(f"default_{a}") for a in e.outcomes]
    gains = []
    for a in e.outcomes:
        e.exactly_one(maps[a])
        for x in e.outcomes:
            e.solver.add(z3.Implies(maps[a][x], e.weakly(x, a)))
            gain = z3.And(maps[a][x], e.dominates(x, a))
            gains.append(gain)
            e.solver.add(z3.Implies(played[a], z3.Not(gain)))
    e.solver.add(z3.Or(gains), z3.Or(played))
    model = e.solve()
    if model is None:
        return None
    defaults = tuple(
        Always(str(a + 1)) for a in e.outcomes if z3.is_true(model.eval(played[a], True))
    )
    entries = tuple(
        To(outcome_of(a), outcome_of(x))
        for a, x in itertools.product(e.outcomes, repeat=2)
        if a != x and z3.is_true(model.eval(maps[a][x], True))
    )
    return Scenario(
        e.game(model),
        False,
        Kind.RENEGOTIATION,
        (defaults, (Always("1"),)),
        rn=RenegotiationMap(entries),
    )


def def_6_meet_encoded(m: int) -> Scenario | None:
    e = Encoding(m)
    e.define_pmm()
    fails = []
    for a in e.outcomes:
        points = [[e.pmp(i, x, a) for x in e.outcomes] for i in range(PLAYERS)]
        common = z3.Or([z3.And(both) for both in zip(*points, strict=True)])
        fails.append(z3.And(*map(z3.Or, points), z3.Not(common)))
    e.solver.add(z3.Or(fails))
    model = e.solve()
    if model is None:
        return None
    return Scenario(e.game(model), False, None, ((Always("1"),), (Always("1"),)))


def thm_3_inclusion_encoded(m: int) -> Scenario | None:
    """Both default programs play action 1; the functions look at the outcome only."""
    e = Encoding(m)
    e.define_pmm()
    sets = [s for size in e.outcomes for s in itertools.combinations(e.outcomes, size + 1)]
    picks = {s: {x: z3.Bool(f"sel_{s}_{x}") for x in s} for s in sets}
    for small in sets:
        e.exactly_one(list(picks[small].values()))
        for x, y in itertools.permutations(small, 2):
            e.solver.add(z3.Implies(picks[small][x], z3.Not(e.dominates(y, x))))
        for large in sets:
            if not set(small) < set(large):
                continue
            for x, y in itertools.product(small, large):
                added = z3.And([e.weakly(z, x) for z in large if z not in small])
                premise = z3.And(picks[small][x], added, picks[large][y])
                e.solver.add(z3.Implies(premise, e.weakly(y, x)))
    offers = [
        [[z3.Bool(f"offers_{i}_{a}_{x}") for x in e.outcomes] for a in e.outcomes]
        for i in range(PLAYERS)
    ]
    pairs = list(itertools.product(e.outcomes, repeat=2))
    for table in offers:
        e.solver.add([z3.Implies(table[a][x], e.weakly(x, a)) for a, x in pairs])
        e.solver.add(z3.Or([z3.And(table[a][x], e.dominates(x, a)) for a, x in pairs]))

    def reached(one: Sequence[Any], two: Sequence[Any]) -> list[Any]:
        agreed = [z3.And(one[x], two[x]) for x in e.outcomes]
        among = {s: z3.And([agreed[x] == (x in s) for x in e.outcomes]) for s in sets}
        result = [
            z3.Or([z3.And(among[s], picks[s][x]) for s in sets if x in s]) for x in e.outcomes
        ]
        result[0] = z3.Or(result[0], z3.Not(z3.Or(agreed)))
        return result

    def projected(i: int, point: Sequence[Any]) -> list[Any]:
        return [z3.Or([z3.And(point[a], e.pmp(i, x, a)) for a in e.outcomes]) for x in e.outcomes]

    def joined(one: Sequence[Any], two: Sequence[Any]) -> list[Any]:
        return [z3.Or(one[x], two[x]) for x in e.outcomes]

    one, two = offers[0][0], offers[1][0]
    together = reached(one, two)
    extended = (
        joined(one, projected(0, reached(one, joined(two, projected(1, together))))),
        joined(two, projected(1, reached(joined(one, projected(0, together)), two))),
    )
    final = reached(*extended)
    e.solver.add(
        z3.Or(
            [
                z3.And(point, z3.Not(offered))
                for i in range(PLAYERS)
                for point, offered in zip(projected(i, final), extended[i], strict=True)
            ]
        )
    )
    model = e.solve()
    if model is None:
        return None
    selection = SelectionTable(
        tuple(
            Choice(outcome_of(x), tuple(map(outcome_of, s)))
            for s in sets
            for x in s
            if len(s) > 1 and z3.is_true(model.eval(picks[s][x], True))
        )
    )
    programs = []
    for table in offers:
        rows = []
        for a in e.outcomes:
            offered = [x for x in e.outcomes if z3.is_true(model.eval(table[a][x], True))]
            rows.append(Row(outcome_of(a), Outcomes(tuple(map(outcome_of, offered)))))
        function = ByOutcome(Outcomes(()), tuple(rows))
        programs.append(CSR(selection, Always("1"), function))
    certain = Beliefs((((Always("1"),), Fraction(1)),))
    return Scenario(
        e.game(model),
        False,
        Kind.CSR,
        ((Always("1"),),) * PLAYERS,
        programs=tuple((p,) for p in programs),
        selection=selection,
        beliefs=(certain,) * PLAYERS,
        equilibrium=tuple(programs),
    )


FAILS: dict[str, Callable[[Scenario], bool]] = {
    "prop-1": prop_1_fails,
    "def-6-meet": def_6_meet_fails,
    "thm-3-inclusion": thm_3_inclusion_fails,
}
DRAWN: dict[str, Callable[[], st.SearchStrategy[Scenario]]] = {
    "prop-1": prop_1_drawn,
    "def-6-meet": def_6_meet_drawn,
    "thm-3-inclusion": thm_3_inclusion_drawn,
}
ENCODED: dict[str, Callable[[int], Scenario | None]] = {
    "prop-1": prop_1_encoded,
    "def-6-meet": def_6_meet_encoded,
    "thm-3-inclusion": thm_3_inclusion_encoded,
}


# Timed


def by_refute(id: str) -> Found:
    """Search as ``spi-verify refute`` does."""
    searched = statement(id)
    started = time.perf_counter()
    refutation = refute(searched, Bounds(PLAYERS, OUTCOMES)).refutation
    seconds = time.perf_counter() - started
    scenario = None if refutation is None else read_scenario(refutation["programs"])
    return Found(scenario, seconds, scenario, seconds)


def by_hypothesis(id: str, seed: int, examples: int) -> Found:
    """Draw scenarios until the executed property finds one that fails, then shrink it."""
    first: tuple[Scenario, float] | None = None
    started = time.perf_counter()

    def fails(scenario: Scenario) -> bool:
        nonlocal first
        failing = FAILS[id](scenario)
        if failing and first is None:
            first = scenario, time.perf_counter() - started
        return failing

    settings = hypothesis.settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=False,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    try:
        smallest = hypothesis.find(
            DRAWN[id](), fails, settings=settings, random=random.Random(seed)
        )
    except hypothesis.errors.NoSuchExample:
        seconds = time.perf_counter() - started
        return Found(None, seconds, None, seconds)
    seconds = time.perf_counter() - started
    assert first is not None
    return Found(*first, smallest, seconds)


def by_plain_z3(id: str, largest: int = OUTCOMES) -> Found:
    """Ask z3 for 1, 2, ... outcomes, and execute what it finds.

    Raises
    ------
    AssertionError
        When what was decoded is no counterexample: the encoding would be wrong.
    """
    started = time.perf_counter()
    found = next(filter(None, map(ENCODED[id], range(1, largest + 1))), None)
    if found is not None and not FAILS[id](found):
        raise AssertionError(f"the encoding of {id} contradicts the running programs")
    seconds = time.perf_counter() - started
    return Found(found, seconds, found, seconds)


@dataclass(frozen=True)
class Line:
    """One line of the table: medians in milliseconds, sizes as (players, outcomes)."""

    statement: str
    method: str
    found: int
    runs: int
    first_ms: float
    ratio: float
    first_sizes: list[tuple[int, int]]
    smallest_ms: float
    smallest_sizes: list[tuple[int, int]]


def sizes(scenarios: Iterator[Scenario | None]) -> list[tuple[int, int]]:
    different = {(s.game.number_of_players, s.game.number_of_outcomes) for s in scenarios if s}
    return sorted(different)


def measure(repeats: int, examples: int) -> Iterator[Line]:
    """Yield one line of the table after the other; every run has a process of its own."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, max_tasks_per_child=1) as pool:
        for id in STATEMENTS:
            reference: float | None = None
            for method, function, arguments in (
                ("refute", by_refute, [(id,)] * repeats),
                ("hypothesis", by_hypothesis, [(id, seed, examples) for seed in range(repeats)]),
                ("plain z3", by_plain_z3, [(id,)] * repeats),
            ):
                runs: list[Found] = [pool.submit(function, *each).result() for each in arguments]
                first = 1e3 * statistics.median(run.seconds for run in runs)
                reference = first if reference is None else reference
                yield Line(
                    id,
                    method,
                    sum(run.first is not None for run in runs),
                    len(runs),
                    first,
                    first / reference,
                    sizes(run.first for run in runs),
                    1e3 * statistics.median(run.smallest_seconds for run in runs),
                    sizes(run.smallest for run in runs),
                )


def rows(repeats: int = 3, examples: int = 2_000) -> Iterator[Measured]:
    """Iterate over refute, beside the encoding by hand and beside drawing examples."""
    lines: dict[str, dict[str, Line]] = {}
    for line in measure(repeats, examples):
        lines.setdefault(line.statement, {})[line.method] = line
    for id, by_method in lines.items():
        seconds = by_method["refute"].first_ms / 1e3
        drawn = by_method["hypothesis"]
        written = by_method["plain z3"].first_ms / 1e3
        yield Measured(f"refute {id}", "2 players", seconds, "plain z3", written)
        found = "" if drawn.found == drawn.runs else f" ({drawn.found} of {drawn.runs} found)"
        least = drawn.smallest_ms / 1e3
        yield Measured(f"refute {id}, smallest", "2 players", seconds, f"hypothesis{found}", least)


def told(pairs: list[tuple[int, int]]) -> str:
    return ", ".join(f"{players}p {outcomes}o" for players, outcomes in pairs) or "none"


def main() -> None:
    parser = argparse.ArgumentParser(description="Time searches for counterexamples.")
    parser.add_argument("--repeats", type=int, default=3, help="runs behind each median")
    parser.add_argument("--examples", type=int, default=10_000, help="the most hypothesis may draw")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    arguments = parser.parse_args()
    lines = []
    load_before = os.getloadavg()[0]
    if not arguments.json:
        print(f"load average {load_before:.1f} at the start; p: players, o: outcomes")
        print(
            f"{'':16} {'':10} {'found':>5} {'first ms':>9} {'ratio':>6}  {'size':18} "
            f"{'smallest ms':>11}  size"
        )
    for line in measure(arguments.repeats, arguments.examples):
        lines.append(line)
        if not arguments.json:
            print(
                f"{line.statement:16} {line.method:10} {line.found:>3}/{line.runs} "
                f"{line.first_ms:9.1f} {line.ratio:6.2f}  {told(line.first_sizes):18} "
                f"{line.smallest_ms:11.1f}  {told(line.smallest_sizes)}"
                f"{'' if line.found == line.runs else ' (else the whole search)'}",
                flush=True,
            )
    if arguments.json:
        print(json.dumps({"load": load_before, "lines": list(map(asdict, lines))}, indent=2))


if __name__ == "__main__":
    main()
