from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import spi_verify
from spi_verify import cli
from spi_verify.errors import InputError
from spi_verify.verdicts import Evidence, Result, Verdict, exit_code

PACKAGE = Path(spi_verify.__file__).parent
HEAVY = ["cvc5", "matplotlib", "msgspec", "numpy", "rich.table", "sympy", "z3"]


def test_help_imports_nothing_heavy():
    code = f"""
import sys
sys.argv = ["spi-verify", "--help"]
from spi_verify.cli import main
try:
    main()
finally:
    print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)
"""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert found.returncode == 0
    assert found.stderr.strip() == "[]"
    assert "Exit codes" in found.stdout


def test_python_m_is_the_same_program():
    found = subprocess.run(
        [sys.executable, "-m", "spi_verify", "check", "none.toml"], capture_output=True, text=True
    )
    assert found.returncode == 2
    assert "none.toml: there is no such file" in found.stderr


def test_what_is_asked_is_what_the_call_says_not_what_the_process_was_started_with(
    monkeypatch, capsys
):
    monkeypatch.setattr("sys.argv", ["spi-verify"])
    with pytest.raises(InputError, match="--nonsense"):
        cli.app(["--nonsense"])
    monkeypatch.setattr("sys.argv", ["spi-verify", "--nonsense"])
    with pytest.raises(SystemExit) as exit:
        cli.app([])
    assert exit.value.code == 2
    assert "Usage:" in "".join(capsys.readouterr())


def test_an_internal_error_does_not_look_like_a_refutation(run, monkeypatch):
    def fail():
        raise RuntimeError("oops")

    monkeypatch.setattr(cli, "app", fail)
    found = run()
    assert found.code == 2
    assert "internal error" in found.err


def test_an_interrupt_does_not_look_like_a_refutation(run, monkeypatch):
    def interrupt():
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "app", interrupt)
    assert run().code == 130


def imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


@pytest.mark.parametrize(
    ("room", "forbidden"),
    [
        ("games", ["z3", "cvc5", "spi_verify.solvers", "spi_verify.claims", "spi_verify.reports"]),
        ("reports", ["z3", "cvc5", "spi_verify.solvers"]),
        ("solvers", ["spi_verify.games", "spi_verify.claims", "spi_verify.reports"]),
    ],
)
def test_the_doors_of_a_room_are_kept(room, forbidden):
    files = sorted((PACKAGE / room).rglob("*.py"))
    assert files
    for file in files:
        through = [
            name
            for name in imports(file)
            if any(name == door or name.startswith(f"{door}.") for door in forbidden)
        ]
        assert not through, f"{file.name} imports {through}"


def result(verdict, expected=Verdict.PROVED):
    return Result("x", verdict, Evidence.CHECKED, expected)


P, R, U, V, E = (
    result(Verdict.PROVED),
    result(Verdict.REFUTED),
    result(Verdict.UNKNOWN),
    result(Verdict.VACUOUS),
    result(Verdict.ERROR),
)


@pytest.mark.parametrize(
    ("results", "code"),
    [
        ([P], 0),
        ([P, R], 1),
        ([U], 3),
        ([V], 1),
        ([E], 2),
        ([U, R], 1),
        ([R, U, E, P], 2),
        ([result(Verdict.REFUTED, Verdict.REFUTED)], 0),
        ([result(Verdict.PROVED, Verdict.REFUTED)], 1),
        ([result(Verdict.UNKNOWN, Verdict.REFUTED)], 3),
        ([result(Verdict.UNKNOWN, Verdict.UNKNOWN)], 0),
        ([result(Verdict.PROVED, Verdict.UNKNOWN)], 1),
        ([result(Verdict.VACUOUS, Verdict.VACUOUS)], 0),
    ],
)
def test_exit_codes_are_those_of_the_contract_and_2_comes_before_1_before_3(results, code):
    assert exit_code(results) == code


def test_ctrl_c_is_heard_while_an_object_is_freed():
    """Python ignores what is raised there, and z3's objects are freed all the time."""
    code = (
        "import os, signal\n"
        "from spi_verify import cli\n"
        "class Freed:\n"
        "    def __del__(self):\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "        sum(range(1000))\n"
        "def command():\n"
        "    Freed()\n"
        "    while True:\n"
        "        pass\n"
        "cli.app = command\n"
        "cli.main()\n"
    )
    root = Path(__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (130, "")


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "models/chicken.toml"],
        ["check", "models/chicken.toml", "--json", "-"],
        ["replay", "proofs/program_games/counterexamples/prop-1.json"],
    ],
)
def test_a_command_that_nobody_reads_ends_as_a_shell_s_others_do(arguments):
    child = subprocess.Popen(
        [sys.executable, "-m", "spi_verify", *arguments],
        cwd=Path(__file__).parent.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    child.stdout.close()
    _, errors = child.communicate()
    assert child.returncode == 141
    assert "Error" not in errors
