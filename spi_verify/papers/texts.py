"""What stands in the files of a shipped paper, to see what need not be run."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path

from spi_verify.sources import text_of

_IMPORTED = re.compile(r"^(?:from|import) (\w+)", re.MULTILINE)
_SUITE = "def statements("


class Texts:
    """The texts of the files in a shipped paper's folder.

    An id stands in quotes in its suite, or in a file that this imports; a symbol that a statement's
    conclusion speaks of stands in some file by its name. Tests look at every shipped statement.
    """

    def __init__(self, folder: Path) -> None:
        self._texts = {file: text_of(file) for file in sorted(folder.glob("*.py"))}
        self._having: dict[str, bool] = {}

    @property
    def files(self) -> Sequence[Path]:
        """The files, sorted."""
        return list(self._texts)

    @cached_property
    def _imported(self) -> Mapping[Path, set[str]]:
        return {file: set(_IMPORTED.findall(text)) for file, text in self._texts.items()}

    def have(self, name: str) -> bool:
        """Return whether a name stands in one of the files."""
        if name not in self._having:
            word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
            self._having[name] = any(word.search(text) for text in self._texts.values())
        return self._having[name]

    def with_id(self, id: str) -> list[Path]:
        """Return the files that may have a statement, those first that most likely do.

        These have the id in quotes, or import one that does, and so on.
        """
        texts, root = self._texts, id.removesuffix("/repaired")
        last = [file for file, text in texts.items() if f'"{root}"' in text]
        last.sort(key=lambda file: f'id="{root}"' not in texts[file])
        found: list[Path] = []
        while last:
            found += last
            names = {file.stem for file in last}
            last = [file for file in texts if file not in found and self._imported[file] & names]
        return sorted(found, key=lambda file: _SUITE not in texts[file])


@cache
def texts_in(folder: Path) -> Texts:
    """Return what stands in a folder; read once."""
    return Texts(folder)
