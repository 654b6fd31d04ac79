"""Iterated programs as a kind of counterexample."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from spi_verify.counterexamples.drawing import Drawing, of_game
from spi_verify.counterexamples.iterated.confirming import applies, confirm, find
from spi_verify.counterexamples.kind import Body, Claimed, Confirmation, Kind
from spi_verify.counterexamples.programs.scenario import read_game

if TYPE_CHECKING:
    from spi_verify.counterexamples.bounds import Bounds
    from spi_verify.obligations.statements import Statement


class Iterated(Kind):
    """A game of two players with default programs, or with a better response."""

    name = "iterated"

    def applies(self, statement: Statement) -> bool:
        """Return whether the conclusion is one of the two that iterated programs can refute."""
        from spi_verify.counterexamples.statements.claimed import meaning

        return applies(meaning(statement))

    def find(self, statement: Statement, bounds: Bounds, _: list[str]) -> Iterator[Body]:
        """Iterate over counterexamples in one game, those with the fewest rounds first."""
        return find(statement, bounds)

    def confirm(self, claimed: Claimed, body: Body) -> Confirmation:
        """Execute the programs; no solver is asked."""
        return confirm(claimed, body)

    def size(self, body: Body) -> tuple[int, ...]:
        """Return the numbers of players and outcomes."""
        game = read_game(body["game"])
        return (game.number_of_players, game.number_of_outcomes)

    def drawing(self, _: Claimed, body: Body) -> Drawing:
        """Return the payoffs of the game."""
        return Drawing(of_game(body["game"], correlated=body.get("play") == "correlated"))
