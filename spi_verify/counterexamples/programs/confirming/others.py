"""Formulas about all functions of the others, where no function that matters looks at them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

import z3

from spi_verify.counterexamples.programs.confirming.induced import Induced
from spi_verify.programs.deciding.reading import unconditional
from spi_verify.theory.evaluate import Structure, holds

SORT = "SetFunctions"
BLIND = "every part is listed, and functions here do not look at the others'"


def others_do_not_matter(formula: z3.ExprRef, induced: Induced, *, holding: bool = True) -> bool:
    """Return whether a formula says of all the others' functions what it says of those listed.

    Parameters
    ----------
    formula
        With definitions written out.
    induced
        The structure.
    holding
        Whether the formula is to hold; else it is to fail.

    Notes
    -----
    Where it asks for the others' functions only to say what somebody offers against them, and
    whoever is asked offers the same against all, evaluating it goes the same way for functions
    that are not listed. There have to be some that are. Where one example is enough, "for some" in
    what is to hold and "for all" in what is to fail, it is among those listed, and may be asked
    anything.
    """
    if not induced.function_profiles or not _only_offered_against(formula, (), holding):
        return False
    try:
        return _asks_the_blind(formula, induced, induced.structure, holding)
    except (ValueError, IndexError, KeyError):  # it cannot be evaluated, as its check will say
        return False


def _asks_the_blind(
    formula: z3.ExprRef, induced: Induced, structure: Structure, holding: bool
) -> bool:
    """Whether all who are asked what they offer look at nobody; of examples, one is enough."""
    if not holding and z3.is_quantifier(formula) and formula.is_forall():
        return any(
            not holds(one, there) and _asks_the_blind(one, induced, there, holding)
            for one, there in _instances(formula, structure)
        )
    asked = _Asked(structure.tables["offers"])
    tables = {**structure.tables, "offers": asked}
    holds(cast("z3.BoolRef", formula), replace(structure, tables=tables))
    functions = (induced.set_functions[k] for k in asked.functions)
    return all(unconditional(function) for _, function in functions)


def _instances(
    formula: z3.QuantifierRef, structure: Structure
) -> Iterator[tuple[z3.BoolRef, Structure]]:
    """Iterate over what a formula says of each element, which a constant names."""
    sorts = [formula.var_sort(k) for k in range(formula.num_vars())]
    depth = sum(name.startswith(_NAMED) for name in structure.tables)
    names = [f"{_NAMED}{depth + k}" for k in range(len(sorts))]
    constants = [z3.Const(name, sort) for name, sort in zip(names, sorts, strict=True)]
    instance = z3.substitute_vars(formula.body(), *reversed(constants))
    for row in itertools.product(*(range(structure.sizes[sort.name()]) for sort in sorts)):
        tables = dict(structure.tables)
        for name, value in zip(names, row, strict=True):
            tables[name] = {(): value}
        yield instance, replace(structure, tables=tables)


_NAMED = "an example of "


def _only_offered_against(term: z3.ExprRef, scope: tuple[str, ...], holding: bool | None) -> bool:
    """Whether variables of this sort occur only as what somebody's function is met by.

    ``holding`` says whether the term is to hold or to fail; None where that is open.
    """
    if z3.is_quantifier(term):
        example = holding is not None and term.is_exists() == holding
        sorts = (term.var_sort(k).name() for k in range(term.num_vars()))
        names = tuple("" if example else name for name in sorts)
        return _only_offered_against(term.body(), (*scope, *names), holding)
    if z3.is_var(term):
        return scope[-1 - z3.get_var_index(term)] != SORT
    if z3.is_not(term):
        return _only_offered_against(term.arg(0), scope, _turned(holding))
    if z3.is_implies(term):
        return _only_offered_against(
            term.arg(0), scope, _turned(holding)
        ) and _only_offered_against(term.arg(1), scope, holding)
    parts = term.children()
    if term.decl().name() == "offers" and z3.is_var(parts[2]):
        del parts[2]
    kept = holding if z3.is_and(term) or z3.is_or(term) else None
    return all(_only_offered_against(part, scope, kept) for part in parts)


def _turned(holding: bool | None) -> bool | None:
    return None if holding is None else not holding


class _Asked(Mapping[tuple[int, ...], Any]):
    """What functions offer; remembers which were asked."""

    def __init__(self, offers: Mapping[tuple[int, ...], Any]) -> None:
        self._offers = offers
        self.functions: set[int] = set()

    def __getitem__(self, arguments: tuple[int, ...]) -> Any:
        self.functions.add(arguments[1])
        return self._offers[arguments]

    def __iter__(self) -> Iterator[tuple[int, ...]]:
        return iter(self._offers)

    def __len__(self) -> int:
        return len(self._offers)
