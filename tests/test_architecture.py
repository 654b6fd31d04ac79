"""The page about the house says what the code does."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "spi_verify"
PAGE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")


def rooms():
    return {
        folder.name
        for folder in PACKAGE.iterdir()
        if folder.is_dir() and folder.name not in {"shipped", "__pycache__"}
    }


def imported(file: Path) -> set[str]:
    """Return the rooms that a file imports, wherever in it."""
    names = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "spi_verify":
            names += [f"spi_verify.{one.name}" for one in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
        elif isinstance(node, ast.Import):
            names += [one.name for one in node.names]
    parts = (name.split(".") for name in names)
    return {part[1] for part in parts if len(part) > 1 and part[0] == "spi_verify"} & rooms()


def test_the_tree_on_the_page_has_every_room():
    tree = PAGE.partition("```text\n")[2].partition("```")[0]
    inside, _, below = tree.partition("proofs/\n")
    assert set(re.findall(r"^  (\w+)/", inside, re.MULTILINE)) == rooms()
    papers = {file.parent.name for file in (ROOT / "proofs").glob("*/paper.toml")}
    assert set(re.findall(r"^  (\w+)/", below, re.MULTILINE)) == papers


def test_the_doors_on_the_page_are_those_in_the_code():
    told = {
        room: set(re.findall(r"`(\w+)`", others))
        for room, others in re.findall(r"^\| `(\w+)` \|([^|\n]*)\|$", PAGE, re.MULTILINE)
    }
    found = {
        room: set().union(*map(imported, (PACKAGE / room).rglob("*.py"))) - {room}
        for room in rooms() - {"template"}
    }
    assert told == found


def in_circles(below: dict[str, set[str]]) -> set[str]:
    """Return the circles among things that import others, and what stands on them."""
    while below:
        bottom = {name for name, names in below.items() if not names & set(below) - {name}}
        if not bottom:
            return set(below)
        below = {name: names for name, names in below.items() if name not in bottom}
    return set()


def test_no_two_rooms_import_each_other():
    doors = {
        room: set(re.findall(r"`(\w+)`", others))
        for room, others in re.findall(r"^\| `(\w+)` \|([^|\n]*)\|$", PAGE, re.MULTILINE)
    }
    assert not in_circles(doors)


def modules() -> dict[str, Path]:
    found = {}
    for file in PACKAGE.rglob("*.py"):
        parts = file.relative_to(ROOT).with_suffix("").parts
        if not {"shipped", "template"} & set(parts):
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


def test_no_two_files_import_each_other():
    """Wherever in a file something is imported, and for types, too."""
    known = modules()
    below = {}
    for name, file in known.items():
        names = set()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                one = {f"{node.module}.{alias.name}" for alias in node.names}
                names |= {full if full in known else str(node.module) for full in one}
            elif isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
        below[name] = names & set(known)
    assert len(below) > 200
    assert any(below.values())
    assert not in_circles(below)


def test_a_circle_would_be_seen():
    assert in_circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == {"a", "b", "c"}
    assert not in_circles({"a": {"a", "b"}, "b": {"c"}, "c": set()})


def test_every_file_on_the_page_is_there():
    walks = PAGE.partition("## Walks")[2].partition("## To add")[0]
    last = ""
    for name in re.findall(r"`([\w/]+\.py)`", walks):
        last = name.rpartition("/")[0] or last
        assert (PACKAGE / last / Path(name).name).is_file(), name
    for target in re.findall(r"\]\(([^)#]+)", PAGE):
        assert (ROOT / target).is_file(), target
