# file: csv_games.py
"""Games as comma-separated values: a row for each outcome, the actions and then the payoffs."""

import csv
from pathlib import Path

from spi_verify.errors import InputError, located
from spi_verify.files import read_text
from spi_verify.games import Game, GameFile, GameFormat
from spi_verify.games.rationals import parse_rational


def read(path: Path) -> GameFile:
    """Read a table whose header names the players and then, in the same order, their payoffs."""
    with located(file=str(path)):
        header, *rows = csv.reader(read_text(path).splitlines())
        n = len(header) // 2
        payoffs = {}
        for line, row in enumerate(rows, 2):
            if len(row) != 2 * n:
                raise InputError(f"{len(row)} cells instead of {2 * n}", where=f"line {line}")
            with located(where=f"line {line}"):
                payoffs[tuple(row[:n])] = [parse_rational(cell) for cell in row[n:]]
        return GameFile(Game.from_outcomes(payoffs, players=header[:n], title=path.stem))


def recognises(head: str) -> bool:
    """Whether a file begins with a header that says "payoff"."""
    return "payoff" in head.partition("\n")[0]


CSV = GameFormat("table of payoffs", (".csv",), recognises, read)
