"""What a function of the user's returns, in types of Python's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def as_outcome(value: Any) -> tuple[str, ...] | None:
    """Return what someone's function returned as a tuple of names, or None if it is no such.

    The names are texts of Python's own: a subclass could say that it equals everything.
    """
    if isinstance(value, str) or not isinstance(value, Sequence):
        return None
    names = tuple(value)
    return tuple(map(str.__str__, names)) if all(isinstance(n, str) for n in names) else None


def shown_value(value: Any) -> str:
    """Return the representation of any object, also of one that cannot be shown."""
    try:
        return str.__str__(repr(value))
    except Exception:
        return f"<an object of class {type(value).__name__}>"
