"""Bargaining solutions: what is best for all together, seen from a disagreement point.

Gains are what is paid beyond the disagreement point d. A rule ranks the payoff profiles that pay
nobody less than d; of equally good ones the lexicographically greatest is taken. On the hull of
payoffs see :mod:`spi_verify.games.solution_points`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from spi_verify.errors import InputError
from spi_verify.games.game import Payoffs
from spi_verify.games.rationals import parse_rational
from spi_verify.suggestions import suggestion

NAMES = ("nash", "kalai-smorodinsky", "egalitarian", "utilitarian")
"""The rules that need no weights; ``proportional`` needs one for each player."""


@dataclass(frozen=True)
class Rule:
    """A bargaining solution.

    Parameters
    ----------
    name
        ``nash``: as many players as possible gain, and the product of their gains is the greatest.
        ``egalitarian``: the least gain is the greatest; then the second least; and so on.
        ``proportional``: the same for gains divided by the players' weights.
        ``kalai-smorodinsky``: the same for gains divided by the greatest gain that the player can
        have; who can have none does not count.
        ``utilitarian``: the sum is the greatest.
    weights
        Of ``proportional``, a positive number for each player.
    """

    name: str
    weights: tuple[Fraction, ...] = ()

    def scales(self, greatest: Sequence[Any]) -> list[Any]:
        """Return what each player's gain is divided by; 0 for players who do not count."""
        match self.name:
            case "kalai-smorodinsky":
                return list(greatest)
            case "proportional":
                return list(self.weights)
            case _:
                return [Fraction(1)] * len(greatest)

    def score(self, gains: Sequence[Any], greatest: Sequence[Any]) -> tuple[Any, ...]:
        """Return how good gains are that are at least 0; the greater, the better.

        Parameters
        ----------
        gains
            Each player's.
        greatest
            The greatest gain of each player in the set that is chosen from.
        """
        if self.name == "utilitarian":
            return (sum(gains, Fraction(0)),)
        if self.name == "nash":
            product: Any = Fraction(1)
            count = 0
            for gain in gains:
                if gain > 0:
                    count, product = count + 1, product * gain
            return (count, product)
        scales = self.scales(greatest)
        return tuple(sorted(g / s for g, s in zip(gains, scales, strict=True) if s > 0))

    def __str__(self) -> str:
        return " ".join([self.name, *map(str, self.weights)])


def parse_rule(text: str, number_of_players: int) -> Rule:
    """Read ``nash``, ``kalai-smorodinsky``, ``egalitarian``, ``utilitarian`` or weights.

    Parameters
    ----------
    text
        The rule; ``proportional 1 2`` has a weight for each player.
    number_of_players
        n.

    Raises
    ------
    InputError
        When there is no such rule, or a weight is missing or not positive.

    >>> str(parse_rule("proportional 1 1/2", 2))
    'proportional 1 1/2'
    """
    name, *numbers = text.split()
    if name in NAMES and not numbers:
        return Rule(name)
    if name != "proportional":
        example = " ".join(["proportional", *map(str, range(1, number_of_players + 1))])
        raise InputError(f"unknown rule {text!r}{suggestion(text, [*NAMES, example])}")
    weights = tuple(map(parse_rational, numbers))
    if len(weights) != number_of_players or min(weights) <= 0:
        raise InputError(
            f"{text!r} needs a positive number for each of {number_of_players} players"
        )
    return Rule(name, weights)


def best_profile(
    rule: Rule, profiles: Iterable[Payoffs], disagreement: Sequence[Any]
) -> Payoffs | None:
    """Return the best payoff profile of a finite set, or None where all pay somebody less than d.

    Parameters
    ----------
    rule
        The rule.
    profiles
        The set.
    disagreement
        d.

    Notes
    -----
    What is chosen is efficient in the set.

    >>> points = [tuple(map(Fraction, p)) for p in ((4, 0), (3, 1), (1, 2))]
    >>> best_profile(Rule("nash"), points, (0, 0))
    (Fraction(3, 1), Fraction(1, 1))
    """
    among = [
        (tuple(u - d for u, d in zip(profile, disagreement, strict=True)), profile)
        for profile in profiles
        if all(u >= d for u, d in zip(profile, disagreement, strict=True))
    ]
    if not among:
        return None
    greatest = [max(gains) for gains in zip(*(gains for gains, _ in among), strict=True)]
    return max(among, key=lambda pair: (rule.score(pair[0], greatest), pair[1]))[1]
