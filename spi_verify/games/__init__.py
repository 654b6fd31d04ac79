"""Exact games: payoffs, feasible sets, efficiency, PMM, PMP and the ``.nfg`` format.

Nothing here imports a solver.
"""

from spi_verify.games.game import Game, Outcome, Payoffs
from spi_verify.games.pure import PureOutcomes

__all__ = ["Game", "Outcome", "Payoffs", "PureOutcomes"]
