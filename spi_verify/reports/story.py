"""Why a result is not the one expected, in lines for people."""

from __future__ import annotations

from spi_verify.verdicts import Result


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
