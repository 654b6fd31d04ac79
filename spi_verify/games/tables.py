"""Tables of payoffs as spreadsheets keep them: comma-, semicolon- or tab-separated values.

Three layouts are read: a row for each outcome; a bimatrix with both payoffs in each cell; and two
matrices, one for each player, below each other. Decimals are read as the decimals they are.
"""

from __future__ import annotations

import contextlib
import csv
import io
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from spi_verify.arguments import named
from spi_verify.errors import InputError, located
from spi_verify.files import read_text
from spi_verify.games.game import MAX_OUTCOMES, Game
from spi_verify.games.nfg import scale, written_payoffs
from spi_verify.games.nfg_text import Scanner
from spi_verify.games.rationals import parse_rational

TABS = (".tsv", ".tab")
_PAYOFF = re.compile(r"payoff|utility|u\d+$|u\(", re.IGNORECASE)
_ODD = re.compile(r'[{}"]')
_COMMA = re.compile(r"[+-]?\d+,\d+")
_CORNER = re.compile(r"(.+?)\s*\\\s*(.+)")
_PAIR = re.compile(r"(\()?\s*([^\s,;|()]+)(?:\s*[,;|]\s*|\s+)([^\s,;|()]+)\s*(?(1)\))")
_NUMBERED = re.compile(r"(?:payoff|utility|u)[\s_]*(\d{1,3})", re.IGNORECASE)
_LAYOUTS = (
    "write a row for each outcome (actions, then payoffs, below a header that says payoff), or a "
    "pair of payoffs in each cell, or two matrices with an empty row between"
)


@dataclass(frozen=True)
class _Row:
    """A row of a file that is not empty."""

    line: int
    cells: tuple[str, ...]


@named
def read_table(path: Path | str) -> Game:
    r"""Read a game from a table of payoffs.

    Parameters
    ----------
    path
        A UTF-8 file of at most 64 MiB. Cells are separated by tabs where its name ends in
        ``.tsv`` or ``.tab``, or its first row has a tab; otherwise by semicolons where the first
        row has one outside quotes, and otherwise by commas.

    Raises
    ------
    InputError
        When the file cannot be read or is no such table; it names the file and the line.

    Notes
    -----
    What is read, for n players:

    - a header and then a row for each outcome: n actions and n payoffs. The header names the
      players, and then says "payoff" or "utility", ``u1`` or ``u(...)``, n times;
    - for two players a bimatrix: a row for each action of the first, with cells such as
      ``(3, 1/2)``, ``3; 0.5``, ``3 0.5`` or ``3|1``;
    - for two players two such matrices, of the first and of the second player's payoffs, with an
      empty row between. A row before a matrix with one cell names its player.

    The last two may have a header with the second player's actions and a first column with the
    first player's; a corner ``Row \ Column`` names the players. Decimal commas are refused.
    """
    path = Path(path)
    with located(file=str(path)):
        blocks = _blocks(read_text(path), tabs=path.suffix.lower() in TABS)
        if not blocks:
            raise InputError(f"the table is empty; {_LAYOUTS}")
        first = blocks[0]
        if len(blocks) == 1 and _is_list(first):
            return _from_list(first)
        if len(blocks) == 1:
            return _from_pairs(first)
        return _from_matrices(blocks)


@named
def write_table(game: Game, *, delimiter: str = ",") -> str:
    """Write a game as a table with a row for each outcome.

    Title and comment are not written; everything else is read again by :func:`read_table`.

    Raises
    ------
    InputError
        When a payoff has more than 400 digits.

    >>> print(write_table(Game.from_payoffs([[[3, 3], [1, 4]]], players=["A", "B"])), end="")
    A,B,payoff of A,payoff of B
    1,1,3,3
    1,2,1,4
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    head = [*game.players, *(f"payoff of {player}" for player in game.players)]
    # The first row says what separates cells; in quotes nothing does.
    odd = any(mark in name for name in game.players for mark in ";\t")
    first = csv.writer(text, writer.dialect, quoting=csv.QUOTE_ALL if odd else csv.QUOTE_MINIMAL)
    first.writerow(head)
    columns = written_payoffs(game.scaled, game.denominators)
    for outcome, profile in zip(game.outcomes(), zip(*columns, strict=True), strict=True):
        writer.writerow([*outcome, *profile])
    return text.getvalue()


def _blocks(text: str, *, tabs: bool) -> list[list[_Row]]:
    """Return the rows of a file, in groups between empty rows."""
    lines = text.splitlines(keepends=True)
    first = next((line for line in lines if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", first)
    delimiter = "\t" if tabs or "\t" in bare else ";" if ";" in bare else ","
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=delimiter == ",", strict=True)
    blocks: list[list[_Row]] = [[]]
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            while stripped and not stripped[-1]:
                stripped.pop()
            if stripped:
                blocks[-1].append(_Row(reader.line_num, tuple(stripped)))
            elif blocks[-1]:
                blocks.append([])
    except csv.Error as error:
        raise InputError(f"no table: {error}", where=f"line {reader.line_num}") from None
    return [block for block in blocks if block]


def _is_list(rows: Sequence[_Row]) -> bool:
    head = rows[0].cells
    half = len(head) // 2
    return len(head) % 2 == 0 and all(map(_PAYOFF.search, head[half:]))


def _from_list(rows: Sequence[_Row]) -> Game:
    head, *rest = rows
    n = len(head.cells) // 2
    if not rest:
        raise InputError("no outcome follows the header", where=f"line {head.line}")
    for row in rest:
        if len(row.cells) != 2 * n:
            what = f"{len(row.cells)} cells instead of {2 * n}"
            raise InputError(what, where=f"line {row.line}")
    _check_columns(head)
    actions = [tuple(dict.fromkeys(row.cells[i] for row in rest)) for i in range(n)]
    total = math.prod(map(len, actions))
    if total > MAX_OUTCOMES:
        raise InputError(f"{total} outcomes are more than {MAX_OUTCOMES}")
    positions: npt.NDArray[np.int64] = np.zeros(len(rest), dtype=np.int64)
    for i, names in enumerate(actions):
        places = {name: a for a, name in enumerate(names)}
        own = np.array([places[row.cells[i]] for row in rest], dtype=np.int64)
        positions = positions * len(names) + own
    order = positions.argsort(kind="stable")
    twice = np.diff(positions[order], prepend=-1) == 0
    if twice.any():
        again = int(order[twice].min())
        what = f"the outcome ({', '.join(rest[again].cells[:n])}) is there before"
        raise InputError(what, where=f"line {rest[again].line}")
    if len(rest) < total:
        gap = next((k for k, p in enumerate(positions[order].tolist()) if k != p), len(rest))
        index = np.unravel_index(gap, tuple(map(len, actions)))
        missing = (names[a] for names, a in zip(actions, index, strict=True))
        raise InputError(f"no payoffs for the outcome ({', '.join(missing)})")
    numerators, denominators = _all_numbers(rest, n)
    scaled, common = scale(numerators[order], denominators[order])
    return Game(head.cells[:n], tuple(actions), scaled, common)


def _check_columns(head: _Row) -> None:
    """Refuse payoffs that the header gives to another player than the one whose turn it is."""
    n = len(head.cells) // 2
    players, columns = head.cells[:n], head.cells[n:]
    numbered = [match and int(match[1]) for match in map(_NUMBERED.fullmatch, columns)]
    last = -1
    for player, column, number in zip(players, columns, numbered, strict=True):
        if _mentions(column, player):
            continue
        late = number is not None and number <= last
        if late or any(_mentions(column, other) for other in players):
            raise InputError(
                f"{column!r} stands where the payoffs of {player} are expected; payoffs go in the "
                "order of the players",
                where=f"line {head.line}",
            )
        last = last if number is None else number


def _mentions(column: str, player: str) -> bool:
    name = re.escape(player)
    return re.search(rf"(?<![^\W_]){name}(?![^\W_])", column, re.IGNORECASE) is not None


def _all_numbers(rows: Sequence[_Row], n: int) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Return numerators and denominators of the last n cells of each row."""
    cells = [cell for row in rows for cell in row.cells[n:]]
    text = " ".join(cells)
    if not _ODD.search(text):
        scanner = Scanner(text)
        with contextlib.suppress(InputError):
            numerators, denominators = scanner.words().rationals()
            if len(numerators) == len(cells):
                return numerators.reshape(-1, n), denominators.reshape(-1, n)
    exact = []
    for row in rows:
        with located(where=f"line {row.line}"):
            exact += list(map(_number, row.cells[n:]))
    numbers = np.array([(u.numerator, u.denominator) for u in exact], dtype=object)
    return numbers[:, 0].reshape(-1, n), numbers[:, 1].reshape(-1, n)


@dataclass(frozen=True)
class _Matrix:
    """A table with its labels, where it has them."""

    rows: tuple[_Row, ...]
    actions: tuple[tuple[str, ...] | None, tuple[str, ...] | None]
    players: tuple[str, str] | None


def _matrix(rows: Sequence[_Row], pairs: bool) -> _Matrix:
    """Take header and labels off a table."""
    is_payoff = _is_pair if pairs else _is_number
    head = rows[0].cells
    corner = not head[0] or bool(_CORNER.fullmatch(head[0]))
    header = corner or not any(map(is_payoff, head))
    body = rows[1:] if header else rows
    if not body:
        raise InputError(f"no payoffs; {_LAYOUTS}", where=f"line {rows[0].line}")
    labels = len(head) > 1 and not any(is_payoff(row.cells[0]) for row in body)
    labels = labels or corner
    if labels and not header and not pairs:
        raise InputError(
            "a header, or payoffs with a name before them? Give the table a header whose first "
            "cell is empty",
            where=f"line {rows[0].line}",
        )
    columns = head[1:] if labels else head
    match = _CORNER.fullmatch(head[0]) if corner else None
    width = len(body[0].cells)
    for row in body:
        if len(row.cells) != width:
            raise InputError(
                f"{len(row.cells)} cells, but {width} in line {body[0].line}",
                where=f"line {row.line}",
            )
    if header and len(head) != width:
        raise InputError(f"{len(head)} cells above {width}", where=f"line {rows[0].line}")
    return _Matrix(
        tuple(_Row(row.line, row.cells[1:]) if labels else row for row in body),
        (
            tuple(row.cells[0] for row in body) if labels else None,
            columns if header else None,
        ),
        (match[1], match[2]) if match else None,
    )


def _from_pairs(rows: Sequence[_Row]) -> Game:
    if not any(_is_pair(cell) for row in rows for cell in row.cells):
        wrong = _first_wrong(rows)
        if wrong is not None:
            with located(where=f"line {wrong.line}"):
                for cell in wrong.cells:
                    _refuse_comma(cell)
        raise InputError(f"one number in each cell of one table; {_LAYOUTS}")
    matrix = _matrix(rows, pairs=True)
    payoffs = []
    for row in matrix.rows:
        with located(where=f"line {row.line}"):
            payoffs.append([list(_pair(cell)) for cell in row.cells])
    return _game(payoffs, [matrix])


def _from_matrices(blocks: Sequence[list[_Row]]) -> Game:
    named: list[str | None] = []
    matrices: list[_Matrix] = []
    name: str | None = None
    for block in blocks:
        rows = list(block)
        alone = len(rows[0].cells) == 1 and not _is_number(rows[0].cells[0])
        if alone and (len(rows) == 1 or len(rows[1].cells) > 1):
            name = rows.pop(0).cells[0]
            if not rows:
                continue
        matrices.append(_matrix(rows, pairs=False))
        named.append(name)
        name = None
    if len(matrices) != 2:
        raise InputError(
            f"{len(matrices)} matrices; two are read, one for each player, and a game of more "
            "players with a row for each outcome",
            where=f"line {blocks[-1][0].line}",
        )
    one, two = (list(_numbers(matrix)) for matrix in matrices)
    place = f"line {matrices[1].rows[0].line}"
    if [len(row) for row in one] != [len(row) for row in two]:
        sizes = [f"{len(m)} x {len(m[0])}" for m in (one, two)]
        raise InputError(f"matrices of {sizes[0]} and {sizes[1]} payoffs", where=place)
    for own, others in zip(matrices[0].actions, matrices[1].actions, strict=True):
        if own is not None and others is not None and own != others:
            raise InputError("the second matrix names other actions than the first", where=place)
    payoffs = [
        [[a, b] for a, b in zip(mine, theirs, strict=True)]
        for mine, theirs in zip(one, two, strict=True)
    ]
    players = None if None in named else (str(named[0]), str(named[1]))
    return _game(payoffs, matrices, players)


def _numbers(matrix: _Matrix) -> Iterator[list[Fraction]]:
    for row in matrix.rows:
        with located(where=f"line {row.line}"):
            yield list(map(_number, row.cells))


def _game(
    payoffs: list[list[list[Fraction]]],
    matrices: Sequence[_Matrix],
    players: tuple[str, str] | None = None,
) -> Game:
    for matrix in matrices:
        players = players or matrix.players
    actions = []
    for i, size in enumerate((len(payoffs), len(payoffs[0]))):
        given = next((m.actions[i] for m in matrices if m.actions[i] is not None), None)
        actions.append(given or tuple(str(a + 1) for a in range(size)))
    return Game.from_payoffs(payoffs, players=players, actions=actions)


def _number(text: str) -> Fraction:
    _refuse_comma(text)
    return parse_rational(text)


def _pair(text: str) -> tuple[Fraction, Fraction]:
    _refuse_comma(text)
    match = _PAIR.fullmatch(text)
    if match is None:
        raise InputError(f"{text!r} is no pair of payoffs; write (3, 1)")
    return parse_rational(match[2]), parse_rational(match[3])


def _refuse_comma(text: str) -> None:
    if _COMMA.fullmatch(text):
        point, pair = text.replace(",", "."), text.replace(",", ", ")
        raise InputError(f"{text!r} can be a decimal or two payoffs; write {point}, or ({pair})")


def _is_number(text: str) -> bool:
    try:
        parse_rational(text)
    except InputError:
        return bool(_COMMA.fullmatch(text))
    return True


def _is_pair(text: str) -> bool:
    match = _PAIR.fullmatch(text)
    return match is not None and _is_number(match[2]) and _is_number(match[3])


def _first_wrong(rows: Sequence[_Row]) -> _Row | None:
    return next((row for row in rows if any(map(_COMMA.fullmatch, row.cells))), None)
