"""Structures of a given size, as a quantifier-free question.

The second way to a witness: where the search for a finite structure gives up, quantifiers are
written out over a few elements of each sort, which leaves a question without quantifiers. What
comes back is evaluated like every other structure.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import z3

from spi_verify.solvers import FiniteModel, Status, ask_z3
from spi_verify.solvers.smtlib import to_smtlib

SIZES = {
    "Player": 2,
    "Action": 2,
    "Outcome": 2,
    "Program": 2,
    "Profile": 4,
    "Renegotiation": 1,
    "SetFunction": 2,
    "SetFunctions": 4,
    "OutcomeSet": 4,
    "Selection": 2,
    "Position": 2,
}


def find_grounded(
    formulas: Mapping[str, z3.BoolRef], *, resource_limit: int, seed: int
) -> tuple[str | None, FiniteModel | None, float]:
    """Look for a structure with a few elements of each sort in which all formulas hold.

    Returns
    -------
    tuple
        Why there is none (or None), the structure (or None), and the solver's seconds.
    """
    grounding = _Grounding()
    assertions = {
        f"fact:{name}": grounding.expand(formula, ()) for name, formula in formulas.items()
    }
    assertions |= grounding.tables()
    answer = ask_z3(to_smtlib(assertions), resource_limit=resource_limit, seed=seed)
    if answer.status is not Status.SAT:
        return answer.reason or "none of the size tried", None, answer.seconds
    return None, grounding.read(answer.model), answer.seconds


class _Grounding:
    def __init__(self) -> None:
        self.functions: dict[str, z3.FuncDeclRef] = {}
        self.sorts: dict[str, z3.SortRef] = {}
        self._known: dict[tuple[int, tuple[Any, ...]], Any] = {}
        self._kept: list[Any] = []

    def elements(self, sort: z3.SortRef) -> list[z3.ExprRef]:
        self.sorts.setdefault(sort.name(), sort)
        return [z3.Const(f"{sort.name()}!{n}", sort) for n in range(SIZES[sort.name()])]

    def expand(self, term: Any, scope: tuple[Any, ...]) -> Any:
        """Return a term with its quantifiers written out; ``scope`` ends with the innermost."""
        key = (term.get_id(), tuple(element.get_id() for element in scope))
        if key not in self._known:
            self._kept.append(term)
            self._known[key] = self._expand(term, scope)
        return self._known[key]

    def _expand(self, term: Any, scope: tuple[Any, ...]) -> Any:
        if z3.is_var(term):
            return scope[-1 - z3.get_var_index(term)]
        if z3.is_quantifier(term):
            ranges = [self.elements(term.var_sort(n)) for n in range(term.num_vars())]
            parts = [self.expand(term.body(), scope + row) for row in itertools.product(*ranges)]
            return z3.And(parts) if term.is_forall() else z3.Or(parts)
        declaration = term.decl()
        if declaration.kind() == z3.Z3_OP_UNINTERPRETED:
            self.functions.setdefault(declaration.name(), declaration)
        children = [self.expand(child, scope) for child in term.children()]
        return declaration(*children) if children else term

    def _rows(self, function: z3.FuncDeclRef) -> list[tuple[tuple[int, ...], Any]]:
        domains = [self.elements(function.domain(n)) for n in range(function.arity())]
        indices = itertools.product(*(range(len(domain)) for domain in domains))
        return [
            (row, function(*(domain[n] for domain, n in zip(domains, row, strict=True))))
            for row in indices
        ]

    def tables(self) -> dict[str, z3.BoolRef]:
        """Return that elements differ and values are elements, with a constant for each value."""
        assertions: dict[str, z3.BoolRef] = {}
        for function in list(self.functions.values()):
            for row, value in self._rows(function):
                name = _cell(function.name(), row)
                if value.sort().kind() == z3.Z3_UNINTERPRETED_SORT:
                    cases = [
                        z3.Bool(f"{name}={n}") == (value == element)
                        for n, element in enumerate(self.elements(value.sort()))
                    ]
                    some = z3.Or([value == e for e in self.elements(value.sort())])
                    assertions[f"table:{name}"] = z3.And(some, *cases)
                else:
                    assertions[f"table:{name}"] = z3.Const(name, value.sort()) == value
        for name, sort in self.sorts.items():
            assertions[f"distinct:{name}"] = z3.Distinct(*self.elements(sort))
        return assertions

    def read(self, model: Mapping[str, Fraction | bool]) -> FiniteModel:
        """Return the structure that the constants describe."""
        tables: dict[str, dict[tuple[int, ...], int | bool | Fraction]] = {}
        for function in self.functions.values():
            table: dict[tuple[int, ...], int | bool | Fraction] = {}
            for row, value in self._rows(function):
                name = _cell(function.name(), row)
                if value.sort().kind() == z3.Z3_UNINTERPRETED_SORT:
                    size = SIZES[value.sort().name()]
                    table[row] = next(n for n in range(size) if model[f"{name}={n}"])
                else:
                    table[row] = model[name]
            tables[function.name()] = table
        return FiniteModel({name: SIZES[name] for name in self.sorts}, tables)


def _cell(function: str, row: tuple[int, ...]) -> str:
    return f"{function}[{','.join(map(str, row))}]"
