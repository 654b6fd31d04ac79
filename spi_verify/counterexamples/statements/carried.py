"""Definitions that a class of somebody's own is said to carry out, found again where written out.

Files and searches have a paper's own definitions written out. Where such a text says of a player
and a program what a definition does whose class is known, that class may settle it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import z3

from spi_verify.theory import fingerprint
from spi_verify.theory.signature import Player, Program

BY_CLASS = ", by its class"
"""How the names of predicates end that classes settle."""


@dataclass(frozen=True)
class Carried:
    """A definition of a player and a program, and its class.

    Parameters
    ----------
    name
        The definition.
    axiom
        What it says, written out.
    meaning
        The same of the variables 1 (the player) and 0 (the program).
    cls
        The class.
    """

    name: str
    axiom: z3.BoolRef
    meaning: z3.ExprRef
    cls: type[Any]

    @property
    def predicate(self) -> z3.FuncDeclRef:
        """A predicate of a player and a program: the program is of the class, and has run so."""
        return z3.Function(f"{self.name}{BY_CLASS}", Player, Program, z3.BoolSort())


_known: dict[str, Carried] = {}


def learn(found: Carried) -> None:
    """Remember which class carries out a definition."""
    _known[fingerprint(found.axiom)] = found


def carried() -> tuple[Carried, ...]:
    """Return what is known, the definitions read last first."""
    return tuple(reversed(_known.values()))


def by_class(
    formula: z3.BoolRef, *, holding: bool = True
) -> tuple[z3.BoolRef, tuple[Carried, ...]]:
    """Return a formula with predicates in place of definitions that classes carry out.

    Parameters
    ----------
    formula
        Any.
    holding
        Whether it is to hold; else it is to fail. A definition is replaced only where the formula
        does not come true, or false, by taking it to be false.
    """
    if not _known:
        return formula, ()
    used: dict[str, Carried] = {}
    return cast("z3.BoolRef", _replaced(formula, holding, used)), tuple(used.values())


def _replaced(formula: Any, positive: bool, used: dict[str, Carried]) -> Any:
    if positive:
        for one in carried():
            found: dict[int, z3.ExprRef] = {}
            if _fits(one.meaning, formula, 0, found) and len(found) == 2:
                used[one.name] = one
                return one.predicate(found[1], found[0])
    if z3.is_quantifier(formula):
        return _requantified(formula, positive, used)
    if z3.is_not(formula):
        return z3.Not(_replaced(formula.arg(0), not positive, used))
    if z3.is_implies(formula):
        premise = _replaced(formula.arg(0), not positive, used)
        return z3.Implies(premise, _replaced(formula.arg(1), positive, used))
    if z3.is_and(formula):
        return z3.And([_replaced(part, positive, used) for part in formula.children()])
    if z3.is_or(formula):
        return z3.Or([_replaced(part, positive, used) for part in formula.children()])
    return formula


def _requantified(formula: z3.QuantifierRef, positive: bool, used: dict[str, Carried]) -> Any:
    before = len(used)
    names = [formula.var_name(k) for k in range(formula.num_vars())]
    constants = [z3.FreshConst(formula.var_sort(k), names[k]) for k in range(len(names))]
    body = z3.substitute_vars(formula.body(), *reversed(constants))
    inner = _replaced(body, positive, used)
    if len(used) == before and inner.eq(body):
        return formula
    named = [z3.Const(name, c.sort()) for name, c in zip(names, constants, strict=True)]
    pairs = zip(constants, named, strict=True)
    quantify = z3.ForAll if formula.is_forall() else z3.Exists
    return quantify(named, z3.substitute(inner, *pairs))


def _fits(pattern: z3.ExprRef, term: z3.ExprRef, bound: int, found: dict[int, z3.ExprRef]) -> bool:
    """Whether a term is a pattern with terms for its variables, which do not use bound ones."""
    if z3.is_var(pattern):
        index = z3.get_var_index(pattern)
        if index < bound:
            return bool(z3.is_var(term) and z3.get_var_index(term) == index)
        if any(True for _ in _variables(term)):
            return False
        return found.setdefault(index - bound, term).eq(term)
    if z3.is_quantifier(pattern):
        if not z3.is_quantifier(term) or pattern.is_forall() != term.is_forall():
            return False
        count = pattern.num_vars()
        sorts = [pattern.var_sort(k) for k in range(count)]
        if sorts != [term.var_sort(k) for k in range(term.num_vars())]:
            return False
        return _fits(pattern.body(), term.body(), bound + count, found)
    if not z3.is_app(term) or not pattern.decl().eq(term.decl()):
        return False
    parts, others = pattern.children(), term.children()
    return len(parts) == len(others) and all(
        _fits(one, other, bound, found) for one, other in zip(parts, others, strict=True)
    )


def _variables(term: z3.ExprRef) -> Iterator[z3.ExprRef]:
    if z3.is_var(term):
        yield term
    elif z3.is_app(term):
        for part in term.children():
            yield from _variables(part)
