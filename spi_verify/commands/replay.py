"""``spi-verify replay``: check again what commands saved, without any solver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import click
from click.exceptions import Exit

from spi_verify.commands.options import PATH, json_option, plot_option, told_options
from spi_verify.commands.output import (
    complain,
    say,
    write_json,
    write_told,
)
from spi_verify.errors import InputError, located

SCHEMA = "spi-verify/replay/1"
NOTHING_TO_DRAW = "--plot: there is no counterexample to a statement to be drawn"
_SAVED = ("certificates", "counterexamples", "instances")


@click.command
@click.argument(
    "files",
    metavar="FILE|DIR|PAPER...",
    nargs=-1,
    required=True,
    type=PATH,
    help="What commands saved, folders, shipped papers.",
)
@told_options
@plot_option
@json_option
def command(
    files: tuple[Path, ...],
    markdown: Path | None,
    latex: Path | None,
    plot: Path | None,
    json: str | None,
) -> None:
    """Check saved counterexamples, constructions and certificates of proofs without any solver.

    A counterexample to a statement that is given alone is told in full; reports tell all of them.
    A paper's folder is code, as for other commands: its definitions are run. Files are data.

    Exits with 0 if all are confirmed and with 1 if one is rejected.
    """
    from spi_verify.commands.certified import check_certificates, holds_certificates
    from spi_verify.counterexamples.replay import retold, title_of
    from spi_verify.errors import Rejected
    from spi_verify.reports.story import in_full

    if plot is not None:
        _require_payoffs(_inside(files), plot)
    for folder in filter(_is_paper, files):
        _meet(folder)
    outcomes: list[dict[str, Any]] = []
    told: list[Mapping[str, Any]] = []
    for file in _inside(files):
        one = None
        try:
            if holds_certificates(file):
                outcome, what = "confirmed", check_certificates(file)
            else:
                outcome = "confirmed"
                what, one = retold(file)
        except Rejected as rejected:
            outcome, what = "rejected", str(rejected)
        except InputError as error:
            outcome, what = "error", str(error)
        outcomes.append({"file": str(file), "outcome": outcome, "reason": what})
        if one is not None:
            told.append(one)
            outcomes[-1]["story"] = one["story"]
        if outcome == "error":
            complain(what)
        else:
            say(f"{file}: {outcome}: {what}")
    if len(files) == 1 and files[0].is_file():
        for line in (line for one in told for line in in_full(one, title_of(one))):
            say(line)
    write_told(markdown, latex, partial(_report, told))
    if plot is not None:
        if not told:
            raise InputError(NOTHING_TO_DRAW)
        from spi_verify.reports.portrait import plot_refutation

        plot_refutation(told[0], plot)
        say(f"wrote {plot}")
    write_json({"schema": SCHEMA, "replays": outcomes}, json)
    codes = {"confirmed": 0, "rejected": 1, "error": 2}
    raise Exit(max(codes[outcome["outcome"]] for outcome in outcomes))


def _require_payoffs(files: list[Path], plot: Path) -> None:
    """Refuse to draw what cannot be drawn before any of it is executed.

    What cannot be read is left to who executes it, and says so.
    """
    from spi_verify.counterexamples.file import SCHEMA as OF_STATEMENT
    from spi_verify.files import read_json
    from spi_verify.reports.portrait import require_payoffs

    for file in files:
        with suppress(InputError):
            data = read_json(file)
            if isinstance(data, dict) and data.get("schema") == OF_STATEMENT:
                break
    else:
        raise InputError(NOTHING_TO_DRAW)
    with located(where="--plot"):
        require_payoffs(data, plot)


def _report(told: list[Mapping[str, Any]], file: Path, as_latex: bool) -> str:
    from spi_verify.counterexamples.replay import title_of
    from spi_verify.reports.results_report import results_report
    from spi_verify.verdicts import Evidence, Result, Verdict

    results = [
        Result(
            one["statement"],
            Verdict.REFUTED,
            Evidence.CHECKED,
            expected=Verdict.REFUTED,
            counterexample=one,
            reason=one["conclusion"],
        )
        for one in told
    ]
    entries = [(one, title_of(data), None) for one, data in zip(results, told, strict=True)]
    return results_report(entries, (), file, "replay", as_latex=as_latex)


def _is_paper(file: Path) -> bool:
    return (file / "paper.toml").is_file()


def _meet(folder: Path) -> None:
    """Learn what runs programs where a paper changes how they run."""
    from spi_verify.counterexamples.statements.algorithms import meet

    try:
        meet(folder)
    except InputError as error:
        complain(str(error))


def _inside(files: Sequence[Path]) -> list[Path]:
    """Return the files; for a folder or a shipped paper those in it that commands write."""
    found = []
    for file in files:
        folders = [file] if file.is_dir() else []
        if _is_paper(file):
            folders = [file / name for name in _SAVED]
        if not file.exists():
            from spi_verify.papers.paper import shipped_papers

            paper = shipped_papers().get(str(file))
            folders = [paper.folder / name for name in _SAVED] if paper else []
        inside = (one for folder in folders for one in folder.rglob("*"))
        saved = (one for one in inside if one.suffix in (".certificates", ".json"))
        found += sorted(one for one in saved if one.is_file()) or [file]
    return found
