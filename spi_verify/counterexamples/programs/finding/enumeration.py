"""Candidates in given games: real programs of a small grammar, the shortest first.

With lotteries the feasible set is convex and sets of outcomes may be infinite; with more than a
few pure outcomes there are very many sets. There nothing is written out for a solver: defaults,
functions and beliefs are enumerated, and every candidate is executed.
"""

from __future__ import annotations

import itertools
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.programs.extensions import executable
from spi_verify.counterexamples.programs.scenario import MAX_PLAYERS, Scenario
from spi_verify.counterexamples.statements.labels import hypotheses_of
from spi_verify.counterexamples.statements.spoken_of import asserted_to_exist, functions_in
from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.games.game import Game, Outcome, Payoffs
from spi_verify.obligations.statements import Statement
from spi_verify.programs.deciding.spaces import Kind
from spi_verify.programs.examples import scheduling_game
from spi_verify.programs.language.base import BaseGame
from spi_verify.programs.language.functions import (
    Both,
    ByOutcome,
    Either,
    Improving,
    ImprovingOnMeet,
    Outcomes,
    Projection,
    Row,
    SetFunction,
)
from spi_verify.programs.language.functions import candidates as own_functions
from spi_verify.programs.language.programs import CSR, Always, Program
from spi_verify.programs.language.selections import (
    KalaiSmorodinsky,
    Lexicographic,
    Leximin,
    Maxmin,
    Selection,
    Utilitarian,
    candidates,
)
from spi_verify.programs.language.terms import Element
from spi_verify.programs.running.base_games import CorrelatedBase, PureBase
from spi_verify.programs.running.beliefs import Beliefs
from spi_verify.programs.running.execution import Execution

BELOW = "somebody-below-the-pmm"
EVERYBODY = "everybody-uses-csr"
BELIEVED = "extensions-believed"
SUPPOSED = (BELOW, EVERYBODY, BELIEVED)
"""The labels of hypotheses that decide which scenarios are worth trying."""


def games(bounds: Bounds) -> Iterator[Game]:
    """Iterate over the games that are tried: the paper's, and one in which projections are empty.

    The second has three players; its projections may be empty.
    """
    if bounds.game is not None:
        yield bounds.game
        return
    yield scheduling_game()
    if bounds.players >= 3:
        yield Game.from_payoffs([[[[0, 1, 0]]], [[[1, 0, 1]]], [[[-1, -1, 0]]]])


def told(bounds: Bounds, *, correlated: bool) -> str:
    """Return in words what :func:`scenarios` goes through."""
    offers = "efficient corners, the PMM or points between" if correlated else "improvements"
    listed = f"offers of {offers}, one default program each, beliefs that are certain"
    where = "in this game" if bounds.game is not None else " and in ".join(_named(bounds))
    return f"{where}: programs listed one by one ({listed})"


def _named(bounds: Bounds) -> list[str]:
    return ["in the Scheduling Game", "a game of three players with empty projections"][
        : 1 + (bounds.players >= 3)
    ]


def small_games_told(bounds: Bounds) -> str:
    """Return in words what :func:`selection_scenarios` goes through."""
    if bounds.game is not None:
        return "in this game: one profile of CSR programs"
    return "in games of two players with three outcomes and payoffs 0 and 1: one profile each"


def scenarios(
    statement: Statement, symbols: set[str], bounds: Bounds, *, correlated: bool
) -> Iterator[Scenario]:
    """Iterate over scenarios, those with the fewest points on offer first.

    Parameters
    ----------
    statement, symbols
        The statement, and what it speaks of.
    bounds
        The most players, or the game.
    correlated
        Whether the players can agree on lotteries.
    """
    for game in games(bounds):
        base = CorrelatedBase(game) if correlated else PureBase(game)
        yield from _of_corners(statement, symbols, base)
        if "announced" not in symbols and correlated and len(base.players) == 2:
            yield from _of_points(statement, base)


def _of_corners(statement: Statement, symbols: set[str], base: BaseGame) -> Iterator[Scenario]:
    """Iterate over scenarios in which offers are efficient corners or the PMM, one each.

    Some players may not renegotiate at all, and everybody believes that nobody does.
    """
    announced = "announced" in symbols
    supposed = hypotheses_of(statement)
    below = BELOW in supposed
    players = range(len(base.players))
    everybody = set(players)
    selections: list[Selection] = [Leximin(), Utilitarian()]
    transitive = any("transitive" in functions_in(h.formula) for h in statement.hypotheses)
    if not transitive:
        selections += [Maxmin(), KalaiSmorodinsky((Fraction(0),) * len(players))]
    selections += candidates(len(players), transitive=transitive)
    fewest = int(BELIEVED in supposed)  # where all renegotiate, extensions are excluded
    # Who does not renegotiate has no extension; that matters where some profile of them is claimed.
    claims_some = "Profile" in asserted_to_exist(statement.goal.formula)
    everybody_renegotiates = announced or not claims_some or EVERYBODY in supposed
    most = 0 if everybody_renegotiates else len(players)
    plain = [
        set(chosen)
        for size in range(fewest, most + 1)
        for chosen in itertools.combinations(players, size)
    ]
    for outsiders, selection, default in itertools.product(
        plain, selections, list(_defaults(base.game))
    ):
        constants = _constants(default)
        beliefs = _certain(tuple(own[0] for own in constants))
        for functions in _functions(base, default, announced=announced):
            if announced:
                yield Scenario(
                    base.game,
                    isinstance(base, CorrelatedBase),
                    Kind.CSR,
                    constants,
                    selection=selection,
                    beliefs=beliefs,
                    functions=functions,
                )
                continue
            scenario = _in_equilibrium(
                base, selection, default, functions, beliefs, everybody - outsiders
            )
            if not below or _somebody_below(base, scenario):
                yield scenario


def _of_points(statement: Statement, base: BaseGame) -> Iterator[Scenario]:
    """Iterate over two-player scenarios in which everybody offers one or two points.

    Everybody is certain of the others' programs, or then of their extensions.
    """
    extend = executable(statement.theory)
    supposed = hypotheses_of(statement)
    below = BELOW in supposed
    selections: list[Selection] = [
        Utilitarian(),
        Leximin(),
        Lexicographic((1, 2)),
        Lexicographic((2, 1)),
        *candidates(2, transitive=True),
    ]
    default = next(_defaults(base.game))
    points = _mixtures(base, default)

    def equilibria() -> Iterator[Scenario]:
        for offers, selection in itertools.product(_shared(points), selections):
            functions = tuple(Both(Improving(), (Outcomes(offered),)) for offered in offers)
            scenario = _in_equilibrium(base, selection, default, functions)
            if not below or _somebody_below(base, scenario):
                yield scenario

    if BELIEVED not in supposed:
        for scenario in equilibria():
            yield replace(scenario, beliefs=_certain(scenario.equilibrium))
    if extend is not None:
        for scenario in equilibria():
            extended = tuple(
                replace(program, function=extend(program.function))
                for program in scenario.equilibrium
                if isinstance(program, CSR)
            )
            yield replace(scenario, beliefs=_certain(extended))


def _shared(points: Sequence[Element]) -> Iterator[tuple[tuple[Element, ...], ...]]:
    """Iterate over two players' offers that share a point, and of which one may have another."""
    yield from (((point,), (point,)) for point in points)
    for point, other in itertools.permutations(points, 2):
        yield (point,), (point, other)
        yield (point, other), (point,)


def _in_equilibrium(
    base: BaseGame,
    selection: Selection,
    default: Outcome,
    functions: Sequence[SetFunction],
    beliefs: tuple[Beliefs, ...] = (),
    renegotiating: Container[int] = range(MAX_PLAYERS),
) -> Scenario:
    """Return a scenario that supposes these CSR programs, or constants in their place."""
    constants = _constants(default)
    programs = _programs(selection, constants, functions)
    return Scenario(
        base.game,
        isinstance(base, CorrelatedBase),
        Kind.CSR,
        constants,
        programs=tuple((program,) for program in programs),
        selection=selection,
        beliefs=beliefs,
        equilibrium=tuple(
            program if i in renegotiating else constants[i][0] for i, program in enumerate(programs)
        ),
    )


def _constants(default: Outcome) -> tuple[tuple[Program, ...], ...]:
    return tuple((Always(action),) for action in default)


def _certain(profile: tuple[Program, ...]) -> tuple[Beliefs, ...]:
    """Return that everybody is certain of the others' programs in a profile."""
    return tuple(
        Beliefs.certain(*(program for j, program in enumerate(profile) if j != i))
        for i in range(len(profile))
    )


def _somebody_below(base: BaseGame, scenario: Scenario) -> bool:
    reached = base.payoffs(Execution(base).profile(scenario.equilibrium))
    return any(paid < least for paid, least in zip(reached, base.pareto_meet_minimum, strict=True))


def selection_scenarios(bounds: Bounds) -> Iterator[Scenario]:
    """Iterate over scenarios in which CSR programs agree on nothing better than what they have.

    Everybody offers, at every outcome, that outcome itself and one improvement, each player
    another one where there are several.
    """
    for game in [bounds.game] if bounds.game is not None else _small_games():
        base, n = PureBase(game), game.number_of_players
        rows: list[list[Row]] = [[] for _ in range(n)]
        for outcome in game.outcomes():
            here = base.payoffs(outcome)
            better = [x for x in base.elements(base.at_least(here)) if base.payoffs(x) != here]
            for i in range(n):
                offered = (outcome, *better[i : i + 1])
                rows[i].append(Row(outcome, Outcomes(offered)))
        default = next(iter(game.outcomes()))
        constants = tuple((Always(action),) for action in default)
        selection = Leximin()
        yield Scenario(
            game,
            False,
            Kind.CSR,
            constants,
            selection=selection,
            other_selections=(Utilitarian(),),
            equilibrium=tuple(
                CSR(selection, own[0], ByOutcome(Outcomes(()), tuple(own_rows)))
                for own, own_rows in zip(constants, rows, strict=True)
            ),
        )


def _small_games() -> Iterator[Game]:
    cells = list(itertools.product((0, 1), repeat=2))
    for rows in itertools.product(cells, repeat=3):
        yield Game.from_payoffs([[list(cell)] for cell in rows])


def _programs(
    selection: Selection,
    constants: tuple[tuple[Program, ...], ...],
    functions: Sequence[SetFunction],
) -> tuple[Program, ...]:
    pairs = zip(constants, functions, strict=True)
    return tuple(CSR(selection, own[0], function) for own, function in pairs)


def _defaults(game: Game) -> Iterator[Outcome]:
    """Iterate over default outcomes, one for each payoff profile, the worst for all first."""
    seen: set[Payoffs] = set()
    for outcome in sorted(game.outcomes(), key=lambda a: sum(game.payoffs(a))):
        if game.payoffs(outcome) not in seen:
            seen.add(game.payoffs(outcome))
            yield outcome


def _functions(
    base: BaseGame, default: Outcome, *, announced: bool
) -> Iterator[tuple[SetFunction, ...]]:
    """Iterate over profiles of functions: each player's choices, the shortest code first."""
    here = base.payoffs(default)
    better = [
        element
        for element in _points(base)
        if (paid := base.payoffs(base.agreed(element))) != here
        and all(x >= y for x, y in zip(paid, here, strict=True))
    ]
    planar = len(base.players) == 2 or isinstance(base, PureBase)
    choices: list[list[SetFunction]] = []
    for i in base.players:
        here_only = [
            ByOutcome(Outcomes(()), (Row(default, Outcomes((point,))),)) for point in better
        ]
        own: list[SetFunction] = []
        if announced:
            own.append(Projection(i))
            own += [Either(Projection(i), (part,)) for part in here_only]
            if planar:
                own += [Improving(), ImprovingOnMeet()]
        elif planar:
            own += [Both(Improving(), (Outcomes((point,)),)) for point in better]
        else:
            own += here_only
        if isinstance(base, PureBase):
            own += own_functions(len(base.players))
        choices.append(own)
    yield from itertools.product(*choices)


def _points(base: BaseGame) -> list[Element]:
    """Return efficient corners and the PMM; of pure outcomes one for each payoff profile."""
    if isinstance(base, PureBase):
        by_payoffs = {base.payoffs(outcome): outcome for outcome in base.game.outcomes()}
        return list(by_payoffs.values())
    play = CorrelatedPlay(base.game)
    corners = dict.fromkeys(play.corner_payoffs)
    points: list[Element] = [u for u in corners if play.is_efficient(u)]
    if play.contains(play.pareto_meet_minimum):
        points.append(play.pareto_meet_minimum)
    return points


def _mixtures(base: BaseGame, default: Outcome) -> list[Element]:
    """Return corners and the PMM, and points between: towards corners, and from the PMM to them.

    The former are two thirds of the way from the default outcome; where they pay somebody less
    than the PMM, agreeing on them leaves something to guarantee. The latter are a third of the way.
    """
    here, least = base.payoffs(default), base.pareto_meet_minimum
    corners = [base.payoffs(base.agreed(point)) for point in _points(base)]
    points = dict.fromkeys(corners)
    for start, share in ((here, Fraction(2, 3)), (least, Fraction(1, 3))):
        for corner in corners if start is here or least in corners else ():
            point = tuple(share * b + (1 - share) * a for a, b in zip(start, corner, strict=True))
            points.setdefault(point, None)
    return [
        point
        for point in points
        if point != here and all(x >= y for x, y in zip(point, here, strict=True))
    ]
