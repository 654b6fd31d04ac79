"""The audit as a report to send: verdicts, stories, payoffs, what is supposed, how to reproduce."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spi_verify.errors import InputError
from spi_verify.obligations.statements import Hypothesis, Statement
from spi_verify.reports.audit import summary
from spi_verify.reports.blocks import (
    Block,
    Code,
    Grid,
    Heading,
    Inline,
    Items,
    Lines,
    Paragraph,
    Picture,
    codes,
    line,
)
from spi_verify.reports.formulas import formula
from spi_verify.reports.html import identifier, sentence
from spi_verify.reports.payoffs import payoff_table
from spi_verify.reports.portrait import plot_refutation
from spi_verify.reports.reproducing import commands
from spi_verify.reports.story import beside_payoffs
from spi_verify.reports.told import EVIDENCE
from spi_verify.verdicts import Result, Verdict

if TYPE_CHECKING:
    from spi_verify.audit.readings import Audited, Reading
    from spi_verify.obligations.running import Outcome
    from spi_verify.papers.paper import Paper


@dataclass
class Appendix:
    """A report on papers.

    Parameters
    ----------
    audits
        Papers, each with its statements.
    untouched
        The drafts among the papers, by name, each with what says the same as before.
    solvers
        Versions.
    arguments
        What was audited, as the command line says it.
    pictures
        Where pictures are written, and their ending; None: nowhere.
    """

    audits: Sequence[tuple[Paper, Sequence[Audited]]]
    untouched: Mapping[str, Sequence[str]]
    solvers: Mapping[str, str]
    arguments: Sequence[str]
    pictures: tuple[Path, str] | None = None
    _drawn: set[str] = field(default_factory=set)

    def blocks(self) -> list[Block]:
        """Return the report."""
        found: list[Block] = []
        for paper, audited in self.audits:
            found += self._paper(paper, audited)
        found += self._reproducing()
        return found

    def _paper(self, paper: Paper, audited: Sequence[Audited]) -> Iterator[Block]:
        untouched = self.untouched.get(paper.name)
        yield Heading(1, (f"Verdicts: {paper.title}",))
        if paper.extended is not None:
            changed = codes(paper.definitions)
            yield Paragraph(
                line(
                    f"A draft of {paper.extended.title}. It changes or adds ",
                    changed,
                    ". Where a statement is another than before, the verdict before stands first.",
                )
            )
        yield Paragraph((sentence(summary([one.row for one in audited])),))
        yield Items(tuple(_overview(one) for one in audited))
        if untouched:
            yield Paragraph(line("Untouched, and not decided again: ", codes(untouched), "."))
        for one in audited:
            yield from self._statement(one)

    def _statement(self, one: Audited) -> Iterator[Block]:
        yield Heading(2, line(Code(one.id), f": {one.title}"))
        if one.revision is not None and one.revision.changed:
            yield Paragraph(line("Changed by ", codes(one.revision.changed), "."))
        names = ("As printed",) if one.repaired is None else ("As printed", "Repaired")
        for name, reading in zip(names, one.readings, strict=True):
            yield from self._reading(name, reading, one.row.added_hypotheses)

    def _reading(self, name: str, reading: Reading, added: Sequence[str]) -> Iterator[Block]:
        result, outcome = reading.result, reading.outcome
        said = f"{name}: {result.shown}"
        if result.evidence is not None:
            said += f" ({EVIDENCE[result.evidence]})"
        if not result.as_expected:
            said += f"; expected: {result.expected}"
        yield Heading(3, (f"{said}.",))
        if outcome is not None:
            yield from _supposed(outcome, added if name == "Repaired" else ())
        if result.counterexample is not None:
            yield from self._counterexample(result)
        elif result.reason and (result.verdict is not Verdict.PROVED or result.consistency_open):
            yield Paragraph((sentence(result.reason),))
        if outcome is not None:
            yield from _core(outcome, result)

    def _counterexample(self, result: Result) -> Iterator[Block]:
        data = dict(result.counterexample or {})
        yield Paragraph(("The counterexample, which was executed:",))
        table = payoff_table(data)
        if table is not None:
            head = tuple((cell,) for cell in table.head)
            rows = tuple(tuple((cell,) for cell in row) for row in table.rows)
            yield Grid(head, rows, table.caption)
        story = [str(told) for told in data.get("story", ())]
        if table is not None:
            story = beside_payoffs(story)
        if story:
            yield Items(tuple((told,) for told in story), numbered=True)
        if result.reason and not (story and result.reason in story[-1]):
            yield Paragraph((sentence(result.reason),))
        yield from self._picture(result.id, data)

    def _picture(self, id: str, data: Mapping[str, Any]) -> Iterator[Block]:
        if self.pictures is None or "kind" not in data:
            return
        folder, ending = self.pictures
        name = identifier(id).replace(".", "-")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            plot_refutation(data, folder / f"{name}.{ending}")
        except InputError:
            return
        except OSError as error:
            raise InputError(f"cannot make it: {error.strerror}", file=str(folder)) from error
        yield Picture(f"{folder.name}/{name}", f"Payoffs in the counterexample to {id}.")

    def _reproducing(self) -> Iterator[Block]:
        everything = [one for _, audited in self.audits for one in audited]
        yield Heading(2, ("How to reproduce",))
        versions = ", ".join(f"{name} {version}" for name, version in self.solvers.items())
        yield Paragraph(
            (
                f"With {versions}. Everything is decided anew, or found in the cache of answers; "
                "a counterexample that is saved is executed again without a solver.",
            )
        )
        yield Lines(
            commands(self.arguments, [r.result for one in everything for r in one.readings])
        )


def _overview(one: Audited) -> Inline:
    readings = [("as printed", one.literal, "literal")]
    if one.repaired is not None:
        readings.append(("repaired", one.repaired, "repaired"))
    before = None if one.revision is None else one.revision.before
    told = []
    for name, reading, key in readings:
        old = None if before is None else getattr(before, key)
        was = "" if old is None else f"{old.result.shown} → "
        told.append(f"{was}{reading.result.shown}" + (f" ({name})" if one.repaired else ""))
    by = () if one.revision is None else codes(one.revision.changed)
    changed = line("; changed by ", by) if one.revision and one.revision.changed else ()
    return line(Code(one.id), f", {one.title}: {', '.join(told)}", changed)


def _supposed(outcome: Outcome, added: Sequence[str]) -> Iterator[Block]:
    """What a reading supposes, and what it claims, in words and as formulas."""
    statement = outcome.statement
    if statement.hypotheses:
        yield Paragraph(("Supposed:",))
    for one in statement.hypotheses:
        mark = ", added" if one.name in added else ""
        meaning = f"{one.meaning} " if one.meaning else ""
        yield Paragraph(line(f"{meaning}(", Code(one.name), f"{mark})"))
        if isinstance(one, Hypothesis):
            yield formula(one)
    if isinstance(statement, Statement):
        yield Paragraph(("Claimed:",))
        yield formula(statement.goal)


def _core(outcome: Outcome, result: Result) -> Iterator[Block]:
    """What was executed; what a proof rests on, and what it does without."""
    if outcome.facts:
        holds = {True: "holds", False: "fails", None: "is not settled"}
        facts = ((f"{f.claim} It {holds[f.holds]}: {f.found}",) for f in outcome.facts)
        yield Items(tuple(facts))
        return
    if result.verdict is not Verdict.PROVED:
        return
    yield Paragraph(line("The proof rests on ", codes(outcome.used), "."))
    supposed = [hypothesis.name for hypothesis in outcome.statement.hypotheses]
    idle = [name for name in supposed if name not in outcome.used]
    if idle:
        yield Paragraph(line("Not needed: ", codes(idle), "."))
