"""A kind of claim of one's own: a player gets at least so much at every outcome."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spi_verify.claims.instance import Instance
from spi_verify.claims.kind import Claim, Finding, Keys, Number, Violation, ViolationKeys
from spi_verify.claims.references import number
from spi_verify.claims.words import shown
from spi_verify.errors import InputError, Rejected, located
from spi_verify.games.expressions import Linear


class Below(ViolationKeys):
    """At this outcome the player gets less."""

    outcome: list[str]
    gets: str


class AtLeast(Keys, kw_only=True):
    """Player ``player`` gets at least ``least`` at every pure outcome."""

    player: int
    least: Number

    def check(self, instance: Instance) -> None:
        """Check that there is such a player, and that ``least`` is a number."""
        if not 1 <= self.player <= instance.game.number_of_players:
            raise InputError(f"there is no player {self.player}", where="player")
        with located(where="least"):
            number(self.least)

    def decide(self, instance: Instance) -> Finding:
        """Look at the outcome that is worst for the player."""
        game = instance.game
        k = int(game.scaled[self.player - 1].argmin())
        gets = game.payoffs(k)[self.player - 1]
        if gets >= number(self.least):
            return Finding(remark=f"the least is {gets}")
        outcome = instance.points.reference(k)
        return Finding({"violates": "below", "outcome": outcome, "gets": str(gets)})

    def violations(self, _: Instance) -> Mapping[str, type[ViolationKeys]]:
        """Return an outcome at which the player gets less."""
        return {"below": Below}

    def confirm(self, instance: Instance, violation: Violation) -> None:
        """Read the player's payoff at the stated outcome."""
        payoff = instance.payoffs(instance.game.index(violation["outcome"]))[self.player - 1]
        if violation["gets"] != str(payoff):
            raise Rejected(f"the file says gets = {violation['gets']}, it is {payoff}")
        if not payoff < number(self.least):
            raise Rejected(f"{payoff} is no less than {self.least}")

    def story(self, violation: Violation) -> str:
        """Tell where the player gets less."""
        outcome = shown(violation["outcome"])
        return f"player {self.player} gets {violation['gets']} at {outcome}, less than {self.least}"

    # The rest may be left out. Then parameters are refused, and a counterexample keeps the model.

    def check_with_parameters(self, _: Instance) -> None:
        """Allow parameters."""

    def formula(self, over: Any) -> Any:
        """Say that the player's payoff is at least that much at every pure outcome."""
        least = Linear(number(self.least))
        return over.every(
            over.sign(over.payoffs[k][self.player - 1] - least, ">=") for k in over.pure
        )

    def kept(self, model: dict[str, Any]) -> dict[str, Any]:
        """Return the model without functions."""
        return {**model, "renegotiation": {}, "sets": {}, "profiles": {}}


FORMS: tuple[type[Claim], ...] = (AtLeast,)
