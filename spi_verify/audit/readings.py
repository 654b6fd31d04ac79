"""The audit: every statement of a paper on its literal reading and, where there is one, repaired.

A reading is proved, or a counterexample to it is looked for and executed; whatever neither settles
is ``unknown``. Readings that are not expected to be proved are searched while the proofs run. One
that is both proved and refuted is an ``error``: then one of the two worlds is wrong.

Of the paper that a draft extends, the statements that changed are decided as they were, too,
without replacements and with all hypotheses.

Where a changed definition reaches a statement that was there before, the question is what broke:
solvers may spend less on each of its steps than ``prove`` lets them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

from spi_verify.audit.rows import RevisedRow, Row
from spi_verify.audit.searches import BOUNDS, Found, again, find_saved, searching
from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.executed import counterexample
from spi_verify.counterexamples.statements.spoken_of import changed_definitions
from spi_verify.counterexamples.workers import Suites
from spi_verify.errors import InputError
from spi_verify.obligations.cache import Cache
from spi_verify.obligations.outcomes import Outcome
from spi_verify.obligations.running import Listener, run
from spi_verify.obligations.statements import Executed, Statement
from spi_verify.papers.certificates import kept_for
from spi_verify.papers.choosing import by_id, choose
from spi_verify.papers.definitions import variant
from spi_verify.papers.drafts import Draft, is_audited
from spi_verify.papers.loading import load
from spi_verify.papers.paper import Paper
from spi_verify.runs import Reads
from spi_verify.theory import PAPER, fingerprint
from spi_verify.verdicts import Evidence, Result, Verdict


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
class Revision:
    """What a draft makes of a statement.

    Parameters
    ----------
    kind
        ``own``; ``restated``, if the other paper has another one under this id; ``reached``, if
        it is the other paper's and a changed definition makes it another; or ``untouched``.
    changed
        The changed definitions on which it depends, where it is the other paper's.
    before
        What became of it in the other paper, where it says something else there.
    """

    kind: str
    changed: tuple[str, ...] = ()
    before: Audited | None = None

    @property
    def row(self) -> RevisedRow:
        """What is told of it, as plain data."""
        return RevisedRow(self.kind, self.changed, None if self.before is None else self.before.row)


@dataclass(frozen=True)
class Audited:
    """A statement on its literal reading and, where there is one, repaired.

    Parameters
    ----------
    paper
        The name of its paper.
    id, title
        Of the statement.
    literal, repaired
        The readings.
    revision
        In a draft: what it makes of the statement.
    """

    paper: str
    id: str
    title: str
    literal: Reading
    repaired: Reading | None
    revision: Revision | None = None

    @property
    def readings(self) -> tuple[Reading, ...]:
        """The literal reading, and the repaired one where there is one."""
        return (self.literal,) if self.repaired is None else (self.literal, self.repaired)

    @property
    def row(self) -> Row:
        """What is told of it, as plain data."""
        repaired = self.repaired
        outcome = None if repaired is None else repaired.outcome
        statement = None if outcome is None else outcome.statement
        return Row(
            self.paper,
            self.id,
            self.title,
            self.literal.result,
            None if repaired is None else repaired.result,
            () if statement is None else statement.added,
            statement.changed if isinstance(statement, Statement) else (),
            None if self.revision is None else self.revision.row,
        )


def results(audited: Sequence[Audited]) -> list[Result]:
    """Return the results of all readings."""
    return [reading.result for one in audited for reading in one.readings]


def audited_ids(paper: Paper, statements: Sequence[Statement | Executed]) -> tuple[str, ...]:
    """Return the ids of a paper's statements that are audited, in order.

    One of its ``order`` that no suite has is among them; without an order these are all. Those of
    a paper that it extends come last.
    """
    others = (one for one in statements if paper.extended is None or is_audited(paper, one))
    literal = tuple(dict.fromkeys(one.id.removesuffix("/repaired") for one in others))
    if paper.extended is None:
        return paper.order or literal
    return tuple(dict.fromkeys((*paper.order, *literal)))


def table(paper: Paper) -> str:
    """Return a paper's statements with the verdicts expected of them, as a Markdown table."""
    statements = load(paper.place, PAPER)
    known = by_id(statements)
    lines = ["| statement | what it says | as printed | repaired | added |", f"|{'---|' * 5}"]
    for id in audited_ids(paper, statements):
        literal, repaired = known.get(id), known.get(f"{id}/repaired")
        title = literal.title if literal else "no suite has this statement"
        parts = [f"`{name}`" for name in (repaired.added if repaired else ())]
        if isinstance(repaired, Statement):
            parts += [f"changed: `{name}`" for name in repaired.changed]
        added = ", ".join(parts)
        verdicts = [str(one.expected) if one else "" for one in (literal, repaired)]
        lines.append(f"| `{id}` | {title} | {' | '.join(verdicts)} | {added} |")
    return "\n".join(line.replace("  ", " ") for line in lines)


def audit(
    paper: Paper,
    ids: Sequence[str] = (),
    replacements: Sequence[str] = (),
    *,
    without: Sequence[str] = (),
    jobs: int = 1,
    cache: Cache | None = None,
    listener: Listener | None = None,
    executor: Executor | None = None,
    reads: Reads | None = None,
    drafts: dict[Path, Draft] | None = None,
    anew: bool = False,
    bounds: Bounds = BOUNDS,
) -> list[Audited]:
    """Decide every statement of a paper, in its order.

    Parameters
    ----------
    paper
        The paper. Its suites are run, and so is the code that replacements name.
    ids
        The statements that are meant; all that :func:`audited_ids` returns, where there are none.
    replacements
        Definitions to replace, as :func:`spi_verify.papers.definitions.variant` takes them.
    without
        Names of hypotheses to drop wherever they are supposed.
    jobs
        How many steps are worked on at a time, and how many searches beside them.
    cache, listener, executor
        As :func:`spi_verify.obligations.running.run` takes them; searches run where the executor
        runs them, too.
    reads
        Is told what searches in other processes read.
    drafts
        Where to put what was read, if the paper is a draft, by its folder.
    anew
        Whether steps are solved that certificates prove, or of statements that are refuted.
    bounds
        How far is searched where no counterexample is saved.

    Raises
    ------
    InputError
        When a suite, a replacement or a hypothesis cannot be used.
    SolverDisagreement
        When the solvers contradict each other on a step.
    """
    means = _Means(jobs, cache or Cache(None), listener, executor, reads, anew, bounds)
    return _audit(paper, ids, replacements, without, {} if drafts is None else drafts, means)


@dataclass(frozen=True)
class _Means:
    """How it is decided, as :func:`audit` takes it."""

    jobs: int
    cache: Cache
    listener: Listener | None
    executor: Executor | None
    reads: Reads | None
    anew: bool
    bounds: Bounds


def _audit(
    paper: Paper,
    ids: Sequence[str],
    replacements: Sequence[str],
    without: Sequence[str],
    drafts: dict[Path, Draft],
    means: _Means,
) -> list[Audited]:
    targets = [str(paper.place.resolve()), *ids]  # never a name of something else
    theory = variant(replacements)
    statements, chosen = choose(targets, theory, without=without, drafts=drafts)
    _require_own(paper, [one for one in statements if ids and one.id in chosen])
    suites = Suites(again, tuple(targets), tuple(replacements), tuple(without))
    draft = drafts.get(paper.place.resolve())
    edited = set() if draft is None else set(draft.reached)
    if replacements:
        theorems = (one for one in statements if isinstance(one, Statement))
        edited |= {one.id for one in theorems if changed_definitions(one)}
    known, asked = by_id(statements), replace(paper, order=()) if ids else paper
    own = audited_ids(asked, [known[id] for id in chosen])
    old: list[Audited] = []
    if draft is not None and paper.extended is not None:
        before = _ids_before(draft, own)
        # First: what it says of steps that did not change is an answer here, too.
        old = _audit(paper.extended, before, (), (), {}, means) if before else []
    outcomes, found = _decided(statements, suites, edited, means)
    readings = {id: _reading(outcome, found.get(id)) for id, outcome in outcomes.items()}
    audited = [_audited(paper.name, id, readings) for id in own]
    if draft is None or paper.extended is None:
        return audited
    return [_revised(one, draft, {one.id: one for one in old}) for one in audited]


def _decided(
    statements: Sequence[Statement | Executed],
    suites: Suites,
    edited: Collection[str],
    means: _Means,
) -> tuple[dict[str, Outcome], dict[str, Found]]:
    """Prove statements, and search those that are not proved; by id."""
    where = (means.jobs, means.executor, means.reads, means.bounds)
    theorems = [one for one in statements if isinstance(one, Statement)]
    with searching(suites, *where, soon=bool(edited)) as search:
        saved = {one.id: find_saved(one, means.cache) for one in theorems}
        found = {id: shown for id, shown in saved.items() if shown is not None}
        searches = _Searches(theorems, found, search)
        for one in theorems:
            if one.expected is not Verdict.PROVED:
                searches.start(one)
        ran = run(
            statements,
            jobs=means.jobs,
            cache=means.cache,
            listener=means.listener,
            executor=means.executor,
            certificates=None if means.anew else kept_for(statements),
            refuted=() if means.anew else frozenset(found),
            briefly=edited,
            keep=means.reads is not None,
            decided=searches.start_if_open,
        )
        outcomes = {outcome.statement.id: outcome for outcome in ran}
        return outcomes, searches.found_for(outcomes)


class _Searches:
    """Searches for counterexamples to what is not proved, each started as early as may be.

    Parameters
    ----------
    statements
        Those that may be searched.
    found
        What is known without a search, by id.
    search
        Starts a search, and returns where to get its answer.
    """

    def __init__(
        self,
        statements: Sequence[Statement],
        found: Mapping[str, Found],
        search: Callable[[Statement], Callable[[], Found]],
    ) -> None:
        self._by_id = {one.id: one for one in statements}
        self._found, self._search = dict(found), search
        self._sought: dict[str, Callable[[], Found]] = {}

    def start(self, statement: Statement) -> None:
        """Start a search, unless there is one, or what it looks for is known."""
        if statement.id not in self._found and statement.id not in self._sought:
            self._sought[statement.id] = self._search(statement)

    def start_if_open(self, outcome: Outcome) -> None:
        """Search a statement that is not proved; not while less is supposed in another search."""
        one = outcome.statement
        if outcome.result.verdict is not Verdict.UNKNOWN or not isinstance(one, Statement):
            return
        if _weaker_reading(one, self._by_id) not in self._sought:
            self.start(one)

    def found_for(self, outcomes: Mapping[str, Outcome]) -> dict[str, Found]:
        """Wait for all answers; what refuted nothing where less is supposed refutes nothing."""
        self._wait()
        for id, outcome in outcomes.items():
            if id not in self._by_id or outcome.result.verdict is not Verdict.UNKNOWN:
                continue
            weaker = self._found.get(_weaker_reading(self._by_id[id], self._by_id) or "")
            if id not in self._found and weaker is not None and weaker.refutation is None:
                self._found[id] = replace(weaker, seconds=0.0)
            else:
                self.start(self._by_id[id])
        self._wait()
        return self._found

    def _wait(self) -> None:
        self._found |= {id: answer() for id, answer in self._sought.items()}
        self._sought.clear()


def untouched_by(paper: Paper, draft: Draft) -> tuple[str, ...]:
    """Return the statements of the paper that a draft extends which say the same as before.

    These are those that the other paper's audit shows.
    """
    kept = [one.statement for one in draft.inherited.values() if not one.changed]
    changed = {id.removesuffix("/repaired") for id in draft.reached}
    ids = (one.id.removesuffix("/repaired") for one in kept if is_audited(paper, one))
    return tuple(id for id in dict.fromkeys(ids) if id not in changed)


def _ids_before(draft: Draft, ids: Sequence[str]) -> list[str]:
    """Return which of some statements the other paper has otherwise."""
    others = [*draft.reached, *draft.replaced]
    literal = {id.removesuffix("/repaired") for id in others}
    there = {*draft.replaced, *draft.inherited}
    return [id for id in ids if id in literal and id in there]


def _revised(one: Audited, draft: Draft, before: Mapping[str, Audited]) -> Audited:
    readings = (one.id, f"{one.id}/repaired")
    names = [n for id in readings if id in draft.inherited for n in draft.inherited[id].changed]
    if any(id in draft.own for id in readings):
        kind = "restated" if one.id in before else "own"
    else:
        kind = "reached" if names else "untouched"
    changed = tuple(dict.fromkeys(names))
    return replace(one, revision=Revision(kind, changed, before.get(one.id)))


def _reading(outcome: Outcome, found: Found | None) -> Reading:
    result = outcome.result if found is None else _settled(outcome.result, found)
    if result.verdict is Verdict.REFUTED and isinstance(outcome.statement, Executed):
        shown = counterexample(outcome.statement, outcome.facts)
        result = replace(result, counterexample=shown, reason=shown["conclusion"])
    return Reading(result, outcome)


def _require_own(paper: Paper, chosen: Sequence[Statement | Executed]) -> None:
    folder = paper.folder.resolve()
    for one in chosen:
        if one.folder != folder:
            raise InputError(f"it has no statement {one.id!r}", file=str(paper.place))


def _weaker_reading(statement: Statement, by_id: Mapping[str, Statement]) -> str | None:
    """Return the literal reading's id, where it supposes less than a statement and claims the same.

    What refutes nothing there refutes nothing here.
    """
    literal = by_id.get(statement.id.removesuffix("/repaired"))
    if literal is None or literal is statement:
        return None
    supposed = {fingerprint(fact) for fact in statement.facts().values()}
    weaker = all(fingerprint(fact) in supposed for fact in literal.facts().values())
    same = fingerprint(literal.goal.formula) == fingerprint(statement.goal.formula)
    return literal.id if weaker and same else None


def _audited(paper: str, id: str, readings: Mapping[str, Reading]) -> Audited:
    literal = readings.get(id)
    if literal is None:
        missing = Result(id, Verdict.ERROR, reason="no suite has this statement")
        literal = Reading(missing, None)
    repaired = readings.get(f"{id}/repaired")
    shown = literal.outcome or (repaired.outcome if repaired else None)
    return Audited(paper, id, shown.statement.title if shown else "(missing)", literal, repaired)


def _settled(result: Result, found: Found) -> Result:
    """Take into account what a search found."""
    result = replace(result, seconds=result.seconds + found.seconds)
    if found.conclusion is not None and result.verdict is Verdict.PROVED:
        reason = "it is proved, and this refutes it: a bug, please report it"
        return replace(
            result,
            verdict=Verdict.ERROR,
            evidence=None,
            counterexample=found.refutation,
            reason=f"{reason}: {found.conclusion}",
        )
    if result.verdict is not Verdict.UNKNOWN:
        return result
    if found.conclusion is not None:
        return replace(
            result,
            verdict=Verdict.REFUTED,
            evidence=Evidence.CHECKED,
            counterexample=found.refutation,
            reason=found.conclusion,
        )
    why = (result.reason or "").removesuffix("; see refute.")
    parts = [found.reason or "no counterexample was found", why]
    return replace(result, reason=". ".join(part.rstrip(".") for part in parts if part))
