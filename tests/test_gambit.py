import io
import itertools
import math
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spi_verify.errors import InputError
from spi_verify.games.gambit import from_gambit, to_gambit
from spi_verify.games.game import Game
from spi_verify.games.nfg import parse_nfg, read_nfg, write_nfg

pygambit = pytest.importorskip("pygambit")

GAMES = Path(__file__).parent / "games"

# What Gambit takes as a name, and reads back from a quoted text.
names = st.from_regex(r'[A-Za-z0-9{},"\']( ?[A-Za-z0-9{},"\'\\]{0,3}[A-Za-z0-9"])?', fullmatch=True)
payoffs = (
    st.integers(-9, 9)
    | st.fractions(-9, 9, max_denominator=12)
    | st.sampled_from([10**30, Fraction(-1, 10**30)])
)


@st.composite
def games(draw: st.DrawFn) -> Game:
    shape = draw(
        st.lists(st.integers(1, 3), min_size=1, max_size=4).filter(lambda s: math.prod(s) <= 18)
    )
    n = len(shape)
    count = math.prod(shape)
    table = draw(st.lists(st.tuples(*[payoffs] * n), min_size=count, max_size=count))
    cells = np.empty((count, n), dtype=object)
    for cell, row in zip(cells, table, strict=True):
        cell[:] = row
    return Game.from_payoffs(
        cells.reshape(*shape, n),
        players=draw(st.lists(names, min_size=n, max_size=n, unique=True)),
        actions=[draw(st.lists(names, min_size=k, max_size=k, unique=True)) for k in shape],
        title=draw(names),
        comment=draw(names),
    )


def read_by_gambit(text: str) -> Any:
    return pygambit.read_nfg(io.BytesIO(text.encode()))


def assert_same(game: Game, other: Any) -> None:
    """Compare with Gambit's own view of a game, cell by cell."""
    players = list(other.players)
    assert (game.title, game.comment) == (other.title, other.description)
    assert list(game.players) == [player.label for player in players]
    assert [list(names) for names in game.actions] == [
        [strategy.label for strategy in player.strategies] for player in players
    ]
    for profile in itertools.product(*map(range, game.shape)):
        outcome = other[profile]
        expected = tuple(Fraction(outcome[player]) if outcome else 0 for player in players)
        chosen = tuple(names[a] for names, a in zip(game.actions, profile, strict=True))
        assert game.payoffs(chosen) == expected


@settings(max_examples=40)
@given(games())
def test_gambit_reads_what_is_written_here(game: Game) -> None:
    assert_same(game, read_by_gambit(write_nfg(game)))


@settings(max_examples=40)
@given(games())
def test_what_gambit_writes_is_read_here(game: Game) -> None:
    assert parse_nfg(to_gambit(game).to_nfg()) == game


@settings(max_examples=40)
@given(games())
def test_conversion_to_gambit_and_back_changes_nothing(game: Game) -> None:
    converted = to_gambit(game)
    assert_same(game, converted)
    assert from_gambit(converted) == game


@pytest.mark.parametrize("name", ["stag_hunt_payoffs.nfg", "named_outcomes.nfg"])
def test_files_of_both_versions_are_read_as_gambit_reads_them(name: str) -> None:
    game = read_nfg(GAMES / name)
    other = pygambit.read_nfg(GAMES / name)
    assert_same(game, other)
    assert from_gambit(other) == game


@pytest.mark.parametrize(
    "text",
    [
        'NFG 1 R "t" { "A" "B" } { 2 3 } 1 2 3 4 5 6 7 8 9 10 11 12',
        'NFG 1 D "t" { "A" "B" } { 2 1 } "c" 1. .5\t-.25 -1e-2',
        'NFG 1 R "t"{"A""B"}{{"x""y"}{"z"}}1/2 -1/3 007 1.50',
        'NFG 1 R "a\\"b" { "A" } { 2 } "c\\d\ne" 1e3 1E3',
        'NFG 1 R "t" { "A" "B" } { 2 2 } { { "" 1, 2 } { "o" .5 4 } } 2 0 1 2',
        'NFG 1 R "t" { "A" "B" } { 2.0 2. } 1-2 .5.25 3 4 1e1-1/2',
        '\n\tNFG\r\n1 R\r\n"t" { "A" } { { "x" "y" "z" } } ""\r\n{ { "" 1 } }\r\n1 0 1\r\n',
    ],
)
def test_texts_are_read_as_gambit_reads_them(text: str) -> None:
    assert_same(parse_nfg(text), read_by_gambit(text))


def test_a_tree_is_converted_in_its_strategic_form() -> None:
    tree = pygambit.read_efg(
        io.BytesIO(
            b'EFG 2 R "tree" { "A" "B" } ""\n'
            b'p "" 1 1 "" { "l" "r" } 0\n'
            b'p "" 2 1 "" { "x" "y" } 0\n'
            b't "" 1 "o1" { 1, 1/3 }\nt "" 2 "o2" { .5, 2 }\nt "" 3 "o3" { 0, -1 }\n'
        )
    )
    assert from_gambit(tree) == Game.from_payoffs(
        [[[1, Fraction(1, 3)], [Fraction(1, 2), 2]], [[0, -1], [0, -1]]],
        players=["A", "B"],
        title="tree",
    )


def test_payoffs_set_in_gambit_as_decimals_are_exact() -> None:
    other = pygambit.Game.new_table([1, 2])
    other[0, 1]["2"] = "0.1"
    assert from_gambit(other).payoffs(("1", "2")) == (0, Fraction(1, 10))


@pytest.mark.parametrize(
    ("keywords", "where", "phrase"),
    [
        ({"players": ["A", "A"]}, "players", "unique"),
        ({"players": ["A", "é"]}, "players", "not ASCII"),
        ({"actions": [["x", "y"], ["x", " y"]]}, "actions[1]", "begin or end with a space"),
        ({"actions": [["x", "囚"], ["x", "y"]]}, "actions[0]", "not ASCII"),
        ({"title": "é"}, "title", "not ASCII"),
        ({"comment": "é"}, "comment", "not ASCII"),
    ],
)
def test_names_that_gambit_does_not_allow_are_refused(
    keywords: dict[str, Any], where: str, phrase: str
) -> None:
    game = Game.from_payoffs([[[1, 2], [3, 4]], [[5, 6], [7, 8]]], **keywords)
    with pytest.raises(InputError) as caught:
        to_gambit(game)
    assert caught.value.where == where
    assert phrase in caught.value.what


def test_names_that_change_places_are_taken() -> None:
    game = Game.from_payoffs(
        [[[1, 2], [3, 4], [5, 6]]], players=["2", "1"], actions=[["1"], ["3", "1", "x0"]]
    )
    assert_same(game, to_gambit(game))


def test_too_many_profiles_are_refused_before_any_payoff_is_looked_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("spi_verify.games.gambit.MAX_OUTCOMES", 5)
    with pytest.raises(InputError, match="6 strategy profiles"):
        from_gambit(pygambit.Game.new_table([2, 3]))
    assert from_gambit(pygambit.Game.new_table([1, 5])).number_of_outcomes == 5


def test_without_pygambit_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygambit", None)
    with pytest.raises(InputError, match=r"install spi-verify\[gambit\]"):
        to_gambit(Game.from_payoffs([[1]]))
