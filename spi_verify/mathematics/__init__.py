"""Formulas as mathematics: read from z3, laid out in the paper's notation, written in three ways.

Examples
--------
>>> from spi_verify.theory import PAPER
>>> print(in_unicode(shown_definition(PAPER, "weakly_improves")))
u(x) ⪰ u(a) :⇔ ∀i: uᵢ(x) ≥ uᵢ(a)
"""

from spi_verify.mathematics.latex import display, in_latex
from spi_verify.mathematics.lines import in_lines
from spi_verify.mathematics.mathml import in_mathml
from spi_verify.mathematics.showing import legend, shown, shown_definition
from spi_verify.mathematics.unicode import in_unicode

__all__ = [
    "display",
    "in_latex",
    "in_lines",
    "in_mathml",
    "in_unicode",
    "legend",
    "shown",
    "shown_definition",
]
