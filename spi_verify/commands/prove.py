"""``spi-verify prove``."""

from __future__ import annotations

import os
import sys
import time
import warnings
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
from spi_verify.errors import InputError

if TYPE_CHECKING:
    from rich.console import RenderableType


def command(
    targets: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH|ID]...", help="Suites or statements; all of the paper's."),
    ] = None,
    jobs: Annotated[
        int, typer.Option(min=1, help="How many steps to work on at a time.")
    ] = os.cpu_count() or 1,
    executor: ExecutorOption = None,
    json: JsonOption = None,
    junit: JunitOption = None,
    sarif: SarifOption = None,
    summary: SummaryOption = None,
    html: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write a page: verdicts, proofs, counterexamples."),
    ] = None,
    no_cache: NoCacheOption = False,
    replacements: WithOption = None,
    without: WithoutOption = None,
    record: Annotated[
        bool, typer.Option("--record", help="Record the verdicts in a lock file.")
    ] = False,
    replay: Annotated[
        bool, typer.Option("--replay", help="Compare the verdicts with those recorded.")
    ] = False,
    lock: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The lock file (next to the suites by default)."),
    ] = None,
    shard: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER/COUNT", help="Decide one part of the statements, such as 2/5."
        ),
    ] = None,
) -> None:
    """Prove statements from their steps, for every number of players. Suites are code."""
    from spi_verify.commands.recorded import changes
    from spi_verify.commands.recorded import record as write_lock
    from spi_verify.counterexamples.verdict import settled
    from spi_verify.executors import working
    from spi_verify.obligations.cache import Cache, cache_directory
    from spi_verify.obligations.lock import is_complete, lock_file
    from spi_verify.obligations.running import run
    from spi_verify.papers.choosing import choose, with_lemmas
    from spi_verify.papers.definitions import variant
    from spi_verify.papers.paper import shipped_papers
    from spi_verify.reports.console import print_report
    from spi_verify.reports.steps import print_steps
    from spi_verify.shards import parse_shard
    from spi_verify.solvers import SolverDisagreement, versions
    from spi_verify.verdicts import Report

    part = None if shard is None else parse_shard(shard)
    if record and (part or replay or replacements or without):
        raise InputError("--record takes a whole run, as the suites are, and no --replay with it")
    if lock is not None and not (record or replay):
        raise InputError("--lock is for --record and --replay")
    recorded = lock_file(targets or [], lock) if record or replay else Path()
    theory = variant(replacements or [])
    errors: list[str] = []
    statements, chosen = choose(targets or [], theory, without=without or [], errors=errors)
    everything = {}
    if part is not None:
        from spi_verify.audit.rechecker import digest_of

        known = {statement.id: statement for statement in statements}
        everything = {id: digest_of(known[id]) for id in chosen}
        chosen = part.of(chosen)
        if not chosen:
            raise InputError(f"--shard {shard}: there are only {len(everything)} statements")
        statements = [known[id] for id in with_lemmas(chosen, known)]
    console = console_for(json)
    progress = Progress()
    warnings.showwarning = show_warning
    cache = Cache(None if no_cache else cache_directory())
    try:
        with working(executor, jobs) as (cluster, at_a_time), progress.shown():
            outcomes = run(
                statements,
                jobs=at_a_time,
                cache=cache,
                listener=progress,
                executor=cluster,
            )
    except SolverDisagreement as error:
        print(f"spi-verify: the solvers disagree: {error}", file=sys.stderr)
        raise typer.Exit(2) from error
    except KeyboardInterrupt:
        kept = "" if no_cache else "; finished steps are kept, the same command goes on from them"
        print(f"spi-verify: interrupted{kept}", file=sys.stderr)
        raise
    by_id = {outcome.statement.id: outcome for outcome in outcomes}
    results = {id: settled(by_id[id], cache) for id in chosen}
    report = Report(list(results.values()), errors)
    if targets:
        for id in chosen:
            print_steps(by_id[id], console)
    print_report(report, console)
    decisions = [d for outcome in outcomes for d in outcome.decisions.values()]
    cached = sum(decision.cached for decision in decisions)
    console.print(f"{len(decisions)} steps, {cached} of them found in the cache")
    write_reports(
        report,
        "spi-verify prove",
        lambda: places_of(results, targets or []),
        junit=junit,
        sarif=sarif,
        summary=summary,
    )
    if html is not None:
        from spi_verify.reports.proofs import Told, proofs_page

        told = [Told(by_id[id], result) for id, result in results.items()]
        lemmas = [Told(one, settled(one, cache)) for id, one in by_id.items() if id not in results]
        given = (replacements or [], without or [])
        write_text(html, proofs_page(told, lemmas, errors, versions(), *given))
        console.print(f"page written: {html}", soft_wrap=True)
    document, code = report.to_json(versions()), report.exit_code
    folders = [target for target in targets or [] if target not in shipped_papers()]
    complete = part is None and not errors and is_complete(folders)
    if record:
        write_lock(recorded, report, by_id, versions(), complete=complete)
        console.print(f"recorded in {recorded}", soft_wrap=True)
    if replay:
        changed = changes(recorded, report, by_id, versions(), console, complete=complete)
        document["changes"] = [asdict(change) for change in changed]
        if code != 2 and any(change.kind == "regressed" for change in changed):
            code = 1
    if part is not None:
        document["shard"] = part.to_json(everything)
    write_json(document, json)
    for message in errors:
        complain(message)
    raise typer.Exit(code)


class Progress:
    """What is running and for how long, on a terminal."""

    def __init__(self) -> None:
        self._running: dict[str, float] = {}
        self._done = 0

    def __call__(self, name: str, starts: bool) -> None:
        """Note that a query starts, or ends."""
        if starts:
            self._running[name] = time.monotonic()
        else:
            self._running.pop(name, None)
            self._done += 1

    def shown(self) -> Any:
        """Return a context that keeps the display up to date."""
        if not sys.stderr.isatty():
            return nullcontext()
        from rich.console import Console
        from rich.live import Live

        console = Console(stderr=True, highlight=False, markup=False, emoji=False)
        return Live(get_renderable=self._render, console=console, transient=True)

    def _render(self) -> RenderableType:
        now = time.monotonic()
        lines = [f"{self._done} queries done"]
        lines += [f"{now - since:6.1f} s  {name}" for name, since in list(self._running.items())]
        return "\n".join(lines)
