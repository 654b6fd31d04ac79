"""Numbers of any size are replaced by machine numbers that compare as they do."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spi_verify.games import PureOutcomes, find_loss
from spi_verify.games.agreements import AgreementGame, Issue
from spi_verify.games.improvements import best_improvements
from spi_verify.games.ordinal import ordinal
from spi_verify.games.renegotiation import OutcomeMap

sizes = st.sampled_from([1, 2**61, 2**62, 2**63, 10**30, 10**400])
wide = st.builds(
    lambda base, size, low: base * size + low, st.integers(-3, 3), sizes, st.integers(-2, 2)
)


def objects(numbers):
    row = np.empty(len(numbers), dtype=object)
    row[:] = numbers
    return row


@given(
    st.lists(wide, min_size=1, max_size=12)
    | st.lists(wide.map(lambda x: Fraction(x, 7)), min_size=1, max_size=8)
)
def test_machine_numbers_compare_as_the_numbers(numbers):
    keys = ordinal(objects(numbers))
    assert keys.dtype == np.int64
    for x, a in zip(numbers, keys.tolist(), strict=True):
        for y, b in zip(numbers, keys.tolist(), strict=True):
            assert (x < y, x == y) == (a < b, a == b)


long = st.integers(0, 9).map(lambda k: Fraction(k, 9) + Fraction(k % 3, 10**40))


@st.composite
def domains(draw, numbers):
    shape = draw(st.lists(st.integers(2, 3), min_size=1, max_size=3))
    n = draw(st.integers(2, 3))
    issues = [
        Issue(
            str(k),
            tuple(map(str, range(size))),
            tuple(tuple(draw(numbers) for _ in range(size)) for _ in range(n)),
        )
        for k, size in enumerate(shape)
    ]
    cap = draw(st.none() | st.just(Fraction(1)) | st.just(Fraction(2, 3)))
    return AgreementGame.from_issues(issues, [draw(numbers) for _ in range(n)], cap=cap)


@given(domains(long))
def test_long_numbers_pay_what_they_say_and_answers_are_those_of_the_definition(game):
    profiles = []
    for k in range(game.number_of_agreements):
        outcome = game.outcome(k)
        total = [
            sum(
                issue.utilities[i][issue.values.index(v)]
                for issue, v in zip(game.issues, outcome, strict=True)
            )
            for i in range(game.number_of_players)
        ]
        profiles.append(tuple(min(u, game.cap) if game.cap is not None else u for u in total))
    profiles.append(game.disagreement)
    assert profiles == [game.payoffs(k) for k in range(game.number_of_outcomes)]
    feasible = PureOutcomes(game)
    efficient = [
        k
        for k, u in enumerate(profiles)
        if not any(v != u and all(map(Fraction.__ge__, v, u)) for v in profiles)
    ]
    assert feasible.efficient.tolist() == efficient
    pmm = tuple(min(profiles[k][i] for k in efficient) for i in range(game.number_of_players))
    assert feasible.pareto_meet_minimum == pmm
    assert feasible.pareto_meet.tolist() == [
        k for k, u in enumerate(profiles) if all(map(Fraction.__ge__, u, pmm))
    ]
    for k, u in enumerate(profiles):
        floor = tuple(map(max, u, pmm))
        assert feasible.pareto_meet_projection(1, u).tolist() == [
            m for m, v in enumerate(profiles) if v[0] >= floor[0] and v[1:] == floor[1:]
        ]
        assert feasible.is_efficient(u) == (k in efficient)
    images = best_improvements(feasible, "leximin", np.arange(len(profiles)))
    assert find_loss(OutcomeMap(game, images)) is None
    assert all(map(Fraction.__ge__, profiles[m], profiles[k]) for k, m in enumerate(images))


def test_numbers_that_no_common_scale_holds_stay_fractions():
    primes = [p for p in range(10**6, 10**6 + 4000) if all(p % q for q in range(2, 1001))]
    values = tuple(map(str, range(len(primes))))
    up = tuple(Fraction(1, p) for p in primes)
    game = AgreementGame.from_issues([Issue("x", values, (up, up[::-1]))], [Fraction(0)] * 2)
    assert all(isinstance(u, Fraction) for u in game.scaled[0, :-1])
    assert game.payoffs(("3",)) == (up[3], up[::-1][3])
    assert len(PureOutcomes(game).efficient) == len(primes)


@pytest.mark.long
def test_a_million_agreements_with_long_numbers_take_seconds():
    from benchmarks.long_decimals import rows

    assert all(row.ratio is not None and row.ratio < 4 for row in rows(5))
