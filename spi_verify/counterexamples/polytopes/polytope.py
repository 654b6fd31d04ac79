"""Counterexamples that are feasible sets: polytopes given by their corners, or finite sets.

A body has ``corners``, payoff profiles whose convex hull is the feasible set, or with ``play``:
``pure`` the feasible set itself; ``player``, numbered
from 1; and ``point``, a feasible payoff profile. What the point shows depends on the conclusion:

Projections are nonempty
    It is the payoff profile of an outcome of which the player's Pareto meet projection is empty.
A concession is efficient
    The player, who takes the part of the proof's player 1, gets the best feasible payoff there,
    and everybody else more than the PMM. So it dominates every point that gives the player less
    than the best payoff and the others at most what it gives them: for no small amounts
    whatsoever is such a point efficient, which refutes the claim whether it is made for all
    small amounts or for some. Or it is any point, of a set in which somebody never gets more than
    the PMM, or of a finite one.

Hypotheses about compactness and convexity hold of every polytope; the others are checked with
exact linear programs, whose answers carry their own proofs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import ge
from typing import Any

from spi_verify.errors import InputError
from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.games.game import Game, Payoffs
from spi_verify.games.rationals import parse_rational
from spi_verify.games.undominated import undominated

MAX_CORNERS = 64
MAX_PLAYERS = 8
MAX_DIGITS = 30

NONEMPTY = "projections-are-nonempty"
CONCESSION = "concession-is-efficient"
"""The labels of the two conclusions."""


@dataclass(frozen=True)
class Polytope:
    """A feasible set, and a player and a point of it.

    Parameters
    ----------
    corners
        Payoff profiles that span it; they need not be distinct nor extreme.
    player
        From 1 to n.
    point
        A payoff profile.
    pure
        Whether only the corners are feasible.
    """

    corners: tuple[Payoffs, ...]
    player: int
    point: Payoffs
    pure: bool = False

    @property
    def players(self) -> range:
        """The numbers of the players."""
        return range(1, len(self.point) + 1)

    @property
    def others(self) -> list[int]:
        """The numbers of all players but the one named."""
        return [j for j in self.players if j != self.player]

    @cached_property
    def play(self) -> CorrelatedPlay:
        """What correlated play makes feasible in :attr:`game`."""
        return CorrelatedPlay(self.game)

    @cached_property
    def game(self) -> Game:
        """A game in which player 1 alone chooses among the corners."""
        table: list[Any] = []
        for corner in self.corners:
            cell: Any = corner
            for _ in corner[1:]:
                cell = [cell]
            table.append(cell)
        return Game.from_payoffs(table)

    @cached_property
    def pmm(self) -> Payoffs:
        """u^PMM."""
        if self.pure:
            return tuple(map(min, zip(*undominated(self.corners), strict=True)))
        return self.play.pareto_meet_minimum

    def is_feasible(self, payoffs: Payoffs) -> bool:
        """Whether a payoff profile is feasible."""
        return payoffs in self.corners if self.pure else self.play.contains(payoffs)

    def is_efficient(self, corner: Payoffs) -> bool:
        """Whether a corner is efficient."""
        if not self.pure:
            return self.play.is_efficient(corner)
        return not any(_dominates(other, corner) for other in self.corners)

    @cached_property
    def best(self) -> Payoffs:
        """u^*: each player's best feasible payoff."""
        return tuple(max(column) for column in zip(*self.corners, strict=True))

    @cached_property
    def level(self) -> Payoffs:
        """For each player the larger of the PMM and what the point pays."""
        return tuple(map(max, self.pmm, self.point))


def _dominates(x: Payoffs, a: Payoffs) -> bool:
    return x != a and all(map(ge, x, a))


def extreme(corners: tuple[Payoffs, ...]) -> tuple[Payoffs, ...]:
    """Return those that are corners of the convex hull."""
    return tuple(Polytope(corners, 1, corners[0]).play.corner_payoffs)


def read(body: Mapping[str, Any]) -> Polytope:
    """Return the feasible set that a body describes.

    Raises
    ------
    InputError
        When a key is unknown or missing, or a value is malformed or too large.
    """
    keys = ("corners", "player", "point")
    for key in body:
        if key not in (*keys, "play"):
            there = ", ".join((*keys, "play"))
            raise InputError(f"unknown key {key!r}; there are {there}", where=str(key))
    if body.get("play", "pure") not in ("pure", "correlated"):
        raise InputError("play is pure or correlated", where="play")
    missing = next((key for key in keys if key not in body), None)
    if missing is not None:
        raise InputError(f"the key {missing!r} is missing", where=missing)
    rows = body["corners"]
    if not isinstance(rows, list) or not 1 <= len(rows) <= MAX_CORNERS:
        raise InputError(f"give a list of 1 to {MAX_CORNERS} payoff profiles", where="corners")
    corners = tuple(_profile(row, f"corners[{k}]") for k, row in enumerate(rows))
    point = _profile(body["point"], "point")
    for k, corner in enumerate(corners):
        if len(corner) != len(point):
            raise InputError(
                f"it has {len(corner)} payoffs, the point {len(point)}", where=f"corners[{k}]"
            )
    player = body["player"]
    if not isinstance(player, int) or isinstance(player, bool) or not 1 <= player <= len(point):
        raise InputError(f"players are numbered from 1 to {len(point)}", where="player")
    return Polytope(corners, player, point, body.get("play") == "pure")


def _profile(row: Any, where: str) -> Payoffs:
    if not isinstance(row, list) or not 1 <= len(row) <= MAX_PLAYERS:
        raise InputError(f"give the payoffs of 1 to {MAX_PLAYERS} players", where=where)
    payoffs = []
    for i, text in enumerate(row):
        place = f"{where}[{i}]"
        if not isinstance(text, str):
            raise InputError('write payoffs as text, such as "1" or "-3/2"', where=place)
        try:
            payoffs.append(parse_rational(text, max_digits=MAX_DIGITS))
        except InputError as error:
            raise error.located(where=place) from None
    return tuple(payoffs)


def write(example: Polytope) -> dict[str, Any]:
    """Return the body that describes a feasible set."""
    return {
        "corners": [list(map(str, corner)) for corner in example.corners],
        "player": example.player,
        "point": list(map(str, example.point)),
        **({"play": "pure"} if example.pure else {}),
    }
