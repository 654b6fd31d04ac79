"""Shipped statements are indexed once for a theory, and written out when they are asked for."""

import pytest
import z3

from spi_verify.counterexamples.statements import claimed, tellers
from spi_verify.counterexamples.statements.claimed import shipped_statements, shipped_with_goal
from spi_verify.obligations.statements import Statement
from spi_verify.obligations.wellformed import require_formula
from spi_verify.papers import loading
from spi_verify.papers.keeping import MOST, OfTheories
from spi_verify.papers.loading import load_shipped, made_of_shipped
from spi_verify.papers.paper import shipped_papers
from spi_verify.papers.texts import texts_in
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

    def count(shipped):
        calls.append(shipped)
        return len(shipped)

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


def test_one_statement_is_that_of_all(monkeypatch):
    theory = PAPER.with_(weakly_improves=lambda theory, x, a: x == a)
    everything = {one.id: one for one in load_shipped(theory)}
    monkeypatch.setattr(loading, "_SHIPPED", OfTheories(lambda one, other: one is other))
    for id, statement in everything.items():
        alone = loading.shipped_statement(id, theory)
        assert type(alone) is type(statement)
        if isinstance(alone, Statement):
            assert fingerprint(alone.goal.formula) == fingerprint(statement.goal.formula)
            said = [(h.name, fingerprint(h.formula)) for h in statement.hypotheses]
            assert [(h.name, fingerprint(h.formula)) for h in alone.hypotheses] == said
            assert alone.definitions == statement.definitions


@pytest.fixture
def run(monkeypatch):
    """Nothing is loaded yet; the suites that are run from now on, as (paper, file)."""
    found, statements_of = [], loading._statements

    def noting(file, theory, *, alone):
        statements = statements_of(file, theory, alone=alone)
        if statements:
            found.append((file.parent.name, file.name))
        return statements

    monkeypatch.setattr(loading, "_SHIPPED", OfTheories(lambda one, other: one is other))
    monkeypatch.setattr(loading, "_statements", noting)
    return found


def test_one_statement_is_found_without_the_others(run):
    assert loading.shipped_statement("app-c").id == "app-c"
    assert loading.shipped_statement("prop-5/repaired").id == "prop-5/repaired"
    assert loading.shipped_statement("oc-lemma-4/repaired").id == "oc-lemma-4/repaired"
    assert run == [
        ("program_games", "app_c.py"),
        ("program_games", "prop_5.py"),
        ("delegation", "oc_lemma_4.py"),
    ]
    assert loading.shipped_statement("prop-99") is None
    assert len(run) == 3


def test_every_id_stands_in_quotes_in_its_suite_and_few_others_are_run_before():
    before = 0
    for one in load_shipped():
        files = texts_in(one.folder).with_id(one.id)
        assert one.source in files, f"{one.id} has to stand in quotes in {one.source.name}"
        before += files.index(one.source)
    assert before < len(load_shipped()) / 2


def test_what_a_conclusion_speaks_of_stands_in_its_papers_files():
    known = shipped_statements()
    for id, one in known.items():
        symbols = require_formula("its goal", one.goal.formula, evaluated=False)
        assert all(map(texts_in(one.folder).have, symbols)), id
        assert one in shipped_with_goal(one.goal.formula)


def test_a_paper_without_what_a_conclusion_speaks_of_is_not_run(run):
    goal = shipped_statements()["def-2"].goal.formula
    assert {paper for paper, _ in run} == {"delegation"}
    assert [one.id for one in shipped_with_goal(goal)][:1] == ["def-2"]
    assert {paper for paper, _ in run} == {"delegation"}


def test_a_changed_definition_that_a_paper_writes_out_counts_as_written_there():
    symbol = z3.Function("unheard_of", Outcome, z3.BoolSort())
    said = z3.ForAll(OUTCOMES[0], symbol(OUTCOMES[0]))
    theory = PAPER.with_(algorithm_2=lambda theory: said)
    shipped = loading.Shipped(theory)
    assert not loading.Shipped(PAPER).of_papers_with("unheard_of")
    assert {one.folder.name for one in shipped.of_papers_with("unheard_of")} == {"program_games"}


def test_what_a_conclusion_speaks_of_stands_where_the_statement_is_made():
    for id, one in shipped_statements().items():
        spoken_of = require_formula("a conclusion", one.goal.formula, evaluated=False)
        assert texts_in(one.folder).may_conclude(id, spoken_of), id
    program_games = shipped_papers()["program-games"].folder
    assert not texts_in(program_games).may_conclude("prop-1", ["unheard_of"])
    assert not texts_in(program_games).may_conclude("app-c", ["in_default_set"])


def test_no_two_tellers_tell_the_same_conclusion():
    folders = [paper.folder for paper in shipped_papers().values()]
    said = [tellers._conclusion(id) for folder in folders for id in tellers._tellers(folder)]
    assert len(said) == len(set(said)) > 0
