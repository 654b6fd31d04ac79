"""Sets of outcomes as a kind of counterexample to what selection functions do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from spi_verify.counterexamples.drawing import Drawing, of_profiles
from spi_verify.counterexamples.kind import SEARCHED, Body, Claimed, Confirmation, Kind
from spi_verify.errors import Rejected

if TYPE_CHECKING:
    from spi_verify.counterexamples.bounds import Bounds
    from spi_verify.obligations.statements import Statement


class Sets(Kind):
    """A set of outcomes and what is added to it."""

    name = "sets"

    def applies(self, statement: Statement) -> bool:
        """Return whether the conclusion is that one of the known criteria is transitive."""
        from spi_verify.counterexamples.sets.confirming import applies
        from spi_verify.counterexamples.statements.claimed import meaning

        return applies(meaning(statement))

    def find(self, statement: Statement, bounds: Bounds, notes: list[str]) -> Iterator[Body]:
        """Iterate over counterexamples, the smallest first.

        Every table of small payoffs is tried, no solver is asked: integers from 0 (from 1 for a
        disagreement point strictly below) up to the greatest number, at most 4, for which there
        are about 200,000 tables or fewer of that many players, outcomes, and members of the set.
        There are at most 5 players, and at most 6 outcomes in the larger set. With a game, its
        outcomes are tried as they are, with everybody's worst payoff (one less where it is
        supposed to be strictly below) as the disagreement point.

        Notes
        -----
        Fewest players first, then fewest outcomes, smallest set, smallest payoffs. No two
        counterexamples differ in names, in the numbering of players, in the order that breaks ties
        alone, or in the scale of payoffs: of all players together, and of each player for the
        selection functions that leave it open. The disagreement point is 0, and priority goes by
        the players' numbers.
        """
        from spi_verify.counterexamples.sets.confirming import criterion, examine
        from spi_verify.counterexamples.sets.finding import (
            MOST_PAYOFF,
            examples_in_game,
            small_examples,
        )
        from spi_verify.counterexamples.statements.claimed import meaning

        known = meaning(statement)
        name, supposed = criterion(known), {str(label) for _, label in known.hypotheses}
        if bounds.game is None:
            payoffs = f"payoffs that are integers up to {MOST_PAYOFF}, fewer in large sets"
            notes.append(f"{SEARCHED}{bounds.told}: {payoffs}")
            examples = small_examples(name, supposed, bounds)
        else:
            examples = examples_in_game(name, bounds)
        for example in examples:
            try:
                examine(statement, example)
            except Rejected:
                continue
            yield example.body()

    def confirm(self, claimed: Claimed, body: Body) -> Confirmation:
        """Execute a counterexample and evaluate the statement's formulas in it."""
        from spi_verify.counterexamples.sets.confirming import confirm

        return confirm(claimed, body)

    def size(self, body: Body) -> tuple[int, ...]:
        """Return the numbers of players and outcomes."""
        return (body["players"], len(body["payoffs"]))

    def drawing(self, _: Claimed, body: Body) -> Drawing:
        """Return the payoffs of all outcomes."""
        named = body["payoffs"]
        from spi_verify.games.pure import PureOutcomes

        return Drawing(PureOutcomes(of_profiles(list(named.values()), list(named))))
