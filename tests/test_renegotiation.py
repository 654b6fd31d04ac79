"""Renegotiation functions against Definitions 3 and 4, written out as loops over outcomes."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spi_verify.errors import InputError
from spi_verify.games import renegotiation
from spi_verify.games.game import Game
from spi_verify.games.renegotiation import (
    Change,
    OutcomeMap,
    find_gain,
    find_loss,
    is_renegotiation_function,
    is_spi,
)

HUGE = 2**63

PAYOFFS = st.sampled_from(
    [
        st.integers(0, 1),
        st.integers(-2, 2),
        st.sampled_from([-HUGE, -HUGE + 1, 0, HUGE - 2, HUGE - 1]),
        st.sampled_from([-HUGE - 1, -HUGE, 0, HUGE, 3 * HUGE]),
        st.fractions(-2, 2, max_denominator=4),
    ]
)


@st.composite
def maps(draw: st.DrawFn) -> OutcomeMap:
    """Maps of all the kinds that are checked differently: near identity, near constant, any."""
    n = draw(st.integers(1, 5))
    shape = tuple(draw(st.integers(1, (8, 4, 3, 2, 2)[n - 1])) for _ in range(n))
    kinds = [draw(PAYOFFS) for _ in range(n)]
    table: Any = np.empty((*shape, n), dtype=object)
    for index in itertools.product(*map(range, shape)):
        table[index] = [draw(kind) for kind in kinds]
    game = Game.from_payoffs(table)
    positions = range(game.number_of_outcomes)
    position = st.sampled_from(positions)
    kind = draw(st.sampled_from(["identity", "constant", "any", "improving"]))
    if kind == "identity":
        images = list(positions)
    elif kind == "constant":
        images = [draw(position)] * len(positions)
    elif kind == "any":
        images = [draw(position) for _ in positions]
    else:  # what is at least as good as the outcome for everyone: mostly no loss
        u = [game.payoffs(k) for k in positions]
        images = [
            draw(
                st.sampled_from(
                    [m for m in positions if all(b >= a for a, b in zip(u[k], u[m], strict=True))]
                )
            )
            for k in positions
        ]
    for k, image in draw(st.dictionaries(position, position, max_size=2)).items():
        images[k] = image
    return OutcomeMap(game, np.array(images))


@st.composite
def maps_and_reachable(draw: st.DrawFn) -> tuple[OutcomeMap, list[int]]:
    rn = draw(maps())
    return rn, draw(st.lists(st.integers(0, rn.game.number_of_outcomes - 1), max_size=12))


def first_loss(rn: OutcomeMap, positions: list[int]) -> Change | None:
    for k in sorted(positions):
        before, after = rn.game.payoffs(k), rn.game.payoffs(int(rn.images[k]))
        for i in range(rn.game.number_of_players):
            if after[i] < before[i]:
                image = rn.game.outcome(int(rn.images[k]))
                return Change(rn.game.outcome(k), image, i + 1, before[i], after[i])
    return None


def first_gain(rn: OutcomeMap, positions: list[int]) -> Change | None:
    for k in sorted(positions):
        before, after = rn.game.payoffs(k), rn.game.payoffs(int(rn.images[k]))
        for i in range(rn.game.number_of_players):
            if after[i] > before[i]:
                image = rn.game.outcome(int(rn.images[k]))
                return Change(rn.game.outcome(k), image, i + 1, before[i], after[i])
    return None


def improves(rn: OutcomeMap, positions: list[int]) -> bool:
    """No player worse off at any of the outcomes, some player better off at some of them."""
    players = range(rn.game.number_of_players)
    pairs = [(rn.game.payoffs(k), rn.game.payoffs(int(rn.images[k]))) for k in positions]
    safe = all(after[i] >= before[i] for before, after in pairs for i in players)
    better = any(after[i] > before[i] for before, after in pairs for i in players)
    return safe and better


@given(maps(), st.sampled_from([1, 2, 5, 65_536]), st.sampled_from([1, 2, 3, 1_024]))
def test_the_first_loss_and_gain_among_all_outcomes(rn: OutcomeMap, chunk: int, probe: int) -> None:
    everywhere = list(range(rn.game.number_of_outcomes))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(renegotiation, "_CHUNK", chunk)
        patch.setattr(renegotiation, "_PROBE", probe)
        assert find_loss(rn) == first_loss(rn, everywhere)
        assert find_gain(rn) == first_gain(rn, everywhere)


@given(maps_and_reachable(), st.sampled_from([1, 2, 5, 65_536]), st.sampled_from([1, 2, 1_024]))
def test_the_first_loss_and_gain_among_the_reachable_outcomes(
    drawn: tuple[OutcomeMap, list[int]], chunk: int, probe: int
) -> None:
    rn, positions = drawn
    mask = np.zeros(rn.game.number_of_outcomes, dtype=bool)
    mask[positions] = True
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(renegotiation, "_CHUNK", chunk)
        patch.setattr(renegotiation, "_PROBE", probe)
        for reachable in (positions, np.array(positions, dtype=np.uint8), mask, mask.tolist()):
            assert find_loss(rn, reachable) == first_loss(rn, positions)
            assert find_gain(rn, reachable) == first_gain(rn, positions)


@pytest.mark.long
@given(maps())
def test_renegotiation_functions_are_those_of_definition_4(rn: OutcomeMap) -> None:
    expected = improves(rn, list(range(rn.game.number_of_outcomes)))
    assert is_renegotiation_function(rn) == expected


@given(maps_and_reachable())
def test_spis_are_those_of_definition_3_at_the_outcomes_default_programs_reach(
    drawn: tuple[OutcomeMap, list[int]],
) -> None:
    rn, positions = drawn
    assert is_spi(rn, positions) == improves(rn, positions)


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


def to_slot_2(outcome: tuple[str, ...]) -> tuple[str, ...]:
    return outcome if outcome[0] == outcome[1] else ("Slot 2", "Slot 2")


def test_scheduling_game_every_mismatch_to_slot_2(scheduling: Game) -> None:
    rn = OutcomeMap.from_callable(scheduling, to_slot_2)
    assert find_loss(rn) is None
    assert find_gain(rn) == Change(
        outcome=("Slot 1", "Slot 2"),
        image=("Slot 2", "Slot 2"),
        player=1,
        before=Fraction(0),
        after=Fraction(1),
    )
    assert is_renegotiation_function(rn)


def test_scheduling_game_slot_1_to_slot_2_makes_player_1_lose(scheduling: Game) -> None:
    rn = OutcomeMap.from_dict(scheduling, {("Slot 1", "Slot 1"): ("Slot 2", "Slot 2")})
    assert find_loss(rn) == Change(
        outcome=("Slot 1", "Slot 1"),
        image=("Slot 2", "Slot 2"),
        player=1,
        before=Fraction(3),
        after=Fraction(1),
    )
    gain = find_gain(rn)
    assert gain is not None
    assert (gain.player, gain.before, gain.after) == (2, 1, 3)
    assert not is_renegotiation_function(rn)


def test_the_identity_loses_nothing_and_is_no_renegotiation_function(scheduling: Game) -> None:
    rn = OutcomeMap.from_dict(scheduling, {})
    assert rn.images.tolist() == list(range(9))
    assert find_loss(rn) is None
    assert find_gain(rn) is None
    assert not is_renegotiation_function(rn)


def test_a_loss_that_no_default_program_reaches_does_not_spoil_an_spi(scheduling: Game) -> None:
    rn = OutcomeMap.from_dict(
        scheduling,
        {
            ("Slot 1", "Slot 1"): ("Slot 1", "Slot 2"),
            ("Slot 1", "Slot 2"): ("Slot 3", "Slot 3"),
        },
    )
    assert not is_renegotiation_function(rn)
    assert is_spi(rn, [1])
    assert is_spi(rn, [1, 1, 4])
    assert not is_spi(rn, [0, 1])  # a loss at position 0
    assert not is_spi(rn, [4])  # nothing changes there
    assert not is_spi(rn, [])


def test_a_gain_for_one_player_alone_is_enough() -> None:
    rn = OutcomeMap(Game.from_payoffs([[[0, 1], [0, 2]]]), np.array([1, 1]))
    assert is_renegotiation_function(rn)
    assert find_gain(rn) == Change(("1", "1"), ("1", "2"), 2, Fraction(1), Fraction(2))


def test_a_map_can_be_called_and_from_dict_changes_only_what_it_lists(scheduling: Game) -> None:
    rn = OutcomeMap.from_dict(scheduling, {("Slot 2", "Slot 1"): ("Slot 1", "Slot 3")})
    changed = {outcome: rn(outcome) for outcome in scheduling.outcomes() if rn(outcome) != outcome}
    assert changed == {("Slot 2", "Slot 1"): ("Slot 1", "Slot 3")}


def test_from_callable_and_from_dict_agree(scheduling: Game) -> None:
    by_call = OutcomeMap.from_callable(scheduling, to_slot_2)
    by_dict = OutcomeMap.from_dict(scheduling, {o: to_slot_2(o) for o in scheduling.outcomes()})
    assert np.array_equal(by_call.images, by_dict.images)


@pytest.mark.parametrize("wrong", [0, 65_535, 65_536, 131_072, 199_999])
@pytest.mark.parametrize("kind", ["identity", "constant", "shuffled"])
@pytest.mark.parametrize("masked", [False, True])
def test_one_loss_is_found_among_many_outcomes(wrong: int, kind: str, masked: bool) -> None:
    total = 200_000
    payoffs = np.zeros((total, 2), dtype=np.int64)
    payoffs[7] = 5
    payoffs[wrong] = [0, 1]
    images = {
        "identity": np.arange(total),
        "constant": np.full(total, 7),
        "shuffled": np.random.default_rng(3).permutation(total),
    }[kind].copy()
    images[images == wrong] = 8  # zero payoffs, like everything else
    images[7] = 7
    images[wrong] = 8
    rn = OutcomeMap(Game.from_payoffs(payoffs.reshape(400, 500, 2)), images)
    loss = find_loss(rn, np.ones(total, dtype=bool) if masked else None)
    assert loss is not None
    assert rn.game.index(loss.outcome) == wrong
    assert (loss.player, loss.before, loss.after) == (2, 1, 0)
    images[wrong] = wrong
    assert find_loss(OutcomeMap(rn.game, images)) is None


def test_images_are_copied_and_cannot_be_changed(scheduling: Game) -> None:
    images = np.arange(9)
    rn = OutcomeMap(scheduling, images)
    images[0] = 8
    assert rn.images[0] == 0
    with pytest.raises(ValueError, match="read-only"):
        rn.images[0] = 8


@pytest.mark.parametrize(
    "images", [np.arange(8), np.arange(9).reshape(3, 3), np.arange(9.0), np.ones(9, dtype=bool)]
)
def test_images_must_be_one_integer_for_each_outcome(scheduling: Game, images: Any) -> None:
    with pytest.raises(InputError, match="images must be 9 integers"):
        OutcomeMap(scheduling, images)


@pytest.mark.parametrize("position", [-1, 9, 2**40])
def test_images_must_be_outcomes_of_the_game(scheduling: Game, position: int) -> None:
    images = np.arange(9)
    images[4] = position
    with pytest.raises(InputError, match=f"no outcome has position {position}; .* 0 to 8"):
        OutcomeMap(scheduling, images)


def test_outcomes_that_do_not_exist_are_named(scheduling: Game) -> None:
    slot = ("Slot 1", "Slot 1")
    with pytest.raises(InputError, match="player 2 has no action 'Slot 4'"):
        OutcomeMap.from_dict(scheduling, {("Slot 1", "Slot 4"): slot})
    with pytest.raises(InputError, match="player 1 has no action 'Slot 0'"):
        OutcomeMap.from_dict(scheduling, {slot: ("Slot 0", "Slot 1")})
    with pytest.raises(InputError, match="3 actions for 2 players"):
        OutcomeMap.from_callable(scheduling, lambda outcome: (*outcome, "Slot 1"))


@pytest.mark.parametrize(
    ("reachable", "message"),
    [
        ([True] * 8, "a mask of shape .8,. for 9 outcomes"),
        ([9], "no outcome has position 9"),
        ([0, -1], "no outcome has position -1"),
        ([0.5], "a boolean mask or a list of positions"),
        ([[0, 1]], "a boolean mask or a list of positions"),
    ],
)
def test_reachable_must_be_a_mask_or_positions(
    scheduling: Game, reachable: Any, message: str
) -> None:
    rn = OutcomeMap.from_dict(scheduling, {})
    for check in (find_loss, find_gain, is_spi):
        with pytest.raises(InputError, match=message):
            check(rn, reachable)


@pytest.mark.parametrize("moves", [1, 12])
@pytest.mark.parametrize("masked", [False, True])
def test_one_loss_is_found_wherever_it_is_and_wherever_it_leads(moves: int, masked: bool) -> None:
    total = 40
    game = Game.from_payoffs([[k] for k in range(total)])
    reachable = np.ones(total, dtype=bool) if masked else None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(renegotiation, "_CHUNK", 8)
        patch.setattr(renegotiation, "_PROBE", 2)
        for k, image in itertools.combinations(reversed(range(total)), 2):
            images = np.arange(total)
            images[:: total // moves] = total - 1  # gains
            images[k] = image
            loss = find_loss(OutcomeMap(game, images), reachable)
            assert loss == Change((str(k + 1),), (str(image + 1),), 1, Fraction(k), Fraction(image))
