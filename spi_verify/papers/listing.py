"""What papers have, without deciding any of it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from spi_verify.errors import InputError
from spi_verify.obligations.statements import Executed, Statement
from spi_verify.papers.choosing import apart, choose_readings
from spi_verify.papers.drafts import Draft, is_audited
from spi_verify.papers.paper import FILE, Paper, paper_of_suites, papers_at, shipped_papers
from spi_verify.theory import PAPER

SCHEMA = "spi-verify/list/1"


@dataclass(frozen=True)
class Listed:
    """A paper, and those of its statements that were named.

    Parameters
    ----------
    paper
        The paper.
    statements
        First those that are audited, in this order, then the others; of a draft, first its own.
    draft
        Of a draft, what it takes over from the other paper.
    """

    paper: Paper
    statements: tuple[Statement | Executed, ...]
    draft: Draft | None = None

    def is_audited(self, statement: Statement | Executed) -> bool:
        """Whether a statement is one of the paper's order; without an order they all are."""
        return is_audited(self.paper, statement)

    def counterexample(self, statement: Statement | Executed) -> Path | None:
        """Return the file of the counterexample that is saved; nothing is executed."""
        inherits = self.draft is not None and statement.id in self.draft.inherited
        papers = [self.paper, *([self.paper.extended] if inherits else [])]
        files = [paper.counterexample(statement.id) for paper in papers if paper is not None]
        return next((file for file in files if file.is_file()), None)

    def changed(self, statement: Statement | Executed) -> tuple[str, ...] | None:
        """Return the draft's definitions that make a statement another; None for its own."""
        if self.draft is None or statement.id not in self.draft.inherited:
            return None
        return self.draft.inherited[statement.id].changed

    @property
    def untouched(self) -> tuple[str, ...]:
        """The ids of the other paper's statements that say the same as before."""
        inherited = self.draft.inherited if self.draft else {}
        return tuple(id for id, one in inherited.items() if not one.changed)

    def definitions(self, *, changed: bool) -> dict[str, str]:
        """Return the definitions that the paper changes, or adds, with where each of them is."""
        places = self.paper.definitions
        return {name: place for name, place in places.items() if (name in PAPER) is changed}

    def to_json(self) -> dict[str, Any]:
        """Return the entry of the schema ``spi-verify/list/1``."""
        paper = self.paper
        return {
            "paper": paper.name,
            "title": paper.title,
            "authors": list(paper.authors),
            "folder": str(paper.folder),
            "extends": paper.extends,
            "definitions": {
                "changed": self.definitions(changed=True),
                "added": self.definitions(changed=False),
            },
            "variants": {name: str(file) for name, file in paper.variants.items()},
            "statements": [self._row(statement) for statement in self.statements],
            **({"untouched": list(self.untouched)} if self.draft else {}),
        }

    def _row(self, statement: Statement | Executed) -> dict[str, Any]:
        saved, changed = self.counterexample(statement), self.changed(statement)
        steps = None
        if isinstance(statement, Statement):
            steps = [step.name for step in statement.steps]
        return {
            "id": statement.id,
            "reading": statement.reading,
            "title": statement.title,
            "expected": str(statement.expected),
            "audited": self.is_audited(statement),
            "hypotheses": [hypothesis.name for hypothesis in statement.hypotheses],
            "steps": steps,
            "counterexample": None if saved is None else str(saved),
            "suite": str(statement.source),
            **({} if changed is None else {"changed_by": list(changed)}),
        }


def to_json(papers: Sequence[Listed], errors: Sequence[str] = ()) -> dict[str, Any]:
    """Return what papers have in the form of the schema ``spi-verify/list/1``."""
    return {
        "schema": SCHEMA,
        "papers": [one.to_json() for one in papers],
        **({"errors": list(errors)} if errors else {}),
    }


def listed(targets: Sequence[str], errors: list[str]) -> list[Listed]:
    """Return what a command line names, paper by paper; suites are run, and nothing is proved.

    Parameters
    ----------
    targets, errors
        As :func:`spi_verify.papers.choosing.choose` takes them. Statements of an order that no
        suite has are errors, too.
    """
    papers = _papers_of(targets)
    groups: dict[Path, list[Statement | Executed]] = {}
    drafts: dict[Path, Draft] = {}
    chosen = [
        one
        for group in _groups(targets)
        for one in choose_readings(group, PAPER, errors, readings=2, drafts=drafts)
    ]
    for one in chosen:
        assert one.source is not None
        assert one.folder is not None
        place = one.source if one.source in papers else one.folder
        groups.setdefault(place, []).append(one)
    found = [
        Listed(papers[place], _in_order(papers[place], of), drafts.get(place))
        for place, of in groups.items()
    ]
    if not any(_is_part(target) for target in targets):
        errors += [message for one in found for message in _missing(one)]
    return found


def _groups(targets: Sequence[str]) -> list[list[str]]:
    """Return targets so that no two drafts, which may have the same ids, are read together."""
    whole = list(apart(targets))
    extending = [target for target in whole if _is_draft(target)]
    if len(extending) < 2:
        return [whole]
    groups: list[list[str]] = []
    for target in whole:
        if target in extending or not groups:
            groups.append([])
        groups[-1].append(target)
    return groups


def _is_draft(target: str) -> bool:
    with contextlib.suppress(InputError):  # whoever reads it says why
        return any(paper.extends is not None for paper in papers_at(target))
    return False


def _papers_of(targets: Sequence[str]) -> Mapping[Path, Paper]:
    """Return papers by the folders and files that statements come from."""
    papers = list(shipped_papers().values())
    for target in apart(targets):
        with contextlib.suppress(InputError):  # whoever reads its suites says so
            papers += papers_at(target) or [_paper_of_suites(Path(target))]
    places = {paper.folder.resolve(): paper for paper in papers if paper.suite is None}
    files = (paper for paper in papers if paper.suite is not None)
    return places | {
        paper.folder.resolve() / paper.place.name: paper
        for paper in files
        if paper.folder.resolve() not in places
    }


def _paper_of_suites(path: Path) -> Paper:
    """Return a suite, or a folder of some, as a paper; a suite is one of the paper beside it."""
    beside = papers_at(str(path.parent)) if path.is_file() and (path.parent / FILE).exists() else []
    return replace(beside[0], suite=path) if beside else paper_of_suites(path)


def _in_order(
    paper: Paper, statements: Sequence[Statement | Executed]
) -> tuple[Statement | Executed, ...]:
    places = {id: place for place, id in enumerate(paper.order)}

    def place(statement: Statement | Executed) -> int:
        return places.get(statement.id.removesuffix("/repaired"), len(places))

    return tuple(sorted(statements, key=place))


def _is_part(target: str) -> bool:
    """Whether a target is an id, or the file of a suite."""
    return target not in shipped_papers() and not Path(target).is_dir()


def _missing(listed: Listed) -> Iterator[str]:
    paper = listed.paper
    known = listed.draft.statements if listed.draft else [one.id for one in listed.statements]
    there = {id.removesuffix("/repaired") for id in known}
    for id in paper.order:
        if id not in there:
            yield f"{paper.folder / FILE}: order: no suite has the statement {id!r}"
