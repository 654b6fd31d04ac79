"""Counterexamples made of programs: a scenario, executed and held against the statement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import z3

from spi_verify.errors import InputError, Rejected
from spi_verify.obligations.statements import Hypothesis, Statement
from spi_verify.programs.execution import NonHaltingError
from spi_verify.programs.spaces import Kind
from spi_verify.search import whole
from spi_verify.search.claims import statement_of
from spi_verify.search.formulas import same
from spi_verify.search.goals import settle_goal
from spi_verify.search.induced import Induced
from spi_verify.search.refutation import Check, Claimed, Confirmation
from spi_verify.search.scenario import Scenario, read_scenario
from spi_verify.search.telling import conclusion, story
from spi_verify.theory.evaluate import holds, why_not

KIND = "programs"


def confirm(claimed: Claimed, body: Mapping[str, Any]) -> Confirmation:
    """Execute a saved scenario and hold it against the statement it is said to refute.

    Raises
    ------
    Rejected
        When a hypothesis fails, the conclusion holds, or something is not settled by execution.
    InputError
        When the scenario or the statement cannot be read.
    """
    return examine(statement_of(claimed), read_scenario(body))


def examine(statement: Statement, scenario: Scenario) -> Confirmation:
    """Execute a scenario and hold it against a statement.

    All tables are filled by running the programs; definitions, hypotheses and goal are then
    evaluated as formulas. What speaks of more than what is listed is settled from the programs'
    code; see :mod:`spi_verify.search.whole`.

    Raises
    ------
    Rejected
        When a hypothesis fails, the conclusion holds, or something is not settled by execution.
    """
    try:
        induced = Induced(scenario, statement.theory)
        if _evaluate(statement.goal.formula, induced, "the conclusion"):
            raise Rejected("the conclusion holds")
        checks = [_check(hypothesis, statement, induced) for hypothesis in statement.hypotheses]
        settle_goal(statement, induced)
        _check_definitions(statement, induced)
    except NonHaltingError as error:
        raise Rejected(str(error)) from None
    return Confirmation(tuple(checks), conclusion(statement, induced), story(statement, induced))


def _check_definitions(statement: Statement, induced: Induced) -> None:
    """Hold the running programs against the closed definitions: the two worlds must agree."""
    theory = statement.theory
    for name in statement.definitions:
        if theory[name].sorts or name in whole.BY_CONSTRUCTION:
            continue
        formula = theory.axiom(name)
        if not _evaluate(formula, induced, f"the definition {name}"):
            failure = why_not(formula, induced.structure)
            raise Rejected(f"the programs contradict the definition {name}: {failure}")
    if induced.scenario.kind is Kind.CSR:
        whole.check_set_functions(induced)


def _check(hypothesis: Hypothesis, statement: Statement, induced: Induced) -> Check:
    theory, formula = statement.theory, hypothesis.formula
    closed = next(
        (n for n in whole.WHOLE if same(formula, theory.axiom(n))),
        None,
    )
    how = whole.LISTED if closed is None else whole.WHOLE[closed](induced)
    names = functions_in(formula)
    if closed is None and names & {"selection_function", "transitive"}:
        how = whole.check_selection(induced)
    if closed is None and "set_valued_renegotiation_function" in names:
        how = whole.check_set_functions(induced)
    if hypothesis.name == "projections-offered":
        how = whole.check_projections_offered(induced)
    if closed not in whole.BY_CONSTRUCTION and not (
        induced.scenario.correlated and closed in _SETTLED_FOR_POLYTOPES
    ):
        if not _evaluate(formula, induced, f"the hypothesis {hypothesis.name}"):
            failure = why_not(formula, induced.structure)
            raise Rejected(f"the hypothesis {hypothesis.name} fails: {failure}")
        if closed is None and names & {"optimal", "subjective_equilibrium"}:
            how = _optimality(induced)
    return Check(hypothesis.name, how)


_SETTLED_FOR_POLYTOPES = ("pareto_meet_minimum", "projections_nonempty", "efficient_dominators")


def _optimality(induced: Induced) -> str:
    methods = sorted({str(found.method) for found in induced.optimality.values() if found.optimal})
    return f"executed; optimal among all programs of the space, by {' and '.join(methods)}"


def _evaluate(formula: z3.BoolRef, induced: Induced, what: str) -> bool:
    try:
        return holds(formula, induced.structure)
    except (ValueError, IndexError, KeyError) as error:
        if isinstance(error, InputError):
            raise
        raise Rejected(f"{what} cannot be evaluated for these programs: {error}") from None


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
