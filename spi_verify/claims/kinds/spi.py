"""``spi``: Definition 3, for the programs of a renegotiation function or of a profile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from spi_verify.claims.about import FunctionClaim
from spi_verify.claims.about_sets import ProfileClaim
from spi_verify.claims.confirming.moves import confirm_loss, confirm_no_gain
from spi_verify.claims.confirming.runs import confirm_renegotiated_loss, play
from spi_verify.claims.confirming.stated_sets import shown_position, stated_selection
from spi_verify.claims.deciding.moves import loss, no_gain
from spi_verify.claims.deciding.reached import all_reached, renegotiated_loss
from spi_verify.claims.instance import Instance
from spi_verify.claims.kind import Claim, Finding, Violation, ViolationKeys
from spi_verify.claims.panel import Panel, run_panel
from spi_verify.claims.sets import EVERY, SetProfile, Sets, sets_of
from spi_verify.claims.violations import (
    Loss,
    NoGain,
    RenegotiatedLoss,
    loss_told,
    renegotiated_loss_told,
)
from spi_verify.claims.words import selection_shown
from spi_verify.errors import Rejected, Undecided

if TYPE_CHECKING:
    import z3

    from spi_verify.claims.formulas import Formulas


class NothingGained(ViolationKeys):
    """With this selection function nobody gains from any of the default outcomes."""

    selection: str
    defaults: int


class SpiOfFunction(FunctionClaim):
    """At the outcomes that default programs can reach nobody loses, and at one somebody gains."""

    def decide(self, instance: Instance) -> Finding:
        """Look for a loss, then for a gain."""
        lost = loss(self.function, instance, instance.reachable)
        return Finding(lost or no_gain(self.function, instance, instance.reachable))

    def formula(self, over: Formulas) -> z3.BoolRef:
        """Say that the function improves on the outcomes that can be reached."""
        return over.improves(self.function, over.reachable)

    def violations(self, _: Instance) -> Mapping[str, type[ViolationKeys]]:
        """Return a loss, or that nobody gains."""
        return {"loss": Loss, "no-gain": NoGain}

    def confirm(self, instance: Instance, violation: Violation) -> None:
        """Compute the payoffs before and after."""
        if violation["violates"] == "loss":
            confirm_loss(self.function, instance, instance.reachable, violation)
        else:
            confirm_no_gain(self.function, instance, instance.reachable, violation)

    def story(self, violation: Violation) -> str:
        """Tell who loses, or that nobody gains."""
        if violation["violates"] == "loss":
            return loss_told(self.function, violation)
        return (
            f"{self.function} improves nothing for anyone among the outcomes that default programs "
            f"can reach ({violation['outcomes']} in all); Definition 3 asks for a strict gain"
        )


class SpiOfProfile(ProfileClaim):
    """At no default outcome is anybody worse off after renegotiation; at one somebody gains."""

    def decide(self, instance: Instance) -> Finding:
        """Look for a loss, then for a gain."""
        sets = sets_of(instance)
        profile, how = self.profile_in(sets)
        lost = renegotiated_loss(sets, profile, how, None)
        return Finding(lost or _nothing_gained(sets, profile, how))

    def violations(self, _: Instance) -> Mapping[str, type[ViolationKeys]]:
        """Return a loss, or that nobody gains."""
        return {"renegotiated-loss": RenegotiatedLoss, "nothing-gained": NothingGained}

    def confirm(self, instance: Instance, violation: Violation) -> None:
        """Run CSR programs from the stated default outcome, or from all of them."""
        sets = sets_of(instance)
        profile, how = self.profile_in(sets)
        if violation["violates"] == "renegotiated-loss":
            confirm_renegotiated_loss(sets, profile, how, None, violation)
            return
        selection = stated_selection(sets, how, violation["selection"])
        if violation["defaults"] != len(profile.defaults):
            raise Rejected(f"there are {len(profile.defaults)} default outcomes")
        for position in profile.defaults:
            after = play(sets, profile.functions, selection, position)[1]
            if after != sets.base.payoffs(sets.play(position)):
                raise Rejected(f"somebody's payoff changes from {shown_position(sets, position)}")

    def story(self, violation: Violation) -> str:
        """Tell who loses, or that nobody gains."""
        if violation["violates"] == "renegotiated-loss":
            return renegotiated_loss_told(violation, "the default outcome pays")
        return (
            f"nobody gains from any of the {violation['defaults']} default outcomes when "
            f"{selection_shown(violation['selection'])} selects; "
            "Definition 3 asks for a strict gain"
        )

    def panels(self, instance: Instance, violation: Violation) -> list[Panel]:
        """Draw what is agreed on where somebody loses."""
        if violation["violates"] != "renegotiated-loss":
            return []
        return [run_panel(violation, instance, self.profile)]


def _nothing_gained(sets: Sets, profile: SetProfile, how: str) -> dict[str, object] | None:
    """Return that nobody gains anywhere; somebody does where all choices are gains at one a."""
    sometimes = False
    for position in profile.defaults:
        found = [
            reached.after != reached.before
            for reached in all_reached(sets, how, profile.functions, position)
        ]
        if found and all(found):
            return None
        sometimes = sometimes or any(found)
    if sometimes:
        raise Undecided(
            "nobody loses, but whether somebody gains with every selection function is not settled"
        )
    selection = str(sets.selection("utilitarian" if how in EVERY else how))
    defaults = len(profile.defaults)
    return {"violates": "nothing-gained", "selection": selection, "defaults": defaults}


FORMS: tuple[type[Claim], ...] = (SpiOfProfile, SpiOfFunction)
