"""A class of programs of somebody's own: a formula that is searched, and code that runs."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
import z3
from conftest import PROGRAM_GAMES, TOLD
from z3 import ForAll, Implies

from spi_verify.counterexamples import looking
from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.file import confirm_saved
from spi_verify.counterexamples.programs.confirming.induced import Induced
from spi_verify.counterexamples.programs.confirming.others import others_do_not_matter
from spi_verify.counterexamples.programs.finding import candidates
from spi_verify.counterexamples.programs.finding.enumeration import scenarios
from spi_verify.counterexamples.programs.scenario import read_scenario
from spi_verify.counterexamples.registry import named
from spi_verify.counterexamples.saved import known as known_counterexample
from spi_verify.counterexamples.statements.closed import closed
from spi_verify.counterexamples.statements.spoken_of import symbols_of
from spi_verify.errors import InputError, Rejected
from spi_verify.games import Game
from spi_verify.obligations import Step
from spi_verify.obligations.cache import Cache
from spi_verify.papers.definitions import theory_of
from spi_verify.papers.loading import load
from spi_verify.papers.paper import read_paper
from spi_verify.programs import (
    CSR,
    Always,
    ByPayoffs,
    CorrelatedBase,
    Improving,
    Leximin,
    PMPExtension,
    ProgramGame,
    PureBase,
    parse_function,
)
from spi_verify.programs.deciding.reading import reads_functions, unconditional
from spi_verify.programs.language.functions import GROUP
from spi_verify.programs.language.terms import WORDS
from spi_verify.testing import assert_carried_out
from spi_verify.theory import PAPER
from spi_verify.theory.signature import (
    Outcome,
    Player,
    SetFunctions,
    agreement,
    component,
    equilibrium,
    functions,
    member,
    offers,
    program,
    set_function,
    u,
)

FRUGAL = Path(__file__).parent / "extensions" / "frugal"
PAGE = Path(__file__).parent.parent / "docs" / "extending.md"
a, x = z3.Consts("a x", Outcome)
i, R = z3.Const("i", Player), z3.Const("R", SetFunctions)
GAME = Game.from_payoffs([[[0, 0], [1, 1], [2, 2]], [[0, 0], [0, 1], [3, 3]]])


@pytest.fixture(autouse=True)
def known():
    """Have the class registered for these tests only, so that no other test's search tries it."""
    before = dict(WORDS)
    WORDS.pop("frugal", None)
    yield
    WORDS.clear()
    WORDS.update(before)


@pytest.fixture
def frugal():
    """Load the paper's definitions, and return a function that makes functions of the class."""
    theory_of(read_paper(FRUGAL))
    return lambda most: WORDS["frugal"](Fraction(most))


def changed(tmp_path: Path, old: str, new: str) -> Path:
    """Return a copy of the paper with another definition or class."""
    folder = tmp_path / "frugal"
    shutil.copytree(FRUGAL, folder, ignore=shutil.ignore_patterns("__pycache__"))
    text = (folder / "definitions.py").read_text()
    assert old in text
    (folder / "definitions.py").write_text(text.replace(old, new))
    return folder


# The class


def test_its_notation_is_read_and_written_and_it_runs(frugal):
    one = parse_function("(frugal 1)")
    assert (one, str(one)) == (frugal(1), "(frugal 1)")
    leximin, default = Leximin(), Always("1")
    for function, reached in ((one, ("1", "2")), (Improving(), ("2", "3"))):
        programs = (CSR(leximin, default, function), CSR(leximin, default, Improving()))
        assert ProgramGame(PureBase(GAME)).outcome(programs) == reached


def test_its_code_settles_that_it_looks_at_nobody(frugal):
    assert unconditional(frugal(1))
    assert not reads_functions(frugal(1))
    assert reads_functions(PMPExtension(frugal(1)))


def test_lotteries_are_bad_input(frugal):
    programs = (CSR(Leximin(), Always("1"), frugal(1)),) * 2
    with pytest.raises(InputError, match=r"\(frugal 1\) offers pure outcomes"):
        ProgramGame(CorrelatedBase(GAME)).outcome(programs)


def test_a_class_of_this_kind_has_no_value_of_its_own():
    with pytest.raises(TypeError, match="`offers` decides"):

        class Sly(ByPayoffs, word="sly"):
            def value(self, scope):
                return scope.base.finite(())

    assert "sly" not in WORDS


MODEL = """
[game]
payoffs = [[[0, 0], [1, 1], [2, 2]], [[0, 0], [0, 1], [3, 3]]]

[sets]
some = "(frugal 1)"
all = [{ within = ["improving"] }]

[profiles.we]
functions = ["some", "all"]
selection = "leximin"
defaults = [["1", "1"]]

[[claims]]
kind = "agreement"
profile = "we"
selected = SELECTED
"""


@pytest.mark.long
def test_a_model_file_of_an_installed_package_names_it(tmp_path):
    info = tmp_path / "installed" / "frugal-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: frugal\nVersion: 1\n")
    path = tmp_path / "model.toml"

    def check(*folders: Path) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "spi_verify", "check", path],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, folders))},
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout + done.stderr

    path.write_text(MODEL.replace("SELECTED", '["1", "2"]'))
    code, said = check(FRUGAL)
    assert (code, "'frugal' is no function" in said) == (2, True)
    (info / "entry_points.txt").write_text(f"[{GROUP}]\nfrugal = definitions:Frugal\n")
    assert check(FRUGAL, info.parent)[0] == 0
    path.write_text(MODEL.replace("SELECTED", '["2", "3"]'))
    assert check(FRUGAL, info.parent)[0] == 1
    (info / "entry_points.txt").write_text(f"[{GROUP}]\nfrugal = definitions:Fraction\n")
    code, said = check(FRUGAL, info.parent)
    assert (code, "is no SetFunction with a word" in said) == (2, True)


# The formula


@pytest.fixture(scope="module")
def saved():
    """Find a counterexample to the paper's conjecture, and return it as it is saved."""
    before = dict(WORDS)
    (statement,) = load(FRUGAL / "suite.py", PAPER)
    found = looking.refute(statement, Bounds(players=2, outcomes=3)).refutation
    WORDS.clear()
    WORDS.update(before)
    assert found is not None
    return found


def untold(data):
    """Return a counterexample as nobody told it."""
    data = json.loads(json.dumps(data))
    return {key: data[key] for key in data if key not in TOLD}


def test_what_is_said_of_all_others_functions_is_settled_where_nobody_looks_at_them(saved):
    checks = {check["name"]: check["check"] for check in saved["hypotheses"]}
    assert checks["everybody-is-frugal"] == (
        "every part is listed, and functions here do not look at the others'"
    )
    assert confirm_saved(untold(saved)).conclusion == saved["conclusion"]


def test_where_somebody_looks_at_the_others_functions_it_is_not_settled(saved):
    data = untold(saved)
    (first, *others) = data["programs"]["equilibrium"]
    function = re.search(r"\(by-outcome .*\)(?=\)$)", first)[0]
    looking = f'(when (accepts 2 ["1" "1"]) {function} {function})'
    data = json.loads(
        json.dumps(data).replace(
            json.dumps(first)[1:-1], json.dumps(first.replace(function, looking))[1:-1]
        )
    )
    assert data["programs"]["equilibrium"] == [first.replace(function, looking), *others]
    with pytest.raises(Rejected, match="everybody-is-frugal speaks of every SetFunctions"):
        confirm_saved(data)


def test_a_program_that_the_formula_excludes_refutes_nothing(saved):
    data = untold(saved)
    payoffs = json.dumps(data["programs"]["game"]["payoffs"])
    data["programs"]["game"]["payoffs"] = json.loads(payoffs.replace('"1"', '"2"'))
    with pytest.raises(Rejected, match="everybody-is-frugal fails"):
        confirm_saved(data)


@pytest.mark.parametrize(
    ("asked", "settled"),
    [
        (member(x, offers(i, set_function(program(i, equilibrium)), R, a)), True),
        (member(x, offers(i, component(i, R), R, a)), False),
        (member(x, agreement(R, a)), False),
        (functions(equilibrium) == R, False),
    ],
    ids=["what is offered against them", "what they are", "what they agree on", "which they are"],
)
def test_only_what_is_offered_against_the_others_is_settled(saved, asked, settled):
    induced = Induced(read_scenario(saved["programs"]), PAPER)
    formula = ForAll([i, R, a, x], Implies(asked, u(i, x) - u(i, a) <= 9))
    assert others_do_not_matter(formula, induced) is settled


def test_a_premise_of_a_conclusion_is_settled_as_a_hypothesis_is(saved):
    (statement,) = load(FRUGAL / "suite.py", PAPER)
    frugal, _, *others = statement.hypotheses
    goal = Step("goal", Implies(frugal.formula, statement.goal.formula), ())
    statement = closed(replace(statement, hypotheses=tuple(others), steps=(goal,)))
    found = confirmed(statement, saved["programs"])
    assert [check["name"] for check in found["hypotheses"]] == [one.name for one in others]
    first = saved["programs"]["equilibrium"][0]
    function = re.search(r"\(by-outcome .*\)(?=\)$)", first)[0]
    asking = first.replace(function, f'(when (accepts 2 ["1" "1"]) {function} {function})')
    text = json.dumps(saved["programs"]).replace(json.dumps(first), json.dumps(asking))
    with pytest.raises(Rejected, match="that none exists is not settled"):
        confirmed(statement, json.loads(text))


def test_where_nobody_has_a_function_nothing_is_settled_of_all():
    data = json.loads((PROGRAM_GAMES / "counterexamples" / "prop-1.json").read_text())
    induced = Induced(read_scenario(data["programs"]), PAPER)
    asked = member(x, offers(i, set_function(program(i, equilibrium)), R, a))
    assert not induced.function_profiles
    assert not others_do_not_matter(ForAll([i, R, a, x], Implies(asked, x == a)), induced)


# Both together


def confirmed(statement, body):
    return looking.confirmed(looking.at_hand(statement), named("programs"), body)


def test_searches_try_the_class_and_execute_what_they_find(run, tmp_path):
    (statement,) = load(FRUGAL / "suite.py", PAPER)
    statement = closed(statement)
    tried = scenarios(statement, symbols_of(statement), Bounds(game=GAME), correlated=False)
    of_the_class = next(
        one for one in tried if all("(frugal 1)" in str(program) for program in one.equilibrium)
    )
    found = confirmed(statement, of_the_class.to_data())
    assert "(frugal 1)" in " ".join(found["story"])
    file = tmp_path / "found.json"
    file.write_text(json.dumps(found))
    assert run("replay", file).code == 0
    WORDS.pop("frugal")
    unknown = run("replay", file)
    assert (unknown.code, "'frugal' is no function" in unknown.out + unknown.err) == (2, True)


def test_formula_and_class_agree(frugal):
    assert_carried_out(FRUGAL, "frugal", GAME, [frugal(1), frugal("1/2")])
    with pytest.raises(AssertionError, match=r"of the class Frugal, and frugal does not hold"):
        assert_carried_out(FRUGAL, "frugal", GAME, [frugal(1), frugal(2)])
    with pytest.raises(InputError, match=r"\(improving\) is not of the class Frugal"):
        assert_carried_out(FRUGAL, "frugal", GAME, [Improving()])
    with pytest.raises(InputError, match="names a class; there are: frugal"):
        assert_carried_out(FRUGAL, "modest", GAME, [frugal(1)])


@pytest.mark.parametrize(("most", "verdict"), [(1, "refuted"), (3, "unknown")])
def test_a_class_that_its_definition_excludes_is_in_no_counterexample(
    tmp_path, monkeypatch, most, verdict
):
    folder = changed(tmp_path, "return [cls(Fraction(1))]", f"return [cls(Fraction({most}))]")
    suite = (folder / "suite.py").read_text()
    suite = suite.replace("theory.frugal(i, program", "in_csr(sel, i, program")
    (folder / "suite.py").write_text(suite.replace("import Player,", "import Player, in_csr,"))
    (statement,) = load(folder / "suite.py", PAPER)
    written = closed(statement)
    tried = scenarios(written, symbols_of(written), Bounds(game=GAME), correlated=False)
    scenario = next(
        one
        for one in tried
        if f"(frugal {most})" in str(one.equilibrium[0])
        and '(set ["1" "2"])' in str(one.equilibrium[1])
    )
    # The statement alone does not exclude it.
    confirmed(written, scenario.to_data())
    monkeypatch.setattr(candidates, "scenarios", lambda *_: iter([scenario]))
    search = looking.refute(statement, Bounds(game=GAME))
    assert (search.refutation is None) == (verdict == "unknown")
    if verdict == "unknown":
        assert "is of the class Frugal, and frugal does not hold of it" in search.reason


def test_the_page_shows_the_example_that_is_tested():
    text = (FRUGAL / "definitions.py").read_text()
    assert f"```python\n{text}```" in PAGE.read_text()
    assert importlib.util.find_spec("definitions") is None, "nothing is left on the path"


BROKEN = "(gain <= 0 or here[0] < 0) and gain <= self.most"


def test_a_saved_counterexample_is_executed_again_once_a_class_of_ones_own_has_changed(
    tmp_path, saved
):
    data = untold(saved)
    payoffs = [[["0", "0"]], [["0", "0"]], [["1", "0"]], [["-1", "-1"]]]
    data["programs"]["game"].update(actions=[["1", "2", "3", "4"], ["1"]], payoffs=payoffs)
    ours = '(csr (leximin) (always "1") (frugal 1))'
    data["programs"].update(programs=[[ours], [ours]], equilibrium=[ours, ours])
    folder = changed(tmp_path, "gain <= self.most", BROKEN)
    file = folder / "counterexamples" / "frugal-is-efficient.json"
    file.parent.mkdir()
    file.write_text(json.dumps(data))
    cache = Cache(tmp_path / "cache")

    def settled() -> bool:
        (statement,) = load(folder / "suite.py", PAPER)
        return known_counterexample(statement, cache) is not None

    assert settled()
    code = (folder / "definitions.py").read_text()
    (folder / "definitions.py").write_text(code.replace(BROKEN, "gain <= self.most"))
    assert not settled()
    (folder / "definitions.py").write_text(code)
    assert settled()
