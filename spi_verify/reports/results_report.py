"""The results of ``check``, ``prove``, ``refute`` or ``replay`` as a report: Markdown, or LaTeX."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from spi_verify.reports.blocks import Block, Code, Heading, Items, Paragraph, line
from spi_verify.reports.html import sentence
from spi_verify.reports.latex import latex
from spi_verify.reports.markdown import as_markdown
from spi_verify.reports.told_in_blocks import Pictures, decided, pictures_beside, reading
from spi_verify.verdicts import Report, Result, summary

if TYPE_CHECKING:
    from spi_verify.obligations.outcomes import Outcome

TITLES = {
    "check": "Claims: verdicts and counterexamples",
    "prove": "Proofs: verdicts and what they rest on",
    "refute": "Counterexamples: what was looked for and found",
    "replay": "Counterexamples, executed again",
}


def results_report(
    told: Sequence[tuple[Result, str, Outcome | None]],
    errors: Sequence[str],
    file: Path,
    command: str,
    *,
    as_latex: bool,
) -> str:
    """Return a report, and draw its pictures in a folder beside a file.

    Parameters
    ----------
    told
        Results, each with the title of its statement, and with the statement where it is at hand.
    errors
        Messages about input that could not be read.
    file
        Where the report will stand.
    command
        What ran.
    as_latex
        Whether it is LaTeX, and not Markdown.
    """
    pictures = pictures_beside(file, as_latex=as_latex)
    blocks = list(_blocks(told, errors, command, pictures))
    return written(blocks, as_latex=as_latex)


def written(blocks: Sequence[Block], *, as_latex: bool) -> str:
    """Return blocks as LaTeX, or as Markdown."""
    return latex(blocks) if as_latex else as_markdown(blocks)


def _blocks(
    told: Sequence[tuple[Result, str, Outcome | None]],
    errors: Sequence[str],
    command: str,
    pictures: Pictures,
) -> Iterator[Block]:
    yield Heading(1, (TITLES[command],))
    report = Report([result for result, _, _ in told], list(errors))
    yield Paragraph((sentence(summary(report)),))
    if errors:
        yield Items(tuple((error,) for error in errors))
    for result, title, outcome in told:
        yield Heading(2, line(Code(result.id), f": {title}" if title else ""))
        yield Paragraph((sentence(decided(result)),))
        added = () if outcome is None else outcome.statement.added
        yield from reading(result, outcome, added, pictures)
