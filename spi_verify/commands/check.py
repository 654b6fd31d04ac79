"""``spi-verify check``: decide the claims of model files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spi_verify.commands.output import JsonOption, console_for, write_json, write_text
from spi_verify.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spi_verify.verdicts import Result


def command(
    models: Annotated[list[Path], typer.Argument(metavar="MODEL...", help="Model files (TOML).")],
    json: JsonOption = None,
    save: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Save the counterexample of every refuted claim here."),
    ] = None,
) -> None:
    """Decide every claim of the model files."""
    from spi_verify.reports.console import print_report
    from spi_verify.solvers import versions
    from spi_verify.verdicts import Report

    report = Report()
    console = console_for(json)
    for path, name in zip(models, _names(models), strict=True):
        try:
            found = list(_check(path, name))
            if not found:
                report.input_errors.append(f"{path}: nothing to check: the file makes no claims")
            report.results += found
        except InputError as error:
            report.input_errors.append(str(error))
    saved = _save(report.results, save) if save is not None else []
    print_report(report, console)
    for file in saved:
        console.print(f"saved {file}")
    write_json(report.to_json(versions()), json)
    for message in report.input_errors:
        typer.echo(f"spi-verify: {message}", err=True)
    raise typer.Exit(report.exit_code)


def _check(path: Path, name: str) -> Iterator[Result]:
    from spi_verify.models.check import check_model
    from spi_verify.models.reader import read_model

    yield from check_model(read_model(path, name=name))


def _names(paths: list[Path]) -> list[str]:
    """Return the first part of the ids: the file's name, or its path where names collide."""
    stems = [path.stem for path in paths]
    return [
        path.stem if stems.count(path.stem) == 1 else path.with_suffix("").as_posix()
        for path in paths
    ]


def _save(results: list[Result], folder: Path) -> list[Path]:
    import json as json_format

    files = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot make the folder: {error.strerror}", file=str(folder)) from None
    for result in results:
        if result.counterexample is not None:
            file = folder / (result.id.replace("/", ".") + ".json")
            text = json_format.dumps(result.counterexample, indent=2, ensure_ascii=False)
            write_text(file, text + "\n")
            files.append(file)
    return files
