"""Definition 7 without efficiency of what is selected, and programs with an aspiration level."""

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
    agreement,
    defaults,
    equilibrium,
    functions,
    in_csr,
    member,
    offers,
    outcome,
    sel,
    selected,
    set_function,
    u,
)

i = Const("i", Player)
b, y = Consts("b y", Outcome)
T = Const("T", OutcomeSet)
R = Const("R", SetFunctions)


def selection_function(theory, s):
    """Picks a member of every nonempty set. (As printed, an efficient one.)"""
    return ForAll([T], Implies(theory.nonempty(T), member(selected(s, T), T)))


@term
class Aspiring(ByPayoffs, word="aspiring", parts="number"):
    """All improvements that pay the player at least so much."""

    level: Fraction

    def offers(self, player, here, there):
        """Compare the payoffs."""
        improves = all(v >= w for v, w in zip(there, here, strict=True))
        return there[player - 1] >= self.level and improves

    @classmethod
    def candidates(cls, players):
        """Try one unit."""
        return [cls(Fraction(1))]


@define(Player, Program)
@carried_out_by(Aspiring)
def aspiring(theory, k, c):
    """Say that c renegotiates, and that what it offers pays its player at least one."""
    offered = member(y, offers(k, set_function(c), R, b))
    return And(in_csr(sel, k, c), ForAll([R, b, y], Implies(offered, u(k, y) >= 1)))


@define()
def met_where_agreed(theory):
    """Where the programs of the profile agree, what they end at pays everybody at least one."""
    agreed = agreement(functions(equilibrium), outcome(defaults(equilibrium)))
    met = ForAll([i], u(i, outcome(equilibrium)) >= 1)
    return Implies(theory.nonempty(agreed), met)
