"""Games that representatives play, and what may happen: the symbols of this paper.

Nothing is interpreted but payoffs, which are real numbers: what is proved holds for any players,
games and outcomes, however many there are. Outcomes are those of the original game or of games that
were derived from it; ``pays`` is by what the original players judge, always.
"""

import z3
from z3 import And, BoolSort, DeclareSort, Exists, ForAll, Function, Implies, RealSort

from spi_verify.theory import Theory, axiom, define
from spi_verify.theory.signature import Outcome, Player
from spi_verify.theory.terms import Formula, OutcomeTerm

Game = DeclareSort("Game")
Play = DeclareSort("Play")
Correspondence = DeclareSort("Correspondence")

pays = Function("pays", Player, Outcome, RealSort())
"""u_i(a): what outcome a pays player i, by the payoffs of the original game."""
in_game = Function("in_game", Outcome, Game, BoolSort())
"""a is an outcome of the game."""
result = Function("result", Play, Game, Outcome)
"""Pi(G) in a play, that is at a sample point: what representatives play who are told to play G."""
relates = Function("relates", Correspondence, Outcome, Outcome, BoolSort())
"""b is in Phi(a)."""

i, j = z3.Consts("i j", Player)
a, b, c = z3.Consts("a b c", Outcome)
G, H, K = z3.Consts("G H K", Game)
w = z3.Const("w", Play)
Phi, Psi = z3.Consts("Phi Psi", Correspondence)


@axiom(result)
def outcomes_are_played(theory: Theory) -> Formula:
    """In every play, each game ends in one of its outcomes."""
    return ForAll([w, G], in_game(result(w, G), G))


@define(Game, Game)
def subset_game(theory: Theory, H: z3.ExprRef, G: z3.ExprRef) -> Formula:
    """Section 2: what can be played in H can be played in G; payoffs are arbitrary."""
    return ForAll([a], Implies(in_game(a, H), in_game(a, G)))


@define(Outcome, Outcome)
def as_good(theory: Theory, b: OutcomeTerm, a: OutcomeTerm) -> Formula:
    """u(b) >= u(a): nobody gets less in b than in a."""
    return ForAll([i], pays(i, b) >= pays(i, a))


@define(Outcome, Outcome)
def somebody_gains(theory: Theory, b: OutcomeTerm, a: OutcomeTerm) -> Formula:
    """Somebody gets more in b than in a."""
    return Exists([i], pays(i, b) > pays(i, a))


@define(Game, Game)
def safe_improvement(theory: Theory, H: z3.ExprRef, G: z3.ExprRef) -> Formula:
    """Definition 1: H is a subset game of G, and in no play does it give anybody less."""
    return And(
        theory.subset_game(H, G),
        ForAll([w], theory.as_good(result(w, H), result(w, G))),
    )


@define(Game, Game)
def strict_safe_improvement(theory: Theory, H: z3.ExprRef, G: z3.ExprRef) -> Formula:
    """Definition 1, strict, as printed: u_i(Pi(H)) > u_i(Pi(H)) with positive probability."""
    return And(
        theory.safe_improvement(H, G),
        Exists([i, w], pays(i, result(w, H)) > pays(i, result(w, H))),
    )


@define(Correspondence, Game, Game)
def corresponds(theory: Theory, Phi: z3.ExprRef, G: z3.ExprRef, H: z3.ExprRef) -> Formula:
    """Definition 3, G ~_Phi H: in every play the outcome of H is in Phi of that of G."""
    return ForAll([w], relates(Phi, result(w, G), result(w, H)))
