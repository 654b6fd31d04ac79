"""Formulas taken out of z3, once for all small worlds in which they are read."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import z3

from spi_verify.theory import once_for_each


@dataclass(frozen=True, eq=False)
class Part:
    """A part of a formula.

    Parameters
    ----------
    free
        The variables in it that nothing in it binds, by z3's numbers: 0 is the innermost.
    """

    free: frozenset[int]


@dataclass(frozen=True, eq=False)
class Variable(Part):
    """The variable with a number."""

    number: int


@dataclass(frozen=True, eq=False)
class Number(Part):
    """A rational number."""

    value: Fraction


@dataclass(frozen=True, eq=False)
class Application(Part):
    """A function or connective, by z3's kind and its name, of parts."""

    kind: int
    name: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, eq=False)
class Quantified(Part):
    """A body for all or for some elements of sorts."""

    for_all: bool
    sorts: tuple[str, ...]
    body: Part


@once_for_each
def taken_apart(term: z3.ExprRef) -> Part:
    """Return a term as a part, the same one whenever it is asked for."""
    if z3.is_var(term):
        number = z3.get_var_index(term)
        return Variable(frozenset((number,)), number)
    if z3.is_rational_value(term) or z3.is_int_value(term):
        return Number(frozenset(), Fraction(str(term)))
    if z3.is_quantifier(term):
        body, bound = taken_apart(term.body()), term.num_vars()
        free = frozenset(n - bound for n in body.free if n >= bound)
        sorts = tuple(term.var_sort(n).name() for n in range(bound))
        return Quantified(free, term.is_forall(), sorts, body)
    parts, symbol = tuple(map(taken_apart, term.children())), term.decl()
    free = frozenset().union(*(one.free for one in parts))
    return Application(free, symbol.kind(), symbol.name(), parts)
