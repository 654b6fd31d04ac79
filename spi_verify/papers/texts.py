"""What stands in the files of a shipped paper, to see what need not be run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path

from spi_verify.sources import text_of

_IMPORTED = re.compile(r"^(?:from|import) (\w+)", re.MULTILINE)
_SUITE = "def statements("


class Texts:
    """The texts of the files in a shipped paper's folder.

    An id stands in quotes in its suite, or in a file that this imports; a symbol that a statement's
    conclusion speaks of stands by its name in a file with the id, or in what this imports. Tests
    look at every shipped statement.
    """

    def __init__(self, folder: Path) -> None:
        self._texts = {file: text_of(file) for file in sorted(folder.glob("*.py"))}
        self._having: dict[tuple[Path, str], bool] = {}
        self._made_in: dict[str, Sequence[Path]] = {}

    @property
    def files(self) -> Sequence[Path]:
        """The files, sorted."""
        return list(self._texts)

    @cached_property
    def _imported(self) -> Mapping[Path, set[str]]:
        return {file: set(_IMPORTED.findall(text)) for file, text in self._texts.items()}

    def have(self, name: str) -> bool:
        """Return whether a name stands in one of the files."""
        return any(self._has(file, name) for file in self._texts)

    def may_conclude(self, id: str, names: Iterable[str]) -> bool:
        """Return whether the conclusion of a statement of the paper may speak of all these names.

        If it does, they stand in the files with its id, or in what these import.
        """
        if id not in self._made_in:
            self._made_in[id] = self._with_imported(self._quoting(id))
        return all(any(self._has(file, name) for file in self._made_in[id]) for name in names)

    def _with_imported(self, files: Iterable[Path]) -> Sequence[Path]:
        """Return files with those of the folder that they import, and so on."""
        beside = {file.stem: file for file in self._texts}
        found = list(files)
        for file in found:
            new = (beside[name] for name in self._imported[file] & beside.keys())
            found += [one for one in new if one not in found]
        return found

    def _quoting(self, id: str) -> list[Path]:
        """Return the files with an id in quotes, its suite most likely first."""
        texts, root = self._texts, id.removesuffix("/repaired")
        found = [file for file, text in texts.items() if f'"{root}"' in text]
        return sorted(found, key=lambda file: f'id="{root}"' not in texts[file])

    def _has(self, file: Path, name: str) -> bool:
        if (file, name) not in self._having:
            word = rf"(?<!\w){re.escape(name)}(?!\w)"
            self._having[file, name] = re.search(word, self._texts[file]) is not None
        return self._having[file, name]

    def with_id(self, id: str) -> list[Path]:
        """Return the files that may have a statement, those first that most likely do.

        These have the id in quotes, or import one that does, and so on.
        """
        texts, last = self._texts, self._quoting(id)
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
