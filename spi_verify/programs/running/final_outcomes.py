"""Where extensions by projections of the final outcome end: the equation, solved by running."""

from __future__ import annotations

from collections.abc import Iterable

from spi_verify.arguments import named
from spi_verify.programs.language.base import BaseGame
from spi_verify.programs.language.functions import Functions, SetFunction
from spi_verify.programs.language.selections import Selection
from spi_verify.programs.language.terms import ActionProfile, Element
from spi_verify.programs.language.variants import Supposing
from spi_verify.programs.running.base_games import PureBase
from spi_verify.programs.running.execution import Execution


@named
def final_outcomes(
    base: PureBase,
    functions: tuple[SetFunction, ...],
    extended: Iterable[int],
    selection: Selection,
    outcome: ActionProfile,
) -> tuple[Element, ...]:
    """Return where extensions by projections of the final outcome can end.

    Parameters
    ----------
    base
        A base game with pure outcomes.
    functions
        A function for each player, not extended.
    extended
        The players, from 1 to n, who use the extension of theirs.
    selection
        The selection function.
    outcome
        The outcome a that is renegotiated.

    Returns
    -------
    tuple
        The outcomes that are reached where those players' extensions suppose that they are, in
        the order of the game. None: the equation has no solution. Several: it says nothing about
        which of them is meant.

    Notes
    -----
    One run for each outcome of the game. A counterpart that compares code sees
    :class:`Supposing` with that outcome.
    """
    players = list(extended)
    return tuple(
        supposed
        for supposed in base.game.outcomes()
        if _reached(base, functions, players, selection, outcome, supposed) == supposed
    )


def _reached(
    base: BaseGame,
    functions: Functions,
    players: list[int],
    selection: Selection,
    outcome: ActionProfile,
    supposed: Element,
) -> Element:
    extended = tuple(
        Supposing(function, supposed) if i in players else function
        for i, function in enumerate(functions, start=1)
    )
    return base.element(Execution(base).renegotiated(extended, selection, outcome))
