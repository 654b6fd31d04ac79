"""``spi-verify check``: decide the claims of model files."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.exceptions import Exit

from spi_verify.commands.options import (
    PATH,
    folder_option,
    json_option,
    report_options,
    told_options,
)
from spi_verify.commands.output import (
    complain,
    console_for,
    say,
    write_json,
    write_reports,
    write_text,
    write_told,
)
from spi_verify.errors import InputError
from spi_verify.sources import models_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from spi_verify.verdicts import Report, Result


@click.command
@click.argument(
    "models",
    metavar="MODEL...",
    nargs=-1,
    required=True,
    type=PATH,
    help="Model files (TOML), or folders of some.",
)
@json_option
@folder_option("--save", "Save the counterexample of every refuted claim here.")
@report_options
@told_options
@folder_option(
    "--plot",
    "Draw counterexamples about sets of two players' payoffs, and for which values of two "
    "parameters a refuted claim holds, here.",
)
def command(
    models: tuple[Path, ...],
    json: str | None,
    save: Path | None,
    junit: Path | None,
    sarif: Path | None,
    summary: Path | None,
    markdown: Path | None,
    latex: Path | None,
    plot: Path | None,
) -> None:
    """Decide every claim of the model files."""
    from spi_verify.reports.console import print_report
    from spi_verify.reports.places import place_of_claim
    from spi_verify.verdicts import Report

    report = Report()
    console = console_for(json)
    numbers: dict[str, tuple[Path, int]] = {}
    for path, name in _named(list(_found(models, report.input_errors))):
        try:
            found = list(_check(path, name))
            if not found:
                report.input_errors.append(f"{path}: nothing to check: the file makes no claims")
            report.results += found
            numbers |= {result.id: (path, number) for number, result in enumerate(found)}
        except InputError as error:
            report.input_errors.append(str(error))
    print_report(report, console)
    if save is not None:
        try:
            for file in _save(report.results, save):
                say(f"saved {file}")
        except InputError as error:
            report.input_errors.append(str(error))
    if plot is not None:
        try:
            for file in _plot(report.results, plot):
                say(f"wrote {file}")
        except InputError as error:
            report.input_errors.append(str(error))
    write_told(markdown, latex, partial(_told, report))
    write_reports(
        report,
        "spi-verify check",
        lambda: {id: place_of_claim(*where) for id, where in numbers.items()},
        junit=junit,
        sarif=sarif,
        summary=summary,
    )
    if json is not None:
        from spi_verify.solvers import versions

        write_json(report.to_json(versions()), json)
    for message in report.input_errors:
        complain(message)
    raise Exit(report.exit_code)


def _check(path: Path, name: str) -> Iterator[Result]:
    from spi_verify.claims.check import check_model
    from spi_verify.claims.reader import read_model

    yield from check_model(read_model(path, name=name))


def _told(report: Report, file: Path, as_latex: bool) -> str:
    from spi_verify.reports.results_report import results_report

    told = [(result, "", None) for result in report.results]
    return results_report(told, report.input_errors, file, "check", as_latex=as_latex)


def _found(paths: Sequence[Path], errors: list[str]) -> Iterator[Path]:
    """Yield files as they are named, and the model files in folders."""
    for path in paths:
        try:
            yield from models_in(path) if path.is_dir() else [path]
        except InputError as error:
            errors.append(str(error))


def _named(paths: list[Path]) -> list[tuple[Path, str]]:
    """Give each file the first part of its ids: its name, or its path where names collide."""
    distinct = list(dict.fromkeys(paths))
    stems = [path.stem for path in distinct]
    return [
        (path, path.stem if stems.count(path.stem) == 1 else path.as_posix()) for path in distinct
    ]


def _save(results: list[Result], folder: Path) -> Iterator[Path]:
    import json as json_format

    for name, counterexample in _refuted(results, folder):
        text = json_format.dumps(counterexample, indent=2, ensure_ascii=False)
        write_text(folder / f"{name}.json", text + "\n")
        yield folder / f"{name}.json"


def _plot(results: list[Result], folder: Path) -> Iterator[Path]:
    from spi_verify.reports.counterexamples import plot_counterexample

    for name, counterexample in _refuted(results, folder):
        file = folder / f"{name}.svg"
        if plot_counterexample(counterexample, file):
            yield file


def _refuted(results: list[Result], folder: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Make the folder, and iterate over the counterexamples with distinct names for files."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot make the folder: {error.strerror}", file=str(folder)) from None
    taken: set[str] = set()
    for result in results:
        if result.counterexample is not None:
            stem = name = re.sub(r"[^\w.-]+", ".", result.id).strip(".")[:100]
            number = 2
            while name in taken:
                name, number = f"{stem}-{number}", number + 1
            taken.add(name)
            yield name, result.counterexample
