"""``pmp``: a player's Pareto meet projection of an outcome (Definition 6) is this set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from spi_verify.claims.about import GameClaim
from spi_verify.claims.confirming.stated import stated_outcome
from spi_verify.claims.document import OutcomeReference
from spi_verify.claims.instance import Instance
from spi_verify.claims.kind import Claim, Finding, Number, Violation, ViolationKeys
from spi_verify.claims.references import positions, profile
from spi_verify.claims.violations import Listing
from spi_verify.claims.words import shown, texts, texts_shown
from spi_verify.errors import InputError, Rejected, located
from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.games.game import Payoffs
from spi_verify.games.pure import PureOutcomes

if TYPE_CHECKING:
    import z3

    from spi_verify.claims.formulas import Formulas


class PmpSegment(ViolationKeys):
    """The projection is the segment between these payoff profiles."""

    actual: list[list[str]]


class Pmp(GameClaim, kw_only=True):
    """Player ``player``'s projection of ``outcome`` is this set."""

    player: int
    outcome: OutcomeReference
    outcomes: list[list[str]] | None = None
    segment: list[list[Number]] | None = None

    def check(self, instance: Instance) -> None:
        """Check that player, outcome and the projected set exist."""
        n = instance.game.number_of_players
        if not 1 <= self.player <= n:
            raise InputError(f"there is no player {self.player} (1 to {n})", where="player")
        with located(where="outcome"):
            instance.points.position(self.outcome)
        key, other = ("segment", "outcomes") if instance.correlated else ("outcomes", "segment")
        if getattr(self, key) is None or getattr(self, other) is not None:
            feasible = "correlated play" if instance.correlated else "pure outcomes"
            raise InputError(f"with {feasible} a pmp claim has the key {key}, and not {other}")
        positions(self.outcomes or [], instance)
        self._claimed_segment(instance)

    def decide(self, instance: Instance) -> Finding:
        """Compare the set with the projection."""
        payoffs = instance.payoffs(instance.points.position(self.outcome))
        feasible = instance.feasible
        if isinstance(feasible, CorrelatedPlay):
            actual = _ends(feasible, self.player, payoffs)
            if self._claimed_segment(instance) == actual:
                return Finding()
            return Finding({"violates": "pmp-segment", "actual": list(map(texts, actual))})
        return Finding(self._wrong_outcome(instance, feasible, payoffs))

    def _wrong_outcome(
        self, instance: Instance, feasible: PureOutcomes, payoffs: Payoffs
    ) -> dict[str, Any] | None:
        members = set(map(int, feasible.pareto_meet_projection(self.player, payoffs)))
        listed = set(positions(self.outcomes or [], instance))
        sides = (("pmp-outsider", listed - members), ("pmp-left-out", members - listed))
        for violates, wrong in sides:
            if wrong:
                k = min(wrong)
                return {
                    "violates": violates,
                    "outcome": instance.points.reference(k),
                    "payoffs": texts(instance.payoffs(k)),
                }
        return None

    def formula(self, over: Formulas) -> z3.BoolRef:
        """Say which outcomes give this player enough, and the others exactly that."""
        listed = positions(self.outcomes or [], over.outline)
        projected = over.payoffs[over.outline.points.position(self.outcome)]
        members = [over.in_pmp(k, self.player - 1, projected) for k in over.pure]
        return over.exactly(listed, members)

    def violations(self, instance: Instance) -> Mapping[str, type[ViolationKeys]]:
        """Return the segment, or an outcome that is listed and should not be, or is not."""
        if instance.correlated:
            return {"pmp-segment": PmpSegment}
        return {"pmp-outsider": Listing, "pmp-left-out": Listing}

    def confirm(self, instance: Instance, violation: Violation) -> None:
        """Compare the outcome with the levels of the projection, or compute the segment."""
        if violation["violates"] == "pmp-segment":
            self._confirm_segment(instance, violation)
            return
        k, payoffs = stated_outcome(instance, violation)
        projected = instance.payoffs(instance.points.position(self.outcome))
        minimum = instance.feasible.pareto_meet_minimum
        levels = [max(a, u) for a, u in zip(projected, minimum, strict=True)]
        inside = all(
            u >= level if j == self.player - 1 else u == level
            for j, (u, level) in enumerate(zip(payoffs, levels, strict=True))
        )
        if inside == (k in positions(self.outcomes or [], instance)):
            raise Rejected("the claim is right about this outcome")
        if inside != (violation["violates"] == "pmp-left-out"):
            raise Rejected("the outcome is on the other side of the projection")

    def _confirm_segment(self, instance: Instance, violation: Violation) -> None:
        feasible = instance.feasible
        assert isinstance(feasible, CorrelatedPlay)
        projected = instance.payoffs(instance.points.position(self.outcome))
        segment = feasible.pareto_meet_projection(self.player, projected)
        actual = [] if segment is None else sorted({segment.low, segment.high})
        if [texts(end) for end in actual] != violation["actual"]:
            raise Rejected(f"the projection is {[texts(end) for end in actual]}")
        if list(self._claimed_segment(instance)) == actual:
            raise Rejected("the projection is what the claim says")

    def story(self, violation: Violation) -> str:
        """Tell what the projection is, or which outcome is on the wrong side of it."""
        v = violation
        if v["violates"] == "pmp-segment":
            ends = " to ".join(dict.fromkeys(map(texts_shown, v["actual"])))
            return f"the projection is {ends or 'empty'}"
        pays = f"{shown(v['outcome'])} pays {texts_shown(v['payoffs'])}"
        if v["violates"] == "pmp-outsider":
            return f"{pays} and is not in the projection"
        return f"{pays}, is in the projection, and is not listed"

    def _claimed_segment(self, instance: Instance) -> tuple[Payoffs, ...]:
        """Return the ends of the claimed segment: none, one, or two in ascending order."""
        n, stated = instance.game.number_of_players, self.segment or []
        ends = {profile(end, n, f"segment[{k}]") for k, end in enumerate(stated)}
        if len(ends) > 2:
            raise InputError("a segment has at most two ends", where="segment")
        return tuple(sorted(ends))


def _ends(feasible: CorrelatedPlay, player: int, payoffs: Payoffs) -> tuple[Payoffs, ...]:
    segment = feasible.pareto_meet_projection(player, payoffs)
    return () if segment is None else tuple(sorted({segment.low, segment.high}))


FORMS: tuple[type[Claim], ...] = (Pmp,)
