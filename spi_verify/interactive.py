"""What the commands do, for a notebook or a script: the same verdicts as values.

Importing this loads no solver; what is called loads what it needs.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from spi_verify.errors import InputError
from spi_verify.suggestions import suggestion

if TYPE_CHECKING:
    from spi_verify.claims.model import Model
    from spi_verify.games import Game
    from spi_verify.obligations import Statement
    from spi_verify.verdicts import Report, Result


def load_model(file: str | Path) -> Model:
    """Read a model file: a game, functions on its outcomes, and claims.

    Raises
    ------
    InputError
        When the file cannot be read or its game, functions or defaults make no sense. A claim
        that makes no sense is reported by :func:`check`.

    Examples
    --------
    >>> load_model("models/scheduling.toml").name
    'scheduling'
    """
    from spi_verify.claims.reader import read_model

    return read_model(Path(file))


def check(model: Model | str | Path) -> Report:
    """Decide every claim of a model, as ``spi-verify check`` does.

    Parameters
    ----------
    model
        What :func:`load_model` returned, or a file to read.

    Raises
    ------
    InputError
        As :func:`load_model` does.
    SolverDisagreement
        When one solver says that a claim can fail and the other that it cannot.

    Examples
    --------
    >>> for result in check("models/scheduling.toml").results[2:4]:
    ...     print(result.id, result.verdict, result.evidence)
    scheduling/fair-reaches-the-pmm proved checked
    scheduling/neutral-is-an-spi refuted checked
    """
    from spi_verify.claims.check import check_model
    from spi_verify.claims.model import Model
    from spi_verify.verdicts import Report

    return Report(list(check_model(model if isinstance(model, Model) else load_model(model))))


def prove(
    *targets: str,
    replacing: Sequence[str] = (),
    without: Sequence[str] = (),
    jobs: int | None = None,
) -> Report:
    """Prove statements from their steps, as ``spi-verify prove`` does. Suites are code.

    Parameters
    ----------
    targets
        Ids of the paper's statements, and paths of suites; all of the paper's where there are
        none. An id stands for both of its readings.
    replacing
        Definitions to replace, each as ``NAME=FILE_OR_MODULE:OBJECT`` or ``NAME=VARIANT``.
    without
        Names of hypotheses to drop wherever they are supposed.
    jobs
        How many steps to work on at a time; default: as many as there are processors.

    Raises
    ------
    InputError
        When a target, a definition or a hypothesis is unknown, or a suite is malformed.
    SolverDisagreement
        When the solvers contradict each other on a step.
    """
    from spi_verify.counterexamples.verdict import refuted_already, settled
    from spi_verify.obligations.cache import Cache, cache_directory
    from spi_verify.obligations.running import run
    from spi_verify.papers.certificates import kept_for
    from spi_verify.papers.choosing import choose
    from spi_verify.papers.definitions import variant
    from spi_verify.verdicts import Report

    statements, chosen = choose(targets, variant(replacing), without=without)
    cache = Cache(cache_directory())
    outcomes = run(
        statements,
        jobs=jobs or os.cpu_count() or 1,
        cache=cache,
        certificates=kept_for(statements),
        refuted=refuted_already(statements, cache),
    )
    by_id = {outcome.statement.id: outcome for outcome in outcomes}
    return Report([settled(by_id[id], cache) for id in chosen])


def refute(
    statement: str | Statement,
    *,
    players: int = 3,
    outcomes: int = 4,
    game: Game | None = None,
    candidates: int = 200,
) -> Result:
    """Look for the smallest counterexample to a statement, and execute it.

    Parameters
    ----------
    statement
        The id of one of the paper's, or a statement of your own.
    players, outcomes
        The most players, and the most outcomes, of a game that is tried.
    game
        Look in this game only.
    candidates
        How many candidates may fail when they are executed before the search gives up.

    Returns
    -------
    Result
        ``refuted`` with a counterexample that was executed; or ``unknown``, with how far the
        search went, which is no proof.

    Raises
    ------
    InputError
        When there is no such statement, it is malformed, or it is executed and not searched.
    """
    from spi_verify.counterexamples import looking
    from spi_verify.counterexamples.bounds import Bounds
    from spi_verify.counterexamples.verdict import result
    from spi_verify.obligations.statements import Executed, Statement
    from spi_verify.papers.loading import shipped_by_id

    if not isinstance(statement, Statement):
        known = shipped_by_id()
        if statement not in known:
            hint = suggestion(statement, known, where="spi-verify list")
            raise InputError(f"there is no statement {statement!r}{hint}")
        found = known[statement]
        if isinstance(found, Executed):
            raise InputError(
                "executed statements are decided by prove; there is nothing to search for",
                where=statement,
            )
        statement = found
    statement.order()
    search = looking.refute(statement, Bounds(players, outcomes, game, candidates))
    shown = search.refutation
    reason = search.reason if shown is None else str(shown["conclusion"])
    return result(statement, shown, reason, search.seconds)


def replay(file: str | Path) -> str:
    """Execute a saved counterexample exactly, without a solver, as ``spi-verify replay`` does.

    Returns
    -------
    str
        The counterexample in a sentence.

    Raises
    ------
    Rejected
        When the file's counterexample is none.
    InputError
        When the file is not a counterexample.
    """
    from spi_verify.counterexamples import replay as replaying

    return replaying.replay(Path(file))
