"""Files of a paper's run as they stand now, each once, and import each other by name."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

from spi_verify.papers.running import run_file

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


def test_a_package_in_the_folder_is_imported_as_it_stands_too(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "parts").mkdir()
    write(tmp_path / "parts" / "__init__.py", "")
    file = write(tmp_path / "suite.py", "from parts.inner import SIGN\n")
    for text in (">=", "<="):
        write(tmp_path / "parts" / "inner.py", f"SIGN = {text!r}\n")
        for name in ("parts", "parts.inner"):
            sys.modules.pop(name, None)  # another process has none of these
        found = run_file(file).SIGN
        assert found == text
    assert not (tmp_path / "parts" / "__pycache__").exists()
    assert not sys.dont_write_bytecode


def test_a_replacement_from_a_module_is_imported_as_it_stands(tmp_path):
    code = (
        "import sys; sys.dont_write_bytecode = False\n"
        "from spi_verify.papers.definitions import variant\n"
        "print(variant(['weakly_improves=mymod:mine'])['weakly_improves'].body.__doc__)\n"
    )
    place = os.pathsep.join([str(tmp_path), str(Path(__file__).parent.parent)])
    for said in ("one", "two"):
        text = f"def mine(theory, x, a):\n    {said!r}\n    return x == a\n"
        write(tmp_path / "mymod.py", text)
        environment = {**os.environ, "PYTHONPATH": place}
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == said


def test_neighbours_are_forgotten_and_nothing_else_is(tmp_path):
    write(tmp_path / "beside.py", "RUNS = []\n")
    file = write(tmp_path / "suite.py", "from beside import RUNS\nRUNS.append(1)\n")
    write(tmp_path / "early.py", "")
    sys.path.insert(0, str(tmp_path))
    try:
        early = importlib.import_module("early")
    finally:
        sys.path.remove(str(tmp_path))
    assert run_file(file).RUNS == run_file(file).RUNS == [1]
    assert "beside" not in sys.modules
    assert sys.modules.pop("early") is early
    assert str(tmp_path) not in sys.path


def test_a_file_that_takes_its_folder_off_the_path_leaves_nothing_either(tmp_path):
    finders = list(sys.meta_path)
    write(tmp_path / "suite.py", f"import sys\nsys.path.remove({str(tmp_path)!r})\n")
    run_file(tmp_path / "suite.py")
    assert sys.meta_path == finders


def test_files_of_two_folders_do_not_mix(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        write(tmp_path / name / "beside.py", f"WHERE = {name!r}\n")
        write(tmp_path / name / "suite.py", "from beside import WHERE\n")
        assert name == run_file(tmp_path / name / "suite.py").WHERE


def test_a_package_of_the_folder_can_be_imported_from_later(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "own_parts").mkdir()
    write(tmp_path / "own_parts" / "__init__.py", "class A: pass\n")
    write(tmp_path / "own_parts" / "b.py", "from own_parts import A\nclass B(A): pass\n")
    late = "from own_parts import A\ndef late():\n    from own_parts.b import B\n    return B\n"
    module = run_file(write(tmp_path / "suite.py", late))
    try:
        assert issubclass(module.late(), module.A)
    finally:
        for name in ("own_parts", "own_parts.b"):
            sys.modules.pop(name, None)


def test_odd_modules_of_others_do_no_harm(tmp_path, monkeypatch):
    odd = ModuleType("odd")
    odd.__file__ = tmp_path / "odd.py"
    odd.__path__ = None
    write(tmp_path / "suite.py", "import sys\nsys.modules['odd'] = ODD\n".replace("ODD", "1"))
    monkeypatch.setitem(sys.modules, "odder", odd)
    run_file(tmp_path / "suite.py")
    del sys.modules["odd"]
