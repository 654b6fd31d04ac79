"""Exact games: payoffs, feasible sets, efficiency, PMM, PMP, and the formats of their files.

Nothing here imports a solver. What needs arrays or files is loaded when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from spi_verify.games.correlated import CorrelatedPlay, Lottery, Segment
from spi_verify.games.game import Game, Outcome, Payoffs

if TYPE_CHECKING:
    from spi_verify.games.arrays import from_arrays
    from spi_verify.games.loading import (
        GameFile,
        GameFormat,
        load_domain,
        load_game,
        register_format,
    )
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

_PLACES = {
    "spi_verify.games.arrays": ("from_arrays",),
    "spi_verify.games.loading": (
        "GameFile",
        "GameFormat",
        "load_domain",
        "load_game",
        "register_format",
    ),
    "spi_verify.games.nfg": ("parse_nfg", "read_nfg", "write_nfg"),
    "spi_verify.games.pure": ("PureOutcomes",),
    "spi_verify.games.renegotiation": (
        "Change",
        "OutcomeMap",
        "find_gain",
        "find_loss",
        "is_renegotiation_function",
        "is_spi",
    ),
}
_MODULES = {name: module for module, names in _PLACES.items() for name in names}

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


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_MODULES[name]), name)
