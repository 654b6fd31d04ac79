# file: weighted.py
"""A selection function of one's own: the greatest weighted sum of payoffs."""

from fractions import Fraction

from spi_verify.errors import InputError
from spi_verify.programs import Scoring
from spi_verify.programs.language.terms import term


@term
class Weighted(Scoring, word="weighted", parts="number*"):
    """The greatest weighted sum of payoffs; weights are positive."""

    transitive = "maximises a sum with positive weights, so that better for all comes first"

    weights: tuple[Fraction, ...]

    def __post_init__(self):
        if any(weight <= 0 for weight in self.weights):
            raise InputError("a weight is a positive number")

    def check(self, players):
        """Require a weight for each player."""
        if len(self.weights) != players:
            raise InputError(f"{self} needs a weight for each of the {players} players")

    def score(self, payoffs, ideal):
        """Return the sum."""
        return (sum(w * u for w, u in zip(self.weights, payoffs, strict=True)),)

    def told(self, words, choices=()):
        """Return the weights in words."""
        return f"the greatest sum with weights {', '.join(map(str, self.weights))}"

    @classmethod
    def candidates(cls, players):
        """Try one in which player 1 counts three times as much as the others."""
        return [cls((Fraction(3), *[Fraction(1)] * (players - 1)))]
