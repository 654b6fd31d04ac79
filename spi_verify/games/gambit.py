"""Games from and for Gambit's Python package (the ``gambit`` extra)."""

from __future__ import annotations

import io
import itertools
import math
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from spi_verify.errors import InputError
from spi_verify.games.game import MAX_OUTCOMES, Game
from spi_verify.games.nfg import write_nfg


def from_gambit(gambit_game: Any) -> Game:
    """Convert a ``pygambit.Game``, exactly.

    Parameters
    ----------
    gambit_game
        A strategic game, or any game of which Gambit derives one, such as a tree.

    Raises
    ------
    InputError
        When it has more than 10 million strategy profiles.

    Notes
    -----
    A profile without an outcome pays 0 to everyone. Gambit is slow to look up payoffs; expect
    some microseconds for each.
    """
    players = list(gambit_game.players)
    actions = [[strategy.label for strategy in player.strategies] for player in players]
    shape = [len(names) for names in actions]
    if math.prod(shape) > MAX_OUTCOMES:
        raise InputError(
            f"{math.prod(shape)} strategy profiles are more than the {MAX_OUTCOMES} this program "
            "handles"
        )
    payoffs = np.full((*shape, len(players)), Fraction(0), dtype=object)
    for profile in itertools.product(*map(range, shape)):
        outcome = gambit_game[profile]
        if outcome is not None:
            payoffs[profile] = [Fraction(outcome[player]) for player in players]
    return Game.from_payoffs(
        payoffs,
        players=[player.label for player in players],
        actions=actions,
        title=gambit_game.title,
        comment=gambit_game.description,
    )


def to_gambit(game: Game) -> Any:
    """Convert to a ``pygambit.Game``, exactly.

    Parameters
    ----------
    game
        Any game with names that Gambit allows: printable ASCII without leading, trailing or
        double spaces, and different for different players. Title and comment are ASCII.

    Raises
    ------
    InputError
        When pygambit is not installed, or Gambit does not allow a name.
    """
    try:
        import pygambit
    except ImportError:
        raise InputError(
            "this needs pygambit, which is not installed; install spi-verify[gambit]"
        ) from None
    numbered = replace(
        game,
        players=tuple(map(str, range(1, game.number_of_players + 1))),
        actions=tuple(tuple(map(str, range(1, size + 1))) for size in game.shape),
        title="",
        comment="",
    )
    result = pygambit.read_nfg(io.BytesIO(write_nfg(numbered).encode()))
    _set(result, "title", game.title, "title")
    _set(result, "description", game.comment, "comment")
    players = list(result.players)
    _label(players, game.players, "players")
    for i, (player, names) in enumerate(zip(players, game.actions, strict=True)):
        _label(list(player.strategies), names, f"actions[{i}]")
    return result


def _label(things: list[Any], names: tuple[str, ...], where: str) -> None:
    # Gambit wants distinct names at every moment, so all get a name that none will have in the end.
    longest = max(map(len, names))
    for k, thing in enumerate(things):
        thing.label = "x" * (longest + 1) + str(k)
    for thing, name in zip(things, names, strict=True):
        _set(thing, "label", name, where)


def _set(thing: Any, attribute: str, text: str, where: str) -> None:
    try:
        setattr(thing, attribute, text)
    except ValueError as error:
        reason = "it is not ASCII" if isinstance(error, UnicodeError) else str(error)
        raise InputError(f"Gambit does not allow {text!r} ({reason})", where=where) from None
