"""Saved counterexamples to statements: built, and confirmed again without a solver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from spi_verify.counterexamples.kind import FILE_KEYS, Body, Claimed, Confirmation
from spi_verify.counterexamples.registry import is_known, kinds, named
from spi_verify.errors import InputError, Rejected, located
from spi_verify.schemas import OF_STATEMENT

SCHEMA = OF_STATEMENT

WORDING = 6
"""The version of the words in a file, raised whenever anything is told in other words.

Files without it are of version 1. Of a file of any older version the story and the checks are not
compared with what is shown; the conclusion is: it is told as now, or as an older version told it
(``Confirmation.formerly``, which some kinds have). So a conclusion that is told in other words has
its former ones there. Files of newer versions are not read.
"""


def build(claimed: Claimed, kind: str, body: Body, confirmation: Confirmation) -> dict[str, Any]:
    """Return a counterexample as plain data that stands on its own.

    Parameters
    ----------
    claimed
        What it refutes.
    kind
        The name of its kind.
    body
        The counterexample itself, as that kind has it: strings, lists and dicts.
    confirmation
        What executing it showed.
    """
    return {
        "schema": SCHEMA,
        "statement": claimed.statement,
        "without": list(claimed.without),
        "definitions": dict(claimed.definitions),
        "formulas": dict(claimed.formulas),
        "kind": kind,
        kind: dict(body),
        "wording": WORDING,
        "hypotheses": [{"name": c.name, "check": c.how} for c in confirmation.hypotheses],
        "conclusion": confirmation.conclusion,
        "story": list(confirmation.story),
    }


def confirm_saved(data: Mapping[str, Any]) -> Confirmation:
    """Execute a counterexample given as plain data; no solver is asked.

    Raises
    ------
    Rejected
        When it is no counterexample, or shows something else than it says.
    InputError
        When a key is missing or malformed, or a newer version wrote it.
    """
    now = worded_now(data)
    confirmation, shown = execute(data)
    missing = [key for key in _WORDS if key not in data]
    if now and missing:
        raise InputError("this is missing: it says what the counterexample shows", where=missing[0])
    require_hypotheses(data, shown)
    for key, what in _WORDS.items():
        stated = data.get(key, shown[key])
        if not now and key != "conclusion":
            fits = key == "hypotheses" or _texts(stated)  # what is told of those is not compared
        else:
            fits = stated == shown[key] or _formerly(data, key, confirmation)
        if not fits:
            raise Rejected(
                f"{what} in the file differ from what it shows: {_first(data, shown, key)}"
            )
    return confirmation


def execute(data: Mapping[str, Any]) -> tuple[Confirmation, dict[str, Any]]:
    """Execute a counterexample, whatever its file says that it shows.

    Returns
    -------
    tuple
        What it shows, and the counterexample as it would be saved now.

    Raises
    ------
    Rejected, InputError
        As :func:`confirm_saved` does, apart from what is told.
    """
    claimed, kind, body = claimed_in(data)
    found = named(kind)
    try:
        with located(where=kind):
            confirmation = found.confirm(claimed, body)
    except RecursionError:
        raise InputError("nested too deeply") from None
    return confirmation, build(claimed, kind, body, confirmation)


def _formerly(data: Mapping[str, Any], key: str, confirmation: Confirmation) -> bool:
    """Whether an older file has the conclusion in words of its time."""
    if key != "conclusion" or confirmation.formerly is None or worded_now(data):
        return False
    return data[key] in confirmation.formerly()


_WORDS = {
    "hypotheses": "the checks of the hypotheses",
    "conclusion": "the conclusion",
    "story": "the story",
}


def worded_now(data: Mapping[str, Any]) -> bool:
    """Return whether a file is told in the words of this version, so that they can be compared.

    Raises
    ------
    InputError
        When it says something else than a version, or a newer one than this.
    """
    version = data.get("wording", 1)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise InputError("this is the number of a version", where="wording")
    if version > WORDING:
        raise InputError(
            f"a newer version wrote this file: this one reads words up to {WORDING}",
            where="wording",
        )
    return version == WORDING


def not_compared(data: Mapping[str, Any], what: str) -> str:
    """Return a note, to be put after a sentence, that older words were not compared; or nothing.

    Raises
    ------
    InputError
        As :func:`worded_now` does.
    """
    return "" if worded_now(data) else f" (another version wrote it: {what} not compared)"


def require_hypotheses(data: Mapping[str, Any], shown: Mapping[str, Any]) -> None:
    """Make sure that a file in whatever words lists the hypotheses that were checked.

    Raises
    ------
    Rejected
        When it does not.
    """
    stated = data.get("hypotheses", shown["hypotheses"])
    names = [one["name"] for one in shown["hypotheses"]]
    told = isinstance(stated, list) and all(
        isinstance(one, dict) and set(one) == {"name", "check"} and isinstance(one["check"], str)
        for one in stated
    )
    if not told or names != [one["name"] for one in stated]:
        raise Rejected(
            f"the checks of the hypotheses in the file differ from what it shows: "
            f"{', '.join(names) or 'there is none'}"
        )


def _first(data: Mapping[str, Any], shown: Mapping[str, Any], key: str) -> str:
    if key == "conclusion":
        return str(shown[key])
    stated = data[key] if isinstance(data[key], list) else []
    lines = [line for k, line in enumerate(shown[key]) if k >= len(stated) or stated[k] != line]
    line = lines[0] if lines else "it says more"
    return f"{line['name']}: {line['check']}" if isinstance(line, dict) else str(line)


def refuted(data: Mapping[str, Any]) -> str:
    """Return in words what a counterexample is said to refute."""
    text = f"refutes {data['statement']}"
    if data.get("without"):
        text += f" without {', '.join(data['without'])}"
    if data.get("definitions"):
        text += f" with another {', '.join(data['definitions'])}"
    if data.get("formulas"):
        text += ", a statement of the file's own"
    return text


def canonical(data: Mapping[str, Any]) -> str:
    """Return a text that two counterexamples share if they differ in names and scales only."""
    return named(data["kind"]).form(data[data["kind"]])


def claimed_in(data: Mapping[str, Any]) -> tuple[Claimed, str, Body]:
    """Return what a counterexample says it refutes, its kind, and the counterexample itself.

    Raises
    ------
    InputError
        When a key is missing or malformed.
    """
    kind = data.get("kind")
    if not isinstance(kind, str) or not is_known(kind):
        raise InputError(f"a counterexample is of kind {', '.join(kinds())}", where="kind")
    unknown = sorted(set(data) - {*FILE_KEYS, kind})
    if unknown:
        raise InputError(f"there is no key {unknown[0]!r} in a counterexample")
    body = data.get(kind)
    if not isinstance(body, dict):
        raise InputError("the counterexample itself is missing or no table", where=kind)
    return read_claimed(data), kind, body


def read_claimed(data: Mapping[str, Any]) -> Claimed:
    """Return what a counterexample, given as plain data, is said to refute.

    Raises
    ------
    InputError
        When a key is missing or malformed.
    """
    statement = data.get("statement")
    if not isinstance(statement, str):
        raise InputError("name the statement that is refuted", where="statement")
    without = data.get("without", [])
    if not _texts(without):
        raise InputError("this is a list of names of hypotheses", where="without")
    tables = []
    for key in ("definitions", "formulas"):
        table = data.get(key, {})
        if not isinstance(table, dict) or not _texts(list(table.values())):
            raise InputError("this is a table of formulas as text", where=key)
        tables.append(table)
    return Claimed(statement, tuple(without), tables[0], tables[1])


def _texts(values: Any) -> bool:
    if not isinstance(values, Sequence) or isinstance(values, str):
        return False
    return all(isinstance(value, str) for value in values)
