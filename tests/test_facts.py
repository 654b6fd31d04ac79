"""Steps without a list of facts: found among what is in scope, kept, and never taken on trust."""

from __future__ import annotations

import json
import warnings
from dataclasses import replace

import pytest
import z3
from conftest import PROGRAM_GAMES

from benchmarks import facts as benchmark
from spi_verify.errors import InputError
from spi_verify.obligations import Hypothesis, Statement, Step, facts, kept_facts
from spi_verify.obligations.cache import Cache
from spi_verify.obligations.facts import ranked
from spi_verify.obligations.running import run as decide
from spi_verify.solvers.smtlib import render
from spi_verify.theory import PAPER
from spi_verify.theory.signature import Outcome
from spi_verify.verdicts import Evidence, Verdict

a, b, c, x, y = z3.Consts("a b c x y", Outcome)


def statement(*steps, **changes):
    """Return a statement about improvements on improvements with these steps."""
    parts = {
        "id": "chain",
        "title": "Improvements compose",
        "theory": PAPER,
        "hypotheses": (
            Hypothesis("b-improves-on-a", PAPER.weakly_improves(b, a), "b improves on a."),
            Hypothesis("c-improves-on-b", PAPER.weakly_improves(c, b), "c improves on b."),
        ),
        "definitions": ("efficient", "weakly_improves", "nonempty"),
        "steps": steps,
    }
    return Statement(**{**parts, **changes})


def goal(uses=None):
    return Step("goal", PAPER.weakly_improves(c, a), uses)


def suite_in(folder, **changes):
    """Return the statement without a list as if it came from a suite in a folder."""
    return statement(goal(), source=folder / "suite.py", **changes)


def keep(folder, lists):
    kept_facts.file_of(folder / "suite.py").write_text(kept_facts.text_of(lists))


def test_a_step_without_a_list_is_proved_by_both_solvers_from_the_facts_it_needs():
    (outcome,) = decide([statement(goal())])
    assert outcome.result.verdict is Verdict.PROVED
    assert outcome.result.evidence is Evidence.AGREEMENT
    needed = ("b-improves-on-a", "c-improves-on-b", "weakly_improves")
    assert outcome.facts_found() == {"goal": needed}
    assert outcome.theorem.goal.uses == needed


def test_a_step_with_an_empty_list_is_proved_from_nothing():
    (outcome,) = decide([statement(goal([]))])
    assert outcome.result.verdict is Verdict.UNKNOWN
    assert outcome.found == {}


def test_a_step_that_does_not_follow_from_what_is_in_scope_stays_unproved():
    (outcome,) = decide([statement(goal()).without("b-improves-on-a")])
    assert outcome.result.verdict is Verdict.UNKNOWN
    assert outcome.facts_found() == {"goal": None}


def test_steps_before_are_in_scope_and_later_ones_are_not():
    first = Step("first", PAPER.weakly_improves(c, b))
    one = statement(first, goal())
    assert "first" in one.scope(one.goal)
    assert {"first", "goal"}.isdisjoint(one.scope(first))


def test_a_step_that_uses_a_later_one_without_a_list_is_an_error():
    first = Step("first", PAPER.weakly_improves(c, a), ["goal"])
    with pytest.raises(InputError, match="circle"):
        decide([statement(first, goal())])


@pytest.mark.parametrize("name", ["efficient", "weakly_improves"])
def test_the_definition_of_a_predicate_is_offered_with_it_from_the_first(name):
    known = {f"fact:{name}": render(PAPER.axiom(name)) for name in PAPER}
    defines = {f"fact:{name}": frozenset(s.name() for s in PAPER[name].about) for name in PAPER}
    arguments = [a, b][: len(PAPER[name].sorts)]
    order = ranked(render(getattr(PAPER, name)(*arguments)), known, defines)
    assert f"fact:{name}" in order[: facts.OFFERED[0]]
    assert sorted(order) == sorted(known)


def test_facts_that_are_kept_need_no_search(tmp_path, monkeypatch):
    keep(tmp_path, {"chain": {"goal": ("weakly_improves", "b-improves-on-a", "c-improves-on-b")}})
    monkeypatch.setattr(facts, "search_facts", lambda *_: pytest.fail("searched"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (outcome,) = decide([suite_in(tmp_path)])
    assert outcome.result.verdict is Verdict.PROVED
    assert outcome.found["goal"].kept


@pytest.mark.parametrize("names", [["weakly_improves"], ["not-there"], []])
def test_facts_kept_that_do_not_prove_a_step_are_searched_anew_and_that_is_said(tmp_path, names):
    keep(tmp_path, {"chain": {"goal": tuple(names)}})
    with pytest.warns(UserWarning, match="suite.facts.json: step 'goal' of chain is not proved"):
        (outcome,) = decide([suite_in(tmp_path)])
    assert outcome.result.verdict is Verdict.PROVED


def test_facts_kept_prove_nothing_that_does_not_follow(tmp_path):
    keep(tmp_path, {"chain": {"goal": ("weakly_improves", "c-improves-on-b")}})
    one = suite_in(tmp_path)
    with pytest.warns(UserWarning, match="none are found now"):
        (outcome,) = decide([replace(one, hypotheses=one.hypotheses[1:])])
    assert outcome.result.verdict is Verdict.UNKNOWN


def test_facts_kept_are_not_called_outdated_where_a_hypothesis_is_dropped(tmp_path):
    keep(tmp_path, {"chain": {"goal": ("weakly_improves", "b-improves-on-a", "c-improves-on-b")}})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (outcome,) = decide([suite_in(tmp_path).without("b-improves-on-a")])
    assert outcome.result.verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("text", ["[]", '{"schema": "spi-verify/facts/1", "statements": [1]}', "{"])
def test_a_damaged_file_of_facts_is_an_error_that_names_it(tmp_path, text):
    kept_facts.file_of(tmp_path / "suite.py").write_text(text)
    with pytest.raises(InputError, match=r"suite\.facts\.json"):
        decide([suite_in(tmp_path)])


def test_what_was_found_is_found_in_the_cache(tmp_path, monkeypatch):
    cache = Cache(tmp_path)
    (first,) = decide([statement(goal())], cache=cache)
    monkeypatch.setattr(facts, "search_facts", lambda *_: pytest.fail("searched"))
    (second,) = decide([statement(goal())], cache=cache)
    assert second.found["goal"].cached
    assert second.facts_found() == first.facts_found()


def test_what_proves_a_step_of_one_reading_is_tried_first_for_the_other():
    repaired = statement(goal(), id="chain/repaired")
    literal = statement(goal(), expected=Verdict.REFUTED)
    both = decide([literal, repaired])
    assert [outcome.found["goal"].offered > 0 for outcome in both] == [False, True]


SUITE = """
from z3 import Consts
from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.theory.signature import Outcome
a, b = Consts("a b", Outcome)
def statements(theory):
    better = Hypothesis("better", theory.weakly_improves(b, a), "b improves on a.")
    return [Statement("again", "It is so", theory, (better,), ("efficient",),
        (Step("goal", better.formula{uses}),))]
"""


def test_write_keeps_what_was_found_beside_the_suite(tmp_path, run):
    suite = tmp_path / "own.py"
    suite.write_text(SUITE.format(uses=""))
    told = run("prove", str(suite), "--write", "--json", "-")
    assert told.code == 0
    assert json.loads(told.out)["facts"] == {"again": {"goal": ["better"]}}
    written = json.loads((tmp_path / "own.facts.json").read_text())
    assert written == {"schema": kept_facts.SCHEMA, "statements": {"again": {"goal": ["better"]}}}
    assert "those kept do" in run("prove", str(suite), "--no-cache").out


def test_write_without_anything_to_write_is_an_error(tmp_path, run):
    suite = tmp_path / "own.py"
    suite.write_text(SUITE.format(uses=", ['better']"))
    told = run("prove", str(suite), "--write")
    assert told.code == 2
    assert not (tmp_path / "own.facts.json").exists()
    assert run("prove", str(suite), "--write", "--without", "better").code == 2


@pytest.mark.long
def test_steps_of_the_paper_are_found_again_without_their_lists():
    known = [one for one in benchmark.steps() if one[0].folder.name == PROGRAM_GAMES.name]
    chosen = benchmark.random.Random(3).sample(known, 16)
    rows = benchmark.measure(chosen)
    assert sum(row.found.agreed for row in rows) >= 15, list(benchmark.told(rows))
    for row, (one, step) in zip(rows, chosen, strict=True):
        assert {name.removeprefix("fact:") for name in row.found.facts or ()} <= set(
            one.scope(step)
        )
