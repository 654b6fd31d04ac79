"""Where kinds of claims are found: files of the package, and installed packages of users."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

import msgspec

from spi_verify.claims.kind import Claim, Keys
from spi_verify.claims.kinds import NAMES
from spi_verify.claims.schema import convert
from spi_verify.errors import InputError
from spi_verify.suggestions import meant, suggestion

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "spi_verify.claims"
"""The entry points by which an installed package offers kinds: the kind's name, and its module."""

_METHODS = ("check", "decide", "violations", "confirm", "story")


def kinds() -> tuple[str, ...]:
    """Return the names of all kinds of claims: those of the package, then those of others."""
    return tuple(dict.fromkeys((*NAMES, *sorted(entry.name for entry in _offered()))))


def forms(kind: str) -> tuple[type[Claim], ...]:
    """Return the forms of a kind of claim; none where there is no such kind.

    Raises
    ------
    InputError
        When a package offers the kind, and it cannot be loaded, or is offered twice.
    """
    if kind in NAMES:
        module = import_module(f"spi_verify.claims.kinds.{kind.replace('-', '_')}")
        found: tuple[type[Claim], ...] = module.FORMS
        return found
    offered = [entry for entry in _offered() if entry.name == kind]
    if not offered:
        return ()
    if len(offered) > 1:
        named = " and ".join(sorted(entry.value for entry in offered))
        raise InputError(f"the kind of claim {kind!r} is offered twice, by {named}", where="kind")
    try:
        return _loaded(offered[0])
    except Exception as error:
        what = f"{type(error).__name__}: {error}"
        raise InputError(
            f"the kind of claim {kind!r} cannot be loaded from {offered[0].value} ({what})",
            where="kind",
        ) from None


def _loaded(entry: EntryPoint) -> tuple[type[Claim], ...]:
    found = tuple(entry.load().FORMS)
    for form in found:
        if not (isinstance(form, type) and issubclass(form, Keys)):
            raise TypeError(f"{form!r} does not derive from spi_verify.claims.kind.Keys")
        lacking = [name for name in _METHODS if not callable(getattr(form, name, None))]
        if lacking:
            raise TypeError(f"{form.__name__} has no {' and no '.join(lacking)}")
    return found


def convert_claim(data: Any) -> Claim:
    """Check one claim against the schema of its kind.

    Raises
    ------
    InputError
        When the kind is unknown, a key is missing or one has the wrong type.
    """
    if not isinstance(data, dict):
        raise InputError("a claim is a table with at least the key kind")
    kind = data.get("kind")
    found = forms(kind) if isinstance(kind, str) else ()
    if not found:
        said = "no kind of claim is given" if kind is None else f"unknown kind of claim {kind!r}"
        raise InputError(f"{said}{suggestion(str(kind), kinds())}", where="kind")
    form = next((form for form in found if not list(_missing(form, data))), found[-1])
    missing = next(_missing(form, data), None)
    if missing is not None:
        known = {name for one in found for name in _keys(one)}
        meant_by = meant(missing, (key for key in map(str, data) if key not in known), 1)
        hint = f"; did you mean it by {meant_by[0]!r}?" if meant_by else ""
        raise InputError(f"a claim of kind {kind} needs the key {missing}{hint}")
    return convert(data, form)


def _missing(form: type[Claim], data: dict[str, Any]) -> Iterator[str]:
    """Iterate over the keys that a form cannot do without and that are not there."""
    assert issubclass(form, Keys)
    for key in msgspec.structs.fields(form):
        if key.required and key.encode_name not in data:
            yield key.encode_name


def _keys(form: type[Claim]) -> Iterator[str]:
    assert issubclass(form, Keys)
    yield from (key.encode_name for key in msgspec.structs.fields(form))


@cache
def _offered() -> list[EntryPoint]:
    from importlib.metadata import entry_points

    found = entry_points(group=GROUP)
    return list({(entry.name, entry.value): entry for entry in found}.values())
