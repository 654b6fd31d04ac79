"""What papers have, as tables on a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from spi_verify.obligations.statements import Executed, Statement
from spi_verify.papers.paper import shipped_papers
from spi_verify.reports.console import STYLES
from spi_verify.text import printable

if TYPE_CHECKING:
    from rich.console import Console

    from spi_verify.papers.listing import Listed
    from spi_verify.papers.paper import Paper

_COLUMNS = ("statement", "reading", "expected", "hypotheses", "steps", "counterexample", "title")
_NUMBERS = ("hypotheses", "steps")
_CHANGES = (("changes", True), ("adds", False))
_FEW = 6


def print_listed(papers: Sequence[Listed], console: Console) -> None:
    """Print what each paper is and has of its own, and a table of its statements."""
    for number, one in enumerate(papers):
        if number:
            console.print()
        console.print(printable(_titled(one.paper)), style="bold", soft_wrap=True)
        for name, value in _facts(one):
            console.print(f"{name:<9} {printable(value)}", soft_wrap=True)
        console.print()
        console.print(_table(one))
        console.print()
        console.print(_summary(one), soft_wrap=True)
        for heading, changed in _CHANGES:
            names = list(one.definitions(changed=changed))
            if len(names) > _FEW:
                more = f"'spi-verify explain {_target(one.paper)} NAME' shows one"
                _print_names(f"definitions that it {heading}", names, more, console)


def print_known(known: Mapping[str, Sequence[str]], console: Console) -> None:
    """Print what can be named whatever the paper, and where more is said of it."""
    for what, names in known.items():
        _print_names(what, names, _MORE[what], console)


def _print_names(what: str, names: Sequence[str], more: str, console: Console) -> None:
    console.print()
    console.print(printable(f"{what} ({len(names)}; {more})"), style="bold", soft_wrap=True)
    for one in textwrap.wrap(printable(", ".join(names)), 98, break_on_hyphens=False):
        console.print(f"  {one}", soft_wrap=True)


_MORE = {
    "definitions": "'spi-verify explain NAME' shows one",
    "selections": "docs/selection-functions.md",
    "claims": "kinds of claims of model files: docs/model-files.md",
}


def _titled(paper: Paper) -> str:
    return f"{paper.title} ({', '.join(paper.authors)})" if paper.authors else paper.title


def _target(paper: Paper) -> str:
    """Return how a command line names a paper."""
    shipped = shipped_papers().get(paper.name)
    return (
        paper.name if shipped is not None and shipped.folder == paper.folder else str(paper.folder)
    )


def _facts(listed: Listed) -> Iterator[tuple[str, str]]:
    paper = listed.paper
    yield "folder", str(paper.folder)
    if paper.extends is not None:
        yield "extends", paper.extends
    for heading, changed in _CHANGES:
        places = listed.definitions(changed=changed)
        if len(places) > _FEW:
            files = dict.fromkeys(place.partition(":")[0] for place in places.values())
            yield heading, f"{len(places)} definitions, in {', '.join(files)}; see below"
        elif places:
            yield heading, ", ".join(f"{name} ({place})" for name, place in places.items())
    if paper.variants:
        yield "variants", ", ".join(paper.variants)


def _table(listed: Listed) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    columns = _COLUMNS if listed.draft is None else (*_COLUMNS[:-1], "changed by", _COLUMNS[-1])
    for heading in columns:
        table.add_column(
            heading, overflow="fold", justify="right" if heading in _NUMBERS else "left"
        )
    for statement in listed.statements:
        table.add_row(
            Text(printable(statement.id)),
            statement.reading,
            Text(str(statement.expected), style=STYLES[statement.expected]),
            str(len(statement.hypotheses)),
            _steps(statement),
            "" if listed.counterexample(statement) is None else "saved",
            *([] if listed.draft is None else [Text(_changed(listed, statement))]),
            Text(printable(statement.title)),
        )
    return table


def _changed(listed: Listed, statement: Statement | Executed) -> str:
    names = listed.changed(statement)
    return "own" if names is None else ", ".join(map(printable, names)) or "untouched"


def _steps(statement: Statement | Executed) -> str:
    return str(len(statement.steps)) if isinstance(statement, Statement) else "executed"


def _summary(listed: Listed) -> str:
    audited = sum(map(listed.is_audited, listed.statements))
    saved = sum(listed.counterexample(one) is not None for one in listed.statements)
    said = (
        f"readings: {len(listed.statements)}, of which {audited} are audited; "
        f"counterexamples saved: {saved}"
    )
    if listed.draft is None:
        return said
    count = len(listed.untouched)
    return f"{said}; {count} of {listed.paper.extends} say the same as before"
