"""Subset games: reading them, and which one a claim means."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from spi_verify.claims.document import Document, SubsetGameTable
from spi_verify.claims.instance import Instance
from spi_verify.claims.references import linear_table
from spi_verify.errors import InputError, located
from spi_verify.games.agreements import AgreementGame
from spi_verify.games.expressions import Linear
from spi_verify.games.game import Game
from spi_verify.games.parametric import ParametricGame
from spi_verify.suggestions import suggestion


def read_subset_games(
    document: Document, game: Game | ParametricGame
) -> dict[str, Game | ParametricGame]:
    """Read the subset games of a file.

    Raises
    ------
    InputError
        When one is none.
    """
    if document.subset_games and isinstance(game, AgreementGame):
        raise InputError("subset games need a game given by actions", where="subset-games")
    found = {}
    for name, table in document.subset_games.items():
        with located(where=f"subset-games.{name}"):
            found[name] = _subset_game(table, game)
    return found


def _subset_game(table: SubsetGameTable, whole: Game | ParametricGame) -> Game | ParametricGame:
    game = whole.shape_of if isinstance(whole, ParametricGame) else whole
    if len(table.actions) != game.number_of_players:
        raise InputError(
            f"a list of actions for each of the {game.number_of_players} players is needed",
            where="actions",
        )
    for i, (own, names) in enumerate(zip(table.actions, game.actions, strict=True)):
        unknown = next((name for name in own if name not in names), None)
        if unknown is not None:
            raise InputError(
                f"{game.called(i + 1)} has no action {unknown!r}{suggestion(unknown, names)}",
                where=f"actions[{i}]",
            )
    if table.payoffs is not None:
        expressions: list[Linear] = []
        names = whole.parameters if isinstance(whole, ParametricGame) else ()
        payoffs = linear_table(table.payoffs, names, "payoffs", expressions)
        found = Game.from_payoffs(payoffs, players=game.players, actions=table.actions)
        n = game.number_of_players
        rows = tuple(tuple(expressions[k : k + n]) for k in range(0, len(expressions), n))
        return _family(whole, found, rows)
    for i, own in enumerate(table.actions):
        if not own:
            raise InputError(f"player {i + 1} has no action", where=f"actions[{i}]")
    pays = {outcome: game.payoffs(outcome) for outcome in product(*table.actions)}
    if sum(len(set(own)) for own in table.actions) != sum(map(len, table.actions)):
        raise InputError("an action is there twice", where="actions")
    found = Game.from_outcomes(pays, players=game.players)
    if not isinstance(whole, ParametricGame):
        return found
    return _family(whole, found, tuple(whole.payoffs[game.index(o)] for o in found.outcomes()))


def _family(
    whole: Game | ParametricGame, found: Game, rows: tuple[tuple[Linear, ...], ...]
) -> Game | ParametricGame:
    if not isinstance(whole, ParametricGame):
        return found
    return replace(whole, shape_of=found, payoffs=rows)


def named_game(instance: Instance, name: str | None, where: str) -> Game:
    """Return a subset game, or the game where no name is given.

    Raises
    ------
    InputError
        When there is no such game, or the game is not given by actions.
    """
    if isinstance(instance.game, AgreementGame):
        raise InputError("the claim needs a game given by actions, not by issues")
    if name is None:
        return instance.game
    if name not in instance.subset_games:
        raise InputError(
            f"unknown subset game {name!r}"
            f"{suggestion(name, instance.subset_games, none='the file defines none')}",
            where=where,
        )
    return instance.subset_games[name]
