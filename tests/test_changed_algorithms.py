"""Drafts that change how programs run: searched where code is given, and said where none is."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from conftest import PROGRAM_GAMES
from z3 import Const, ForAll

from spi_verify.counterexamples.programs.confirming.examination import examine
from spi_verify.counterexamples.programs.scenario import Scenario
from spi_verify.counterexamples.statements import algorithms
from spi_verify.counterexamples.statements.closed import closed
from spi_verify.errors import InputError, Rejected
from spi_verify.games import Game
from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.papers.definitions import theory_of
from spi_verify.papers.loading import load_shipped
from spi_verify.papers.paper import read_paper
from spi_verify.programs import CSR, Always, Beliefs, Improving, Leximin, ProgramGame, PureBase
from spi_verify.programs.deciding.bounds import bound_for_any_algorithm
from spi_verify.programs.deciding.spaces import Kind
from spi_verify.programs.language.notation import parse_program
from spi_verify.testing import assert_class_agrees
from spi_verify.theory import PAPER
from spi_verify.theory.signature import Player, equilibrium, in_csr, outcome, program, u

FOLDER = Path(__file__).parent / "revisions" / "rerunning"


@pytest.fixture
def draft(tmp_path, monkeypatch):
    """A copy of the draft, and nothing met before."""
    monkeypatch.setattr(algorithms, "_known", {})
    return Path(shutil.copytree(FOLDER, tmp_path / "draft"))


def edit(draft, old, new):
    file = draft / "definitions.py"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


@pytest.mark.long
def test_code_and_formula_agree():
    assert_class_agrees(FOLDER, "algorithm_2")


@pytest.mark.long
def test_the_code_on_the_page_agrees_and_is_that_of_the_draft(draft):
    page = (FOLDER.parents[2] / "docs" / "extending.md").read_text()
    blocks = re.findall(r"```python\n# file: definitions.py\n(.*?)```", page, flags=re.DOTALL)
    (code,) = (block for block in blocks if "def algorithm_2" in block)
    kept = (draft / "definitions.py").read_text()
    start, end = kept.index("def renegotiate"), kept.index("@define")
    assert kept[start:end].strip() == code[code.index("def renegotiate") :].strip()
    (draft / "definitions.py").write_text(code)
    (draft / "claims.py").unlink()
    (draft / "paper.toml").write_text(
        'title = "t"\nextends = "program-games"\n[definitions]\n'
        'algorithm_2 = "definitions.py:algorithm_2"\n'
    )
    assert_class_agrees(draft, "algorithm_2")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("if agreed:", "if False:"),
        ("[player - 1]", "[player - 2]"),
        (" and p.selection == program.selection", ""),
        (
            "return run.action(player, situation.with_mine(program.default))",
            "return run.profile(tuple(getattr(p, 'default', p) for p in programs))[player - 1]",
        ),
    ],
)
def test_code_that_runs_otherwise_is_noticed(draft, old, new):
    edit(draft, old, new)
    with pytest.raises(AssertionError, match="algorithm_2 fails"):
        assert_class_agrees(draft, "algorithm_2")


def test_a_formula_that_says_otherwise_is_noticed(draft):
    edit(draft, "plays(i, default(c), p),", "action(i, outcome(defaults(played))),")
    with pytest.raises(AssertionError, match="algorithm_2 fails"):
        assert_class_agrees(draft, "algorithm_2")


@pytest.mark.long
def test_without_code_nothing_is_compared_and_nothing_searched(draft, run):
    edit(draft, "@carried_out_by(renegotiate)\n", "")
    with pytest.raises(InputError, match="nothing is said to carry out another algorithm_2"):
        assert_class_agrees(draft, "algorithm_2")
    found = run("refute", draft, "nobody-loses", "--json", "-")
    (result,) = json.loads(found.out)["results"]
    assert result["verdict"] == "unknown"
    assert result["reason"].startswith("not searched: programs that run by the changed algorithm_2")


def test_a_changed_predicate_in_an_algorithm_is_a_changed_algorithm():
    def everybody(_theory, s, p, i):
        return ForAll([i], in_csr(s, i, program(i, p)))

    for theory, missing in ((PAPER.with_(others_csr=everybody), ["algorithm_2"]), (PAPER, [])):
        literal = next(one for one in load_shipped(theory) if one.id == "prop-4-spi")
        assert algorithms.not_run(literal) == missing


@pytest.mark.long
def test_what_is_saved_runs_by_the_code_of_its_folder(draft, run):
    saved = draft / "counterexamples"
    assert run("refute", draft, "nobody-loses", "--save", saved).code == 0
    algorithms._known.clear()
    assert run("prove", draft, "nobody-loses").code == 0
    algorithms._known.clear()
    assert run("replay", draft).code == 0
    for alone in (saved, saved / "nobody-loses.json"):
        algorithms._known.clear()
        found = run("replay", alone)
        assert found.code == 1
        assert "nothing is known that runs the changed algorithm_2" in found.out
    edit(draft, "[player - 1]", "[player - 2]")
    algorithms._known.clear()
    found = run("replay", draft)
    assert found.code == 1
    assert "rejected" in found.out


@pytest.mark.long
def test_code_that_fails_is_told_and_costs_nothing_else(draft, run):
    edit(draft, "player, run = situation.player", "player, run = situation.nobody")
    found = run("refute", draft, "nobody-loses", "--json", "-")
    (result,) = json.loads(found.out)["results"]
    assert result["verdict"] == "unknown"
    why = "not searched: the code that carries out algorithm_2 fails: AttributeError: "
    assert result["reason"].startswith(why)
    assert "random games" not in result["reason"]


@pytest.mark.long
def test_an_edit_of_code_counts_whatever_was_kept_before(draft, run):
    """The formula stays the same, so that what ran by other code must not be remembered."""
    marked, given = "@carried_out_by(renegotiate)\n", "def algorithm_2"
    assert run("refute", draft, "nobody-loses", "--save", draft / "counterexamples").code == 0
    for old, new, code in (
        (given, given, 0),
        ("[player - 1]", "[player - 2]", 3),
        ("[player - 2]", "[player - 1]", 0),
        (marked, "", 3),
        (given, marked + given, 0),
    ):
        edit(draft, old, new)
        algorithms._known.clear()
        assert run("prove", draft, "nobody-loses").code == code, (old, new)


def test_replay_runs_no_code_beside_a_file(draft, run):
    """What comes with a file is not asked for."""
    (draft / "counterexamples").mkdir()
    shown = PROGRAM_GAMES / "counterexamples" / "prop-1.json"
    file = Path(shutil.copy(shown, draft / "counterexamples" / "prop-1.json"))
    touch = "(__import__('pathlib').Path(__file__).parent / 'ran').touch()"
    edit(draft, "i = Const(", f"{touch}\ni = Const(")
    (draft / "claims.facts.json").write_text("{}")
    assert run("replay", file).code == 0
    assert run("replay", draft / "counterexamples").code == 0
    assert not (draft / "ran").exists()
    assert run("replay", draft).code == 0
    assert (draft / "ran").exists()


@pytest.mark.long
def test_what_is_true_is_not_refuted(run):
    found = run("refute", FOLDER, "selected-is-reached", "constants-stay", "--json", "-")
    results = json.loads(found.out)["results"]
    assert [one["verdict"] for one in results] == ["unknown", "unknown"]
    assert all("in random games" in one["reason"] for one in results)


def prisoners():
    return PureBase(Game.from_payoffs([[[1, 1], [3, 0]], [[0, 3], [2, 2]]]))


def test_the_bound_for_any_algorithm_looks_at_plain_opponents_only():
    game = ProgramGame(prisoners(), code=algorithms.code_of(theory_of(read_paper(FOLDER))))
    wrapped = CSR(Leximin(), Always("1"), Improving())
    assert bound_for_any_algorithm(game, 1, Beliefs.certain(Always("1"))) == 1
    assert bound_for_any_algorithm(game, 1, Beliefs.certain(Always("2"))) == 3
    assert bound_for_any_algorithm(game, 1, Beliefs.certain(wrapped)) == 3
    inside = parse_program(f'(if (plays 1 "1") {wrapped} (always "1"))')
    assert bound_for_any_algorithm(game, 1, Beliefs.certain(inside)) == 3


@pytest.mark.long
def test_best_responses_are_not_sought_where_programs_run_otherwise():
    """What is best against programs that run as printed may not be by another algorithm."""
    theory = theory_of(read_paper(FOLDER))
    wrapped, plain = CSR(Leximin(), Always("1"), Improving()), Always("1")
    constants = (Always("1"), Always("2"))
    scenario = Scenario(
        prisoners().game,
        False,
        Kind.CSR,
        (constants, constants),
        selection=Leximin(),
        beliefs=(Beliefs.certain(wrapped), Beliefs.certain(plain)),
        equilibrium=(plain, plain),
    )
    supposed = Hypothesis("equilibrium", theory.subjective_equilibrium(equilibrium), "")
    goal = u(Const("k", Player), outcome(equilibrium)) >= 2
    one = Statement("one", "", theory, (supposed,), (), (Step("goal", goal, ()),))
    with pytest.raises(Rejected, match="is optimal for player 1 is not settled"):
        examine(closed(one), scenario)


def test_code_of_one_draft_is_not_anothers_with_the_same_formula(draft):
    with_code = theory_of(read_paper(FOLDER))
    assert algorithms.code_of(with_code)
    edit(draft, "@carried_out_by(renegotiate)\n", "")
    assert not algorithms.code_of(theory_of(read_paper(draft)))
