"""``set-valued-renegotiation-function``: Definition 7, against all functions of the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spi_verify.claims.about_sets import SetClaim
from spi_verify.claims.confirming.recompute import (
    accepts,
    corners_of,
    empty_elsewhere,
    extends,
    feasible,
    systems,
)
from spi_verify.claims.confirming.runs import scope_of
from spi_verify.claims.confirming.stated import require_same, stated_position
from spi_verify.claims.confirming.stated_sets import (
    shown_position,
    stated_element,
    stated_player_of,
)
from spi_verify.claims.deciding.code import (
    cases,
    empty_on_lotteries,
    improves_on_lotteries,
    resolved,
    seen_by,
)
from spi_verify.claims.deciding.looking import first_below
from spi_verify.claims.deciding.reached import shown_element
from spi_verify.claims.document import OutcomeReference
from spi_verify.claims.instance import Instance
from spi_verify.claims.kind import Claim, Finding, Violation, ViolationKeys
from spi_verify.claims.panel import Panel, default_of, paid
from spi_verify.claims.sets import Sets, sets_of
from spi_verify.claims.words import shown, texts_shown, who
from spi_verify.errors import InputError, Rejected, Undecided, located
from spi_verify.games.game import Payoffs
from spi_verify.programs.deciding.definitions import corners
from spi_verify.programs.language.base import as_region
from spi_verify.programs.language.functions import (
    Functions,
    Improving,
    PMPExtension,
    Projection,
    Round,
    SetFunction,
    Tag,
)
from spi_verify.programs.language.selections import Utilitarian
from spi_verify.programs.running.base_games import PureBase
from spi_verify.programs.running.execution import Execution


class WorseOffer(ViolationKeys):
    """Against these functions (None: the player's own) a set holds something worse."""

    outcome: OutcomeReference
    against: list[str | None]
    offered: list[str]
    player: int
    before: str
    after: str


class NoOffer(ViolationKeys):
    """Against these functions, nothing better is offered at any outcome."""

    against: list[str | None]


class SetValuedRenegotiationFunction(SetClaim, kw_only=True):
    """Player ``player``'s function is a set-valued renegotiation function (Definition 7)."""

    function: str
    player: int = 1

    def check(self, instance: Instance) -> None:
        """Check that player and function exist."""
        self.function_in(sets_of(instance))

    def function_in(self, sets: Sets) -> SetFunction:
        """Return the function.

        Raises
        ------
        InputError
            When it, or the player, does not exist.
        """
        sets.require_player(self.player)
        with located(where="function"):
            return sets.function(self.function)

    def decide(self, instance: Instance) -> Finding:
        """Run the function against all that it can tell apart.

        A PMP-extension adds improvements only, so what it extends is looked at. An extension runs
        what it extends with that code in its own place, so that the extension's tag is not seen
        there.
        """
        sets = sets_of(instance)
        function = self.function_in(sets)
        own, inner = function, function
        while isinstance(inner, (PMPExtension, Tag)):
            own = inner.function if isinstance(inner, PMPExtension) else own
            inner = inner.function
        plain = Projection(1) if sets.instance.correlated and sets.players > 2 else Improving()
        count = 0
        for functions in cases(own, self.player, sets.players, plain):
            count += 1
            found = _defect(sets, self.player, functions)
            if found is None:
                continue
            if found["violates"] == "no-offer" and own is not function:
                raise Undecided(
                    "without the extension nothing better is offered; whether the "
                    "extension always adds something better is not settled"
                )
            return Finding(found)
        told = "" if count == 1 else f"; {count} cases of the others' functions are told apart"
        return Finding(
            remark=f"against all functions of the others, as is seen from how it is defined{told}"
        )

    def violations(self, _: Instance) -> Mapping[str, type[ViolationKeys]]:
        """Return that something worse is offered, or nothing better."""
        return {"worse-offer": WorseOffer, "no-offer": NoOffer}

    def confirm(self, instance: Instance, violation: Violation) -> None:
        """Read the code against the stated functions, outcome by outcome or by inequalities."""
        sets = sets_of(instance)
        functions = _against(self, sets, violation)
        if violation["violates"] == "worse-offer":
            self._confirm_worse(sets, functions, violation)
        else:
            self._confirm_nothing(sets, functions)

    def _confirm_worse(self, sets: Sets, functions: Functions, v: Violation) -> None:
        position = stated_position(sets.instance, v)
        scope = scope_of(sets, functions, Utilitarian(), position, self.player)
        offered, before = stated_element(sets, v["offered"]), sets.base.payoffs(sets.play(position))
        if not accepts(functions[self.player - 1], scope, offered):
            raise Rejected(f"{self.function} does not offer {texts_shown(v['offered'])}")
        i = stated_player_of(sets, v)
        after = sets.base.payoffs(sets.base.agreed(offered))
        require_same(v, "before", before[i - 1])
        require_same(v, "after", after[i - 1])
        if not after[i - 1] < before[i - 1]:
            raise Rejected(
                f"player {i} does not lose: {after[i - 1]} is not less than {before[i - 1]}"
            )

    def _confirm_nothing(self, sets: Sets, functions: Functions) -> None:
        own = functions[self.player - 1]
        if extends(own):
            raise Rejected("an extension may offer something better")
        for position in range(sets.instance.points.count):
            scope = scope_of(sets, functions, Utilitarian(), position, self.player)
            here = sets.base.payoffs(sets.play(position))
            if any(u != here for u in _extremes(sets, own, scope)):
                raise Rejected(f"something else is offered at {shown_position(sets, position)}")
            if sets.instance.correlated and not empty_elsewhere(own, scope):
                raise Rejected("lotteries that the file does not name may be improved")

    def story(self, violation: Violation) -> str:
        """Tell what is offered, and against what."""
        v = violation
        against = _against_shown(v)
        if v["violates"] == "worse-offer":
            return (
                f"at {shown(v['outcome'])} {self.function} offers {texts_shown(v['offered'])}"
                f"{against}, where {who(v)} gets {v['after']}, less than "
                f"{v['before']}; Definition 7 allows improvements only"
            )
        return (
            f"{self.function} offers nothing better for anyone, from no outcome{against}; "
            "Definition 7 asks for a strict improvement"
        )

    def panels(self, instance: Instance, violation: Violation) -> list[Panel]:
        """Draw what is offered that is worse."""
        if violation["violates"] != "worse-offer":
            return []
        offered = [(paid(violation["offered"], instance), "offered")]
        title = f"{self.function} offers a loss"
        return [Panel(title, {}, [default_of(violation, instance)], offered)]


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
    taken = resolved(functions[player - 1], seen_by(execution, player, functions, sets.play(0)))
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


def _against(
    claim: SetValuedRenegotiationFunction, sets: Sets, v: Violation
) -> tuple[SetFunction, ...]:
    """Return the stated functions, with the claim's in the player's place."""
    own = claim.function_in(sets)
    if len(v["against"]) != sets.players:
        raise InputError("a function for each player is needed", where="against")
    functions = []
    for j, text in enumerate(v["against"], start=1):
        if (text is None) != (j == claim.player):
            raise InputError("all functions but the player's own are needed", where="against")
        functions.append(own if text is None else _stated_function(sets, text))
    return tuple(functions)


def _stated_function(sets: Sets, text: str) -> SetFunction:
    if text in sets.instance.sets:
        return sets.function(text)
    with located(where="against"):
        return sets.written(text)


def _extremes(sets: Sets, function: SetFunction, scope: Round) -> list[Payoffs]:
    if isinstance(sets.base, PureBase):
        everything = sets.base.game.outcomes()
        return [sets.base.payoffs(x) for x in everything if accepts(function, scope, x)]
    if sets.players == 2:
        whole = feasible(sets.base)
        return [u for system in systems(function, scope) for u in corners_of((*system, *whole))]
    return [corner for piece in as_region(function.value(scope)).pieces for corner in piece]


def _against_shown(v: Violation) -> str:
    named = [
        f"{_short(other)} of {who(v, j)}" for j, other in enumerate(v["against"], start=1) if other
    ]
    return f" against {' and '.join(named)}"


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


FORMS: tuple[type[Claim], ...] = (SetValuedRenegotiationFunction,)
