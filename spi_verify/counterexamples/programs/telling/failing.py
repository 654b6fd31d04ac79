"""What fails in a counterexample made of programs: the conclusion, in one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from spi_verify.counterexamples.programs.confirming.induced import Induced
from spi_verify.counterexamples.programs.extensions import is_extension
from spi_verify.counterexamples.programs.telling.wording import Wording, names
from spi_verify.counterexamples.statements.labels import goal_of
from spi_verify.games.game import Payoffs
from spi_verify.obligations.statements import Statement
from spi_verify.programs.deciding.best_responses import Optimality
from spi_verify.programs.language.functions import Outcomes
from spi_verify.programs.language.programs import CSR, Always, Program, Renegotiation
from spi_verify.theory import same_formula
from spi_verify.theory.evaluate import why_not


@dataclass(frozen=True)
class Replacement:
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


def conclusion(statement: Statement, induced: Induced, words: Wording) -> str:
    """Return in one sentence what fails, and by how much; programs go by their names."""
    if same_formula(statement.goal.formula, statement.theory.axiom("spi")):
        return _spi(induced, words)
    told = {
        "csr-is-no-loss": _no_csr_program,
        "extended-is-equilibrium": _no_extended_equilibrium,
        "extended-pays-the-pmm": _below_the_pmm,
        "extension-hurts-nobody": _extension_hurts,
        "pmm-is-guaranteed": _not_guaranteed,
        "printed-functions-select-the-same": _no_printed_functions,
        "projections-are-offered": _not_offered,
        "projections-meet": _projections_miss,
        "renegotiators-are-equilibrium": _no_renegotiating_equilibrium,
    }.get(str(goal_of(statement)))
    sentence = None if told is None else told(induced, words)
    if sentence is None:
        sentence = f"the conclusion fails: {why_not(statement.goal.formula, induced.structure)}"
    return sentence


def announced_programs(induced: Induced) -> tuple[Program, ...] | None:
    """Return the profile of CSR programs with the functions of the scenario."""
    scenario = induced.scenario
    if scenario.selection is None:
        return None
    selection = scenario.selection
    pairs = zip(scenario.defaults, scenario.functions, strict=True)
    return tuple(CSR(selection, programs[0], function) for programs, function in pairs)


def extended_profile(induced: Induced) -> tuple[Program, ...] | None:
    """Return everybody's extension of the equilibrium's programs, where they are listed."""
    table = induced.structure.tables["pmp_extension"]
    profile = []
    for i, program in enumerate(induced.scenario.equilibrium):
        c = induced.programs.index((i, program))
        candidates = [
            other for d, (j, other) in enumerate(induced.programs) if j == i and table[(i, c, d)]
        ]
        if not candidates:
            return None
        real = [o for o in candidates if isinstance(o, CSR) and is_extension(o.function)]
        profile.append((real or candidates)[0])
    return tuple(profile)


def telling_profile(induced: Induced) -> tuple[Any, Any, int]:
    """Return what happens before and after f at a profile of default programs, and its number.

    It is the first at which somebody loses; without one, the first at which somebody gets less
    than the PMM after f, and else simply the first.
    """
    found = list(_transformed_outcomes(induced))
    payoffs, least = induced.base.payoffs, induced.base.pareto_meet_minimum
    losing = [one for one in found if _loser(payoffs(one[0]), payoffs(one[1])) is not None]
    below = [one for one in found if _loser(least, payoffs(one[1])) is not None]
    return (losing or below or found)[0]


def _transformed_outcomes(induced: Induced) -> Iterator[tuple[Any, Any, int]]:
    """Iterate over outcomes before and after f at the profiles of default programs."""
    tables = induced.structure.tables
    for p in range(len(induced.profiles)):
        chosen = induced.profiles[p]
        if not all(tables["in_default_set"][(i, c)] for i, c in enumerate(chosen)):
            continue
        image = tables["transformed"][(p,)]
        before, after = (induced.outcomes[tables["outcome"][(q,)]] for q in (p, image))
        yield before, after, p


def _spi(induced: Induced, words: Wording) -> str:
    before, after, p = telling_profile(induced)
    worse = _worse_off(induced, words, p, before, after)
    if worse is not None:
        return worse
    return "f changes nobody's payoff at any profile of default programs, so it is no SPI"


def _worse_off(induced: Induced, words: Wording, p: int, before: Any, after: Any) -> str | None:
    paid, then = induced.base.payoffs(before), induced.base.payoffs(after)
    loser = _loser(paid, then)
    if loser is None:
        return None
    return (
        f"f makes player {loser + 1} worse off at {words.profile(induced.profile(p))}: "
        f"{then[loser]} instead of {paid[loser]}"
    )


def _loser(before: Payoffs, after: Payoffs) -> int | None:
    pairs = enumerate(zip(before, after, strict=True))
    return next((i for i, (u, v) in pairs if v < u), None)


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
                loser = _loser(before, after)
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
    worse = _worse_off(induced, words, p, before, after)
    if worse is not None:
        return worse
    least, paid = induced.base.pareto_meet_minimum, induced.base.payoffs(after)
    i = _loser(least, paid)
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
