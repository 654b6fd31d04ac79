"""A game, its outcomes and nothing else."""

from __future__ import annotations

from typing import Any

from spi_verify.counterexamples.programs.finding.frames.frame import Frame, Model, Slot
from spi_verify.counterexamples.programs.scenario import Scenario
from spi_verify.programs.language.programs import Program


class PayoffFrame(Frame):
    """A game, its outcomes and nothing else."""

    def _slots(self) -> list[Slot]:
        return [Slot(i, "constant", 0) for i in self.players]

    def _renegotiated_outcome(self, profile: tuple[int, ...]) -> Any:  # noqa: ARG002
        return None

    def required(self) -> Any:
        """Return nothing."""
        return True

    def program(self, c: int, model: Model) -> Program:
        """Return a constant."""
        return self.plain(c, model)

    def scenario(self, model: Model) -> Scenario:
        """Return the game."""
        return Scenario(self.decoded_game(model), False, None, self.default_sets(model))
