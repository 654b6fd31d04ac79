"""Deciding executed statements: the programs run, and every fact is looked at."""

from __future__ import annotations

import inspect
import time
from dataclasses import asdict
from pathlib import Path

from spi_verify.errors import InputError
from spi_verify.obligations.cache import Cache, digest_of_code
from spi_verify.obligations.statements import Executed, Fact
from spi_verify.shipped import shipped
from spi_verify.verdicts import Evidence, Result, Verdict


def execute(statement: Executed, cache: Cache | None = None) -> tuple[tuple[Fact, ...], Result]:
    """Run a statement's programs.

    Parameters
    ----------
    statement
        The statement.
    cache
        Where the facts of shipped statements are kept, until any code changes.

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
        facts = _facts(statement, cache or Cache(None))
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


def _facts(statement: Executed, cache: Cache) -> tuple[Fact, ...]:
    function = shipped_function(statement)
    if function is None:
        return tuple(statement.facts())
    question = {"kind": "executed", "function": function, "code": digest_of_code()}
    kept = cache.get(question)
    if kept is not None:
        return tuple(Fact(**fact) for fact in kept["facts"])
    facts = tuple(statement.facts())
    cache.put(question, {"facts": [asdict(fact) for fact in facts]})
    return facts


def shipped_function(statement: Executed) -> str | None:
    """Return which function finds the facts, if nothing but the code of this package decides them.

    The id does not say that: a suite of one's own may give it to other facts.
    """
    facts = statement.facts
    if not inspect.isfunction(facts) or facts.__closure__ or facts.__defaults__:
        return None
    if facts.__kwdefaults__:
        return None
    source = inspect.getsourcefile(facts.__code__)
    folder, code = shipped("proofs"), facts.__code__
    if source is None or not Path(source).resolve().is_relative_to(folder):
        return None
    file = Path(source).resolve().relative_to(folder).as_posix()
    return f"{file}:{code.co_firstlineno}:{code.co_qualname}"
