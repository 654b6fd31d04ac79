"""Where kinds of counterexamples are found: in this package, and in installed ones of users."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from spi_verify.counterexamples.kind import FILE_KEYS, Kind
from spi_verify.errors import InputError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "spi_verify.counterexamples"
"""The entry points by which an installed package offers kinds: the kind's name, and its class."""

_ROOM = "spi_verify.counterexamples"
_OWN = {
    "executed": f"{_ROOM}.executed:ExecutedFacts",
    "iterated": f"{_ROOM}.iterated.kind:Iterated",
    "polytope": f"{_ROOM}.polytopes.kind:Polytopes",
    "programs": f"{_ROOM}.programs.kind:Programs",
    "sets": f"{_ROOM}.sets.kind:Sets",
    "structure": f"{_ROOM}.structures:Structures",
}
"""The kinds of this package; each is imported where it is first asked for."""

_LAST = "programs"
"""It applies to every statement, so that others are asked before."""


def kinds() -> tuple[str, ...]:
    """Return the names of all kinds: those of the package, then those of others."""
    return tuple(dict.fromkeys((*_OWN, *sorted(entry.name for entry in _offered()))))


def is_known(name: str) -> bool:
    """Return whether there is a kind of this name."""
    return name in _OWN or name in kinds()


def is_ours(name: str) -> bool:
    """Return whether a kind is one of this package's."""
    return name in _OWN


def asked() -> tuple[str, ...]:
    """Return the names of all kinds in the order in which a search asks whether they apply."""
    return (*(name for name in kinds() if name != _LAST), _LAST)


@cache
def named(name: str) -> Kind:
    """Return a kind of counterexample.

    Raises
    ------
    InputError
        When there is none of this name, or a package offers it and it cannot be loaded, or is
        offered twice.
    """
    if name in _OWN:
        module, _, kind = _OWN[name].partition(":")
        return _made(name, getattr(import_module(module), kind))
    offered = [entry for entry in _offered() if entry.name == name]
    if not offered:
        raise InputError(f"a counterexample is of kind {', '.join(kinds())}", where="kind")
    if len(offered) > 1:
        named = " and ".join(sorted(entry.value for entry in offered))
        raise InputError(
            f"the kind of counterexample {name!r} is offered twice, by {named}", where="kind"
        )
    try:
        return _made(name, offered[0].load())
    except Exception as error:
        what = f"{type(error).__name__}: {error}"
        raise InputError(
            f"the kind of counterexample {name!r} cannot be loaded from {offered[0].value} "
            f"({what})",
            where="kind",
        ) from None


def _made(name: str, found: object) -> Kind:
    if not isinstance(found, type) or Kind not in found.__mro__:
        raise TypeError(f"{found!r} does not derive from spi_verify.counterexamples.kind.Kind")
    made: Kind = found()
    if getattr(made, "name", None) != name or name in FILE_KEYS:
        raise TypeError(f"{found.__name__} is not called {name!r}, or must not be")
    return made


@cache
def _offered() -> list[EntryPoint]:
    from importlib.metadata import entry_points

    found = entry_points(group=GROUP)
    return list({(entry.name, entry.value): entry for entry in found}.values())
