"""What runs programs where a definition of how they run is changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from spi_verify.counterexamples.statements.spoken_of import changed_in, is_changed, unfolded
from spi_verify.counterexamples.statements.texts import Read
from spi_verify.obligations.resting import mentioned
from spi_verify.obligations.statements import Statement
from spi_verify.papers.definitions import theory_of
from spi_verify.papers.paper import read_paper
from spi_verify.programs.running.execution import Code
from spi_verify.theory import Theory, fingerprint

RUN = ("agreement_set", "algorithm_1", "algorithm_2", "renegotiation_outcome")
"""The definitions for which code of somebody's own may run."""

_known: dict[tuple[str, str], Code] = {}
"""What is said to carry out changed definitions that were met, by their names and formulas."""


def code_of(theory: Theory) -> Mapping[str, Code]:
    """Return what runs in the place of a theory's changed definitions, by their names.

    A definition read from a file of a counterexample has only its formula, and runs by the code
    that was met with the very same one. Whoever runs it has to hold it against the formula.
    """
    found: dict[str, Code] = {}
    if not any(is_changed(theory, name) for name in theory):
        return found
    for name in RUN:
        if _is_other(theory, name):
            key = name, fingerprint(unfolded(theory.axiom(name), theory, ()))
            code = getattr(theory[name].body, "carried_out_by", None)
            if code is not None:
                _known[key] = code
            elif isinstance(theory[name].body, Read):
                code = _known.get(key)
            if code is not None:
                found[name] = code
    return found


def meet(folder: Path) -> None:
    """Run the definitions of a paper, for what is said to carry them out.

    Raises
    ------
    InputError
        When a definition cannot be used.
    """
    code_of(theory_of(read_paper(folder)))


def runs_otherwise(theory: Theory) -> bool:
    """Whether programs run by somebody's own code, or would if there were any."""
    return any(_is_other(theory, name) for name in RUN)


def _is_other(theory: Theory, name: str) -> bool:
    """Whether programs run otherwise, by this definition or by a predicate in it."""
    return is_changed(theory, name) or bool(changed_in(theory.axiom(name), theory))


def not_run(statement: Statement) -> list[str]:
    """Return the changed definitions of how programs run for which there is no code."""
    theory = statement.theory
    formulas = [*(h.formula for h in statement.hypotheses), statement.goal.formula]
    below = {*mentioned(formulas, theory), *statement.definitions}
    changed = [name for name in RUN if name in below and _is_other(theory, name)]
    return [name for name in changed if name not in code_of(theory)]
