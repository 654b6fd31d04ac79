"""Every JSON file of a user says everything once, and is refused in one line where it does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import PROGRAM_GAMES

from spi_verify.errors import InputError
from spi_verify.files import read_json
from spi_verify.notebook import Refutation
from spi_verify.obligations.lock import read as read_lock

COUNTEREXAMPLES = PROGRAM_GAMES / "counterexamples"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('{"a": 1, "b": 2, "a": 1}', "a"),
        ('{"x": [{"y": {"k": 1, "k": 2}}]}', "k"),
        ('{"a\\u0062": 1, "ab": 1}', "ab"),
        ('{"": 1, "": 1}', ""),
    ],
)
def test_a_key_that_is_there_twice_is_refused_with_key_and_file(tmp_path, text, key):
    file = tmp_path / "x.json"
    file.write_text(text)
    with pytest.raises(InputError) as error:
        read_json(file)
    assert str(error.value) == f"{file}: the key {key!r} is there more than once"


def doubled(text: str, key: str) -> str:
    """Put another value before the first occurrence of a key."""
    quoted = json.dumps(key)
    assert quoted in text
    return text.replace(quoted, f'{quoted}: "something else", {quoted}', 1)


@pytest.mark.parametrize("key", ["schema", "kind", "conclusion", "game", "payoffs"])
def test_replay_and_notebooks_refuse_doubled_keys(run, tmp_path, key):
    file = tmp_path / "twice.json"
    file.write_text(doubled((COUNTEREXAMPLES / "prop-1.json").read_text(), key))
    found = run("replay", file)
    assert (found.code, found.out) == (2, "")
    assert found.err == f"spi-verify: {file}: the key {key!r} is there more than once\n"
    with pytest.raises(InputError, match="more than once"):
        Refutation.read(file)


def test_recorded_verdicts_and_shards_refuse_doubled_keys(run, tmp_path):
    file = tmp_path / "twice.json"
    lock = {"schema": "spi-verify/lock/1", "solvers": {}, "statements": {}}
    file.write_text(doubled(json.dumps(lock), "statements"))
    with pytest.raises(InputError, match="'statements' is there more than once"):
        read_lock(file)
    shard = {"schema": "spi-verify/results/1", "results": []}
    file.write_text(doubled(json.dumps(shard), "results"))
    found = run("merge", file)
    assert (found.code, "'results' is there more than once" in found.err) == (2, True)


def test_only_the_shared_reader_and_files_of_ones_own_read_json():
    """What else reads JSON reads what this package wrote: pipes of its own, what is shipped."""
    package = Path(__file__).parent.parent / "spi_verify"
    reading = {
        file.relative_to(package).as_posix()
        for file in package.rglob("*.py")
        if "json.load" in file.read_text(encoding="utf-8")
    }
    assert reading == {
        "commands/called.py",
        "commands/calling.py",
        "commands/init.py",
        "files.py",
        "obligations/cache.py",
        "counterexamples/statements/known.py",
        "counterexamples/statements/meanings.py",
        "counterexamples/regression.py",
        "solvers/processes.py",
        "solvers/worker.py",
    }
