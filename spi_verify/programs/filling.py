"""Programs and functions of a class, with its fields filled in by what there is in a game."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from spi_verify.errors import InputError
from spi_verify.games.game import Game
from spi_verify.programs.language.functions import (
    Improving,
    NowAtMost,
    Outcomes,
    Projection,
    RenegotiationMap,
    To,
)
from spi_verify.programs.language.programs import Always, Code, Plays
from spi_verify.programs.language.selections import Leximin, Utilitarian
from spi_verify.programs.language.terms import Term, sorts

MOST = 200
NUMBERS = (Fraction(0), Fraction(1), Fraction(2))


def filled(cls: type[Term], player: int, game: Game) -> Iterator[Term]:
    """Iterate over terms of a class: those that it names itself, or each field filled in.

    Parameters
    ----------
    cls
        With a word, so that the sorts of its fields are known. What its ``candidates`` returns is
        taken as it is, if it has some.
    player
        Whose program it is, from 1.
    game
        Actions and outcomes are those of this game.

    Raises
    ------
    InputError
        When a field is of a sort that nothing is known to fill in.
    """
    named = list(getattr(cls, "candidates", lambda _: ())(game.number_of_players))
    if named:
        yield from named
        return
    choices = []
    for sort in sorts(cls):
        values = _VALUES.get(sort.removesuffix("*"))
        if values is None:
            raise InputError(
                f"a field of the sort {sort!r} is not filled in: give {cls.__name__} a method "
                "candidates"
            )
        one = list(values(player, game))
        choices.append(_several(one) if sort.endswith("*") else one)
    for chosen in itertools.islice(itertools.product(*choices), MOST):
        parts = zip(sorts(cls), chosen, strict=True)
        try:
            yield cls(*(tuple(value) if sort.endswith("*") else value for sort, value in parts))
        except InputError:
            continue  # the class says that these do not go together


def _several(values: Sequence[Any]) -> list[tuple[Any, ...]]:
    return [tuple(values[:1]), (), *((value,) for value in values[1:]), tuple(values)]


def _everybody(game: Game) -> range:
    return range(1, game.number_of_players + 1)


def _others(player: int, game: Game) -> Iterator[tuple[int, str]]:
    for j in _everybody(game):
        if j != player:
            yield j, game.actions[j - 1][0]


def _functions(player: int, game: Game) -> Iterator[Term]:
    yield from (Improving(), Projection(player))
    yield from (Outcomes((outcome,)) for outcome in game.outcomes())


def _maps(_: int, game: Game) -> Iterator[Term]:
    for a, x in itertools.permutations(game.outcomes(), 2):
        before, after = game.payoffs(a), game.payoffs(x)
        if before != after and all(v >= w for v, w in zip(after, before, strict=True)):
            yield RenegotiationMap((To(a, x),))


_VALUES: dict[str, Callable[[int, Game], Any]] = {
    "action": lambda player, game: game.actions[player - 1],
    "element": lambda _, game: game.outcomes(),
    "function": _functions,
    "function-condition": lambda player, game: [
        NowAtMost(Fraction(n), tuple(Fraction(j == player) for j in _everybody(game)))
        for n in (0, 1)
    ],
    "map": _maps,
    "number": lambda *_: NUMBERS,
    "player": lambda _, game: _everybody(game),
    "program": lambda player, game: map(Always, game.actions[player - 1]),
    "program-condition": lambda player, game: [
        condition
        for j, action in _others(player, game)
        for condition in (Plays(j, action), Code(j, Always(action)))
    ],
    "selection": lambda *_: [Leximin(), Utilitarian()],
}
