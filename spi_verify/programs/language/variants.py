"""Alternatives to Definition 8, as code: what else a PMP-extension could add.

The formulas are in ``proofs/variants``. Their variant ``everywhere`` is what
:class:`~spi_verify.programs.language.functions.PMPExtension` executes.
"""

from __future__ import annotations

from spi_verify.programs.language.base import OutcomeSet
from spi_verify.programs.language.functions import PMP_EXTENSION, Projection, Round, SetFunction
from spi_verify.programs.language.terms import Element, term


@term
class UnconditionalExtension(SetFunction, word="unconditional-extension", parts="function"):
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
class ExtensionOnly(SetFunction, word="extension-only", parts="function"):
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
class FinalExtension(SetFunction, word="final-extension", parts="function"):
    """A function, extended by PMP_i of the outcome that the *extended* function reaches.

    Taken as a recipe it never halts, whatever it meets: what is reached depends on its own set.
    Taken as an equation, :func:`~spi_verify.programs.final_outcomes` solves it.
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
class Supposing(SetFunction, word="supposing", parts="function element"):
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
