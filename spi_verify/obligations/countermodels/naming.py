"""Elements of a structure, and formulas about them, in words: players are counted from 1."""

from __future__ import annotations

import string
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import z3

from spi_verify.theory import joined, numeral, unlike
from spi_verify.theory.evaluate import Structure

_SORTS = {
    "SetFunction": "set-valued function",
    "SetFunctions": "functions",
    "OutcomeSet": "set",
    "Selection": "selection function",
    "Renegotiation": "renegotiation function",
    "Profile": "program profile",
    "Payoffs": "payoff profile",
}
"""What elements of a sort are called, where it is not the name of the sort."""

_VALUES = {
    "selected": "from {1} is selected {value}",
    "offers": "{0} offers {value} at {3}",
    "agreement": "what all offer at {1} is {value}",
    "renegotiated": "renegotiation from {2} ends in {value}",
    "improved": "{0} takes {1} to {value}",
    "outcome": "{0} ends in {value}",
    "program": "{0} has {value} in {1}",
    "default": "the default of {0} is {value}",
    "defaults": "the defaults in {0} are {value}",
    "plays": "{0} with {1} plays {value} in {2}",
    "replace": "{0} with {2} for {1} is {value}",
    "set_function": "the set-valued function of {0} is {value}",
    "pmm": "the Pareto meet minimum of {0} is {value}",
    "expected": "{0} expects {value} of {1}",
}
"""How the value of a function is told; of others as an equation."""

_BETWEEN = {
    z3.Z3_OP_LE: "<=",
    z3.Z3_OP_LT: "<",
    z3.Z3_OP_GE: ">=",
    z3.Z3_OP_GT: ">",
    z3.Z3_OP_EQ: "=",
    z3.Z3_OP_IFF: "just if",
    z3.Z3_OP_ADD: "+",
    z3.Z3_OP_SUB: "-",
    z3.Z3_OP_MUL: "*",
    z3.Z3_OP_AND: "and",
    z3.Z3_OP_OR: "or",
    z3.Z3_OP_DISTINCT: "!=",
}


class Names:
    """What the elements of a structure are called.

    Parameters
    ----------
    structure
        The structure.
    """

    def __init__(self, structure: Structure) -> None:
        self._structure = structure

    def element(self, sort: str, number: int) -> str:
        """Return what an element is called: ``player 1``, ``outcome A``, ``{A, B}``."""
        if sort == "Outcome":
            return f"outcome {_letter(number)}"
        if sort == "OutcomeSet" and "member" in self._structure.tables:
            return self._set(number)
        name = _SORTS.get(sort) or sort.lower()
        if self._structure.sizes[sort] == 1 and sort != "Player":
            return f"the {name}"
        return f"{name} {number + 1}"

    def _set(self, number: int) -> str:
        """Return a set by its members, with a number where another set has the same."""
        member = self._structure.tables["member"]
        outcomes = range(self._structure.sizes["Outcome"])

        def members(set: int) -> list[int]:
            return [outcome for outcome in outcomes if member[outcome, set]]

        same = [
            set
            for set in range(self._structure.sizes["OutcomeSet"])
            if members(set) == members(number)
        ]
        mark = f" ({same.index(number) + 1} of {len(same)} such sets)" if len(same) > 1 else ""
        return f"{{{', '.join(map(_letter, members(number)))}}}{mark}"

    def value(self, sort: z3.SortRef, value: Any) -> str:
        """Return what the value of a term of a sort is called."""
        if sort.kind() == z3.Z3_UNINTERPRETED_SORT:
            return self.element(sort.name(), value)
        return str(value).lower() if isinstance(value, bool) else str(Fraction(value))

    def formula(self, term: z3.ExprRef, scope: Sequence[str] = ()) -> str:
        """Return a term in words.

        Parameters
        ----------
        term
            Its variables may be bound outside of it.
        scope
            What these are called, the innermost last.
        """
        if z3.is_var(term):
            return scope[-1 - z3.get_var_index(term)]
        number = numeral(term)
        if number is not None:
            return str(number)
        if z3.is_quantifier(term):
            names = unlike([term.var_name(k) for k in range(term.num_vars())], scope)
            whom = "for all" if term.is_forall() else "for some"
            return f"{whom} {', '.join(names)}: {self._part(term.body(), [*scope, *names])}"
        parts = [self._part(child, scope) for child in joined(term)]
        kind = term.decl().kind()
        if kind in (z3.Z3_OP_AND, z3.Z3_OP_OR) and not parts:
            return "true" if kind == z3.Z3_OP_AND else "false"
        if kind in _BETWEEN and len(parts) > 1:
            return f" {_BETWEEN[kind]} ".join(parts)
        if kind == z3.Z3_OP_NOT:
            return f"not {parts[0]}"
        if kind == z3.Z3_OP_IMPLIES:
            return f"if {parts[0]} then {parts[1]}"
        if kind == z3.Z3_OP_ITE:
            return f"{parts[1]} if {parts[0]}, else {parts[2]}"
        if kind == z3.Z3_OP_UMINUS:
            return f"-{parts[0]}"
        if z3.is_int_value(term):
            return str(term)
        if kind == z3.Z3_OP_TO_REAL:
            return parts[0]
        inner = ", ".join(self.formula(child, scope) for child in joined(term))
        return f"{term.decl().name()}({inner})" if parts else term.decl().name()

    def _part(self, term: z3.ExprRef, scope: Sequence[str]) -> str:
        """Return a term as a part of another, in brackets where it is none that stands alone."""
        while z3.is_app_of(term, z3.Z3_OP_TO_REAL):
            term = term.arg(0)
        said = self.formula(term, scope)
        alone = (
            z3.is_var(term)
            or numeral(term) is not None
            or (
                z3.is_app(term)
                and (term.decl().kind() == z3.Z3_OP_UNINTERPRETED or not term.children())
            )
        )
        return said if alone else f"({said})"

    def told(self, function: z3.FuncDeclRef, arguments: Sequence[str], value: str) -> str:
        """Return that a function has a value, in words."""
        name = function.name()
        if name in _VALUES:
            return _VALUES[name].format(*arguments, value=value)
        return f"{name}({', '.join(arguments)}) = {value}" if arguments else f"{name} is {value}"


def _letter(number: int) -> str:
    letters = string.ascii_uppercase
    return letters[number] if number < len(letters) else f"{number + 1}"
