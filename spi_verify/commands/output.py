"""Where a command's output goes: tables for people, JSON for programs."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spi_verify.commands.targets import STANDARD_OUTPUT, standard_output_taken
from spi_verify.errors import InputError
from spi_verify.files import writing

if TYPE_CHECKING:
    from rich.console import Console

    from spi_verify.reports.places import Place
    from spi_verify.verdicts import Report

WIDTH_OF_FILES = 200
"""Columns of a table that goes to a file or a pipe, so that ids stay on one line there."""


def complain(message: str) -> None:
    """Print a message about bad input to standard error."""
    from spi_verify.text import printable

    click.echo(f"spi-verify: {printable(message)}", err=True)


def show_warning(message: Warning | str, *_: Any, **__: Any) -> None:
    """Print a warning to standard error; takes the place of ``warnings.showwarning``."""
    complain(f"warning: {message}")


def console_for(json_target: str | None) -> Console:
    """Return the console for tables: standard error where standard output carries JSON."""
    from spi_verify.reports.console import PlainConsole

    to_errors = json_target == STANDARD_OUTPUT or standard_output_taken()
    stream = sys.stderr if to_errors else sys.stdout
    width = None if stream.isatty() or "COLUMNS" in os.environ else WIDTH_OF_FILES
    return PlainConsole(stderr=to_errors, width=width, highlight=False, markup=False, emoji=False)


def write_json(document: Mapping[str, Any], json_target: str | None) -> None:
    """Write a document to the target of ``--json``, if there is one.

    Raises
    ------
    InputError
        When the file cannot be written.
    """
    if json_target is None:
        return
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    write_text(Path(json_target), text, said="wrote")


def write_text(path: Path, text: str, *, said: str | None = None, append: bool = False) -> None:
    """Write a file the user asked for, or to standard output where it is called ``-``.

    Parameters
    ----------
    path, text
        The file, and what goes into it.
    said
        What is said of it when it is written; None where the caller says so.
    append
        Whether what the file holds already stays.

    Raises
    ------
    InputError
        When the file cannot be written.
    """
    if str(path) == STANDARD_OUTPUT:
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    with writing(path), path.open("a" if append else "w", encoding="utf-8") as file:
        file.write(text)
    if said is not None:
        say(f"{said} {path}")


def write_told(
    markdown: Path | None, latex: Path | None, told: Callable[[Path, bool], str]
) -> None:
    """Write the reports that were asked for with ``--markdown`` and ``--latex``.

    Parameters
    ----------
    markdown, latex
        The files.
    told
        Returns the report that stands in a file, given that, and whether it is LaTeX.

    Raises
    ------
    InputError
        When a file cannot be written.
    """
    for file, as_latex in ((markdown, False), (latex, True)):
        if file is not None:
            write_text(file, told(file, as_latex), said="wrote")


def say(text: str) -> None:
    """Print a line beside the tables."""
    from spi_verify.text import printable

    click.echo(printable(text), err=standard_output_taken())


def write_reports(
    report: Report,
    heading: str,
    places: Callable[[], Mapping[str, Place]],
    *,
    junit: Path | None = None,
    sarif: Path | None = None,
    summary: Path | None = None,
) -> None:
    """Write the files for continuous integration that were asked for.

    Parameters
    ----------
    report
        What was found.
    heading
        What was run.
    places
        Finds where the claims stand; called only where that is wanted.
    junit, sarif, summary
        The files.

    Raises
    ------
    InputError
        When a file cannot be written.
    """
    if junit is not None:
        from spi_verify.reports.junit import junit as junit_text

        write_text(junit, junit_text(report), said="wrote")
    if sarif is not None:
        from spi_verify.reports.sarif import sarif as sarif_text

        write_text(sarif, sarif_text(report, heading, places()), said="wrote")
    if summary is not None:
        from spi_verify.reports.markdown import markdown

        write_text(summary, markdown(report, heading), said="added to", append=True)


def places_of(ids: Iterable[str], targets: Iterable[str]) -> dict[str, Place]:
    """Return where statements stand: in suites among the targets, or in a shipped paper's."""
    from spi_verify.papers.choosing import apart
    from spi_verify.papers.paper import papers_at, shipped_papers
    from spi_verify.reports.places import Place, places_of_statements

    targets, ids = list(targets), list(ids)
    papers = []
    for target in apart(targets):
        with contextlib.suppress(InputError):  # whoever reads it says why
            papers += [paper.folder for paper in papers_at(target)]
    own = [Path(target) for target in targets if Path(target).exists()]
    shipped = [paper.folder for paper in shipped_papers().values()]
    places = places_of_statements(ids, [*own, *papers, *shipped])
    if len(targets) == 1 and own and own[0].is_file():
        return dict.fromkeys(ids, Place(own[0].as_posix())) | places
    return places
