"""Statements with free constants, read as claims about all values of these."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Container, Iterator
from dataclasses import replace
from operator import is_
from typing import cast

import z3

from spi_verify.counterexamples.statements.algorithms import code_of
from spi_verify.counterexamples.statements.carried import Carried, learn
from spi_verify.counterexamples.statements.spoken_of import is_changed, symbols_of, unfolded
from spi_verify.counterexamples.statements.texts import Body
from spi_verify.errors import InputError, Rejected
from spi_verify.obligations.statements import GOAL, Hypothesis, Statement, Step
from spi_verify.papers.keeping import OfTheories
from spi_verify.theory import PAPER, Theory, carried_out_by, functions_of, signature
from spi_verify.theory.evaluate import sides
from spi_verify.theory.signature import Player, Program


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
    code_of(statement.theory)  # what is read from a file later runs by this code
    statement = written_out(statement)
    theory = statement.theory
    formulas = [*(h.formula for h in statement.hypotheses), statement.goal.formula]
    free: dict[str, z3.ExprRef] = {}
    for constant in (constant for one in formulas for constant in _free(one, theory)):
        if not free.setdefault(str(constant), constant).eq(constant):
            raise InputError(f"two constants of different sorts are called {str(constant)!r}")
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


def written_out(statement: Statement) -> Statement:
    """Return a statement in which the predicates that its paper adds are written out.

    That is in its formulas, and in the definitions that the paper changes. What the paper takes
    for granted becomes a hypothesis: no program game is built to meet it.

    Raises
    ------
    InputError
        When that is too long.
    """
    theory = statement.theory
    own = {name for name in theory if name not in PAPER}
    if not own:
        return statement
    _learn_classes(theory, own)
    granted = tuple(
        Hypothesis(name, theory.axiom(name), _said_of(theory, name))
        for name in _granted(statement, own)
    )
    statement = replace(statement, hypotheses=(*statement.hypotheses, *granted))
    try:
        goal = Step(GOAL, _over_paper(statement.goal.formula, theory), ())
        return replace(
            statement,
            theory=_without_own(theory),
            hypotheses=tuple(
                replace(h, formula=_over_paper(h.formula, theory)) for h in statement.hypotheses
            ),
            definitions=tuple(name for name in statement.definitions if name not in own),
            lemmas={},
            steps=(goal,),
        )
    except Rejected as long:
        raise InputError(str(long)) from None


def _said_of(theory: Theory, name: str) -> str:
    """Return what a definition says, in the sentence that its function begins with."""
    told = (inspect.getdoc(theory[name].body) or "").partition("\n")[0]
    return told or "The paper takes it for granted."


def _learn_classes(theory: Theory, own: Container[str]) -> None:
    """Remember which classes are said to carry out definitions of a player and a program."""
    for name in theory:
        cls = getattr(theory[name].body, "carried_out_by", None)
        if name in own and cls is not None and theory[name].sorts == (Player, Program):
            try:
                meaning = _over_paper(sides(theory.axiom(name))[1], theory)
            except Rejected:
                continue  # where it is too long, the statement says so
            player, program = z3.Const("i", Player), z3.Const("c", Program)
            predicate = z3.Function(name, Player, Program, z3.BoolSort())
            said = z3.substitute_vars(meaning, program, player)
            axiom = z3.ForAll([player, program], predicate(player, program) == said)
            learn(Carried(name, axiom, meaning, cls))


def _granted(statement: Statement, own: Container[str]) -> list[str]:
    """Return a paper's own closed formulas that are to hold where a statement is refuted.

    These are those that it lists, and those that say everything about a symbol it speaks of.
    """
    theory = statement.theory
    axioms = [name for name in theory if name in own and theory[name].symbols is not None]
    spoken_of = symbols_of(statement, definitions=True)
    found: dict[str, None] = {}
    while True:
        new = [
            name
            for name in axioms
            if name not in found
            and (
                name in statement.definitions
                or any(symbol.name() in spoken_of for symbol in theory[name].about)
            )
        ]
        if not new:
            return list(found)
        found |= dict.fromkeys(new)
        listed = replace(statement, definitions=(*statement.definitions, *new))
        spoken_of |= symbols_of(listed, definitions=True)


_UNFOLDED: dict[tuple[int, int], tuple[z3.ExprRef, Theory, z3.BoolRef]] = {}
"""By the numbers of a formula and a theory, with both: their numbers stand for no others then."""
_MOST_UNFOLDED = 20_000


def _over_paper(formula: z3.ExprRef, theory: Theory) -> z3.BoolRef:
    key = formula.get_id(), id(theory)
    if key not in _UNFOLDED:
        if len(_UNFOLDED) >= _MOST_UNFOLDED:
            _UNFOLDED.clear()
        found = cast("z3.BoolRef", unfolded(formula, theory, PAPER))
        _UNFOLDED[key] = formula, theory, found
    return _UNFOLDED[key][2]


def _without_own(theory: Theory) -> Theory:
    """Return the theory with its changed definitions, and without those that are added."""
    return _WRITTEN.of(
        theory,
        lambda: PAPER.with_(
            **{name: _body(name, theory) for name in theory if is_changed(theory, name)}
        ),
    )


_WRITTEN: OfTheories[Theory] = OfTheories(is_)  # what searches keep goes by the object


def _body(name: str, theory: Theory) -> Callable[..., z3.BoolRef]:
    body = _meaning(name, theory)
    code = getattr(theory[name].body, "carried_out_by", None)
    return body if code is None else carried_out_by(code)(body)


def _meaning(name: str, theory: Theory) -> Callable[..., z3.BoolRef]:
    axiom = _over_paper(theory.axiom(name), theory)
    if not theory[name].sorts:
        return lambda _: axiom
    _, meaning = sides(axiom)
    return Body(meaning, PAPER[name].parameters)


def _free(formula: z3.ExprRef, theory: Theory) -> Iterator[z3.ExprRef]:
    """Iterate over the constants in a formula that are none of the theory's."""
    for symbol in functions_of(formula):
        if _own(symbol, theory) and not symbol.arity():
            yield symbol()


def _own(symbol: z3.FuncDeclRef, theory: Theory) -> bool:
    """Return whether a symbol is none of the theory's."""
    if symbol.kind() != z3.Z3_OP_UNINTERPRETED:
        return False
    name = symbol.name()
    known = signature.symbols().get(name)
    if name in theory and theory[name].sorts:
        known = z3.Function(name, *theory[name].sorts, z3.BoolSort())
    if known is None or known.eq(symbol):
        return known is None
    if symbol.arity():
        raise InputError(f"{name!r} is another symbol than the theory's of this name: rename it")
    return True
