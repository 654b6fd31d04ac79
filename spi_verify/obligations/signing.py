"""The key that entries of the cache are signed with, which nobody but its owner can read or write.

It does not lie in the cache, so that a copy of the cache is not believed elsewhere.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import re
import secrets
import stat
from pathlib import Path

from spi_verify.errors import InputError

NAME = "cache.key"
_LENGTH = 32


def key_directory() -> Path:
    """Return where the key is kept: under ``XDG_STATE_HOME``, or ``~/.local/state``."""
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(base) / "spi-verify"


def key() -> bytes:
    """Return the user's key, which is made where there is none.

    Raises
    ------
    InputError
        When others can write it or its folder, when it belongs to others, or when it is no key.
    """
    directory = key_directory()
    file = directory / NAME
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            _require_own(folder, directory, 0o700)
            try:
                return _read(folder, file)
            except FileNotFoundError:
                _make(folder)
                return _read(folder, file)
        finally:
            os.close(folder)
    except OSError as error:
        raise InputError(f"cannot use it: {error.strerror}", file=str(file)) from None


def signature(key: bytes, text: str) -> str:
    """Return what only the owner of the key can compute for a text."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _read(folder: int, file: Path) -> bytes:
    opened = os.open(file.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    try:
        _require_own(opened, file, 0o600)
        text = os.read(opened, 4 * _LENGTH).decode("ascii", "replace").strip()
    finally:
        os.close(opened)
    if re.fullmatch(f"[0-9a-f]{{{2 * _LENGTH}}}", text) is None:
        raise InputError("this is no key; remove it, and a new one is made", file=str(file))
    return bytes.fromhex(text)


def _make(folder: int) -> None:
    """Make a key; it is there at once and whole, and the first of several processes makes it."""
    temporary = f"{NAME}.{secrets.token_hex(8)}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    opened = os.open(temporary, flags, 0o600, dir_fd=folder)
    try:
        os.write(opened, f"{secrets.token_hex(_LENGTH)}\n".encode())
        os.fsync(opened)
        with contextlib.suppress(FileExistsError):
            os.link(temporary, NAME, src_dir_fd=folder, dst_dir_fd=folder)
    finally:
        os.close(opened)
        os.unlink(temporary, dir_fd=folder)


def _require_own(opened: int, path: Path, mode: int) -> None:
    found = os.fstat(opened)
    if found.st_uid != os.geteuid():
        raise InputError("it belongs to another user", file=str(path))
    if stat.S_IMODE(found.st_mode) & 0o077:
        what = f"others may read or write it; chmod {mode:o} is right"
        raise InputError(what, file=str(path))
