"""The instance in which a conclusion fails, followed down to the part that is about numbers."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, cast

import z3

from spi_verify.errors import InputError, Rejected
from spi_verify.theory import Theory, unlike
from spi_verify.theory.compiled import TooCostlyError
from spi_verify.theory.evaluate import Structure, holds, sides

_NUMBERS: dict[int, Callable[..., Fraction]] = {
    z3.Z3_OP_ADD: lambda *parts: sum(parts, Fraction(0)),
    z3.Z3_OP_SUB: lambda one, *others: one - sum(others, Fraction(0)),
    z3.Z3_OP_UMINUS: lambda one: -one,
    z3.Z3_OP_MUL: lambda *parts: math.prod(parts, start=Fraction(1)),
    z3.Z3_OP_TO_REAL: lambda one: one,
}
MOST_ROWS = 500
_COMPARED = (z3.Z3_OP_EQ, z3.Z3_OP_LE, z3.Z3_OP_LT, z3.Z3_OP_GE, z3.Z3_OP_GT, z3.Z3_OP_DISTINCT)


@dataclass(frozen=True)
class Failure:
    """A formula that does not hold of some elements.

    Parameters
    ----------
    chosen
        The elements: what each is called, its sort, and its number from 0.
    whole
        The formula with constants for those of the outermost "for all".
    part
        The part of it that fails, or whose truth makes it fail; with constants, too.
    true
        Whether that part is true, and excluded.
    within
        What the part is the meaning of, where it is a definition's.
    structure
        With the constants.
    nearest
        What those of the elements are called of which the most holds of what some should meet.
    """

    chosen: tuple[tuple[str, str, int], ...]
    whole: z3.ExprRef
    part: z3.ExprRef
    true: bool
    within: z3.ExprRef | None
    structure: Structure
    nearest: tuple[str, ...] = ()

    def value(self, term: z3.ExprRef) -> Any:
        """Return what a term without variables is: the number of an element, or a number.

        Raises
        ------
        LookupError, ValueError
            When the structure does not say.
        """
        if z3.is_rational_value(term) or z3.is_int_value(term):
            return Fraction(str(term))
        if z3.is_bool(term):
            return holds(term, self.structure)
        kind = term.decl().kind()
        if kind == z3.Z3_OP_ITE:
            return self.value(term.arg(1 if self.value(term.arg(0)) else 2))
        parts = tuple(map(self.value, term.children()))
        if kind == z3.Z3_OP_UNINTERPRETED:
            found = self.structure.tables[term.decl().name()][parts]
            return Fraction(found) if z3.is_arith(term) else found
        if kind not in _NUMBERS:
            raise ValueError(f"cannot evaluate {term.decl().name()!r}")
        return _NUMBERS[kind](*parts)

    def terms(self) -> Iterator[z3.ExprRef]:
        """Iterate over the terms of the whole that are about these elements, inner ones first."""
        yield from _closed(self.whole, {})
        if self.within is not None:
            yield from _closed(self.within, {})
        yield from _closed(self.part, {})


def failure(goal: z3.ExprRef, theory: Theory, structure: Structure) -> Failure:
    """Return where a conclusion fails: the first instance, and the smallest part of it."""
    formula, found = goal, Failure((), goal, goal, False, None, structure)
    while z3.is_quantifier(formula) and formula.is_forall():
        step = _instance(formula, found, wanted=False)
        if step is None:
            break
        found, formula = step
        found = replace(found, whole=formula, part=formula)
    return _followed(formula, found, theory)


def holding(formula: z3.BoolRef, theory: Theory, structure: Structure) -> Failure:
    """Return what makes a formula true: what it says to exist, and the last part of that."""
    found = Failure((), formula, formula, True, None, structure)
    if not (z3.is_quantifier(formula) and formula.is_exists()):
        return found
    return _followed(formula, found, theory)


def _followed(formula: z3.ExprRef, found: Failure, theory: Theory) -> Failure:
    """Follow a formula that fails, or is true and excluded, to a part that says why."""
    best = found
    while True:
        try:
            step = _inner(formula, found, theory)
        except (Rejected, InputError, TooCostlyError, LookupError, ValueError):
            return best  # it is confirmed; what else there is may be open
        if step is None:
            return best
        found, formula = step
        found = replace(found, part=formula)
        if found.within is None or _about_numbers(formula):
            best = found


def _inner(
    formula: z3.ExprRef, found: Failure, theory: Theory
) -> tuple[Failure, z3.ExprRef] | None:
    """Return the part of a formula that decides it, or None where there is no single one."""
    if z3.is_quantifier(formula):
        if formula.is_exists() == found.true:
            return _instance(formula, found, wanted=found.true)
        return _nearest(formula, found) if formula.is_exists() else None
    if z3.is_not(formula):
        return replace(found, true=not found.true), formula.arg(0)
    if z3.is_implies(formula) and not found.true:
        return found, formula.arg(1)
    if z3.is_and(formula) or z3.is_or(formula):
        return found, _deciding(formula.children(), found, z3.is_and(formula))
    name = formula.decl().name()
    if name in theory and theory[name].sorts:
        _, meaning = sides(theory.axiom(name))
        inner = z3.substitute_vars(meaning, *reversed(formula.children()))
        if holds(cast("z3.BoolRef", inner), found.structure) == found.true:
            return replace(
                found, within=found.within if found.within is not None else formula
            ), inner
    return None


def _deciding(parts: list[z3.ExprRef], found: Failure, conjunction: bool) -> z3.ExprRef:
    """Return a part that decides: any where all do, the last, which mostly has the numbers."""
    if conjunction == found.true:
        return parts[-1]
    wanted = found.true
    return next(one for one in parts if holds(cast("z3.BoolRef", one), found.structure) == wanted)


def _instance(
    formula: z3.QuantifierRef, found: Failure, *, wanted: bool
) -> tuple[Failure, z3.ExprRef] | None:
    """Return what a quantified formula says of the first elements that make it what it is."""
    for there, inner, structure in _rows(formula, found):
        if holds(cast("z3.BoolRef", inner), structure) == wanted:
            return there, inner
    return None


def _rows(
    formula: z3.QuantifierRef, found: Failure
) -> Iterator[tuple[Failure, z3.ExprRef, Structure]]:
    """Iterate over what a quantified formula says of each of the elements."""
    sorts = [formula.var_sort(k) for k in range(formula.num_vars())]
    taken = {name for name, _, _ in found.chosen} | set(found.structure.tables)
    names = unlike([formula.var_name(k) for k in range(formula.num_vars())], taken)
    constants = [z3.Const(name, sort) for name, sort in zip(names, sorts, strict=True)]
    inner = z3.substitute_vars(formula.body(), *reversed(constants))
    for row in itertools.product(*(range(found.structure.sizes[s.name()]) for s in sorts)):
        tables: dict[str, Mapping[tuple[int, ...], Any]] = dict(found.structure.tables)
        for name, value in zip(names, row, strict=True):
            tables[name] = {(): value}
        structure = replace(found.structure, tables=tables)
        pairs = zip(names, sorts, row, strict=True)
        chosen = tuple((name, sort.name(), value) for name, sort, value in pairs)
        yield replace(found, chosen=(*found.chosen, *chosen), structure=structure), inner, structure


def _nearest(formula: z3.QuantifierRef, found: Failure) -> tuple[Failure, z3.ExprRef] | None:
    """Return what fails of the elements that meet the most, one condition after the other."""
    best: tuple[int, Failure, z3.ExprRef] | None = None
    for there, inner, _ in itertools.islice(_rows(formula, found), MOST_ROWS):
        if not (z3.is_and(inner) or z3.is_quantifier(inner) or _about_numbers(inner)):
            return None
        parts = inner.children() if z3.is_and(inner) else [inner]
        count = next(
            k for k, one in enumerate(parts) if not holds(cast("z3.BoolRef", one), there.structure)
        )
        if best is None or count > best[0]:
            best = (count, there, parts[count])
    if best is None:
        return None
    names = tuple(name for name, _, _ in best[1].chosen[len(found.chosen) :])
    within = found.within if found.within is not None else formula
    return replace(best[1], within=within, nearest=(*found.nearest, *names)), best[2]


def _about_numbers(formula: z3.ExprRef) -> bool:
    return z3.is_app(formula) and formula.decl().kind() in _COMPARED


def _closed(term: z3.ExprRef, known: dict[int, bool]) -> Iterator[z3.ExprRef]:
    """Iterate over the terms in a formula without variables of quantifiers in them."""
    if z3.is_quantifier(term):
        yield from _closed(term.body(), known)
        return
    if z3.is_var(term):
        return
    for child in term.children():
        yield from _closed(child, known)
    if not z3.is_bool(term) and not _has_variables(term, known):
        yield term


def _has_variables(term: z3.ExprRef, known: dict[int, bool]) -> bool:
    key = term.get_id()
    if key not in known:
        known[key] = z3.is_var(term) or any(_has_variables(one, known) for one in term.children())
    return known[key]
