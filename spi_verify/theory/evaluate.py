"""Whether a formula holds in a finite structure, decided without any solver."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from operator import itemgetter
from typing import Any

import z3

from spi_verify.theory.terms import Formula

Value = Any
"""An element, a truth value or an exact rational: the sort of a term says which."""
_Environment = tuple[int, ...]
MAX_BITS = 100_000
_Compiled = Callable[[_Environment], Value]


class TooCostlyError(Exception):
    """Evaluating a formula takes more steps than were allowed."""


@dataclass
class Budget:
    """How many instances of quantified formulas may still be evaluated."""

    instances: int

    def spend(self) -> bool:
        """Count one instance."""
        self.instances -= 1
        if self.instances < 0:
            raise TooCostlyError
        return True


@dataclass(frozen=True)
class Structure:
    """A finite structure.

    Parameters
    ----------
    sizes
        Number of elements of each sort; the elements are 0, 1, ....
    tables
        For each function, its value for every tuple of arguments: an element, a truth value or
        an exact rational.
    budget
        How much evaluation may cost, where the formulas are not trusted; None for no limit.
    """

    sizes: Mapping[str, int]
    tables: Mapping[str, Mapping[tuple[int, ...], Value]]
    budget: Budget | None = None


def holds(formula: Formula, structure: Structure) -> bool:
    """Return whether a closed formula is true in a structure.

    Parameters
    ----------
    formula
        Boolean connectives, linear or nonlinear arithmetic without division by a variable,
        ``If``, equality, and quantifiers over uninterpreted sorts.
    structure
        With a size for each of its sorts and a table for each of its functions.

    Raises
    ------
    ValueError
        When the structure says nothing about a sort or function, or the formula holds
        something else, such as a quantifier over numbers.

    Notes
    -----
    A quantifier takes one evaluation of its body for each element of its sort, until the first
    that decides it.

    Examples
    --------
    >>> S = z3.DeclareSort("S")
    >>> x, f = z3.Const("x", S), z3.Function("f", S, z3.RealSort())
    >>> two = Structure({"S": 2}, {"f": {(0,): Fraction(1, 2), (1,): Fraction(0)}})
    >>> holds(z3.Exists([x], f(x) * 2 == 1), two)
    True
    >>> print(why_not(z3.ForAll([x], f(x) > 0), two))
    x = S 2: f(x) > 0 is false
    """
    return bool(_compile(formula, structure, {})(()))


def predicate(axiom: Formula, structure: Structure) -> Callable[[tuple[int, ...]], bool]:
    """Return what the axiom of a defined predicate says of its arguments.

    Parameters
    ----------
    axiom
        "For all arguments, the predicate holds just if a formula does", as
        :meth:`~spi_verify.theory.Theory.axiom` returns it.
    structure
        With tables for what the formula speaks of.
    """
    _, formula = sides(axiom)
    compiled = _compile(formula, structure, {})
    return lambda arguments: bool(compiled(arguments))


def sides(axiom: Formula) -> tuple[z3.ExprRef, z3.ExprRef]:
    """Return the predicate applied to the axiom's variables, and the formula it stands for.

    z3 turns an equation round when the right-hand side is a quantifier.

    Raises
    ------
    ValueError
        When the formula is no axiom of a predicate with arguments.
    """
    if not z3.is_quantifier(axiom):
        raise ValueError(f"not the axiom of a defined predicate: {axiom}")
    one, other = axiom.body().children()
    return (other, one) if z3.is_quantifier(one) else (one, other)


def why_not(formula: Formula, structure: Structure, *, first: int = 1) -> str | None:
    """Return the instance that makes a formula false, or None where it is true.

    Follows conjunctions, implications and universal quantifiers down to the smallest part that
    fails, naming the elements chosen on the way.

    Parameters
    ----------
    formula, structure
        As :func:`holds` takes them.
    first
        The number by which the first element of a sort is called.
    """
    if holds(formula, structure):
        return None
    chosen: list[tuple[str, str, int]] = []
    environment: _Environment = ()
    while True:
        if z3.is_quantifier(formula) and formula.is_forall():
            sorts = [formula.var_sort(n).name() for n in range(formula.num_vars())]
            names = [formula.var_name(n) for n in range(formula.num_vars())]
            body = _compile(formula.body(), structure, {})
            for row in itertools.product(*(range(structure.sizes[name]) for name in sorts)):
                if not body(environment + row):
                    break
            chosen += zip(names, sorts, row, strict=True)
            environment, formula = environment + row, formula.body()
        elif z3.is_and(formula):
            formula = next(
                part
                for part in formula.children()
                if not _compile(part, structure, {})(environment)
            )
        elif z3.is_implies(formula):
            formula = formula.arg(1)
        else:
            break
    names_in_scope = [z3.Const(name, z3.DeclareSort(sort)) for name, sort, _ in chosen]
    readable = z3.substitute_vars(formula, *reversed(names_in_scope))
    where = ", ".join(f"{name} = {sort} {element + first}" for name, sort, element in chosen)
    text = " ".join(str(readable).split())
    return f"{where}: {text} is false" if where else f"{text} is false"


def _compile(term: z3.ExprRef, structure: Structure, known: dict[int, _Compiled]) -> _Compiled:
    """Translate a term to a function of the values of the variables in scope.

    Variables are numbered from the innermost, as z3 numbers them.
    """
    identity = term.get_id()
    if identity not in known:
        known[identity] = _translate(term, structure, known)
    return known[identity]


def _translate(term: z3.ExprRef, structure: Structure, known: dict[int, _Compiled]) -> _Compiled:
    if z3.is_var(term):
        index = -1 - z3.get_var_index(term)
        return lambda environment: environment[index]
    if z3.is_quantifier(term):
        return _quantifier(term, structure, known)
    if z3.is_rational_value(term) or z3.is_int_value(term):
        number = Fraction(str(term))
        return lambda _: number
    kind = term.decl().kind()
    parts = [_compile(child, structure, known) for child in term.children()]
    if kind == z3.Z3_OP_UNINTERPRETED:
        return _application(term, parts, structure)
    if kind in _LAZY:
        return _LAZY[kind](parts)
    if kind not in _STRICT:
        raise ValueError(f"cannot evaluate {term.decl().name()!r}")
    operation = _STRICT[kind]
    if len(parts) == 1:
        (part,) = parts
        return lambda environment: operation(part(environment))
    if len(parts) == 2:
        one, other = parts
        return lambda environment: operation(one(environment), other(environment))
    return lambda environment: operation(*(part(environment) for part in parts))


def _quantifier(
    term: z3.QuantifierRef, structure: Structure, known: dict[int, _Compiled]
) -> _Compiled:
    body = _compile(term.body(), structure, known)
    ranges = []
    for n in range(term.num_vars()):
        sort = term.var_sort(n).name()
        if sort not in structure.sizes:
            raise ValueError(f"cannot evaluate a quantifier over {sort}")
        ranges.append(range(structure.sizes[sort]))
    budget = structure.budget
    combine = all if term.is_forall() else any
    if budget is not None:
        return lambda environment: combine(
            budget.spend() and body(environment + row) for row in itertools.product(*ranges)
        )
    return lambda environment: combine(
        body(environment + row) for row in itertools.product(*ranges)
    )


def _application(term: z3.ExprRef, parts: list[_Compiled], structure: Structure) -> _Compiled:
    name = term.decl().name()
    if name not in structure.tables:
        raise ValueError(f"the structure has no function {name!r}")
    table = structure.tables[name]
    if not parts:
        constant = table[()]
        return lambda _: constant
    if len(parts) == 1:
        (part,) = parts
        return lambda environment: table[(part(environment),)]
    if all(map(z3.is_var, term.children())):
        # Most applications are to variables; these are picked out at once.
        chosen = itemgetter(*(-1 - z3.get_var_index(child) for child in term.children()))
        return lambda environment: table[chosen(environment)]
    if len(parts) == 2:
        one, other = parts
        return lambda environment: table[one(environment), other(environment)]
    return lambda environment: table[tuple([part(environment) for part in parts])]


def _and(parts: list[_Compiled]) -> _Compiled:
    if len(parts) == 2:
        one, other = parts
        return lambda environment: one(environment) and other(environment)
    return lambda environment: all(part(environment) for part in parts)


def _or(parts: list[_Compiled]) -> _Compiled:
    if len(parts) == 2:
        one, other = parts
        return lambda environment: one(environment) or other(environment)
    return lambda environment: any(part(environment) for part in parts)


def _implies(parts: list[_Compiled]) -> _Compiled:
    premise, conclusion = parts
    return lambda environment: not premise(environment) or conclusion(environment)


def _if(parts: list[_Compiled]) -> _Compiled:
    condition, one, other = parts
    return lambda environment: one(environment) if condition(environment) else other(environment)


def _product(*factors: Value) -> Value:
    result = Fraction(1)
    for factor in factors:
        result *= factor
        if result.numerator.bit_length() + result.denominator.bit_length() > MAX_BITS:
            raise TooCostlyError
    return result


def _difference(one: Value, *others: Value) -> Value:
    return one - sum(others) if others else -one


_LAZY = {
    z3.Z3_OP_AND: _and,
    z3.Z3_OP_OR: _or,
    z3.Z3_OP_IMPLIES: _implies,
    z3.Z3_OP_ITE: _if,
}
_STRICT: dict[int, Callable[..., Value]] = {
    z3.Z3_OP_TRUE: lambda: True,
    z3.Z3_OP_FALSE: lambda: False,
    z3.Z3_OP_NOT: lambda value: not value,
    z3.Z3_OP_EQ: lambda one, other: one == other,
    z3.Z3_OP_IFF: lambda one, other: one == other,
    z3.Z3_OP_XOR: lambda one, other: one != other,
    z3.Z3_OP_DISTINCT: lambda *values: len(set(values)) == len(values),
    z3.Z3_OP_LE: lambda one, other: one <= other,
    z3.Z3_OP_LT: lambda one, other: one < other,
    z3.Z3_OP_GE: lambda one, other: one >= other,
    z3.Z3_OP_GT: lambda one, other: one > other,
    z3.Z3_OP_ADD: lambda *values: sum(values),
    z3.Z3_OP_SUB: _difference,
    z3.Z3_OP_UMINUS: lambda value: -value,
    z3.Z3_OP_MUL: _product,
    z3.Z3_OP_TO_REAL: lambda value: value,
}
EVALUATED = frozenset({z3.Z3_OP_UNINTERPRETED, *_LAZY, *_STRICT})
"""The kinds of functions that formulas can have."""
