"""Games whose payoffs are expressions in parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from spi_verify.games.expressions import Constraint, Expression
from spi_verify.games.game import Game
from spi_verify.games.quotients import Vanishes, as_quotient


@dataclass(frozen=True)
class ParametricGame:
    """A family of games, one for each admissible choice of the parameters.

    Parameters
    ----------
    shape_of
        Any game with the players and actions of the family; its payoffs are not used.
    payoffs
        For each outcome, in row-major order, player i's payoff at ``[i - 1]``.
    parameters
        The parameters' names.
    constraints
        What makes a choice of values admissible.
    divisors
        What may not be 0, each with where it stands.
    """

    shape_of: Game
    payoffs: tuple[tuple[Expression, ...], ...]
    parameters: tuple[str, ...]
    constraints: tuple[Constraint, ...]
    divisors: tuple[tuple[Expression, str], ...] = ()

    def at(self, values: Mapping[str, Any]) -> Game:
        """Return the game for one choice of the parameters.

        Parameters
        ----------
        values
            A number for each parameter; the constraints are not checked.

        Raises
        ------
        Vanishes
            When a divisor is 0.
        """
        for divisor, where in self.divisors:
            if divisor.at(values) == 0:
                at = ", ".join(f"{name} = {values[name]}" for name in divisor.names)
                raise Vanishes(f"the divisor {as_quotient(divisor)} is 0 at {at}", where=where)
        numbers = np.empty((len(self.payoffs), self.shape_of.number_of_players), dtype=object)
        for row, expressions in zip(numbers, self.payoffs, strict=True):
            row[:] = [expression.at(values) for expression in expressions]
        game = self.shape_of
        return Game.from_payoffs(
            numbers.reshape(*game.shape, game.number_of_players),
            players=game.players,
            actions=game.actions,
            title=game.title,
            comment=game.comment,
        )
