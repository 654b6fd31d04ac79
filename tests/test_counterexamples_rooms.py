"""The rooms of counterexamples: what confirms shares no code with what finds, no kind is asked for.

Kinds are loaded where they are asked for, and without a solver where their file needs none.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import spi_verify.counterexamples
from spi_verify.counterexamples import registry

ROOM = Path(spi_verify.counterexamples.__file__).parent
FILES = sorted([*ROOM.rglob("*.py"), *(ROOM.parent / "audit").rglob("*.py")])
KINDS = ("iterated", "polytopes", "programs", "sets")


def module_of(file: Path) -> str:
    parts = file.relative_to(ROOM.parent.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(file) for file in FILES}


def imported(file: Path) -> set[str]:
    """Return the modules of these rooms that a file imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    return names & MODULES


def reached(starts: set[str]) -> set[str]:
    """Return the modules of these rooms that some modules import, through others, too."""
    known = {module_of(file): file for file in FILES}
    seen, waiting = set(), set(starts)
    while waiting:
        name = waiting.pop()
        seen.add(name)
        waiting |= imported(known[name]) - seen
    return seen


def inside(kind: str, room: str) -> set[str]:
    start = f"spi_verify.counterexamples.{kind}.{room}"
    return {name for name in MODULES if name == start or name.startswith(f"{start}.")}


@pytest.mark.parametrize("kind", KINDS)
def test_what_confirms_reaches_nothing_that_finds_and_the_other_way_round(kind):
    finding, confirming = inside(kind, "finding"), inside(kind, "confirming")
    assert finding
    assert confirming
    assert not reached(finding) & confirming
    assert not reached(confirming) & finding


def test_nothing_but_the_registry_knows_the_class_of_a_kind():
    own = {entry.partition(":")[0] for entry in registry._OWN.values()}
    classes = {entry.partition(":")[2] for entry in registry._OWN.values()}
    for file in sorted(ROOM.parent.rglob("*.py")):
        text = file.read_text()
        for node in ast.walk(ast.parse(text)) if any(name in text for name in own) else ():
            if isinstance(node, ast.ImportFrom) and node.module in own:
                assert not classes & {alias.name for alias in node.names}, file


@pytest.mark.parametrize("name", ["looking.py", "saved.py", "file.py", "uniqueness.py"])
def test_who_works_with_every_kind_names_none(name):
    texts = {
        node.value
        for node in ast.walk(ast.parse((ROOM / name).read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert not texts & set(registry._OWN)


def test_a_kind_is_loaded_without_a_solver_and_only_where_it_is_asked_for():
    code = """
import sys
sys.modules["z3"] = sys.modules["cvc5"] = None
import spi_verify.counterexamples.replay
from spi_verify.counterexamples.registry import kinds, named
loaded = [name for name in sys.modules if name.endswith(".kind") and ".counterexamples." in name]
assert loaded == ["spi_verify.counterexamples.kind"], loaded
for name in kinds():
    if name != "executed":
        named(name)
heavy = ("matplotlib", "spi_verify.solvers", "spi_verify.theory")
print([name for name in heavy if name in sys.modules])
"""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert found.stdout.strip() == "[]", found.stderr


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOM.parent)))
def test_files_and_functions_are_small(file):
    text = file.read_text()
    assert text.count("\n") < 500
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno < 60, node.name


def test_a_regression_test_written_before_still_imports_what_it_needs():
    from spi_verify.counterexamples import file
    from spi_verify.search.refutation import confirm_saved

    assert confirm_saved is file.confirm_saved
