"""Gambit's extensive-form files (``.efg``): a tree, read to its reduced normal form, exactly.

A strategy says what the player does in those information sets that the strategy itself does not
exclude. A normal-form game is written as a tree in which nobody sees what the others did.
"""

from __future__ import annotations

import contextlib
import itertools
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from operator import mul
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from spi_verify.arguments import named
from spi_verify.errors import InputError, located
from spi_verify.files import read_text
from spi_verify.games.agreements import MAX_BITS
from spi_verify.games.game import MAX_OUTCOMES, MAX_PLAYERS, Game
from spi_verify.games.nfg import distinct, player_names, written_payoffs
from spi_verify.games.nfg_text import Scanner, count, quoted, shown
from spi_verify.games.rationals import parse_rational

MAX_NODES = 1_000_000
MAX_STRATEGIES = 100_000
"""At most so many strategies of one player."""

MAX_STEPS = 10**8
"""At most so many payoffs are added up: each end of the tree in all outcomes that lead there."""

_MAX_CHOICES = 10**7
_MAX_DIGITS = 4000
_INT64_SAFE = 2**62
_END = re.compile(r't\s++"[^"\\]*+"\s*+(\d{1,18})\s++"[^"\\]*+"\s*+\{([^{}"]*+)\}', re.ASCII)
_parsed = lru_cache(maxsize=2**16)(parse_rational)
_CHANCE = -1

_Ints = npt.NDArray[np.int64]
_Choice = tuple[int, int]  # the position of an information set among the player's, and an action


@dataclass
class _InformationSet:
    """Nodes at which a player knows the same; ``after`` is the player's last choice before."""

    position: int
    actions: tuple[str, ...]
    odds: tuple[Fraction, ...]
    after: _Choice | None
    start: int


@dataclass(frozen=True)
class _Branch:
    """A node that is still to come: what led there."""

    odds: Fraction
    choices: tuple[_Choice | None, ...]
    gained: tuple[Fraction, ...]


@dataclass
class _Tree:
    """What is known of the tree at some position of the text."""

    scanner: Scanner
    n: int
    sets: list[dict[int, _InformationSet]] = field(default_factory=list)
    chance: dict[int, _InformationSet] = field(default_factory=dict)
    outcomes: dict[int, tuple[Fraction, ...]] = field(default_factory=dict)
    ends: list[_Branch] = field(default_factory=list)


@named
def read_efg(path: Path | str) -> Game:
    """Read a game from a file in Gambit's extensive-form format, as :func:`parse_efg`.

    Parameters
    ----------
    path
        A UTF-8 file of at most 64 MiB.

    Raises
    ------
    InputError
        When the file cannot be read or is no such game; it names the file and the line.
    """
    return parse_efg(read_text(Path(path)), file=str(path))


@named
def parse_efg(text: str, *, file: str | None = None) -> Game:
    r"""Read the reduced normal form of a tree in Gambit's extensive-form format.

    Parameters
    ----------
    text
        The content of an ``.efg`` file, version 2: at most a million nodes.
    file
        The name to use in error messages.

    Raises
    ------
    InputError
        When the text is no such tree, a player has no perfect recall (has forgotten something
        that the player knew or did), or the normal form is too large: more than 10 million
        outcomes, 100 000 strategies of a player, or 10^8 additions of payoffs.

    Notes
    -----
    Two strategies that differ only where the player's own earlier choices never lead are one; it
    is named by the actions in the player's information sets, in the file's order, with ``*``
    where the strategy does not lead. What pays the same is not merged. Payoffs are exact expected
    values; those of outcomes at inner nodes are added along the way. Probabilities have to add up
    to 1 exactly.

    >>> tree = parse_efg('EFG 2 R "" { "A" "B" } p "" 1 1 "" { "out" "in" } 0 t "" 1 "" { 0 2 }'
    ...                  ' p "" 2 1 "" { "fight" "share" } 0 t "" 2 "" { -1 0 } t "" 3 "" { 1 1 }')
    >>> tree.actions
    (('out', 'in'), ('fight', 'share'))
    >>> [tree.payoffs(outcome)[0].numerator for outcome in tree.outcomes()]
    [0, 0, -1, 1]
    """
    with located(file=file):
        return _parse(Scanner(text))


@named
def write_efg(game: Game) -> str:
    """Write a game as a tree: one player after the other chooses, and sees no other choice.

    Nothing is lost: ``parse_efg(write_efg(game)) == game``.

    Raises
    ------
    InputError
        When the tree would have more than a million nodes, or a payoff more than 400 digits.

    >>> print(write_efg(Game.from_payoffs([[[3, 3], [1, 4]]])), end="")
    EFG 2 R "" { "Player 1" "Player 2" }
    ""
    <BLANKLINE>
    p "" 1 1 "" { "1" } 0
    p "" 2 1 "" { "1" "2" } 0
    t "" 1 "" { 3 3 }
    t "" 2 "" { 1 4 }
    """
    if sum(itertools.accumulate(game.shape, mul)) + 1 > MAX_NODES:
        raise InputError(f"a tree of more than {MAX_NODES} nodes, which would not be read")
    players = " ".join(map(quoted, game.players))
    head = f"EFG 2 R {quoted(game.title)} {{ {players} }}\n{quoted(game.comment)}\n\n"
    moves = [
        f'p "" {i} 1 "" {{ {" ".join(map(quoted, names))} }} 0\n'
        for i, names in enumerate(game.actions, start=1)
    ]
    below = [math.prod(game.shape[i:]) for i in range(len(moves))]
    lines = [head]
    profiles = zip(*written_payoffs(game.scaled, game.denominators), strict=True)
    for k, profile in enumerate(profiles):
        lines += [move for move, size in zip(moves, below, strict=True) if k % size == 0]
        lines.append(f't "" {k + 1} "" {{ {" ".join(profile)} }}\n')
    return "".join(lines)


def _parse(scanner: Scanner) -> Game:
    title, players = _header(scanner)
    comment = scanner.string("the comment") if scanner.at('"') else ""
    tree = _Tree(scanner, len(players), [{} for _ in players])
    nothing = (Fraction(0),) * len(players)
    waiting = [_Branch(Fraction(1), (None,) * len(players), nothing)]
    nodes = 0
    while waiting:
        nodes += 1
        if nodes > MAX_NODES:
            scanner.fail(f"more than {MAX_NODES} nodes", scanner.position)
        waiting += reversed(list(_node(tree, waiting.pop())))
    if not scanner.at_end():
        scanner.wrong("the end of the file, as all branches have ended")
    plans = [_plans(list(own.values()), i) for i, own in enumerate(tree.sets)]
    scaled, denominators = _payoffs(tree, plans)
    names = [_names(own, list(of.values())) for own, of in zip(plans, tree.sets, strict=True)]
    return Game(players, tuple(names), scaled, denominators, title, comment)


def _header(scanner: Scanner) -> tuple[str, tuple[str, ...]]:
    start = scanner.position
    if not scanner.at("EFG") or scanner.word("EFG") != "EFG":
        scanner.fail("no .efg file of Gambit: it does not begin with EFG 2 R", start)
    version, kind = scanner.word("the version 2"), scanner.word("R or D")
    if version != "2" or kind not in ("R", "D"):
        scanner.fail(f"EFG {shown(version)} {shown(kind)} is not known, only EFG 2 R", start)
    title = scanner.string("the title in quotes")
    players = player_names(scanner)
    if len(players) > MAX_PLAYERS:
        scanner.fail(f"{len(players)} players are more than {MAX_PLAYERS}", start)
    return title, players


def _node(tree: _Tree, here: _Branch) -> Iterator[_Branch]:
    """Read a node and return what its branches lead to."""
    scanner = tree.scanner
    scanner.skip_space()
    start = scanner.position
    plain = _END.match(scanner.text, start)
    if plain is not None and int(plain[1]) not in tree.outcomes:
        payoffs = plain[2].replace(",", " ").split()
        with contextlib.suppress(InputError):
            given = tuple(map(_parsed, payoffs))
            if len(given) == tree.n and plain[1].strip("0"):
                tree.outcomes[int(plain[1])] = given
                scanner.position = plain.end()
                tree.ends.append(_gained(here, given))
                return
    kind = scanner.word("a node: c, p or t")
    if kind not in ("c", "p", "t"):
        scanner.fail(f"expected a node: c, p or t, found {shown(kind)}", start)
    scanner.string("the name of the node in quotes")
    if kind == "t":
        tree.ends.append(_gain(tree, here))
        return
    player = _CHANCE
    if kind == "p":
        player = _whole(scanner, "the number of a player") - 1
        if not 0 <= player < tree.n:
            scanner.fail(f"there is no player {player + 1}; there are {tree.n}", start)
    found = _information_set(tree, player, here, start)
    here = _gain(tree, here)
    for action in range(len(found.actions)):
        if player == _CHANCE:
            odds = here.odds * found.odds[action]
            if odds.denominator >= 10**_MAX_DIGITS:
                scanner.fail(f"a probability of more than {_MAX_DIGITS} digits", start)
            yield _Branch(odds, here.choices, here.gained)
        else:
            choices = (
                *here.choices[:player],
                (found.position, action),
                *here.choices[player + 1 :],
            )
            yield _Branch(here.odds, choices, here.gained)


def _information_set(tree: _Tree, player: int, here: _Branch, start: int) -> _InformationSet:
    scanner = tree.scanner
    known = tree.chance if player == _CHANCE else tree.sets[player]
    after = None if player == _CHANCE else here.choices[player]
    number = _whole(scanner, "the number of an information set")
    if scanner.at('"'):
        scanner.string("the name of an information set")
    given = _actions(scanner, player == _CHANCE) if scanner.at("{") else None
    found = known.get(number)
    if found is None:
        if given is None:
            scanner.wrong('the actions { "" ... } of an information set that is new')
        found = known[number] = _InformationSet(len(known), *given, after, start)
    elif given is not None and given != (found.actions, found.odds):
        line = scanner.line(found.start)
        scanner.fail(f"information set {number} has other actions than in line {line}", start)
    if found.after != after:
        line = scanner.line(found.start)
        scanner.fail(
            f"player {player + 1} has no perfect recall: does not know any more, in information "
            f"set {number} (also in line {line}), what the player did before; only trees with "
            "perfect recall are read",
            start,
        )
    return found


def _actions(scanner: Scanner, chance: bool) -> tuple[tuple[str, ...], tuple[Fraction, ...]]:
    scanner.symbol("{", "{")
    start = scanner.position
    names, odds = [], []
    while scanner.at('"'):
        names.append(scanner.string("the name of an action"))
        if chance:
            odds.append(_number(scanner, "the probability of an action"))
    if not names:
        scanner.wrong("the name of an action in quotes")
    scanner.symbol("}", "the name of an action in quotes or }")
    if chance and (sum(odds) != 1 or min(odds) < 0):
        total = shown(str(sum(odds))).strip("'")
        scanner.fail(
            "a probability is negative"
            if total == "1"
            else f"the probabilities add up to {total}, not to 1; write fractions, as 1/3",
            start,
        )
    return tuple(names), tuple(odds)


def _gain(tree: _Tree, here: _Branch) -> _Branch:
    """Read the outcome at a node, and add what it pays."""
    scanner = tree.scanner
    scanner.skip_space()
    start = scanner.position
    number = _whole(scanner, "the number of an outcome")
    known = tree.outcomes.get(number)
    if scanner.at('"'):
        scanner.string("the name of an outcome")
    if scanner.at("{"):
        scanner.symbol("{", "{")
        given = []
        while not scanner.at("}"):
            given.append(_number(scanner, "a payoff or }"))
        scanner.symbol("}", "}")
        if len(given) != tree.n:
            scanner.fail(f"outcome {number} has {len(given)} payoffs for {tree.n} players", start)
        if number == 0 or known not in (None, tuple(given)):
            why = "0 is no outcome" if number == 0 else f"outcome {number} paid something else"
            scanner.fail(f"{why}; give it a number of its own", start)
        known = tree.outcomes[number] = tuple(given)
    if number == 0:
        return here
    if known is None:
        scanner.fail(f"outcome {number} has no payoffs yet; write them in {{ }}", start)
    return _gained(here, known)


def _gained(here: _Branch, payoffs: tuple[Fraction, ...]) -> _Branch:
    gained = payoffs
    if any(here.gained):
        gained = tuple(a + b for a, b in zip(here.gained, payoffs, strict=True))
    return _Branch(here.odds, here.choices, gained)


def _whole(scanner: Scanner, expected: str) -> int:
    scanner.skip_space()
    start = scanner.position
    word = scanner.word(expected)
    number = count(word)
    if number is None:
        scanner.fail(f"expected {expected}, found {shown(word)}", start)
    return number


def _number(scanner: Scanner, expected: str) -> Fraction:
    scanner.skip_space()
    start = scanner.position
    word = scanner.word(expected)
    if scanner.at(","):
        scanner.symbol(",", ",")
    try:
        return _parsed(word)
    except InputError as error:
        scanner.fail(error.what, start)


def _plans(sets: list[_InformationSet], player: int) -> _Ints:
    """Return the reduced strategies: a row of actions each, -1 where the row does not lead.

    An information set comes after the one that its player has to pass before.
    """
    plans = np.full((1, len(sets)), -1, dtype=np.int64)
    for k, one in enumerate(sets):
        reached = np.ones(len(plans), dtype=bool)
        if one.after is not None:
            reached = plans[:, one.after[0]] == one.after[1]
        counts = np.where(reached, len(one.actions), 1)
        total = int(counts.sum())
        if total > MAX_STRATEGIES or total * len(sets) > _MAX_CHOICES:
            raise InputError(
                f"the reduced normal form is too large: player {player + 1} has more than "
                f"{min(MAX_STRATEGIES, _MAX_CHOICES // len(sets))} strategies"
            )
        first = np.repeat(np.cumsum(counts) - counts, counts)
        plans = np.repeat(plans, counts, axis=0)
        plans[:, k] = np.where(np.repeat(reached, counts), np.arange(total) - first, -1)
    return plans


def _names(plans: _Ints, sets: list[_InformationSet]) -> tuple[str, ...]:
    labels = [[*distinct(one.actions), "*"] for one in sets]
    rows = ("/".join(own[a] for own, a in zip(labels, row, strict=True)) for row in plans.tolist())
    return distinct([row or "-" for row in rows])


def _payoffs(tree: _Tree, plans: list[_Ints]) -> tuple[npt.NDArray[Any], tuple[int, ...]]:
    """Add up what the ends pay, each in the outcomes that lead there."""
    shape = tuple(map(len, plans))
    total = math.prod(shape)
    if total > MAX_OUTCOMES:
        sizes = " x ".join(map(str, shape))
        raise InputError(
            f"the reduced normal form has {sizes} strategies: more than {MAX_OUTCOMES} outcomes"
        )
    chosen: list[dict[_Choice | None, _Ints]] = [
        {None: np.arange(len(own))}
        | {
            (k, a): np.flatnonzero(own[:, k] == a)
            for k, one in enumerate(sets.values())
            for a in range(len(one.actions))
        }
        for own, sets in zip(plans, tree.sets, strict=True)
    ]
    blocks = [
        [own[choice] for own, choice in zip(chosen, end.choices, strict=True)] for end in tree.ends
    ]
    if sum(math.prod(map(len, block)) for block in blocks) * tree.n > MAX_STEPS:
        raise InputError(
            f"the reduced normal form takes more than {MAX_STEPS} additions of payoffs"
        )
    columns = [_column(tree.ends, i, blocks, shape) for i in range(tree.n)]
    if any(row.dtype == object for row, _ in columns):
        columns = [
            (np.array([Fraction(int(u), common) for u in row], dtype=object), 1)
            for row, common in columns
        ]
    return np.array([row for row, _ in columns]), tuple(common for _, common in columns)


def _column(
    ends: list[_Branch], i: int, blocks: list[list[_Ints]], shape: tuple[int, ...]
) -> tuple[npt.NDArray[Any], int]:
    """Return a player's payoffs as integers, and what to divide them by."""
    values = [end.gained[i] if end.odds == 1 else end.odds * end.gained[i] for end in ends]
    common = 1
    for value in values:
        common = math.lcm(common, value.denominator)
        if common >= 10**_MAX_DIGITS:
            raise InputError(f"payoffs have a common denominator of over {_MAX_DIGITS} digits")
    largest = max([Fraction(1), *(abs(end.gained[i]) for end in ends)])
    wide = common * largest >= _INT64_SAFE
    if wide and common.bit_length() * math.prod(shape) > MAX_BITS:
        raise InputError("the payoffs have too many digits for so many outcomes")
    row = np.zeros(shape, dtype=object if wide else np.int64)
    amounts = [value.numerator * (common // value.denominator) for value in values]
    single = [k for k, block in enumerate(blocks) if all(len(own) == 1 for own in block)]
    if single:
        cells = np.ravel_multi_index(
            tuple(np.array([blocks[k][j][0] for k in single]) for j in range(len(shape))), shape
        )
        np.add.at(row.reshape(-1), cells, np.array([amounts[k] for k in single], dtype=row.dtype))
    for k in set(range(len(ends))).difference(single):
        row[np.ix_(*blocks[k])] += amounts[k]
    shared = math.gcd(common, *map(int, np.unique(row))) if common > 1 else 1
    row, common = row.reshape(-1) // shared, common // shared
    if wide and max(common, *map(abs, row.tolist())) < _INT64_SAFE:
        row = row.astype(np.int64)
    return row, common
