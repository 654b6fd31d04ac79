"""Conflicts of literals in the theory: found by z3, explained so that the checker can follow."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations_with_replacement
from typing import Any

import z3

from spi_verify.checker.proofs import Closure, bound
from spi_verify.checker.terms import Language, Term, Tree
from spi_verify.obligations.certificates.expressions import Expressions, tree_of

UNITS = 200_000
MOST_PRODUCTS = 400
MOST_CASES = 2

_z3: Any = z3
"""The stubs of z3 know of no contexts."""

Lemma = tuple[tuple[Term, ...], Tree]
"""Literals of which one does not hold, and the item that says so."""


class Unexplained(Exception):
    """A conflict that no item of a certificate can say; the message says why."""


class Theory:
    """Asks z3 whether literals can hold together, connectives and ``ite`` terms being opaque."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._expressions = Expressions(language, opaque=True)
        self._solver = _z3.SimpleSolver(ctx=self._expressions.context)
        self._solver.set("random_seed", 0)
        self._marks: dict[Term, Any] = {}
        self._literals: dict[str, Term] = {}

    def _mark(self, literal: Term) -> Any:
        if literal not in self._marks:
            name = f"literal {len(self._marks)}"
            mark = _z3.Bool(name, self._expressions.context)
            self._marks[literal], self._literals[name] = mark, literal
            self._solver.add(_z3.Implies(mark, self._expressions.of(literal)))
        return self._marks[literal]

    def core(self, literals: Iterable[Term]) -> list[Term] | None:
        """Return some of the literals that contradict each other, or None."""
        marks = [self._mark(literal) for literal in literals]
        self._solver.set("rlimit", UNITS)
        if self._solver.check(marks) != _z3.unsat:
            return None
        return [self._literals[mark.decl().name()] for mark in self._solver.unsat_core()]

    def holding(self, atoms: Iterable[Term]) -> dict[Term, bool]:
        """Return which atoms hold in the structure found last."""
        model = self._solver.model()
        value = {a: model.eval(self._expressions.of(a), model_completion=True) for a in atoms}
        return {
            atom: _z3.is_true(v) for atom, v in value.items() if _z3.is_true(v) or _z3.is_false(v)
        }

    def minimal(self, literals: Sequence[Term]) -> list[Term]:
        """Return literals that contradict each other with none to spare, as far as z3 can tell."""
        left = sorted(literals, key=lambda one: one.serial)
        for literal in list(left):
            if literal in left:
                fewer = self.core([one for one in left if one is not literal])
                if fewer is not None:
                    left = sorted(fewer, key=lambda one: one.serial)
        return left

    def lemmas(self, core: Sequence[Term], depth: int = MOST_CASES) -> list[Lemma]:
        """Return what makes the clauses contradict a list of literals.

        Parameters
        ----------
        core
            The literals.
        depth
            How many inequalities may be split into less and equal.

        Raises
        ------
        Unexplained
            When that is more than an item can say.
        """
        literals = self.minimal(core)
        closure = Closure(self.language, literals)
        trees = [tree_of(literal) for literal in literals]
        if closure.contradictory:
            return [(tuple(literals), ["t", trees])]
        for literal in literals:
            if literal.kind == "not" and _numeric_equation(literal.args[0]):
                return self._by_order(literal, literals)
        usable = [
            n
            for n, one in enumerate(literals)
            if (one.kind == "=" and _numeric_equation(one)) or "<=" in (one.kind, _inner(one).kind)
        ]
        for degree in (1, 2, 3):
            found = _combination([bound(closure, literals[n]) for n in usable], degree)
            if found is not None:
                parts = [[str(c), *(str(usable[n]) for n in index)] for c, index in found]
                return [(tuple(literals), ["t", trees, *parts])]
        for literal in literals if depth else ():
            if literal.kind == "<=":
                with contextlib.suppress(Unexplained):
                    return self._by_cases(literal, literals, depth - 1)
        raise Unexplained("a conflict of arithmetic that no combination of products shows")

    def _by_cases(self, at_most: Term, literals: Sequence[Term], depth: int) -> list[Lemma]:
        """Explain a conflict with ``a <= b`` once where ``a < b``, and once where ``a = b``."""
        one, other = at_most.args
        back = self.language.make("<=", (other, one))
        equal = self.language.equation(one, other)
        rest = [literal for literal in literals if literal is not at_most]
        unequal = self.language.negation(equal)
        lemmas: list[Lemma] = [((at_most, back, unequal), ["x", tree_of(one), tree_of(other)])]
        for case in (self.language.negation(back), equal):
            lemmas += self.lemmas([*rest, case], depth)
        return lemmas

    def _by_order(self, unequal: Term, literals: Sequence[Term]) -> list[Lemma]:
        """Explain by two inequalities why two numbers are equal."""
        one, other = unequal.args[0].args
        rest = [literal for literal in literals if literal is not unequal]
        less = [self.language.make("<=", pair) for pair in ((one, other), (other, one))]
        lemmas: list[Lemma] = [((*less, unequal), ["x", tree_of(one), tree_of(other)])]
        for inequality in less:
            core = self.core([*rest, self.language.negation(inequality)])
            if core is None:
                raise Unexplained("an equality of numbers that no two inequalities show")
            lemmas += self.lemmas(core)
        return lemmas


def _inner(literal: Term) -> Term:
    return literal.args[0] if literal.kind == "not" else literal


def _numeric_equation(formula: Term) -> bool:
    return formula.kind == "=" and formula.args[0].sort == "Real"


def _combination(
    bounds: Sequence[tuple[dict[tuple[int, ...], Fraction], str]], degree: int
) -> list[tuple[Fraction, tuple[int, ...]]] | None:
    """Return coefficients of products of bounds, up to a degree, whose sum is absurd."""
    from spi_verify.checker.proofs import _times

    indices = [
        index
        for size in range(1, degree + 1)
        for index in combinations_with_replacement(range(len(bounds)), size)
    ][:MOST_PRODUCTS]
    products = []
    for index in indices:
        product: dict[tuple[int, ...], Fraction] = {(): Fraction(1)}
        for n in index:
            product = _times(product, bounds[n][0])
        signs = {bounds[n][1] for n in index}
        products.append((product, "=" if "=" in signs else (">" if signs == {">"} else ">=")))
    left = _solved(products, list(range(len(indices))))
    if left is None:
        return None
    for n in sorted(left, key=lambda n: (-len(indices[n]), n)):
        if n in left:
            left = _solved(products, [m for m in left if m != n]) or left
    return [(left[n], indices[n]) for n in sorted(left)]


def _solved(
    products: Sequence[tuple[dict[tuple[int, ...], Fraction], str]], usable: Sequence[int]
) -> dict[int, Fraction] | None:
    """Solve the linear program for coefficients of some products, exactly."""
    context = _z3.Context()
    solver = _z3.SolverFor("QF_LRA", ctx=context)
    solver.set("rlimit", UNITS * 5)
    factors = {n: _z3.Real(f"c{n}", context) for n in usable}
    sums: dict[tuple[int, ...], list[Any]] = {}
    strict = []
    for n, factor in factors.items():
        product, sign = products[n]
        if sign != "=":
            solver.add(factor >= 0)
        if sign == ">":
            strict.append(factor)
        for monomial, value in product.items():
            sums.setdefault(monomial, []).append(_z3.RealVal(str(value), context) * factor)
    constant = _z3.Sum([_z3.RealVal(0, context), *sums.pop((), [])])
    solver.add(*(_z3.Sum(parts) == 0 for parts in sums.values()))
    positive = _z3.Sum([_z3.RealVal(0, context), *strict]) == 1
    solver.add(_z3.Or(constant == -1, _z3.And(constant == 0, positive)))
    if solver.check() != _z3.sat:
        return None
    model = solver.model()
    values = {n: model.eval(c, model_completion=True).as_fraction() for n, c in factors.items()}
    least = min((abs(v) for v in values.values() if v), default=Fraction(1))
    return {n: Fraction(value) / Fraction(least) for n, value in values.items() if value}
