"""The audit as a report to send: verdicts, stories, payoffs, what is supposed, how to reproduce."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spi_verify.reports import told_in_blocks
from spi_verify.reports.audit import summary
from spi_verify.reports.blocks import (
    Block,
    Code,
    Heading,
    Inline,
    Items,
    Lines,
    Paragraph,
    codes,
    line,
)
from spi_verify.reports.html import sentence
from spi_verify.reports.reproducing import commands
from spi_verify.reports.told_in_blocks import Pictures

if TYPE_CHECKING:
    from spi_verify.audit.readings import Audited, Reading
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
    pictures: Pictures | None = None

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
        yield Heading(3, (f"{name}: {told_in_blocks.decided(result)}.",))
        marked = added if name == "Repaired" else ()
        yield from told_in_blocks.reading(result, outcome, marked, self.pictures)

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
