"""Why the projections of Definition 6 have no common point, told in the paper's terms."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from spi_verify.counterexamples.programs.confirming.induced import Induced
from spi_verify.counterexamples.programs.telling.failing import announced_programs
from spi_verify.counterexamples.programs.telling.wording import Wording, listed, names
from spi_verify.games.rationals import format_profile
from spi_verify.programs.language.programs import CSR, Program
from spi_verify.theory import same_formula

if TYPE_CHECKING:
    from spi_verify.counterexamples.programs.telling.story import Telling


def projections(told: Telling) -> None:
    """Tell the projections of the default outcome, where they have no common point."""
    found = _apart(told.induced)
    if found is not None:
        paid, sets, offers = found
        named = [
            f"PMP_{i + 1} is {told.words.members(members) if members else 'empty'}"
            for i, members in enumerate(sets)
        ]
        others = [
            f"player {i + 1} offers something else"
            for i, (members, own) in enumerate(zip(sets, offers, strict=True))
            if not members and own
        ]
        aside = f", so that {listed(others, 'and')}" if others else ""
        told.say(
            f"Everybody offers their projections of {format_profile(paid)}: {', '.join(named)}"
            f"{aside}."
        )


def _apart(induced: Induced) -> tuple[Any, list[Any], list[Any]] | None:
    """Return what announced programs start from, its projections without common point, and offers.

    That is told only where everybody offers theirs.
    """
    announced = announced_programs(induced)
    if announced is None:
        return None
    defaults = tuple(program.default for program in announced if isinstance(program, CSR))
    paid = induced.base.payoffs(induced.execution.profile(defaults))
    sets = [induced.base.pareto_meet_projection(i + 1, paid) for i in induced.players]
    offers, _ = offered(induced, announced)
    if not all(own <= those for own, those in zip(sets, offers, strict=True)):
        return None
    common = sets[0]
    for members in sets[1:]:
        common &= members
    return None if common else (paid, sets, offers)


def offered(induced: Induced, profile: Sequence[Program]) -> tuple[list[Any], Any]:
    """Return what CSR programs offer where they start, and what they agree on."""
    programs = [program for program in profile if isinstance(program, CSR)]
    functions = tuple(program.function for program in programs)
    start = induced.execution.profile(tuple(program.default for program in programs))
    given = (functions, programs[0].selection, start)
    offered = [induced.execution.value(i + 1, *given) for i in induced.players]
    return offered, induced.execution.agreement(*given)


def why_apart(told: Telling) -> str | None:
    """Say that all keep to what is supposed, and still have nothing to agree on."""
    found = _apart(told.induced)
    if found is None or told.induced.scenario.f:
        return None
    paid, sets, offers = found
    if all(sets):
        return (
            "the projections that everybody offers, as supposed, have no common point, so there is "
            "nothing that all can agree on"
        )
    players = [str(i + 1) for i, members in enumerate(sets) if not members]
    are = "is" if len(players) == 1 else "are"
    at = format_profile(paid)
    empty = f"{listed([f'PMP_{i}' for i in players], 'and')} of {at} {are} empty"
    pair = _first_apart(sets, offers)
    convex = told.statement.theory.correlated_randomisation()
    if not any(same_formula(h.formula, convex) for h in told.statement.hypotheses):
        whom = f"player {players[0]} has"
        if len(players) > 1:
            whom = f"players {listed(players, 'and')} have"
        return (
            f"{empty}, which Theorem 3 supposes away, so that {whom} no projection to offer, and "
            "there is nothing that all can agree on"
        )
    already = "there is nothing that all can agree on"
    if pair is not None:
        i, j = (k + 1 for k in pair)
        already = (
            f"already players {i} and {j} have nothing to agree on, as PMP_{i} and PMP_{j} of "
            f"{at} have no common point"
        )
    return (
        f"{already}; what fails is a step of Theorem 3, on whose assumptions this rests: that "
        "everybody's projections are nonempty because action sets are continuous, and so have a "
        f"common point. With {len(sets)} players it does not follow that they are nonempty: all "
        f"lotteries are feasible here, and yet {empty}"
    )


def _first_apart(sets: Sequence[Any], offers: Sequence[Any]) -> tuple[int, int] | None:
    """Return the first two players, from 0, who have projections and offer nothing in common."""
    pairs = itertools.combinations(range(len(sets)), 2)
    return next(
        ((i, j) for i, j in pairs if sets[i] and sets[j] and not offers[i] & offers[j]), None
    )


def why_missed(told: Telling) -> str | None:
    """Say what a common point of projections would pay, where nothing pays it."""
    induced = told.induced
    if induced.scenario.correlated:
        return None
    payoffs, least = induced.base.payoffs, induced.base.pareto_meet_minimum
    for a in induced.outcomes:
        sets = [induced.base.pareto_meet_projection(i + 1, payoffs(a)) for i in induced.players]
        if not all(sets):
            continue
        level = tuple(map(max, payoffs(a), least))
        if not any(payoffs(x) == level for x in induced.base.game.outcomes()):
            return (
                f"a common point would pay {format_profile(level)}, everybody's payoff in "
                f"({names(a)}) or the PMM if that is more, and no outcome pays that"
            )
    return None


def projections_miss(induced: Induced, words: Wording) -> str | None:
    """Say at which outcome projections have no common point."""
    tables = induced.structure.tables
    for a in range(len(induced.outcomes)):
        if not tables["has_projections"][(a,)]:
            continue
        if not any(
            all(tables["pmp"][(i, x, a)] for i in induced.players)
            for x in range(len(induced.outcomes))
        ):
            sets = [
                words.members(
                    induced.base.pareto_meet_projection(
                        i + 1, induced.base.payoffs(induced.outcomes[a])
                    )
                )
                for i in induced.players
            ]
            named = [f"PMP_{i + 1} = {members}" for i, members in enumerate(sets)]
            return f"at ({names(induced.outcomes[a])}), {', '.join(named)} have no common point"
    return None
