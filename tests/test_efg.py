"""Trees are read to their reduced normal form: compared with playing the tree, and with Gambit."""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spi_verify.errors import InputError
from spi_verify.games import efg
from spi_verify.games.efg import parse_efg, read_efg, write_efg
from spi_verify.games.game import Game

HEAD = 'EFG 2 R "t" { "A" "B" } ""\n'
numbers = st.integers(-9, 9) | st.fractions(-3, 3, max_denominator=7)


@st.composite
def trees(draw, depth=3, history=((), ()), sets=None):
    """Draw a tree with perfect recall: a set is known by its player's choices and what is seen."""
    sets = {} if sets is None else sets
    outcome = draw(st.none() | st.tuples(numbers, numbers))
    kind = draw(st.sampled_from("cppppt")) if depth else "t"
    if kind == "t":
        return ("t", draw(st.tuples(numbers, numbers)))
    if kind == "c":
        parts = draw(st.lists(st.integers(0, 3), min_size=1, max_size=3).filter(any))
        odds = tuple(Fraction(part, sum(parts)) for part in parts)
        below = [draw(trees(depth - 1, history, sets)) for _ in odds]
        return ("c", odds, outcome, below)
    player = draw(st.integers(0, 1))
    seen = draw(st.integers(0, 1))
    key = (player, history[player], seen)
    number, width = sets.setdefault(key, (len(sets) + 1, draw(st.integers(1, 3))))
    below = []
    for a in range(width):
        mine = (*history[player], (number, a))
        after = (mine, history[1]) if player == 0 else (history[0], mine)
        below.append(draw(trees(depth - 1, after, sets)))
    return ("p", player, number, outcome, below)


class Writer:
    def __init__(self):
        self.lines, self.outcomes, self.known, self.chance = [], 0, set(), 0

    def outcome(self, pays):
        if pays is None:
            return "0"
        self.outcomes += 1
        return f'{self.outcomes} "" {{ {pays[0]}, {pays[1]} }}'

    def write(self, node):
        if node[0] == "t":
            self.lines.append(f't "" {self.outcome(node[1])}')
            return
        if node[0] == "c":
            self.chance += 1
            acts = " ".join(f'"{k}" {odds}' for k, odds in enumerate(node[1]))
            self.lines.append(f'c "" {self.chance} "" {{ {acts} }} {self.outcome(node[2])}')
        else:
            _, player, number, pays, below = node
            acts = " ".join(f'"{number}-{a}"' for a in range(len(below)))
            acts = "" if number in self.known else f'"" {{ {acts} }}'
            self.known.add(number)
            self.lines.append(f'p "" {player + 1} {number} {acts} {self.outcome(pays)}')
        for child in node[-1]:
            self.write(child)


def text_of(tree):
    writer = Writer()
    writer.write(tree)
    return HEAD + "\n".join(writer.lines)


def value(node, choices):
    """Play a tree: what is expected where each set's action is chosen."""
    pays = node[1] if node[0] == "t" else node[-2]
    total = list(pays or (Fraction(0), Fraction(0)))
    if node[0] == "c":
        below = [(odds, child) for odds, child in zip(node[1], node[-1], strict=True)]
    elif node[0] == "p":
        below = [(Fraction(1), node[-1][choices[node[2]]])]
    else:
        below = []
    for odds, child in below:
        for i, u in enumerate(value(child, choices)):
            total[i] += odds * u
    return total


def sets_of(node, found):
    if node[0] == "p":
        found[node[1]].setdefault(node[2], len(node[-1]))
    if node[0] != "t":
        for child in node[-1]:
            sets_of(child, found)
    return found


def reduced(player_sets, tree, player):
    """The different sets of own choices that complete plans lead to, by playing all of them."""
    plans = set()
    for plan in itertools.product(*map(range, player_sets.values())):
        chosen = dict(zip(player_sets, plan, strict=True))
        reached = set()

        def walk(node, chosen=chosen, reached=reached):
            if node[0] == "t":
                return
            if node[0] == "p" and node[1] == player:
                reached.add((node[2], chosen[node[2]]))
                walk(node[-1][chosen[node[2]]])
                return
            for child in node[-1]:
                walk(child)

        walk(tree)
        plans.add(frozenset(reached))
    return plans


@pytest.mark.long
@settings(max_examples=60, deadline=None)
@given(trees())
def test_a_tree_pays_what_playing_it_pays_and_has_the_reduced_strategies(tree):
    game = parse_efg(text_of(tree))
    found = sets_of(tree, ({}, {}))
    for player in (0, 1):
        choices = {
            frozenset(
                (int(a), int(b))
                for a, b in (part.split("-") for part in name.split("/") if part not in "*-")
            )
            for name in game.actions[player]
        }
        assert len(choices) == len(game.actions[player])
        if sum(found[player].values()) < 14:
            assert choices == reduced(found[player], tree, player)
    for outcome in itertools.islice(game.outcomes(), 60):
        chosen = dict.fromkeys((*found[0], *found[1]), 0)
        for name in outcome:
            for part in name.split("/"):
                if part not in ("*", "-"):
                    number, action = part.split("-")
                    chosen[int(number)] = int(action)
        assert list(game.payoffs(outcome)) == value(tree, chosen)


@settings(max_examples=30, deadline=None)
@given(trees(depth=2))
def test_gambit_reads_the_same_from_a_tree(tree):
    pygambit = pytest.importorskip("pygambit")
    import io

    from spi_verify.games.gambit import from_gambit

    text = text_of(tree)
    mine, theirs = parse_efg(text), from_gambit(pygambit.read_efg(io.BytesIO(text.encode())))
    assert mine.shape == theirs.shape
    assert sorted(map(mine.payoffs, mine.outcomes())) == sorted(
        map(theirs.payoffs, theirs.outcomes())
    )


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_a_game_is_read_as_it_was_written_as_a_tree(data):
    shape = data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    cells = data.draw(
        st.lists(
            st.tuples(*[numbers | st.just(10**30)] * len(shape)),
            min_size=len(list(itertools.product(*map(range, shape)))),
            max_size=len(list(itertools.product(*map(range, shape)))),
        )
    )
    names = st.lists(
        st.text('ab "\\/*', min_size=1, max_size=4), min_size=3, max_size=3, unique=True
    )
    actions = [data.draw(names)[:size] for size in shape]
    game = Game.from_outcomes(
        dict(zip(itertools.product(*actions), cells, strict=True)), title="t", players=None
    )
    assert parse_efg(write_efg(game)) == game


def test_strategies_are_named_by_their_actions_and_merge_what_they_exclude():
    game = parse_efg(
        HEAD + 'p "" 1 1 "" { "out" "in" } 0\nt "" 1 "" { 1 1 }\n'
        'p "" 2 1 "" { "l" "r" } 0\nt "" 2 "" { 2 0 }\n'
        'p "" 1 2 "" { "up" "down" } 2\nt "" 0\nt "" 1'
    )
    assert game.actions == (("out/*", "in/up", "in/down"), ("l", "r"))
    assert game.payoffs(("in/down", "r")) == (3, 1)
    assert game.payoffs(("in/up", "r")) == (2, 0)


ONE = 'p "" 1 1 "" { "a" "b" } 0\n'


@pytest.mark.parametrize(
    ("text", "line", "phrase"),
    [
        ("", 1, "does not begin with EFG 2 R"),
        ('NFG 1 R "t" { "A" }', 1, "does not begin with EFG 2 R"),
        ('EFG 1 R "t" { "A" }', 1, "only EFG 2 R"),
        (HEAD, 1, "expected a node: c, p or t, but the file ends"),
        (HEAD + ONE, 2, "the file ends"),
        (HEAD + ONE + 't "" 0\nx', 4, "expected a node: c, p or t, found 'x'"),
        (HEAD + ONE + 't "" 0\nt "" 0\nt "" 0', 5, "as all branches have ended"),
        (HEAD + ONE + 't "" 1\n', 3, "outcome 1 has no payoffs yet"),
        (HEAD + ONE + 't "" 1 "" { 1 }\n', 3, "1 payoffs for 2 players"),
        (HEAD + ONE + 't "" 1 "" { 1 x }\n', 3, "'x' is not a number"),
        (HEAD + ONE + 't "" 1 "" { 1 2 }\nt "" 1 "" { 1 3 }', 4, "paid something else"),
        (HEAD + 'p "" 3 1 "" { "a" } 0\n', 2, "there is no player 3"),
        (HEAD + 'p "" 1 1 0\n', 2, "of an information set that is new"),
        (HEAD + 'p "" 1 1 "" { } 0\n', 2, "expected the name of an action"),
        (HEAD + ONE + 'p "" 1 1 "" { "a" "c" } 0', 3, "other actions than in line 2"),
        (HEAD + ONE + 'p "" 1 1 0\nt "" 0', 3, "no perfect recall"),
        (HEAD + 'c "" 1 "" { "a" .333 "b" .666 } 0', 2, "add up to 999/1000, not to 1"),
        (HEAD + 'c "" 1 "" { "a" 2 "b" -1 } 0', 2, "a probability is negative"),
    ],
)
def test_a_malformed_tree_is_one_line_with_file_and_line(tmp_path: Path, text, line, phrase):
    path = tmp_path / "g.efg"
    path.write_text(text)
    with pytest.raises(InputError) as error:
        read_efg(path)
    message = str(error.value)
    assert message.startswith(f"{path}: line {line}: "), message
    assert phrase in message
    assert "\n" not in message


def test_trees_that_are_too_large_are_refused_with_the_limit(monkeypatch):
    moves = "".join(f'p "" 1 {k} "" {{ "a" "b" }} 0 t "" 0 ' for k in range(1, 30))
    parse_efg(HEAD + moves + 't "" 0')  # thirty reduced strategies where complete plans are 2^29

    nested = 't "" 0 t "" 0 '
    text = f'c "" 1 "" {{ {" ".join(f"{chr(34)}{k}{chr(34)} 1/32" for k in range(32))} }} 0 '
    text += "".join(f'p "" 1 {k} "" {{ "a" "b" }} 0 {nested}' for k in range(32))
    with pytest.raises(InputError, match="player 1 has more than 100000 strategies"):
        parse_efg(HEAD + text)
    monkeypatch.setattr(efg, "MAX_NODES", 3)
    with pytest.raises(InputError, match="more than 3 nodes"):
        parse_efg(HEAD + ONE + ONE.replace(" 1 1 ", " 2 1 ") + nested + nested)
