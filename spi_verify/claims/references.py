"""Reading what claims name: numbers, outcomes, payoff profiles."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from spi_verify.claims.document import Number
from spi_verify.claims.instance import Instance
from spi_verify.errors import InputError, located
from spi_verify.games.algebraic import Algebraic
from spi_verify.games.expressions import Expression, Linear, parse_expression
from spi_verify.games.game import Payoffs
from spi_verify.games.rationals import MAX_DIGITS, parse_rational

_MAX_NESTING = 64


def number(value: Number) -> Fraction:
    """Read a number of a model file.

    Raises
    ------
    InputError
        When it is none.
    """
    if isinstance(value, str):
        return parse_rational(value)
    if isinstance(value, Algebraic):  # in a claim that was fixed at irrational values
        return value
    if abs(value) >= 10**MAX_DIGITS:
        raise InputError(f"a number of more than {MAX_DIGITS} digits")
    return Fraction(value)


def table_of(
    cell: Any,
    names: tuple[str, ...],
    where: str,
    expressions: list[Expression],
    divisors: list[tuple[Expression, str]],
    depth: int = 0,
) -> Any:
    """Return the table with the expressions' constants in it, and collect what stands there.

    Parameters
    ----------
    cell, names, where
        A table or a payoff, the parameters, and what it is called in messages.
    expressions, divisors
        Get the payoffs, and what is divided by with where it stands.
    depth
        How deep the cell is nested.

    Raises
    ------
    InputError
        When something is no payoff.
    """
    if isinstance(cell, list):
        if depth > _MAX_NESTING:
            raise InputError("nested too deeply", where=where.partition("[")[0])
        return [
            table_of(inner, names, f"{where}[{k}]", expressions, divisors, depth + 1)
            for k, inner in enumerate(cell)
        ]
    if isinstance(cell, int) and not isinstance(cell, bool):
        with located(where=where):
            expressions.append(Linear(number(cell)))
    elif isinstance(cell, str):
        with located(where=where):
            below: list[Expression] = []
            expressions.append(parse_expression(cell, names, below))
            divisors += [(divisor, where) for divisor in below]
    else:
        raise InputError(f"{cell!r} is no payoff", where=where)
    return expressions[-1].constant


def positions(outcomes: Sequence[Sequence[str]], instance: Instance) -> list[int]:
    """Return the positions of a list of pure outcomes."""
    found = []
    for k, outcome in enumerate(outcomes):
        with located(where=f"outcomes[{k}]"):
            found.append(instance.game.index(outcome))
    return found


def profile(values: Sequence[Number], n: int, where: str) -> Payoffs:
    """Read a payoff profile."""
    if len(values) != n:
        raise InputError(f"a payoff for each of the {n} players is needed", where=where)
    with located(where=where):
        return tuple(map(number, values))
