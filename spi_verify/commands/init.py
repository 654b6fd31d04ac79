"""``spi-verify init``: a small repository of one's own."""

from __future__ import annotations

import json
import os
import warnings
from pathlib import Path

import click

from spi_verify.commands.options import PATH
from spi_verify.commands.output import say, show_warning
from spi_verify.errors import InputError
from spi_verify.suggestions import suggestion

FILES = {
    "README.md": "README.md",
    "composition.py": "proofs/composition.py",
    "meeting.toml": "models/meeting.toml",
    "workflow.yml": ".github/workflows/verify.yml",
    "gitignore": ".gitignore",
}
"""Where the files of the template go."""

VENDORED = "./vendor/spi-verify"
"""Where the workflow looks for this package, if it comes from a folder of this machine."""

DRAFT = ("README.md", "paper.toml", "definitions.py", "claims.py")
"""The files of a draft's template, which go where they are called so."""


@click.command
@click.argument("directory", metavar="DIR", type=PATH, help="A new or empty directory.")
@click.option("--draft", is_flag=True, help="Write a draft: a paper that extends another.")
@click.option("--of", metavar="PAPER", help="What a draft extends: a shipped paper, or a folder.")
def command(directory: Path, draft: bool, of: str | None) -> None:
    """Write a repository with a proof, a model, their recorded verdicts, and a CI workflow.

    With --draft, write a paper that extends another: definitions, statements, and how to go on.
    """
    if draft or of is not None:
        _write_draft(directory, draft, of)
        return
    from spi_verify.obligations.cache import Cache, cache_directory
    from spi_verify.obligations.lock import NAME, Lock, entry, write
    from spi_verify.obligations.running import run
    from spi_verify.papers.certificates import kept_for
    from spi_verify.papers.loading import load
    from spi_verify.solvers import versions
    from spi_verify.theory import PAPER

    warnings.showwarning = show_warning
    template, origin = _TEMPLATE, _origin()
    try:
        _require_empty(directory)
        for source, target in FILES.items():
            path = directory / target
            path.parent.mkdir(parents=True, exist_ok=True)
            text = (template / source).read_text(encoding="utf-8")
            path.write_text(text.replace("{{spi-verify}}", origin), encoding="utf-8")
        statements = load(directory / "proofs", PAPER)
        cache = Cache(cache_directory())
        outcomes = run(statements, cache=cache, certificates=kept_for(statements))
        entries = {one.statement.id: entry(one, one.result) for one in outcomes}
        lock = directory / "proofs" / NAME
        lock.write_text(write(Lock(versions(), entries)), encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot write there: {error.strerror}", file=str(directory)) from None
    say(f"wrote {directory}: now run 'pytest proofs models' in it")
    if origin == VENDORED:
        where = "name its repository there (git+https://...), or put a copy at that path"
        say(f"its workflow installs spi-verify from {VENDORED}: {where}")


def _origin() -> str:
    """Return what pip installs this package by elsewhere, as far as its installation says it."""
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        said = distribution("spi-verify").read_text("direct_url.json")
    except PackageNotFoundError:
        return VENDORED
    if said is None:
        return "spi-verify"  # from an index, by its name
    direct = json.loads(said)
    if "vcs_info" in direct:
        return f"{direct['vcs_info']['vcs']}+{direct['url']}@{direct['vcs_info']['commit_id']}"
    return VENDORED if direct["url"].startswith("file:") else str(direct["url"])


_TEMPLATE = Path(__file__).resolve().parent.parent / "template"


def _require_empty(directory: Path) -> None:
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise InputError("not empty: init needs a new or empty directory", file=str(directory))


def _write_draft(directory: Path, draft: bool, of: str | None) -> None:
    """Write a draft of a paper; nothing is decided."""
    from spi_verify.papers.paper import papers_at, shipped_papers

    known = ", ".join(shipped_papers())
    near = suggestion(of or "", shipped_papers())
    if not draft or of is None:
        raise InputError(f"write --draft --of PAPER: a folder, or one of {known}")
    papers = papers_at(of)
    if len(papers) != 1:
        raise InputError(f"--of {of}: this is no paper; give a folder or a shipped one{near}")
    extends = of if of in shipped_papers() else os.path.relpath(of, directory)
    try:
        _require_empty(directory)
        directory.mkdir(parents=True, exist_ok=True)
        for name in DRAFT:
            text = (_TEMPLATE / "draft" / name).read_text(encoding="utf-8")
            text = text.replace('"{{extends}}"', json.dumps(Path(extends).as_posix()))
            (directory / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot write there: {error.strerror}", file=str(directory)) from None
    say(f"wrote {directory}: now run 'spi-verify audit .' in it")
