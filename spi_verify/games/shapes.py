"""Tables of payoffs that have no game's shape, in words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

_SMALL = 12


def wrong_shape(
    shape: tuple[int, ...],
    players: Sequence[str] | None,
    actions: Sequence[Sequence[str]] | None,
) -> str:
    """Say which shape the table of a game has, and which this one has.

    Parameters
    ----------
    shape
        The table's, which is no game's.
    players, actions
        Their names, where they are given.

    Examples
    --------
    >>> print(wrong_shape((2, 2), None, None))
    a table of shape (2, 2) is not of the form (|A_1|, ..., |A_n|, n): each outcome needs a list \
with one payoff for each player; for 2 players with 2 x 2 actions write \
[[[0, 0], [0, 0]], [[0, 0], [0, 0]]] with their payoffs
    """
    said = (
        f"a table of shape {shape} is not of the form (|A_1|, ..., |A_n|, n): "
        "each outcome needs a list with one payoff for each player"
    )
    own = _actions(shape, players, actions)
    if own is None:
        return said
    n = len(own)
    if math.prod(own) * n <= _SMALL:
        how = f"{_zeros((*own, n))} with their payoffs"
    else:
        inner = "".join(f"a list of {size} lists, each " for size in own)
        how = f"{inner}of {n} payoffs"
    return f"{said}; for {n} player{'s' * (n > 1)} with {sizes(own)} actions write {how}"


def _actions(
    shape: tuple[int, ...],
    players: Sequence[str] | None,
    actions: Sequence[Sequence[str]] | None,
) -> tuple[int, ...] | None:
    """Return how many actions each player has, by what is named or by the table itself."""
    if actions:
        return tuple(map(len, actions))
    if not shape or 0 in shape or (players is not None and len(players) != len(shape)):
        return None
    return shape


def sizes(of: Iterable[int]) -> str:
    """Write ``2 x 3``."""
    return " x ".join(map(str, of))


def ragged(table: Any) -> str:
    """Say where the rows of a table have different lengths."""
    said = "the rows of the table have different lengths"
    level: list[tuple[str, Any]] = [("payoffs", table)]
    while level:
        found = [(where, _length(cell)) for where, cell in level]
        (usual, _), *_ = Counter(length for _, length in found).most_common(1)
        odd = next(((where, length) for where, length in found if length != usual), None)
        if odd is not None:
            told = f"{said}: {odd[0]} {_is(odd[1])}, where others {_are(usual)}"
            comma = odd[1] is not None and usual is not None and odd[1] == usual + 1
            return f"{told} (a decimal comma separates entries: write 0.5)" if comma else told
        level = [inner for where, cell in level for inner in _inside(where, cell)]
    return said


def _length(cell: Any) -> int | None:
    return len(cell) if isinstance(cell, Sequence) and not isinstance(cell, str) else None


def _inside(where: str, cell: Any) -> Iterator[tuple[str, Any]]:
    if _length(cell) is not None:
        yield from ((f"{where}[{k}]", one) for k, one in enumerate(cell))


def _is(length: int | None) -> str:
    entries = "entry" if length == 1 else "entries"
    return "is a number" if length is None else f"has {length} {entries}"


def _are(length: int | None) -> str:
    return "are numbers" if length is None else f"have {length}"


def _zeros(shape: tuple[int, ...]) -> str:
    return f"[{', '.join([_zeros(shape[1:])] * shape[0])}]" if shape else "0"
