"""z3 formulas, read as trees."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache

import z3

from spi_verify.mathematics.boxes import PRIME
from spi_verify.mathematics.own import NOTHING_OWN, OwnNotation, Place
from spi_verify.mathematics.trees import (
    Applied,
    Constant,
    Operation,
    Quantified,
    Tree,
    Variable,
    parts_of,
)
from spi_verify.text import printable
from spi_verify.theory import PAPER
from spi_verify.theory.signature import symbols

_SIGNS = {
    z3.Z3_OP_NOT: "¬",
    z3.Z3_OP_AND: "∧",
    z3.Z3_OP_OR: "∨",
    z3.Z3_OP_IMPLIES: "⇒",
    z3.Z3_OP_IFF: "⇔",
    z3.Z3_OP_ITE: "if",
    z3.Z3_OP_EQ: "=",
    z3.Z3_OP_DISTINCT: "≠",
    z3.Z3_OP_LE: "≤",
    z3.Z3_OP_LT: "<",
    z3.Z3_OP_GE: "≥",
    z3.Z3_OP_GT: ">",
    z3.Z3_OP_ADD: "+",
    z3.Z3_OP_SUB: "-",
    z3.Z3_OP_UMINUS: "neg",
    z3.Z3_OP_MUL: "·",
    z3.Z3_OP_DIV: "/",
}
_FLAT = ("∧", "∨", "+", "·")


def read(term: z3.ExprRef, own: OwnNotation = NOTHING_OWN, *, named: Sequence[str] = ()) -> Tree:
    """Return a closed formula or term as a tree.

    Parameters
    ----------
    term
        From z3. Names of bound variables that a variable around them, or a constant of the
        formula, has already get a prime.
    own
        How a paper calls variables.
    named
        More names that no variable may have.

    Notes
    -----
    What joins the same joined parts is read as one, "not equal" as one sign, the larger of two
    numbers as a maximum; and what a quantifier says of its one variable first, as the condition
    that it is other than something, or a member of something.
    """
    return _Reader({*named, *_constants(term)}, own).read(term, ())


def _constants(term: z3.ExprRef) -> set[str]:
    found, seen, waiting = set(), set(), [term]
    while waiting:
        one = waiting.pop()
        if one.get_id() not in seen:
            seen.add(one.get_id())
            if z3.is_const(one) and one.decl().kind() == z3.Z3_OP_UNINTERPRETED:
                found.add(_name(one.decl().name()))
            waiting += [one.body()] if z3.is_quantifier(one) else one.children()
    return found


def _name(name: str) -> str:
    return printable("".join(name.split())) or "x"


def symbol_name(symbol: z3.FuncDeclRef) -> str:
    """Return a symbol's name, with a prime where another symbol is known by it."""
    name = _name(symbol.name())
    known = _known().get(name)
    return name if known is None or known == symbol else name + PRIME


@cache
def _known() -> dict[str, z3.FuncDeclRef]:
    defined = {name: PAPER[name].about[0] for name in PAPER if PAPER[name].sorts}
    return {**symbols(), **defined}


class _Reader:
    def __init__(self, taken: set[str], own: OwnNotation) -> None:
        self._taken = taken
        self._own = own

    def read(self, term: z3.ExprRef, scope: tuple[Variable, ...]) -> Tree:
        """Return a term as a tree, where variables are bound around it, the innermost last."""
        if z3.is_quantifier(term):
            return self._quantified(term, scope)
        if z3.is_var(term):
            return scope[-1 - z3.get_var_index(term)]
        if z3.is_true(term) or z3.is_false(term):
            return Constant(z3.is_true(term))
        if z3.is_rational_value(term):
            assert isinstance(term, z3.RatNumRef)
            return Constant(term.as_fraction())
        if z3.is_int_value(term):
            assert isinstance(term, z3.IntNumRef)
            return Constant(Fraction(term.as_long()))
        if z3.is_app_of(term, z3.Z3_OP_TO_REAL):
            return self.read(term.arg(0), scope)
        parts = tuple(self.read(part, scope) for part in term.children())
        sign = _SIGNS.get(term.decl().kind())
        if sign is None:
            return Applied(symbol_name(term.decl()), parts, term.sort().name())
        if not parts:
            return Constant(sign == "∧")
        if sign == "if" and z3.is_bool(term):
            return _either(*parts)
        return _operation(sign, parts, is_formula=z3.is_bool(term.arg(0)))

    def _quantified(self, term: z3.QuantifierRef, scope: tuple[Variable, ...]) -> Tree:
        variables: tuple[Variable, ...] = ()
        for k in range(term.num_vars()):
            index = term.num_vars() - 1 - k
            places = set(_places(term.body(), index)) if self._own.letters_in_places else ()
            name = self._own.variable(_name(term.var_name(k)), term.var_sort(k).name(), places)
            while name in self._taken or name in {one.name for one in (*scope, *variables)}:
                name += PRIME
            variables += (Variable(name, term.var_sort(k).name()),)
        sign = "λ" if term.is_lambda() else "∃" if term.is_exists() else "∀"
        body = self.read(term.body(), (*scope, *variables))
        condition = None
        if len(variables) == 1:
            condition, body = _condition(sign, variables[0], body)
        return Quantified(sign, variables, condition, body)


def _places(term: z3.ExprRef, index: int) -> Iterator[Place]:
    """Yield where a variable stands as an argument, under the names of what it is one of."""
    if z3.is_quantifier(term):
        yield from _places(term.body(), index + term.num_vars())
        return
    for place, part in enumerate(term.children()):
        if z3.is_var(part) and z3.get_var_index(part) == index:
            yield _name(term.decl().name()), place
        yield from _places(part, index)


def _operation(sign: str, parts: tuple[Tree, ...], *, is_formula: bool) -> Tree:
    first = parts[0]
    if sign == "¬" and isinstance(first, Operation) and first.sign == "=":
        return Operation("≠", first.parts)
    if sign == "=" and is_formula:
        turned = isinstance(first, Quantified) and not isinstance(parts[1], Quantified)
        return Operation("⇔", parts[::-1] if turned else parts)  # z3 has quantifiers first
    if sign == "≠" and is_formula:
        pairs = itertools.combinations(parts, 2)
        unlike = tuple(Operation("¬", (Operation("⇔", pair),)) for pair in pairs)
        return _conjunction(unlike)
    if sign == "≠" and len(parts) > 2:
        pairs = itertools.combinations(parts, 2)
        return Operation("∧", tuple(Operation("≠", pair) for pair in pairs))
    if sign == "neg" and isinstance(first, Constant) and first.value > 0:
        return Constant(-Fraction(first.value))
    if sign == "if" and first == Operation("≥", parts[1:]):
        return Operation("max", parts[1:])
    if sign in _FLAT:
        parts = tuple(part for one in parts for part in _joined(sign, one))
        if len(parts) == 1:
            return parts[0]
    return Operation(sign, parts)


def _either(condition: Tree, one: Tree, other: Tree) -> Tree:
    """Return the formula that is one where a condition holds, and another where it does not."""
    against = _operation("¬", (condition,), is_formula=True)
    return Operation("∧", (Operation("⇒", (condition, one)), Operation("⇒", (against, other))))


def _joined(sign: str, tree: Tree) -> tuple[Tree, ...]:
    return tree.parts if isinstance(tree, Operation) and tree.sign == sign else (tree,)


def _condition(sign: str, variable: Variable, body: Tree) -> tuple[Tree | None, Tree]:
    """Return what a variable has to meet first, and what is said of it then."""
    if sign == "∀" and isinstance(body, Operation) and body.sign == "⇒":
        supposed, rest = _joined("∧", body.parts[0]), body.parts[1]
    elif sign == "∃" and isinstance(body, Operation) and body.sign == "∧":
        supposed, rest = body.parts[:1], _conjunction(body.parts[1:])
    else:
        return None, body
    if not _is_condition(supposed[0], variable):
        return None, body
    if sign == "∀" and len(supposed) > 1:
        rest = Operation("⇒", (_conjunction(supposed[1:]), rest))
    return supposed[0], rest


def _is_condition(tree: Tree, variable: Variable) -> bool:
    if isinstance(tree, Operation):
        return tree.sign == "≠" and len(tree.parts) == 2 and tree.parts[0] == variable
    return (
        isinstance(tree, Applied)
        and tree.symbol == "member"
        and len(tree.arguments) == 2
        and tree.arguments[0] == variable
        and variable not in parts_of(tree.arguments[1])
    )


def _conjunction(parts: tuple[Tree, ...]) -> Tree:
    return parts[0] if len(parts) == 1 else Operation("∧", parts)
