"""Saved counterexamples to statements: built, and confirmed again without a solver."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from spi_verify.errors import InputError, Rejected, located

SCHEMA = "spi-verify/refutation/1"

KINDS = {
    "executed": "spi_verify.counterexamples.executed",
    "iterated": "spi_verify.counterexamples.iterated.confirming",
    "polytope": "spi_verify.counterexamples.polytopes.confirming",
    "programs": "spi_verify.counterexamples.programs.confirming.examination",
    "sets": "spi_verify.counterexamples.sets.confirming",
}
"""For each kind of counterexample the module whose ``confirm`` executes it."""


_KEYS = (
    "schema",
    "statement",
    "without",
    "definitions",
    "formulas",
    "kind",
    "hypotheses",
    "conclusion",
    "story",
)


@dataclass(frozen=True)
class Claimed:
    """What a counterexample is said to refute.

    Parameters
    ----------
    statement
        The id of the statement, such as ``"composition"`` or ``"composition/repaired"``.
    without
        Names of the hypotheses that were dropped from it.
    definitions
        The definitions that were replaced, each as SMT-LIB text that asserts it.
    formulas
        For a statement that is not one of the paper's: its hypotheses by name, ``goal``, and the
        closed definitions that it takes for granted, each as SMT-LIB text that asserts it.
    """

    statement: str
    without: tuple[str, ...] = ()
    definitions: Mapping[str, str] = field(default_factory=dict)
    formulas: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Check:
    """That one hypothesis holds, and how this was checked."""

    name: str
    how: str


@dataclass(frozen=True)
class Confirmation:
    """What executing a counterexample shows.

    Parameters
    ----------
    hypotheses
        Every hypothesis of the statement, with how it was checked.
    conclusion
        One sentence: which part of the conclusion fails, and by how much.
    story
        The counterexample in a few lines, in the paper's terms.
    """

    hypotheses: tuple[Check, ...]
    conclusion: str
    story: tuple[str, ...]


def build(
    claimed: Claimed, kind: str, body: Mapping[str, Any], confirmation: Confirmation
) -> dict[str, Any]:
    """Return a counterexample as plain data that stands on its own.

    Parameters
    ----------
    claimed
        What it refutes.
    kind
        One of :data:`KINDS`.
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
        When a key is missing or malformed.
    """
    claimed, kind, body = claimed_in(data)
    module = importlib.import_module(KINDS[kind])
    try:
        with located(where=kind):
            confirmation: Confirmation = module.confirm(claimed, body)
    except RecursionError:
        raise InputError("nested too deeply") from None
    shown = build(claimed, kind, body, confirmation)
    for key, what in (
        ("hypotheses", "the checks of the hypotheses"),
        ("conclusion", "the conclusion"),
        ("story", "the story"),
    ):
        if data.get(key, shown[key]) != shown[key]:
            raise Rejected(
                f"{what} in the file differ from what it shows: {_first(data, shown, key)}"
            )
    return confirmation


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


def claimed_in(data: Mapping[str, Any]) -> tuple[Claimed, str, Mapping[str, Any]]:
    """Return what a counterexample says it refutes, its kind, and the counterexample itself.

    Raises
    ------
    InputError
        When a key is missing or malformed.
    """
    kind = data.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise InputError(f"a counterexample is of kind {', '.join(KINDS)}", where="kind")
    unknown = sorted(set(data) - {*_KEYS, kind})
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
    return Claimed(statement, tuple(without), *tables)


def _texts(values: Any) -> bool:
    if not isinstance(values, Sequence) or isinstance(values, str):
        return False
    return all(isinstance(value, str) for value in values)
