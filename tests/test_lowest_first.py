"""The selection function that favours whoever could get least."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spi_verify.errors import InputError
from spi_verify.games import Game
from spi_verify.games.regions import Region
from spi_verify.programs import CorrelatedBase, LowestFirst, PureBase, parse_selection
from spi_verify.programs.examples import scheduling_game

Y, Z, MEET = (
    (Fraction(2), Fraction(2, 3)),
    (Fraction(3, 2), Fraction(1)),
    (Fraction(1), Fraction(1)),
)
HALF = LowestFirst((Fraction(1, 2), Fraction(0)))
LOTTERIES = CorrelatedBase(scheduling_game())


def picked(selection, *points):
    return LOTTERIES.payoffs(LOTTERIES.select(selection, LOTTERIES.finite(points)))


def test_what_else_is_offered_decides_who_is_favoured():
    assert picked(HALF, Y, Z) == Z, "player 2 could get 2/3, player 1 1 above the reference"
    assert picked(HALF, Y, Z, MEET) == Y, "player 1 could get 1/2 above it"


def test_the_reference_counts():
    zero = LowestFirst((Fraction(0), Fraction(0)))
    assert picked(zero, Y, Z, MEET) == Z, "2/3 is less than 1"
    assert picked(LowestFirst((Fraction(0), Fraction(-1))), Y, Z) == Y


def test_of_equals_the_first_player_comes_first():
    zero = LowestFirst((Fraction(0), Fraction(0)))
    assert picked(zero, (Fraction(3), Fraction(1)), (Fraction(1), Fraction(3))) == (3, 1)


def test_on_segments_the_least_payoffs_are_at_the_ends():
    segment = Region.polygon([(Fraction(1), Fraction(3)), (Fraction(3), Fraction(1))])
    chosen = LOTTERIES.select(LowestFirst((Fraction(0), Fraction(1))), segment)
    assert LOTTERIES.payoffs(chosen) == (1, 3), "player 2 is nearer to the reference"


def test_it_has_a_notation():
    assert str(HALF) == "(lowest-first 1/2 0)"
    assert parse_selection(str(HALF)) == HALF


def test_a_number_for_each_player_is_needed():
    with pytest.raises(InputError, match="needs a number for each player"):
        picked(LowestFirst((Fraction(0),)), Y, Z)


points = st.tuples(*[st.integers(0, 3)] * 3)


@given(st.lists(points, min_size=2, max_size=5, unique=True), st.tuples(*[st.integers(-2, 2)] * 3))
def test_it_is_a_transitive_selection_function(rows, reference):
    """Every subset, with every set of improvements on what is picked from it."""
    base = PureBase(Game.from_payoffs([[[list(row)]] for row in rows]))
    selection = LowestFirst(tuple(map(Fraction, reference)))
    outcomes = list(base.game.outcomes())

    def pays(outcome):
        return base.payoffs(outcome)

    for size in range(1, len(outcomes) + 1):
        for members in itertools.combinations(outcomes, size):
            chosen = base.select(selection, frozenset(members))
            assert chosen in members
            assert not any(
                all(a >= b for a, b in zip(pays(x), pays(chosen), strict=True))
                and pays(x) != pays(chosen)
                for x in members
            )
            better = [
                x
                for x in outcomes
                if all(a >= b for a, b in zip(pays(x), pays(chosen), strict=True))
            ]
            for count in range(len(better) + 1):
                for added in itertools.combinations(better, count):
                    then = base.select(selection, frozenset((*members, *added)))
                    assert all(a >= b for a, b in zip(pays(then), pays(chosen), strict=True)), (
                        members,
                        added,
                    )
