"""What several definitions say in the same way."""

from __future__ import annotations

from collections.abc import Callable

import z3
from z3 import And, ForAll, If, Implies, Or

from spi_verify.theory.signature import Position, first, next_to
from spi_verify.theory.terms import Formula, Number, PositionTerm

n, m = z3.Consts("n m", Position)


def maximum(one: Number, other: Number) -> Number:
    """Return the term max(one, other)."""
    return If(one >= other, one, other)


def between(value: Number, one: Number, other: Number) -> Formula:
    """Return the formula that a value lies between two others, in either order."""
    return Or(And(one <= value, value <= other), And(other <= value, value <= one))


def induction(claim: Callable[[PositionTerm], Formula]) -> Formula:
    """Return the formula that a claim holds all along a list, by induction on the position."""
    step = ForAll([n, m], Implies(And(next_to(n, m), claim(n)), claim(m)))
    return Implies(And(claim(first), step), ForAll([n], claim(n)))
