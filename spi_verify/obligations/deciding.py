"""Deciding one step: both solvers, a minimal core, and the core checked again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from typing import Any

from spi_verify.executors import Died, ask
from spi_verify.obligations.cache import Cache
from spi_verify.obligations.grounding import Grounder
from spi_verify.solvers import (
    Answer,
    FiniteModel,
    Status,
    ask_both,
    ask_z3,
    find_finite_model,
    versions,
)
from spi_verify.solvers.smtlib import Rendered, script

NEGATED_GOAL = "negated-goal"
NOT_ASKED = "not asked"
"""What a solver says of a step that was not given to it."""


@dataclass(frozen=True)
class Budget:
    """What a query may cost.

    Parameters
    ----------
    z3, cvc5
        Each solver's own resource units.
    search
        cvc5's units for the search for a finite structure of any size.
    grounded
        z3's units for the search for a structure of a few elements.
    wall_clock
        Seconds after which a solver is stopped whatever its units say.
    seed
        Random seed of both solvers.
    """

    z3: int = 500_000
    cvc5: int = 100_000
    search: int = 15_000
    grounded: int = 20_000_000
    wall_clock: float = 60.0
    seed: int = 0


@dataclass(frozen=True)
class Decision:
    """What the solvers said about one step.

    Parameters
    ----------
    z3, cvc5
        ``unsat`` means proved by that solver, as the step's negation was given to it.
    reason
        For a step that is not proved: what each solver says.
    core
        Names of the facts it was proved from; minimal, as far as z3 can tell.
    rechecked
        Whether both solvers prove it from the core alone.
    solver_seconds
        Time that solvers spent on it, both added.
    units
        Resource units of z3 and cvc5 for the first query.
    cached
        Whether this was found in the cache.
    checked
        Whether a certificate proves it, which the checker accepted; then no solver was asked.
    certificate
        The step's commands and the items of its certificate, where it was checked.
    """

    z3: str
    cvc5: str
    reason: str | None
    core: tuple[str, ...]
    rechecked: bool
    solver_seconds: float
    units: tuple[int, int]
    cached: bool = False
    checked: bool = False
    certificate: tuple[Sequence[Any], Sequence[Any]] | None = None

    @property
    def proved(self) -> bool:
        """Whether a certificate, or at least one solver, proved it."""
        return self.checked or "unsat" in (self.z3, self.cvc5)

    @property
    def asked(self) -> bool:
        """Whether a certificate or solvers were asked at all."""
        return self.checked or self.z3 != NOT_ASKED

    @property
    def agreed(self) -> bool:
        """Whether a certificate proved it; or both solvers, and again from the core alone."""
        return self.checked or (self.z3 == self.cvc5 == "unsat" and self.rechecked)


def decide(
    facts: Mapping[str, Rendered],
    negated: Rendered,
    budget: Budget,
    cache: Cache,
    executor: Executor | None = None,
) -> Decision:
    """Decide whether a formula follows from facts.

    Parameters
    ----------
    facts
        What may be used, by name.
    negated
        The negation of what is to follow.
    budget
        What it may cost.
    cache
        Where answers are kept.
    executor
        Where the solvers are asked, if not here.

    Raises
    ------
    SolverDisagreement
        When one solver proves it and the other has a counterexample.
    """
    question = _question("step", {**facts, NEGATED_GOAL: negated}, budget)
    kept = _kept(question, cache)
    if kept is not None:
        return kept
    try:
        decision = ask(executor, decide_here, dict(facts), negated, budget)
    except Died as died:
        decision = Decision("unknown", "unknown", str(died), (), False, 0.0, (0, 0))
    if lasts(decision.reason):
        answer = asdict(decision)
        del answer["cached"]
        cache.put(question, answer)
    return decision


PART = 5
"""Into how many parts a budget is divided for :func:`decide_briefly`."""

BRIEFLY = f"each had 1/{PART} of what prove lets it spend"
"""What is said of a step on which solvers gave up with a part of the budget."""


def decide_briefly(
    facts: Mapping[str, Rendered],
    negated: Rendered,
    budget: Budget,
    cache: Cache,
    executor: Executor | None = None,
) -> Decision:
    """Decide it with a part of the budget, unless it is known what comes of the whole.

    A step that one solver proves with its part gets the whole, so that the other may agree.

    Parameters
    ----------
    facts, negated, budget, cache, executor
        As in :func:`decide`.
    """
    kept = _kept(_question("step", {**facts, NEGATED_GOAL: negated}, budget), cache)
    if kept is not None:
        return kept
    decision = decide(facts, negated, part_of(budget), cache, executor)
    if decision.agreed or "resource limit" not in (decision.reason or ""):
        return decision
    if decision.proved:
        return decide(facts, negated, budget, cache, executor)
    return replace(decision, reason=f"{decision.reason}; {BRIEFLY}")


def part_of(budget: Budget) -> Budget:
    """Return the budget with a part of what deciding may cost; a search may cost the same."""
    return replace(budget, z3=budget.z3 // PART, cvc5=budget.cvc5 // PART)


def _kept(question: Mapping[str, Any], cache: Cache) -> Decision | None:
    """Return the decision that is kept of a step."""
    kept = cache.get(question)
    if kept is None:
        return None
    lists = {"core": tuple(kept["core"]), "units": tuple(kept["units"])}
    return Decision(**{**kept, **lists, "cached": True})


def lasts(reason: str | None) -> bool:
    """Return whether the same question would meet the same end again, on any machine.

    One that was asked briefly may be answered meanwhile.

    Parameters
    ----------
    reason
        What was said of an answer that is none.
    """
    accidents = ("wall-clock", "died", "out of memory", "interrupted", BRIEFLY)
    return not any(accident in (reason or "") for accident in accidents)


def decide_here(facts: Mapping[str, Rendered], negated: Rendered, budget: Budget) -> Decision:
    """Decide it in this process, and keep nothing; see :func:`decide`."""
    text = _script(facts, list(facts), negated)
    limits: dict[str, Any] = {"seed": budget.seed, "wall_clock": budget.wall_clock}
    both = {"z3_resources": budget.z3, "cvc5_resources": budget.cvc5, **limits}
    z3, cvc5 = ask_both(text, **both)
    seconds = z3.seconds + cvc5.seconds
    units = (z3.resources, cvc5.resources)
    answers = [answer for answer in (z3, cvc5) if answer.status is Status.UNSAT]
    if not answers:
        reason = "; ".join(
            f"{answer.solver}: {answer.reason or 'finds a countermodel of the formulas'}"
            for answer in (z3, cvc5)
        )
        return Decision(str(z3.status), str(cvc5.status), reason, (), False, seconds, units)
    core = min(([name for name in facts if name in answer.core] for answer in answers), key=len)
    # Deleting facts one by one asks many questions whose answer is no; a no need not be certain.
    small = min(budget.z3, 3 * max(z3.resources, 10_000))
    for name in list(core):
        fewer = [other for other in core if other != name]
        answer = ask_z3(_script(facts, fewer, negated), resource_limit=small, **limits)
        seconds += answer.seconds
        if answer.status is Status.UNSAT:
            core = [other for other in fewer if other in answer.core]
    again = ask_both(_script(facts, core, negated), **both)
    seconds += sum(answer.seconds for answer in again)
    rechecked = all(answer.status is Status.UNSAT for answer in again)
    if not any(answer.status is Status.UNSAT for answer in again):
        core = list(facts)
    missing = [answer for answer in (z3, cvc5) if answer.status is not Status.UNSAT]
    missing += [answer for answer in again if answer.status is not Status.UNSAT]
    unsure = f"{missing[0].solver}: {missing[0].reason}" if missing else None
    return Decision(
        str(z3.status), str(cvc5.status), unsure, tuple(core), rechecked, seconds, units
    )


def _script(facts: Mapping[str, Rendered], names: list[str], negated: Rendered) -> str:
    return script({**{name: facts[name] for name in names}, NEGATED_GOAL: negated})


Tables = Mapping[str, Mapping[tuple[int, ...], Any]]
"""For each function of a structure its values, by the numbers of its arguments."""


@dataclass(frozen=True)
class Search:
    """What the search for a structure found: ``sat``, ``unsat`` or ``unknown``.

    ``sizes`` and ``tables`` are the structure where it is ``sat``; ``core`` names the facts that
    contradict each other where it is ``unsat``.
    """

    status: str
    reason: str | None
    core: tuple[str, ...]
    sizes: Mapping[str, int]
    tables: Tables
    solver_seconds: float
    cached: bool = False


def search(
    facts: Mapping[str, Rendered],
    budget: Budget,
    cache: Cache,
    executor: Executor | None = None,
) -> Search:
    """Look for a finite structure, of any size, in which all facts hold."""

    def find(text: str) -> tuple[Answer, FiniteModel | None]:
        return ask(
            executor,
            find_finite_model,
            text,
            resource_limit=budget.search,
            seed=budget.seed,
            wall_clock=budget.wall_clock,
        )

    return _sought(_question("structure", facts, budget), find, cache, "cvc5")


def search_contradiction(
    facts: Mapping[str, Rendered],
    budget: Budget,
    cache: Cache,
    executor: Executor | None = None,
) -> Search:
    """Ask the other solver whether facts contradict each other; a structure does not come of it."""

    def find(text: str) -> tuple[Answer, FiniteModel | None]:
        limits: dict[str, Any] = {"seed": budget.seed, "wall_clock": budget.wall_clock}
        answer = ask(executor, ask_z3, text, resource_limit=budget.z3, **limits)
        if answer.status is Status.SAT:
            answer = Answer("z3", Status.UNKNOWN, "no finite structure", seconds=answer.seconds)
        return answer, None

    return _sought(_question("contradiction", facts, budget), find, cache, "z3")


def _sought(
    question: Mapping[str, Any],
    find: Callable[[str], tuple[Answer, FiniteModel | None]],
    cache: Cache,
    solver: str,
) -> Search:
    kept = cache.get(question)
    cached = kept is not None
    if kept is None:
        try:
            answer, model = find(question["script"])
        except Died as died:
            answer, model = Answer(solver, Status.UNKNOWN, str(died)), None
        kept = _to_json(str(answer.status), answer.reason, answer.core, model, answer.seconds)
        if lasts(answer.reason):
            cache.put(question, kept)
    return _from_json(kept, cached)


def search_grounded(
    formulas: Mapping[str, Any],
    grounder: Grounder,
    facts: Mapping[str, Rendered],
    before: Search,
    budget: Budget,
    cache: Cache,
    executor: Executor | None = None,
) -> Search:
    """Look for a structure with a few elements of each sort in which all formulas hold.

    Parameters
    ----------
    formulas
        What is to hold.
    grounder
        What writes them out.
    facts
        The same as text, by which the answer is kept.
    before
        The search that gave up; its time is counted, too.
    budget
        What it may cost.
    cache
        Where answers are kept.
    executor
        Where the solver is asked, if not here.
    """
    question = {**_question("grounded", facts, budget), "sizes": grounder.sizes}
    kept = cache.get(question)
    cached = kept is not None
    if kept is None:
        try:
            reason, model, seconds = grounder.find(
                formulas, resource_limit=budget.grounded, seed=budget.seed, executor=executor
            )
        except Died as died:
            reason, model, seconds = str(died), None, 0.0
        status = "sat" if model else "unknown"
        kept = _to_json(status, reason, (), model, before.solver_seconds + seconds)
        if lasts(reason):
            cache.put(question, kept)
    return _from_json(kept, cached)


def _question(kind: str, facts: Mapping[str, Rendered], budget: Budget) -> dict[str, Any]:
    return {
        "kind": kind,
        "script": script(facts),
        "budget": asdict(budget),
        "versions": versions(),
    }


def _to_json(
    status: str, reason: str | None, core: Sequence[str], model: FiniteModel | None, seconds: float
) -> dict[str, Any]:
    return {
        "status": status,
        "reason": reason,
        "core": list(core),
        "sizes": dict(model.sizes) if model else {},
        "tables": tables_to_json(model.tables if model else {}),
        "solver_seconds": seconds,
    }


def _from_json(kept: Mapping[str, Any], cached: bool) -> Search:
    tables = tables_from_json(kept["tables"])
    return Search(**{**kept, "core": tuple(kept["core"]), "tables": tables, "cached": cached})


def tables_to_json(tables: Tables) -> dict[str, list[Any]]:
    """Return a structure's tables as plain data, numbers as text."""
    return {
        name: [
            [list(row), str(value) if isinstance(value, Fraction) else value]
            for row, value in table.items()
        ]
        for name, table in tables.items()
    }


def tables_from_json(data: Mapping[str, Any]) -> dict[str, dict[tuple[int, ...], Any]]:
    """Return the tables of which :func:`tables_to_json` made plain data."""
    return {
        name: {
            tuple(row): Fraction(value) if isinstance(value, str) else value
            for row, value in entries
        }
        for name, entries in data.items()
    }
