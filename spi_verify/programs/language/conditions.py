"""Conditions that programs and set-valued renegotiation functions decide by."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

from spi_verify.programs.language.terms import Term, term


class Condition(Term, ABC):
    """A condition.

    Some look at programs and stand in programs (their scope is a
    :class:`~spi_verify.programs.language.programs.Situation`), some look at renegotiation functions
    and stand in these (their scope is a :class:`~spi_verify.programs.language.functions.Round`).
    """

    @abstractmethod
    def holds(self, scope: Any) -> bool:
        """Whether the condition holds where it is asked."""


@term
class Not(Condition, word="not", parts="condition"):
    """The opposite of a condition."""

    condition: Condition

    def holds(self, scope: Any) -> bool:
        """Whether the condition does not hold."""
        return not self.condition.holds(scope)


@term
class AllOf(Condition, word="all", parts="condition*"):
    """All of some conditions, from left to right until one fails."""

    conditions: tuple[Condition, ...]

    def holds(self, scope: Any) -> bool:
        """Whether all hold."""
        return all(condition.holds(scope) for condition in self.conditions)


@term
class AnyOf(Condition, word="any", parts="condition*"):
    """At least one of some conditions, from left to right until one holds."""

    conditions: tuple[Condition, ...]

    def holds(self, scope: Any) -> bool:
        """Whether one holds."""
        return any(condition.holds(scope) for condition in self.conditions)


def simple_conditions(condition: Condition) -> Iterator[Condition]:
    """Iterate over the conditions that a condition combines."""
    waiting = [condition]
    while waiting:
        current = waiting.pop()
        if isinstance(current, Not):
            waiting.append(current.condition)
        elif isinstance(current, (AllOf, AnyOf)):
            waiting.extend(reversed(current.conditions))
        else:
            yield current
