"""``dominance-reduction``: these actions survive iterated elimination of dominated ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Literal

from spi_verify.claims.about_delegation import DelegationClaim, StepKeys, Weighted, steps_shown
from spi_verify.claims.confirming.plays import Table, after_steps, require_justified
from spi_verify.claims.deciding.plays import beliefs_of, steps_of
from spi_verify.claims.instance import Instance
from spi_verify.claims.kind import Claim, Finding, Violation, ViolationKeys
from spi_verify.claims.words import who
from spi_verify.delegation.dominance import reduce
from spi_verify.errors import InputError, Rejected
from spi_verify.suggestions import suggestion

if TYPE_CHECKING:
    import z3

    from spi_verify.claims.formulas import Formulas


class Eliminated(ViolationKeys):
    """The player's action is listed, and goes in the last of these steps."""

    player: int
    action: str
    steps: list[StepKeys]


class Survives(ViolationKeys, kw_only=True):
    """The player's action is not listed, and survives, as all of the kept ones do.

    With mixed dominance, each kept action of each player is a best reply to a belief.
    """

    player: int
    action: str
    kept: list[list[str]]
    beliefs: list[list[list[Weighted]]] | None = None


class DominanceReduction(DelegationClaim, kw_only=True):
    """Exactly these actions survive iterated elimination of strictly dominated actions."""

    actions: list[list[str]]
    dominance: Literal["pure", "mixed"] = "pure"

    def check(self, instance: Instance) -> None:
        """Check that the actions exist."""
        game = self.first(instance)
        if len(self.actions) != game.number_of_players:
            raise InputError(
                f"a list of actions for each of the {game.number_of_players} players is needed",
                where="actions",
            )
        for i, (own, names) in enumerate(zip(self.actions, game.actions, strict=True)):
            unknown = next((name for name in own if name not in names), None)
            if unknown is not None:
                raise InputError(
                    f"{game.called(i + 1)} has no action {unknown!r}{suggestion(unknown, names)}",
                    where=f"actions[{i}]",
                )

    def decide(self, instance: Instance) -> Finding:
        """Eliminate, and compare what is left."""
        game = self.first(instance)
        found = reduce(game, mixed=self.dominance == "mixed")
        for k, step in enumerate(found.steps):
            if step.action in self.actions[step.player - 1]:
                stated = {"player": step.player, "action": step.action}
                return Finding(
                    {"violates": "eliminated", **stated, "steps": steps_of(found.steps[: k + 1])}
                )
        for i, own in enumerate(found.game.actions):
            for action in own:
                if action not in self.actions[i]:
                    kept = [list(names) for names in found.game.actions]
                    stated = {"player": i + 1, "action": action, "kept": kept}
                    beliefs = beliefs_of(game, found) if self.dominance == "mixed" else None
                    return Finding({"violates": "survives", **stated, "beliefs": beliefs})
        gone = steps_shown(steps_of(found.steps), game.players)
        return Finding(remark=f"what goes is {gone}" if gone else "nothing is dominated")

    def check_with_parameters(self, outline: Instance) -> None:
        """Refuse mixed dominance, and games of many outcomes."""
        if self.dominance == "mixed":
            raise InputError("with parameters, dominance is by actions", where="dominance")
        super().check_with_parameters(outline)

    def formula(self, over: Formulas) -> z3.BoolRef:
        """Say of each action whether it survives."""
        from spi_verify.claims.parameters.delegated import exactly_these_survive

        return exactly_these_survive(over, self.game, tuple(map(tuple, self.actions)))

    def violations(self, _: Instance) -> Mapping[str, type[ViolationKeys]]:
        """Return a listed action that goes, or one that survives and is not listed."""
        return {"eliminated": Eliminated, "survives": Survives}

    def confirm(self, instance: Instance, violation: Violation) -> None:
        """Go through the steps, or look at each kept action beside the kept ones of the others."""
        table, v = Table.of(self.first(instance)), violation
        i = v["player"] - 1
        if not 0 <= i < len(table.actions):
            raise Rejected(f"there is no player {i + 1}")
        listed = v["action"] in self.actions[i]
        if v["violates"] == "eliminated":
            pure = all(isinstance(step["by"], str) for step in v["steps"])
            if not listed or (self.dominance == "pure" and not pure):
                raise Rejected("the claim does not list it, or is not about mixed actions")
            if v["action"] in after_steps(table, v["steps"]).actions[i]:
                raise Rejected(f"player {i + 1}'s {v['action']} is not eliminated")
            return
        kept = v["kept"]
        if listed or len(kept) != len(table.actions) or v["action"] not in kept[i]:
            raise Rejected("the claim lists the action, or it is not kept")
        if not all(own and set(own) <= set(t) for own, t in zip(kept, table.actions, strict=True)):
            raise Rejected("what is kept are no actions of the game")
        if self.dominance == "pure":
            _require_undominated(table, kept)
        else:
            require_justified(table, kept, v.get("beliefs") or [])

    def story(self, violation: Violation) -> str:
        """Tell what goes, or what survives."""
        v = violation
        if v["violates"] == "eliminated":
            return f"what goes is {steps_shown(v['steps'], v.get('players', ()))}"
        return f"{who(v)}'s {v['action']} survives and is not listed"


def _require_undominated(table: Table, kept: Sequence[Sequence[str]]) -> None:
    """Check that nothing dominates a kept action against the kept ones: then they all survive."""
    for i, own in enumerate(kept):
        actions = tuple(
            table.actions[j] if j == i else tuple(names) for j, names in enumerate(kept)
        )
        beside = Table(actions, table.pays)
        for action, by in product(own, table.actions[i]):
            if action != by and beside.dominates(i, by, action):
                raise Rejected(f"{by} dominates player {i + 1}'s {action} in what is kept")


FORMS: tuple[type[Claim], ...] = (DominanceReduction,)
