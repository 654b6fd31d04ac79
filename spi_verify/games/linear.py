"""Linear expressions in named parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from spi_verify.games.rationals import format_rational


@dataclass(frozen=True)
class Linear:
    """``constant + sum of coefficient * parameter``, all exact.

    Parameters
    ----------
    constant
        The value where all parameters are 0.
    coefficients
        Pairs of a parameter's name and its coefficient (never 0), sorted by name.
    """

    constant: Fraction
    coefficients: tuple[tuple[str, Fraction], ...] = ()

    @property
    def is_constant(self) -> bool:
        """Whether no parameter occurs."""
        return not self.coefficients

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters that occur, sorted."""
        return tuple(name for name, _ in self.coefficients)

    def at(self, values: Mapping[str, Any]) -> Any:
        """Return the value where the parameters have the given values."""
        return self.constant + sum(c * values[name] for name, c in self.coefficients)

    def __add__(self, other: Linear) -> Linear:
        if not isinstance(other, Linear):
            return NotImplemented
        merged = dict(self.coefficients)
        for name, c in other.coefficients:
            merged[name] = merged.get(name, Fraction(0)) + c
        return _linear(self.constant + other.constant, merged)

    def __sub__(self, other: Linear) -> Linear:
        if not isinstance(other, Linear):
            return NotImplemented
        return self + other.times(Fraction(-1))

    def times(self, factor: Fraction) -> Linear:
        """Return the expression multiplied by a number."""
        return _linear(self.constant * factor, {name: c * factor for name, c in self.coefficients})

    def __str__(self) -> str:
        return sum_text([*self.coefficients, *([("", self.constant)] if self.constant else [])])


def sum_text(terms: Iterable[tuple[str, Fraction]]) -> str:
    """Write a sum of products of a number and a text, which is empty for a number alone."""
    text = ""
    for name, c in terms:
        size = format_rational(abs(c))
        body = size if not name else name if abs(c) == 1 else f"{size}*{name}"
        if text:
            text += f" {'-' if c < 0 else '+'} {body}"
        else:
            text = f"-{body}" if c < 0 else body
    return text or "0"


def _linear(constant: Fraction, coefficients: Mapping[str, Fraction]) -> Linear:
    return Linear(constant, tuple(sorted((n, c) for n, c in coefficients.items() if c)))
