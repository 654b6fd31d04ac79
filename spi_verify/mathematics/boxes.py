"""What is written: letters, scripts and rows, with every parenthesis in its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

PRIME = "′"
"""What is added to a name that means something else where it stands."""


class Level(IntEnum):
    """How tightly what is written holds together; an atom needs no parentheses anywhere."""

    QUANTIFIED = 0
    EQUIVALENCE = 1
    IMPLICATION = 2
    JUNCTION = 3
    NEGATION = 4
    RELATION = 5
    SUM = 6
    PRODUCT = 7
    ATOM = 8


class Style(IntEnum):
    """What letters look like."""

    ITALIC = 0
    BOLD = 1
    UPRIGHT = 2
    WORDS = 3
    SIGN = 4
    CALLIGRAPHIC = 5


@dataclass(frozen=True)
class Text:
    """A letter, a name, a sign, or words."""

    text: str
    style: Style = Style.ITALIC
    level: Level = Level.ATOM


@dataclass(frozen=True)
class Script:
    """A base with something below it, above it, or both."""

    base: Box
    below: Box | None = None
    above: Box | None = None
    level: Level = Level.ATOM


@dataclass(frozen=True)
class Row:
    """Boxes beside each other."""

    parts: tuple[Box, ...]
    level: Level = Level.ATOM


@dataclass(frozen=True)
class Joined:
    """Boxes with a sign between them."""

    sign: str
    parts: tuple[Box, ...]
    level: Level


@dataclass(frozen=True)
class Fenced:
    """A box in parentheses or other brackets."""

    inside: Box
    opening: str = "("
    closing: str = ")"
    level: Level = Level.ATOM


@dataclass(frozen=True)
class Bound:
    """A quantifier, what it binds, and the formula that it reaches over."""

    head: Row
    body: Box
    level: Level = Level.QUANTIFIED


@dataclass(frozen=True)
class Cases:
    """Values, each with the condition under which it is meant, and what is meant otherwise."""

    rows: tuple[tuple[Box, Box], ...]
    otherwise: Box
    level: Level = Level.ATOM


Box = Text | Script | Row | Joined | Fenced | Bound | Cases


def sign(text: str) -> Text:
    """Return a sign."""
    return Text(text, Style.SIGN)


def upright(text: str) -> Text:
    """Return a name of several letters, such as that of a function."""
    return Text(text, Style.UPRIGHT)


def bold(text: str) -> Text:
    """Return the name of a profile."""
    return Text(text, Style.BOLD)


def atom(box: Box) -> Box:
    """Return a box, in parentheses where it is no atom."""
    return tight(box, Level.ATOM)


def tight(box: Box, level: Level) -> Box:
    """Return a box, in parentheses where it holds together less tightly than a level."""
    return box if box.level >= level else Fenced(box)


def sub(base: Box, below: Box) -> Box:
    """Return a base with something below it; parentheses where there is something already."""
    return Script(_bare(base), below)


def sup(base: Box, above: Box) -> Box:
    """Return a base with something above it, beside what may be below it."""
    if isinstance(base, Script) and base.above is None:
        return Script(base.base, base.below, above)
    return Script(_bare(base), None, above)


def _bare(base: Box) -> Box:
    is_call = isinstance(base, Row) and isinstance(base.parts[-1], Fenced)
    if is_call or isinstance(base, Fenced):
        return base
    return base if isinstance(base, Text) and base.style != Style.WORDS else Fenced(base)


def comma(*boxes: Box) -> Box:
    """Return boxes with commas between them."""
    if len(boxes) == 1:
        return boxes[0]
    parts: list[Box] = []
    for box in boxes:
        parts += [sign(","), box] if parts else [box]
    return Row(tuple(parts))


def call(function: Box, *arguments: Box) -> Box:
    """Return a function applied to arguments; a tuple needs no more parentheses."""
    if len(arguments) == 1 and isinstance(arguments[0], Fenced):
        return Row((function, arguments[0]))
    return Row((function, Fenced(comma(*arguments))))


def applied(function: Box, *arguments: Box) -> Box:
    """Return a function applied to arguments, in parentheses unless it is a letter or a script."""
    head = function if isinstance(function, Text | Script) else Fenced(function)
    return Row((head, Fenced(comma(*arguments))))


def own_part(profile: Box, i: Box) -> Box:
    """Return a player's component of a profile, which is not bold any more."""
    if isinstance(profile, Text) and profile.style == Style.BOLD:
        profile = Text(profile.text)
    return sub(profile, i)


def minus(i: Box) -> Box:
    """Return the index of everybody but one."""
    return Row((sign("-"), i))


def others(profile: Box, i: Box) -> Box:
    """Return the components of a profile but one."""
    return sub(profile, minus(i))


def relation(left: Box, between: str, right: Box) -> Joined:
    """Return what is said of two terms."""
    sides = tight(left, Level.SUM), tight(right, Level.SUM)
    return Joined(between, sides, Level.RELATION)


def words(text: str, *boxes: Box) -> Row:
    """Return a sentence in which each ``{}`` stands for a box."""
    pieces = text.split("{}")
    parts: list[Box] = []
    for k, piece in enumerate(pieces):
        parts += [Text(piece, Style.WORDS)] if piece else []
        parts += [tight(boxes[k], Level.SUM)] if k < len(boxes) else []
    return Row(tuple(parts), Level.RELATION)


def said(text: str, *order: int) -> Callable[..., Box]:
    """Return what makes a sentence of its arguments.

    Parameters
    ----------
    text
        With ``{}`` for each argument.
    order
        Which argument the first ``{}`` stands for, and so on, from 0; none where they come in
        their order.
    """
    return lambda *arguments: words(text, *(arguments[k] for k in order or range(len(arguments))))
