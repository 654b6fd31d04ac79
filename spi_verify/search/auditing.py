"""The audit: every statement of the paper on its literal reading and, where there is one, repaired.

A reading is proved, or a counterexample to it is looked for and executed; whatever neither settles
is ``unknown``.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from typing import Any

from spi_verify.errors import InputError, Rejected
from spi_verify.executors import Died
from spi_verify.obligations.cache import Cache
from spi_verify.obligations.running import Listener, Outcome, run
from spi_verify.obligations.statements import Executed, Statement
from spi_verify.obligations.suites import choose, variant
from spi_verify.search import refuting
from spi_verify.search.bounds import Bounds
from spi_verify.search.elsewhere import Suites
from spi_verify.search.executed import counterexample
from spi_verify.search.refutation import confirm_saved
from spi_verify.search.refuting import Search
from spi_verify.theory import PAPER
from spi_verify.verdicts import Evidence, Result, Verdict, exit_code

SCHEMA = "spi-verify/audit/1"

BOUNDS = Bounds(players=2, outcomes=3, candidates=150)
"""How far is searched where no shipped counterexample settles a reading."""

STATEMENTS = (
    "prop-1",
    "prop-2",
    "def-6-nonempty",
    "def-6-meet",
    "thm-3-improves",
    "thm-3-pmm",
    "thm-3-equilibrium",
    "thm-3-inclusion",
    "thm-3-wlog-csr",
    "prop-4-spi",
    "prop-4-pmm",
    "prop-5",
    "prop-5-best-response",
    "prop-5-efficient-point",
    "app-c",
    "sel-transitive-lexicographic",
    "sel-transitive-utilitarian",
    "sel-transitive-leximin",
    "sel-transitive-maxmin",
    "sel-transitive-nash",
    "sel-transitive-nash-interior",
    "sel-transitive-kalai-smorodinsky",
    "ex-3.1",
    "ex-3.2",
    "ex-4.1",
    "ex-4.2",
    "ex-4.3",
)
"""The ids of all statements that are audited; one that no suite has is an error."""


@dataclass(frozen=True)
class Reading:
    """One reading of a statement, and what became of it.

    Parameters
    ----------
    result
        The verdict.
    outcome
        Its proof or its facts; None where no suite has the statement.
    """

    result: Result
    outcome: Outcome | None


@dataclass(frozen=True)
class Audited:
    """A statement on its literal reading and, where there is one, repaired.

    Parameters
    ----------
    id, title
        Of the statement.
    literal, repaired
        The readings.
    """

    id: str
    title: str
    literal: Reading
    repaired: Reading | None

    @property
    def readings(self) -> tuple[Reading, ...]:
        """The literal reading, and the repaired one where there is one."""
        return (self.literal,) if self.repaired is None else (self.literal, self.repaired)

    @property
    def added_hypotheses(self) -> tuple[str, ...]:
        """Names of the hypotheses that the repaired reading has and the literal one has not."""
        if self.repaired is None or self.repaired.outcome is None:
            return ()
        return self.repaired.outcome.statement.added

    @property
    def seconds(self) -> float:
        """What all of its readings took."""
        return sum(reading.result.seconds for reading in self.readings)

    def to_json(self) -> dict[str, Any]:
        """Return the entry of the schema ``spi-verify/audit/1``."""
        return {
            "id": self.id,
            "title": self.title,
            "literal": self.literal.result.to_json(),
            "repaired": None if self.repaired is None else self.repaired.result.to_json(),
            "added_hypotheses": list(self.added_hypotheses),
        }


def to_json(audited: Sequence[Audited], solvers: Mapping[str, str]) -> dict[str, Any]:
    """Return an audit in the form of the schema ``spi-verify/audit/1``."""
    return {
        "schema": SCHEMA,
        "solvers": dict(solvers),
        "statements": [one.to_json() for one in audited],
    }


def results(audited: Sequence[Audited]) -> list[Result]:
    """Return the results of all readings."""
    return [reading.result for one in audited for reading in one.readings]


def audit_exit_code(audited: Sequence[Audited]) -> int:
    """Return the exit code of all readings; see :func:`spi_verify.verdicts.exit_code`."""
    return exit_code(results(audited))


def table() -> str:
    """Return the statements with the verdicts that are expected of them, as a Markdown table."""
    statements, _ = choose([], PAPER)
    known = {statement.id: statement for statement in statements}
    lines = ["| statement | what it says | as printed | repaired | added |", f"|{'---|' * 5}"]
    for id in STATEMENTS:
        literal, repaired = known.get(id), known.get(f"{id}/repaired")
        title = literal.title if literal else "no suite has this statement"
        added = ", ".join(f"`{name}`" for name in (repaired.added if repaired else ()))
        verdicts = [str(one.expected) if one else "" for one in (literal, repaired)]
        lines.append(f"| `{id}` | {title} | {' | '.join(verdicts)} | {added} |")
    return "\n".join(line.replace("  ", " ") for line in lines)


def audit(
    replacements: Sequence[str] = (),
    *,
    without: Sequence[str] = (),
    jobs: int = 1,
    cache: Cache | None = None,
    listener: Listener | None = None,
    executor: Executor | None = None,
) -> list[Audited]:
    """Decide every statement of :data:`STATEMENTS`, in that order.

    Parameters
    ----------
    replacements
        Definitions to replace, as :func:`spi_verify.obligations.suites.variant` takes them. The
        code they name is run.
    without
        Names of hypotheses to drop wherever they are supposed.
    jobs
        How many steps are worked on at a time, and how many searches beside them.
    cache, listener, executor
        As :func:`spi_verify.obligations.running.run` takes them; searches run where the executor
        runs them, too.

    Raises
    ------
    InputError
        When a suite, a replacement or a hypothesis cannot be used.
    SolverDisagreement
        When the solvers contradict each other on a step.

    Notes
    -----
    Readings that are not expected to be proved are searched while the proofs run. A reading that
    is both proved and refuted is an ``error``: then one of the two worlds is wrong.
    """
    theory = variant(replacements)
    statements, _ = choose([], theory, without=without)
    replaced = frozenset(name for name in theory if theory[name] is not PAPER[name])
    with _searching(replacements, tuple(without), jobs, executor) as search:
        doubtful = [
            statement
            for statement in statements
            if isinstance(statement, Statement) and statement.expected is not Verdict.PROVED
        ]
        sought = {statement.id: search(statement) for statement in doubtful}
        outcomes = {
            outcome.statement.id: outcome
            for outcome in run(
                statements, jobs=jobs, cache=cache, listener=listener, executor=executor
            )
        }
        found = {id: answer() for id, answer in sought.items()}
        late: dict[str, _Answer] = {}
        for outcome in outcomes.values():
            one = outcome.statement
            if outcome.result.verdict is not Verdict.UNKNOWN or not isinstance(one, Statement):
                continue
            literal = outcomes.get(one.id.removesuffix("/repaired"))
            if literal is not None and _nothing_weaker(one, literal.statement, found):
                found[one.id] = replace(found[literal.statement.id], seconds=0.0)
            elif one.id not in found:
                late[one.id] = search(one)
        found |= {id: answer() for id, answer in late.items()}
    readings = {}
    for id, outcome in outcomes.items():
        result = outcome.result
        if id in found:
            result = _settled(result, found[id], replaced, without)
        if result.verdict is Verdict.REFUTED and isinstance(outcome.statement, Executed):
            shown = counterexample(outcome.statement, outcome.facts)
            result = replace(result, counterexample=shown, reason=shown["conclusion"])
        readings[id] = Reading(result, outcome)
    return [_audited(id, readings) for id in STATEMENTS]


def _nothing_weaker(
    statement: Statement, literal: Statement | Executed, found: Mapping[str, Search]
) -> bool:
    """Whether nothing refutes even the literal reading, which supposes less and claims the same."""
    if not isinstance(literal, Statement) or literal.id not in found or literal is statement:
        return False
    names = {hypothesis.name for hypothesis in statement.hypotheses}
    weaker = all(hypothesis.name in names for hypothesis in literal.hypotheses)
    same = literal.goal.formula.eq(statement.goal.formula)
    return weaker and same and found[literal.id].refutation is None


def _audited(id: str, readings: Mapping[str, Reading]) -> Audited:
    literal = readings.get(id)
    if literal is None:
        missing = Result(id, Verdict.ERROR, reason="no suite has this statement")
        literal = Reading(missing, None)
    repaired = readings.get(f"{id}/repaired")
    shown = literal.outcome or (repaired.outcome if repaired else None)
    return Audited(id, shown.statement.title if shown else "(missing)", literal, repaired)


def _settled(
    result: Result, search: Search, replaced: frozenset[str], without: Sequence[str]
) -> Result:
    """Take into account what a search found."""
    result = replace(result, seconds=result.seconds + search.seconds)
    shown, trouble = _confirmed(result.id, search, replaced, without)
    if shown is not None and result.verdict is Verdict.PROVED:
        reason = "it is proved, and this refutes it: a bug, please report it"
        return replace(
            result,
            verdict=Verdict.ERROR,
            evidence=None,
            counterexample=search.refutation,
            reason=f"{reason}: {shown}",
        )
    if result.verdict is not Verdict.UNKNOWN:
        return result
    if shown is not None:
        return replace(
            result,
            verdict=Verdict.REFUTED,
            evidence=Evidence.CHECKED,
            counterexample=search.refutation,
            reason=shown,
        )
    why = (result.reason or "").removesuffix("; see refute.")
    parts = [trouble or search.reason or "no counterexample was found", why]
    return replace(result, reason=". ".join(part.rstrip(".") for part in parts if part))


def _confirmed(
    id: str, search: Search, replaced: frozenset[str], without: Sequence[str]
) -> tuple[str | None, str | None]:
    """Execute what a search found; return the conclusion, or why it is none."""
    data = search.refutation
    if data is None:
        return None, None
    trouble = "the search found something that is no counterexample, a bug, please report it"
    if data.get("statement") != id:
        return None, f"{trouble}: it is about {data.get('statement')!r}"
    if not set(data.get("without", ())) <= set(without):
        return None, f"{trouble}: it drops hypotheses that are supposed"
    if data.get("formulas") or not set(data.get("definitions", {})) <= replaced:
        return None, f"{trouble}: it replaces definitions"
    try:
        return confirm_saved(data).conclusion, None
    except (Rejected, InputError) as error:
        return None, f"{trouble}: {error}"


_Answer = Callable[[], Search]


@contextmanager
def _searching(
    replacements: Sequence[str],
    without: tuple[str, ...],
    jobs: int,
    executor: Executor | None = None,
) -> Iterator[Callable[[Statement], _Answer]]:
    """Give a function that starts a search and returns where to get its answer.

    With more than one job, searches run in processes of their own, which load the suites again:
    formulas of z3 cannot be sent, or shared between threads.
    """
    if executor is not None:
        suites = Suites(_statements, (), tuple(replacements), without)
        yield lambda statement: partial(_died, suites.submit(executor, _search, statement))
        return
    if jobs == 1:
        yield lambda statement: lambda: _search(statement)
        return
    pool = ProcessPoolExecutor(
        max_workers=jobs,
        mp_context=get_context("spawn"),
        initializer=_load,
        initargs=(tuple(replacements), without),
    )
    try:

        def start(statement: Statement) -> _Answer:
            future: Future[Search] = pool.submit(_search_loaded, statement.id)
            return future.result

        yield start
    finally:
        pool.shutdown(cancel_futures=True)


_loaded: dict[str, Statement] = {}


def _load(replacements: Sequence[str], without: Sequence[str]) -> None:
    sys.stdout = sys.stderr  # what a user's code prints stays out of the document
    _loaded.update({one.id: one for one in _statements((), replacements, without)})


def _statements(
    targets: Sequence[str], replacements: Sequence[str], without: Sequence[str]
) -> list[Statement]:
    statements, _ = choose(targets, variant(replacements), without=without)
    return [one for one in statements if isinstance(one, Statement)]


def _died(future: Future[Search]) -> Search:
    """Return what a search found, or that its workers died."""
    try:
        return future.result()
    except Died as died:
        return Search(None, str(died), 0.0)


def _search_loaded(id: str) -> Search:
    return _search(_loaded[id])


def _search(statement: Statement) -> Search:
    """Try the counterexample that is shipped, which may hold or not; else search."""
    start = time.perf_counter()
    shipped = refuting.known(statement)
    if shipped is not None:
        return Search(shipped, None, time.perf_counter() - start)
    return refuting.refute(statement, BOUNDS)
