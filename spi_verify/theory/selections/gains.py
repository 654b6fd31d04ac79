"""Gains beyond the disagreement point: their product, and the least relative gain."""

from __future__ import annotations

import z3
from z3 import And, Exists, ForAll, If, Implies

from spi_verify.theory.phrases import induction
from spi_verify.theory.signature import (
    Outcome,
    OutcomeSet,
    Player,
    Position,
    better,
    disagreement,
    first,
    gain,
    ideal,
    ideal_gain,
    last,
    least_gain,
    member,
    nash_product,
    next_to,
    player_at,
    product_up_to,
    relative_gain,
    sel,
    tied,
    u,
)
from spi_verify.theory.terms import Formula, OutcomeSetTerm, OutcomeTerm, PlayerTerm, PositionTerm
from spi_verify.theory.theory import Theory, axiom, define

i = z3.Const("i", Player)
a, x = z3.Consts("a x", Outcome)
S, C = z3.Consts("S C", OutcomeSet)
n, m = z3.Consts("n m", Position)


# The product of gains


@define()
def disagreement_weakly_below(theory: Theory) -> Formula:
    """Nobody gets less in any outcome than in the disagreement point."""
    return ForAll([i, a], u(i, a) >= disagreement(i))


@define()
def disagreement_strictly_below(theory: Theory) -> Formula:
    """Everybody gets more in every outcome than in the disagreement point."""
    return ForAll([i, a], u(i, a) > disagreement(i))


@axiom(gain)
def gains(theory: Theory) -> Formula:
    """A player's gain is what they get beyond the disagreement point."""
    return ForAll([i, a], gain(i, a) == u(i, a) - disagreement(i))


@axiom(product_up_to)
def products(theory: Theory) -> Formula:
    """The product of the gains is taken along the list of players."""
    return ForAll(
        [a],
        And(
            product_up_to(a, first) == gain(player_at(first), a),
            ForAll(
                [n, m],
                Implies(
                    next_to(n, m),
                    product_up_to(a, m) == product_up_to(a, n) * gain(player_at(m), a),
                ),
            ),
        ),
    )


@define(Outcome)
def nobody_loses(theory: Theory, a: OutcomeTerm) -> Formula:
    """Nobody gets less in a than in the disagreement point."""
    return ForAll([i], gain(i, a) >= 0)


@axiom(nash_product)
def nash_products(theory: Theory) -> Formula:
    """The product counts where nobody loses; where somebody does, -1 stands for it."""
    return ForAll(
        [a],
        nash_product(a) == If(theory.nobody_loses(a), product_up_to(a, last), -1),
    )


@axiom()
def nash(theory: Theory) -> Formula:
    """The greater product of gains is better."""
    return ForAll(
        [S, x, a],
        And(
            better(S, x, a) == (nash_product(x) > nash_product(a)),
            tied(S, x, a) == (nash_product(x) == nash_product(a)),
        ),
    )


@define(Outcome, Outcome, Position)
def products_do_not_fall(
    theory: Theory, x: OutcomeTerm, a: OutcomeTerm, n: PositionTerm
) -> Formula:
    """Up to n, the product for x is at least that for a, which is not negative."""
    return And(product_up_to(x, n) >= product_up_to(a, n), product_up_to(a, n) >= 0)


@axiom()
def induction_on_products(theory: Theory) -> Formula:
    """Induction along the list of players, for products that do not fall."""
    return ForAll([x, a], induction(lambda position: theory.products_do_not_fall(x, a, position)))


@define(Outcome, Outcome, Position)
def products_rise(theory: Theory, x: OutcomeTerm, a: OutcomeTerm, n: PositionTerm) -> Formula:
    """Up to n, the product for a is positive, and that for x no less; greater if anybody gains."""
    mine, other = product_up_to(x, n), product_up_to(a, n)
    return And(other > 0, mine >= other, Implies(theory.gain_up_to(x, a, n), mine > other))


@axiom()
def induction_on_positive_products(theory: Theory) -> Formula:
    """Induction along the list of players, for positive products that rise."""
    return ForAll([x, a], induction(lambda position: theory.products_rise(x, a, position)))


# The least relative gain


@axiom(ideal)
def ideal_points(theory: Theory) -> Formula:
    """The ideal point of a set pays everybody the most that a member pays them."""
    return ForAll(
        [S, i],
        Implies(
            theory.nonempty(S),
            And(
                ForAll([x], Implies(member(x, S), u(i, x) <= ideal(i, S))),
                Exists([x], And(member(x, S), u(i, x) == ideal(i, S))),
                ideal_gain(i, S) == ideal(i, S) - disagreement(i),
            ),
        ),
    )


@define(Player, OutcomeSet)
def counts_in(theory: Theory, i: PlayerTerm, S: OutcomeSetTerm) -> Formula:
    """Player i gains in the ideal point of S."""
    return ideal_gain(i, S) > 0


@axiom(relative_gain)
def relative_gains(theory: Theory) -> Formula:
    """Who gains in the ideal point gains elsewhere the relative gain times that."""
    return ForAll(
        [i, a, S],
        Implies(
            theory.counts_in(i, S),
            relative_gain(i, a, S) * ideal_gain(i, S) == gain(i, a),
        ),
    )


@axiom(least_gain)
def least_relative_gains(theory: Theory) -> Formula:
    """The least relative gain is somebody's who counts, and nobody's who counts is less.

    It is 0 where nobody counts.
    """
    share = relative_gain(i, a, S)
    return ForAll(
        [a, S],
        If(
            Exists([i], theory.counts_in(i, S)),
            And(
                ForAll([i], Implies(theory.counts_in(i, S), least_gain(a, S) <= share)),
                Exists([i], And(theory.counts_in(i, S), least_gain(a, S) == share)),
            ),
            least_gain(a, S) == 0,
        ),
    )


@axiom()
def kalai_smorodinsky(theory: Theory) -> Formula:
    """The greater least relative gain is better."""
    return ForAll(
        [S, x, a],
        And(
            better(S, x, a) == (least_gain(x, S) > least_gain(a, S)),
            tied(S, x, a) == (least_gain(x, S) == least_gain(a, S)),
        ),
    )


@define()
def ideal_point_kept(theory: Theory) -> Formula:
    """Adding improvements on the selected outcome to a set leaves its ideal point alone."""
    return ForAll(
        [S, C, i],
        Implies(theory.improving_extension(sel, S, C), ideal(i, S) == ideal(i, C)),
    )
