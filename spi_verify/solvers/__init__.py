"""z3 and cvc5 behind one small interface: SMT-LIB text in, a status with its evidence out.

A script holds declarations and assertions (which may be named for unsatisfiable cores) and no
``check-sat``. Each query is a fresh solver with a deterministic resource limit and a fixed seed,
in a process apart from the caller's: a solver that crashes is an answer ``unknown`` with a
reason, not a lost run. Each thread has its own pair of solver processes.

:func:`~spi_verify.solvers.smtlib.to_smtlib`, which needs z3 in the calling process, is in
:mod:`spi_verify.solvers.smtlib`. What starts processes is loaded when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from spi_verify.solvers.answers import Answer, FiniteModel, SolverDisagreement, Status

if TYPE_CHECKING:
    from spi_verify.solvers.processes import (
        ask_both,
        ask_cvc5,
        ask_z3,
        check_agreement,
        find_finite_model,
        versions,
    )

__all__ = [
    "Answer",
    "FiniteModel",
    "SolverDisagreement",
    "Status",
    "ask_both",
    "ask_cvc5",
    "ask_z3",
    "check_agreement",
    "find_finite_model",
    "versions",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module("spi_verify.solvers.processes"), name)
