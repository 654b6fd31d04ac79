"""Reading what claims name: numbers, outcomes, payoff profiles."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from spi_verify.claims.document import Number
from spi_verify.claims.instance import Instance
from spi_verify.errors import InputError, located
from spi_verify.games.expressions import Linear, parse_linear
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
    if abs(value) >= 10**MAX_DIGITS:
        raise InputError(f"a number of more than {MAX_DIGITS} digits")
    return Fraction(value)


def linear_table(
    cell: Any, names: tuple[str, ...], where: str, expressions: list[Linear], depth: int = 0
) -> Any:
    """Return the table with the expressions' constants in it, and collect the expressions."""
    if isinstance(cell, list):
        if depth > _MAX_NESTING:
            raise InputError("nested too deeply", where=where.partition("[")[0])
        return [
            linear_table(inner, names, f"{where}[{k}]", expressions, depth + 1)
            for k, inner in enumerate(cell)
        ]
    if isinstance(cell, int) and not isinstance(cell, bool):
        with located(where=where):
            expressions.append(Linear(number(cell)))
    elif isinstance(cell, str):
        with located(where=where):
            expressions.append(parse_linear(cell, names))
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
