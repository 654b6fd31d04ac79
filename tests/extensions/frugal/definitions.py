# file: definitions.py
"""Programs that never ask for more than so much above what they have: a formula, and a class."""

from fractions import Fraction

import z3
from z3 import And, ForAll, Implies

from spi_verify.programs import ByPayoffs
from spi_verify.programs.language.terms import term
from spi_verify.theory import carried_out_by, define
from spi_verify.theory.signature import (
    Outcome,
    Player,
    Program,
    SetFunctions,
    in_csr,
    member,
    offers,
    sel,
    set_function,
    u,
)

a, x = z3.Consts("a x", Outcome)
R = z3.Const("R", SetFunctions)


@term
class Frugal(ByPayoffs, word="frugal", parts="number"):
    """All improvements that pay the player at most so much more; at most one unit."""

    most: Fraction

    def offers(self, player, here, there):
        """Compare the payoffs."""
        gain = there[player - 1] - here[player - 1]
        return gain <= self.most and all(v >= w for v, w in zip(there, here, strict=True))

    @classmethod
    def candidates(cls, players):
        """Try one unit."""
        return [cls(Fraction(1))]


@define(Player, Program)
@carried_out_by(Frugal)
def frugal(theory, i, c):
    """Say that c renegotiates, and that what it offers pays its player at most one unit more."""
    offered = member(x, offers(i, set_function(c), R, a))
    return And(in_csr(sel, i, c), ForAll([R, a, x], Implies(offered, u(i, x) - u(i, a) <= 1)))
