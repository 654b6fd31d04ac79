"""Reading a saved counterexample or construction, and executing it without a solver."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from spi_verify.errors import InputError, located
from spi_verify.models import counterexample
from spi_verify.models.reader import read_text
from spi_verify.search import instances, refutation, tight


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
        data = read(path)
        schema = data.get("schema") if isinstance(data, dict) else None
        if schema == refutation.SCHEMA:
            told = refutation.confirm_saved(data).conclusion
            return f"{refutation.refuted(data)}: {told}"
        if schema == counterexample.SCHEMA:
            return counterexample.confirm_saved(data, file=file)
        if schema == tight.SCHEMA:
            return tight.confirm_saved(data)
        if schema == instances.SCHEMA:
            return instances.confirm_saved(data)
        schemas = (counterexample.SCHEMA, refutation.SCHEMA, tight.SCHEMA)
        known = f"{', '.join(schemas)} or {instances.SCHEMA}"
        raise InputError(f"not a counterexample (its schema should be {known})", where="schema")


def read(path: Path) -> Any:
    """Return the JSON of a file as plain data, numbers with a fraction as text.

    Raises
    ------
    InputError
        When the file cannot be read, is too large, or is no JSON.
    """
    try:
        data = json.loads(read_text(path), parse_float=str, parse_constant=str)
        json.dumps(data, ensure_ascii=False).encode()
        return data
    except UnicodeEncodeError:
        raise InputError("it holds characters that are no text") from None
    except RecursionError:
        raise InputError("nested too deeply") from None
    except json.JSONDecodeError as error:
        raise InputError(f"not a JSON file: {error.msg}", where=f"line {error.lineno}") from None
    except ValueError as error:
        raise InputError(f"not a JSON file: {error}") from None
