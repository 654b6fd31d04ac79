"""What a type checker sees of formulas: sorts of terms, and functions that z3 has."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
import z3

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parent.parent
STUB = ROOT / "stubs" / "z3" / "__init__.pyi"

RIGHT = """
from spi_verify.obligations import Step
from spi_verify.theory import PAPER, Theory, define
from spi_verify.theory.signature import Outcome, Player, outcome, pmm, u
from spi_verify.theory.terms import Formula, OutcomeTerm, PlayerTerm, ProfileTerm
from z3 import Const, ForAll, Implies

i, a = Const("i", Player), Const("a", Outcome)

@define(Player, Outcome)
def content(theory: Theory, i: PlayerTerm, a: OutcomeTerm) -> Formula:
    return Implies(theory.efficient(a), ForAll([i], u(i, a) >= pmm(i) + 1))

def paid(i: PlayerTerm, p: ProfileTerm) -> Formula:
    return u(i, outcome(p)) > 0
"""

WRONG = [
    "u(a, i)",
    "pmm(a)",
    "i == a",
    "outcome(a)",
    "Implies(u(i, a), i == i)",
    "ForAll([i], u(i, a))",
    "u(i, a) >= a",
    "paid(a, i)",
    'Step("goal", u(i, a), [])',
]


def names(body, place):
    """Yield what a stub declares, with the object of z3 that is to have it."""
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield place, node.name
            yield from names(node.body, getattr(place, node.name, None))
        elif isinstance(node, ast.FunctionDef) and node.name != "__getattr__":
            yield place, node.name


def test_the_stub_declares_nothing_that_z3_has_not():
    declared = list(names(ast.parse(STUB.read_text(encoding="utf-8")).body, z3))
    assert len(declared) > 80
    assert [name for place, name in declared if not hasattr(place, name)] == []


@pytest.fixture(scope="module")
def errors(tmp_path_factory):
    """Return the lines at which mypy finds an error in a file with all wrong expressions."""
    pytest.importorskip("mypy")
    folder = tmp_path_factory.mktemp("types")
    file = folder / "example.py"
    file.write_text(RIGHT + "\n".join(WRONG) + "\n", encoding="utf-8")
    call = [sys.executable, "-m", "mypy", "--no-error-summary", "--cache-dir", str(folder)]
    call += ["--config-file", str(ROOT / "pyproject.toml"), str(file)]
    done = subprocess.run(call, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.stderr == ""
    found = [line for line in done.stdout.splitlines() if ": error: " in line]
    assert all(line.startswith(str(file)) for line in found), done.stdout
    return {int(line.removeprefix(f"{file}:").split(":")[0]) for line in found}


def test_terms_of_the_right_sorts_are_no_errors_of_types(errors):
    assert min(errors) > RIGHT.count("\n")


@pytest.mark.parametrize("number", range(len(WRONG)), ids=WRONG)
def test_a_term_of_another_sort_is_an_error_of_types(number, errors):
    assert RIGHT.count("\n") + 1 + number in errors
