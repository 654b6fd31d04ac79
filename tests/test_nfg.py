import itertools
import math
import os
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from spi_verify.errors import InputError
from spi_verify.games import nfg
from spi_verify.games.game import Game
from spi_verify.games.nfg import parse_nfg, read_nfg, write_nfg

GAMES = Path(__file__).parent / "games"

ODD = [
    '"',
    "\\",
    '\\"',
    "\\\\",
    'a"b',
    "a\\",
    "\\n",
    "a\nb",
    "a\r\nb",
    "{",
    "}",
    ",",
    "é",
    "囚",
    " ",
]
names = st.sampled_from(ODD) | st.text(min_size=1, max_size=4)
payoffs = (
    st.integers(-9, 9)
    | st.fractions(-9, 9, max_denominator=12)
    | st.sampled_from([2**62 - 1, 2**62, -(2**63), 10**30, Fraction(1, 10**30), Fraction(1, 2**61)])
)


@st.composite
def games(draw: st.DrawFn) -> Game:
    shape = draw(
        st.lists(st.integers(1, 4), min_size=1, max_size=4).filter(lambda s: math.prod(s) <= 24)
    )
    n = len(shape)
    numbers = payoffs if draw(st.booleans()) else st.integers(-9, 9)
    count = math.prod(shape)
    table = draw(st.lists(st.tuples(*[numbers] * n), min_size=count, max_size=count))
    cells = np.empty((count, n), dtype=object)
    for cell, row in zip(cells, table, strict=True):
        cell[:] = row
    return Game.from_payoffs(
        cells.reshape(*shape, n),
        players=draw(st.lists(names, min_size=n, max_size=n)),
        actions=[draw(st.lists(names, min_size=k, max_size=k, unique=True)) for k in shape],
        title=draw(st.sampled_from(["", *ODD]) | st.text(max_size=6)),
        comment=draw(st.sampled_from(["", *ODD]) | st.text(max_size=6)),
    )


def first_player_fastest(game: Game) -> list[tuple[str, ...]]:
    return [profile[::-1] for profile in itertools.product(*game.actions[::-1])]


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def head(game: Game) -> str:
    strategies = " ".join("{" + " ".join(map(quoted, names)) + "}" for names in game.actions)
    players = " ".join(map(quoted, game.players))
    return f"NFG 1 R {quoted(game.title)} {{{players}}} {{ {strategies} }} {quoted(game.comment)}\n"


def outcome_version(game: Game) -> str:
    """Write every payoff profile once, and the profile of zeros not at all."""
    zero = (Fraction(0),) * game.number_of_players
    numbers: dict[tuple[Fraction, ...], int] = {zero: 0}
    chosen = []
    for profile in first_player_fastest(game):
        chosen.append(numbers.setdefault(game.payoffs(profile), len(numbers)))
    rows = [f'{{ "" {", ".join(map(str, u))} }}' for u, k in numbers.items() if k]
    return head(game) + "{\n" + "\n".join(rows) + "\n}\n" + " ".join(map(str, chosen)) + "\n"


def payoff_version(game: Game) -> str:
    cells = [" ".join(map(str, game.payoffs(profile))) for profile in first_player_fastest(game)]
    return head(game) + ",\n".join(cells)


ASYMMETRIC = Game.from_outcomes(
    {
        ("U", "L"): [1, 10],
        ("U", "C"): [2, 20],
        ("U", "R"): [3, 30],
        ("D", "L"): [4, 40],
        ("D", "C"): [5, 50],
        ("D", "R"): [6, 60],
    },
    players=["Row", "Column"],
)


# Reading


@pytest.mark.parametrize(
    "body",
    [
        "1 10  4 40  2 20  5 50  3 30  6 60",
        '{ { "" 1 10 } { "" 2 20 } { "" 3 30 } { "" 4 40 } { "" 5 50 } { "" 6 60 } } 1 4 2 5 3 6',
    ],
)
def test_the_first_players_strategy_varies_fastest(body: str) -> None:
    text = 'NFG 1 R "" { "Row" "Column" } { { "U" "D" } { "L" "C" "R" } } ' + body
    assert parse_nfg(text) == ASYMMETRIC


def test_a_file_of_the_payoff_version_with_counts_and_decimals() -> None:
    game = read_nfg(GAMES / "stag_hunt_payoffs.nfg")
    assert game == Game.from_payoffs(
        [
            [[4, 1], [0, -1], [10, Fraction(1, 2)]],
            [[3, Fraction(5, 2)], [3, 0], [-3, Fraction(1, 3)]],
        ],
        players=["Hunter", "Guard"],
        title="Stag hunt for two, with a guard",
    )
    assert game.actions == (("1", "2"), ("1", "2", "3"))


def test_a_file_of_the_outcome_version_with_null_outcomes() -> None:
    game = read_nfg(str(GAMES / "named_outcomes.nfg"))
    assert game.title == 'Three clerks and "one" stamp'
    assert game.comment == "Profiles that nobody listed pay nothing."
    shared = (Fraction(1, 2), Fraction(1, 3), Fraction(1, 6))
    assert game.payoffs(("take", "wait", "yes")) == shared
    assert game.payoffs(("leave", "wait", "yes")) == (0, 0, 0)
    assert game.payoffs(("take", "ask", "yes")) == (-1, -2, -3)
    assert game.payoffs(("leave", "ask", "yes")) == (7, 8, 9)
    assert game.payoffs(("take", "go", "yes")) == (0, 0, 0)
    assert game.payoffs(("leave", "go", "yes")) == shared
    assert game.payoffs(("take", "wait", "no")) == (-1, -2, -3)
    assert game.payoffs(("take", "go", "no")) == (7, 8, 9)


@given(games())
@example(ASYMMETRIC)
def test_both_versions_of_a_game_are_read_as_that_game(game: Game) -> None:
    assert parse_nfg(payoff_version(game)) == game
    assert parse_nfg(outcome_version(game)) == game


@pytest.mark.parametrize(
    ("written", "exact"),
    [
        ("5/2", Fraction(5, 2)),
        ("-5/2", Fraction(-5, 2)),
        ("0.1", Fraction(1, 10)),
        ("-.5", Fraction(-1, 2)),
        ("1.50", Fraction(3, 2)),
        ("7.", Fraction(7)),
        ("1e3", Fraction(1000)),
        ("1.5E-2", Fraction(3, 200)),
        ("+4", Fraction(4)),
        ("-0.0", Fraction(0)),
        ("4611686018427387904", Fraction(2**62)),
        ("-9223372036854775808", Fraction(-(2**63))),
        ("-922337203685477580.8", Fraction(-(2**63), 10)),
        ("123456789012345678901234567890", Fraction(123456789012345678901234567890)),
        ("0.1234567890123456789", Fraction(1234567890123456789, 10**19)),
        ("0.000000000000000000000000000001", Fraction(1, 10**30)),
    ],
)
@pytest.mark.parametrize("other", ["0", "0.25", "1/3"])
def test_payoffs_are_read_exactly(written: str, exact: Fraction, other: str) -> None:
    game = parse_nfg(f'NFG 1 R "" {{ "A" }} {{ 2 }} {written} {other}')
    assert game.payoffs(("1",)) == (exact,)
    assert game == Game.from_payoffs([[exact], [Fraction(other)]], players=["A"])


def test_outcomes_that_no_profile_has_do_not_change_the_scale() -> None:
    text = 'NFG 1 R "" { "A" } { 2 } { { "" 1/7 } { "" 1/2 } { "" 1e300 } } 2 0'
    assert parse_nfg(text).denominators == (2,)
    assert parse_nfg(text) == Game.from_payoffs([[Fraction(1, 2)], [0]], players=["A"])


@pytest.mark.parametrize(
    "text",
    [
        'NFG 1 D "t" { "A" "B" } { 1 2 } 1 2 3 4',
        '\ufeffNFG 1 R "t" { "A" "B" } { 1 2 } "" 1 2 3 4',
        'NFG\r\n1\r\nR "t"\r\n{ "A"\r\n"B" }\r\n{ 1 2 }\r\n\r\n1 2\r\n3 4\r\n',
        'NFG 1 R"t"{"A""B"}{{"1"}{"1""2"}}1 2 3 4',
        '\n\t NFG 1 R "t" { "A", "B" }\v\f{ 1, 2 } 1,2 ,3\n,\n4,',
        'NFG 1 R "t" { "A" "B" } { { "1" } { "1" "2" } } { {"x" 3 4} , {"y"1,2,} } 2, 1',
    ],
)
def test_space_commas_and_byte_order_marks_make_no_difference(text: str) -> None:
    assert parse_nfg(text) == Game.from_payoffs([[[1, 2], [3, 4]]], players=["A", "B"], title="t")


def test_more_players_than_a_game_can_have_are_refused_in_a_sentence() -> None:
    n = 70
    text = f'NFG 1 R "" {{ {"".join(n * [quoted("")])} }} {{ {"1 " * (n - 2)} 2 3 }}'
    with pytest.raises(InputError, match="70 players are more than"):
        parse_nfg(text + " ".join(str(k) for k in range(6) for _ in range(n)))


# Names


@pytest.mark.parametrize(
    ("labels", "actions"),
    [
        (["", ""], ("1", "2")),
        (["a", "", "c"], ("a", "2", "c")),
        (["a", "a", "a"], ("a", "a (2)", "a (3)")),
        (["a", "a", "a (2)"], ("a", "a (3)", "a (2)")),
        (["a (2)", "a", "a"], ("a (2)", "a", "a (3)")),
        (["2", "", "2"], ("2", "2 (2)", "2 (3)")),
        (["", "1"], ("1 (2)", "1")),
        (["", "1", "1 (2)"], ("1 (3)", "1", "1 (2)")),
        (["a", "a", "a (2)", "a (2)"], ("a", "a (3)", "a (2)", "a (2) (2)")),
        (["a", "A", " a"], ("a", "A", " a")),
    ],
)
def test_actions_with_odd_names_get_distinct_ones(
    labels: list[str], actions: tuple[str, ...]
) -> None:
    listed = " ".join(map(quoted, labels))
    text = f'NFG 1 R "" {{ "A" }} {{ {{ {listed} }} }} ' + "0 " * len(labels)
    assert parse_nfg(text).actions == (actions,)


@given(st.lists(st.sampled_from(["", "1", "2", "a", "a (2)", "1 (2)", "a (2) (2)"]), min_size=1))
def test_named_actions_are_distinct_and_a_first_name_is_kept(labels: list[str]) -> None:
    listed = " ".join(map(quoted, labels))
    text = f'NFG 1 R "" {{ "A" }} {{ {{ {listed} }} }} ' + "0 " * len(labels)
    (actions,) = parse_nfg(text).actions
    assert len(set(actions)) == len(labels)
    for label in set(labels) - {""}:
        assert actions[labels.index(label)] == label


def test_players_may_share_a_name_and_get_one_where_they_have_none() -> None:
    game = parse_nfg('NFG 1 R "" { "A" "" "A" "" } { 1 1 1 1 } 1 2 3 4')
    assert game.players == ("A", "Player 2", "A", "Player 4")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r'"a\"b"', 'a"b'),
        (r'"\\"', "\\"),
        (r'"a\\\"b"', 'a\\"b'),
        (r'"$\alpha$"', r"$\alpha$"),
        (r'"a\nb"', r"a\nb"),
        ('"a\\\nb"', "a\\\nb"),
        ('"two\nlines"', "two\nlines"),
        ('"{ 1, 2 } //"', "{ 1, 2 } //"),
    ],
)
def test_quoted_text_is_read_with_its_escapes(written: str, read: str) -> None:
    names = f"{{ {written} }} {{ {{ {written} }} }}"
    game = parse_nfg(f"NFG 1 R {written} {names} {written} {{ {{ {written} 5 }} }} 1")
    assert (game.title, game.comment, game.players, game.actions) == (
        read,
        read,
        (read,),
        ((read,),),
    )


# Writing


@given(games())
@example(ASYMMETRIC)
def test_a_written_game_is_read_back_unchanged(game: Game) -> None:
    assert parse_nfg(write_nfg(game)) == game


@pytest.mark.parametrize("dtype", [np.int8, np.int64, np.uint64])
def test_games_from_numpy_integers_are_written(dtype: type[np.generic]) -> None:
    table = np.arange(12).reshape(2, 3, 2).astype(dtype)
    game = Game.from_payoffs(table)
    assert parse_nfg(write_nfg(game)) == game
    assert game.payoffs(("2", "1")) == (6, 7)


def test_a_game_is_written_with_one_line_for_each_profile_and_few_backslashes() -> None:
    game = Game.from_payoffs(
        [[[Fraction(1, 2), 3], [1, 4]]],
        players=[r"\alpha", 'B"'],
        actions=[["x\\"], ["y", "\\\\z"]],
        title="T",
        comment="C",
    )
    assert write_nfg(game) == (
        'NFG 1 R "T" { "\\alpha" "B\\"" }\n'
        "\n"
        '{ { "x\\\\" }\n'
        '{ "y" "\\\\\\z" }\n'
        "}\n"
        '"C"\n'
        "\n"
        "1/2 3\n"
        "1 4\n"
    )


def test_a_payoff_too_long_to_be_read_back_is_not_written() -> None:
    longest = Game.from_payoffs([[10**400 - 1], [Fraction(1, 10**400 - 1)]])
    assert parse_nfg(write_nfg(longest)) == longest
    for payoff in (10**400, -(10**400), Fraction(1, 10**400)):
        with pytest.raises(InputError, match="more than 400 digits"):
            write_nfg(Game.from_payoffs([[payoff]]))


# Errors

TWO = 'NFG 1 R "t" { "A" "B" }\n{ 2 2 }\n""\n'
OUTCOMES = TWO + '{\n{ "" 1, 2 }\n{ "" 3, 4 }\n}\n'


@pytest.mark.parametrize(
    ("text", "line", "phrase"),
    [
        ("", 1, "the file is empty"),
        (" \n\n", 1, "the file is empty"),
        ("\x7fELF\x02\x01", 1, "does not begin with NFG 1 R"),
        ('nfg 1 R "" { "A" } { 1 } 0', 1, "does not begin with NFG 1 R"),
        ('NFG1 R "" { "A" } { 1 } 0', 1, "does not begin with NFG 1 R"),
        ('\nEFG 2 R "t" { "A" }', 2, "extensive-form game"),
        ('NFG 2 R "t"', 1, "version '2'"),
        ('NFG "t"', 1, "expected the version 1, found '\"t\"'"),
        ('NFG 1 Q "t"', 1, "data type 'Q'"),
        ("NFG 1", 1, "expected R or D, but the file ends"),
        ('NFG 1 R { "A" } { 1 } 0', 1, "expected the title in quotes, found '{'"),
        ('NFG 1 R "t\n{ A } { 1 } 0', 1, "no closing quote"),
        ('NFG 1 R "t"\n\n', 1, "expected the list of players { ... }, but the file ends"),
        ('NFG 1 R "t" {\n}', 2, "expected the name of a player in quotes, found '}'"),
        ('NFG 1 R "t"\n{ "A" B }', 2, "expected the name of a player in quotes or }, found 'B'"),
        ('NFG 1 R "t" { "A" }\n', 1, "expected the strategies { ... }, but the file ends"),
        ('NFG 1 R "t" { "A" }\n1 2', 2, "expected the strategies { ... }, found '1'"),
        ('NFG 1 R "t" { "A" }\n{ }\n0', 2, "expected the strategies of player 1, found '}'"),
        ('NFG 1 R "t" { "A" }\n{ 0 }', 2, "'0' is no number of strategies"),
        ('NFG 1 R "t" { "A" }\n{\n-3 } 1', 3, "'-3' is no number of strategies"),
        ('NFG 1 R "t" { "A" }\n{ 1.5 } 1', 2, "'1.5' is no number of strategies"),
        ('NFG 1 R "t" { "A" }\n{ ٣ } 1', 2, "is no number of strategies"),
        ('NFG 1 R "t" { "A" }\n{ 10000001 } 1', 2, "more than 10000000 strategy profiles"),
        ('NFG 1 R "t" { "A" }\n{ 99999999999999999999 } 1', 2, "no number of strategies"),
        ('NFG 1 R "t" { "A" "B" }\n{ 4000 4000 } 1', 2, "more than 10000000 strategy profiles"),
        ('NFG 1 R "t" { "A" "B" }\n{ 2 } 1', 2, "2 players, but strategies for 1"),
        ('NFG 1 R "t" { "A" }\n{ {"a"}\n{"b"} } 1', 2, "1 players, but strategies for 2"),
        ('NFG 1 R "t" { "A" }\n{ {"a"}\n{ } } 1', 3, "expected the name of a strategy in quotes"),
        ('NFG 1 R "t" { "A" }\n{ {"a"\nb } } 1', 3, "expected the name of a strategy in quotes or"),
        ('NFG 1 R "t" { "A" }\n{ {"a"}\n3 } 1', 3, "strategies of another player or }, found '3'"),
        ('NFG 1 R "t" { "A" }\n{ 2 "x" } 1', 2, "strategies of another player or }, found '\"x\"'"),
        (TWO + "1 2 3 4\n5 6 7\n\n", 5, "the file ends after 7 of 8 payoffs"),
        (TWO, 3, "the file ends after 0 of 8 payoffs"),
        (TWO + "1 2 3 4\n5 6 7 .5\n9\n10", 6, "10 payoffs, but there have to be 8"),
        (TWO + "1 2 3 4\n5 6 7 8 9", 5, "9 payoffs, but there have to be 8"),
        (TWO + "1 2 3 4\n5 six 7 8", 5, "'six' is not a number"),
        (TWO + "1 2 3 4\n5 6 7 1_0", 5, "'1_0' is not a number"),
        (TWO + "1 2 3 4\n5 6 7 ٣", 5, "is not a number"),
        (TWO + "1 2 3 4\n5 6 7 1.-5", 5, "9 payoffs, but there have to be 8"),
        (TWO + "1 2 3 4\n5 6 7 .-5", 5, "'.-5' is not a number"),
        (TWO + "1 2 3 4\n5 6 7 .", 5, "'.' is not a number"),
        (TWO + "1 2 3 4\n5 6 7 3/0", 5, "'3/0' divides by zero"),
        (TWO + "1 2 3 4\n5 6 7 1e400", 5, "400 digits"),
        (TWO + "1 2 3 4\n5 6 7 1e999", 5, "out of range"),
        (TWO + "1 2 3 4\n5 6 7 1-2", 5, "9 payoffs, but there have to be 8"),
        (TWO + "1 2 3 4\n5 6 1-2x", 5, "'-2x' is not a number"),
        (TWO + "1 2 3 4\n5 6 7 1/2/3", 5, "'1/2/3' is not a number"),
        (TWO + "1 2 3 4\n5 6 7 8 // x", 5, "'//' is not a number"),
        (TWO + "1 2\n3 4,, 5 6 7 8", 5, "expected a payoff, found ','"),
        (TWO + '1 2\n3 4 "x" 5 6 7 8', 5, "expected a payoff, found '\"x\"'"),
        (TWO + "1 2 3 4 5 6 7 8\n}", 5, "expected a payoff, found '}'"),
        (TWO + '1 2 3 4 5 6 7\n"8', 5, "no closing quote"),
        (OUTCOMES + "1 2\n1\n", 9, "the file ends after 3 of 4 outcome numbers"),
        (OUTCOMES, 7, "the file ends after 0 of 4 outcome numbers"),
        (OUTCOMES + "1 2\n1 2 0\n0", 9, "6 outcome numbers, but there have to be 4"),
        (OUTCOMES + "1 2\n3 1", 9, "there is no outcome 3; there are 1 to 2"),
        (OUTCOMES + "1 2\n-1 1", 9, "there is no outcome -1"),
        (OUTCOMES + "1 2\n1/2 1", 9, "'1/2' is no number of an outcome"),
        (OUTCOMES + "1 2\n1 1.5", 9, "'1.5' is no number of an outcome"),
        (OUTCOMES + "1 2\n1 1e0", 9, "'1e0' is no number of an outcome"),
        (OUTCOMES + "1 2\n1 99999999999999999999", 9, "is no number of an outcome"),
        (OUTCOMES + "1 2\n1 1 }", 9, "expected the number of an outcome, found '}'"),
        (TWO + '{\n{ "" 1 }\n} 1 1 1 1', 5, "outcome 1 has 1 payoffs for 2 players"),
        (TWO + '{\n{ "" 1 2 }\n\n{ "" 1 2 3 }\n}', 7, "outcome 2 has 3 payoffs for 2 players"),
        (TWO + '{\n{ "" 1\nx }\n} 1 1 1 1', 6, "'x' is not a number"),
        (TWO + '{\n{ "" 1 2 }\n{ "" 3\n1/0 } }\n 1 1 1 1', 7, "'1/0' divides by zero"),
        (TWO + "{\n{ 1 2 }\n} 1 1 1 1", 5, "expected the name of an outcome in quotes, found '1'"),
        (TWO + '{\n{ ""\n"" 1 2 }\n} 1 1 1 1', 6, "expected a payoff or }, found '\"\"'"),
        (TWO + '{\n{ "" 1 2\n', 5, "expected a payoff or }, but the file ends"),
        (TWO + '{\n{ "" 1 2 }\n3', 6, "expected an outcome"),
        (TWO + '{\n{ "" 1 2 }\n\n', 5, "or }, but the file ends"),
        (TWO + '{\n{ "" 1 2 }\n{ "x 1 2 }', 6, "no closing quote"),
    ],
)
def test_a_wrong_text_is_refused_with_its_line_and_the_reason(
    text: str, line: int, phrase: str
) -> None:
    with pytest.raises(InputError) as caught:
        parse_nfg(text, file="game.nfg")
    assert caught.value.file == "game.nfg"
    assert caught.value.where == f"line {line}"
    assert phrase in caught.value.what
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 160


def test_without_a_file_name_an_error_names_only_the_line() -> None:
    with pytest.raises(InputError) as caught:
        parse_nfg("EFG 2 R")
    assert caught.value.file is None
    assert str(caught.value).startswith("line 1: ")


def test_exactly_the_largest_number_of_profiles_is_accepted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(nfg, "MAX_OUTCOMES", 4)
    assert parse_nfg(TWO + "1 2 3 4 5 6 7 8").number_of_outcomes == 4
    monkeypatch.setattr(nfg, "MAX_OUTCOMES", 3)
    with pytest.raises(InputError, match="more than 3 strategy profiles"):
        parse_nfg(TWO + "1 2 3 4 5 6 7 8")


def test_a_long_run_of_anything_is_refused_at_once() -> None:
    for piece in (
        "{",
        "}",
        '"',
        "\\",
        '\\"',
        '"\\',
        ",",
        '{ "" ',
        '{ "" 1 ',
        '"" ',
        "1 ",
        " ",
        "-",
    ):
        for start in ("", "NFG 1 R ", 'NFG 1 R "', 'NFG 1 R "" {', TWO, TWO + "{ "):
            with pytest.raises(InputError):
                parse_nfg(start + piece * 20_000)


# Files


def test_a_file_is_read_with_its_line_ends_and_its_byte_order_mark(tmp_path: Path) -> None:
    game = Game.from_payoffs([[1], [2]], players=["é"], comment="one\r\ntwo\nthree\r")
    path = tmp_path / "game.nfg"
    path.write_bytes(write_nfg(game).encode())
    assert read_nfg(path) == game
    path.write_bytes(b"\xef\xbb\xbf" + write_nfg(game).encode())
    assert read_nfg(path) == game


@pytest.mark.parametrize(
    ("data", "where", "phrase"),
    [
        (b'NFG 1 R\n\n"\xff"', "line 3", "byte 0xff is not UTF-8"),
        ('NFG 1 R ""'.encode("utf-16"), "line 1", "is not UTF-8"),
        (b"\x89PNG\r\n\x1a\n\0\0", "line 1", "is not UTF-8"),
        (b"PK\x03\x04\0\0", "line 1", "does not begin with NFG 1 R"),
        (b"", "line 1", "the file is empty"),
    ],
)
def test_a_file_of_another_kind_is_refused(
    tmp_path: Path, data: bytes, where: str, phrase: str
) -> None:
    path = tmp_path / "game.nfg"
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        read_nfg(path)
    assert (caught.value.file, caught.value.where) == (str(path), where)
    assert phrase in caught.value.what


def test_what_is_no_readable_file_is_refused(tmp_path: Path) -> None:
    for path, phrase in [
        (tmp_path, "not a file"),
        (tmp_path / "none.nfg", "No such file"),
        (tmp_path / "none" / "none.nfg", "No such file"),
        ("a\0b.nfg", "name of a file"),
        ("x" * 5000, "cannot be read"),
    ]:
        with pytest.raises(InputError) as caught:
            read_nfg(path)
        assert phrase in caught.value.what
        assert caught.value.file is not None
        assert caught.value.file.isprintable()


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.nfg")
    with pytest.raises(InputError, match="not a file"):
        read_nfg(tmp_path / "pipe.nfg")


def test_a_file_that_is_too_large_is_refused_by_its_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "game.nfg"
    path.write_text('NFG 1 R "" { "A" } { 1 } 0')
    monkeypatch.setattr(nfg, "MAX_BYTES", 26)
    assert read_nfg(path).number_of_outcomes == 1
    monkeypatch.setattr(nfg, "MAX_BYTES", 25)
    with pytest.raises(InputError, match="26 bytes are more than the 25"):
        read_nfg(path)


# Nothing but a game or an InputError

PIECES = ["NFG", "1", "R", '"', '""', "{", "}", "{ {", "} }", " ", "\n", ",", "0", "2", "-1", "1/2"]
SEEDS = [
    write_nfg(ASYMMETRIC),
    outcome_version(ASYMMETRIC),
    (GAMES / "stag_hunt_payoffs.nfg").read_text(),
    (GAMES / "named_outcomes.nfg").read_text(),
]


def parses_or_is_refused(text: str) -> None:
    try:
        game = parse_nfg(text)
    except InputError as error:
        place, reason = error.where, str(error)
    else:
        assert parse_nfg(write_nfg(game)) == game
        return
    assert place is not None
    assert "\n" not in reason


@given(st.text() | st.lists(st.sampled_from(PIECES)).map("".join))
def test_any_text_is_a_game_or_refused(text: str) -> None:
    parses_or_is_refused(text)
    parses_or_is_refused('NFG 1 R ""' + text)
    parses_or_is_refused('NFG 1 R "" { "A" } { 2 }' + text)


@given(
    st.sampled_from(SEEDS),
    st.lists(
        st.tuples(st.integers(0), st.integers(0, 3), st.sampled_from(PIECES) | st.text(max_size=2)),
        min_size=1,
        max_size=3,
    ),
)
def test_any_change_to_a_file_gives_a_game_or_is_refused(
    text: str, changes: list[tuple[int, int, str]]
) -> None:
    for place, removed, added in changes:
        at = place % (len(text) + 1)
        text = text[:at] + added + text[at + removed :]
    parses_or_is_refused(text)


@pytest.mark.parametrize("text", SEEDS)
def test_every_beginning_of_a_file_is_refused_or_another_game(text: str) -> None:
    for length in range(len(text.rstrip())):
        try:
            game = parse_nfg(text[:length])
        except InputError:
            continue
        # Only the last number can be cut and still be one.
        assert text[length] in "0123456789/"
        assert game != parse_nfg(text)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_game_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.nfg"
    path.write_bytes(b"NFG 1 R " + data)
    with pytest.raises(InputError):
        read_nfg(path)


@pytest.mark.parametrize(
    ("text", "shape", "payoffs"),
    [
        ('NFG 1 R "t" { "A" "B" } { 1 2 } 1-2-3-4', (1, 2), [1, -2, -3, -4]),
        ('NFG 1 R "t" { "A" "B" } { 1 2 } 1.5.5 1e1-2', (1, 2), ["3/2", "1/2", 10, -2]),
        ('NFG 1 R "t" { "A" "B" } { 1 2 } 1e-2-1/2+1/3 4', (1, 2), ["1/100", "-1/2", "1/3", 4]),
        ('NFG 1 R "t" { "A" "B" } { 1.0 +2. } 1 2 3 4', (1, 2), [1, 2, 3, 4]),
        ('NFG 1 R "t" { "A" "B" } { 1 2 } { { "" 1-2 } } 1.0 0', (1, 2), [1, -2, 0, 0]),
    ],
)
def test_numbers_and_counts_are_read_as_gambit_reads_them(text, shape, payoffs):
    game = parse_nfg(text)
    assert game.shape == shape
    read = [u for outcome in game.outcomes() for u in game.payoffs(outcome)]
    assert read == list(map(Fraction, payoffs))
