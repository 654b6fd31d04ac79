"""Recomputing a stated violation of a claim about sets.

Programs are run as CSR programs (Algorithm 2); sets are recomputed by
:mod:`spi_verify.models.sets.recompute`; nothing of what decided the claim is used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from spi_verify.errors import InputError, Rejected, located
from spi_verify.games.agreements import AgreementGame
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
from spi_verify.models.references import profile as payoff_profile
from spi_verify.models.sets.functions import SetProfile, Sets, sets_of
from spi_verify.models.sets.recompute import (
    accepts,
    corners_of,
    empty_elsewhere,
    extends,
    feasible,
    same_set,
    scope_at,
    set_of,
    systems,
)
from spi_verify.models.sets.references import (
    claimed_agreement,
    claimed_selected,
    outcome_of,
    profile_of,
)
from spi_verify.models.sets.stated import (
    Violation,
    require_same,
    require_same_text,
    shown_position,
    stated_default,
    stated_element,
    stated_number,
    stated_player,
    stated_position,
    stated_selection,
    stated_set,
)
from spi_verify.models.story import texts, texts_shown
from spi_verify.programs.language.base import OutcomeSet
from spi_verify.programs.language.functions import PMPExtension, Round, SetFunction
from spi_verify.programs.language.programs import CSR, Always
from spi_verify.programs.language.selections import (
    Scoring,
    Selection,
    SelectionTable,
    Utilitarian,
)
from spi_verify.programs.language.terms import ActionProfile, Element, replaced
from spi_verify.programs.running.base_games import PureBase
from spi_verify.programs.running.execution import Execution, ProgramGame


def violations_of(claim: SetClaim) -> tuple[str, ...]:
    """Return what a claim can be violated by."""
    match claim:
        case SetFunctionClaim():
            return ("worse-offer", "no-offer")
        case AgreementClaim():
            return ("agreement-left-out", "agreement-outsider", "selected")
        case ProfileClaim(kind="spi"):
            return ("renegotiated-loss", "nothing-gained")
        case ProfileClaim():
            return ("renegotiated-loss",)
        case PrefersClaim():
            return ("not-preferred",) if claim.exactly is None else ("weights",)
        case ExtensionClaim(kind="pmp-extension-safe"):
            return ("extension-hurts",)
        case ExtensionClaim():
            return ("extension-punished",)
        case TransitiveClaim():
            return ("not-transitive",)


def _worse_offer(claim: SetFunctionClaim, instance: Instance, v: Violation) -> None:
    sets = sets_of(instance)
    functions = _against(claim, sets, v)
    position = stated_position(sets, v["outcome"])
    scope = _scope(sets, functions, Utilitarian(), position, claim.player)
    offered, before = stated_element(sets, v["offered"]), sets.base.payoffs(sets.play(position))
    if not accepts(functions[claim.player - 1], scope, offered):
        raise Rejected(f"{claim.function} does not offer {texts_shown(v['offered'])}")
    i = stated_player(sets, v)
    after = sets.base.payoffs(sets.base.agreed(offered))
    require_same(v, "before", before[i - 1])
    require_same(v, "after", after[i - 1])
    if not after[i - 1] < before[i - 1]:
        raise Rejected(f"player {i} does not lose: {after[i - 1]} is not less than {before[i - 1]}")


def _no_offer(claim: SetFunctionClaim, instance: Instance, v: Violation) -> None:
    sets = sets_of(instance)
    functions = _against(claim, sets, v)
    own = functions[claim.player - 1]
    if extends(own):
        raise Rejected("an extension may offer something better")
    for position in range(instance.points.count):
        scope = _scope(sets, functions, Utilitarian(), position, claim.player)
        here = sets.base.payoffs(sets.play(position))
        if any(u != here for u in _extremes(sets, own, scope)):
            raise Rejected(f"something else is offered at {shown_position(sets, position)}")
        if instance.correlated and not empty_elsewhere(own, scope):
            raise Rejected("lotteries that the file does not name may be improved")


def _extremes(sets: Sets, function: SetFunction, scope: Round) -> list[Payoffs]:
    if isinstance(sets.base, PureBase):
        everything = sets.base.game.outcomes()
        return [sets.base.payoffs(x) for x in everything if accepts(function, scope, x)]
    if sets.players == 2:
        whole = feasible(sets.base)
        return [u for system in systems(function, scope) for u in corners_of((*system, *whole))]
    return [corner for piece in function.value(scope).pieces for corner in piece]


def _against(claim: SetFunctionClaim, sets: Sets, v: Violation) -> tuple[SetFunction, ...]:
    sets.require_player(claim.player)
    with located(where="function"):
        function = sets.function(claim.function)
    if len(v["against"]) != sets.players:
        raise InputError("a function for each player is needed", where="against")
    functions = []
    for j, text in enumerate(v["against"], start=1):
        if (text is None) != (j == claim.player):
            raise InputError("all functions but the player's own are needed", where="against")
        functions.append(function if text is None else _function(sets, text))
    return tuple(functions)


def _function(sets: Sets, text: str) -> SetFunction:
    if text in sets.instance.sets:
        return sets.function(text)
    with located(where="against"):
        return sets.written(text)


def _agreement_point(claim: AgreementClaim, instance: Instance, v: Violation) -> None:
    sets = sets_of(instance)
    _, _, wanted, _ = _stated_agreement(claim, sets, v)
    if wanted is None:
        raise Rejected("the claim states no agreement set")
    point = stated_element(sets, v["point"])
    agreed = point in stated_set(sets, v["agreement"])
    if agreed == (point in wanted):
        raise Rejected(f"the claim is right about {texts_shown(v['point'])}")
    if agreed != (v["violates"] == "agreement-left-out"):
        raise Rejected("it is the other way round")


def _selected(claim: AgreementClaim, instance: Instance, v: Violation) -> None:
    sets = sets_of(instance)
    _, payoffs, _, selected = _stated_agreement(claim, sets, v)
    wrong = selected is not None and v["selected"] != selected
    if claim.pays is not None:
        wrong = wrong or payoffs != payoff_profile(claim.pays, sets.players, "pays")
    if not wrong:
        raise Rejected(f"{texts_shown(v['selected'])} is what the claim says")


def _stated_agreement(
    claim: AgreementClaim, sets: Sets, v: Violation
) -> tuple[SetProfile, Payoffs, OutcomeSet | None, list[str] | None]:
    profile, how = profile_of(claim, sets)
    position = outcome_of(claim, sets, profile)
    if position != stated_position(sets, v["outcome"]):
        raise Rejected("the claim is about another outcome")
    payoffs = _run(sets, profile.functions, how, v)
    return profile, payoffs, claimed_agreement(claim, sets), claimed_selected(claim, sets)


def _loss(claim: ProfileClaim, instance: Instance, v: Violation) -> None:
    sets = sets_of(instance)
    profile, how = profile_of(claim, sets)
    position = stated_default(sets, profile, v)
    after = _run(sets, profile.functions, how, v)
    i = stated_player(sets, v)
    least = sets.base.payoffs(sets.play(position))[i - 1]
    if claim.kind == "pmm-guarantee":
        least = max(least, instance.feasible.pareto_meet_minimum[i - 1])
    require_same(v, "least", least)
    require_same(v, "gets", after[i - 1])
    if not after[i - 1] < least:
        raise Rejected(f"player {i} gets {after[i - 1]}, no less than {least}")


def _nothing_gained(claim: ProfileClaim, instance: Instance, v: Violation) -> None:
    sets = sets_of(instance)
    profile, how = profile_of(claim, sets)
    selection = stated_selection(sets, how, v["selection"])
    if v["defaults"] != len(profile.defaults):
        raise Rejected(f"there are {len(profile.defaults)} default outcomes")
    for position in profile.defaults:
        after = _play(sets, profile.functions, selection, position)[1]
        if after != sets.base.payoffs(sets.play(position)):
            raise Rejected(f"somebody's payoff changes from {shown_position(sets, position)}")


def _believed(claim: PrefersClaim, sets: Sets, v: Violation) -> list[tuple[Fraction, Fraction]]:
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
                payoffs = _run(sets, functions, how, row)
            else:
                selection = stated_selection(sets, how, row["selection"])
                played, payoffs = _play(sets, functions, selection, position)
                require_same_text("selected_with_other", row[key], _as_text(sets, played, payoffs))
            paid.append(payoffs[claim.player - 1])
        require_same(row, "earns", paid[0])
        require_same(row, "other_earns", paid[1])
        earned.append((paid[0], paid[1]))
    return earned


def _not_preferred(claim: PrefersClaim, instance: Instance, v: Violation) -> None:
    earned = _believed(claim, sets_of(instance), v)
    difference = Fraction(0)
    for (mine, other), row, believed in zip(earned, v["believed"], claim.beliefs, strict=True):
        weight = stated_number(believed.weight if believed.weight is not None else 0)
        require_same(row, "weight", weight)
        difference += weight * (mine - other)
    by = stated_number(claim.by)
    require_same(v, "difference", difference)
    require_same(v, "by", by)
    if not difference < by:
        raise Rejected(f"{difference} is not less than {by}")


def _weights(claim: PrefersClaim, instance: Instance, v: Violation) -> None:
    earned = _believed(claim, sets_of(instance), v)
    (mine, other), (mine_2, other_2) = earned
    by = stated_number(claim.by)

    def surplus(weight: Fraction) -> Fraction:
        return weight * (mine - other) + (1 - weight) * (mine_2 - other_2) - by

    actual = [stated_number(end) for end in v["actual"]]
    claimed = [stated_number(end) for end in claim.exactly or []]
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


def _extended(
    claim: ExtensionClaim, sets: Sets, v: Violation
) -> tuple[SetProfile, str, tuple[SetFunction, ...]]:
    sets.require_player(claim.player)
    if v["profile"] not in claim.profiles:
        raise Rejected(f"the claim does not speak of profile {v['profile']}")
    profile = sets.profile(v["profile"])
    how = profile.selection if claim.selection is None else claim.selection
    own = PMPExtension(profile.functions[claim.player - 1])
    return profile, how, replaced(profile.functions, claim.player, own)


def _extension_hurts(claim: ExtensionClaim, instance: Instance, v: Violation) -> None:
    sets = sets_of(instance)
    profile, how, extended = _extended(claim, sets, v)
    stated_default(sets, profile, v)
    i = claim.player
    if v["player"] != i:
        raise Rejected(f"the claim is about player {i}")
    before = _run(sets, profile.functions, how, v)[i - 1]
    changed = dict(v)
    for key in ("sets", "agreement", "selected"):
        changed[key] = v[f"extended_{key}"]
    after = _run(sets, extended, how, changed)[i - 1]
    require_same(v, "before", before)
    require_same(v, "after", after)
    if not after < before:
        raise Rejected(f"player {i} does not lose: {after} is not less than {before}")


def _extension_punished(claim: ExtensionClaim, instance: Instance, v: Violation) -> None:
    sets = sets_of(instance)
    profile, how, extended = _extended(claim, sets, v)
    selection = stated_selection(sets, how, v["selection"])
    position, j, i = stated_position(sets, v["outcome"]), stated_player(sets, v), claim.player
    if j == i:
        raise Rejected("the player's own set is not a response")
    reached = _play(sets, profile.functions, selection, position)[1]
    stated = {key: stated_set(sets, v[key]) for key in ("before", "after", "allowed")}
    for key, functions in (("before", profile.functions), ("after", extended)):
        scope = _scope(sets, functions, selection, position, j)
        if not _is_set(sets, scope, [j], stated[key]):
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


def _not_transitive(claim: TransitiveClaim, instance: Instance, v: Violation) -> None:
    sets = sets_of(instance)
    selection = sets.selection(claim.selection)
    small = [stated_element(sets, x) for x in v["set"]]
    added = [stated_element(sets, x) for x in v["added"]]
    if not small or not added:
        raise Rejected("the sets are not empty")
    listed = _family(claim, sets)
    for part in (small, added):
        if claim.outcomes is not None:
            fits = set(part) <= set(listed[0])
        else:
            fits = any(set(part) == set(members) for members in listed)
        if not fits:
            raise Rejected("the claim is not about these sets")
    picked = _pick(sets, selection, small)
    from_both = _pick(sets, selection, list(dict.fromkeys([*small, *added])))
    require_same_text("selected", v["selected"], _shown_element(picked))
    require_same_text("selected_from_both", v["selected_from_both"], _shown_element(from_both))
    before, after = (sets.base.payoffs(sets.base.agreed(x)) for x in (picked, from_both))
    for x in added:
        here = sets.base.payoffs(sets.base.agreed(x))
        if any(a < b for a, b in zip(here, before, strict=True)):
            raise Rejected(f"{_shown_element(x)} does not weakly improve on what is selected")
    i = stated_player(sets, v)
    require_same(v, "before", before[i - 1])
    require_same(v, "after", after[i - 1])
    if not after[i - 1] < before[i - 1]:
        raise Rejected(f"player {i} does not get less")


def _family(claim: TransitiveClaim, sets: Sets) -> list[list[Element]]:
    """Return the sets that a claim lists, as elements of sets: with lotteries, as points."""
    given = claim.sets or [] if claim.outcomes is None else [claim.outcomes]
    base = sets.base
    return [[base.element(base.agreed(x)) for x in sets.elements(listed)] for listed in given]


def _pick(sets: Sets, selection: Selection, members: list[Any]) -> Any:
    """Return the choice from a finite set: the best score among the efficient, by one loop."""
    base = sets.base
    if isinstance(selection, SelectionTable):
        return selection.look_up(members)
    assert isinstance(selection, Scoring)
    paid = {x: base.payoffs(base.agreed(x)) for x in members}
    ideal = tuple(max(column) for column in zip(*paid.values(), strict=True))
    if sets.instance.correlated:
        ordered = sorted(paid, key=lambda x: paid[x], reverse=True)
    else:
        ordered = sorted(paid, key=base.game.index)
    best: Any = None
    for x in ordered:
        dominated = any(
            u != paid[x] and all(a >= b for a, b in zip(u, paid[x], strict=True))
            for u in paid.values()
        )
        if dominated:
            continue
        score = selection.score(paid[x], ideal)
        if best is None or score > best[0]:
            best = score, x
    return paid[best[1]] if sets.instance.correlated else best[1]


def _shown_element(element: Any) -> list[str]:
    return [str(part) for part in element]


def _run(sets: Sets, functions: tuple[SetFunction, ...], how: str, v: Violation) -> Payoffs:
    """Recompute the stated sets, run CSR programs, and return what they pay."""
    selection = stated_selection(sets, how, v["selection"])
    position = stated_position(sets, v["outcome"])
    if len(v["sets"]) != sets.players:
        raise InputError("a set for each player is needed", where="sets")
    scope = _scope(sets, functions, selection, position, 1)
    for j, stated in enumerate(v["sets"], start=1):
        if not _is_set(sets, scope, [j], stated_set(sets, stated)):
            raise Rejected(f"player {j}'s set at {shown_position(sets, position)} is another")
    if not _is_set(sets, scope, list(sets.base.players), stated_set(sets, v["agreement"])):
        raise Rejected(f"the agreement set at {shown_position(sets, position)} is another")
    played, payoffs = _play(sets, functions, selection, position)
    require_same_text("selected", v["selected"], _as_text(sets, played, payoffs))
    return payoffs


def _play(
    sets: Sets, functions: tuple[SetFunction, ...], selection: Selection, position: int
) -> tuple[ActionProfile, Payoffs]:
    """Run Algorithm 2 with programs whose defaults play the outcome at a position.

    Where offers are not listed as actions, no program names one; Algorithm 2 starts from there.
    """
    actions = sets.play(position)
    if isinstance(sets.instance.game, AgreementGame):
        reached = Execution(sets.base).renegotiated(functions, selection, actions)
        return reached, sets.base.payoffs(reached)
    programs = [
        CSR(selection, Always(action), function)
        for action, function in zip(actions, functions, strict=True)
    ]
    game = ProgramGame(sets.base)
    played = game.outcome(programs)
    return played, sets.base.payoffs(played)


def _as_text(sets: Sets, played: ActionProfile, payoffs: Payoffs) -> list[str]:
    return texts(payoffs) if sets.instance.correlated else [str(action) for action in played]


def _scope(
    sets: Sets,
    functions: tuple[SetFunction, ...],
    selection: Selection,
    position: int,
    player: int,
) -> Round:
    scope = scope_at(sets.base, functions, selection, sets.play(position))
    return Round(scope.execution, player, functions, selection, scope.outcome)


def _is_set(sets: Sets, scope: Round, players: list[int], stated: OutcomeSet) -> bool:
    if isinstance(sets.base, PureBase):
        found = frozenset(set_of(scope, players[0]))
        for j in players[1:]:
            found = found & frozenset(set_of(scope, j))
        return bool(found == stated)
    return same_set(scope, players, stated)


CONFIRM: Mapping[str, Callable[[Any, Instance, Violation], None]] = {
    "worse-offer": _worse_offer,
    "no-offer": _no_offer,
    "agreement-left-out": _agreement_point,
    "agreement-outsider": _agreement_point,
    "selected": _selected,
    "renegotiated-loss": _loss,
    "nothing-gained": _nothing_gained,
    "not-preferred": _not_preferred,
    "weights": _weights,
    "extension-hurts": _extension_hurts,
    "extension-punished": _extension_punished,
    "not-transitive": _not_transitive,
}
