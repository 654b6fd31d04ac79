"""Program games in which a theorem has something to say: its hypotheses hold, and payoffs change.

A witness of formulas shows that hypotheses can hold together. An instance shows more: a program
game that is executed, in which every hypothesis holds (those about all programs settled from code,
as in counterexamples), and in which what the theorem promises changes somebody's payoff.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import z3

from spi_verify.counterexamples.file import WORDING, not_compared, require_hypotheses, worded_now
from spi_verify.counterexamples.kind import Claimed
from spi_verify.counterexamples.programs.confirming import examination, whole
from spi_verify.counterexamples.programs.confirming.induced import Induced
from spi_verify.counterexamples.programs.scenario import read_scenario
from spi_verify.counterexamples.statements.claimed import statement_of
from spi_verify.errors import InputError, Rejected
from spi_verify.games.rationals import format_profile
from spi_verify.obligations.statements import Statement
from spi_verify.programs.language.notation import parse_program
from spi_verify.schemas import OF_INSTANCE
from spi_verify.theory.compiled import TooCostlyError
from spi_verify.theory.evaluate import Structure, holds
from spi_verify.theory.signature import Profile

_KEYS = {
    *("schema", "statement", "programs", "before", "after"),
    *("wording", "hypotheses", "payoffs"),
}
_BEFORE = z3.Const("instance before", Profile)
_AFTER = z3.Const("instance after", Profile)


def build(data: Mapping[str, Any]) -> dict[str, Any]:
    """Execute an instance and return it with what was found.

    Parameters
    ----------
    data
        ``statement``, ``programs`` (a scenario), and the program profiles ``before``, which the
        statement speaks of, and ``after``, which it says is there.

    Raises
    ------
    Rejected
        When a hypothesis or the conclusion fails, or nobody's payoff changes.
    InputError
        When something cannot be read.
    """
    statement = statement_of(Claimed(str(data.get("statement"))))
    if not isinstance(data.get("programs"), dict):
        raise InputError("the program game is missing or no table", where="programs")
    try:
        induced = Induced(read_scenario(data["programs"]), statement.theory)
        whole.require_own_defaults(induced)
        checks = [examination._check(one, statement, induced) for one in statement.hypotheses]
        examination._check_definitions(statement, induced)
        before, after = (_number(data, key, induced) for key in ("before", "after"))
        _hold(statement, induced, before, after)
    except TooCostlyError:
        raise Rejected("evaluating the formulas here takes too many steps") from None
    paid = [_payoffs(induced, number) for number in (before, after)]
    if paid[0] == paid[1]:
        raise Rejected(f"nobody's payoff changes: it stays {format_profile(paid[0])}")
    return {
        "schema": OF_INSTANCE,
        "statement": statement.id,
        "programs": dict(data["programs"]),
        "before": list(data["before"]),
        "after": list(data["after"]),
        "wording": WORDING,
        "hypotheses": [{"name": check.name, "check": check.how} for check in checks],
        "payoffs": {
            key: list(map(str, payoffs))
            for key, payoffs in zip(("before", "after"), paid, strict=True)
        },
    }


def confirm_saved(data: Mapping[str, Any]) -> str:
    """Execute a saved instance and return in a sentence what it shows.

    Raises
    ------
    Rejected
        When it is none, or shows something else than it says.
    InputError
        When a key is missing or malformed, or a newer version wrote it.
    """
    unknown = sorted(set(data) - _KEYS)
    if unknown:
        raise InputError(f"there is no key {unknown[0]!r} in an instance")
    now = worded_now(data)
    try:
        shown = build(data)
    except RecursionError:
        raise InputError("nested too deeply") from None
    require_hypotheses(data, shown)
    for key in ("hypotheses", "payoffs") if now else ("payoffs",):
        if data.get(key) != shown[key]:
            raise Rejected(f"the {key} in the file differ from what it shows: {shown[key]}")
    before, after = (
        format_profile(tuple(map(Fraction, shown["payoffs"][key]))) for key in ("before", "after")
    )
    return (
        f"an instance of {shown['statement']}: all {len(shown['hypotheses'])} hypotheses hold, "
        f"and what it says is there pays {after} instead of {before}"
        f"{not_compared(data, 'what it says of the hypotheses was')}"
    )


def _number(data: Mapping[str, Any], key: str, induced: Induced) -> int:
    texts = data.get(key)
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise InputError("this is a list of programs, one for each player", where=key)
    profile = tuple(map(parse_program, texts))
    for number in range(len(induced.profiles)):
        if induced.profile(number) == profile:
            return number
    raise InputError("a program of it is not in the program game", where=key)


def _hold(statement: Statement, induced: Induced, before: int, after: int) -> None:
    """Make sure that the conclusion holds of the two profiles."""
    tables: dict[str, Mapping[tuple[int, ...], Any]] = {
        **induced.structure.tables,
        _BEFORE.decl().name(): {(): before},
        _AFTER.decl().name(): {(): after},
        "equilibrium": {(): before},
    }
    structure = Structure(induced.structure.sizes, tables, induced.structure.budget)
    given = induced.scenario.equilibrium
    if given and given != induced.profile(before):
        raise InputError("it is not the equilibrium of the program game", where="before")
    for formula in _instantiated(statement.goal.formula):
        if not holds(formula, structure):
            raise Rejected("the conclusion does not hold of these two program profiles")


def _instantiated(goal: z3.BoolRef) -> Iterator[z3.BoolRef]:
    """Yield what a conclusion about profiles comes to for the profiles before and after."""
    if z3.is_quantifier(goal) and goal.num_vars() == 1 and goal.var_sort(0) == Profile:
        instance = z3.substitute_vars(goal.body(), _BEFORE if goal.is_forall() else _AFTER)
        if goal.is_exists():
            yield instance
        elif z3.is_implies(instance):
            yield instance.arg(0)
            yield from _instantiated(instance.arg(1))
        else:
            yield from _instantiated(instance)
        return
    raise Rejected("the conclusion does not say that some program profile is there")


def _payoffs(induced: Induced, number: int) -> tuple[Fraction, ...]:
    tables = induced.structure.tables
    outcome = tables["outcome"][(number,)]
    return tuple(Fraction(tables["u"][(i, outcome)]) for i in induced.players)
