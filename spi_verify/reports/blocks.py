"""A text for people as blocks, which are written as Markdown or as LaTeX."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spi_verify.mathematics.boxes import Box


class Code(str):
    """A name or a command, in a line of text."""

    __slots__ = ()


Inline = tuple[str, ...]
"""A line of text: texts, some of which are :class:`Code`."""


@dataclass(frozen=True)
class Heading:
    """A heading; the one of the whole text has level 1."""

    level: int
    line: Inline


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    line: Inline


@dataclass(frozen=True)
class Items:
    """A list, with numbers or without."""

    lines: tuple[Inline, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Grid:
    """A table with a row of headings; ``caption`` stands below it."""

    head: tuple[Inline, ...]
    rows: tuple[tuple[Inline, ...], ...]
    caption: str = ""


@dataclass(frozen=True)
class Bimatrix:
    """The payoffs of a game of two players; ``caption`` stands below them.

    Parameters
    ----------
    players
        Who chooses the row, and who the column.
    columns
        The actions of the second.
    rows
        An action of the first, and the cells of its row.
    caption
        What the cells are.
    """

    players: tuple[str, str]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture in a file, as seen from the text, without its ending."""

    file: str
    caption: str


@dataclass(frozen=True)
class Lines:
    """Lines as they are: commands, or formulas."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Formula:
    """A formula, and what its variables are."""

    shown: Box
    legend: str = ""


Block = Heading | Paragraph | Items | Grid | Bimatrix | Picture | Lines | Formula


def codes(names: Iterable[str]) -> Inline:
    """Return names in a row: ``a, b``; "nothing" where there are none."""
    parts: list[str] = []
    for name in names:
        parts += [", "] if parts else []
        parts.append(Code(name))
    return tuple(parts) or ("nothing",)


def line(*parts: str | Sequence[str]) -> Inline:
    """Return a line of texts, and of lines."""
    texts = (part if not isinstance(part, str) else (part,) for part in parts)
    return tuple(text for each in texts for text in each if text)
