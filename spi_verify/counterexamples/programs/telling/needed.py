"""Which lines of a story are needed: the PMM is told where something speaks of it."""

from __future__ import annotations

from collections.abc import Sequence

from spi_verify.counterexamples.statements.spoken_of import functions_in
from spi_verify.obligations.statements import Statement

_OF_THE_PMM = frozenset({"has_projections", "pmm", "pmp", "pmp_extension"})


def needed(statement: Statement, lines: Sequence[str]) -> list[str]:
    """Return the lines of a story, without the PMM where neither statement nor story uses it."""
    said = [statement.goal.formula, *(h.formula for h in statement.hypotheses)]
    about = any(_OF_THE_PMM & functions_in(one) for one in said)
    used = any(name in line for line in lines for name in ("PMP", "the PMM"))
    return [line for line in lines if about or used or "PMM = " not in line]
