"""A run that would find the same again is told without formulas, and any edit is noticed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SUITE = """
from pathlib import Path
from shared import better
from spi_verify.obligations import Hypothesis, Statement, Step
from z3 import BoolVal

def statements(theory):
    fact = Hypothesis("fact", BoolVal(True), Path(__file__).with_name("said.txt").read_text())
    goal = Step("goal", better(theory), ["weakly_improves"])
    return [Statement("mine", "Mine", theory, (fact,), ("weakly_improves",), (goal,))]
"""
SHARED = """
from spi_verify.theory.signature import Outcome
from z3 import And, Const, ForAll, Implies, Not, Or

def better(theory):
    a = Const("a", Outcome)
    # twice, so that no certificate that is shipped proves it
    return ForAll([a], And(theory.weakly_improves(a, a), theory.weakly_improves(a, a)))
"""
WORSE = SHARED.replace("ForAll([a], ", "ForAll([a], Implies(False, ").replace("a, a))", "a, a)))")
FALSE = WORSE.replace("Implies(False, ", "Not(")
FALSER = FALSE.replace("And(theory", "Or(theory")
CODE = """
import sys
import tempfile
from spi_verify.cli import main
sys.argv = ["spi-verify", *sys.argv[1:]]
try:
    main()
finally:
    print("with formulas" if "z3" in sys.modules else "without", file=sys.stderr)
"""


@pytest.fixture
def folder(tmp_path):
    """A paper of one suite, which imports a file and reads another."""
    folder = tmp_path / "paper"
    folder.mkdir()
    (folder / "mine.py").write_text(SUITE)
    (folder / "shared.py").write_text(SHARED)
    (folder / "said.txt").write_text("Something.")
    (folder / "paper.toml").write_text('title = "Mine"\n')
    return folder


@pytest.fixture
def prove(run):
    """Run ``prove`` so."""
    return partial(run, "prove")


@pytest.fixture
def run(tmp_path):
    """Run a command in a process of its own; returns its output, and whether it had formulas."""

    def run(command, *arguments, **environment):
        done = subprocess.run(
            [sys.executable, "-c", CODE, command, *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "XDG_CACHE_HOME": str(tmp_path / "cache"),
                **environment,
            },
        )
        *errors, formulas = done.stderr.splitlines()
        return done.returncode, done.stdout, errors, formulas == "with formulas"

    return run


@pytest.mark.long
def test_the_same_run_is_told_without_formulas(prove, folder, tmp_path):
    first = prove(folder / "mine.py", "--json", tmp_path / "first.json")
    assert first[3]
    second = prove(folder / "mine.py", "--json", tmp_path / "second.json")
    assert not second[3]
    assert second[0] == first[0] == 0
    assert "1 steps, 1 of them found in the cache" in second[1]
    before, after = (json.loads((tmp_path / f"{n}.json").read_text()) for n in ("first", "second"))
    assert before == after
    *said, wrote = second[1].splitlines()
    assert wrote == f"wrote {tmp_path / 'second.json'}"
    assert prove(folder / "mine.py")[1].splitlines() == said
    assert prove(folder / "mine.py", "--no-cache")[3]


def written(file: Path, text: str):
    """Write a file in an instant that its time does not show."""
    before = file.stat() if file.exists() else None
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    if before is not None:
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


EDITS = {
    "the suite": lambda folder: written(folder / "mine.py", SUITE.replace("Mine", "Nine")),
    "a file that it imports": lambda folder: written(folder / "shared.py", WORSE),
    "a file that it reads": lambda folder: written(folder / "said.txt", "Somewhere."),
    "the paper": lambda folder: written(folder / "paper.toml", 'title = "Nine"\n'),
    "another suite": lambda folder: written(folder / "other.py", "x = 1\n"),
    "one that is gone": lambda folder: (folder / "other.txt").unlink(),
    "a counterexample": lambda folder: written(folder / "counterexamples" / "mine.json", "{}"),
}
"""One after the other; after the last, no run is kept, since it cannot be read."""


@pytest.mark.long
def test_an_edit_of_anything_that_a_run_reads_is_noticed(prove, folder):
    written(folder / "other.txt", "")
    assert prove(folder)[3]
    for edit, change in EDITS.items():
        assert not prove(folder)[3], f"before an edit of {edit}"
        change(folder)
        assert prove(folder)[3], edit


@pytest.mark.long
def test_an_edit_of_anything_that_an_audit_and_its_searches_read_is_noticed(run, folder):
    written(folder / "other.txt", "")
    written(folder / "shared.py", FALSE)
    edits = {
        **EDITS,
        "a file that it imports": lambda folder: written(folder / "shared.py", FALSER),
    }
    before = run("audit", folder, "--jobs", 2)
    assert before[3]
    for edit, change in edits.items():
        again = run("audit", folder, "--jobs", 2)
        assert not again[3], f"before an edit of {edit}"
        assert again[0] == before[0] == 1, "it is refuted by a search"
        assert again[1].splitlines()[:-1] == before[1].splitlines()[:-1]
        change(folder)
        before = run("audit", folder, "--jobs", 2)
        assert before[3], edit


@pytest.mark.long
def test_an_audit_whose_searches_warn_is_not_kept(run, folder):
    written(folder / "shared.py", FALSE)
    written(folder / "counterexamples" / "mine.json", "[")
    for _ in range(2):
        _, _, errors, formulas = run("audit", folder, "--jobs", 2)
        assert formulas
        assert any("left alone" in line for line in errors)


@pytest.mark.long
def test_another_target_option_or_environment_is_another_run(prove, folder):
    assert prove(folder / "mine.py")[3]
    assert prove(folder)[3]
    assert prove(folder / "mine.py", "--without", "fact")[3]
    assert prove(folder / "mine.py", MINE="1")[3]
    assert not prove(folder / "mine.py", MINE="1")[3]
    assert not prove(folder / "mine.py", COLUMNS="60")[3]


@pytest.mark.long
def test_an_edit_of_a_definition_that_is_put_in_is_noticed(prove, folder, tmp_path):
    other = tmp_path / "other.py"
    written(other, OTHER)
    arguments = (folder / "mine.py", "--with", f"weakly_improves={other}:improves")
    assert prove(*arguments)[0] == 0
    assert not prove(*arguments)[3]
    written(other, OTHER.replace(">=", "> "))
    code, *_, formulas = prove(*arguments)
    assert formulas
    assert code == 3


OTHER = """
from spi_verify.theory.signature import Player, u
from z3 import Const, ForAll

def improves(theory, x, a):
    i = Const("i", Player)
    return ForAll([i], u(i, x) >= u(i, a))
"""


@pytest.mark.long
def test_a_run_with_errors_or_warnings_is_not_kept(prove, folder):
    assert prove(folder / "mine.py", folder / "none.py")[0] == 2
    assert prove(folder / "mine.py", folder / "none.py")[3]
    written(folder / "counterexamples" / "mine.json", "[")
    written(folder / "shared.py", FALSE)
    for _ in range(2):
        _, _, errors, formulas = prove(folder / "mine.py")
        assert formulas
        assert any("left alone" in line for line in errors)


@pytest.mark.long
def test_an_accident_is_not_kept(prove, folder):
    """A solver that dies is no answer."""
    written(folder / "shared.py", SHARED + ACCIDENT)
    for _ in range(2):
        code, out, _, formulas = prove(folder / "mine.py")
        assert (code, formulas) == (3, True)
        assert "died" in out


ACCIDENT = """
from spi_verify.obligations import deciding
from spi_verify.solvers import Answer, Status

def died(*_, **__):
    return tuple(Answer(s, Status.UNKNOWN, "its process died") for s in ("z3", "cvc5"))

deciding.ask_both = died
"""


@pytest.mark.long
def test_a_file_that_is_edited_while_it_is_decided_is_no_known_run(prove, folder):
    edit = f"""
import os
os.utime({str(folder / "said.txt")!r}, ns=(1, 1))
"""
    written(folder / "shared.py", SHARED + "\n\ndef _():\n    pass\n")
    written(folder / "mine.py", SUITE + edit)
    (folder / "mine.py").write_text(SUITE.replace("    goal =", f"    exec({edit!r})\n    goal ="))
    assert prove(folder / "mine.py")[3]
    assert prove(folder / "mine.py")[3]
    assert not prove(folder / "mine.py")[3]


def linked(link: Path, folder: Path):
    """Let a link lead to a folder."""
    link.unlink(missing_ok=True)
    link.symlink_to(folder)


def copied(folder: Path, shared: str) -> Path:
    """Return a second version of the paper."""
    other = folder.parent / "other"
    shutil.copytree(folder, other, dirs_exist_ok=True)
    (other / "shared.py").write_text(shared)
    return other


SAYING = SUITE.replace('Path(__file__).with_name("said.txt").read_text()', "SAID")
OPTIONAL = """
try:
    SAID = open({!r}).read()
except OSError:
    SAID = "nothing"
"""
BY_SOLVER = """
import z3
def better(_):
    return z3.parse_smt2_file({!r})[0]
"""
SAME, EQUAL = (
    f"(declare-sort S)(assert (forall ((a S) (b S)) (= a {other})))" for other in ("a", "b")
)
CHANGES = {
    "where a link to the folder leads": (
        lambda top: linked(top / "target", top / "paper"),
        lambda top: linked(top / "target", copied(top / "paper", WORSE)),
        "target/mine.py",
    ),
    "where a link to the suite leads": (
        lambda top: (
            written(top / "paper" / "mine.py", 'SAID = "x"\n' + SAYING)
            or linked(top / "target.py", top / "paper" / "mine.py")
        ),
        lambda top: linked(top / "target.py", copied(top / "paper", WORSE) / "mine.py"),
        "target.py",
    ),
    "a folder that becomes a paper": (
        lambda top: (
            (top / "paper").rename((top / "papers").mkdir() or top / "papers" / "one")
            and shutil.copytree(top / "papers" / "one", top / "papers" / "two")
            and (top / "papers" / "two" / "paper.toml").unlink()
        ),
        lambda top: written(top / "papers" / "two" / "paper.toml", 'title = "Two"\n'),
        "papers",
    ),
    "a counterexample beside others": (
        lambda top: (
            written(top / "paper" / "counterexamples" / "yours.json", "{}")
            or written(top / "paper" / "shared.py", FALSE)
        ),
        lambda top: written(top / "paper" / "counterexamples" / "mine.json", "{}"),
        "paper",
    ),
    "a module that comes first": (
        lambda top: (
            written(top / "early" / "other.txt", "")
            or (top / "paper" / "shared.py").rename(
                (top / "late").mkdir() or top / "late/shared.py"
            )
        ),
        lambda top: written(top / "early" / "shared.py", WORSE),
        "paper",
    ),
    "an installed package": (
        lambda top: written(top / "early" / "other.txt", ""),
        lambda top: written(top / "early" / "kinds-1.dist-info" / "METADATA", "Name: kinds\n"),
        "paper",
    ),
    "a file that was not there": (
        lambda top: written(
            top / "paper" / "mine.py", OPTIONAL.format(str(top / "more" / "said.txt")) + SAYING
        ),
        lambda top: written(top / "more" / "said.txt", "something"),
        "paper",
    ),
    "a file that a solver reads": (
        lambda top: (
            written(top / "paper" / "said.smt2", SAME)
            or written(
                top / "paper" / "shared.py", BY_SOLVER.format(str(top / "paper" / "said.smt2"))
            )
        ),
        lambda top: written(top / "paper" / "said.smt2", EQUAL),
        "paper",
    ),
}


@pytest.mark.long
@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("change", CHANGES)
def test_what_decides_which_files_are_read_is_noticed(prove, tmp_path, change):
    before, after, target = CHANGES[change]
    paths = os.pathsep.join([str(ROOT), str(tmp_path / "early"), str(tmp_path / "late")])
    before(tmp_path)
    assert prove(target, PYTHONPATH=paths)[3]
    assert not prove(target, PYTHONPATH=paths)[3]
    after(tmp_path)
    assert prove(target, PYTHONPATH=paths)[3]


ELSEWHERE = {
    "another program": 'import subprocess\nSAID = subprocess.check_output(["echo"], text=True)\n',
    "a database": (
        'import sqlite3\nSAID = str(sqlite3.connect(":memory:").execute("SELECT 1").fetchone())\n'
    ),
}


@pytest.mark.long
@pytest.mark.parametrize("place", ELSEWHERE)
def test_a_run_that_reads_what_others_say_is_not_kept(prove, folder, place):
    written(folder / "mine.py", ELSEWHERE[place] + SAYING)
    for _ in range(2):
        code, *_, formulas = prove(folder / "mine.py")
        assert (code, formulas) == (0, True)


def test_in_memory_files_are_noticed_and_pipes_are_not_kept(tmp_path):
    code = """
import os, sys
from pathlib import Path
from spi_verify.runs import Reads
reads = Reads()
open(sys.argv[1]).read()
found = reads.described([])
print(found is not None and sys.argv[1] in found["files"])
"""

    def noted(file: str) -> str:
        command = [sys.executable, "-c", code, file]
        return subprocess.run(command, capture_output=True, text=True, input="").stdout.strip()

    file = tmp_path / "said.txt"
    file.write_text("x")
    assert noted(str(file)) == "True"
    assert noted("/dev/stdin") == "False"
    if os.access("/dev/shm", os.W_OK):
        with tempfile.NamedTemporaryFile(dir="/dev/shm") as shared:
            assert noted(shared.name) == "True"


def test_what_the_package_reads_beside_its_code_is_noted():
    code = """
from spi_verify.runs import Reads
reads = Reads()
import spi_verify.counterexamples.statements.known as known
open(known.__file__.replace("known.py", known._FILE)).read()
files = reads.described([])["files"]
print(sum(file.endswith(known._FILE) for file in files), known.__file__ in files)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.split() == ["1", "False"], done.stderr
