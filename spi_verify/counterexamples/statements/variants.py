"""Changed definitions in words, where they are variants that a paper ships."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from spi_verify.counterexamples.statements.spoken_of import changed_definitions
from spi_verify.errors import InputError
from spi_verify.obligations.statements import Statement
from spi_verify.papers.definitions import shipped_variants, variant
from spi_verify.theory import fingerprint


def changes_in_words(statement: Statement) -> Iterator[str]:
    """Yield a line for each shipped variant among the changed definitions of a statement."""
    for name in changed_definitions(statement):
        said = fingerprint(statement.theory.axiom(name))
        for short in shipped_variants():
            if _said(name, short) == said:
                yield f"The definition of {name} is another one, {short}: {_words(short)}"


@cache
def _said(name: str, short: str) -> str | None:
    """Return the fingerprint of a shipped variant, or None where it defines something else."""
    try:
        return fingerprint(variant([f"{name}={short}"]).axiom(name))
    except InputError:
        return None


def _words(short: str) -> str:
    """Return what a variant says, in the sentence that its file begins with."""
    text = shipped_variants()[short].read_text(encoding="utf-8")
    return (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]
