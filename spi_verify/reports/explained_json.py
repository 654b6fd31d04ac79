"""What is explained, as data: the schema ``spi-verify/explain/1``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from spi_verify.mathematics.latex import in_latex
from spi_verify.mathematics.mathml import in_mathml
from spi_verify.mathematics.meanings import shown_symbol
from spi_verify.mathematics.showing import definition_and_legend
from spi_verify.mathematics.unicode import in_unicode
from spi_verify.obligations.statements import Hypothesis, Statement
from spi_verify.papers.explaining import (
    Explained,
    ExplainedDefinition,
    ExplainedStatement,
    ExplainedSymbol,
)
from spi_verify.reports.blocks import Formula
from spi_verify.reports.formulas import formula

SCHEMA = "spi-verify/explain/1"


def to_json(explained: Sequence[Explained], errors: Sequence[str] = ()) -> dict[str, Any]:
    """Return what was explained, every formula in Unicode, LaTeX and MathML."""
    return {
        "schema": SCHEMA,
        "explained": [_entry(one) for one in explained],
        **({"errors": list(errors)} if errors else {}),
    }


def _entry(one: Explained) -> dict[str, Any]:
    if isinstance(one, ExplainedDefinition):
        return _definition(one)
    return _symbol(one) if isinstance(one, ExplainedSymbol) else _statement(one)


def _formula(block: Formula) -> dict[str, str]:
    return {
        "unicode": in_unicode(block.shown),
        "latex": in_latex(block.shown),
        "mathml": in_mathml(block.shown),
        "letters": block.legend,
    }


def _definition(one: ExplainedDefinition) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "name": one.name,
        "place": one.place,
        "words": one.words,
        "formula": _formula(Formula(*definition_and_legend(one.theory, one.name, one.notation))),
        "changed": one.is_changed,
        "printed": list(one.printed),
        "symbols": list(one.symbols),
        "rests_on": list(one.rests_on),
        "in_definitions": list(one.in_definitions),
        "listed_by": list(one.listed),
        "supposed_by": list(one.supposed),
        "goal_of": list(one.proved),
    }


def _symbol(one: ExplainedSymbol) -> dict[str, Any]:
    return {
        "kind": "symbol",
        "name": one.name,
        "words": one.words,
        "formula": _formula(Formula(*shown_symbol(one.symbol, one.words, one.notation))),
        "in_definitions": list(one.in_definitions),
    }


def _statement(one: ExplainedStatement) -> dict[str, Any]:
    statement = one.statement
    hypotheses = [
        {
            "name": fact.name,
            "meaning": fact.meaning,
            "added": fact.name in statement.added,
            "formula": _formula(formula(statement, fact)) if isinstance(fact, Hypothesis) else None,
        }
        for fact in statement.hypotheses
    ]
    found = {
        "kind": "statement",
        "name": statement.id,
        "place": one.place,
        "words": statement.title,
        "printed": list(one.printed),
        "reading": statement.reading,
        "other_reading": one.other,
        "expected": str(statement.expected),
        "note": statement.note,
        "hypotheses": hypotheses,
        "used_by": list(one.used_by),
        "recorded": one.recorded,
        "counterexamples": list(map(str, one.saved)),
        "certificates": None if one.certificates is None else str(one.certificates),
    }
    if not isinstance(statement, Statement):
        return found
    return {
        **found,
        "formula": _formula(formula(statement, statement.goal)),
        "definitions": list(statement.definitions),
        "changed_definitions": list(one.changed),
        "lemmas": dict(statement.lemmas),
        "steps": [
            {
                "name": step.name,
                "uses": None if step.uses is None else list(step.uses),
                "formula": _formula(formula(statement, step)),
            }
            for step in statement.steps
        ],
    }
