"""Formal verification of safe Pareto improvements in program games.

The names listed here are what a notebook or a script needs; each is loaded when it is first
used, so that importing the package stays light.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    __version__: str
    from spi_verify.errors import InputError, Rejected
    from spi_verify.games import CorrelatedPlay, Game, OutcomeMap, PureOutcomes, is_spi
    from spi_verify.interactive import check, load_model, prove, refute, replay
    from spi_verify.notebook import Plot, Refutation
    from spi_verify.obligations import Executed, Hypothesis, Statement, Step, literal_and_repaired
    from spi_verify.theory import PAPER, Theory
    from spi_verify.verdicts import Evidence, Report, Result, Verdict

_PLACES = {
    "spi_verify.interactive": ("load_model", "check", "prove", "refute", "replay"),
    "spi_verify.games": ("Game", "PureOutcomes", "CorrelatedPlay", "OutcomeMap", "is_spi"),
    "spi_verify.theory": ("PAPER", "Theory"),
    "spi_verify.obligations": (
        "Statement",
        "Step",
        "Hypothesis",
        "Executed",
        "literal_and_repaired",
    ),
    "spi_verify.verdicts": ("Verdict", "Evidence", "Result", "Report"),
    "spi_verify.notebook": ("Refutation", "Plot"),
    "spi_verify.errors": ("InputError", "Rejected"),
}
_MODULES = {name: module for module, names in _PLACES.items() for name in names}

__all__ = [
    "PAPER",
    "CorrelatedPlay",
    "Evidence",
    "Executed",
    "Game",
    "Hypothesis",
    "InputError",
    "OutcomeMap",
    "Plot",
    "PureOutcomes",
    "Refutation",
    "Rejected",
    "Report",
    "Result",
    "Statement",
    "Step",
    "Theory",
    "Verdict",
    "__version__",
    "check",
    "is_spi",
    "literal_and_repaired",
    "load_model",
    "prove",
    "refute",
    "replay",
]


def __getattr__(name: str) -> object:
    """Load what is listed above when it is first used."""
    if name == "__version__":
        from importlib.metadata import version

        return version("spi-verify")
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(importlib.import_module(_MODULES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
