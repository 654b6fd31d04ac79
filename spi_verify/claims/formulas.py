"""Formulas over the parameters of a game, of which those of claims are made.

Nothing here is shared with :mod:`spi_verify.claims.deciding`, which evaluates the same claims for
fixed parameters; the tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache

import z3

from spi_verify.claims.instance import Instance
from spi_verify.errors import located
from spi_verify.games.expressions import (
    Constraint,
    Expression,
    Relation,
    parse_expression,
)
from spi_verify.games.game import Outcome
from spi_verify.games.quotients import Polynomial, as_quotient, compared


class Formulas:
    """What can be said about a game with parameters, for the formula of one claim.

    Parameters
    ----------
    names
        The parameters.
    payoffs
        For each outcome, mixtures included, the payoffs as expressions.
    outline
        The model with some values of the parameters, which do not matter: only what it says about
        functions and outcomes is asked for.
    subset_payoffs
        The same for the outcomes of each subset game.

    Attributes
    ----------
    comparisons
        The polynomials whose signs were asked for.
    divisors
        What is divided by in the claim itself, with where it stands.
    efficient
        For the position of a pure outcome, that it is efficient in the pure outcomes.
    """

    def __init__(
        self,
        names: Sequence[str],
        payoffs: Sequence[tuple[Expression, ...]],
        outline: Instance,
        subset_payoffs: Mapping[str, Mapping[Outcome, tuple[Expression, ...]]],
    ) -> None:
        self.names = names
        self.payoffs = payoffs
        self.outline = outline
        self.subset_payoffs = subset_payoffs
        self.pure = range(outline.game.number_of_outcomes)
        self.players = range(outline.game.number_of_players)
        self.comparisons: dict[Expression, None] = {}
        self.divisors: list[tuple[Expression, str]] = []
        self.efficient = cache(self._efficient)

    @property
    def reachable(self) -> list[int]:
        """The positions of the outcomes that default programs can reach."""
        return [k for k, reached in enumerate(self.outline.reachable) if reached]

    def every(self, conditions: Iterable[z3.BoolRef]) -> z3.BoolRef:
        """Say that all of these hold."""
        return z3.And(list(conditions))

    def exactly(self, listed: Collection[int], conditions: Sequence[z3.BoolRef]) -> z3.BoolRef:
        """Say that those at the listed places hold, and no others."""
        places = set(listed)
        return z3.And([c if k in places else z3.Not(c) for k, c in enumerate(conditions)])

    def improves(self, function: str, among: Iterable[int]) -> z3.BoolRef:
        """Say that a renegotiation function improves on some outcomes, and on one strictly."""
        images = self.outline.images(function)
        changes = dict.fromkeys(
            self.payoffs[int(images[k])][i] - self.payoffs[k][i]
            for k in among
            for i in self.players
        )
        return z3.And(
            z3.And([self.sign(change, ">=") for change in changes]),
            z3.Or([self.sign(change, ">") for change in changes]),
        )

    def _efficient(self, k: int) -> z3.BoolRef:
        return z3.Not(z3.Or([self._dominates(b, k) for b in self.pure if b != k]))

    def _dominates(self, b: int, k: int) -> z3.BoolRef:
        changes = [self.payoffs[b][i] - self.payoffs[k][i] for i in self.players]
        if any(change.is_constant and change.constant < 0 for change in changes):
            return z3.BoolVal(False)
        return z3.And(
            z3.And([self.sign(change, ">=") for change in changes]),
            z3.Or([self.sign(change, ">") for change in changes]),
        )

    def at_least_pmm(self, i: int, value: Expression) -> z3.BoolRef:
        """Say that a payoff of player number i, from 0, is no less than the player's PMM."""
        return z3.Or(
            [
                z3.And(self.sign(value - self.payoffs[e][i], ">="), self.efficient(e))
                for e in self.pure
            ]
        )

    def at_most_pmm(self, i: int, value: Expression) -> z3.BoolRef:
        """Say that a payoff of player number i, from 0, is no more than the player's PMM."""
        return z3.And(
            [
                z3.Or(self.sign(value - self.payoffs[e][i], "<="), z3.Not(self.efficient(e)))
                for e in self.pure
            ]
        )

    def in_pmp(self, k: int, player: int, a: tuple[Expression, ...]) -> z3.BoolRef:
        """Say that a pure outcome is in the projection of a payoff profile for a player, from 0."""
        conditions = []
        for j in self.players:
            value = self.payoffs[k][j]
            conditions += [self.sign(value - a[j], ">="), self.at_least_pmm(j, value)]
            if j != player:
                conditions.append(z3.Or(self.sign(value - a[j], "<="), self.at_most_pmm(j, value)))
        return z3.And(conditions)

    def sign(self, expression: Expression, relation: Relation) -> z3.BoolRef:
        """Compare an expression in the parameters with 0, where no divisor is."""
        if expression.is_constant:
            return z3.BoolVal(Constraint(expression, relation).holds({}))
        polynomial = compared(expression)
        self.comparisons[polynomial] = None
        return to_z3(Constraint(polynomial, relation))

    def read(self, text: str, where: str) -> Expression:
        """Read an expression of the claim itself.

        Raises
        ------
        InputError
            When the text is none.
        """
        below: list[Expression] = []
        with located(where=where):
            found = parse_expression(text, self.names, below)
        self.divisors += [(divisor, where) for divisor in below]
        return found


def variable(name: str) -> str:
    """Return the name of a parameter in formulas, which no word of SMT-LIB can be."""
    return f"p_{name}" if name.isascii() else f"x_{name.encode().hex()}"


@cache
def to_z3(constraint: Constraint) -> z3.BoolRef:
    """Return a constraint on the parameters as a z3 formula over real constants."""
    below = [divisor for divisor, _ in as_quotient(constraint.expression).divisors]
    left = _polynomial(as_quotient(compared(constraint.expression)).numerator)
    match constraint.relation:
        case "<":
            said = left < 0
        case "<=":
            said = left <= 0
        case "=":
            said = left == 0
        case ">=":
            said = left >= 0
        case ">":
            said = left > 0
    return z3.And(said, *(_polynomial(q) != 0 for q in below)) if below else said


def _polynomial(polynomial: Polynomial) -> z3.ArithRef:
    terms = sorted(polynomial.terms, key=lambda term: (len(term[0]), term[0]))
    total = z3.RealVal(polynomial.constant)
    for monomial, coefficient in terms:
        if monomial:
            product = z3.RealVal(coefficient)
            for name, power in monomial:
                for _ in range(power):
                    product = product * z3.Real(variable(name))
            total = total + product
    return total
