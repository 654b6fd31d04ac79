"""Looking for counterexamples to a statement, the smallest first."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.file import build, canonical
from spi_verify.counterexamples.kind import NOT_SEARCHED, SEARCHED, Body, Claimed, Kind
from spi_verify.counterexamples.registry import asked, named
from spi_verify.counterexamples.saved import extends_another, known
from spi_verify.counterexamples.statements.claimed import claim, lacking
from spi_verify.counterexamples.statements.closed import closed
from spi_verify.counterexamples.statements.spoken_of import changed_definitions
from spi_verify.errors import InputError, Rejected
from spi_verify.obligations.statements import Statement
from spi_verify.text import shortened
from spi_verify.theory import Theory

NOTES = 2


@dataclass(frozen=True)
class Search:
    """What became of a search.

    Parameters
    ----------
    refutation
        A confirmed counterexample as :func:`spi_verify.counterexamples.file.build` makes it, or
        None.
    reason
        Why there is none: what was searched, and what was not.
    seconds
        Wall-clock time.
    """

    refutation: Mapping[str, Any] | None
    reason: str | None
    seconds: float


def refute(statement: Statement, bounds: Bounds | None = None) -> Search:
    """Look for the smallest counterexample to a statement.

    Parameters
    ----------
    statement
        With the theory and the hypotheses that count.
    bounds
        How far to search.
    """
    started = time.perf_counter()
    bounds = bounds or Bounds()
    notes: list[str] = []
    found = next(refutations(statement, bounds, notes), None)
    reason = None if found is not None else nothing(bounds, notes)
    return Search(found, reason, time.perf_counter() - started)


def refutations(
    statement: Statement, bounds: Bounds, notes: list[str] | None = None
) -> Iterator[dict[str, Any]]:
    """Iterate over counterexamples, the smallest first; each is executed before it is yielded.

    Where nothing is found for a statement of a draft, or one without some of its hypotheses, and
    in no particular game, what is saved for it is tried.

    Parameters
    ----------
    statement, bounds
        As in :func:`refute`.
    notes
        Where to put what limited the search.
    """
    notes = [] if notes is None else notes
    given = statement.theory
    try:
        statement = closed(statement)
    except InputError as error:
        notes.append(f"{NOT_SEARCHED}: {error}")
        return
    found = False
    for refutation in _searched(statement, bounds, notes):
        wrong = _contradicted(given, refutation)
        if wrong is not None:
            notes.append(f"a candidate was rejected: {wrong}")
            continue
        found = True
        yield refutation
    weaker = statement.dropped or lacking(statement) or extends_another(statement)
    if not found and bounds.game is None and weaker:
        shown = known(statement)
        if shown is not None:
            yield dict(shown)


def _contradicted(theory: Theory, refutation: Mapping[str, Any]) -> str | None:
    """Return what in a counterexample is not what the paper says of its own classes."""
    kind = refutation["kind"]
    try:
        return named(kind).contradicted(theory, refutation[kind])
    except (Rejected, InputError) as error:
        return str(error)


def _searched(statement: Statement, bounds: Bounds, notes: list[str]) -> Iterator[dict[str, Any]]:
    """Iterate over what a search finds."""
    kind = kind_for(statement, notes)
    changed = changed_definitions(statement)
    if changed and not kind.any_definitions:
        notes.append(f"{NOT_SEARCHED} with another {', '.join(changed)}")
        return
    claimed, rejections = at_hand(statement), 0
    for body in kind.find(statement, bounds, notes):
        bounds.tell(f"candidate executed; rejected so far: {rejections} of {bounds.candidates}")
        try:
            yield confirmed(claimed, kind, body)
        except (Rejected, InputError) as rejected:
            notes.append(f"a candidate was rejected: {rejected}")
            rejections += 1
            if rejections == bounds.candidates:
                stopped = f"the search stopped after {rejections} candidates (--candidates)"
                notes.insert(0, stopped)
                return


def kind_for(statement: Statement, notes: list[str]) -> Kind:
    """Return the kind of counterexamples to a statement; what it claims decides.

    Parameters
    ----------
    statement
        The statement, whatever it is called.
    notes
        Where to put which kinds could not be asked.
    """
    for name in asked():
        try:
            kind = named(name)
        except InputError as error:
            notes.append(str(error))
            continue
        if kind.applies(statement):
            return kind
    raise AssertionError("one kind applies to every statement")


def at_hand(statement: Statement) -> Claimed:
    """Return what counterexamples to a statement refute, with the statement itself."""
    return replace(claim(statement), at_hand=statement)


def confirmed(claimed: Claimed, kind: Kind, body: Body) -> dict[str, Any]:
    """Execute a body and return it, or the simplest one that does as well, as a counterexample.

    Raises
    ------
    Rejected, InputError
        When it is none.
    """
    confirmation = kind.confirm(claimed, body)
    for simpler in kind.simpler(body):
        try:
            confirmation = kind.confirm(claimed, simpler)
        except (Rejected, InputError):
            continue
        body = simpler
        break
    return build(claimed, kind.name, body, confirmation)


def different(refutations: Iterable[dict[str, Any]], count: int) -> Iterator[dict[str, Any]]:
    """Iterate over the first few counterexamples that differ.

    Two differ unless players and actions can be renamed, and payoffs rescaled, so that they say
    the same.
    """
    seen: set[str] = set()
    for refutation in refutations:
        form = canonical(refutation)
        if form in seen:
            continue
        seen.add(form)
        yield refutation
        if len(seen) == count:
            return


def nothing(bounds: Bounds, notes: list[str]) -> str:
    """Return why nothing was found: what was searched, and what was not.

    Where a part of the statement was not searched, that comes first.
    """
    told = list(dict.fromkeys(notes))
    searched = [note.removeprefix(SEARCHED) for note in told if note.startswith(SEARCHED)]
    left = [note for note in told if note.startswith(NOT_SEARCHED)]
    limits = [note for note in told if not note.startswith((SEARCHED, NOT_SEARCHED))]
    limits = [shortened(note, 200) for note in (*left, *limits)]
    if len(limits) > NOTES:
        limits = [*limits[:NOTES], f"{len(limits) - NOTES} more"]
    aside = "; ".join(limits)
    if left:
        return f"{aside}; else none {'; '.join(searched)}" if searched else aside
    where = "; ".join(searched) or bounds.told
    return f"no counterexample {where} ({aside})" if aside else f"no counterexample {where}"
