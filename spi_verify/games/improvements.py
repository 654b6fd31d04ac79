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
from spi_verify.games.solutions import NAMES, Rule, best_profile, parse_rule
from spi_verify.suggestions import suggestion

MAX_COMPARISONS = 20_000_000_000
MAX_RANKED = 2_000_000
_CELLS = 4_000_000  # comparisons at once


def ranking(rule: str, number_of_players: int) -> Callable[[Payoffs], Any] | Rule:
    """Return the sort key of a rule, the greater, the better; or how gains are ranked.

    Parameters
    ----------
    rule
        ``"leximin"`` (the worst off first), ``"utilitarian"`` (the sum), ``"dictator-2"``
        (player 2's payoff), or a bargaining solution
        (:func:`spi_verify.games.solutions.parse_rule`), for which the outcome that is improved on
        is the disagreement point.
    number_of_players
        n.

    Raises
    ------
    InputError
        When there is no such rule.
    """
    if rule != "utilitarian" and rule.partition(" ")[0] in {*NAMES, "proportional"}:
        return parse_rule(rule, number_of_players)
    if rule == "leximin":
        return sorted
    if rule == "utilitarian":
        return lambda payoffs: sum(payoffs, Fraction(0))
    for i in range(number_of_players):
        if rule == f"dictator-{i + 1}":
            return itemgetter(i)
    dictators = [f"dictator-{i + 1}" for i in range(number_of_players)]
    weights = " ".join(["proportional", *map(str, range(1, number_of_players + 1))])
    known = ["leximin", *NAMES, weights, *dictators]
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
        When there is no such rule, or M E is more than 2 * 10^10, or there are too many to rank.

    Notes
    -----
    The best improvement is efficient. O(M E n) comparisons for M distinct payoff profiles among
    the inefficient outcomes and E among the efficient ones. For bargaining solutions the
    improvements on each of the M are ranked one by one, up to 2 * 10^6 of them.

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
    if isinstance(key, Rule):
        offers.sort(key=profiles.__getitem__, reverse=True)
    else:
        offers.sort(key=lambda k: (key(profiles[k]), profiles[k]), reverse=True)
    order = np.array(offers, dtype=np.intp)
    inefficient = ~np.isin(positions, feasible.efficient)
    moving = ranks[:, positions[inefficient]]
    before, index, inverse = np.unique(moving, axis=1, return_index=True, return_inverse=True)
    if before.shape[1] * len(order) > MAX_COMPARISONS:
        raise InputError(
            f"comparing {before.shape[1]} payoff profiles with {len(order)} efficient ones would "
            "take too long; name an outcome"
        )
    chosen = np.empty(before.shape[1], dtype=np.intp)
    sources, ranked = positions[inefficient][index], 0
    step = max(1, _CELLS // len(order))
    for start in range(0, before.shape[1], step):
        part = before[:, start : start + step]
        covers = np.ones((part.shape[1], len(order)), dtype=bool)
        for mine, theirs in zip(part, ranks[:, order], strict=True):
            covers &= theirs >= mine[:, None]
        if not isinstance(key, Rule):
            chosen[start : start + step] = order[covers.argmax(axis=1)]
            continue
        ranked += int(covers.sum())
        if ranked > MAX_RANKED:
            raise InputError(
                f"ranking more than {MAX_RANKED:,} improvements by {rule} would take too long; "
                "name an outcome"
            )
        for k, row in enumerate(covers, start):
            better = {profiles[int(o)]: int(o) for o in order[row]}
            best = best_profile(key, better, game.payoffs(int(sources[k])))
            assert best is not None
            chosen[k] = better[best]
    images = positions.copy()
    images[inefficient] = chosen[inverse.reshape(-1)]
    return images
