"""The labels of known formulas, found by their fingerprints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import z3

from spi_verify.counterexamples.statements.known import GOALS, HYPOTHESES, label
from spi_verify.obligations.statements import Hypothesis, Statement
from spi_verify.solvers.smtlib import to_smtlib
from spi_verify.theory import fingerprint


def goal_of(statement: Statement) -> str | None:
    """Return the label of a statement's conclusion, or None where it is none that is known."""
    return label(GOALS, fingerprint(statement.goal.formula))


def hypothesis_of(hypothesis: Hypothesis) -> str | None:
    """Return the label of a hypothesis, or None where it is none that is known."""
    return label(HYPOTHESES, fingerprint(hypothesis.formula))


def hypotheses_of(statement: Statement) -> frozenset[str]:
    """Return the labels of a statement's hypotheses; those that are not known have none."""
    return frozenset(filter(None, map(hypothesis_of, statement.hypotheses)))


def recorded(
    goals: Mapping[str, z3.BoolRef],
    hypotheses: Iterable[Hypothesis],
) -> dict[str, dict[str, dict[str, str]]]:
    """Return what the file of known formulas should hold of them.

    Parameters
    ----------
    goals
        The conclusions by label.
    hypotheses
        The hypotheses, whose names are their labels.
    """
    return {
        GOALS: {label: _entry(formula) for label, formula in sorted(goals.items())},
        HYPOTHESES: {
            h.name: _entry(h.formula) for h in sorted(hypotheses, key=lambda one: one.name)
        },
    }


def _entry(formula: z3.BoolRef) -> dict[str, str]:
    return {"fingerprint": fingerprint(formula), "formula": to_smtlib({"formula": formula})}
