"""One loader for games, whatever the format of their file.

A format is a :class:`GameFormat`; adding one is one file that makes one and either registers it
(:func:`register_format`) or names it as an entry point of the group ``spi_verify.game_formats``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from spi_verify.arguments import named
from spi_verify.errors import InputError
from spi_verify.games.agreements import AgreementGame
from spi_verify.games.arrays import read_arrays
from spi_verify.games.efg import read_efg
from spi_verify.games.game import Game
from spi_verify.games.genius import read_domain
from spi_verify.games.geniusweb import read_geniusweb
from spi_verify.games.negmas import read_negmas
from spi_verify.games.nfg import read_nfg
from spi_verify.games.parametric import ParametricGame
from spi_verify.games.tables import read_table

GROUP = "spi_verify.game_formats"
"""The group of entry points that installed packages name their formats in."""

_HEAD = 2**16


@dataclass(frozen=True)
class GameFile:
    """What a file says.

    Parameters
    ----------
    game
        The game, or a family of games where the payoffs depend on parameters.
    setting
        What else the file says, in the words of a model file: ``feasible`` (``"pure"`` or
        ``"correlated"``), ``mixtures``, ``defaults``.
    """

    game: Game | ParametricGame
    setting: Mapping[str, Any] = field(default_factory=dict)

    @property
    def correlated(self) -> bool:
        """Whether play is correlated."""
        return self.setting.get("feasible") == "correlated"


class DomainReader(Protocol):
    """Reads a negotiation: a domain and each player's file."""

    def __call__(
        self,
        domain: Path,
        profiles: Sequence[Path],
        /,
        *,
        steps: int | None = None,
        players: Sequence[str] | None = None,
        title: str = "",
    ) -> AgreementGame:
        """Return the game; raises InputError where the files do not make one."""


@dataclass(frozen=True)
class GameFormat:
    """A format of files that hold a game.

    Parameters
    ----------
    name
        As the list of known formats shows it.
    endings
        Those of its files, lower case, such as ``".nfg"``.
    recognises
        Whether a text is the beginning of such a file: at most its first 64 KiB, without byte
        order mark.
    read
        Reads a file. Raises InputError where it cannot, which names the file. Reading a file runs
        no code from it.
    read_domain
        Reads a domain with a file for each player, where the format is one of negotiations.
    """

    name: str
    endings: tuple[str, ...]
    recognises: Callable[[str], bool]
    read: Callable[[Path], GameFile]
    read_domain: DomainReader | None = None

    def __str__(self) -> str:
        return f"{self.name} ({', '.join(self.endings)})"


class UnknownFormatError(InputError):
    """A file in none of the known formats; ``what`` lists them."""


def _of_domain(path: Path) -> GameFile:
    raise InputError(
        f"a domain and its utility files make a game: spi-verify show {path.name} A B with a file "
        "for each player, or domain and profiles under [game] in a model file",
        file=str(path),
    )


def _unrecognised(_: str) -> bool:
    """Whatever anybody else recognises by its beginning goes before."""
    return False


_FORMATS = [
    GameFormat(
        "Gambit normal form",
        (".nfg",),
        lambda head: head.lstrip().startswith("NFG"),
        lambda path: GameFile(read_nfg(path)),
    ),
    GameFormat(
        "Gambit extensive form",
        (".efg",),
        lambda head: head.lstrip().startswith("EFG"),
        lambda path: GameFile(read_efg(path)),
    ),
    GameFormat(
        "table of payoffs",
        (".csv", ".tsv", ".tab"),
        _unrecognised,
        lambda path: GameFile(read_table(path)),
    ),
    GameFormat(
        "numpy arrays",
        (".npy", ".npz"),
        lambda head: "NUMPY" in head[:8] or head.startswith("PK"),
        lambda path: GameFile(read_arrays(path)),
    ),
    GameFormat(
        "GENIUS domain",
        (".xml",),
        lambda head: "<utility_space" in head,
        _of_domain,
        read_domain,
    ),
    GameFormat(
        "GeniusWeb domain",
        (".json",),
        lambda head: '"issuesValues"' in head or '"LinearAdditiveUtilitySpace"' in head,
        _of_domain,
        read_geniusweb,
    ),
    GameFormat(
        "negmas domain",
        (".yml", ".yaml"),
        lambda head: re.search(r"^(issues|reserved_value):", head, re.MULTILINE) is not None,
        _of_domain,
        read_negmas,
    ),
]


def register_format(format: GameFormat) -> None:
    """Let :func:`load_game` read a further format, in this process.

    Raises
    ------
    InputError
        When another format has the same name, or this is no format.
    """
    if not isinstance(format, GameFormat):
        raise InputError("a format of games is a spi_verify.games.loading.GameFormat")
    if any(known.name == format.name and known != format for known in _FORMATS):
        raise InputError(f"there is a format of games named {format.name!r} already")
    if format not in _FORMATS:
        _FORMATS.append(format)


@named
def load_game(path: Path | str, *further: GameFormat) -> GameFile:
    """Read a game from a file of any known format.

    Parameters
    ----------
    path
        The file. Its ending and its beginning say what format it has. Where they differ, the
        ending counts, if it is known; where formats share an ending, the beginning decides.
    further
        Formats that are known besides those that are registered or installed.

    Raises
    ------
    InputError
        When the file cannot be read, or has no known format; the message lists those there are.

    >>> load_game("no such.nfg")
    Traceback (most recent call last):
    ...
    spi_verify.errors.InputError: no such.nfg: cannot be read: No such file or directory
    """
    path = Path(path)
    return _format_of(path, further).read(path)


@named
def load_domain(
    domain: Path | str,
    profiles: Sequence[Path | str],
    *further: GameFormat,
    steps: int | None = None,
    players: Sequence[str] | None = None,
    title: str = "",
) -> AgreementGame:
    """Read a negotiation from a domain and the players' files, of any known format of such.

    Parameters
    ----------
    domain, profiles
        The file with the issues, and for each player the one with the utilities.
    further
        Formats that are known besides those that are registered or installed.
    steps
        Into how many equal steps the ranges of continuous issues are cut.
    players
        Names; default those of the players' files, without their ending.
    title
        Default the domain's name.

    Raises
    ------
    InputError
        When a file cannot be read, is no domain, or the files do not fit together.
    """
    path = Path(domain)
    found = _format_of(path, further)
    if found.read_domain is None:
        raise InputError(
            f"of format {found.name}, which is one file; drop the files after it", file=str(path)
        )
    files = list(map(Path, profiles))
    return found.read_domain(path, files, steps=steps, players=players, title=title)


def _format_of(path: Path, further: tuple[GameFormat, ...]) -> GameFormat:
    """Return the format of a file; installed ones are loaded only where no other one fits."""
    ending, head = path.suffix.lower(), _head(path)
    formats = [*_FORMATS, *further]
    for known in formats:
        if ending in known.endings and known.recognises(head or ""):
            return known
    formats += _installed()
    ended = [one for one in formats if ending in one.endings]
    if not ended and head is None:
        raise _unreadable(path)
    recognised = [one for one in ended or formats if one.recognises(head or "")]
    for one in recognised or ended:
        return one
    known_ones = ", ".join(map(str, formats))
    raise UnknownFormatError(f"no known format of games; there are: {known_ones}", file=str(path))


def _head(path: Path) -> str | None:
    """Return how a file begins, or None where it cannot be read."""
    try:
        if not path.is_file():
            return None
        with path.open("rb") as stream:
            return stream.read(_HEAD).decode("utf-8-sig", errors="replace")
    except (OSError, ValueError):
        return None


def _unreadable(path: Path) -> InputError:
    try:
        if path.is_file():
            path.open("rb").close()
        what = "this is not a file" if path.exists() else "there is no such file"
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
    except ValueError:
        return InputError("this cannot be the name of a file", file=repr(str(path)))
    return InputError(what, file=str(path))


def _installed() -> Iterator[GameFormat]:
    from importlib.metadata import entry_points

    for entry in entry_points(group=GROUP):
        try:
            found = entry.load()
        except Exception as error:
            raise InputError(
                f"the installed format of games {entry.name!r} cannot be loaded: {error}",
                where=entry.value,
            ) from error
        if not isinstance(found, GameFormat):
            raise InputError(
                f"the installed format of games {entry.name!r} is no GameFormat",
                where=entry.value,
            )
        yield found
