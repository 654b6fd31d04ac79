"""A better response to the beliefs of the paper's proof than the program it prints."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

from spi_verify.counterexamples.file import build
from spi_verify.counterexamples.iterated.body import (
    BEST_RESPONSE,
    MAX_OUTCOMES,
)
from spi_verify.counterexamples.iterated.confirming.examination import confirm
from spi_verify.counterexamples.iterated.finding import response_candidates
from spi_verify.counterexamples.statements.meanings import shipped_with
from spi_verify.errors import InputError, Rejected
from spi_verify.games.game import Game

_TRIED = 12  # so many that with many rounds it does not take long


def as_printed(game: Game, rounds: int, delta: Fraction) -> dict[str, Any] | None:
    """Return a better response to the beliefs of the paper's proof than the program it gives.

    Parameters
    ----------
    game
        A game with two players.
    rounds
        K.
    delta
        The most that the others are offered above the PMM.

    Returns
    -------
    dict or None
        A counterexample in this game, confirmed, as plain data that
        ``spi-verify replay`` takes; None where the proof's construction does not apply, or no
        better program was found. Those that are tried take what they like best in the end.
    """
    if game.number_of_players != 2 or game.number_of_outcomes > MAX_OUTCOMES:
        return None
    claimed = shipped_with(BEST_RESPONSE)
    candidates = response_candidates(game, rounds=(rounds,), most=delta)
    for _, body in itertools.islice(candidates, _TRIED):
        try:
            return build(claimed, "iterated", body, confirm(claimed, body))
        except (InputError, Rejected):
            continue
    return None
