"""What the benchmark of searches times are searches that find real counterexamples."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks import refutation
from spi_verify.counterexamples.programs.confirming.examination import examine
from spi_verify.errors import Rejected
from spi_verify.programs import Always, ByOutcome, Improving, Outcomes, Row


def size(scenario):
    return scenario.game.number_of_players, scenario.game.number_of_outcomes


@pytest.mark.long
@pytest.mark.parametrize("id", refutation.STATEMENTS)
def test_refute_finds_what_the_baselines_property_calls_a_counterexample(id):
    found = refutation.by_refute(id)
    assert found.first == found.smallest
    assert refutation.FAILS[id](found.first)


@pytest.mark.parametrize("id", refutation.STATEMENTS)
def test_the_plain_encoding_finds_counterexamples_to_the_statement_itself(id):
    found = refutation.by_plain_z3(id)
    examine(refutation.statement(id), found.first)


@pytest.mark.parametrize(("id", "outcomes"), [("prop-1", 2), ("def-6-meet", 3)])
def test_refute_and_the_plain_encoding_agree_on_the_smallest_size(id, outcomes):
    assert size(refutation.by_refute(id).first) == (2, outcomes)
    assert size(refutation.by_plain_z3(id).first) == (2, outcomes)
    assert refutation.by_plain_z3(id, outcomes - 1).first is None


@pytest.mark.long
@pytest.mark.parametrize("id", ["prop-1", "def-6-meet"])
def test_what_hypothesis_draws_first_and_shrinks_to_refutes_the_statement_itself(id):
    found = refutation.by_hypothesis(id, seed=0, examples=500)
    for scenario in (found.first, found.smallest):
        examine(refutation.statement(id), scenario)
    assert found.seconds <= found.smallest_seconds


def test_a_bound_that_is_too_small_is_reported_as_nothing_found():
    found = refutation.by_hypothesis("thm-3-inclusion", seed=0, examples=2)
    assert (found.first, found.smallest) == (None, None)


def test_the_property_of_proposition_1_accepts_a_gain_by_default_programs():
    found = refutation.by_plain_z3("prop-1").first
    everything = tuple(tuple(map(Always, names)) for names in found.game.actions)
    assert not refutation.prop_1_fails(replace(found, defaults=everything))
    assert not refutation.prop_1_fails(replace(found, rn=None))


def test_the_property_of_the_inclusion_wants_improving_offers_and_a_failing_conclusion():
    found = refutation.by_plain_z3("thm-3-inclusion").first
    one, two = found.equilibrium
    worse = Row(("2", "1"), Outcomes((("1", "1"),)))
    assert found.game.payoffs(("2", "1")) > found.game.payoffs(("1", "1"))
    rows = tuple(row for row in one.function.rows if row.outcome != worse.outcome)
    for function, why in (
        (ByOutcome(Outcomes(()), (*rows, worse)), "no set-valued renegotiation function"),
        (Outcomes(()), "the conclusion holds"),
        (Improving(), "the conclusion holds"),
    ):
        program = replace(one, function=function)
        changed = replace(found, equilibrium=(program, two), programs=((program,), (two,)))
        with pytest.raises(Rejected, match=why):
            examine(refutation.statement("thm-3-inclusion"), changed)
        assert not refutation.thm_3_inclusion_fails(changed)
    assert not refutation.thm_3_inclusion_fails(replace(found, equilibrium=(one.default, two)))
