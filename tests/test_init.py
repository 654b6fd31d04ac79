"""The repository that init writes passes its own workflow, and notices what breaks."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
INSTALLED = any(
    point.value == "spi_verify.pytest_plugin" for point in entry_points(group="pytest11")
)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    directory = tmp_path_factory.mktemp("repositories") / "mine"
    code = subprocess.run(
        [sys.executable, "-m", "spi_verify", "init", str(directory)], env=environment()
    )
    assert code.returncode == 0
    return directory


@pytest.fixture
def repository(written, tmp_path):
    return shutil.copytree(written, tmp_path / "mine")


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def steps_of(repository: Path) -> list[str]:
    workflow = (repository / ".github" / "workflows" / "verify.yml").read_text()
    return re.findall(r"^      (?:- |  )run: (.*)$", workflow, flags=re.M)


def workflow(repository: Path, tmp_path: Path) -> list[subprocess.CompletedProcess[str]]:
    """Run the steps of the workflow, with what the first one installs on the path."""
    programs = tmp_path / "bin"
    programs.mkdir()
    plugin = "" if INSTALLED else "-p spi_verify.pytest_plugin"
    for name, command in (("pytest", f"pytest {plugin}"), ("spi-verify", "spi_verify")):
        script = programs / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {command} "$@"\n')
        script.chmod(0o755)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    install, *steps = steps_of(repository)
    assert install == 'pip install "$SPI_VERIFY" pytest'
    return [
        subprocess.run(
            ["bash", "-e", "-c", step],
            cwd=repository,
            env={
                **environment(),
                "PATH": path,
                "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
            },
            capture_output=True,
            text=True,
        )
        for step in steps
    ]


@pytest.mark.long
def test_a_new_repository_passes_its_own_workflow(repository, tmp_path):
    tested, checked, replayed = workflow(repository, tmp_path)
    assert (tested.returncode, replayed.returncode) == (0, 0), tested.stdout + replayed.stderr
    assert checked.returncode == 0
    assert "2 claims: 1 proved, 1 refuted; all as expected" in (tmp_path / "summary.md").read_text()
    assert "4 passed" in tested.stdout
    assert "1 of 1 as recorded" in replayed.stdout


@pytest.mark.long
def test_a_broken_proof_and_a_false_claim_fail_the_workflow(repository, tmp_path):
    suite = repository / "proofs" / "composition.py"
    suite.write_text(suite.read_text().replace('"second-improves", "weakly', '"weakly'))
    model = repository / "models" / "meeting.toml"
    model.write_text(model.read_text().replace("[2, 1], [0, 0]", "[2, 1], [0, 9]"))
    tested, checked, replayed = workflow(repository, tmp_path)
    assert (tested.returncode, checked.returncode, replayed.returncode) == (1, 1, 1)
    assert "unknown, expected proved" in tested.stdout
    assert "(Cafe, Cafe), where player 2 gets 1 instead of 9" in tested.stdout
    assert (
        "(Cafe, Cafe), where player 2 gets 1 instead of 9" in (tmp_path / "summary.md").read_text()
    )
    assert "regressed: improvements-compose" in replayed.stdout


@pytest.mark.parametrize(
    ("said", "origin"),
    [
        (None, "spi-verify"),
        ('{"url": "file:///somewhere", "dir_info": {"editable": true}}', "./vendor/spi-verify"),
        (
            '{"url": "https://host/it.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}}',
            "git+https://host/it.git@abc",
        ),
        ('{"url": "https://host/it.whl", "archive_info": {}}', "https://host/it.whl"),
    ],
)
def test_the_workflow_installs_what_exists(monkeypatch, said, origin):
    from types import SimpleNamespace

    from spi_verify.commands import init

    installed = SimpleNamespace(read_text=lambda _: said)
    monkeypatch.setattr("importlib.metadata.distribution", lambda _: installed)
    assert init._origin() == origin


def test_a_directory_with_something_in_it_is_refused_and_left_alone(run, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    found = run("init", tmp_path)
    assert found.code == 2
    assert found.err.count("\n") == 1
    assert "not empty" in found.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_file_in_the_way_is_refused(run, tmp_path):
    (tmp_path / "mine").write_text("mine")
    found = run("init", tmp_path / "mine")
    assert (found.code, found.err.count("\n")) == (2, 1)
