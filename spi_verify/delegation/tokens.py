"""Tokens: what can be agreed for the outcomes of a copy of a game (perfect coordination)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from spi_verify.delegation.dominance import reduce
from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.games.game import Game, Outcome, Payoffs
from spi_verify.games.linear_program import LinearProgram, Optimum, solve


@dataclass(frozen=True)
class TokenGain:
    """What is agreed for the tokens of an outcome that is not efficient.

    Parameters
    ----------
    outcome
        An outcome of the reduced game.
    lottery
        What is done if the representatives play its tokens: an efficient lottery over outcomes of
        the game.
    before, after
        What the outcome and the lottery pay.
    """

    outcome: Outcome
    lottery: Mapping[Outcome, Fraction]
    before: Payoffs
    after: Payoffs


def find_tokens(game: Game) -> list[TokenGain]:
    """Find what makes a copy of a game with tokens a strict safe improvement on it.

    Returns
    -------
    list
        An efficient lottery that is better for each outcome of the reduced game that is not
        efficient among all lotteries. Where there is none, no tokens are better at any outcome.

    >>> dilemma = Game.from_payoffs([[[3, 3], [1, 4]], [[4, 1], [2, 2]]])
    >>> [(gain.outcome, gain.after) for gain in find_tokens(dilemma)]
    [(('2', '2'), (Fraction(3, 1), Fraction(3, 1)))]
    """
    hull, found = CorrelatedPlay(game), []
    better: dict[Payoffs, Mapping[int, Fraction] | None] = {}
    for outcome in reduce(game).game.outcomes():
        before = game.payoffs(outcome)
        if before not in better:
            better[before] = None if hull.is_efficient(before) else _fair(hull, before)
        lottery = better[before]
        if lottery is not None:
            named = {game.outcome(k): weight for k, weight in lottery.items()}
            found.append(TokenGain(outcome, named, before, _pays(game, lottery)))
    return found


def _fair(hull: CorrelatedPlay, before: Payoffs) -> Mapping[int, Fraction]:
    """Return an efficient lottery whose least gain, over the players, is as great as can be."""
    game, n = hull.game, len(before)
    first = {game.payoffs(k): k for k in reversed(range(game.number_of_outcomes))}
    columns: list[tuple[Fraction | int, ...]] = [(*pays, 1) for pays in first]
    columns.append((*[-1] * n, 0))
    columns += [(*(-int(i == j) for j in range(n)), 0) for i in range(n)]
    goal = [0] * len(first) + [1] + [0] * n
    answer = solve(LinearProgram(columns, (*before, 1), goal))
    assert isinstance(answer, Optimum)
    places = list(first.values())
    lottery = {places[k]: w for k, w in answer.point.items() if k < len(places)}
    return hull.dominating(_pays(game, lottery)) or lottery


def _pays(game: Game, lottery: Mapping[int, Fraction]) -> Payoffs:
    parts = [(weight, game.payoffs(k)) for k, weight in lottery.items()]
    return tuple(
        sum((weight * pays[i] for weight, pays in parts), Fraction(0))
        for i in range(game.number_of_players)
    )
