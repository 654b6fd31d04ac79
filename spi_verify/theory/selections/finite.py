"""Finite sets, and players, along their lists."""

from __future__ import annotations

import z3
from z3 import And, Exists, ForAll, Implies, Not, Or

from spi_verify.theory.signature import (
    Outcome,
    OutcomeSet,
    Place,
    Player,
    Position,
    among_first,
    first_place,
    last_place,
    member,
    member_at,
    next_place,
    next_to,
    player_at,
    reached,
    u,
)
from spi_verify.theory.terms import Formula, OutcomeSetTerm, OutcomeTerm, PlaceTerm, PositionTerm
from spi_verify.theory.theory import Theory, axiom, define

i = z3.Const("i", Player)
a, b, e, x = z3.Consts("a b e x", Outcome)
S = z3.Const("S", OutcomeSet)
n, m = z3.Consts("n m", Position)
v, w = z3.Consts("v w", Place)


# Finite sets


@define()
def members_are_listed(theory: Theory) -> Formula:
    """Every set that is not empty is finite: its members stand in a list that comes to an end."""
    in_list = And(
        ForAll([x], among_first(x, S, first_place) == (x == member_at(S, first_place))),
        ForAll(
            [v, w, x],
            Implies(
                next_place(v, w),
                among_first(x, S, w) == Or(among_first(x, S, v), x == member_at(S, w)),
            ),
        ),
        ForAll([x], member(x, S) == among_first(x, S, last_place(S))),
    )
    return ForAll([S], Implies(theory.nonempty(S), in_list))


@define(Outcome, OutcomeSet, Place)
def undominated_up_to(theory: Theory, x: OutcomeTerm, S: OutcomeSetTerm, v: PlaceTerm) -> Formula:
    """The outcome x is listed up to v, and nothing listed up to there dominates it."""
    return And(
        among_first(x, S, v),
        ForAll([b], Implies(among_first(b, S, v), Not(theory.dominates(b, x)))),
    )


@define(Outcome, OutcomeSet, Place)
def improved_up_to(theory: Theory, a: OutcomeTerm, S: OutcomeSetTerm, v: PlaceTerm) -> Formula:
    """Something listed up to v weakly improves on a."""
    return Exists([b], And(among_first(b, S, v), theory.weakly_improves(b, a)))


@define(Outcome, OutcomeSet, Place)
def covered_up_to(theory: Theory, a: OutcomeTerm, S: OutcomeSetTerm, v: PlaceTerm) -> Formula:
    """If anything listed up to v weakly improves on a, so does something undominated there."""
    return Implies(
        theory.improved_up_to(a, S, v),
        Exists([e], And(theory.undominated_up_to(e, S, v), theory.weakly_improves(e, a))),
    )


@axiom()
def induction_on_members(theory: Theory) -> Formula:
    """Induction along the list of a set's members, for improvements that are undominated."""

    def claim(place: PlaceTerm) -> Formula:
        return theory.covered_up_to(a, S, place)

    step = ForAll([v, w], Implies(And(next_place(v, w), claim(v)), claim(w)))
    return ForAll([S, a], Implies(And(claim(first_place), step), ForAll([v], claim(v))))


@define()
def efficient_within_sets(theory: Theory) -> Formula:
    """Every member of a set is weakly improved by one that is efficient in the set."""
    return ForAll(
        [S, a],
        Implies(
            member(a, S),
            Exists([x], And(theory.efficient_among(x, S), theory.weakly_improves(x, a))),
        ),
    )


# Players along their list


@axiom()
def players_are_listed_once(theory: Theory) -> Formula:
    """Nobody stands in the list of players twice."""
    return ForAll([n, m], Implies(next_to(n, m), Not(reached(player_at(m), n))))


@define(Outcome, Outcome, Position)
def gain_up_to(theory: Theory, x: OutcomeTerm, a: OutcomeTerm, n: PositionTerm) -> Formula:
    """Somebody listed up to n gets more in x than in a."""
    return Exists([i], And(reached(i, n), u(i, x) > u(i, a)))
