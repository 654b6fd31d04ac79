"""What a run of ``spi-verify prove`` decides, and what is told of it."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import msgspec
from click.exceptions import Exit

from spi_verify.commands.output import show_warning, write_text
from spi_verify.errors import InputError, interruptible
from spi_verify.files import listed
from spi_verify.obligations.countermodels.told import ToldFailure
from spi_verify.reports.steps import StepTable, step_table
from spi_verify.verdicts import Report, Result, Verdict

if TYPE_CHECKING:
    from rich.console import Console

    from spi_verify.commands.certified import Certified
    from spi_verify.obligations.cache import Cache
    from spi_verify.obligations.certificates.kept import Kept
    from spi_verify.obligations.lock import Change
    from spi_verify.obligations.outcomes import Outcome


LOOKED_INTO = 6
"""Of how many statements a run finds out why steps are not proved."""


@dataclass(frozen=True)
class Shown:
    """What is told of a run, as plain data.

    Parameters
    ----------
    results
        The verdicts of what was asked for.
    tables
        The steps of each of them, where some were named.
    steps, cached, checked, unasked
        How many steps there are, how many of them the cache knew, certificates prove, and nobody
        was asked about, because a counterexample refutes the statement.
    facts
        For each statement with steps that list no facts, those that were found for each of them;
        None where none were.
    failures
        Why steps are not proved, of statements that are neither proved nor refuted.
    skipped
        How many more of these steps there are.
    """

    results: tuple[Result, ...]
    tables: tuple[StepTable, ...]
    steps: int
    cached: int
    checked: int
    unasked: int
    facts: Mapping[str, Mapping[str, tuple[str, ...] | None]]
    failures: tuple[ToldFailure, ...]
    skipped: int


def read_shown(kept: Mapping[str, Any]) -> Shown:
    """Return what was kept as plain data."""
    return msgspec.convert(kept, Shown)


class Progress(Protocol):
    """Is told what starts and ends, and shows it."""

    def __call__(self, name: str, starts: bool) -> None:
        """Note that a query starts, or ends."""

    def shown(self) -> AbstractContextManager[object]:
        """Return a context that keeps the display up to date."""


class ProofRun:
    """The statements asked for, decided.

    Parameters
    ----------
    targets, replacements, without
        As :func:`spi_verify.papers.choosing.choose` and
        :func:`spi_verify.papers.definitions.variant` take them. The code they name is run.
    shard
        Which part is decided, as :func:`spi_verify.shards.parse_shard` reads it.

    Raises
    ------
    InputError
        When one of these is malformed or unknown.
    """

    def __init__(
        self,
        targets: Sequence[str],
        replacements: Sequence[str],
        without: Sequence[str],
        shard: str | None = None,
    ) -> None:
        from spi_verify.papers.choosing import choose, with_lemmas
        from spi_verify.papers.definitions import variant

        self.targets, self.given = targets, (replacements, without)
        self.errors: list[str] = []
        theory = variant(replacements)
        self.statements, self.chosen = choose(targets, theory, without=without, errors=self.errors)
        self.part, self.everything = None, dict[str, str]()
        if shard is not None:
            from spi_verify.audit.rechecker import digest_of
            from spi_verify.shards import parse_shard

            self.part = parse_shard(shard)
            known = {statement.id: statement for statement in self.statements}
            self.everything = {id: digest_of(known[id]) for id in self.chosen}
            self.chosen = self.part.of(self.chosen)
            if not self.chosen:
                raise InputError(
                    f"--shard {shard}: there are only {len(self.everything)} statements"
                )
            self.statements = [known[id] for id in with_lemmas(self.chosen, known)]
        self.outcomes: dict[str, Outcome] = {}
        self.results: dict[str, Result] = {}
        self.kept: Kept | None = None
        self.failures: list[ToldFailure] = []
        self.skipped = 0
        self._warned = False

    def decide(
        self,
        jobs: int,
        place: str | None,
        cache: Cache,
        progress: Progress,
        *,
        anew: bool,
        keep: bool = False,
    ) -> None:
        """Decide them.

        Parameters
        ----------
        jobs
            How many steps are worked on at a time.
        place
            A cluster, or None: here.
        cache
            Where answers are kept.
        progress
            Is told what happens.
        anew
            Whether steps are solved that certificates prove, or of statements that are refuted.
        keep
            Whether outcomes are kept, and those that are known come without their certificates.
        """
        from spi_verify.counterexamples.verdict import refuted_already, settled
        from spi_verify.executors import working
        from spi_verify.obligations.running import run
        from spi_verify.papers.certificates import kept_for
        from spi_verify.solvers import SolverDisagreement

        warnings.showwarning = self._show_warning
        self.kept = None if anew else kept_for(self.statements)
        try:
            with interruptible(), working(place, jobs) as (cluster, at_a_time), progress.shown():
                outcomes = run(
                    self.statements,
                    jobs=at_a_time,
                    cache=cache,
                    listener=progress,
                    executor=cluster,
                    certificates=self.kept,
                    refuted=() if anew else refuted_already(self.statements, cache),
                    keep=keep,
                )
                self.outcomes = {outcome.statement.id: outcome for outcome in outcomes}
                self.results = {id: settled(self.outcomes[id], cache) for id in self.chosen}
                self._look_into_failures(cache, cluster, progress)
        except SolverDisagreement as error:
            print(f"spi-verify: the solvers disagree: {error}", file=sys.stderr)
            raise Exit(2) from error
        except KeyboardInterrupt:
            lasts = "; finished steps are kept, the same command goes on from them"
            kept = "" if cache.directory is None else lasts
            print(f"spi-verify: interrupted{kept}", file=sys.stderr)
            raise

    def _look_into_failures(
        self, cache: Cache, executor: Executor | None, progress: Progress
    ) -> None:
        """Find out why steps are not proved, where no counterexample says it."""
        from spi_verify.obligations.countermodels.diagnosing import diagnose
        from spi_verify.obligations.countermodels.telling import tell

        open = [
            outcome
            for outcome in (self.outcomes[id] for id in self.results if self.targets)
            if self.results[outcome.statement.id].verdict is Verdict.UNKNOWN and outcome.decisions
        ]
        most = 3 if len(open) == 1 else 1
        for outcome in open[:LOOKED_INTO]:
            name = f"{outcome.statement.id}: why it is not proved"
            progress(name, True)
            failures = diagnose(outcome, most=most, cache=cache, executor=executor)
            progress(name, False)
            self.failures += map(tell, failures)
        self.skipped = sum(len(outcome.failed) for outcome in open) - len(self.failures)

    def certify(self, directory: Path, cache: Cache) -> list[Certified]:
        """Write certificates of what was proved; what is checked so counts as checked."""
        from spi_verify.commands.certified import certify

        return certify(self.outcomes, self.results, directory, cache, self.kept)

    def _show_warning(self, message: Warning | str, *_: Any, **__: Any) -> None:
        self._warned = True
        show_warning(message)

    @property
    def lasting(self) -> bool:
        """Whether the same run would end the same way: nothing in it was an accident."""
        from spi_verify.obligations.deciding import lasts

        said = [d.reason for outcome in self.outcomes.values() for d in outcome.decisions.values()]
        said += [outcome.result.reason for outcome in self.outcomes.values()]
        return not self.errors and not self._warned and all(map(lasts, said))

    def shown(self, *, known: bool) -> Shown:
        """Return what is told of it.

        Parameters
        ----------
        known
            Whether to tell it as a run that finds everything in the cache.
        """
        decisions = [d for outcome in self.outcomes.values() for d in outcome.decisions.values()]
        checked = sum(decision.checked for decision in decisions)
        unasked = sum(not decision.asked for decision in decisions)
        solved = len(decisions) - checked - unasked
        cached = solved if known else sum(d.cached and d.asked for d in decisions)
        named = self.chosen if self.targets else []
        tables = tuple(step_table(self.outcomes[id], known=known) for id in named)
        facts = {id: self.outcomes[id].facts_found() for id in self.chosen}
        facts = {id: found for id, found in facts.items() if found}
        return Shown(
            tuple(self.results.values()),
            tables,
            len(decisions),
            cached,
            checked,
            unasked,
            facts,
            tuple(self.failures),
            self.skipped,
        )

    def keep_facts(self) -> list[Path]:
        """Write the facts that were found into a file beside each suite; return these files.

        Statements that were not decided keep what is written there.

        Raises
        ------
        InputError
            When there is no such step, or a file cannot be read or written.
        """
        from spi_verify.obligations import kept_facts

        suites: dict[Path, dict[str, Mapping[str, tuple[str, ...]]]] = {}
        for id, outcome in self.outcomes.items():
            source = outcome.statement.source
            if source is None:
                continue
            found = {
                step: facts for step, facts in outcome.facts_found().items() if facts is not None
            }
            if source not in suites:
                suites[source] = dict(kept_facts.read(source))
            suites[source][id] = found
        files = []
        for source, lists in suites.items():
            file = kept_facts.file_of(source)
            if any(lists.values()) or listed(file):
                write_text(file, kept_facts.text_of(lists))
                files.append(file)
        if not files:
            raise InputError("--write: every step lists its facts, so there is nothing to write")
        return files

    def page(self, cache: Cache) -> str:
        """Return it as a page of HTML, with the lemmas that it rests on."""
        from spi_verify.counterexamples.verdict import settled
        from spi_verify.reports.proofs import Told, proofs_page
        from spi_verify.solvers import versions

        told = [Told(self.outcomes[id], result) for id, result in self.results.items()]
        others = (one for id, one in self.outcomes.items() if id not in self.results)
        lemmas = [Told(one, settled(one, cache)) for one in others]
        return proofs_page(told, lemmas, self.errors, versions(), *self.given, self.failures)

    def report(self, file: Path, as_latex: bool) -> str:
        """Return it as LaTeX, or Markdown, and draw the pictures in a folder beside a file."""
        from spi_verify.reports.results_report import results_report

        told = [
            (result, self.outcomes[id].statement.title, self.outcomes[id])
            for id, result in self.results.items()
        ]
        return results_report(told, self.errors, file, "prove", as_latex=as_latex)

    def record(self, file: Path, report: Report) -> None:
        """Write the verdicts into a lock file."""
        from spi_verify.commands.recorded import record
        from spi_verify.solvers import versions

        record(file, report, self.outcomes, versions(), complete=self._complete())

    def changes(self, file: Path, report: Report, console: Console) -> Sequence[Change]:
        """Print and return what changed since a lock file was written."""
        from spi_verify.commands.recorded import changes
        from spi_verify.solvers import versions

        return changes(file, report, self.outcomes, versions(), console, complete=self._complete())

    def _complete(self) -> bool:
        from spi_verify.obligations.lock import is_complete
        from spi_verify.papers.paper import shipped_papers

        folders = [target for target in self.targets if target not in shipped_papers()]
        return self.part is None and not self.errors and is_complete(folders)
