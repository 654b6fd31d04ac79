"""Subjective equilibria of iterated CSR programs a little above the PMM (Proposition 5).

Given a game with correlated play, the construction of the repaired proposition: programs that
offer a little more in every round, beliefs under which nobody has a better program, and the
default programs that both rest on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from spi_verify.errors import InputError
from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.games.game import Game, Outcome, Payoffs
from spi_verify.programs.deciding.best_responses import MAX_RUNS
from spi_verify.programs.deciding.equilibrium import EquilibriumReport, subjective_equilibrium
from spi_verify.programs.deciding.reading import reads_functions
from spi_verify.programs.deciding.spaces import ProgramSpace
from spi_verify.programs.language.conditions import AllOf
from spi_verify.programs.language.functions import (
    AtMost,
    Both,
    ImprovingOnMeet,
    NowAtMost,
    Outcomes,
    SetFunction,
    When,
)
from spi_verify.programs.language.programs import ICSR, Always, Program
from spi_verify.programs.language.selections import Leximin, Selection
from spi_verify.programs.language.terms import Point
from spi_verify.programs.running.base_games import CorrelatedBase
from spi_verify.programs.running.beliefs import Beliefs
from spi_verify.programs.running.execution import Execution, ProgramGame


@dataclass(frozen=True)
class Obstacle:
    """A hypothesis of the repaired Proposition 5 that a game does not meet.

    Parameters
    ----------
    hypothesis
        Its name, as ``--without`` takes it.
    why
        What is in the way, in one sentence.
    """

    hypothesis: str
    why: str


@dataclass(frozen=True)
class Tightness:
    """Programs and beliefs as the repaired Proposition 5 says that there are.

    Parameters
    ----------
    game
        The program game.
    defaults
        What everybody's default program always plays.
    programs
        p*, everybody's ICSR program.
    beliefs
        What everybody is certain of.
    path
        The payoffs at the default outcome and after each round, found by running the programs.
    ceiling
        u^PMM + Delta.
    equilibrium
        For each player that no program earns more, over all programs and all ICSR programs.
    """

    game: ProgramGame
    defaults: Outcome
    programs: tuple[ICSR, ...]
    beliefs: tuple[Beliefs, ...]
    path: tuple[Payoffs, ...]
    ceiling: Payoffs
    equilibrium: EquilibriumReport

    @property
    def every_round_improves(self) -> bool:
        """Whether every round makes everybody strictly better off, the last one included."""
        rounds = zip(self.path, self.path[1:], strict=False)
        return all(y > x for a, b in rounds for x, y in zip(a, b, strict=True))

    @property
    def within_delta(self) -> bool:
        """Whether everybody ends with at most the PMM and Delta."""
        return all(x <= most for x, most in zip(self.path[-1], self.ceiling, strict=True))

    @property
    def replies(self) -> Payoffs:
        """The most that a program that does not renegotiate earns against each player's beliefs."""
        base = self.game.base.game
        totals = []
        for i, belief in enumerate(self.beliefs):
            total = Fraction(0)
            for opponents, weight in belief.support:
                played = [_constant(program) for program in opponents]
                total += weight * _reply(base, (*played[:i], self.defaults[i], *played[i:]), i)
            totals.append(total)
        return tuple(totals)

    @property
    def assumption_9(self) -> bool:
        """Whether the beliefs meet Assumption 9, read for iterated CSR.

        Part (i) binds nobody where everybody expects more than any program earns that does not
        renegotiate; part (ii) holds where the believed code does not look at anybody's functions.
        """
        believed = [p for belief in self.beliefs for profile, _ in belief.support for p in profile]
        rounds = {f for p in believed if isinstance(p, ICSR) for f in p.rounds}
        expected = [report.value for report in self.equilibrium.players]
        return not any(map(reads_functions, rounds)) and all(
            value > reply for value, reply in zip(expected, self.replies, strict=True)
        )

    @property
    def holds(self) -> bool:
        """Whether all that Proposition 5 claims is so."""
        return (
            self.every_round_improves
            and self.within_delta
            and bool(self.equilibrium.holds)
            and self.assumption_9
        )


def tightness(
    game: Game,
    rounds: int,
    delta: Fraction | int | Sequence[Fraction],
    *,
    selection: Selection | None = None,
    defaults: Outcome | None = None,
    told: Callable[[str, int], None] = lambda *_: None,
) -> Tightness | Obstacle:
    """Construct a subjective equilibrium in which everybody ends at most Delta above the PMM.

    Parameters
    ----------
    game
        Any game with two or more players, who can correlate their actions.
    rounds
        K, at least 1.
    delta
        Delta, one positive number for all players or one for each.
    selection
        The selection function; leximin if not given. It is the same to the construction.
    defaults
        What the default programs always play; the first pure outcome that will do if not given.
    told
        Is told what is done next, and how many of its kind are done already.

    Returns
    -------
    Tightness or Obstacle
        The equilibrium, found by running the programs, or the first hypothesis that fails.

    Raises
    ------
    InputError
        When there is one player only, no round, a Delta that is not positive, or no such outcome.

    Notes
    -----
    In round k everybody offers the others at most w_k of the way from the PMM to the mixture of
    all players' favourites. Player i is certain that the others will in the end let player i have
    what the corner pays: the same w_K of the way from the lure, the best outcome for player i that
    pays the others their PMM payoffs. Since their code never lets player i have more, nor do their
    defaults, nothing earns more, and p_i* earns just that.

    Linear in K but for the sizes of numbers. With two players sets are polygons, as in the paper.
    With more, programs offer the points of the path and the corner only.

    >>> from spi_verify.programs.examples import scheduling_game
    >>> found = tightness(scheduling_game(), 2, Fraction(1, 10))
    >>> found.holds, found.path[-1]
    (True, (Fraction(11, 10), Fraction(11, 10)))
    """
    n = game.number_of_players
    most = tuple(delta) if isinstance(delta, Sequence) else (Fraction(delta),) * n
    if n < 2:
        raise InputError("renegotiation takes at least two players")
    if rounds < 1:
        raise InputError("there is at least one round")
    if len(most) != n or min(most) <= 0:
        raise InputError(f"Delta is one positive number, or one for each of {n} players")
    chosen = selection or Leximin()
    plan = _plan(game, most, defaults)
    if isinstance(plan, Obstacle):
        return plan
    program_game = ProgramGame(CorrelatedBase(game))
    steps = [Fraction(k, rounds) for k in range(1, rounds + 1)]
    path = [_between(plan.meet, plan.end, step) for step in steps]
    own = [Always(action) for action in plan.defaults]
    programs = tuple(
        ICSR(chosen, own[i], tuple(_modest(i, path, plan.corners[i]))) for i in range(n)
    )
    beliefs = tuple(
        Beliefs.certain(
            *(
                ICSR(chosen, own[j], tuple(_generous(i, path, plan.meet, plan.corners[i])))
                for j in range(n)
                if j != i
            )
        )
        for i in range(n)
    )
    return executed(program_game, most, programs, beliefs, told=told)


def executed(
    game: ProgramGame,
    delta: Payoffs,
    programs: tuple[ICSR, ...],
    beliefs: tuple[Beliefs, ...],
    *,
    max_runs: int = MAX_RUNS,
    told: Callable[[str, int], None] = lambda *_: None,
) -> Tightness:
    """Run programs that are said to be tight, and decide whether they are optimal.

    Parameters
    ----------
    game
        A program game with correlated play.
    delta
        Delta, one positive number for each player.
    programs
        p*, everybody's ICSR program with a constant default.
    beliefs
        What everybody believes.
    max_runs
        For each player's enumeration, where reading the believed code does not settle it.
    told
        As in :func:`tightness`.

    Raises
    ------
    InputError
        When the programs do not have the same number of rounds and selection function, a default
        is not constant, or a program or belief makes no sense in the game.
    """
    path = history(game, programs, told)
    told("everybody's program against what is believed", len(path) - 1)
    defaults = []
    for i, program in enumerate(programs, start=1):
        if not isinstance(program.default, Always) or not isinstance(program.default.action, str):
            raise InputError("its default is not constant", where=f"player {i}'s program")
        defaults.append(program.default.action)
    space = ProgramSpace.with_icsr(programs[0].selection, len(programs[0].rounds))
    spaces = [space] * len(programs)
    return Tightness(
        game=game,
        defaults=tuple(defaults),
        programs=programs,
        beliefs=beliefs,
        path=path,
        ceiling=tuple(m + d for m, d in zip(game.base.pareto_meet_minimum, delta, strict=True)),
        equilibrium=subjective_equilibrium(game, programs, beliefs, spaces, max_runs=max_runs),
    )


def obstacle(game: Game, defaults: Outcome | None = None) -> Obstacle | None:
    """Return the first hypothesis of the repaired Proposition 5 that fails, if one does.

    Parameters
    ----------
    game
        Any game with two or more players, who can correlate their actions.
    defaults
        What the default programs always play; if not given, some pure outcome has to do.
    """
    plan = _plan(game, (Fraction(1),) * game.number_of_players, defaults)
    return plan if isinstance(plan, Obstacle) else None


def history(
    game: ProgramGame,
    programs: Sequence[ICSR],
    told: Callable[[str, int], None] = lambda *_: None,
) -> tuple[Payoffs, ...]:
    """Return the payoffs at the default outcome and after each round of Algorithm 3.

    Parameters
    ----------
    game
        The program game.
    programs
        An ICSR program for each player.
    told
        As in :func:`tightness`.

    Raises
    ------
    InputError
        When the programs do not have the same number of rounds and the same selection function.
    """
    profile = tuple(programs)
    if len({len(p.rounds) for p in profile}) > 1:
        raise InputError("only programs with the same number of rounds renegotiate")
    if len({p.selection for p in profile}) > 1:
        raise InputError("only programs with the same selection function renegotiate")
    game.checked(profile)
    execution = Execution(game.base)
    outcome = execution.profile(tuple(p.default for p in profile))
    payoffs = [game.base.payoffs(outcome)]
    for k, functions in enumerate(zip(*(p.rounds for p in profile), strict=True)):
        told(f"round {k + 1}", k)
        outcome = execution.renegotiated(functions, profile[0].selection, outcome)
        payoffs.append(game.base.payoffs(outcome))
    return tuple(payoffs)


def accepting(player: int, pmm: Payoffs, ceiling: Payoffs, rounds: int) -> tuple[SetFunction, ...]:
    """Return the functions of the paper's proof, for two players.

    In round k everything is accepted that pays everybody at least max(PMM, u(a)) and the player
    at most k/K of the way from the PMM to a ceiling; nothing, where a pays the player more already.

    Parameters
    ----------
    player
        Who gets at most so much, 1 or 2.
    pmm, ceiling
        The PMM, and the most in the last round; only the player's entries count.
    rounds
        K.
    """
    i = player - 1
    bounds = (pmm[i] + Fraction(k, rounds) * (ceiling[i] - pmm[i]) for k in range(1, rounds + 1))
    return tuple(_capped(i, bound) for bound in bounds)


@dataclass(frozen=True)
class _Plan:
    """The PMM, where the path ends, everybody's corner, and what the defaults play."""

    meet: Payoffs
    end: Payoffs
    corners: tuple[Payoffs, ...]
    defaults: Outcome


def _plan(game: Game, delta: Payoffs, defaults: Outcome | None) -> _Plan | Obstacle:
    play = CorrelatedPlay(game)
    meet = play.pareto_meet_minimum
    outcomes = [game.outcome(k) for k in range(game.number_of_outcomes)]
    shared = _shared_best(game, outcomes)
    if shared is not None:
        return shared
    if not play.contains(meet):
        shown = ", ".join(map(str, meet))
        return Obstacle("pmm-feasible", f"no lottery over the outcomes pays the PMM ({shown})")
    n = game.number_of_players
    favourites = [_favourite(game, play, i) for i in range(n)]
    centre = tuple(sum(column, Fraction(0)) / n for column in zip(*favourites, strict=True))
    lures = []
    for i in range(1, n + 1):
        segment = play.pareto_meet_projection(i, meet)
        assert segment is not None, "the PMM is in its own projection"
        lures.append(segment.high)
    found = _defaults(game, meet, lures, outcomes if defaults is None else [defaults])
    if isinstance(found, Obstacle):
        return found
    weight = Fraction(1)
    for i, lure in enumerate(lures):
        weight = min(weight, delta[i] / (centre[i] - meet[i]))
        reply = _reply(game, found, i)
        if reply < lure[i] and lure[i] > centre[i]:
            weight = min(weight, (lure[i] - reply) / (lure[i] - centre[i]) / 2)
    corners = tuple(_between(lure, centre, weight) for lure in lures)
    return _Plan(meet, _between(meet, centre, weight), corners, found)


def _shared_best(game: Game, outcomes: Sequence[Outcome]) -> Obstacle | None:
    best = _best(game)
    for outcome in outcomes:
        happy = [i for i, u in enumerate(game.payoffs(outcome), start=1) if u == best[i - 1]]
        if len(happy) > 1:
            return Obstacle(
                "bargaining-problem",
                f"({', '.join(outcome)}) pays players {happy[0]} and {happy[1]} their best payoff",
            )
    return None


def _best(game: Game) -> Payoffs:
    payoffs = (game.payoffs(k) for k in range(game.number_of_outcomes))
    return tuple(map(max, zip(*payoffs, strict=True)))


def _favourite(game: Game, play: CorrelatedPlay, i: int) -> Payoffs:
    """Return an efficient payoff profile that is best for a player."""
    best = _best(game)[i]
    candidates = (game.payoffs(int(k)) for k in play.efficient)
    return next(u for u in candidates if u[i] == best)


def _defaults(
    game: Game, meet: Payoffs, lures: Sequence[Payoffs], outcomes: Sequence[Outcome]
) -> Outcome | Obstacle:
    """Return the first outcome that constant default programs may play."""
    obstacle = None
    for outcome in outcomes:
        obstacle = _objection(game, meet, lures, outcome)
        if obstacle is None:
            return outcome
    if obstacle is not None and len(outcomes) > 1:
        names = "pays nobody more than the PMM and holds everybody to less than a lure"
        return Obstacle("defaults-not-generous", f"no pure outcome {names}")
    assert obstacle is not None
    return obstacle


def _objection(
    game: Game, meet: Payoffs, lures: Sequence[Payoffs], outcome: Outcome
) -> Obstacle | None:
    payoffs, name = game.payoffs(outcome), ", ".join(outcome)
    for i, (u, least) in enumerate(zip(payoffs, meet, strict=True)):
        if u > least:
            return Obstacle(
                "defaults-at-most-pmm",
                f"({name}) pays player {i + 1} {u}, more than the PMM payoff {least}",
            )
    for i, lure in enumerate(lures):
        reply = _reply(game, outcome, i)
        if reply >= lure[i] and reply > meet[i]:
            return Obstacle(
                "defaults-not-generous",
                f"against the others' defaults in ({name}) player {i + 1} can get {reply}, and "
                f"at most {lure[i]} where the others get the PMM",
            )
    return None


def _reply(game: Game, outcome: Outcome, i: int) -> Fraction:
    """Return the most a player can get where the others play their part of an outcome."""
    return max(
        game.payoffs((*outcome[:i], action, *outcome[i + 1 :]))[i] for action in game.actions[i]
    )


def _constant(program: Program) -> str:
    """Return what an ICSR program with a constant default plays where others do not renegotiate."""
    default = program.default if isinstance(program, ICSR) else program
    if not isinstance(default, Always) or not isinstance(default.action, str):
        raise InputError("the defaults of believed programs are not constant", where="beliefs")
    return default.action


def _between(low: Payoffs, high: Payoffs, t: Fraction) -> Payoffs:
    return tuple(a + t * (b - a) for a, b in zip(low, high, strict=True))


def _modest(i: int, path: Sequence[Point], corner: Point) -> list[SetFunction]:
    """Return what a player's program accepts in each round."""
    if len(corner) == 2:
        return [_capped(1 - i, point[1 - i]) for point in path]
    last = _from_below(path[-1], (path[-1], corner))
    return [*(_from_below(point, (point,)) for point in path[:-1]), last]


def _generous(
    i: int, path: Sequence[Point], meet: Payoffs, corner: Point
) -> tuple[SetFunction, ...] | list[SetFunction]:
    """Return what a player expects the others to accept in each round."""
    if len(corner) == 2:
        return accepting(i + 1, meet, corner, len(path))
    return [*(_from_below(point, (point,)) for point in path[:-1]), _from_below(corner, (corner,))]


def _capped(i: int, bound: Fraction) -> SetFunction:
    """Return all improvements on the meet that give one of two players at most so much."""
    unit = _unit(i, 2)
    everything = Both(ImprovingOnMeet(), (AtMost(bound, unit),))
    return When(NowAtMost(bound, unit), everything, Outcomes(()))


def _from_below(bound: Point, points: tuple[Point, ...]) -> SetFunction:
    """Return some points where nobody has more than a bound yet, and nothing elsewhere."""
    n = len(bound)
    below = AllOf(tuple(NowAtMost(u, _unit(j, n)) for j, u in enumerate(bound)))
    return When(below, Outcomes(tuple(dict.fromkeys(points))), Outcomes(()))


def _unit(i: int, n: int) -> Point:
    return tuple(Fraction(int(j == i)) for j in range(n))
