"""The statement that a counterexample refutes: looked up by its id, or read from the file."""

from __future__ import annotations

import inspect
import re
from collections.abc import Container, Iterable, Mapping
from typing import Any

import z3

from spi_verify.counterexamples.kind import Claimed
from spi_verify.counterexamples.statements.known import Meaning
from spi_verify.counterexamples.statements.labels import goal_of, hypothesis_of
from spi_verify.errors import InputError, Rejected, located
from spi_verify.obligations.consistency import mentioned
from spi_verify.obligations.statements import GOAL, Hypothesis, Statement, Step
from spi_verify.papers.loading import load_shipped
from spi_verify.solvers.smtlib import to_smtlib
from spi_verify.theory import PAPER, Theory, fingerprint, same_formula, subterms
from spi_verify.theory.evaluate import sides

MAX_TEXT = 200_000
MAX_DEPTH = 150
MAX_UNFOLDED = 50_000


def shipped_statements(theory: Theory = PAPER) -> Mapping[str, Statement]:
    """Return the shipped papers' statements by id, with the definitions of a theory."""
    return {one.id: one for one in load_shipped(theory) if isinstance(one, Statement)}


def counterpart(statement: Statement) -> Statement | None:
    """Return the shipped statement that a statement is, or is with fewer hypotheses.

    Formulas decide: the conclusion is the same, and so is every hypothesis one of the shipped
    statement's, whatever their names. Of several, it is one with the same id, or else that with
    the fewest hypotheses.
    """
    return among(shipped_statements(statement.theory).values(), statement)


def among(known: Iterable[Statement], statement: Statement) -> Statement | None:
    """Return which of some statements a statement is, as :func:`counterpart` has it."""
    goal = fingerprint(statement.goal.formula)
    supposed = {fingerprint(h.formula) for h in statement.hypotheses}
    closed = {name for name in statement.definitions if not statement.theory[name].sorts}
    fitting = [
        one
        for one in known
        if fingerprint(one.goal.formula) == goal
        and supposed <= {fingerprint(h.formula) for h in one.hypotheses}
        and closed <= set(one.definitions)
    ]
    return min(fitting, key=lambda one: (one.id != statement.id, len(one.hypotheses)), default=None)


def meaning(statement: Statement) -> Meaning:
    """Return what a statement claims and supposes, as far as its formulas are known."""
    closed = [name for name in statement.definitions if not statement.theory[name].sorts]
    return Meaning(
        goal_of(statement),
        tuple((h.name, hypothesis_of(h)) for h in statement.hypotheses),
        tuple(closed),
        tuple(changed_definitions(statement)),
    )


def lacking(statement: Statement) -> tuple[Hypothesis, ...]:
    """Return the hypotheses of the counterpart that a statement does without."""
    known = counterpart(statement)
    supposed = {fingerprint(h.formula) for h in statement.hypotheses}
    return tuple(
        h for h in (known.hypotheses if known else ()) if fingerprint(h.formula) not in supposed
    )


def statement_of(claimed: Claimed) -> Statement:
    """Return the statement that is said to be refuted.

    Raises
    ------
    InputError
        When there is no such statement or hypothesis, or a formula cannot be read.
    """
    if claimed.at_hand is not None:
        return claimed.at_hand
    replaced = {name: read_definition(name, text) for name, text in claimed.definitions.items()}
    theory = PAPER.with_(**replaced)
    same = {name for name in replaced if same_formula(theory.axiom(name), PAPER.axiom(name))}
    theory = PAPER.with_(**{name: body for name, body in replaced.items() if name not in same})
    if claimed.formulas and claimed.statement in shipped_statements():
        raise InputError(f"{claimed.statement} is a statement of a shipped paper", where="formulas")
    if claimed.formulas:
        statement = _from_formulas(claimed, theory)
    else:
        known = shipped_statements(theory if claimed.definitions else PAPER)
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


def changed_definitions(statement: Statement) -> list[str]:
    """Return the names of the definitions that were replaced, and that a statement speaks of."""
    theory = statement.theory
    changed = [name for name in theory if is_changed(theory, name)]
    if not changed:
        return []
    spoken_of = symbols_of(statement, definitions=True)
    if _PROGRAMS & _sorts_of(statement):
        others = freed(statement)  # what programs are, whoever speaks of some
        spoken_of |= {*others, *mentioned(map(theory.axiom, others), theory)}
    return [name for name in changed if name in spoken_of]


def freed(statement: Statement) -> set[str]:
    """Return which of Definition 7's notions are another's here, and hold as that one says.

    Best responses are among programs as printed, so that nothing is freed where it matters.
    """
    if symbols_of(statement) & {"optimal", "pmp_extension"}:
        return set()
    return {name for name in _NOTIONS if means_another(statement.theory, name)}


_NOTIONS = ("selection_function", "set_valued_renegotiation_function")
_PROGRAMS = frozenset({"Program", "Profile", "Renegotiation", "SetFunction", "SetFunctions"})


def _sorts_of(statement: Statement) -> set[str]:
    """Return the names of the sorts of what a statement speaks of."""
    formulas = [*(h.formula for h in statement.hypotheses), statement.goal.formula]
    formulas += [statement.theory.axiom(name) for name in statement.definitions]
    return {term.sort().name() for formula in formulas for term in subterms(formula)}


def is_changed(theory: Theory, name: str) -> bool:
    """Return whether a name is that of a definition that a theory has otherwise than it was."""
    return name in theory and name in PAPER and theory[name] is not PAPER[name]


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
    signs = (positive,) if z3.is_and(formula) or z3.is_or(formula) else (True, False)
    parts = formula.children()  # numbers, too: ``If`` has them, and a condition
    return set().union(*(_exists(part, sign, known) for part in parts for sign in signs))


def unfolded(formula: z3.ExprRef, theory: Theory, kept: Container[str]) -> z3.ExprRef:
    """Return a formula in which defined predicates are written out.

    Parameters
    ----------
    formula
        Any.
    theory
        Where the definitions come from.
    kept
        The predicates that are not written out.
    """
    while True:
        names = [n for n in functions_in(formula) if n in theory and theory[n].sorts]
        meanings = [_meaning(name, theory) for name in sorted(names) if name not in kept]
        if not meanings:
            return formula
        formula = z3.substitute_funs(formula, *meanings)
        if _unfolded(formula, {}) > MAX_UNFOLDED:
            raise Rejected("what it says is too long when it is written out")


def _meaning(name: str, theory: Theory) -> tuple[z3.FuncDeclRef, z3.ExprRef]:
    """Return a predicate, and what it means of the variables 0, 1, ... as its arguments."""
    predicate, meaning = sides(theory.axiom(name))
    arguments = [z3.Var(k, sort) for k, sort in enumerate(theory[name].sorts)]
    return predicate.decl(), z3.substitute_vars(meaning, *reversed(arguments))


def changed_in(formula: z3.ExprRef, theory: Theory) -> list[str]:
    """Return the changed definitions that a formula speaks of, through others, too."""
    waiting: list[z3.ExprRef] = [formula]
    seen: set[str] = set()
    while waiting:
        for name in functions_in(waiting.pop()) - seen:
            seen.add(name)
            if name in theory and theory[name].sorts:
                waiting.append(theory.axiom(name))
    return sorted(name for name in seen if is_changed(theory, name))


def changed_below(
    formulas: Iterable[z3.BoolRef], theory: Theory, *, whatever: Container[str] = ()
) -> set[str]:
    """Return the changed definitions of what occurs in formulas, or in the definitions of that.

    Those of functions count, too: what a program is depends on what its function has to be.

    Parameters
    ----------
    formulas, theory
        The formulas, and what has the definitions.
    whatever
        Definitions that may say anything, so that neither they count nor what they rest on.
    """
    if not any(is_changed(theory, name) for name in theory):
        return set()
    below = mentioned(formulas, theory, beside=whatever)
    return {name for name in below if is_changed(theory, name)}


def means_another(theory: Theory, name: str) -> bool:
    """Return whether a definition of the paper was changed, or one that it rests on."""
    if name not in theory or name not in PAPER:
        return False
    return is_changed(theory, name) or bool(changed_below([theory.axiom(name)], theory))


def means_as_printed(theory: Theory, name: str) -> bool:
    """Return whether neither a definition was changed nor a predicate that it speaks of."""
    return not is_changed(theory, name) and not changed_in(theory.axiom(name), theory)


def functions_in(formula: z3.ExprRef) -> set[str]:
    """Return the names of the functions and predicates in a formula."""
    applied = (term.decl() for term in subterms(formula) if z3.is_app(term))
    return {one.name() for one in applied if one.kind() == z3.Z3_OP_UNINTERPRETED}


def claim(statement: Statement) -> Claimed:
    """Return how a counterexample file names a statement: by its id where that is enough.

    That is where the shipped statement of this id has the same conclusion, and every hypothesis
    under the same name; otherwise the file holds the formulas. Of the definitions that were
    replaced, those are kept that the statement speaks of.
    """
    definitions = {
        name: to_smtlib({"definition": statement.theory.axiom(name)})
        for name in changed_definitions(statement)
    }
    known = counterpart(statement)
    if known is not None and known.id == statement.id:
        formulas = {h.name: fingerprint(h.formula) for h in known.hypotheses}
        if all(formulas.get(h.name) == fingerprint(h.formula) for h in statement.hypotheses):
            names = {h.name for h in statement.hypotheses}
            without = tuple(name for name in formulas if name not in names)
            return Claimed(statement.id, without, definitions)
    own = f"{statement.id} (changed)" if statement.id in shipped_statements() else statement.id
    return Claimed(own, (), definitions, _formulas(statement))


def _formulas(statement: Statement) -> dict[str, str]:
    """Return a statement's hypotheses and conclusion as text, and what it takes for granted."""
    theory = statement.theory
    texts = {h.name: to_smtlib({"hypothesis": h.formula}) for h in statement.hypotheses}
    texts[GOAL] = to_smtlib({"goal": statement.goal.formula})
    for name in statement.definitions:
        if not theory[name].sorts:
            texts[name] = to_smtlib({"definition": theory.axiom(name)})
    return texts


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
            return Read(axiom)
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
        return Body(meaning, old.parameters)


class Read:
    """A closed definition's body made from a formula."""

    def __init__(self, axiom: Any) -> None:
        self._axiom = axiom

    def __call__(self, theory: Any) -> Any:  # noqa: ARG002
        """Return the formula."""
        return self._axiom


class Body:
    """A definition's body made from a formula: takes the theory and the named terms.

    Parameters
    ----------
    meaning
        The formula, inside of the quantifier over the parameters.
    parameters
        Their names.
    """

    def __init__(self, meaning: Any, parameters: list[str]) -> None:
        self._meaning = meaning
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        names = ["theory", *parameters]
        self.__signature__ = inspect.Signature([inspect.Parameter(n, kind) for n in names])

    def __call__(self, theory: Any, *terms: Any) -> Any:  # noqa: ARG002
        """Return the formula with terms in the place of the parameters."""
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
    definitions = tuple(
        name
        for name, formula in formulas.items()
        if name in theory
        and not theory[name].sorts
        and not theory[name].is_claim
        and fingerprint(formula) == fingerprint(theory.axiom(name))
    )
    hypotheses = [(name, one) for name, one in formulas.items() if name not in definitions]
    return Statement(
        id=claimed.statement,
        title="",
        theory=theory,
        hypotheses=tuple(Hypothesis(name, formula, "") for name, formula in hypotheses),
        definitions=definitions,
        steps=(Step(GOAL, goal, ()),),
    )
