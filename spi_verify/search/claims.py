"""The statement that a counterexample refutes: looked up by its id, or read from the file."""

from __future__ import annotations

import inspect
import re
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
MAX_DEPTH = 150
MAX_UNFOLDED = 50_000
_CACHE: dict[str, Statement] = {}


def shipped() -> Mapping[str, Statement]:
    """Return the paper's statements by id, with the paper's definitions."""
    if not _CACHE:
        _CACHE.update({s.id: s for s in load(shipped_suites(), PAPER) if isinstance(s, Statement)})
    return _CACHE


def is_the_papers(hypothesis: Hypothesis) -> bool:
    """Return whether a statement of the paper has the same hypothesis, by the same name."""
    return any(
        known.name == hypothesis.name and same_formula(known.formula, hypothesis.formula)
        for statement in shipped().values()
        for known in statement.hypotheses
    )


def statement_of(claimed: Claimed) -> Statement:
    """Return the statement that is said to be refuted.

    Raises
    ------
    InputError
        When there is no such statement or hypothesis, or a formula cannot be read.
    """
    replaced = {name: read_definition(name, text) for name, text in claimed.definitions.items()}
    theory = PAPER.with_(**replaced)
    same = {name for name in replaced if same_formula(theory.axiom(name), PAPER.axiom(name))}
    theory = PAPER.with_(**{name: body for name, body in replaced.items() if name not in same})
    if claimed.formulas and claimed.statement in shipped():
        raise InputError(f"{claimed.statement} is a statement of the paper", where="formulas")
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


def dropped(statement: Statement) -> frozenset[str]:
    """Return the names of the hypotheses of one of the paper's statements that this one lacks."""
    known = shipped().get(statement.id)
    names = {hypothesis.name for hypothesis in statement.hypotheses}
    return frozenset(h.name for h in (known.hypotheses if known else ()) if h.name not in names)


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


def asserted_to_exist(formula: z3.ExprRef, positive: bool = True) -> set[str]:
    """Return the sorts over which a formula, or its negation, says that something exists."""
    return _exists(formula, positive, {})


def _exists(
    formula: z3.ExprRef, positive: bool, known: dict[tuple[int, bool], set[str]]
) -> set[str]:
    key = (formula.get_id(), positive)
    if key not in known:
        known[key] = _find_exists(formula, positive, known)
    return known[key]


def _find_exists(
    formula: z3.ExprRef, positive: bool, known: dict[tuple[int, bool], set[str]]
) -> set[str]:
    if z3.is_quantifier(formula):
        inner = set(_exists(formula.body(), positive, known))
        if formula.is_exists() == positive:
            inner |= {formula.var_sort(k).name() for k in range(formula.num_vars())}
        return inner
    if z3.is_not(formula):
        return _exists(formula.arg(0), not positive, known)
    if z3.is_implies(formula):
        premise = _exists(formula.arg(0), not positive, known)
        return premise | _exists(formula.arg(1), positive, known)
    parts = [part for part in formula.children() if z3.is_bool(part)]
    signs = (positive,) if z3.is_and(formula) or z3.is_or(formula) else (True, False)
    return set().union(*(_exists(part, sign, known) for part in parts for sign in signs))


def changed_in(formula: z3.ExprRef, theory: Theory) -> list[str]:
    """Return the changed definitions that a formula speaks of, through others, too."""
    waiting: list[z3.ExprRef] = [formula]
    seen: set[str] = set()
    while waiting:
        for name in functions_in(waiting.pop()) - seen:
            seen.add(name)
            if name in theory and theory[name].sorts:
                waiting.append(theory.axiom(name))
    return sorted(name for name in seen if name in theory and theory[name] is not PAPER[name])


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
    own = statement.id if known is None else f"{statement.id} (changed)"
    return Claimed(own, (), definitions, formulas)


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
        if name in functions_in(meaning):
            raise InputError("the definition refers to itself")
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
    """Return the one formula that an SMT-LIB text asserts; nothing is solved or executed.

    Only declarations and one assertion are let through to the parser: SMT-LIB has commands that
    read and write files.

    Raises
    ------
    InputError
        When the text is too long, nested too deeply, or holds anything else.
    """
    if len(text) > MAX_TEXT:
        raise InputError(f"a formula of more than {MAX_TEXT} characters")
    commands = _commands(text)
    strange = next((c for c in commands if c not in _ALLOWED), None)
    if strange is not None or commands.count("assert") != 1:
        raise InputError("the SMT-LIB text may declare sorts and functions and assert one formula")
    try:
        assertions = z3.parse_smt2_string(text)
    except z3.Z3Exception:
        raise InputError("this is no SMT-LIB text, or its types do not fit") from None
    formula = assertions[0]
    if _unfolded(formula, {}) > MAX_UNFOLDED:
        raise InputError(f"a formula of more than {MAX_UNFOLDED} parts when written out")
    return formula


_ALLOWED = ("set-logic", "declare-sort", "declare-fun", "declare-const", "assert")
_TOKEN = re.compile(r"\s+|;[^\n]*|(?P<token>[()]|\|[^|\\]*\||[^\s()|;\"]+)")


def _commands(text: str) -> list[str]:
    """Return the heads of the commands in an SMT-LIB text, without running any."""
    heads: list[str] = []
    depth, position, opened = 0, 0, False
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise InputError("this is no SMT-LIB text")
        position = match.end()
        token = match["token"]
        if token is None:
            continue
        if token == "(":
            depth += 1
            if depth > MAX_DEPTH:
                raise InputError("nested too deeply")
            opened = depth == 1
            continue
        if token == ")":
            depth -= 1
        elif depth == 0:
            raise InputError("this is no SMT-LIB text")
        elif opened:
            heads.append(token)
        if depth < 0 or (token == ")" and opened):
            raise InputError("this is no SMT-LIB text")
        opened = False
    if depth:
        raise InputError("this is no SMT-LIB text")
    return heads


def _unfolded(term: Any, known: dict[int, int]) -> int:
    """Return how many parts a term has when shared ones are counted each time."""
    key = term.get_id()
    if key not in known:
        parts = [term.body()] if z3.is_quantifier(term) else term.children()
        known[key] = 1 + sum(_unfolded(part, known) for part in parts)
    return known[key]


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
