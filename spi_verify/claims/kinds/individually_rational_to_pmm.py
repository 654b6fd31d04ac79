"""``individually-rational-to-pmm``: renegotiation gives every player at least their PMM."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from spi_verify.claims.about import FunctionClaim, require_few_pure_outcomes
from spi_verify.claims.confirming.moves import recomputed_move
from spi_verify.claims.confirming.stated import require_same, stated_player
from spi_verify.claims.deciding.moves import moved
from spi_verify.claims.document import OutcomeReference
from spi_verify.claims.instance import Instance
from spi_verify.claims.kind import Claim, Finding, Violation, ViolationKeys
from spi_verify.claims.words import shown, who
from spi_verify.errors import Rejected
from spi_verify.games.pure import PureOutcomes

if TYPE_CHECKING:
    import z3

    from spi_verify.claims.formulas import Formulas


class BelowPmm(ViolationKeys):
    """``player`` gets ``after`` at the image and has the PMM ``pmm``."""

    outcome: OutcomeReference
    image: OutcomeReference
    player: int
    after: str
    pmm: str


class IndividuallyRationalToPmm(FunctionClaim):
    """From every outcome that default programs can reach, everybody gets at least their PMM."""

    def check_with_parameters(self, outline: Instance) -> None:
        """Refuse lotteries, and games of many outcomes."""
        require_few_pure_outcomes(self.kind, outline)

    def decide(self, instance: Instance) -> Finding:
        """Compare the images with the Pareto meet."""
        images, feasible = instance.images(self.function), instance.feasible
        minimum = feasible.pareto_meet_minimum
        high = np.zeros(instance.points.count, dtype=bool)
        if isinstance(feasible, PureOutcomes):
            high[feasible.pareto_meet] = True
        else:
            for k in np.unique(images[instance.reachable]):
                profile = zip(instance.payoffs(int(k)), minimum, strict=True)
                high[k] = all(u >= least for u, least in profile)
        low = np.flatnonzero(instance.reachable & ~high[images])
        if not len(low):
            return Finding()
        k = int(low[0])
        after = instance.payoffs(int(images[k]))
        i = next(i for i, (a, u) in enumerate(zip(after, minimum, strict=True)) if a < u)
        violation = moved("below-pmm", instance, k, self.function)
        violation |= {"player": i + 1, "after": str(after[i]), "pmm": str(minimum[i])}
        return Finding(violation)

    def formula(self, over: Formulas) -> z3.BoolRef:
        """Say that the payoffs of all images are at least those of an efficient outcome."""
        images = over.outline.images(self.function)
        return over.every(
            over.at_least_pmm(i, over.payoffs[int(images[k])][i])
            for k in over.reachable
            for i in over.players
        )

    def violations(self, _: Instance) -> Mapping[str, type[ViolationKeys]]:
        """Return that somebody gets less."""
        return {"below-pmm": BelowPmm}

    def confirm(self, instance: Instance, violation: Violation) -> None:
        """Compute the payoffs at the image, and the PMM."""
        _, after = recomputed_move(self.function, instance, instance.reachable, violation)
        i = stated_player(instance, violation)
        minimum = instance.feasible.pareto_meet_minimum[i - 1]
        require_same(violation, "after", after[i - 1])
        require_same(violation, "pmm", minimum)
        if not after[i - 1] < minimum:
            raise Rejected(f"player {i} gets {after[i - 1]}, no less than the PMM {minimum}")

    def story(self, violation: Violation) -> str:
        """Tell who gets less."""
        v = violation
        return (
            f"from {shown(v['outcome'])} {self.function} leads to {shown(v['image'])}, "
            f"where {who(v)} gets {v['after']}, less than the PMM {v['pmm']}"
        )


FORMS: tuple[type[Claim], ...] = (IndividuallyRationalToPmm,)
