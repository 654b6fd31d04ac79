"""How many things of a sort a statement speaks of at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import z3

from spi_verify.counterexamples.statements.spoken_of import symbols_of
from spi_verify.obligations.statements import Statement

_CONSTANTS = {"sel": "Selection", "rn": "Renegotiation", "equilibrium": "Profile"}


def told_apart(statement: Statement) -> Counter[str]:
    """Return how many things of each sort a counterexample may have to tell apart.

    That is how many are said to be there by the hypotheses and the negated conclusion together,
    before anything is said of all others; and the constants of the theory.

    Parameters
    ----------
    statement
        Without free constants.
    """
    parts = [_claimed(h.formula, True) for h in statement.hypotheses]
    found = _sum([*parts, _claimed(statement.goal.formula, False)])
    spoken_of = symbols_of(statement)
    found.update(sort for name, sort in _CONSTANTS.items() if name in spoken_of)
    return found


def _claimed(formula: z3.ExprRef, positive: bool) -> Counter[str]:
    """Count what a formula, or its negation, says is there."""
    if z3.is_not(formula):
        return _claimed(formula.arg(0), not positive)
    if z3.is_quantifier(formula):
        if formula.is_exists() != positive:
            return Counter()
        sorts = (formula.var_sort(k).name() for k in range(formula.num_vars()))
        return Counter(sorts) + _claimed(formula.body(), positive)
    if z3.is_implies(formula):
        premise = _claimed(formula.arg(0), not positive)
        conclusion = _claimed(formula.arg(1), positive)
        return premise | conclusion if positive else premise + conclusion
    if z3.is_and(formula) or z3.is_or(formula):
        counts = [_claimed(part, positive) for part in formula.children()]
        return _sum(counts) if z3.is_and(formula) == positive else _most(counts)
    return Counter()


def _sum(counts: Iterable[Counter[str]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in counts:
        found += one
    return found


def _most(counts: Iterable[Counter[str]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in counts:
        found |= one
    return found
