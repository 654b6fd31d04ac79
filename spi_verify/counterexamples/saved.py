"""Counterexamples that are saved beside suites, tried for a statement as it is now."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from spi_verify.counterexamples.file import execute
from spi_verify.counterexamples.kind import Claimed
from spi_verify.counterexamples.registry import is_ours, named
from spi_verify.counterexamples.statements.algorithms import runs_otherwise
from spi_verify.counterexamples.statements.claimed import (
    claim,
    counterpart,
    lacking,
    shipped_with_goal,
)
from spi_verify.counterexamples.statements.closed import closed
from spi_verify.counterexamples.statements.spoken_of import changed_definitions
from spi_verify.errors import InputError, Rejected
from spi_verify.files import listed, read_json
from spi_verify.obligations.cache import Cache, digest_of_code
from spi_verify.obligations.statements import Statement
from spi_verify.papers.paper import COUNTEREXAMPLES, NECESSITY, VARIANTS, file_name, paper_in
from spi_verify.programs.language.terms import only_ours


def known(
    statement: Statement, cache: Cache | None = None, *, others: bool = True
) -> Mapping[str, Any] | None:
    """Return the saved counterexample to a statement, if it has one that holds now.

    The scenario is executed and held against the statement as it is given, with its theory and
    its hypotheses, which may differ from those it was found for.

    Parameters
    ----------
    statement
        The statement.
    cache
        Where it is kept whether it holds, until the statement or any code changes; not where code
        of somebody else's says what programs do, or what a counterexample is.
    others
        Whether all counterexamples of the papers that a draft extends are tried for its own.
    """
    try:
        statement = closed(statement)
    except InputError:
        return None
    if cache is None or runs_otherwise(statement.theory):
        cache = Cache(None)
    own = list(_saved_for(statement))
    elsewhere = _of_extended_papers(statement) if others else []
    if not (own or elsewhere):
        return None
    claimed = claim(statement)
    for path in own:
        found = _holding(claimed, path, cache)
        if found is not None:
            return found
    at_hand = replace(claimed, at_hand=statement)
    for path in elsewhere:
        if path in own:
            continue
        found = _holding(claimed, path, cache, at_hand)
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
    alike = shipped_with_goal(statement.goal.formula) if known is None else [known]
    changed = bool(changed_definitions(statement))
    paths = _saved(statement, statement.dropped, changed)
    dropped = sorted(hypothesis.name for hypothesis in lacking(statement))
    for one in alike:
        paths += _saved(one, dropped, changed)
    yield from filter(listed, dict.fromkeys(paths))


def _saved(statement: Statement, dropped: Iterable[str], changed: bool) -> list[Path]:
    """Return where the counterexamples to a statement are, beside its suite."""
    if statement.source is None:
        return []
    paths, name = [], file_name(statement.id)
    suite = statement.source.parent
    for place in dict.fromkeys((statement.folder or suite, suite)):
        folder = place / COUNTEREXAMPLES
        paths.append(folder / f"{name}.json")
        paths += [folder / NECESSITY / f"{name}.without.{h}.json" for h in dropped]
        if changed:
            paths += sorted((folder / VARIANTS).glob(f"*/{name}.json"))
    return paths


def _of_extended_papers(statement: Statement) -> list[Path]:
    """Return all that is saved in the papers which an own statement's paper extends.

    What refuted anything there may refute this, too.
    """
    if statement.source is None or statement.folder != statement.source.parent:
        return []
    paths: list[Path] = []
    paper = paper_in(statement.folder)
    while paper is not None and paper.extended is not None:
        paper = paper.extended
        paths += sorted((paper.folder / COUNTEREXAMPLES).rglob("*.json"))
    return paths


def extends_another(statement: Statement) -> bool:
    """Whether a statement is one of a draft's."""
    paper = None if statement.folder is None else paper_in(statement.folder)
    return paper is not None and paper.extended is not None


def _holding(
    claimed: Claimed, path: Path, cache: Cache, at_hand: Claimed | None = None
) -> Mapping[str, Any] | None:
    """Return the counterexample of a file if it is one to what is claimed.

    With the statement at hand, what is none is noticed without reading that from the file.
    """
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
    for key in ("wording", "hypotheses", "conclusion", "story"):
        fresh.pop(key, None)  # it is told anew
    question = {"kind": "counterexample", "data": fresh, "code": digest_of_code()}
    kept = cache.get(question)
    refutation: Mapping[str, Any] | None
    if kept is not None:
        refutation = kept["refutation"]
        return refutation
    try:
        if at_hand is not None:
            _confirm_at_hand(at_hand, fresh)
        _, refutation = execute(fresh)
    except Rejected:
        refutation = None
    except InputError:
        return None  # it may make sense once a package is installed
    if only_ours() and is_ours(fresh["kind"]):
        cache.put(question, {"refutation": refutation})
    return refutation


def _confirm_at_hand(claimed: Claimed, data: Mapping[str, Any]) -> None:
    try:
        named(data["kind"]).confirm(claimed, data[data["kind"]])
    except InputError as error:
        raise Rejected(str(error)) from None
