"""``spi-verify audit``."""

from __future__ import annotations

import time
import warnings
from pathlib import Path

import click
from click.exceptions import Exit

from spi_verify.commands.options import (
    NAME_OR_PATH,
    bounds_options,
    executor_option,
    file_option,
    jobs_option,
    json_option,
    no_cache_option,
    report_options,
    told_options,
    with_option,
    without_option,
)
from spi_verify.commands.output import (
    complain,
    console_for,
    places_of,
    show_warning,
    write_json,
    write_reports,
    write_text,
    write_told,
)
from spi_verify.commands.progress import Progress


@click.command
@click.argument(
    "targets",
    metavar="[PAPER]...",
    nargs=-1,
    type=NAME_OR_PATH,
    help="Shipped papers, folders or suites, each with ids of its statements.",
)
@jobs_option("How many steps, and searches, to work on at a time.")
@executor_option
@json_option
@report_options
@file_option("--html", "Write a page that tells everything.")
@told_options
@no_cache_option
@with_option
@without_option
@bounds_options(players=2, outcomes=3, candidates=60)
def command(
    targets: tuple[str, ...],
    jobs: int,
    executor: str | None,
    json: str | None,
    junit: Path | None,
    sarif: Path | None,
    summary: Path | None,
    html: Path | None,
    markdown: Path | None,
    latex: Path | None,
    no_cache: bool,
    replacements: tuple[str, ...],
    without: tuple[str, ...],
    players: int,
    outcomes: int,
    candidates: int,
) -> None:
    """Decide every statement of a paper, as printed and as repaired. Suites are code."""
    from msgspec import to_builtins

    from spi_verify.audit.rows import to_json
    from spi_verify.commands.audit_run import AuditRun, read_tables
    from spi_verify.counterexamples.bounds import Bounds
    from spi_verify.obligations.cache import Cache, cache_directory
    from spi_verify.reports.audit import print_audit
    from spi_verify.runs import Reads, keep_run, known_run, question_of
    from spi_verify.solvers.processes import versions
    from spi_verify.verdicts import Report

    warnings.showwarning = show_warning
    start = time.perf_counter()
    cache, console = Cache(None if no_cache else cache_directory()), console_for(json)
    bounds = Bounds(players=players, outcomes=outcomes, candidates=candidates)
    limits = [players, outcomes, candidates]
    given = {"targets": targets, "with": replacements, "without": without, "limits": limits}
    reads = None if no_cache or executor or html or markdown or latex else Reads()
    question = {} if reads is None else question_of("audit", given)
    kept = None if reads is None else known_run(cache, question, reads)
    run = None
    if kept is None:
        run = AuditRun(targets, replacements, without)
        run.decide(jobs, executor, cache, Progress(), reads, anew=no_cache, bounds=bounds)
        tables = run.tables
    else:
        tables = read_tables(kept)
    for table in tables:
        if len(tables) > 1 or (run is not None and run.errors):
            console.print(table.title, style="bold")
        print_audit(table.rows, console, table.untouched)
    everything = [row for table in tables for row in table.rows]
    if everything:
        console.print(f"decided in {time.perf_counter() - start:.0f} s")
    errors = [] if run is None else run.errors
    report = Report([result for row in everything for result in row.results], errors)
    write_reports(
        report,
        "spi-verify audit",
        lambda: places_of(
            (result.id for result in report.results), [table.place for table in tables]
        ),
        junit=junit,
        sarif=sarif,
        summary=summary,
    )
    untouched = {t.name: t.untouched for t in tables if t.untouched is not None}
    write_json(to_json(everything, versions(), errors, untouched), json)
    if run is not None and html is not None:
        write_text(html, run.page(), said="wrote")
    if run is not None:
        write_told(markdown, latex, run.report)
    for message in errors:
        complain(message)
    if run is not None and reads is not None and run.lasting:
        keep_run(cache, question, reads, {"tables": to_builtins(tables)})
    raise Exit(report.exit_code)
