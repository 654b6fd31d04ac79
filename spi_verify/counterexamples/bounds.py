"""How far a search for counterexamples goes."""

from __future__ import annotations

from dataclasses import dataclass

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
    """

    players: int = 3
    outcomes: int = 4
    game: Game | None = None
    candidates: int = 200

    @property
    def told(self) -> str:
        """Where is looked, in words."""
        if self.game is not None:
            return "in this game"
        return f"with up to {self.players} players and {self.outcomes} outcomes"
