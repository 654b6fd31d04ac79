"""Coarser proofs are proofs: fewer steps, each proved by both solvers."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import z3

from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.obligations.cache import Cache
from spi_verify.obligations.coarsening import Coarsening
from spi_verify.obligations.deciding import Budget
from spi_verify.obligations.running import run as decide
from spi_verify.papers.choosing import with_lemmas
from spi_verify.papers.loading import load_shipped
from spi_verify.theory import PAPER
from spi_verify.theory.signature import Outcome
from spi_verify.verdicts import Evidence, Verdict

a, b, c, d = z3.Consts("a b c d", Outcome)
LINKS = [
    Hypothesis(f"{y}-improves-on-{x}", PAPER.weakly_improves(y, x), "One improves on the other.")
    for x, y in ((a, b), (b, c), (c, d))
]


def chain(*steps):
    """Return a statement that is proved link by link."""
    return Statement(
        "chain", "Improvements compose", PAPER, tuple(LINKS), ("weakly_improves",), steps
    )


def in_two_steps():
    return chain(
        Step("idle", PAPER.weakly_improves(b, a), ["b-improves-on-a"]),
        Step(
            "first", PAPER.weakly_improves(c, a), [*(h.name for h in LINKS[:2]), "weakly_improves"]
        ),
        Step("goal", PAPER.weakly_improves(d, a), ["first", "d-improves-on-c", "weakly_improves"]),
    )


def coarsened(*statements):
    (outcome, *_) = decide(statements)
    return Coarsening(outcome, Budget(), Cache(None)).run()


def test_steps_that_the_others_do_without_are_dropped_and_lists_are_mended():
    found = coarsened(in_two_steps())
    assert set(found.dropped) == {"idle", "first"}
    assert list(found.steps) == ["goal"]
    assert set(found.steps["goal"]) == {h.name for h in LINKS} | {"weakly_improves"}
    assert found.changed == ("goal",)


def require_proof(found, statement, others=()):
    """Check that a coarser proof is one, as any statement is proved."""
    formulas = {step.name: step.formula for step in statement.steps}
    steps = tuple(Step(name, formulas[name], facts) for name, facts in found.steps.items())
    (outcome, *_) = decide([replace(statement, steps=steps), *others])
    assert outcome.result.verdict is Verdict.PROVED
    assert outcome.result.evidence is Evidence.AGREEMENT


def test_a_step_that_the_goal_cannot_do_without_stays(monkeypatch):
    from spi_verify.obligations import coarsening

    def unless_three(facts, *rest):
        decision = deciding(facts, *rest)
        return replace(decision, rechecked=False) if len(facts) > 3 else decision

    deciding = coarsening.decide
    monkeypatch.setattr(coarsening, "decide", unless_three)
    found = coarsened(in_two_steps())
    assert found.dropped == ("idle",)
    assert list(found.steps) == ["first", "goal"]
    assert found.changed == ()


def test_the_command_prints_and_writes_what_can_be_left_out(tmp_path, run):
    suite = tmp_path / "own.py"
    suite.write_text(
        "from z3 import Consts\n"
        "from spi_verify.obligations import Hypothesis, Statement, Step\n"
        "from spi_verify.theory.signature import Outcome\n"
        "a, b = Consts('a b', Outcome)\n"
        "def statements(theory):\n"
        "    better = Hypothesis('better', theory.weakly_improves(b, a), 'b improves on a.')\n"
        "    return [Statement('own', 'It is so', theory, (better,), (),\n"
        "        (Step('same', better.formula, ['better']),\n"
        "         Step('goal', better.formula, ['same'])))]\n"
    )
    told = run("coarsen", suite, "--json", tmp_path / "coarser.json")
    assert told.code == 0
    assert "own: 1 of 2 steps can be left out: same" in told.out
    assert "then goal is proved from better" in told.out
    (one,) = json.loads((tmp_path / "coarser.json").read_text())["statements"]
    assert one == {
        "statement": "own",
        "dropped": ["same"],
        "steps": {"goal": ["better"]},
        "changed": ["goal"],
    }
    assert run("coarsen", suite, "none").code == 2
    assert run("coarsen", "ex-4.3").code == 2


@pytest.mark.long
@pytest.mark.parametrize("id", ["prop-1/repaired", "alg-3-improves"])
def test_a_coarser_proof_of_a_shipped_statement_is_proved_like_any(id):
    known = {one.id: one for one in load_shipped() if isinstance(one, Statement)}
    statement, *others = (known[name] for name in with_lemmas([id], known))
    found = coarsened(statement, *others)
    assert found.dropped
    assert len(found.dropped) + len(found.steps) == len(statement.steps)
    require_proof(found, statement, others)
