"""How the conclusions fail of this paper's statements, told in its terms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from spi_verify.counterexamples.programs.confirming.induced import Induced
from spi_verify.counterexamples.programs.telling.failing import (
    announced_programs,
    extended_profile,
    loser_by,
    telling_profile,
    worse_off,
)
from spi_verify.counterexamples.programs.telling.teller import Teller
from spi_verify.counterexamples.programs.telling.wording import Wording, names
from spi_verify.programs.deciding.best_responses import Optimality
from spi_verify.programs.language.functions import Outcomes
from spi_verify.programs.language.programs import CSR, Always, Program, Renegotiation
from spi_verify.programs.language.terms import replaced

if TYPE_CHECKING:
    from spi_verify.counterexamples.programs.telling.story import Telling


class Replacement(NamedTuple):
    """A program, its extension, and a believed profile against which it pays somebody less.

    Parameters
    ----------
    player
        Whose program is replaced, from 0.
    program, extension
        The two.
    profile
        The number of the profile.
    loser
        Who loses by it, from 0.
    before, after
        What it pays the loser.
    """

    player: int
    program: Program
    extension: Program
    profile: int
    loser: int
    before: Any
    after: Any


def hurting_extension(induced: Induced) -> Replacement | None:
    """Return a program whose extension pays somebody less against a believed profile."""
    tables, programs = induced.structure.tables, induced.programs
    for c, (i, one) in enumerate(programs):
        for d, (j, other) in enumerate(programs):
            if i != j or c == d or not tables["pmp_extension"][(i, c, d)]:
                continue
            for p in range(len(induced.profiles)):
                if not tables["believed"][(i, p)] or not tables["others_csr"][(0, p, i)]:
                    continue
                before, after = (
                    induced.base.payoffs(
                        induced.outcomes[tables["outcome"][(tables["replace"][(p, i, program)],)]]
                    )
                    for program in (c, d)
                )
                loser = loser_by(before, after)
                if loser is not None:
                    return Replacement(i, one, other, p, loser, before[loser], after[loser])
    return None


def _extension_hurts(induced: Induced, words: Wording) -> str | None:
    found = hurting_extension(induced)
    if found is None:
        return None
    against = [
        words.name(j, program)
        for j, program in enumerate(induced.profile(found.profile))
        if j != found.player
    ]
    return (
        f"replacing {words.name(found.player, found.program)} by its PMP-extension "
        f"{words.extension(found.player, found.extension)} against {' and '.join(against)} pays "
        f"player {found.loser + 1} {found.after} instead of {found.before}"
    )


def replacement(told: Telling) -> None:
    """Tell what a program and its extension reach against programs that are believed in."""
    found = hurting_extension(told.induced)
    if found is None:
        return
    profile = told.induced.profile(found.profile)
    told.words.call_extension(found.player, found.extension, found.program)
    told.meet(replaced(profile, found.player + 1, found.program))
    extended = replaced(profile, found.player + 1, found.extension)
    told.add(found.player, extended)
    told.meet(extended)


def _below_the_pmm(induced: Induced, words: Wording) -> str | None:
    least = induced.base.pareto_meet_minimum
    if induced.scenario.equilibrium:
        extended = extended_profile(induced)
        if extended is None:
            return _no_extension(induced, words)
        paid, name = induced.game.utilities(extended), "the extended profile"
    else:
        announced = announced_programs(induced)
        if announced is None:
            return None
        paid, name = induced.game.utilities(announced), "the profile with these functions"
    for i, (u, pmm) in enumerate(zip(paid, least, strict=True)):
        if u < pmm:
            return f"{name} pays player {i + 1} {u}, less than the PMM of {pmm}"
    return None


def _not_guaranteed(induced: Induced, words: Wording) -> str | None:
    below = None if induced.scenario.f else _below_the_pmm(induced, words)
    if below is not None:
        return below
    before, after, p = telling_profile(induced)
    worse = worse_off(induced, words, p, before, after)
    if worse is not None:
        return worse
    least, paid = induced.base.pareto_meet_minimum, induced.base.payoffs(after)
    i = loser_by(least, paid)
    if i is None:
        return None
    return (
        f"at {words.profile(induced.profile(p))} f pays player {i + 1} {paid[i]}, less than the "
        f"PMM of {least[i]}"
    )


def _no_extension(induced: Induced, words: Wording) -> str | None:
    for i, program in enumerate(induced.scenario.equilibrium):
        if not isinstance(program, CSR):
            return (
                f"player {i + 1} uses {words.name(i, program)}, which is no CSR program and has no "
                "PMP-extension"
            )
    return None


def _no_renegotiating_equilibrium(induced: Induced, words: Wording) -> str:
    renegotiating = [
        (i, c) for c, (i, p) in enumerate(induced.programs) if isinstance(p, Renegotiation)
    ]
    if not renegotiating:
        return "there is no renegotiation function and hence no renegotiation program"
    tables = induced.structure.tables
    for c, (i, program) in enumerate(induced.programs):
        plain = (i, c) not in renegotiating and tables["optimal"][(i, c)]
        wrapped = [d for j, d in renegotiating if j == i]
        if plain and wrapped and not any(tables["optimal"][(i, d)] for d in wrapped):
            best = max(tables["expected"][(i, d)] for d in wrapped)
            return (
                f"player {i + 1}'s program {words.name(i, program)} earns "
                f"{tables['expected'][(i, c)]}, and no renegotiation program earns more than "
                f"{best}: none is used in equilibrium"
            )
    return "no profile of renegotiation programs is a subjective equilibrium"


def worse_extension(induced: Induced, extended: Sequence[Program]) -> tuple[int, Optimality] | None:
    """Return whose extension is not optimal, from 0, and by which program."""
    for i, program in enumerate(extended):
        d = induced.programs.index((i, program))
        if not induced.structure.tables["optimal"][(i, d)] and (i, d) in induced.optimality:
            return i, induced.optimality[i, d]
    return None


def _no_extended_equilibrium(induced: Induced, words: Wording) -> str | None:
    extended = extended_profile(induced)
    if extended is None:
        return _no_extension(induced, words)
    found = worse_extension(induced, extended)
    if found is None:
        return None
    i, optimality = found
    better = ""
    if optimality.better is not None:
        another = not isinstance(optimality.better, Always) and (
            optimality.better not in induced.scenario.equilibrium
        )
        better = (
            f": {'another program, ' if another else ''}{words.name(i, optimality.better)}"
            f"{',' if another else ''} earns {optimality.better_value}"
        )
    return f"player {i + 1}'s extension earns {optimality.value} and is not optimal{better}"


def against_beliefs(told: Telling, extended: Sequence[Program]) -> bool:
    """Tell what an extension that is not optimal reaches against whom its player expects.

    That is said where it is certain to the player, and somebody else than the extensions.
    """
    induced, words = told.induced, told.words
    found = worse_extension(induced, extended)
    if found is None or found[1].better is None:
        return False
    i, better = found[0], found[1].better
    support = induced.scenario.beliefs[i].support
    opponents = support[0][0]
    if len(support) > 1 or opponents == (*extended[:i], *extended[i + 1 :]):
        return False
    ends = [
        (program, induced.game.outcome((*opponents[:i], program, *opponents[i:])))
        for program in (extended[i], better)
    ]
    own, other = [f"{words.name(i, p)} reaches {words.outcome(end)}" for p, end in ends]
    others, aside = told.opponents(i, opponents), words.aside()
    told.say(f"Against {others}, {own}, and {other}{aside}.")
    return True


def _not_offered(induced: Induced, words: Wording) -> str | None:
    extended = extended_profile(induced)
    if extended is None:
        return None
    tables = induced.structure.tables
    q = induced.profile_numbers[
        tuple(induced.programs.index((i, program)) for i, program in enumerate(extended))
    ]
    functions = tables["functions"][(q,)]
    point = tables["outcome"][(tables["defaults"][(q,)],)]
    reached = tables["renegotiated"][(0, functions, point)]
    for i in induced.players:
        offered = tables["offers"][(i, tables["component"][(i, functions)], functions, point)]
        for x in range(len(induced.outcomes)):
            if tables["pmp"][(i, x, reached)] and not tables["member"][(x, offered)]:
                return (
                    f"PMP_{i + 1} of {words.outcome(induced.outcomes[reached])}, where the "
                    f"extensions end, has {words.outcome(induced.outcomes[x])}, but player "
                    f"{i + 1}'s extension does not offer it"
                )
    return None


def _no_csr_program(induced: Induced, words: Wording) -> str:
    tables = induced.structure.tables
    if Outcomes(()) in [function for _, function in induced.set_functions]:
        for i, program in enumerate(induced.scenario.equilibrium):
            c = induced.programs.index((i, program))
            for p in range(len(induced.profiles)):
                default = tables["defaults"][(p,)]
                acts = [tables["plays"][(i, c, against)] for against in (p, default)]
                if tables["others_csr"][(0, p, i)] and acts[0] != acts[1]:
                    played, refused = (induced.actions[k] for k in acts)
                    others = [words.name(j, o) for j, o in enumerate(induced.profile(p)) if j != i]
                    return (
                        f"against {' and '.join(others)} player {i + 1}'s program "
                        f"{words.name(i, program)} plays {played}, and one that refuses "
                        f"everything, with it as its default, {refused}"
                    )
    return (
        "no CSR program refuses everything, as the proof's does: Definition 7 makes each of them "
        "accept some strict improvement"
    )


def _no_printed_functions(_: Induced, __: Wording) -> str:
    return (
        "the printed functions offer at every outcome just what is selected there, which is never "
        "better than the outcome: Definition 7 does not count them, and no CSR program uses them"
    )


def _projections_miss(induced: Induced, words: Wording) -> str | None:
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


TELLERS = {
    "app-c": Teller(_no_printed_functions),
    "def-6-meet": Teller(_projections_miss),
    "prop-2": Teller(_no_renegotiating_equilibrium),
    "prop-4-pmm": Teller(_not_guaranteed),
    "thm-3-equilibrium": Teller(_no_extended_equilibrium, extensions=against_beliefs),
    "thm-3-improves": Teller(_extension_hurts, meetings=replacement),
    "thm-3-inclusion": Teller(_not_offered),
    "thm-3-pmm": Teller(_below_the_pmm),
    "thm-3-wlog-csr": Teller(_no_csr_program),
}
"""For each id of a statement, what tells how its conclusion fails, in anybody's statement."""
