"""Finite structures told as what a paper speaks of, by functions in the paper's folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import z3

from spi_verify.counterexamples.bimatrix import aligned, table
from spi_verify.counterexamples.drawing import of_profiles
from spi_verify.counterexamples.statements.tellers import teller_among
from spi_verify.games.game import Game
from spi_verify.obligations.statements import Statement
from spi_verify.theory.evaluate import Structure


@dataclass(frozen=True)
class Model:
    """A structure in which a statement fails; elements are numbered from 0.

    Parameters
    ----------
    structure
        It.
    instance
        The elements for which the conclusion fails, by the names of its variables.
    """

    structure: Structure
    instance: Mapping[str, int]

    def all(self, sort: str) -> range:
        """Return the elements of a sort."""
        return range(self.structure.sizes.get(sort, 0))

    def at(self, function: str, *arguments: int) -> Any:
        """Return the value of a function."""
        return self.structure.tables[function][arguments]


@dataclass(frozen=True)
class ToldStructure:
    """A counterexample in words.

    Parameters
    ----------
    lines
        What there is, in this order.
    conclusion
        In one sentence, without a full stop: what fails, and by how much.
    why
        Why it does, in the sentences after that one; or nothing.
    """

    lines: tuple[str, ...]
    conclusion: str
    why: str = ""

    @property
    def story(self) -> tuple[str, ...]:
        """The whole; the last line says what fails, and why."""
        return (*self.lines, f"So {self.conclusion}.{self.why and f' {self.why}'}")


@dataclass(frozen=True)
class StructureTeller:
    """How the failure of one conclusion is told.

    Parameters
    ----------
    tell
        Tells it; returns None where a structure is not of the kind that it has words for.
    shown
        Returns a closed formula that makes a structure easy to tell; one in which it holds is
        looked for first.
    """

    tell: Callable[[Model], ToldStructure | None]
    shown: Callable[[], z3.BoolRef] | None = None


def easily_told(statement: Statement) -> z3.BoolRef | None:
    """Return what makes a structure easy to tell, or None where a paper does not say."""
    teller = teller_among(statement, StructureTeller)
    return None if teller is None or teller.shown is None else teller.shown()


def told_by_its_paper(statement: Statement, model: Model) -> ToldStructure | None:
    """Return a structure as its paper tells it; None where that has no words for it, or fails.

    A structure refutes a statement whatever is told of it.
    """
    teller = teller_among(statement, StructureTeller)
    try:
        return None if teller is None else teller.tell(model)
    except Exception:
        return None


def payoff_lines(said: str, game: Game) -> Iterable[str]:
    """Yield a sentence about a game, and its payoffs as an aligned table."""
    rows = table(game)
    yield f"{said}:" if rows else f"{said}; its payoffs are in the file."
    yield from aligned(rows or [])


def outcome_lines(said: str, payoffs: Mapping[str, Iterable[Any]]) -> Iterable[str]:
    """Yield a sentence about outcomes, and what each pays, by its name, as an aligned table."""
    yield from payoff_lines(
        said, of_profiles([list(paid) for paid in payoffs.values()], [*payoffs])
    )
