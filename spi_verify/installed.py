"""What installed packages of users offer by entry points: kinds that files name."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import TypeVar

from spi_verify.errors import InputError

T = TypeVar("T")


@cache
def offered(group: str) -> tuple[EntryPoint, ...]:
    """Return what installed packages offer in a group, each once."""
    return tuple({(entry.name, entry.value): entry for entry in entry_points(group=group)}.values())


def load_kind(group: str, name: str, what: str, load: Callable[[EntryPoint], T]) -> T | None:
    """Load a kind that an installed package offers; None where none does.

    Parameters
    ----------
    group, name
        Of the entry point.
    what
        What it is a kind of, for messages.
    load
        Loads it, and raises an exception where it is none.

    Raises
    ------
    InputError
        When it cannot be loaded, or is offered twice.
    """
    found = [entry for entry in offered(group) if entry.name == name]
    if not found:
        return None
    if len(found) > 1:
        named = " and ".join(sorted(entry.value for entry in found))
        raise InputError(f"the kind of {what} {name!r} is offered twice, by {named}", where="kind")
    try:
        return load(found[0])
    except Exception as error:
        raise InputError(
            f"the kind of {what} {name!r} cannot be loaded from {found[0].value} "
            f"({type(error).__name__}: {error})",
            where="kind",
        ) from None
