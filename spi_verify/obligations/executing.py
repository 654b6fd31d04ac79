"""Deciding executed statements: the programs run, and every fact is looked at."""

from __future__ import annotations

import time

from spi_verify.errors import InputError
from spi_verify.obligations.statements import Executed, Fact
from spi_verify.verdicts import Evidence, Result, Verdict


def execute(statement: Executed) -> tuple[tuple[Fact, ...], Result]:
    """Run a statement's programs.

    Returns
    -------
    tuple
        The facts, and the verdict: ``proved`` where all hold, ``refuted`` where one fails,
        ``unknown`` where one was not settled and none fails. ``error`` where running fails, where
        there is no fact, and where two have one name.
    """
    start = time.perf_counter()
    facts: tuple[Fact, ...] = ()
    trouble = None
    try:
        facts = tuple(statement.facts())
    except InputError as error:
        trouble = f"running it fails: {error}"
    except Exception as error:
        trouble = f"running it fails: {type(error).__name__}: {error}"
    names = [fact.name for fact in facts]
    twice = next((name for name in names if names.count(name) > 1), None)
    if trouble is None and not facts:
        trouble = "it has no facts"
    if trouble is None and twice is not None:
        trouble = f"two facts are named {twice!r}"
    failed = [fact for fact in facts if fact.holds is False]
    unsettled = [fact for fact in facts if fact.holds is None]
    reason: str | None
    if trouble is not None:
        verdict, reason = Verdict.ERROR, trouble
    elif failed:
        verdict = Verdict.REFUTED
        reason = "; ".join(f"{fact.name} fails: {fact.found}" for fact in failed)
    elif unsettled:
        verdict = Verdict.UNKNOWN
        reason = "; ".join(f"{fact.name} is not settled: {fact.found}" for fact in unsettled)
    else:
        verdict, reason = Verdict.PROVED, None
    decided = verdict in (Verdict.PROVED, Verdict.REFUTED)
    if statement.note and reason is not None:
        reason = f"{statement.note} {reason}"
    return facts, Result(
        id=statement.id,
        verdict=verdict,
        evidence=Evidence.CHECKED if decided else None,
        expected=statement.expected,
        hypotheses_used=statement.added if verdict is Verdict.PROVED else (),
        reason=reason,
        seconds=time.perf_counter() - start,
    )
