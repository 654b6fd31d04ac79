"""Formulas recognised by what they say: fingerprints, and the labels of known formulas."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

import z3

from spi_verify.obligations.statements import Hypothesis, Statement
from spi_verify.search.known import GOALS, HYPOTHESES, label
from spi_verify.solvers.smtlib import to_smtlib


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


_FINGERPRINTS: dict[int, tuple[z3.ExprRef, str]] = {}
"""By the number of an expression; holding the expression keeps z3 from giving that to another."""


def fingerprint(formula: z3.ExprRef) -> str:
    """Return a hash of a formula that does not depend on the names of its bound variables.

    It does depend on all else: on symbols with their sorts, and on the order of parts.
    """
    kept = _FINGERPRINTS.get(formula.get_id())
    if kept is None:
        digest = hashlib.sha256(json.dumps(_parts(formula)).encode()).hexdigest()[:32]
        kept = _FINGERPRINTS[formula.get_id()] = (formula, digest)
    return kept[1]


def _parts(term: z3.ExprRef) -> list[Any]:
    if z3.is_quantifier(term):
        kind = "lambda" if term.is_lambda() else "exists" if term.is_exists() else "forall"
        sorts = [str(term.var_sort(k)) for k in range(term.num_vars())]
        return [kind, sorts, fingerprint(term.body())]
    if z3.is_var(term):
        return ["variable", z3.get_var_index(term), str(term.sort())]
    if z3.is_rational_value(term):
        return ["number", str(term.as_fraction()), str(term.sort())]
    if z3.is_app_of(term, z3.Z3_OP_UMINUS) and z3.is_rational_value(term.arg(0)):
        return ["number", str(-term.arg(0).as_fraction()), str(term.sort())]
    symbol = term.decl()
    joins = z3.is_and(term) or z3.is_or(term)
    sorts = [] if joins else [str(symbol.domain(k)) for k in range(symbol.arity())]
    own = symbol.kind() == z3.Z3_OP_UNINTERPRETED
    return [own, symbol.name(), sorts, str(term.sort()), *map(fingerprint, _children(term))]


def _children(term: z3.ExprRef) -> list[z3.ExprRef]:
    """Return the arguments of a term; reading text flattens conjunctions in conjunctions."""
    if not (z3.is_and(term) or z3.is_or(term)):
        return list(term.children())
    kind = term.decl().kind()
    flat: list[z3.ExprRef] = []
    for part in term.children():
        nested = z3.is_app(part) and part.decl().kind() == kind
        flat += _children(part) if nested else [part]
    return flat
