"""The definitions of the paper, each a formula under the name the paper gives it.

There is a module for each part of the paper. The first argument of every function is the theory,
through which it refers to other definitions.
"""

from spi_verify.theory.definitions import (
    beliefs,
    feasible_sets,
    lists,
    loop,
    meet,
    programs,
    set_valued,
    together,
)
from spi_verify.theory.phrases import maximum
from spi_verify.theory.theory import Definition, collected

PAPER_DEFINITIONS = tuple(
    definition
    for part in (programs, meet, set_valued, loop, beliefs, lists, feasible_sets, together)
    for definition in collected(vars(part))
)

__all__ = ["PAPER_DEFINITIONS", "maximum"]


def __getattr__(name: str) -> Definition:
    """Return a definition by its name, whichever module it is in."""
    for definition in PAPER_DEFINITIONS:
        if definition.name == name:
            return definition
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
