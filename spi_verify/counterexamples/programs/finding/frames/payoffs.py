"""A game, its outcomes and nothing else."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

from spi_verify.counterexamples.programs.finding.frames.frame import Frame, Model, Slot
from spi_verify.counterexamples.programs.finding.symbolic import (
    at_least,
    conjunction,
    disjunction,
    plus,
    times,
)
from spi_verify.counterexamples.programs.scenario import Scenario
from spi_verify.games.game import Game
from spi_verify.programs.language.programs import Program
from spi_verify.theory import Theory

WEIGHTS = (1, 2, 4)


class PayoffFrame(Frame):
    """A game, its outcomes and nothing else."""

    def _slots(self) -> list[Slot]:
        return [Slot(i, "constant", 0) for i in self.players]

    def _renegotiated_outcome(self, profile: tuple[int, ...]) -> Any:  # noqa: ARG002
        return None

    def required(self) -> Any:
        """Return nothing."""
        return True

    def program(self, c: int, model: Model) -> Program:
        """Return a constant."""
        return self.plain(c, model)

    def scenario(self, model: Model) -> Scenario:
        """Return the game."""
        return Scenario(
            self.decoded_game(model),
            False,
            None,
            self.default_sets(model),
            profiles=self.decoded_profiles(model),
        )


class MixedFrame(PayoffFrame):
    """A game in which lotteries are feasible: its corners, and the middle between any two.

    One of these points is efficient just if it is best for the sum of payoffs with one of a few
    positive weights, or something listed is better: other games are not tried.
    """

    def __init__(
        self,
        shape: tuple[int, ...],
        theory: Theory,
        game: Game | None,
        *,
        profiles_listed: int,
    ) -> None:
        one = (1,) * len(shape)
        super().__init__(shape, one, theory, game, profiles_listed=profiles_listed)
        self.corners = list(range(len(self.outcomes)))
        self.pairs = list(itertools.combinations(self.corners, 2))
        self.outcomes += [(0,) * len(shape) for _ in self.pairs]

    def payoff(self, i: int, a: int) -> Any:
        """Return u_i(a): unknown at a corner, the mean in the middle of two."""
        if a < len(self.corners):
            return super().payoff(i, a)
        one, other = self.pairs[a - len(self.corners)]
        return times(Fraction(1, 2), plus(self.payoff(i, one), self.payoff(i, other)))

    def _supported(self, a: int) -> Any:
        """Return that a point is best among all for the sum with some positive weights."""

        def total(weights: Sequence[int], x: int) -> Any:
            return plus(*(times(Fraction(w), self.payoff(i, x)) for i, w in enumerate(weights)))

        tried = itertools.product(WEIGHTS, repeat=len(self.players))
        return disjunction(
            conjunction(at_least(total(weights, a), total(weights, x)) for x in self.corners)
            for weights in tried
            if min(weights) == 1
        )

    @cached_property
    def efficient(self) -> list[Any]:
        """For each point, whether it is efficient."""
        return [self._supported(a) for a in range(len(self.outcomes))]

    def required(self) -> Any:
        """Return that what has no such weights is not efficient."""
        everything = range(len(self.outcomes))
        return conjunction(
            disjunction([self.efficient[a], *(self.dominates(x, a) for x in everything if x != a)])
            for a in everything
        )

    def _tables(self) -> dict[str, Callable[..., Any]]:
        return {"efficient": lambda a: self.efficient[a]}

    def scenario(self, model: Model) -> Scenario:
        """Return the game, and the points in the middle as payoff profiles to look at."""
        game = self.decoded_game(model)
        paid = [game.payoffs(k) for k in self.corners]
        middle = [
            tuple((u + v) / 2 for u, v in zip(paid[one], paid[other], strict=True))
            for one, other in self.pairs
        ]
        listed = tuple(dict.fromkeys((*self.decoded_profiles(model), *middle)))
        return Scenario(game, True, None, self.default_sets(model), profiles=listed)
