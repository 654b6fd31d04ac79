"""Feasible sets as in Proposition 5."""

from __future__ import annotations

import z3
from z3 import And, Exists, ForAll, If, Implies, Not

from spi_verify.theory.signature import (
    Outcome,
    Payoffs,
    Player,
    best,
    best_alone,
    best_beside,
    best_payoff_profile,
    payoff,
    payoffs_of,
    pmm,
    pmm_beside,
    pmm_payoffs,
    u,
    with_own,
)
from spi_verify.theory.terms import Formula, OutcomeTerm, PayoffsTerm, PlayerTerm
from spi_verify.theory.theory import Theory, axiom, define

i, j, k = z3.Consts("i j k", Player)
a, x, y = z3.Consts("a x y", Outcome)
v, w = z3.Consts("v w", Payoffs)


@define()
def best_payoffs(theory: Theory) -> Formula:
    """u_i^* is player i's best feasible payoff."""
    return ForAll([i, a], u(i, a) <= u(i, best(i)))


@define()
def best_beside_others(theory: Theory) -> Formula:
    """Among what pays the others no less than a, some outcome is best for player i."""
    point = best_beside(i, a)

    def no_worse_for_others(other: OutcomeTerm) -> Formula:
        return ForAll([j], Implies(j != i, u(j, other) >= u(j, a)))

    return ForAll(
        [i, a],
        And(
            no_worse_for_others(point),
            ForAll([x], Implies(no_worse_for_others(x), u(i, x) <= u(i, point))),
        ),
    )


@define()
def no_common_best(theory: Theory) -> Formula:
    """Where one player gets their best payoff, nobody else gets theirs."""
    return ForAll(
        [i, j, a],
        Implies(And(i != j, u(i, a) == u(i, best(i))), u(j, a) < u(j, best(j))),
    )


@define()
def non_zero_sum(theory: Theory) -> Formula:
    """Some outcome is not efficient.

    Where payoffs can be rescaled for each player to sum to zero everywhere, every outcome is
    efficient; in a convex polytope the converse holds, too.
    """
    return Exists([a], Not(theory.efficient(a)))


@define(Payoffs)
def feasible(theory: Theory, v: PayoffsTerm) -> Formula:
    """Some outcome pays everybody exactly this."""
    return Exists([x], ForAll([i], u(i, x) == payoff(i, v)))


@define(Payoffs)
def in_pareto_meet(theory: Theory, v: PayoffsTerm) -> Formula:
    """Everybody gets at least the PMM, and no more than in some outcome."""
    return And(
        ForAll([i], payoff(i, v) >= pmm(i)),
        Exists([x], ForAll([i], u(i, x) >= payoff(i, v))),
    )


@define()
def contains_pareto_meet(theory: Theory) -> Formula:
    """Whatever lies between the PMM and a feasible payoff profile is feasible."""
    return ForAll([v], Implies(theory.in_pareto_meet(v), theory.feasible(v)))


@axiom(pmm_payoffs)
def pmm_is_profile(theory: Theory) -> Formula:
    """There is the payoff profile u^PMM."""
    return ForAll([j], payoff(j, pmm_payoffs) == pmm(j))


@axiom(payoffs_of)
def outcomes_have_profiles(theory: Theory) -> Formula:
    """There is the payoff profile of every outcome."""
    return ForAll([x, j], payoff(j, payoffs_of(x)) == u(j, x))


@axiom()
def best_alone_profiles(theory: Theory) -> Formula:
    """There is the payoff profile with u_i^* for player i and the PMM for everybody else."""
    return ForAll([i, j], payoff(j, best_alone(i)) == If(j == i, u(i, best(i)), pmm(j)))


@axiom()
def best_is_profile(theory: Theory) -> Formula:
    """There is the payoff profile u^*."""
    return ForAll([j], payoff(j, best_payoff_profile) == u(j, best(j)))


@axiom()
def pmm_beside_profiles(theory: Theory) -> Formula:
    """In a payoff profile, what it gives one player may be replaced by the PMM."""
    lowered = payoff(j, pmm_beside(i, v))
    return ForAll([i, v, j], lowered == If(j == i, pmm(i), payoff(j, v)))


@axiom()
def mixed_profiles(theory: Theory) -> Formula:
    """What an outcome x pays player i, and a payoff profile v gives the others, is a profile.

    Listed are only those with more than the PMM for everybody and no more than x pays.
    """
    mixed = payoff(j, with_own(i, x, v)) == If(j == i, u(i, x), payoff(j, v))
    return ForAll(
        [i, x, v],
        Implies(And(u(i, x) > pmm(i), theory.leaves_room(i, x, v)), ForAll([j], mixed)),
    )


@define()
def strictly_comprehensive(theory: Theory) -> Formula:
    """Above the PMM, where somebody can gain at nobody's expense, everybody can gain."""
    return ForAll(
        [a, x, j],
        Implies(
            And(
                ForAll([k], u(k, a) >= pmm(k)),
                theory.weakly_improves(x, a),
                u(j, x) > u(j, a),
            ),
            Exists([y], ForAll([k], u(k, y) > u(k, a))),
        ),
    )


@define(Outcome)
def above_pmm(theory: Theory, x: OutcomeTerm) -> Formula:
    """Everybody gets more than the PMM."""
    return ForAll([i], u(i, x) > pmm(i))


@define(Player, Outcome, Payoffs)
def gives_others(theory: Theory, i: PlayerTerm, x: OutcomeTerm, v: PayoffsTerm) -> Formula:
    """The outcome x pays everybody but i exactly what v gives them."""
    return ForAll([j], Implies(j != i, u(j, x) == payoff(j, v)))


@define(Player, Outcome, Payoffs)
def leaves_room(theory: Theory, i: PlayerTerm, x: OutcomeTerm, v: PayoffsTerm) -> Formula:
    """To everybody but i, v gives more than the PMM and no more than x pays."""
    return ForAll(
        [j],
        Implies(j != i, And(payoff(j, v) > pmm(j), payoff(j, v) <= u(j, x))),
    )


@define(Player, Payoffs, Payoffs)
def small_amounts(theory: Theory, i: PlayerTerm, v: PayoffsTerm, w: PayoffsTerm) -> Formula:
    """To everybody but i, v gives more than the PMM and less than w."""
    return ForAll(
        [j],
        Implies(j != i, And(payoff(j, v) > pmm(j), payoff(j, v) < payoff(j, w))),
    )


@define(Player, Outcome, Payoffs)
def concession(theory: Theory, i: PlayerTerm, x: OutcomeTerm, v: PayoffsTerm) -> Formula:
    """The outcome x is efficient, pays i less than u_i^*, and everybody else exactly v."""
    return And(
        theory.efficient(x),
        u(i, x) < u(i, best(i)),
        theory.gives_others(i, x, v),
    )


@define()
def small_concessions_efficient(theory: Theory) -> Formula:
    """Giving the others any small amounts above the PMM is efficient, for some payoff to i.

    That payoff is u_i^* - eps_i with eps_i > 0. Small means below what some payoff profile w
    gives, which gives everybody more than the PMM.
    """
    conceded = Exists([x], theory.concession(i, x, v))
    return ForAll(
        [i],
        Exists(
            [w],
            And(
                ForAll([j], payoff(j, w) > pmm(j)),
                ForAll([v], Implies(theory.small_amounts(i, v, w), conceded)),
            ),
        ),
    )
