"""What a solver says about a script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction


class Status(StrEnum):
    """Satisfiable, unsatisfiable, or not decided within the budget."""

    SAT = "sat"
    UNSAT = "unsat"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Answer:
    """One solver's answer to one SMT-LIB script.

    Parameters
    ----------
    solver
        ``"z3"`` or ``"cvc5"``.
    status
        Whether the assertions can hold together.
    reason
        For ``unknown``: why, in one line (resource limit, incomplete, crash, safety net ...).
    core
        For ``unsat``: names of assertions that contradict each other already, sorted. Assertions
        without a name are always part of it and are not listed.
    model
        For ``sat``: the exact value of every constant of sort Real, Int or Bool that occurs.
    resources
        Units of the solver's own deterministic counter; the two solvers' units differ.
    seconds
        Wall-clock time.
    """

    solver: str
    status: Status
    reason: str | None = None
    core: tuple[str, ...] = ()
    model: Mapping[str, Fraction | bool] = field(default_factory=dict)
    resources: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class FiniteModel:
    """A finite structure that a solver found: not to be believed until it is evaluated.

    Parameters
    ----------
    sizes
        Number of elements of each uninterpreted sort; they are 0, 1, ....
    tables
        For each function, its value for every tuple of arguments.
    """

    sizes: Mapping[str, int]
    tables: Mapping[str, Mapping[tuple[int, ...], int | bool | Fraction]]


class SolverDisagreement(Exception):
    """One solver says sat, the other unsat, of the very same text.

    Parameters
    ----------
    file
        Where the text was saved, so that the solvers can be run on it by hand.
    z3, cvc5
        What they say.
    smtlib
        The text.
    """

    def __init__(self, file: str, z3: Status, cvc5: Status, smtlib: str = "") -> None:
        super().__init__(f"{file}: z3 says {z3} and cvc5 says {cvc5}; nothing here can be trusted")
        self.file, self.z3, self.cvc5, self.smtlib = file, z3, cvc5, smtlib

    def __reduce__(self) -> tuple[type[SolverDisagreement], tuple[str, Status, Status, str]]:
        return SolverDisagreement, (self.file, self.z3, self.cvc5, self.smtlib)
