"""Claims about games with parameters as formulas over the parameters.

Nothing here is shared with :mod:`spi_verify.models.decide`, which evaluates the same claims for
fixed parameters; the tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import cache

import z3

from spi_verify.games.expressions import Constraint, Linear, Relation
from spi_verify.games.parametric import ParametricGame
from spi_verify.models.document import (
    Claim,
    EfficientClaim,
    FunctionClaim,
    PmmClaim,
    PmpClaim,
)
from spi_verify.models.model import Model
from spi_verify.models.references import claimed_pmm, positions


class ClaimFormula:
    """The formula of one claim over the parameters of its model.

    Parameters
    ----------
    model
        A model with parameters.
    claim
        One of its claims, with references that exist, of a kind that is decided.

    Attributes
    ----------
    formula
        A z3 formula that holds for the parameter values for which the claim holds.
    comparisons
        The linear expressions whose signs the formula depends on.

    """

    def __init__(self, model: Model, claim: Claim) -> None:
        assert isinstance(model.game, ParametricGame)
        self.names = model.game.parameters
        self.comparisons: dict[Linear, None] = {}
        self._payoffs = [model.linear_payoffs(k) for k in range(model.points.count)]
        self._pure = range(model.points.game.number_of_outcomes)
        self._players = range(model.points.game.number_of_players)
        self._outline = model.instance(dict.fromkeys(self.names, Fraction(0)))
        self._efficient = cache(self._efficient_uncached)
        self.formula: z3.BoolRef = z3.simplify(self._build(claim))

    def _build(self, claim: Claim) -> z3.BoolRef:
        match claim:
            case FunctionClaim(kind="renegotiation-function"):
                return self._improves(claim.function, range(len(self._payoffs)))
            case FunctionClaim(kind="spi"):
                return self._improves(claim.function, self._reachable())
            case FunctionClaim():
                images = self._outline.images(claim.function)
                return z3.And(
                    [
                        self._at_least_pmm(i, self._payoffs[int(images[k])][i])
                        for k in self._reachable()
                        for i in self._players
                    ]
                )
            case EfficientClaim():
                listed = set(positions(claim.outcomes, self._outline))
                return z3.And(
                    [
                        self._efficient(k) if k in listed else z3.Not(self._efficient(k))
                        for k in self._pure
                    ]
                )
            case PmmClaim():
                return z3.And(
                    [
                        z3.And(self._at_least_pmm(i, value), self._at_most_pmm(i, value))
                        for i, value in enumerate(claimed_pmm(claim, self.names))
                    ]
                )
            case PmpClaim():
                listed = set(positions(claim.outcomes or [], self._outline))
                a = self._payoffs[self._outline.points.position(claim.outcome)]
                members = [self._in_pmp(k, claim.player - 1, a) for k in self._pure]
                return z3.And([m if k in listed else z3.Not(m) for k, m in enumerate(members)])
        raise AssertionError(claim)

    def _reachable(self) -> list[int]:
        return [k for k, reached in enumerate(self._outline.reachable) if reached]

    def _improves(self, function: str, among: Iterable[int]) -> z3.BoolRef:
        images = self._outline.images(function)
        changes = dict.fromkeys(
            self._payoffs[int(images[k])][i] - self._payoffs[k][i]
            for k in among
            for i in self._players
        )
        return z3.And(
            z3.And([self._sign(change, ">=") for change in changes]),
            z3.Or([self._sign(change, ">") for change in changes]),
        )

    def _efficient_uncached(self, k: int) -> z3.BoolRef:
        return z3.Not(z3.Or([self._dominates(b, k) for b in self._pure if b != k]))

    def _dominates(self, b: int, k: int) -> z3.BoolRef:
        changes = [self._payoffs[b][i] - self._payoffs[k][i] for i in self._players]
        if any(change.is_constant and change.constant < 0 for change in changes):
            return z3.BoolVal(False)
        return z3.And(
            z3.And([self._sign(change, ">=") for change in changes]),
            z3.Or([self._sign(change, ">") for change in changes]),
        )

    def _at_least_pmm(self, i: int, value: Linear) -> z3.BoolRef:
        return z3.Or(
            [
                z3.And(self._sign(value - self._payoffs[e][i], ">="), self._efficient(e))
                for e in self._pure
            ]
        )

    def _at_most_pmm(self, i: int, value: Linear) -> z3.BoolRef:
        return z3.And(
            [
                z3.Or(self._sign(value - self._payoffs[e][i], "<="), z3.Not(self._efficient(e)))
                for e in self._pure
            ]
        )

    def _in_pmp(self, k: int, player: int, a: tuple[Linear, ...]) -> z3.BoolRef:
        conditions = []
        for j in self._players:
            value = self._payoffs[k][j]
            conditions += [self._sign(value - a[j], ">="), self._at_least_pmm(j, value)]
            if j != player:
                conditions.append(
                    z3.Or(self._sign(value - a[j], "<="), self._at_most_pmm(j, value))
                )
        return z3.And(conditions)

    def _sign(self, expression: Linear, relation: Relation) -> z3.BoolRef:
        if expression.is_constant:
            return z3.BoolVal(Constraint(expression, relation).holds({}))
        self.comparisons[expression] = None
        return to_z3(Constraint(expression, relation))


def variable(name: str) -> str:
    """Return the name of a parameter in formulas, which no word of SMT-LIB can be."""
    return f"p_{name}" if name.isascii() else f"x_{name.encode().hex()}"


@cache
def to_z3(constraint: Constraint) -> z3.BoolRef:
    """Return a constraint on the parameters as a z3 formula over real constants."""
    left = z3.RealVal(constraint.expression.constant)
    for name, coefficient in constraint.expression.coefficients:
        left = left + z3.RealVal(coefficient) * z3.Real(variable(name))
    match constraint.relation:
        case "<":
            return left < 0
        case "<=":
            return left <= 0
        case "=":
            return left == 0
        case ">=":
            return left >= 0
        case ">":
            return left > 0
