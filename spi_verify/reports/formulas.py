"""The formulas of hypotheses, steps and definitions, for reports."""

from __future__ import annotations

from functools import cache

from spi_verify.mathematics.mathml import in_mathml
from spi_verify.mathematics.showing import definition_and_legend, shown_and_legend
from spi_verify.obligations.statements import Executed, Hypothesis, Statement, Step
from spi_verify.papers.notations import notation_at
from spi_verify.reports.blocks import Formula
from spi_verify.reports.html import text

_WIDTH = 58
"""How many characters a line of a formula takes on a page, which shows two readings in columns."""


def formula(statement: Statement | Executed, fact: Hypothesis | Step) -> Formula:
    """Return the formula of a hypothesis or a step of a statement as a block."""
    return Formula(*shown_and_legend(fact.formula, notation_at(statement.folder)))


def definition(statement: Statement, name: str) -> Formula:
    """Return a definition of a statement's theory as a block."""
    return Formula(*definition_and_legend(statement.theory, name, notation_at(statement.folder)))


@cache
def as_html(block: Formula) -> str:
    """Return a formula, and what its letters are, as HTML with MathML in it."""
    letters = f'<p class="quiet letters">{text(block.legend)}</p>' if block.legend else ""
    return f'<div class="scroll formula">{in_mathml(block.shown, width=_WIDTH)}{letters}</div>'
