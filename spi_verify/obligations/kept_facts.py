"""Lists of facts that were found, in a file beside the suite: what later runs need not search.

A suite is code, which may make its steps in loops and share them between statements, so that what
is found is written beside it. Nothing is taken on trust: each list is proved from again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from spi_verify.errors import InputError
from spi_verify.files import listed, read_json

SCHEMA = "spi-verify/facts/1"
MAX_BYTES = 16 * 2**20

Lists = Mapping[str, Mapping[str, tuple[str, ...]]]
"""For each statement, by id, the facts of each step that lists none, by name."""


def file_of(suite: Path) -> Path:
    """Return where the lists of a suite are kept."""
    return suite.with_name(f"{suite.stem}.facts.json")


def read(suite: Path) -> Lists:
    """Return the lists that are kept beside a suite; none where there is no file.

    Raises
    ------
    InputError
        When the file is none of these.
    """
    file = file_of(suite)
    if not listed(file):
        return {}
    document = read_json(file, max_bytes=MAX_BYTES)
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise InputError(f"this is no file of facts ({SCHEMA}): delete it", file=str(file))
    statements: Any = document.get("statements")
    if not _is_lists(statements):
        raise InputError(
            "it has to say for each statement which facts prove which step, as --write does",
            file=str(file),
            where="statements",
        )
    return {
        id: {step: tuple(names) for step, names in steps.items()}
        for id, steps in statements.items()
    }


def _is_lists(statements: Any) -> bool:
    return isinstance(statements, dict) and all(
        isinstance(steps, dict)
        and all(
            isinstance(names, list) and all(isinstance(name, str) for name in names)
            for names in steps.values()
        )
        for steps in statements.values()
    )


def text_of(lists: Lists) -> str:
    """Return the text of such a file, sorted by id."""
    statements = {
        id: {step: list(names) for step, names in steps.items()}
        for id, steps in sorted(lists.items())
        if steps
    }
    document = {"schema": SCHEMA, "statements": statements}
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
