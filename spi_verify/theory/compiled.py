"""Formulas as Python code, so that they are evaluated fast in many structures.

A quantifier becomes a function with a loop, and so does, without the loop, a part that occurs
more than once or lies deep; the rest are expressions. The code of a formula is written once, and
then bound to the tables of each structure.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, reduce
from types import CodeType
from typing import Any

import z3

Value = Any
"""An element, a truth value or an exact rational: the sort of a term says which."""

MAX_BITS = 100_000
_DEEP = 20
_LONG = 200
_NAME = "formula"


class TooCostlyError(Exception):
    """Evaluating a formula takes more steps than were allowed."""


@dataclass(frozen=True)
class Compiled:
    """The code of a term, for any structure.

    Parameters
    ----------
    code
        Defines a function of the values of the variables in scope, as numbered by z3.
    functions, sorts
        The names of the functions that it looks up, and of the sorts that it runs through.
    numbers
        The numbers in it.
    """

    code: CodeType
    functions: tuple[str, ...]
    sorts: tuple[str, ...]
    numbers: tuple[Fraction, ...]

    def bound(
        self,
        sizes: Mapping[str, int],
        tables: Mapping[str, Mapping[tuple[int, ...], Value]],
        spend: Callable[[], object] | None,
    ) -> Callable[..., Value]:
        """Return the function for a structure.

        Parameters
        ----------
        sizes, tables
            Of the structure.
        spend
            Is called for each instance of a quantifier.

        Raises
        ------
        ValueError
            When the structure says nothing about a sort or a function.
        """
        scope: dict[str, Any] = {
            "product": _product,
            "distinct": _distinct,
            "rows": itertools.product,
            "spend": spend,
        }
        for n, sort in enumerate(self.sorts):
            if sort not in sizes:
                raise ValueError(f"cannot evaluate a quantifier over {sort}")
            scope[f"r{n}"] = range(sizes[sort])
        for n, name in enumerate(self.functions):
            if name not in tables:
                raise ValueError(f"the structure has no function {name!r}")
            scope[f"t{n}"] = tables[name]
        scope |= {f"c{n}": number for n, number in enumerate(self.numbers)}
        exec(self.code, scope)
        function: Callable[..., Value] = scope[_NAME]
        return function


def compiled(term: z3.ExprRef, variables: int, *, counted: bool) -> Compiled:
    """Return the code of a term.

    Parameters
    ----------
    term
        As :func:`spi_verify.theory.evaluate.holds` takes them; it may have free variables.
    variables
        How many variables are in scope; the function takes them outermost first.
    counted
        Whether it counts the instances of quantifiers.

    Raises
    ------
    ValueError
        When there is something in it that cannot be evaluated, or a variable out of scope.
    """
    return _compiled(_Same(term), variables, counted)


class _Same:
    """A term, equal to those that z3 says are the same."""

    def __init__(self, term: z3.ExprRef) -> None:
        self.term = term

    def __hash__(self) -> int:
        return self.term.get_id()

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Same)
            and self.term.ctx is other.term.ctx
            and self.term.eq(other.term)
        )


@lru_cache(maxsize=2048)
def _compiled(same: _Same, variables: int, counted: bool) -> Compiled:
    writer = _Writer(same.term, counted)
    if any(n >= variables for n in writer.free):
        raise ValueError("it speaks of a variable that nothing binds")
    names = [f"e{variables - 1 - n}" for n in range(variables)]
    body = writer.inside(same.term)
    writer.lines += [f"def {_NAME}({', '.join(names)}):", f"    return {body}"]
    text = "\n".join(writer.lines)
    return Compiled(
        compile(text, "<formula>", "exec"),
        tuple(writer.functions),
        tuple(writer.sorts),
        tuple(writer.numbers),
    )


class _Writer:
    """Writes the code of a term and of what is in it.

    Attributes
    ----------
    lines
        The functions so far, in which variable n of z3 is called ``en``.
    """

    def __init__(self, term: z3.ExprRef, counted: bool) -> None:
        self.lines: list[str] = []
        self.functions: dict[str, int] = {}
        self.sorts: dict[str, int] = {}
        self.numbers: dict[Fraction, int] = {}
        self._term, self._counted = term, counted
        self._texts: dict[int, tuple[str, int]] = {}
        self._free: dict[int, frozenset[int]] = {}
        self._uses: dict[int, int] = {}
        self._count(term)

    def _count(self, term: z3.ExprRef) -> None:
        """Find how often each part occurs, and which variables are free in it."""
        identity = term.get_id()
        self._uses[identity] = self._uses.get(identity, 0) + 1
        if self._uses[identity] > 1:
            return
        if z3.is_var(term):
            self._free[identity] = frozenset((z3.get_var_index(term),))
        elif z3.is_quantifier(term):
            self._count(term.body())
            bound = term.num_vars()
            inner = self._free[term.body().get_id()]
            self._free[identity] = frozenset(n - bound for n in inner if n >= bound)
        else:
            for child in term.children():
                self._count(child)
            parts = (self._free[child.get_id()] for child in term.children())
            self._free[identity] = frozenset().union(*parts)

    @property
    def free(self) -> frozenset[int]:
        """The numbers of the variables that are free in the term."""
        return self._free[self._term.get_id()]

    def inside(self, term: z3.ExprRef) -> str:
        """Return an expression for a term, in a scope where variable n of z3 is ``en``."""
        return self._written(term)[0]

    def _written(self, term: z3.ExprRef) -> tuple[str, int]:
        identity = term.get_id()
        if identity not in self._texts:
            if z3.is_quantifier(term):
                self._texts[identity] = self._quantifier(term), 1
            else:
                text, depth = self._expression(term)
                if depth > _DEEP or (self._uses[identity] > 1 and len(text) > _LONG):
                    text, depth = self._function(term, [f"    return {text}"]), 1
                self._texts[identity] = text, depth
        return self._texts[identity]

    def _function(self, term: z3.ExprRef, body: Sequence[str]) -> str:
        """Define a function for a term; return a call of it."""
        name = f"f{term.get_id()}"
        arguments = ", ".join(f"e{n}" for n in sorted(self._free[term.get_id()]))
        self.lines += [f"def {name}({arguments}):", *body]
        return f"{name}({arguments})"

    def _quantifier(self, term: z3.QuantifierRef) -> str:
        bound = term.num_vars()
        sorts = [term.var_sort(n).name() for n in range(bound)]
        ranges = ", ".join(f"r{self.sorts.setdefault(sort, len(self.sorts))}" for sort in sorts)
        row = ", ".join(f"e{bound - 1 - n}" for n in range(bound))
        rows = ranges if bound == 1 else f"rows({ranges})"
        inner = self.inside(term.body())
        # within the body the variables of the scope have moved on by as many as are bound
        free = sorted(self._free[term.get_id()])
        moved = [f"    e{n + bound} = e{n}" for n in reversed(free)]
        every = term.is_forall()
        return self._function(
            term,
            [
                *moved,
                f"    for {row} in {rows}:",
                *(["        spend()"] if self._counted else []),
                f"        if {'not ' if every else ''}{inner}:",
                f"            return {not every}",
                f"    return {every}",
            ],
        )

    def _expression(self, term: z3.ExprRef) -> tuple[str, int]:
        if z3.is_var(term):
            return f"e{z3.get_var_index(term)}", 0
        if z3.is_rational_value(term) or z3.is_int_value(term):
            number = Fraction(str(term))
            return f"c{self.numbers.setdefault(number, len(self.numbers))}", 0
        written = [self._written(child) for child in term.children()]
        parts = [text for text, _ in written]
        depth = 1 + max((deep for _, deep in written), default=0)
        kind = term.decl().kind()
        if kind == z3.Z3_OP_UNINTERPRETED:
            name = term.decl().name()
            table = f"t{self.functions.setdefault(name, len(self.functions))}"
            if not parts:
                return f"{table}[()]", depth
            return f"{table}[{', '.join(parts)}{',' if len(parts) == 1 else ''}]", depth
        if kind not in _WRITTEN:
            raise ValueError(f"cannot evaluate {term.decl().name()!r}")
        return _WRITTEN[kind](parts), depth


def _product(first: Value, *others: Value) -> Value:
    result = first
    for factor in others:
        if not result:
            break
        result *= factor
        if result.numerator.bit_length() + result.denominator.bit_length() > MAX_BITS:
            raise TooCostlyError
    return result


def _distinct(*values: Value) -> bool:
    return len(set(values)) == len(values)


def _between(sign: str, alone: str = "") -> Callable[[list[str]], str]:
    """Return how an operation is written: between its parts, or as it is of none."""
    return lambda parts: f"({f' {sign} '.join(parts)})" if parts else alone


def _difference(parts: list[str]) -> str:
    return f"(-{parts[0]})" if len(parts) == 1 else f"({' - '.join(parts)})"


_WRITTEN: dict[int, Callable[[list[str]], str]] = {
    z3.Z3_OP_AND: _between("and", "True"),
    z3.Z3_OP_OR: _between("or", "False"),
    z3.Z3_OP_IMPLIES: lambda parts: (
        f"({' or '.join([f'not {p}' for p in parts[:-1]] + parts[-1:])})"
    ),
    z3.Z3_OP_ITE: lambda parts: f"({parts[1]} if {parts[0]} else {parts[2]})",
    z3.Z3_OP_TRUE: lambda _: "True",
    z3.Z3_OP_FALSE: lambda _: "False",
    z3.Z3_OP_NOT: lambda parts: f"(not {parts[0]})",
    z3.Z3_OP_EQ: _between("=="),
    z3.Z3_OP_IFF: _between("=="),
    z3.Z3_OP_XOR: lambda parts: reduce(lambda one, other: f"({one} != {other})", parts),
    z3.Z3_OP_DISTINCT: lambda parts: (
        f"({' != '.join(parts)})" if len(parts) == 2 else f"distinct({', '.join(parts)})"
    ),
    z3.Z3_OP_LE: _between("<="),
    z3.Z3_OP_LT: _between("<"),
    z3.Z3_OP_GE: _between(">="),
    z3.Z3_OP_GT: _between(">"),
    z3.Z3_OP_ADD: _between("+"),
    z3.Z3_OP_SUB: _difference,
    z3.Z3_OP_UMINUS: lambda parts: f"(-{parts[0]})",
    z3.Z3_OP_MUL: lambda parts: f"product({', '.join(parts)})",
    z3.Z3_OP_TO_REAL: lambda parts: parts[0],
}
EVALUATED = frozenset({z3.Z3_OP_UNINTERPRETED, *_WRITTEN})
"""The kinds of functions that formulas can have."""
