"""Running statements: every step decided, every witness evaluated, a verdict for each."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Container, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol, TypeVar, runtime_checkable

import z3

from spi_verify.errors import InputError
from spi_verify.obligations.cache import Cache
from spi_verify.obligations.consistency import (
    beyond_evaluation,
    check_definitions,
    label,
    told,
    wanted_in_witness,
    witness,
    witness_of_a_few,
)
from spi_verify.obligations.deciding import NOT_ASKED, Budget, Decision, Search, decide
from spi_verify.obligations.executing import execute
from spi_verify.obligations.facts import Found
from spi_verify.obligations.filling import fill
from spi_verify.obligations.grounding import Grounder
from spi_verify.obligations.statements import Executed, Fact, Statement, Step
from spi_verify.solvers.smtlib import Rendered, render
from spi_verify.theory import fingerprint
from spi_verify.theory.compiled import TooCostlyError
from spi_verify.theory.evaluate import Budget as Instances
from spi_verify.theory.evaluate import Structure, has_values_of_sorts, holds, why_not
from spi_verify.verdicts import Evidence, Result, Verdict

REFUTED = "a saved counterexample refutes the statement"
"""Why no solver is asked about a step."""

MAX_INSTANCES = 2_000_000
"""How many instances of quantified formulas are evaluated in a structure that is kept."""


@dataclass
class Outcome:
    """What became of one statement.

    Parameters
    ----------
    statement
        Which.
    decisions
        For each step, in an order in which each comes after those it uses; none in an executed
        statement.
    facts
        What running showed, where the statement is executed.
    found
        What was found for each step that lists no facts, by name.
    used
        Names of the facts the goal rests on, those of lemmas included.
    witness
        A structure in which all hypotheses hold, evaluated; None where there is none.
    witness_of
        All that holds in it, by label.
    result
        The verdict.
    """

    statement: Statement | Executed
    decisions: dict[str, Decision] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()
    found: Mapping[str, Found] = field(default_factory=dict)
    used: tuple[str, ...] = ()
    witness: Structure | None = None
    witness_of: Mapping[str, z3.BoolRef] = field(default_factory=dict)
    result: Result = field(default_factory=lambda: Result("", Verdict.UNKNOWN))

    @property
    def unused(self) -> tuple[str, ...]:
        """Hypotheses and definitions that the proof does without."""
        if isinstance(self.statement, Executed):
            return ()
        names = [h.name for h in self.statement.hypotheses]
        names += [*self.statement.definitions, *self.statement.lemmas]
        return tuple(name for name in names if name not in self.used)

    def facts_found(self) -> dict[str, tuple[str, ...] | None]:
        """Return what was found for each step that lists no facts; None where nothing was."""
        return {
            name: None if one.facts is None else tuple(map(told, one.facts))
            for name, one in self.found.items()
        }

    @property
    def failed(self) -> list[str]:
        """The steps the goal rests on that are not proved, in order."""
        return [name for name in needed_steps(self) if not self.decisions[name].proved]

    @property
    def theorem(self) -> Statement:
        """The statement, where it has a proof."""
        assert isinstance(self.statement, Statement)
        return self.statement


Listener = Callable[[str, bool], None]


@runtime_checkable
class Expecting(Protocol):
    """A listener that wants to know how many queries are going to start."""

    def expect(self, more: int) -> None:
        """Note that so many more are going to start."""


class Certificates(Protocol):
    """What proves steps and statements without a solver."""

    def decision(self, facts: Mapping[str, Rendered], goal: Rendered) -> Decision | None:
        """Return that a step follows from facts, or None."""

    def witness(self, wanted: Mapping[str, Rendered]) -> Search | None:
        """Return a structure that is said to satisfy formulas, or None."""

    def graded(self, id: str, outcomes: Mapping[str, Outcome]) -> Result:
        """Return the result of a statement, as checked where all of its proof was."""


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
    texts = _Texts()
    outcomes: dict[str, Outcome] = {}
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        try:
            filled = fill(
                theorems, lambda *query: pool.submit(announced, *query), texts.of, *asking
            )
            theorems = [filled[statement.id].statement for statement in theorems]
            work = _Work(theorems, texts, *asking, certificates, refuted)
            # Those that are refuted come last, so that they share answers, and no other theirs.
            for statement in sorted(theorems, key=lambda one: one.id in refuted):
                work.submit(statement, lambda *query: pool.submit(announced, *query))
            if isinstance(listener, Expecting):
                listener.expect(work.queries)
            for one in statements:
                if isinstance(one, Executed):
                    facts_found, result = execute(one, work.cache)
                    outcomes[one.id] = Outcome(one, facts=facts_found, result=result)
            for id in lemmas_first:
                outcomes[id] = work.outcome(filled[id].statement, outcomes)
                outcomes[id].found = filled[id].found
                _rest_on_lemmas(outcomes[id], outcomes)
        except BaseException:
            if executor is not None:
                executor.shutdown(cancel_futures=True)
            pool.shutdown(cancel_futures=True)
            raise
    if certificates is not None:
        for id in lemmas_first:
            outcomes[id].result = certificates.graded(id, outcomes)
    return [outcomes[statement.id] for statement in statements]


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
    theorems
        The statements.
    texts
        Writes formulas as text.
    budget, cache, executor, certificates, refuted
        As in :func:`run`.
    """

    def __init__(
        self,
        theorems: Sequence[Statement],
        texts: _Texts,
        budget: Budget,
        cache: Cache,
        executor: Executor | None,
        certificates: Certificates | None,
        refuted: Container[str],
    ) -> None:
        self.budget, self.cache, self.executor = budget, cache, executor
        self.certificates, self._refuted = certificates, refuted
        by_id = {statement.id: statement for statement in theorems}
        self._orders = {statement.id: statement.order() for statement in theorems}
        self._wanted = {one.id: wanted_in_witness(one, by_id) for one in theorems}
        self._texts = texts
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
        formulas, text = _formulas(statement), self._texts.of
        for step in self._orders[statement.id]:
            facts = {label(use): text(formulas[use]) for use in statement.uses(step)}
            negated = text(z3.Not(step.formula))
            query = (
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
        wanted, text = self._wanted[statement.id], self._texts.of
        facts = {name: text(formula) for name, formula in wanted.items()}
        kept = self.certificates.witness(facts) if self.certificates is not None else None
        if kept is not None and _satisfies(kept, wanted.values(), statement.goal.formula):
            return lambda: kept
        if statement.id in self._refuted:
            return lambda: Search("unknown", REFUTED, (), {}, {}, 0.0)
        goal = text(statement.goal.formula)
        return partial(witness, facts, goal, self.budget, self.cache, self.executor)

    def _asking(
        self, statement: Statement, facts: Mapping[str, Rendered], step: Step, negated: Rendered
    ) -> Asking:
        """Return what decides a step: a certificate at once, or else solvers."""
        if self.certificates is not None:
            decision = self.certificates.decision(facts, self._texts.of(step.formula))
            if decision is not None:
                return lambda: decision
        if statement.id in self._refuted:
            return lambda: Decision(NOT_ASKED, NOT_ASKED, REFUTED, (), False, 0.0, (0, 0))
        return partial(decide, facts, negated, self.budget, self.cache, self.executor)

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
        for step in self._orders[statement.id]:
            decision = self._decisions[statement.id, step.name].result()
            assert isinstance(decision, Decision)
            decisions[step.name] = decision
        found = Outcome(statement, decisions)
        proved = all(decision.proved for decision in decisions.values()) and all(
            lemmas[source].result.verdict is Verdict.PROVED
            for name, source in statement.lemmas.items()
            if name in _used(found)
        )
        _conclude(found, self._witness(statement, proved), self._wanted[statement.id])
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
            wanted, goal, self._texts.of, grounder, found, self.budget, self.cache, self.executor
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


class _Texts:
    """Formulas as text, each rendered once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[z3.BoolRef, Rendered]] = {}

    def of(self, formula: z3.BoolRef) -> Rendered:
        key = formula.get_id()
        if key not in self._known:
            self._known[key] = (formula, render(formula))
        return self._known[key][1]


def _formulas(statement: Statement) -> dict[str, z3.BoolRef]:
    return {**statement.facts(), **{step.name: step.formula for step in statement.steps}}


def _conclude(outcome: Outcome, found: Search, wanted: Mapping[str, z3.BoolRef]) -> None:
    """Fill in what one statement comes to by itself, before lemmas are looked at."""
    statement = outcome.theorem
    seconds = sum(decision.solver_seconds for decision in outcome.decisions.values())
    seconds += found.solver_seconds

    def result(verdict: Verdict, reason: str | None, evidence: Evidence | None = None) -> Result:
        return Result(
            id=statement.id,
            verdict=verdict,
            evidence=evidence,
            expected=statement.expected,
            reason=reason,
            seconds=seconds,
        )

    if found.status == "unsat":
        names = ", ".join(map(told, found.core))
        outcome.result = result(
            Verdict.VACUOUS, f"the hypotheses contradict each other: {names}", Evidence.SOLVER
        )
        return
    if found.status == "sat":
        structure = Structure(found.sizes, found.tables)
        for name, formula in wanted.items():
            if not holds(formula, structure):
                reason = f"the witness is none: {told(name)} fails, {why_not(formula, structure)}"
                outcome.result = result(Verdict.UNKNOWN, reason)
                return
        outcome.witness, outcome.witness_of = structure, wanted
    failed = outcome.failed
    if failed:
        step = failed[0]
        reason = f"step {step!r} is not proved ({outcome.decisions[step].reason})"
        if statement.note:
            reason = f"{statement.note} No proof: {reason}; see refute."
        outcome.result = result(Verdict.UNKNOWN, reason)
        return
    outcome.used = _used(outcome)
    if outcome.witness is not None and not holds(statement.goal.formula, outcome.witness):
        reason = "every step is proved, but the goal fails in the witness: a bug, please report it"
        outcome.result = result(Verdict.ERROR, reason)
        return
    agreed = all(outcome.decisions[name].agreed for name in needed_steps(outcome))
    proved = result(Verdict.PROVED, None, Evidence.AGREEMENT if agreed else Evidence.SOLVER)
    if outcome.witness is None:
        reason = (
            "proved under hypotheses whose consistency is open: no structure was found in which "
            "they hold together with the definitions and with what the lemmas rest on "
            f"({found.reason})"
        )
        proved = replace(proved, reason=reason, consistency_open=True)
    outcome.result = proved


def needed_steps(outcome: Outcome) -> list[str]:
    """Return the steps the goal rests on, by the cores, or by what is listed where no core is."""
    steps = {step.name: step for step in outcome.theorem.steps}
    needed = []
    pending = [outcome.theorem.goal.name]
    while pending:
        name = pending.pop(0)
        if name in needed:
            continue
        needed.append(name)
        decision = outcome.decisions[name]
        uses = _core(decision) if decision.proved else outcome.theorem.uses(steps[name])
        pending += [use for use in uses if use in steps]
    return [name for name in outcome.decisions if name in needed]


def _core(decision: Decision) -> list[str]:
    return [name.removeprefix("fact:") for name in decision.core]


def _used(outcome: Outcome) -> tuple[str, ...]:
    steps = {step.name for step in outcome.theorem.steps}
    used = {
        fact for name in needed_steps(outcome) for fact in _core(outcome.decisions[name])
    } - steps
    return tuple(name for name in outcome.theorem.facts() if name in used)


def _check_lemmas(statements: Sequence[Statement | Executed]) -> list[str]:
    """Check that every lemma is what its source proves; return ids, sources first."""
    import networkx

    ids = [statement.id for statement in statements]
    twice = next((id for id in ids if ids.count(id) > 1), None)
    if twice is not None:
        raise InputError("two statements have this id", where=twice)
    theorems = [statement for statement in statements if isinstance(statement, Statement)]
    by_id = {statement.id: statement for statement in theorems}
    graph = networkx.DiGraph()
    graph.add_nodes_from(by_id)
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
            graph.add_edge(source, statement.id)
    for statement in theorems:
        check_definitions(statement, by_id)
    try:
        return list(networkx.lexicographical_topological_sort(graph))
    except networkx.NetworkXUnfeasible:
        circle = [one for one, _ in networkx.find_cycle(graph)]
        raise InputError(
            f"statements rest on each other in a circle: {' -> '.join([*circle, circle[0]])}"
        ) from None


def supposed_by(statement: Statement, lemma: Outcome) -> dict[str, str | None]:
    """Return what a statement calls each hypothesis that the proof of a lemma uses.

    What decides is the formula. None stands for a hypothesis that the statement lacks.
    """
    own = {fingerprint(h.formula): h.name for h in statement.hypotheses}
    hypotheses = [h for h in lemma.theorem.hypotheses if h.name in lemma.used]
    return {h.name: own.get(fingerprint(h.formula)) for h in hypotheses}


def _rest_on_lemmas(outcome: Outcome, outcomes: Mapping[str, Outcome]) -> None:
    """Take into account what became of the lemmas that a proof uses."""
    result = outcome.result
    if result.verdict is not Verdict.PROVED:
        return
    used = set(outcome.used)
    evidence = result.evidence
    known = outcome.theorem.facts()
    for name, source in outcome.theorem.lemmas.items():
        if name not in used:
            continue
        lemma = outcomes[source]
        supposed = supposed_by(outcome.theorem, lemma)
        lacking = [name for name, mine in supposed.items() if mine is None]
        if lemma.result.verdict is not Verdict.PROVED or lacking:
            why = f"it rests on {source}, which "
            why += f"supposes {lacking[0]!r}" if lacking else f"is {lemma.result.verdict}"
            note = outcome.statement.note
            outcome.result = replace(
                result,
                verdict=Verdict.UNKNOWN,
                evidence=None,
                consistency_open=False,
                hypotheses_used=(),
                reason=f"{note} No proof: {why}." if note else why,
            )
            return
        if lemma.result.evidence is Evidence.SOLVER:
            evidence = Evidence.SOLVER
        used |= {name for name in lemma.used if name not in supposed}
        used |= {mine for mine in supposed.values() if mine is not None}
    outcome.used = (
        *(name for name in known if name in used),
        *sorted(used - set(known)),
    )
    hypotheses = {h.name for h in outcome.statement.hypotheses}
    names = tuple(name for name in outcome.used if name in hypotheses)
    idle = [h.name for h in outcome.statement.hypotheses if h.name not in used]
    unneeded = f"not needed: {', '.join(idle)}" if idle else ""
    changed = ", ".join(outcome.theorem.changed)
    otherwise = f"with a changed definition: {changed}" if changed else ""
    outcome.result = replace(
        result,
        evidence=evidence,
        hypotheses_used=names,
        reason="; ".join(filter(None, [result.reason, otherwise, unneeded])) or None,
    )
