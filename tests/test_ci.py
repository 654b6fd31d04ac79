"""What `.ci/run` does with the oldest and the newest solvers."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / ".ci" / "solvers.py"


@pytest.fixture(scope="module")
def solvers():
    spec = importlib.util.spec_from_file_location("ci_solvers", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def ran(*arguments):
    return subprocess.run(
        [sys.executable, SCRIPT, *map(str, arguments)], capture_output=True, text=True, check=False
    )


def result(**changes):
    plain = {
        "id": "one",
        "verdict": "proved",
        "expected": "proved",
        "evidence": "agreement",
        "reason": None,
    }
    return {**plain, **changes}


def report(*results):
    return {"solvers": {"z3": "5", "cvc5": "1"}, "results": list(results), "errors": []}


def test_the_oldest_versions_are_the_lower_bounds_of_every_dependency():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    constraints = ran("lowest").stdout.split()
    assert [c.replace("==", ">=") for c in constraints] == project["dependencies"]
    assert any(c.startswith("z3-solver==") for c in constraints)


def test_a_dependency_without_an_oldest_version_is_an_error(solvers):
    for dependency in ("cvc5", "cvc5<2", "cvc5>=1.2,<2"):
        with pytest.raises(SystemExit, match="NAME>=VERSION"):
            solvers.lowest([dependency])


def test_a_proof_without_a_joint_witness_is_told_with_its_reason(solvers):
    open_one = result(id="two", consistency="open", reason="consistency is open: no structure")
    lines = list(solvers.told(report(result(), open_one)))
    assert lines == [
        "z3 5, cvc5 1: 1 of 2 verdicts as expected",
        "  two: consistency is open: no structure",
    ]


def test_evidence_that_a_release_costs_is_said(solvers):
    lines = list(solvers.told(report(result(), result(id="two", evidence="solver"))))
    assert lines == [
        "z3 5, cvc5 1: 2 of 2 verdicts as expected",
        "  two is proved by one solver alone",
    ]


def test_a_verdict_that_a_release_costs_is_said_with_its_reason(solvers):
    lost = result(verdict="unknown", evidence=None, reason="step 'goal' is not proved")
    assert list(solvers.told(report(lost))) == [
        "z3 5, cvc5 1: 0 of 1 verdicts as expected",
        "  one is unknown, not proved: step 'goal' is not proved",
    ]


@pytest.mark.long
def test_only_expected_verdicts_pass(tmp_path):
    suite = tmp_path / "suite.py"
    suite.write_text(
        "from z3 import BoolVal\n"
        "from spi_verify.obligations import Statement, Step\n"
        "def statements(theory):\n"
        "    return [Statement(id=id, title=id, theory=theory, hypotheses=(), definitions=(),\n"
        "        steps=(Step('goal', BoolVal(id == 'true'), []),)) for id in ('true', 'false')]\n"
    )
    good, bad = ran("prove", "convex-segments"), ran("prove", suite)
    bad_file = ran("prove", tmp_path / "none.py")
    assert bad.returncode == 3, bad
    assert "1 of 2 verdicts as expected" in bad.stdout
    assert "  false is unknown, not proved" in bad.stdout
    assert bad_file.returncode == 2, bad_file
    assert "none.py" in bad_file.stdout + bad_file.stderr
    assert good.returncode == 0, good
