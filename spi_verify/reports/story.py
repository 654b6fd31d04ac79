"""Why a result is not the one expected, in lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from spi_verify.counterexamples.bimatrix import INDENT
from spi_verify.verdicts import Result, Verdict

SUPPOSED = "What the statement supposes holds here:"
"""What stands above the checks of hypotheses."""


def in_full(refutation: Mapping[str, Any], title: str = "") -> Iterator[str]:
    r"""Yield a counterexample for a terminal: what is false, its story, what was checked, and why.

    Parameters
    ----------
    refutation
        As :func:`spi_verify.counterexamples.file.build` makes it.
    title
        Of the statement, where it is known.

    Examples
    --------
    >>> told = {"statement": "composition", "story": ["So nobody gains."], "hypotheses": []}
    >>> print("\n".join(in_full(told, "Composing two SPIs is an SPI")))
    composition is refuted. This claim is false: Composing two SPIs is an SPI
      So nobody gains.
    """
    claim = f". This claim is false: {title}" if title else ""
    yield f"{refutation['statement']} is refuted{claim}"
    *happens, because = refutation["story"] or [refutation["conclusion"]]
    for line in happens:
        yield f"  {line}"
    checks = refutation["hypotheses"]
    if checks:
        yield f"  {SUPPOSED}"
    for check in checks:
        yield f"    {check['name']}: {check['check']}"
    yield f"  {because}"


def story(result: Result) -> list[str]:
    """Return what was expected and found, the reason, and the story of a counterexample.

    Examples
    --------
    >>> from spi_verify.verdicts import Verdict
    >>> story(Result("composition", Verdict.UNKNOWN, reason="no step is proved"))
    ['composition is unknown, expected proved: no step is proved']
    """
    head = f"{result.id} is {result.shown}, expected {result.expected}"
    told = f"{head}: {result.reason}" if result.reason else head
    lines = lines_of(result.counterexample or {})
    return [told, *(line for line in lines if line != result.reason)]


def lines_of(counterexample: Mapping[str, Any]) -> list[str]:
    """Return the story of a counterexample line by line, whether it has several or is one.

    Examples
    --------
    >>> lines_of({"story": "player 1 loses 1"}), lines_of({})
    (['player 1 loses 1'], [])
    """
    told = counterexample.get("story", ())
    if isinstance(told, str):
        return [told]
    return list(map(str, told)) if isinstance(told, list | tuple) else []


def with_why(result: Result) -> str:
    """Return the reason of a result and, where its story says that, why the conclusion fails.

    Examples
    --------
    >>> told = {"story": ["Ann bets.", "So Ann loses 1. Bob knew it."]}
    >>> with_why(Result("a", Verdict.REFUTED, counterexample=told, reason="Ann loses 1"))
    'Ann loses 1. Bob knew it.'
    >>> with_why(Result("b", Verdict.UNKNOWN, reason="it takes too long"))
    'it takes too long'
    """
    reason, story = result.reason or "", lines_of(result.counterexample or {})
    because = story[-1].partition(f" {reason}. ")[2] if story and reason else ""
    return f"{reason}. {because}" if because else reason


def why(result: Result) -> str | None:
    """Return the reason of a result without a counterexample, where there is one to be told."""
    proved = result.verdict is Verdict.PROVED and not result.consistency_open
    return None if proved or result.counterexample is not None else result.reason or None


def beside_payoffs(told: Sequence[str], table: Sequence[str]) -> list[str]:
    """Return a story for a place where its payoffs stand beside it: without these lines.

    Examples
    --------
    >>> table = ["    |  1", "  1 | 0, 0"]
    >>> beside_payoffs(["In this game Ann chooses:", *table, "So it is."], table)
    ['In this game Ann chooses.', 'So it is.']
    >>> beside_payoffs(["In this game Ann chooses:", "  1, if she wants."], table)
    ['In this game Ann chooses:', '  1, if she wants.']
    """
    lines, many = list(told), len(table)
    for k in range(1, len(lines) - many + 1 if many else 0):
        if lines[k : k + many] == list(table):
            return [*lines[: k - 1], f"{lines[k - 1].removesuffix(':')}.", *lines[k + many :]]
    return lines


def apart(told: Sequence[str], reason: str) -> tuple[list[str], str]:
    """Return what happens in a story, and why the conclusion fails, which is told last.

    Examples
    --------
    >>> apart(["Ann bets.", "So Ann loses 1. Bob knew it."], "Ann loses 1")
    (['Ann bets.'], 'So Ann loses 1. Bob knew it.')
    >>> apart(["Ann bets."], "Ann loses 1")
    (['Ann bets.'], 'Ann loses 1')
    """
    if told and reason in told[-1]:
        return list(told[:-1]), told[-1]
    return list(told), reason


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
