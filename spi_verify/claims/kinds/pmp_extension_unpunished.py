"""``pmp-extension-unpunished``: Assumption 9(ii) for a player's program and counterparts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spi_verify.claims.about_sets import ExtensionClaim
from spi_verify.claims.confirming.runs import is_set, play, scope_of, stated_extension
from spi_verify.claims.confirming.stated import stated_position
from spi_verify.claims.confirming.stated_sets import (
    stated_element,
    stated_player_of,
    stated_selection,
    stated_set,
)
from spi_verify.claims.deciding.code import answers_alike
from spi_verify.claims.deciding.every import Case, look_at
from spi_verify.claims.deciding.looking import first_found, outside
from spi_verify.claims.deciding.reached import extended_profiles, shown_set
from spi_verify.claims.document import OutcomeReference
from spi_verify.claims.instance import Instance
from spi_verify.claims.kind import Claim, Finding, Violation, ViolationKeys
from spi_verify.claims.panel import Panel, default_of, paid, region_of
from spi_verify.claims.sets import SetProfile, Sets, sets_of
from spi_verify.claims.words import shown, texts_shown, who
from spi_verify.errors import Rejected, Undecided
from spi_verify.programs.language.base import OutcomeSet
from spi_verify.programs.language.functions import Functions
from spi_verify.programs.running.execution import Execution


class ExtensionPunished(ViolationKeys):
    """``player``'s set loses the point, or gains it though it is no allowed projection."""

    profile: str
    outcome: OutcomeReference
    selection: str
    player: int
    before: list[Any]
    after: list[Any]
    allowed: list[Any]
    point: list[str]
    change: str


class PmpExtensionUnpunished(ExtensionClaim):
    """The others' sets stay as they are when the program is extended, but for projections."""

    def decide(self, instance: Instance) -> Finding:
        """Compare the sets of those who can tell the extension apart, at all outcomes."""
        sets = sets_of(instance)
        i, looks = self.player, []
        for profile, how, extended in extended_profiles(self.profiles_in(sets), i):
            before = profile.functions
            others = ((j, f) for j, f in enumerate(before, start=1) if j != i)
            told = [j for j, f in others if not answers_alike(f, before, extended)]
            if told:
                everywhere = range(instance.points.count)
                looks += [(profile, how, extended, told, position) for position in everywhere]
        found = first_found(lambda look: _punished(sets, i, *look), looks)
        if found is not None:
            return Finding(found)
        if not looks:
            return Finding(remark="the counterparts' code does not tell the extension apart")
        if instance.correlated:
            raise Undecided(
                "no outcome or mixture of the file shows a punishment; whether another "
                "lottery does is not settled"
            )
        return Finding()

    def violations(self, _: Instance) -> Mapping[str, type[ViolationKeys]]:
        """Return that a set loses something, or gains what it should not."""
        return {"extension-punished": ExtensionPunished}

    def confirm(self, instance: Instance, violation: Violation) -> None:
        """Recompute the player's set with and without the extension."""
        v, sets = violation, sets_of(instance)
        profile, how, extended = stated_extension(self, sets, v)
        selection = stated_selection(sets, how, v["selection"])
        position, j, i = stated_position(instance, v), stated_player_of(sets, v), self.player
        if j == i:
            raise Rejected("the player's own set is not a response")
        reached = play(sets, profile.functions, selection, position)[1]
        stated = {key: stated_set(sets, v[key]) for key in ("before", "after", "allowed")}
        for key, functions in (("before", profile.functions), ("after", extended)):
            scope = scope_of(sets, functions, selection, position, j)
            if not is_set(sets, scope, [j], stated[key]):
                raise Rejected(f"player {j}'s set {key} is another")
        allowed = sets.base.pareto_meet_projection(i, reached)
        if not (allowed <= stated["allowed"] and stated["allowed"] <= allowed):
            raise Rejected("the allowed projections are others")
        point = stated_element(sets, v["point"])
        if v["change"] == "lost":
            wrong = point in stated["before"] and point not in stated["after"]
        else:
            may = stated["before"] | stated["allowed"]
            wrong = point in stated["after"] and point not in may
        if not wrong:
            raise Rejected(f"Assumption 9(ii) allows what happens to {texts_shown(v['point'])}")

    def story(self, violation: Violation) -> str:
        """Tell whose set changes, and how."""
        v = violation
        change = "gains, though it is none of the allowed projections,"
        if v["change"] == "lost":
            change = "loses"
        return (
            f"profile {v['profile']}, at {shown(v['outcome'])}: in response to the PMP-extension "
            f"{who(v)}'s set {change} {texts_shown(v['point'])}"
        )

    def panels(self, instance: Instance, violation: Violation) -> list[Panel]:
        """Draw the set that changes with and without the extension."""
        v, start = violation, [default_of(violation, instance)]
        star = [(paid(v["point"], instance), v["change"])]
        allowed = (self.player, region_of(v["allowed"], instance))
        return [
            Panel(title, {v["player"]: region_of(v[key], instance)}, start, star, (), allowed)
            for title, key in ((v["profile"], "before"), ("with the PMP-extension", "after"))
        ]


def _punished(
    sets: Sets,
    i: int,
    profile: SetProfile,
    how: str,
    extended: Functions,
    told: list[int],
    position: int,
) -> dict[str, Any] | None:
    functions, outcome = profile.functions, sets.play(position)

    def run(case: Case) -> tuple[int, OutcomeSet, OutcomeSet, OutcomeSet] | None:
        execution, selection = Execution(case.base), case.selection
        reached = execution.renegotiated(functions, selection, outcome)
        allowed = case.base.pareto_meet_projection(i, case.base.payoffs(reached))
        for j in told:
            before = execution.value(j, functions, selection, outcome)
            after = execution.value(j, extended, selection, outcome)
            if not (before <= after and after <= before | allowed):
                return j, before, after, allowed
        return None

    for case, found in look_at(sets, how, extended, run):
        if found is None:
            continue
        j, before, after, allowed = found
        lost = outside(case.base, before, after)
        added = outside(case.base, after, before | allowed)
        return {
            "violates": "extension-punished",
            "profile": profile.name,
            "outcome": sets.instance.points.reference(position),
            "selection": case.text(),
            "player": j,
            "before": shown_set(case.base, before),
            "after": shown_set(case.base, after),
            "allowed": shown_set(case.base, allowed),
            "point": added if lost is None else lost,
            "change": "added" if lost is None else "lost",
        }
    return None


FORMS: tuple[type[Claim], ...] = (PmpExtensionUnpunished,)
