"""The commands that lead to the same verdicts again."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from spi_verify.verdicts import Result


def commands(arguments: Sequence[str], results: Sequence[Result]) -> tuple[str, ...]:
    """Return the commands that decide statements again, and that find their counterexamples.

    Parameters
    ----------
    arguments
        What was audited, with the options that count, as the command line says it.
    results
        What became of it.
    """
    told = " ".join(map(shlex.quote, arguments))
    lines = [f"spi-verify audit {told}".rstrip()]
    refuted = [one for one in results if one.counterexample and "kind" in one.counterexample]
    if refuted:
        name = f"{refuted[0].id.replace('/', '.')}.json"
        place = shlex.quote(arguments[0]) if arguments else ""
        parts = ("spi-verify refute", place, shlex.quote(refuted[0].id), "--save counterexamples")
        lines.append(" ".join(part for part in parts if part))
        lines.append(f"spi-verify replay {shlex.quote(f'counterexamples/{name}')}")
    return tuple(lines)
