"""``spi-verify init``: a small repository of one's own."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Annotated

import typer

from spi_verify.commands.output import show_warning
from spi_verify.errors import InputError

FILES = {
    "README.md": "README.md",
    "composition.py": "proofs/composition.py",
    "meeting.toml": "models/meeting.toml",
    "workflow.yml": ".github/workflows/verify.yml",
    "gitignore": ".gitignore",
}
"""Where the files of the template go."""


def command(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty directory.")],
) -> None:
    """Write a repository with a proof, a model, their recorded verdicts, and a CI workflow."""
    from spi_verify.obligations.cache import Cache, cache_directory
    from spi_verify.obligations.lock import NAME, Lock, entry, write
    from spi_verify.obligations.running import run
    from spi_verify.papers.certificates import kept_for
    from spi_verify.papers.loading import load
    from spi_verify.solvers import versions
    from spi_verify.theory import PAPER

    warnings.showwarning = show_warning
    template = Path(__file__).resolve().parent.parent / "template"
    try:
        if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
            raise InputError("not empty: init needs a new or empty directory", file=str(directory))
        for source, target in FILES.items():
            path = directory / target
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text((template / source).read_text(encoding="utf-8"), encoding="utf-8")
        statements = load(directory / "proofs", PAPER)
        cache = Cache(cache_directory())
        outcomes = run(statements, cache=cache, certificates=kept_for(statements))
        entries = {one.statement.id: entry(one, one.result) for one in outcomes}
        lock = directory / "proofs" / NAME
        lock.write_text(write(Lock(versions(), entries)), encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot write there: {error.strerror}", file=str(directory)) from None
    typer.echo(f"wrote {directory}: now run 'pytest proofs models' in it")
