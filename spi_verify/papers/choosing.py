"""What a command line names: papers, suite files, and statements among them."""

from __future__ import annotations

import contextlib
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from spi_verify.errors import InputError
from spi_verify.obligations.statements import Executed, Statement
from spi_verify.papers.definitions import theory_of
from spi_verify.papers.drafts import Draft, read_draft
from spi_verify.papers.loading import load, load_shipped, shipped_by_id, shipped_statement
from spi_verify.papers.paper import (
    FILE,
    Paper,
    folders_in,
    paper_of_suites,
    papers_at,
    read_paper,
    shipped_papers,
)
from spi_verify.suggestions import suggestion
from spi_verify.theory import PAPER, Theory

LISTED = "'spi-verify list'"
"""What to type to see everything that can be named."""


@dataclass
class _Source:
    """A paper, or a suite, that was named, and which statements of it.

    Of what it has, ``meant`` are those that stand for it where none is chosen.
    """

    named: str
    statements: Mapping[str, Statement | Executed]
    meant: Sequence[str]
    draft: Draft | None = None
    chosen: list[str] = field(default_factory=list)

    def ids(self) -> Sequence[str]:
        return self.chosen or self.meant


def choose(
    targets: Sequence[str],
    theory: Theory,
    *,
    without: Sequence[str] = (),
    errors: list[str] | None = None,
    drafts: dict[Path, Draft] | None = None,
) -> tuple[list[Statement | Executed], list[str]]:
    """Return the statements to run, and the ids of those that were asked for.

    Parameters
    ----------
    targets
        Names and folders of papers, paths of suites, and ids; the id of a statement stands for
        both of its readings. After a paper or a suite, an id means a statement of it, and then
        only those named of it are meant. None: all of the shipped papers'.
    theory
        The definitions.
    without
        Names of hypotheses to drop wherever they are supposed.
    errors
        Where to put messages about targets that cannot be read, so that the others still run;
        without it the first one is raised.
    drafts
        Where to put the drafts that are among the targets, by their folders.

    Returns
    -------
    tuple
        Statements asked for, with those that their lemmas come from; and the ids asked for.

    Raises
    ------
    InputError
        When a target or a hypothesis is unknown.
    """
    own, chosen = _asked(targets, theory, readings=2, errors=errors, drafts=drafts)
    shipped = shipped_by_id(theory)
    known = _with_shipped(own, theory)
    needed = with_lemmas(chosen, known)
    others = () if own.keys() >= set(needed) else own
    shadowed = sorted(id for id in others if id in shipped and own[id] is not shipped[id])
    if shadowed:
        raise InputError(
            f"the suites given have a statement {shadowed[0]!r} of their own; "
            "run them apart from the shipped paper's, or rename it"
        )
    for name in without:
        theorems = [one for id in needed if isinstance(one := known[id], Statement)]
        names = {h.name for statement in theorems for h in statement.hypotheses}
        if needed and name not in names:
            hint = suggestion(name, sorted(names))
            raise InputError(f"--without {name}: no such hypothesis{hint}")
        known |= {statement.id: statement.without(name) for statement in theorems}
    return [known[id] for id in needed], chosen


def choose_readings(
    targets: Sequence[str],
    theory: Theory,
    errors: list[str],
    *,
    readings: int = 1,
    drafts: dict[Path, Draft] | None = None,
) -> list[Statement | Executed]:
    """Return the statements that targets name, and nothing that they rest on.

    Parameters
    ----------
    targets, theory, errors, drafts
        As :func:`choose` takes them.
    readings
        What the id of a statement stands for: itself, or with 2 also its repaired reading.
    """
    own, chosen = _asked(targets, theory, readings=readings, errors=errors, drafts=drafts)
    known = _with_shipped(own, theory)
    return [known[id] for id in chosen]


def _with_shipped(
    own: Mapping[str, Statement | Executed], theory: Theory
) -> ChainMap[str, Statement | Executed]:
    """Return statements with the shipped ones behind them, which are made when asked for."""
    shipped = cast("dict[str, Statement | Executed]", shipped_by_id(theory))
    return ChainMap({}, dict(own), shipped)


def _asked(
    targets: Sequence[str],
    theory: Theory,
    *,
    readings: int,
    errors: list[str] | None,
    drafts: dict[Path, Draft] | None,
) -> tuple[dict[str, Statement | Executed], list[str]]:
    """Return the statements of the papers and suites named, and the ids asked for."""
    known = shipped_by_id(theory)
    asked: list[_Source | list[str]] = []
    unread = False
    for target in apart(targets):
        try:
            sources = [one for one in reversed(asked) if isinstance(one, _Source)]
            inside = next((one for one in sources if target in one.statements), None)
            if inside is not None:
                inside.chosen += _ids(target, inside.statements)[:readings]
            elif target in known:
                asked.append(_ids(target, known)[:readings])
            else:
                asked += _sources(target, theory)
        except InputError as error:
            if errors is None:
                raise
            if isinstance(error, _UnknownTargetError) and unread:
                continue  # it may be a statement of what could not be read
            unread = unread or not isinstance(error, _UnknownTargetError)
            errors.append(str(error))
    own: dict[str, Statement | Executed] = {}
    for source in (one for one in asked if isinstance(one, _Source)):
        twice = next((id for id in source.statements if id in own), None)
        if twice is not None:
            hint = "; drafts of one paper run apart" if source.draft is not None else ""
            raise InputError(f"two statements have the id {twice!r}{hint}", file=source.named)
        own |= source.statements
        if source.draft is not None and drafts is not None:
            drafts[Path(source.named).resolve()] = source.draft
    empty = next((one for one in asked if isinstance(one, _Source) and not one.ids()), None)
    if empty is not None:
        raise InputError(
            "this draft has no statements of its own, and changes none of the other paper's: "
            "after the folder, name one of these",
            file=empty.named,
        )
    if not unread and theory.awaited:
        _require_awaited(theory, own.values())
    groups = (one.ids() if isinstance(one, _Source) else one for one in asked)
    return own, list(dict.fromkeys(id for ids in groups for id in ids))


def _require_awaited(theory: Theory, statements: Iterable[Statement | Executed]) -> None:
    """Make sure that some paper has each definition that is to be replaced.

    Raises
    ------
    InputError
        When none has one.
    """
    theories = {id(one.theory): one.theory for one in statements if isinstance(one, Statement)}
    theories |= {id(paper): theory_of(paper, theory) for paper in shipped_papers().values()}
    known = sorted({*PAPER, *(name for one in theories.values() for name in one)})
    for name in theory.awaited:
        if name not in known:
            hint = suggestion(name, known, where=LISTED)
            raise InputError(f"--with {name}: there is no definition {name!r}{hint}")


def named_papers(targets: Sequence[str], errors: list[str]) -> list[tuple[Paper, list[str]]]:
    """Return the papers that a command line names, each with the statements named of it.

    Suites count as papers. An id belongs to what stands before it; where nothing does, to the
    shipped paper that has it. Without targets these are all shipped papers.

    Parameters
    ----------
    targets
        As :func:`choose` takes them.
    errors
        Where to put messages about targets that cannot be read.
    """
    found: list[tuple[Paper, list[str]]] = []
    last: list[str] | None = None
    """The ids that are named of what stands before; None where that could not be read."""
    for target in apart(targets):
        try:
            if found and last is not None and Path(target).exists() and _has(found[-1][0], target):
                last.append(target)
            elif papers := _papers_or_suites(target):
                found += [(paper, []) for paper in papers]
                last = found[-1][1]
            elif last is not None:
                last.append(target)
            elif not errors:
                last = [target]
                found.append((_paper_with(target), last))
        except InputError as error:
            errors.append(str(error))
            last = None
    return found


def apart(targets: Sequence[str]) -> Iterator[str]:
    """Yield targets, and a folder of papers as these, so that no bad one loses the others."""
    for target in targets or list(shipped_papers()):
        folder = Path(target)
        plain = target in shipped_papers() or (folder / FILE).exists() or list(folder.glob("*.py"))
        inside = [] if plain else folders_in(folder)
        yield from map(str, inside) if inside else [target]


def _papers_or_suites(target: str) -> list[Paper]:
    papers = papers_at(target)
    if not papers and Path(target).exists():
        return [paper_of_suites(Path(target))]
    return papers


def _has(paper: Paper, id: str) -> bool:
    """Whether a paper has a statement of this id, as far as it can be read."""
    try:
        draft = paper.extended is not None and paper.suite is None
        return id in (read_draft(paper).statements if draft else by_id(load(paper.place, PAPER)))
    except InputError:
        return False  # whoever reads it says why


def with_whole_paths(targets: Sequence[str], theory: Theory) -> list[str]:
    """Return targets for a process that runs in another folder: ids stay as they are.

    Parameters
    ----------
    targets, theory
        As :func:`choose` takes them.
    """
    known = shipped_by_id(theory)
    read: set[str] = set()
    found = []
    for target in targets:
        is_id = target in shipped_papers() or target in read or target in known
        if is_id or not Path(target).exists():
            found.append(target)
            continue
        found.append(str(Path(target).resolve()))
        with contextlib.suppress(InputError):  # whoever reads it says why
            for source in _sources(target, theory):
                read |= source.statements.keys()
    return found


def _paper_with(id: str) -> Paper:
    found = shipped_statement(id)
    if found is None:
        raise _unknown(id, PAPER)
    return next(one for one in shipped_papers().values() if one.folder.resolve() == found.folder)


class _UnknownTargetError(InputError):
    """A target that is nothing that could be read."""


def _unknown(target: str, theory: Theory) -> InputError:
    papers = list(shipped_papers())
    readings = dict.fromkeys(one.id.removesuffix("/repaired") for one in load_shipped(theory))
    hint = suggestion(target, [*papers, *readings], where=LISTED)
    return _UnknownTargetError(
        f"{target!r} is neither a file nor a statement, nor a paper ({', '.join(papers)}){hint}"
    )


def _ids(id: str, known: Mapping[str, Statement | Executed]) -> list[str]:
    """Return the ids of a statement's readings."""
    return [one for one in (id, f"{id}/repaired") if one in known]


def _sources(target: str, theory: Theory) -> list[_Source]:
    """Return what a target that is no statement holds."""
    papers = papers_at(target)
    if papers:
        return [_source(target, paper, theory) for paper in papers]
    if not Path(target).exists():
        raise _unknown(target, theory)
    beside = _draft_beside(Path(target))
    if beside is not None:
        draft = read_draft(beside, theory)
        file = Path(target).resolve()
        meant = [id for id, one in draft.own.items() if one.source == file]
        if not meant:
            load(Path(target), theory)  # says why there are none
        return [_Source(target, draft.statements, meant)]
    statements = by_id(load(Path(target), theory))
    return [_Source(target, statements, list(statements))]


def _draft_beside(suite: Path) -> Paper | None:
    """Return the draft that a suite is a part of, so that its lemmas may be from anywhere in it."""
    if not suite.is_file() or not (suite.parent / FILE).exists():
        return None
    paper = read_paper(suite.parent)
    return None if paper.extended is None else paper


def _source(target: str, paper: Paper, theory: Theory) -> _Source:
    """Return a paper; of a draft, its own statements and those that its changes reach are meant."""
    if paper.extended is not None:
        draft = read_draft(paper, theory)
        return _Source(target, draft.statements, [*draft.own, *draft.reached], draft)
    statements = by_id(load(paper.folder, theory))
    return _Source(target, statements, list(statements))


def by_id(
    statements: Sequence[Statement | Executed],
) -> dict[str, Statement | Executed]:
    """Return statements by their ids."""
    return {statement.id: statement for statement in statements}


def with_lemmas(chosen: Sequence[str], known: Mapping[str, Statement | Executed]) -> list[str]:
    """Return ids of statements, then those of all statements that their lemmas come from.

    Raises
    ------
    InputError
        When a lemma comes from a statement that is not known.
    """
    needed = list(chosen)
    for id in needed:
        statement = known[id]
        if isinstance(statement, Executed):
            continue
        for source in statement.lemmas.values():
            if source not in known:
                raise InputError(f"there is no statement {source!r} for a lemma", where=id)
            if source not in needed:
                needed.append(source)
    return needed
