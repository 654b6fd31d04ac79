"""What `.ci/run` needs to try the oldest and the newest versions that `pyproject.toml` allows.

    python .ci/solvers.py lowest              # constraints for pip: every dependency's lower bound
    python .ci/solvers.py prove [PATH|ID]...  # what `spi-verify prove` says with what is installed

`prove` fails where a verdict is not the expected one. A release of a solver that no longer proves
a step which the other still proves costs evidence, not the verdict: this is said, and passes, for
a few statements.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

LOST = 4
ROOT = Path(__file__).parent.parent


def lowest(dependencies: Sequence[str]) -> list[str]:
    """Return the oldest allowed version of every dependency, as pip reads it."""
    found = []
    for dependency in dependencies:
        bound = re.fullmatch(r"([\w-]+)>=([\d.]+)", dependency)
        if bound is None:
            sys.exit(f"pyproject.toml: {dependency!r} is not NAME>=VERSION")
        found.append(f"{bound[1]}=={bound[2]}")
    return found


def told(report: dict[str, Any]) -> Iterator[str]:
    """Return what a JSON report says of versions, lost evidence and other verdicts."""
    results = report["results"]
    versions = ", ".join(f"{name} {version}" for name, version in report["solvers"].items())
    expected = sum(_as_expected(one) for one in results)
    yield f"{versions}: {expected} of {len(results)} verdicts as expected"
    for one in results:
        if one["verdict"] != one["expected"]:
            yield f"  {one['id']} is {one['verdict']}, not {one['expected']}: {one['reason']}"
        elif not _as_expected(one):
            yield f"  {one['id']}: {one['reason']}"
        elif one["evidence"] == "solver":
            yield f"  {one['id']} is {one['verdict']} by one solver alone"
    yield from report["errors"]


def _as_expected(result: dict[str, Any]) -> bool:
    return result["verdict"] == result["expected"] and result.get("consistency") != "open"


def prove(targets: Sequence[str]) -> int:
    """Prove suites with nothing kept, print what came out, and return the exit code."""
    run = subprocess.run(
        [sys.executable, "-m", "spi_verify", "prove", "--no-cache", "--json", "-", *targets],
        capture_output=True,
        text=True,
    )
    if not run.stdout:
        print(run.stderr, file=sys.stderr)
        return run.returncode
    report = json.loads(run.stdout)
    print("\n".join(told(report)))
    alone = sum(one["evidence"] == "solver" for one in report["results"])
    return run.returncode or int(alone > LOST)


def main() -> int:
    """Do what the command line says."""
    match sys.argv[1:]:
        case ["lowest"]:
            project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
            print("\n".join(lowest(project["dependencies"])))
            return 0
        case ["prove", *targets]:
            return prove(targets)
    sys.exit("python .ci/solvers.py lowest|prove [PATH|ID]...")


if __name__ == "__main__":
    sys.exit(main())
