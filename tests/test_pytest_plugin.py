"""The pytest plugin: what is collected, how failures read, and what counts as one."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from xml.etree import ElementTree

import pytest

pytestmark = pytest.mark.long  # every test starts processes

pytest_plugins = ["pytester"]

INSTALLED = any(
    point.value == "spi_verify.pytest_plugin" for point in entry_points(group="pytest11")
)
ROOT = Path(__file__).parent.parent

SUITE = """
from z3 import Consts
from spi_verify.obligations import Executed, Fact, Hypothesis, Statement, Step
from spi_verify.theory.signature import Outcome
from spi_verify.verdicts import Verdict

a, x, y = Consts("a x y", Outcome)


def better(theory, above, below, name):
    return Hypothesis(name, theory.weakly_improves(above, below), name)


def statement(theory, id, hypotheses, goal, **more):
    uses = [*(h.name for h in hypotheses), "weakly_improves"]
    return Statement(
        id=id, title=id, theory=theory, hypotheses=tuple(hypotheses),
        definitions=("weakly_improves",), steps=(Step("goal", goal, uses),), **more,
    )


def statements(theory):
    first, second = better(theory, y, x, "y-above-x"), better(theory, x, a, "x-above-a")
    composed = theory.weakly_improves(y, a)
    return [STATEMENTS]
"""
PROVED = "statement(theory, 'composes', [first, second], composed)"
UNKNOWN = "statement(theory, 'open', [first], composed)"
VACUOUS = "statement(theory, 'absurd', [Hypothesis('no', x != x, 'No.')], composed)"
REFUTED = (
    "Executed(id='ran', title='t', facts=lambda: [Fact('wins', 'Somebody wins.', False, '0 < 1')])"
)
BROKEN = "Executed(id='broken', title='t', facts=lambda: 1 / 0)"
LITERAL = "statement(theory, 'literal', [first], composed, expected=Verdict.UNKNOWN, note='Why.')"

LEMMA = """
from spi_verify.obligations import Hypothesis, Statement, Step


def given(theory):
    return Hypothesis("given", theory.projections_nonempty(), "Projections have points.")


def statements(theory):
    goal = Step("goal", theory.projections_nonempty(), ["given"])
    return [
        Statement(
            id="source", title="Lemma", theory=theory, hypotheses=(given(theory),),
            definitions=(), steps=(goal,),
        )
    ]
"""
USES_IT = """
from one import given
from spi_verify.obligations import Statement, Step


def statements(theory):
    goal = Step("goal", theory.projections_nonempty(), ["projections_nonempty"])
    return [
        Statement(
            id="user", title="User", theory=theory, hypotheses=(given(theory),),
            definitions=(), lemmas={"projections_nonempty": "source"}, steps=(goal,),
        )
    ]
"""

MODEL = """
[game]
actions = [["A", "B"], ["A", "B"]]
payoffs = [[[2, 2], [0, 0]], [[0, 0], [1, 1]]]

[renegotiation]
meet = [{ from = "mismatch", to = ["A", "A"] }]
part = [{ from = "any", to = ["A", "B"] }]

[[claims]]
name = "meeting-is-an-spi"
kind = "spi"
function = "meet"
"""
PARTING = '\n[[claims]]\nname = "parting-is-an-spi"\nkind = "spi"\nfunction = "part"\n'


def suite(*statements: str) -> str:
    return SUITE.replace("STATEMENTS", ", ".join(statements))


@pytest.fixture
def pytest_in(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch):
    """Write files, and run pytest on them in a process of its own."""
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("COLUMNS", "200")

    def run(files: dict[str, str], *arguments: str):
        for name, text in files.items():
            path = pytester.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        plugin = [] if INSTALLED else ["-p", "spi_verify.pytest_plugin"]
        return pytester.runpytest_subprocess(*plugin, *arguments)

    return run


def ids(result) -> list[str]:
    return [line for line in result.outlines if "::" in line and " " not in line]


def test_every_step_verdict_and_claim_is_an_item_with_a_readable_id(pytest_in):
    files = {"proofs/mine.py": suite(PROVED, REFUTED), "models/meet.toml": MODEL}
    result = pytest_in(files, "proofs/", "models/", "--collect-only", "-q")
    assert ids(result) == [
        "proofs/mine.py::composes::goal",
        "proofs/mine.py::composes::verdict",
        "proofs/mine.py::ran::verdict",
        "models/meet.toml::meeting-is-an-spi",
    ]


def test_the_suites_and_models_of_this_project_are_collected(pytest_in):
    result = pytest_in(
        {},
        "--rootdir",
        str(ROOT),
        "--collect-only",
        "-q",
        str(ROOT / "proofs"),
        str(ROOT / "models"),
        "--ignore",
        str(ROOT / "proofs" / "program_games" / "variants"),
    )
    found = ids(result)
    assert "proofs/program_games/prop_1.py::prop-1/repaired::goal" in found
    assert "proofs/program_games/examples.py::ex-3.1::verdict" in found
    assert "models/scheduling.toml::fair-is-an-spi" in found


def test_a_step_can_be_named_by_its_id_and_chosen_by_a_keyword(pytest_in):
    files = {"proofs/mine.py": suite(PROVED, UNKNOWN), "models/meet.toml": MODEL + PARTING}
    pytest_in(files, "proofs/mine.py::composes::goal").assert_outcomes(passed=1)
    pytest_in({}, "proofs", "models", "-k", "meeting").assert_outcomes(passed=1, deselected=5)


def test_what_holds_passes(pytest_in):
    files = {"proofs/mine.py": suite(PROVED), "models/meet.toml": MODEL}
    result = pytest_in(files, "proofs", "models")
    result.assert_outcomes(passed=3)
    assert result.ret == 0


def test_a_refuted_claim_shows_its_counterexample_and_no_traceback(pytest_in):
    result = pytest_in({"models/meet.toml": MODEL + PARTING}, "models")
    result.assert_outcomes(passed=1, failed=1)
    text = result.stdout.str()
    assert "refuted, expected proved" in text
    assert "part sends (A, A) to (A, B), where player 1 gets 0 instead of 2" in text
    assert "Traceback" not in text
    assert "pytest_plugin.py" not in text


def test_what_fails_is_headed_by_its_claim(pytest_in):
    files = {
        "proofs/mine.py": suite(REFUTED, UNKNOWN),
        "models/meet.toml": MODEL + PARTING + '[[claims]]\nkind = "spi"\nfunction = "nothing"\n',
        "models/bad.toml": "[game]\npayoffs = [\n",
    }
    text = pytest_in(files, "proofs", "models").stdout.str()
    heads = set(re.findall(r"^_{3,} (.*?) _{3,}$", text, re.MULTILINE))
    assert "meet/parting-is-an-spi (spi)" in heads
    assert any(re.fullmatch(r"ERROR at setup of meet/spi-nothing \(spi\)", head) for head in heads)
    assert any(head.endswith("bad.toml, which cannot be read") for head in heads)
    assert any(re.fullmatch(r"step goal of \S+: \S.*", head) for head in heads), heads
    assert "test session" not in heads


def test_a_refuted_statement_shows_its_story(pytest_in):
    result = pytest_in({"proofs/mine.py": suite(REFUTED)}, "proofs")
    result.stdout.fnmatch_lines(["*refuted, expected proved*", "*Somebody wins.", "*But 0 < 1."])
    result.assert_outcomes(failed=1)


def test_the_ways_to_fail_are_told_apart_on_the_terminal_and_in_junit(pytest_in, pytester):
    files = {
        "proofs/mine.py": suite(UNKNOWN, VACUOUS, REFUTED, BROKEN),
        "models/bad.toml": MODEL.replace('"meet"\n', '"nothing"\n'),
    }
    result = pytest_in(files, "proofs", "models", "--junit-xml", "out.xml")
    # The step of the absurd statement is proved, from a contradiction; the statement is not.
    result.assert_outcomes(passed=1, failed=4, errors=2)
    cases = {
        f"{case.get('classname')}.{case.get('name')}": case
        for case in ElementTree.parse(pytester.path / "out.xml").iter("testcase")
    }
    seen = {}
    for name, case in cases.items():
        verdict = case.find("properties/property[@name='verdict']").get("value")
        seen[name.partition(".")[2]] = verdict, [e.tag for e in case if e.tag != "properties"]
        for element in case:
            if element.tag in ("failure", "error"):
                assert f"{verdict}, expected proved" in element.get("message")
    assert {(verdict, *tags) for verdict, tags in seen.values()} == {
        ("proved",), ("unknown", "failure"), ("vacuous", "failure"), ("refuted", "failure"),
        ("error", "error"),
    }  # fmt: skip


def test_a_step_without_proof_is_expected_where_the_statement_is_not_to_be_proved(pytest_in):
    pytest_in({"proofs/mine.py": suite(LITERAL)}, "proofs").assert_outcomes(passed=1, xfailed=1)
    unexpected = LITERAL.replace("[first]", "[first, second]")
    result = pytest_in({"proofs/mine.py": suite(unexpected)}, "proofs")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*proved, expected unknown*"])


def test_a_proof_by_both_solvers_is_not_checked_evidence(pytest_in):
    files = {"proofs/mine.py": suite(PROVED), "models/meet.toml": MODEL}
    pytest_in(files, "proofs", "models", "--spi-evidence=agreement").assert_outcomes(passed=3)
    result = pytest_in({}, "proofs", "models", "--spi-evidence=checked")
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(["*proved, but the evidence is only agreement; checked is asked*"])


def test_the_word_of_one_solver_is_less_than_agreement(pytest_in, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    deaf = (
        "import dataclasses, spi_verify.obligations.deciding as d\n"
        "asked = d.ask_both\n"
        "def one(*a, **k):\n"
        "    z3, cvc5 = asked(*a, **k)\n"
        "    return z3, dataclasses.replace(cvc5, status=d.Status.UNKNOWN, reason='deaf')\n"
        "d.ask_both = one\n"
    )
    files = {"conftest.py": deaf, "proofs/mine.py": suite(PROVED)}
    pytest_in({**files}, "proofs").assert_outcomes(passed=2)
    pytest_in({}, "proofs", "--spi-evidence=agreement").assert_outcomes(failed=2)


def test_the_first_failure_can_end_the_run(pytest_in):
    result = pytest_in({"proofs/mine.py": suite(UNKNOWN, PROVED)}, "proofs", "-x")
    result.assert_outcomes(failed=1)


@pytest.mark.parametrize("name", ["proofs", "models"])
def test_a_folder_with_nothing_to_check_is_a_failure(pytest_in, pytester, name):
    (pytester.path / name).mkdir()
    files = {f"{name}/helper.py": "x = 1\n", f"{name}/other.toml": "[tool]\nname = 'x'\n"}
    result = pytest_in({**files, "test_it.py": "def test_it(): pass\n"}, name, "test_it.py")
    result.assert_outcomes(passed=1, errors=1)
    assert f"{name}: nothing to check" in result.stderr.str() + result.stdout.str()


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"proofs/a.py": "def statements(theory):\n    return []\n"}, "holds no statements"),
        ({"proofs/a.py": "def statements(theory):\n    return 1 / 0\n"}, "ZeroDivisionError"),
        ({"proofs/a.py": "def statements(theory):\n    return (\n"}, "SyntaxError"),
        ({"models/a.toml": MODEL.partition("[[claims")[0]}, "makes no claims"),
        ({"models/a.toml": "[game]\nactions = 3\n"}, "actions"),
        ({"models/a.toml": "[game\n"}, ""),
    ],
)
def test_a_file_that_cannot_be_read_fails_by_itself_and_the_others_are_decided(
    pytest_in, files, message
):
    good = {"proofs/mine.py": suite(PROVED), "models/meet.toml": MODEL}
    result = pytest_in({**good, **files}, "proofs", "models")
    malformed = files.get("models/a.toml") == "[game\n"
    result.assert_outcomes(passed=3, errors=0 if malformed else 1)
    assert message in result.stdout.str()
    assert "Traceback" not in result.stdout.str()


def test_a_lemma_may_come_from_another_suite_of_the_folder(pytest_in):
    files = {"proofs/one.py": LEMMA, "proofs/two.py": USES_IT}
    pytest_in(files, "proofs/two.py").assert_outcomes(passed=2)
    alone = {"proofs/one.py": LEMMA.replace("def statements", "def nothing")}
    result = pytest_in(alone, "proofs/two.py")
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(["*there is no statement 'source' for a lemma*"])


def test_test_files_and_other_python_files_are_left_alone(pytest_in):
    files = {
        "src/parser.py": "raise SystemExit('imported')\ndef statements(tokens): pass\n",
        "tests/test_it.py": (
            "from spi_verify.errors import InputError\n"
            "def statements(theory):\n    return []\n"
            "def test_it():\n    assert statements(None) == []\n"
        ),
        "settings.toml": "[games]\nx = 1\n",
    }
    result = pytest_in(files)
    result.assert_outcomes(passed=1)
    assert "imported" not in result.stdout.str()


def test_answers_are_shared_with_prove_and_kept(pytest_in, run, pytester, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    pytest_in({"proofs/mine.py": suite(PROVED)}, "proofs").assert_outcomes(passed=2)
    found = run("prove", pytester.path / "proofs" / "mine.py")
    assert "1 steps, 1 of them found in the cache" in found.out


def test_solvers_that_disagree_end_the_run(pytest_in, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    lying = (
        "import spi_verify.obligations.deciding as d\n"
        "from spi_verify.solvers import SolverDisagreement, Status\n"
        "def lie(*a, **k):\n"
        "    raise SolverDisagreement('saved.smt2', Status.SAT, Status.UNSAT)\n"
        "d.ask_both = lie\n"
    )
    files = {"conftest.py": lying, "proofs/mine.py": suite(PROVED)}
    result = pytest_in(files, "proofs")
    assert result.ret != 0
    result.assert_outcomes(errors=1)
    assert "saved.smt2" in result.stdout.str()


def test_items_are_shared_among_processes(pytest_in):
    pytest.importorskip("xdist")
    files = {
        "proofs/mine.py": suite(PROVED, UNKNOWN, REFUTED),
        "models/meet.toml": MODEL + PARTING,
    }
    result = pytest_in(files, "proofs", "models", "-n", "2", "--dist", "loadgroup")
    result.assert_outcomes(passed=3, failed=4)
    text = result.stdout.str()
    assert "part sends (A, A) to (A, B), where player 1 gets 0 instead of 2" in text
    assert "Traceback" not in text


def test_processes_do_not_hide_that_there_is_nothing_to_check(pytest_in, pytester):
    pytest.importorskip("xdist")
    (pytester.path / "models").mkdir()
    result = pytest_in({"proofs/mine.py": suite(PROVED)}, "proofs", "models", "-n", "2")
    assert result.ret != 0
    assert "models: nothing to check" in result.stderr.str() + result.stdout.str()


def test_the_plugin_loads_without_a_solver():
    code = (
        "import sys, spi_verify.pytest_plugin\n"
        "print({'z3', 'cvc5', 'numpy', 'networkx', 'msgspec', 'rich'} & set(sys.modules))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert shown.stdout.strip() == "set()"
