"""Checking that a step follows, and that the steps of a statement are a proof of it.

A step is a list of assertions, the negated goal among them, that cannot hold together. A
certificate is a list of items. Each item adds a clause (a list of literals of which one holds) that
is true in every structure in which the assertions are, with ``?k`` and ``!k.j`` as in
:mod:`.terms`; the last item shows that the clauses contradict each other.

``(d $name term)``
    An abbreviation; adds nothing.
``(i k s... t...)``
    *Instance* of the k-th quantified formula: not ``?k(s)``, or ``F(s, t)``. What holds for all
    holds for ``t``.
``(w k s...)``
    *Witness*: ``?k(s)``, or not ``F(s, !k(s))``. Where not all t have F, ``!k(s)`` is one without.
``(x a b)``
    ``a <= b`` and ``b <= a`` give ``a = b``: numbers are ordered.
``(t (literal...) (coefficient index...)...)``
    *Theory*: not all of these literals hold. By congruence closure, see :class:`Closure`; or by
    congruence closure and one linear combination, see :func:`_combination_contradicts`.
``(c tree)``
    *Contradiction*, once and last: see :meth:`Clauses.refuted`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from .terms import Language, Refused, Term, Tree, declarable, read, require, subterms, told

Polynomial = dict[tuple[int, ...], Fraction]
MOST_MONOMIALS, MOST_FACTORS, MOST_BITS = 2000, 40, 4000


class Clauses:
    """Clauses over numbered atoms; a literal is the number of its atom, negative if negated.

    An atom is any formula but a negation. With each atom come the clauses that say what it means
    in terms of its parts, true of all truth values: for ``and``, ``or``, ``iff``, ``ite``,
    ``true`` and ``false``. With each ``ite`` term that an atom contains come: if its condition
    holds it equals the first term, otherwise the second.
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self.clauses: list[tuple[int, ...]] = []
        self._atoms: dict[Term, int] = {}
        self._inside: set[Term] = set()

    def literal(self, formula: Term) -> int:
        """Return a formula's literal; clauses about a new atom are added."""
        require(formula.sort == "Bool", "a formula is expected")
        if formula.kind == "not":
            return -self.literal(formula.args[0])
        if formula not in self._atoms:
            self._atoms[formula] = len(self._atoms) + 1
            self._define(self._atoms[formula], formula)
        return self._atoms[formula]

    def add(self, *literals: int) -> None:
        """Add a clause."""
        self.clauses.append(literals)

    def _define(self, atom: int, formula: Term) -> None:
        kind = formula.kind
        if kind in ("and", "or", "iff") or (kind == "ite"):
            parts = [self.literal(part) for part in formula.args]
            if kind == "and":
                self._define_or(-atom, [-part for part in parts])
            elif kind == "or":
                self._define_or(atom, parts)
            elif kind == "iff":
                one, other = parts
                for clause in ((-1, -1, 1), (-1, 1, -1), (1, 1, 1), (1, -1, -1)):
                    self.add(clause[0] * atom, clause[1] * one, clause[2] * other)
            else:
                condition, then, otherwise = parts
                self._define_choice(condition, (atom, then), (atom, otherwise))
        elif kind in ("true", "false"):
            self.add(atom if kind == "true" else -atom)
        else:
            for term in subterms(formula.args):
                self._define_inside(term)

    def _define_or(self, atom: int, parts: Sequence[int]) -> None:
        self.add(-atom, *parts)
        for part in parts:
            self.add(atom, -part)

    def _define_choice(self, condition: int, one: tuple[int, int], other: tuple[int, int]) -> None:
        for sign, (atom, part) in ((-1, one), (1, other)):
            self.add(sign * condition, -atom, part)
            self.add(sign * condition, atom, -part)

    def _define_inside(self, term: Term) -> None:
        if term.kind == "ite" and term.sort != "Bool" and term not in self._inside:
            self._inside.add(term)
            condition, then, otherwise = term.args
            literal = self.literal(condition)
            self.add(-literal, self.literal(self.language.equation(term, then)))
            self.add(literal, self.literal(self.language.equation(term, otherwise)))

    def refuted(self, tree: Tree, read_formula: Mapping[str, Term]) -> None:
        """Make sure that the clauses contradict each other.

        ``.`` is a leaf: unit propagation from the clauses and the cases above it finds a clause all
        of whose literals are false. ``(formula tree tree)`` are two cases: the formula holds in the
        first, and not in the second. So every assignment of truth values falsifies a clause.
        """
        # The formulas of all cases are read first: their atoms may come with clauses.
        cases = self._cases(tree, read_formula)
        containing: dict[int, list[tuple[int, ...]]] = {}
        for clause in self.clauses:
            for literal in clause:
                containing.setdefault(literal, []).append(clause)

        def assign(true: set[int], waiting: list[int]) -> bool:
            """Propagate; return whether a clause is false."""
            while waiting:
                literal = waiting.pop()
                if literal in true:
                    continue
                if -literal in true:
                    return True
                true.add(literal)
                for clause in containing.get(-literal, ()):
                    if not any(other in true for other in clause):
                        left = {other for other in clause if -other not in true}
                        if not left:
                            return True
                        if len(left) == 1:
                            waiting.extend(left)
            return False

        def close(cases: Tree, true: set[int], waiting: list[int]) -> None:
            if assign(true, waiting):
                require(cases is None, "a case is split that is contradictory already")
                return
            require(cases is not None, "unit propagation ends without a contradiction")
            literal, one, other = cases
            close(one, set(true), [literal])
            close(other, set(true), [-literal])

        require(() not in self.clauses, "an empty clause")
        units = [clause[0] for clause in self.clauses if len(set(clause)) == 1]
        close(cases, set(), units)

    def _cases(self, tree: Tree, names: Mapping[str, Term]) -> Tree:
        if tree == ".":
            return None
        require(isinstance(tree, list) and len(tree) == 3, "a case split is (formula tree tree)")
        literal = self.literal(self.language.term(tree[0], names, ours=True))
        return literal, self._cases(tree[1], names), self._cases(tree[2], names)


class Closure:
    """Congruence closure of literals: what has to be equal if they hold.

    Literals that hold are equal to ``true``, those that do not to ``false``, and equations that
    hold make their sides equal. Terms with the same head and equal arguments are equal: each head,
    connectives and operations included, is a function. ``contradictory`` if ``true`` and ``false``
    are equal, or two numerals, or the sides of an equation that is said to fail.
    """

    def __init__(self, language: Language, literals: Sequence[Term]) -> None:
        truth, falsity = language.make("true"), language.make("false")
        terms = subterms([*literals, truth, falsity])
        self._parent = {term: term for term in terms}
        for literal in literals:
            negated = literal.kind == "not"
            formula = literal.args[0] if negated else literal
            self._merge(formula, falsity if negated else truth)
            if not negated and formula.kind in ("=", "iff"):
                self._merge(*formula.args)
        self._polynomials: dict[Term, Polynomial] = {}
        self._close([term for term in terms if term.args])
        self._numbers: dict[Term, set[Fraction]] = {}
        for term in terms:
            if term.kind == "number":
                self._numbers.setdefault(self.root(term), set()).add(term.label)
        failing = [
            one.args[0].args
            for one in literals
            if one.kind == "not" and one.args[0].kind in ("=", "iff")
        ]
        self.contradictory = (
            self.root(truth) is self.root(falsity)
            or any(len(values) > 1 for values in self._numbers.values())
            or any(self.root(a) is self.root(b) for a, b in failing)
        )

    def root(self, term: Term) -> Term:
        """Return the representative of what a term is equal to."""
        while self._parent[term] is not term:
            term = self._parent[term]
        return term

    def _merge(self, one: Term, other: Term) -> None:
        self._parent[self.root(one)] = self.root(other)

    def _close(self, terms: Sequence[Term]) -> None:
        changed = True
        while changed:
            changed = False
            known: dict[object, Term] = {}
            for term in terms:
                key = (term.kind, term.label, term.sort, tuple(map(self.root, term.args)))
                other = known.setdefault(key, term)
                if self.root(other) is not self.root(term):
                    self._merge(other, term)
                    changed = True

    def polynomial(self, term: Term) -> Polynomial:
        """Return a number as a polynomial in terms that stand for all that they are equal to."""
        if term not in self._polynomials:
            self._polynomials[term] = self._polynomial(term)
        return self._polynomials[term]

    def _polynomial(self, term: Term) -> Polynomial:
        if term.kind == "number":
            return _constant(term.label)
        if term.kind in ("+", "*"):
            result = self.polynomial(term.args[0])
            for part in term.args[1:]:
                other = self.polynomial(part)
                result = _times(result, other) if term.kind == "*" else _plus(result, other)
            return result
        root = self.root(term)
        for value in self._numbers.get(root, ()):
            return _constant(value)
        return {(root.serial,): Fraction(1)}


def _constant(value: Fraction) -> Polynomial:
    return {(): value} if value else {}


def _plus(one: Polynomial, other: Polynomial) -> Polynomial:
    total = dict(one)
    for monomial, factor in other.items():
        total[monomial] = total.get(monomial, Fraction(0)) + factor
    return {monomial: factor for monomial, factor in total.items() if factor}


def _times(one: Polynomial, other: Polynomial) -> Polynomial:
    require(len(one) * len(other) <= MOST_MONOMIALS, "a product is too large")
    total: Polynomial = {}
    for monomial, factor in one.items():
        for more, by in other.items():
            both = tuple(sorted((*monomial, *more)))
            value = total[both] = total.get(both, Fraction(0)) + factor * by
            large = max(value.numerator.bit_length(), value.denominator.bit_length())
            require(len(both) <= MOST_FACTORS and large <= MOST_BITS, "a product is too large")
    return {monomial: factor for monomial, factor in total.items() if factor}


def bound(closure: Closure, literal: Term) -> tuple[Polynomial, str]:
    """Return a polynomial p and what a literal says of it: ``p = 0``, ``p >= 0`` or ``p > 0``."""
    negated = literal.kind == "not"
    formula = literal.args[0] if negated else literal
    right = formula.kind == "<=" or (formula.kind == "=" and not negated)
    require(right and formula.args[0].sort == "Real", "a literal that says nothing linear")
    small, large = map(closure.polynomial, formula.args)
    if negated:
        small, large = large, small
    difference = _plus(large, _times(_constant(Fraction(-1)), small))
    return difference, "=" if formula.kind == "=" else (">" if negated else ">=")


def _combination_contradicts(
    closure: Closure, literals: Sequence[Term], combination: Sequence[tuple[Fraction, list[int]]]
) -> bool:
    """Return whether a combination of what literals say is absurd.

    Each part is a coefficient times a product of bounds, at least one. A product of numbers that
    are >= 0 is >= 0, and > 0 if all are; one with a factor that is = 0 is = 0, and may be taken
    with any coefficient, others with positive ones only. Absurd is: the sum, which is >= 0, is a
    negative constant; or the sum, which is > 0 as a part is, is 0 or a negative constant.
    """
    total: Polynomial = {}
    strict = False
    for coefficient, indices in combination:
        product, signs = _constant(coefficient), set()
        for index in indices:
            polynomial, sign = bound(closure, literals[index])
            product = _times(product, polynomial)
            signs.add(sign)
        require("=" in signs or coefficient > 0, "a coefficient that is not positive")
        strict = strict or signs == {">"}
        total = _plus(total, product)
    value = total.get((), Fraction(0))
    return set(total) <= {()} and (value < 0 or (strict and value <= 0))


class Step:
    """A step's assertions, and the items of a certificate on them.

    Parameters
    ----------
    commands
        SMT-LIB commands as trees: declarations, then assertions.
    """

    def __init__(self, commands: Sequence[Tree]) -> None:
        self.language = Language()
        self.assertions: list[Term] = []
        self._names: dict[str, Term] = {}
        self._labels: set[str] = set()
        ended = False
        for command in commands:
            require(isinstance(command, list) and bool(command), "not a command")
            head, rest = command[0], command[1:]
            if head in ("set-logic", "set-option", "set-info"):
                require(all(isinstance(one, str) for one in rest), f"{head} is not understood")
            elif head in ("check-sat", "get-unsat-core", "exit"):
                require(not rest, f"{head} takes nothing")
                ended = True
            else:
                require(not ended, f"{head} after check-sat")
                self._declare_or_assert(head, rest)
        require(not self._labels & set(self.language.functions), "an assertion named as a function")
        self.clauses = Clauses(self.language)
        for formula in self.assertions:
            self.clauses.add(self.clauses.literal(formula))

    def _declare_or_assert(self, head: Tree, rest: list[Tree]) -> None:
        if head == "declare-sort" and len(rest) == 2 and rest[1] == "0":
            self.language.declare_sort(rest[0])
        elif head == "declare-fun" and len(rest) == 3:
            self.language.declare(*rest)
        elif head == "declare-const" and len(rest) == 2:
            self.language.declare(rest[0], [], rest[1])
        elif head == "assert" and len(rest) == 1:
            tree = rest[0]
            if isinstance(tree, list) and len(tree) == 4 and tree[0] == "!" and tree[2] == ":named":
                tree, name = tree[1], tree[3]
                require(declarable(name) and name not in self._labels, f"{name} names two things")
                self._labels.add(name)
            formula = self.language.term(tree, {})
            require(formula.sort == "Bool", "an assertion that is no formula")
            self.assertions.append(formula)
        else:
            raise Refused(f"the command {head} is not understood")

    def check(self, items: Sequence[Tree]) -> None:
        """Make sure that a certificate shows that the assertions cannot hold together."""
        require(bool(items), "there is no certificate")
        for item in items[:-1]:
            self.add(item)
        last = items[-1]
        right = isinstance(last, list) and len(last) == 2 and last[0] == "c"
        require(right, "the last item is not a contradiction")
        self.clauses.refuted(last[1], self._names)

    def term(self, tree: Tree) -> Term:
        """Read a term of a certificate."""
        return self.language.term(tree, self._names, ours=True)

    def add(self, item: Tree) -> None:
        """Add what an item says; see the top of this file."""
        require(isinstance(item, list) and bool(item), "not an item")
        kind, rest = item[0], item[1:]
        add, literal = self.clauses.add, self.clauses.literal
        if kind == "d" and len(rest) == 2:
            name = rest[0]
            new = isinstance(name, str) and name[0] == "$" and name not in self._names
            require(new, f"{name} cannot be an abbreviation")
            self._names[name] = self.term(rest[1])
        elif kind in ("i", "w") and rest:
            add(*map(literal, self._consequence(kind, rest)))
        elif kind == "x" and len(rest) == 2:
            one, other = map(self.term, rest)
            require(one.sort == other.sort == "Real", "x takes two numbers")
            below = [self.language.make("<=", pair) for pair in ((one, other), (other, one))]
            add(*(-literal(each) for each in below), literal(self.language.equation(one, other)))
        elif kind == "t" and rest and isinstance(rest[0], list):
            literals = [self.term(tree) for tree in rest[0]]
            require(bool(literals), "no literals")
            require(all(one.sort == "Bool" for one in literals), "a literal is a formula")
            self._contradict(literals, rest[1:])
            add(*(-literal(one) for one in literals))
        else:
            raise Refused(f"the item {kind} is not understood")

    def _consequence(self, kind: str, rest: list[Tree]) -> tuple[Term, Term]:
        """Return the two formulas of an instance or a witness, of which one holds."""
        known = self.language.quantifiers
        number = _integer(rest[0], len(known))
        quantifier = known[number]
        args = [self.term(tree) for tree in rest[1:]]
        free = tuple(args[: len(quantifier.free)])
        if kind == "w":
            args += [
                self.language.make("apply", free, sort, f"!{number}.{place}")
                for place, sort in enumerate(quantifier.bound)
            ]
        sorts = [*quantifier.free, *quantifier.bound]
        require([one.sort for one in args] == sorts, f"{number} is given other terms")
        slots = [self.language.make("slot", (), sort, n) for n, sort in enumerate(sorts)]
        body = self.language.substitute(quantifier.body, dict(zip(slots, args, strict=True)))
        atom = self.language.atom(number, free)
        if kind == "w":
            return atom, self.language.negation(body)
        return self.language.negation(atom), body

    def _contradict(self, literals: Sequence[Term], parts: Sequence[Tree]) -> None:
        closure = Closure(self.language, literals)
        if not parts:
            require(closure.contradictory, "these literals do not contradict each other")
            return
        combination = []
        for part in parts:
            require(isinstance(part, list) and len(part) >= 2, "a part of no combination")
            indices = [_integer(index, len(literals)) for index in part[1:]]
            combination.append((_fraction(part[0]), indices))
        absurd = _combination_contradicts(closure, literals, combination)
        require(absurd, "this combination is not absurd")


def _integer(tree: Tree, end: int) -> int:
    right = isinstance(tree, str) and re.fullmatch(r"0|[1-9][0-9]{0,8}", tree)
    require(bool(right) and int(tree) < end, f"{tree} is no number below {end}")
    return int(tree)


def _fraction(tree: Tree) -> Fraction:
    right = isinstance(tree, str) and re.fullmatch(r"-?[0-9]{1,999}(/[1-9][0-9]{0,998})?", tree)
    require(bool(right), f"{tree} is no fraction")
    return Fraction(tree)


def check_step(smtlib: str, certificate: str) -> None:
    """Check that a certificate shows that a script's assertions cannot hold together.

    Raises
    ------
    Refused
        When it does not.
    """
    with told():
        Step(read(smtlib)).check(read(certificate))
