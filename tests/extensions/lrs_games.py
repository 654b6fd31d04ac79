# file: lrs_games.py
"""Two-player games in the format of lrsnash: the size, and then each player's matrix."""

from pathlib import Path

from spi_verify.errors import InputError, located
from spi_verify.files import read_text
from spi_verify.games import GameFile, GameFormat, from_arrays
from spi_verify.games.rationals import parse_rational


def read(path: Path) -> GameFile:
    """Read two matrices of rationals, which are preceded by how many rows and columns they have."""
    with located(file=str(path)):
        lines = [(k, line.split()) for k, line in enumerate(read_text(path).splitlines(), 1)]
        (first, size), *rows = [(k, words) for k, words in lines if words]
        with located(where=f"line {first}"):
            if len(size) != 2 or not all(word.isdecimal() for word in size):
                raise InputError("write how many rows and columns there are")
        m, n = map(int, size)
        if len(rows) != 2 * m:
            raise InputError(f"{len(rows)} rows instead of {2 * m}")
        payoffs = []
        for line, words in rows:
            with located(where=f"line {line}"):
                if len(words) != n:
                    raise InputError(f"{len(words)} payoffs instead of {n}")
                payoffs.append([parse_rational(word) for word in words])
        return GameFile(from_arrays(payoffs[:m], payoffs[m:], title=path.stem))


def recognises(head: str) -> bool:
    """Whether a file begins with two numbers in a line."""
    words = head.strip().partition("\n")[0].split()
    return len(words) == 2 and all(word.isdecimal() for word in words)


LRS = GameFormat("matrices of lrsnash", (".lrs",), recognises, read)
