"""What the programs of a profile reach from a default outcome, and the same as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from spi_verify.claims.deciding.every import Case, look_at
from spi_verify.claims.deciding.looking import first_below, first_found
from spi_verify.claims.sets import SetProfile, Sets
from spi_verify.claims.words import texts
from spi_verify.games.game import Payoffs
from spi_verify.programs.language.base import BaseGame, OutcomeSet, as_region
from spi_verify.programs.language.functions import Functions, PMPExtension
from spi_verify.programs.language.terms import ActionProfile, Element, replaced
from spi_verify.programs.running.base_games import PureBase
from spi_verify.programs.running.execution import Execution


@dataclass(frozen=True)
class Reached:
    """What CSR programs with some functions do from a default outcome a.

    Parameters
    ----------
    case
        The base game and selection function.
    position
        a.
    sets, agreement
        RN^1(RN^-1, a), ..., RN^n(RN^-n, a), and their intersection.
    played
        ro(p, a).
    before, after
        u(a) and u(ro(p, a)).
    """

    case: Case
    position: int
    sets: tuple[OutcomeSet, ...]
    agreement: OutcomeSet
    played: ActionProfile
    before: Payoffs
    after: Payoffs


def reach(sets: Sets, case: Case, functions: Functions, position: int) -> Reached:
    """Run Algorithm 2 from a default outcome."""
    base, selection = case.base, case.selection
    execution, outcome = Execution(base), sets.play(position)
    values = tuple(execution.value(j, functions, selection, outcome) for j in base.players)
    agreement = execution.agreement(functions, selection, outcome)
    played = execution.renegotiated(functions, selection, outcome)
    return Reached(
        case, position, values, agreement, played, base.payoffs(outcome), base.payoffs(played)
    )


def all_reached(sets: Sets, how: str, functions: Functions, position: int) -> Iterator[Reached]:
    """Iterate over what is reached with every selection function that has to be looked at."""

    def run(case: Case) -> Reached:
        return reach(sets, case, functions, position)

    for _, found in look_at(sets, how, functions, run):
        yield found


def shown_element(element: Element | ActionProfile) -> list[str]:
    """Return an outcome as the names of its actions, a point as its payoffs."""
    if not isinstance(element[0], str) and isinstance(element[0], tuple):
        return texts(element[0])
    return [str(part) for part in element]


def shown_set(base: BaseGame, outcomes: OutcomeSet) -> list[Any]:
    """Return a set as plain data: its outcomes, or the corners of its convex pieces."""
    if isinstance(base, PureBase):
        return [list(outcome) for outcome in base.elements(outcomes)]
    return [[texts(corner) for corner in piece] for piece in as_region(outcomes).pieces]


def shown_played(sets: Sets, played: ActionProfile) -> list[str]:
    """Return what the players do: an outcome by its actions, with lotteries by its payoffs."""
    if sets.instance.correlated:
        return texts(sets.base.payoffs(played))
    return shown_element(played)


def shown_selected(sets: Sets, reached: Reached) -> list[str]:
    """Return what is reached: an outcome by its actions, with lotteries by its payoffs."""
    return shown_played(sets, reached.played)


def shown_run(sets: Sets, reached: Reached) -> dict[str, Any]:
    """Return default outcome, selection function, sets, agreement set and what is selected."""
    base = reached.case.base
    return {
        "outcome": sets.instance.points.reference(reached.position),
        "selection": reached.case.text(),
        "sets": [shown_set(base, value) for value in reached.sets],
        "agreement": shown_set(base, reached.agreement),
        "selected": shown_selected(sets, reached),
    }


def renegotiated_loss(
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

    return first_found(look, profile.defaults)


def extended_profiles(
    profiles: Iterable[tuple[SetProfile, str]], player: int
) -> Iterator[tuple[SetProfile, str, Functions]]:
    """Iterate over profiles with how to select, and their functions with a player's extension."""
    for profile, how in profiles:
        own = PMPExtension(profile.functions[player - 1])
        yield profile, how, replaced(profile.functions, player, own)
