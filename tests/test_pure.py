"""Efficiency, PMM and PMP against their definitions, written out as loops over outcomes."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spi_verify.errors import InputError
from spi_verify.games import pure
from spi_verify.games.game import Game
from spi_verify.games.pure import PureOutcomes

HUGE = 2**63

# Small ranges give ties and duplicates; the others leave int64, touch its ends, or are fractions.
PAYOFFS = st.sampled_from(
    [
        st.integers(0, 1),
        st.integers(-2, 2),
        st.integers(-50, 50),
        st.sampled_from([-HUGE, -HUGE + 1, -1, 0, 1, HUGE - 2, HUGE - 1]),
        st.sampled_from([-HUGE - 1, -HUGE, 0, HUGE - 1, HUGE, 3 * HUGE, 10**400, -(10**400)]),
        st.fractions(-2, 2, max_denominator=4),
        st.sampled_from([Fraction(1, 2**61 - 1), Fraction(1, 3**40), Fraction(HUGE), Fraction(0)]),
    ]
)


@st.composite
def games(draw: st.DrawFn) -> Game:
    n = draw(st.integers(1, 5))
    shape = tuple(draw(st.integers(1, (7, 5, 3, 2, 2)[n - 1])) for _ in range(n))
    kinds = [draw(PAYOFFS) for _ in range(n)]
    table: Any = np.empty((*shape, n), dtype=object)
    for index in itertools.product(*map(range, shape)):
        table[index] = [draw(kind) for kind in kinds]
    return Game.from_payoffs(table)


def profiles(game: Game) -> list[tuple[Fraction, ...]]:
    return [game.payoffs(k) for k in range(game.number_of_outcomes)]


def dominates(b: tuple[Fraction, ...], a: tuple[Fraction, ...]) -> bool:
    nowhere_less = all(b[i] >= a[i] for i in range(len(a)))
    somewhere_more = any(b[i] > a[i] for i in range(len(a)))
    return nowhere_less and somewhere_more


def efficient_by_definition(game: Game) -> list[int]:
    u = profiles(game)
    return [k for k, a in enumerate(u) if not any(dominates(b, a) for b in u)]


def pmm_by_definition(game: Game) -> tuple[Fraction, ...]:
    u = profiles(game)
    efficient = efficient_by_definition(game)
    return tuple(min(u[k][i] for k in efficient) for i in range(game.number_of_players))


def pmp_by_definition(game: Game, player: int, point: tuple[Fraction, ...]) -> list[int]:
    pmm = pmm_by_definition(game)
    chosen = []
    for k, b in enumerate(profiles(game)):
        own = b[player - 1] >= max(pmm[player - 1], point[player - 1])
        others = all(
            b[j] == max(pmm[j], point[j]) for j in range(game.number_of_players) if j != player - 1
        )
        if own and others:
            chosen.append(k)
    return chosen


@given(games())
def test_efficient_outcomes_are_those_of_the_definition(game: Game) -> None:
    assert PureOutcomes(game).efficient.tolist() == efficient_by_definition(game)


extremes = st.sampled_from([-(2**63), 2**63 - 1, -(2**62), 0, 1])


@given(
    st.lists(st.tuples(*[st.integers(-4, 4) | extremes] * 2), min_size=1, max_size=20),
    st.integers(1, 3),
    st.integers(1, 9),
)
def test_what_is_under_stairs_is_dominated(
    points: list[tuple[int, int]], steps: int, sample: int
) -> None:
    x, y = (np.array(column, dtype=np.int64) for column in zip(*points, strict=True))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pure, "_STEPS", steps)
        patch.setattr(pure, "_SAMPLE", sample)
        patch.setattr(pure, "_CHUNK", 4)
        kept = pure._under_stairs(x, y).tolist()
    assert kept == sorted(set(kept))
    for k in set(range(len(points))) - set(kept):
        assert any(a > x[k] and b >= y[k] for a, b in points)


def test_most_of_nearly_opposed_payoffs_are_under_the_stairs() -> None:
    noise = np.random.default_rng(0).normal(size=(2, 10**5)) * 1e9
    x, y = noise[0].astype(np.int64), (noise[1] / 10 - noise[0]).astype(np.int64)
    assert len(pure._under_stairs(x, y)) < 10**4


@given(games(), st.integers(1, 4), st.integers(1, 3), st.integers(1, 3))
def test_efficient_outcomes_do_not_depend_on_the_sizes_of_the_steps(
    game: Game, chunk: int, block: int, part: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pure, "_CHUNK", chunk)
        patch.setattr(pure, "_BLOCK", block)
        patch.setattr(pure, "_PART", part)
        patch.setattr(pure, "_STEPS", block)
        patch.setattr(pure, "_SAMPLE", part)
        assert PureOutcomes(game).efficient.tolist() == efficient_by_definition(game)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
@pytest.mark.parametrize("greatest", [1, 3, 30, 2**62])
def test_efficient_outcomes_of_hundreds_of_random_profiles(n: int, greatest: int) -> None:
    random = np.random.default_rng([n, greatest])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pure, "_CHUNK", 64)
        patch.setattr(pure, "_BLOCK", 16)
        patch.setattr(pure, "_PART", 8)
        patch.setattr(pure, "_STEPS", 4)
        patch.setattr(pure, "_SAMPLE", 32)
        for negate in (False, True):
            table = random.integers(-greatest, greatest, (300, *[1] * (n - 1), n), endpoint=True)
            if negate:  # nearly opposed interests: many efficient profiles
                table[..., -1] = -table[..., 0] + table[..., -1] // 8
            game = Game.from_payoffs(table)
            assert PureOutcomes(game).efficient.tolist() == efficient_by_definition(game)


@given(games())
def test_pmm_is_each_players_least_efficient_payoff(game: Game) -> None:
    assert PureOutcomes(game).pareto_meet_minimum == pmm_by_definition(game)


@given(games())
def test_pareto_meet_is_what_gives_everyone_the_pmm(game: Game) -> None:
    pmm = pmm_by_definition(game)
    meet = [k for k, u in enumerate(profiles(game)) if all(u[i] >= pmm[i] for i in range(len(pmm)))]
    assert PureOutcomes(game).pareto_meet.tolist() == meet


@given(games(), st.data())
def test_pmp_of_an_outcome_is_that_of_the_definition(game: Game, data: st.DataObject) -> None:
    player = data.draw(st.integers(1, game.number_of_players))
    point = game.payoffs(data.draw(st.integers(0, game.number_of_outcomes - 1)))
    found = PureOutcomes(game).pareto_meet_projection(player, point).tolist()
    assert found == pmp_by_definition(game, player, point)


POINTS = st.one_of(
    st.integers(-3, 3),
    st.fractions(-3, 3, max_denominator=4),
    st.sampled_from([-(HUGE**2), -HUGE - 1, -HUGE, HUGE - 1, HUGE, HUGE**2]),
    st.sampled_from([Fraction(2 * HUGE - 1, 2), Fraction(-2 * HUGE + 1, 2), Fraction(1, 7**30)]),
).map(Fraction)


@pytest.mark.long
@given(games(), st.data())
def test_pmp_of_any_payoff_profile_is_that_of_the_definition(
    game: Game, data: st.DataObject
) -> None:
    player = data.draw(st.integers(1, game.number_of_players))
    point = tuple(data.draw(POINTS) for _ in game.players)
    found = PureOutcomes(game).pareto_meet_projection(player, point).tolist()
    assert found == pmp_by_definition(game, player, point)


@given(games(), st.data())
def test_a_profile_is_efficient_unless_something_feasible_dominates_it(
    game: Game, data: st.DataObject
) -> None:
    near = data.draw(st.integers(0, game.number_of_outcomes - 1))
    point = tuple(data.draw(st.sampled_from([u, u - 1, u + 1])) for u in game.payoffs(near))
    for candidate in (point, tuple(data.draw(POINTS) for _ in game.players)):
        expected = not any(dominates(b, candidate) for b in profiles(game))
        assert PureOutcomes(game).is_efficient(candidate) == expected


@given(games())
def test_is_efficient_agrees_with_the_efficient_outcomes(game: Game) -> None:
    feasible = PureOutcomes(game)
    agreed = [k for k in range(game.number_of_outcomes) if feasible.is_efficient(game.payoffs(k))]
    assert agreed == feasible.efficient.tolist()


@pytest.fixture
def scheduling() -> Game:
    slots = ["Slot 1", "Slot 2", "Slot 3"]
    return Game.from_payoffs(
        [
            [[3, 1], [0, 0], [0, 0]],
            [[0, 0], [1, 3], [0, 0]],
            [[0, 0], [0, 0], [1, 1]],
        ],
        actions=[slots, slots],
    )


def test_scheduling_game(scheduling: Game) -> None:
    feasible = PureOutcomes(scheduling)
    assert [scheduling.outcome(k) for k in feasible.efficient] == [
        ("Slot 1", "Slot 1"),
        ("Slot 2", "Slot 2"),
    ]
    assert feasible.pareto_meet_minimum == (1, 1)
    assert [scheduling.outcome(k) for k in feasible.pareto_meet] == [
        ("Slot 1", "Slot 1"),
        ("Slot 2", "Slot 2"),
        ("Slot 3", "Slot 3"),
    ]


@pytest.mark.parametrize(
    ("player", "outcome", "projection"),
    [
        (1, ("Slot 1", "Slot 2"), ["Slot 1", "Slot 3"]),
        (2, ("Slot 1", "Slot 2"), ["Slot 2", "Slot 3"]),
        (1, ("Slot 2", "Slot 2"), ["Slot 2"]),
        (2, ("Slot 2", "Slot 2"), ["Slot 2"]),
        (1, ("Slot 3", "Slot 3"), ["Slot 1", "Slot 3"]),
        (2, ("Slot 3", "Slot 3"), ["Slot 2", "Slot 3"]),
        (1, ("Slot 1", "Slot 1"), ["Slot 1"]),
        (2, ("Slot 1", "Slot 1"), ["Slot 1"]),
    ],
)
def test_projections_in_the_scheduling_game(
    scheduling: Game, player: int, outcome: tuple[str, str], projection: list[str]
) -> None:
    found = PureOutcomes(scheduling).pareto_meet_projection(player, scheduling.payoffs(outcome))
    assert [scheduling.outcome(k) for k in found] == [(slot, slot) for slot in projection]


def test_a_projection_may_be_empty() -> None:
    game = Game.from_payoffs([[[4, 0]], [[0, 4]], [[1, 2]]])
    assert PureOutcomes(game).pareto_meet_projection(1, (Fraction(1), Fraction(1))).tolist() == []


def test_equal_profiles_are_all_efficient() -> None:
    game = Game.from_payoffs([[[2, 2], [1, 2]], [[2, 1], [2, 2]]])
    assert PureOutcomes(game).efficient.tolist() == [0, 3]


def test_weakly_better_for_one_and_equal_for_the_rest_dominates() -> None:
    game = Game.from_payoffs([[[[1, 0, 5]]], [[[1, 0, 6]]], [[[1, 0, 5]]]])
    assert PureOutcomes(game).efficient.tolist() == [1]


@pytest.mark.parametrize("order", ["ascending", "descending", "shuffled"])
@pytest.mark.parametrize("n", [2, 3])
def test_everything_is_efficient_on_an_antidiagonal(order: str, n: int) -> None:
    size = 100_000 if n == 2 else 3_000
    x = np.arange(size)
    if order == "descending":
        x = x[::-1]
    if order == "shuffled":
        x = np.random.default_rng(0).permutation(size)
    columns = [x, -x] if n == 2 else [x, -x, x % 7]
    game = Game.from_payoffs(np.stack(columns, axis=-1).reshape(size, *[1] * (n - 1), n))
    feasible = PureOutcomes(game)
    assert np.array_equal(feasible.efficient, np.arange(size))
    assert feasible.pareto_meet_minimum[:2] == (0, 1 - size)


def test_one_weak_outcome_is_found_among_many_efficient_ones() -> None:
    x = np.random.default_rng(1).permutation(200_000)
    table = np.stack([2 * x, -2 * x], axis=-1)
    table[123_456] -= 1  # its neighbours on the antidiagonal do not dominate it
    table[77_777] -= 2  # the neighbour below it is as good for player 1 and better for player 2
    expected = np.delete(np.arange(200_000), [77_777])
    game = Game.from_payoffs(table.reshape(400, 500, 2))
    assert np.array_equal(PureOutcomes(game).efficient, expected)


def test_payoffs_at_the_ends_of_int64_do_not_overflow() -> None:
    low, high = -(2**63), 2**63 - 1
    table = np.array([[[low, high], [high, low]], [[low, low], [low, high - 1]]], dtype=np.int64)
    feasible = PureOutcomes(Game.from_payoffs(table))
    assert feasible.efficient.tolist() == [0, 1]
    assert feasible.pareto_meet_minimum == (low, low)
    assert feasible.is_efficient((Fraction(2**63), Fraction(low - 1)))
    assert not feasible.is_efficient((Fraction(low - 1), Fraction(high)))
    assert not feasible.is_efficient((Fraction(high) - Fraction(1, 2), Fraction(low)))
    assert feasible.is_efficient((Fraction(high) + Fraction(1, 2), Fraction(low)))


def test_results_are_kept_and_cannot_be_changed(scheduling: Game) -> None:
    feasible = PureOutcomes(scheduling)
    assert feasible.efficient is feasible.efficient
    assert feasible.pareto_meet is feasible.pareto_meet
    for positions in (feasible.efficient, feasible.pareto_meet):
        with pytest.raises(ValueError, match="read-only"):
            positions[0] = 1


@pytest.mark.parametrize("player", [0, 3, -1])
def test_there_is_no_projection_for_a_player_that_does_not_exist(
    scheduling: Game, player: int
) -> None:
    with pytest.raises(InputError, match=rf"no player {player}; .* from 1 to 2"):
        PureOutcomes(scheduling).pareto_meet_projection(player, (Fraction(0), Fraction(0)))


def test_a_payoff_profile_needs_one_payoff_for_each_player(scheduling: Game) -> None:
    feasible = PureOutcomes(scheduling)
    with pytest.raises(InputError, match="1 payoffs for 2 players"):
        feasible.is_efficient((Fraction(0),))
    with pytest.raises(InputError, match="3 payoffs for 2 players"):
        feasible.pareto_meet_projection(1, (Fraction(0),) * 3)


@pytest.mark.parametrize("end", [-(2**63), 2**63 - 1])
def test_projections_at_the_ends_of_int64(end: int) -> None:
    game = Game.from_payoffs(np.array([[[1, end], [2, end]]], dtype=np.int64))
    feasible = PureOutcomes(game)
    assert feasible.pareto_meet_projection(1, game.payoffs(0)).tolist() == [1]
    assert feasible.pareto_meet_projection(2, game.payoffs(0)).tolist() == [1]
    assert feasible.pareto_meet.tolist() == [1]
