"""What a paper is: a folder with a ``paper.toml`` and suites.

    proofs/program_games/
      paper.toml         title, authors, the order of its statements, the definitions it changes,
                         the file that says how its own symbols are written
      *.py               suites: each with a function statements(theory)
      variants/          other definitions, by the name that --with takes
      counterexamples/   ID.json; necessity/ID.without.HYPOTHESIS.json; variants/NAME/ID.json
      certificates/      proofs that are checked instead of being found again
      instances/         games in which what a statement says is there
      necessity.toml     why there is no counterexample without some hypothesis
      meanings.json      what statements say whose counterexamples are replayed without formulas

Only ``paper.toml`` and one suite have to be there.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from spi_verify.errors import InputError, located
from spi_verify.files import listed, read_text
from spi_verify.shipped import shipped
from spi_verify.suggestions import suggestion

FILE = "paper.toml"
COUNTEREXAMPLES, NECESSITY, VARIANTS = "counterexamples", "necessity", "variants"
CERTIFICATES = "certificates"
"""The folder of a paper's counterexamples; in it those that lack one hypothesis each, and those
for other definitions. A paper's folder ``variants`` holds these definitions."""

_KEYS = {
    "title": str,
    "authors": list,
    "extends": str,
    "order": list,
    "definitions": dict,
    "expected": dict,
    "notation": str,
}


@dataclass(frozen=True)
class Paper:
    """A folder of statements.

    Parameters
    ----------
    name
        What a command line calls it: the folder's name, with hyphens.
    folder
        Where it is.
    title, authors
        As printed.
    order
        The ids of the statements that are audited, in this order; the suites' other statements
        are lemmas. Empty: all of them, as the suites have them.
    extends
        The name or the folder of a paper whose definitions and statements count here, too: this
        one is a draft of it.
    definitions
        The definitions that it changes or adds, each with ``FILE:OBJECT``, the file in its folder.
    expected
        The verdicts expected of the other paper's statements, where the changes make them others.
    notation
        The file in its folder that says how its own symbols are written.
    suite
        The one suite that was named instead of a folder; None: all of the folder's.
    """

    name: str
    folder: Path
    title: str
    authors: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    extends: str | None = None
    definitions: Mapping[str, str] = field(default_factory=dict)
    expected: Mapping[str, str] = field(default_factory=dict)
    notation: str | None = None
    suite: Path | None = None

    @property
    def place(self) -> Path:
        """The folder, or the one suite."""
        return self.suite or self.folder

    @cached_property
    def extended(self) -> Paper | None:
        """The paper that it extends.

        Raises
        ------
        InputError
            When there is none of this name, or papers extend each other in a circle.
        """
        if self.extends is None:
            return None
        with located(file=str(self.folder / FILE), where="extends"):
            found, before = _paper_named(self.extends, self.folder), {self.folder.resolve()}
            one: Paper | None = found
            while one is not None:
                if one.folder.resolve() in before:
                    raise InputError("papers extend each other in a circle")
                before.add(one.folder.resolve())
                one = None if one.extends is None else _paper_named(one.extends, one.folder)
            return found

    @property
    def variants(self) -> dict[str, Path]:
        """The files of definitions that come with it as alternatives, by short name."""
        return {file.stem: file for file in sorted((self.folder / VARIANTS).glob("*.py"))}

    def counterexample(self, id: str) -> Path:
        """Where the counterexample to a statement of it is saved, if there is one."""
        return self.folder / COUNTEREXAMPLES / f"{file_name(id)}.json"

    @cached_property
    def reasons(self) -> Mapping[tuple[str, str], str]:
        """Why a hypothesis has no counterexample without it, by statement and hypothesis.

        Raises
        ------
        InputError
            When ``necessity.toml`` is there, and has another form.
        """
        file = self.folder / "necessity.toml"
        if not file.exists():
            return {}
        with located(file=str(file)):
            data = _toml(file)
            found = {}
            for k, one in enumerate(data.get("reasons", [])):
                if set(one) != {"statements", "hypothesis", "why"}:
                    keys = "write statements, hypothesis and why"
                    raise InputError(keys, where=f"reasons[{k}]")
                for id in one["statements"]:
                    found[id, one["hypothesis"]] = " ".join(one["why"].split())
            return found


def file_name(id: str) -> str:
    """Return what the file of a statement's counterexample is called, without its ending."""
    return id.replace("/", ".")


def read_paper(folder: Path) -> Paper:
    """Read what a folder's ``paper.toml`` says; nothing is run.

    Raises
    ------
    InputError
        When there is none, or a key is unknown, missing, or of another kind.
    """
    file = folder / FILE
    with located(file=str(file)):
        data = _toml(file)
        for key, value in data.items():
            if key not in _KEYS:
                raise InputError(f"there is no such key{suggestion(key, _KEYS)}", where=key)
            _check(key, value)
        if not data.get("title"):
            raise InputError("a paper needs a title", where="title")
        order = data.get("order", [])
        twice = next((id for id in order if order.count(id) > 1), None)
        if twice is not None:
            raise InputError(f"{twice!r} is there more than once", where="order")
    return Paper(
        name=folder.resolve().name.replace("_", "-"),
        folder=folder,
        title=data["title"],
        authors=tuple(data.get("authors", ())),
        order=tuple(order),
        extends=data.get("extends"),
        definitions=data.get("definitions", {}),
        expected=data.get("expected", {}),
        notation=data.get("notation"),
    )


def _paper_named(named: str, folder: Path) -> Paper:
    """Return a shipped paper, or one in a folder as seen from another."""
    shipped = shipped_papers()
    if named in shipped:
        return shipped[named]
    if (folder / named / FILE).exists():
        return read_paper(folder / named)
    known = ", ".join(shipped)
    raise InputError(
        f"{named!r} is neither a paper's folder, as seen from this one, nor one of: {known}"
    )


def paper_in(folder: Path) -> Paper | None:
    """Return the paper in a folder; None where there is no ``paper.toml`` in it."""
    return read_paper(folder) if (folder / FILE).exists() else None


def _check(key: str, value: Any) -> None:
    wanted = _KEYS[key]
    if not isinstance(value, wanted):
        names = {str: "a text", list: "a list of texts", dict: "a table of texts"}
        raise InputError(f"this should be {names[wanted]}", where=key)
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if not all(isinstance(part, str) for part in parts):
        raise InputError("these should be texts", where=key)


def _toml(file: Path) -> dict[str, Any]:
    try:
        return dict(_loaded(read_text(file)))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"this is no TOML file: {error}") from None


@lru_cache(maxsize=64)
def _loaded(text: str) -> Mapping[str, Any]:
    return tomllib.loads(text)


def shipped_papers() -> dict[str, Paper]:
    """Return the papers that come with the package, by name."""
    return {paper.name: paper for paper in _papers_in(shipped("proofs"))}


def papers_at(target: str) -> list[Paper]:
    """Return the paper of a name or folder, or the papers in a folder; none where there is none.

    Raises
    ------
    InputError
        When a ``paper.toml`` cannot be used.
    """
    known = shipped_papers()
    if target in known:
        return [known[target]]
    folder = Path(target)
    if (folder / FILE).exists():
        return [read_paper(folder)]
    return [] if list(folder.glob("*.py")) else _papers_in(folder)


def paper_of_suites(path: Path) -> Paper:
    """Return a suite file, or a folder of some without a ``paper.toml``, as a paper."""
    if path.is_file():
        return Paper(path.stem.replace("_", "-"), path.parent, path.name, suite=path)
    folder = path.resolve().name
    return Paper(folder.replace("_", "-"), path, folder)


def _papers_in(folder: Path) -> list[Paper]:
    return [read_paper(inside) for inside in folders_in(folder)]


def folders_in(folder: Path) -> list[Path]:
    """Return the folders of papers in a folder, sorted."""
    inside = sorted(folder.iterdir()) if folder.is_dir() else []
    return [one for one in inside if listed(one / FILE)]
