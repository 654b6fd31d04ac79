"""What `.ci/run` needs to try the oldest and the newest versions that `pyproject.toml` allows.

    python .ci/solvers.py lowest    # constraints for pip: the lower bound of every dependency
    python .ci/solvers.py prove     # the paper's suites with the solvers installed here

`prove` fails where a verdict is not the expected one. A release of a solver that no longer proves
a step which the other still proves costs evidence, not the verdict: this is said, and passes.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent


def lowest() -> list[str]:
    """Return the oldest allowed version of every dependency, as pip reads it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    found = []
    for dependency in project["dependencies"]:
        bound = re.fullmatch(r"([\w-]+)>=([\d.]+)", dependency)
        if bound is None:
            sys.exit(
                f"pyproject.toml: {dependency!r} does not say its oldest version: NAME>=VERSION"
            )
        found.append(f"{bound[1]}=={bound[2]}")
    return found


def prove() -> int:
    """Prove the suites afresh, say with which solvers and evidence, and return the exit code."""
    run = subprocess.run(
        [sys.executable, "-m", "spi_verify", "prove", "--no-cache", "--json", "-"],
        stdout=subprocess.PIPE,
        text=True,
    )
    report = json.loads(run.stdout) if run.stdout else {"versions": {}, "results": []}
    versions = ", ".join(f"{name} {version}" for name, version in report["versions"].items())
    proved = [one for one in report["results"] if one["verdict"] == "proved"]
    print(f"{versions}: {len(report['results'])} claims, {len(proved)} proved")
    for one in proved:
        if one["evidence"] == "solver":
            print(f"  by one solver alone: {one['id']}")
    for one in report["results"]:
        if one["verdict"] != one["expected"]:
            print(f"  {one['id']}: {one['verdict']}, not {one['expected']}: {one['reason']}")
    return run.returncode


if __name__ == "__main__":
    if sys.argv[1:] == ["lowest"]:
        print("\n".join(lowest()))
    elif sys.argv[1:] == ["prove"]:
        sys.exit(prove())
    else:
        sys.exit("python .ci/solvers.py lowest|prove")
