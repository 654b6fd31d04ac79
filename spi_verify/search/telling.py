"""Counterexamples made of programs, told in the paper's terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from spi_verify.games.game import Payoffs
from spi_verify.games.rationals import format_profile
from spi_verify.obligations.statements import Statement
from spi_verify.programs.functions import Outcomes
from spi_verify.programs.program import CSR, Program, Renegotiation
from spi_verify.search.extensions import is_extension
from spi_verify.search.induced import Induced
from spi_verify.theory import same_formula
from spi_verify.theory.evaluate import why_not

LISTED_OUTCOMES = 6


def conclusion(statement: Statement, induced: Induced) -> str:
    """Return in one sentence what fails, and by how much."""
    base = statement.id.removesuffix("/repaired")
    if same_formula(statement.goal.formula, statement.theory.axiom("spi")):
        return _spi(induced)
    told = {
        "thm-3-improves": _extension_hurts,
        "thm-3-pmm": _below_the_pmm,
        "prop-4-pmm": _not_guaranteed,
        "prop-2": _no_renegotiating_equilibrium,
        "thm-3-equilibrium": _no_extended_equilibrium,
        "thm-3-inclusion": _not_offered,
        "thm-3-wlog-csr": _no_csr_program,
        "def-6-meet": _projections_miss,
        "app-c": _no_printed_functions,
    }.get(base)
    sentence = None if told is None else told(induced)
    if sentence is None:
        sentence = f"the conclusion fails: {why_not(statement.goal.formula, induced.structure)}"
    return sentence


def story(statement: Statement, induced: Induced) -> tuple[str, ...]:
    """Return the counterexample in a few lines."""
    scenario = induced.scenario
    lines = [_game(induced)]
    if scenario.kind is not None:
        sets = [f"P_{i + 1} = {_set(programs)}" for i, programs in enumerate(scenario.defaults)]
        lines.append(f"Default programs: {', '.join(sets)}.")
    if scenario.selection is not None:
        lines.append(f"The selection function is {scenario.selection}.")
    for i, belief in enumerate(scenario.beliefs):
        lines.append(_belief(i, belief.support))
    if scenario.rn is not None:
        lines.append(f"rn = {scenario.rn}.")
    if scenario.f:
        for i, images in enumerate(scenario.f):
            pairs = zip(scenario.defaults[i], images, strict=True)
            told = ", ".join(f"{program} to {image}" for program, image in pairs)
            lines.append(f"f takes player {i + 1}'s {told}.")
    if scenario.functions:
        named = [f"RN^{i + 1} = {function}" for i, function in enumerate(scenario.functions)]
        lines.append(f"{'; '.join(named)}.")
        lines += _offers(induced, _announced_programs(induced))
    if scenario.equilibrium:
        lines += _profile(induced, scenario.equilibrium, "p")
        extended = _extended(induced)
        if extended is not None and "pmp_extension" in statement.definitions:
            lines += _profile(induced, extended, "p'")
    return (*lines, f"So {conclusion(statement, induced)}.")


def _game(induced: Induced) -> str:
    game, base = induced.scenario.game, induced.base
    outcomes = list(game.outcomes())
    kind = "lotteries over " if induced.scenario.correlated else ""
    if len(outcomes) <= LISTED_OUTCOMES:
        table = ", ".join(
            f"u({', '.join(outcome)}) = {format_profile(base.payoffs(outcome))}"
            for outcome in outcomes
        )
        text = f"{game.number_of_players} players, {kind}{_counted(len(outcomes))}: {table}"
    else:
        shape = " x ".join(map(str, game.shape))
        text = f"{game.number_of_players} players, {kind}the outcomes of a {shape} game"
    return f"{text}; PMM = {format_profile(base.pareto_meet_minimum)}."


def _counted(outcomes: int) -> str:
    return "1 outcome" if outcomes == 1 else f"{outcomes} outcomes"


def _set(programs: Sequence[Program]) -> str:
    return f"{{{', '.join(map(str, programs))}}}"


def _belief(i: int, support: Sequence[tuple[tuple[Program, ...], Any]]) -> str:
    if len(support) == 1:
        return f"Player {i + 1} is certain of {', '.join(map(str, support[0][0]))}."
    parts = [f"{w}: {', '.join(map(str, p))}" for p, w in support]
    return f"Player {i + 1} believes {'; '.join(parts)}."


def _profile(induced: Induced, profile: tuple[Program, ...], name: str) -> list[str]:
    lines = [_program(f"{name}_{i + 1}", i, program) for i, program in enumerate(profile)]
    lines += _offers(induced, profile)
    paid = induced.game.utilities(profile)
    return [*lines, f"U({name}) = {format_profile(paid)}."]


def _program(name: str, i: int, program: Program) -> str:
    if isinstance(program, CSR):
        return f"{name} is CSR with default {program.default} and RN^{i + 1} = {program.function}."
    return f"{name} = {program}."


def _offers(induced: Induced, profile: tuple[Program, ...] | None) -> list[str]:
    """Return who offers what at the default outcome, where everybody uses CSR."""
    if profile is None or not all(isinstance(program, CSR) for program in profile):
        return []
    programs = [program for program in profile if isinstance(program, CSR)]
    functions = tuple(program.function for program in programs)
    selection = programs[0].selection
    default = induced.execution.profile(tuple(program.default for program in programs))
    offers = [
        f"player {i + 1} offers "
        + _members(induced.execution.value(i + 1, functions, selection, default))
        for i in induced.players
    ]
    agreed = induced.execution.agreement(functions, selection, default)
    if agreed:
        reached = induced.execution.renegotiated(functions, selection, default)
        end = f"they agree on {_members(agreed)} and reach {_outcome(induced, reached)}"
    else:
        end = "they agree on nothing"
    return [f"At the default outcome {_outcome(induced, default)}, {', '.join(offers)}: {end}."]


def _members(members: Any) -> str:
    if not members:
        return "nothing"
    if hasattr(members, "pieces"):
        return " and ".join(
            "-".join(format_profile(corner) for corner in piece) for piece in members.pieces
        )
    return f"{{{', '.join(f'({_names(x)})' for x in sorted(members))}}}"


def _names(outcome: Sequence[Any]) -> str:
    return ", ".join(map(str, outcome))


def _outcome(induced: Induced, outcome: Any) -> str:
    paid = format_profile(induced.base.payoffs(outcome))
    if all(isinstance(action, str) for action in outcome):
        return f"({_names(outcome)}), which pays {paid}"
    return f"the point {paid}"


def _announced_programs(induced: Induced) -> tuple[Program, ...] | None:
    scenario = induced.scenario
    if scenario.selection is None:
        return None
    selection = scenario.selection
    pairs = zip(scenario.defaults, scenario.functions, strict=True)
    return tuple(CSR(selection, programs[0], function) for programs, function in pairs)


def _extended(induced: Induced) -> tuple[Program, ...] | None:
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


def _transformed_payoffs(induced: Induced) -> Iterator[tuple[Payoffs, Payoffs, int]]:
    """Iterate over payoffs before and after f at the profiles of default programs."""
    tables = induced.structure.tables
    for p in range(len(induced.profiles)):
        chosen = induced.profiles[p]
        if not all(tables["in_default_set"][(i, c)] for i, c in enumerate(chosen)):
            continue
        before = induced.base.payoffs(induced.outcomes[tables["outcome"][(p,)]])
        image = tables["transformed"][(p,)]
        yield before, induced.base.payoffs(induced.outcomes[tables["outcome"][(image,)]]), p


def _spi(induced: Induced) -> str:
    for before, after, p in _transformed_payoffs(induced):
        loser = _loser(before, after)
        if loser is not None:
            return _worse_off(induced, p, loser, before, after)
    return "f changes nobody's payoff at any profile of default programs, so it is no SPI"


def _worse_off(induced: Induced, p: int, loser: int, before: Payoffs, after: Payoffs) -> str:
    return (
        f"f makes player {loser + 1} worse off at p = {_set(induced.profile(p))}: "
        f"{after[loser]} instead of {before[loser]}"
    )


def _loser(before: Payoffs, after: Payoffs) -> int | None:
    pairs = enumerate(zip(before, after, strict=True))
    return next((i for i, (u, v) in pairs if v < u), None)


def _extension_hurts(induced: Induced) -> str | None:
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
                    return (
                        f"replacing {one} by its extension {other} against a believed profile "
                        f"pays player {loser + 1} {after[loser]} instead of {before[loser]}"
                    )
    return None


def _below_the_pmm(induced: Induced) -> str | None:
    least = induced.base.pareto_meet_minimum
    if induced.scenario.equilibrium:
        extended = _extended(induced)
        if extended is None:
            return _no_extension(induced)
        paid, name = induced.game.utilities(extended), "the extended profile"
    else:
        announced = _announced_programs(induced)
        if announced is None:
            return None
        paid, name = induced.game.utilities(announced), "the profile with these functions"
    for i, (u, pmm) in enumerate(zip(paid, least, strict=True)):
        if u < pmm:
            return f"{name} pays player {i + 1} {u}, less than the PMM of {pmm}"
    return None


def _not_guaranteed(induced: Induced) -> str | None:
    below = None if induced.scenario.f else _below_the_pmm(induced)
    if below is not None:
        return below
    for before, after, p in _transformed_payoffs(induced):
        loser = _loser(before, after)
        if loser is not None:
            return _worse_off(induced, p, loser, before, after)
        for i, (u, pmm) in enumerate(
            zip(after, induced.base.pareto_meet_minimum, strict=True), start=1
        ):
            if u < pmm:
                return (
                    f"at p = {_set(induced.profile(p))} f pays player {i} {u}, less than the PMM "
                    f"of {pmm}"
                )
    return None


def _no_extension(induced: Induced) -> str | None:
    for i, program in enumerate(induced.scenario.equilibrium):
        if not isinstance(program, CSR):
            return (
                f"player {i + 1}'s program {program} is no CSR program, so it has no PMP-extension"
            )
    return None


def _no_renegotiating_equilibrium(induced: Induced) -> str:
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
                f"player {i + 1}'s program {program} earns {tables['expected'][(i, c)]}, and no "
                f"renegotiation program earns more than {best}: none is used in equilibrium"
            )
    return "no profile of renegotiation programs is a subjective equilibrium"


def _no_extended_equilibrium(induced: Induced) -> str | None:
    extended = _extended(induced)
    if extended is None:
        return _no_extension(induced)
    tables = induced.structure.tables
    for i, program in enumerate(extended):
        d = induced.programs.index((i, program))
        if not tables["optimal"][(i, d)]:
            found = induced.optimality.get((i, d))
            better = f": {found.better} earns {found.better_value}" if found else ""
            value = f"{found.value}" if found else "less"
            return f"player {i + 1}'s extension earns {value} and is not optimal{better}"
    return None


def _not_offered(induced: Induced) -> str | None:
    extended = _extended(induced)
    if extended is None:
        return None
    tables = induced.structure.tables
    q = induced._profile_numbers[
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
                    f"{_outcome(induced, induced.outcomes[x])}, is in PMP_{i + 1} of "
                    f"{_outcome(induced, induced.outcomes[reached])}, where the extensions end, "
                    f"but player {i + 1}'s extension does not offer it"
                )
    return None


def _no_csr_program(induced: Induced) -> str:
    tables = induced.structure.tables
    if Outcomes(()) in [function for _, function in induced.set_functions]:
        for i, program in enumerate(induced.scenario.equilibrium):
            c = induced.programs.index((i, program))
            for p in range(len(induced.profiles)):
                default = tables["defaults"][(p,)]
                acts = [tables["plays"][(i, c, against)] for against in (p, default)]
                if tables["others_csr"][(0, p, i)] and acts[0] != acts[1]:
                    played, refused = (induced.actions[k] for k in acts)
                    others = [o for j, o in enumerate(induced.profile(p)) if j != i]
                    return (
                        f"against {', '.join(map(str, others))} player {i + 1}'s program {program} "
                        f"plays {played}, and one that refuses everything, with it as its default, "
                        f"{refused}"
                    )
    return (
        "no CSR program refuses everything, as the proof's does: Definition 7 makes each of them "
        "accept some strict improvement"
    )


def _no_printed_functions(_: Induced) -> str:
    return (
        "the printed functions offer at every outcome just what is selected there, which is never "
        "better than the outcome: Definition 7 does not count them, and no CSR program uses them"
    )


def _projections_miss(induced: Induced) -> str | None:
    tables = induced.structure.tables
    for a in range(len(induced.outcomes)):
        if not tables["has_projections"][(a,)]:
            continue
        if not any(
            all(tables["pmp"][(i, x, a)] for i in induced.players)
            for x in range(len(induced.outcomes))
        ):
            sets = [
                _members(
                    induced.base.pareto_meet_projection(
                        i + 1, induced.base.payoffs(induced.outcomes[a])
                    )
                )
                for i in induced.players
            ]
            named = [f"PMP_{i + 1} = {members}" for i, members in enumerate(sets)]
            return f"at ({_names(induced.outcomes[a])}), {', '.join(named)} have no common point"
    return None
