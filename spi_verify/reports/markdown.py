"""Results as Markdown: for the summary of a step on GitHub, and as a report to send."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spi_verify.mathematics.latex import in_rows
from spi_verify.reports.blocks import (
    Bimatrix,
    Block,
    Code,
    Formula,
    Grid,
    Heading,
    Inline,
    Items,
    Lines,
    Paragraph,
    Picture,
)
from spi_verify.reports.story import in_parts, story
from spi_verify.text import printable
from spi_verify.verdicts import Report, summary

MOST_STORIES = 50
"""So many surprises are told in full; GitHub refuses a summary of more than a megabyte."""


def markdown(report: Report, heading: str) -> str:
    """Return a table of the verdicts, and the story of each that is not the one expected.

    Parameters
    ----------
    report
        What was found.
    heading
        What was run.
    """
    surprises = [result for result in report.results if not result.as_expected]
    lines = [f"## {escaped(heading)}", "", f"{escaped(summary(report))}.", ""]
    if report.results:
        lines += ["| claim | verdict | evidence | as expected |", "|---|---|---|---|"]
        lines += [
            f"| {escaped(result.id)} | {result.shown} | {result.evidence or '-'} "
            f"| {'yes' if result.as_expected else f'**{result.expectation}**'} |"
            for result in report.results
        ]
        lines.append("")
    for result in surprises[:MOST_STORIES]:
        head, *rest = story(result)
        lines += [f"### {escaped(result.id)}", "", escaped(head), ""]
        for number, (told, table) in enumerate(in_parts(rest), 1):
            lines.append(f"{number}. {escaped(told)}")
            lines += ["", *(f"        {printable(row)}" for row in table), ""] if table else []
        lines += [""] * bool(rest)
    if len(surprises) > MOST_STORIES:
        lines += [f"And {len(surprises) - MOST_STORIES} more, in the table above.", ""]
    lines += _errors(report.input_errors)
    return "\n".join(lines)


def as_markdown(blocks: Sequence[Block]) -> str:
    """Return blocks as Markdown."""
    return "\n".join(part for one in blocks for part in _block(one)) + "\n"


def _line(line: Inline) -> str:
    return "".join(_code(part) if isinstance(part, Code) else escaped(part) for part in line)


def _code(text: str) -> str:
    r"""Return text as code; where it cannot stand between backticks, as text."""
    shown = printable(text)
    return escaped(text) if "`" in shown or "|" in shown or not shown.strip() else f"`{shown}`"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(level, line):
            yield f"{'#' * level} {_line(line)}\n"
        case Paragraph(line):
            yield f"{_line(line)}\n"
        case Items(lines, numbered):
            marks = (f"{k}." if numbered else "-" for k in range(1, len(lines) + 1))
            yield from (f"{mark} {_line(line)}" for mark, line in zip(marks, lines, strict=True))
            yield ""
        case Grid(head, rows, caption):
            yield f"| {' | '.join(map(_line, head))} |"
            yield f"|{'---|' * len(head)}"
            yield from (f"| {' | '.join(map(_line, row))} |" for row in rows)
            yield f"\n{escaped(caption)}\n" if caption else ""
        case Bimatrix(players, columns, rows, caption):
            head = ((" / ".join(players),), *((column,) for column in columns))
            cells = tuple(tuple((cell,) for cell in row) for row in rows)
            yield from _block(Grid(head, cells, caption))
        case Picture(file, caption):
            yield f"![{escaped(caption)}]({file}.svg)\n"
        case Formula(shown, legend):
            yield f"$$\n{in_rows(shown)}\n$$\n"
            yield f"{escaped(legend)}\n" if legend else ""
        case Lines(lines):
            yield from (f"    {printable(one)}" for one in lines)
            yield ""


def escaped(text: str) -> str:
    r"""Return text that Markdown and HTML show as it is.

    Examples
    --------
    >>> escaped("a|b <i> *x*")
    'a\\|b \\<i\\> \\*x\\*'
    """
    return re.sub(r"([\\`*_{}\[\]<>#|~$@&!])", r"\\\1", printable(text))


def _errors(messages: Sequence[str]) -> list[str]:
    if not messages:
        return []
    return ["### Input that could not be read", "", *(f"- {escaped(m)}" for m in messages), ""]
