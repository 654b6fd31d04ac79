"""``spi-verify prove``."""

from __future__ import annotations

import warnings
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.exceptions import Exit

from spi_verify.commands.options import (
    NAME_OR_PATH,
    PATH,
    executor_option,
    file_option,
    folder_option,
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
    say,
    show_warning,
    write_json,
    write_reports,
    write_text,
    write_told,
)
from spi_verify.commands.targets import require_writable
from spi_verify.errors import InputError

if TYPE_CHECKING:
    pass


@click.command
@click.argument(
    "targets",
    metavar="[PATH|ID]...",
    nargs=-1,
    type=NAME_OR_PATH,
    help="Suites or statements; all of the paper's.",
)
@jobs_option("How many steps to work on at a time.")
@executor_option
@json_option
@report_options
@file_option("--html", "Write a page: verdicts, proofs, counterexamples.")
@told_options
@no_cache_option
@with_option
@without_option
@click.option("--record", is_flag=True, help="Record the verdicts in a lock file.")
@click.option("--replay", is_flag=True, help="Compare the verdicts with those recorded.")
@click.option(
    "--lock",
    metavar="FILE",
    type=PATH,
    help="The lock file (next to the suites by default).",
)
@click.option(
    "--shard",
    metavar="NUMBER/COUNT",
    help="Decide one part of the statements, such as 2/5.",
)
@folder_option("--certificates", "Write certificates of the proofs, and check them.", metavar="DIR")
@click.option("--write", is_flag=True, help="Keep the facts found for steps that list none.")
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
    record: bool,
    replay: bool,
    lock: Path | None,
    shard: str | None,
    certificates: Path | None,
    write: bool,
) -> None:
    """Prove statements from their steps, for every number of players. Suites are code."""
    from msgspec import to_builtins

    from spi_verify.commands.progress import Progress
    from spi_verify.commands.proof_run import ProofRun, read_shown
    from spi_verify.obligations.cache import Cache, cache_directory
    from spi_verify.reports.console import print_report
    from spi_verify.reports.failures import print_failures
    from spi_verify.reports.steps import print_steps
    from spi_verify.runs import Reads, keep_run, known_run, question_of
    from spi_verify.solvers.processes import versions
    from spi_verify.verdicts import Report

    if shard is not None:
        from spi_verify.shards import parse_shard

        parse_shard(shard)
    if record and (shard or replay or replacements or without):
        raise InputError("--record takes a whole run, as the suites are, and no --replay with it")
    if lock is not None and not (record or replay):
        raise InputError("--lock is for --record and --replay")
    if certificates is not None and (record or replay or shard):
        raise InputError("--certificates goes with no --record, --replay or --shard")
    if write and (replacements or without):
        raise InputError("--write takes the suites as they are: no --with or --without with it")
    recorded = Path()
    if record or replay:
        from spi_verify.obligations.lock import lock_file

        recorded = lock_file(targets, lock)
        if record:
            require_writable(recorded)
    warnings.showwarning = show_warning
    cache, console = Cache(None if no_cache else cache_directory()), console_for(json)
    given = {"targets": targets, "with": replacements, "without": without}
    reads = (
        None
        if no_cache
        or executor
        or html
        or markdown
        or latex
        or record
        or replay
        or shard
        or certificates
        or write
        else Reads()
    )
    question = {} if reads is None else question_of("prove", given)
    kept = None if reads is None else known_run(cache, question, reads)
    run, certified = None, []
    if kept is None:
        run = ProofRun(targets, replacements, without, shard)
        keep = reads is not None
        run.decide(jobs, executor, cache, Progress(), anew=no_cache, keep=keep)
        certified = [] if certificates is None else run.certify(certificates, cache)
        shown = run.shown(known=False)
    else:
        shown = read_shown(kept)
    report = Report(list(shown.results), run.errors if run else [])
    for table in shown.tables:
        print_steps(table, console)
    print_report(report, console)
    print_failures(shown.failures, shown.skipped, console)
    checked = f", {shown.checked} checked by certificates" if shown.checked else ""
    refuted = f", {shown.unasked} not asked: counterexamples refute the statements"
    unasked = refuted if shown.unasked else ""
    steps = f"{shown.steps} steps, {shown.cached} of them found in the cache"
    console.print(f"{steps}{checked}{unasked}")
    write_reports(
        report,
        "spi-verify prove",
        lambda: places_of((result.id for result in report.results), targets),
        junit=junit,
        sarif=sarif,
        summary=summary,
    )
    document, code = report.to_json(versions()), report.exit_code
    if shown.facts:
        document["facts"] = to_builtins(shown.facts)
    if shown.failures:
        document["failures"] = to_builtins(shown.failures)
    if run is not None:
        if html is not None:
            write_text(html, run.page(cache), said="wrote")
        write_told(markdown, latex, run.report)
        if write:
            for file in run.keep_facts():
                say(f"wrote {file}")
        if record:
            run.record(recorded, report)
            say(f"recorded in {recorded}")
        if replay:
            changed = run.changes(recorded, report, console)
            document["changes"] = [asdict(change) for change in changed]
            if code != 2 and any(change.kind == "regressed" for change in changed):
                code = 1
        for one in certified:
            said = f"wrote {one.file}" if one.file else f"no certificates: {one.reason}"
            say(said)
        if certificates is not None:
            document["certificates"] = [asdict(one) for one in certified]
        if run.part is not None:
            document["shard"] = run.part.to_json(run.everything)
    write_json(document, json)
    for message in report.input_errors:
        complain(message)
    if run is not None and reads is not None and run.lasting:
        keep_run(cache, question, reads, to_builtins(run.shown(known=True)))
    raise Exit(code)
