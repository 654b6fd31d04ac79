"""Candidates in games with lotteries: real programs of a small grammar, the shortest first.

Feasible sets are convex here, and sets of outcomes may be infinite, so that nothing is written
out for a solver: games, defaults, functions and beliefs are enumerated, and every candidate is
executed.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction

from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.games.game import Game, Outcome, Payoffs
from spi_verify.obligations.statements import Statement
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


def scenarios(statement: Statement, symbols: set[str], bounds: Bounds) -> Iterator[Scenario]:
    """Iterate over scenarios with correlated play.

    Parameters
    ----------
    statement, symbols
        The statement, and what it speaks of.
    bounds
        The most players, or the game.
    """
    transitive = any("transitive" in h.name for h in statement.hypotheses)
    announced = "announced" in symbols
    for game in games(bounds):
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
            for functions in _functions(game, default, announced=announced):
                base = _programs(selection, constants, functions)
                profile = tuple(constants[i][0] if i in without_csr else base[i] for i in players)
                yield Scenario(
                    game,
                    True,
                    Kind.CSR,
                    constants,
                    programs=() if announced else tuple((program,) for program in base),
                    selection=selection,
                    beliefs=beliefs,
                    functions=functions if announced else (),
                    equilibrium=() if announced else profile,
                )


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
    game: Game, default: Outcome, *, announced: bool
) -> Iterator[tuple[SetFunction, ...]]:
    """Iterate over profiles of functions: each player's choices, the shortest code first."""
    play = CorrelatedPlay(game)
    corners = list(dict.fromkeys(game.payoffs(int(k)) for k in play.corners))
    efficient = [u for u in corners if play.is_efficient(u)]
    points = [*efficient]
    if play.contains(play.pareto_meet_minimum):
        points.append(play.pareto_meet_minimum)
    here = game.payoffs(default)
    better = [u for u in points if u != here and all(x >= y for x, y in zip(u, here, strict=True))]
    n = game.number_of_players
    choices: list[list[SetFunction]] = []
    for i in range(1, n + 1):
        own: list[SetFunction] = []
        if announced:
            own.append(Projection(i))
            own += [
                Either(
                    Projection(i),
                    (ByOutcome(Outcomes(()), (Row(default, Outcomes((point,))),)),),
                )
                for point in better
            ]
            if n == 2:
                own += [Improving(), ImprovingOnMeet()]
        else:
            own += [
                ByOutcome(Outcomes(()), (Row(default, Outcomes((point,))),))
                if n > 2
                else Both(Improving(), (Outcomes((point,)),))
                for point in better
            ]
        choices.append(own)
    yield from itertools.product(*choices)
