"""What claims about sets name: profiles, outcomes, agreement sets, families of sets."""

from __future__ import annotations

import itertools

from spi_verify.errors import InputError, located
from spi_verify.models.document import AgreementClaim, ProfileClaim, TransitiveClaim
from spi_verify.models.references import profile as payoff_profile
from spi_verify.models.sets.functions import EVERY, SetProfile, Sets
from spi_verify.models.story import texts
from spi_verify.programs.base_game import OutcomeSet
from spi_verify.programs.regions import Region
from spi_verify.programs.terms import Element

MAX_LISTED = 10
MAX_SETS = 1000
MAX_POLYGONS = 100


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
