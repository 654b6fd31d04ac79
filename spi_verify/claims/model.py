"""Models: a game, or a family of games with parameters, and the claims about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from spi_verify.claims.document import CorrespondenceTable, Document
from spi_verify.claims.instance import Instance, Mask, Points
from spi_verify.claims.kind import Claim
from spi_verify.errors import InputError
from spi_verify.games.expressions import Constraint, Linear
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

    def instance(self, values: Mapping[str, Fraction] | None = None) -> Instance:
        """Return the model with its parameters fixed.

        Parameters
        ----------
        values
            A number for each parameter, where there are any.
        """
        family = self.game
        game = family.at(values or {}) if isinstance(family, ParametricGame) else family
        correlated = self.document.feasible == "correlated"
        document = self.document
        return Instance(
            game,
            self.points,
            correlated,
            document.renegotiation,
            self.reachable,
            document.sets,
            document.profiles,
            {
                name: subset.at(values or {}) if isinstance(subset, ParametricGame) else subset
                for name, subset in self.subset_games.items()
            },
            self.correspondences,
            self.token_games,
        )

    @property
    def parameters(self) -> tuple[tuple[str, ...], tuple[Constraint, ...]]:
        """The parameters' names and the constraints on them."""
        if isinstance(self.game, ParametricGame):
            return self.game.parameters, self.game.constraints
        return (), ()

    def linear_subset_payoffs(self, name: str) -> dict[Outcome, tuple[Linear, ...]]:
        """Return the payoffs of a subset game, of a family of games, as linear expressions."""
        subset = self.subset_games[name]
        assert isinstance(subset, ParametricGame)
        return dict(zip(subset.shape_of.outcomes(), subset.payoffs, strict=True))

    def linear_payoffs(self, position: int) -> tuple[Linear, ...]:
        """Return the payoffs of an outcome of a family of games as linear expressions."""
        assert isinstance(self.game, ParametricGame)
        pure = self.points.game.number_of_outcomes
        if position < pure:
            return self.game.payoffs[position]
        total = (Linear(Fraction(0)),) * self.points.game.number_of_players
        for k, weight in self.points.mixtures[position - pure][1].items():
            total = tuple(
                t + u.times(weight) for t, u in zip(total, self.game.payoffs[k], strict=True)
            )
        return total
