"""What is kept of a proof is found again, and by nothing that says or is proved otherwise."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
import z3
from conftest import PROGRAM_GAMES

from spi_verify.obligations import Hypothesis, Statement, Step, running
from spi_verify.obligations.cache import Cache
from spi_verify.obligations.consistency import wanted_in_witness
from spi_verify.obligations.kept_outcomes import KeptOutcomes
from spi_verify.obligations.running import run
from spi_verify.papers.loading import load
from spi_verify.theory import PAPER
from spi_verify.theory.signature import Outcome, Player, u
from spi_verify.verdicts import Evidence, Verdict

i = z3.Const("i", Player)
a, b, c = z3.Consts("a b c", Outcome)


def better(x, y):
    return z3.ForAll([i], u(i, x) >= u(i, y))


CHAIN = Statement(
    id="chain",
    title="Improvements compose",
    theory=PAPER,
    hypotheses=(
        Hypothesis("b-improves-on-a", better(b, a), "b is better than a."),
        Hypothesis("c-improves-on-b", better(c, b), "c is better than b."),
    ),
    definitions=("weakly_improves",),
    steps=(
        Step("better", better(c, a), ["b-improves-on-a", "c-improves-on-b"]),
        Step("goal", PAPER.weakly_improves(c, a), ["weakly_improves", "better"]),
    ),
)


@pytest.fixture
def asked(monkeypatch):
    """Return the names of the queries that solvers are asked, or the cache."""
    names = []
    real = running._Announced.__call__

    def noted(self, name, ask):
        names.append(name)
        return real(self, name, ask)

    monkeypatch.setattr(running._Announced, "__call__", noted)
    return names


def asking_about(statements, digest, refuted=()):
    wanted = {id: wanted_in_witness(one, statements) for id, one in statements.items()}
    return KeptOutcomes(statements, wanted, digest, refuted, Cache(None))


def decide(*statements, cache, **options):
    return run(statements, cache=cache, keep=True, **options)[-1]


def test_a_proof_is_found_again_whole(tmp_path, asked):
    cache = Cache(tmp_path)
    first = decide(CHAIN, cache=cache)
    assert first.result.verdict is Verdict.PROVED
    assert len(asked) == 3
    asked.clear()
    again = decide(CHAIN, cache=cache)
    assert not asked
    assert again.result == first.result
    assert (again.used, again.unused) == (first.used, first.unused)
    assert again.witness == first.witness
    assert again.witness_of.keys() == first.witness_of.keys()
    assert {n: replace(d, cached=False) for n, d in again.decisions.items()} == first.decisions


def test_nothing_is_kept_where_nobody_asks_for_it(tmp_path, asked):
    for _ in range(2):
        asked.clear()
        run([CHAIN], cache=Cache(tmp_path))
        assert len(asked) == 3


def no_worse(_, x, a):
    return z3.Not(z3.Exists([i], u(i, x) < u(i, a)))


HELD = ("b-improves-on-a", "c-improves-on-b", "better")
stricter = z3.ForAll([i], u(i, b) > u(i, a))
OTHERS = {
    "id": {"id": "another"},
    "a formula of a hypothesis": {
        "hypotheses": (Hypothesis("b-improves-on-a", stricter, ""), CHAIN.hypotheses[1])
    },
    "a name of a hypothesis": {
        "hypotheses": (Hypothesis("b-is-better", better(b, a), ""), CHAIN.hypotheses[1]),
        "steps": (Step("better", better(c, a), ["b-is-better", "c-improves-on-b"]), CHAIN.goal),
    },
    "one hypothesis more": {
        "hypotheses": (*CHAIN.hypotheses, Hypothesis("more", better(a, a), ""))
    },
    "another order of hypotheses": {"hypotheses": CHAIN.hypotheses[::-1]},
    "a definition": {"theory": PAPER.with_(weakly_improves=no_worse)},
    "one definition more": {"definitions": ("weakly_improves", "efficient")},
    "a step": {"steps": (Step("better", better(c, b), ["c-improves-on-b"]), CHAIN.goal)},
    "a name of a step": {
        "steps": (
            Step("best", better(c, a), CHAIN.steps[0].uses),
            Step("goal", CHAIN.goal.formula, ["weakly_improves", "best"]),
        )
    },
    "what a step uses": {
        "steps": (CHAIN.steps[0], Step("goal", CHAIN.goal.formula, ["weakly_improves", *HELD]))
    },
    "the goal": {
        "steps": (CHAIN.steps[0], Step("goal", PAPER.weakly_improves(c, b), CHAIN.goal.uses))
    },
    "added": {"added": ("c-improves-on-b",)},
    "changed": {"changed": ("weakly_improves",)},
    "the scene": {"scene": z3.Exists([i], u(i, c) > u(i, a))},
    "sizes": {"sizes": {"Outcome": 4}},
    "what is expected": {"expected": Verdict.REFUTED},
    "the note": {"note": "why"},
}


@pytest.mark.parametrize("change", OTHERS)
def test_what_says_or_is_proved_otherwise_is_decided(tmp_path, asked, change):
    cache = Cache(tmp_path)
    decide(CHAIN, cache=cache)
    asked.clear()
    decide(replace(CHAIN, **OTHERS[change]), cache=cache)
    assert asked


def test_every_part_of_a_statement_that_counts_is_among_these():
    told = {"title", "source", "folder", "dropped"}  # nothing of an outcome depends on these
    elsewhere = {"lemmas"}
    tried = {name for change in OTHERS.values() for name in change}
    assert {one.name for one in fields(Statement)} == tried | told | elsewhere


def test_what_a_lemma_rests_on_counts():
    suite = {one.id: one for one in load(PROGRAM_GAMES, PAPER) if isinstance(one, Statement)}
    user = next(one for one in suite.values() if "expected-utility" in one.lemmas.values())
    lemma = suite["expected-utility"]

    def question(**others):
        return asking_about({**suite, **others}, None)._question(user)

    assert question() == question()
    supposing = lemma.assuming(Hypothesis("more", better(a, a), ""))
    assert question(**{lemma.id: supposing}) != question()


def test_other_certificates_are_another_question():
    def question(digest, refuted=()):
        return asking_about({CHAIN.id: CHAIN}, digest, refuted)._question(CHAIN)

    assert question("one") == question("one")
    assert len({str(q) for q in (question("one"), question("two"), question(None))}) == 3
    assert question("one", ["chain"]) != question("one")


def test_what_is_open_is_decided_again(tmp_path, asked):
    """A pattern may be what the proof lacks, and is not part of the key."""
    cache, open_ = Cache(tmp_path), replace(CHAIN, hypotheses=CHAIN.hypotheses[:1])
    steps = (Step("goal", CHAIN.goal.formula, ["weakly_improves", "b-improves-on-a"]),)
    open_ = replace(open_, steps=steps)
    assert decide(open_, cache=cache).result.verdict is Verdict.UNKNOWN
    asked.clear()
    assert decide(open_, cache=cache).result.verdict is Verdict.UNKNOWN
    assert asked


def test_what_one_solver_alone_proves_is_decided_again(tmp_path, asked, monkeypatch):
    cache = Cache(tmp_path)
    real = running.decide

    def alone(*args):
        return replace(real(*args), rechecked=False)

    monkeypatch.setattr(running, "decide", alone)
    assert decide(CHAIN, cache=cache).result.evidence is Evidence.SOLVER
    asked.clear()
    decide(CHAIN, cache=cache)
    assert asked


def test_a_refuted_statement_is_looked_at_once(tmp_path, asked):
    cache = Cache(tmp_path)
    first = decide(CHAIN, cache=cache, refuted=["chain"])
    assert first.result.verdict is Verdict.UNKNOWN
    asked.clear()
    assert decide(CHAIN, cache=cache, refuted=["chain"]).result == first.result
    assert not asked
    assert decide(CHAIN, cache=cache).result.verdict is Verdict.PROVED


def test_an_entry_that_was_changed_is_not_believed(tmp_path, asked):
    decide(CHAIN, cache=Cache(tmp_path))
    for file in tmp_path.glob("*.json"):
        file.write_text(file.read_text().replace("agreement", "checked"))
    asked.clear()
    with pytest.warns(UserWarning, match="damaged"):
        again = decide(CHAIN, cache=Cache(tmp_path))
    assert asked
    assert again.result.evidence is Evidence.AGREEMENT


def test_what_prove_found_is_known_to_it_and_to_an_audit(run, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    decided = []
    real = running._Work.submit

    def noted(self, statement, ask):
        decided.append(statement.id)
        return real(self, statement, ask)

    monkeypatch.setattr(running._Work, "submit", noted)
    meet = {"def-6-meet", "def-6-meet/repaired"}
    assert run("prove", "program-games", "def-6-meet").code == 0
    assert meet <= set(decided)
    decided.clear()
    found = run("prove", "program-games", "def-6-meet", "prop-1")
    assert found.code == 0
    assert meet.isdisjoint(decided)
    assert "prop-1" in decided
    decided.clear()
    assert run("audit", "program-games", "def-6-meet", "prop-1").code == 0
    assert not decided
    assert run("prove", "program-games", "def-6-meet", "--no-cache").code == 0
    assert meet <= set(decided)
