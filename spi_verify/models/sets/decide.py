"""Deciding claims about set-valued functions and what is selected, by exact evaluation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from spi_verify.effort import spend
from spi_verify.errors import InputError, Undecided
from spi_verify.games.game import Payoffs
from spi_verify.models.document import (
    AgreementClaim,
    ExtensionClaim,
    PrefersClaim,
    ProfileClaim,
    SetClaim,
    SetFunctionClaim,
    TransitiveClaim,
)
from spi_verify.models.model import Instance
from spi_verify.models.sets.beliefs import Stakes, stakes_of
from spi_verify.models.sets.code import (
    answers_alike,
    cases,
    empty_on_lotteries,
    improves_on_lotteries,
    resolved,
    scope_of,
)
from spi_verify.models.sets.every import Case, look_at
from spi_verify.models.sets.functions import EVERY, SetProfile, Sets, sets_of
from spi_verify.models.sets.reached import (
    Reached,
    all_reached,
    reach,
    shown_element,
    shown_played,
    shown_run,
    shown_selected,
    shown_set,
)
from spi_verify.models.sets.references import (
    believed_profiles,
    check_references,
    claimed_agreement,
    claimed_family,
    claimed_selected,
    outcome_of,
    profile_of,
    selection_of,
)
from spi_verify.models.story import texts
from spi_verify.programs.deciding.definitions import corners
from spi_verify.programs.language.base import BaseGame, OutcomeSet
from spi_verify.programs.language.functions import (
    Functions,
    Improving,
    PMPExtension,
    Projection,
    Tag,
)
from spi_verify.programs.language.selections import Utilitarian
from spi_verify.programs.language.terms import replaced
from spi_verify.programs.running.base_games import PureBase
from spi_verify.programs.running.execution import Execution

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True)
class Finding:
    """What became of a claim that was decided.

    Parameters
    ----------
    violation
        How it fails, as plain data; None if it holds.
    remark
        What else there is to say.
    region
        For which weights of the beliefs it holds, where it is about beliefs.
    """

    violation: dict[str, Any] | None = None
    remark: str | None = None
    region: str | None = None


def decide(claim: SetClaim, instance: Instance) -> Finding:
    """Decide a claim.

    Raises
    ------
    Undecided
        When evaluation does not settle it, with the reason.
    InputError
        When it names what does not exist, or does not make sense.
    """
    sets = sets_of(instance)
    check_references(claim, sets)
    match claim:
        case SetFunctionClaim():
            return _set_function(claim, sets)
        case AgreementClaim():
            return Finding(_agreement(claim, sets))
        case ProfileClaim(kind="spi"):
            profile, how = profile_of(claim, sets)
            lost = _loss(sets, profile, how, None)
            return Finding(lost or _no_gain(sets, profile, how))
        case ProfileClaim():
            profile, how = profile_of(claim, sets)
            return Finding(_loss(sets, profile, how, sets.base.pareto_meet_minimum))
        case PrefersClaim():
            return _prefers(stakes_of(claim, sets), claim)
        case ExtensionClaim(kind="pmp-extension-safe"):
            return _extension_safe(claim, sets)
        case ExtensionClaim():
            return _extension_unpunished(claim, sets)
        case TransitiveClaim():
            return Finding(_not_transitive(claim, sets))


def _set_function(claim: SetFunctionClaim, sets: Sets) -> Finding:
    """Definition 7. A PMP-extension adds improvements only, so what it extends is looked at.

    An extension runs what it extends with that code in its own place, so that the extension's tag
    is not seen there.
    """
    function = sets.function(claim.function)
    own, inner = function, function
    while isinstance(inner, (PMPExtension, Tag)):
        own = inner.function if isinstance(inner, PMPExtension) else own
        inner = inner.function
    plain = Projection(1) if sets.instance.correlated and sets.players > 2 else Improving()
    count = 0
    for functions in cases(own, claim.player, sets.players, plain):
        count += 1
        found = _defect(sets, claim.player, functions)
        if found is None:
            continue
        if found["violates"] == "no-offer" and own is not function:
            raise Undecided(
                "without the extension nothing better is offered; whether the "
                "extension always adds something better is not settled"
            )
        return Finding(found)
    told = "" if count == 1 else f"; {count} cases of the others' functions are told apart"
    return Finding(remark=f"against all functions of the others, by its code{told}")


def _defect(sets: Sets, player: int, functions: Functions) -> dict[str, Any] | None:
    """Return what is wrong with a player's function against those of the others, by running it."""
    base, execution, gains = sets.base, Execution(sets.base), False

    def violation(violates: str, **more: Any) -> dict[str, Any]:
        others = enumerate(functions, start=1)
        against = [None if j == player else sets.name_of(f) for j, f in others]
        return {"violates": violates, "against": against, **more}

    for k in range(sets.instance.points.count):
        outcome = sets.play(k)
        before = base.payoffs(outcome)
        offers = execution.value(player, functions, Utilitarian(), outcome)
        for offered in corners(base, offers):
            after = base.payoffs(base.agreed(offered))
            worse = first_below(after, before)
            if worse is not None:
                return violation(
                    "worse-offer",
                    outcome=sets.instance.points.reference(k),
                    offered=shown_element(offered),
                    player=worse,
                    before=str(before[worse - 1]),
                    after=str(after[worse - 1]),
                )
            gains = gains or after != before
    taken = resolved(functions[player - 1], scope_of(execution, player, functions, sets.play(0)))
    if sets.instance.correlated and not improves_on_lotteries(taken):
        raise Undecided(
            "no outcome or mixture of the file is made worse, but the code does not settle that no "
            'other lottery is: add within = ["improving"], or say from which outcomes it applies'
        )
    if gains:
        return None
    if sets.instance.correlated and not empty_on_lotteries(taken):
        raise Undecided(
            "nothing better is offered at the outcomes and mixtures of the file; "
            "whether there is at other lotteries is not settled"
        )
    return violation("no-offer")


def first_below(after: Payoffs, least: Payoffs) -> int | None:
    """Return the first player who gets less than that, or None."""
    pairs = enumerate(zip(after, least, strict=True), start=1)
    return next((i for i, (a, u) in pairs if a < u), None)


def _agreement(claim: AgreementClaim, sets: Sets) -> dict[str, Any] | None:
    profile, how = profile_of(claim, sets)
    position = outcome_of(claim, sets, profile)
    wanted, selected = claimed_agreement(claim, sets), claimed_selected(claim, sets)
    for reached in all_reached(sets, how, profile.functions, position):
        run = shown_run(sets, reached)
        if wanted is not None:
            for violates, left, right in (
                ("agreement-left-out", reached.agreement, wanted),
                ("agreement-outsider", wanted, reached.agreement),
            ):
                point = _outside(sets.base, left, right)
                if point is not None:
                    return {"violates": violates, **run, "point": point}
        if selected is not None and shown_selected(sets, reached) != selected:
            return {"violates": "selected", **run}
        if claim.pays is not None and texts(reached.after) != _numbers(claim.pays, sets):
            return {"violates": "selected", **run}
    return None


def _numbers(values: Sequence[int | str], sets: Sets) -> list[str]:
    from spi_verify.models.references import profile

    return texts(profile(values, sets.players, "pays"))


def _outside(base: BaseGame, one: OutcomeSet, other: OutcomeSet) -> list[str] | None:
    """Return an element of one set that is not in the other, as plain data."""
    if isinstance(base, PureBase):
        return next((list(x) for x in base.elements(one) if x not in other), None)
    point = one.outside(other)
    return None if point is None else texts(point)


def _loss(
    sets: Sets, profile: SetProfile, how: str, minimum: Payoffs | None
) -> dict[str, Any] | None:
    """Return where a player ends below the default outcome, or below the PMM where one is given."""

    def look(position: int) -> dict[str, Any] | None:
        for reached in all_reached(sets, how, profile.functions, position):
            least = reached.before
            if minimum is not None:
                least = tuple(map(max, least, minimum))
            worse = first_below(reached.after, least)
            if worse is not None:
                return {
                    "violates": "renegotiated-loss",
                    **shown_run(sets, reached),
                    "player": worse,
                    "least": str(least[worse - 1]),
                    "gets": str(reached.after[worse - 1]),
                }
        return None

    return _first(look, profile.defaults)


def _no_gain(sets: Sets, profile: SetProfile, how: str) -> dict[str, Any] | None:
    """Return that nobody gains anywhere; somebody does where all choices are gains at one a."""
    sometimes = False
    for position in profile.defaults:
        found = [
            reached.after != reached.before
            for reached in all_reached(sets, how, profile.functions, position)
        ]
        if found and all(found):
            return None
        sometimes = sometimes or any(found)
    if sometimes:
        raise Undecided(
            "nobody loses, but whether somebody gains with every selection function is not settled"
        )
    selection = str(sets.selection("utilitarian" if how in EVERY else how))
    return {
        "violates": "nothing-gained",
        "selection": selection,
        "defaults": len(profile.defaults),
    }


def _prefers(stakes: Stakes, claim: PrefersClaim) -> Finding:
    if claim.exactly is not None:
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


def _believed(claim: ExtensionClaim, sets: Sets) -> Iterator[tuple[SetProfile, str, Functions]]:
    """Iterate over the profiles with how to select, and their functions with the extension."""
    for profile, how in believed_profiles(claim, sets):
        own = PMPExtension(profile.functions[claim.player - 1])
        yield profile, how, replaced(profile.functions, claim.player, own)


def _extension_safe(claim: ExtensionClaim, sets: Sets) -> Finding:
    """Whether U_i never falls when p_i is PMP-extended (Definition 8).

    Counterparts whose code does not tell the extension apart keep their sets. Then the agreement
    set only gains outcomes of PMP_i(ro(p, a)), which weakly improve on what was selected, or on a;
    so with a transitive selection function nobody loses.
    """
    i, by_theorem, looks = claim.player, False, []
    for profile, how, extended in _believed(claim, sets):
        others = [f for j, f in enumerate(profile.functions, start=1) if j != i]
        alike = all(answers_alike(f, profile.functions, extended) for f in others)
        if alike and how == "every-transitive":
            by_theorem = True
            continue
        looks += [(profile, how, extended, position) for position in profile.defaults]
    found = _first(lambda look: _extension_hurts(sets, i, *look), looks)
    if found is not None:
        return Finding(found)
    remark = "counterparts that cannot tell the extension apart, and a transitive selection "
    remark += "function: it only adds outcomes that weakly improve on what is reached"
    return Finding(remark=remark if by_theorem else None)


def _extension_hurts(
    sets: Sets, i: int, profile: SetProfile, how: str, extended: Functions, position: int
) -> dict[str, Any] | None:
    def run(case: Case) -> tuple[Reached, Reached]:
        before = reach(sets, case, profile.functions, position)
        return before, reach(sets, case, extended, position)

    for _, (before, after) in look_at(sets, how, extended, run):
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


def _extension_unpunished(claim: ExtensionClaim, sets: Sets) -> Finding:
    """Assumption 9(ii) for the player's program and these counterparts, at all outcomes."""
    i, looks = claim.player, []
    for profile, how, extended in _believed(claim, sets):
        told = [
            j
            for j in sets.base.players
            if j != i and not answers_alike(profile.functions[j - 1], profile.functions, extended)
        ]
        if told:
            everywhere = range(sets.instance.points.count)
            looks += [(profile, how, extended, told, position) for position in everywhere]
    found = _first(lambda look: _extension_punished(sets, i, *look), looks)
    if found is not None:
        return Finding(found)
    if not looks:
        return Finding(remark="the counterparts' code does not tell the extension apart")
    if sets.instance.correlated:
        raise Undecided(
            "no outcome or mixture of the file shows a punishment; whether another "
            "lottery does is not settled"
        )
    return Finding()


def _extension_punished(
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
        lost = _outside(case.base, before, after)
        added = _outside(case.base, after, before | allowed)
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


def _first(look: Callable[[T], U | None], places: Iterable[T]) -> U | None:
    """Return the first violation; where something hinders the search matters if there is none."""
    hindered: InputError | Undecided | None = None
    for place in places:
        try:
            found = look(place)
        except (InputError, Undecided) as reason:
            hindered = hindered or reason
            continue
        if found is not None:
            return found
    if hindered is not None:
        raise hindered
    return None


def _not_transitive(claim: TransitiveClaim, sets: Sets) -> dict[str, Any] | None:
    selection, base = selection_of(claim, sets), sets.base
    family, elements = claimed_family(claim, sets)
    payoffs = [base.payoffs(base.agreed(x)) for x in elements]
    chosen: dict[frozenset[int], tuple[list[str], Payoffs]] = {}

    def select(members: frozenset[int]) -> tuple[list[str], Payoffs]:
        if members not in chosen:
            played = base.select(selection, base.finite(elements[k] for k in members))
            pays = base.payoffs(played)
            chosen[members] = shown_played(sets, played), pays
        return chosen[members]

    def shown_all(members: frozenset[int]) -> list[list[str]]:
        return [shown_played(sets, base.agreed(elements[k])) for k in sorted(members)]

    for small in family:
        picked, before = select(small)
        above = {k for k, u in enumerate(payoffs) if first_below(u, before) is None}
        spend(len(family))
        for added in family:
            if not added <= above:
                continue
            from_both, after = select(small | added)
            worse = first_below(after, before)
            if worse is not None:
                return {
                    "violates": "not-transitive",
                    "set": shown_all(small),
                    "added": shown_all(added),
                    "selected": picked,
                    "selected_from_both": from_both,
                    "player": worse,
                    "before": str(before[worse - 1]),
                    "after": str(after[worse - 1]),
                }
    return None
