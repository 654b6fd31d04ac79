"""Players in messages: by the name that a file gives them, else by their number."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORDS = {some + one for some in ("every", "some", "any", "no") for one in ("body", "one")} | {
    *("no one", "all", "both", "others", "the others"),
}
"""What messages call several players, or none, or no player of the game."""


def called(players: Sequence[str], number: int) -> str:
    """Return what a player is called in messages.

    A name counts if it is one: not empty, of nobody else's, not a number, not ``player 2`` and not
    a word for players such as ``everybody``.

    Parameters
    ----------
    players
        All names.
    number
        The player's, from 1.

    Examples
    --------
    >>> called(["Ann", "Bob"], 2)
    'Bob'
    >>> called(["Player 1", "Player 2"], 2)
    'player 2'
    """
    name = players[number - 1].strip() if 1 <= number <= len(players) else ""
    usual = re.fullmatch(r"player[\s_-]*\w?\d*", name.lower())
    is_name = usual is None and name.lower() not in _WORDS and any(map(str.isalpha, name))
    alone = [one.strip() for one in players].count(name) == 1
    return name if is_name and alone else f"player {number}"
