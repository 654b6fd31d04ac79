"""``pmp-extension-safe``: the PMP-extension of a player's program earns the player no less."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spi_verify.claims.about_sets import ExtensionClaim
from spi_verify.claims.confirming.runs import run, stated_extension
from spi_verify.claims.confirming.stated import require_same
from spi_verify.claims.confirming.stated_sets import stated_default
from spi_verify.claims.deciding.code import answers_alike
from spi_verify.claims.deciding.every import Case, look_at
from spi_verify.claims.deciding.looking import first_found
from spi_verify.claims.deciding.reached import (
    Reached,
    extended_profiles,
    reach,
    shown_run,
    shown_selected,
    shown_set,
)
from spi_verify.claims.instance import Instance
from spi_verify.claims.kind import Claim, Finding, Violation, ViolationKeys
from spi_verify.claims.panel import Panel, paid, projection_of, run_panel
from spi_verify.claims.sets import SetProfile, Sets, sets_of
from spi_verify.claims.violations import Run
from spi_verify.claims.words import run_shown, set_shown, texts_shown, who
from spi_verify.errors import Rejected
from spi_verify.programs.language.functions import Functions


class ExtensionHurts(Run):
    """``player`` gets less with the PMP-extension."""

    profile: str
    extended_sets: list[Any]
    extended_agreement: list[Any]
    extended_selected: list[str]
    player: int
    before: str
    after: str


class PmpExtensionSafe(ExtensionClaim):
    """U_i never falls when p_i is PMP-extended (Definition 8), against these counterparts."""

    def decide(self, instance: Instance) -> Finding:
        """Run the programs of each profile with and without the extension.

        Counterparts whose code does not tell the extension apart keep their sets. Then the
        agreement set only gains outcomes of PMP_i(ro(p, a)), which weakly improve on what was
        selected, or on a; so with a transitive selection function nobody loses.
        """
        sets = sets_of(instance)
        i, by_theorem, looks = self.player, False, []
        for profile, how, extended in extended_profiles(self.profiles_in(sets), i):
            others = [f for j, f in enumerate(profile.functions, start=1) if j != i]
            alike = all(answers_alike(f, profile.functions, extended) for f in others)
            if alike and how == "every-transitive":
                by_theorem = True
                continue
            looks += [(profile, how, extended, position) for position in profile.defaults]
        found = first_found(lambda look: _hurts(sets, i, *look), looks)
        if found is not None:
            return Finding(found)
        remark = "counterparts that cannot tell the extension apart, and a transitive selection "
        remark += "function: it only adds outcomes that weakly improve on what is reached"
        return Finding(remark=remark if by_theorem else None)

    def violations(self, _: Instance) -> Mapping[str, type[ViolationKeys]]:
        """Return that the player gets less."""
        return {"extension-hurts": ExtensionHurts}

    def confirm(self, instance: Instance, violation: Violation) -> None:
        """Run CSR programs with and without the extension."""
        v, sets = violation, sets_of(instance)
        profile, how, extended = stated_extension(self, sets, v)
        stated_default(sets, profile, v)
        i = self.player
        if v["player"] != i:
            raise Rejected(f"the claim is about player {i}")
        before = run(sets, profile.functions, how, v)[i - 1]
        changed = dict(v)
        for key in ("sets", "agreement", "selected"):
            changed[key] = v[f"extended_{key}"]
        after = run(sets, extended, how, changed)[i - 1]
        require_same(v, "before", before)
        require_same(v, "after", after)
        if not after < before:
            raise Rejected(f"player {i} does not lose: {after} is not less than {before}")

    def story(self, violation: Violation) -> str:
        """Tell what is agreed on and selected with and without the extension."""
        v = violation
        return (
            f"profile {v['profile']}: {run_shown(v)}; with the PMP-extension the agreement set is "
            f"{set_shown(v['extended_agreement'])} and {texts_shown(v['extended_selected'])} is "
            f"selected: {who(v)} gets {v['after']}, down from {v['before']}"
        )

    def panels(self, instance: Instance, violation: Violation) -> list[Panel]:
        """Draw what is agreed on with and without the extension."""
        v, extended = violation, dict(violation)
        for key in ("sets", "agreement", "selected"):
            extended[key] = v[f"extended_{key}"]
        segment = projection_of(self.player, paid(v["selected"], instance), instance)
        return [
            run_panel(v, instance, v["profile"], projection=segment),
            run_panel(extended, instance, "with the PMP-extension", projection=segment),
        ]


def _hurts(
    sets: Sets, i: int, profile: SetProfile, how: str, extended: Functions, position: int
) -> dict[str, Any] | None:
    def both(case: Case) -> tuple[Reached, Reached]:
        before = reach(sets, case, profile.functions, position)
        return before, reach(sets, case, extended, position)

    for _, (before, after) in look_at(sets, how, extended, both):
        if after.after[i - 1] < before.after[i - 1]:
            return {
                "violates": "extension-hurts",
                "profile": profile.name,
                **shown_run(sets, before),
                "extended_sets": [shown_set(after.case.base, v) for v in after.sets],
                "extended_agreement": shown_set(after.case.base, after.agreement),
                "extended_selected": shown_selected(sets, after),
                "player": i,
                "before": str(before.after[i - 1]),
                "after": str(after.after[i - 1]),
            }
    return None


FORMS: tuple[type[Claim], ...] = (PmpExtensionSafe,)
