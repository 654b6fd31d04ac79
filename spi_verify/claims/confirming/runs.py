"""Running programs from a stated outcome, and comparing with what a violation states.

Programs are run as CSR programs (Algorithm 2); sets are recomputed by
:mod:`spi_verify.claims.confirming.recompute`.
"""

from __future__ import annotations

from spi_verify.claims.about_sets import ExtensionClaim
from spi_verify.claims.confirming.recompute import same_set, scope_at, set_of
from spi_verify.claims.confirming.stated import require_same, require_same_text, stated_position
from spi_verify.claims.confirming.stated_sets import (
    shown_position,
    stated_default,
    stated_player_of,
    stated_selection,
    stated_set,
)
from spi_verify.claims.kind import Violation
from spi_verify.claims.sets import SetProfile, Sets
from spi_verify.claims.words import texts
from spi_verify.errors import InputError, Rejected
from spi_verify.games.agreements import AgreementGame
from spi_verify.games.game import Payoffs
from spi_verify.programs.language.base import OutcomeSet
from spi_verify.programs.language.functions import PMPExtension, Round, SetFunction
from spi_verify.programs.language.programs import CSR, Always
from spi_verify.programs.language.selections import Selection
from spi_verify.programs.language.terms import ActionProfile, replaced
from spi_verify.programs.running.base_games import PureBase
from spi_verify.programs.running.execution import Execution, ProgramGame


def run(sets: Sets, functions: tuple[SetFunction, ...], how: str, v: Violation) -> Payoffs:
    """Recompute the stated sets, run CSR programs, and return what they pay."""
    selection = stated_selection(sets, how, v["selection"])
    position = stated_position(sets.instance, v)
    if len(v["sets"]) != sets.players:
        raise InputError("a set for each player is needed", where="sets")
    scope = scope_of(sets, functions, selection, position, 1)
    for j, stated in enumerate(v["sets"], start=1):
        if not is_set(sets, scope, [j], stated_set(sets, stated)):
            raise Rejected(f"player {j}'s set at {shown_position(sets, position)} is another")
    if not is_set(sets, scope, list(sets.base.players), stated_set(sets, v["agreement"])):
        raise Rejected(f"the agreement set at {shown_position(sets, position)} is another")
    played, payoffs = play(sets, functions, selection, position)
    require_same_text("selected", v["selected"], as_text(sets, played, payoffs))
    return payoffs


def play(
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


def as_text(sets: Sets, played: ActionProfile, payoffs: Payoffs) -> list[str]:
    """Return what is played as a violation states it: with lotteries by what it pays."""
    return texts(payoffs) if sets.instance.correlated else [str(action) for action in played]


def scope_of(
    sets: Sets,
    functions: tuple[SetFunction, ...],
    selection: Selection,
    position: int,
    player: int,
) -> Round:
    """Return what a player's function sees at the outcome at a position."""
    scope = scope_at(sets.base, functions, selection, sets.play(position))
    return Round(scope.execution, player, functions, selection, scope.outcome)


def is_set(sets: Sets, scope: Round, players: list[int], stated: OutcomeSet) -> bool:
    """Whether what these players' sets have in common is exactly what is stated."""
    if isinstance(sets.base, PureBase):
        found = frozenset(set_of(scope, players[0]))
        for j in players[1:]:
            found = found & frozenset(set_of(scope, j))
        return bool(found == stated)
    return same_set(scope, players, stated)


def confirm_renegotiated_loss(
    sets: Sets, profile: SetProfile, how: str, minimum: Payoffs | None, v: Violation
) -> None:
    """Recompute that a player ends below a default outcome, or below a minimum if one is given."""
    position = stated_default(sets, profile, v)
    after = run(sets, profile.functions, how, v)
    i = stated_player_of(sets, v)
    least = sets.base.payoffs(sets.play(position))[i - 1]
    if minimum is not None:
        least = max(least, minimum[i - 1])
    require_same(v, "least", least)
    require_same(v, "gets", after[i - 1])
    if not after[i - 1] < least:
        raise Rejected(f"player {i} gets {after[i - 1]}, no less than {least}")


def stated_extension(
    claim: ExtensionClaim, sets: Sets, v: Violation
) -> tuple[SetProfile, str, tuple[SetFunction, ...]]:
    """Return the stated profile, how to select, and its functions with the player's extension."""
    sets.require_player(claim.player)
    if v["profile"] not in claim.profiles:
        raise Rejected(f"the claim does not speak of profile {v['profile']}")
    profile = sets.profile(v["profile"])
    how = profile.selection if claim.selection is None else claim.selection
    own = PMPExtension(profile.functions[claim.player - 1])
    return profile, how, replaced(profile.functions, claim.player, own)
