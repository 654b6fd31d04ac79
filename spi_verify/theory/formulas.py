"""Formulas compared by what they say."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import cache, wraps
from typing import Any, TypeVar

import z3

try:
    from z3 import z3core
except ImportError:  # in the place of z3 stands what only builds formulas
    z3core = None

Found = TypeVar("Found")


def once_for_each(find: Callable[[Any], Found]) -> Callable[[Any], Found]:
    """Let a function of a term remember what it finds, by the term's number.

    The term is held, which keeps z3 from giving that number to another. Each context has numbers
    of its own: what is in another than the main one is not remembered.
    """
    known: dict[int, tuple[z3.ExprRef, Found]] = {}

    @wraps(find)
    def found(term: z3.ExprRef) -> Found:
        if term.ctx is not z3.main_ctx():
            return find(term)
        kept = known.get(term.get_id())
        if kept is None:
            kept = known[term.get_id()] = term, find(term)
        return kept[1]

    return found


_FINGERPRINTS: dict[int, tuple[z3.ExprRef, str]] = {}
"""As :func:`once_for_each` has it, which would go a third deeper for each level of a formula."""


def fingerprint(formula: z3.ExprRef) -> str:
    """Return a hash of a formula that does not depend on the names of its bound variables.

    It does depend on all else: on symbols with their sorts, and on the order of parts.
    """
    kept = _FINGERPRINTS.get(formula.get_id())
    if kept is None:
        digest = hashlib.sha256(json.dumps(_parts(formula)).encode()).hexdigest()[:32]
        kept = _FINGERPRINTS[formula.get_id()] = (formula, digest)
    return kept[1]


@cache
def _sort(sort: z3.SortRef) -> str:
    """Return a sort's name, which z3 takes long to write."""
    return str(sort)


def _parts(term: z3.ExprRef) -> list[object]:
    if z3.is_quantifier(term):
        kind = "lambda" if term.is_lambda() else "exists" if term.is_exists() else "forall"
        sorts = [_sort(term.var_sort(k)) for k in range(term.num_vars())]
        return [kind, sorts, fingerprint(term.body())]
    if z3.is_var(term):
        return ["variable", z3.get_var_index(term), _sort(term.sort())]
    number = numeral(term)
    if number is not None:
        return ["number", str(number), _sort(term.sort())]
    symbol, children = term.decl(), joined(term)
    sorts = (
        []
        if symbol.kind() in _JOINING
        else [_sort(symbol.domain(k)) for k in range(symbol.arity())]
    )
    kind = _KINDS.get(symbol.kind(), "")
    if not kind:
        kind = f"{symbol.kind()}: {symbol.params()}"
        if not children:
            kind += term.sexpr()
    return [kind, symbol.name(), sorts, _sort(term.sort()), *map(fingerprint, children)]


def numeral(term: z3.ExprRef) -> Fraction | None:
    """Return what a numeral is, or one with signs before it, as text has it."""
    if z3.is_rational_value(term):
        return term.as_fraction()
    if z3.is_app_of(term, z3.Z3_OP_UMINUS):
        inner = numeral(term.arg(0))
        return None if inner is None else -inner
    return None


_KINDS = {
    z3.Z3_OP_UNINTERPRETED: "own",
    z3.Z3_OP_AND: "and",
    z3.Z3_OP_OR: "or",
    z3.Z3_OP_NOT: "not",
    z3.Z3_OP_IMPLIES: "implies",
    z3.Z3_OP_ITE: "if",
    z3.Z3_OP_EQ: "equals",
    z3.Z3_OP_DISTINCT: "distinct",
    z3.Z3_OP_TRUE: "true",
    z3.Z3_OP_FALSE: "false",
    z3.Z3_OP_LE: "at most",
    z3.Z3_OP_LT: "less",
    z3.Z3_OP_GE: "at least",
    z3.Z3_OP_GT: "more",
    z3.Z3_OP_ADD: "plus",
    z3.Z3_OP_SUB: "minus",
    z3.Z3_OP_UMINUS: "negative",
    z3.Z3_OP_MUL: "times",
    z3.Z3_OP_DIV: "divided",
}
"""What functions are called here; z3 may number them otherwise in another version."""


_JOINING = (z3.Z3_OP_AND, z3.Z3_OP_OR, z3.Z3_OP_XOR, z3.Z3_OP_ADD, z3.Z3_OP_MUL)


def joined(term: z3.ExprRef) -> list[z3.ExprRef]:
    """Return the arguments of a term; text has those of a sum in a sum as the whole sum's."""
    kind = term.decl().kind()
    if kind not in _JOINING:
        return list(term.children())
    flat: list[z3.ExprRef] = []
    for part in term.children():
        nested = z3.is_app(part) and part.decl().kind() == kind
        flat += joined(part) if nested else [part]
    return flat


_NUMBERED = re.compile("(![0-9]+)+$")


def unlike(names: Iterable[str], taken: Iterable[str]) -> list[str]:
    """Return names of variables, with primes where another in scope has the name already.

    Text of z3 has x!1 for an x within another one.
    """
    known, found = set(taken), []
    for name in names:
        name = _NUMBERED.sub("", name) or name
        while name in known:
            name += "'"
        known.add(name)
        found.append(name)
    return found


def subterms(formula: z3.ExprRef) -> Iterator[z3.ExprRef]:
    """Iterate over the parts of a formula that are no quantifiers, each once."""
    seen: set[int] = set()
    waiting = [formula]
    while waiting:
        term = waiting.pop()
        if term.get_id() in seen:
            continue
        seen.add(term.get_id())
        if z3.is_quantifier(term):
            waiting.append(term.body())
        else:
            yield term
            waiting += reversed(term.children())


@once_for_each
def functions_of(formula: z3.ExprRef) -> tuple[z3.FuncDeclRef, ...]:
    """Return the functions and constants in a formula that mean nothing to z3, as they occur."""
    return tuple(one for one in _applied(formula) if one.kind() == z3.Z3_OP_UNINTERPRETED)


def _applied(formula: z3.ExprRef) -> Iterable[z3.FuncDeclRef]:
    """Return the functions and connectives in a formula, each once.

    Parts are not made expressions: that would take most of the time.
    """
    if z3core is None:
        return {part.decl(): None for part in subterms(formula) if z3.is_app(part)}
    context = formula.ctx.ref()
    found: dict[int, z3.FuncDeclRef] = {}
    seen: set[int] = set()
    waiting = [formula.as_ast()]
    while waiting:
        part = waiting.pop()
        number = z3core.Z3_get_ast_id(context, part)
        if number in seen:
            continue
        seen.add(number)
        if _is_application(context, part):
            function = z3core.Z3_get_app_decl(context, part)
            number = z3core.Z3_get_func_decl_id(context, function)
            if number not in found:
                found[number] = z3.FuncDeclRef(function, formula.ctx)
        waiting += reversed(_below(context, part))
    return found.values()


def size_of(formula: z3.ExprRef) -> int:
    """Return how many parts a formula has when shared ones are counted each time."""
    context = None if z3core is None else formula.ctx.ref()
    known: dict[int, int] = {}

    def size(part: Any) -> int:
        number = part.get_id() if context is None else z3core.Z3_get_ast_id(context, part)
        if number not in known:
            known[number] = 1 + sum(map(size, _below(context, part)))
        return known[number]

    return size(formula if context is None else formula.as_ast())


def _is_application(context: Any, part: Any) -> bool:
    return bool(z3core.Z3_get_ast_kind(context, part) == z3core.Z3_APP_AST)


def _below(context: Any, part: Any) -> list[Any]:
    """Return the parts right below one, which live as long as the whole does."""
    if context is None:
        return [part.body()] if z3.is_quantifier(part) else part.children()
    if _is_application(context, part):
        count = z3core.Z3_get_app_num_args(context, part)
        return [z3core.Z3_get_app_arg(context, part, k) for k in range(count)]
    kind = z3core.Z3_get_ast_kind(context, part)
    quantified = kind == z3core.Z3_QUANTIFIER_AST
    return [z3core.Z3_get_quantifier_body(context, part)] if quantified else []


def same_formula(one: z3.ExprRef, other: z3.ExprRef) -> bool:
    """Return whether two formulas are the same, up to the names of bound variables."""
    return bool(one.eq(other)) or fingerprint(one) == fingerprint(other)
