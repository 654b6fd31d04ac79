from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import settings

settings.register_profile("spi", derandomize=True, deadline=None, max_examples=100)
settings.load_profile("spi")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that starts the tests in the background has SIGINT ignored, by what they start, too.
    signal.signal(signal.SIGINT, signal.default_int_handler)

MODELS = Path(__file__).parent.parent / "models"
PROGRAM_GAMES = MODELS.parent / "proofs" / "program_games"


@pytest.fixture(scope="session", autouse=True)
def cache_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the tests away from the user's cache of decided steps, and from its key."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


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
