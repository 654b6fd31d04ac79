"""Which files are model files, without reading what they say."""

from __future__ import annotations

import os
import re
from pathlib import Path

from spi_verify.errors import InputError
from spi_verify.files import MAX_BYTES

_GAME = re.compile(r"^[ \t]*(\[[ \t]*game[ \t]*[].]|game[ \t]*[.=])", re.MULTILINE)
_NOT_LOOKED_IN = {"build", "dist", "node_modules", "venv"}


def says_game(text: str) -> bool:
    """Return whether a text of TOML, or its beginning, has a section for a game."""
    return _GAME.search(text) is not None


def is_model(file: Path) -> bool:
    """Return whether a file is a model: TOML with a section for a game."""
    return file.suffix == ".toml" and says_game(text_of(file))


def text_of(file: Path) -> str:
    """Return what a file says; nothing where it is no text of a reasonable size."""
    try:
        if file.stat().st_size > MAX_BYTES:
            return ""
        return file.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return ""


def models_in(folder: Path) -> list[Path]:
    """Return the model files in a folder and in those inside of it, sorted, as pytest does.

    Hidden folders are left out, and those of builds and virtual environments.

    Raises
    ------
    InputError
        When there is none.
    """
    found = []
    for at, folders, files in os.walk(folder):
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and name not in _NOT_LOOKED_IN
            and not (Path(at) / name / "pyvenv.cfg").exists()
        )
        found += [Path(at) / name for name in sorted(files) if is_model(Path(at) / name)]
    if not found:
        what = "there is no model file (*.toml with a section [game]) in this folder"
        raise InputError(what, file=str(folder))
    return found
