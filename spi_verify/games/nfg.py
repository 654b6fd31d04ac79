"""Gambit's normal-form files (``.nfg``), read and written exactly.

The format has two versions, with a list of payoffs and with a list of outcomes; both are read.
In both the first player's strategy varies fastest, where a :class:`Game` has the last player's
vary fastest.
"""

from __future__ import annotations

import math
import stat
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from spi_verify.arguments import named
from spi_verify.errors import InputError
from spi_verify.games.game import MAX_OUTCOMES, Game
from spi_verify.games.nfg_text import (
    INT64_SAFE,
    OUTCOME,
    WORD,
    Scanner,
    Words,
    count,
    quoted,
    shown,
)
from spi_verify.games.rationals import MAX_DIGITS, format_rational

MAX_BYTES = 256 * 2**20
"""The size of the largest file that is read."""


@named
def read_nfg(path: Path | str) -> Game:
    """Read a game from a file in Gambit's normal-form format.

    Parameters
    ----------
    path
        A UTF-8 file of at most 256 MiB with at most 10 million outcomes.

    Raises
    ------
    InputError
        When the file cannot be read or is no such game; it names the file and the line.

    Notes
    -----
    Linear in the size of the file. See :func:`parse_nfg` for what becomes of the names.
    """
    file = str(path)
    try:
        status = Path(path).stat()
        if not stat.S_ISREG(status.st_mode):
            raise InputError("this is not a file; name a .nfg file", file=file)
        if status.st_size > MAX_BYTES:
            raise InputError(
                f"{status.st_size} bytes are more than the {MAX_BYTES} this program reads",
                file=file,
            )
        with Path(path).open("rb") as stream:
            data = stream.read(MAX_BYTES)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=file) from None
    except ValueError:
        raise InputError("this cannot be the name of a file", file=repr(file)) from None
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"byte 0x{data[error.start]:02x} is not UTF-8 text; save the game as UTF-8",
            file=file,
            where=f"line {line}",
        ) from None
    del data
    return parse_nfg(text, file=file)


@named
def parse_nfg(text: str, *, file: str | None = None) -> Game:
    r"""Read a game from a text in Gambit's normal-form format.

    Parameters
    ----------
    text
        The content of a ``.nfg`` file: payoff or outcome version, data type ``R`` or ``D``.
    file
        The name to use in error messages.

    Raises
    ------
    InputError
        When the text is no such game; it names the line.

    Notes
    -----
    Payoffs are exact: ``0.1`` is one tenth. Outcome number 0 pays 0 to everyone. The names of
    outcomes are not kept.

    An action without a name is named by its number. Of several actions of a player with the same
    name the first keeps it and the next ones are named ``"name (2)"``, ``"name (3)"`` and so on,
    leaving out the names that other actions have. A player without a name is "Player i"; players
    may share a name.

    As in Gambit, a number ends where the next one begins (``1-2`` is 1 and -2), and a count may be
    written ``2.0``; ``2.5``, which Gambit takes for 2, is refused.

    In quoted text ``\"`` stands for a quote and ``\\`` for one backslash; a backslash before any
    other character is an ordinary character.

    >>> game = parse_nfg('NFG 1 R "" { "Row" "Column" } { { "U" "D" } { "L" "R" "" } }'
    ...                  ' 1 0  2 0  3 0  4 0  5 .5  6 1/3')
    >>> game.actions
    (('U', 'D'), ('L', 'R', '3'))
    >>> game.payoffs(("D", "L"))
    (Fraction(2, 1), Fraction(0, 1))
    >>> game.payoffs(("U", "3"))
    (Fraction(5, 1), Fraction(1, 2))
    """
    try:
        return _parse(Scanner(text))
    except InputError as error:
        raise error.located(file=file) from None


@named
def write_nfg(game: Game) -> str:
    r"""Write a game in Gambit's normal-form format, payoff version.

    Nothing is lost: ``parse_nfg(write_nfg(game)) == game`` where all actions and players have
    names.

    Raises
    ------
    InputError
        When a payoff has more than 400 digits, which :func:`parse_nfg` would refuse.

    Notes
    -----
    Store it as UTF-8 without changing the ends of lines. Gambit itself reads only printable
    ASCII names, and no quoted text that has two backslashes in a row or ends with one.

    >>> print(write_nfg(Game.from_payoffs([[[3, 3], [1, 4]], [[4, 1], [0, 0]]])), end="")
    NFG 1 R "" { "Player 1" "Player 2" }
    <BLANKLINE>
    { { "1" "2" }
    { "1" "2" }
    }
    ""
    <BLANKLINE>
    3 3
    4 1
    1 4
    0 0
    """
    strategies = "\n".join(_list(names) for names in game.actions)
    head = (
        f"NFG 1 R {quoted(game.title)} {_list(game.players)}\n\n"
        f"{{ {strategies}\n}}\n{quoted(game.comment)}\n\n"
    )
    rows = _with_axes_reversed(game.scaled, game.shape)
    profiles = zip(*written_payoffs(rows, game.denominators), strict=True)
    return head + "".join(f"{' '.join(profile)}\n" for profile in profiles)


def written_payoffs(rows: npt.NDArray[Any], denominators: Sequence[int]) -> list[list[str]]:
    """Return for each player the payoffs as text, which :func:`parse_rational` reads.

    Parameters
    ----------
    rows, denominators
        As ``scaled`` and ``denominators`` of a :class:`Game`, in any order of the outcomes.

    Raises
    ------
    InputError
        When a payoff has more than 400 digits, which would not be read.
    """
    return [_written(row, d) for row, d in zip(rows, denominators, strict=True)]


def _written(row: npt.NDArray[Any], denominator: int) -> list[str]:
    if row.dtype == object:
        fractions = [Fraction(u) / denominator for u in row]
        if any(max(abs(u.numerator), u.denominator) >= 10**MAX_DIGITS for u in fractions):
            raise InputError(f"a payoff has more than {MAX_DIGITS} digits", where="payoffs")
        return list(map(format_rational, fractions))
    shared = np.gcd(row, denominator)
    pairs = zip((row // shared).tolist(), (denominator // shared).tolist(), strict=True)
    return [str(u) if d == 1 else f"{u}/{d}" for u, d in pairs]


def _list(names: Iterable[str]) -> str:
    return f"{{ {' '.join(map(quoted, names))} }}"


def _parse(scanner: Scanner) -> Game:
    _header(scanner)
    title = scanner.string("the title in quotes")
    players = player_names(scanner)
    shape, labels = _strategies(scanner, len(players))
    comment = scanner.string("the comment") if scanner.at('"') else ""
    table = _outcome_table if scanner.at("{") else _payoff_table
    numerators, denominators = table(scanner, len(players), math.prod(shape))
    scaled, common = scale(numerators, denominators)
    return Game(
        players,
        tuple(distinct(names) for names in labels)
        if labels
        else tuple(tuple(map(str, range(1, size + 1))) for size in shape),
        _with_axes_reversed(scaled, shape[::-1]),
        common,
        title,
        comment,
    )


def _header(scanner: Scanner) -> None:
    if scanner.at_end():
        scanner.fail("the file is empty; a game begins with NFG 1 R", 0)
    start = scanner.position
    if not scanner.at("NFG") or scanner.word("NFG") != "NFG":
        hint = " (this is an extensive-form game)" if scanner.at("EFG") else ""
        scanner.fail(f"no .nfg file of Gambit: it does not begin with NFG 1 R{hint}", start)
    version = scanner.word("the version 1")
    if version != "1":
        scanner.fail(f"version {shown(version)} of the format is not known, only 1", start)
    kind = scanner.word("R or D")
    if kind not in ("R", "D"):
        scanner.fail(f"the data type {shown(kind)} is not known, only R and D", start)


def player_names(scanner: Scanner) -> tuple[str, ...]:
    """Read the list of players; one without a name is "Player i"."""
    scanner.symbol("{", "the list of players { ... }")
    names = scanner.strings()
    if not names:
        scanner.wrong("the name of a player in quotes")
    scanner.symbol("}", "the name of a player in quotes or }")
    return tuple(name or f"Player {i}" for i, name in enumerate(names, start=1))


def _strategies(scanner: Scanner, n: int) -> tuple[list[int], list[list[str]]]:
    """Return the number of strategies of each player, and their names if there are names."""
    scanner.symbol("{", "the strategies { ... }")
    start = scanner.position
    labels: list[list[str]] = []
    sizes: list[int] = []
    if scanner.at("{"):
        while scanner.at("{"):
            scanner.symbol("{", "{")
            labels.append(scanner.strings())
            sizes.append(len(labels[-1]))
            if not sizes[-1]:
                scanner.wrong("the name of a strategy in quotes")
            scanner.symbol("}", "the name of a strategy in quotes or }")
    else:
        for word in scanner.words():
            size = count(word[0])
            if not size:
                scanner.fail(
                    f"{shown(word[0])} is no number of strategies; write 1, 2, ...", word.start()
                )
            sizes.append(size)
        if not sizes:
            scanner.wrong("the strategies of player 1")
    scanner.symbol("}", "the strategies of another player or }")
    if len(sizes) != n:
        scanner.fail(f"{n} players, but strategies for {len(sizes)}", start)
    total = 1
    for size in sizes:
        total *= size
        if total > MAX_OUTCOMES:
            scanner.fail(
                f"more than {MAX_OUTCOMES} strategy profiles, which is the most this program "
                "handles",
                start,
            )
    return sizes, labels


def _payoff_table(
    scanner: Scanner, n: int, total: int
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    words = scanner.words()
    if not scanner.at_end():
        scanner.wrong("a payoff")
    numerators, denominators = words.rationals()
    _check_count(words, len(numerators), n * total, "payoffs", f"{total} profiles of {n} players")
    return numerators.reshape(total, n), denominators.reshape(total, n)


def _outcome_table(
    scanner: Scanner, n: int, total: int
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    text = scanner.text
    scanner.symbol("{", "{")
    spans: list[tuple[int, int]] = []
    while match := OUTCOME.match(text, scanner.position):
        found = len(WORD.findall(text, *match.span(1)))
        if found != n:
            scanner.skip_space()
            scanner.fail(
                f"outcome {len(spans) + 1} has {found} payoffs for {n} players", scanner.position
            )
        spans.append(match.span(1))
        scanner.position = match.end()
    if scanner.at("{"):
        scanner.symbol("{", "{")
        scanner.string("the name of an outcome in quotes")
        scanner.words()
        scanner.wrong("a payoff or }")
    scanner.symbol("}", 'an outcome { "" ... } or }')
    numerators, denominators = Words(scanner, spans).rationals()
    words = scanner.words()
    if not scanner.at_end():
        scanner.wrong("the number of an outcome")
    chosen = words.integers()
    if chosen is None:
        chosen = _counts(words)
    _check_count(words, len(chosen), total, "outcome numbers", f"{total} profiles")
    outside = np.flatnonzero((chosen < 0) | (chosen > len(spans)))
    if len(outside):
        k = int(outside[0])
        scanner.fail(
            f"there is no outcome {chosen[k]}; there are 1 to {len(spans)}, and 0 for none",
            words.position(k),
        )
    none = np.zeros((1, n), dtype=np.int64)
    return (
        np.concatenate([none, numerators.reshape(-1, n)])[chosen],
        np.concatenate([none + 1, denominators.reshape(-1, n)])[chosen],
    )


def _counts(words: Words) -> npt.NDArray[np.int64]:
    numbers = []
    for word in words:
        number = count(word[0])
        if number is None:
            words.scanner.fail(f"{shown(word[0])} is no number of an outcome", word.start())
        numbers.append(number)
    return np.array(numbers, np.int64)


def _check_count(words: Words, found: int, expected: int, what: str, reason: str) -> None:
    scanner = words.scanner
    if found < expected:
        scanner.fail(
            f"the file ends after {found} of {expected} {what} ({reason})",
            len(scanner.text.rstrip()),
        )
    if found > expected:
        scanner.fail(
            f"{found} {what}, but there have to be {expected} ({reason}); the first one too many "
            "is in this line",
            words.position(expected),
        )


def scale(
    numerators: npt.NDArray[Any], denominators: npt.NDArray[Any]
) -> tuple[npt.NDArray[Any], tuple[int, ...]]:
    """Give each player's payoffs their least common denominator, where that fits into int64.

    From arrays of shape (N, n), ``scaled`` of shape (n, N) and ``denominators`` of a Game.
    """
    n = numerators.shape[1]
    scaled = np.empty(numerators.shape[::-1], dtype=np.int64)
    common = [1] * n
    for i in range(n):
        for denominator in np.unique(denominators[:, i]).tolist():
            common[i] = math.lcm(common[i], denominator)
            if common[i] >= INT64_SAFE:
                return _as_fractions(numerators, denominators)
        factor = common[i] // denominators[:, i]
        bound = (INT64_SAFE - 1) // factor
        if not np.all((-bound <= numerators[:, i]) & (numerators[:, i] <= bound)):
            return _as_fractions(numerators, denominators)
        scaled[i] = numerators[:, i] * factor
    return scaled, tuple(common)


def _as_fractions(
    numerators: npt.NDArray[Any], denominators: npt.NDArray[Any]
) -> tuple[npt.NDArray[Any], tuple[int, ...]]:
    values = np.empty(numerators.size, dtype=object)
    values[:] = list(map(Fraction, numerators.T.ravel().tolist(), denominators.T.ravel().tolist()))
    return values.reshape(numerators.shape[::-1]), (1,) * numerators.shape[1]


def _with_axes_reversed(table: npt.NDArray[Any], shape: Sequence[int]) -> npt.NDArray[Any]:
    """Reorder the columns of a table from the row-major order of a shape to that of its reverse.

    Axes of length 1 are left out: they change no position, and numpy has a limit on axes.
    """
    sizes = [size for size in shape if size > 1]
    cube = table.reshape(len(table), *sizes)
    return cube.transpose(0, *range(len(sizes), 0, -1)).reshape(table.shape)


def distinct(labels: Sequence[str]) -> tuple[str, ...]:
    """Name what has no name, and tell apart what has the same name (see :func:`parse_nfg`)."""
    taken = set(labels)
    kept: set[str] = set()
    copies: dict[str, int] = {}
    names = []
    for number, label in enumerate(labels, start=1):
        base = label or str(number)
        name = base
        if base in kept or (not label and base in taken):
            copy = copies.get(base, 2)
            while f"{base} ({copy})" in taken:
                copy += 1
            copies[base] = copy + 1
            name = f"{base} ({copy})"
        kept.add(name)
        names.append(name)
    return tuple(names)
