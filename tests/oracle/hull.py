"""What lotteries over outcomes pay, by linear programs of the oracle's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from oracle import delegation
from oracle.delegation import Game
from oracle.points import maximum


def feasible(game: Game, pays: Sequence[Fraction]) -> bool:
    """Whether some lottery pays this."""
    return best_gain(game, pays, slack=False) is not None


def best_gain(game: Game, pays: Sequence[Fraction], slack: bool = True) -> Fraction | None:
    """Return the most that lotteries pay all together above this, if they pay it to everybody."""
    profiles, n = list(game[1].values()), len(pays)
    rows = [[u[i] for u in profiles] + [Fraction(-(i == j)) for j in range(n)] for i in range(n)]
    rows.append([Fraction(1)] * len(profiles) + [Fraction(0)] * n)
    if not slack:
        rows = [row[: len(profiles)] for row in rows]
    goal = ([Fraction(0)] * len(profiles) + [Fraction(1)] * n)[: len(rows[0])]
    return maximum(goal, rows, [*pays, Fraction(1)])


def holds(data: Mapping[str, Any], claim: Mapping[str, Any]) -> bool:
    """Whether an outcome, or a payoff profile, is feasible and efficient."""
    game = delegation.read(data["game"], None)
    outcome = claim.get("outcome")
    pays = list(map(Fraction, claim["payoffs"])) if outcome is None else game[1][tuple(outcome)]
    return feasible(game, pays) and best_gain(game, pays) == 0
