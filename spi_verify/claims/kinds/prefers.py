"""``prefers``: given beliefs, one program earns a player as much as another, or more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import msgspec

from spi_verify.claims.about_sets import SetClaim
from spi_verify.claims.confirming.runs import as_text, play, run
from spi_verify.claims.confirming.stated import require_same, require_same_text
from spi_verify.claims.confirming.stated_sets import (
    stated_default,
    stated_number,
    stated_selection,
)
from spi_verify.claims.deciding.every import Case
from spi_verify.claims.deciding.reached import Reached, reach, shown_run, shown_selected
from spi_verify.claims.document import OutcomeReference
from spi_verify.claims.instance import Instance
from spi_verify.claims.kind import Claim, Finding, Number, Violation, ViolationKeys
from spi_verify.claims.panel import Panel, paid, run_panel
from spi_verify.claims.references import number
from spi_verify.claims.sets import EVERY, SetProfile, Sets, sets_of
from spi_verify.claims.words import MOST, texts
from spi_verify.errors import InputError, Rejected, located
from spi_verify.games.agreements import AgreementGame
from spi_verify.games.game import Payoffs
from spi_verify.games.rationals import format_rational
from spi_verify.programs.language.selections import Selection
from spi_verify.programs.language.terms import replaced

MAX_BELIEVED = 1000
MAX_PANELS = 4
Interval = tuple[Fraction, Fraction] | None
"""The least and the greatest weight of the first profile; None for no weight at all."""

Earned = Sequence[tuple[Fraction, Fraction]]
"""For each believed profile what a player earns with one program, and with the other."""


class Believed(msgspec.Struct, forbid_unknown_fields=True):
    """One profile of a belief; the believing player's own function in it does not count."""

    profile: str
    weight: Number | None = None


class BelievedRun(msgspec.Struct, forbid_unknown_fields=True):
    """What both programs reach and earn against one believed profile."""

    profile: str
    outcome: OutcomeReference
    selection: str
    sets: list[Any]
    agreement: list[Any]
    selected: list[str]
    selected_with_other: list[str]
    earns: str
    other_earns: str
    weight: str | None = None


class NotPreferred(ViolationKeys):
    """The difference of the expected payoffs is less than ``by``."""

    believed: list[BelievedRun]
    difference: str
    by: str


class WrongWeights(ViolationKeys):
    """The weights of the first profile for which the one program earns as much are others."""

    believed: list[BelievedRun]
    claimed: list[str]
    actual: list[str]


class Prefers(SetClaim, kw_only=True):
    """Given beliefs, a program with one function earns as much as one with another, or more."""

    player: int
    function: str
    over: str
    beliefs: list[Believed]
    by: Number = 0
    exactly: list[Number] | None = None
    selection: str | None = None

    def check(self, instance: Instance) -> None:
        """Check that functions and profiles exist, and that weights add up to 1."""
        belief_of(self, sets_of(instance))

    def decide(self, instance: Instance) -> Finding:
        """Run both programs against all believed counterparts, and compare."""
        stakes = _stakes_of(self, sets_of(instance))
        violation: dict[str, Any]
        if self.exactly is not None:
            if stakes.claimed_interval == stakes.interval:
                return Finding(None, stakes.told(), stakes.region)
            violation = {
                "violates": "weights",
                "believed": stakes.shown(),
                "claimed": stakes.interval_shown(stakes.claimed_interval),
                "actual": stakes.interval_shown(stakes.interval),
            }
            return Finding(violation, None, stakes.region)
        if stakes.difference >= stakes.by:
            return Finding(None, stakes.told(), stakes.region)
        violation = {
            "violates": "not-preferred",
            "believed": stakes.shown(),
            "difference": str(stakes.difference),
            "by": str(stakes.by),
        }
        return Finding(violation, None, stakes.region)

    def violations(self, _: Instance) -> Mapping[str, type[ViolationKeys]]:
        """Return that the program earns less, or does as well for other weights."""
        if self.exactly is None:
            return {"not-preferred": NotPreferred}
        return {"weights": WrongWeights}

    def confirm(self, instance: Instance, violation: Violation) -> None:
        """Run CSR programs with both functions, and add up."""
        earned = _earned(self, sets_of(instance), violation)
        if self.exactly is None:
            self._confirm_difference(earned, violation)
        else:
            self._confirm_weights(earned, violation)

    def _confirm_difference(self, earned: Earned, v: Violation) -> None:
        difference = Fraction(0)
        for (mine, other), row, believed in zip(earned, v["believed"], self.beliefs, strict=True):
            weight = stated_number(believed.weight if believed.weight is not None else 0)
            require_same(row, "weight", weight)
            difference += weight * (mine - other)
        by = stated_number(self.by)
        require_same(v, "difference", difference)
        require_same(v, "by", by)
        if not difference < by:
            raise Rejected(f"{difference} is not less than {by}")

    def _confirm_weights(self, earned: Earned, v: Violation) -> None:
        (mine, other), (mine_2, other_2) = earned
        by = stated_number(self.by)

        def surplus(weight: Fraction) -> Fraction:
            return weight * (mine - other) + (1 - weight) * (mine_2 - other_2) - by

        actual = [stated_number(end) for end in v["actual"]]
        claimed = [stated_number(end) for end in self.exactly or []]
        if v["claimed"] != texts(tuple(claimed)):
            raise Rejected("the claim states other weights")
        zero, one = Fraction(0), Fraction(1)
        if not actual:
            right = surplus(zero) < 0 and surplus(one) < 0
        else:
            low, high = actual
            right = surplus(low) >= 0 <= surplus(high) and zero <= low <= high <= one
            right = right and (low == 0 or (surplus(low) == 0 and surplus(zero) < 0))
            right = right and (high == 1 or (surplus(high) == 0 and surplus(one) < 0))
        if not right:
            raise Rejected("the weights for which it is as good are others")
        if claimed == actual:
            raise Rejected("the weights are what the claim says")

    def story(self, violation: Violation) -> str:
        """Tell what both programs earn against each believed profile."""
        v = violation
        if v["violates"] == "weights":
            against = "; ".join(
                f"against {row['profile']} {self._earned_told(row)}" for row in v["believed"]
            )
            name = v["believed"][0]["profile"]
            return (
                f"{self.function} is as good as {self.over} for {_weights_told(v['actual'])} of "
                f"{name}, not for {_weights_told(v['claimed'])}: {against}"
            )
        against = "; ".join(
            f"against {row['profile']} (weight {row['weight']}) {self._earned_told(row)}"
            for row in v["believed"][:MOST]
        )
        wanted = "at least as much" if v["by"] == "0" else f"{v['by']} more"
        return (
            f"{self.function} earns {v['difference']} more than {self.over} in expectation, "
            f"not {wanted}: {against}"
        )

    def panels(self, instance: Instance, violation: Violation) -> list[Panel]:
        """Draw what both programs reach against the first believed profiles."""
        return [
            run_panel(
                row,
                instance,
                f"{self.function} against {row['profile']}",
                [(paid(row["selected_with_other"], instance), f"with {self.over}")],
            )
            for row in violation["believed"][:MAX_PANELS]
        ]

    def _earned_told(self, row: Violation) -> str:
        return f"{self.function} earns {row['earns']} and {self.over} {row['other_earns']}"


@dataclass(frozen=True)
class Belief:
    """What a claim says that a player believes, and about what.

    Parameters
    ----------
    profiles, weights
        The believed profiles, and their weights where they are given.
    selection
        The selection function of all of them.
    by
        How much more the first program has to earn.
    interval
        The weights of the first profile for which it does so, if the claim states them.
    """

    profiles: tuple[SetProfile, ...]
    weights: tuple[Fraction, ...] | None
    selection: Selection
    by: Fraction
    interval: Interval


def belief_of(claim: Prefers, sets: Sets) -> Belief:
    """Return what a claim says about a player's beliefs.

    Raises
    ------
    InputError
        When it does not make sense.
    """
    sets.require_player(claim.player)
    for key, name in (("function", claim.function), ("over", claim.over)):
        with located(where=key):
            sets.function(name)
    if not 1 <= len(claim.beliefs) <= MAX_BELIEVED:
        raise InputError(f"1 to {MAX_BELIEVED} profiles are needed", where="beliefs")
    profiles: list[SetProfile] = []
    selections: dict[Selection, None] = {}
    acted = set[Any]()
    for k, believed in enumerate(claim.beliefs):
        with located(where=f"beliefs[{k}]"):
            profile = sets.profile(believed.profile)
            how = profile.selection if claim.selection is None else claim.selection
            if how in EVERY:
                raise InputError("name one selection function, here or in the profile")
            if len(profile.defaults) != 1:
                raise InputError(
                    f"profile {profile.name} has {len(profile.defaults)} default outcomes; "
                    "a believed profile needs one"
                )
            profiles.append(profile)
            selections[sets.selection(how)] = None
            acted |= _own_action(sets, profile.defaults[0], claim.player)
    if len(acted) > 1:
        raise InputError(
            f"{sets.instance.game.called(claim.player)}'s default action differs between the "
            "believed profiles, but it is the player's own",
            where="beliefs",
        )
    if len(selections) > 1:
        raise InputError(
            "the believed profiles differ in their selection functions", where="beliefs"
        )
    if len({profile.name for profile in profiles}) < len(profiles):
        raise InputError("a profile is named twice", where="beliefs")
    with located(where="by"):
        by = number(claim.by)
    weights, interval = _weights(claim), _claimed_interval(claim)
    return Belief(tuple(profiles), weights, next(iter(selections)), by, interval)


def _own_action(sets: Sets, position: int, player: int) -> set[Any]:
    """Return what a player does at an outcome; with different offers it may be anything."""
    game, outcome = sets.instance.game, sets.play(position)
    if not isinstance(game, AgreementGame) or position > game.number_of_agreements:
        return {outcome[player - 1]}
    return {outcome} if position < game.number_of_agreements else set()


def _weights(claim: Prefers) -> tuple[Fraction, ...] | None:
    given = [believed.weight for believed in claim.beliefs]
    if claim.exactly is not None:
        if len(given) != 2:
            raise InputError("exactly is for beliefs about two profiles", where="exactly")
        if any(weight is not None for weight in given):
            raise InputError("with exactly, no weights are given", where="beliefs")
        return None
    weights = []
    for k, weight in enumerate(given):
        with located(where=f"beliefs[{k}].weight"):
            if weight is None:
                raise InputError("a weight is needed")
            weights.append(number(weight))
            if weights[-1] < 0:
                raise InputError(f"the weight {weights[-1]} is negative")
    if sum(weights) != 1:
        raise InputError(f"the weights add up to {sum(weights)}, not to 1", where="beliefs")
    return tuple(weights)


def _claimed_interval(claim: Prefers) -> Interval:
    if not claim.exactly:
        return None
    with located(where="exactly"):
        ends = [number(value) for value in claim.exactly]
        if len(ends) != 2 or not 0 <= ends[0] <= ends[1] <= 1:
            raise InputError("two weights between 0 and 1 in ascending order, or none at all")
    return ends[0], ends[1]


@dataclass(frozen=True)
class Stakes:
    """What two programs of a player earn against each believed profile.

    Parameters
    ----------
    sets
        The model.
    player
        i.
    names, weights
        The believed profiles, and their weights where they are given.
    runs
        For each profile what is reached with one function and with the other.
    by
        How much more the first has to earn.
    claimed_interval
        The weights of the first profile for which it does so, if the claim states them.
    """

    sets: Sets
    player: int
    names: tuple[str, ...]
    weights: tuple[Fraction, ...] | None
    runs: tuple[tuple[Reached, Reached], ...]
    by: Fraction
    claimed_interval: Interval

    @property
    def gains(self) -> tuple[Fraction, ...]:
        """How much more the first earns against each profile."""
        return tuple(mine - other for mine, other in self._paid)

    @property
    def difference(self) -> Fraction:
        """How much more the first earns in expectation."""
        assert self.weights is not None
        return _mean(self.weights, self.gains)

    @property
    def interval(self) -> Interval:
        """For which weights of the first of two profiles the first earns so much more."""
        first, second = (gain - self.by for gain in self.gains)
        low, high = Fraction(0), Fraction(1)
        slope = first - second  # gain at weight w: second + w * slope
        if slope > 0:
            low = max(low, -second / slope)
        elif slope < 0:
            high = min(high, second / -slope)
        elif second < 0:
            return None
        return (low, high) if low <= high else None

    @property
    def region(self) -> str:
        """For which weights the claim holds, in words; empty for none."""
        if len(self.names) == 2:
            if self.interval is None:
                return ""
            low, high = map(format_rational, self.interval)
            return f"{low} <= weight of {self.names[0]} <= {high}"
        terms = [
            f"{format_rational(gain)}*({name})"
            for name, gain in zip(self.names, self.gains, strict=True)
        ]
        return f"{' + '.join(terms)} >= {format_rational(self.by)}"

    def told(self) -> str:
        """Say how much more is earned, and when it is enough."""
        words = "" if not self.by else f" by {self.by}"
        where = f"at least as good{words} exactly when {self.region}"
        if self.weights is None:
            return where
        mine, other = (_mean(self.weights, column) for column in zip(*self._paid, strict=True))
        return f"earns {mine} against {other}, {self.difference} more; {where}"

    @property
    def _paid(self) -> list[tuple[Fraction, Fraction]]:
        i = self.player - 1
        return [(mine.after[i], other.after[i]) for mine, other in self.runs]

    def shown(self) -> list[dict[str, Any]]:
        """Return for each profile what both programs reach, as plain data."""
        rows = []
        for k, (name, (mine, other)) in enumerate(zip(self.names, self.runs, strict=True)):
            row = {"profile": name, **shown_run(self.sets, mine)}
            row["selected_with_other"] = shown_selected(self.sets, other)
            row["earns"], row["other_earns"] = map(str, self._paid[k])
            if self.weights is not None:
                row["weight"] = str(self.weights[k])
            rows.append(row)
        return rows

    @staticmethod
    def interval_shown(interval: Interval) -> list[str]:
        """Return an interval as plain data: both ends, or nothing."""
        return [] if interval is None else texts(interval)


def _stakes_of(claim: Prefers, sets: Sets) -> Stakes:
    """Run both programs of a claim against all believed counterparts.

    Raises
    ------
    InputError
        When the claim does not make sense.
    """
    belief = belief_of(claim, sets)
    case = Case(sets.base, belief.selection)
    runs: list[tuple[Reached, Reached]] = []
    for profile in belief.profiles:
        mine, other = (
            reach(sets, case, replaced(profile.functions, claim.player, f), profile.defaults[0])
            for f in (sets.function(claim.function), sets.function(claim.over))
        )
        runs.append((mine, other))
    names = tuple(profile.name for profile in belief.profiles)
    return Stakes(
        sets, claim.player, names, belief.weights, tuple(runs), belief.by, belief.interval
    )


def _mean(weights: Payoffs, values: Payoffs) -> Fraction:
    pairs = zip(weights, values, strict=True)
    return sum((w * v for w, v in pairs), Fraction(0))


def _earned(claim: Prefers, sets: Sets, v: Violation) -> Earned:
    """Run both programs against every believed profile; return what they earn."""
    sets.require_player(claim.player)
    names = [believed.profile for believed in claim.beliefs]
    if [row["profile"] for row in v["believed"]] != names:
        raise Rejected(f"the claim is about {', '.join(names)}")
    earned = []
    for row in v["believed"]:
        profile = sets.profile(row["profile"])
        how = profile.selection if claim.selection is None else claim.selection
        position = stated_default(sets, profile, row)
        paid = []
        for key, name in (("selected", claim.function), ("selected_with_other", claim.over)):
            functions = replaced(profile.functions, claim.player, sets.function(name))
            if key == "selected":
                payoffs = run(sets, functions, how, row)
            else:
                selection = stated_selection(sets, how, row["selection"])
                played, payoffs = play(sets, functions, selection, position)
                require_same_text("selected_with_other", row[key], as_text(sets, played, payoffs))
            paid.append(payoffs[claim.player - 1])
        require_same(row, "earns", paid[0])
        require_same(row, "other_earns", paid[1])
        earned.append((paid[0], paid[1]))
    return earned


def _weights_told(ends: Sequence[str]) -> str:
    return f"weights from {ends[0]} to {ends[1]}" if ends else "no weight"


FORMS: tuple[type[Claim], ...] = (Prefers,)
