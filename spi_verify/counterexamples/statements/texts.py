"""Formulas and definitions read from the text of a counterexample's file."""

from __future__ import annotations

import inspect
import re
from typing import Any

import z3

from spi_verify.counterexamples.statements.spoken_of import MAX_UNFOLDED, functions_in
from spi_verify.errors import InputError, located
from spi_verify.theory import PAPER, size_of, subterms
from spi_verify.theory.evaluate import sides

MAX_TEXT = 200_000
MAX_DEPTH = 150


def read_definition(name: str, text: str) -> Any:
    """Return a definition's body from the formula that asserts it.

    Raises
    ------
    InputError
        When the theory has no such definition, or the text is no formula of its form.
    """
    with located(where=f"definitions.{name}"):
        if name not in PAPER:
            raise InputError("there is no such definition")
        axiom = read_formula(text)
        old = PAPER[name]
        if not old.sorts:
            return Read(axiom)
        ok = z3.is_quantifier(axiom) and axiom.is_forall() and z3.is_eq(axiom.body())
        if not ok or [axiom.var_sort(k) for k in range(axiom.num_vars())] != list(old.sorts):
            raise InputError("the formula does not say for all arguments what the predicate means")
        predicate, meaning = sides(axiom)
        variables = [z3.Var(len(old.sorts) - 1 - k, sort) for k, sort in enumerate(old.sorts)]
        named = z3.Function(name, *old.sorts, z3.BoolSort())(*variables)
        if name in functions_in(meaning):
            raise InputError("the definition refers to itself")
        if not predicate.eq(named):
            raise InputError("the formula does not say what the predicate means")
        return Body(meaning, old.parameters)


class Read:
    """A closed definition's body made from a formula."""

    def __init__(self, axiom: Any) -> None:
        self._axiom = axiom

    def __call__(self, theory: Any) -> Any:  # noqa: ARG002
        """Return the formula."""
        return self._axiom


class Body:
    """A definition's body made from a formula: takes the theory and the named terms.

    Parameters
    ----------
    meaning
        The formula, inside of the quantifier over the parameters.
    parameters
        Their names.
    """

    def __init__(self, meaning: Any, parameters: list[str]) -> None:
        self._meaning = meaning
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        names = ["theory", *parameters]
        self.__signature__ = inspect.Signature([inspect.Parameter(n, kind) for n in names])

    def __call__(self, theory: Any, *terms: Any) -> Any:  # noqa: ARG002
        """Return the formula with terms in the place of the parameters."""
        return z3.substitute_vars(self._meaning, *reversed(terms))


def read_formula(text: str) -> Any:
    """Return the one formula that an SMT-LIB text asserts; nothing is solved or executed.

    Only declarations and one assertion are let through to the parser: SMT-LIB has commands that
    read and write files.

    Raises
    ------
    InputError
        When the text is too long, nested too deeply, or holds anything else.
    """
    if len(text) > MAX_TEXT:
        raise InputError(f"a formula of more than {MAX_TEXT} characters")
    commands = _commands(text)
    strange = next((c for c in commands if c not in _ALLOWED), None)
    if strange is not None or commands.count("assert") != 1:
        raise InputError("the SMT-LIB text may declare sorts and functions and assert one formula")
    try:
        assertions = z3.parse_smt2_string(text)
    except z3.Z3Exception:
        raise InputError("this is no SMT-LIB text, or its types do not fit") from None
    formula = _with_numerals(assertions[0])
    if size_of(formula) > MAX_UNFOLDED:
        raise InputError(f"a formula of more than {MAX_UNFOLDED} parts when written out")
    return formula


def _with_numerals(formula: Any) -> Any:
    """Return a formula in which a quotient of two numerals, as text has it, is a numeral."""
    quotients = [
        term
        for term in subterms(formula)
        if z3.is_app_of(term, z3.Z3_OP_DIV)
        and all(map(z3.is_rational_value, term.children()))
        and term.arg(1).as_fraction()
    ]
    values = (one.arg(0).as_fraction() / one.arg(1).as_fraction() for one in quotients)
    return z3.substitute(
        formula, *((one, z3.RealVal(str(n))) for one, n in zip(quotients, values, strict=True))
    )


_ALLOWED = ("set-logic", "declare-sort", "declare-fun", "declare-const", "assert")
_TOKEN = re.compile(r"\s+|;[^\n]*|(?P<token>[()]|\|[^|\\]*\||[^\s()|;\"]+)")


def _commands(text: str) -> list[str]:
    """Return the heads of the commands in an SMT-LIB text, without running any."""
    heads: list[str] = []
    depth, position, opened = 0, 0, False
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise InputError("this is no SMT-LIB text")
        position = match.end()
        token = match["token"]
        if token is None:
            continue
        if token == "(":
            depth += 1
            if depth > MAX_DEPTH:
                raise InputError("nested too deeply")
            opened = depth == 1
            continue
        if token == ")":
            depth -= 1
        elif depth == 0:
            raise InputError("this is no SMT-LIB text")
        elif opened:
            heads.append(token)
        if depth < 0 or (token == ")" and opened):
            raise InputError("this is no SMT-LIB text")
        opened = False
    if depth:
        raise InputError("this is no SMT-LIB text")
    return heads
