"""``spi-verify suffice``."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.exceptions import Exit

from spi_verify.commands.options import (
    NAME_OR_PATH,
    bounds_options,
    jobs_option,
    json_option,
    picture_option,
    told_options,
)
from spi_verify.commands.output import (
    console_for,
    say,
    show_warning,
    write_json,
    write_told,
)
from spi_verify.errors import InputError
from spi_verify.suggestions import suggestion

if TYPE_CHECKING:
    from spi_verify.obligations import Statement
    from spi_verify.obligations.suffice import Sufficiency

SCHEMA = "spi-verify/hypotheses/1"


@click.command
@click.argument(
    "targets",
    metavar="[PAPER] ID",
    nargs=-1,
    required=True,
    type=NAME_OR_PATH,
    help="A statement of a shipped paper, or of the paper, folder or suite before it; "
    "its repaired reading, where it has one.",
)
@click.option(
    "--pool",
    metavar="H1,H2,...",
    help="The hypotheses to vary, all by default; the others are always supposed.",
)
@jobs_option("How many steps to work on at a time.")
@bounds_options(players=2, outcomes=3, candidates=60)
@json_option
@told_options
@picture_option("--plot", "Draw the map (.svg, .png or .pdf).")
def command(
    targets: tuple[str, ...],
    pool: str | None,
    jobs: int,
    players: int,
    outcomes: int,
    candidates: int,
    json: str | None,
    markdown: Path | None,
    latex: Path | None,
    plot: Path | None,
) -> None:
    """Find all minimal sets of hypotheses that suffice, and all maximal ones that do not.

    Exits with 0 if every set of hypotheses is decided, else with 3.
    """
    from spi_verify.audit.searches import find, find_saved
    from spi_verify.commands.progress import Progress
    from spi_verify.counterexamples.bounds import Bounds
    from spi_verify.obligations.cache import Cache, cache_directory
    from spi_verify.obligations.suffice import Contradiction, enumerate_sufficient, oracle_for
    from spi_verify.papers.certificates import kept_for
    from spi_verify.reports.results_report import written
    from spi_verify.reports.sufficiency import print_sufficiency, sufficiency_report
    from spi_verify.solvers import SolverDisagreement, versions

    statement, sources = _chosen(targets)
    names = _pool(statement, pool)
    warnings.showwarning = show_warning
    cache = Cache(cache_directory())
    progress = Progress("sets of hypotheses settled", 2 ** len(names))
    bounds = Bounds(players, outcomes, None, candidates)
    oracle = oracle_for(
        statement,
        sources,
        names,
        lambda reduced: find_saved(reduced, cache) or find(reduced, bounds),
        jobs=jobs,
        cache=cache,
        listener=progress.running,
        certificates=kept_for([statement, *sources]),
    )
    try:
        with progress.shown():
            found = enumerate_sufficient(names, oracle, told=progress.reached)
    except (Contradiction, SolverDisagreement) as error:
        print(f"spi-verify: answers contradict each other: {error}", file=sys.stderr)
        raise Exit(2) from error
    print_sufficiency(statement, found, console_for(json))
    write_json({**_to_json(statement, found), "solvers": versions()}, json)
    blocks = list(sufficiency_report(statement, found))
    write_told(markdown, latex, lambda _, as_latex: written(blocks, as_latex=as_latex))
    if plot is not None:
        from spi_verify.reports.lattice import plot_sufficiency

        plot_sufficiency(found, f"{statement.id}: which hypotheses suffice", plot)
        say(f"wrote {plot}")
    if found.interrupted:
        lasts = "proofs are kept, the same command goes on from them"
        print(f"spi-verify: interrupted; {lasts}", file=sys.stderr)
        raise Exit(130)
    raise Exit(3 if found.undecided or found.not_asked else 0)


def _chosen(targets: Sequence[str]) -> tuple[Statement, list[Statement]]:
    """Return the one statement meant, with those that lemmas come from."""
    from spi_verify.obligations.statements import Statement
    from spi_verify.papers.choosing import choose
    from spi_verify.theory import PAPER

    statements, ids = choose(targets, PAPER)
    repaired = [id for id in ids if id.endswith("/repaired")]
    meant = repaired or ids
    if len(meant) != 1:
        named = " ".join(targets)
        raise InputError(f"{named!r} holds several statements; name one: {', '.join(meant)}")
    by_id = {one.id: one for one in statements if isinstance(one, Statement)}
    if meant[0] not in by_id:
        raise InputError(f"{meant[0]} is executed; it has no hypotheses to choose from")
    needed = [meant[0]]
    for id in needed:
        needed += [source for source in by_id[id].lemmas.values() if source not in needed]
    return by_id[meant[0]], [by_id[id] for id in needed[1:]]


def _pool(statement: Statement, text: str | None) -> list[str]:
    known = [hypothesis.name for hypothesis in statement.hypotheses]
    if text is None:
        return known
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name not in known:
            hint = suggestion(name, known)
            raise InputError(f"--pool: {statement.id} has no hypothesis {name!r}{hint}")
    return names


def _to_json(statement: Statement, found: Sufficiency) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "statement": statement.id,
        "algorithm": "MARCO",
        "hypotheses": [
            {"name": h.name, "meaning": h.meaning, "varied": h.name in found.pool}
            for h in statement.hypotheses
        ],
        "minimal_sufficient": [
            {"hypotheses": list(one.hypotheses), "minimal": one.sure} for one in found.minimal
        ],
        "maximal_insufficient": [
            {
                "hypotheses": list(one.hypotheses),
                "maximal": one.sure,
                "countermodel": one.countermodel,
            }
            for one in found.maximal
        ],
        "undecided": [
            {"hypotheses": list(names), "reason": reason}
            for names, reason in found.undecided.items()
        ],
        "not_asked": found.not_asked,
        "questions": found.questions,
    }
