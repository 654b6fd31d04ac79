"""The pytest plugin: ``pytest proofs models`` decides statements, their steps, and claims.

A file is a suite if it has a module-level name ``statements``, a function of ``theory`` or
something in a file that imports from this package, and no tests; that is read off its text. A
``.toml`` file with a section ``[game]`` is a model, and a ``paper.toml`` that extends another
paper stands for this one's statements which its definitions make others. Collecting a suite runs
its code.
"""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from spi_verify.errors import InputError
from spi_verify.sources import is_draft, is_model, is_suite
from spi_verify.verdicts import Evidence, Result, Verdict

if TYPE_CHECKING:
    from spi_verify.claims.instance import Instance
    from spi_verify.claims.model import ClaimEntry, Model
    from spi_verify.obligations.outcomes import Outcome
    from spi_verify.obligations.statements import Executed, Statement
    from spi_verify.papers.drafts import Draft
    from spi_verify.theory import Theory

FOLDERS = ("proofs", "models")
"""Names of folders in which there must be something to check when they are given."""

_GRADES = list(Evidence)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option for the minimum grade."""
    parser.getgroup("spi-verify").addoption(
        "--spi-evidence",
        choices=[str(grade) for grade in _GRADES],
        default=str(Evidence.SOLVER),
        help="The weakest evidence that is accepted for a verdict (default: %(default)s).",
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect suites and models."""
    if is_suite(file_path):
        return SuiteFile.from_parent(parent, path=file_path)
    if is_draft(file_path):
        return DraftFile.from_parent(parent, path=file_path)
    if is_model(file_path):
        return ModelFile.from_parent(parent, path=file_path)
    return None


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> Any:
    """Keep pytest from importing a suite that is named on the command line as a test module."""
    return NoTests.from_parent(parent, path=module_path) if is_suite(module_path) else None


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> Iterator[None]:
    """Fail where a folder of proofs or models is given and there is nothing to check in it.

    An item that fails does this in every mode, with worker processes, too.
    """
    empty = []
    for argument in config.args:
        folder = config.invocation_params.dir / argument.partition("::")[0]
        if folder.name not in FOLDERS or not folder.is_dir():
            continue
        if not any(item.path.is_relative_to(folder.resolve()) for item in items):
            error = InputError("nothing to check: no obligations were collected", file=argument)
            nodeid = f"{folder.name}::nothing-to-check"
            empty.append(
                Unreadable.from_parent(
                    session, name="nothing-to-check", nodeid=nodeid, path=folder, error=error
                )
            )
    yield
    items += empty


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Tell the story instead of a traceback."""
    report = yield
    if call.excinfo is not None and isinstance(call.excinfo.value, Unexpected):
        report.longrepr = call.excinfo.value.told
    return report


@dataclass(frozen=True)
class Told:
    """A failure as it is told to people, in place of a traceback."""

    message: str
    text: str

    @property
    def reprcrash(self) -> Told:
        """What pytest takes the one-line ``message`` from."""
        return self

    def __str__(self) -> str:
        return self.text

    def toterminal(self, terminal: Any) -> None:
        """Write the story to the terminal."""
        headline, _, rest = self.text.partition("\n")
        terminal.line(headline, red=True, bold=True)
        if rest:
            terminal.line(rest)


class Unexpected(Exception):
    """A verdict that is not the expected one, or too weakly supported."""

    def __init__(self, headline: str, *lines: str) -> None:
        super().__init__(headline)
        self.told = Told(headline, "\n".join((headline, *lines)))


class NoTests(pytest.File):
    """A suite as pytest's own collector of Python files sees it: without any tests."""

    def collect(self) -> list[pytest.Item]:
        """Return nothing."""
        return []


class Unreadable(pytest.Item):
    """A file that cannot be read: an item that fails, so that the others are still decided."""

    def __init__(self, *, error: InputError, **rest: Any) -> None:
        super().__init__(**rest)
        self.error = error

    def setup(self) -> None:
        """Fail."""
        self.user_properties.append(("verdict", str(Verdict.ERROR)))
        raise Unexpected(f"error: {self.error}")

    def runtest(self) -> None:
        """Do nothing."""

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return where it is, and the heading of its failure."""
        return self.path, None, f"{self.path.name}, which cannot be read"


class Obligation(pytest.Item):
    """Something that gets a verdict.

    It is decided in ``setup``, so that the verdict ``error`` is an error to pytest, and not a
    failure.
    """

    result: Result

    @abstractmethod
    def decide(self) -> Result:
        """Return the verdict."""

    @property
    @abstractmethod
    def heading(self) -> str:
        """What it is, in a line above a failure."""

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return where it is, and the heading of its failure."""
        from spi_verify.text import printable

        return self.path, None, printable(self.heading)

    def setup(self) -> None:
        """Decide it."""
        from spi_verify.solvers import SolverDisagreement

        try:
            self.result = self.decide()
        except SolverDisagreement as error:
            self.session.shouldstop = f"the solvers disagree: {error}"
            raise Unexpected(f"error: the solvers disagree: {error}") from None
        except InputError as error:
            self.user_properties.append(("verdict", str(Verdict.ERROR)))
            raise Unexpected(f"error: {error}") from None
        for name in ("verdict", "evidence", "expected"):
            value = getattr(self.result, name)
            if value is not None:
                self.user_properties.append((name, str(value)))
        if self.result.consistency_open:
            self.user_properties.append(("consistency", "open"))
        if self.result.verdict is Verdict.ERROR and not self.result.as_expected:
            raise Unexpected(_headline(self.result), *_story(self.result))

    def runtest(self) -> None:
        """Compare the verdict with the expected one, and its evidence with the minimum."""
        result = self.result
        if not result.as_expected:
            raise Unexpected(_headline(result), *_story(result))
        wanted = Evidence(self.config.getoption("--spi-evidence"))
        if result.evidence and _GRADES.index(result.evidence) < _GRADES.index(wanted):
            headline = f"{result.verdict}, but the evidence is only {result.evidence}"
            raise Unexpected(f"{headline}; {wanted} is asked for")


def _headline(result: Result) -> str:
    return f"{result.shown}, expected {result.expected}"


def _story(result: Result) -> Iterator[str]:
    """Iterate over the lines that say why: the reason, then how the counterexample goes."""
    from spi_verify.text import printable

    if result.reason:
        yield printable(result.reason)
    told: Any = (result.counterexample or {}).get("story", ())
    for line in [told] if isinstance(told, str) else told:
        if line != result.reason:
            yield f"  {printable(line)}"


class ModelFile(pytest.File):
    """A model: an item for each of its claims."""

    model: Model

    @cached_property
    def instance(self) -> Instance | None:
        """What the claims share."""
        return None if self.model.parameters[0] else self.model.instance()

    def collect(self) -> Iterator[pytest.Item]:
        """Iterate over the claims."""
        from spi_verify.claims.reader import read_model

        try:
            self.model = read_model(self.path)
            if not self.model.claims:
                raise InputError("nothing to check: the file makes no claims", file=str(self.path))
        except InputError as error:
            yield Unreadable.from_parent(self, name="file", error=error)
            return
        for entry in self.model.claims:
            yield ClaimItem.from_parent(self, name=entry.name, entry=entry)


class ClaimItem(Obligation):
    """A claim of a model."""

    parent: ModelFile

    def __init__(self, *, entry: ClaimEntry, **rest: Any) -> None:
        super().__init__(**rest)
        self.entry = entry

    @property
    def heading(self) -> str:
        """The claim and its kind."""
        kind = getattr(self.entry.claim, "kind", None)
        return f"{self.parent.model.name}/{self.name}" + (f" ({kind})" if kind else "")

    def decide(self) -> Result:
        """Decide the claim."""
        from spi_verify.claims.check import check_claim

        return check_claim(self.parent.model, self.entry, self.parent.instance)


class SuiteFile(pytest.File):
    """A suite: a collector for each of its statements."""

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        """Iterate over the statements."""
        try:
            statements = _suites(self.session).load(self.path)
        except InputError as error:
            yield Unreadable.from_parent(self, name="file", error=error)
            return
        for statement in statements.values():
            yield StatementCollector.from_parent(self, name=statement.id, statement=statement)


class DraftFile(SuiteFile):
    """A draft: a collector for each statement of the other paper that its definitions reach."""


class StatementCollector(pytest.Collector):
    """A statement: an item for its verdict, and one for each step of its proof."""

    def __init__(self, *, statement: Statement | Executed, **rest: Any) -> None:
        super().__init__(**rest)
        self.statement = statement

    @property
    def outcome(self) -> Outcome:
        """What became of it; decided once."""
        return _suites(self.session).outcome(self.path, self.statement)

    def collect(self) -> Iterator[pytest.Item]:
        """Iterate over the steps, in the order of the file, and the verdict."""
        from spi_verify.obligations.statements import Statement

        if self.config.pluginmanager.hasplugin("xdist"):
            self.add_marker(pytest.mark.xdist_group(self.nodeid))
        if isinstance(self.statement, Statement):
            for step in self.statement.steps:
                yield StepItem.from_parent(self, name=step.name)
        yield VerdictItem.from_parent(self, name="verdict")


class VerdictItem(Obligation):
    """The verdict of a statement."""

    parent: StatementCollector

    @property
    def heading(self) -> str:
        """The statement, with its title."""
        return f"{self.parent.name}: {self.parent.statement.title}"

    def decide(self) -> Result:
        """Decide the statement."""
        from spi_verify.counterexamples.verdict import settled

        return settled(self.parent.outcome, _suites(self.session).cache)


class StepItem(Obligation):
    """A step of a proof.

    A step without a proof, of a statement that is not expected to be proved, is an expected
    failure.
    """

    parent: StatementCollector

    @property
    def heading(self) -> str:
        """The step, and the statement with its title."""
        statement = self.parent.statement
        return f"step {self.name} of {statement.id}: {statement.title}"

    def decide(self) -> Result:
        """Decide the statement, and look at the step."""
        decision = self.parent.outcome.decisions[self.name]
        id = f"{self.parent.name}/{self.name}"
        if not decision.proved:
            return Result(id, Verdict.UNKNOWN, reason=f"not proved: {decision.reason}")
        grade = Evidence.AGREEMENT if decision.agreed else Evidence.SOLVER
        if decision.checked:
            grade = Evidence.CHECKED
        return Result(id, Verdict.PROVED, grade)

    def runtest(self) -> None:
        """Compare the verdict with the expected one."""
        expected = self.parent.statement.expected
        if expected is not Verdict.PROVED and not self.result.as_expected:
            pytest.xfail(f"{self.result.reason}; the statement is expected to be {expected}")
        super().runtest()


class Suites:
    """The suites of a session: each is loaded once, and each statement decided once."""

    def __init__(self, jobs: int) -> None:
        from spi_verify.obligations.cache import Cache, cache_directory

        self._jobs = jobs
        self.cache = Cache(cache_directory())
        self._drafts: dict[Path, Draft | None] = {}
        self._theories: dict[Path, Theory] = {}
        self._loaded: dict[Path, Mapping[str, Statement | Executed]] = {}
        self._outcomes: dict[tuple[Path, str], Outcome | InputError] = {}

    def load(self, file: Path) -> Mapping[str, Statement | Executed]:
        """Return the statements of a suite by id, or those of the other paper a draft reaches."""
        from spi_verify.papers.loading import load, suites_in
        from spi_verify.theory import PAPER

        if file not in self._loaded:
            draft = self._draft(file.parent)
            if file.name == "paper.toml":
                known = draft.statements if draft else {}
                self._loaded[file] = {id: known[id] for id in (draft.reached if draft else ())}
            elif draft is not None:
                own = {id: one for id, one in draft.own.items() if one.source == file.resolve()}
                self._loaded[file] = own or {one.id: one for one in load(file, PAPER)}
            else:
                found = suites_in(file, self._theory(file.parent))
                self._loaded[file] = {statement.id: statement for statement in found}
        return self._loaded[file]

    def _theory(self, folder: Path) -> Theory:
        """Return the theory of a folder's suites; made once."""
        from spi_verify.papers.definitions import theory_of
        from spi_verify.papers.paper import paper_in
        from spi_verify.theory import PAPER

        if folder not in self._theories:
            paper = paper_in(folder)
            self._theories[folder] = PAPER if paper is None else theory_of(paper)
        return self._theories[folder]

    def _draft(self, folder: Path) -> Draft | None:
        """Return the draft in a folder, if it is one; read once."""
        from spi_verify.papers.drafts import read_draft
        from spi_verify.papers.paper import paper_in

        if folder not in self._drafts:
            paper = paper_in(folder)
            extends = paper is not None and paper.extended is not None
            self._drafts[folder] = read_draft(paper) if paper is not None and extends else None
        return self._drafts[folder]

    def outcome(self, file: Path, statement: Statement | Executed) -> Outcome:
        """Decide a statement of a suite, with the statements that its lemmas come from."""
        from spi_verify.obligations.running import run
        from spi_verify.papers.certificates import kept_for
        from spi_verify.papers.choosing import with_lemmas

        key = file, statement.id
        if key not in self._outcomes:
            try:
                known = self._known(file, statement)
                needed = [known[id] for id in with_lemmas([statement.id], known)]
                kept = kept_for(needed)
                self._outcomes[key] = run(
                    needed, jobs=self._jobs, cache=self.cache, certificates=kept
                )[0]
            except InputError as error:
                self._outcomes[key] = error.located(file=str(file))
        outcome = self._outcomes[key]
        if isinstance(outcome, InputError):
            raise outcome
        return outcome

    def _known(
        self, file: Path, statement: Statement | Executed
    ) -> Mapping[str, Statement | Executed]:
        """Return where lemmas come from: this suite, those beside it, shipped ones, in this order.

        That a lemma is what its source proves is for ``run`` to check.
        """
        from spi_verify.papers.paper import shipped_papers

        own, draft = self.load(file), self._draft(file.parent)
        if draft is not None:
            return draft.statements
        if not getattr(statement, "lemmas", None):
            return own
        known: dict[str, Statement | Executed] = {}
        shipped = [paper.folder for paper in shipped_papers().values()]
        for folder in dict.fromkeys((*shipped, file.parent)):
            for other in sorted(folder.glob("*.py")):
                if is_suite(other):
                    try:
                        known.update(self.load(other))
                    except InputError:
                        continue
        return {**known, **own}


_SUITES = pytest.StashKey[Suites]()


def _suites(session: pytest.Session) -> Suites:
    if _SUITES not in session.stash:
        worker = hasattr(session.config, "workerinput")
        session.stash[_SUITES] = Suites(1 if worker else os.cpu_count() or 1)
    return session.stash[_SUITES]
