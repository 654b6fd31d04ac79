"""Structures of a given size, as a quantifier-free question.

The second way to a witness: where the search for a finite structure gives up, quantifiers are
written out over a few elements of each sort, which leaves a question without quantifiers. What
comes back is evaluated like every other structure.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from fractions import Fraction
from typing import Any

import z3

from spi_verify.executors import ask
from spi_verify.solvers import FiniteModel, Status, ask_z3
from spi_verify.solvers.smtlib import Rendered, render, script

SIZES = {
    "Player": 2,
    "Action": 2,
    "Outcome": 3,
    "Program": 2,
    "Profile": 4,
    "Renegotiation": 1,
    "SetFunction": 2,
    "SetFunctions": 4,
    "OutcomeSet": 4,
    "Selection": 1,
    "Position": 2,
    "Place": 2,
    "Payoffs": 4,
    "Belief": 1,
}
"""How many elements of each sort there are, where a statement does not say otherwise."""

OF_OTHERS = 2
"""The same for sorts that a suite declares."""

MORE_OUTCOMES = {"Outcome": 4}
"""Tried where there is no structure of the first sizes."""

NUMBERS = (Fraction(0), Fraction(1, 2), Fraction(1))
"""What real-valued functions may be at first.

Products of unknown numbers are hard for solvers, and how hard differs from release to release.
Witnesses seldom need more numbers than these.
"""


class Grounder:
    """Writes formulas out over a few elements of each sort; remembers those it has written.

    Parameters
    ----------
    sizes
        How many elements, for sorts that differ from :data:`SIZES`.
    """

    def __init__(self, sizes: Mapping[str, int] | None = None) -> None:
        first = {**SIZES, **(sizes or {})}
        self.sizes = [first, {**first, **MORE_OUTCOMES}]
        self._writers = [_Writer(defaultdict(lambda: OF_OTHERS, sizes)) for sizes in self.sizes]

    def find(
        self,
        formulas: Mapping[str, z3.BoolRef],
        *,
        resource_limit: int,
        seed: int,
        executor: Executor | None = None,
    ) -> tuple[str | None, FiniteModel | None, float]:
        """Look for a structure with a few elements of each sort in which all formulas hold.

        Returns
        -------
        tuple
            Why there is none (or None), the structure (or None), and the solver's seconds.
        """
        seconds = 0.0
        for numbers, writer in itertools.product((NUMBERS, ()), self._writers):
            functions, assertions = writer.question(formulas, numbers)
            answer = ask(
                executor, ask_z3, script(assertions), resource_limit=resource_limit, seed=seed
            )
            seconds += answer.seconds
            if answer.status is Status.SAT:
                return None, _read(functions, answer.model, writer.sizes), seconds
            if answer.status is not Status.UNSAT and not numbers:
                break
        return answer.reason or "none of the sizes tried", None, seconds


class _Writer:
    """Writes formulas out over structures of given sizes."""

    def __init__(self, sizes: Mapping[str, int]) -> None:
        self.sizes = sizes
        self._written: dict[int, tuple[z3.BoolRef, Rendered, dict[str, z3.FuncDeclRef]]] = {}
        self._tables: dict[str, dict[str, Rendered]] = {}

    def question(
        self, formulas: Mapping[str, z3.BoolRef], numbers: Sequence[Fraction]
    ) -> tuple[dict[str, z3.FuncDeclRef], dict[str, Rendered]]:
        """Return the functions that occur, and the assertions.

        Where ``numbers`` are given, real-valued functions have these values only.
        """
        assertions: dict[str, Rendered] = {}
        functions: dict[str, z3.FuncDeclRef] = {}
        for name, formula in formulas.items():
            _, assertions[name], found = self._write(formula)
            functions |= found
        for name, function in functions.items():
            if name not in self._tables:
                table = _table(function, self.sizes)
                self._tables[name] = {n: render(f) for n, f in table.items()}
            assertions |= self._tables[name]
            if numbers and function.range() == z3.RealSort():
                assertions |= self._numbers_only(function, numbers)
        return functions, assertions

    def _numbers_only(
        self, function: z3.FuncDeclRef, numbers: Sequence[Fraction]
    ) -> dict[str, Rendered]:
        rows = _rows(function, self.sizes)
        return {
            f"number:{_cell(function.name(), row)}": render(
                z3.Or([value == z3.RealVal(str(number)) for number in numbers])
            )
            for row, value in rows
        }

    def _write(self, formula: z3.BoolRef) -> tuple[z3.BoolRef, Rendered, dict[str, z3.FuncDeclRef]]:
        key = formula.get_id()
        if key not in self._written:
            expansion = _Expansion(self.sizes)
            rendered = render(expansion.of(formula, ()))
            self._written[key] = (formula, rendered, expansion.functions)
        return self._written[key]


class _Expansion:
    """One formula with its quantifiers written out."""

    def __init__(self, sizes: Mapping[str, int]) -> None:
        self._sizes = sizes
        self.functions: dict[str, z3.FuncDeclRef] = {}
        self._known: dict[tuple[int, ...], Any] = {}
        self._free: dict[int, frozenset[int]] = {}
        self._kept: list[Any] = []

    def of(self, term: Any, scope: tuple[Any, ...]) -> Any:
        """Return a term written out; ``scope`` holds the variables' values, innermost last."""
        free = (scope[-1 - index].get_id() for index in sorted(self._variables(term)))
        key = (term.get_id(), *free)
        if key not in self._known:
            self._kept.append(term)
            self._known[key] = self._expand(term, scope)
        return self._known[key]

    def _variables(self, term: Any) -> frozenset[int]:
        key = term.get_id()
        if key not in self._free:
            self._kept.append(term)
            if z3.is_var(term):
                free = frozenset([z3.get_var_index(term)])
            elif z3.is_quantifier(term):
                bound = term.num_vars()
                inner = self._variables(term.body())
                free = frozenset(index - bound for index in inner if index >= bound)
            else:
                free = frozenset().union(*map(self._variables, term.children()))
            self._free[key] = free
        return self._free[key]

    def _expand(self, term: Any, scope: tuple[Any, ...]) -> Any:
        if z3.is_var(term):
            return scope[-1 - z3.get_var_index(term)]
        if z3.is_quantifier(term):
            sorts = (term.var_sort(n) for n in range(term.num_vars()))
            ranges = [_elements(sort, self._sizes) for sort in sorts]
            parts = [self.of(term.body(), scope + row) for row in itertools.product(*ranges)]
            return z3.And(parts) if term.is_forall() else z3.Or(parts)
        declaration = term.decl()
        if declaration.kind() == z3.Z3_OP_UNINTERPRETED:
            self.functions.setdefault(declaration.name(), declaration)
        children = [self.of(child, scope) for child in term.children()]
        return declaration(*children) if children else term


def _elements(sort: z3.SortRef, sizes: Mapping[str, int]) -> list[z3.ExprRef]:
    return [z3.Const(f"{sort.name()}!{n}", sort) for n in range(sizes[sort.name()])]


def _rows(function: z3.FuncDeclRef, sizes: Mapping[str, int]) -> list[tuple[tuple[int, ...], Any]]:
    domains = [_elements(function.domain(n), sizes) for n in range(function.arity())]
    return [
        (row, function(*(domain[n] for domain, n in zip(domains, row, strict=True))))
        for row in itertools.product(*(range(len(domain)) for domain in domains))
    ]


def _table(function: z3.FuncDeclRef, sizes: Mapping[str, int]) -> dict[str, z3.BoolRef]:
    """Return that a function's values are elements, with a constant for what each value is."""
    assertions: dict[str, z3.BoolRef] = {}
    sorts = [function.domain(n) for n in range(function.arity())] + [function.range()]
    for sort in sorts:
        if sort.kind() == z3.Z3_UNINTERPRETED_SORT:
            assertions[f"distinct:{sort.name()}"] = z3.Distinct(*_elements(sort, sizes))
    for row, value in _rows(function, sizes):
        name = _cell(function.name(), row)
        if value.sort().kind() == z3.Z3_UNINTERPRETED_SORT:
            elements = _elements(value.sort(), sizes)
            cases = [
                z3.Bool(f"{name}={n}") == (value == element) for n, element in enumerate(elements)
            ]
            some = z3.Or([value == element for element in elements])
            assertions[f"table:{name}"] = z3.And(some, *cases)
        else:
            assertions[f"table:{name}"] = z3.Const(name, value.sort()) == value
    return assertions


def _read(
    functions: Mapping[str, z3.FuncDeclRef],
    model: Mapping[str, Fraction | bool],
    sizes: Mapping[str, int],
) -> FiniteModel:
    """Return the structure that the constants describe."""
    tables: dict[str, dict[tuple[int, ...], int | bool | Fraction]] = {}
    for function in functions.values():
        table: dict[tuple[int, ...], int | bool | Fraction] = {}
        for row, value in _rows(function, sizes):
            name = _cell(function.name(), row)
            if value.sort().kind() == z3.Z3_UNINTERPRETED_SORT:
                size = sizes[value.sort().name()]
                table[row] = next(n for n in range(size) if model[f"{name}={n}"])
            else:
                table[row] = model[name]
        tables[function.name()] = table
    return FiniteModel(sizes, tables)


def _cell(function: str, row: tuple[int, ...]) -> str:
    return f"{function}[{','.join(map(str, row))}]"
