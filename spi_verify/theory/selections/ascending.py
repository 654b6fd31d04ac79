"""Payoffs in ascending order: leximin."""

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
    count_up_to,
    first,
    last,
    next_to,
    player_at,
    reached,
    tied,
    u,
)
from spi_verify.theory.terms import Formula, Number, OutcomeTerm, PlayerTerm, PositionTerm
from spi_verify.theory.theory import Theory, axiom, define

i, j, k = z3.Consts("i j k", Player)
a, b, c, x = z3.Consts("a b c x", Outcome)
S = z3.Const("S", OutcomeSet)
n, m = z3.Consts("n m", Position)


@axiom(count_up_to)
def counts(theory: Theory) -> Formula:
    """Players who get at most u(j, b) are counted along the list of players."""

    def one(position: PositionTerm) -> Number:
        return If(u(player_at(position), a) <= u(j, b), z3.RealVal(1), z3.RealVal(0))

    return ForAll(
        [a, j, b],
        And(
            count_up_to(a, j, b, first) == one(first),
            ForAll(
                [n, m],
                Implies(next_to(n, m), count_up_to(a, j, b, m) == count_up_to(a, j, b, n) + one(m)),
            ),
        ),
    )


@define(Outcome, Outcome, Player, Outcome)
def as_many_below(
    theory: Theory, x: OutcomeTerm, a: OutcomeTerm, j: PlayerTerm, b: OutcomeTerm
) -> Formula:
    """At every level under u(j, b), as many players are at or below it in x as in a."""
    return ForAll(
        [k, c],
        Implies(
            u(k, c) < u(j, b),
            count_up_to(x, k, c, last) == count_up_to(a, k, c, last),
        ),
    )


@define(Outcome, Outcome)
def leximin_better(theory: Theory, x: OutcomeTerm, a: OutcomeTerm) -> Formula:
    """At the smallest level where they differ, fewer players are at or below it in x than in a.

    Levels are the payoffs of all players in all outcomes. The counts of x and a change at
    payoffs in x and in a only, so the smallest level where they differ is one of these; and
    fewer at or below it means that, with payoffs in ascending order, the first that differs
    is greater in x.
    """
    fewer = count_up_to(x, j, b, last) < count_up_to(a, j, b, last)
    return Exists([j, b], And(fewer, theory.as_many_below(x, a, j, b)))


@axiom()
def leximin(theory: Theory) -> Formula:
    """Fewer players at or below the smallest level where the numbers differ is better."""
    same = ForAll([j, b], count_up_to(x, j, b, last) == count_up_to(a, j, b, last))
    return ForAll(
        [S, x, a],
        And(
            better(S, x, a) == theory.leximin_better(x, a),
            tied(S, x, a) == same,
        ),
    )


@define(Outcome, Player, Outcome, Outcome, Player, Outcome)
def counted_too(
    theory: Theory,
    x: OutcomeTerm,
    j: PlayerTerm,
    b: OutcomeTerm,
    a: OutcomeTerm,
    k: PlayerTerm,
    c: OutcomeTerm,
) -> Formula:
    """Who gets at most u(j, b) in x gets at most u(k, c) in a."""
    return ForAll([i], Implies(u(i, x) <= u(j, b), u(i, a) <= u(k, c)))


@define(Outcome, Player, Outcome, Outcome, Player, Outcome, Position)
def counted_more(
    theory: Theory,
    x: OutcomeTerm,
    j: PlayerTerm,
    b: OutcomeTerm,
    a: OutcomeTerm,
    k: PlayerTerm,
    c: OutcomeTerm,
    n: PositionTerm,
) -> Formula:
    """Somebody listed up to n gets more than u(j, b) in x, and at most u(k, c) in a."""
    return Exists([i], And(reached(i, n), u(i, x) > u(j, b), u(i, a) <= u(k, c)))


@define(Outcome, Player, Outcome, Outcome, Player, Outcome, Position)
def counts_rise(
    theory: Theory,
    x: OutcomeTerm,
    j: PlayerTerm,
    b: OutcomeTerm,
    a: OutcomeTerm,
    k: PlayerTerm,
    c: OutcomeTerm,
    n: PositionTerm,
) -> Formula:
    """Up to n, at most as many get u(j, b) or less in x as get u(k, c) or less in a.

    And fewer, if somebody is counted in a and not in x.
    """
    mine, other = count_up_to(x, j, b, n), count_up_to(a, k, c, n)
    more = theory.counted_more(x, j, b, a, k, c, n)
    return And(mine <= other, Implies(more, mine < other))


@axiom()
def induction_on_counts(theory: Theory) -> Formula:
    """Induction along the list of players, for comparing two counts."""
    return ForAll(
        [x, j, b, a, k, c],
        induction(lambda position: theory.counts_rise(x, j, b, a, k, c, position)),
    )


@define(Player, Outcome, Outcome, Position)
def least_gainer_up_to(
    theory: Theory, i: PlayerTerm, x: OutcomeTerm, a: OutcomeTerm, n: PositionTerm
) -> Formula:
    """Of those listed up to n who get more in x than in a, player i gets the least in a."""
    return And(
        reached(i, n),
        u(i, x) > u(i, a),
        ForAll([j], Implies(And(reached(j, n), u(j, x) > u(j, a)), u(i, a) <= u(j, a))),
    )


@define(Outcome, Outcome, Position)
def has_least_gainer(theory: Theory, x: OutcomeTerm, a: OutcomeTerm, n: PositionTerm) -> Formula:
    """If anybody listed up to n gets more in x than in a, somebody of them gets the least in a."""
    return Implies(
        theory.gain_up_to(x, a, n),
        Exists([i], theory.least_gainer_up_to(i, x, a, n)),
    )


@axiom()
def induction_on_least_gainers(theory: Theory) -> Formula:
    """Induction along the list of players, for having one with the least payoff who gains."""
    return ForAll([x, a], induction(lambda position: theory.has_least_gainer(x, a, position)))
