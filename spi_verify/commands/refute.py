"""``spi-verify refute``: look for counterexamples to statements. Suites are code."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.exceptions import Exit

from spi_verify.commands.options import (
    NAME_OR_PATH,
    PATH,
    Count,
    bounds_options,
    executor_option,
    file_option,
    folder_option,
    json_option,
    plot_option,
    report_options,
    told_options,
    with_option,
    without_option,
)
from spi_verify.commands.output import (
    complain,
    console_for,
    places_of,
    say,
    write_json,
    write_reports,
    write_text,
    write_told,
)
from spi_verify.errors import InputError, interruptible
from spi_verify.suggestions import suggestion

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from rich.console import Console

    from spi_verify.counterexamples.bounds import Bounds
    from spi_verify.counterexamples.workers import Suites
    from spi_verify.obligations.statements import Statement
    from spi_verify.verdicts import Report, Result


@click.command
@click.argument(
    "targets",
    metavar="[PAPER] ID...",
    nargs=-1,
    required=True,
    type=NAME_OR_PATH,
    help="Statements of a shipped paper, or of the paper, folder or suite before them.",
)
@bounds_options(players=3, outcomes=4, candidates=200)
@click.option(
    "--game", metavar="FILE", type=PATH, help="Look in this game only (a model or a game)."
)
@with_option
@without_option
@click.option(
    "--all",
    "all_of",
    metavar="N",
    type=Count(min=1),
    default=1,
    help="List up to N different ones.",
)
@folder_option("--save", "Save the counterexamples, for replay.")
@file_option("--pytest", "Write them as a regression test.")
@file_option("--html", "Write a page: verdicts, counterexamples, pictures.")
@told_options
@plot_option
@executor_option
@json_option
@report_options
def command(
    targets: tuple[str, ...],
    players: int,
    outcomes: int,
    candidates: int,
    game: Path | None,
    replacements: tuple[str, ...],
    without: tuple[str, ...],
    all_of: int,
    save: Path | None,
    pytest: Path | None,
    html: Path | None,
    markdown: Path | None,
    latex: Path | None,
    plot: Path | None,
    executor: str | None,
    json: str | None,
    junit: Path | None,
    sarif: Path | None,
    summary: Path | None,
) -> None:
    """Look for the smallest counterexample to a statement, and run it. Suites are code."""
    from dataclasses import replace

    from spi_verify.commands.progress import Progress
    from spi_verify.counterexamples.bounds import Bounds
    from spi_verify.counterexamples.workers import Suites
    from spi_verify.executors import working
    from spi_verify.papers.choosing import with_whole_paths
    from spi_verify.papers.definitions import variant
    from spi_verify.reports.console import print_report
    from spi_verify.verdicts import Report

    theory = variant(replacements)
    errors: list[str] = []
    statements = list(_statements(targets, theory, without, errors))
    bounds = Bounds(players, outcomes, _game(game), candidates)
    console = console_for(json)
    report = Report(input_errors=errors)
    found: list[dict[str, Any]] = []
    progress, where = Progress("statements searched", len(statements)), ""
    with working(executor, 1) as (cluster, _):
        here = replace(bounds, trying=progress.trying)
        answers = iter(_search(statement, here, all_of) for statement in statements)
        if cluster is not None:
            suites = Suites(
                _read_again,
                tuple(with_whole_paths(targets, theory)),
                replacements,
                without,
            )
            answers = _search_on(cluster, suites, statements, bounds, all_of)
        try:
            for statement in statements:
                with interruptible(), progress.during(statement.id):
                    result, refutations = next(answers)
                report.results.append(result)
                found += refutations
                _tell(statement, refutations, console)
        except KeyboardInterrupt:
            where = f" ({progress.tried})" if progress.tried else ""
    left = [one.id for one in statements[len(report.results) :]]
    if report.results or errors:
        print_report(report, console)
    if save is not None:
        _save(found, save)
    if pytest is not None:
        from spi_verify.counterexamples.regression import regression_test

        write_text(pytest, regression_test(found), said="wrote")
    if plot is not None and found:
        from spi_verify.reports.portrait import plot_refutation

        plot_refutation(found[0], plot)
        say(f"wrote {plot}")
    if html is not None:
        changes = replacements, without
        page = _page(statements[: len(report.results)], report, changes)
        write_text(html, page, said="wrote")
    told = list(zip(report.results, statements, strict=False))
    write_told(markdown, latex, partial(_report, told, errors))
    write_reports(
        report,
        "spi-verify refute",
        lambda: places_of((result.id for result in report.results), targets),
        junit=junit,
        sarif=sarif,
        summary=summary,
    )
    if json is not None:
        from spi_verify.solvers import versions

        write_json(report.to_json(versions()), json)
    for message in errors:
        complain(message)
    if left:
        complain(
            f"interrupted; not searched: {', '.join(left)}{where}; what it tries comes in the same "
            "order again, and fewer --players and --outcomes take less"
        )
    raise Exit(130 if left else report.exit_code)


def _statements(
    targets: Sequence[str], theory: Any, without: Sequence[str], errors: list[str]
) -> Iterator[Statement]:
    from spi_verify.obligations.statements import Statement
    from spi_verify.papers.choosing import choose_readings

    chosen = choose_readings(targets, theory, errors)
    statements = []
    for one in chosen:
        if not isinstance(one, Statement):
            continue
        try:
            one.order()
            statements.append(one)
        except InputError as error:
            errors.append(str(error))
    if not all(isinstance(one, Statement) for one in chosen):
        errors.append("executed statements are decided by prove; there is nothing to search for")
    for name in without:
        names = sorted({h.name for one in statements for h in one.hypotheses})
        if statements and name not in names:
            raise InputError(f"--without {name}: no such hypothesis{suggestion(name, names)}")
        statements = [one.without(name) for one in statements]
    yield from statements


def _page(
    statements: Sequence[Statement], report: Report, changes: tuple[Sequence[str], Sequence[str]]
) -> str:
    from spi_verify.obligations.outcomes import Outcome
    from spi_verify.reports.proofs import Told, proofs_page
    from spi_verify.solvers import versions

    pairs = zip(statements, report.results, strict=True)
    told = [Told(Outcome(statement), result) for statement, result in pairs]
    return proofs_page(told, [], report.input_errors, versions(), *changes, command="refute")


def _report(
    told: list[tuple[Result, Statement]], errors: list[str], file: Path, as_latex: bool
) -> str:
    from spi_verify.obligations.outcomes import Outcome
    from spi_verify.reports.results_report import results_report

    entries = [(result, one.title, Outcome(one)) for result, one in told]
    return results_report(entries, errors, file, "refute", as_latex=as_latex)


def _game(path: Path | None) -> Any:
    if path is None:
        return None
    from spi_verify.commands.games import one_game

    return one_game(path, wanted="give one game")[0]


def _search(
    statement: Statement, bounds: Bounds, count: int
) -> tuple[Result, list[dict[str, Any]]]:
    import time

    from spi_verify.counterexamples.looking import different, nothing, refutations
    from spi_verify.counterexamples.uniqueness import has_equals
    from spi_verify.counterexamples.verdict import result

    started = time.perf_counter()
    notes: list[str] = []
    found = list(different(refutations(statement, bounds, notes), count))
    if not found:
        reason = nothing(bounds, notes)
    else:
        reason = f"{found[0]['conclusion']}; {_OTHERS[has_equals(statement, bounds, found[0])]}"
        if len(found) < count:
            reason += f"; {len(found)} different ones were found, no more"
    shown = found[0] if found else None
    return result(statement, shown, reason, time.perf_counter() - started), found


_OTHERS = {
    True: "there are others of its size",
    False: "no other of its size is among the small worlds searched, up to names and scales",
    None: "whether there are others of its size is open",
}


def _search_on(
    cluster: Executor,
    suites: Suites,
    statements: list[Statement],
    bounds: Bounds,
    count: int,
) -> Generator[tuple[Result, list[dict[str, Any]]], None, None]:
    """Search on a cluster, which reads the same suites again."""
    from spi_verify.executors import Died
    from spi_verify.verdicts import Result, Verdict

    futures = [suites.submit(cluster, _search, one, bounds, count) for one in statements]
    for statement, future in zip(statements, futures, strict=True):
        try:
            yield future.result()
        except Died as died:
            expected = statement.expected
            yield Result(statement.id, Verdict.UNKNOWN, expected=expected, reason=str(died)), []


def _read_again(
    targets: Sequence[str], replacements: Sequence[str], without: Sequence[str]
) -> list[Statement]:
    from spi_verify.papers.definitions import variant

    return list(_statements(targets, variant(replacements), without, []))


def _tell(statement: Statement, refutations: list[dict[str, Any]], console: Console) -> None:
    from spi_verify.reports.story import in_full
    from spi_verify.text import printable

    for refutation in refutations:
        for number, line in enumerate(in_full(refutation, statement.title)):
            console.print(printable(line), style=None if number else "bold", soft_wrap=True)
        console.print()


def _save(found: list[dict[str, Any]], folder: Path) -> None:
    import json

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot make it: {error.strerror}", file=str(folder)) from error
    counts: dict[str, int] = {}
    for refutation in found:
        name = refutation["statement"].replace("/", ".")
        counts[name] = counts.get(name, 0) + 1
        number = f"-{counts[name]}" if counts[name] > 1 else ""
        text = json.dumps(refutation, indent=1, ensure_ascii=False) + "\n"
        write_text(folder / f"{name}{number}.json", text, said="saved")
