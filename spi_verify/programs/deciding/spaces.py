"""Sets of programs to choose from: P_i, or P_i with P_i^rn, P_i^RN or P_i^IRN."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from spi_verify.errors import InputError
from spi_verify.programs.language.programs import CSR, ICSR, Program, Renegotiation
from spi_verify.programs.language.selections import Selection


class Kind(Enum):
    """The kinds of programs that renegotiate."""

    RENEGOTIATION = Renegotiation
    CSR = CSR
    ICSR = ICSR


@dataclass(frozen=True)
class ProgramSpace:
    """The programs that a player can choose from.

    Parameters
    ----------
    programs
        P_i: a finite set, or None for every program that is not itself of one of the kinds.
    kind
        What is added to P_i: nothing (None), or the programs of a kind with any function and any
        default in P_i.
    selection
        The selection function that all players are given; for CSR and ICSR only.
    rounds
        K; for ICSR only.
    """

    programs: tuple[Program, ...] | None = None
    kind: Kind | None = None
    selection: Selection | None = None
    rounds: int | None = None

    def __post_init__(self) -> None:
        if (self.kind in (Kind.CSR, Kind.ICSR)) != (self.selection is not None):
            raise InputError("a space has a selection function just if it has (I)CSR programs")
        if (self.kind is Kind.ICSR) != (self.rounds is not None):
            raise InputError("a space has a number of rounds just if it has ICSR programs")
        if self.rounds is not None and self.rounds < 1:
            raise InputError("ICSR programs have at least one round")

    def has_plain(self, program: Program) -> bool:
        """Whether a program is in P_i."""
        if self.programs is not None:
            return program in self.programs
        return not isinstance(program, (Renegotiation, CSR, ICSR))

    @classmethod
    def plain(cls, *programs: Program) -> ProgramSpace:
        """Return P_i: these programs, or every program when none is given."""
        return cls(programs or None)

    @classmethod
    def with_renegotiation(cls, *programs: Program) -> ProgramSpace:
        """Return P_i with P_i^rn; P_i is these programs, or every program when none is given."""
        return cls(programs or None, Kind.RENEGOTIATION)

    @classmethod
    def with_csr(cls, selection: Selection, *programs: Program) -> ProgramSpace:
        """Return P_i with P_i^RN; P_i is these programs, or every program when none is given."""
        return cls(programs or None, Kind.CSR, selection)

    @classmethod
    def with_icsr(cls, selection: Selection, rounds: int, *programs: Program) -> ProgramSpace:
        """Return P_i with P_i^IRN for K rounds."""
        return cls(programs or None, Kind.ICSR, selection, rounds)
