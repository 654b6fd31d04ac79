"""Whether a formula can be given to the solvers, and evaluated where they find a structure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import z3

from spi_verify.errors import InputError
from spi_verify.solvers.smtlib import WORDS, render
from spi_verify.theory.compiled import EVALUATED


def require_formulas(formulas: Iterable[tuple[str, Any, bool]]) -> None:
    """Make sure that closed formulas are such, and have no two symbols of one name.

    Parameters
    ----------
    formulas
        What each is, the formula, and whether it has to be evaluated in finite structures.

    Raises
    ------
    InputError
        When one is none, or speaks of something that is not supported.
    """
    known: dict[str, z3.FuncDeclRef] = {}
    for what, formula, evaluated in formulas:
        for name, symbol in require_formula(what, formula, evaluated=evaluated).items():
            _require_same(what, known.setdefault(name, symbol), symbol)


def require_formula(
    what: str, formula: Any, *, evaluated: bool = True
) -> Mapping[str, z3.FuncDeclRef]:
    """Make sure that something is a closed formula, and return its symbols by name.

    Parameters
    ----------
    what
        What it is, for messages.
    formula
        The formula.
    evaluated
        Whether it has to be evaluated in finite structures, so that it speaks of nothing else.

    Raises
    ------
    InputError
        When it is none, or speaks of something that is not supported.
    """
    if not isinstance(formula, z3.BoolRef):
        raise InputError(f"{what} is no formula of z3, but {_shown(formula)}")
    if formula.ctx is not z3.main_ctx():  # numbers of formulas are told apart in one only
        raise InputError(f"{what} is in a context of z3 of its own: write it without one")
    key = (formula.get_id(), evaluated)
    if key in _right:
        return _right[key][1]
    symbols: dict[str, z3.FuncDeclRef] = {}
    applied: set[z3.FuncDeclRef] = set()
    bound_names: set[str] = set()
    sorts: list[z3.SortRef] = []
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[Any, int]] = [(formula, 0)]
    while waiting:
        term, bound = waiting.pop()
        if (term.get_id(), bound) in seen:
            continue
        seen.add((term.get_id(), bound))
        if z3.is_app(term):
            symbol = term.decl()
            if symbol not in applied:
                applied.add(symbol)
                if symbol.kind() == z3.Z3_OP_DISTINCT and term.num_args() < 2:
                    raise InputError(f"{what} has a Distinct of one term, which is always true")
                if evaluated:
                    _require_application(what, term)
                if symbol.kind() == z3.Z3_OP_UNINTERPRETED:
                    _require_same(what, symbols.setdefault(symbol.name(), symbol), symbol)
            waiting += [(child, bound) for child in term.children()]
        elif z3.is_quantifier(term):
            if evaluated:
                _require_quantifier(what, term)
            bound_names |= {term.var_name(k) for k in range(term.num_vars())}
            sorts += [term.var_sort(k) for k in range(term.num_vars())]
            waiting.append((term.body(), bound + term.num_vars()))
        elif z3.get_var_index(term) >= bound:
            raise InputError(f"{what} has a variable that no quantifier binds")
    for symbol in symbols.values():
        sorts += [symbol.range(), *(symbol.domain(k) for k in range(symbol.arity()))]
    names = {symbol.name() for symbol in applied}
    free = {sort.name() for sort in sorts if sort.kind() == z3.Z3_UNINTERPRETED_SORT}
    own = {*symbols, *bound_names, *free}
    if names & bound_names or own & WORDS or not all(map(_PLAIN.fullmatch, own)):
        try:
            render(formula)
        except ValueError as error:
            raise InputError(f"{what}: {error}") from None
    _right[key] = formula, symbols
    return symbols


def _require_same(what: str, known: z3.FuncDeclRef, symbol: z3.FuncDeclRef) -> None:
    """Text for solvers could not tell symbols of one name apart."""
    if not known.eq(symbol):
        raise InputError(
            f"{what} has a {symbol.name()!r} of other sorts than another symbol of that name"
        )


_UNWRITABLE = {"|", "\\"}
_PLAIN = re.compile("[A-Za-z0-9_]+")
"""Where other names occur, the formula is written to see whether it can be."""

_right: dict[tuple[int, bool], tuple[z3.BoolRef, Mapping[str, z3.FuncDeclRef]]] = {}
"""What was found to be right; z3 gives no other formula the number of one that is kept."""


def _require_quantifier(what: str, term: Any) -> None:
    if term.is_lambda():
        raise InputError(f"{what} has a lambda, which is not supported")
    for k in range(term.num_vars()):
        sort = term.var_sort(k)
        if sort.kind() != z3.Z3_UNINTERPRETED_SORT:
            raise InputError(
                f"{what} quantifies over {sort}, which is not supported: only over sorts of the "
                "theory, such as Player and Outcome"
            )


def _require_application(what: str, term: Any) -> None:
    declaration = term.decl()
    if z3.is_rational_value(term) or z3.is_int_value(term):
        return
    if declaration.kind() not in EVALUATED:
        raise InputError(f"{what} has {declaration.name()!r}, which is not supported")
    if declaration.kind() != z3.Z3_OP_UNINTERPRETED:
        return
    values = (z3.Z3_UNINTERPRETED_SORT, z3.Z3_BOOL_SORT, z3.Z3_REAL_SORT)
    domain = [declaration.domain(k) for k in range(declaration.arity())]
    strange = next((s for s in domain if s.kind() != z3.Z3_UNINTERPRETED_SORT), None)
    if strange is None and declaration.range().kind() not in values:
        strange = declaration.range()
    if strange is not None:
        raise InputError(
            f"{what} has the function {declaration.name()!r}, and one from or to {strange} is not "
            "supported"
        )


def require_name(kind: str, name: Any) -> None:
    """Make sure that a name is printable text that solvers can read.

    Raises
    ------
    InputError
        When it is not.
    """
    if not isinstance(name, str) or not name or not name.isprintable() or _UNWRITABLE & set(name):
        raise InputError(
            f"a {kind} cannot be named {name!r}: names are printable text without | and \\"
        )


def _shown(value: Any) -> str:
    if isinstance(value, z3.ExprRef):
        return f"a term of sort {value.sort()}"
    return f"of type {type(value).__name__}"
