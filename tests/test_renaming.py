"""Renaming every id and every hypothesis changes no verdict, no search and no counterexample."""

import json
from dataclasses import replace

import known_formulas
import pytest

from spi_verify.audit.necessity import NOT_SAID, entries
from spi_verify.audit.readings import audit
from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.file import confirm_saved, read_claimed
from spi_verify.counterexamples.looking import kind_for, refute
from spi_verify.counterexamples.saved import known
from spi_verify.counterexamples.statements.claimed import claim, shipped_statements, statement_of
from spi_verify.counterexamples.statements.labels import goal_of, hypothesis_of
from spi_verify.counterexamples.statements.texts import read_formula
from spi_verify.counterexamples.verdict import settled
from spi_verify.obligations.cache import Cache
from spi_verify.obligations.running import run
from spi_verify.obligations.statements import Executed, Statement, Step
from spi_verify.papers.certificates import kept_for
from spi_verify.papers.loading import load
from spi_verify.papers.paper import shipped_papers
from spi_verify.reports.portrait import portrait
from spi_verify.shipped import shipped
from spi_verify.solvers.smtlib import to_smtlib
from spi_verify.theory import PAPER, fingerprint
from spi_verify.verdicts import Verdict


def renamed(statement, number, ids):
    """Return a statement under another id, with other names for its hypotheses."""
    if isinstance(statement, Executed):
        return replace(statement, id=ids[statement.id])
    names = {h.name: f"h-{number}-{k}" for k, h in enumerate(statement.hypotheses)}
    return replace(
        statement,
        id=ids[statement.id],
        hypotheses=tuple(replace(h, name=names[h.name]) for h in statement.hypotheses),
        added=tuple(names[name] for name in statement.added),
        lemmas={name: ids[id] for name, id in statement.lemmas.items()},
        steps=tuple(
            Step(step.name, step.formula, [names.get(use, use) for use in step.uses])
            for step in statement.steps
        ),
    )


PROGRAM_GAMES_PAPER = shipped_papers()["program-games"]


@pytest.fixture(scope="module")
def everything():
    return load(PROGRAM_GAMES_PAPER.folder, PAPER)


@pytest.fixture(scope="module")
def others(everything):
    """Return each statement renamed, by its id."""
    ids = {one.id: f"statement-{k}" for k, one in enumerate(everything)}
    return {one.id: renamed(one, k, ids) for k, one in enumerate(everything)}


def told(refutation):
    """Return what a counterexample shows, apart from names."""
    checks = [check["check"] for check in refutation["hypotheses"]]
    return refutation["conclusion"], checks, refutation["story"]


@pytest.mark.long
def test_every_verdict_stays_when_everything_is_renamed(everything, others):
    before = {
        one.outcome.statement.id: one.result
        for a in audit(PROGRAM_GAMES_PAPER)
        for one in a.readings
    }
    renamed_ones = [others[one.id] for one in everything]
    outcomes = run(renamed_ones, jobs=2, certificates=kept_for(renamed_ones))
    original = {other.id: id for id, other in others.items()}
    for outcome in outcomes:
        id = original[outcome.statement.id]
        if id in before:
            result = settled(outcome, Cache(None))
            assert (id, result.verdict) == (id, before[id].verdict)
            assert result.evidence is before[id].evidence
    proved = [o for o in outcomes if o.result.verdict is Verdict.PROVED]
    needs = [(original[e.statement], e.need, e.told) for e in entries(proved, PROGRAM_GAMES_PAPER)]
    assert len(needs) > 100
    assert all(told != NOT_SAID for _, _, told in needs)


FOLDER = shipped("proofs") / "program_games" / "counterexamples"
FILES = [
    *(pytest.param(file, id=file.stem) for file in sorted(FOLDER.glob("*.json"))),
    *(
        pytest.param(file, id=file.stem, marks=pytest.mark.long)
        for file in sorted(FOLDER.glob("necessity/*.json"))
    ),
]


@pytest.mark.long
@pytest.mark.parametrize("file", FILES)
def test_a_counterexample_refutes_the_statement_under_any_name(file, others):
    data = json.loads(file.read_text(encoding="utf-8"))
    if data["kind"] == "executed":
        return
    statement = shipped_statements()[data["statement"]]
    other = others[statement.id]
    for h, mine in zip(statement.hypotheses, other.hypotheses, strict=True):
        if h.name in data["without"]:
            other = other.without(mine.name)
    found = known(other)
    assert found is not None
    assert found["formulas"]
    if found[found["kind"]] != data[data["kind"]]:
        # Without this hypothesis it says what another shipped statement says, which has its own.
        assert file.stem == "prop-1.repaired.without.somebody-gains"
        return
    assert told(found) == told(data)
    assert portrait(found, "drawn") == portrait(data, "drawn")
    assert confirm_saved(json.loads(json.dumps(found))).conclusion == data["conclusion"]


SEARCHED = [
    "def-6-meet",
    "def-6-nonempty",
    "prop-1",
    "prop-5",
    "prop-5-best-response",
    "prop-5-efficient-point",
    "sel-transitive-kalai-smorodinsky",
    "sel-transitive-nash",
    "thm-3-inclusion",
    "thm-3-pmm",
]


@pytest.mark.parametrize("id", SEARCHED)
def test_a_search_finds_the_same_under_any_name(id, others):
    bounds = Bounds(players=3, outcomes=4, candidates=60)
    before, after = refute(shipped_statements()[id], bounds), refute(others[id], bounds)
    assert before.refutation is not None
    assert after.refutation is not None
    assert told(after.refutation) == told(before.refutation)
    assert statement_of(read_claimed(after.refutation)).goal.formula is not None


def test_another_conclusion_under_a_borrowed_id_is_another_statement():
    for id, kind in [("thm-3-wlog-csr", None), ("prop-5", "polytope"), ("def-6-nonempty", None)]:
        goal = shipped_statements()["prop-5-efficient-point" if kind else "convex-segments"].goal
        borrowed = replace(shipped_statements()[id], steps=(replace_formula(goal),))
        assert goal_of(borrowed) == ("concession-is-efficient" if kind else None)
        assert kind_for(borrowed, []).name == (kind or "programs")
        assert claim(borrowed).statement == f"{id} (changed)"
        assert known(borrowed) is None


def replace_formula(goal):
    return Step("goal", goal.formula, [])


def test_a_program_that_may_be_unlisted_is_not_settled_by_the_reason_for_another_claim():
    from z3 import And, Const, Consts, Distinct, Exists, ForAll

    from spi_verify.theory.signature import Player, Program, in_csr, sel

    i, programs = Const("i", Player), Consts("c d e", Program)
    three = And(Distinct(*programs), *(in_csr(sel, i, program) for program in programs))
    goal = Step("goal", ForAll([i], Exists(programs, three)), [])
    borrowed = replace(shipped_statements()["thm-3-wlog-csr"], hypotheses=(), steps=(goal,))
    assert known(borrowed) is None
    assert refute(borrowed, Bounds(players=2, outcomes=2, candidates=5)).refutation is None


def test_another_hypothesis_under_a_borrowed_name_is_not_settled_by_the_papers_reason():
    statement = shipped_statements()["thm-3-pmm/repaired"]
    for h in statement.hypotheses:
        borrowed = replace(h, formula=statement.goal.formula)
        assert hypothesis_of(borrowed) is None


def test_what_code_settles_is_what_the_shipped_formulas_say():
    recorded = json.loads(known_formulas.FILE.read_text(encoding="utf-8"))
    assert recorded == known_formulas.known_formulas()


def test_every_label_in_the_code_is_known():
    recorded = json.loads(known_formulas.FILE.read_text(encoding="utf-8"))
    assert set(recorded["hypotheses"]) == known_formulas.spoken_of()
    assert set(recorded["goals"]) == set(known_formulas.GOALS)
    for kind in ("goals", "hypotheses"):
        prints = [entry["fingerprint"] for entry in recorded[kind].values()]
        assert len(set(prints)) == len(prints)


@pytest.mark.parametrize("name", sorted(PAPER))
def test_a_formula_read_back_from_text_has_the_same_fingerprint(name):
    formula = PAPER.axiom(name)
    assert fingerprint(read_formula(to_smtlib({"definition": formula}))) == fingerprint(formula)


def test_the_fingerprint_ignores_names_of_bound_variables_and_nothing_else(everything):
    from z3 import Const, Exists, ForAll, Implies, Not

    from spi_verify.theory.signature import Outcome, Player, u

    i, j = Const("i", Player), Const("j", Player)
    a, b = Const("a", Outcome), Const("b", Outcome)
    formula = ForAll([i], Exists([a], u(i, a) > u(i, b)))
    assert fingerprint(formula) == fingerprint(ForAll([j], Exists([a], u(j, a) > u(j, b))))
    changed = [
        ForAll([i], Exists([a], u(i, a) >= u(i, b))),
        ForAll([i], Exists([a], u(i, b) > u(i, a))),
        ForAll([i], ForAll([a], u(i, a) > u(i, b))),
        Exists([a], ForAll([i], u(i, a) > u(i, b))),
        ForAll([i], Exists([b], u(i, a) > u(i, b))),
        Not(formula),
        Implies(formula, formula),
    ]
    prints = [fingerprint(one) for one in (formula, *changed)]
    assert len(set(prints)) == len(prints)
    statements = [one for one in everything if isinstance(one, Statement)]
    goals = {one.goal.formula.sexpr(): fingerprint(one.goal.formula) for one in statements}
    assert len(set(goals.values())) == len(goals)
