"""What is found out about a claim for all admissible values, and what both solvers are asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import z3

from spi_verify.claims.formulas import to_z3, variable
from spi_verify.claims.parameters.certified import uncertified
from spi_verify.games.expressions import Constraint
from spi_verify.solvers import Answer, Status, ask_both
from spi_verify.solvers.smtlib import to_smtlib

Z3_RESOURCES = 5_000_000
CVC5_RESOURCES = 500_000
CONTRARY = "the-claim-fails"

Evaluation = Callable[[Mapping[str, Any]], bool]
"""Whether the claim holds where the parameters have these values, evaluated without a solver."""


@dataclass(frozen=True)
class Holds:
    """The claim holds for all admissible values.

    Parameters
    ----------
    constraints
        Those that were needed.
    unchecked
        Why no certificate of it was checked, or None where one was.
    evaluated
        At how many points it was evaluated, if that was one of each cell.
    """

    constraints: tuple[str, ...]
    unchecked: str | None
    evaluated: int = 0


@dataclass(frozen=True)
class Fails:
    """The claim fails at these values.

    Parameters
    ----------
    values
        A number for each parameter, as simple as possible.
    region
        Where the claim holds, confirmed by both solvers; ``""`` for nowhere, None if not found.
    holds_at
        Where the region was not found, values for which the claim holds, if they were.
    unchecked
        Why no certificate was checked that this is the region, or None where one was.
    latex
        The region as LaTeX, where it was found.
    evaluated
        At how many points the region was confirmed by evaluation, one of each cell.
    """

    values: dict[str, Any]
    region: str | None
    holds_at: dict[str, Any] | None = None
    unchecked: str | None = None
    latex: str | None = None
    evaluated: int = 0


@dataclass(frozen=True)
class Vacuous:
    """No values are admissible.

    Parameters
    ----------
    core
        Constraints that contradict each other.
    unchecked
        Why no certificate of that was checked, or None where one was.
    """

    core: tuple[str, ...]
    unchecked: str | None


def named(constraints: Sequence[Constraint]) -> dict[str, z3.BoolRef]:
    """Return the constraints as formulas, by the names they have in cores."""
    return {f"constraint-{k}": to_z3(constraint) for k, constraint in enumerate(constraints)}


def texts(core: Sequence[str], constraints: Sequence[Constraint]) -> tuple[str, ...]:
    """Return the constraints of an unsatisfiable core in words."""
    return tuple(
        str(constraint) for k, constraint in enumerate(constraints) if f"constraint-{k}" in core
    )


def ask(assertions: dict[str, z3.BoolRef], seconds: float = 120.0) -> tuple[Answer, Answer]:
    """Ask both solvers, each for so many seconds at most, whatever its resources say."""
    return ask_both(
        to_smtlib(assertions),
        z3_resources=Z3_RESOURCES,
        cvc5_resources=CVC5_RESOURCES,
        wall_clock=seconds,
    )


def unchecked(assertions: Mapping[str, z3.BoolRef], core: Sequence[str]) -> str | None:
    """Return why no certificate shows that those in a core contradict each other, or None."""
    return uncertified(to_smtlib({name: f for name, f in assertions.items() if name in core}))


def all_say(answers: Sequence[Answer], status: Status) -> bool:
    """Whether both solvers say the same."""
    return all(answer.status is status for answer in answers)


def admissible(answer: Answer, names: Sequence[str], constraints: Sequence[Constraint]) -> bool:
    """Evaluate a solver's values: the constraints do not contradict each other."""
    if answer.status is not Status.SAT:
        return False
    values = {name: Fraction(answer.model.get(variable(name), 0)) for name in names}
    return all(constraint.holds(values) for constraint in constraints)


def undecided(answers: Sequence[Answer]) -> str:
    """Say why the solvers do not settle something."""
    said = (f"{answer.solver}: {answer.reason or answer.status}" for answer in answers)
    return f"undecided ({'; '.join(said)})"
