"""Terms: immutable pieces of code that are compared by what they say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from fractions import Fraction
from typing import TypeVar, dataclass_transform

from spi_verify.errors import InputError

Point = tuple[Fraction, ...]
"""A payoff profile that players of correlated play can agree on."""

Element = tuple[str, ...] | Point
"""What sets of outcomes consist of: action profiles, or in correlated play also points."""

Action = str | Point
"""What a program returns: the name of an action; in correlated play also a point, which means
"follow the shared lottery that pays this"."""

ActionProfile = tuple[Action, ...]
"""What all players do, in the order of the players."""

T = TypeVar("T", bound="Term")


class Term:
    """A piece of code. Terms with the same code are equal, whoever wrote them."""

    def __str__(self) -> str:
        from spi_verify.programs.notation import write

        return write(self)


@dataclass_transform(frozen_default=True)
def term(cls: type[T]) -> type[T]:
    """Make a class a frozen dataclass that remembers its hash, since terms are deep."""
    made = dataclass(frozen=True)(cls)
    compute = made.__hash__

    def remembered(self: Term) -> int:
        known = self.__dict__.get("_hash")
        if known is None:
            try:
                known = compute(self)
            except RecursionError:
                raise InputError("the code is nested too deeply") from None
            self.__dict__["_hash"] = known
        return int(known)

    made.__hash__ = remembered  # type: ignore[method-assign, assignment]
    return made


def subterms(*roots: Term) -> Iterator[Term]:
    """Iterate over terms and all terms inside them, each object once, outermost first.

    >>> from spi_verify.programs import Always, CSR, Improving, Utilitarian
    >>> [type(t).__name__ for t in subterms(CSR(Utilitarian(), Always("C"), Improving()))]
    ['CSR', 'Utilitarian', 'Always', 'Improving']
    """
    seen: set[int] = set()
    waiting = list(reversed(roots))
    while waiting:
        current = waiting.pop()
        if id(current) not in seen:
            seen.add(id(current))
            yield current
            for name in reversed(field_names(type(current))):
                value = getattr(current, name)
                if isinstance(value, Term):
                    waiting.append(value)
                elif isinstance(value, tuple) and value and isinstance(value[0], Term):
                    waiting.extend(reversed(value))


_FIELD_NAMES: dict[type[object], tuple[str, ...]] = {}


def field_names(cls: type[object]) -> tuple[str, ...]:
    """Return the names of a class's fields; none for a class that is no dataclass."""
    known = _FIELD_NAMES.get(cls)
    if known is None:
        known = tuple(f.name for f in fields(cls)) if is_dataclass(cls) else ()
        _FIELD_NAMES[cls] = known
    return known
