"""Feasible sets as a kind of counterexample to what holds of payoffs alone."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from spi_verify.counterexamples.drawing import Drawing, numbers, of_profiles
from spi_verify.counterexamples.kind import (
    NOT_SEARCHED,
    SEARCHED,
    Body,
    Claimed,
    Confirmation,
    Kind,
)
from spi_verify.counterexamples.polytopes.confirming.examination import applies, confirm, examine
from spi_verify.counterexamples.polytopes.finding import LARGEST, candidates, too_large
from spi_verify.counterexamples.polytopes.polytope import NONEMPTY, read
from spi_verify.counterexamples.statements.meanings import meaning_of
from spi_verify.errors import InputError, Rejected
from spi_verify.games.correlated import CorrelatedPlay

if TYPE_CHECKING:
    from spi_verify.counterexamples.bounds import Bounds
    from spi_verify.obligations.statements import Statement


class Polytopes(Kind):
    """A polytope given by its corners, or a finite set."""

    name = "polytope"

    def applies(self, statement: Statement) -> bool:
        """Return whether the conclusion is one that a feasible set can refute."""
        from spi_verify.counterexamples.statements.claimed import meaning

        return applies(meaning(statement))

    def find(self, statement: Statement, bounds: Bounds, notes: list[str]) -> Iterator[Body]:
        """Iterate over counterexamples among small feasible sets, at most one of each set."""
        from spi_verify.counterexamples.statements.claimed import meaning

        known, game = meaning(statement), bounds.game
        if game is not None and too_large(game):
            notes.append(f"{NOT_SEARCHED}: feasible sets of a game of this size")
        elif game is None:
            sets = f"feasible sets whose corners pay integers up to {LARGEST}"
            notes.append(f"{SEARCHED}{bounds.told}: {sets}")
        for group in candidates(bounds, nonempty=known.goal == NONEMPTY):
            for body in group:
                try:
                    examine(known, read(body))
                except (Rejected, InputError):
                    continue
                yield body
                break

    def confirm(self, claimed: Claimed, body: Body) -> Confirmation:
        """Check a feasible set against a statement, exactly and without a solver."""
        return confirm(claimed, body)

    def size(self, body: Body) -> tuple[int, ...]:
        """Return the numbers of players and of corners."""
        return (len(body["corners"][0]), len(body["corners"]))

    def drawing(self, claimed: Claimed, body: Body) -> Drawing:
        """Return the feasible set, with the projections of the point where these are empty."""
        feasible = CorrelatedPlay(of_profiles(body["corners"]))
        try:
            projected = meaning_of(claimed).goal == NONEMPTY
        except InputError:
            projected = False
        return Drawing(
            feasible, tuple(map(Fraction, numbers(body["point"]))) if projected else None
        )
