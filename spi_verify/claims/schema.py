"""Where plain data differs from a schema, in words: what is wrong, and what would be right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from spi_verify.errors import InputError
from spi_verify.suggestions import suggestion

_T = TypeVar("_T")
_STEP = re.compile(r"\.(?P<key>[^.\[\]]+)|\[(?P<item>\d+|\.\.\.)\]")
_ITEMS = (inspect.ListType, inspect.VarTupleType, inspect.SetType, inspect.FrozenSetType)
_PLAIN_TYPES = {
    "object": "a table",
    "array": "a list",
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
}


def convert(data: Any, schema: type[_T]) -> _T:
    """Check plain data against a schema.

    Raises
    ------
    InputError
        With the key at which the data differs from the schema.
    """
    try:
        return msgspec.convert(data, schema)
    except msgspec.ValidationError as error:
        what, _, path = str(error).partition(" - at `")
        path = path.rstrip("`").removeprefix("$")
        types = list(_types_at(schema, path))
        said = _plain(what, types)
        if "`array" in what and what.endswith("got `object`") and path.count(".") == 1:
            said += f"; write [[{path[1:]}]] above each of them"
        if types and path.endswith(".player") and what.endswith("got `str`"):
            said += "; players are numbered from 1, in the order of the file"
        raise InputError(said, where=path.removeprefix(".") or None) from None


def _plain(what: str, types: list[inspect.Type]) -> str:
    key = re.fullmatch(r"Object contains unknown field `(.*)`", what, re.DOTALL)
    if key:
        keys = [f.encode_name for t in types if isinstance(t, inspect.StructType) for f in t.fields]
        return f"unknown key {key[1]!r}{suggestion(key[1], keys)}"
    value = re.fullmatch(r"Invalid enum value (.*)", what, re.DOTALL)
    if value:
        allowed = [str(v) for t in types if isinstance(t, inspect.LiteralType) for v in t.values]
        said = f"{value[1]} is not allowed here"
        return f"{said}{suggestion(value[1].strip(chr(39)), allowed)}" if allowed else said
    what = re.sub(r"Object missing required field `(.*)`", r"the key '\1' is missing", what)
    for internal, plain in _PLAIN_TYPES.items():
        what = re.sub(rf"\b{internal}\b", plain, what)
    what = what.replace(" | null", "").replace(" | ", " or ").replace("`", "")
    return what[:1].lower() + what[1:]


def _types_at(schema: Any, path: str) -> Iterable[inspect.Type]:
    """Return what may stand at a place of data that a schema describes."""
    types = list(_alternatives(inspect.type_info(schema)))
    for step in _STEP.finditer(path):
        types = [inner for one in types for inner in _inside(one, step["key"])]
    return types


def _inside(one: inspect.Type, key: str | None) -> Iterator[inspect.Type]:
    if key is not None and isinstance(one, inspect.StructType):
        for field in one.fields:
            if field.encode_name == key:
                yield from _alternatives(field.type)
    elif key is None and isinstance(one, inspect.DictType):
        yield from _alternatives(one.value_type)
    elif key is None and isinstance(one, _ITEMS):
        yield from _alternatives(one.item_type)


def _alternatives(one: inspect.Type) -> Iterator[inspect.Type]:
    if isinstance(one, inspect.UnionType):
        for inner in one.types:
            yield from _alternatives(inner)
    else:
        yield one
