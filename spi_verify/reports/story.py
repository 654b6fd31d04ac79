"""Why a result is not the one expected, in lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from spi_verify.counterexamples.bimatrix import INDENT
from spi_verify.verdicts import Result


def in_full(refutation: Mapping[str, Any], title: str = "") -> Iterator[str]:
    r"""Yield a counterexample for a terminal: what it refutes, its story, what was checked.

    Parameters
    ----------
    refutation
        As :func:`spi_verify.counterexamples.file.build` makes it.
    title
        Of the statement, where it is known.

    Examples
    --------
    >>> told = {"statement": "composition", "story": ["So nobody gains."], "hypotheses": []}
    >>> print("\\n".join(in_full(told, "Composing two SPIs is an SPI")))
    composition is refuted: Composing two SPIs is an SPI
      So nobody gains.
    """
    yield f"{refutation['statement']} is refuted{title and f': {title}'}"
    for line in refutation["story"]:
        yield f"  {line}"
    checks = refutation["hypotheses"]
    if checks:
        yield "  It meets what is supposed:"
    for check in checks:
        yield f"    {check['name']}: {check['check']}"


def story(result: Result) -> list[str]:
    """Return what was expected and found, the reason, and the story of a counterexample.

    Examples
    --------
    >>> from spi_verify.verdicts import Verdict
    >>> story(Result("composition", Verdict.UNKNOWN, reason="no step is proved"))
    ['composition is unknown, expected proved: no step is proved']
    """
    head = f"{result.id} is {result.shown}, expected {result.expected}"
    told = [f"{head}: {result.reason}" if result.reason else head]
    lines = (result.counterexample or {}).get("story", ())
    return [*told, *map(str, lines if isinstance(lines, list | tuple) else ())]


def beside_payoffs(told: Sequence[str]) -> list[str]:
    """Return a story for a place where the payoffs stand beside it: without a table of its own.

    Examples
    --------
    >>> beside_payoffs(["In this game Ann chooses:", "    |  1", "  1 | 0, 0", "So it is."])
    ['In this game Ann chooses.', 'So it is.']
    """
    lines: list[str] = []
    for line, following in zip_longest(told, told[1:], fillvalue=""):
        if line.startswith(INDENT):
            continue
        table = following.startswith(INDENT)
        lines.append(f"{line.removesuffix(':')}." if table else line)
    return lines


def in_parts(told: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield the lines of a story, each with the lines of the table that follows it.

    Examples
    --------
    >>> list(in_parts(["In this game:", "    |  1", "  1 | 0, 0", "So it is."]))
    [('In this game:', ['    |  1', '  1 | 0, 0']), ('So it is.', [])]
    """
    table: list[str] = []
    line: str | None = None
    for one in told:
        if line is not None and one.startswith(INDENT):
            table.append(one)
            continue
        if line is not None:
            yield line, table
        line, table = one, []
    if line is not None:
        yield line, table
