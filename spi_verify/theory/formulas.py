"""Formulas compared by what they say."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
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


def same_formula(one: z3.ExprRef, other: z3.ExprRef) -> bool:
    """Return whether two formulas are the same, up to the names of bound variables."""
    return bool(one.eq(other)) or fingerprint(one) == fingerprint(other)
