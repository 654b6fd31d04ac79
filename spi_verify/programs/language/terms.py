"""Terms: immutable pieces of code that are compared by what they say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from fractions import Fraction
from functools import cache
from typing import Any, ClassVar, TypeVar, dataclass_transform

from spi_verify.arguments import named
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
    """A piece of code. Terms with the same code are equal, whoever wrote them.

    A class of terms has a short notation if it is declared with a word::

        class Always(Program, word="always", parts="action"): ...

    Parameters
    ----------
    word
        With what its code begins.
    parts
        For each field its sort, such as ``program`` or ``number``; with a star where the field is
        a tuple, which only the last one may be.
    """

    sees_code: ClassVar[bool] = True
    """Whether such terms are run with access to programs and functions."""

    def __init_subclass__(cls, *, word: str = "", parts: str = "", **others: Any) -> None:
        super().__init_subclass__(**others)
        if not word:
            return
        taken = WORDS.get(word)
        if taken is not None and (taken.__module__, taken.__qualname__) != (
            cls.__module__,
            cls.__qualname__,
        ):
            raise InputError(f"the word {word!r} stands for {taken.__qualname__} already")
        WORDS[word] = cls
        _NOTATION[cls] = (word, tuple(parts.split()))

    def __str__(self) -> str:
        return write(self)


_LANGUAGE = f"{__package__}."

WORDS: dict[str, type[Term]] = {}
"""The classes that have a short notation, by the word with which their code begins."""

_NOTATION: dict[type[Term], tuple[str, tuple[str, ...]]] = {}


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


@cache
def load_installed(group: str, kind: type[Term]) -> None:
    """Import the classes of installed packages, which the notation then knows.

    Parameters
    ----------
    group
        The group of entry points.
    kind
        What each of them derives from.

    Raises
    ------
    InputError
        When one cannot be imported, or is no such class with a word.
    """
    from importlib.metadata import entry_points

    what = group.removeprefix("spi_verify.").replace("_", " ").removesuffix("s")
    for entry in entry_points(group=group):
        try:
            found = entry.load()
        except Exception as error:
            raise InputError(
                f"the installed {what} {entry.name!r} cannot be loaded: {error}",
                where=entry.value,
            ) from error
        if found not in WORDS.values() or not issubclass(found, kind):
            raise InputError(
                f"the installed {what} {entry.name!r} is no {kind.__name__} with a word",
                where=entry.value,
            )


def sorts(cls: type[Term]) -> tuple[str, ...]:
    """Return the sorts of the fields of a class that has a short notation."""
    return _NOTATION[cls][1]


def is_ours(term: Term) -> bool:
    """Whether a term's class is one of the language, and not of somebody who extends it."""
    return type(term).__module__.startswith(_LANGUAGE)


def only_ours() -> bool:
    """Whether no class of somebody else's has been met that the notation knows."""
    return all(cls.__module__.startswith(_LANGUAGE) for cls in WORDS.values())


def is_known(term: Term) -> bool:
    """Whether a term's code says all that it does.

    The notation has to know it. What a class of one's own does is known only if it is shown no
    code that it could react to.
    """
    return type(term) in _NOTATION and (is_ours(term) or not term.sees_code)


@named
def write(term: Term) -> str:
    """Return a term in the short notation; ``str(term)`` does the same.

    A term of a class that the notation does not know is written ``<ClassName>``.

    Raises
    ------
    InputError
        When the term is nested more deeply than Python can follow.
    """
    try:
        return _write(term)
    except RecursionError:
        raise InputError("the code is nested too deeply to be written") from None


def _write(term: Term) -> str:
    known = _NOTATION.get(type(term))
    if known is None:
        return f"<{type(term).__name__}>"
    word, expected = known
    values = [getattr(term, name) for name in field_names(type(term))]
    parts = [word]
    for sort, value in zip(expected, values, strict=True):
        parts.extend(map(_write_one, value) if sort.endswith("*") else [_write_one(value)])
    return f"({' '.join(parts)})"


def _write_one(value: Any) -> str:
    if isinstance(value, Term):
        return _write(value)
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if isinstance(value, tuple):
        return f"[{' '.join(map(_write_one, value))}]"
    return str(value)


def replaced(profile: tuple[Any, ...], player: int, item: Any) -> tuple[Any, ...]:
    """Return a profile with one player's entry replaced; players are numbered from 1."""
    return (*profile[: player - 1], item, *profile[player:])
