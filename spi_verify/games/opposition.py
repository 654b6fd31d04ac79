"""How much the sides of a negotiation are at odds."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from spi_verify.games.agreements import AgreementGame

_NEAR = 1e-9


def opposition(game: AgreementGame) -> Fraction | None:
    """Return the square of the least distance of an agreement to 1 for everybody.

    The opposition of a domain, as it is measured in automated negotiation, is the root of this:
    the Euclidean distance from complete satisfaction, (1, ..., 1), to the nearest agreement.

    Parameters
    ----------
    game
        A negotiation. The disagreement does not count.

    Returns
    -------
    Fraction or None
        None where an agreement pays somebody less than 0 or more than 1, so that 1 means nothing.

    Notes
    -----
    Exact: floats choose which agreements may be nearest, and all of these are compared exactly.

    >>> from spi_verify.games.agreements import Issue
    >>> half = Fraction(1, 2)
    >>> game = AgreementGame.from_issues([Issue("x", ("a", "b"), ((1, half), (half, 1)))], [0, 0])
    >>> opposition(game)
    Fraction(1, 4)
    """
    rows = game.scaled[:, :-1]
    for row, scale in zip(rows, game.denominators, strict=True):
        if row.min() < 0 or row.max() > scale:
            return None
    near = np.array(
        [(row / scale).astype(float) for row, scale in zip(rows, game.denominators, strict=True)]
    )
    squares = ((1 - near) ** 2).sum(axis=0)
    close = np.flatnonzero(squares <= squares.min() + _NEAR)
    _, first = np.unique(game.ordinal[:, close], axis=1, return_index=True)
    return min(sum(((1 - u) ** 2 for u in game.payoffs(int(k))), Fraction(0)) for k in close[first])
