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
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")
]
PACKAGE = Path(spi_verify.programs.__file__).parent
ALLOWED = tuple(
    f"spi_verify.{room}"
    for room in ("programs", "games", "arguments", "effort", "errors", "returned")
)


@pytest.mark.parametrize("name", MODULES)
def test_doctests(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_doctests():
    found = [doctest.testmod(importlib.import_module(name)).attempted for name in MODULES]
    assert sum(found) >= 10


@pytest.mark.parametrize("file", sorted(PACKAGE.glob("*.py")), ids=lambda file: file.name)
def test_programs_import_games_and_nothing_else_of_ours(file):
    for node in ast.walk(ast.parse(file.read_text())):
        names = []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            if name.startswith("spi_verify"):
                assert name.startswith(ALLOWED), name


def test_importing_programs_loads_no_solver_no_plots_and_no_hypothesis():
    heavy = ["z3", "cvc5", "sympy", "networkx", "matplotlib", "hypothesis"]
    code = f"""
import sys
import spi_verify.programs, spi_verify.programs.checking, spi_verify.programs.examples
print([name for name in {heavy} if name in sys.modules])
"""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert found.stdout.strip() == "[]", found.stderr


def test_everything_that_the_package_offers_is_there():
    for module in (spi_verify.programs, spi_verify.testing):
        assert sorted(module.__all__) == sorted(set(module.__all__))
        for name in module.__all__:
            assert hasattr(module, name)
