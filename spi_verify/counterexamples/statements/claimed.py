"""The statement that a counterexample refutes: looked up by its id, or read from the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import z3

from spi_verify.counterexamples.kind import Claimed
from spi_verify.counterexamples.statements.closed import written_out
from spi_verify.counterexamples.statements.known import Meaning
from spi_verify.counterexamples.statements.labels import goal_of, hypothesis_of
from spi_verify.counterexamples.statements.spoken_of import changed_definitions
from spi_verify.counterexamples.statements.texts import read_definition, read_formula
from spi_verify.errors import InputError, located
from spi_verify.obligations.statements import GOAL, Hypothesis, Statement, Step
from spi_verify.obligations.wellformed import require_formula
from spi_verify.papers.loading import Shipped, made_of_shipped
from spi_verify.solvers.smtlib import to_smtlib
from spi_verify.theory import PAPER, Theory, fingerprint, same_formula
from spi_verify.theory.terms import Formula


class _Shipped(Mapping[str, Statement]):
    """Shipped statements by id, each written out when it is asked for."""

    def __init__(self, statements: Shipped) -> None:
        self._statements = statements
        self._written: dict[str, Statement] = {}
        self._bound: dict[str, frozenset[str]] = {}
        self._said: dict[str, str] = {}

    def __getitem__(self, id: str) -> Statement:
        if id not in self._written:
            self._written[id] = written_out(self._theorem(id))
        return self._written[id]

    def _theorem(self, id: str) -> Statement:
        found = self._statements[id]
        if not isinstance(found, Statement):
            raise KeyError(id)
        return found

    def __iter__(self) -> Iterator[str]:
        return (id for id, one in self._statements.items() if isinstance(one, Statement))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def with_goal(self, goal: Formula) -> list[Statement]:
        """Return those with a conclusion; what quantifies over other sorts is not written out."""
        sorts, said = _bound(goal), fingerprint(goal)
        symbols = require_formula("a conclusion", goal, evaluated=False)
        among = (one.id for one in self._statements.of_papers_with(*symbols))
        ids = (id for id in dict.fromkeys(among) if isinstance(self._statements[id], Statement))
        near = (id for id in ids if self._sorts(id) <= sorts)
        return [self[id] for id in near if self._conclusion(id) == said]

    def _sorts(self, id: str) -> frozenset[str]:
        if id not in self._bound:
            self._bound[id] = _bound(self._theorem(id).goal.formula)
        return self._bound[id]

    def _conclusion(self, id: str) -> str:
        if id not in self._said:
            self._said[id] = fingerprint(self[id].goal.formula)
        return self._said[id]


def _bound(formula: Formula) -> frozenset[str]:
    """Return the names of the sorts that a formula quantifies over."""
    sorts: set[str] = set()
    seen: set[int] = set()
    waiting: list[z3.ExprRef] = [formula]
    while waiting:
        part = waiting.pop()
        if part.get_id() in seen:
            continue
        seen.add(part.get_id())
        if z3.is_quantifier(part):
            sorts |= {part.var_sort(k).name() for k in range(part.num_vars())}
            waiting.append(part.body())
        else:
            waiting += part.children()
    return frozenset(sorts)


def shipped_statements(theory: Theory = PAPER) -> Mapping[str, Statement]:
    """Return the shipped papers' statements by id, with the definitions of a theory.

    Predicates that a paper adds are written out, as they are in what searches and files speak of.
    """
    return _shipped(theory)


def shipped_theorem(id: str, theory: Theory = PAPER) -> Statement | None:
    """Return one of :func:`shipped_statements`, or None, without reading others if possible."""
    return _shipped(theory).get(id)


def shipped_with_goal(goal: Formula, theory: Theory = PAPER) -> list[Statement]:
    """Return the shipped statements that have a conclusion, in their order."""
    return _shipped(theory).with_goal(goal)


def _shipped(theory: Theory) -> _Shipped:
    return made_of_shipped(_Shipped, theory)


def counterpart(statement: Statement) -> Statement | None:
    """Return the shipped statement that a statement is, or is with fewer hypotheses.

    Formulas decide: the conclusion is the same, and so is every hypothesis one of the shipped
    statement's, whatever their names. Of several, it is one with the same id, or else that with
    the fewest hypotheses.
    """
    same = shipped_theorem(statement.id, statement.theory)
    known = None if same is None else among([same], statement)
    return known or among(shipped_with_goal(statement.goal.formula, statement.theory), statement)


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
    if claimed.formulas and shipped_theorem(claimed.statement) is not None:
        raise InputError(f"{claimed.statement} is a statement of a shipped paper", where="formulas")
    if claimed.formulas:
        statement = _from_formulas(claimed, theory)
    else:
        known = shipped_theorem(claimed.statement, theory if claimed.definitions else PAPER)
        if known is None:
            raise InputError(f"there is no statement {claimed.statement!r}", where="statement")
        statement = known
    for name in claimed.without:
        if all(h.name != name for h in statement.hypotheses):
            raise InputError(f"{statement.id} has no hypothesis {name!r}", where="without")
        statement = statement.without(name)
    return statement


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
    shipped = shipped_theorem(statement.id) is not None
    own = f"{statement.id} (changed)" if shipped else statement.id
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
