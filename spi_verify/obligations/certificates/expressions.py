"""The checker's terms as expressions of z3 and back, and as trees of a certificate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import z3

from spi_verify.checker.terms import Language, Term, Tree

_z3: Any = z3
"""The stubs of z3 know of no contexts."""


class Expressions:
    """Terms as expressions of one context.

    Parameters
    ----------
    language
        Whose terms.
    opaque
        Whether ``ite`` terms are constants, as they are in the checker's theory.
    """

    def __init__(self, language: Language, *, opaque: bool = False) -> None:
        self.language = language
        self.opaque = opaque
        self.context = _z3.Context()
        self._known: dict[Term, Any] = {}
        self._sorts: dict[str, Any] = {}
        self._functions: dict[str, Any] = {}

    def sort(self, name: str) -> Any:
        """Return a sort."""
        if name not in self._sorts:
            real = {"Real": _z3.RealSort, "Bool": _z3.BoolSort}.get(name)
            made = real(self.context) if real else _z3.DeclareSort(name, self.context)
            self._sorts[name] = made
        return self._sorts[name]

    def of(self, term: Term) -> Any:
        """Return a term as an expression."""
        if term not in self._known:
            self._known[term] = self._of(term)
        return self._known[term]

    def _of(self, term: Term) -> Any:
        kind, context = term.kind, self.context
        if kind == "slot":
            return _z3.Const(f"slot {term.label} {term.sort}", self.sort(term.sort))
        if kind == "number":
            return _z3.RealVal(str(term.label), context)
        if kind in ("true", "false"):
            return _z3.BoolVal(kind == "true", context)
        if kind == "ite" and self.opaque and term.sort != "Bool":
            return _z3.Const(f"ite {term.serial}", self.sort(term.sort))
        args = [self.of(arg) for arg in term.args]
        if kind == "apply":
            return self._function(term)(*args)
        if kind == "+":
            return _z3.Sum(args)
        if kind == "*":
            return _z3.Product(args)
        if kind in ("and", "or"):
            return (_z3.And if kind == "and" else _z3.Or)(args)
        if kind == "not":
            return _z3.Not(args[0])
        if kind == "ite":
            return _z3.If(*args)
        return args[0] <= args[1] if kind == "<=" else args[0] == args[1]

    def _function(self, term: Term) -> Any:
        name = str(term.label)
        if name not in self._functions:
            sorts = [self.sort(arg.sort) for arg in term.args]
            self._functions[name] = _z3.Function(name, *sorts, self.sort(term.sort))
        return self._functions[name]

    def back(self, expression: Any) -> Term:
        """Return an expression as a term.

        Raises
        ------
        LookupError
            When it speaks of something that the language does not have.
        """
        if _z3.is_rational_value(expression):
            return self.language.number(expression.as_fraction())
        if not _z3.is_app(expression):
            raise LookupError("no ground term")
        args = tuple(self.back(child) for child in expression.children())
        declaration = expression.decl()
        kinds = {_z3.Z3_OP_ADD: "+", _z3.Z3_OP_MUL: "*", _z3.Z3_OP_ITE: "ite"}
        if declaration.kind() in kinds and args[-1].sort != "Bool":
            return self.language.make(kinds[declaration.kind()], args, args[-1].sort)
        name = declaration.name()
        sort = expression.sort().name()
        if not args and sort in self.language.sorts and not self.language.functions.get(name):
            name = name if name in self.language.fresh else f"!{sort}"  # an element of a model
        known = self.language.functions.get(name) or self.language.fresh[name]
        if declaration.kind() != _z3.Z3_OP_UNINTERPRETED or known[0] != tuple(a.sort for a in args):
            raise LookupError(name)
        return self.language.make("apply", args, known[1], name)


def tree_of(term: Term, names: Mapping[Term, str] | None = None) -> Tree:
    """Return a term as a certificate writes it, with abbreviations."""
    if names and term in names:
        return names[term]
    if term.kind == "number":
        return _numeral(term.label)
    head = {"apply": term.label, "iff": "="}.get(term.kind, term.kind)
    return [head, *(tree_of(arg, names) for arg in term.args)] if term.args else head


def _numeral(value: Any) -> Tree:
    if value < 0:
        return ["-", _numeral(-value)]
    whole = str(value.numerator)
    return whole if value.denominator == 1 else ["/", whole, str(value.denominator)]


def text_of(tree: Tree) -> str:
    """Write a tree as text."""
    if isinstance(tree, str):
        plain = all(
            c.isascii() and (c.isalnum() or c in "~!@$%^&*_-+=<>.?/")
            for c in tree[tree[0] == ":" :]
        )
        return tree if plain else f"|{tree}|"
    return f"({' '.join(map(text_of, tree))})"
