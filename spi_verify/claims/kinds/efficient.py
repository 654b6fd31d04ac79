"""``efficient``: these are exactly the efficient pure outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from spi_verify.claims.about import GameClaim
from spi_verify.claims.confirming.stated import stated_outcome
from spi_verify.claims.document import MixturePart
from spi_verify.claims.instance import Instance
from spi_verify.claims.kind import Claim, Finding, Violation, ViolationKeys
from spi_verify.claims.references import positions
from spi_verify.claims.violations import Listing
from spi_verify.claims.words import lottery_shown, profile_text, shown, texts, texts_shown
from spi_verify.errors import Rejected
from spi_verify.games.pure import PureOutcomes
from spi_verify.games.rationals import LONG, parse_rational

if TYPE_CHECKING:
    import z3

    from spi_verify.claims.formulas import Formulas


class Inefficient(ViolationKeys):
    """The outcome is listed as efficient, and this lottery dominates it."""

    outcome: list[str]
    payoffs: list[str]
    dominated_by: list[MixturePart]


class Efficient(GameClaim, kw_only=True):
    """The efficient pure outcomes are exactly these."""

    outcomes: list[list[str]]

    def check(self, instance: Instance) -> None:
        """Check that the outcomes exist."""
        positions(self.outcomes, instance)

    def decide(self, instance: Instance) -> Finding:
        """Compare the list with the efficient outcomes."""
        listed = set(positions(self.outcomes, instance))
        efficient = set(map(int, instance.feasible.efficient))
        if wrong := sorted(listed - efficient):
            found = _listing("inefficient", instance, wrong[0])
            return Finding(found | {"dominated_by": _dominating(instance, wrong[0])})
        if left_out := sorted(efficient - listed):
            return Finding(_listing("efficient-left-out", instance, left_out[0]))
        return Finding()

    def formula(self, over: Formulas) -> z3.BoolRef:
        """Say which outcomes nothing dominates."""
        listed = positions(self.outcomes, over.outline)
        return over.exactly(listed, [over.efficient(k) for k in over.pure])

    def violations(self, _: Instance) -> Mapping[str, type[ViolationKeys]]:
        """Return an outcome that is listed and should not be, or the other way round."""
        return {"inefficient": Inefficient, "efficient-left-out": Listing}

    def confirm(self, instance: Instance, violation: Violation) -> None:
        """Compute what the lottery pays that dominates, or ask whether anything does."""
        k, payoffs = stated_outcome(instance, violation)
        listed = k in positions(self.outcomes, instance)
        if violation["violates"] == "inefficient":
            if not listed:
                raise Rejected("the claim does not list this outcome")
            _require_dominating(instance, violation["dominated_by"], payoffs)
            return
        if listed:
            raise Rejected("the claim lists this outcome")
        if not instance.feasible.is_efficient(payoffs):
            raise Rejected(f"{profile_text(payoffs)} is not efficient")

    def story(self, violation: Violation) -> str:
        """Tell which outcome is wrong."""
        v = violation
        pays = f"{shown(v['outcome'])} pays {texts_shown(v['payoffs'])}"
        if v["violates"] == "inefficient":
            return (
                f"{pays} and is not efficient: {lottery_shown(v['dominated_by'])} is better for "
                "one player and worse for none"
            )
        return f"{pays}, is efficient, and is not listed"


def _listing(violates: str, instance: Instance, k: int) -> dict[str, Any]:
    outcome, payoffs = instance.points.reference(k), texts(instance.payoffs(k))
    return {"violates": violates, "outcome": outcome, "payoffs": payoffs}


def _dominating(instance: Instance, k: int) -> list[dict[str, Any]]:
    feasible, payoffs = instance.feasible, instance.payoffs(k)
    if isinstance(feasible, PureOutcomes):
        better = next(
            int(e)
            for e in feasible.efficient
            if all(b >= u for b, u in zip(instance.payoffs(int(e)), payoffs, strict=True))
        )
        lottery = {better: Fraction(1)}
    else:
        lottery = feasible.dominating(payoffs) or {}
    return [{"outcome": instance.points.reference(p), "weight": str(w)} for p, w in lottery.items()]


def _require_dominating(
    instance: Instance, parts: Sequence[Mapping[str, Any]], payoffs: Sequence[Fraction]
) -> None:
    lottery: dict[int, Fraction] = {}
    for part in parts:
        position = instance.game.index(part["outcome"])
        weight = parse_rational(str(part["weight"]), max_digits=LONG)
        lottery[position] = lottery.get(position, Fraction(0)) + weight
    if min(lottery.values(), default=Fraction(0)) <= 0 or sum(lottery.values()) != 1:
        raise Rejected("the weights of the dominating outcome are no probabilities")
    if len(lottery) > 1 and not instance.correlated:
        raise Rejected("a lottery is not feasible without correlated play")
    better = tuple(
        sum((w * instance.payoffs(p)[i] for p, w in lottery.items()), Fraction(0))
        for i in range(len(payoffs))
    )
    if not (all(b >= u for b, u in zip(better, payoffs, strict=True)) and better != payoffs):
        raise Rejected(f"{profile_text(better)} does not dominate {profile_text(tuple(payoffs))}")


FORMS: tuple[type[Claim], ...] = (Efficient,)
