"""The room of claims: its doors, and that what confirms shares no code with what finds."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import spi_verify.claims
from spi_verify.claims.kinds import NAMES

ROOM = Path(spi_verify.claims.__file__).parent
FILES = sorted(ROOM.rglob("*.py"))
KINDS = [ROOM / "kinds" / f"{name.replace('-', '_')}.py" for name in NAMES]
EXAMPLE = Path(__file__).parent / "extensions" / "at_least" / "at_least.py"

BELOW = (
    "claims",
    "delegation",
    "games",
    "programs",
    "effort",
    "errors",
    "files",
    "schemas",
    "suggestions",
)
"""What the whole room may import of the package."""

SOLVING = {
    "check.py": ("solvers", "verdicts"),
    "parameters/all_values.py": ("solvers",),
    "parameters/asking.py": ("solvers",),
    "parameters/nonlinear.py": ("solvers",),
    "parameters/certified.py": ("checker", "obligations.certificates"),
    "by_solvers.py": ("solvers",),
}
"""What some files may import besides."""

ABOVE_KINDS = ("kinds", "registry", "model", "reader", "confirm", "counterexample", "check")


def module_of(file: Path) -> str:
    parts = file.relative_to(ROOM.parent.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(tree: ast.AST) -> set[str]:
    """Return the modules that are imported anywhere in a file."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= {name if name in MODULES else str(node.module) for name in inside}
    return names


MODULES = {module_of(file) for file in FILES}


def through(names: set[str], *doors: str) -> list[str]:
    return [name for name in names if any(name == d or name.startswith(f"{d}.") for d in doors)]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOM)))
def test_claims_import_what_is_below_them(file):
    tree = ast.parse(file.read_text())
    place = file.relative_to(ROOM).as_posix()
    rooms = (*BELOW, *SOLVING.get(place, ()))
    ours = {name for name in imported(tree) if name.startswith("spi_verify")}
    allowed = through(ours, *(f"spi_verify.{room}" for room in rooms))
    assert ours == set(allowed)
    loaded = [node for node in tree.body if not isinstance(node, ast.If)]
    solvers = through(imported(ast.Module(loaded, [])), "z3", "cvc5", "spi_verify.solvers")
    doors = ("check.py", "by_solvers.py", "parameters/", "formulas.py")
    assert not solvers or place.startswith(doors)


@pytest.mark.parametrize(
    ("room", "forbidden"),
    [
        ("by_solvers.py", ["deciding", "confirming", *ABOVE_KINDS]),
        ("deciding", ["confirming", *ABOVE_KINDS]),
        ("confirming", ["deciding", "parameters", *ABOVE_KINDS]),
        ("kinds", ABOVE_KINDS),
        ("formulas.py", ["parameters", "deciding", "confirming", *ABOVE_KINDS]),
        ("parameters/region.py", ["deciding", "confirming", *ABOVE_KINDS]),
        ("parameters/line.py", ["deciding", "confirming", "formulas", *ABOVE_KINDS]),
        ("parameters/nonlinear.py", ["deciding", "confirming", *ABOVE_KINDS]),
    ],
)
def test_the_rooms_inside_keep_their_doors(room, forbidden):
    place = ROOM / room
    for file in [place] if place.suffix else sorted(place.glob("*.py")):
        doors = [f"spi_verify.claims.{door}" for door in forbidden]
        assert not through(imported(ast.parse(file.read_text())), *doors), file.name


def test_what_confirms_plays_games_by_code_of_its_own():
    for file in sorted((ROOM / "confirming").glob("*.py")):
        assert not through(imported(ast.parse(file.read_text())), "spi_verify.delegation")


def test_nothing_but_the_registry_knows_the_file_of_a_kind():
    for file in sorted(ROOM.parent.rglob("*.py")):
        text = file.read_text()
        if file.parent.name != "kinds" and "kinds" in text:
            names = through(imported(ast.parse(text)), "spi_verify.claims.kinds")
            assert not names or file.name == "registry.py", file


def test_nothing_outside_its_file_asks_for_the_kind_of_a_claim():
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text())):
            asked = isinstance(node, ast.Compare) and any(
                isinstance(part, ast.Attribute) and part.attr == "kind"
                for part in (node.left, *node.comparators)
            )
            assert not asked, f"{file.name}, line {node.lineno}"
            if isinstance(node, ast.MatchClass):
                assert "kind" not in node.kwd_attrs, file.name


def test_no_files_import_each_other_in_a_circle():
    below = {}
    for file in FILES:
        below[module_of(file)] = imported(ast.parse(file.read_text())) & MODULES
    below["spi_verify.claims.registry"] |= {module_of(file) for file in KINDS}
    while below:
        bottom = {name for name, names in below.items() if not names & set(below) - {name}}
        assert bottom, f"a circle among {sorted(below)}"
        below = {name: names for name, names in below.items() if name not in bottom}


def test_each_kind_stands_in_the_file_of_its_name():
    assert sorted(KINDS) == sorted((ROOM / "kinds").glob("[a-z]*.py"))


def test_all_kinds_are_read_confirmed_and_drawn_without_a_solver():
    code = f"""
import sys
sys.modules["z3"] = sys.modules["cvc5"] = None
import spi_verify.claims.counterexample, spi_verify.claims.panel
from spi_verify.claims.registry import forms
assert all(forms(kind) for kind in {NAMES!r})
print([name for name in ("matplotlib", "networkx", "spi_verify.solvers") if name in sys.modules])
"""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert found.stdout.strip() == "[]", found.stderr


def test_a_claim_about_a_game_loads_no_programs():
    code = """
import sys
from spi_verify.claims.registry import forms
assert forms("pmm") and forms("renegotiation-function")
print("spi_verify.programs" in sys.modules)
"""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert found.stdout.strip() == "False", found.stderr


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOM)))
def test_files_and_functions_are_small(file):
    text = file.read_text()
    assert text.count("\n") < 500
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno < 60, node.name


class Source:
    """One file of a kind: what its methods reach."""

    def __init__(self, text: str) -> None:
        tree = ast.parse(text)
        self.imports = {
            alias.asname or alias.name: node.module
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        self.top = {
            node.name: node
            for node in tree.body
            if isinstance(node, (ast.FunctionDef, ast.ClassDef))
        }
        self.methods = {
            name: {n.name: n for n in node.body if isinstance(n, ast.FunctionDef)}
            for name, node in self.top.items()
            if isinstance(node, ast.ClassDef)
        }
        self.forms = [name for name, methods in self.methods.items() if "confirm" in methods]

    def reached(self, form: str, *starts: str) -> tuple[set[str], set[str]]:
        """Return the functions of the file, and the modules, that some methods use."""
        own, functions, modules = self.methods[form], set(), set()
        waiting = [own[name] for name in starts if name in own]
        while waiting:
            for node in ast.walk(waiting.pop()):
                name, found = None, None
                if isinstance(node, ast.Attribute):
                    name, found = f"{form}.{node.attr}", own.get(node.attr)
                elif isinstance(node, ast.Name):
                    name, found = node.id, self.top.get(node.id)
                    modules.add(f"{self.imports.get(node.id)}:{node.id}")
                if found is not None and name not in functions and name != form:
                    functions.add(name)
                    waiting.append(found)
        return functions, modules


def shared(text: str) -> list[str]:
    """Return what finding and confirming share, in a file of a kind, besides reading the claim."""
    source, wrong = Source(text), []
    assert source.forms
    for form in source.forms:
        reading, _ = source.reached(form, "check", "profile_in")
        finding, found_by = source.reached(form, "decide", "formula")
        confirming, confirmed_by = source.reached(form, "confirm", "confirm_proof")
        evaluated, _ = source.reached(form, "decide")
        stated, _ = source.reached(form, "formula")
        wrong += sorted(finding & confirming - reading)
        wrong += sorted(evaluated & stated - reading)
        wrong += sorted(x for x in found_by if x.startswith("spi_verify.claims.confirming"))
        wrong += sorted(x for x in confirmed_by if x.startswith("spi_verify.claims.deciding"))
        wrong += sorted(x for x in confirmed_by if x.startswith("spi_verify.delegation"))
    return wrong


@pytest.mark.parametrize("file", [*KINDS, EXAMPLE], ids=lambda file: file.stem)
def test_what_confirms_shares_no_code_with_what_finds(file):
    assert shared(file.read_text()) == []


@pytest.mark.parametrize(
    ("confirm", "seen"),
    [
        ("helper()", ["helper"]),
        ("self.other()", ["A.other", "helper"]),
        ("loss()", ["spi_verify.claims.deciding.moves:loss"]),
        ("self.decide(instance)", ["helper", "spi_verify.claims.deciding.moves:loss"]),
        ("number()", []),
    ],
)
def test_code_that_is_shared_would_be_seen(confirm, seen):
    text = f"""
from spi_verify.claims.deciding.moves import loss

def number():
    return 1

def helper():
    return 2

class A:
    def check(self, instance):
        number()
    def other(self):
        return helper()
    def decide(self, instance):
        number()
        self.other()
        return loss()
    def confirm(self, instance, violation):
        {confirm}
"""
    assert set(seen) <= set(shared(text))
    assert bool(seen) == bool(shared(text))
