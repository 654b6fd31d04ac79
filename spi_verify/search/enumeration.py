"""Candidates in given games: real programs of a small grammar, the shortest first.

With lotteries the feasible set is convex and sets of outcomes may be infinite; with more than a
few pure outcomes there are very many sets. There nothing is written out for a solver: defaults,
functions and beliefs are enumerated, and every candidate is executed.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction

from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.games.game import Game, Outcome, Payoffs
from spi_verify.obligations.statements import Statement
from spi_verify.programs.base_game import BaseGame, CorrelatedBase, PureBase
from spi_verify.programs.beliefs import Beliefs
from spi_verify.programs.examples import scheduling_game
from spi_verify.programs.functions import (
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
from spi_verify.programs.program import CSR, Always, Program
from spi_verify.programs.selection import (
    KalaiSmorodinsky,
    Leximin,
    Maxmin,
    Selection,
    Utilitarian,
)
from spi_verify.programs.spaces import Kind
from spi_verify.programs.terms import Element
from spi_verify.search.bounds import Bounds
from spi_verify.search.scenario import Scenario


def games(bounds: Bounds) -> Iterator[Game]:
    """Iterate over the games that are tried: the paper's, and one in which projections are empty.

    The second has three players; see the statement ``def-6-nonempty``.
    """
    if bounds.game is not None:
        yield bounds.game
        return
    yield scheduling_game()
    if bounds.players >= 3:
        yield Game.from_payoffs([[[[0, 1, 0]]], [[[1, 0, 1]]], [[[-1, -1, 0]]]])


def scenarios(
    statement: Statement, symbols: set[str], bounds: Bounds, *, correlated: bool
) -> Iterator[Scenario]:
    """Iterate over scenarios.

    Parameters
    ----------
    statement, symbols
        The statement, and what it speaks of.
    bounds
        The most players, or the game.
    correlated
        Whether the players can agree on lotteries.
    """
    transitive = any("transitive" in h.name for h in statement.hypotheses)
    announced = "announced" in symbols
    for game in games(bounds):
        base_game = CorrelatedBase(game) if correlated else PureBase(game)
        players = range(game.number_of_players)
        selections: list[Selection] = [Leximin(), Utilitarian()]
        if not transitive:
            selections += [Maxmin(), KalaiSmorodinsky((Fraction(0),) * len(players))]
        plain = [
            chosen
            for size in ([0] if announced else range(len(players) + 1))
            for chosen in itertools.combinations(players, size)
        ]
        for without_csr, selection, default in itertools.product(
            plain, selections, list(_defaults(game))
        ):
            constants = tuple((Always(action),) for action in default)
            beliefs = tuple(
                Beliefs.certain(*(programs[0] for j, programs in enumerate(constants) if j != i))
                for i in players
            )
            for functions in _functions(base_game, default, announced=announced):
                base = _programs(selection, constants, functions)
                profile = tuple(constants[i][0] if i in without_csr else base[i] for i in players)
                yield Scenario(
                    game,
                    correlated,
                    Kind.CSR,
                    constants,
                    programs=() if announced else tuple((program,) for program in base),
                    selection=selection,
                    beliefs=beliefs,
                    functions=functions if announced else (),
                    equilibrium=() if announced else profile,
                )


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
        choices.append(own)
    yield from itertools.product(*choices)


def _points(base: BaseGame) -> list[Element]:
    """Return efficient corners and the PMM; of pure outcomes one for each payoff profile."""
    if isinstance(base, PureBase):
        by_payoffs = {base.payoffs(outcome): outcome for outcome in base.game.outcomes()}
        return list(by_payoffs.values())
    play = CorrelatedPlay(base.game)
    corners = dict.fromkeys(base.game.payoffs(int(k)) for k in play.corners)
    points: list[Element] = [u for u in corners if play.is_efficient(u)]
    if play.contains(play.pareto_meet_minimum):
        points.append(play.pareto_meet_minimum)
    return points
