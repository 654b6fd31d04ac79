"""Finite lists: sums and induction."""

from __future__ import annotations

import z3
from z3 import And, Exists, ForAll, Implies, Or

from spi_verify.theory.phrases import induction, maximum
from spi_verify.theory.signature import (
    Outcome,
    Player,
    Position,
    Profile,
    Program,
    after,
    believed,
    expected,
    first,
    last,
    listed_profile,
    next_to,
    outcome,
    partial_sum,
    player_at,
    pmm,
    probability,
    reached,
    replace,
    u,
)
from spi_verify.theory.terms import Formula, OutcomeTerm, PlayerTerm, PositionTerm
from spi_verify.theory.theory import Theory, axiom, define

i = z3.Const("i", Player)
a, b, x = z3.Consts("a b x", Outcome)
c, d = z3.Consts("c d", Program)
p = z3.Const("p", Profile)
n, m = z3.Consts("n m", Position)


@axiom(listed_profile)
def beliefs_are_lists(theory: Theory) -> Formula:
    """What is listed at any position is believed, with a probability that is not negative."""
    return ForAll(
        [i, n],
        And(believed(i, listed_profile(i, n)), probability(i, n) >= 0),
    )


@axiom(expected)
def expectation(theory: Theory) -> Formula:
    """The expected payoff is the sum, along the list, of probability times payoff."""
    term = probability(i, n) * u(i, outcome(replace(listed_profile(i, n), i, c)))
    later = probability(i, m) * u(i, outcome(replace(listed_profile(i, m), i, c)))
    return ForAll(
        [i, c],
        And(
            ForAll([n], Implies(n == first, partial_sum(i, c, n) == term)),
            ForAll(
                [n, m],
                Implies(next_to(n, m), partial_sum(i, c, m) == partial_sum(i, c, n) + later),
            ),
            expected(i, c) == partial_sum(i, c, last),
        ),
    )


@axiom(reached)
def players_are_listed(theory: Theory) -> Formula:
    """The finitely many players stand in a list; those reached at a position stand up to there."""
    return And(
        ForAll([i], reached(i, first) == (i == player_at(first))),
        ForAll(
            [n, m, i],
            Implies(next_to(n, m), reached(i, m) == Or(reached(i, n), i == player_at(m))),
        ),
        ForAll([i], reached(i, last)),
    )


@axiom()
def induction_on_beliefs(theory: Theory) -> Formula:
    """Induction along the list of believed profiles, for a comparison of two partial sums."""

    def no_less(position: PositionTerm) -> Formula:
        return partial_sum(i, d, position) >= partial_sum(i, c, position)

    return ForAll([i, c, d], induction(no_less))


@axiom()
def induction_on_players(theory: Theory) -> Formula:
    """Induction along the list of players, for having met a level for everybody reached."""
    return ForAll([a], induction(lambda position: theory.met_up_to(a, position)))


@axiom()
def induction_on_rounds(theory: Theory) -> Formula:
    """Induction on the round, for having improved on the default outcome so far."""
    return ForAll(
        [p, a],
        induction(lambda position: theory.weakly_improves(after(position, p, a), a)),
    )


@define(Player, Outcome, Outcome)
def at_level(theory: Theory, i: PlayerTerm, x: OutcomeTerm, a: OutcomeTerm) -> Formula:
    """The outcome x pays player i exactly the larger of the PMM and what a pays."""
    return u(i, x) == maximum(pmm(i), u(i, a))


@define(Outcome, Outcome)
def nobody_above_level(theory: Theory, x: OutcomeTerm, a: OutcomeTerm) -> Formula:
    """The outcome x pays nobody more than the larger of the PMM and what a pays."""
    return ForAll([i], u(i, x) <= maximum(pmm(i), u(i, a)))


@define(Outcome, Outcome, Outcome)
def stays_at_level(theory: Theory, b: OutcomeTerm, x: OutcomeTerm, a: OutcomeTerm) -> Formula:
    """For whom x is at the level of a, b is, too."""
    return ForAll([i], Implies(theory.at_level(i, x, a), theory.at_level(i, b, a)))


@define(Outcome)
def has_projections(theory: Theory, a: OutcomeTerm) -> Formula:
    """Every player's projection of a has a point."""
    return ForAll([i], Exists([x], theory.pmp(i, x, a)))


@define(Outcome, Outcome, Position)
def level_up_to(theory: Theory, x: OutcomeTerm, a: OutcomeTerm, n: PositionTerm) -> Formula:
    """The outcome x pays nobody above the level of a, and exactly that to all reached at n."""
    return And(
        theory.nobody_above_level(x, a),
        ForAll([i], Implies(reached(i, n), theory.at_level(i, x, a))),
    )


@define(Outcome, Position)
def met_up_to(theory: Theory, a: OutcomeTerm, n: PositionTerm) -> Formula:
    """Some outcome is at the level of a for everybody reached at n."""
    return Exists([x], theory.level_up_to(x, a, n))
