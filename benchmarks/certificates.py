"""How large the checker and the shipped certificates are, and how long checking them takes.

Run from the root of the repository::

    python -m benchmarks.certificates

Prints lines of the checker's code; statements, steps and bytes of the certificates, with what a
step's certificate consists of; and processor seconds of checking all of them. What Coq says of
them, ``python .ci/coq.py`` asks.
"""

from __future__ import annotations

import ast
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from spi_verify import checker
from spi_verify.checker import check_file
from spi_verify.checker.terms import Tree, read
from spi_verify.obligations.certificates.expressions import text_of
from spi_verify.papers.paper import CERTIFICATES, shipped_papers

KINDS = {
    "i": "instances", "w": "witnesses", "t": "conflicts", "x": "antisymmetries",
    "d": "abbreviations",
}  # fmt: skip


def code_lines(file: Path) -> tuple[int, int]:
    """Return how many lines a file has, and how many of them are neither text nor empty."""
    text = file.read_text()
    told = set[int]()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            told |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = text.splitlines()
    code = [
        line
        for number, line in enumerate(lines, start=1)
        if number not in told and line.strip() and not line.strip().startswith("#")
    ]
    return len(lines), len(code)


def leaves(tree: Tree) -> int:
    """Return how many leaves a tree of cases has."""
    return 1 if tree == "." else leaves(tree[1]) + leaves(tree[2])


def certificates() -> list[Path]:
    """Return the shipped files."""
    folders = [paper.folder / CERTIFICATES for paper in shipped_papers().values()]
    return [file for folder in folders for file in sorted(folder.glob("*.certificates"))]


def sizes(files: list[Path]) -> Iterator[str]:
    """Yield what the certificates of all different steps consist of."""
    steps: dict[str, list[Tree]] = {}
    for file in files:
        for tree in read(file.read_text()):
            for part in tree[2:] if tree[0] == "statement" else ():
                if part[0] == "step":
                    steps[text_of(part)] = part[4:]
    texts = [len(" ".join(map(text_of, items))) for items in steps.values()]
    total = sum(file.stat().st_size for file in files)
    yield f"{len(files)} files, {total:,} bytes; {len(steps)} different steps"
    yield f"a step's certificate: median {median(texts):.0f} bytes, at most {max(texts):,}"
    for kind, called in KINDS.items():
        counts = [sum(item[0] == kind for item in items) for items in steps.values()]
        yield f"  {called}: median {median(counts):.0f}, at most {max(counts)}"
    counts = [leaves(items[-1][1]) for items in steps.values()]
    yield f"  cases: median {median(counts):.0f}, at most {max(counts)}"


def main() -> None:
    for file in sorted(Path(checker.__file__).parent.glob("*.py")):
        lines, code = code_lines(file)
        print(f"checker/{file.name}: {lines} lines, {code} of them code")
    files = certificates()
    print("\n".join(sizes(files)))
    start = time.process_time()
    checked = sum(one.steps for file in files for one in check_file(file.read_text()))
    seconds = time.process_time() - start
    print(f"checking all, lemmas in each file: {checked} steps, {seconds:.1f} s of processor time")


if __name__ == "__main__":
    main()
