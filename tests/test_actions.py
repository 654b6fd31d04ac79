"""The action for GitHub and the hooks: they parse, and every command in them runs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import MODELS

yaml = pytest.importorskip("yaml")
ROOT = Path(__file__).parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"] if "name" in step}
SUITE = """
from z3 import BoolVal
from spi_verify.obligations import Hypothesis, Statement, Step

def statements(theory):
    fact = Hypothesis("fact", BoolVal(True), "Something.")
    goal = Step("goal", BoolVal(GOAL), ["fact"])
    return [Statement("mine", "Mine", theory, (fact,), (), (goal,))]
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A repository with a model that is as expected and a suite whose statement is not proved."""
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "fine.toml").write_text((MODELS / "scheduling.toml").read_text())
    (tmp_path / "proofs").mkdir()
    (tmp_path / "proofs" / "mine.py").write_text(SUITE.replace("GOAL", "False"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def environment(folder, **more):
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {
        **os.environ,
        "PATH": path,
        "PYTHONPATH": str(ROOT),
        "RUNNER_TEMP": str(folder / "temp"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        **more,
    }


def run_step(name, folder, more="", **inputs):
    """Run a step's script as GitHub does, with these inputs and these options more."""
    step = STEPS[name]
    values = {f"inputs.{key}": value for key, value in inputs.items()}
    values["github.action_path"] = str(ROOT)

    def filled(text):
        return re.sub(r"\$\{\{ (\S+) \}\}", lambda match: values[match[1]], text)

    given = {key: filled(text) for key, text in step.get("env", {}).items()}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"] + more],
        env=environment(folder, **given),
        cwd=folder,
        capture_output=True,
        text=True,
    )


def test_the_action_is_composite_and_every_script_names_its_shell():
    assert ACTION["runs"]["using"] == "composite"
    for step in ACTION["runs"]["steps"]:
        assert ("run" in step) != ("uses" in step)
        assert ("shell" in step) == ("run" in step)
    for value in ACTION["inputs"].values():
        assert value["description"]
        assert isinstance(value["default"], str)


def test_inputs_never_become_part_of_a_script():
    """A file name such as ``$(rm x)`` would be run otherwise."""
    assert not any("${{" in step["run"] for step in STEPS.values() if "run" in step)


def test_every_input_is_used_and_every_used_one_is_there():
    text = (ROOT / "action.yml").read_text()
    assert set(re.findall(r"inputs\.([\w-]+)", text)) == set(ACTION["inputs"])


def test_the_check_step_writes_the_summary_and_sarif(folder):
    done = run_step("Check", folder, check="models/*.toml")
    assert done.returncode == 0, done.stderr
    assert "7 claims: 6 proved, 1 refuted; all as expected" in (folder / "summary.md").read_text()
    found = json.loads((folder / "temp" / "spi-verify" / "check.sarif").read_text())
    assert found["runs"][0]["results"] == []


@pytest.mark.long
def test_the_prove_step_fails_with_the_code_of_the_command_and_says_where(folder):
    done = run_step("Prove", folder, prove="proofs", replay="false")
    assert done.returncode == 3, done.stderr
    assert "mine is unknown, expected proved" in (folder / "summary.md").read_text()
    (only,) = json.loads((folder / "temp" / "spi-verify" / "prove.sarif").read_text())["runs"]
    (result,) = only["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "proofs/mine.py"},
        "region": {"startLine": 8},
    }


@pytest.mark.long
def test_the_audit_step_runs(folder):
    done = run_step("Audit", folder)
    assert (folder / "temp" / "spi-verify" / "audit.sarif").exists(), done.stderr
    assert "| thm-3-pmm/repaired | proved |" in (folder / "summary.md").read_text()


@pytest.mark.long
def test_sarif_of_two_commands_can_be_uploaded_together(folder):
    run_step("Check", folder, check="models/*.toml")
    run_step("Prove", folder, prove="proofs", replay="false")
    written = sorted((folder / "temp" / "spi-verify").iterdir())
    ids = [json.loads(f.read_text())["runs"][0]["automationDetails"]["id"] for f in written]
    assert ids == ["spi-verify check/", "spi-verify prove/"]
    assert STEPS["Upload SARIF"]["with"]["sarif_file"] == "${{ runner.temp }}/spi-verify"


def test_an_action_without_anything_to_do_fails(folder):
    done = run_step("Something to do", folder)
    assert done.returncode == 2
    assert "check, prove, pytest and audit" in done.stdout


@pytest.mark.long
def test_the_replay_input_compares_with_what_was_recorded(folder):
    suite = folder / "proofs" / "mine.py"
    suite.write_text(SUITE.replace("GOAL", "True"))
    record = [sys.executable, "-m", "spi_verify", "prove", "proofs", "--record"]
    subprocess.run(record, cwd=folder, env=environment(folder), check=True, capture_output=True)
    done = run_step("Prove", folder, prove="proofs", replay="true")
    assert (done.returncode, "1 of 1 as recorded" in done.stdout) == (0, True), done.stderr
    suite.write_text(SUITE.replace("GOAL", "False"))
    done = run_step("Prove", folder, prove="proofs", replay="true")
    assert (done.returncode, "regressed: mine" in done.stdout) == (1, True), done.stderr


def test_the_pytest_input_decides_what_is_in_a_folder(folder):
    step = STEPS["Pytest"]["run"].splitlines()
    assert step == ["python -m pip install pytest", "python -m pytest $TARGETS"]
    done = run_step_of(step[1], folder, "models")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "7 passed" in done.stdout


def run_step_of(script, folder, targets):
    """Run a line of the step as GitHub does, with the plugin that pip would have installed."""
    return subprocess.run(
        ["bash", "-c", f"{script} -p spi_verify.pytest_plugin -p no:cacheprovider"],
        env=environment(folder, TARGETS=targets, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1"),
        cwd=folder,
        capture_output=True,
        text=True,
    )


def test_answers_and_wheels_are_kept_with_the_key_that_signs_them():
    from spi_verify.obligations.cache import cache_directory

    kept = STEPS["Keep answers and wheels"]["with"]["path"].split()
    workflow = (ROOT / "spi_verify" / "template" / "workflow.yml").read_text()
    assert "~/.cache/pip" in kept
    for path in ("~/.cache/spi-verify", "~/.local/state/spi-verify"):
        assert path in kept
        assert path in workflow
    assert cache_directory().parts[-2:] == ("spi-verify", "answers")


@pytest.mark.long
def test_what_the_action_installs_is_this_package(folder):
    """Without its dependencies, and without touching this environment."""
    done = run_step("Install", folder, " --dry-run --no-deps --ignore-installed")
    said = done.stdout + done.stderr
    if "No matching distribution found for hatchling" in said and "Retrying (Retry(" in said:
        pytest.skip("the build needs hatchling, and no package registry can be reached")
    assert done.returncode == 0, done.stderr
    assert "Would install spi-verify" in done.stdout.replace("_", "-")


def run_hook(id, folder, *files):
    hook = HOOKS[id]
    words = [*hook["entry"].split(), *hook.get("args", ())]
    assert words.pop(0) == "spi-verify"
    passed = files if hook.get("pass_filenames", True) else ()
    return subprocess.run(
        [sys.executable, "-m", "spi_verify", *words, *passed],
        env=environment(folder),
        cwd=folder,
        capture_output=True,
        text=True,
    )


@pytest.mark.long
def test_the_hooks_pass_what_is_fine_and_stop_what_is_not(folder):
    assert run_hook("spi-verify-check", folder, "models/fine.toml").returncode == 0
    assert run_hook("spi-verify-prove", folder).returncode == 3
    (folder / "proofs" / "mine.py").write_text(SUITE.replace("GOAL", "True"))
    assert run_hook("spi-verify-prove", folder).returncode == 0
    (folder / "models" / "bad.toml").write_text("[game\n")
    assert run_hook("spi-verify-check", folder, "models/bad.toml").returncode == 2


def test_the_hooks_run_for_the_files_they_are_about():
    def takes(id, file):
        return re.search(HOOKS[id]["files"], file) is not None

    assert takes("spi-verify-check", "models/a.toml")
    assert takes("spi-verify-check", "games/models/a.toml")
    assert not takes("spi-verify-check", "pyproject.toml")
    assert not takes("spi-verify-check", "mymodels/a.toml")
    assert takes("spi-verify-prove", "proofs/variants/a.py")
    assert not takes("spi-verify-prove", "tests/a.py")
    assert all(hook["language"] == "python" for hook in HOOKS.values())


def fits(schema, text, file):
    """Whether GitHub would take a file, by the schema that check-jsonschema carries."""
    pytest.importorskip("check_jsonschema")
    file.write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", file],
        capture_output=True,
        text=True,
    )
    assert done.returncode in (0, 1), done.stderr
    return done.returncode == 0


@pytest.mark.long
def test_the_action_and_the_workflow_of_init_fit_the_schemas_of_github(tmp_path):
    action = (ROOT / "action.yml").read_text()
    assert fits("github-actions", action, tmp_path / "action.yml")
    wrong = action.replace("using: composite", "using: composit")
    assert wrong != action
    assert not fits("github-actions", wrong, tmp_path / "action.yml")

    workflow = (ROOT / "spi_verify" / "template" / "workflow.yml").read_text()
    assert fits("github-workflows", workflow, tmp_path / "verify.yml")
    wrong = workflow.replace("runs-on:", "run-on:")
    assert wrong != workflow
    assert not fits("github-workflows", wrong, tmp_path / "verify.yml")
