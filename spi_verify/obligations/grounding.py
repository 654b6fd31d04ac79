"""Structures of a given size, as a quantifier-free question.

The second way to a witness: where the search for a finite structure gives up, quantifiers are
written out over a few elements of each sort, which leaves a question without quantifiers. What
comes back is evaluated like every other structure.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import z3

from spi_verify.executors import ask
from spi_verify.solvers import FiniteModel, Status, ask_z3
from spi_verify.solvers.smtlib import (
    Rendered,
    declaration,
    require_writable,
    script,
    symbol,
)

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


@dataclass(frozen=True)
class _Written:
    """A formula that was written out, with its functions, and that elements are distinct."""

    formula: z3.BoolRef
    text: Rendered
    functions: Mapping[str, z3.FuncDeclRef]
    distinct: Mapping[str, Rendered]


class _Writer:
    """Writes formulas out over structures of given sizes."""

    def __init__(self, sizes: Mapping[str, int]) -> None:
        self.sizes = sizes
        self._written: dict[int, _Written] = {}
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
            written = self._write(formula)
            assertions[name] = written.text
            assertions |= {f"distinct:{one}": text for one, text in written.distinct.items()}
            functions |= written.functions
        for function in functions.values():
            declared = declaration(function)
            if declared not in self._tables:
                self._tables[declared] = _table(function, self.sizes)
            assertions |= self._tables[declared]
            if numbers and function.range() == z3.RealSort():
                assertions |= _numbers_only(function, self.sizes, numbers)
        return functions, assertions

    def _write(self, formula: z3.BoolRef) -> _Written:
        key = formula.get_id()
        if key not in self._written:
            sorts, functions, _ = require_writable(formula)
            elements = {name: _elements(sort, self.sizes) for name, sort in sorts.items()}
            declared = [*functions.values(), *(x.decl() for one in elements.values() for x in one)]
            text = _Expansion(self.sizes).of(formula).sexpr()
            distinct = {
                name: _rendered(z3.Distinct(*one).sexpr(), [x.decl() for x in one])
                for name, one in elements.items()
            }
            self._written[key] = _Written(formula, _rendered(text, declared), functions, distinct)
        return self._written[key]


class _Expansion:
    """One formula with its quantifiers written out, the innermost first.

    Terms are put together by z3 as wholes: one by one, they would be most of what a search costs.
    """

    def __init__(self, sizes: Mapping[str, int]) -> None:
        self._sizes = sizes
        self._instances: dict[int, Any] = {}
        self._free: dict[int, dict[int, z3.SortRef]] = {}
        self._kept: list[Any] = []

    def of(self, term: Any) -> Any:
        """Return a term with its quantifiers written out; variables that are free in it stay."""
        outermost = {one.get_id(): one for one in _outermost_quantifiers(term)}
        pairs = [(one, self._written_out(one)) for one in outermost.values()]
        return z3.substitute(term, *pairs) if pairs else term

    def _written_out(self, term: z3.QuantifierRef) -> Any:
        key = term.get_id()
        if key not in self._instances:
            self._kept.append(term)
            free = self._variables(term)
            ranges = [
                _elements(term.var_sort(n), self._sizes) for n in reversed(range(term.num_vars()))
            ]
            outer = [
                z3.Var(index, free.get(index, z3.BoolSort()))
                for index in range(max(free, default=-1) + 1)
            ]
            body = self.of(term.body())
            parts = [z3.substitute_vars(body, *row, *outer) for row in itertools.product(*ranges)]
            self._instances[key] = z3.And(parts) if term.is_forall() else z3.Or(parts)
        return self._instances[key]

    def _variables(self, term: Any) -> dict[int, z3.SortRef]:
        """Return the sorts of the variables that are free in a term, by their indices."""
        key = term.get_id()
        if key not in self._free:
            self._kept.append(term)
            free: dict[int, z3.SortRef] = {}
            if z3.is_var(term):
                free[z3.get_var_index(term)] = term.sort()
            elif z3.is_quantifier(term):
                inner, bound = self._variables(term.body()), term.num_vars()
                free = {index - bound: sort for index, sort in inner.items() if index >= bound}
            else:
                for child in term.children():
                    free |= self._variables(child)
            self._free[key] = free
        return self._free[key]


def _outermost_quantifiers(term: Any) -> Iterator[z3.QuantifierRef]:
    pending, seen = [term], set()
    while pending:
        part = pending.pop()
        if part.get_id() in seen:
            continue
        seen.add(part.get_id())
        if z3.is_quantifier(part):
            yield part
        else:
            pending += reversed(part.children())


def _elements(sort: z3.SortRef, sizes: Mapping[str, int]) -> list[z3.ExprRef]:
    return [z3.Const(name, sort) for name in _names(sort, sizes)]


def _names(sort: z3.SortRef, sizes: Mapping[str, int]) -> list[str]:
    """Name the elements of a sort: not as z3 names what it writes once, nor as symbols are named.

    a!0 would be such a part's name, and a constant of a formula.
    """
    return [f"element {n} of {sort.name()}" for n in range(sizes[sort.name()])]


def _rows(
    function: z3.FuncDeclRef, sizes: Mapping[str, int]
) -> Iterator[tuple[tuple[int, ...], str]]:
    """Yield each row of a function's table, with the value there as text."""
    domains = [
        [symbol(name) for name in _names(function.domain(n), sizes)]
        for n in range(function.arity())
    ]
    name = symbol(function.name())
    for row in itertools.product(*(range(len(domain)) for domain in domains)):
        arguments = [domain[n] for domain, n in zip(domains, row, strict=True)]
        yield row, f"({' '.join([name, *arguments])})" if arguments else name


def _uninterpreted(sort: z3.SortRef) -> bool:
    return bool(sort.kind() == z3.Z3_UNINTERPRETED_SORT)


def _rendered(text: str, functions: Iterable[z3.FuncDeclRef]) -> Rendered:
    functions = list(functions)
    sorts = [f.domain(n) for f in functions for n in range(f.arity())]
    sorts += [f.range() for f in functions]
    names = dict.fromkeys(sort.name() for sort in sorts if _uninterpreted(sort))
    return Rendered(text, tuple(names), {f.name(): declaration(f) for f in functions}, plain=False)


def _table(function: z3.FuncDeclRef, sizes: Mapping[str, int]) -> dict[str, Rendered]:
    """Return that a function's values are elements, with a constant for what each value is."""
    kind = function.range()
    constants = [function]
    for sort in [*(function.domain(n) for n in range(function.arity())), kind]:
        if _uninterpreted(sort):
            constants += [one.decl() for one in _elements(sort, sizes)]
    assertions: dict[str, Rendered] = {}
    shared = _rendered("", constants)
    for row, value in _rows(function, sizes):
        name = _cell(function.name(), row)
        if _uninterpreted(kind):
            cases = [f"(= {value} {symbol(element)})" for element in _names(kind, sizes)]
            told = [f"{name} is {n}" for n in range(len(cases))]
            same = [f"(= {symbol(n)} {case})" for n, case in zip(told, cases, strict=True)]
            text = f"(and (or {' '.join(cases)}) {' '.join(same)})"
            cells = {n: f"(declare-fun {symbol(n)} () Bool)" for n in told}
        else:
            text = f"(= {symbol(name)} {value})"
            cells = {name: f"(declare-fun {symbol(name)} () {kind.sexpr()})"}
        assertions[f"table:{name}"] = replace(
            shared, text=text, functions={**shared.functions, **cells}
        )
    return assertions


def _numbers_only(
    function: z3.FuncDeclRef, sizes: Mapping[str, int], numbers: Sequence[Fraction]
) -> dict[str, Rendered]:
    written = [z3.RealVal(str(number)).sexpr() for number in numbers]
    shared = _rendered("", [function])
    return {
        f"number:{_cell(function.name(), row)}": replace(
            shared, text=f"(or {' '.join(f'(= {value} {number})' for number in written)})"
        )
        for row, value in _rows(function, sizes)
    }


def _read(
    functions: Mapping[str, z3.FuncDeclRef],
    model: Mapping[str, Fraction | bool],
    sizes: Mapping[str, int],
) -> FiniteModel:
    """Return the structure that the constants describe."""
    tables: dict[str, dict[tuple[int, ...], int | bool | Fraction]] = {}
    for function in functions.values():
        kind = function.range()
        table: dict[tuple[int, ...], int | bool | Fraction] = {}
        for row, _ in _rows(function, sizes):
            name = _cell(function.name(), row)
            if _uninterpreted(kind):
                table[row] = next(n for n in range(sizes[kind.name()]) if model[f"{name} is {n}"])
            else:
                table[row] = model[name]
        tables[function.name()] = table
    return FiniteModel(sizes, tables)


def _cell(function: str, row: tuple[int, ...]) -> str:
    return f"{function} at {','.join(map(str, row))}"
