"""Formulas compared by what they say."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import cache

import z3

_FINGERPRINTS: dict[int, tuple[z3.ExprRef, str]] = {}
"""By the number of an expression; holding the expression keeps z3 from giving that to another."""


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
    if z3.is_rational_value(term):
        return ["number", str(term.as_fraction()), _sort(term.sort())]
    if z3.is_app_of(term, z3.Z3_OP_UMINUS) and z3.is_rational_value(term.arg(0)):
        return ["number", str(-term.arg(0).as_fraction()), _sort(term.sort())]
    symbol, children = term.decl(), _children(term)
    joins = z3.is_and(term) or z3.is_or(term)
    sorts = [] if joins else [_sort(symbol.domain(k)) for k in range(symbol.arity())]
    kind = _KINDS.get(symbol.kind(), "")
    if not kind:
        kind = f"{symbol.kind()}: {symbol.params()}"
        if not children:
            kind += term.sexpr()
    return [kind, symbol.name(), sorts, _sort(term.sort()), *map(fingerprint, children)]


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


def _children(term: z3.ExprRef) -> list[z3.ExprRef]:
    """Return the arguments of a term; reading text flattens conjunctions in conjunctions."""
    if not (z3.is_and(term) or z3.is_or(term)):
        return list(term.children())
    kind = term.decl().kind()
    flat: list[z3.ExprRef] = []
    for part in term.children():
        nested = z3.is_app(part) and part.decl().kind() == kind
        flat += _children(part) if nested else [part]
    return flat


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


def same_formula(one: z3.ExprRef, other: z3.ExprRef) -> bool:
    """Return whether two formulas are the same, up to the names of bound variables."""
    return bool(one.eq(other)) or fingerprint(one) == fingerprint(other)
