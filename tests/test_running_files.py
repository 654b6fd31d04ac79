"""Files of a paper's run as they stand now, each once, and import each other by name."""

from __future__ import annotations

import os
import sys

from spi_verify.papers.running import opened, run_file

SAME_SECOND = (1_700_000_000, 1_700_000_000)


def write(file, text):
    """Write a file as if it had been written in one and the same second."""
    file.write_text(text)
    os.utime(file, SAME_SECOND)
    return file


def test_an_edit_within_a_second_that_keeps_the_length_counts(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    write(tmp_path / "beside.py", "SIGN = '>='\n")
    file = write(tmp_path / "suite.py", "from beside import SIGN\nOWN = '>='\n")
    assert (run_file(file).SIGN, run_file(file).OWN) == (">=", ">=")
    write(tmp_path / "beside.py", "SIGN = '<='\n")
    write(file, "from beside import SIGN\nOWN = '<='\n")
    assert (run_file(file).SIGN, run_file(file).OWN) == ("<=", "<=")
    assert not (tmp_path / "__pycache__").exists()


def test_files_of_an_open_folder_run_once_and_leave_nothing(tmp_path):
    write(tmp_path / "beside.py", "RUNS = []\n")
    first = write(tmp_path / "first.py", "from beside import RUNS\nRUNS.append(1)\n")
    second = write(tmp_path / "second.py", "from beside import RUNS\nRUNS.append(2)\n")
    with opened(tmp_path):
        assert run_file(first) is run_file(first)
        assert run_file(second).RUNS == [1, 2]
    assert run_file(second).RUNS == [2]
    assert "beside" not in sys.modules
    assert str(tmp_path) not in sys.path


def test_files_of_two_open_folders_do_not_mix(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        write(tmp_path / name / "beside.py", f"WHERE = {name!r}\n")
        write(tmp_path / name / "suite.py", "from beside import WHERE\n")
        write(tmp_path / name / "late.py", "from beside import WHERE\n")
    with opened(tmp_path / "one"):
        assert run_file(tmp_path / "one" / "suite.py").WHERE == "one"
        assert run_file(tmp_path / "other" / "suite.py").WHERE == "other"
        assert run_file(tmp_path / "one" / "late.py").WHERE == "one"


def test_a_package_in_the_folder_is_imported_as_it_stands_too(tmp_path):
    (tmp_path / "parts").mkdir()
    for text in (">=", "<="):
        write(tmp_path / "parts" / "__init__.py", "")
        write(tmp_path / "parts" / "inner.py", f"SIGN = {text!r}\n")
        file = write(tmp_path / "suite.py", "from parts.inner import SIGN\n")
        assert text == run_file(file).SIGN
