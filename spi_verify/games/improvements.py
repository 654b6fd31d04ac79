"""The best improvement on each outcome, by a rule that ranks payoff profiles."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from spi_verify.errors import InputError
from spi_verify.games.game import Payoffs
from spi_verify.games.pure import PureOutcomes
from spi_verify.suggestions import suggestion

MAX_COMPARISONS = 20_000_000_000
_CELLS = 4_000_000  # comparisons at once


def ranking(rule: str, number_of_players: int) -> Callable[[Payoffs], Any]:
    """Return the sort key of a rule: the greater, the better.

    Parameters
    ----------
    rule
        ``"leximin"`` (the worst off first), ``"utilitarian"`` (the sum), or ``"dictator-2"``
        (player 2's payoff).
    number_of_players
        n.

    Raises
    ------
    InputError
        When there is no such rule.
    """
    if rule == "leximin":
        return sorted
    if rule == "utilitarian":
        return lambda payoffs: sum(payoffs, Fraction(0))
    for i in range(number_of_players):
        if rule == f"dictator-{i + 1}":
            return itemgetter(i)
    known = ["leximin", "utilitarian", *(f"dictator-{i + 1}" for i in range(number_of_players))]
    raise InputError(f"unknown rule {rule!r}{suggestion(rule, known)}")


def best_improvements(
    feasible: PureOutcomes, rule: str, positions: npt.NDArray[np.intp]
) -> npt.NDArray[np.intp]:
    """Return for some outcomes the best outcome that makes nobody worse off.

    Parameters
    ----------
    feasible
        Pure outcomes.
    rule
        See :func:`ranking`. Among equally good profiles the lexicographically greatest is
        taken, then the first outcome that pays it.
    positions
        The outcomes, by position.

    Returns
    -------
    array of positions
        Efficient outcomes stay what they are.

    Raises
    ------
    InputError
        When there is no such rule, or M E is more than 2 * 10^10.

    Notes
    -----
    The best improvement is efficient. O(M E n) comparisons for M distinct payoff profiles among
    the inefficient outcomes and E among the efficient ones.

    >>> from spi_verify.games import Game
    >>> game = Game.from_payoffs([[[3, 1], [0, 0]], [[2, 2], [1, 3]]])
    >>> best_improvements(PureOutcomes(game), "leximin", np.arange(4)).tolist()
    [0, 2, 2, 3]
    """
    game = feasible.game
    key = ranking(rule, game.number_of_players)
    ranks = game.ordinal
    _, first = np.unique(ranks[:, feasible.efficient], axis=1, return_index=True)
    offers = [int(k) for k in feasible.efficient[first]]
    profiles = {k: game.payoffs(k) for k in offers}
    offers.sort(key=lambda k: (key(profiles[k]), profiles[k]), reverse=True)
    order = np.array(offers, dtype=np.intp)
    inefficient = ~np.isin(positions, feasible.efficient)
    moving = ranks[:, positions[inefficient]]
    before, inverse = np.unique(moving, axis=1, return_inverse=True)
    if before.shape[1] * len(order) > MAX_COMPARISONS:
        raise InputError(
            f"comparing {before.shape[1]} payoff profiles with {len(order)} efficient ones would "
            "take too long; name an outcome"
        )
    chosen = np.empty(before.shape[1], dtype=np.intp)
    step = max(1, _CELLS // len(order))
    for start in range(0, before.shape[1], step):
        part = before[:, start : start + step]
        covers = np.ones((part.shape[1], len(order)), dtype=bool)
        for mine, theirs in zip(part, ranks[:, order], strict=True):
            covers &= theirs >= mine[:, None]
        chosen[start : start + step] = order[covers.argmax(axis=1)]
    images = positions.copy()
    images[inefficient] = chosen[inverse.reshape(-1)]
    return images
