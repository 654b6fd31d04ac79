"""The verdict that counterexamples come to, found or saved."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from spi_verify.counterexamples.executed import counterexample
from spi_verify.counterexamples.saved import known
from spi_verify.obligations.cache import Cache
from spi_verify.obligations.outcomes import Outcome
from spi_verify.obligations.statements import Executed, Statement
from spi_verify.verdicts import Evidence, Result, Verdict


def result(
    statement: Statement, refutation: Mapping[str, Any] | None, reason: str | None, seconds: float
) -> Result:
    """Return the verdict that a search comes to: ``refuted``, or ``unknown`` with the reason.

    Parameters
    ----------
    statement
        What was searched.
    refutation
        A confirmed counterexample, or None.
    reason
        What is said of it.
    seconds
        Wall-clock time.
    """
    if refutation is None:
        verdict, evidence, used = Verdict.UNKNOWN, None, ()
    else:
        verdict, evidence = Verdict.REFUTED, Evidence.CHECKED
        used = tuple(check["name"] for check in refutation["hypotheses"])
    return Result(
        statement.id,
        verdict,
        evidence,
        expected=statement.expected,
        hypotheses_used=used,
        counterexample=refutation,
        reason=reason,
        seconds=seconds,
    )


def refuted_already(
    statements: Iterable[Statement | Executed], cache: Cache | None = None
) -> frozenset[str]:
    """Return the ids of statements that a counterexample saved for them refutes, executed now.

    Parameters
    ----------
    statements
        The statements.
    cache
        As :func:`spi_verify.counterexamples.saved.known` takes it.

    Raises
    ------
    InputError
        When a statement is malformed.
    """
    found = []
    for one in statements:
        if isinstance(one, Statement):
            one.order()  # nothing is executed for what is none
            found += [one.id] if known(one, cache, others=False) is not None else []
    return frozenset(found)


def settled(outcome: Outcome, cache: Cache | None = None) -> Result:
    """Take shipped counterexamples into account, each executed for the statement as it is now.

    Parameters
    ----------
    outcome
        What became of the statement so far.
    cache
        As :func:`spi_verify.counterexamples.saved.known` takes it.
    """
    if not isinstance(outcome.statement, Executed):
        return with_known(outcome.result, outcome.statement, cache)
    if outcome.result.verdict is Verdict.REFUTED:
        shown = counterexample(outcome.statement, outcome.facts)
        return replace(outcome.result, counterexample=shown)
    return outcome.result


def with_known(result: Result, statement: Statement, cache: Cache | None = None) -> Result:
    """Return a result as it is, or refuted where a saved counterexample settles it.

    One that is proved and has a counterexample is an error of this package.
    """
    if result.verdict is Verdict.PROVED and known(statement, cache, others=False) is not None:
        reason = "proved, and a saved counterexample refutes it: a bug, please report it"
        return replace(result, verdict=Verdict.ERROR, evidence=None, reason=reason)
    if result.verdict is not Verdict.UNKNOWN:
        return result
    started = time.perf_counter()
    shown = known(statement, cache)
    seconds = result.seconds + time.perf_counter() - started
    if shown is None:
        return replace(result, seconds=seconds)
    told = f"{shown['conclusion']}."
    return replace(
        result,
        verdict=Verdict.REFUTED,
        evidence=Evidence.CHECKED,
        hypotheses_used=(),
        counterexample=shown,
        reason=f"{statement.note} Counterexample: {told}" if statement.note else told,
        seconds=seconds,
    )
