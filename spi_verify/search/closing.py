"""Statements with free constants, read as claims about all values of these."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import cast

import z3

from spi_verify.errors import InputError
from spi_verify.obligations.statements import GOAL, Statement, Step
from spi_verify.search.claims import unfolded
from spi_verify.theory import PAPER, Theory, signature, subterms
from spi_verify.theory.signature import Renegotiation, SetFunctions

_STUDIED = (z3.Const("rn", Renegotiation), z3.Const("announced", SetFunctions))
"""What every scenario has one of: the functions under study, which its programs announce."""


def closed(statement: Statement) -> Statement:
    """Return a statement without free constants that says the same.

    A constant that is none of the theory's is free: the statement is about every value that it
    may have. What a hypothesis supposes of such constants becomes a premise of the conclusion.

    Parameters
    ----------
    statement
        Any; one without free constants is returned as it is.

    Raises
    ------
    InputError
        When a function has the name of one of the theory's symbols, but other sorts.
    """
    statement = _written_out(statement)
    theory = statement.theory
    formulas = [*(h.formula for h in statement.hypotheses), statement.goal.formula]
    free = {str(constant): constant for one in formulas for constant in _free(one, theory)}
    if not free:
        return statement
    about = [bool(list(_free(h.formula, theory))) for h in statement.hypotheses]
    premises = [h for h, free_in in zip(statement.hypotheses, about, strict=True) if free_in]
    kept = [h for h, free_in in zip(statement.hypotheses, about, strict=True) if not free_in]
    goal = statement.goal.formula
    if premises:
        goal = z3.Implies(z3.And([h.formula for h in premises]), goal)
    names = {h.name for h in kept}
    return replace(
        statement,
        hypotheses=tuple(kept),
        added=tuple(name for name in statement.added if name in names),
        steps=(Step(GOAL, z3.ForAll(list(free.values()), goal), ()),),
    )


def _written_out(statement: Statement) -> Statement:
    """Return a statement in which the predicates that its paper adds are written out."""
    own = {name for name in statement.theory if name not in PAPER}
    if not own:
        return statement
    theory = statement.theory
    taken = [name for name in statement.definitions if name in own and not theory[name].sorts]
    if taken:
        raise InputError(
            f"{taken[0]!r} is a formula that the paper takes for granted, and no program game is "
            "known to meet it: suppose it as a hypothesis"
        )
    kept = frozenset(PAPER)

    def written(formula: z3.ExprRef) -> z3.ExprRef:
        return unfolded(formula, statement.theory, kept)

    goal = Step(GOAL, cast("z3.BoolRef", written(statement.goal.formula)), ())
    return replace(
        statement,
        hypotheses=tuple(replace(h, formula=written(h.formula)) for h in statement.hypotheses),
        definitions=tuple(name for name in statement.definitions if name not in own),
        steps=(goal,),
    )


def _free(formula: z3.ExprRef, theory: Theory) -> Iterator[z3.ExprRef]:
    """Iterate over the constants in a formula that are none of the theory's."""
    for term in subterms(formula):
        if z3.is_app(term) and _own(term.decl(), theory) and z3.is_const(term):
            yield term


def _own(symbol: z3.FuncDeclRef, theory: Theory) -> bool:
    """Return whether a symbol is none of the theory's."""
    if symbol.kind() != z3.Z3_OP_UNINTERPRETED:
        return False
    name = symbol.name()
    known = _symbols().get(name)
    if name in theory and theory[name].sorts:
        known = z3.Function(name, *theory[name].sorts, z3.BoolSort())
    if known is None or known.eq(symbol):
        return known is None
    if symbol.arity():
        raise InputError(f"{name!r} is another symbol than the theory's of this name: rename it")
    return True


@cache
def _symbols() -> dict[str, z3.FuncDeclRef]:
    """Return the symbols of the signature by name."""
    values = [*vars(signature).values(), *_STUDIED]
    declared = [one.decl() for one in values if z3.is_expr(one) and z3.is_const(one)]
    declared += [one for one in values if isinstance(one, z3.FuncDeclRef)]
    return {symbol.name(): symbol for symbol in declared}
