"""Steps that proofs repeat: growing agreement, tuples component by component, induction.

Each function returns steps without lists of facts; which facts prove them is found. The last step
has the name that is given, and the others have names that begin with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import z3
from z3 import And, ForAll, Implies, Not, Or

from spi_verify.arguments import named
from spi_verify.errors import InputError
from spi_verify.obligations.statements import Step
from spi_verify.theory import Theory, subterms
from spi_verify.theory.signature import (
    Outcome,
    Player,
    Position,
    action,
    agreement,
    component,
    first,
    last,
    member,
    next_to,
    program,
    renegotiated,
)
from spi_verify.theory.terms import (
    Formula,
    OutcomeTerm,
    PositionTerm,
    SelectionTerm,
    SetFunctionsTerm,
)

_COMPONENTS: dict[str, Any] = {"Profile": program, "SetFunctions": component, "Outcome": action}


@named
def agreement_grows(
    name: str,
    *,
    theory: Theory,
    selection: SelectionTerm,
    before: SetFunctionsTerm,
    after: SetFunctionsTerm,
    at: OutcomeTerm,
    variables: Sequence[z3.ExprRef] = (),
    supposing: Formula | None = None,
) -> list[Step]:
    """Return steps that renegotiation ends better since the agreement set grows by improvements.

    What was agreed on before is agreed on after; whatever else is improves on what was reached
    before; so does what is selected now: by transitivity where something was agreed on before,
    and by its own improvement where nothing was.

    Parameters
    ----------
    name
        Of the last step: what is reached after weakly improves on what was reached before.
    theory
        Where the definitions come from.
    selection
        A selection function that is supposed to be transitive.
    before, after
        The profiles of set-valued functions that are compared.
    at
        The outcome that is renegotiated.
    variables
        What every step is said of all of.
    supposing
        A premise of every step.
    """
    (x,) = _fresh([Outcome], [before, after, at, *variables])
    old, new = agreement(before, at), agreement(after, at)
    reached = renegotiated(selection, before, at)
    better = theory.weakly_improves(renegotiated(selection, after, at), reached)

    def step(suffix: str, formula: Formula) -> Step:
        return Step(f"{name}{suffix}", _said(variables, supposing, formula))

    was_agreed = theory.nonempty(old)
    improves = theory.weakly_improves(x, reached)
    return [
        step("-grows", ForAll([x], Implies(member(x, old), member(x, new)))),
        step(
            "-by-improvements", ForAll([x], Implies(member(x, new), Or(member(x, old), improves)))
        ),
        step("-from-disagreement", Implies(Not(was_agreed), better)),
        step("-from-agreement", Implies(was_agreed, better)),
        step("", better),
    ]


@named
def component_by_component(
    name: str,
    one: z3.ExprRef,
    other: z3.ExprRef,
    *,
    variables: Sequence[z3.ExprRef] = (),
    supposing: Formula | None = None,
) -> list[Step]:
    """Return steps that two profiles, or outcomes, are the same since their components are.

    Parameters
    ----------
    name
        Of the last step: that they are the same.
    one, other
        Two program profiles, profiles of set-valued functions, or outcomes.
    variables
        What every step is said of all of.
    supposing
        A premise of every step.

    Raises
    ------
    InputError
        When they are of another sort.
    """
    part = _COMPONENTS.get(one.sort().name())
    if part is None or one.sort() != other.sort():
        known = ", ".join(_COMPONENTS)
        raise InputError(
            f"{name}: {one} and {other} have no components to compare: only two of one sort among "
            f"{known} do"
        )
    (i,) = _fresh([Player], [one, other, *variables])
    same = ForAll([i], part(i, one) == part(i, other))
    return [
        Step(f"{name}-one-by-one", _said(variables, supposing, same)),
        Step(name, _said(variables, supposing, one == other)),
    ]


@named
def along_players(
    name: str,
    claim: Callable[[PositionTerm], Formula],
    *,
    variables: Sequence[z3.ExprRef] = (),
    supposing: Formula | None = None,
) -> list[Step]:
    """Return steps that a claim holds at the last position of a list, by induction.

    The definitions of the statement have to hold the induction itself, such as
    ``induction_on_players``, or one that is declared with :func:`spi_verify.theory.axiom` and
    :func:`spi_verify.theory.phrases.induction`.

    Parameters
    ----------
    name
        Of the last step: the claim for the last position.
    claim
        Takes a position; returns the claim up to there.
    variables
        What every step is said of all of.
    supposing
        A premise of every step.
    """
    n, m = _fresh([Position, Position], [claim(first), *variables])
    onwards = ForAll([n, m], Implies(And(next_to(n, m), claim(n)), claim(m)))
    return [
        Step(f"{name}-first", _said(variables, supposing, claim(first))),
        Step(f"{name}-next", _said(variables, supposing, onwards)),
        Step(name, _said(variables, supposing, claim(last))),
    ]


def _said(variables: Sequence[z3.ExprRef], supposing: Formula | None, formula: Formula) -> Formula:
    said = formula if supposing is None else Implies(supposing, formula)
    return ForAll(list(variables), said) if variables else said


def _fresh(sorts: Sequence[z3.SortRef], terms: Sequence[z3.ExprRef]) -> list[Any]:
    """Return variables that occur in none of these terms."""
    taken = {str(part) for term in terms for part in subterms(term) if z3.is_const(part)}
    found = []
    for sort in sorts:
        letter = sort.name()[0].lower()
        number = 1
        while f"{letter}{number}" in taken:
            number += 1
        taken.add(f"{letter}{number}")
        found.append(z3.Const(f"{letter}{number}", sort))
    return found
