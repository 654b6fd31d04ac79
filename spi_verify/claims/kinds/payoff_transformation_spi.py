"""``payoff-transformation-spi``: a subset game is a safe Pareto improvement on the game."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from spi_verify.claims.about_delegation import (
    FAILURES,
    Assumption,
    PairClaim,
    StrictKey,
    both_assumptions,
    check_dominance,
    check_strict,
    failure_told,
)
from spi_verify.claims.confirming.failures import require_failure, require_never_played
from spi_verify.claims.confirming.plays import Table, carry_out
from spi_verify.claims.confirming.stated import require_same
from spi_verify.claims.deciding.plays import failure_of, why_safe
from spi_verify.claims.instance import Instance
from spi_verify.claims.kind import Claim, Finding, Violation, ViolationKeys
from spi_verify.claims.words import shown, who
from spi_verify.errors import InputError, Rejected
from spi_verify.games.game import Game

if TYPE_CHECKING:
    import z3

    from spi_verify.claims.formulas import Formulas


class NotUnilateral(ViolationKeys, kw_only=True):
    """``player`` lacks an action, or has other payoffs at an outcome."""

    player: int
    action: str | None = None
    outcome: list[str] | None = None
    before: str | None = None
    after: str | None = None


class PayoffTransformationSpi(PairClaim, kw_only=True):
    """A subset game is an SPI on the game, for all representatives that satisfy assumptions."""

    assumptions: list[Assumption] = msgspec.field(default_factory=both_assumptions)
    dominance: Literal["pure", "mixed"] = "pure"
    strict: StrictKey = None
    unilateral: int | None = None

    def check(self, instance: Instance) -> None:
        """Check that games, outcomes and the player exist."""
        first, second = self.first(instance), self.second(instance)
        check_dominance(self.dominance, self.assumptions)
        check_strict(self.strict, first)
        if self.unilateral is None:
            return
        if not 1 <= self.unilateral <= first.number_of_players:
            raise InputError(f"there is no player {self.unilateral}", where="unilateral")
        for own, names in zip(second.actions, first.actions, strict=True):
            if not set(own) <= set(names):
                raise InputError(
                    f"{self.subset_game} has actions that {self.first_name} has not",
                    where="unilateral",
                )

    def decide(self, instance: Instance) -> Finding:
        """Look for a play that the assumptions allow in which somebody loses, or nobody gains."""
        first, second = self.first(instance), self.second(instance)
        if self.unilateral is not None:
            changed = _changed_for_others(self.unilateral, first, second)
            if changed is not None:
                return Finding(changed)
        mixed = self.dominance == "mixed"
        stated = self.assumptions, self.strict
        failure = failure_of(instance.game, first, second, *stated, mixed=mixed)
        if failure is not None:
            return Finding(failure)
        return Finding(remark=why_safe(first, second, self.assumptions, mixed=mixed))

    def check_with_parameters(self, outline: Instance) -> None:
        """Refuse mixed dominance, and games of many outcomes."""
        if self.dominance == "mixed":
            raise InputError("with parameters, dominance is by actions", where="dominance")
        super().check_with_parameters(outline)

    def formula(self, over: Formulas) -> z3.BoolRef:
        """Say that nobody loses, whatever survives and is isomorphic."""
        from spi_verify.claims.parameters.delegated import is_spi, unchanged_for_others

        names = self.game, self.subset_game
        spi = is_spi(over, names, self.assumptions, self.strict)
        if self.unilateral is None:
            return spi
        return over.every([spi, unchanged_for_others(over, names, self.unilateral)])

    def violations(self, _: Instance) -> Mapping[str, type[ViolationKeys]]:
        """Return a play in which somebody loses, one in which nobody gains, another's change."""
        return {**FAILURES, "not-unilateral": NotUnilateral}

    def confirm(self, instance: Instance, violation: Violation) -> None:
        """Let the book play both games, and compare what they pay."""
        v, first = violation, Table.of(self.first(instance))
        second, judging = Table.of(self.second(instance)), Table.of(instance.game)
        if v["violates"] == "not-unilateral":
            _confirm_change(self.unilateral, first, second, v)
            return
        if v["violates"] == "never-played":
            mixed = self.dominance == "mixed"
            require_never_played(first, self.assumptions, self.strict, v, mixed=mixed)
            return
        mixed = self.dominance == "mixed"
        played = carry_out(first, second, self.assumptions, v, mixed=mixed)
        require_failure(played, judging.pays, judging.pays, self.strict, v)

    def story(self, violation: Violation) -> str:
        """Tell the play, and who loses or that nobody gains."""
        v, name = violation, self.subset_game
        if v["violates"] == "not-unilateral":
            if v.get("action") is not None:
                return f"{who(v)} has no action {v['action']} in {name}"
            return (
                f"{who(v)}'s payoff at {shown(v['outcome'])} is {v['after']} in {name} "
                f"and {v['before']} in {self.first_name}"
            )
        return failure_told(v, self.first_name, name)


def _changed_for_others(player: int, first: Game, second: Game) -> dict[str, Any] | None:
    """Return what a subset game changes for somebody else than a player."""
    others = [j for j in range(first.number_of_players) if j != player - 1]
    for j in others:
        for action in first.actions[j]:
            if action not in second.actions[j]:
                return {"violates": "not-unilateral", "player": j + 1, "action": action}
    for outcome in second.outcomes():
        before, after = first.payoffs(outcome), second.payoffs(outcome)
        for j in others:
            if before[j] != after[j]:
                stated = {"player": j + 1, "outcome": list(outcome)}
                numbers = {"before": str(before[j]), "after": str(after[j])}
                return {"violates": "not-unilateral", **stated, **numbers}
    return None


def _confirm_change(player: int | None, first: Table, second: Table, v: Violation) -> None:
    i = v["player"] - 1
    if player is None or i == player - 1 or not 0 <= i < len(first.actions):
        raise Rejected("the claim does not say that this player's game stays the same")
    if v.get("action") is not None:
        if v["action"] not in first.actions[i] or v["action"] in second.actions[i]:
            raise Rejected(f"player {i + 1} does not lack this action")
        return
    outcome = tuple(v.get("outcome") or ())
    if outcome not in first.pays or outcome not in second.pays:
        raise Rejected("the outcome is not in both games")
    require_same(v, "before", first.pays[outcome][i])
    require_same(v, "after", second.pays[outcome][i])
    if first.pays[outcome][i] == second.pays[outcome][i]:
        raise Rejected("the payoff is the same")


FORMS: tuple[type[Claim], ...] = (PayoffTransformationSpi,)
