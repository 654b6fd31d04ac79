"""``spi-verify replay``: recompute saved counterexamples and constructions without any solver."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from spi_verify.commands.output import JsonOption, complain, console_for, write_json
from spi_verify.errors import InputError

SCHEMA = "spi-verify/replay/1"


def command(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="What commands saved (JSON).")
    ],
    json: JsonOption = None,
) -> None:
    """Recompute saved counterexamples and constructions exactly, without any solver.

    Exits with 0 if all are confirmed and with 1 if one is rejected.
    """
    from spi_verify.counterexamples.replay import replay
    from spi_verify.errors import Rejected
    from spi_verify.text import printable

    console = console_for(json)
    outcomes: list[dict[str, str]] = []
    for file in files:
        try:
            outcome, what = "confirmed", replay(file)
        except Rejected as rejected:
            outcome, what = "rejected", str(rejected)
        except InputError as error:
            outcome, what = "error", str(error)
        outcomes.append({"file": str(file), "outcome": outcome, "reason": what})
        if outcome == "error":
            complain(what)
        else:
            console.print(printable(f"{file}: {outcome}: {what}"), soft_wrap=True)
    write_json({"schema": SCHEMA, "replays": outcomes}, json)
    codes = {"confirmed": 0, "rejected": 1, "error": 2}
    raise typer.Exit(max(codes[outcome["outcome"]] for outcome in outcomes))
