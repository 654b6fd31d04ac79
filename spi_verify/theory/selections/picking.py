"""Picking the best efficient member of a set, and when that is transitive."""

from __future__ import annotations

import z3
from z3 import And, Exists, ForAll, Implies, Not, Or

from spi_verify.theory.signature import (
    Outcome,
    OutcomeSet,
    Player,
    Selection,
    better,
    earlier,
    member,
    sel,
    selected,
    tied,
    u,
)
from spi_verify.theory.terms import Formula, OutcomeSetTerm, OutcomeTerm, SelectionTerm
from spi_verify.theory.theory import Theory, define

j = z3.Const("j", Player)
a, b, x, y = z3.Consts("a b x y", Outcome)
S, C = z3.Consts("S C", OutcomeSet)


# Picking the best efficient member


@define(Outcome, Outcome)
def dominates(theory: Theory, x: OutcomeTerm, a: OutcomeTerm) -> Formula:
    """Everybody's payoff in x is at least that in a, and somebody's is greater."""
    return And(theory.weakly_improves(x, a), Exists([j], u(j, x) > u(j, a)))


@define(Outcome, OutcomeSet)
def efficient_among(theory: Theory, x: OutcomeTerm, S: OutcomeSetTerm) -> Formula:
    """The outcome x is a member of S, and no member dominates it."""
    return And(
        member(x, S),
        ForAll([b], Implies(member(b, S), Not(theory.dominates(b, x)))),
    )


@define()
def fixed_order(theory: Theory) -> Formula:
    """The order that breaks ties is a strict total order on outcomes."""
    return And(
        ForAll([x, y, a], Implies(And(earlier(x, y), earlier(y, a)), earlier(x, a))),
        ForAll([x, a], Not(And(earlier(x, a), earlier(a, x)))),
        ForAll([x, a], Or(x == a, earlier(x, a), earlier(a, x))),
    )


@define(Selection)
def picks_best(theory: Theory, s: SelectionTerm) -> Formula:
    """What s picks from a set is efficient in it, and ranks above all other efficient members.

    Either the criterion ranks it above, or it ranks both the same and the order has it earlier.
    """
    chosen = selected(s, S)
    above = Or(better(S, chosen, x), And(tied(S, chosen, x), earlier(chosen, x)))
    return ForAll(
        [S],
        Implies(
            theory.nonempty(S),
            And(
                theory.efficient_among(chosen, S),
                ForAll([x], Implies(And(theory.efficient_among(x, S), x != chosen), above)),
            ),
        ),
    )


@define(Selection, OutcomeSet, OutcomeSet)
def improving_extension(
    theory: Theory, s: SelectionTerm, S: OutcomeSetTerm, C: OutcomeSetTerm
) -> Formula:
    """The set C is S, which is not empty, with some weak improvements on what s picks from S."""
    added = Or(member(x, S), theory.weakly_improves(x, selected(s, S)))
    return And(
        theory.nonempty(S),
        ForAll([x], Implies(member(x, S), member(x, C))),
        ForAll([x], Implies(member(x, C), added)),
    )


# What makes picking the best transitive


@define()
def criterion_is_an_order(theory: Theory) -> Formula:
    """Being better goes on through better and tied outcomes, and excludes the opposite."""
    return ForAll(
        [S, x, y, a],
        And(
            Implies(And(better(S, x, y), better(S, y, a)), better(S, x, a)),
            Implies(And(better(S, x, y), tied(S, y, a)), better(S, x, a)),
            Not(And(better(S, x, y), better(S, y, x))),
            Not(And(better(S, x, y), tied(S, y, x))),
        ),
    )


@define()
def domination_is_better(theory: Theory) -> Formula:
    """In every set, the criterion ranks a member above those that it dominates."""
    return ForAll(
        [S, x, a],
        Implies(
            And(member(x, S), member(a, S), theory.dominates(x, a)),
            better(S, x, a),
        ),
    )


@define()
def criterion_kept(theory: Theory) -> Formula:
    """Adding improvements on the selected outcome to a set leaves its members' ranking alone."""
    return ForAll(
        [S, C, x, a],
        Implies(
            And(theory.improving_extension(sel, S, C), member(x, S), member(a, S)),
            And(better(S, x, a) == better(C, x, a), tied(S, x, a) == tied(C, x, a)),
        ),
    )


@define()
def no_tie_under_domination(theory: Theory) -> Formula:
    """No member of a set is tied with one that it dominates."""
    return ForAll(
        [S, x, a],
        Implies(
            And(member(x, S), member(a, S), theory.dominates(x, a)),
            Not(tied(S, x, a)),
        ),
    )


@define()
def best_is_transitive(theory: Theory) -> Formula:
    """Picking the best is transitive where domination is better and the ranking is kept."""
    return Implies(
        And(
            theory.criterion_is_an_order(),
            theory.domination_is_better(),
            theory.criterion_kept(),
        ),
        theory.transitive(sel),
    )
