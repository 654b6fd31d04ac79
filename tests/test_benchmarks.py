"""One command runs the benchmarks and prints one table."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture
def benchmarks(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))
    return importlib.import_module("benchmarks.__main__")


def test_every_benchmark_of_the_table_has_rows(benchmarks):
    for name in benchmarks.NAMES:
        assert callable(importlib.import_module(f"benchmarks.{name}").rows)


def test_a_row_is_told_with_its_ratio_its_growth_and_what_it_was_before(benchmarks):
    from benchmarks.measured import Measured, growing

    rows = [Measured("sums", f"{n}", n / 2, "numpy", n / 8) for n in (2, 6)]
    first, second = growing(rows)
    assert (first.growth, second.growth, second.ratio) == (None, 3, 4)
    assert benchmarks.told(second, {}).split() == [
        "sums",
        "6",
        "3.000",
        "4.00",
        "x",
        "numpy",
        "3.00",
    ]
    assert benchmarks.told(second, {"sums / 6": 1.5}).split()[-2:] == ["1.500", "2.00"]


def printed(*arguments):
    command = [sys.executable, "-m", "benchmarks", "bargaining", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.long
def test_a_table_is_written_and_compared_with(tmp_path):
    file = tmp_path / "table.json"
    assert "peak memory" in printed("--json", file)
    document = json.loads(file.read_text())
    assert {row["benchmark"] for row in document["rows"]} == {"bargaining"}
    assert all(row["ratio"] > 0 for row in document["rows"])
    assert [row["growth"] is None for row in document["rows"]] == [True, False, False, False]
    assert document["peak_mib"]["bargaining"] > 10
    assert printed("--against", file).splitlines()[0].endswith("now")


def test_a_benchmark_that_there_is_not_is_said(benchmarks, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["benchmarks", "overheat"])
    with pytest.raises(SystemExit, match="there is no benchmark 'overheat'; there are commands"):
        benchmarks.main()
