"""Why a result is not the one expected, in lines for people."""

from __future__ import annotations

from collections.abc import Sequence

from spi_verify.verdicts import Result

_PAYOFFS = "; the payoffs:"


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
    >>> beside_payoffs(["A game; the payoffs:", "outcome | 1", "(a)     | 0", "PMM     | 0", "So."])
    ['A game; PMM = (0)', 'So.']
    """
    lines = list(told)
    first = next((k for k, line in enumerate(lines) if line.endswith(_PAYOFFS)), None)
    if first is None:
        return lines
    last = next((k for k in range(first, len(lines)) if lines[k].startswith("PMM ")), None)
    if last is None:
        return lines
    pmm = ", ".join(cell.strip() for cell in lines[last].split("|")[1:])
    lines[first : last + 1] = [f"{lines[first].removesuffix(_PAYOFFS)}; PMM = ({pmm})"]
    return lines
