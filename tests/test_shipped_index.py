"""Shipped statements are indexed once for a theory, and written out when they are asked for."""

import pytest
import z3

from spi_verify.counterexamples.statements import claimed, tellers
from spi_verify.counterexamples.statements.claimed import shipped_statements, shipped_with_goal
from spi_verify.obligations.statements import Statement
from spi_verify.papers import loading
from spi_verify.papers.keeping import MOST, OfTheories
from spi_verify.papers.loading import load_shipped, made_of_shipped
from spi_verify.theory import PAPER, fingerprint
from spi_verify.theory.signature import Outcome

OUTCOMES = z3.Consts("first second", Outcome)


def changed(value=True):
    return PAPER.with_(efficient=lambda theory, a: z3.BoolVal(value))


def only(outcome):
    return PAPER.with_(efficient=lambda theory, a: a == outcome)


@pytest.fixture
def written(monkeypatch):
    calls, write = [], claimed.written_out

    def counted(statement):
        calls.append(statement.id)
        return write(statement)

    monkeypatch.setattr(claimed, "written_out", counted)
    return calls


def test_a_statement_is_written_out_once_and_only_if_it_is_asked_for(written):
    theory = changed()
    known = shipped_statements(theory)
    assert not written
    assert known["prop-1"] is shipped_statements(changed())["prop-1"]
    assert written == ["prop-1"]
    assert len(known) > 40
    assert written == ["prop-1"]


def test_what_quantifies_over_other_sorts_is_not_written_out(written):
    theory = changed(value=False)
    goal = z3.BoolVal(True)
    assert shipped_with_goal(goal, theory) == []
    assert len(written) < len(shipped_statements(theory)) / 4


def test_an_index_is_made_once_and_goes_with_its_list():
    calls = []

    def count(statements):
        calls.append(statements)
        return len(statements)

    first, second = (only(x) for x in OUTCOMES)
    for theory in (first, first, only(OUTCOMES[0])):
        assert made_of_shipped(count, theory) == len(load_shipped(theory))
    assert len(calls) == 1
    load_shipped(second)
    assert made_of_shipped(count, first) == len(load_shipped(first))
    assert len(calls) == 1


def test_the_last_few_are_kept():
    kept, made = OfTheories(lambda one, other: one is other), []
    one, two, three, four = (changed() for _ in range(4))
    for theory in (one, two, three, one, four, one, three, two):
        kept.of(theory, lambda theory=theory: made.append(theory) or theory)
    assert MOST == 3
    assert made == [one, two, three, four, two]


@pytest.mark.long
def test_one_statement_is_that_of_all(monkeypatch):
    theory = PAPER.with_(weakly_improves=lambda theory, x, a: x == a)
    everything = {one.id: one for one in load_shipped(theory)}
    monkeypatch.setattr(loading, "_SHIPPED", OfTheories(lambda one, other: one is other))
    monkeypatch.setattr(loading, "_ONES", OfTheories(lambda one, other: one is other))
    for id, statement in everything.items():
        alone = loading.shipped_statement(id, theory)
        assert type(alone) is type(statement)
        if isinstance(alone, Statement):
            assert fingerprint(alone.goal.formula) == fingerprint(statement.goal.formula)
            said = [(h.name, fingerprint(h.formula)) for h in statement.hypotheses]
            assert [(h.name, fingerprint(h.formula)) for h in alone.hypotheses] == said
            assert alone.definitions == statement.definitions


def test_one_statement_is_found_without_the_others(monkeypatch):
    monkeypatch.setattr(loading, "_SHIPPED", OfTheories(lambda one, other: one is other))
    monkeypatch.setattr(loading, "_ONES", OfTheories(lambda one, other: one is other))
    assert loading.shipped_statement("app-c").id == "app-c"
    assert loading.shipped_statement("oc-lemma-4/repaired").id == "oc-lemma-4/repaired"
    assert not loading.all_are_loaded()
    assert loading.shipped_statement("prop-99") is None


def test_no_two_tellers_tell_the_same_conclusion():
    said = [tellers._conclusion(id) for id in tellers._tellers()]
    assert len(said) == len(set(said)) > 0
