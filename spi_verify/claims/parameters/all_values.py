"""Deciding a claim for all admissible parameter values, by z3 and cvc5."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import z3

from spi_verify.claims.formulas import Formulas, variable
from spi_verify.claims.kind import Claim
from spi_verify.claims.model import Model
from spi_verify.claims.parameters.asking import (
    CONTRARY,
    Evaluation,
    Fails,
    Holds,
    Vacuous,
    admissible,
    all_say,
    ask,
    named,
    texts,
    unchecked,
    undecided,
)
from spi_verify.claims.parameters.nonlinear import Question, decide_nonlinear
from spi_verify.claims.parameters.region import (
    find_region,
    region_formula,
    region_text,
    simple_values,
)
from spi_verify.claims.parameters.written import latex
from spi_verify.errors import InputError
from spi_verify.games.expressions import Constraint, Linear
from spi_verify.solvers import Status

_SOME = 50
"""So many values are tried to check a claim: at one of them no divisor is 0."""


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
        A z3 formula that holds for the parameter values for which the claim holds, where no divisor
        is 0.
    comparisons
        The polynomials whose signs the formula depends on.
    divisors
        What may not be 0, in payoffs and in the claim, with where it stands.
    """

    def __init__(self, model: Model, claim: Claim) -> None:
        names, _ = model.parameters
        payoffs = [model.expressions(k) for k in range(model.points.count)]
        subsets = {name: model.subset_expressions(name) for name in model.subset_games}
        over = Formulas(names, payoffs, model.outline(), subsets)
        self.formula: z3.BoolRef = z3.simplify(claim.formula(over))
        self.comparisons = over.comparisons
        self.divisors = (*model.divisors, *over.divisors)

    def is_linear(self, constraints: Sequence[Constraint]) -> bool:
        """Whether only linear expressions matter."""
        matter = [*self.comparisons, *(constraint.expression for constraint in constraints)]
        return not self.divisors and all(isinstance(e, Linear) for e in matter)


def decide_for_all_values(
    model: Model, claim: Claim, evaluated: Evaluation
) -> Holds | Fails | Vacuous | str:
    """Decide a claim of a model with parameters.

    Parameters
    ----------
    model, claim
        A model with parameters, and one of its claims.
    evaluated
        Says at given values whether the claim holds.

    Returns
    -------
    Holds, Fails, Vacuous or str
        A string says why the claim is undecided.

    Raises
    ------
    InputError
        When the claim names something that does not exist, is of a kind that is not decided with
        parameters, or a divisor can be 0.
    Undecided
        When it is out of reach.
    SolverDisagreement
        When one solver says sat and the other unsat.
    """
    names, constraints = model.parameters
    outline = model.outline()
    claim.check_with_parameters(outline)
    _fixed_somewhere(claim, names).check(outline)
    encoded = ClaimFormula(model, claim)
    if not encoded.is_linear(constraints):
        question = Question(
            names,
            constraints,
            encoded.formula,
            tuple(encoded.comparisons),
            encoded.divisors,
            evaluated,
        )
        return decide_nonlinear(question)
    return _decide_linear(encoded, names, constraints)


def _decide_linear(
    encoded: ClaimFormula, names: Sequence[str], constraints: Sequence[Constraint]
) -> Holds | Fails | Vacuous | str:
    possible = named(constraints)
    witnesses = ask(possible)
    if all_say(witnesses, Status.UNSAT):
        core = witnesses[0].core
        return Vacuous(texts(core, constraints), unchecked(possible, core))
    if not any(admissible(answer, names, constraints) for answer in witnesses):
        return undecided(witnesses)
    contrary = possible | {CONTRARY: z3.Not(encoded.formula)}
    answers = ask(contrary)
    if all_say(answers, Status.UNSAT):
        core = answers[0].core
        return Holds(texts(core, constraints), unchecked(contrary, [*core, CONTRARY]))
    satisfied = next((answer for answer in answers if answer.status is Status.SAT), None)
    if satisfied is None:
        return undecided(answers)
    values = simple_values(z3.Not(encoded.formula), constraints, names)
    if values is None:
        values = {name: Fraction(satisfied.model.get(variable(name), 0)) for name in names}
    agreed = _agreed_region(encoded, constraints)
    if agreed is not None:
        region, why = agreed
        return Fails(values, region, unchecked=why, latex=latex(region) if region else None)
    return Fails(values, None, simple_values(encoded.formula, constraints, names))


def _fixed_somewhere(claim: Claim, names: Sequence[str]) -> Claim:
    """Return the claim at some values, at which no divisor in it is 0."""
    wrong: list[InputError] = []
    for k in range(_SOME):
        try:
            return claim.fixed({name: Fraction(k + k * i) for i, name in enumerate(names)})
        except InputError as error:  # because it is none, or a divisor is 0
            wrong.append(error)
    raise wrong[0]


def _agreed_region(
    encoded: ClaimFormula, constraints: Sequence[Constraint]
) -> tuple[str, str | None] | None:
    """Return where the claim holds, in words that both solvers confirm; and what is unchecked."""
    cells = find_region(encoded.formula, constraints, encoded.comparisons)
    if cells is None:
        return None
    differs = "the-region-differs"
    question = named(constraints) | {differs: encoded.formula != region_formula(cells)}
    answers = ask(question)
    if not all_say(answers, Status.UNSAT):
        return None
    why = unchecked(question, [*answers[0].core, differs])
    return region_text(cells) if cells else "", why
