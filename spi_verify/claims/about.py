"""What claims about a game, and about a renegotiation function, have in common."""

from __future__ import annotations

from typing import Any

from spi_verify.claims.instance import Instance
from spi_verify.claims.kind import Keys
from spi_verify.errors import InputError
from spi_verify.suggestions import suggestion

MAX_OUTCOMES = 100
"""The most outcomes, with parameters, for claims that compare every outcome with every other."""

WITHOUT_SUBSETS: dict[str, Any] = {"subset-games": {}, "correspondences": [], "token-games": {}}
"""A model's sections about delegated play, empty."""


class GameClaim(Keys):
    """A claim about the game alone."""

    def check_with_parameters(self, outline: Instance) -> None:
        """Refuse lotteries, and games of many outcomes."""
        require_few_pure_outcomes(self.kind, outline)

    def kept(self, model: dict[str, Any]) -> dict[str, Any]:
        """Return the model without functions."""
        return {**model, "renegotiation": {}, "sets": {}, "profiles": {}, **WITHOUT_SUBSETS}


class FunctionClaim(Keys, kw_only=True):
    """A claim about a renegotiation function."""

    function: str

    def check(self, instance: Instance) -> None:
        """Check that the function exists."""
        if self.function not in instance.rules:
            raise InputError(
                f"unknown renegotiation function {self.function!r}"
                f"{suggestion(self.function, instance.rules, none='the file defines none')}",
                where="function",
            )

    def check_with_parameters(self, outline: Instance) -> None:
        """Allow parameters: what a function returns does not depend on them."""

    def kept(self, model: dict[str, Any]) -> dict[str, Any]:
        """Return the model with this function only."""
        every = model.get("renegotiation", {})
        kept = {name: rules for name, rules in every.items() if name == self.function}
        rest: dict[str, Any] = {"sets": {}, "profiles": {}, **WITHOUT_SUBSETS}
        return {**model, "renegotiation": kept, **rest}


def require_few_pure_outcomes(kind: str, outline: Instance) -> None:
    """Check that claims that compare every outcome with every other are decided with parameters.

    Raises
    ------
    InputError
        When they are not, because there are lotteries or too many outcomes.
    """
    if outline.correlated:
        raise InputError(
            f"claims of kind {kind} about correlated play are decided without parameters "
            "only; fix the parameters"
        )
    outcomes = outline.game.number_of_outcomes
    if outcomes > MAX_OUTCOMES:
        raise InputError(
            f"claims of kind {kind} with parameters are decided up to {MAX_OUTCOMES} "
            f"outcomes, this game has {outcomes}"
        )
