"""Whether a counterexample is the only one of its size."""

from __future__ import annotations

from fractions import Fraction

import pytest
import z3
from hypothesis import given
from hypothesis import strategies as st

from spi_verify.counterexamples import uniqueness
from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.file import canonical
from spi_verify.counterexamples.looking import different, refutations
from spi_verify.counterexamples.programs.finding import fillings
from spi_verify.counterexamples.uniqueness import has_equals, size_of
from spi_verify.papers.loading import load_shipped

STATEMENTS = {one.id: one for one in load_shipped()}
BOUNDS = Bounds(players=2, outcomes=3)


def first(id, bounds=BOUNDS):
    return next(refutations(STATEMENTS[id], bounds))


def test_games_with_one_outcome_and_two_players_are_all_the_same():
    found = first("prop-2")
    assert size_of(found) == (2, 1, 2)
    assert has_equals(STATEMENTS["prop-2"], BOUNDS, found) is False


@pytest.mark.long
@pytest.mark.parametrize("id", ["def-6-meet", "sel-transitive-maxmin", "thm-3-inclusion"])
def test_where_there_are_others_of_the_same_size_the_search_lists_one(id):
    found = first(id)
    assert has_equals(STATEMENTS[id], BOUNDS, found) is True
    others = [one for one in different(refutations(STATEMENTS[id], BOUNDS), 3) if one != found]
    assert any(
        size_of(one) == size_of(found) and canonical(one) != canonical(found) for one in others
    )


def test_what_is_not_looked_through_is_open(monkeypatch):
    monkeypatch.setattr(uniqueness, "LOOK", 0)
    assert has_equals(STATEMENTS["prop-2"], BOUNDS, first("prop-2")) is None


def test_a_candidate_that_execution_rejects_leaves_it_open(monkeypatch):
    found = first("prop-2")

    def rejected(*_):
        raise uniqueness.Rejected("not this one")

    monkeypatch.setattr(uniqueness, "confirmed", rejected)
    assert has_equals(STATEMENTS["prop-2"], BOUNDS, found) is None


small = st.integers(-2, 2).map(Fraction)


def on_one_scale(one, other):
    """Whether other = s * one + t for some s > 0, found by trying the few candidates for s."""
    if len(set(one)) == 1 or len(set(other)) == 1:
        return len(set(one)) == len(set(other)) == 1
    pairs = [(i, j) for i in range(len(one)) for j in range(len(one)) if one[i] != one[j]]
    for i, j in pairs:
        s = (other[i] - other[j]) / (one[i] - one[j])
        t = other[i] - s * one[i]
        if s > 0 and all(y == s * x + t for x, y in zip(one, other, strict=True)):
            return True
    return False


@given(
    st.integers(1, 4).flatmap(lambda n: st.tuples(*[st.lists(small, min_size=n, max_size=n)] * 2))
)
def test_payoffs_differ_just_if_no_positive_scale_makes_them_equal(payoffs):
    known, others = payoffs
    unknown = [z3.RealVal(str(value)) for value in others]
    parts = fillings._other_scale(unknown, known)
    differs = any(z3.is_true(z3.simplify(part)) for part in parts)
    assert differs == (not on_one_scale(known, others))


@pytest.mark.long
def test_refute_says_it(run):
    found = run("refute", "prop-2", "--players", "2", "--outcomes", "2")
    assert "; no other of its size is among the small worlds searched" in found.out
    found = run("refute", "prop-1", "--players", "2", "--outcomes", "2")
    assert "; there are others of its size" in found.out
