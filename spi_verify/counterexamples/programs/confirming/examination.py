"""Counterexamples made of programs: a scenario, executed and held against the statement."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import z3

from spi_verify.counterexamples.bimatrix import by_name
from spi_verify.counterexamples.kind import Check, Confirmation
from spi_verify.counterexamples.programs.confirming import changed, whole
from spi_verify.counterexamples.programs.confirming.carried import settled_by_classes
from spi_verify.counterexamples.programs.confirming.goals import settle_goal
from spi_verify.counterexamples.programs.confirming.induced import Induced
from spi_verify.counterexamples.programs.confirming.others import BLIND, SORT, others_do_not_matter
from spi_verify.counterexamples.programs.extensions import executable
from spi_verify.counterexamples.programs.scenario import Scenario
from spi_verify.counterexamples.programs.settled import by_construction, not_evaluated, unchanged
from spi_verify.counterexamples.programs.telling.checked import evaluated, optimality
from spi_verify.counterexamples.programs.telling.failing import in_instances
from spi_verify.counterexamples.programs.telling.general import tell
from spi_verify.counterexamples.statements.algorithms import RUN, code_of
from spi_verify.counterexamples.statements.claimed import lacking
from spi_verify.counterexamples.statements.labels import goal_of, hypotheses_of, hypothesis_of
from spi_verify.counterexamples.statements.spoken_of import (
    asserted_to_exist,
    changed_below,
    changed_in,
    freed,
    functions_in,
    means_another,
    means_as_printed,
    unfolded,
)
from spi_verify.errors import InputError, Rejected
from spi_verify.obligations.resting import mentioned
from spi_verify.obligations.statements import Hypothesis, Statement
from spi_verify.programs.deciding.best_responses import Method
from spi_verify.programs.deciding.bounds import says_what_is_earned
from spi_verify.programs.deciding.spaces import Kind
from spi_verify.programs.language.programs import Renegotiation
from spi_verify.programs.running.execution import CodeError
from spi_verify.theory import PAPER, same_formula
from spi_verify.theory.compiled import TooCostlyError
from spi_verify.theory.evaluate import holds, sides, why_not

REFUSING = "refusing-counts-as-csr"


def examine(statement: Statement, scenario: Scenario) -> Confirmation:
    """Execute a scenario and hold it against a statement.

    All tables are filled by running the programs; definitions, hypotheses and goal are then
    evaluated as formulas. What speaks of more than what is listed is settled from the programs'
    code; see :mod:`spi_verify.counterexamples.programs.confirming.whole`.

    Raises
    ------
    Rejected
        When a hypothesis fails, the conclusion holds, or something is not settled by execution.
    CodeError
        When somebody's own code fails.
    """
    try:
        any_code = _refusing(statement) or not LAWFUL.isdisjoint(_dropped(statement))
        induced = Induced(
            scenario,
            statement.theory,
            any_code=any_code,
            guarded=goal_of(statement) is None,
            any_choice="selection_function" in freed(statement),
        )
        whole.require_own_defaults(induced)
        asked = statement
        try:
            checks = _checked(statement, induced)
        except Rejected as rejected:
            asked, checks = _checked_by_classes(statement, induced, rejected)
        _check_definitions(statement, induced)
        _require_known_responses(statement, induced)
    except CodeError:
        raise
    except InputError as error:
        raise Rejected(str(error)) from None
    except TooCostlyError:
        raise Rejected("evaluating the formulas here takes too many steps") from None
    told = tell(asked, induced)
    return Confirmation(
        tuple(checks),
        told.conclusion,
        told.story,
        lambda: (in_instances(asked, induced), *filter(None, [told.formerly])),
    )


def _checked(statement: Statement, induced: Induced) -> list[Check]:
    """Hold what runs against the conclusion, which is to fail, and every hypothesis."""
    if _evaluate(statement.goal.formula, induced, "the conclusion"):
        raise Rejected("the conclusion holds")
    settle_goal(statement, induced)
    last = sorted(statement.hypotheses, key=lambda h: bool(functions_in(h.formula) & _OPTIMAL))
    checks = {h.name: _check(h, statement, induced) for h in last}  # best responses take longest
    return [checks[h.name] for h in statement.hypotheses]


def _checked_by_classes(
    statement: Statement, induced: Induced, rejected: Rejected
) -> tuple[Statement, list[Check]]:
    """Do the same with classes of somebody's own for what these are said to carry out."""
    asked, by_class = settled_by_classes(statement, induced)
    if asked is statement:
        raise rejected
    try:
        checks = _checked(asked, induced)
    except Rejected:
        raise rejected from None
    return asked, [replace(one, how=by_class.get(one.name, one.how)) for one in checks]


LAWFUL = frozenset(
    {
        "rn-is-renegotiation-function",
        "selection-function",
        "set-valued-renegotiation-functions",
    }
)
"""Hypotheses without which programs run that Definitions 4 and 7 exclude."""


def _refusing(statement: Statement) -> bool:
    """Whether programs that refuse everything are supposed to count as CSR programs."""
    return REFUSING in hypotheses_of(statement)


def _dropped(statement: Statement) -> set[str | None]:
    """Return the labels of the hypotheses that a shipped statement has besides."""
    return set(map(hypothesis_of, lacking(statement)))


def _said(statement: Statement) -> list[z3.BoolRef]:
    """Return all that a statement says: what it supposes, claims, and takes for granted."""
    listed = [statement.theory.axiom(name) for name in statement.definitions]
    return [*(h.formula for h in statement.hypotheses), statement.goal.formula, *listed]


def _require_known_responses(statement: Statement, induced: Induced) -> None:
    """Make sure that what was found of best responses holds of the programs that are meant.

    Where another definition says which programs there are, these are not the ones among which
    was sought; but no program of whatever kind earns more than a bound on what opponents agree
    to, and a program that is listed here, whose function meets the definition, may earn more.

    Raises
    ------
    Rejected
        When it may be otherwise among other programs.
    """
    theory = statement.theory
    below = {*mentioned(_said(statement), theory), *statement.definitions}
    available = [name for name in below & _AVAILABLE if means_another(theory, name)]
    run = [name for name in below & _RUN if not means_as_printed(theory, name)]
    other = sorted([*available, *run])
    if not other or "optimal" not in below:
        return
    bounded = code_of(theory).keys() >= set(run)
    for (i, _), found in induced.optimality.items():
        by_bound = bounded and found.optimal and found.method is Method.BOUND
        if not by_bound and not _earned_more(i, found.value, induced):
            raise Rejected(f"best responses are not sought among programs with another {other[0]}")


def _earned_more(i: int, value: Fraction, induced: Induced) -> bool:
    """Whether a CSR or default program that is listed earns more."""
    tables = induced.structure.tables
    return any(
        tables["available"][(i, d)] and tables["expected"][(i, d)] > value
        for d, (_, program) in enumerate(induced.programs)
        if not isinstance(program, Renegotiation)
    )


_AVAILABLE = {
    *("renegotiation_function", "selection_function", "set_valued_renegotiation_function"),
    *("csr_programs", "icsr_programs", "renegotiation_programs", "renegotiation_programs_complete"),
    *("default_or_csr", "default_or_rn"),
}
"""What says which programs there are."""

_RUN = {
    *(*RUN, "algorithm_3", "rounds"),
    *("default_profile", "expectation", "function_profile", "outcome_of_programs"),
}
"""What says what programs do and earn; where it is another, no bound is known without its code."""


def _definitions_of(statement: Statement) -> list[str]:
    """Return the definitions that a statement lists, and those that a changed one is part of."""
    theory = statement.theory
    more = [
        name
        for name in mentioned(_said(statement), theory)
        if name not in statement.definitions and changed_below([theory.axiom(name)], theory)
    ]
    return [*statement.definitions, *more]


def _check_definitions(statement: Statement, induced: Induced) -> None:
    """Hold the running programs against the closed definitions: the two worlds must agree."""
    theory = statement.theory
    for name in _definitions_of(statement):
        if theory[name].sorts or by_construction(name, theory):
            continue
        formula = theory.axiom(name)
        if name in whole.WHOLE:
            _check(Hypothesis(name, formula, ""), statement, induced)
            continue
        if not _evaluate(formula, induced, f"the definition {name}"):
            failure = why_not(formula, induced.structure)
            raise Rejected(f"the programs contradict the definition {name}: {failure}")
        if name not in PAPER or means_another(theory, name):
            _require_outcomes_listed(name, statement, induced)
    if induced.scenario.kind is Kind.CSR:
        dropped = _dropped(statement)
        other = freed(statement)
        functions_meant = "set_valued_renegotiation_function"
        if means_another(theory, functions_meant):
            changed.check_changed_functions(induced)
        if functions_meant not in other and "set-valued-renegotiation-functions" not in dropped:
            whole.check_set_functions(induced, refusing=_refusing(statement))
        if means_another(theory, "selection_function"):
            changed.check_changed_selections(induced)
        if "selection_function" not in other and "selection-function" not in dropped:
            whole.check_selection_functions(induced)


def _require_outcomes_listed(name: str, statement: Statement, induced: Induced) -> None:
    """Make sure that what another definition says of all outcomes holds of those not listed.

    Raises
    ------
    Rejected
        When there are lotteries, or sets of outcomes, that it may not hold of.
    """
    theory = statement.theory
    formula = unfolded(theory.axiom(name), theory, induced.settled_predicates)
    for sort in ("Outcome", "OutcomeSet"):
        if sort in asserted_to_exist(formula, False) - induced.listed:
            raise Rejected(f"the definition {name} speaks of every {sort}; only some are listed")


def _check(hypothesis: Hypothesis, statement: Statement, induced: Induced) -> Check:
    theory, formula = statement.theory, hypothesis.formula
    closed = next((n for n in whole.WHOLE if same_formula(formula, theory.axiom(n))), None)
    label = str(hypothesis_of(hypothesis))
    whatever = whole.WHATEVER.get(closed or label, frozenset())
    as_printed = not changed_below([formula], theory, whatever=whatever)
    settled = closed is not None and unchanged(closed, theory) and as_printed
    names = functions_in(formula)
    if closed is not None and settled:
        how = whole.WHOLE[closed](induced)
    elif label in whole.KNOWN and as_printed:
        how = whole.KNOWN[label](induced)
    else:
        how = _require_listed(hypothesis, statement, induced)
    about_selection = names & {"selection_function", "transitive"}
    if closed is None and about_selection:
        how = whole.check_selection(induced, transitive="transitive" in names)
        other = [name for name in sorted(about_selection) if not unchanged(name, theory)]
        if other and not induced.all_sets_listed:
            raise Rejected(f"a changed {other[0]} is settled only where all sets are listed")
    functions_meant = "set_valued_renegotiation_function"
    if closed is None and functions_meant in names and functions_meant not in freed(statement):
        how = whole.check_set_functions(induced)
    polytope = induced.scenario.correlated and closed in _SETTLED_FOR_POLYTOPES
    if not (settled and (polytope or not_evaluated(str(closed), theory))):
        if not _evaluate(formula, induced, f"the hypothesis {hypothesis.name}"):
            failure = why_not(formula, induced.structure)
            raise Rejected(f"the hypothesis {hypothesis.name} fails: {failure}")
        if closed is None and label not in whole.KNOWN and names & _OPTIMAL:
            how = _optimality(induced)
    if how == whole.LISTED:
        how = evaluated(formula, label, induced)
    return Check(hypothesis.name, by_name(induced.scenario.game, how))


def _require_listed(hypothesis: Hypothesis, statement: Statement, induced: Induced) -> str:
    """Return why a hypothesis speaks of nothing that may not be listed, or that would matter.

    Raises
    ------
    Rejected
        When it speaks of all programs or functions, or a definition in it does.
    """
    theory = statement.theory
    formula: z3.ExprRef = hypothesis.formula
    if hypothesis_of(hypothesis) is None:
        formula = unfolded(formula, theory, induced.settled_predicates)
    spoken_of = asserted_to_exist(formula, False)
    for name in changed_in(hypothesis.formula, theory):
        meaning = theory.axiom(name)
        inner = sides(meaning)[1] if theory[name].sorts else meaning
        spoken_of |= asserted_to_exist(inner, False) | asserted_to_exist(inner, True)
        if name == "pmp_extension" and executable(theory) is not None:
            spoken_of -= {"Profile", "SetFunctions"}
    beyond = sorted(spoken_of - induced.listed)
    if beyond == [SORT]:
        kept = induced.settled_predicates - set(changed_in(hypothesis.formula, theory))
        written = unfolded(hypothesis.formula, theory, kept)
        if others_do_not_matter(written, induced):
            return BLIND
    if beyond:
        raise Rejected(
            f"the hypothesis {hypothesis.name} speaks of every {beyond[0]}; only some are listed"
        )
    return whole.LISTED


_SETTLED_FOR_POLYTOPES = (
    "best_payoffs",
    "efficient_dominators",
    "pareto_meet_minimum",
    "projections_nonempty",
)


_SETTLED_BY = {
    Method.BOUND: "what it may choose and the others' programs allow no more",
    Method.ENUMERATION: "all programs were gone through",
}
_OPTIMAL = {"optimal", "subjective_equilibrium"}


def _optimality(induced: Induced) -> str:
    methods = sorted({str(found.method) for found in induced.optimality.values() if found.optimal})
    how = optimality(induced) or "executed; optimal among all programs of the space"
    how += f" ({' and '.join(_SETTLED_BY[Method(one)] for one in methods)})"
    believed = (
        program
        for belief in induced.scenario.beliefs
        for opponents, _ in belief.support
        for program in opponents
    )
    said = sorted({type(program).__name__ for program in believed if says_what_is_earned(program)})
    return f"{how}, as {' and '.join(said)} says what is earned at most" if said else how


def _evaluate(formula: z3.BoolRef, induced: Induced, what: str) -> bool:
    try:
        return holds(formula, induced.structure)
    except (ValueError, IndexError, KeyError) as error:
        if isinstance(error, InputError):
            raise
        raise Rejected(f"{what} cannot be evaluated for these programs: {error}") from None
