"""Token games: reading them, and whether what they pay is feasible."""

from __future__ import annotations

from spi_verify.claims.document import Document, TokenGameTable
from spi_verify.claims.instance import Instance
from spi_verify.claims.references import linear_table
from spi_verify.errors import InputError, located
from spi_verify.games.agreements import AgreementGame
from spi_verify.games.correlated import CorrelatedPlay
from spi_verify.games.game import Game
from spi_verify.suggestions import suggestion

TokenGame = tuple[Game, Game]
"""What the representatives play by, and what the original players get."""


def read_token_games(document: Document, game: Game) -> dict[str, TokenGame]:
    """Read the token games of a file.

    Raises
    ------
    InputError
        When one is none.
    """
    if document.token_games and document.parameters is not None:
        raise InputError("token games cannot be used with parameters", where="token-games")
    if document.token_games and isinstance(game, AgreementGame):
        raise InputError("token games need a game given by actions", where="token-games")
    found = {}
    for name, table in document.token_games.items():
        with located(where=f"token-games.{name}"):
            found[name] = _token_game(table, game)
    return found


def _token_game(table: TokenGameTable, game: Game) -> TokenGame:
    actions = table.actions or [[f"{name}'" for name in own] for own in game.actions]
    if len(actions) != game.number_of_players:
        raise InputError(
            f"a list of actions for each of the {game.number_of_players} players is needed",
            where="actions",
        )
    for i, (own, names) in enumerate(zip(actions, game.actions, strict=True)):
        old = next((name for name in own if name in names), None)
        if old is not None:
            told = f"{game.called(i + 1)} has the action {old!r} already"
            raise InputError(f"{told}; actions of tokens are new ones", where=f"actions[{i}]")
    if table.payoffs is None:
        if list(map(len, actions)) != list(game.shape):
            raise InputError("without payoffs, it has as many actions as the game", where="actions")
        played = Game(game.players, tuple(map(tuple, actions)), game.scaled, game.denominators)
    else:
        payoffs = linear_table(table.payoffs, (), "payoffs", [])
        played = Game.from_payoffs(payoffs, players=game.players, actions=actions)
    pays = linear_table(table.pays, (), "pays", [])
    with located(where="pays"):
        return played, Game.from_payoffs(pays, players=game.players, actions=actions)


def named_token_game(instance: Instance, name: str) -> TokenGame:
    """Return a token game.

    Raises
    ------
    InputError
        When there is none of this name, or an outcome pays what no lottery over outcomes of the
        game pays.
    """
    if name not in instance.token_games:
        raise InputError(
            f"unknown token game {name!r}"
            f"{suggestion(name, instance.token_games, none='the file defines none')}",
            where="token-game",
        )
    played, pays = instance.token_games[name]
    hull = CorrelatedPlay(instance.game)
    for point in dict.fromkeys(map(pays.payoffs, pays.outcomes())):
        if not hull.contains(point):
            shown = ", ".join(map(str, point))
            raise InputError(
                f"no lottery over outcomes of the game pays ({shown})",
                where=f"token-games.{name}.pays",
            )
    return played, pays
