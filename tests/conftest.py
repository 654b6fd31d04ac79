from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import z3  # noqa: F401 - commands run here one after another: replay would put another in its place
from hypothesis import settings

from spi_verify.obligations.certificates.kept import Kept

# For the benchmarks; at the end, so that the package that is installed is the one that is tested.
sys.path.append(str(Path(__file__).parent.parent))

settings.register_profile("spi", derandomize=True, deadline=None, max_examples=100)
settings.load_profile("spi")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that starts the tests in the background has SIGINT ignored, by what they start, too.
    signal.signal(signal.SIGINT, signal.default_int_handler)

collect_ignore = [
    "extensions",
    "false_statements.py",
    "revisions",
]  # Examples that tests use; suites among them are no tests.

MODELS = Path(__file__).parent.parent / "models"
PROGRAM_GAMES = MODELS.parent / "proofs" / "program_games"
TOLD = ("wording", "hypotheses", "conclusion", "story")  # What a file says that it shows.


def require_replayed(refutation: dict[str, Any], folder: Path) -> None:
    """Assert that a counterexample holds as it is saved and read back, here and by a replay."""
    from spi_verify.counterexamples.file import confirm_saved

    saved = folder / "saved.json"
    saved.write_text(json.dumps(refutation), encoding="utf-8")
    assert confirm_saved(json.loads(saved.read_text(encoding="utf-8")))
    command = [sys.executable, "-m", "spi_verify", "replay", str(saved)]
    replayed = subprocess.run(command, capture_output=True, text=True, check=False)
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr


needs_latex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="LaTeX is not installed")


def compile_latex(file: Path) -> None:
    """Assert that a document compiles, and write it as PDF beside it."""
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", file.name]
    done = subprocess.run(command, cwd=file.parent, capture_output=True)
    assert done.returncode == 0, done.stdout.decode(errors="replace")[-2000:]
    assert file.with_suffix(".pdf").stat().st_size > 1000


def pytest_configure(config: pytest.Config) -> None:
    """Keep the tests away from the user's cache of decided steps, and from its key.

    The processes that share the tests share one of their own: no step is decided twice.
    """
    if not hasattr(config, "workerinput"):
        own = tempfile.mkdtemp(prefix="spi-verify-tests-")
        config.add_cleanup(lambda: shutil.rmtree(own, ignore_errors=True))
        for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME"):
            os.environ[name] = str(Path(own) / name)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Deciding all shipped statements takes long, whoever waits for it."""
    for item in items:
        if "shipped_proofs" in getattr(item, "fixturenames", ()):
            item.add_marker("long")


@pytest.fixture(scope="session")
def shipped_proofs() -> Kept:
    """What is kept of the proofs of all shipped statements; `.ci/run` has solvers decide all."""
    return Kept([PROGRAM_GAMES / "certificates"])


class Run(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Run]:
    """Run the command line in this process."""
    from spi_verify.cli import main

    monkeypatch.setenv("COLUMNS", "200")

    def run_command(*arguments: object) -> Run:
        monkeypatch.setattr("sys.argv", ["spi-verify", *map(str, arguments)])
        with pytest.raises(SystemExit) as exit:
            main()
        captured = capsys.readouterr()
        return Run(int(exit.value.code or 0), captured.out, captured.err)

    return run_command
