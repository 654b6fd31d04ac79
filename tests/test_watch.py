"""What is watched is decided again when it is saved, and what changed is said."""

from __future__ import annotations

import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import spi_verify
from spi_verify.commands.watch import _state
from spi_verify.commands.watching import Decided, Source, sources_at, what_changed
from spi_verify.errors import InputError
from spi_verify.verdicts import Result, Verdict

MODEL = """\
[game]
players = ["Ann", "Bob"]
payoffs = [[[3, 1], [0, 0]], [[0, 0], [1, 3]]]
[renegotiation]
meet = [{ from = "mismatch", to = ["1", "1"] }]
[[claims]]
kind = "spi"
function = "meet"
[[claims]]
kind = "pmm"
payoffs = [1, 1]
"""
SUITE = Path(spi_verify.__file__).parent / "template" / "composition.py"
PATIENCE = 120
"""So many seconds a line is waited for, on a machine that does much else."""


class Watched:
    """A process that watches, and its lines."""

    def __init__(self, *paths: object) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "spi_verify", "watch", *map(str, paths)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line.rstrip("\n"))

    def until(self, pattern: str) -> list[str]:
        """Return the lines up to one that a pattern is found in."""
        lines = []
        while not lines or not re.search(pattern, lines[-1]):
            lines.append(self._lines.get(timeout=PATIENCE))
        return lines

    def end(self) -> int:
        """Press Ctrl-C."""
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(PATIENCE)

    def __enter__(self) -> Watched:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()


def save(file: Path, old: str, new: str) -> None:
    """Save an edit as editors do, by another file in its place."""
    text = file.read_text()
    assert old in text
    beside = file.with_suffix(".new")
    beside.write_text(text.replace(old, new))
    beside.replace(file)


@pytest.mark.long
def test_an_edit_of_a_model_file_shows_what_changed_and_why(tmp_path):
    model = tmp_path / "m.toml"
    model.write_text(MODEL)
    with Watched(tmp_path) as watched:
        first = watched.until("^watching 1 source; ")
        assert re.search(r"m\.toml: 2 claims: 2 proved; all as expected", first[0])
        save(model, "[1, 3]", "[2, 3]")
        (*_, refuted, why) = watched.until("PMM")
        assert refuted == "  m/pmm: proved -> refuted (NO: expected proved)"
        assert why == "    Ann's PMM is 2, attained by (2, 2), not 1"
        save(model, "payoffs = [1, 1]", "payoffs = [2, 1]")
        assert watched.until("m/pmm")[-1] == "  m/pmm: refuted -> proved"
        save(model, "players", "playrs")
        said = watched.until("playrs")[-1]
        assert "line 2: game: unknown key 'playrs'; did you mean 'players'?" in said
        save(model, "playrs", "players")
        assert watched.until("no verdict changed")[0].endswith(" s)")
        (tmp_path / "more.toml").write_text(MODEL)
        assert re.search(r"more\.toml: 2 claims: 2 proved", watched.until("more")[-1])
        model.unlink()
        assert watched.until("gone")[-1] == f"{model}: gone"
        assert watched.end() == 0
        assert watched.until("no longer")[-1] == "no longer watching"


@pytest.mark.long
def test_the_tutorial_shows_what_is_seen(tmp_path, monkeypatch):
    page = (Path(__file__).parent.parent / "docs" / "tutorial.md").read_text()
    monkeypatch.chdir(tmp_path)
    model = re.search(r"```toml\n(# file: border\.toml\n.*?)```", page, re.S)
    before, after = re.findall(r"```text\n(.*?)```", page, re.S)
    assert model is not None
    Path("border.toml").write_text(model[1])
    with Watched("border.toml") as watched:
        shown = watched.until("^watching")
        save(Path("border.toml"), '["v"]\n', '["v"]\nconstraints = ["v < 2"]\n')
        shown += watched.until("->")
    told = [*before.splitlines()[1:], *after.splitlines()]
    assert [re.sub(r"\d+\.\d s", "- s", line) for line in shown] == [
        re.sub(r"\d+\.\d s", "- s", line) for line in told
    ]


@pytest.mark.long
def test_an_edit_of_a_suite_shows_the_counterexample(tmp_path):
    suite = tmp_path / "ours.py"
    shutil.copy(SUITE, suite)
    with Watched(suite) as watched:
        watched.until("^watching 1 source; ")
        save(
            suite, "theory.weakly_improves(after, before)", "theory.weakly_improves(before, after)"
        )
        lines = watched.until("So the conclusion fails")
        assert "  improvements-compose: proved -> refuted (NO: expected proved)" in lines
        save(suite, "theory.weakly_improves(before, after)", "theory.weakly_improves(before, after")
        assert re.search(r"ours\.py: line \d+: .*SyntaxError", watched.until("SyntaxError")[-1])
        assert watched.end() == 0


def test_what_names_nothing_to_watch_is_refused(run, tmp_path):
    for path, said in (
        (tmp_path / "none", "there is no such file or folder"),
        (tmp_path, "there is no model file, suite or paper in this folder"),
        (tmp_path / "a.txt", "only models (.toml) and suites (.py) are watched"),
    ):
        if path.suffix:
            path.write_text("")
        found = run("watch", path)
        assert (found.code, found.err) == (2, f"spi-verify: {path}: {said}\n")


def test_a_folder_is_watched_as_what_is_in_it(tmp_path):
    for name in ("models/a.toml", "proofs/ours.py", "draft/own.py", "draft/deep/b.toml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(MODEL if name.endswith("toml") else SUITE.read_text())
    (tmp_path / "draft/paper.toml").write_text('title = "x"\n')
    (tmp_path / "proofs/helper.py").write_text("x = 1\n")
    assert {source.path.relative_to(tmp_path).as_posix() for source in sources_at(tmp_path)} == {
        "models/a.toml",
        "proofs/ours.py",
        "draft",
    }
    assert sources_at(tmp_path / "draft/paper.toml") == [Source(tmp_path / "draft")]
    files = {file.name for file in Source(tmp_path / "proofs/ours.py").stamps()}
    assert files == {"ours.py", "helper.py"}
    assert set(Source(tmp_path / "draft").stamps()) >= {tmp_path / "draft/deep/b.toml"}
    with pytest.raises(InputError):
        sources_at(tmp_path / "nothing")


def test_a_file_is_read_again_only_when_it_has_changed(tmp_path, monkeypatch):
    for k in range(5):
        (tmp_path / f"m{k}.toml").write_text(MODEL + f'# see "g{k}.nfg"\n')
        (tmp_path / f"s{k}.py").write_text(SUITE.read_text())
        (tmp_path / f"g{k}.nfg").write_text("")
    seen = _state([tmp_path])
    assert len(seen) == 10
    read = []
    open_file = Path.open

    def opened(file, *args, **named):
        read.append(file.name)
        return open_file(file, *args, **named)

    monkeypatch.setattr(Path, "open", opened)
    assert _state([tmp_path]) == seen
    assert not read
    save(tmp_path / "m3.toml", "# see", "# not")
    save(tmp_path / "s2.py", "statements", "propositions")
    read.clear()
    changed = _state([tmp_path])
    assert set(read) == {"m3.toml", "s2.py"}
    assert {source.path.name for source in seen.keys() - changed.keys()} == {"s2.py"}
    model = Source(tmp_path / "m3.toml")
    assert changed[model] != seen[model]
    assert {file.name for file in changed[model]} == {"m3.toml", "g3.nfg"}


def test_only_what_changed_is_told():
    def decided(*results: Result) -> Decided:
        return Decided({result.id: result for result in results})

    story = {"story": ["It is so.", "So not."]}
    before = decided(
        Result("a", Verdict.PROVED), Result("b", Verdict.PROVED), Result("c", Verdict.UNKNOWN)
    )
    after = decided(
        Result("a", Verdict.PROVED, reason="another one"),
        Result("b", Verdict.REFUTED, counterexample=story, reason="x"),
        Result("d", Verdict.PROVED, consistency_open=True),
    )
    assert list(what_changed(before, after)) == [
        "b: proved -> refuted (NO: expected proved)",
        "  It is so.",
        "  So not.",
        "new: d: proved (consistency open) (NO: expected proved)",
        "gone: c (was unknown)",
    ]
    assert list(what_changed(before, Decided({}, ("it cannot be read",)))) == []
