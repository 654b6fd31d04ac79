"""Where a step is not proved: a structure in which it fails, evaluated, or the facts it lacks."""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace

import pytest
import z3

from benchmarks import countermodels as benchmark
from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.obligations.countermodels.diagnosing import diagnose
from spi_verify.obligations.countermodels.naming import Names
from spi_verify.obligations.countermodels.telling import tell
from spi_verify.obligations.running import run as decide
from spi_verify.theory import PAPER
from spi_verify.theory.evaluate import Structure, holds
from spi_verify.theory.signature import Outcome, OutcomeSet, Player, member, pmm, u
from spi_verify.verdicts import Verdict

i, j = z3.Consts("i j", Player)
a, b, c, x = z3.Consts("a b c x", Outcome)
S = z3.Const("S", OutcomeSet)
NOT_IN_WORDS = re.compile(r"!val!|\b(Player|Outcome|OutcomeSet|Profile|Program)\W?\d")


def statement(*steps, **changes):
    """Return a statement about improvements with these steps."""
    parts = {
        "id": "chain",
        "title": "Improvements compose",
        "theory": PAPER,
        "hypotheses": (
            Hypothesis("b-improves-on-a", PAPER.weakly_improves(b, a), "b improves on a."),
            Hypothesis("c-improves-on-b", PAPER.weakly_improves(c, b), "c improves on b."),
        ),
        "definitions": ("efficient", "weakly_improves"),
        "steps": steps,
    }
    return Statement(**{**parts, **changes})


def goal(*uses, formula=None):
    return Step("goal", PAPER.weakly_improves(c, a) if formula is None else formula, uses)


def failures(one):
    (outcome,) = decide([one])
    assert outcome.result.verdict is Verdict.UNKNOWN
    return diagnose(outcome)


def require_countermodel(failure):
    """Check by evaluation alone that facts hold in a structure and the step fails."""
    one = failure.statement
    known = one.facts() | {step.name: step.formula for step in one.steps}
    for name in failure.facts:
        assert holds(known[name], failure.structure), name
    assert not holds(failure.step.formula, failure.structure)


def test_a_step_that_does_not_follow_is_shown_a_structure_in_which_its_facts_hold_and_it_fails():
    false = goal("b-improves-on-a", "weakly_improves", formula=PAPER.weakly_improves(a, b))
    (failure,) = failures(statement(false))
    require_countermodel(failure)
    assert failure.everything
    told = tell(failure)
    assert "does not follow from anything in scope" in told.conclusion
    assert told.players[:2] == ("player 1", "player 2")
    assert [row[0] for row in told.payoffs] == ["outcome A", "outcome B"][: len(told.payoffs)]
    assert "weakly_improves(a, b)" in " ".join(told.lines)


def test_facts_that_are_missing_from_a_list_are_named_and_prove_the_step():
    (failure,) = failures(statement(goal("b-improves-on-a", "weakly_improves")))
    told = tell(failure)
    assert told.missing == ("c-improves-on-b",)
    assert told.conclusion.endswith("add c-improves-on-b")
    (mended,) = decide([statement(goal(*told.enough))])
    assert mended.result.verdict is Verdict.PROVED
    require_countermodel(failure)
    assert "c-improves-on-b" in told.failing


def test_a_structure_that_leaves_functions_open_is_not_said_to_meet_all_that_is_in_scope():
    lower = Hypothesis("pmm-low", z3.ForAll([i], pmm(i) < 0), "The PMM is low.")
    other = Hypothesis("pmm-high", z3.ForAll([i], pmm(i) > 0), "The PMM is high.")
    step = goal(formula=PAPER.weakly_improves(c, a))
    (failure,) = failures(statement(step, hypotheses=(lower,)))
    assert failure.everything
    (outcome,) = decide([statement(step, hypotheses=(lower,))])
    contradictory = replace(outcome, statement=statement(step, hypotheses=(lower, other)))
    (failure,) = diagnose(contradictory)
    require_countermodel(failure)
    assert not failure.everything
    assert "from anything in scope" not in tell(failure).conclusion


def test_a_step_without_a_list_is_shown_a_structure_too():
    step = Step("goal", z3.ForAll([S, x], member(x, S)))
    (failure,) = failures(statement(step))
    require_countermodel(failure)
    told = tell(failure)
    assert any(line == "it fails for S = {}, x = outcome A" for line in told.lines), told.lines
    assert not told.missing


def test_structures_are_told_in_words_with_players_counted_from_1_and_are_always_the_same():
    gain = z3.Exists([i], u(i, c) > u(i, a))
    told = [tell(failures(statement(goal(formula=gain)))[0]) for _ in range(2)]
    assert told[0] == told[1]
    text = " ".join([told[0].conclusion, *told[0].lines, *told[0].players])
    assert "player 1" in text
    assert "player 0" not in text
    assert not NOT_IN_WORDS.search(text), text


def test_sets_are_told_by_their_members_and_outcomes_by_letters():
    table = {(x, s): x < s for x in range(3) for s in range(3)}
    names = Names(Structure({"Outcome": 3, "OutcomeSet": 3, "Player": 2}, {"member": table}))
    sets = [names.element("OutcomeSet", s) for s in range(3)]
    assert sets == ["{}", "{A}", "{A, B}"]
    same = Structure({"Outcome": 1, "OutcomeSet": 2}, {"member": {(0, 0): True, (0, 1): True}})
    assert Names(same).element("OutcomeSet", 1) == "{A} (number 2 of these sets)"
    assert names.element("Player", 1) == "player 2"


SUITE = """
from z3 import Consts
from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.theory.signature import Outcome
a, b = Consts("a b", Outcome)
def statements(theory):
    better = Hypothesis("better", theory.weakly_improves(b, a), "b improves on a.")
    return [Statement("other-way", "It is so", theory, (better,), ("weakly_improves",),
        (Step("goal", theory.weakly_improves(a, b), ["weakly_improves"]),))]
"""


def test_prove_tells_countermodels_on_the_terminal_in_json_and_on_the_page(tmp_path, run):
    suite, page = tmp_path / "own.py", tmp_path / "page.html"
    suite.write_text(SUITE)
    told = run("prove", suite, "--json", "-")
    (failure,) = json.loads(told.out)["failures"]
    assert failure["step"] == "goal"
    assert failure["payoffs"][0][0] == "outcome A"
    assert failure["structure"]["sizes"]["Player"] >= 2
    told = run("prove", suite, "--html", page)
    assert told.code == 3
    assert failure["conclusion"] in told.out
    assert "outcome B" in told.out
    assert "Steps that are not proved" in page.read_text()


@pytest.mark.long
def test_what_a_counterexample_refutes_needs_no_countermodel(run):
    told = run("prove", "def-6-nonempty", "--json", "-")
    assert "failures" not in json.loads(told.out)


@pytest.mark.long
def test_a_step_of_the_paper_that_loses_a_fact_it_needs_gets_it_named_or_a_structure():
    chosen = random.Random(5).sample(benchmark.steps(), 5)
    rows = list(benchmark.measure(chosen))
    assert sum(not row.proved for row in rows) >= 3
    assert all(row.proved or row.named or row.structure for row in rows), list(map(str, rows))
