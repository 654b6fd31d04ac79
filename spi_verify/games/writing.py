"""Games as files of other formats: what is lost is said, or an error."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from spi_verify.errors import InputError
from spi_verify.games.agreements import AgreementGame
from spi_verify.games.arrays import write_npy, write_npz
from spi_verify.games.efg import write_efg
from spi_verify.games.game import MAX_OUTCOMES, Game
from spi_verify.games.genius_writing import write_domain
from spi_verify.games.geniusweb import write_geniusweb
from spi_verify.games.negmas import write_negmas
from spi_verify.games.nfg import distinct, write_nfg
from spi_verify.games.tables import write_table

_TEXT = ("title", "comment")
_NAMES = ("names of players", "names of actions")


@dataclass(frozen=True)
class Written:
    """What is to be written.

    Parameters
    ----------
    files
        The content of each file.
    lost
        What of the game is not in them, in words.
    """

    files: dict[Path, bytes]
    lost: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Writer:
    """How a game by actions is written, and which of its parts are not."""

    write: Callable[[Game], str | bytes]
    without: tuple[str, ...] = ()


_GAMES = {
    ".nfg": _Writer(write_nfg),
    ".efg": _Writer(write_efg),
    ".csv": _Writer(write_table, _TEXT),
    ".tsv": _Writer(lambda game: write_table(game, delimiter="\t"), _TEXT),
    ".npy": _Writer(write_npy, _TEXT + _NAMES),
    ".npz": _Writer(write_npz, _TEXT),
}
_DOMAINS: dict[str, Callable[[AgreementGame], list[str]]] = {
    ".xml": write_domain,
    ".json": write_geniusweb,
    ".yml": write_negmas,
    ".yaml": write_negmas,
}
ENDINGS = (*_GAMES, *_DOMAINS)
"""Those of the files that can be written."""


def write_game(game: Game, path: Path) -> Written:
    """Return a game as files of the format that a name's ending says.

    Parameters
    ----------
    game
        A game by actions, or a negotiation. As a game by actions a negotiation is its whole
        normal form, in which everybody names an agreement.
    path
        Where to write. A negotiation's domain goes there, and each player's file beside, named
        by the player, which is how the names are read again.

    Raises
    ------
    InputError
        When the ending is not known, or the format cannot hold the game.
    """
    ending = path.suffix.lower()
    if ending in _DOMAINS:
        if not isinstance(game, AgreementGame):
            raise InputError(f"a {ending} file is of a negotiation, and this game has no issues")
        texts = _DOMAINS[ending](game)
        paths = [path, *(path.with_name(name) for name in _file_names(path, game.players))]
        files = {one: text.encode() for one, text in zip(paths, texts, strict=True)}
        same = [one.stem for one in paths[1:]] == list(game.players)
        return Written(files, () if same else ("names of players",))
    if ending not in _GAMES:
        raise InputError(f"{path.name!r} has no ending that is written: {', '.join(ENDINGS)}")
    table = normal_form(game) if isinstance(game, AgreementGame) else game
    writer = _GAMES[ending]
    content = writer.write(table)
    data = content if isinstance(content, bytes) else content.encode()
    return Written({path: data}, tuple(_lost(table, writer.without)))


def normal_form(game: AgreementGame) -> Game:
    """Return the game in which each player names an agreement, with all its outcomes.

    Raises
    ------
    InputError
        When it has more than 10 million outcomes.
    """
    offers, n = game.number_of_agreements, game.number_of_players
    if offers**n > MAX_OUTCOMES:
        raise InputError(
            f"{offers} agreements of {n} players make a table of more than {MAX_OUTCOMES} outcomes"
        )
    scaled = np.repeat(game.scaled[:, -1:], offers**n, axis=1)
    diagonal = sum(offers**k for k in range(n)) * np.arange(offers)
    scaled[:, diagonal] = game.scaled[:, :-1]
    names = distinct([", ".join(o) for o in itertools.islice(game.outcomes(), offers)])
    return Game(game.players, (names,) * n, scaled, game.denominators, game.title, game.comment)


def _lost(game: Game, parts: Sequence[str]) -> list[str]:
    kept = {
        "title": not game.title,
        "comment": not game.comment,
        "names of players": game.players
        == tuple(f"Player {i + 1}" for i in range(game.number_of_players)),
        "names of actions": all(
            names == tuple(map(str, range(1, len(names) + 1))) for names in game.actions
        ),
    }
    return [part for part in parts if not kept[part]]


def _file_names(path: Path, players: Sequence[str]) -> list[str]:
    parts = [re.sub(r"[^\w.-]+", "_", player) for player in players]
    return [f"{part}{path.suffix}" for part in distinct([path.stem, *parts])[1:]]
