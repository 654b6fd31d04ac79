"""The theory: signature, named definitions, variants, and evaluation in finite structures.

``PAPER`` holds the definitions as the paper has them, and those of some selection functions.
"""

from spi_verify.theory.definitions import PAPER_DEFINITIONS
from spi_verify.theory.formulas import (
    fingerprint,
    functions_of,
    joined,
    numeral,
    once_for_each,
    same_formula,
    size_of,
    subterms,
    unlike,
)
from spi_verify.theory.iterated import ITERATED_DEFINITIONS
from spi_verify.theory.selections import SELECTION_DEFINITIONS
from spi_verify.theory.theory import Definition, Theory, axiom, carried_out_by, define

PAPER = Theory(
    {
        definition.name: definition
        for definition in (*PAPER_DEFINITIONS, *SELECTION_DEFINITIONS, *ITERATED_DEFINITIONS)
    }
)

__all__ = [
    "PAPER",
    "Definition",
    "Theory",
    "axiom",
    "carried_out_by",
    "define",
    "fingerprint",
    "functions_of",
    "joined",
    "numeral",
    "once_for_each",
    "same_formula",
    "size_of",
    "subterms",
    "unlike",
]
