"""The cache is believed only as far as its key reaches, and the key is its owner's alone."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from spi_verify.obligations.cache import SCHEMA, Cache
from spi_verify.obligations.signing import key, key_directory

ROOT = Path(__file__).parent.parent
QUESTION = {"kind": "step", "script": "(assert true)"}


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    folder = tmp_path / "state"
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    return folder / "spi-verify"


@pytest.fixture
def answers(tmp_path):
    return tmp_path / "answers"


def refused(answers) -> str:
    """The one warning of a cache that is not used."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        cache = Cache(answers)
        cache.put(QUESTION, {"z3": "unsat"})
        assert cache.get(QUESTION) is None
    assert not list(answers.glob("*"))
    (warning,) = caught
    return str(warning.message)


def test_an_entry_edited_together_with_every_digest_in_it_is_not_believed(answers):
    cache = Cache(answers)
    cache.put(QUESTION, {"z3": "unknown"})
    (file,) = answers.glob("*.json")
    entry = json.loads(file.read_text())
    entry["answer"] = {"z3": "unsat"}
    told = f"{SCHEMA}\n{json.dumps(QUESTION, sort_keys=True)}\n{json.dumps(entry['answer'])}"
    for digest in (told, told.partition("\n")[2], json.dumps([QUESTION, entry["answer"]])):
        entry["signature"] = hashlib.sha256(digest.encode()).hexdigest()
        file.write_text(json.dumps(entry))
        with pytest.warns(UserWarning, match="damaged or foreign"):
            assert Cache(answers).get(QUESTION) is None


def test_a_copy_of_the_cache_is_not_believed_under_another_key_and_mends_itself(
    answers, tmp_path, monkeypatch
):
    Cache(answers).put(QUESTION, {"z3": "unsat"})
    assert Cache(answers).get(QUESTION) == {"z3": "unsat"}
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "elsewhere"))
    copied = Cache(answers)
    with pytest.warns(UserWarning, match="decided anew"):
        assert copied.get(QUESTION) is None
    copied.put(QUESTION, {"z3": "sat"})
    assert Cache(answers).get(QUESTION) == {"z3": "sat"}


def test_a_cache_of_another_key_is_one_warning_and_not_one_for_each_entry(
    answers, tmp_path, monkeypatch
):
    questions = [{"script": str(k)} for k in range(20)]
    cache = Cache(answers)
    for question in questions:
        cache.put(question, {"z3": "unsat"})
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "elsewhere"))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        copied = Cache(answers)
        assert [copied.get(question) for question in questions] == [None] * 20
    assert len(caught) == 1


def test_the_key_is_its_owners_alone_and_does_not_lie_in_the_cache(answers, state):
    Cache(answers).put(QUESTION, {})
    assert state == key_directory()
    assert oct(state.stat().st_mode & 0o777) == oct(0o700)
    (file,) = state.iterdir()
    assert oct(file.stat().st_mode & 0o777) == oct(0o600)
    assert file.read_text().strip() not in (next(answers.glob("*.json"))).read_text()
    assert not list(answers.glob("*key*"))


@pytest.mark.parametrize("mode", [0o710, 0o720, 0o701, 0o777])
def test_a_key_in_a_folder_of_others_is_not_used(answers, state, mode):
    key()
    state.chmod(mode)
    assert "others may read or write it; chmod 700" in refused(answers)


@pytest.mark.parametrize("mode", [0o640, 0o620, 0o604, 0o666])
def test_a_key_that_others_can_read_or_write_is_not_used(answers, state, mode):
    key()
    (state / "cache.key").chmod(mode)
    assert "others may read or write it; chmod 600" in refused(answers)


def test_a_key_of_another_user_is_not_used(answers, monkeypatch):
    key()
    another = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: another)
    assert "belongs to another user" in refused(answers)


def test_a_link_is_no_key_and_no_folder_of_it(answers, state, tmp_path):
    key()
    file = state / "cache.key"
    file.rename(tmp_path / "moved")
    file.symlink_to(tmp_path / "moved")
    assert "cannot use it" in refused(answers)
    file.unlink()
    state.rename(tmp_path / "folder")
    state.symlink_to(tmp_path / "folder")
    assert "cannot use it" in refused(answers)


@pytest.mark.parametrize("text", ["", "00", "zz" * 32, "00" * 33])
def test_a_damaged_key_is_not_used_and_not_replaced(answers, state, text):
    key()
    (state / "cache.key").write_text(text)
    assert "this is no key; remove it" in refused(answers)
    assert (state / "cache.key").read_text() == text


def test_a_state_that_cannot_be_written_is_one_warning(answers, state):
    state.parent.write_text("a file where a folder should be")
    assert "no answers are kept or used" in refused(answers)


def test_processes_that_start_together_have_one_key(state):
    code = "from spi_verify.obligations.signing import key; input(); print(key().hex())"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    children = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        for _ in range(4)
    ]
    for child in children:
        child.stdin.write("\n")
        child.stdin.flush()
    keys = {child.communicate()[0].strip() for child in children}
    assert len(keys) == 1
    assert [file.name for file in state.iterdir()] == ["cache.key"]
    assert keys == {key().hex()}
    assert len(key()) == 32


def test_the_command_says_in_one_line_that_the_cache_is_not_used(run, state, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    key()
    state.chmod(0o777)
    found = run("prove", "expected-utility")
    assert found.code == 0
    assert "0 of them found in the cache" in found.out
    assert found.err.splitlines() == [
        f"spi-verify: warning: no answers are kept or used: {state}: "
        "others may read or write it; chmod 700 is right"
    ]
