"""A command loads what it needs and nothing else, and runs each suite of what it names once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from spi_verify import cli
from spi_verify.counterexamples.executed import counterexample
from spi_verify.errors import InputError
from spi_verify.obligations.executing import execute
from spi_verify.papers import definitions, loading
from spi_verify.papers.choosing import choose, choose_readings, named_papers
from spi_verify.papers.definitions import theory_of, variant
from spi_verify.papers.explaining import explained
from spi_verify.papers.keeping import OfTheories
from spi_verify.papers.listing import listed
from spi_verify.papers.paper import shipped_papers
from spi_verify.papers.running import each_file_once, run_file
from spi_verify.theory import PAPER

PROOFS = Path(__file__).parent.parent / "proofs"
MODELS = PROOFS.parent / "models"
LARGE = ["cvc5", "importlib.metadata", "matplotlib", "networkx", "numpy", "rich", "sympy"]
"""What takes long to import, and neither a replay nor reading a command line has a use for."""
REVISIONS = Path(__file__).parent / "revisions"
DRAFT = """\
from spi_verify.obligations import Statement, Step


def statements(theory):
    goal = Step("goal", theory.algorithm_1(), ())
    return [Statement("mine", "Mine", theory, hypotheses=(), definitions=(), steps=(goal,))]
"""


def modules_after(*arguments):
    """Return the names of the modules that a command has loaded when it ends."""
    code = f"""
import json, sys
sys.argv = ["spi-verify", *{[str(one) for one in arguments]}]
from spi_verify.cli import main
try:
    main()
except SystemExit as ended:
    assert not ended.code
print()
print(json.dumps(list(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def commands_among(modules):
    return {name for name in cli.COMMANDS if f"spi_verify.commands.{module_of(name)}" in modules}


def module_of(command):
    return command.replace("-", "_")


def test_help_of_a_command_loads_no_other_command_and_nothing_that_it_runs():
    loaded = modules_after("refute", "--help")
    assert commands_among(loaded) == {"refute"}
    assert not loaded & {*LARGE, "msgspec", "z3", "spi_verify.games", "spi_verify.theory"}
    loaded = modules_after("--help")
    assert commands_among(loaded) == set(cli.COMMANDS)
    assert not loaded & {*LARGE, "msgspec", "z3", "spi_verify.games", "spi_verify.theory"}


@pytest.mark.parametrize(
    "file",
    [
        "program_games/counterexamples/prop-2.json",  # programs in a game without lotteries
        "program_games/counterexamples/prop-4-pmm.json",  # with lotteries
        "program_games/counterexamples/def-6-nonempty.json",  # a polytope
        "program_games/counterexamples/ex-4.3.json",  # an executed program
        "delegation/counterexamples/oc-thm-1.json",  # a structure
        "program_games/instances/thm-3-pmm.repaired.json",
    ],
)
def test_a_replay_loads_neither_arrays_nor_tables_nor_a_solver(file):
    loaded = modules_after("replay", PROOFS / file)
    assert commands_among(loaded) == {"replay"}
    assert not loaded & set(LARGE)
    assert not loaded & {"spi_verify.solvers.processes", "spi_verify.claims.kind"}


def test_the_replay_of_a_claim_loads_no_formulas(tmp_path):
    modules_after("check", MODELS / "scheduling.toml", "--save", tmp_path)
    (file,) = tmp_path.iterdir()
    loaded = modules_after("replay", file)
    assert not loaded & {"spi_verify.theory", "spi_verify.obligations.statements", "rich", "sympy"}


def test_a_check_without_parameters_loads_no_formulas_and_no_solver():
    loaded = modules_after("check", MODELS / "scheduling.toml")
    assert commands_among(loaded) == {"check"}
    assert not loaded & {"spi_verify.theory", "z3", "spi_verify.delegation"}
    assert not loaded & {*LARGE} - {"numpy", "rich"}


@pytest.fixture
def suites(monkeypatch):
    """Nothing is loaded yet; how often which suite is run from now on, by folder and file."""
    found, statements_of = Counter(), loading._statements

    def noting(file, theory, *, alone):
        statements = statements_of(file, theory, alone=alone)
        found[file.parent.name, file.name] += bool(statements)
        return statements

    monkeypatch.setattr(loading, "_SHIPPED", OfTheories(lambda one, other: one is other))
    monkeypatch.setattr(definitions, "_OF_SHIPPED", {})
    monkeypatch.setattr(loading, "_statements", noting)
    return found


def folders(suites):
    return {folder for (folder, _), times in suites.items() if times}


@pytest.mark.parametrize(("name", "folder"), [("delegation", "delegation"), ("program-games",) * 2])
def test_a_paper_that_is_named_is_the_only_one_and_is_loaded_once(name, folder, suites):
    folder = folder.replace("-", "_")
    listed([name], [])
    choose([name], PAPER)
    named_papers([name], [])
    loading.load(shipped_papers()[name].folder, PAPER)
    assert folders(suites) == {folder}
    assert max(suites.values()) == 1


def test_of_an_id_only_its_suite_is_loaded_and_those_of_its_lemmas(suites):
    statements, _ = choose(["thm-3-improves"], PAPER)
    assert {file for (_, file), times in suites.items() if times} == {
        one.source.name for one in statements
    }
    named_papers(["thm-3-improves"], [])
    choose_readings(["oc-lemma-4"], PAPER, [])
    assert folders(suites) == {"program_games", "delegation"}
    assert [file for (folder, file), n in suites.items() if folder == "delegation" and n] == [
        "oc_lemma_4.py"
    ]


def test_with_another_definition_too(suites):
    choose(["thm-3-improves"], variant(["pmp_extension=unconditional"]))
    choose(["thm-3-improves", "thm-3-pmm"], variant(["pmp_extension=extension_only"]))
    assert folders(suites) == {"program_games"}


@pytest.mark.parametrize("name", ["aspiring", "grudging", "rerunning"])
def test_a_draft_takes_the_paper_that_it_extends_as_it_was_and_as_it_is(name, suites):
    listed([str(REVISIONS / name)], [])
    assert folders(suites) == {"program_games", name}
    assert {n for (folder, _), n in suites.items() if folder == "program_games" and n} == {2}
    assert {n for (folder, _), n in suites.items() if folder == name and n} == {1}


def test_an_id_is_explained_from_its_paper(suites):
    errors: list[str] = []
    explained(["thm-3-improves"], errors)
    assert folders(suites) == {"program_games"}
    suites.clear()
    explained(["delegation", "safe_improvement"], errors)
    assert folders(suites) == {"delegation"}
    assert max(suites.values()) == 1
    assert not errors


def test_what_is_explained_is_what_all_papers_have(suites, monkeypatch):
    names = ["efficient", "thm-3-improves", "convex-segments", "oc-lemma-4", "algorithm_1", "u"]
    errors: list[str] = []
    alone = [explained([name], errors)[0] for name in names]
    monkeypatch.setattr(
        loading.Shipped, "of_papers_with", lambda shipped, *_: list(shipped.everything)
    )
    for name, before in zip(names, alone, strict=True):
        (after,) = explained([name], errors)
        for field in ("used_by", "listed", "supposed", "proved", "in_definitions"):
            assert getattr(before, field, None) == getattr(after, field, None), (name, field)
    assert not errors
    assert folders(suites) == {"program_games", "delegation"}


def test_a_program_that_fails_is_found_by_its_own_suite(suites):
    statement = loading.shipped_statement("ex-4.3")
    facts, _ = execute(statement)
    assert counterexample(statement, facts)["statement"] == "ex-4.3"
    assert folders(suites) == {"program_games"}


def test_names_that_nobody_has_are_told_with_those_of_all_papers(suites):
    for name, near in (("thm-3-improve", "thm-3-improves"), ("oc-lemma-44", "oc-lemma-4")):
        with pytest.raises(InputError, match=f"did you mean '?{near}"):
            choose([name], PAPER)
    assert folders(suites) == {"program_games", "delegation"}


def test_a_replacement_of_what_a_shipped_paper_adds_is_looked_at_without_its_suites(
    suites, tmp_path
):
    (tmp_path / "other.py").write_text("def other(theory, x):\n    return x == x\n")
    theory = variant([f"safe_improvement={tmp_path / 'other.py'}:other"])
    with pytest.raises(InputError, match="must take the arguments"):
        choose(["prop-1"], theory)
    with pytest.raises(InputError, match="there is no definition 'safe_improvements'"):
        choose(["prop-1"], variant([f"safe_improvements={tmp_path / 'other.py'}:other"]))
    assert folders(suites) <= {"program_games"}


def test_a_definition_of_a_shipped_paper_is_looked_at_when_it_is_asserted(monkeypatch):
    monkeypatch.setattr(definitions, "_OF_SHIPPED", {})
    theory = theory_of(shipped_papers()["delegation"])
    assert not theory._meanings
    theory.axiom("safe_improvement")
    assert "safe_improvement" in theory._wellfounded
    assert len(theory._meanings) < 20


def test_of_a_draft_definitions_are_looked_at_at_once(tmp_path):
    (tmp_path / "paper.toml").write_text(
        'title = "Mine"\nextends = "delegation"\n'
        '[definitions]\nsafe_improvement = "own.py:safe_improvement"\n'
    )
    (tmp_path / "own.py").write_text(
        "def safe_improvement(theory, H, G):\n    return theory.safe_improvement(H, G)\n"
    )
    (tmp_path / "claims.py").write_text(DRAFT)
    with pytest.raises(InputError, match="in a circle: safe_improvement -> safe_improvement"):
        choose([str(tmp_path)], PAPER)


def test_each_file_is_run_once_while_a_folder_is_loaded(tmp_path):
    runs = tmp_path / "runs.txt"
    (tmp_path / "beside.py").write_text(f"open({str(runs)!r}, 'a').write('beside ')\n")
    for name in ("one", "other"):
        noting = f"import beside\nopen({str(runs)!r}, 'a').write('{name} ')\n"
        (tmp_path / f"{name}.py").write_text(noting + DRAFT.replace("mine", name))
    loading.load(tmp_path, PAPER)
    assert runs.read_text().split() == ["beside", "one", "other"]
    loading.load(tmp_path, PAPER)
    assert runs.read_text().split() == 2 * ["beside", "one", "other"]
    assert "beside" not in sys.modules
    with each_file_once():
        beside = run_file(tmp_path / "beside.py")
        assert run_file(tmp_path / "one.py").beside is beside
        assert run_file(tmp_path / "one.py").beside is beside
    assert runs.read_text().split()[6:] == ["beside", "one"]
