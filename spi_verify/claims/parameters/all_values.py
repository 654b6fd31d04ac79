"""Deciding a claim for all admissible parameter values, by z3 and cvc5."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import z3

from spi_verify.claims.formulas import Formulas, to_z3, variable
from spi_verify.claims.kind import Claim
from spi_verify.claims.model import Model
from spi_verify.claims.parameters.certified import uncertified
from spi_verify.claims.parameters.region import (
    find_region,
    region_formula,
    region_text,
    simple_values,
)
from spi_verify.games.expressions import Constraint
from spi_verify.solvers import Answer, Status, ask_both
from spi_verify.solvers.smtlib import to_smtlib

_Z3_RESOURCES = 5_000_000
_CVC5_RESOURCES = 500_000
_CONTRARY = "the-claim-fails"


@dataclass(frozen=True)
class Holds:
    """The claim holds for all admissible values.

    Parameters
    ----------
    constraints
        Those that were needed.
    unchecked
        Why no certificate of it was checked, or None where one was.
    """

    constraints: tuple[str, ...]
    unchecked: str | None


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
    """

    values: dict[str, Fraction]
    region: str | None
    holds_at: dict[str, Fraction] | None = None
    unchecked: str | None = None


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


class ClaimFormula:
    """The formula of one claim over the parameters of its model.

    Parameters
    ----------
    model
        A model with parameters.
    claim
        One of its claims, with references that exist, of a kind that is decided.

    Attributes
    ----------
    formula
        A z3 formula that holds for the parameter values for which the claim holds.
    comparisons
        The linear expressions whose signs the formula depends on.
    """

    def __init__(self, model: Model, claim: Claim) -> None:
        names, _ = model.parameters
        payoffs = [model.linear_payoffs(k) for k in range(model.points.count)]
        outline = model.instance(dict.fromkeys(names, Fraction(0)))
        subsets = {name: model.linear_subset_payoffs(name) for name in model.subset_games}
        over = Formulas(names, payoffs, outline, subsets)
        self.formula: z3.BoolRef = z3.simplify(claim.formula(over))
        self.comparisons = over.comparisons


def decide_for_all_values(model: Model, claim: Claim) -> Holds | Fails | Vacuous | str:
    """Decide a claim of a model with parameters.

    Returns
    -------
    Holds, Fails, Vacuous or str
        A string says why the claim is undecided.

    Raises
    ------
    InputError
        When the claim names something that does not exist, or is of a kind that is not decided
        with parameters.
    SolverDisagreement
        When one solver says sat and the other unsat.
    """
    names, constraints = model.parameters
    zeros = dict.fromkeys(names, Fraction(0))
    outline = model.instance(zeros)
    claim.check_with_parameters(outline)
    claim.fixed(zeros).check(outline)
    encoded = ClaimFormula(model, claim)
    admissible = _named(constraints)
    witnesses = _ask(admissible)
    if _all(witnesses, Status.UNSAT):
        core = witnesses[0].core
        return Vacuous(_texts(core, constraints), _uncertified(admissible, core))
    if not any(_is_admissible(answer, names, constraints) for answer in witnesses):
        return _undecided(witnesses)
    contrary = admissible | {_CONTRARY: z3.Not(encoded.formula)}
    answers = _ask(contrary)
    if _all(answers, Status.UNSAT):
        core = answers[0].core
        return Holds(_texts(core, constraints), _uncertified(contrary, [*core, _CONTRARY]))
    satisfied = next((answer for answer in answers if answer.status is Status.SAT), None)
    if satisfied is None:
        return _undecided(answers)
    values = simple_values(z3.Not(encoded.formula), constraints, names)
    if values is None:
        values = {name: Fraction(satisfied.model.get(variable(name), 0)) for name in names}
    agreed = _agreed_region(encoded, constraints)
    if agreed is not None:
        region, unchecked = agreed
        return Fails(values, region, unchecked=unchecked)
    return Fails(values, None, simple_values(encoded.formula, constraints, names))


def _agreed_region(
    encoded: ClaimFormula, constraints: Sequence[Constraint]
) -> tuple[str, str | None] | None:
    """Return where the claim holds, in words that both solvers confirm; and what is unchecked."""
    cells = find_region(encoded.formula, constraints, encoded.comparisons)
    if cells is None:
        return None
    differs = "the-region-differs"
    question = _named(constraints) | {differs: encoded.formula != region_formula(cells)}
    answers = _ask(question)
    if not _all(answers, Status.UNSAT):
        return None
    unchecked = _uncertified(question, [*answers[0].core, differs])
    return region_text(cells) if cells else "", unchecked


def _named(constraints: Sequence[Constraint]) -> dict[str, z3.BoolRef]:
    return {f"constraint-{k}": to_z3(constraint) for k, constraint in enumerate(constraints)}


def _texts(core: Sequence[str], constraints: Sequence[Constraint]) -> tuple[str, ...]:
    """Return the constraints of an unsatisfiable core in words."""
    return tuple(
        str(constraint) for k, constraint in enumerate(constraints) if f"constraint-{k}" in core
    )


def _ask(assertions: dict[str, z3.BoolRef]) -> tuple[Answer, Answer]:
    return ask_both(
        to_smtlib(assertions), z3_resources=_Z3_RESOURCES, cvc5_resources=_CVC5_RESOURCES
    )


def _uncertified(assertions: Mapping[str, z3.BoolRef], core: Sequence[str]) -> str | None:
    """Return why no certificate shows that those in a core contradict each other, or None."""
    return uncertified(to_smtlib({name: f for name, f in assertions.items() if name in core}))


def _is_admissible(answer: Answer, names: Sequence[str], constraints: Sequence[Constraint]) -> bool:
    """Evaluate a solver's values: the constraints do not contradict each other."""
    if answer.status is not Status.SAT:
        return False
    values = {name: Fraction(answer.model.get(variable(name), 0)) for name in names}
    return all(constraint.holds(values) for constraint in constraints)


def _all(answers: Sequence[Answer], status: Status) -> bool:
    return all(answer.status is status for answer in answers)


def _undecided(answers: Sequence[Answer]) -> str:
    said = (f"{answer.solver}: {answer.reason or answer.status}" for answer in answers)
    return f"undecided ({'; '.join(said)})"
