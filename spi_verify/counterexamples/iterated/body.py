"""Counterexamples to Proposition 5 and to a claim in its proof, executed with real programs.

Two players with correlated play. The default programs are constant, so that what they may ever
play is read off their code.

A counterexample to the conclusion of Proposition 5 is a game whose default programs always pay
somebody more than PMM + Delta: since iterated CSR never makes anybody worse off than the default
outcome, and who does not renegotiate plays a default, every profile of G(P with all P_i^IRN) then
does. One to the claim in its proof that p_1 is a best response is a program that earns more than
p_1 against the proof's opponents.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from spi_verify.errors import InputError, located
from spi_verify.games.game import Game, Payoffs
from spi_verify.games.rationals import parse_rational

TIGHT = "tight-equilibrium-exists"
BEST_RESPONSE = "program-is-best-response"
"""The labels of the two conclusions."""

MAX_ROUNDS = 1000
MAX_OUTCOMES = 64


class _Strict(msgspec.Struct, forbid_unknown_fields=True):
    pass


class _Game(_Strict):
    players: list[str]
    actions: list[list[str]]
    payoffs: list[Any]


class CaseBody(_Strict):
    """The keys of a game whose default programs pay too much."""

    game: _Game
    play: Literal["correlated", "pure"]
    selection: str
    rounds: int
    delta: list[str]
    defaults: list[list[str]]


class ResponseBody(CaseBody):
    """The keys of a better response."""

    epsilon: list[str]
    likelihood: str
    player: int
    better: str


def convert(data: Mapping[str, Any], schema: type[Any]) -> Any:
    """Return data that has the keys of a schema, or raise InputError."""
    try:
        return msgspec.convert(data, schema)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at ")
        raise InputError(what, where=where.strip("`$.") or None) from None


def game_of(raw: _Game) -> Game:
    """Return the game of a body."""
    if len(raw.actions) != 2 or len(raw.actions[0]) * len(raw.actions[1]) > MAX_OUTCOMES:
        raise InputError(f"two players and at most {MAX_OUTCOMES} outcomes here", where="game")
    with located(where="game.payoffs"):
        table = _numbers(raw.payoffs, 3)
    with located(where="game"):
        return Game.from_payoffs(table, actions=raw.actions, players=raw.players)


def _numbers(cell: Any, depth: int) -> Any:
    if depth and isinstance(cell, list):
        return [_numbers(part, depth - 1) for part in cell]
    if isinstance(cell, (str, int)) and not isinstance(cell, bool):
        return parse_rational(str(cell))
    raise InputError("payoffs are a table of numbers")


def two_numbers(texts: list[str], where: str) -> Payoffs:
    """Return a number for each of two players."""
    if len(texts) != 2:
        raise InputError("one number for each of two players", where=where)
    with located(where=where):
        return tuple(map(parse_rational, texts))
