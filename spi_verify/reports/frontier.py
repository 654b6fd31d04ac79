"""The efficient frontier as a table for spreadsheets."""

from __future__ import annotations

import csv
import io

from spi_verify.games.agreements import AgreementGame
from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.games.decimals import near_decimal
from spi_verify.games.pure import PureOutcomes


def frontier_table(feasible: PureOutcomes | CorrelatedPlay) -> str:
    """Return the efficient outcomes as comma-separated values, a row for each.

    Rows are in the order of the first player's payoff, then the second's. Each has the outcome,
    the payoffs exactly, and the payoffs as decimals of six digits, for drawing. With correlated
    play these are the efficient pure outcomes: for two players, lotteries between neighbouring
    corners are the rest of the frontier.
    """
    game = feasible.game
    heads = [issue.name for issue in game.issues] if isinstance(game, AgreementGame) else []
    heads = heads or [f"action of {player}" for player in game.players]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    exact = [f"payoff of {player}" for player in game.players]
    writer.writerow([*heads, *exact, *(f"{head}, rounded" for head in exact)])
    for profile, k in sorted((game.payoffs(int(k)), int(k)) for k in feasible.efficient):
        names = list(game.outcome(k))
        names += [""] * (len(heads) - len(names))
        writer.writerow([*names, *map(str, profile), *map(near_decimal, profile)])
    return text.getvalue()
