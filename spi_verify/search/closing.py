"""Statements with free constants, read as claims about all values of these."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import z3

from spi_verify.obligations.statements import GOAL, Statement, Step
from spi_verify.theory import signature


def closed(statement: Statement) -> Statement:
    """Return a statement without free constants that says the same.

    A constant that is none of the theory's is free: the statement is about every value that it
    may have. What a hypothesis supposes of such constants becomes a premise of the conclusion.

    Parameters
    ----------
    statement
        Any; one without free constants is returned as it is.
    """
    formulas = [*(h.formula for h in statement.hypotheses), statement.goal.formula]
    free = {str(constant): constant for one in formulas for constant in _free(one)}
    if not free:
        return statement
    premises = [h for h in statement.hypotheses if list(_free(h.formula))]
    goal = statement.goal.formula
    if premises:
        goal = z3.Implies(z3.And([h.formula for h in premises]), goal)
    return replace(
        statement,
        hypotheses=tuple(h for h in statement.hypotheses if h not in premises),
        added=tuple(name for name in statement.added if name not in [h.name for h in premises]),
        steps=(Step(GOAL, z3.ForAll(list(free.values()), goal), ()),),
    )


def _free(formula: z3.ExprRef) -> Iterator[z3.ExprRef]:
    """Iterate over the constants in a formula that are none of the theory's."""
    seen: set[int] = set()
    waiting = [formula]
    while waiting:
        term = waiting.pop()
        if term.get_id() in seen:
            continue
        seen.add(term.get_id())
        if z3.is_quantifier(term):
            waiting.append(term.body())
        elif z3.is_const(term) and term.decl().kind() == z3.Z3_OP_UNINTERPRETED:
            if not any(term.eq(known) for known in _constants()):
                yield term
        elif z3.is_app(term):
            waiting += reversed(term.children())


@cache
def _constants() -> tuple[z3.ExprRef, ...]:
    """Return the constants of the theory."""
    return tuple(one for one in vars(signature).values() if z3.is_expr(one) and z3.is_const(one))
