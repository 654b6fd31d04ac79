"""The Pareto meet and its projections (Definition 6)."""

from __future__ import annotations

import z3
from z3 import And, Exists, ForAll, Implies

from spi_verify.theory.phrases import between, maximum
from spi_verify.theory.signature import Outcome, Player, dominator, pmm, segment, share, u, worst
from spi_verify.theory.terms import Formula, OutcomeTerm, PlayerTerm
from spi_verify.theory.theory import Theory, define

i, j = z3.Consts("i j", Player)
a, b, e, x, y = z3.Consts("a b e x y", Outcome)


@define()
def pareto_meet_minimum(theory: Theory) -> Formula:
    """Definition 6: each player's PMM payoff is the least among the efficient outcomes."""
    return ForAll(
        [i],
        And(
            theory.efficient(worst(i)),
            u(i, worst(i)) == pmm(i),
            ForAll([e], Implies(theory.efficient(e), u(i, e) >= pmm(i))),
        ),
    )


@define(Player, Outcome, Outcome)
def pmp(theory: Theory, i: PlayerTerm, x: OutcomeTerm, a: OutcomeTerm) -> Formula:
    """Definition 6: x is in player i's Pareto meet projection of a."""
    return And(
        u(i, x) >= maximum(pmm(i), u(i, a)),
        ForAll([j], Implies(j != i, u(j, x) == maximum(pmm(j), u(j, a)))),
    )


@define()
def projections_nonempty(theory: Theory) -> Formula:
    """Every player's Pareto meet projection of every outcome has a point."""
    return ForAll([i, a], Exists([x], theory.pmp(i, x, a)))


@define()
def projections_meet(theory: Theory) -> Formula:
    """Where every player's projection of an outcome has a point, they have one in common."""
    return ForAll(
        [a],
        Implies(theory.has_projections(a), Exists([x], ForAll([i], theory.pmp(i, x, a)))),
    )


@define()
def correlated_randomisation(theory: Theory) -> Formula:
    """The feasible set is convex, said of the mixtures that are needed.

    Where the payoff of some outcome y to player i lies between those of a and b, mixing a and b
    so that i gets exactly what y pays is an outcome, and pays everybody the weighted average.
    """
    part = share(i, a, b, y)
    mixed = ForAll([j], u(j, segment(i, a, b, y)) == u(j, a) + part * (u(j, b) - u(j, a)))
    return ForAll(
        [i, a, b, y],
        Implies(
            And(u(i, a) <= u(i, y), u(i, y) <= u(i, b)),
            And(part >= 0, part <= 1, part * (u(i, b) - u(i, a)) == u(i, y) - u(i, a), mixed),
        ),
        patterns=[segment(i, a, b, y)],
    )


@define()
def intermediate_payoffs(theory: Theory) -> Formula:
    """A mixture that pays player i what y pays gives everybody an amount between the ends'."""
    point = segment(i, a, b, y)
    return ForAll(
        [i, a, b, y],
        Implies(
            And(u(i, a) <= u(i, y), u(i, y) <= u(i, b)),
            And(
                u(i, point) == u(i, y),
                ForAll([j], between(u(j, point), u(j, a), u(j, b))),
            ),
        ),
        patterns=[point],
    )


@define()
def efficient_dominators(theory: Theory) -> Formula:
    """Every outcome is weakly improved by an efficient one."""
    return ForAll(
        [a],
        And(theory.efficient(dominator(a)), theory.weakly_improves(dominator(a), a)),
        patterns=[dominator(a)],
    )
