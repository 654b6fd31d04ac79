"""Models: a game, or a family of games with parameters, and the claims about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from spi_verify.claims.document import CorrespondenceTable, Document
from spi_verify.claims.instance import Instance, Mask, Points
from spi_verify.claims.kind import Claim
from spi_verify.errors import InputError
from spi_verify.games.expressions import Constraint, Expression, Linear
from spi_verify.games.game import Game, Outcome
from spi_verify.games.parametric import ParametricGame


@dataclass(frozen=True)
class ClaimEntry:
    """A claim as it stands in a file.

    Parameters
    ----------
    name
        The second part of the id of its result.
    place
        Where in the file it stands, for messages.
    claim
        The claim, or why it cannot be read.
    """

    name: str
    place: str
    claim: Claim | InputError


@dataclass(frozen=True, eq=False)
class Model:
    """A model file that was read.

    Parameters
    ----------
    file
        The file as the user named it.
    name
        The first part of the ids of its results.
    document
        The data of the file.
    points
        The outcomes.
    game
        The game, or the family of games where there are parameters.
    reachable
        Which of the N + M outcomes default programs can reach.
    claims
        The claims, in the order of the file.
    subset_games
        The subset games, by name.
    correspondences
        What is assumed of the plays of two games, by name.
    token_games
        The token games, by name: what representatives play by, and what outcomes pay.
    """

    file: str
    name: str
    document: Document
    points: Points
    game: Game | ParametricGame
    reachable: Mask
    claims: tuple[ClaimEntry, ...]
    subset_games: Mapping[str, Game | ParametricGame] = field(default_factory=dict)
    correspondences: Mapping[str, CorrespondenceTable] = field(default_factory=dict)
    token_games: Mapping[str, tuple[Game, Game]] = field(default_factory=dict)

    def instance(self, values: Mapping[str, Any] | None = None) -> Instance:
        """Return the model with its parameters fixed.

        Parameters
        ----------
        values
            A number for each parameter, where there are any.

        Raises
        ------
        Vanishes
            When a divisor in a payoff is 0.
        """

        def fixed(game: Game | ParametricGame) -> Game:
            return game.at(values or {}) if isinstance(game, ParametricGame) else game

        return self._instance(fixed)

    def outline(self) -> Instance:
        """Return the model of a family of games with some payoffs, which do not matter."""
        return self._instance(lambda g: g.shape_of if isinstance(g, ParametricGame) else g)

    def _instance(self, fixed: Callable[[Game | ParametricGame], Game]) -> Instance:
        correlated = self.document.feasible == "correlated"
        document = self.document
        return Instance(
            fixed(self.game),
            self.points,
            correlated,
            document.renegotiation,
            self.reachable,
            document.sets,
            document.profiles,
            {name: fixed(subset) for name, subset in self.subset_games.items()},
            self.correspondences,
            self.token_games,
        )

    @property
    def parameters(self) -> tuple[tuple[str, ...], tuple[Constraint, ...]]:
        """The parameters' names and the constraints on them."""
        if isinstance(self.game, ParametricGame):
            return self.game.parameters, self.game.constraints
        return (), ()

    @property
    def divisors(self) -> tuple[tuple[Expression, str], ...]:
        """What is divided by in payoffs, each with where it stands."""
        games = {"": self.game} | {f"subset-games.{n}.": g for n, g in self.subset_games.items()}
        return tuple(
            (divisor, f"{name}{where}")
            for name, game in games.items()
            if isinstance(game, ParametricGame)
            for divisor, where in game.divisors
        )

    def subset_expressions(self, name: str) -> dict[Outcome, tuple[Expression, ...]]:
        """Return the payoffs of a subset game, of a family of games, as expressions."""
        subset = self.subset_games[name]
        assert isinstance(subset, ParametricGame)
        return dict(zip(subset.shape_of.outcomes(), subset.payoffs, strict=True))

    def expressions(self, position: int) -> tuple[Expression, ...]:
        """Return the payoffs of an outcome of a family of games as expressions."""
        assert isinstance(self.game, ParametricGame)
        pure = self.points.game.number_of_outcomes
        if position < pure:
            return self.game.payoffs[position]
        total: tuple[Expression, ...] = (Linear(Fraction(0)),) * self.points.game.number_of_players
        for k, weight in self.points.mixtures[position - pure][1].items():
            total = tuple(
                t + u.times(weight) for t, u in zip(total, self.game.payoffs[k], strict=True)
            )
        return total
