"""Sets of outcomes as a kind of counterexample to what selection functions do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from spi_verify.counterexamples.drawing import Drawing, of_profiles
from spi_verify.counterexamples.kind import Body, Claimed, Confirmation, Kind
from spi_verify.games.pure import PureOutcomes

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

    def find(self, statement: Statement, bounds: Bounds, _: list[str]) -> Iterator[Body]:
        """Yield the bodies of counterexamples, the smallest first."""
        from spi_verify.counterexamples.sets.confirming import find

        return find(statement, bounds)

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
        return Drawing(PureOutcomes(of_profiles(list(named.values()), list(named))))
