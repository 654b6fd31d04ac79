"""Why a step is not proved, as plain data: what reports show, and runs keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ToldFailure:
    """Why a step is not proved, as plain data.

    Parameters
    ----------
    statement, step
        Which.
    conclusion
        What was found, in a sentence.
    missing
        Facts in scope that the step does not list and that would do, with those it lists.
    enough
        Facts that prove the step, of which the missing ones are some.
    failing
        What does not hold in the structure although it is in scope, or defines what is mentioned.
    players
        Of the structure.
    payoffs
        For each outcome, its name and everybody's payoff; empty where payoffs do not occur.
    lines
        Where the step fails, and why.
    structure
        The sizes of sorts, and the functions' values; None where no structure was found.
    """

    statement: str
    step: str
    conclusion: str
    missing: tuple[str, ...] = ()
    enough: tuple[str, ...] = ()
    failing: tuple[str, ...] = ()
    players: tuple[str, ...] = ()
    payoffs: tuple[tuple[str, ...], ...] = ()
    lines: tuple[str, ...] = ()
    structure: dict[str, Any] | None = None
