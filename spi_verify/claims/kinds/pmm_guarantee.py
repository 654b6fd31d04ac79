"""``pmm-guarantee``: Proposition 4, part 2, for the programs of a profile."""

from __future__ import annotations

from collections.abc import Mapping

from spi_verify.claims.about_sets import ProfileClaim
from spi_verify.claims.confirming.runs import confirm_renegotiated_loss
from spi_verify.claims.deciding.reached import renegotiated_loss
from spi_verify.claims.instance import Instance
from spi_verify.claims.kind import Claim, Finding, Violation, ViolationKeys
from spi_verify.claims.panel import Panel, run_panel
from spi_verify.claims.sets import sets_of
from spi_verify.claims.violations import RenegotiatedLoss, renegotiated_loss_told


class PmmGuarantee(ProfileClaim):
    """From every default outcome everybody gets at least what it pays, and at least the PMM."""

    def decide(self, instance: Instance) -> Finding:
        """Look for a player who gets less."""
        sets = sets_of(instance)
        profile, how = self.profile_in(sets)
        minimum = sets.base.pareto_meet_minimum
        return Finding(renegotiated_loss(sets, profile, how, minimum))

    def violations(self, _: Instance) -> Mapping[str, type[ViolationKeys]]:
        """Return a player who gets less."""
        return {"renegotiated-loss": RenegotiatedLoss}

    def confirm(self, instance: Instance, violation: Violation) -> None:
        """Run CSR programs from the stated default outcome."""
        sets = sets_of(instance)
        profile, how = self.profile_in(sets)
        minimum = instance.feasible.pareto_meet_minimum
        confirm_renegotiated_loss(sets, profile, how, minimum, violation)

    def story(self, violation: Violation) -> str:
        """Tell who gets less."""
        least = "the default outcome and the PMM give at least"
        return renegotiated_loss_told(violation, least)

    def panels(self, instance: Instance, violation: Violation) -> list[Panel]:
        """Draw what is agreed on where somebody gets less."""
        return [run_panel(violation, instance, self.profile)]


FORMS: tuple[type[Claim], ...] = (PmmGuarantee,)
