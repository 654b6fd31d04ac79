"""Formulas about all functions of the others, where no function that matters looks at them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

import z3

from spi_verify.counterexamples.programs.confirming.induced import Induced
from spi_verify.programs.deciding.reading import unconditional
from spi_verify.theory.evaluate import holds

SORT = "SetFunctions"
BLIND = "every part is listed, and functions here do not look at the others'"


def others_do_not_matter(formula: z3.ExprRef, induced: Induced) -> bool:
    """Return whether a formula says of all the others' functions what it says of those listed.

    Parameters
    ----------
    formula
        With definitions written out.
    induced
        The structure.

    Notes
    -----
    Where it asks for the others' functions only to say what somebody offers against them, and
    whoever is asked offers the same against all, evaluating it goes the same way for functions
    that are not listed. There have to be some that are.
    """
    if not induced.function_profiles or not _only_offered_against(formula, ()):
        return False
    asked = _Asked(induced.structure.tables["offers"])
    tables = {**induced.structure.tables, "offers": asked}
    try:
        holds(cast("z3.BoolRef", formula), replace(induced.structure, tables=tables))
    except (ValueError, IndexError, KeyError):  # it cannot be evaluated, as its check will say
        return False
    functions = (induced.set_functions[k] for k in asked.functions)
    return all(unconditional(function) for _, function in functions)


def _only_offered_against(term: z3.ExprRef, scope: tuple[str, ...]) -> bool:
    """Whether variables of this sort occur only as what somebody's function is met by."""
    if z3.is_quantifier(term):
        names = tuple(term.var_sort(k).name() for k in range(term.num_vars()))
        return _only_offered_against(term.body(), (*scope, *names))
    if z3.is_var(term):
        return scope[-1 - z3.get_var_index(term)] != SORT
    parts = term.children()
    if term.decl().name() == "offers" and z3.is_var(parts[2]):
        del parts[2]
    return all(_only_offered_against(part, scope) for part in parts)


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
