"""The verdict of a statement, with what is known against it."""

from __future__ import annotations

from dataclasses import replace

from spi_verify.counterexamples.executed import counterexample
from spi_verify.counterexamples.looking import with_known
from spi_verify.obligations.cache import Cache
from spi_verify.obligations.running import Outcome
from spi_verify.obligations.statements import Executed
from spi_verify.verdicts import Result, Verdict


def settled(outcome: Outcome, cache: Cache | None = None) -> Result:
    """Take shipped counterexamples into account, each executed for the statement as it is now.

    Parameters
    ----------
    outcome
        What became of the statement so far.
    cache
        As :func:`spi_verify.counterexamples.looking.known` takes it.
    """
    if not isinstance(outcome.statement, Executed):
        return with_known(outcome.result, outcome.statement, cache)
    if outcome.result.verdict is Verdict.REFUTED:
        shown = counterexample(outcome.statement, outcome.facts)
        return replace(outcome.result, counterexample=shown)
    return outcome.result
