"""Whether programs are in a space, as far as that can be decided."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from spi_verify.errors import InputError
from spi_verify.programs.deciding.definitions import find_set_function_defect
from spi_verify.programs.deciding.reading import reads_functions
from spi_verify.programs.deciding.spaces import ProgramSpace
from spi_verify.programs.language.functions import (
    Functions,
    Improving,
    SetFunction,
    Take,
)
from spi_verify.programs.language.programs import CSR, ICSR, Profile, Program
from spi_verify.programs.language.selections import Fixed, Selection
from spi_verify.programs.language.terms import is_ours
from spi_verify.programs.running.beliefs import Beliefs
from spi_verify.programs.running.execution import ProgramGame


def require_member(
    game: ProgramGame, player: int, program: Program, beliefs: Beliefs, space: ProgramSpace
) -> None:
    """Refuse a program that is not in a space.

    Parameters
    ----------
    game, player, program, beliefs, space
        Of these, the beliefs serve to refute that functions meet Definition 7.

    Raises
    ------
    InputError
        When the program is neither in P_i nor of the space's kind, with a default in P_i, the
        space's selection function and number of rounds, and legal functions. A function that
        reads the others' functions passes where the support gives no reason against it.
    """
    if space.has_plain(program):
        return
    where = f"player {player}'s program"
    if space.kind is None or not isinstance(program, space.kind.value):
        raise InputError("this program is not in the player's space", where=where)
    if not space.has_plain(program.default):
        raise InputError("its default is not in the player's space", where=where)
    if not isinstance(program, (CSR, ICSR)):
        return
    if program.selection != space.selection:
        raise InputError("its selection function is not that of the player's space", where=where)
    functions = program.rounds if isinstance(program, ICSR) else (program.function,)
    if len(functions) != (space.rounds or 1):
        raise InputError(
            f"it has {len(functions)} rounds; the player's space has {space.rounds}", where=where
        )
    opponents = [profile for profile, _ in beliefs.support]
    for k, function in enumerate(functions):
        if is_legal(game, player, function, k, opponents, program.selection) is False:
            raise InputError(
                f"{function} is no set-valued renegotiation function (Definition 7)", where=where
            )


def is_legal(
    game: ProgramGame,
    player: int,
    function: SetFunction,
    k: int,
    opponents: Iterable[Profile],
    selection: Selection,
) -> bool | None:
    """Decide whether a function meets Definition 7; None where it is not refuted only.

    It is tried against players who accept every improvement, and against the functions that some
    opponents use in round k, where these meet the definition themselves in that profile.

    Notes
    -----
    One profile settles it for functions that do not read the others' functions. With two players,
    "take" picks an efficient element of a set that improves on a, and improves itself where
    anything in the set does; so it meets the definition against everyone who does.
    """
    improving: list[SetFunction] = [Improving()] * (game.base.game.number_of_players - 1)
    first = _passes(game, player, _joined(player, function, improving), selection)
    if first is not None and not reads_functions(function):
        return first
    tries: list[Functions] = []
    for profile in opponents:
        theirs = [function_of(program, k) for program in profile]
        if None not in theirs:
            tries.append(_joined(player, function, theirs))
    verdicts = [first, *(_passes(game, player, functions, selection) for functions in tries)]
    if False in verdicts:
        return False
    if isinstance(function, Take) and is_ours(function) and _picks_efficiently(function.favourite):
        return True if game.base.game.number_of_players == 2 else None
    return None if reads_functions(function) else verdicts[0]


def _picks_efficiently(selection: Selection) -> bool:
    """Whether a selection function of this package picks an efficient member of every set."""
    return is_ours(selection) and not isinstance(selection, Fixed)


def function_of(program: Program, k: int) -> SetFunction | None:
    """Return the function that a program uses in a round, if it has one."""
    if isinstance(program, CSR):
        return program.function
    if isinstance(program, ICSR) and k < len(program.rounds):
        return program.rounds[k]
    return None


def _passes(
    game: ProgramGame, player: int, functions: Functions, selection: Selection
) -> bool | None:
    """Whether a function meets Definition 7 in a profile; None where the profile shows nothing."""
    try:
        if find_set_function_defect(game, player, [functions], selection) is None:
            return True
        for j in game.base.players:
            if j != player and find_set_function_defect(game, j, [functions], selection):
                return None
    except InputError:
        return None
    return False


def _joined(player: int, function: SetFunction, others: Iterable[Any]) -> Functions:
    functions = tuple(others)
    return (*functions[: player - 1], function, *functions[player - 1 :])
