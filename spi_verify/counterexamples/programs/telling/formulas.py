"""Formulas as somebody reads them."""

from __future__ import annotations

import z3

_JOINED = {
    z3.Z3_OP_ADD: " + ",
    z3.Z3_OP_AND: " and ",
    z3.Z3_OP_EQ: " = ",
    z3.Z3_OP_GE: " >= ",
    z3.Z3_OP_GT: " > ",
    z3.Z3_OP_LE: " <= ",
    z3.Z3_OP_LT: " < ",
    z3.Z3_OP_MUL: " * ",
    z3.Z3_OP_OR: " or ",
    z3.Z3_OP_SUB: " - ",
}


def text(term: z3.ExprRef) -> str:
    """Return a formula or a term with infix signs and words.

    >>> x, y = z3.Reals("x y")
    >>> text(z3.Exists([x], z3.Implies(z3.Not(x == y), z3.Or(x > y, x < y))))
    'for some x: if not x = y, then x > y or x < y'
    """
    return _text(term, ())


def _text(term: z3.ExprRef, scope: tuple[str, ...]) -> str:
    if z3.is_quantifier(term):
        names = [term.var_name(k) for k in range(term.num_vars())]
        word = "all" if term.is_forall() else "some"
        return f"for {word} {', '.join(names)}: {_text(term.body(), (*scope, *names))}"
    if z3.is_var(term):
        return scope[-1 - z3.get_var_index(term)]
    kind, parts = term.decl().kind(), term.children()
    if kind in _JOINED:
        return _JOINED[kind].join(_inner(part, scope) for part in parts)
    if kind == z3.Z3_OP_IMPLIES:
        return f"if {_inner(parts[0], scope)}, then {_inner(parts[1], scope)}"
    if kind == z3.Z3_OP_NOT:
        return f"not {_inner(parts[0], scope)}"
    if kind == z3.Z3_OP_ITE:
        condition, one, other = (_inner(part, scope) for part in parts)
        return f"({one} if {condition}, else {other})"
    if kind != z3.Z3_OP_UNINTERPRETED or not parts:
        return str(term)
    return f"{term.decl().name()}({', '.join(_text(part, scope) for part in parts)})"


def _inner(term: z3.ExprRef, scope: tuple[str, ...]) -> str:
    """Return a part in brackets where these are needed."""
    told = _text(term, scope)
    joined = z3.is_and(term) or z3.is_or(term) or z3.is_implies(term) or z3.is_quantifier(term)
    joined = joined or (z3.is_eq(term) and z3.is_bool(term.arg(0)))
    return f"({told})" if joined else told
