"""Formulas as somebody reads them."""

from __future__ import annotations

import z3

from spi_verify.theory import joined, numeral, subterms, unlike

_JOINED = {
    z3.Z3_OP_ADD: " + ",
    z3.Z3_OP_AND: " and ",
    z3.Z3_OP_DISTINCT: " != ",
    z3.Z3_OP_EQ: " = ",
    z3.Z3_OP_GE: " >= ",
    z3.Z3_OP_GT: " > ",
    z3.Z3_OP_LE: " <= ",
    z3.Z3_OP_LT: " < ",
    z3.Z3_OP_MUL: " * ",
    z3.Z3_OP_OR: " or ",
    z3.Z3_OP_SUB: " - ",
}
_SUMS = (z3.Z3_OP_ADD, z3.Z3_OP_SUB)


def text(term: z3.ExprRef) -> str:
    """Return a formula or a term with infix signs and words.

    >>> x, y = z3.Reals("x y")
    >>> text(z3.Exists([x], z3.Implies(z3.Not(x == y), z3.Or(x > y, x < y))))
    'for some x: if not x = y, then x > y or x < y'
    """
    constants = {part.decl().name() for part in subterms(term) if z3.is_const(part)}
    return _text(term, tuple(sorted(constants)))  # no variable is called like one


def _text(term: z3.ExprRef, scope: tuple[str, ...]) -> str:
    if z3.is_quantifier(term):
        names = unlike([term.var_name(k) for k in range(term.num_vars())], scope)
        word = "all" if term.is_forall() else "some"
        return f"for {word} {', '.join(names)}: {_text(term.body(), (*scope, *names))}"
    if z3.is_var(term):
        return scope[-1 - z3.get_var_index(term)]
    number = numeral(term)
    if number is not None:
        return str(number)
    kind, parts = term.decl().kind(), joined(term)
    if kind in _JOINED and (kind != z3.Z3_OP_DISTINCT or len(parts) == 2):
        first, *others = parts or [z3.BoolVal(kind == z3.Z3_OP_AND)]
        inner = _factor if kind in (z3.Z3_OP_MUL, z3.Z3_OP_SUB) else _inner
        one = (_factor if kind == z3.Z3_OP_MUL else _inner)(first, scope)
        return _JOINED[kind].join([one, *(inner(part, scope) for part in others)])
    if kind == z3.Z3_OP_IMPLIES:
        return f"if {_inner(parts[0], scope)}, then {_inner(parts[1], scope)}"
    if kind == z3.Z3_OP_NOT:
        return f"not {_inner(parts[0], scope)}"
    if kind == z3.Z3_OP_ITE:
        condition, one, other = (_inner(part, scope) for part in parts)
        return f"({one} if {condition}, else {other})"
    if kind == z3.Z3_OP_UMINUS:
        return f"-{_factor(parts[0], scope)}"
    if kind == z3.Z3_OP_TO_REAL:
        return _text(parts[0], scope)
    if not parts:
        return str(term)
    return f"{term.decl().name()}({', '.join(_text(part, scope) for part in parts)})"


def _inner(term: z3.ExprRef, scope: tuple[str, ...]) -> str:
    """Return a part in brackets where these are needed."""
    told = _text(term, scope)
    several = z3.is_and(term) or z3.is_or(term) or z3.is_implies(term) or z3.is_quantifier(term)
    equated = z3.is_app(term) and term.decl().kind() in (z3.Z3_OP_EQ, z3.Z3_OP_DISTINCT)
    several = several or (equated and z3.is_bool(term.arg(0)))
    return f"({told})" if several else told


def _factor(term: z3.ExprRef, scope: tuple[str, ...]) -> str:
    """Return a part of a product, in brackets where it is a sum."""
    told = _inner(term, scope)
    return f"({told})" if z3.is_app(term) and term.decl().kind() in _SUMS else told
