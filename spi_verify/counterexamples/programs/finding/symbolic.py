"""Formulas read in a finite structure whose payoffs, tables and sets are partly unknown.

The same reading as :mod:`spi_verify.theory.evaluate`, but a table may hold terms of z3 instead of
values; what comes out is a formula without quantifiers about these unknowns, or a truth value.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import z3

from spi_verify.counterexamples.programs.finding.parts import (
    Application,
    Number,
    Part,
    Quantified,
    Variable,
    taken_apart,
)

Environment = tuple[Any, ...]
Reader = Callable[[Environment], Any]


@dataclass(frozen=True)
class Choice:
    """An element that depends on unknowns: pairs of an element and when it is the one."""

    cases: tuple[tuple[Any, Any], ...]


@dataclass(frozen=True)
class Unknowns:
    """A finite structure with unknown entries.

    Parameters
    ----------
    domains
        The elements of each sort.
    tables
        For each function, its value for known arguments: an element or :class:`Choice`, a truth
        value, an exact rational, or a term of z3.
    """

    domains: Mapping[str, Sequence[Any]]
    tables: Mapping[str, Callable[..., Any]]


def read(formula: z3.ExprRef, unknowns: Unknowns) -> Any:
    """Return a closed formula as a truth value or as a formula about the unknowns.

    Raises
    ------
    LookupError
        When the structure has no such function or sort.
    ValueError
        When the formula holds something that cannot be read, such as a quantifier over numbers.
    """
    return reader(formula, 0, unknowns)(())


def reader(formula: z3.ExprRef, variables: int, unknowns: Unknowns) -> Reader:
    """Return how a formula with a number of variables reads for known values of them."""
    return _Compiler(unknowns).compile(taken_apart(formula), variables)


# Connectives that stay values where they can


def _joined(make: Callable[..., Any], parts: Sequence[Any]) -> Any:
    """Build a term by z3's own constructor, which here takes a fifth of the time of z3.And."""
    context = z3.main_ctx()
    arguments = (z3.Ast * len(parts))(*(part.ast for part in parts))
    return z3.BoolRef(make(context.ref(), len(parts), arguments), context)


def _not(part: Any) -> Any:
    context = z3.main_ctx()
    return z3.BoolRef(z3.Z3_mk_not(context.ref(), part.ast), context)


def negation(part: Any) -> Any:
    """Return the negation of a truth value or formula."""
    return (not part) if isinstance(part, bool) else _not(part)


def conjunction(parts: Iterable[Any]) -> Any:
    """Return the conjunction, evaluating parts only until one is false."""
    kept = []
    for part in parts:
        if part is False:
            return False
        if part is not True:
            kept.append(part)
    return True if not kept else kept[0] if len(kept) == 1 else _joined(z3.Z3_mk_and, kept)


def disjunction(parts: Iterable[Any]) -> Any:
    """Return the disjunction, evaluating parts only until one is true."""
    kept = []
    for part in parts:
        if part is True:
            return True
        if part is not False:
            kept.append(part)
    return False if not kept else kept[0] if len(kept) == 1 else _joined(z3.Z3_mk_or, kept)


def conditional(condition: Any, one: Any, other: Any) -> Any:
    """Return one of two values, numbers, formulas or elements, depending on a condition."""
    if isinstance(condition, bool):
        return one if condition else other
    if isinstance(one, tuple) and isinstance(other, tuple):
        return tuple(conditional(condition, a, b) for a, b in zip(one, other, strict=True))
    if _is_element(one) or _is_element(other):
        return merged([(condition, one), (_not(condition), other)])
    if isinstance(one, bool) and isinstance(other, bool):
        return one if one == other else condition if one else _not(condition)
    if isinstance(one, bool) or isinstance(other, bool) or z3.is_bool(one):
        return disjunction([conjunction([condition, one]), conjunction([_not(condition), other])])
    return z3.If(condition, _number(one), _number(other))


def merged(cases: Iterable[tuple[Any, Any]]) -> Any:
    """Return the element that is the one whose guard holds; guards exclude each other."""
    guards: dict[Any, list[Any]] = {}
    for guard, value in cases:
        if guard is False:
            continue
        inner = value.cases if isinstance(value, Choice) else ((value, True),)
        for element, when in inner:
            both = conjunction([guard, when])
            if both is not False:
                guards.setdefault(element, []).append(both)
    if len(guards) == 1:
        return next(iter(guards))
    return Choice(tuple((element, disjunction(parts)) for element, parts in guards.items()))


def apply(function: Callable[..., Any], arguments: Sequence[Any]) -> Any:
    """Return a function's value where some arguments may be choices."""
    for k, argument in enumerate(arguments):
        if isinstance(argument, Choice):
            result: Any = None
            for element, guard in reversed(argument.cases):
                value = apply(function, [*arguments[:k], element, *arguments[k + 1 :]])
                result = value if result is None else conditional(guard, value, result)
            return result
    return function(*arguments)


def equal(one: Any, other: Any) -> Any:
    """Return whether two values are the same."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return conjunction(equal(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, Choice) or isinstance(other, Choice):
        left = one.cases if isinstance(one, Choice) else ((one, True),)
        right = dict(other.cases) if isinstance(other, Choice) else {other: True}
        return disjunction(
            conjunction([guard, right[element]]) for element, guard in left if element in right
        )
    if isinstance(one, bool) and isinstance(other, bool):
        return one == other
    if isinstance(one, bool) or isinstance(other, bool):
        known, formula = (one, other) if isinstance(one, bool) else (other, one)
        return formula if known else _not(formula)
    if z3.is_expr(one) or z3.is_expr(other):
        return _number(one) == _number(other)
    return bool(one == other)


def _is_element(value: Any) -> bool:
    return isinstance(value, Choice) or (isinstance(value, int) and not isinstance(value, bool))


def _number(value: Any) -> Any:
    if isinstance(value, Fraction):
        return z3.RealVal(str(value))
    return z3.RealVal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def at_least(one: Any, other: Any) -> Any:
    """Return whether one >= other."""
    if isinstance(one, Fraction) and isinstance(other, Fraction):
        return one >= other
    return _number(one) >= _number(other)


def above(one: Any, other: Any) -> Any:
    """Return whether one > other."""
    return negation(at_least(other, one))


class _Compiler:
    """Makes readers of parts; what is in few variables is read once for their values."""

    def __init__(self, unknowns: Unknowns) -> None:
        self._unknowns = unknowns
        self._known: dict[Part, Reader] = {}

    def compile(self, part: Part, scope: int) -> Reader:
        """Return the reader of a part where a number of variables are in scope."""
        if part not in self._known:
            reads = self._translate(part, scope)
            if isinstance(part, Application | Quantified) and len(part.free) < scope:
                reads = _once(reads, [-1 - n for n in part.free])
            self._known[part] = reads
        return self._known[part]

    def _translate(self, part: Part, scope: int) -> Reader:
        match part:
            case Variable(_, number):
                return lambda environment: environment[-1 - number]
            case Number(_, value):
                return lambda _: value
            case Quantified():
                return self._quantified(part, scope)
            case Application():
                return self._application(part, scope)
        raise AssertionError("there are no other parts")

    def _application(self, part: Application, scope: int) -> Reader:
        parts = [self.compile(one, scope) for one in part.parts]
        if part.kind == z3.Z3_OP_UNINTERPRETED:
            if part.name not in self._unknowns.tables:
                raise LookupError(f"no small world for this statement has {part.name!r}")
            table = self._unknowns.tables[part.name]
            return lambda environment: apply(table, [one(environment) for one in parts])
        if part.kind in _LAZY:
            return _LAZY[part.kind](parts)
        if part.kind not in _STRICT:
            raise ValueError(f"small worlds do not know {part.name!r}")
        operation = _STRICT[part.kind]
        return lambda environment: operation(*(one(environment) for one in parts))

    def _quantified(self, part: Quantified, scope: int) -> Reader:
        body = self.compile(part.body, scope + len(part.sorts))
        domains = []
        for sort in part.sorts:
            if sort not in self._unknowns.domains:
                raise LookupError(
                    f"no small world for this statement has things of the sort {sort}"
                )
            domains.append(self._unknowns.domains[sort])
        join = conjunction if part.for_all else disjunction
        return lambda environment: join(
            body(environment + row) for row in itertools.product(*domains)
        )


def _once(reads: Reader, places: Sequence[int]) -> Reader:
    """Return a reader that reads once for the same values at some places of an environment."""
    known: dict[Any, Any] = {}

    def remembered(environment: Environment) -> Any:
        values = tuple([environment[place] for place in places])
        try:
            return known[values]
        except KeyError:
            known[values] = value = reads(environment)
            return value

    return remembered


def _if(parts: list[Reader]) -> Reader:
    condition, one, other = parts

    def chosen(environment: Environment) -> Any:
        holds = condition(environment)
        if isinstance(holds, bool):
            return one(environment) if holds else other(environment)
        return conditional(holds, one(environment), other(environment))

    return chosen


def _implies(parts: list[Reader]) -> Reader:
    premise, conclusion = parts

    def implied(environment: Environment) -> Any:
        holds = premise(environment)
        if holds is False:
            return True
        return disjunction([negation(holds), conclusion(environment)])

    return implied


def plus(*parts: Any) -> Any:
    """Return a sum."""
    if all(isinstance(part, Fraction) for part in parts):
        return sum(parts, Fraction(0))
    return z3.Sum([_number(part) for part in parts])


def times(*parts: Any) -> Any:
    """Return a product."""
    known = [part for part in parts if isinstance(part, Fraction)]
    open_ = [part for part in parts if not isinstance(part, Fraction)]
    factor = Fraction(1)
    for part in known:
        factor *= part
    if not open_:
        return factor
    return z3.Product([_number(factor), *open_]) if factor != 1 else z3.Product(open_)


def _minus(one: Any, *others: Any) -> Any:
    if not others:
        return -one
    return plus(one, *(-other for other in others))


def _distinct(*parts: Any) -> Any:
    return conjunction(negation(equal(a, b)) for a, b in itertools.combinations(parts, 2))


_LAZY: dict[int, Callable[[list[Reader]], Reader]] = {
    z3.Z3_OP_AND: lambda parts: lambda e: conjunction(part(e) for part in parts),
    z3.Z3_OP_OR: lambda parts: lambda e: disjunction(part(e) for part in parts),
    z3.Z3_OP_IMPLIES: _implies,
    z3.Z3_OP_ITE: _if,
}
_STRICT: dict[int, Callable[..., Any]] = {
    z3.Z3_OP_TRUE: lambda: True,
    z3.Z3_OP_FALSE: lambda: False,
    z3.Z3_OP_NOT: negation,
    z3.Z3_OP_EQ: equal,
    z3.Z3_OP_IFF: equal,
    z3.Z3_OP_XOR: lambda one, other: negation(equal(one, other)),
    z3.Z3_OP_DISTINCT: _distinct,
    z3.Z3_OP_LE: lambda one, other: at_least(other, one),
    z3.Z3_OP_LT: lambda one, other: above(other, one),
    z3.Z3_OP_GE: at_least,
    z3.Z3_OP_GT: above,
    z3.Z3_OP_ADD: plus,
    z3.Z3_OP_SUB: _minus,
    z3.Z3_OP_UMINUS: lambda value: -value,
    z3.Z3_OP_MUL: times,
    z3.Z3_OP_TO_REAL: lambda value: value,
}
