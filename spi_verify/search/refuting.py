"""Looking for counterexamples to a statement, the smallest first."""

from __future__ import annotations

import importlib
import time
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from spi_verify.errors import InputError, Rejected
from spi_verify.files import read_json
from spi_verify.obligations.cache import Cache, digest_of_code
from spi_verify.obligations.statements import Statement
from spi_verify.papers.paper import COUNTEREXAMPLES, NECESSITY, VARIANTS, file_name
from spi_verify.programs.language.selections import (
    Lexicographic,
    Leximin,
    SelectionTable,
    Utilitarian,
    candidates,
)
from spi_verify.reports.text import shortened
from spi_verify.search.bounds import Bounds
from spi_verify.search.candidates import scenarios
from spi_verify.search.canonical import canonical
from spi_verify.search.carrying import carriers, contradiction
from spi_verify.search.claims import (
    changed_definitions,
    claim,
    counterpart,
    lacking,
    meaning,
    shipped_statements,
)
from spi_verify.search.closing import closed
from spi_verify.search.programs import KIND, examine
from spi_verify.search.refutation import (
    KINDS,
    Claimed,
    Confirmation,
    build,
    confirm_saved,
)
from spi_verify.search.scenario import Scenario, read_scenario, with_selection
from spi_verify.theory import Theory, fingerprint
from spi_verify.verdicts import Evidence, Result, Verdict

NOTES = 2


@dataclass(frozen=True)
class Search:
    """What became of a search.

    Parameters
    ----------
    refutation
        A confirmed counterexample as :func:`spi_verify.search.refutation.build` makes it, or None.
    reason
        Why there is none: up to which size none was found.
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


def refutations(
    statement: Statement, bounds: Bounds, notes: list[str] | None = None
) -> Iterator[dict[str, Any]]:
    """Iterate over counterexamples, the smallest first; each is executed before it is yielded.

    Where nothing is found for a statement without some of its hypotheses, and in no particular
    game, what is saved for it is tried.

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
        notes.append(f"not searched: {error}")
        return
    found = False
    for refutation in _searched(statement, bounds, notes):
        wrong = _contradicted(given, refutation)
        if wrong is not None:
            notes.append(f"a candidate was rejected: {wrong}")
            continue
        found = True
        yield refutation
    if not found and bounds.game is None and (statement.dropped or lacking(statement)):
        shown = known(statement)
        if shown is not None:
            yield dict(shown)


def _contradicted(theory: Theory, refutation: Mapping[str, Any]) -> str | None:
    """Return which program in a counterexample is not what the paper says of its class."""
    if refutation["kind"] != KIND or not carriers(theory):
        return None
    try:
        return contradiction(theory, read_scenario(refutation[KIND]))
    except (Rejected, InputError) as error:
        return str(error)


def _searched(statement: Statement, bounds: Bounds, notes: list[str]) -> Iterator[dict[str, Any]]:
    """Iterate over what a search finds."""
    kind = special_kind(statement)
    if kind is not None:
        yield from _special(kind, statement, bounds, notes)
        return
    rejections = 0
    for scenario in scenarios(statement, bounds, notes):
        try:
            yield confirmed(statement, scenario)
        except (Rejected, InputError) as rejected:
            notes.append(f"a candidate was rejected: {rejected}")
            rejections += 1
            if rejections == bounds.candidates:
                notes.insert(0, f"the search stopped after {rejections} candidates")
                return


def confirmed(statement: Statement, scenario: Scenario) -> dict[str, Any]:
    """Execute a scenario and return it as a counterexample.

    Raises
    ------
    Rejected, InputError
        When it is none.
    """
    confirmation = examine(statement, scenario)
    scenario, confirmation = _simplified(statement, scenario, confirmation)
    return build(claim(statement), KIND, scenario.to_data(), confirmation)


def special_kind(statement: Statement) -> str | None:
    """Return the kind of counterexamples to a statement that is not about a program game.

    What it claims decides, whatever it is called.
    """
    known = meaning(statement)
    kinds = (kind for kind in _SPECIAL if importlib.import_module(KINDS[kind]).applies(known))
    return next(kinds, None)


_SPECIAL = ("iterated", "polytope", "sets")


def _special(
    kind: str, statement: Statement, bounds: Bounds, notes: list[str]
) -> Iterator[dict[str, Any]]:
    changed = changed_definitions(statement)
    if changed:
        notes.append(f"not searched with another {', '.join(changed)}")
        return
    module, claimed = importlib.import_module(KINDS[kind]), claim(statement)
    for body in module.find(statement, bounds):
        try:
            confirmation = module.confirm(claimed, body)
        except Rejected as rejected:
            notes.append(f"a candidate was rejected: {rejected}")
            continue
        yield build(claimed, kind, body, confirmation)


def _simplified(
    statement: Statement, scenario: Scenario, confirmation: Confirmation
) -> tuple[Scenario, Confirmation]:
    """Return the counterexample with a selection function that has a name, if one will do."""
    if not isinstance(scenario.selection, SelectionTable):
        return scenario, confirmation
    everybody = tuple(range(1, scenario.game.number_of_players + 1))
    own = candidates(len(everybody))
    for selection in (Leximin(), Utilitarian(), Lexicographic(everybody), *own):
        simpler = with_selection(scenario, selection)
        try:
            return simpler, examine(statement, simpler)
        except (Rejected, InputError):
            continue
    return scenario, confirmation


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
    """Return why nothing was found."""
    where = (
        "in this game"
        if bounds.game is not None
        else f"with up to {bounds.players} players and {bounds.outcomes} outcomes"
    )
    limits = [shortened(note, 200) for note in dict.fromkeys(notes)]
    if len(limits) > NOTES:
        limits = [*limits[:NOTES], f"{len(limits) - NOTES} more"]
    told = f" ({'; '.join(limits)})" if limits else ""
    return f"no counterexample {where}{told}"


def known(statement: Statement, cache: Cache | None = None) -> Mapping[str, Any] | None:
    """Return the saved counterexample to a statement, if it has one that holds now.

    The scenario is executed and held against the statement as it is given, with its theory and
    its hypotheses, which may differ from those it was found for.

    Parameters
    ----------
    statement
        The statement.
    cache
        Where it is kept whether it holds, until the statement or any code changes.
    """
    try:
        statement = closed(statement)
    except InputError:
        return None
    claimed = claim(statement)
    for path in _saved_for(statement):
        found = _holding(claimed, path, cache or Cache(None))
        if found is not None:
            return found
    return None


def _saved_for(statement: Statement) -> Iterator[Path]:
    """Yield the files that may be about a statement: those beside its suite, and shipped ones.

    Of what is shipped, by what it claims and supposes: these are about its counterpart, about the
    hypotheses that it lacks of that one, and about changed definitions; without a counterpart,
    about any shipped statement with the same conclusion.
    """
    known = counterpart(statement)
    if known is None:
        goal = fingerprint(statement.goal.formula)
        alike = [s for s in shipped_statements().values() if fingerprint(s.goal.formula) == goal]
    else:
        alike = [known]
    changed = bool(changed_definitions(statement))
    paths = _saved(statement, statement.dropped, changed)
    dropped = sorted(hypothesis.name for hypothesis in lacking(statement))
    for one in alike:
        paths += _saved(one, dropped, changed)
    yield from filter(Path.is_file, dict.fromkeys(paths))


def _saved(statement: Statement, dropped: Iterable[str], changed: bool) -> list[Path]:
    """Return where the counterexamples to a statement are, beside its suite."""
    if statement.source is None:
        return []
    folder, name = statement.source.parent / COUNTEREXAMPLES, file_name(statement.id)
    paths = [folder / f"{name}.json"]
    paths += [folder / NECESSITY / f"{name}.without.{h}.json" for h in dropped]
    if changed:
        paths += sorted((folder / VARIANTS).glob(f"*/{name}.json"))
    return paths


def _holding(claimed: Claimed, path: Path, cache: Cache) -> Mapping[str, Any] | None:
    """Return the counterexample of a file if it is one to what is claimed."""
    try:
        data = read_json(path)
        if not isinstance(data, dict):
            raise InputError("this is no counterexample", file=str(path))
    except InputError as error:
        warnings.warn(f"a saved counterexample is left alone: {error}", stacklevel=2)
        return None
    fresh = {
        **data,
        "statement": claimed.statement,
        "without": list(claimed.without),
        "definitions": dict(claimed.definitions),
        "formulas": dict(claimed.formulas),
    }
    for key in ("hypotheses", "conclusion", "story"):
        fresh.pop(key, None)
    question = {"kind": "counterexample", "data": fresh, "code": digest_of_code()}
    kept = cache.get(question)
    if kept is None:
        kept = {"refutation": _executed(claimed, fresh)}
        cache.put(question, kept)
    refutation: Mapping[str, Any] | None = kept["refutation"]
    return refutation


def _executed(claimed: Claimed, data: Mapping[str, Any]) -> dict[str, Any] | None:
    try:
        confirmation = confirm_saved(data)
    except (Rejected, InputError):
        return None
    return build(claimed, data["kind"], data[data["kind"]], confirmation)


def with_known(result: Result, statement: Statement, cache: Cache | None = None) -> Result:
    """Return a result as it is, or refuted where a saved counterexample settles it."""
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
