"""What claims about sets name: profiles, outcomes, agreement sets, families of sets."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from spi_verify.errors import InputError, located
from spi_verify.games.agreements import AgreementGame
from spi_verify.games.regions import Region
from spi_verify.models.document import (
    AgreementClaim,
    ExtensionClaim,
    PrefersClaim,
    ProfileClaim,
    SetClaim,
    SetFunctionClaim,
    TransitiveClaim,
)
from spi_verify.models.reader import number
from spi_verify.models.references import profile as payoff_profile
from spi_verify.models.sets.functions import EVERY, SetProfile, Sets
from spi_verify.models.story import texts
from spi_verify.programs.language.base import OutcomeSet
from spi_verify.programs.language.selections import Selection
from spi_verify.programs.language.terms import Element

MAX_LISTED = 10
MAX_SETS = 1000
MAX_POLYGONS = 100
MAX_BELIEVED = 1000
Interval = tuple[Fraction, Fraction] | None
"""The least and the greatest weight of the first profile; None for no weight at all."""


def check_references(claim: SetClaim, sets: Sets) -> None:
    """Check that what a claim about sets names exists, and that it makes sense.

    Raises
    ------
    InputError
        When it does not.
    """
    match claim:
        case SetFunctionClaim():
            sets.require_player(claim.player)
            with located(where="function"):
                sets.function(claim.function)
        case AgreementClaim():
            profile, _ = profile_of(claim, sets)
            outcome_of(claim, sets, profile)
            claimed_agreement(claim, sets)
            claimed_selected(claim, sets)
            if claim.pays is not None:
                payoff_profile(claim.pays, sets.players, "pays")
        case ProfileClaim():
            profile_of(claim, sets)
        case PrefersClaim():
            belief_of(claim, sets)
        case ExtensionClaim():
            believed_profiles(claim, sets)
        case TransitiveClaim():
            selection_of(claim, sets)
            claimed_family(claim, sets)


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


def belief_of(claim: PrefersClaim, sets: Sets) -> Belief:
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
            f"player {claim.player}'s default action differs between the believed profiles, "
            "but it is the player's own",
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


def _weights(claim: PrefersClaim) -> tuple[Fraction, ...] | None:
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


def _claimed_interval(claim: PrefersClaim) -> Interval:
    if not claim.exactly:
        return None
    with located(where="exactly"):
        ends = [number(value) for value in claim.exactly]
        if len(ends) != 2 or not 0 <= ends[0] <= ends[1] <= 1:
            raise InputError("two weights between 0 and 1 in ascending order, or none at all")
    return ends[0], ends[1]


def believed_profiles(claim: ExtensionClaim, sets: Sets) -> list[tuple[SetProfile, str]]:
    """Return the profiles of a claim, each with the text of its selection function.

    Raises
    ------
    InputError
        When one of them does not exist, or there are none.
    """
    sets.require_player(claim.player)
    if not claim.profiles:
        raise InputError("at least one profile is needed", where="profiles")
    found = []
    for k, name in enumerate(claim.profiles):
        with located(where=f"profiles[{k}]"):
            profile = sets.profile(name)
        how = profile.selection if claim.selection is None else claim.selection
        if how not in EVERY:
            sets.selection(how)
        found.append((profile, how))
    return found


def selection_of(claim: TransitiveClaim, sets: Sets) -> Selection:
    """Return the selection function that a claim is about.

    Raises
    ------
    InputError
        When it is none, or stands for many.
    """
    if claim.selection in EVERY:
        raise InputError("name one selection function", where="selection")
    return sets.selection(claim.selection)


def profile_of(claim: ProfileClaim, sets: Sets) -> tuple[SetProfile, str]:
    """Return a claim's profile, and the text of its selection function.

    Raises
    ------
    InputError
        When one of them does not exist.
    """
    with located(where="profile"):
        profile = sets.profile(claim.profile)
    how = profile.selection if claim.selection is None else claim.selection
    if how not in EVERY:
        sets.selection(how)
    return profile, how


def outcome_of(claim: AgreementClaim, sets: Sets, profile: SetProfile) -> int:
    """Return the position of the outcome that is renegotiated: the claim's, or the one default."""
    if claim.outcome is not None:
        with located(where="outcome"):
            return sets.instance.points.position(claim.outcome)
    if len(profile.defaults) != 1:
        raise InputError(
            f"profile {profile.name} has {len(profile.defaults)} default outcomes; "
            "say which outcome is renegotiated",
            where="outcome",
        )
    return profile.defaults[0]


def claimed_agreement(claim: AgreementClaim, sets: Sets) -> OutcomeSet | None:
    """Return the agreement set that a claim states, if it does."""
    given = [claim.agreement, claim.polygons, claim.selected, claim.pays]
    if all(value is None for value in given):
        raise InputError("a claim of kind agreement needs agreement, polygons, selected or pays")
    if claim.polygons is not None:
        if not sets.instance.correlated:
            raise InputError(
                "without lotteries, list the outcomes under agreement", where="polygons"
            )
        if len(claim.polygons) > MAX_POLYGONS:
            raise InputError(f"at most {MAX_POLYGONS} polygons", where="polygons")
        region = Region()
        for k, piece in enumerate(claim.polygons):
            with located(where=f"polygons[{k}]"):
                corners = [
                    payoff_profile(corner, sets.players, f"[{m}]") for m, corner in enumerate(piece)
                ]
                region = region | Region.polygon(corners)
        if claim.agreement is None:
            return region
    if claim.agreement is None:
        return None
    if sets.instance.correlated:
        raise InputError("with lotteries, give the corners under polygons", where="agreement")
    with located(where="agreement"):
        return sets.base.finite(sets.elements(claim.agreement))


def claimed_selected(claim: AgreementClaim, sets: Sets) -> list[str] | None:
    """Return what a claim says is selected, as plain data, if it does."""
    if claim.selected is None:
        return None
    with located(where="selected"):
        position = sets.instance.points.position(claim.selected)
    if sets.instance.correlated:
        return texts(sets.instance.payoffs(position))
    return [str(name) for name in sets.element(position)]


def claimed_family(
    claim: TransitiveClaim, sets: Sets
) -> tuple[list[frozenset[int]], list[Element]]:
    """Return the sets that a claim is about, by the numbers of their elements, and the elements.

    Raises
    ------
    InputError
        When there are none or too many, or an outcome does not exist.
    """
    if (claim.sets is None) == (claim.outcomes is None):
        raise InputError("give either sets, or outcomes of which all subsets are meant")
    if claim.outcomes is not None:
        elements = list(sets.elements(claim.outcomes))
        if not 1 <= len(elements) <= MAX_LISTED:
            raise InputError(f"1 to {MAX_LISTED} outcomes, not {len(elements)}", where="outcomes")
        numbers = range(len(elements))
        subsets = (
            frozenset(chosen)
            for size in range(1, len(elements) + 1)
            for chosen in itertools.combinations(numbers, size)
        )
        return list(subsets), elements
    assert claim.sets is not None
    if not 1 <= len(claim.sets) <= MAX_SETS:
        raise InputError(f"1 to {MAX_SETS} sets, not {len(claim.sets)}", where="sets")
    found: dict[Element, int] = {}
    family = []
    for k, listed in enumerate(claim.sets):
        with located(where=f"sets[{k}]"):
            members = sets.elements(listed)
            if not members:
                raise InputError("a set has at least one outcome")
        family.append(frozenset(found.setdefault(x, len(found)) for x in members))
    return list(dict.fromkeys(family)), list(found)
