"""The feasible set of pure outcomes: efficiency, PMM and PMP (Definition 6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from spi_verify.games.game import Game, Payoffs


@dataclass(frozen=True, eq=False)
class PureOutcomes:
    """The feasible set that consists of the pure outcomes of a game.

    Parameters
    ----------
    game
        Any game.

    >>> game = Game.from_payoffs([[[3, 1], [0, 0]], [[0, 0], [1, 3]]])
    >>> PureOutcomes(game).pareto_meet_minimum
    (Fraction(1, 1), Fraction(1, 1))
    """

    game: Game

    @cached_property
    def efficient(self) -> npt.NDArray[np.intp]:
        """The positions of the efficient outcomes, ascending.

        Efficient means strongly Pareto-efficient: no outcome is at least as good for all players
        and better for one.
        """
        scaled = self.game.scaled
        kept = [
            k
            for k in range(self.game.number_of_outcomes)
            if not np.any(
                np.all(scaled >= scaled[:, [k]], axis=0) & np.any(scaled > scaled[:, [k]], axis=0)
            )
        ]
        return np.array(kept, dtype=np.intp)

    @cached_property
    def pareto_meet_minimum(self) -> Payoffs:
        """u^PMM: each player's least payoff among the efficient outcomes (Definition 6)."""
        columns = self.game.scaled[:, self.efficient]
        return tuple(
            _rational(value, d)
            for value, d in zip(columns.min(axis=1), self.game.denominators, strict=True)
        )

    def is_efficient(self, payoffs: Sequence[Fraction]) -> bool:
        """Whether nothing feasible is at least as good for all players and better for one."""
        efficient = (self.game.payoffs(int(k)) for k in self.efficient)
        return not any(
            all(b >= a for a, b in zip(payoffs, point, strict=True)) and point != tuple(payoffs)
            for point in efficient
        )

    def pareto_meet_projection(
        self, player: int, payoffs: Sequence[Fraction]
    ) -> npt.NDArray[np.intp]:
        """Return PMP_i(a): the positions of the outcomes in player i's projection (Definition 6).

        Parameters
        ----------
        player
            i, from 1 to n.
        payoffs
            u(a), the payoff profile of the outcome that is projected.

        Notes
        -----
        The positions ascend; there may be none. Linear in the number of outcomes.
        """
        game, scaled = self.game, self.game.scaled
        chosen = np.ones(game.number_of_outcomes, dtype=bool)
        for j, (u, least) in enumerate(zip(payoffs, self.pareto_meet_minimum, strict=True)):
            level = max(u, least) * game.denominators[j]
            chosen &= scaled[j] >= level if j == player - 1 else scaled[j] == level
        return np.flatnonzero(chosen)

    @cached_property
    def pareto_meet(self) -> npt.NDArray[np.intp]:
        """The positions of the outcomes that give every player at least the PMM, ascending."""
        bounds = zip(self.pareto_meet_minimum, self.game.denominators, strict=True)
        levels: list[Any] = [value * d for value, d in bounds]
        return np.flatnonzero(
            np.all([row >= level for row, level in zip(self.game.scaled, levels, strict=True)], axis=0)
        )


def _rational(value: Any, denominator: int) -> Fraction:
    return (value if isinstance(value, Fraction) else Fraction(int(value))) / denominator
