"""``pmm``: the Pareto meet minimum (Definition 6) is this payoff profile."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

import msgspec

from spi_verify.claims.about import GameClaim
from spi_verify.claims.confirming.stated import require_same, stated_player
from spi_verify.claims.instance import Instance
from spi_verify.claims.kind import Claim, Finding, Number, Violation, ViolationKeys
from spi_verify.claims.references import profile
from spi_verify.claims.words import shown, who
from spi_verify.errors import Rejected, located
from spi_verify.games.expressions import Linear, parse_linear

if TYPE_CHECKING:
    import z3

    from spi_verify.claims.formulas import Formulas


class WrongPmm(ViolationKeys):
    """``player``'s PMM is ``actual``, not ``claimed``."""

    player: int
    claimed: str
    actual: str
    attained_by: list[str]


class Pmm(GameClaim, kw_only=True):
    """The Pareto meet minimum is this payoff profile."""

    payoffs: list[Number]

    def check(self, instance: Instance) -> None:
        """Check that there is a payoff for each player."""
        profile(self.payoffs, instance.game.number_of_players, "payoffs")

    def fixed(self, values: Mapping[str, Fraction]) -> Pmm:
        """Return the claim with numbers as payoffs."""
        if not values:
            return self
        with located(where="payoffs"):
            numbers = [str(expression.at(values)) for expression in self._expressions(values)]
        return msgspec.structs.replace(self, payoffs=numbers)

    def decide(self, instance: Instance) -> Finding:
        """Compare the payoffs, player by player."""
        claimed = profile(self.payoffs, instance.game.number_of_players, "payoffs")
        actual = instance.feasible.pareto_meet_minimum
        for i, (c, a) in enumerate(zip(claimed, actual, strict=True)):
            if c != a:
                efficient = map(int, instance.feasible.efficient)
                k = next(k for k in efficient if instance.payoffs(k)[i] == a)
                return Finding(
                    {
                        "violates": "pmm",
                        "player": i + 1,
                        "claimed": str(c),
                        "actual": str(a),
                        "attained_by": instance.points.reference(k),
                    }
                )
        return Finding()

    def formula(self, over: Formulas) -> z3.BoolRef:
        """Say that each payoff is the least among the efficient outcomes."""
        claimed = list(enumerate(self._expressions(over.names)))
        return over.every(
            over.every([over.at_least_pmm(i, value), over.at_most_pmm(i, value)])
            for i, value in claimed
        )

    def violations(self, _: Instance) -> Mapping[str, type[ViolationKeys]]:
        """Return a player whose PMM is another."""
        return {"pmm": WrongPmm}

    def confirm(self, instance: Instance, violation: Violation) -> None:
        """Compute the PMM, and look at the outcome that attains it."""
        i = stated_player(instance, violation) - 1
        claimed = profile(self.payoffs, instance.game.number_of_players, "payoffs")[i]
        actual = instance.feasible.pareto_meet_minimum[i]
        require_same(violation, "claimed", claimed)
        require_same(violation, "actual", actual)
        k = instance.game.index(violation["attained_by"])
        if not instance.feasible.is_efficient(instance.payoffs(k)):
            raise Rejected("the outcome that is said to attain the PMM is not efficient")
        if instance.payoffs(k)[i] != actual:
            raise Rejected("the outcome that is said to attain the PMM does not")
        if claimed == actual:
            raise Rejected(f"player {i + 1}'s PMM is what the claim says, {actual}")

    def story(self, violation: Violation) -> str:
        """Tell whose PMM it is, and what attains it."""
        v = violation
        return (
            f"{who(v)}'s PMM is {v['actual']}, attained by "
            f"{shown(v['attained_by'])}, not {v['claimed']}"
        )

    def _expressions(self, names: Collection[str]) -> list[Linear]:
        return [
            Linear(Fraction(value)) if isinstance(value, int) else parse_linear(value, names)
            for value in self.payoffs
        ]


FORMS: tuple[type[Claim], ...] = (Pmm,)
