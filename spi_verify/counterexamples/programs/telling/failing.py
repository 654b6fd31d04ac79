"""What fails in a counterexample made of programs: the conclusion, in one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from spi_verify.counterexamples.programs.confirming.induced import Induced
from spi_verify.counterexamples.programs.extensions import is_extension
from spi_verify.counterexamples.programs.telling.teller import teller_of
from spi_verify.counterexamples.programs.telling.wording import Wording
from spi_verify.games.game import Payoffs
from spi_verify.obligations.statements import Statement
from spi_verify.programs.language.programs import CSR, Program
from spi_verify.theory import same_formula
from spi_verify.theory.evaluate import why_not


def conclusion(statement: Statement, induced: Induced, words: Wording) -> str:
    """Return in one sentence what fails, and by how much; programs go by their names."""
    if same_formula(statement.goal.formula, statement.theory.axiom("spi")):
        return _spi(induced, words)
    teller = teller_of(statement)
    sentence = None if teller is None else teller.conclusion(induced, words)
    return in_instances(statement, induced) if sentence is None else sentence


def in_instances(statement: Statement, induced: Induced) -> str:
    """Return what fails with elements by their numbers from 0, as the first versions told all."""
    return f"the conclusion fails: {why_not(statement.goal.formula, induced.structure, first=0)}"


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
    losing = [one for one in found if loser_by(payoffs(one[0]), payoffs(one[1])) is not None]
    below = [one for one in found if loser_by(least, payoffs(one[1])) is not None]
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
    worse = worse_off(induced, words, p, before, after)
    if worse is not None:
        return worse
    return "f changes nobody's payoff at any profile of default programs, so it is no SPI"


def why_no_spi(induced: Induced) -> str | None:
    """Return why f improves nothing, where it harms nobody either."""
    payoffs, tables = induced.base.payoffs, induced.structure.tables
    found = list(_transformed_outcomes(induced))
    if any(payoffs(before) != payoffs(after) for before, after, _ in found):
        return None
    somewhere = "an SPI makes somebody better off at some profile of default programs"
    numbers = {outcome: a for a, outcome in enumerate(induced.outcomes)}
    if all(tables["efficient"][(numbers[before],)] for before, _, _ in found):
        return (
            "where default programs end is efficient, so that there is nothing to improve, and "
            f"{somewhere}"
        )
    return somewhere


def worse_off(induced: Induced, words: Wording, p: int, before: Any, after: Any) -> str | None:
    """Return who loses by f at a profile of default programs, and how much, if anybody does."""
    paid, then = induced.base.payoffs(before), induced.base.payoffs(after)
    loser = loser_by(paid, then)
    if loser is None:
        return None
    return (
        f"f makes player {loser + 1} worse off at {words.profile(induced.profile(p))}: "
        f"{then[loser]} instead of {paid[loser]}"
    )


def loser_by(before: Payoffs, after: Payoffs) -> int | None:
    """Return the first player, from 0, who gets less after than before."""
    pairs = enumerate(zip(before, after, strict=True))
    return next((i for i, (u, v) in pairs if v < u), None)
