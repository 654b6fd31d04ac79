"""Games as numpy arrays, as nashpy has them: in Python, and in ``.npy`` and ``.npz`` files.

Numbers are exact. A float counts only where the decimal that it prints as is its very value, such
as 0.5; 0.1 is refused, and so is what would have to be run to be read.
"""

from __future__ import annotations

import io
import math
import tokenize
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from spi_verify.arguments import named
from spi_verify.errors import InputError, located
from spi_verify.games.game import MAX_OUTCOMES, MAX_PLAYERS, Game
from spi_verify.games.nfg import written_payoffs
from spi_verify.games.rationals import parse_rational

MAX_BYTES = 256 * 2**20
_INT64_SAFE = 2**62
_PLAYERS, _ACTIONS = "players", "actions_"


@named
def from_arrays(
    *arrays: Any,
    players: Sequence[str] | None = None,
    actions: Sequence[Sequence[str]] | None = None,
    title: str = "",
) -> Game:
    """Build a game from an array of each player's payoffs, such as nashpy's two matrices.

    Parameters
    ----------
    arrays
        For each of n players an array (or nested lists) of shape (|A_1|, ..., |A_n|) with that
        player's payoffs: integers, Fractions, decimals as text such as ``"0.1"``, or floats that
        are exactly the decimals they print as, such as 0.5.
    players
        Names; default "Player 1", ..., "Player n".
    actions
        Names for each player; default "1", "2", ....
    title
        Free text.

    Raises
    ------
    InputError
        When shapes do not fit, or a number is not exact.

    >>> game = from_arrays([[3, 0], [5, 1]], [["3", "5"], ["0", "0.1"]])
    >>> [str(u) for u in game.payoffs(("2", "2"))]
    ['1', '1/10']
    """
    tables = [
        array if isinstance(array, np.ndarray) else np.array(array, object) for array in arrays
    ]
    n = len(tables)
    if not 1 <= n <= MAX_PLAYERS:
        raise InputError(f"give an array for each of 1 to {MAX_PLAYERS} players", where="arrays")
    shape = tables[0].shape
    for i, table in enumerate(tables):
        if table.shape != shape or table.ndim != n:
            raise InputError(
                f"an array of shape {table.shape} where each of {n} players needs one with {n} "
                f"axes, all of the same shape",
                where=f"arrays[{i}]",
            )
    if math.prod(shape) > MAX_OUTCOMES:
        raise InputError(f"more than {MAX_OUTCOMES} outcomes", where="arrays")
    exact = []
    for i, table in enumerate(tables):
        with located(where=f"arrays[{i}]"):
            exact.append(_exact(table))
    payoffs = np.stack(exact, axis=-1)
    return Game.from_payoffs(payoffs, players=players, actions=actions, title=title)


@named
def read_arrays(path: Path | str) -> Game:
    """Read a game from a file of numpy arrays; nothing in it is run.

    Parameters
    ----------
    path
        A ``.npy`` file with an array of shape (|A_1|, ..., |A_n|, n), or an ``.npz`` file with an
        array for each player, in the file's order, as :func:`from_arrays` takes them. Arrays of
        text named ``players`` and ``actions_1``, ``actions_2``, ... are names.

    Raises
    ------
    InputError
        When the file cannot be read, is larger than 256 MiB, or holds no such game.
    """
    path = Path(path)
    with located(file=str(path)):
        try:
            if not path.is_file():
                what = "this is not a file" if path.exists() else "there is no such file"
                raise InputError(what)
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise InputError(f"cannot read it: {error.strerror}") from None
        if len(data) > MAX_BYTES:
            raise InputError(f"larger than {MAX_BYTES >> 20} MiB")
        if data.startswith(b"PK"):
            return _from_named(_unpacked(data))
        table = _array(data)
        if table.ndim < 2 or table.shape[-1] != table.ndim - 1:
            raise InputError(
                f"an array of shape {table.shape} is not of the form (|A_1|, ..., |A_n|, n); save "
                "one array for each player with numpy.savez, or numpy.stack([A, B], axis=-1)"
            )
        return from_arrays(*np.moveaxis(table, -1, 0))


@named
def write_npy(game: Game) -> bytes:
    """Return the bytes of a ``.npy`` file with the payoffs, which :func:`read_arrays` reads.

    Names, title and comment are not in it. Payoffs are integers where all are, and text otherwise.

    Raises
    ------
    InputError
        When a payoff has more than 400 digits.
    """
    return _bytes(np.stack(_tables(game), axis=-1))


@named
def write_npz(game: Game) -> bytes:
    """Return the bytes of an ``.npz`` file with payoffs and names, which :func:`read_arrays` reads.

    Title and comment are not in it. Payoffs are integers where all are, and text otherwise.

    Raises
    ------
    InputError
        When a payoff has more than 400 digits.
    """
    data = io.BytesIO()
    arrays = {f"payoffs_{i}": table for i, table in enumerate(_tables(game), start=1)}
    arrays[_PLAYERS] = np.array(game.players)
    for i, names in enumerate(game.actions, start=1):
        arrays[f"{_ACTIONS}{i}"] = np.array(names)
    with zipfile.ZipFile(data, "w") as archive:
        for name, array in arrays.items():  # a ZipInfo has the same date always
            member = zipfile.ZipInfo(f"{name}.npy")
            archive.writestr(member, _bytes(array), compress_type=zipfile.ZIP_DEFLATED)
    return data.getvalue()


def _tables(game: Game) -> list[npt.NDArray[Any]]:
    if game.scaled.dtype != object and all(d == 1 for d in game.denominators):
        return [row.reshape(game.shape) for row in game.scaled]
    columns = written_payoffs(game.scaled, game.denominators)
    return [np.array(column).reshape(game.shape) for column in columns]


def _bytes(array: npt.NDArray[Any]) -> bytes:
    data = io.BytesIO()
    np.save(data, array, allow_pickle=False)
    return data.getvalue()


def _unpacked(data: bytes) -> dict[str, npt.NDArray[Any]]:
    arrays = {}
    for name, packed in _members(data):
        with located(where=f"array {name}"):
            arrays[name] = _array(packed)
    return arrays


def _members(data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MAX_BYTES:
                raise InputError(f"larger than {MAX_BYTES >> 20} MiB when unpacked")
            for member in archive.infolist():
                yield member.filename.removesuffix(".npy"), archive.read(member)
    except InputError:
        raise
    except Exception as error:  # each decompressor has errors of its own
        raise InputError(f"no .npz file: {error}") from None


def _array(data: bytes) -> npt.NDArray[Any]:
    try:
        array = np.lib.format.read_array(io.BytesIO(data), allow_pickle=False)
    except tokenize.TokenError as error:
        raise InputError(f"no .npy file: {error.args[0]}") from None
    except Exception as error:  # numpy does not say what it raises for which damage
        if "pickle" in str(error) or "Object arrays" in str(error):
            raise InputError(
                "it holds Python objects, which reading does not run; save integers, or text with "
                "A.astype(str)"
            ) from None
        what = str(error).partition("\n")[0]
        raise InputError(f"no .npy file: {what}") from None
    return np.asarray(array)


def _from_named(arrays: Mapping[str, npt.NDArray[Any]]) -> Game:
    texts = {
        name: _names(array, name)
        for name, array in arrays.items()
        if name == _PLAYERS or name.startswith(_ACTIONS)
    }
    tables = [array for name, array in arrays.items() if name not in texts]
    actions = None
    if any(name.startswith(_ACTIONS) for name in texts):
        actions = [texts.get(f"{_ACTIONS}{i}", ()) for i in range(1, len(tables) + 1)]
    return from_arrays(*tables, players=texts.get(_PLAYERS), actions=actions)


def _names(array: npt.NDArray[Any], name: str) -> tuple[str, ...]:
    if array.dtype.kind != "U" or array.ndim != 1:
        raise InputError("names are a list of texts", where=f"array {name}")
    return tuple(map(str, array))


def _exact(table: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return integers as they are, and anything else as exact Fractions."""
    if table.dtype.kind in "iu":
        return table
    if table.dtype.kind == "f" and table.dtype.itemsize > 8:
        raise InputError(f"payoffs of type {table.dtype} are not read; give float64 or text")
    if table.dtype.kind == "f":
        for value in table.flat if table.dtype.itemsize < 8 else ():  # 0.1 is no 0.1 there, either
            wide = float(value)
            if math.isfinite(wide) and Fraction(str(value)) != Fraction(wide):
                raise InputError(f"the float {value} is not exactly that number; give text")
        table = table.astype(np.float64)
        whole = np.isfinite(table) & (table == np.floor(table)) & (np.abs(table) < _INT64_SAFE)
        if whole.all():
            return table.astype(np.int64)
    if table.dtype.kind not in "fUO":
        raise InputError(f"payoffs of type {table.dtype} are no numbers")
    exact = np.empty(table.shape, dtype=object)
    exact.reshape(-1)[:] = [_fraction(value) for value in table.reshape(-1).tolist()]
    return exact


def _fraction(value: Any) -> Fraction:
    if isinstance(value, str):
        return parse_rational(value)
    if isinstance(value, (int, np.integer, Fraction)) and not isinstance(value, bool):
        return value if isinstance(value, Fraction) else Fraction(int(value))
    if isinstance(value, float) and math.isfinite(value):
        exact = Fraction(value)
        if exact == Fraction(repr(value)):
            return exact
        raise InputError(
            f"the float {value!r} is not exactly that number; give integers or Fractions, or the "
            "decimals as text, as by A.astype(str)"
        )
    raise InputError(f"{value!r} is not an exact number; give an int, a Fraction or a text")
