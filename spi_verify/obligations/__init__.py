"""Statements, the steps that prove them, and running a suite of them.

A suite is a Python file with a function ``statements(theory)``; running one runs its code.
Formulas are loaded where a statement is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spi_verify.obligations.statements import (
        Executed,
        Fact,
        Hypothesis,
        Statement,
        Step,
        Supposition,
        literal_and_repaired,
    )

__all__ = [
    "Executed",
    "Fact",
    "Hypothesis",
    "Statement",
    "Step",
    "Supposition",
    "literal_and_repaired",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module("spi_verify.obligations.statements"), name)
