"""Reading a saved counterexample or construction, and executing it without a solver."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from spi_verify.counterexamples.file import (
    build,
    claimed_in,
    confirm_saved,
    not_compared,
    refuted,
)
from spi_verify.errors import InputError, located
from spi_verify.files import read_json
from spi_verify.schemas import OF_CLAIM, OF_INSTANCE, OF_STATEMENT, OF_TIGHTNESS

OTHER_WORDS = "its story and what it says of the hypotheses were"


def replay(path: Path) -> str:
    """Execute a saved counterexample exactly, without a solver.

    Returns
    -------
    str
        The counterexample in a sentence.

    Raises
    ------
    Rejected
        When the file's counterexample is none.
    InputError
        When the file is not a counterexample.
    """
    return retold(path)[0]


def retold(path: Path) -> tuple[str, Mapping[str, Any] | None]:
    """Execute a saved counterexample as :func:`replay` does, and return what is told of it.

    Returns
    -------
    tuple
        The counterexample in a sentence; and one to a statement as it would be saved now, or None.

    Raises
    ------
    Rejected, InputError
        As :func:`replay` does.
    """
    file = str(path)
    with located(file=file):
        data = read_json(path)
        schema = data.get("schema") if isinstance(data, dict) else None
        if schema == OF_STATEMENT:
            return _of_statement(data)
        # What is not a statement's needs other rooms.
        if schema == OF_CLAIM:
            from spi_verify.claims import counterexample

            return counterexample.confirm_saved(data, file=file), None
        if schema == OF_TIGHTNESS:
            from spi_verify.counterexamples.iterated import tight

            return tight.confirm_saved(data), None
        if schema == OF_INSTANCE:
            from spi_verify.counterexamples.programs import instances

            return instances.confirm_saved(data), None
        known = f"{', '.join((OF_CLAIM, OF_STATEMENT, OF_TIGHTNESS))} or {OF_INSTANCE}"
        raise InputError(f"not a counterexample (its schema should be {known})", where="schema")


def _of_statement(data: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    confirmation = confirm_saved(data)
    claimed, kind, body = claimed_in(data)
    sentence = f"{refuted(data)}: {confirmation.conclusion}"
    return sentence + not_compared(data, OTHER_WORDS), build(claimed, kind, body, confirmation)


def title_of(refutation: Mapping[str, Any]) -> str:
    """Return the title of the shipped statement that a counterexample refutes, or nothing."""
    from spi_verify.counterexamples.statements.variants import definition_in_words
    from spi_verify.papers.loading import shipped_statement

    known = shipped_statement(refutation["statement"])
    if known is None or refutation["formulas"]:
        return ""
    lacking = "".join(f", without {name}" for name in refutation["without"])
    changed = (definition_in_words(*one) for one in refutation["definitions"].items())
    return f"{known.title}{lacking}{''.join(f', with {one}' for one in changed)}"
