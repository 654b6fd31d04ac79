"""The room of programs: its doors, its doctests, what importing it costs."""

from __future__ import annotations

import ast
import doctest
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import spi_verify.programs
import spi_verify.testing

MODULES = [
    module.name
    for package in (spi_verify.programs, spi_verify.testing)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
]
PACKAGE = Path(spi_verify.programs.__file__).parent
ALLOWED = tuple(
    f"spi_verify.{room}"
    for room in ("programs", "games", "arguments", "effort", "errors", "returned", "suggestions")
)


@pytest.mark.parametrize("name", MODULES)
def test_doctests(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_doctests():
    found = [doctest.testmod(importlib.import_module(name)).attempted for name in MODULES]
    assert sum(found) >= 10


FLOORS = {
    "language": ("language",),
    "running": ("language", "running"),
    "deciding": ("language", "running", "deciding"),
}
"""Which of its floors each floor of the room stands on; everything beside them stands on all."""


def _name(file: Path) -> str:
    return str(file.relative_to(PACKAGE))


def _imported(file: Path) -> list[str]:
    """Return the names that a file imports anywhere in it, also for types only."""
    names = []
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom):
            names += [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    return names


@pytest.mark.parametrize("file", sorted(PACKAGE.rglob("*.py")), ids=_name)
def test_programs_import_games_and_nothing_else_of_ours(file):
    for name in _imported(file):
        assert not name.startswith("spi_verify") or name.startswith(ALLOWED), name


@pytest.mark.parametrize(
    "file",
    [file for floor in FLOORS for file in sorted((PACKAGE / floor).glob("*.py"))],
    ids=_name,
)
def test_a_floor_stands_on_those_below_it_and_knows_none_above(file):
    below = tuple(f"spi_verify.programs.{floor}." for floor in FLOORS[file.parent.name])
    for name in _imported(file):
        assert not name.startswith("spi_verify.programs") or name.startswith(below), name


@pytest.mark.parametrize("room", ["games", "programs"])
def test_no_files_of_a_room_import_each_other_in_a_circle(room):
    folder = PACKAGE.parent / room
    files = {
        ".".join(("spi_verify", room, *file.relative_to(folder).with_suffix("").parts)): file
        for file in folder.rglob("*.py")
        if file.name != "__init__.py"
    }
    below = {
        name: {
            one
            for imported in _imported(file)
            for one in (imported, imported.rpartition(".")[0])
            if one in files
        }
        for name, file in files.items()
    }
    while below:
        lowest = {name for name, others in below.items() if not others}
        assert lowest, f"a circle among {sorted(below)}"
        below = {name: others - lowest for name, others in below.items() if name not in lowest}


def test_importing_programs_loads_no_solver_no_plots_and_no_hypothesis():
    heavy = ["z3", "cvc5", "sympy", "networkx", "matplotlib", "hypothesis"]
    code = f"""
import sys
import spi_verify.programs, spi_verify.programs.deciding.checking, spi_verify.programs.examples
print([name for name in {heavy} if name in sys.modules])
"""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert found.stdout.strip() == "[]", found.stderr


def test_everything_that_the_package_offers_is_there():
    for module in (spi_verify.programs, spi_verify.testing):
        assert sorted(module.__all__) == sorted(set(module.__all__))
        for name in module.__all__:
            assert hasattr(module, name)
