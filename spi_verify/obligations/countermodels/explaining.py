"""Where and why a formula fails in a structure: the instance, what holds there, what does not."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import z3

from spi_verify.obligations.countermodels.naming import Names
from spi_verify.theory import unlike
from spi_verify.theory.evaluate import Structure, holds, sides, value


@dataclass
class Explanation:
    """Why a formula fails.

    Parameters
    ----------
    chosen
        What the formula's variables stand for where it fails.
    holds
        What holds there, as the formula supposes.
    fails
        What does not, each for the reason that follows.
    values
        What the terms that occur are there.
    elements
        The sort and number of the elements that occur.
    instance
        The elements that the variables stand for, by the names of these.
    """

    chosen: list[str] = field(default_factory=list)
    holds: list[str] = field(default_factory=list)
    fails: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    elements: set[tuple[str, int]] = field(default_factory=set)
    instance: dict[str, int] = field(default_factory=dict)


def explain(
    formula: z3.BoolRef, structure: Structure, definitions: Mapping[str, z3.BoolRef]
) -> Explanation:
    """Return why a formula fails in a structure.

    Parameters
    ----------
    formula
        A closed formula that is false there.
    structure
        Where.
    definitions
        Axioms of predicates, by the predicate; one that holds there is unfolded.
    """
    return _Walk(structure, definitions).explain(formula)


class _Walk:
    """Follows a formula that fails down to a part that fails by itself."""

    def __init__(self, structure: Structure, definitions: Mapping[str, z3.BoolRef]) -> None:
        self._structure = structure
        self._definitions = definitions
        self._names = Names(structure)
        self._found = Explanation()
        self._scope: tuple[int, ...] = ()
        self._called: tuple[str, ...] = ()
        self._unfolded: set[str] = set()

    def explain(self, formula: z3.BoolRef) -> Explanation:
        failing: z3.ExprRef = formula
        while (smaller := self._down(failing)) is not None:
            failing = smaller
        self._fail(failing)
        found = self._found
        found.values = list(dict.fromkeys(found.values))
        return found

    def _true(self, term: z3.ExprRef) -> bool:
        return bool(value(term, self._structure, self._scope))

    def _down(self, term: z3.ExprRef) -> z3.ExprRef | None:
        """Return a part that fails because of which the term does, or None where it is smallest."""
        if z3.is_quantifier(term):
            return self._instance(term, True) if term.is_forall() else None
        if z3.is_and(term):
            parts: list[z3.ExprRef] = term.children()
            return next(part for part in parts if not self._true(part))
        if z3.is_implies(term):
            self._suppose(term.arg(0))
            conclusion: z3.ExprRef = term.arg(1)
            return conclusion
        if z3.is_or(term):
            claims = [part for part in term.children() if not z3.is_not(part)]
            if len(claims) != 1:
                return None
            for part in term.children():
                if z3.is_not(part):
                    self._suppose(part.arg(0))
            claim: z3.ExprRef = claims[0]
            return claim
        if z3.is_not(term) and z3.is_quantifier(term.arg(0)) and term.arg(0).is_exists():
            return z3.Not(self._instance(term.arg(0), False))
        return self._unfold(term)

    def _instance(self, term: z3.QuantifierRef, forall: bool) -> z3.BoolRef:
        """Choose the first elements for which the body of a quantifier decides it."""
        sorts = [term.var_sort(k).name() for k in range(term.num_vars())]
        for row in itertools.product(*(range(self._structure.sizes[sort]) for sort in sorts)):
            if bool(value(term.body(), self._structure, self._scope + row)) is not forall:
                break
        called = tuple(map(self._names.element, sorts, row))
        variables = [term.var_name(k) for k in range(term.num_vars())]
        variables = unlike(variables, self._found.instance)
        if not self._unfolded:
            self._found.chosen += map("{} = {}".format, variables, called)
        self._found.elements |= set(zip(sorts, row, strict=True))
        self._found.instance |= zip(variables, row, strict=True)
        self._scope, self._called = self._scope + row, self._called + called
        body: z3.BoolRef = term.body()
        return body

    def _unfold(self, term: z3.ExprRef) -> z3.ExprRef | None:
        """Return what a predicate is defined to be, for the arguments that it has here."""
        if not z3.is_app(term) or term.decl().kind() != z3.Z3_OP_UNINTERPRETED:
            return None
        name = term.decl().name()
        axiom = self._definitions.get(name)
        if axiom is None or name in self._unfolded or not _holds(axiom, self._structure):
            return None
        head, body = sides(axiom)
        variables = [z3.get_var_index(variable) for variable in head.children()]
        if variables != sorted(variables, reverse=True):
            return None
        self._unfolded.add(name)
        self._fail(term)
        arguments = [value(child, self._structure, self._scope) for child in term.children()]
        self._called = tuple(
            self._names.value(child.sort(), argument)
            for child, argument in zip(term.children(), arguments, strict=True)
        )
        self._scope = tuple(arguments)
        return body

    def _suppose(self, term: z3.ExprRef) -> None:
        if z3.is_and(term):
            for part in term.children():
                self._suppose(part)
        else:
            self._found.holds.append(self._names.formula(term, self._called))
            self._tell_values(term)

    def _fail(self, term: z3.ExprRef) -> None:
        said = self._names.formula(term, self._called)
        compared = z3.is_app(term) and len(term.children()) == 2 and not z3.is_or(term)
        if compared and term.decl().kind() != z3.Z3_OP_UNINTERPRETED and not z3.is_and(term):
            one, other = (
                self._names.value(child.sort(), value(child, self._structure, self._scope))
                for child in term.children()
            )
            said += f": the left-hand side is {one}, the right-hand side {other}"
        self._found.fails.append(said)
        self._tell_values(term)

    def _tell_values(self, term: z3.ExprRef) -> None:
        """Note the values of the terms in a formula whose variables all stand for elements."""
        for part in _closed_terms(term):
            if part.decl().name() != "u" and not z3.is_bool(part):
                arguments = [
                    self._names.value(child.sort(), value(child, self._structure, self._scope))
                    for child in part.children()
                ]
                found: Any = value(part, self._structure, self._scope)
                if part.sort().kind() == z3.Z3_UNINTERPRETED_SORT:
                    self._found.elements.add((part.sort().name(), found))
                said = self._names.value(part.sort(), found)
                self._found.values.append(self._names.told(part.decl(), arguments, said))


def _holds(formula: z3.BoolRef, structure: Structure) -> bool:
    """Return whether a formula holds in a structure that may not say what it speaks of."""
    try:
        return holds(formula, structure)
    except ValueError:
        return False


def _closed_terms(term: z3.ExprRef) -> Iterator[z3.ExprRef]:
    """Yield the applications of functions outside of a term's quantifiers, inner ones first."""
    if z3.is_app(term):
        for child in term.children():
            yield from _closed_terms(child)
        if term.decl().kind() == z3.Z3_OP_UNINTERPRETED:
            yield term
