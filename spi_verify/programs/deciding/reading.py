"""What the code of set-valued functions says that their sets depend on.

Whatever reads functions by their code asks here. There is an entry for every class of the
language that can stand in a function, and a class without one, of this package or of somebody
else, may depend on anything.
"""

from __future__ import annotations

from enum import Flag, auto

from spi_verify.programs.language.conditions import AllOf, AnyOf, Not
from spi_verify.programs.language.functions import (
    Accepts,
    AtMost,
    Both,
    ByOutcome,
    ByPayoffs,
    Either,
    Extension,
    FunctionIs,
    Improving,
    ImprovingOnMeet,
    NowAtMost,
    Outcomes,
    PMPExtension,
    Projection,
    Row,
    SetFunction,
    Tag,
    Tagged,
    Take,
    When,
)
from spi_verify.programs.language.selections import Selection
from spi_verify.programs.language.terms import Term, is_known, subterms
from spi_verify.programs.language.variants import (
    ExtensionOnly,
    FinalExtension,
    Supposing,
    UnconditionalExtension,
)


class Looks(Flag):
    """What a piece of code looks at, beside the game and the outcome that is renegotiated."""

    NOTHING = 0
    CASES = auto()
    """It may tell cases apart, or suppose one; which ones its parts say."""
    VALUES = auto()
    """The sets that others' functions have, found by evaluating these."""
    TAGS = auto()
    """The tags of others' functions."""
    CODE = auto()
    """The code of others' functions."""


OTHERS = Looks.VALUES | Looks.TAGS | Looks.CODE
"""Everything about the others' functions."""

_LOOKS: dict[type[Term], Looks] = {
    AtMost: Looks.NOTHING,
    Both: Looks.NOTHING,
    ByOutcome: Looks.NOTHING,
    Either: Looks.NOTHING,
    Improving: Looks.NOTHING,
    ImprovingOnMeet: Looks.NOTHING,
    Outcomes: Looks.NOTHING,
    Projection: Looks.NOTHING,
    Row: Looks.NOTHING,
    Tag: Looks.NOTHING,
    UnconditionalExtension: Looks.NOTHING,
    When: Looks.CASES,
    NowAtMost: Looks.CASES,
    Not: Looks.CASES,
    AllOf: Looks.CASES,
    AnyOf: Looks.CASES,
    Supposing: Looks.CASES,
    Accepts: Looks.VALUES,
    Extension: Looks.VALUES,
    PMPExtension: Looks.VALUES,
    FinalExtension: Looks.VALUES,
    Take: Looks.VALUES,
    ExtensionOnly: Looks.VALUES | Looks.TAGS,
    Tagged: Looks.TAGS,
    FunctionIs: Looks.CODE,
}


def looks(part: Term) -> Looks | None:
    """Return what a piece of code looks at by itself, its parts aside; None where none can tell.

    A selection function is shown a set and nothing else, and some functions payoffs.
    """
    if isinstance(part, Selection | ByPayoffs):
        return Looks.NOTHING if is_known(part) else None
    return _LOOKS.get(type(part))


def unconditional(function: SetFunction) -> bool:
    """Whether a function's sets do not depend on the others' functions, nor on any condition."""
    return all(looks(part) == Looks.NOTHING for part in subterms(function))


def reads_functions(function: SetFunction) -> bool:
    """Whether a function may depend on anybody's functions; True where its code does not tell.

    >>> from spi_verify.programs import parse_function
    >>> reads_functions(parse_function("(when (now-at-most 3 1 0) (improving) (set))"))
    False
    >>> reads_functions(parse_function('(when (tagged 2 "kind") (improving) (set))'))
    True
    """
    seen = map(looks, subterms(function))
    return any(found is None or found & OTHERS for found in seen)


def any_looks(parts: list[Term], at: Looks) -> bool:
    """Whether any of some pieces of code is known to look at something; others do not count."""
    return any((looks(part) or Looks.NOTHING) & at for part in parts)
