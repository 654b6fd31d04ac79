"""``renegotiation-function``: Definition 4, at every outcome."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from spi_verify.claims.about import FunctionClaim
from spi_verify.claims.confirming.moves import confirm_loss, confirm_no_gain
from spi_verify.claims.deciding.moves import loss, no_gain
from spi_verify.claims.instance import Instance
from spi_verify.claims.kind import Claim, Finding, Violation, ViolationKeys
from spi_verify.claims.violations import Loss, NoGain, loss_told

if TYPE_CHECKING:
    import z3

    from spi_verify.claims.formulas import Formulas


class RenegotiationFunction(FunctionClaim):
    """At every outcome nobody gets less after than before; at some one, somebody gets more."""

    def decide(self, instance: Instance) -> Finding:
        """Look for a loss, then for a gain."""
        everywhere = np.ones(instance.points.count, dtype=bool)
        lost = loss(self.function, instance, everywhere)
        return Finding(lost or no_gain(self.function, instance, everywhere))

    def formula(self, over: Formulas) -> z3.BoolRef:
        """Say that the function improves on all outcomes."""
        return over.improves(self.function, range(over.outline.points.count))

    def violations(self, _: Instance) -> Mapping[str, type[ViolationKeys]]:
        """Return a loss, or that nobody gains."""
        return {"loss": Loss, "no-gain": NoGain}

    def confirm(self, instance: Instance, violation: Violation) -> None:
        """Compute the payoffs before and after."""
        everywhere = np.ones(instance.points.count, dtype=bool)
        if violation["violates"] == "loss":
            confirm_loss(self.function, instance, everywhere, violation)
        else:
            confirm_no_gain(self.function, instance, everywhere, violation)

    def story(self, violation: Violation) -> str:
        """Tell who loses, or that nobody gains."""
        if violation["violates"] == "loss":
            return loss_told(self.function, violation)
        return f"{self.function} improves nothing for anyone; Definition 4 asks for a strict gain"


FORMS: tuple[type[Claim], ...] = (RenegotiationFunction,)
