"""``spi-verify audit``."""

from __future__ import annotations

import os
import sys
import time
import warnings
from pathlib import Path
from typing import Annotated

import typer

from spi_verify.commands.output import (
    ExecutorOption,
    JsonOption,
    JunitOption,
    NoCacheOption,
    SarifOption,
    SummaryOption,
    WithOption,
    WithoutOption,
    console_for,
    places_of,
    show_warning,
    write_json,
    write_reports,
    write_text,
)
from spi_verify.commands.prove import Progress


def command(
    jobs: Annotated[
        int, typer.Option(min=1, help="How many steps, and searches, to work on at a time.")
    ] = os.cpu_count() or 1,
    executor: ExecutorOption = None,
    json: JsonOption = None,
    junit: JunitOption = None,
    sarif: SarifOption = None,
    summary: SummaryOption = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page that tells everything.")
    ] = None,
    no_cache: NoCacheOption = False,
    replacements: WithOption = None,
    without: WithoutOption = None,
) -> None:
    """Decide every statement of the paper, as printed and as repaired."""
    from spi_verify.executors import working
    from spi_verify.obligations.cache import Cache, cache_directory
    from spi_verify.reports.audit import print_audit
    from spi_verify.search.auditing import audit, audit_exit_code, to_json
    from spi_verify.solvers import SolverDisagreement, versions
    from spi_verify.verdicts import Report

    console = console_for(json)
    progress = Progress()
    warnings.showwarning = show_warning
    start = time.perf_counter()
    try:
        with working(executor, jobs) as (cluster, at_a_time), progress.shown():
            audited = audit(
                replacements or [],
                without=without or [],
                jobs=at_a_time,
                cache=Cache(None if no_cache else cache_directory()),
                listener=progress,
                executor=cluster,
            )
    except SolverDisagreement as error:
        print(f"spi-verify: the solvers disagree: {error}", file=sys.stderr)
        raise typer.Exit(2) from error
    print_audit(audited, console)
    console.print(f"decided in {time.perf_counter() - start:.0f} s")
    report = Report([reading.result for one in audited for reading in one.readings])
    write_reports(
        report,
        "spi-verify audit",
        lambda: places_of((result.id for result in report.results), ()),
        junit=junit,
        sarif=sarif,
        summary=summary,
    )
    write_json(to_json(audited, versions()), json)
    if html is not None:
        from spi_verify.reports.page import page

        write_text(html, page(audited, versions(), replacements or [], without or []))
        console.print(f"page written: {html}", soft_wrap=True)
    raise typer.Exit(audit_exit_code(audited))
