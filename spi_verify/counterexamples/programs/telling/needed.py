"""Which lines of a story are needed: the PMM and PMP are told where something speaks of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spi_verify.counterexamples.statements.spoken_of import functions_in
from spi_verify.obligations.statements import Statement

_OF_THE_PMM = frozenset({"has_projections", "pmm", "pmp", "pmp_extension"})
_PMM, _PMP = "PMM = ", "PMP_"
_PROJECTIONS = (
    "PMP_i of an outcome, player i's Pareto meet projection, is everything that pays player i at "
    "least, and everybody else exactly, the larger of the PMM and what the outcome pays them."
)


def needed(statement: Statement, lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a story, with what PMP is where the story uses it.

    The PMM is left out where neither statement nor story uses it.
    """
    said = [statement.goal.formula, *(h.formula for h in statement.hypotheses)]
    about = any(_OF_THE_PMM & functions_in(one) for one in said)
    used = any(name in line for line in lines for name in ("PMP", "the PMM"))
    projected = any(_PMP in line for line in lines)
    for line in lines:
        if projected and _PMM in line:
            yield f"{line} {_PROJECTIONS}"
        elif about or used or _PMM not in line:
            yield line
