"""``agreement``: what the players of a profile agree on, and what is selected from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spi_verify.claims.about_sets import ProfileClaim
from spi_verify.claims.confirming.runs import run
from spi_verify.claims.confirming.stated import stated_position
from spi_verify.claims.confirming.stated_sets import stated_element, stated_set
from spi_verify.claims.deciding.looking import outside
from spi_verify.claims.deciding.reached import all_reached, shown_run, shown_selected
from spi_verify.claims.document import OutcomeReference
from spi_verify.claims.instance import Instance
from spi_verify.claims.kind import Claim, Finding, Number, Violation, ViolationKeys
from spi_verify.claims.panel import Panel, paid, run_panel
from spi_verify.claims.references import profile as payoff_profile
from spi_verify.claims.sets import SetProfile, Sets, sets_of
from spi_verify.claims.violations import Run
from spi_verify.claims.words import run_shown, texts, texts_shown
from spi_verify.errors import InputError, Rejected, located
from spi_verify.games.game import Payoffs
from spi_verify.games.regions import Region
from spi_verify.programs.language.base import OutcomeSet

MAX_POLYGONS = 100


class AgreementPoint(Run):
    """The point is agreed on and not claimed, or claimed and not agreed on."""

    point: list[str]


class Agreement(ProfileClaim, kw_only=True):
    """At an outcome, this is the agreement set, and this is selected from it."""

    outcome: OutcomeReference | None = None
    agreement: list[list[str]] | None = None
    polygons: list[list[list[Number]]] | None = None
    selected: OutcomeReference | None = None
    pays: list[Number] | None = None

    def check(self, instance: Instance) -> None:
        """Check that the profile and all outcomes exist."""
        sets = sets_of(instance)
        profile, _ = self.profile_in(sets)
        self._outcome(sets, profile)
        self._claimed_agreement(sets)
        self._claimed_selected(sets)
        self._claimed_pays(sets)

    def decide(self, instance: Instance) -> Finding:
        """Run the programs with every selection function that has to be looked at."""
        sets = sets_of(instance)
        profile, how = self.profile_in(sets)
        position = self._outcome(sets, profile)
        wanted, selected = self._claimed_agreement(sets), self._claimed_selected(sets)
        pays = self._claimed_pays(sets)
        for reached in all_reached(sets, how, profile.functions, position):
            if wanted is not None:
                for violates, left, right in (
                    ("agreement-left-out", reached.agreement, wanted),
                    ("agreement-outsider", wanted, reached.agreement),
                ):
                    point = outside(sets.base, left, right)
                    if point is not None:
                        found = {"violates": violates, **shown_run(sets, reached), "point": point}
                        return Finding(found)
            wrong = selected is not None and shown_selected(sets, reached) != selected
            if wrong or (pays is not None and reached.after != pays):
                return Finding({"violates": "selected", **shown_run(sets, reached)})
        return Finding()

    def violations(self, _: Instance) -> Mapping[str, type[ViolationKeys]]:
        """Return an outcome on the wrong side, or what is selected instead."""
        return {
            "agreement-left-out": AgreementPoint,
            "agreement-outsider": AgreementPoint,
            "selected": Run,
        }

    def confirm(self, instance: Instance, violation: Violation) -> None:
        """Recompute the agreement set, and run CSR programs."""
        sets = sets_of(instance)
        profile, how = self.profile_in(sets)
        if self._outcome(sets, profile) != stated_position(instance, violation):
            raise Rejected("the claim is about another outcome")
        payoffs = run(sets, profile.functions, how, violation)
        if violation["violates"] == "selected":
            self._confirm_selected(sets, payoffs, violation)
        else:
            self._confirm_point(sets, violation)

    def _confirm_selected(self, sets: Sets, payoffs: Payoffs, v: Violation) -> None:
        selected, pays = self._claimed_selected(sets), self._claimed_pays(sets)
        wrong = selected is not None and v["selected"] != selected
        if not wrong and (pays is None or payoffs == pays):
            raise Rejected(f"{texts_shown(v['selected'])} is what the claim says")

    def _confirm_point(self, sets: Sets, v: Violation) -> None:
        wanted = self._claimed_agreement(sets)
        if wanted is None:
            raise Rejected("the claim states no agreement set")
        point = stated_element(sets, v["point"])
        agreed = point in stated_set(sets, v["agreement"])
        if agreed == (point in wanted):
            raise Rejected(f"the claim is right about {texts_shown(v['point'])}")
        if agreed != (v["violates"] == "agreement-left-out"):
            raise Rejected("it is the other way round")

    def story(self, violation: Violation) -> str:
        """Tell what is agreed on and selected."""
        told = run_shown(violation)
        match violation["violates"]:
            case "agreement-left-out":
                point = texts_shown(violation["point"])
                return f"{told}; {point} is agreed on and not claimed"
            case "agreement-outsider":
                point = texts_shown(violation["point"])
                return f"{told}; {point} is claimed and not agreed on"
        return told

    def panels(self, instance: Instance, violation: Violation) -> list[Panel]:
        """Draw the agreement set, and the outcome on the wrong side."""
        if violation["violates"] == "selected":
            return [run_panel(violation, instance, self.profile)]
        label = violation["violates"].replace("agreement-", "")
        star = [(paid(violation["point"], instance), label)]
        return [run_panel(violation, instance, self.profile, star)]

    def _outcome(self, sets: Sets, profile: SetProfile) -> int:
        """Return the position of the outcome that is renegotiated: the claim's, or the default."""
        if self.outcome is not None:
            with located(where="outcome"):
                return sets.instance.points.position(self.outcome)
        if len(profile.defaults) != 1:
            raise InputError(
                f"profile {profile.name} has {len(profile.defaults)} default outcomes; "
                "say which outcome is renegotiated",
                where="outcome",
            )
        return profile.defaults[0]

    def _claimed_agreement(self, sets: Sets) -> OutcomeSet | None:
        """Return the agreement set that the claim states, if it does."""
        given = [self.agreement, self.polygons, self.selected, self.pays]
        if all(value is None for value in given):
            raise InputError(
                "a claim of kind agreement needs agreement, polygons, selected or pays"
            )
        region = None if self.polygons is None else self._claimed_region(sets)
        if self.agreement is None:
            return region
        if sets.instance.correlated:
            raise InputError("with lotteries, give the corners under polygons", where="agreement")
        with located(where="agreement"):
            return sets.base.finite(sets.elements(self.agreement))

    def _claimed_region(self, sets: Sets) -> Region:
        polygons: Any = self.polygons
        if not sets.instance.correlated:
            raise InputError(
                "without lotteries, list the outcomes under agreement", where="polygons"
            )
        if len(polygons) > MAX_POLYGONS:
            raise InputError(f"at most {MAX_POLYGONS} polygons", where="polygons")
        region = Region()
        for k, piece in enumerate(polygons):
            with located(where=f"polygons[{k}]"):
                corners = [
                    payoff_profile(corner, sets.players, f"[{m}]") for m, corner in enumerate(piece)
                ]
                region = region | Region.polygon(corners)
        return region

    def _claimed_selected(self, sets: Sets) -> list[str] | None:
        """Return what the claim says is selected, as plain data, if it does."""
        if self.selected is None:
            return None
        with located(where="selected"):
            position = sets.instance.points.position(self.selected)
        if sets.instance.correlated:
            return texts(sets.instance.payoffs(position))
        return [str(name) for name in sets.element(position)]

    def _claimed_pays(self, sets: Sets) -> Payoffs | None:
        """Return what the claim says that the selected outcome pays, if it does."""
        if self.pays is None:
            return None
        return payoff_profile(self.pays, sets.players, "pays")


FORMS: tuple[type[Claim], ...] = (Agreement,)
