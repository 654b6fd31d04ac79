"""A run with certificates checks instead of solving: where formulas are as proved, nowhere else."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest
import z3
from conftest import PROGRAM_GAMES

from spi_verify.obligations import running
from spi_verify.obligations.certificates.kept import Kept
from spi_verify.obligations.running import run
from spi_verify.obligations.statements import Hypothesis, Step
from spi_verify.papers.loading import load_shipped
from spi_verify.solvers.smtlib import render

ID = "expected-utility"
FOLDER = PROGRAM_GAMES / "certificates"


@pytest.fixture
def statement():
    (one,) = [one for one in load_shipped() if one.id == ID]
    return one


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """What solvers are asked about steps; that decides them as today."""
    asked: list[str] = []
    decide = running.decide

    def noted(facts, negated, *rest):
        asked.append(negated.text)
        return decide(facts, negated, *rest)

    monkeypatch.setattr(running, "decide", noted)
    return asked


def changed(statement, name, formula):
    steps = (
        replace_formula(step, formula) if step.name == name else step for step in statement.steps
    )
    return replace(statement, steps=tuple(steps))


def replace_formula(step, formula):
    return Step(step.name, formula, step.uses)


def test_no_solver_is_asked_what_certificates_prove(statement, asked):
    (outcome,) = run([statement], certificates=Kept([FOLDER]))
    assert (outcome.result.verdict, outcome.result.evidence) == ("proved", "checked")
    assert outcome.result.reason is None
    assert not asked
    assert {one.z3 for one in outcome.decisions.values()} == {"not asked"}


def test_solvers_are_asked_where_certificates_are_not_used(statement, asked):
    (outcome,) = run([statement])
    assert (outcome.result.verdict, outcome.result.evidence) == ("proved", "agreement")
    assert len(asked) == len(statement.steps)


def test_a_changed_formula_has_no_certificate_and_is_solved(statement, asked):
    goal = statement.goal
    same = changed(statement, goal.name, z3.And(goal.formula, z3.BoolVal(True)))
    (outcome,) = run([same], certificates=Kept([FOLDER]))
    assert len(asked) == 1
    assert (outcome.result.verdict, outcome.result.evidence) == ("proved", "agreement")
    assert outcome.result.reason == "without a certificate: goal"


def test_what_is_false_is_not_proved_by_what_was_proved_under_its_name(statement, asked):
    false = changed(statement, statement.goal.name, z3.BoolVal(False))
    (outcome,) = run([false], certificates=Kept([FOLDER]))
    assert outcome.result.verdict == "unknown"
    assert len(asked) == 1


def test_formulas_decide_and_no_name_does(statement, asked):
    new = {h.name: f"other-{h.name}" for h in statement.hypotheses}
    new |= {s.name: f"other-{s.name}" for s in statement.steps[:-1]}
    renamed = replace(
        statement,
        id="another",
        hypotheses=tuple(
            Hypothesis(new[h.name], h.formula, h.meaning) for h in statement.hypotheses
        ),
        steps=tuple(
            Step(new.get(s.name, s.name), s.formula, [new.get(use, use) for use in s.uses])
            for s in statement.steps
        ),
    )
    (outcome,) = run([renamed], certificates=Kept([FOLDER]))
    assert (outcome.result.verdict, outcome.result.evidence) == ("proved", "checked")
    assert not asked


def test_a_step_that_may_not_use_what_its_certificate_uses_is_solved(statement, asked):
    goal = statement.goal
    alone = replace(statement, steps=(*statement.steps[:-1], Step(goal.name, goal.formula, ())))
    (outcome,) = run([alone], certificates=Kept([FOLDER]))
    assert outcome.result.verdict == "unknown"
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("old", "new"), [("(c ", "(x 0.0 1.0) (c (= 0.0 1.0) "), ("(i 0", "(i 1"), ("(i ", "(d $x ")]
)
def test_a_certificate_that_is_none_is_not_believed(statement, asked, tmp_path, old, new):
    text = (FOLDER / f"{ID}.certificates").read_text()
    assert old in text
    (tmp_path / "one.certificates").write_text(text.replace(old, new))
    (outcome,) = run([statement], certificates=Kept([tmp_path]))
    assert asked
    assert (outcome.result.verdict, outcome.result.evidence) == ("proved", "agreement")


def test_a_file_that_cannot_be_read_is_a_warning(statement, asked, tmp_path):
    text = (FOLDER / f"{ID}.certificates").read_text()
    (tmp_path / "one.certificates").write_text(text + ")")
    (tmp_path / "two.certificates").write_bytes(b"\xff")
    with pytest.warns(UserWarning, match="its certificates are not used"):
        (outcome,) = run([statement], certificates=Kept([tmp_path]))
    assert (outcome.result.verdict, outcome.result.evidence) == ("proved", "agreement")
    assert asked


def test_a_formula_is_checked_with_its_own_sorts_whatever_was_read_before():
    def rendered(sort):
        one, other = z3.Consts("one other", sort)
        return render(one == other)

    kept = Kept([])
    sorts = [z3.BoolSort(), z3.RealSort(), z3.DeclareSort("S")]
    trees = [kept._read(rendered(sort)) for sort in sorts]
    assert len({text for _, _, text in trees}) == 1
    assert [declared["one"][3] for _, declared, _ in trees] == ["Bool", "Real", "S"]


@pytest.mark.long
def test_prove_checks_and_solves_anew_if_asked(run, tmp_path):
    report = tmp_path / "report.json"
    checked = run("prove", ID, "--json", str(report))
    assert (
        "4 steps, 0 of them found in the cache, 4 checked by certificates"
        in checked.err + checked.out
    )
    (result,) = json.loads(report.read_text())["results"]
    assert (result["verdict"], result["evidence"]) == ("proved", "checked")
    run("prove", ID, "--no-cache", "--json", str(report))
    (result,) = json.loads(report.read_text())["results"]
    assert (result["verdict"], result["evidence"]) == ("proved", "agreement")


@pytest.mark.long
def test_the_certificates_in_a_folder_of_suites_are_used(run, tmp_path):
    folder = tmp_path / "proofs"
    folder.mkdir()
    (folder / "mine.py").write_text(MINE)
    first = run("prove", str(folder), "--certificates", str(folder / "certificates"))
    assert first.code == 0, first.err
    (folder / "mine.py").write_text(MINE.replace("mine", "yours"))
    second = run("prove", str(folder))
    assert "1 checked by certificates" in second.out, second.out
    shutil.rmtree(folder / "certificates")
    third = run("prove", str(folder))
    assert "checked by certificates" not in third.out


MINE = """
import z3
from spi_verify.obligations import Hypothesis, Statement, Step

S = z3.DeclareSort("S")
p = z3.Function("p", S, z3.BoolSort())
a, s = z3.Consts("a s", S)


def statements(theory):
    all_of_them = Hypothesis("all-mine", z3.ForAll([s], p(s)), "all")
    return [
        Statement(
            id="mine", title="mine", theory=theory, hypotheses=(all_of_them,), definitions=(),
            steps=(Step("goal", p(a), ["all-mine"]),),
        )
    ]
"""
