"""Differences of payoffs that change by a factor, and when the factor is 1.

Payoffs of a game are compared with payoffs of the same game. Where the greatest difference becomes
no greater, and the least one no less, differences stay what they are. A product of two differences
is a name to all but the first steps (see differences.py).
"""

import z3
from delegated_games import G, Game, a, b, c, i, in_game
from differences import difference, product
from isomorphisms import d, value
from z3 import And, ArithRef, Exists, ExprRef, ForAll, Implies, Or

from spi_verify.obligations import Step
from spi_verify.theory import Theory, axiom, define
from spi_verify.theory.signature import Outcome, Player
from spi_verify.theory.terms import Formula, OutcomeTerm, PlayerTerm

a1, b1, c1, d1 = z3.Consts("a1 b1 c1 d1", Outcome)


@define(Player, Game, Outcome, Outcome, Outcome, Outcome, Outcome, Outcome, Outcome, Outcome)
def changes_in_ratio(
    theory: Theory,
    i: PlayerTerm,
    G: ExprRef,
    c: OutcomeTerm,
    c1: OutcomeTerm,
    d: OutcomeTerm,
    d1: OutcomeTerm,
    a: OutcomeTerm,
    a1: OutcomeTerm,
    b: OutcomeTerm,
    b1: OutcomeTerm,
) -> Formula:
    """The difference of c1 and d1 is to that of c and d as that of a1 and b1 to that of a and b."""
    first: ArithRef = product(i, G, c, d, G, a1, b1)
    second: ArithRef = product(i, G, c1, d1, G, a, b)
    return first == second


@define(Player, Game, Outcome, Outcome)
def least_difference(
    theory: Theory, i: PlayerTerm, G: ExprRef, a: OutcomeTerm, b: OutcomeTerm
) -> Formula:
    """In G, a is worth more to player i than b, and by no more than where anything is so."""
    there = And(in_game(c, G), in_game(d, G), value(i, G, c) > value(i, G, d))
    least = ForAll([c, d], Implies(there, difference(i, G, c, d) >= difference(i, G, a, b)))
    return And(in_game(a, G), in_game(b, G), value(i, G, a) > value(i, G, b), least)


@axiom()
def differences_are_finite(theory: Theory) -> Formula:
    """What pays a player most and least in a game pays the same, or some difference is least."""
    some = Exists([a, b], theory.least_difference(i, G, a, b))
    extremes = And(theory.most_paid(i, G, c), theory.least_paid(i, G, d))
    same = value(i, G, c) == value(i, G, d)
    return ForAll([i, G, c, d], Implies(extremes, Or(same, some)))


def worth(one: OutcomeTerm, other: OutcomeTerm) -> ArithRef:
    """Return what an outcome of G is worth to player i more than another."""
    named: ArithRef = difference(i, G, one, other)
    return named


def times(one: OutcomeTerm, two: OutcomeTerm, three: OutcomeTerm, four: OutcomeTerm) -> ArithRef:
    """Return the product of two differences in G."""
    named: ArithRef = product(i, G, one, two, G, three, four)
    return named


def in_ratio(theory: Theory, one: OutcomeTerm, other: OutcomeTerm) -> Formula:
    """Say that the difference from c to another outcome becomes that from c1 to one."""
    return theory.changes_in_ratio(i, G, c, c1, d, d1, c, c1, other, one)


def two_in_ratio(theory: Theory) -> Formula:
    """Say that the difference of a and b becomes that of a1 and b1."""
    return theory.changes_in_ratio(i, G, c, c1, d, d1, a, a1, b, b1)


def bounded() -> Formula:
    """Say that the difference of c and d becomes no greater, and that of a and b no less."""
    return And(
        worth(c, d) > 0,
        worth(c, d) >= worth(c1, d1),
        worth(a, b) > 0,
        worth(a1, b1) >= worth(a, b),
    )


def changes_of_differences(theory: Theory) -> tuple[Step, ...]:
    """Return the steps about differences, whatever outcomes become."""
    extremes = And(theory.most_paid(i, G, c), theory.least_paid(i, G, d))
    outcomes = [a, a1, b, b1]
    return (
        Step(
            "proportions-are-in-ratio",
            ForAll(
                [i, G, c, c1, d, d1, a, a1],
                Implies(theory.proportional(i, G, c, d, a, G, c1, d1, a1), in_ratio(theory, a1, a)),
            ),
            ["proportions_in_differences", "products", "changes_in_ratio"],
        ),
        Step(
            "difference-of-differences",
            ForAll([i, G, a, b, c], worth(a, b) == worth(c, b) - worth(c, a)),
            ["differences"],
        ),
        Step(
            "times-a-difference",
            ForAll(
                [i, G, c, d, a, b, c1],
                worth(c, d) * worth(a, b) == worth(c, d) * (worth(c1, b) - worth(c1, a)),
            ),
            ["difference-of-differences"],
        ),
        Step(
            "product-of-differences",
            ForAll(
                [i, G, c, d, a, b, c1],
                times(c, d, a, b) == times(c, d, c1, b) - times(c, d, c1, a),
            ),
            ["times-a-difference", "products"],
        ),
        Step(
            "differences-in-ratio",
            ForAll(
                [i, G, c, c1, d, d1, *outcomes],
                Implies(
                    And(in_ratio(theory, a1, a), in_ratio(theory, b1, b)), two_in_ratio(theory)
                ),
            ),
            ["product-of-differences", "changes_in_ratio"],
        ),
        Step(
            "times-more",
            ForAll(
                [i, G, c, d, *outcomes],
                Implies(
                    And(worth(c, d) > 0, worth(a1, b1) > worth(a, b)),
                    times(c, d, a1, b1) > times(c, d, a, b),
                ),
            ),
            ["products"],
        ),
        Step(
            "times-the-same",
            ForAll(
                [i, G, c, d, *outcomes],
                Implies(worth(a1, b1) == worth(a, b), times(c, d, a1, b1) == times(c, d, a, b)),
            ),
            ["products"],
        ),
        Step(
            "the-same-times",
            ForAll(
                [i, G, c, c1, d, d1, a, b],
                Implies(worth(c, d) == worth(c1, d1), times(c, d, a, b) == times(c1, d1, a, b)),
            ),
            ["products"],
        ),
        Step(
            "more-times",
            ForAll(
                [i, G, c, c1, d, d1, a, b],
                Implies(
                    And(worth(c, d) > worth(c1, d1), worth(a, b) > 0),
                    times(c, d, a, b) > times(c1, d1, a, b),
                ),
            ),
            ["products"],
        ),
        Step(
            "times-no-less",
            ForAll(
                [i, G, c, d, *outcomes],
                Implies(
                    And(worth(c, d) > 0, worth(a1, b1) >= worth(a, b)),
                    times(c, d, a1, b1) >= times(c, d, a, b),
                ),
            ),
            ["times-more", "times-the-same"],
        ),
        Step(
            "no-less-in-ratio",
            ForAll(
                [i, G, c, c1, d, d1, *outcomes],
                Implies(
                    And(two_in_ratio(theory), worth(c, d) > 0, worth(a1, b1) >= worth(a, b)),
                    times(c1, d1, a, b) >= times(c, d, a, b),
                ),
            ),
            ["times-no-less", "changes_in_ratio"],
        ),
        Step(
            "no-factor",
            ForAll(
                [i, G, c, c1, d, d1, *outcomes],
                Implies(And(two_in_ratio(theory), bounded()), worth(c, d) == worth(c1, d1)),
            ),
            ["no-less-in-ratio", "more-times"],
        ),
        Step(
            "factor-cancelled",
            ForAll(
                [i, G, c, c1, d, d1, a, a1],
                Implies(
                    And(in_ratio(theory, a1, a), worth(c, d) > 0, worth(c, d) == worth(c1, d1)),
                    worth(c1, a1) == worth(c, a),
                ),
            ),
            ["times-more", "the-same-times", "changes_in_ratio"],
        ),
        Step(
            "no-greater-difference",
            ForAll(
                [i, G, c, c1, d, d1],
                Implies(
                    And(extremes, in_game(c1, G), in_game(d1, G)),
                    And(
                        value(i, G, c) >= value(i, G, c1),
                        value(i, G, d1) >= value(i, G, d),
                        worth(c, d) >= worth(c1, d1),
                    ),
                ),
            ),
            ["most_paid", "least_paid", "differences"],
        ),
        Step(
            "different-extremes",
            ForAll(
                [i, G, c, d],
                Implies(And(extremes, value(i, G, c) != value(i, G, d)), worth(c, d) > 0),
            ),
            ["most_paid", "least_paid", "differences"],
        ),
        Step(
            "worth-the-same-by-differences",
            ForAll(
                [i, G, c, c1, a, a1],
                Implies(
                    And(worth(c1, a1) == worth(c, a), value(i, G, c1) == value(i, G, c)),
                    value(i, G, a1) == value(i, G, a),
                ),
            ),
            ["differences"],
        ),
        Step(
            "worth-the-same-where-extremes-are",
            ForAll(
                [i, G, c, d, a, a1],
                Implies(
                    And(
                        extremes,
                        in_game(a, G),
                        in_game(a1, G),
                        value(i, G, c) <= value(i, G, d),
                    ),
                    value(i, G, a1) == value(i, G, a),
                ),
            ),
            ["most_paid", "least_paid"],
        ),
        Step(
            "extremes-are-there",
            ForAll([i, G, c, d], Implies(extremes, And(in_game(c, G), in_game(d, G)))),
            ["most_paid", "least_paid"],
        ),
    )
