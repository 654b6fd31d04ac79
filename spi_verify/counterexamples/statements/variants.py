"""Changed definitions in words, where they are variants that a paper ships."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from spi_verify.counterexamples.statements.spoken_of import changed_definitions
from spi_verify.counterexamples.statements.texts import read_definition
from spi_verify.errors import InputError
from spi_verify.obligations.statements import Statement
from spi_verify.papers.definitions import shipped_variants, variant
from spi_verify.theory import PAPER, fingerprint
from spi_verify.theory.terms import Formula


def changes_in_words(statement: Statement) -> Iterator[str]:
    """Yield a line for each shipped variant among the changed definitions of a statement."""
    for name in changed_definitions(statement):
        for short, words in _variants(name, statement.theory.axiom(name)):
            yield f"The definition of {name} is another one, {short}: {words}"


def definition_in_words(name: str, text: str) -> str:
    """Return what a changed definition says, as a counterexample has it; or whose it is."""
    axiom = PAPER.with_(**{name: read_definition(name, text)}).axiom(name)
    said = [words.removesuffix(".") for _, words in _variants(name, axiom)]
    return f"another definition: {said[0]}" if said else f"another {name}"


def _variants(name: str, axiom: Formula) -> Iterator[tuple[str, str]]:
    """Yield the shipped variants that say this, each with its words."""
    said = fingerprint(axiom)
    yield from ((one, _words(one)) for one in shipped_variants() if _said(name, one) == said)


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
