"""Running statements: every step decided, every witness evaluated, a verdict for each."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Container, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Protocol, TypeVar, runtime_checkable

import z3

from spi_verify.errors import InputError
from spi_verify.obligations.cache import Cache
from spi_verify.obligations.consistency import (
    beyond_evaluation,
    check_definitions,
    label,
    wanted_in_witness,
    witness,
    witness_of_a_few,
)
from spi_verify.obligations.deciding import (
    NOT_ASKED,
    Budget,
    Decision,
    Search,
    decide,
    decide_briefly,
)
from spi_verify.obligations.executing import execute
from spi_verify.obligations.filling import fill
from spi_verify.obligations.grounding import Grounder
from spi_verify.obligations.kept_outcomes import KeptOutcomes
from spi_verify.obligations.ordering import CycleError, in_order
from spi_verify.obligations.outcomes import Outcome, conclude, rest_on_lemmas, used_facts
from spi_verify.obligations.statements import Executed, Statement, Step
from spi_verify.solvers.smtlib import Rendered, render
from spi_verify.theory.compiled import TooCostlyError
from spi_verify.theory.evaluate import Budget as Instances
from spi_verify.theory.evaluate import Structure, has_values_of_sorts, holds
from spi_verify.verdicts import Result, Verdict

REFUTED = "a saved counterexample refutes the statement"
"""Why no solver is asked about a step."""

MAX_INSTANCES = 2_000_000
"""How many instances of quantified formulas are evaluated in a structure that is kept."""


Listener = Callable[[str, bool], None]


@runtime_checkable
class Expecting(Protocol):
    """A listener that wants to know how many queries are going to start."""

    def expect(self, more: int) -> None:
        """Note that so many more are going to start."""


class Certificates(Protocol):
    """What proves steps and statements without a solver."""

    @property
    def digest(self) -> str:
        """A digest of what proves steps."""

    def decision(self, facts: Mapping[str, Rendered], goal: Rendered) -> Decision | None:
        """Return that a step follows from facts, or None."""

    def witness(self, wanted: Mapping[str, Rendered]) -> Search | None:
        """Return a structure that is said to satisfy formulas, or None."""

    def graded(self, ids: Sequence[str], outcomes: Mapping[str, Outcome]) -> dict[str, Result]:
        """Return the results of statements, as checked where all of a proof was."""


def script_of(statement: Statement, step_name: str) -> str:
    """Return the SMT-LIB text of a step: the facts it may use and its negation."""
    from spi_verify.obligations.deciding import NEGATED_GOAL
    from spi_verify.solvers.smtlib import script

    step = next(step for step in statement.order() if step.name == step_name)
    facts = _formulas(statement)
    rendered = {label(use): render(facts[use]) for use in statement.uses(step)}
    return script({**rendered, NEGATED_GOAL: render(z3.Not(step.formula))})


def run(
    statements: Sequence[Statement | Executed],
    *,
    jobs: int = 1,
    budget: Budget | None = None,
    cache: Cache | None = None,
    listener: Listener | None = None,
    executor: Executor | None = None,
    certificates: Certificates | None = None,
    refuted: Container[str] = (),
    briefly: Container[str] = (),
    structures: Collection[Structure] = (),
    keep: bool = False,
    decided: Callable[[Outcome], None] | None = None,
) -> list[Outcome]:
    """Decide statements.

    Parameters
    ----------
    statements
        With every statement that one of them takes a lemma from. Those that are executed run in
        this process, while the solvers work on the others.
    jobs
        How many steps are worked on at a time; each has both solvers running.
    budget
        What each query may cost.
    cache
        Where answers are kept; None: nowhere.
    listener
        Told the name of a query when it starts (``True``) and ends (``False``); one that is
        :class:`Expecting` also how many there are.
    executor
        Where the solvers are asked, if not here. When the run fails it is shut down, so that
        nobody waits for its answers.
    certificates
        What they prove is not solved.
    refuted
        Ids of statements that a counterexample refutes; no solver is asked about these.
    briefly
        Ids of statements on whose steps, and on contradictions among whose hypotheses, solvers
        may spend only a part of the budget.
    structures
        What is tried as a witness before one is sought, such as one of more hypotheses.
    keep
        Whether outcomes of statements that are proved, or refuted, are kept in the cache and taken
        from there; those that are taken come without their certificates.
    decided
        Told of each outcome, before it is graded by certificates; lemmas first.

    Raises
    ------
    InputError
        When a statement is malformed, before anything is solved.
    SolverDisagreement
        When the solvers contradict each other on a step.
    """
    theorems = [statement for statement in statements if isinstance(statement, Statement)]
    for statement in theorems:
        statement.order()
    lemmas_first = _check_lemmas(statements)
    asking = (budget or Budget(), cache or Cache(None), executor)
    announced = _Announced(listener)
    outcomes: dict[str, Outcome] = {}
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        try:
            filled = fill(theorems, lambda *query: pool.submit(announced, *query), render, *asking)
            theorems = [filled[statement.id].statement for statement in theorems]
            by_id = {statement.id: statement for statement in theorems}
            wanted = {one.id: wanted_in_witness(one, by_id) for one in theorems}
            kept = None
            if keep:
                digest = None if certificates is None else certificates.digest
                kept = KeptOutcomes(by_id, wanted, digest, refuted, asking[1])
            known = _known(theorems, kept)
            work = _Work(wanted, *asking, certificates, refuted, briefly, structures)
            # Those that are refuted come last, so that they share answers, and no other theirs.
            for statement in sorted(theorems, key=lambda one: one.id in refuted):
                if statement.id not in known:
                    work.submit(statement, lambda *query: pool.submit(announced, *query))
            if isinstance(listener, Expecting):
                listener.expect(work.queries)
            for one in statements:
                if isinstance(one, Executed):
                    facts_found, result = execute(one, work.cache)
                    outcomes[one.id] = Outcome(one, facts=facts_found, result=result)
            for id in lemmas_first:
                outcomes[id] = known.get(id) or work.outcome(filled[id].statement, outcomes)
                outcomes[id].found = filled[id].found
                if id not in known:
                    rest_on_lemmas(outcomes[id], outcomes)
                if decided is not None:
                    decided(outcomes[id])
        except BaseException:
            if executor is not None:
                executor.shutdown(cancel_futures=True)
            pool.shutdown(cancel_futures=True)
            raise
    new = [id for id in lemmas_first if id not in known]
    if certificates is not None:
        for id, result in certificates.graded(new, outcomes).items():
            outcomes[id].result = result
    if kept is not None:
        for id in new:
            kept.put(outcomes[id])
    return [outcomes[statement.id] for statement in statements]


def _known(statements: Sequence[Statement], kept: KeptOutcomes | None) -> dict[str, Outcome]:
    """Return what is kept of statements, by id."""
    found = {} if kept is None else {one.id: kept.get(one) for one in statements}
    return {id: outcome for id, outcome in found.items() if outcome is not None}


Asking = Callable[[], Decision | Search]
Answer = TypeVar("Answer")


class _Announced:
    """Asks a query by name, and tells a listener of it, one at a time."""

    def __init__(self, listener: Listener | None) -> None:
        self._listener = listener
        self._lock = threading.Lock()

    def __call__(self, name: str, ask: Callable[[], Answer]) -> Answer:
        if self._listener is None:
            return ask()
        with self._lock:
            self._listener(name, True)
        try:
            return ask()
        finally:
            with self._lock:
                self._listener(name, False)


class _Work:
    """What the solvers are asked about statements; each different query once.

    Parameters
    ----------
    wanted
        What has to hold in the witness of each statement, by id.
    budget, cache, executor, certificates, refuted, briefly, structures
        As in :func:`run`.
    """

    def __init__(
        self,
        wanted: Mapping[str, Mapping[str, z3.BoolRef]],
        budget: Budget,
        cache: Cache,
        executor: Executor | None,
        certificates: Certificates | None,
        refuted: Container[str],
        briefly: Container[str],
        structures: Collection[Structure],
    ) -> None:
        self.budget, self.cache, self.executor = budget, cache, executor
        self.certificates, self._refuted, self._briefly = certificates, refuted, briefly
        self._wanted, self._structures = wanted, structures
        self._grounders: dict[tuple[tuple[str, int], ...], Grounder] = {}
        self._shared: dict[tuple[str, ...], Future[Decision | Search]] = {}
        self._decisions: dict[tuple[str, str], Future[Decision | Search]] = {}
        self._witnesses: dict[str, Future[Decision | Search]] = {}

    @property
    def queries(self) -> int:
        """How many different ones were submitted."""
        return len(self._shared) + len(self._witnesses)

    def submit(
        self, statement: Statement, submit: Callable[[str, Asking], Future[Decision | Search]]
    ) -> None:
        """Have every step decided, and a witness sought."""
        formulas = _formulas(statement)
        for step in statement.order():
            facts = {label(use): render(formulas[use]) for use in statement.uses(step)}
            negated = render(z3.Not(step.formula))
            query = (
                "briefly" if statement.id in self._briefly else "",
                *(f"{name}: {fact.declared}" for name, fact in facts.items()),
                negated.declared,
            )
            if query not in self._shared:
                self._shared[query] = submit(
                    f"{statement.id}: {step.name}", self._asking(statement, facts, step, negated)
                )
            self._decisions[statement.id, step.name] = self._shared[query]
        self._witnesses[statement.id] = submit(
            f"{statement.id}: witness", self._asking_for_witness(statement)
        )

    def _asking_for_witness(self, statement: Statement) -> Asking:
        """Return what finds a witness: one that is kept and evaluated at once, or else solvers."""
        wanted = self._wanted[statement.id]
        facts = {name: render(formula) for name, formula in wanted.items()}
        kept = self.certificates.witness(facts) if self.certificates is not None else None
        tried = [Search("sat", None, (), s.sizes, s.tables, 0.0) for s in self._structures]
        tried += [] if kept is None else [kept]
        goal_too = (wanted.values(), statement.goal.formula)
        found = next((one for one in tried if _satisfies(one, *goal_too)), None)
        if found is not None:
            return lambda: found
        if statement.id in self._refuted:
            return lambda: Search("unknown", REFUTED, (), {}, {}, 0.0)
        goal = render(statement.goal.formula)
        briefly = statement.id in self._briefly
        asking = (self.budget, self.cache, self.executor)
        return partial(witness, facts, goal, *asking, briefly=briefly)

    def _asking(
        self, statement: Statement, facts: Mapping[str, Rendered], step: Step, negated: Rendered
    ) -> Asking:
        """Return what decides a step: a certificate at once, or else solvers."""
        if self.certificates is not None:
            decision = self.certificates.decision(facts, render(step.formula))
            if decision is not None:
                return lambda: decision
        if statement.id in self._refuted:
            return lambda: Decision(NOT_ASKED, NOT_ASKED, REFUTED, (), False, 0.0, (0, 0))
        ask = decide_briefly if statement.id in self._briefly else decide
        return partial(ask, facts, negated, self.budget, self.cache, self.executor)

    def outcome(self, statement: Statement, lemmas: Mapping[str, Outcome]) -> Outcome:
        """Wait for the answers, and return what they come to before lemmas are looked at.

        Parameters
        ----------
        statement
            Which.
        lemmas
            What became of the statements that it takes lemmas from.
        """
        decisions = {}
        for step in statement.order():
            decision = self._decisions[statement.id, step.name].result()
            assert isinstance(decision, Decision)
            decisions[step.name] = decision
        found = Outcome(statement, decisions)
        proved = all(decision.proved for decision in decisions.values()) and all(
            lemmas[source].result.verdict is Verdict.PROVED
            for name, source in statement.lemmas.items()
            if name in used_facts(found)
        )
        conclude(found, self._witness(statement, proved), self._wanted[statement.id])
        return found

    def _witness(self, statement: Statement, proved: bool) -> Search:
        """Return what the search for a witness found; with a few elements, where it gave up."""
        found = self._witnesses[statement.id].result()
        assert isinstance(found, Search)
        wanted, goal = self._wanted[statement.id], statement.goal.formula
        if found.status == "unsat":
            return found
        beyond = beyond_evaluation([*wanted.values(), goal])
        if beyond is not None:
            return replace(found, status="unknown", reason=beyond)
        if found.status != "unknown" or not proved:
            return found
        sizes = tuple(sorted(statement.sizes.items()))
        grounder = self._grounders.setdefault(sizes, Grounder(statement.sizes))
        return witness_of_a_few(
            wanted, goal, render, grounder, found, self.budget, self.cache, self.executor
        )


def _satisfies(kept: Search, formulas: Collection[z3.BoolRef], goal: z3.BoolRef) -> bool:
    """Whether formulas hold in a structure that somebody kept, which may be anything.

    The goal may hold there or not, but the structure has to say which.
    """
    structure = Structure(kept.sizes, kept.tables, Instances(MAX_INSTANCES))
    try:
        if not has_values_of_sorts([*formulas, goal], structure):
            return False
        holding = all(holds(formula, structure) for formula in formulas)
        holds(goal, structure)
    except (ValueError, LookupError, TypeError, TooCostlyError):
        return False
    return holding


def _formulas(statement: Statement) -> dict[str, z3.BoolRef]:
    return {**statement.facts(), **{step.name: step.formula for step in statement.steps}}


def _check_lemmas(statements: Sequence[Statement | Executed]) -> list[str]:
    """Check that every lemma is what its source proves; return ids, sources first."""
    ids = [statement.id for statement in statements]
    twice = next((id for id in ids if ids.count(id) > 1), None)
    if twice is not None:
        raise InputError("two statements have this id", where=twice)
    theorems = [statement for statement in statements if isinstance(statement, Statement)]
    by_id = {statement.id: statement for statement in theorems}
    rests_on: dict[str, list[str]] = {id: [] for id in by_id}
    for statement in theorems:
        for name, source in statement.lemmas.items():
            if source not in by_id:
                raise InputError(
                    f"there is no statement {source!r} for a lemma", where=statement.id
                )
            if not by_id[source].goal.formula.eq(statement.theory.axiom(name)):
                raise InputError(
                    f"{source!r} does not prove the lemma {name!r}", where=statement.id
                )
            rests_on[statement.id].append(source)
    for statement in theorems:
        check_definitions(statement, by_id)
    try:
        return in_order(rests_on)
    except CycleError as error:
        circle = " -> ".join(error.args[1])
        raise InputError(f"statements rest on each other in a circle: {circle}") from None
