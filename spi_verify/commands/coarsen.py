"""``spi-verify coarsen``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from spi_verify.commands.options import (
    NAME_OR_PATH,
    jobs_option,
    json_option,
    no_cache_option,
)
from spi_verify.commands.output import (
    console_for,
    write_json,
)
from spi_verify.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from spi_verify.obligations.coarsening import Coarser

SCHEMA = "spi-verify/coarser/1"


@click.command
@click.argument(
    "targets",
    metavar="[PATH|ID]...",
    nargs=-1,
    required=True,
    type=NAME_OR_PATH,
    help="Suites or statements.",
)
@jobs_option("How many questions to ask at a time.")
@json_option
@no_cache_option
def command(targets: tuple[str, ...], jobs: int, json: str | None, no_cache: bool) -> None:
    """Find steps of proofs that can be left out, and what the others are then proved from."""
    from concurrent.futures import ThreadPoolExecutor

    from spi_verify.commands.progress import Progress
    from spi_verify.commands.proof_run import ProofRun
    from spi_verify.obligations.cache import Cache, cache_directory
    from spi_verify.obligations.coarsening import Coarsening
    from spi_verify.obligations.deciding import Budget
    from spi_verify.solvers.processes import versions
    from spi_verify.verdicts import Verdict

    cache, console = Cache(None if no_cache else cache_directory()), console_for(json)
    run = ProofRun(targets, [], [])
    run.decide(jobs, None, cache, Progress(), anew=no_cache)
    for message in run.errors:
        raise InputError(message)
    proved = {
        id: Coarsening(run.outcomes[id], Budget(), cache)
        for id, result in run.results.items()
        if result.verdict is Verdict.PROVED and run.outcomes[id].decisions
    }
    if not proved:
        raise InputError("none of these statements is proved from steps")
    documents: list[dict[str, Any]] = []
    with ThreadPoolExecutor(jobs) as pool:
        found = {id: pool.submit(one.run) for id, one in proved.items()}
        for id, future in found.items():
            coarser = future.result()
            _print(id, len(run.outcomes[id].decisions), coarser, console)
            documents.append({"statement": id, **_plain(coarser)})
    gone, kept = (sum(len(one[key]) for one in documents) for key in ("dropped", "steps"))
    console.print(f"in all, {gone} of {gone + kept} steps can be left out")
    write_json({"schema": SCHEMA, "solvers": versions(), "statements": documents}, json)


def _plain(coarser: Coarser) -> dict[str, Any]:
    return {
        "dropped": list(coarser.dropped),
        "steps": {name: list(facts) for name, facts in coarser.steps.items()},
        "changed": list(coarser.changed),
    }


def _print(id: str, steps: int, coarser: Coarser, console: Console) -> None:
    from spi_verify.text import printable

    said = f"{id}: {len(coarser.dropped)} of {steps} steps can be left out"
    dropped = f": {', '.join(coarser.dropped)}" if coarser.dropped else ""
    console.print(printable(said + dropped), soft_wrap=True)
    for name in coarser.changed:
        facts = ", ".join(coarser.steps[name])
        console.print(printable(f"  then {name} is proved from {facts}"), soft_wrap=True)
