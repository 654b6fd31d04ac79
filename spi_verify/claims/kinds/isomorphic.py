"""``isomorphic``: two games are the same but for names, units and zeros of payoffs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from spi_verify.claims.about_delegation import PairClaim, maps_shown
from spi_verify.claims.confirming.plays import Table, an_isomorphism
from spi_verify.claims.instance import Instance
from spi_verify.claims.kind import Claim, Finding, Violation, ViolationKeys
from spi_verify.delegation.isomorphism import isomorphisms
from spi_verify.errors import Rejected

if TYPE_CHECKING:
    import z3

    from spi_verify.claims.formulas import Formulas


class Isomorphic(PairClaim, kw_only=True):
    """There is an isomorphism from the game to the subset game."""

    def decide(self, instance: Instance) -> Finding:
        """Look for one."""
        found = next(isomorphisms(self.first(instance), self.second(instance)), None)
        if found is None:
            return Finding({"violates": "not-isomorphic"})
        scales = zip(found.factors, found.constants, strict=True)
        told = ", ".join(
            f"u{i} = {factor} u{i}' + {constant}"
            for i, (factor, constant) in enumerate(scales, start=1)
        )
        return Finding(remark=f"{maps_shown(found.named, instance.game.players)}; {told}")

    def formula(self, over: Formulas) -> z3.BoolRef:
        """Say that some product of bijections is an isomorphism."""
        from spi_verify.claims.parameters.delegated import family_of, some_isomorphism

        return some_isomorphism(over, *(family_of(over, n) for n in (self.game, self.subset_game)))

    def violations(self, _: Instance) -> Mapping[str, type[ViolationKeys]]:
        """Return that there is none."""
        return {"not-isomorphic": ViolationKeys}

    def confirm(self, instance: Instance, violation: Violation) -> None:
        """Look for one, in another way."""
        one, other = Table.of(self.first(instance)), Table.of(self.second(instance))
        if an_isomorphism(one, other) is not None:
            raise Rejected(f"an isomorphism is there, not {violation['violates']}")

    def story(self, _: Violation) -> str:
        """Tell that there is none."""
        return (
            "no bijections of the players' actions take the payoffs of "
            f"{self.first_name} to those of {self.subset_game} by positive affine maps"
        )


FORMS: tuple[type[Claim], ...] = (Isomorphic,)
