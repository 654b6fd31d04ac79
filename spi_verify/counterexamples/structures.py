"""Finite structures as a kind of counterexample: for statements over symbols of their own.

Nothing of the paper's games and programs is in such a statement, so that nothing runs. What its
symbols mean is what its hypotheses say, and a structure in which these hold and the conclusion
fails refutes it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from spi_verify.counterexamples.kind import (
    NOT_SEARCHED,
    SEARCHED,
    Body,
    Check,
    Claimed,
    Confirmation,
    Kind,
)
from spi_verify.errors import InputError, Rejected, located

if TYPE_CHECKING:
    import z3

    from spi_verify.counterexamples.bounds import Bounds
    from spi_verify.obligations.statements import Statement
    from spi_verify.theory.evaluate import Structure

MOST_ELEMENTS = 100
MOST_VALUES = 100_000
MOST_INSTANCES = 5_000_000
LONGEST = 160
"""How many characters of a formula are told."""
_COMPUTED = "checked by computation"
ROWS = 12
"""A function with more values than this is not told in full."""


class Structures(Kind):
    """Elements of each sort, and a table for each function: ``{"sizes": {}, "tables": {}}``.

    Elements are numbered from 1. A table has a key for each tuple of arguments, such as ``"1,2"``,
    or ``""`` for a constant; its values are numbers of elements, truth values, or rationals as
    text.
    """

    name = "structure"
    any_definitions = True

    def applies(self, statement: Statement) -> bool:
        """Return whether a statement speaks of symbols of its own only, and of some."""
        from spi_verify.theory import PAPER, signature

        functions = _functions(_formulas(statement).values())
        known = signature.symbols()
        return bool(functions) and not any(name in known or name in PAPER for name in functions)

    def find(self, statement: Statement, bounds: Bounds, notes: list[str]) -> Iterator[Body]:
        """Iterate over the structure that solvers find first, if there is one."""
        from spi_verify.counterexamples.structures_told import easily_told
        from spi_verify.obligations.cache import Cache
        from spi_verify.obligations.consistency import beyond_evaluation, label
        from spi_verify.obligations.countermodels.finding import Finder
        from spi_verify.obligations.deciding import Budget
        from spi_verify.solvers.smtlib import render

        formulas = _formulas(statement)
        beyond = beyond_evaluation(formulas.values())
        if bounds.game is not None or beyond is not None:
            notes.append(f"{NOT_SEARCHED}: {beyond or 'the statement is about no game'}")
            return
        notes.append(f"{SEARCHED}among finite structures, with a bound on the solvers' work")
        goal = formulas.pop(_GOAL)
        finder = Finder(render, statement.sizes, Budget(), Cache(None))
        supposed = {label(name): formula for name, formula in formulas.items()}
        shown = easily_told(statement)
        structure = None
        if shown is not None:
            structure = finder.find({**supposed, _SHOWN: shown}, goal, written_out=2)
        if structure is None:
            structure = finder.find(supposed, goal, written_out=2)
        if structure is not None:
            yield _body(structure, _functions([*formulas.values(), goal]))

    def confirm(self, claimed: Claimed, body: Body) -> Confirmation:
        """Evaluate all formulas in a structure.

        Raises
        ------
        Rejected
            When a hypothesis fails, or the conclusion holds.
        InputError
            When it is no structure for this statement.
        """
        from spi_verify.counterexamples.statements.claimed import statement_of
        from spi_verify.counterexamples.structures_told import Model, told_by_its_paper
        from spi_verify.theory.compiled import TooCostlyError

        statement = statement_of(claimed)
        if not self.applies(statement):
            raise Rejected("the statement speaks of games or programs, which have to be run")
        structure = _structure(body, _functions(_formulas(statement).values()))
        try:
            plain, instance = _confirmation(statement, structure, _meanings(claimed))
        except TooCostlyError:
            raise Rejected("it is too large to be evaluated") from None
        except ValueError as error:
            raise Rejected(f"it cannot be evaluated: {error}") from None
        told = told_by_its_paper(statement, Model(structure, instance))
        if told is None:
            return plain
        formerly = (plain.conclusion,)
        return Confirmation(plain.hypotheses, told.conclusion, told.story, lambda: formerly)

    def size(self, body: Body) -> tuple[int, ...]:
        """Return how many elements there are in all."""
        return (sum(body["sizes"].values()),)


_GOAL = "the conclusion"
_SHOWN = "easy to tell"


def _formulas(statement: Statement) -> dict[str, z3.BoolRef]:
    """Return what a statement says: hypotheses, what it takes for granted, and its conclusion."""
    theory = statement.theory
    granted = {name: theory.axiom(name) for name in statement.definitions}
    supposed = {hypothesis.name: hypothesis.formula for hypothesis in statement.hypotheses}
    return {**granted, **supposed, _GOAL: statement.goal.formula}


def _functions(formulas: Any) -> dict[str, z3.FuncDeclRef]:
    """Return the uninterpreted functions and constants in formulas, by name."""
    from spi_verify.theory import functions_of

    return {one.name(): one for formula in formulas for one in functions_of(formula)}


def _body(structure: Structure, functions: Mapping[str, z3.FuncDeclRef]) -> Body:
    import z3

    def written(value: Any, sort: z3.SortRef) -> Any:
        if isinstance(value, bool):
            return value
        is_element = sort.kind() == z3.Z3_UNINTERPRETED_SORT
        return value + 1 if is_element else str(Fraction(value))

    tables = {}
    for name, function in sorted(functions.items()):
        table = sorted(structure.tables[name].items())
        tables[name] = {
            ",".join(str(number + 1) for number in row): written(value, function.range())
            for row, value in table
        }
    return {"sizes": dict(sorted(structure.sizes.items())), "tables": tables}


def _structure(body: Body, functions: Mapping[str, z3.FuncDeclRef]) -> Structure:
    """Return the structure that a body describes, if it has all that a statement speaks of."""
    from spi_verify.theory.evaluate import Budget, Structure

    sizes = body.get("sizes")
    if not isinstance(sizes, dict) or not all(
        type(size) is int and 0 < size <= MOST_ELEMENTS for size in sizes.values()
    ):
        raise InputError(f"each sort has 1 to {MOST_ELEMENTS} elements", where="sizes")
    tables = body.get("tables")
    if not isinstance(tables, dict) or not all(isinstance(one, dict) for one in tables.values()):
        raise InputError("these are tables of values", where="tables")
    strange = next((name for name in tables if name not in functions), None)
    if strange is not None:
        raise InputError("the statement does not speak of it", where=f"tables.{strange}")
    read = {
        name: _table(tables.get(name, {}), function, sizes, f"tables.{name}")
        for name, function in functions.items()
    }
    return Structure(sizes, read, Budget(MOST_INSTANCES))


def _table(
    given: Mapping[str, Any], function: z3.FuncDeclRef, sizes: Mapping[str, int], where: str
) -> dict[tuple[int, ...], Any]:
    domain = [function.domain(k).name() for k in range(function.arity())]
    lacking = next((sort for sort in domain if sort not in sizes), None)
    if lacking is not None:
        raise InputError(f"there are no elements of the sort {lacking}", where="sizes")
    if math.prod(sizes[sort] for sort in domain) > MOST_VALUES:
        raise InputError(f"more than {MOST_VALUES} values", where=where)
    rows = list(itertools.product(*(range(sizes[sort]) for sort in domain)))
    keys = {",".join(str(number + 1) for number in row): row for row in rows}
    for key in (*keys, *given):
        if key not in given or key not in keys:
            what = "there is no value for" if key in keys else "there are no arguments"
            raise InputError(f"{what} ({key})", where=where)
    return {
        row: _value(given[key], function.range(), sizes, f"{where}.{key}")
        for key, row in keys.items()
    }


def _value(given: Any, sort: z3.SortRef, sizes: Mapping[str, int], where: str) -> Any:
    import z3

    from spi_verify.games.rationals import parse_rational

    if sort.kind() == z3.Z3_BOOL_SORT:
        if not isinstance(given, bool):
            raise InputError("this is true or false", where=where)
        return given
    if sort.kind() == z3.Z3_UNINTERPRETED_SORT:
        if type(given) is not int or not 1 <= given <= sizes.get(sort.name(), 0):
            raise InputError(f"this is the number of an element of {sort.name()}", where=where)
        return given - 1
    if not isinstance(given, str):
        raise InputError("this is a rational number as text", where=where)
    with located(where=where):
        return parse_rational(given)


def _confirmation(
    statement: Statement, structure: Structure, meanings: Mapping[str, str]
) -> tuple[Confirmation, Mapping[str, int]]:
    """Return what evaluation shows, and the elements for which the conclusion fails."""
    from spi_verify.obligations.countermodels.explaining import explain
    from spi_verify.theory.evaluate import holds, why_not

    formulas = _formulas(statement)
    goal = formulas.pop(_GOAL)
    for name, formula in formulas.items():
        if not holds(formula, structure):
            raise Rejected(f"{name} fails: {why_not(formula, structure)}")
    if holds(goal, structure):
        raise Rejected("the conclusion holds")
    found = explain(goal, structure, {})
    chosen = f" for {', '.join(found.chosen)}" if found.chosen else ""
    conclusion = f"the conclusion fails{chosen}: {_brief(found.fails[-1])} is false"
    checks = tuple(Check(h.name, _checked(meanings.get(h.name, ""))) for h in statement.hypotheses)
    supposed = [f"What it supposes holds: {_brief(one)}." for one in found.holds]
    told = _told(structure, _functions([*formulas.values(), goal]))
    story = (*told, *supposed, f"So {conclusion}.")
    return Confirmation(checks, conclusion, story), found.instance


def _meanings(claimed: Claimed) -> Mapping[str, str]:
    """Return what the hypotheses of a shipped statement say, by name; a file does not have it."""
    from spi_verify.counterexamples.statements.claimed import shipped_theorem

    known = None if claimed.formulas else shipped_theorem(claimed.statement)
    return {} if known is None else {h.name: h.meaning for h in known.hypotheses}


def _checked(meaning: str) -> str:
    """Return what a hypothesis says, and how it was checked."""
    said = f"{meaning[0].lower()}{meaning[1:].rstrip('.')}" if meaning else ""
    return f"{said} ({_COMPUTED})" if said else _COMPUTED


def _brief(formula: str) -> str:
    """Return a formula in words, or how it begins if it is long."""
    if len(formula) <= LONGEST:
        return formula
    return f"{formula[:LONGEST].rpartition(' ')[0]} (...)"


def _told(structure: Structure, functions: Mapping[str, z3.FuncDeclRef]) -> Iterator[str]:
    """Say which elements there are, and what the functions are for them."""
    from spi_verify.obligations.countermodels.naming import Names

    names = Names(structure)
    counted = (f"{sort}: {size}" for sort, size in sorted(structure.sizes.items()))
    yield f"How many there are of each sort: {', '.join(counted)}."
    for name, function in sorted(functions.items()):
        domain = [function.domain(k).name() for k in range(function.arity())]
        table = structure.tables[name]
        told = [
            (list(map(names.element, domain, row)), value) for row, value in sorted(table.items())
        ]
        if len(told) > ROWS:
            yield f"{name} has {len(told)} values, which are in the file."
        elif domain and all(isinstance(value, bool) for _, value in told):
            true = "; ".join(f"({', '.join(row)})" for row, value in told if value) or "nothing"
            yield f"{name} holds of {true}."
        else:
            said = "; ".join(
                names.told(function, row, names.value(function.range(), value))
                for row, value in told
            )
            yield f"{said[0].upper()}{said[1:]}." if not domain else f"{said}."
