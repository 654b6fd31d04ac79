"""Games: every way to build one, what they hold, and what is refused."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spi_verify.errors import InputError
from spi_verify.games.game import MAX_OUTCOMES, Game

HUGE = 2**63
NUMBERS = st.one_of(
    st.integers(-3, 3),
    st.fractions(-3, 3, max_denominator=12),
    st.sampled_from([-HUGE - 1, -HUGE, HUGE - 1, HUGE, 10**400, Fraction(1, 2**62 + 1)]),
)

# Player 1 has two actions, player 2 three; every payoff is different.
TABLE = [[[1, -1], [2, -2], [3, -3]], [[4, -4], [5, -5], [6, -6]]]
INTEGERS = np.array(TABLE)


@st.composite
def tables(draw: st.DrawFn) -> dict[tuple[int, ...], list[int | Fraction]]:
    """A payoff profile for each index of a table, of 1 to 4 players."""
    n = draw(st.integers(1, 4))
    shape = [draw(st.integers(1, 3)) for _ in range(n)]
    numbers = draw(st.sampled_from([NUMBERS, st.integers(-3, 3)]))
    return {
        index: [draw(numbers) for _ in range(n)] for index in itertools.product(*map(range, shape))
    }


def nested(table: dict[tuple[int, ...], Any], prefix: tuple[int, ...] = ()) -> Any:
    """The same table as nested lists."""
    if prefix in table:
        return table[prefix]
    depth = len(prefix)
    size = 1 + max(index[depth] for index in table)
    return [nested(table, (*prefix, a)) for a in range(size)]


def as_array(table: dict[tuple[int, ...], Any]) -> Any:
    shape = [1 + max(axis) for axis in zip(*table, strict=True)]
    array = np.empty((*shape, len(shape)), dtype=object)
    for index, row in table.items():
        array[index] = row
    return array


def by_outcome(table: dict[tuple[int, ...], Any]) -> dict[tuple[str, ...], Any]:
    return {tuple(str(a + 1) for a in index): row for index, row in table.items()}


@given(tables())
def test_payoffs_are_exactly_those_given_in_every_way_to_build_a_game(
    table: dict[tuple[int, ...], list[int | Fraction]],
) -> None:
    for game in (
        Game.from_payoffs(nested(table)),
        Game.from_payoffs(as_array(table)),
        Game.from_outcomes(by_outcome(table)),
    ):
        for position, (index, row) in enumerate(sorted(table.items())):
            outcome = tuple(str(a + 1) for a in index)
            assert game.payoffs(outcome) == tuple(row)
            assert game.payoffs(position) == tuple(row)
            assert game.payoffs(np.int64(position)) == tuple(row)
            assert all(type(u) is Fraction for u in game.payoffs(outcome))


@given(tables())
def test_scaled_payoffs_over_the_denominator_are_the_payoffs(
    table: dict[tuple[int, ...], list[int | Fraction]],
) -> None:
    game = Game.from_payoffs(nested(table))
    assert game.scaled.dtype in (np.dtype(np.int64), np.dtype(object))
    for position, (_, row) in enumerate(sorted(table.items())):
        for value, denominator, u in zip(
            game.scaled[:, position].tolist(), game.denominators, row, strict=True
        ):
            assert denominator >= 1
            assert Fraction(value) / denominator == u


@given(tables())
def test_outcomes_positions_and_indices_are_inverse_and_row_major(
    table: dict[tuple[int, ...], list[int | Fraction]],
) -> None:
    game = Game.from_payoffs(nested(table))
    expected = [tuple(str(a + 1) for a in index) for index in sorted(table)]
    assert list(game.outcomes()) == expected
    assert [game.outcome(k) for k in range(game.number_of_outcomes)] == expected
    assert [game.index(outcome) for outcome in expected] == list(range(len(table)))


def test_sizes_and_names() -> None:
    game = Game.from_payoffs(TABLE)
    assert game.players == ("Player 1", "Player 2")
    assert game.actions == (("1", "2"), ("1", "2", "3"))
    assert (game.number_of_players, game.shape, game.number_of_outcomes) == (2, (2, 3), 6)
    named = Game.from_payoffs(
        TABLE, players=["Row", "Column"], actions=["UD", ["l", "m", "r"]], title="t", comment="c"
    )
    assert named.players == ("Row", "Column")
    assert named.actions == (("U", "D"), ("l", "m", "r"))
    assert (named.title, named.comment) == ("t", "c")
    assert named.payoffs(("D", "l")) == (4, -4)
    assert repr(named) == "<Game 't': 2 players, 2 x 3 actions>"


def test_a_game_of_one_player_with_one_action() -> None:
    game = Game.from_payoffs([[Fraction(2, 3)]])
    assert (game.shape, game.payoffs(("1",))) == ((1,), (Fraction(2, 3),))


@pytest.mark.parametrize(
    "table",
    [
        INTEGERS,
        INTEGERS.astype(np.int8),
        INTEGERS.astype(object),
        np.asfortranarray(INTEGERS),
        INTEGERS.tolist(),
        tuple(tuple(map(tuple, row)) for row in TABLE),
    ],
)
def test_integer_tables_are_stored_as_64_bit_integers(table: Any) -> None:
    game = Game.from_payoffs(table)
    assert game == Game.from_payoffs(TABLE)
    assert game.scaled.dtype == np.int64
    assert game.scaled.flags.c_contiguous
    assert game.scaled.tolist() == [[1, 2, 3, 4, 5, 6], [-1, -2, -3, -4, -5, -6]]


@pytest.mark.parametrize("greatest", [1, 2**62 - 1, 2**62, 2**63 - 1, 2**63, 2**64 - 1])
def test_unsigned_payoffs_do_not_wrap_around(greatest: int) -> None:
    game = Game.from_payoffs(np.array([[greatest], [0]], dtype=np.uint64))
    assert [game.payoffs(0), game.payoffs(1)] == [(greatest,), (0,)]
    assert game.scaled[0, 0] > game.scaled[0, 1]


def test_each_player_has_a_common_denominator_of_its_own() -> None:
    game = Game.from_payoffs([[[Fraction(1, 2), 5], [Fraction(1, 3), 7]]])
    assert game.denominators == (6, 1)
    assert game.scaled.tolist() == [[3, 2], [5, 7]]


def test_the_table_is_copied_and_the_payoffs_cannot_be_changed() -> None:
    table = INTEGERS.copy()
    game = Game.from_payoffs(table)
    table[0, 0, 0] = 99
    assert game.payoffs(0) == (1, -1)
    with pytest.raises(ValueError, match="read-only"):
        game.scaled[0, 0] = 99


def test_from_outcomes_takes_actions_in_the_order_of_their_first_appearance() -> None:
    game = Game.from_outcomes(
        {("b", "y"): [1, 2], ("a", "x"): [3, 4], ("b", "x"): [5, 6], ("a", "y"): [7, 8]},
        players=["A", "B"],
        title="t",
        comment="c",
    )
    assert game.actions == (("b", "a"), ("y", "x"))
    assert (game.players, game.title, game.comment) == (("A", "B"), "t", "c")
    assert [game.payoffs(k) for k in range(4)] == [(1, 2), (5, 6), (7, 8), (3, 4)]


def test_games_are_equal_when_names_and_payoffs_are() -> None:
    game = Game.from_payoffs(TABLE)
    assert game == Game.from_payoffs(INTEGERS)
    assert hash(game) == hash(Game.from_payoffs(INTEGERS))
    changed = INTEGERS.copy()
    changed[1, 2, 1] = 0
    others = [
        Game.from_payoffs(changed),
        Game.from_payoffs(TABLE, title="t"),
        Game.from_payoffs(TABLE, comment="c"),
        Game.from_payoffs(TABLE, players=["A", "B"]),
        Game.from_payoffs(TABLE, actions=["ab", "xyz"]),
        Game.from_payoffs([[[Fraction(u, 7) for u in cell] for cell in row] for row in TABLE]),
    ]
    assert [other for other in others if other == game] == []
    assert game != "a game"


CONSTRUCTIONS: list[tuple[Callable[[], Any], str]] = [
    (lambda: Game.from_payoffs([]), "a table of shape"),
    (lambda: Game.from_payoffs([[]]), "a table of shape"),
    (lambda: Game.from_payoffs([1, 2]), "a table of shape"),
    (lambda: Game.from_payoffs(3), "a table of shape"),
    (lambda: Game.from_payoffs([[1, 2], [3, 4]]), "a table of shape"),
    (lambda: Game.from_payoffs(np.zeros((2, 2, 3), dtype=int)), "a table of shape"),
    (lambda: Game.from_payoffs(np.zeros((0, 2, 2), dtype=int)), "player 1 has no action"),
    (lambda: Game.from_payoffs(np.zeros((2, 0, 2), dtype=int)), "player 2 has no action"),
    (lambda: Game.from_payoffs([[[1, 2], [3, 4]], [[5, 6]]]), "rows of the table have different"),
    (lambda: Game.from_payoffs([[[1, 2], [3]]]), "rows of the table have different"),
    (lambda: Game.from_payoffs([[[1, 2], 3]]), "rows of the table have different"),
    (lambda: Game.from_payoffs([[3, [1, 2]]]), "rows of the table have different"),
    (lambda: Game.from_payoffs([[[1.5, 2]]]), "1.5 is not an exact number"),
    (lambda: Game.from_payoffs([[["1", 2]]]), "'1' is not an exact number"),
    (lambda: Game.from_payoffs([[[True, 2]]]), "True is not an exact number"),
    (lambda: Game.from_payoffs([[[None, 2]]]), "None is not an exact number"),
    (lambda: Game.from_payoffs(np.zeros((1, 1, 2))), "float64 are not exact"),
    (lambda: Game.from_payoffs(np.ones((1, 1, 2), dtype=bool)), "bool are not exact"),
    (lambda: Game.from_payoffs(TABLE, players=["A"]), "1 players but 2 lists of actions"),
    (lambda: Game.from_payoffs(TABLE, players=[]), "at least one player"),
    (lambda: Game.from_payoffs(TABLE, actions=["ab"]), "2 players but 1 lists of actions"),
    (lambda: Game.from_payoffs(TABLE, actions=["aba", "xyz"]), "player 1 has two actions named"),
    (lambda: Game.from_payoffs(TABLE, actions=["ab", "xyx"]), "2 has two actions named 'x'"),
    (lambda: Game.from_payoffs(TABLE, actions=["ab", ""]), "player 2 has no action"),
    (lambda: Game.from_payoffs(TABLE, actions=["ab", "xy"]), "2 x 2 actions, .* 2 x 3 outcomes"),
    (
        lambda: Game(("A",), (("a", "b"),), np.zeros((1, 3), dtype=np.int64), (1,)),
        "describe 2 outcomes for 1 players, the payoffs 3 for 1",
    ),
    (
        lambda: Game(("A",), (("a", "b"),), np.zeros((2, 2), dtype=np.int64), (1,)),
        "describe 2 outcomes for 1 players, the payoffs 2 for 2",
    ),
    (lambda: Game.from_outcomes({}), "at least one outcome"),
    (lambda: Game.from_outcomes({("a", "x"): [1]}), "of different lengths"),
    (lambda: Game.from_outcomes({("a",): [1], ("b", "x"): [1, 2]}), "of different lengths"),
    (
        lambda: Game.from_outcomes({("a", "x"): [1, 2], ("b", "y"): [3, 4]}),
        r"no payoffs for the outcome \('a', 'y'\)",
    ),
    (lambda: Game.from_outcomes({("a",): [0.5]}), "0.5 is not an exact number"),
]


@pytest.mark.parametrize(("build", "message"), CONSTRUCTIONS)
def test_what_is_no_game_is_refused_with_a_reason(build: Callable[[], Any], message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        build()
    assert caught.value.where
    assert "\n" not in str(caught.value)


def test_a_table_nested_without_end_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(InputError, match="nested too deeply"):
        Game.from_payoffs(endless)


def test_games_with_too_many_outcomes_are_refused_before_they_are_built() -> None:
    size = MAX_OUTCOMES // 1000 + 1
    table = np.broadcast_to(np.int8(0), (1000, size, 2))
    with pytest.raises(InputError, match=f"{1000 * size} outcomes are more than the"):
        Game.from_payoffs(table)
    sparse = {(f"r{k}", f"c{k}"): [0, 0] for k in range(4_000)}
    with pytest.raises(InputError, match="16000000 outcomes are more than the"):
        Game.from_outcomes(sparse)


def test_unknown_actions_are_refused_and_the_known_ones_named() -> None:
    game = Game.from_payoffs(TABLE)
    for look_up in (game.index, game.payoffs):
        with pytest.raises(InputError, match=r"player 2 has no action '4' \(there are: 1, 2, 3\)"):
            look_up(("1", "4"))
        with pytest.raises(InputError, match=r"player 1 has no action '3' \(there are: 1, 2\)"):
            look_up(("3", "3"))
        with pytest.raises(InputError, match="names 1 action for 2 players"):
            look_up(("1",))


def test_a_long_list_of_known_actions_is_cut_short() -> None:
    game = Game.from_payoffs(np.zeros((9, 1), dtype=int))
    with pytest.raises(InputError, match=r"1, 2, 3, 4, 5, 6, 7, 8, \.\.\. 9 in all"):
        game.index(("10",))


@pytest.mark.parametrize("position", [-1, 6])
def test_positions_outside_the_game_are_refused(position: int) -> None:
    game = Game.from_payoffs(TABLE)
    for look_up in (game.outcome, game.payoffs):
        with pytest.raises(InputError, match=f"no outcome has position {position}; .* 0 to 5"):
            look_up(position)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"actions": [["a", ""], ["c", "d"]]}, "player 1 has an action without a name"),
        ({"players": ["A", ""]}, "a player has no name"),
    ],
)
def test_names_cannot_be_empty(arguments, said):
    with pytest.raises(InputError, match=said):
        Game.from_payoffs([[[1, 2], [3, 4]], [[5, 6], [7, 8]]], **arguments)
