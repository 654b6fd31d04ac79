"""Statements, the steps that prove them, and running a suite of them.

A suite is a Python file with a function ``statements(theory)``; running one runs its code.
"""

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
