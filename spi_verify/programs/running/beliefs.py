"""Beliefs about the other players' programs, and expected utility (Definition 1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from spi_verify.arguments import named
from spi_verify.errors import InputError
from spi_verify.programs.language.programs import Profile, Program
from spi_verify.programs.running.execution import ProgramGame


@dataclass(frozen=True)
class Beliefs:
    """A belief beta_i with finite support and rational weights.

    Parameters
    ----------
    support
        Pairs (p_-i, weight): the programs of the other players in their order, distinct, and a
        positive weight. The weights sum to 1.

    Raises
    ------
    InputError
        When the weights are not such.
    """

    support: tuple[tuple[Profile, Fraction], ...]

    def __post_init__(self) -> None:
        if any(weight <= 0 for _, weight in self.support):
            raise InputError("the weights of beliefs are positive")
        if sum(weight for _, weight in self.support) != 1:
            raise InputError("the weights of beliefs sum to 1")
        if len({opponents for opponents, _ in self.support}) != len(self.support):
            raise InputError("the support of beliefs names a profile twice")

    @classmethod
    def of(cls, *pairs: tuple[Program | Iterable[Program], Fraction | int]) -> Beliefs:
        """Return beliefs; with two players the one opponent's program needs no tuple.

        >>> from spi_verify.programs import Always
        >>> Beliefs.of((Always("C"), Fraction(1, 3)), (Always("D"), Fraction(2, 3))).support[0]
        ((Always(action='C'),), Fraction(1, 3))
        """
        return cls(
            tuple(
                (
                    (programs,) if isinstance(programs, Program) else tuple(programs),
                    Fraction(weight),
                )
                for programs, weight in pairs
            )
        )

    @classmethod
    def certain(cls, *opponents: Program) -> Beliefs:
        """Return the belief that the opponents use exactly these programs."""
        return cls(((opponents, Fraction(1)),))

    def profiles(self, player: int, program: Program) -> Iterator[tuple[Profile, Fraction]]:
        """Iterate over the profiles (p_i, p_-i) with their weights."""
        for opponents, weight in self.support:
            yield join(player, program, opponents), weight


def join(player: int, program: Program, opponents: Profile) -> Profile:
    """Return the profile (p_i, p_-i)."""
    return (*opponents[: player - 1], program, *opponents[player - 1 :])


@named
def expected_utility(
    game: ProgramGame, player: int, program: Program, beliefs: Beliefs
) -> Fraction:
    """Return the expectation of U_i((p_i, p_-i)) under beta_i, exactly.

    Raises
    ------
    InputError
        What :meth:`ProgramGame.outcome` raises.
    """
    game.require_player(player)
    return sum(
        (
            weight * game.utilities(profile)[player - 1]
            for profile, weight in beliefs.profiles(player, program)
        ),
        Fraction(0),
    )
