"""Exact games: payoffs, feasible sets, efficiency, PMM, PMP, and the formats of their files.

Nothing here imports a solver.
"""

from spi_verify.games.arrays import from_arrays
from spi_verify.games.correlated import CorrelatedPlay, Lottery, Segment
from spi_verify.games.game import Game, Outcome, Payoffs
from spi_verify.games.loading import GameFile, GameFormat, load_domain, load_game, register_format
from spi_verify.games.nfg import parse_nfg, read_nfg, write_nfg
from spi_verify.games.pure import PureOutcomes
from spi_verify.games.renegotiation import (
    Change,
    OutcomeMap,
    find_gain,
    find_loss,
    is_renegotiation_function,
    is_spi,
)

__all__ = [
    "Change",
    "CorrelatedPlay",
    "Game",
    "GameFile",
    "GameFormat",
    "Lottery",
    "Outcome",
    "OutcomeMap",
    "Payoffs",
    "PureOutcomes",
    "Segment",
    "find_gain",
    "find_loss",
    "from_arrays",
    "is_renegotiation_function",
    "is_spi",
    "load_domain",
    "load_game",
    "parse_nfg",
    "read_nfg",
    "register_format",
    "write_nfg",
]
