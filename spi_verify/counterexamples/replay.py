"""Reading a saved counterexample or construction, and executing it without a solver."""

from __future__ import annotations

from pathlib import Path

from spi_verify.claims import counterexample
from spi_verify.counterexamples.file import SCHEMA, confirm_saved, refuted
from spi_verify.counterexamples.iterated import tight
from spi_verify.counterexamples.programs.scenario import INSTANCE
from spi_verify.errors import InputError, located
from spi_verify.files import read_json


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
    file = str(path)
    with located(file=file):
        data = read_json(path)
        schema = data.get("schema") if isinstance(data, dict) else None
        if schema == SCHEMA:
            told = confirm_saved(data).conclusion
            return f"{refuted(data)}: {told}"
        if schema == counterexample.SCHEMA:
            return counterexample.confirm_saved(data, file=file)
        if schema == tight.SCHEMA:
            return tight.confirm_saved(data)
        if schema == INSTANCE:
            from spi_verify.counterexamples.programs import instances

            return instances.confirm_saved(data)
        schemas = (counterexample.SCHEMA, SCHEMA, tight.SCHEMA)
        known = f"{', '.join(schemas)} or {INSTANCE}"
        raise InputError(f"not a counterexample (its schema should be {known})", where="schema")
