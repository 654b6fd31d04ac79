"""Representatives that can be carried out: a book with a page for each class of games."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spi_verify.delegation.dominance import reduce
from spi_verify.delegation.isomorphism import Isomorphism, isomorphisms, same_game
from spi_verify.games.game import Game, Outcome

ELIMINATION, ISOMORPHISM = "elimination", "isomorphism"
ASSUMPTIONS = (ELIMINATION, ISOMORPHISM)
"""What is assumed of representatives: that they leave out strictly dominated actions
(Assumption 1), and that they play isomorphic games without such actions isomorphically
(Assumption 2)."""


@dataclass(frozen=True, eq=False)
class Page:
    """A page: what is played in a class of games.

    Parameters
    ----------
    game
        One game of the class, reduced.
    outcome
        What is played there.
    copies
        Isomorphisms from that game by which it is played in other games. In a game for which none
        is written down, the first that is found is used.
    """

    game: Game
    outcome: Outcome
    copies: Sequence[Isomorphism] = ()


class Book:
    """Representatives who look up what they play.

    They satisfy the assumptions: they play a game as its reduction, and games without dominated
    actions that are isomorphic by one isomorphism. Where only one assumption is made, the book has
    more pages. What was looked up is written down. For a game that is on no page, a page is added,
    with its first outcome.

    Parameters
    ----------
    pages
        What is written in it.
    assumptions
        Which of the two they satisfy; the others need not hold, and in general do not.
    mixed
        Whether what mixed actions dominate counts as dominated, too.

    >>> dilemma = Game.from_payoffs([[[3, 3], [1, 4]], [[4, 1], [2, 2]]])
    >>> Book().play(dilemma)
    ('2', '2')
    """

    def __init__(
        self,
        pages: Iterable[Page] = (),
        *,
        assumptions: Iterable[str] = ASSUMPTIONS,
        mixed: bool = False,
    ) -> None:
        self.mixed = mixed
        self.assumptions = frozenset(assumptions)
        self._first: list[tuple[Game, Outcome]] = []
        self._written: list[tuple[Game, Outcome]] = []
        for page in pages:
            self._first.append((page.game, page.outcome))
            copies = [(copy.target, copy.image(page.outcome)) for copy in page.copies]
            self._written += [self._first[-1], *copies]

    def play(self, game: Game) -> Outcome:
        """Return the outcome that is played in a game."""
        if ELIMINATION in self.assumptions:
            game = reduce(game, mixed=self.mixed).game
        for known, outcome in self._written:
            if same_game(known, game):
                return outcome
        found = self._by_isomorphism(game)
        if found is None:
            found = next(game.outcomes())
            self._first.append((game, found))
        self._written.append((game, found))
        return found

    def _by_isomorphism(self, game: Game) -> Outcome | None:
        if ISOMORPHISM not in self.assumptions or reduce(game, mixed=self.mixed).steps:
            return None
        for known, outcome in self._first:
            found = next(isomorphisms(known, game), None)
            if found is not None:
                return found.image(outcome)
        return None
