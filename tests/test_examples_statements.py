"""The paper's examples as statements, and how executed statements are decided."""

from __future__ import annotations

import json
from operator import is_

import pytest
from conftest import PROGRAM_GAMES

from spi_verify.errors import InputError
from spi_verify.obligations import Executed, Fact
from spi_verify.obligations.executing import execute
from spi_verify.obligations.running import run as run_all
from spi_verify.papers import loading, running
from spi_verify.papers.choosing import choose
from spi_verify.papers.keeping import OfTheories
from spi_verify.papers.loading import load
from spi_verify.programs import examples
from spi_verify.theory import PAPER
from spi_verify.verdicts import Evidence, Verdict

GOOD = Fact("good", "Two is two.", True, "2 = 2")
BAD = Fact("bad", "Two is three.", False, "2 < 3")
OPEN = Fact("open", "There are odd perfect numbers.", None, "none found")
HEAD = """
from spi_verify.obligations import Executed, Fact

def statements(theory):
"""


@pytest.fixture(scope="module")
def found():
    shipped = [s for s in load(PROGRAM_GAMES, PAPER) if isinstance(s, Executed)]
    return {statement.id: (statement, *execute(statement)) for statement in shipped}


def verdict(*facts, **options):
    return execute(Executed("e", "An example", lambda: iter(facts), **options))[1]


def test_every_example_is_there_and_comes_out_as_expected(found):
    assert set(found) == {"ex-3.1", "ex-3.2", "ex-4.1", "ex-4.2", "ex-4.3", "ex-4.3/repaired"}
    for _, _, result in found.values():
        assert result.as_expected, result.reason
        assert result.evidence is Evidence.CHECKED
    refuted = {id for id, (_, _, r) in found.items() if r.verdict is Verdict.REFUTED}
    assert refuted == {"ex-4.3"}


def test_no_claim_of_an_example_is_dropped_unnoticed(found):
    names = {id: {fact.name for fact in facts} for id, (_, facts, _) in found.items()}
    assert {id: len(facts) for id, (_, facts, _) in found.items()} == {
        "ex-3.1": 12,
        "ex-3.2": 5,
        "ex-4.1": 8,
        "ex-4.2": 7,
        "ex-4.3": 12,
        "ex-4.3/repaired": 12,
    }
    assert "only-demanding-exploits-player-1" in names["ex-3.1"]
    assert "it-is-an-spi" in names["ex-3.2"]
    assert "player-1-responds-best" in names["ex-4.1"]
    assert "adding-it-hurts-on-the-right" in names["ex-4.2"]
    assert "slightly-above-the-pmm-5" in names["ex-4.3"]


def test_example_4_3_fails_where_offers_are_made_more_than_once(found):
    _, facts, result = found["ex-4.3"]
    failed = [fact.name for fact in facts if not fact.holds]
    assert failed == ["small-offers-are-a-best-response-2", "small-offers-are-a-best-response-5"]
    assert "small-offers-are-a-best-response-1" not in result.reason
    assert "1/20 more than the PMM earns 581/200" in result.reason
    assert "towards 291/100" in result.reason


def test_the_repair_of_example_4_3_says_what_it_adds(found):
    statement, _, result = found["ex-4.3/repaired"]
    assert statement.reading == "repaired"
    assert statement.added == ("certain-of-likely-offers",)
    assert result.hypotheses_used == ("certain-of-likely-offers",)


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "replacement", "id", "failing"),
    [
        (
            "conceding",
            lambda j: examples.If(
                examples.Code(3 - j, examples.demanding(j)),
                examples.demanding(3 - j),
                examples.demanding(j),
            ),
            "ex-3.1",
            "only-demanding-exploits-player-2",
        ),
        (
            "meet_at_slot_3",
            lambda: examples.RenegotiationMap(
                (examples.To(("Slot 1", "Slot 2"), ("Slot 1", "Slot 1")),)
            ),
            "ex-3.2",
            "mismatches-become-slot-3",
        ),
        (
            "figure_2",
            lambda wide: (
                examples.giving_at_most(2, 1),
                examples.giving_at_most(1, 2 if wide else 1),
            ),
            "ex-4.1",
            "best-payoff-on-the-right",
        ),
        (
            "figure_3",
            lambda right: examples.figure_3(False),
            "ex-4.2",
            "adding-it-hurts-on-the-right",
        ),
        (
            "offering",
            lambda i, s, k, final: examples.offering(i, s, k, max(final, 2)),
            "ex-4.3",
            "slightly-above-the-pmm-2",
        ),
    ],
)
def test_a_changed_program_makes_the_claim_about_it_fail(
    monkeypatch, name, replacement, id, failing
):
    """A fact that cannot fail would be no evidence."""
    original = getattr(examples, name)
    monkeypatch.setattr(loading, "_SHIPPED", OfTheories(is_))
    monkeypatch.setattr(running, "_SHIPPED", {})
    monkeypatch.setattr(examples, name, replacement)
    changed = {s.id: s for s in load(PROGRAM_GAMES, PAPER)}[id]  # which runs the suite anew
    monkeypatch.setattr(examples, name, original)
    facts, result = execute(changed)
    assert result.verdict is Verdict.REFUTED
    assert failing in {fact.name for fact in facts if fact.holds is False}


def test_all_facts_must_hold_and_the_reason_names_those_that_fail():
    assert verdict(GOOD).verdict is Verdict.PROVED
    assert verdict(GOOD).reason is None
    refuted = verdict(GOOD, BAD, OPEN)
    assert (refuted.verdict, refuted.evidence) == (Verdict.REFUTED, Evidence.CHECKED)
    assert refuted.reason == "bad fails: 2 < 3"


def test_a_fact_that_is_not_settled_leaves_it_unknown():
    result = verdict(GOOD, OPEN)
    assert (result.verdict, result.evidence) == (Verdict.UNKNOWN, None)
    assert result.reason == "open is not settled: none found"


def test_nothing_executed_and_two_facts_of_one_name_are_errors():
    assert verdict().verdict is Verdict.ERROR
    assert "no facts" in verdict().reason
    twice = verdict(GOOD, GOOD)
    assert (twice.verdict, twice.evidence) == (Verdict.ERROR, None)
    assert "'good'" in twice.reason


@pytest.mark.parametrize(
    ("error", "said"), [(InputError("no such slot"), "no such slot"), (KeyError("x"), "KeyError")]
)
def test_a_failing_run_is_an_error_and_not_a_verdict(error, said):
    def facts():
        yield GOOD
        raise error

    _, result = execute(Executed("e", "An example", facts))
    assert (result.verdict, result.evidence) == (Verdict.ERROR, None)
    assert said in result.reason


def test_executed_statements_keep_their_place_among_others():
    statements, _ = choose(["ex-3.2", "expected-utility", "ex-3.1"], PAPER)
    outcomes = run_all(statements)
    assert [o.result.id for o in outcomes] == ["ex-3.2", "expected-utility", "ex-3.1"]
    assert [bool(o.facts) for o in outcomes] == [True, False, True]
    assert [bool(o.decisions) for o in outcomes] == [False, True, False]


def test_two_statements_of_one_id_are_refused_whatever_their_kind():
    one = Executed("e", "An example", lambda: [GOOD])
    with pytest.raises(InputError, match="two statements have this id"):
        run_all([one, one])


def test_prove_lists_the_facts_of_an_example(run):
    found = run("prove", "ex-3.2")
    assert found.code == 0
    assert "both-better-off" in found.out
    assert "(0, 0) becomes (1, 1)" in found.out


def test_prove_writes_examples_like_other_statements(run, tmp_path):
    junit = tmp_path / "junit.xml"
    found = run("prove", "ex-3.1", "--json", "-", "--junit", junit)
    (result,) = json.loads(found.out)["results"]
    assert (result["id"], result["verdict"], result["evidence"]) == ("ex-3.1", "proved", "checked")
    assert 'name="ex-3.1"' in junit.read_text()


def test_a_suite_of_ones_own_can_execute(run, tmp_path):
    suite = tmp_path / "suite.py"
    suite.write_text(
        HEAD + "    fact = Fact('sum', 'One and one is three.', 1 + 1 == 3, 'it is 2')\n"
        "    return [Executed('mine', 'A sum', lambda: [fact])]\n"
    )
    found = run("prove", suite)
    assert found.code == 1
    assert "mine: sum fails: it is 2" in found.out


def test_an_example_has_nothing_to_export(run, tmp_path):
    found = run("export", "ex-3.1", "--directory", tmp_path)
    assert found.code == 2
    assert "it has no steps" in found.err


def test_an_examples_hypothesis_cannot_be_dropped(run):
    found = run("prove", "ex-4.3/repaired", "--without", "certain-of-likely-offers")
    assert found.code == 2
    assert "no such hypothesis" in found.err
