"""How extending a program hurts somebody, told in the paper's terms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from spi_verify.counterexamples.programs.confirming.induced import Induced
from spi_verify.counterexamples.programs.telling.extending import add, renegotiating
from spi_verify.counterexamples.programs.telling.failing import loser_by
from spi_verify.counterexamples.programs.telling.wording import Wording, listed
from spi_verify.games.game import Payoffs
from spi_verify.papers.definitions import variant
from spi_verify.programs.language.programs import CSR, Program
from spi_verify.programs.language.terms import replaced
from spi_verify.theory import same_formula

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
        What the two pay.
    """

    player: int
    program: Program
    extension: Program
    profile: int
    loser: int
    before: Payoffs
    after: Payoffs


def _hurting(induced: Induced) -> Replacement | None:
    """Return a program whose extension pays somebody less against a believed profile."""
    tables, programs = induced.structure.tables, induced.programs
    against = {
        i: [
            p
            for p in range(len(induced.profiles))
            if tables["believed"][(i, p)] and tables["others_csr"][(0, p, i)]
        ]
        for i in induced.players
    }
    extensions = sorted(
        (c, d)
        for (i, c, d), extends in tables["pmp_extension"].items()
        if extends and c != d and i == programs[c][0] == programs[d][0]
    )
    for c, d in extensions:
        (i, one), (_, other) = programs[c], programs[d]
        for p in against[i]:
            before, after = (
                induced.base.payoffs(
                    induced.outcomes[tables["outcome"][(tables["replace"][(p, i, program)],)]]
                )
                for program in (c, d)
            )
            loser = loser_by(before, after)
            if loser is not None:
                return Replacement(i, one, other, p, loser, before, after)
    return None


def extension_hurts(induced: Induced, words: Wording) -> str | None:
    """Say whose extension pays somebody less, and how much less."""
    found = _hurting(induced)
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
        f"player {found.loser + 1} {found.after[found.loser]} instead of "
        f"{found.before[found.loser]}"
    )


def replacement(told: Telling) -> None:
    """Tell what a program and its extension reach against programs that are believed in."""
    found = _hurting(told.induced)
    if found is None:
        return
    profile = told.induced.profile(found.profile)
    told.words.call_extension(found.player, found.extension, found.program)
    told.meet(replaced(profile, found.player + 1, found.program))
    extended = replaced(profile, found.player + 1, found.extension)
    add(told, found.player, extended)
    if _adds_what_it_reaches(told):
        _fixed_points(told, found, extended)
    told.meet(extended, first="With the extension instead")


def _adds_what_it_reaches(told: Telling) -> bool:
    """Whether an extension is to add projections of what it reaches itself."""
    meant = variant(["pmp_extension=final_outcome"]).axiom("pmp_extension")
    return same_formula(told.statement.theory.axiom("pmp_extension"), meant)


def _fixed_points(told: Telling, found: Replacement, extended: Sequence[Program]) -> None:
    """Tell that what an extension adds is projections of what it reaches, and what else is."""
    induced, words, i = told.induced, told.words, found.player
    tried = []
    for program in (found.extension, found.program):
        programs = renegotiating(replaced(tuple(extended), i + 1, program))
        if programs is None:
            return
        functions = tuple(one.function for one in programs)
        selection = programs[0].selection
        default = induced.execution.profile(tuple(one.default for one in programs))
        offered = induced.execution.value(i + 1, functions, selection, default)
        reached = induced.execution.renegotiated(functions, selection, default)
        projections = induced.base.pareto_meet_projection(i + 1, induced.base.payoffs(reached))
        end = (
            f"it reaches {words.outcome(reached)}, and PMP_{i + 1} of {words.brief(reached)} is "
            f"{words.members(projections)}"
        )
        tried.append((offered, projections, end))
    (whole, more, end), (own, none, otherwise) = tried
    if own | more != whole or more <= own:
        return
    called, name = words.name(i, found.extension), words.name(i, found.program)
    said = (
        f"By this definition {called} adds PMP_{i + 1} of what it reaches itself. If it adds "
        f"{words.members(more)}, {end}, so that this fits"
    )
    if none <= own:
        said += (
            f". If it adds nothing, {otherwise}, which {name} offers anyway, so that this fits, "
            f"too. The definition allows both; here {called} adds {words.members(more)}"
        )
    told.say(f"{said}.")


def why_selected(told: Telling) -> str | None:
    """Say who extends, loses and gains; and what is selected of what is agreed on then."""
    found = _hurting(told.induced)
    if found is None:
        return None
    changes = [
        f"player {j + 1} {'gains' if after > before else 'loses'} ({after} instead of {before})"
        for j, (before, after) in enumerate(zip(found.before, found.after, strict=True))
        if before != after
    ]
    who = f"by the extension of player {found.player + 1}'s program, {listed(changes, 'and')}"
    selected = _selected(told, found)
    return who if selected is None else f"{who}. {selected}"


def _selected(told: Telling, found: Replacement) -> str | None:
    """Say that what an extension adds is agreed on, and changes what is selected."""
    induced = told.induced
    profile = induced.profile(found.profile)
    picked = []
    for program in (found.program, found.extension):
        programs = [
            one for one in replaced(profile, found.player + 1, program) if isinstance(one, CSR)
        ]
        selection = programs[0].selection
        if len(programs) < len(profile) or any(one.selection != selection for one in programs):
            return None
        functions = tuple(one.function for one in programs)
        default = induced.execution.profile(tuple(one.default for one in programs))
        agreed = induced.execution.agreement(functions, selection, default)
        picked.append((agreed, induced.execution.renegotiated(functions, selection, default)))
    (before, one), (after, other) = picked
    if not before or not before <= after or before == after:
        return None
    return (
        "With what the extension adds there is more to agree on, and from all of that the "
        f"selection function selects {told.words.outcome(other)}, and no longer "
        f"{told.words.outcome(one)}"
    )
