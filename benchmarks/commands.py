"""Time the commands of this version beside those of another, in one run.

    python -m benchmarks.commands CHECKOUT

CHECKOUT is a checkout of the other version. Both run with this Python and these dependencies, in
turns, each with a cache of its own: cold, and again with everything known. Prints wall time and
processor time of both, solvers included, and the ratio of the wall times; nothing of what a
version does not understand.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.measured import Measured

HERE = Path(__file__).parent.parent
EASY = "prop-1"
SAVED = "the counterexample to it, wherever a version keeps it"
COMMANDS: Mapping[str, Sequence[str]] = {
    "prove, cold": ["prove"],
    "prove, known": ["prove"],
    "prove thm-3 unconditional, cold": [
        *("prove", "thm-3-improves", "thm-3-pmm", "thm-3-equilibrium"),
        *("--with", "pmp_extension=unconditional"),
    ],
    "audit, statements known": ["audit"],
    "audit, known": ["audit"],
    "audit, a definition changed": [
        *("audit", "program-games", "--with", "pmp_extension=extension_only"),
    ],
    "list": ["list"],
    "list, a paper": ["list", "delegation"],
    "list, a draft": ["list", "tests/revisions/grudging"],
    "explain, a definition": ["explain", "delegation", "isomorphism"],
    "explain, a statement": ["explain", "thm-3-improves"],
    "refute": ["refute", EASY],
    "check": ["check", "models/scheduling.toml"],
    "replay": ["replay", SAVED],
    "--help": ["--help"],
}
"""In this order: what one decides is known to those after it."""


REFUSED = 2
"""What a command exits with that a version does not understand."""


def timed(checkout: Path, arguments: Sequence[str], cache: Path) -> tuple[float, float] | None:
    """Return wall and processor seconds of one command; None where there is no such command."""
    saved = str(next(iter(sorted(checkout.glob(f"*/**/counterexamples/{EASY}.json")))))
    arguments = [saved if argument == SAVED else argument for argument in arguments]
    environment = {**os.environ, "PYTHONPATH": str(checkout), "XDG_CACHE_HOME": str(cache)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    run = subprocess.run(
        [sys.executable, "-m", "spi_verify", *arguments],
        cwd=checkout,
        env=environment,
        capture_output=True,
        check=False,
    )
    wall = time.monotonic() - started
    if run.returncode == REFUSED:
        return None
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def rows() -> Iterator[Measured]:
    """Iterate over wall times of this version's commands, beside starting Python with solvers."""
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", "import z3, cvc5"], check=True)
    start = time.monotonic() - started
    with tempfile.TemporaryDirectory() as cache:
        for name, arguments in COMMANDS.items():
            found = timed(HERE, arguments, Path(cache))
            assert found is not None, name
            yield Measured(f"spi-verify {name}", "", found[0], "import z3, cvc5", start)


def main(other: Path) -> None:
    print(f"{'command':34} {'other':>15} {'this':>15}  ratio")
    print(f"{'':34} {'wall':>8}{'CPU':>7} {'wall':>8}{'CPU':>7}")
    with tempfile.TemporaryDirectory() as folder:
        caches = {checkout: Path(folder) / str(k) for k, checkout in enumerate((other, HERE))}
        for name, arguments in COMMANDS.items():
            times = [timed(checkout, arguments, cache) for checkout, cache in caches.items()]
            cells = " ".join(f"{'':15}" if t is None else f"{t[0]:8.2f}{t[1]:7.2f}" for t in times)
            other_time, this_time = times
            ratio = f"{this_time[0] / other_time[0]:5.2f}" if other_time and this_time else ""
            print(f"{name:34} {cells}  {ratio}".rstrip(), flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 2 or not (Path(sys.argv[1]) / "spi_verify").is_dir():
        sys.exit("usage: python -m benchmarks.commands CHECKOUT")
    main(Path(sys.argv[1]).resolve())
