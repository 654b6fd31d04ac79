"""What claims are about: outcomes, the feasible set, renegotiation functions, all in numbers."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, lru_cache
from math import lcm, prod
from typing import Any

import numpy as np
import numpy.typing as npt

from spi_verify.claims.document import (
    CorrespondenceTable,
    MixtureReference,
    OutcomeReference,
    ProfileTable,
    Rule,
    SetDefinition,
    SetPart,
)
from spi_verify.errors import InputError, located
from spi_verify.games.agreements import AgreementGame
from spi_verify.games.correlated import CorrelatedPlay, Lottery
from spi_verify.games.expressions import Constraint, Relation, parse_constraints
from spi_verify.games.game import Game, Payoffs
from spi_verify.games.improvements import best_improvements
from spi_verify.games.pure import PureOutcomes
from spi_verify.suggestions import suggestion

Mask = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Points:
    """The outcomes a model speaks of: the N pure ones, then its M mixtures.

    Parameters
    ----------
    game
        Gives the names; its payoffs are not used.
    mixtures
        Name and lottery of each mixture, in the order of the file.
    """

    game: Game
    mixtures: tuple[tuple[str, Lottery], ...] = ()

    @property
    def count(self) -> int:
        """N + M."""
        return self.game.number_of_outcomes + len(self.mixtures)

    def reference(self, position: int) -> list[str] | dict[str, str]:
        """Return how a file refers to the outcome at a position."""
        pure = self.game.number_of_outcomes
        if position < pure:
            return list(self.game.outcome(position))
        return {"mixture": self.mixtures[position - pure][0]}

    def position(self, reference: OutcomeReference) -> int:
        """Return the position of an outcome.

        Raises
        ------
        InputError
            When there is no such outcome.
        """
        if not isinstance(reference, MixtureReference):
            return self.game.index(reference)
        names = [name for name, _ in self.mixtures]
        if reference.mixture not in names:
            raise InputError(
                f"unknown mixture {reference.mixture!r}"
                f"{suggestion(reference.mixture, names, none='the file defines none')}"
            )
        return self.game.number_of_outcomes + names.index(reference.mixture)

    def matching(self, pattern: OutcomeReference) -> Mask:
        """Return which of the N + M outcomes a pattern describes (``"*"``: any action).

        Raises
        ------
        InputError
            When the pattern names an action that does not exist.
        """
        chosen = np.zeros(self.count, dtype=bool)
        if isinstance(pattern, MixtureReference) or "*" not in pattern:
            chosen[self.position(pattern)] = True
            return chosen
        axes = self.game.axes
        filled = [
            names[0] if action == "*" else action
            for action, names in zip(pattern, axes, strict=False)
        ]
        self.game.index(filled if len(filled) == len(pattern) else pattern)
        shape = tuple(map(len, axes))
        grid = chosen[: prod(shape)].reshape(shape)
        grid[
            tuple(
                slice(None) if action == "*" else names.index(action)
                for action, names in zip(pattern, axes, strict=True)
            )
        ] = True
        return chosen

    @cached_property
    def mismatches(self) -> Mask:
        """Which pure outcomes have two players whose actions have different names."""
        chosen = np.zeros(self.count, dtype=bool)
        if isinstance(self.game, AgreementGame):
            chosen[self.game.number_of_agreements] = True
            return chosen
        names = self.game.actions
        numbers = {name: k for k, name in enumerate(dict.fromkeys(sum(names, ())))}
        axes = np.ix_(*([numbers[name] for name in own] for own in names))
        grid = chosen[: self.game.number_of_outcomes].reshape(self.game.shape)
        for axis in axes[1:]:
            grid |= axes[0] != axis
        return chosen


@dataclass(frozen=True, eq=False)
class Instance:
    """A model with its parameters fixed: everything is a number.

    Parameters
    ----------
    game, points
        The game and the outcomes, mixtures included.
    correlated
        Whether the feasible set is the convex hull of the pure outcomes' payoffs.
    rules
        The rules of each renegotiation function.
    reachable
        Which of the N + M outcomes default programs can reach.
    sets, profiles
        The set-valued functions and the profiles, as they stand in the file.
    subset_games
        The subset games, by name.
    correspondences
        What is assumed of the plays of two games, by name.
    token_games
        The token games, by name: what representatives play by, and what outcomes pay.
    """

    game: Game
    points: Points
    correlated: bool
    rules: Mapping[str, Sequence[Rule]]
    reachable: Mask
    sets: Mapping[str, SetDefinition]
    profiles: Mapping[str, ProfileTable]
    subset_games: Mapping[str, Game] = field(default_factory=dict)
    correspondences: Mapping[str, CorrespondenceTable] = field(default_factory=dict)
    token_games: Mapping[str, tuple[Game, Game]] = field(default_factory=dict)

    @cached_property
    def feasible(self) -> PureOutcomes | CorrelatedPlay:
        """The feasible set."""
        return CorrelatedPlay(self.game) if self.correlated else PureOutcomes(self.game)

    def images(self, function: str) -> Positions:
        """Return the position of every outcome's image, shape (N + M,)."""
        return _images(self, function)

    @cached_property
    def scaled(self) -> npt.NDArray[Any]:
        """The payoffs of all outcomes as Python numbers, on the scales of ``game.scaled``."""
        columns = self.game.scaled.astype(object)
        for m in range(len(self.points.mixtures)):
            payoffs = self.payoffs(self.game.number_of_outcomes + m)
            scaled = [u * d for u, d in zip(payoffs, self.game.denominators, strict=True)]
            columns = np.column_stack([columns, np.array(scaled, dtype=object)])
        return columns

    def payoffs(self, position: int) -> Payoffs:
        """Return the payoff profile of the outcome at a position."""
        pure = self.game.number_of_outcomes
        if position < pure:
            return self.game.payoffs(position)
        lottery = self.points.mixtures[position - pure][1]
        profiles = [(w, self.game.payoffs(k)) for k, w in lottery.items()]
        return tuple(
            sum((w * profile[i] for w, profile in profiles), Fraction(0))
            for i in range(self.game.number_of_players)
        )


@lru_cache(maxsize=4)
def _images(instance: Instance, function: str) -> Positions:
    """Return the image of every outcome; the first rule that matches an outcome decides."""
    points = instance.points
    images = np.arange(points.count, dtype=np.intp)
    undecided = np.ones(points.count, dtype=bool)
    for number, rule in enumerate(instance.rules[function]):
        with located(where=f"renegotiation.{function}[{number}]"):
            matched = matching(rule, instance, undecided)
            images[matched] = _target(rule, instance, matched)
        undecided &= ~matched
    images.setflags(write=False)
    return images


def _target(rule: Rule, instance: Instance, matched: Mask) -> Positions | int:
    if not isinstance(rule.to, str):
        return instance.points.position(rule.to)
    assert isinstance(instance.feasible, PureOutcomes)
    return best_improvements(instance.feasible, rule.to, np.flatnonzero(matched))


def matching(rule: Rule, instance: Instance, among: Mask) -> Mask:
    """Return which of the given outcomes a rule matches."""
    points, game = instance.points, instance.game
    match rule.source:
        case "any":
            chosen = np.ones(points.count, dtype=bool)
        case "mismatch":
            chosen = points.mismatches
        case "inefficient":
            chosen = np.arange(points.count) < game.number_of_outcomes
            chosen[instance.feasible.efficient] = False
        case pattern:
            chosen = points.matching(pattern)
    chosen = chosen & among
    for condition in where_conditions(rule, game.number_of_players):
        left = np.flatnonzero(chosen)
        if not len(left):
            break
        chosen[left[~_satisfying(condition, instance, left)]] = False
    return chosen


def where_conditions(rule: Rule | SetPart, number_of_players: int) -> list[Constraint]:
    """Read the inequalities of a rule or a part; ``u1`` is player 1's payoff.

    Raises
    ------
    InputError
        When one is no linear inequality in the payoffs.
    """
    names = [f"u{i + 1}" for i in range(number_of_players)]
    conditions: list[Constraint] = []
    for k, text in enumerate(rule.where):
        with located(where=f"where[{k}]"):
            conditions += parse_constraints(text, names, what="payoff")
    return conditions


def _satisfying(condition: Constraint, instance: Instance, positions: Positions) -> Mask:
    """Return which of the outcomes at some positions satisfy a condition on their payoffs."""
    expression = condition.expression
    factors = {
        int(name[1:]) - 1: c / instance.game.denominators[int(name[1:]) - 1]
        for name, c in expression.coefficients
    }
    whole = lcm(expression.constant.denominator, *(f.denominator for f in factors.values()))
    values = np.full(len(positions), int(expression.constant * whole), dtype=object)
    for i, factor in factors.items():
        values = values + int(factor * whole) * instance.scaled[i, positions]
    satisfied = _COMPARE[condition.relation](values, 0)
    return np.asarray(satisfied, dtype=bool)


_COMPARE: Mapping[Relation, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    ">=": operator.ge,
    ">": operator.gt,
}
