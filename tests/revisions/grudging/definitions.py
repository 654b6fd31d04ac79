"""Transitivity of everything that is added, and programs that grudge others their gains."""

from fractions import Fraction

from z3 import And, Const, Consts, ForAll, Implies

from spi_verify.programs import ByPayoffs
from spi_verify.programs.language.terms import term
from spi_verify.theory import carried_out_by, define
from spi_verify.theory.signature import (
    Outcome,
    OutcomeSet,
    Player,
    Program,
    SetFunctions,
    defaults,
    equilibrium,
    in_csr,
    member,
    offers,
    outcome,
    sel,
    selected,
    set_function,
    u,
)

i, j = Consts("i j", Player)
b, y = Consts("b y", Outcome)
S, T = Consts("S T", OutcomeSet)
R = Const("R", SetFunctions)


def transitive(theory, s):
    """Whatever is added to a set never hurts anybody. (As printed: improvements that are added.)"""
    inside = ForAll([y], Implies(member(y, S), member(y, T)))
    better = theory.weakly_improves(selected(s, T), selected(s, S))
    return ForAll([S, T], Implies(And(theory.nonempty(S), inside), better))


@term
class Grudging(ByPayoffs, word="grudging", parts="number"):
    """All improvements that pay each other player at most so much more."""

    most: Fraction

    def offers(self, player, here, there):
        """Compare the payoffs."""
        gains = [v - w for v, w in zip(there, here, strict=True)]
        others = [gain for k, gain in enumerate(gains, 1) if k != player]
        return min(gains) >= 0 and max(others) <= self.most

    @classmethod
    def candidates(cls, players):
        """Try one unit."""
        return [cls(Fraction(1))]


@define(Player, Program)
@carried_out_by(Grudging)
def grudging(theory, k, c):
    """Say that c renegotiates, and that what it offers pays no other more than one unit more."""
    offered = member(y, offers(k, set_function(c), R, b))
    little = ForAll([j], Implies(j != k, u(j, y) - u(j, b) <= 1))
    return And(in_csr(sel, k, c), ForAll([R, b, y], Implies(offered, little)))


@define()
def at_most_one_more(theory):
    """Nobody gets more than one unit more than in the default outcome."""
    start = outcome(defaults(equilibrium))
    return ForAll([i], u(i, outcome(equilibrium)) <= u(i, start) + 1)
