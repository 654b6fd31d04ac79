"""How the conclusion of Proposition 2 fails, told in its terms."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from spi_verify.counterexamples.programs.confirming.induced import Induced
from spi_verify.counterexamples.programs.telling.wording import Wording, listed, names
from spi_verify.programs.language.programs import Program, Renegotiation
from spi_verify.programs.language.terms import ActionProfile
from spi_verify.theory import same_formula

if TYPE_CHECKING:
    from spi_verify.counterexamples.programs.telling.story import Telling


def no_renegotiating_equilibrium(induced: Induced, words: Wording) -> str:
    """Say that no profile of renegotiation programs is an equilibrium, and who would lose by it."""
    renegotiating = _renegotiation_programs(induced)
    if not renegotiating:
        return "there is no renegotiation function and hence no renegotiation program"
    found = _renegotiator(induced)
    if found is not None:
        i, c, _ = found
        expected = induced.structure.tables["expected"]
        best = max(expected[(i, d)] for d in renegotiating[i])
        return (
            f"player {i + 1} expects to earn {expected[(i, c)]} with "
            f"{words.name(i, induced.programs[c][1])}, and no more than {best} with any "
            "renegotiation program: none is used in equilibrium"
        )
    return "no profile of renegotiation programs is a subjective equilibrium"


def as_told_formerly(induced: Induced, words: Wording) -> str | None:
    """Return the conclusion as it was told up to version 5 of the words in files."""
    found = _renegotiator(induced)
    if found is None:
        return None
    i, c, _ = found
    expected = induced.structure.tables["expected"]
    best = max(expected[(i, d)] for d in _renegotiation_programs(induced)[i])
    return (
        f"player {i + 1}'s program {words.name(i, induced.programs[c][1])} earns "
        f"{expected[(i, c)]}, and no renegotiation program earns more than {best}: none is used "
        "in equilibrium"
    )


def _renegotiation_programs(induced: Induced) -> dict[int, dict[int, Renegotiation]]:
    """Return everybody's renegotiation programs, by their numbers."""
    found: dict[int, dict[int, Renegotiation]] = defaultdict(dict)
    for c, (i, program) in enumerate(induced.programs):
        if isinstance(program, Renegotiation):
            found[i][c] = program
    return found


def _renegotiator(induced: Induced) -> tuple[int, int, int] | None:
    """Return a player, an optimal program, and the best that renegotiates, by their numbers."""
    tables = induced.structure.tables
    renegotiating = _renegotiation_programs(induced)
    none_optimal = {
        i for i, own in renegotiating.items() if not any(tables["optimal"][(i, d)] for d in own)
    }
    for c, (i, program) in enumerate(induced.programs):
        if i not in none_optimal or not tables["optimal"][(i, c)]:
            continue
        own = [d for d, other in renegotiating[i].items() if other.default == program]
        best = max(own or renegotiating[i], key=lambda d: tables["expected"][(i, d)])
        return i, c, best
    return None


def with_and_without(told: Telling) -> None:
    """Tell what a program and one that renegotiates with it as its default end at."""
    induced, words = told.induced, told.words
    found = _renegotiator(induced)
    if found is None:
        return
    i, c, d = found
    one, other = induced.programs[c][1], induced.programs[d][1]
    _equilibrium(told, i, c)
    support = induced.scenario.beliefs[i].support
    for opponents, _ in support[:1]:
        ends = []
        for program in (one, other):
            end = induced.game.outcome((*opponents[:i], program, *opponents[i:]))
            ends.append(f"{words.name(i, program)} ends at {words.outcome(end)}")
        told.say(f"Against {told.opponents(i, opponents)}, {ends[0]}, but {ends[1]}.")


def _equilibrium(told: Telling, i: int, c: int) -> None:
    """Tell a subjective equilibrium in which a player uses a program; by its number."""
    induced, words = told.induced, told.words
    tables = induced.structure.tables
    chosen = []
    for j in induced.players:
        best = [
            d for d, (k, _) in enumerate(induced.programs) if k == j and tables["optimal"][(j, d)]
        ]
        if not best:
            return
        chosen.append(c if j == i else best[0])
    earned = [
        f"player {j + 1} expects to earn {tables['expected'][(j, d)]}" for j, d in enumerate(chosen)
    ]
    profile = tuple(induced.programs[d][1] for d in chosen)
    told.say(
        f"{words.profile(profile)} is a subjective equilibrium: {listed(earned, 'and')}, each the "
        "most that any allowed program earns against what its player believes. Against each other "
        f"they end at {words.outcome(induced.game.outcome(profile))}."
    )


def why_not_renegotiating(told: Telling) -> str | None:
    """Say why a program is worth less once it is the default of one that renegotiates."""
    induced, words = told.induced, told.words
    found = _renegotiator(induced)
    if found is None:
        return None
    i, c, d = found
    one, other = induced.programs[c][1], induced.programs[d][1]
    (opponents, _), *more = induced.scenario.beliefs[i].support
    if more:
        return None
    if not isinstance(other, Renegotiation) or other.default != one:
        return None
    faced = [getattr(program, "default", program) for program in opponents]
    plain, default = (
        induced.game.outcome((*those[:i], one, *those[i:])) for those in (opponents, tuple(faced))
    )
    if plain == default or faced == list(opponents):
        return None
    if induced.base.payoffs(default)[i] >= induced.base.payoffs(plain)[i]:
        return None
    silent = ""
    everybody = (*opponents[:i], other, *opponents[i:])
    if _supposes_assumption_5(told) and _agree(induced, everybody, default):
        silent = (
            ". Assumption 5 does not exclude this: it asks a program to reply to renegotiation "
            "programs as to their defaults only where renegotiation functions differ at the "
            f"outcome of the defaults, and here all of them take ({names(default)}) to the same"
        )
    return (
        f"a program that renegotiates with {words.name(i, one)} as its default starts from where "
        f"the defaults end, {words.outcome(default)}; that is worse for player {i + 1} than what "
        f"{words.name(i, one)} itself reaches{silent}"
    )


def _supposes_assumption_5(told: Telling) -> bool:
    """Whether an optimal default is supposed to disregard who renegotiates (the second clause)."""
    clause = told.statement.theory.assumption_5_2()
    return any(same_formula(one.formula, clause) for one in told.statement.hypotheses)


def _agree(induced: Induced, profile: tuple[Program, ...], default: ActionProfile) -> bool:
    """Whether all of a profile renegotiate, and to the same from an outcome."""
    images = {
        induced.execution.image(program.rn, default) if isinstance(program, Renegotiation) else None
        for program in profile
    }
    return len(images) == 1 and None not in images
