"""How far a search for counterexamples goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from spi_verify.games.game import Game


@dataclass(frozen=True)
class Bounds:
    """How far to search.

    Parameters
    ----------
    players, outcomes
        The most players, and the most outcomes, of a game that is tried.
    game
        Look for programs, sets, selection functions and beliefs in this game only.
    candidates
        How many candidates may fail when they are executed before the search gives up.
    trying
        Told what is being tried, in words, whenever that changes.
    """

    players: int = 3
    outcomes: int = 4
    game: Game | None = None
    candidates: int = 200
    trying: Callable[[str], None] | None = field(default=None, compare=False, repr=False)

    @property
    def told(self) -> str:
        """Where is looked, in words."""
        if self.game is not None:
            return "in this game"
        return f"with up to {self.players} players and {self.outcomes} outcomes"

    def tell(self, what: str) -> None:
        """Tell whoever wants to know what is being tried."""
        if self.trying is not None:
            self.trying(what)
