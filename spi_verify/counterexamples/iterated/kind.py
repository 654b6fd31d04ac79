"""Iterated programs as a kind of counterexample."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import TYPE_CHECKING

from spi_verify.counterexamples.drawing import Drawing, of_game
from spi_verify.counterexamples.iterated.body import MAX_OUTCOMES, TIGHT
from spi_verify.counterexamples.iterated.confirming.examination import applies, confirm, examine
from spi_verify.counterexamples.iterated.finding import response_candidates, tight_candidates
from spi_verify.counterexamples.kind import (
    NOT_SEARCHED,
    SEARCHED,
    Body,
    Claimed,
    Confirmation,
    Kind,
)
from spi_verify.counterexamples.programs.scenario import read_game
from spi_verify.errors import InputError, Rejected

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

    def find(self, statement: Statement, bounds: Bounds, notes: list[str]) -> Iterator[Body]:
        """Iterate over counterexamples in one game, those with the fewest rounds first.

        The game is that of the bounds, which has to have two players; without one it is the
        Scheduling Game. No two counterexamples are alike but for their numbers.
        """
        from spi_verify.counterexamples.statements.claimed import meaning
        from spi_verify.programs.examples import scheduling_game

        game = bounds.game if bounds.game is not None else scheduling_game()
        if game.number_of_players != 2 or game.number_of_outcomes > MAX_OUTCOMES:
            notes.append(
                f"{NOT_SEARCHED}: iterated programs in games of more than two players or more than "
                f"{MAX_OUTCOMES} outcomes"
            )
            return
        where = "in the Scheduling Game" if bounds.game is None else "in this game"
        notes.append(f"{SEARCHED}{where}: iterated programs listed one by one")
        known = meaning(statement)
        tight = known.goal == TIGHT
        found: set[Hashable] = set()
        listed = tight_candidates(game) if tight else response_candidates(game)
        for number, (alike, body) in enumerate(listed, start=1):
            bounds.tell(f"candidate {number:,} executed")
            if alike in found:
                continue
            try:
                examine(known, body)
            except (InputError, Rejected):
                continue
            found.add(alike)
            yield body

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
