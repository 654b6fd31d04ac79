"""Definitions that hold by how games and programs are made, and are not evaluated.

Searching and confirming have to leave out the same ones, and nothing else.
"""

from __future__ import annotations

from spi_verify.theory import PAPER, Theory

_BY_CONSTRUCTION = frozenset({"renegotiation_programs_complete", "replacement"})
"""Definitions that hold of all programs by how programs are made, and are not evaluated."""

_NOT_EVALUATED = _BY_CONSTRUCTION | {"correlated_randomisation", "extensions_exist"}
"""Besides, those that what is listed does not meet, although all that is there does."""


def unchanged(name: str, theory: Theory) -> bool:
    """Return whether a definition is the paper's; what settles that one settles no other."""
    return theory[name] is PAPER[name]


def by_construction(name: str, theory: Theory) -> bool:
    """Return whether a closed definition holds by how games and programs are made."""
    return name in _BY_CONSTRUCTION and unchanged(name, theory)


def not_evaluated(name: str, theory: Theory) -> bool:
    """Return whether a closed definition is settled alone, and not evaluated for what is listed."""
    return name in _NOT_EVALUATED and unchanged(name, theory)
