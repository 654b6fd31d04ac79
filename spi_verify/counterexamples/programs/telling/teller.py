"""Who tells how a paper's conclusion fails: functions in the paper's folder, bound to formulas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from spi_verify.counterexamples.programs.confirming.induced import Induced
from spi_verify.counterexamples.programs.telling.wording import Wording
from spi_verify.counterexamples.statements.tellers import teller_among
from spi_verify.obligations.statements import Statement
from spi_verify.programs.language.programs import Program


@dataclass(frozen=True)
class Teller:
    """How the failure of one conclusion is told.

    Parameters
    ----------
    conclusion
        Says in one sentence what fails, and by how much; None where it cannot tell.
    meetings
        Tells which programs meet, where that is not the equilibrium's: takes the story.
    extensions
        Tells what the equilibrium's extensions do, and returns True, or leaves it to the story:
        takes the story and the extended profile.
    further
        Tells more of what programs do before they meet: takes the story.
    why
        Says why the conclusion fails, in another sentence, or None where it cannot tell: takes the
        story.
    formerly
        Says what fails as former versions told it, whose files have that; None where it cannot
        tell, or was always told as now.
    """

    conclusion: Callable[[Induced, Wording], str | None]
    meetings: Callable[[Any], None] | None = None
    extensions: Callable[[Any, Sequence[Program]], bool] | None = None
    further: Callable[[Any], None] | None = None
    why: Callable[[Any], str | None] | None = None
    formerly: Callable[[Induced, Wording], str | None] | None = None


def teller_of(statement: Statement) -> Teller | None:
    """Return who tells a statement's conclusion: what it says decides, whatever it is called."""
    return teller_among(statement, Teller)
