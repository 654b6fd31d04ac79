"""An order in which what rests on something comes after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError as CycleError
from graphlib import TopologicalSorter


def in_order(rests_on: Mapping[str, Iterable[str]]) -> list[str]:
    """Return names so that each comes after those it rests on; else the first by the alphabet.

    Raises
    ------
    CycleError
        When names rest on each other in a circle: its second argument, the first name again last.

    Examples
    --------
    >>> in_order({"goal": ["b", "a"], "c": [], "a": [], "b": ["c"]})
    ['a', 'c', 'b', 'goal']
    """
    sorter = TopologicalSorter(rests_on)
    sorter.prepare()
    found: list[str] = []
    ready: list[str] = []
    while sorter.is_active():
        ready = sorted((*ready, *sorter.get_ready()), reverse=True)
        found.append(ready.pop())
        sorter.done(found[-1])
    return found
