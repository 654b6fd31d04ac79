"""Alternatives to Definition 8, as code: what else a PMP-extension could add.

The formulas are in ``proofs/variants``. Their variant ``everywhere`` is what
:class:`~spi_verify.programs.functions.PMPExtension` executes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from spi_verify.arguments import named
from spi_verify.programs.base_game import BaseGame, PureBase
from spi_verify.programs.functions import PMP_EXTENSION, Projection, SetFunction
from spi_verify.programs.selection import Selection
from spi_verify.programs.terms import ActionProfile, Element, term

if TYPE_CHECKING:
    from spi_verify.programs.base_game import OutcomeSet
    from spi_verify.programs.execution import Functions, Round


@term
class UnconditionalExtension(SetFunction):
    """A function, extended by PMP_i(a) at every outcome a, whatever the others do."""

    function: SetFunction

    def value(self, scope: Round) -> OutcomeSet:
        """Return the union."""
        return _unextended(self.function, scope) | Projection(scope.player).value(scope)

    @property
    def tags(self) -> frozenset[str]:
        """``pmp-extension``, and the tags of the function."""
        return self.function.tags | {PMP_EXTENSION}


@term
class ExtensionOnly(SetFunction):
    """A function, extended against extensions of this kind only.

    Where all the others' functions are of this kind, too, it adds PMP_i of the outcome that all
    the *unextended* functions, its own and theirs, reach among themselves; else nothing.
    """

    function: SetFunction

    def value(self, scope: Round) -> OutcomeSet:
        """Return the union."""
        own = _unextended(self.function, scope)
        unextended = scope.replacing(scope.player, self.function)
        for j in scope.base.players:
            other = scope.functions[j - 1]
            if j == scope.player:
                continue
            if not isinstance(other, ExtensionOnly):
                return own
            unextended = unextended.replacing(j, other.function)
        return own | Projection(scope.player).value(unextended.moved(unextended.reached()))

    @property
    def tags(self) -> frozenset[str]:
        """``pmp-extension``, and the tags of the function."""
        return self.function.tags | {PMP_EXTENSION}


@term
class FinalExtension(SetFunction):
    """A function, extended by PMP_i of the outcome that the *extended* function reaches.

    Taken as a recipe it never halts, whatever it meets: what is reached depends on its own set.
    Taken as an equation, :func:`final_outcomes` solves it.
    """

    function: SetFunction

    def value(self, scope: Round) -> OutcomeSet:
        """Return the union; raises NonHaltingError."""
        projections = Projection(scope.player).value(scope.moved(scope.reached()))
        return _unextended(self.function, scope) | projections

    @property
    def tags(self) -> frozenset[str]:
        """``pmp-extension``, and the tags of the function."""
        return self.function.tags | {PMP_EXTENSION}


@term
class Supposing(SetFunction):
    """A function, extended by PMP_i of one outcome that it supposes to be reached in the end.

    Parameters
    ----------
    function
        The function.
    element
        The outcome supposed.
    """

    function: SetFunction
    element: Element

    def value(self, scope: Round) -> OutcomeSet:
        """Return the union."""
        supposed = scope.moved(scope.base.agreed(self.element))
        return _unextended(self.function, scope) | Projection(scope.player).value(supposed)

    @property
    def tags(self) -> frozenset[str]:
        """``pmp-extension``, and the tags of the function."""
        return self.function.tags | {PMP_EXTENSION}


def _unextended(function: SetFunction, scope: Round) -> OutcomeSet:
    """Return what a function offers in place of its extension."""
    return scope.replacing(scope.player, function).value(scope.player)


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
    from spi_verify.programs.execution import Execution

    extended = tuple(
        Supposing(function, supposed) if i in players else function
        for i, function in enumerate(functions, start=1)
    )
    return base.element(Execution(base).renegotiated(extended, selection, outcome))
