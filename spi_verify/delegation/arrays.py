"""Payoffs as arrays with an axis for each player's actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from spi_verify.games.game import Game

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


def table(game: Game) -> npt.NDArray[Any]:
    """Return ``game.scaled`` with an axis for each player's actions, shape (n, m_1, ..., m_n)."""
    return game.scaled.reshape(game.number_of_players, *game.shape)


def ranks(game: Game) -> Ints:
    """Return each player's payoffs as their places in that player's order, shaped as a table."""
    rows = [np.unique(row, return_inverse=True)[1] for row in game.scaled]
    return np.array(rows, dtype=np.int64).reshape(game.number_of_players, *game.shape)


def grid(places: Sequence[Sequence[int] | Ints]) -> tuple[Any, ...]:
    """Return the index of all combinations of some positions, behind whatever axes come first."""
    return (..., *np.ix_(*(np.asarray(own, dtype=np.int64) for own in places)))


def place(k: int, game: Game) -> list[int]:
    """Return the position of each player's action in the outcome at a position."""
    return [int(p) for p in np.unravel_index(k, game.shape)]


def position(actions: Sequence[int], game: Game) -> int:
    """Return the position of an outcome that is given by the positions of its actions."""
    return int(np.ravel_multi_index(tuple(actions), game.shape))


def numbered(values: npt.NDArray[Any]) -> Ints:
    """Number the different values of a list, in their order; of an array with rows its columns."""
    axis = None if values.ndim == 1 else 1
    return np.unique(values, axis=axis, return_inverse=True)[1].reshape(-1).astype(np.int64)
