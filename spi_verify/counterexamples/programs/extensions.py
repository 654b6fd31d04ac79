"""Which code extends a set-valued function as a theory's definition of an extension says."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from spi_verify.counterexamples.statements.spoken_of import changed_in, is_changed
from spi_verify.papers.definitions import shipped_variants, variant
from spi_verify.papers.running import run_file
from spi_verify.programs.language.functions import PMPExtension, SetFunction
from spi_verify.theory import Theory, same_formula

NAME = "pmp_extension"


def executable(theory: Theory) -> Callable[[SetFunction], SetFunction] | None:
    """Return what makes a function's extension, or None where the definition has no program.

    A changed definition is recognised by its formula: what a shipped paper says carries it out.
    None does not mean that there are no extensions: a definition may be an equation, or nobody has
    written a program for it, or a predicate in it is another one.
    """
    formula = theory.axiom(NAME)
    if set(changed_in(formula, theory)) - {NAME}:
        return None
    if not is_changed(theory, NAME):
        return PMPExtension
    return next((program for known, program in _known() if same_formula(formula, known)), None)


def is_extension(function: SetFunction) -> bool:
    """Return whether a function's code says that it extends another."""
    return isinstance(function, _classes())


@cache
def _classes() -> tuple[type, ...]:
    return (PMPExtension, *_programs().values())


@cache
def _programs() -> dict[str, Any]:
    """Return what carries out the shipped variants, by their names."""
    bodies = {name: getattr(run_file(file), NAME) for name, file in shipped_variants().items()}
    said = {name: getattr(body, "carried_out_by", None) for name, body in bodies.items()}
    return {name: program for name, program in said.items() if program is not None}


@cache
def _known() -> list[tuple[Any, Any]]:
    """Return the formulas of these variants, each with what carries it out."""
    theories = {name: variant([f"{NAME}={name}"]) for name in _programs()}
    return [(theory.axiom(NAME), _programs()[name]) for name, theory in theories.items()]
