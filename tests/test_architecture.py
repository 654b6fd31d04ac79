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


def test_every_file_on_the_page_is_there():
    walks = PAGE.partition("## Walks")[2].partition("## To add")[0]
    last = ""
    for name in re.findall(r"`([\w/]+\.py)`", walks):
        last = name.rpartition("/")[0] or last
        assert (PACKAGE / last / Path(name).name).is_file(), name
    for target in re.findall(r"\]\(([^)#]+)", PAGE):
        assert (ROOT / target).is_file(), target
