"""Delegated play: subset games, dominance, isomorphisms, plays, and safe improvements on a game.

A subset game is a :class:`~spi_verify.games.game.Game` whose actions are some of another one's and
whose payoffs are any. Representatives play by its payoffs; the original players judge by those of
the original game. Nothing here imports a solver.
"""

from spi_verify.delegation.deciding import Failure, find_failure
from spi_verify.delegation.dominance import Reduction, Step, merge_duplicates, reduce, restrict
from spi_verify.delegation.improving import Improvement, Improvements, improve
from spi_verify.delegation.isomorphism import Isomorphism, isomorphisms, same_game
from spi_verify.delegation.plays import Book, Page

__all__ = [
    "Book",
    "Failure",
    "Improvement",
    "Improvements",
    "Isomorphism",
    "Page",
    "Reduction",
    "Step",
    "find_failure",
    "improve",
    "isomorphisms",
    "merge_duplicates",
    "reduce",
    "restrict",
    "same_game",
]
