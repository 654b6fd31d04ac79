"""Which code extends a set-valued function as a theory's definition of an extension says."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from spi_verify.obligations.suites import shipped_variants, variant
from spi_verify.programs.language.functions import PMPExtension, SetFunction
from spi_verify.programs.language.variants import ExtensionOnly, UnconditionalExtension
from spi_verify.theory import PAPER, Theory, same_formula

NAME = "pmp_extension"
EXECUTABLE: dict[str, Callable[[SetFunction], SetFunction]] = {
    "everywhere": PMPExtension,
    "extension_only": ExtensionOnly,
    "unconditional": UnconditionalExtension,
}
"""For the shipped definitions that are recipes, what carries them out."""


def executable(theory: Theory) -> Callable[[SetFunction], SetFunction] | None:
    """Return what makes a function's extension, or None where the definition has no program.

    A changed definition is recognised by its formula. None does not mean that there are no
    extensions: a definition may be an equation, or nobody has written a program for it.
    """
    if theory[NAME] is PAPER[NAME]:
        return PMPExtension
    formula = theory.axiom(NAME)
    for name, known in _known().items():
        if same_formula(formula, known):
            return EXECUTABLE[name]
    return None


def is_extension(function: SetFunction) -> bool:
    """Return whether a function's code says that it extends another."""
    return isinstance(function, (PMPExtension, ExtensionOnly, UnconditionalExtension))


@cache
def _known() -> dict[str, Any]:
    there = shipped_variants()
    return {name: variant([f"{NAME}={name}"]).axiom(NAME) for name in EXECUTABLE if name in there}
