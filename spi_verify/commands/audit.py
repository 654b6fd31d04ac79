"""``spi-verify audit``."""

from __future__ import annotations

import os
import time
import warnings
from pathlib import Path
from typing import Annotated

import typer

from spi_verify.commands.output import (
    CandidatesOption,
    ExecutorOption,
    JsonOption,
    JunitOption,
    LatexOption,
    MarkdownOption,
    NoCacheOption,
    OutcomesOption,
    PlayersOption,
    SarifOption,
    SummaryOption,
    WithOption,
    WithoutOption,
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
from spi_verify.commands.targets import file_to_write


def command(
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PAPER]...",
            help="Shipped papers, folders or suites, each with ids of its statements.",
        ),
    ] = None,
    jobs: Annotated[
        int, typer.Option(min=1, help="How many steps, and searches, to work on at a time.")
    ] = os.cpu_count() or 1,
    executor: ExecutorOption = None,
    json: JsonOption = None,
    junit: JunitOption = None,
    sarif: SarifOption = None,
    summary: SummaryOption = None,
    html: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write a page that tells everything.", callback=file_to_write
        ),
    ] = None,
    markdown: MarkdownOption = None,
    latex: LatexOption = None,
    no_cache: NoCacheOption = False,
    replacements: WithOption = None,
    without: WithoutOption = None,
    players: PlayersOption = 2,
    outcomes: OutcomesOption = 3,
    candidates: CandidatesOption = 60,
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
        run = AuditRun(targets or [], replacements or [], without or [])
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
    raise typer.Exit(report.exit_code)
