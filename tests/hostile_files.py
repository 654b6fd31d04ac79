"""Seeded damage to JSON documents: keys deleted, doubled, renamed; values of other types."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

VALUES: list[Any] = [
    None, True, 0, 1, -1, 7, 10**30, "", "x", "1/2", "-1", "1/0", "NaN", [], [[]], {}, {"x": 1},
    ["x"], [0], "(always \"1\")", "a|b", "\\", "é\n", "[" * 50, 1.5,
]  # fmt: skip


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every value inside."""
    items = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in items:
        yield (*path, key)
        if isinstance(value, (dict, list)):
            yield from places(value, (*path, key))


def mutated(document: Any, chance: random.Random) -> tuple[str, tuple[Any, ...]]:
    """Return the text of a document that is damaged in one place, and the place."""
    data = copy.deepcopy(document)
    path = chance.choice(list(places(data)))
    *way, last = path
    inside = data
    for key in way:
        inside = inside[key]
    kind = chance.choice(["delete", "double", "retype", "retype", "swap", "add"])
    if kind == "delete":
        del inside[last]
    elif kind == "double" and isinstance(inside, dict):
        mark = "@doubled@"
        inside[mark] = chance.choice(VALUES)
        return json.dumps(data).replace(json.dumps(mark), json.dumps(last)), path
    elif kind == "swap":
        other = chance.choice(list(places(document)))
        value = document
        for key in other:
            value = value[key]
        inside[last] = copy.deepcopy(value)
    elif kind == "add":
        if isinstance(inside, dict):
            inside["unheard-of"] = chance.choice(VALUES)
        else:
            inside.append(chance.choice(VALUES))
    else:
        inside[last] = chance.choice(VALUES)
    return json.dumps(data), path
