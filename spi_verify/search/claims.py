"""The statement that a counterexample refutes: looked up by its id, or read from the file."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import z3

from spi_verify.errors import InputError, located
from spi_verify.obligations.statements import GOAL, Hypothesis, Statement, Step
from spi_verify.obligations.suites import load, shipped_suites
from spi_verify.search.refutation import Claimed
from spi_verify.solvers.smtlib import to_smtlib
from spi_verify.theory import PAPER, Theory, same_formula
from spi_verify.theory.evaluate import sides

MAX_TEXT = 200_000
_CACHE: dict[str, Statement] = {}


def shipped() -> Mapping[str, Statement]:
    """Return the paper's statements by id, with the paper's definitions."""
    if not _CACHE:
        _CACHE.update({s.id: s for s in load(shipped_suites(), PAPER) if isinstance(s, Statement)})
    return _CACHE


def statement_of(claimed: Claimed) -> Statement:
    """Return the statement that is said to be refuted.

    Raises
    ------
    InputError
        When there is no such statement or hypothesis, or a formula cannot be read.
    """
    theory = PAPER.with_(
        **{name: read_definition(name, text) for name, text in claimed.definitions.items()}
    )
    if claimed.formulas:
        statement = _from_formulas(claimed, theory)
    else:
        if claimed.definitions:
            known = {s.id: s for s in load(shipped_suites(), theory) if isinstance(s, Statement)}
        else:
            known = dict(shipped())
        if claimed.statement not in known:
            raise InputError(f"there is no statement {claimed.statement!r}", where="statement")
        statement = known[claimed.statement]
    for name in claimed.without:
        if all(h.name != name for h in statement.hypotheses):
            raise InputError(f"{statement.id} has no hypothesis {name!r}", where="without")
        statement = statement.without(name)
    return statement


def symbols_of(statement: Statement, *, definitions: bool = False) -> set[str]:
    """Return what a statement's hypotheses and goal speak of, through predicates, too.

    Parameters
    ----------
    statement
        The statement.
    definitions
        Whether the definitions that it lists count, too.
    """
    theory = statement.theory
    waiting = [*(h.formula for h in statement.hypotheses), statement.goal.formula]
    names: set[str] = set()
    if definitions:
        waiting += [theory.axiom(name) for name in statement.definitions]
        names |= {name for name in statement.definitions if not theory[name].sorts}
    while waiting:
        for name in functions_in(waiting.pop()) - names:
            names.add(name)
            if name in theory and theory[name].sorts:
                waiting.append(theory.axiom(name))
    return names


def functions_in(formula: z3.ExprRef) -> set[str]:
    """Return the names of the functions and predicates in a formula."""
    names: set[str] = set()
    seen: set[int] = set()
    waiting = [formula]
    while waiting:
        term = waiting.pop()
        if term.get_id() in seen:
            continue
        seen.add(term.get_id())
        if z3.is_quantifier(term):
            waiting.append(term.body())
        elif z3.is_app(term):
            if term.decl().kind() == z3.Z3_OP_UNINTERPRETED:
                names.add(term.decl().name())
            waiting += term.children()
    return names


def claim(statement: Statement) -> Claimed:
    """Return how a counterexample file names a statement: by its id where that is enough.

    Of the definitions that were replaced, those are kept that the statement speaks of.
    """
    spoken_of = symbols_of(statement, definitions=True)
    definitions = {
        name: to_smtlib({"definition": statement.theory.axiom(name)})
        for name in statement.theory
        if statement.theory[name] is not PAPER[name] and name in spoken_of
    }
    known = shipped().get(statement.id)
    names = {h.name for h in statement.hypotheses}
    if known is not None and names <= {h.name for h in known.hypotheses}:
        dropped = tuple(h.name for h in known.hypotheses if h.name not in names)
        if definitions or same_formula(known.goal.formula, statement.goal.formula):
            return Claimed(statement.id, dropped, definitions)
    formulas = {h.name: to_smtlib({"hypothesis": h.formula}) for h in statement.hypotheses}
    formulas[GOAL] = to_smtlib({"goal": statement.goal.formula})
    return Claimed(statement.id, (), definitions, formulas)


def read_definition(name: str, text: str) -> Any:
    """Return a definition's body from the formula that asserts it.

    Raises
    ------
    InputError
        When the theory has no such definition, or the text is no formula of its form.
    """
    with located(where=f"definitions.{name}"):
        if name not in PAPER:
            raise InputError("there is no such definition")
        axiom = read_formula(text)
        old = PAPER[name]
        if not old.sorts:
            return lambda theory: axiom  # noqa: ARG005
        ok = z3.is_quantifier(axiom) and axiom.is_forall() and z3.is_eq(axiom.body())
        if not ok or [axiom.var_sort(k) for k in range(axiom.num_vars())] != list(old.sorts):
            raise InputError("the formula does not say for all arguments what the predicate means")
        predicate, meaning = sides(axiom)
        variables = [z3.Var(len(old.sorts) - 1 - k, sort) for k, sort in enumerate(old.sorts)]
        named = z3.Function(name, *old.sorts, z3.BoolSort())(*variables)
        if not predicate.eq(named):
            raise InputError("the formula does not say what the predicate means")
        return _Body(meaning, old.parameters)


class _Body:
    """A definition's body made from a formula: takes the theory and the named terms."""

    def __init__(self, meaning: Any, parameters: list[str]) -> None:
        self._meaning = meaning
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        names = ["theory", *parameters]
        self.__signature__ = inspect.Signature([inspect.Parameter(n, kind) for n in names])

    def __call__(self, theory: Any, *terms: Any) -> Any:  # noqa: ARG002
        return z3.substitute_vars(self._meaning, *reversed(terms))


def read_formula(text: str) -> Any:
    """Return the one formula that an SMT-LIB text asserts; nothing is solved.

    Raises
    ------
    InputError
        When the text is too long, or no such text.
    """
    if len(text) > MAX_TEXT:
        raise InputError(f"a formula of more than {MAX_TEXT} characters")
    try:
        assertions = z3.parse_smt2_string(text)
    except z3.Z3Exception as error:
        lines = str(error.value if hasattr(error, "value") else error).splitlines()
        raise InputError(f"this is no SMT-LIB text: {lines[0] if lines else ''}") from None
    if len(assertions) != 1:
        raise InputError("the SMT-LIB text must assert one formula")
    return assertions[0]


def _from_formulas(claimed: Claimed, theory: Theory) -> Statement:
    formulas = {}
    for name, text in claimed.formulas.items():
        with located(where=f"formulas.{name}"):
            formulas[name] = read_formula(text)
    if GOAL not in formulas:
        raise InputError("the statement needs a goal", where="formulas")
    goal = formulas.pop(GOAL)
    return Statement(
        id=claimed.statement,
        title="",
        theory=theory,
        hypotheses=tuple(Hypothesis(name, formula, "") for name, formula in formulas.items()),
        definitions=(),
        steps=(Step(GOAL, goal, ()),),
    )
