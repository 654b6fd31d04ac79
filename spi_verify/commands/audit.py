"""``spi-verify audit``."""

from __future__ import annotations

import os
import sys
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
    complain,
    console_for,
    places_of,
    show_warning,
    write_json,
    write_reports,
    write_text,
)
from spi_verify.commands.prove import Progress
from spi_verify.errors import InputError

if TYPE_CHECKING:
    from spi_verify.audit.readings import Audited
    from spi_verify.papers.drafts import Draft
    from spi_verify.papers.paper import Paper


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
        Path | None, typer.Option(metavar="FILE", help="Write a page that tells everything.")
    ] = None,
    markdown: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the report as Markdown.")
    ] = None,
    latex: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the report as an appendix in LaTeX.")
    ] = None,
    no_cache: NoCacheOption = False,
    replacements: WithOption = None,
    without: WithoutOption = None,
) -> None:
    """Decide every statement of a paper, as printed and as repaired. Suites are code."""
    from spi_verify.audit.readings import audit, to_json, untouched_by
    from spi_verify.executors import working
    from spi_verify.obligations.cache import Cache, cache_directory
    from spi_verify.papers.choosing import named_papers
    from spi_verify.reports.audit import print_audit
    from spi_verify.solvers import SolverDisagreement, versions
    from spi_verify.verdicts import Report

    console = console_for(json)
    progress = Progress()
    warnings.showwarning = show_warning
    start = time.perf_counter()
    errors: list[str] = []
    papers = named_papers(targets or [], errors)
    audits: list[tuple[Paper, list[Audited]]] = []
    drafts: dict[Path, Draft] = {}
    try:
        with working(executor, jobs) as (cluster, at_a_time), progress.shown():
            for paper, ids in papers:
                try:
                    audited = audit(
                        paper,
                        ids,
                        replacements or [],
                        without=without or [],
                        jobs=at_a_time,
                        cache=Cache(None if no_cache else cache_directory()),
                        listener=progress,
                        executor=cluster,
                        drafts=drafts,
                    )
                except InputError as error:
                    errors.append(str(error))
                else:
                    audits.append((paper, audited))
    except SolverDisagreement as error:
        print(f"spi-verify: the solvers disagree: {error}", file=sys.stderr)
        raise typer.Exit(2) from error
    untouched = {
        paper.name: untouched_by(paper, drafts[paper.place.resolve()])
        for paper, _ in audits
        if paper.place.resolve() in drafts
    }
    for paper, audited in audits:
        if len(papers) > 1:
            console.print(paper.title, style="bold")
        print_audit(audited, console, untouched.get(paper.name))
    console.print(f"decided in {time.perf_counter() - start:.0f} s")
    everything = [one for _, audited in audits for one in audited]
    report = Report([reading.result for one in everything for reading in one.readings], errors)
    write_reports(
        report,
        "spi-verify audit",
        lambda: places_of(
            (result.id for result in report.results), [str(paper.place) for paper, _ in papers]
        ),
        junit=junit,
        sarif=sarif,
        summary=summary,
    )
    write_json(to_json(everything, versions(), errors, untouched), json)
    arguments = _arguments(targets or [], replacements or [], without or [])
    if html is not None:
        from spi_verify.reports.page import page

        changes = replacements or [], without or []
        write_text(html, page(audits, versions(), *changes, untouched, arguments))
        console.print(f"page written: {html}", soft_wrap=True)
    for file in (markdown, latex):
        if file is not None:
            write_text(file, _report(audits, untouched, arguments, file, latex=file is latex))
            console.print(f"report written: {file}", soft_wrap=True)
    for message in errors:
        complain(message)
    raise typer.Exit(report.exit_code)


def _arguments(targets: list[str], replacements: list[str], without: list[str]) -> list[str]:
    """Return the command line's arguments, as far as they make a difference to the verdicts."""
    options = [("--with", one) for one in replacements] + [("--without", one) for one in without]
    return [*targets, *(part for option in options for part in option)]


def _report(
    audits: list[tuple[Paper, list[Audited]]],
    untouched: dict[str, tuple[str, ...]],
    arguments: list[str],
    file: Path,
    *,
    latex: bool,
) -> str:
    from spi_verify.reports.appendix import Appendix
    from spi_verify.reports.latex import latex as as_latex
    from spi_verify.reports.markdown import as_markdown
    from spi_verify.solvers import versions

    pictures = file.parent / f"{file.stem}-pictures", "pdf" if latex else "svg"
    blocks = Appendix(audits, untouched, versions(), arguments, pictures).blocks()
    return as_latex(blocks) if latex else as_markdown(blocks)
