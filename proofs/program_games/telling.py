"""How the conclusions fail of this paper's statements, told in its terms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from telling_extensions import extension_hurts, replacement, why_selected
from telling_projections import offered, projections, projections_miss, why_apart, why_missed
from telling_prop_2 import (
    as_told_formerly,
    no_renegotiating_equilibrium,
    why_not_renegotiating,
    with_and_without,
)

from spi_verify.counterexamples.programs.confirming.induced import Induced
from spi_verify.counterexamples.programs.telling.extending import add
from spi_verify.counterexamples.programs.telling.failing import (
    announced_programs,
    extended_profile,
    loser_by,
    telling_profile,
    worse_off,
)
from spi_verify.counterexamples.programs.telling.teller import Teller
from spi_verify.counterexamples.programs.telling.wording import Wording
from spi_verify.games.rationals import format_profile
from spi_verify.programs.deciding.best_responses import Optimality
from spi_verify.programs.language.base import as_outcomes
from spi_verify.programs.language.functions import Outcomes
from spi_verify.programs.language.programs import CSR, Always, Program
from spi_verify.theory import same_formula

if TYPE_CHECKING:
    from spi_verify.counterexamples.programs.telling.story import Telling


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


def _why_below(told: Telling) -> str | None:
    """Say why extensions do not pay the PMM: there are none, or they add nothing to agree on."""
    induced = told.induced
    extended = extended_profile(induced)
    if extended is None:
        return _why_none("pay the PMM", told)
    added = [one for one in told.added if one is not None]
    before = induced.game.utilities(induced.scenario.equilibrium)
    gains = all(one.reached[i] > before[i] for i, one in enumerate(added))
    if len(added) != 2 or not all(one.anyway and one.alone for one in added) or not gains:
        return None
    if offered(induced, extended)[1]:
        return None
    return (
        "each extension adds projections only of what its own program would reach against the "
        "other's extension, which it offers already: so where both are extended, neither adds "
        "anything new, and they agree on nothing"
    )


def _why_none(claim: str, told: Telling) -> str | None:
    """Say that there are no extensions for all, and why the equilibrium can do without."""
    scenario = told.induced.scenario
    for i, program in enumerate(scenario.equilibrium):
        if isinstance(program, CSR):
            continue
        others = [other for those, _ in scenario.beliefs[i].support for other in those]
        expects = ""
        best = told.induced.structure.tables["optimal"]
        optimal = best[(i, told.induced.programs.index((i, program)))]
        if optimal and not any(isinstance(other, CSR) for other in others):
            expects = (
                f"player {i + 1} expects nobody to use a CSR program, and against what player "
                f"{i + 1} expects none earns more than {told.words.name(i, program)}. "
            )
        supposed = ""
        exist = told.statement.theory.axiom("extensions_exist")
        if any(same_formula(one.formula, exist) for one in told.statement.hypotheses):
            supposed = (
                "That extensions exist is supposed here, but of CSR programs only, and nothing "
                f"makes player {i + 1} use one"
            )
        so = f"so the extended profile, which is claimed to {claim}, does not exist"
        if supposed:
            return f"{expects}{supposed}; {so}"
        return f"{expects[:-2]}; {so}" if expects else so.removeprefix("so ")
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
    add(told, i, (*opponents[:i], extended[i], *opponents[i:]))
    own, other = [f"{words.name(i, p)} reaches {words.outcome(end)}" for p, end in ends]
    others, aside = told.opponents(i, opponents), words.aside()
    told.say(f"Against {others}, {own}, and {other}{aside}.")
    return True


def _not_offered(induced: Induced, words: Wording) -> str | None:
    """Say which projection of what the extensions reach one of them does not offer."""
    found = _lacking(induced)
    if found is None:
        return None
    i, x, reached = found
    return (
        f"PMP_{i + 1} of {words.outcome(induced.outcomes[reached])}, where the extensions end, has "
        f"{words.outcome(induced.outcomes[x])}, but player {i + 1}'s extension does not offer it"
    )


def _lacking(induced: Induced) -> tuple[int, int, int] | None:
    """Return whose extension lacks which projection of which outcome, all by number."""
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
                return i, x, reached
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


def _why_only_the_step(told: Telling) -> str | None:
    """Say whom the proof would replace by what, and that only this is refuted."""
    for i, program in enumerate(told.induced.scenario.equilibrium):
        if not isinstance(program, CSR):
            name = told.words.name(i, program)
            return (
                f"player {i + 1} uses {name} in this equilibrium, which is no CSR program; the "
                f"proof would replace it by the CSR program that has {name} as its default and "
                "accepts nothing, and there is none. So this step of the proof fails; whether "
                "another CSR program would do in its place is left open by this"
            )
    return None


def _printed(told: Telling) -> None:
    """Tell what the printed functions offer: what is selected from what the old ones agree on."""
    induced = told.induced
    programs = [one for one in induced.scenario.equilibrium if isinstance(one, CSR)]
    functions = tuple(program.function for program in programs)
    outcomes = list(induced.base.game.outcomes())
    moved = []
    for outcome in outcomes:
        end = induced.execution.renegotiated(functions, programs[0].selection, outcome)
        if end != outcome:
            moved.append(f"{told.words.outcome(end)}, at ({', '.join(outcome)})")
    told.say(
        "Appendix C's printed functions offer, at every outcome, only what is selected from what "
        f"the old ones agree on: {', '.join([*moved, 'the outcome itself'])}"
        f"{' elsewhere' if moved else ', everywhere'}."
    )


def _why_none_counts(told: Telling) -> str:
    """Say that only the construction fails; and whether the old functions do what is claimed."""
    construction = (
        "a function has to offer a strict improvement somewhere. So it is the printed construction "
        "that fails"
    )
    if not _agree_on_one(told.induced):
        return f"{construction}; whether other functions lead to the same outcome is left open"
    return (
        f"{construction}, and not the claim that some functions lead to the same outcome under any "
        "other selection function: the old ones do so here, since there is never more than one "
        "outcome to select from"
    )


def _agree_on_one(induced: Induced) -> bool:
    """Whether the equilibrium's functions agree on at most one outcome, wherever they start."""
    programs = [one for one in induced.scenario.equilibrium if isinstance(one, CSR)]
    functions = tuple(program.function for program in programs)
    agreements = [
        induced.execution.agreement(functions, programs[0].selection, outcome)
        for outcome in induced.base.game.outcomes()
    ]
    return not induced.scenario.correlated and all(
        len(as_outcomes(agreed)) <= 1 for agreed in agreements
    )


def _why_elsewhere(told: Telling) -> str | None:
    """Say of what an extension offers projections, where that is not where extensions end."""
    induced = told.induced
    lacking = _lacking(induced)
    if lacking is None or not told.added:
        return None
    i, _, reached = lacking
    one, end = told.added[i], induced.base.payoffs(induced.outcomes[reached])
    if one is None or one.reached == end:
        return None
    name = told.words.name(i, induced.scenario.equilibrium[i])
    where = f"which {name} would reach in its place" if one.alone else "the default outcome"
    return (
        f"player {i + 1}'s extension adds PMP_{i + 1} of {format_profile(one.reached)}, {where}, "
        f"and not of {format_profile(end)}, where the extensions end"
    )


def _no_printed_functions(_: Induced, __: Wording) -> str:
    return (
        "the printed functions offer at every outcome just what is selected there, which is never "
        "better than the outcome: Definition 7 does not count them, and no CSR program uses them"
    )


TELLERS = {
    "app-c": Teller(_no_printed_functions, further=_printed, why=_why_none_counts),
    "def-6-meet": Teller(projections_miss, why=why_missed),
    "prop-2": Teller(
        no_renegotiating_equilibrium,
        further=with_and_without,
        why=why_not_renegotiating,
        formerly=as_told_formerly,
    ),
    "prop-4-pmm": Teller(_not_guaranteed, further=projections, why=why_apart),
    "thm-3-equilibrium": Teller(
        _no_extended_equilibrium,
        extensions=against_beliefs,
        why=lambda told: _why_none("be an equilibrium", told),
    ),
    "thm-3-improves": Teller(extension_hurts, meetings=replacement, why=why_selected),
    "thm-3-inclusion": Teller(_not_offered, why=_why_elsewhere),
    "thm-3-pmm": Teller(_below_the_pmm, why=_why_below),
    "thm-3-wlog-csr": Teller(_no_csr_program, why=_why_only_the_step),
}
"""For each id of a statement, what tells how its conclusion fails, in anybody's statement."""
