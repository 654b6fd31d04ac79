"""The payoffs of a counterexample, as they are drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.games.game import Game, Payoffs
from spi_verify.games.rationals import parse_rational

if TYPE_CHECKING:
    from spi_verify.games.pure import PureOutcomes

NOBODY = ("-",)
"""The actions of who does not act, where payoff profiles are drawn and no game."""


Pieces = tuple[tuple[Payoffs, ...], ...]
"""Payoffs that a set pays: convex pieces, each by its corners."""


@dataclass(frozen=True)
class Offers:
    """What is offered at an outcome.

    Parameters
    ----------
    players
        What the players are called.
    offered
        What each of them offers.
    agreed
        What all of them offer.
    """

    players: tuple[str, ...]
    offered: tuple[Pieces, ...]
    agreed: Pieces


@dataclass(frozen=True)
class Drawing:
    """What is drawn.

    Parameters
    ----------
    feasible
        Everything that is feasible, in a game.
    outcome
        The payoffs from which the counterexample starts; they are drawn with what they project to.
    offers
        What is offered there, where programs with set-valued functions meet.
    """

    feasible: PureOutcomes | CorrelatedPlay
    outcome: Payoffs | None = None
    offers: Offers | None = None


def of_game(game: Mapping[str, Any], *, correlated: bool) -> PureOutcomes | CorrelatedPlay:
    """Return what is feasible in a game: its ``payoffs``, ``players`` and ``actions`` as data."""
    table = Game.from_payoffs(
        numbers(game["payoffs"]), players=game.get("players"), actions=game.get("actions")
    )
    if correlated:
        return CorrelatedPlay(table)
    from spi_verify.games.pure import PureOutcomes

    return PureOutcomes(table)


def of_profiles(profiles: Sequence[Any], names: Sequence[str] | None = None) -> Game:
    """Return a game in which player 1 chooses among payoff profiles and nobody else acts."""
    table = []
    for profile in profiles:
        cell = numbers(profile)
        for _ in profile[1:]:
            cell = [cell]
        table.append(cell)
    rows = list(names or (str(k) for k in range(1, len(profiles) + 1)))
    return Game.from_payoffs(table, actions=[rows, *([list(NOBODY)] * (len(profiles[0]) - 1))])


def numbers(cell: Any) -> Any:
    """Return a table of rationals, given as text or numbers, with exact numbers in it."""
    if isinstance(cell, list | tuple):
        return [numbers(part) for part in cell]
    return cell if isinstance(cell, int | Fraction) else parse_rational(str(cell))
