"""``spi-verify convert``: a game in another format."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from spi_verify.commands.options import PATH
from spi_verify.commands.output import say
from spi_verify.commands.targets import require_writable
from spi_verify.errors import InputError, located
from spi_verify.files import writing

if TYPE_CHECKING:
    from spi_verify.games.game import Game
    from spi_verify.games.writing import Written


@click.command
@click.argument(
    "files",
    metavar="GAME [PROFILE...] OUT",
    nargs=-1,
    required=True,
    type=PATH,
    help="A model or a game (a domain with each player's file), and what to write.",
)
def command(files: tuple[Path, ...]) -> None:
    """Write a game in another format, which the ending of the last file says.

    Games by actions: .toml, .nfg, .efg, .csv, .tsv, .npy, .npz; negotiations also: .xml (GENIUS),
    .json (GeniusWeb), .yml (negmas), with a file for each player beside.
    """
    from spi_verify.commands.games import MODEL_FILE, game_file
    from spi_verify.games.parametric import ParametricGame

    if len(files) < 2:
        raise InputError("name what to read and what to write: spi-verify convert GAME OUT")
    *sources, target = files
    read = game_file(*sources)
    if isinstance(read.game, ParametricGame):
        raise InputError(
            "its payoffs depend on parameters, which other formats do not know; give them numbers",
            file=str(sources[0]),
        )
    with located(file=str(target)):
        written = _written(read.game, target)
    _refuse_loss(written, sources, target)
    for path, data in written.files.items():
        with writing(path):
            path.write_bytes(data)
        say(f"wrote {path}")
    lost = list(written.lost)
    if sources[0].suffix.lower() in MODEL_FILE.endings:
        lost.append("whatever the model says beyond its game")
    if lost:
        say(f"not in it: {', '.join(lost)}")


def _written(game: Game, target: Path) -> Written:
    from spi_verify.games.writing import ENDINGS, Written, write_game

    if target.suffix.lower() == ".toml":
        from spi_verify.claims.writing import game_text

        return Written({target: game_text(game).encode()}, ("comment",) if game.comment else ())
    if target.suffix.lower() not in ENDINGS:
        known = ", ".join((".toml", *ENDINGS))
        raise InputError(f"no ending that is written; there are: {known}")
    return write_game(game, target)


def _refuse_loss(written: Written, sources: list[Path], target: Path) -> None:
    """Refuse to write over what was read, and over files that the user did not name."""
    for path in written.files:
        require_writable(path)
        if path.exists() and any(path.samefile(source) for source in sources):
            raise InputError("this is what is read; write another file", file=str(path))
        if path != target and path.exists():
            raise InputError(
                "it is there already; delete it, or choose another folder", file=str(path)
            )
