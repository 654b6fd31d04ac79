"""The games that commands take: from any format that games are read from, and from model files."""

from __future__ import annotations

from pathlib import Path

from spi_verify.errors import InputError
from spi_verify.games.agreements import AgreementGame
from spi_verify.games.game import Game
from spi_verify.games.loading import GameFile, GameFormat, load_domain, load_game
from spi_verify.games.parametric import ParametricGame
from spi_verify.sources import says_game

_SETTING = ("feasible", "mixtures", "defaults")


def game_file(path: Path, *profiles: Path) -> GameFile:
    """Read a model file, a game in any known format, or a domain with each player's file.

    Raises
    ------
    InputError
        As :func:`spi_verify.games.loading.load_game` and `load_domain`.
    """
    if profiles:
        return GameFile(load_domain(path, profiles, MODEL_FILE))
    return load_game(path, MODEL_FILE)


def one_game(path: Path, *, wanted: str) -> tuple[Game, GameFile]:
    """Read one game that is given by actions.

    Parameters
    ----------
    path
        A model file, or a game in any known format.
    wanted
        What to do where the payoffs depend on parameters.

    Raises
    ------
    InputError
        When the file holds no such game.
    """
    file = game_file(path)
    if isinstance(file.game, ParametricGame):
        raise InputError(f"its payoffs depend on parameters; {wanted}", file=str(path))
    if isinstance(file.game, AgreementGame):
        raise InputError("a game given by actions is needed here, not by issues", file=str(path))
    return file.game, file


def _read_model(path: Path) -> GameFile:
    import msgspec

    from spi_verify.claims.reader import read_model

    model = read_model(path)
    document = msgspec.to_builtins(model.document)
    return GameFile(model.game, {key: document[key] for key in _SETTING if document.get(key)})


MODEL_FILE = GameFormat("model file", (".toml",), says_game, _read_model)
"""Model files, read by a room above that of games, which therefore does not know them itself."""
