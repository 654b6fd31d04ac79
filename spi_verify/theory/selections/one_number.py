"""Criteria that compare one player's payoff, the sum of payoffs, or the least payoff."""

from __future__ import annotations

import z3
from z3 import And, Exists, ForAll, Implies, Not, Or

from spi_verify.theory.phrases import induction
from spi_verify.theory.signature import (
    Outcome,
    OutcomeSet,
    Player,
    Position,
    better,
    first,
    last,
    least,
    next_to,
    player_at,
    prior,
    reached,
    tied,
    total_up_to,
    u,
)
from spi_verify.theory.terms import Formula, OutcomeTerm, PlayerTerm, PositionTerm
from spi_verify.theory.theory import Theory, axiom, define

i, j, k = z3.Consts("i j k", Player)
a, x = z3.Consts("a x", Outcome)
S = z3.Const("S", OutcomeSet)
n, m = z3.Consts("n m", Position)


# Players in a fixed priority


@axiom()
def priority(theory: Theory) -> Formula:
    """The order of priority is a strict total order on players."""
    return And(
        ForAll([i, j, k], Implies(And(prior(i, j), prior(j, k)), prior(i, k))),
        ForAll([i, j], Not(And(prior(i, j), prior(j, i)))),
        ForAll([i, j], Or(i == j, prior(i, j), prior(j, i))),
    )


@define(Player, Outcome, Outcome)
def first_to_differ(theory: Theory, i: PlayerTerm, x: OutcomeTerm, a: OutcomeTerm) -> Formula:
    """Everybody prior to player i gets the same in x as in a."""
    return ForAll([j], Implies(prior(j, i), u(j, x) == u(j, a)))


@axiom()
def lexicographic(theory: Theory) -> Formula:
    """The first player in the order of priority who is not indifferent decides."""
    decides = And(u(i, x) > u(i, a), theory.first_to_differ(i, x, a))
    return ForAll(
        [S, x, a],
        And(
            better(S, x, a) == Exists([i], decides),
            tied(S, x, a) == ForAll([i], u(i, x) == u(i, a)),
        ),
    )


@define(Player, Outcome, Outcome, Position)
def first_gainer_up_to(
    theory: Theory, i: PlayerTerm, x: OutcomeTerm, a: OutcomeTerm, n: PositionTerm
) -> Formula:
    """Player i, listed up to n, gets more in x than in a; nobody prior listed up to n does."""
    return And(
        reached(i, n),
        u(i, x) > u(i, a),
        ForAll([j], Implies(And(reached(j, n), prior(j, i)), u(j, x) <= u(j, a))),
    )


@define(Outcome, Outcome, Position)
def has_first_gainer(theory: Theory, x: OutcomeTerm, a: OutcomeTerm, n: PositionTerm) -> Formula:
    """If anybody listed up to n gets more in x than in a, somebody does first."""
    return Implies(
        theory.gain_up_to(x, a, n),
        Exists([i], theory.first_gainer_up_to(i, x, a, n)),
    )


@axiom()
def induction_on_first_gainers(theory: Theory) -> Formula:
    """Induction along the list of players, for having a first one who gains."""
    return ForAll([x, a], induction(lambda position: theory.has_first_gainer(x, a, position)))


# The sum of payoffs


@axiom(total_up_to)
def totals(theory: Theory) -> Formula:
    """The sum of payoffs is taken along the list of players."""
    return ForAll(
        [a],
        And(
            total_up_to(a, first) == u(player_at(first), a),
            ForAll(
                [n, m],
                Implies(next_to(n, m), total_up_to(a, m) == total_up_to(a, n) + u(player_at(m), a)),
            ),
        ),
    )


@axiom()
def utilitarian(theory: Theory) -> Formula:
    """The greater sum of payoffs is better."""
    return ForAll(
        [S, x, a],
        And(
            better(S, x, a) == (total_up_to(x, last) > total_up_to(a, last)),
            tied(S, x, a) == (total_up_to(x, last) == total_up_to(a, last)),
        ),
    )


@define(Outcome, Outcome, Position)
def totals_rise(theory: Theory, x: OutcomeTerm, a: OutcomeTerm, n: PositionTerm) -> Formula:
    """Up to n, the sum for x is at least that for a, and greater if anybody gains."""
    mine, other = total_up_to(x, n), total_up_to(a, n)
    return And(mine >= other, Implies(theory.gain_up_to(x, a, n), mine > other))


@axiom()
def induction_on_totals(theory: Theory) -> Formula:
    """Induction along the list of players, for sums that rise."""
    return ForAll([x, a], induction(lambda position: theory.totals_rise(x, a, position)))


# The least payoff


@axiom(least)
def least_payoffs(theory: Theory) -> Formula:
    """The least payoff is somebody's, and nobody gets less."""
    return ForAll(
        [a],
        And(
            ForAll([i], least(a) <= u(i, a)),
            Exists([i], least(a) == u(i, a)),
        ),
    )


@axiom()
def maxmin(theory: Theory) -> Formula:
    """The greater least payoff is better."""
    return ForAll(
        [S, x, a],
        And(
            better(S, x, a) == (least(x) > least(a)),
            tied(S, x, a) == (least(x) == least(a)),
        ),
    )
