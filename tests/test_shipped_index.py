"""Shipped statements are indexed once for a theory, and written out when they are asked for."""

import pytest
import z3

from spi_verify.counterexamples.statements import claimed
from spi_verify.counterexamples.statements.claimed import shipped_statements, shipped_with_goal
from spi_verify.papers.keeping import MOST, OfTheories
from spi_verify.papers.loading import load_shipped, made_of_shipped
from spi_verify.theory import PAPER
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
