"""On which line of a TOML file something stands, where that is certain.

The reader of TOML keeps no lines. So a place is guessed and proved: the text is changed on one line
and read again, and the line is right if what is read differs at that place, and only there.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from itertools import repeat
from typing import Any

from spi_verify.errors import InputError

MAX_CHARACTERS = 100_000
MAX_READINGS = 40
"""So many times the text is read for a file, whatever is wrong with it."""

_FRESH = "spi_verify_was_here"
_LINE = re.compile(r"line \d+\b")
_STEP = re.compile(r"\[(\d+)\]")
_AT = re.compile(r"at line (\d+), column (\d+)\)$")

Path = tuple[str | int, ...]


def with_line(error: InputError, text: str, data: Any) -> InputError:
    """Return an error with the line of what it is about, where that is certain.

    Parameters
    ----------
    error
        Its ``where`` is a place such as ``renegotiation.f[0].from``; ``unknown key 'KEY'`` means
        that key there.
    text, data
        The file, and what was read from it.
    """
    line = line_at(error, text, data)
    if line is None:
        return error
    place = f"line {line}: {error.where}" if error.where else f"line {line}"
    return InputError(error.what, file=error.file, where=place)


def readings() -> Iterator[None]:
    """Return what counts how often a text may be read: as often as this yields."""
    return repeat(None, MAX_READINGS)


def line_at(
    error: InputError,
    text: str,
    data: Any,
    *,
    within: tuple[int, int] | None = None,
    left: Iterator[None] | None = None,
) -> int | None:
    """Return the line of what an error is about, as :func:`with_line` adds it.

    Parameters
    ----------
    error, text, data
        As there.
    within, left
        As :func:`line_of` takes them.
    """
    where = error.where or ""
    if error.file is not None or _LINE.match(where):
        return None
    unknown = re.match(r"unknown key '([^']+)'", error.what)
    if unknown:
        where = f"{where}.{unknown[1]}" if where else unknown[1]
    return line_of(where, text, data, within=within, left=left)


def line_of(
    where: str,
    text: str,
    data: Any,
    *,
    within: tuple[int, int] | None = None,
    left: Iterator[None] | None = None,
) -> int | None:
    r"""Return the line on which what stands at a place begins, None where that is not certain.

    Parameters
    ----------
    where
        The place.
    text, data
        The file, and what was read from it.
    within
        The first and the last line of the part of the text in which to look; default all of it.
    left
        Counts how often the text may still be read, as :func:`readings` does.

    Examples
    --------
    >>> toml = "a = 1\n[b]\nc = [\n  'x', 'y']\n"
    >>> [line_of(where, toml, tomllib.loads(toml)) for where in ("a", "b.c", "b.c[1]", "d")]
    [1, 3, 4, None]
    """
    if len(text) > MAX_CHARACTERS:
        return None
    paths = list(_resolved(where, data, ()))
    if len(paths) != 1 or not paths[0]:
        return None
    path = (*paths[0], *_first(_value(data, paths[0]), paths[0]))
    wanted = _changed(data, path)
    part = _span(text, *within) if within else (0, len(text))
    guesses = _guesses(path, _value(data, path), text, part)
    for (start, end, fresh), _ in zip(guesses, left or readings(), strict=False):
        try:
            changed = tomllib.loads(text[:start] + fresh + text[end:], parse_float=_same)
        except (ValueError, RecursionError):
            continue
        if changed == wanted:
            return text.count("\n", 0, start) + 1
    return None


def what_stands_there(error: ValueError, text: str) -> str:
    """Return what to write instead of what the reader of TOML stumbled over, if that is seen."""
    from spi_verify.games.rationals import remedy

    at = _AT.search(str(error))
    lines = text.split("\n")
    if at is None or int(at[1]) > len(lines):
        return ""
    line, column = lines[int(at[1]) - 1], int(at[2]) - 1
    for word in re.finditer(r"[^\s\[\],={}\"']+", line):
        if word.start() <= column <= word.end() and re.search(r"\d", word[0]):
            return remedy(word[0], quoted=True)
    return ""


def _same(number: str) -> str:
    return number.replace("_", "")


def _resolved(where: str, data: Any, before: Path) -> Iterator[Path]:
    """Yield the paths in data that a text can mean."""
    if not where:
        yield before
        return
    if isinstance(data, dict):
        rest = where.removeprefix(".") if before else where
        for key in data:
            if rest == key or rest.startswith((f"{key}.", f"{key}[")):
                yield from _resolved(rest[len(key) :], data[key], (*before, key))
    elif isinstance(data, list) and (step := _STEP.match(where)) and int(step[1]) < len(data):
        yield from _resolved(where[step.end() :], data[int(step[1])], (*before, int(step[1])))


def _value(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


def _span(text: str, first: int, last: int) -> tuple[int, int]:
    lengths = [len(line) + 1 for line in text.split("\n")]
    return sum(lengths[: first - 1]), min(sum(lengths[:last]), len(text))


def _guesses(
    path: Path, value: Any, text: str, part: tuple[int, int]
) -> Iterator[tuple[int, int, str]]:
    """Yield pieces of a part of the text that may be the place, with what to write there."""
    key = path[-1]
    if isinstance(key, str):
        for found in re.compile(rf"(?<![\w-]){re.escape(key)}(?![\w-])").finditer(text, *part):
            yield found.start(), found.end(), _FRESH
    elif (isinstance(value, str) and value) or (isinstance(value, int) and abs(value) < 10**18):
        shown = re.escape(str(value))
        for found in re.compile(rf"(?<![\w.]){shown}(?![\w.])").finditer(text, *part):
            quoted = found.start() and text[found.start() - 1] in "\"'"
            yield found.start(), found.end(), _FRESH if quoted else f'"{_FRESH}"'


def _first(value: Any, path: Path) -> Path:
    """Return where the first thing stands in an entry of a list; a key stands for itself."""
    if isinstance(path[-1], str):
        return ()
    if isinstance(value, dict) and value:
        return (next(iter(value)),)
    if isinstance(value, list) and value:
        return (0, *_first(value[0], (0,)))
    return ()


def _changed(data: Any, path: Path) -> Any:
    step, rest = path[0], path[1:]
    if isinstance(step, str):
        if not rest:
            return {(_FRESH if key == step else key): value for key, value in data.items()}
        return {**data, step: _changed(data[step], rest)}
    copy = list(data)
    copy[step] = _changed(data[step], rest) if rest else _FRESH
    return copy
