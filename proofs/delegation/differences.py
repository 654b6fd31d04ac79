"""Differences of payoffs, their products, and proportions."""

import z3
from delegated_games import G, Game, H, K, a, b, i
from isomorphisms import d, value
from z3 import And, ArithRef, ExprRef, ForAll, Function, Implies, RealSort

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory, axiom, define
from spi_verify.theory.signature import Outcome, Player
from spi_verify.theory.terms import Formula, OutcomeTerm

x1, x2, x3, y1, y2, y3 = z3.Consts("x1 x2 x3 y1 y2 y3", Outcome)

difference = Function("difference", Player, Game, Outcome, Outcome, RealSort())
"""What an outcome of a game is worth to player i's representative more than another."""


@axiom(difference)
def differences(theory: Theory) -> Formula:
    """The difference of two outcomes is what the one is worth, less what the other is."""
    return ForAll([i, G, a, b], difference(i, G, a, b) == value(i, G, a) - value(i, G, b))


Pair = tuple[ExprRef, OutcomeTerm, OutcomeTerm]
"""A game, and two of its outcomes."""

product = Function("product", Player, Game, Outcome, Outcome, Game, Outcome, Outcome, RealSort())
"""A difference in one game times a difference in another."""


@axiom(product)
def products(theory: Theory) -> Formula:
    """One difference times the other."""
    return ForAll(
        [i, G, a, b, H, x1, x2],
        product(i, G, a, b, H, x1, x2) == difference(i, G, a, b) * difference(i, H, x1, x2),
    )


@define()
def proportions_in_differences(theory: Theory) -> Formula:
    """Payoffs are in proportion if two products of differences are equal."""
    products = difference(i, G, a, b) * difference(i, H, x1, x3) == (
        difference(i, G, a, d) * difference(i, H, x1, x2)
    )
    return ForAll(
        [i, G, a, b, d, H, x1, x2, x3],
        theory.proportional(i, G, a, b, d, H, x1, x2, x3) == products,
    )


def composed_proportions(theory: Theory) -> tuple[Step, ...]:
    """Return the steps that compose proportions, by products of three differences.

    To all but the first steps a product of two is a name: where numbers of unknown sign are
    multiplied solvers are slow, and no combination of inequalities shows what is equal. That equal
    terms give equal products does. It needs a factor that is one term, and SMT-LIB has a product of
    three as one list of factors, so that what is multiplied first is a difference, which is 0.
    """
    first, last = (G, a, b), (G, a, d)
    second, between = (H, x1, x2), (H, x1, x3)
    third, fourth = (K, y1, y3), (K, y1, y2)
    variables = [i, G, a, b, d, H, x1, x2, x3, K, y1, y2, y3]
    proportions = And(
        theory.proportional(i, G, a, b, d, H, x1, x2, x3),
        theory.proportional(i, H, x1, x2, x3, K, y1, y2, y3),
    )

    def two(one: Pair, other: Pair) -> ArithRef:
        named: ArithRef = product(i, *one, *other)
        return named

    def three(one: Pair, *others: Pair) -> ArithRef:
        return difference(i, *one) * two(*others)

    one, other = two(first, third), two(last, fourth)
    equal = three(second, first, third) == three(second, last, fourth)
    by_second = difference(i, *second)
    any_three = [i, G, a, b, H, x1, x2, K, y1, y2]
    left = two(second, fourth) - difference(i, *second) * difference(i, *fourth)
    exchanged = {
        "first-exchanged": three(second, first, third) == three(first, second, third),
        "fourth-exchanged": three(first, between, fourth) == three(fourth, first, between),
        "second-exchanged": three(fourth, last, second) == three(second, last, fourth),
    }
    return (
        Step(
            "proportions-in-products",
            ForAll(
                [i, G, a, b, d, H, x1, x2, x3],
                theory.proportional(i, G, a, b, d, H, x1, x2, x3)
                == (two(first, between) == two(last, second)),
            ),
            ["proportions_in_differences", "products"],
        ),
        Step("nothing-left", ForAll(any_three, left == 0), ["products"]),
        Step(
            "nothing-multiplied",
            ForAll(any_three, difference(i, *first) * left == difference(i, *first) * 0),
            ["nothing-left"],
        ),
        Step(
            "multiplied",
            ForAll(
                any_three,
                three(first, second, fourth)
                == difference(i, *first) * difference(i, *second) * difference(i, *fourth),
            ),
            ["nothing-multiplied"],
        ),
        *(
            Step(name, ForAll(variables, formula), ["multiplied"])
            for name, formula in exchanged.items()
        ),
        Step(
            "second-in-front",
            ForAll(
                variables,
                Implies(
                    proportions,
                    three(second, first, third) == three(first, between, fourth),
                ),
            ),
            ["proportions-in-products", "first-exchanged"],
        ),
        Step(
            "fourth-multiplied",
            ForAll(
                variables,
                Implies(
                    proportions,
                    three(fourth, first, between) == three(fourth, last, second),
                ),
            ),
            ["proportions-in-products"],
        ),
        Step(
            "fourth-in-front",
            ForAll(
                variables,
                Implies(
                    proportions,
                    three(first, between, fourth) == three(fourth, last, second),
                ),
            ),
            ["fourth-exchanged", "fourth-multiplied"],
        ),
        Step(
            "equal-products",
            ForAll(variables, Implies(proportions, equal)),
            ["second-in-front", "fourth-in-front", "second-exchanged"],
        ),
        Step(
            "cancelled-above",
            ForAll(variables, Implies(And(equal, by_second > 0), one <= other)),
            [],
        ),
        Step(
            "cancelled-below",
            ForAll(variables, Implies(And(equal, by_second < 0), one <= other)),
            [],
        ),
        Step(
            "cancelled",
            ForAll(variables, Implies(And(equal, by_second != 0), one <= other)),
            ["cancelled-above", "cancelled-below"],
        ),
        *(
            Step(
                name,
                ForAll(variables, Implies(And(proportions, by_second != 0), formula)),
                uses,
            )
            for name, formula, uses in (
                ("at-most", one <= other, ["equal-products", "cancelled"]),
                ("at-least", other <= one, ["equal-products", "cancelled"]),
                ("products-compose", one == other, ["at-most", "at-least"]),
            )
        ),
        Step(
            "differences-compose",
            ForAll(
                variables,
                Implies(
                    And(proportions, by_second != 0),
                    theory.proportional(i, G, a, b, d, K, y1, y2, y3),
                ),
            ),
            ["products-compose", "proportions-in-products"],
        ),
        Step(
            "different-by-something",
            ForAll(
                [i, H, x1, x2],
                Implies(value(i, H, x1) != value(i, H, x2), difference(i, H, x1, x2) != 0),
            ),
            ["differences"],
        ),
        Step(
            "proportions-compose",
            ForAll(
                variables,
                Implies(
                    And(proportions, value(i, H, x1) != value(i, H, x2)),
                    theory.proportional(i, G, a, b, d, K, y1, y2, y3),
                ),
            ),
            ["differences-compose", "different-by-something"],
        ),
    )


def proportions(theory: Theory) -> Statement:
    """Return the statement that proportions are equal products of differences."""
    variables = [i, G, a, b, H, x1, x2]
    first, second = difference(i, G, a, b), difference(i, H, x1, x2)
    there, here = value(i, G, a) - value(i, G, b), value(i, H, x1) - value(i, H, x2)
    return Statement(
        id="proportions-in-differences",
        title="Proportions are equal products of differences",
        theory=theory,
        hypotheses=(),
        definitions=("proportional", "differences"),
        steps=(
            Step(
                "one-factor",
                ForAll(variables, first * second == there * second),
                ["differences"],
            ),
            Step(
                "other-factor",
                ForAll(variables, there * second == there * here),
                ["differences"],
            ),
            Step(
                "products-of-differences",
                ForAll(variables, first * second == there * here),
                ["one-factor", "other-factor"],
            ),
            Step(
                "goal",
                theory.proportions_in_differences(),
                ["proportional", "products-of-differences"],
            ),
        ),
        sizes={"Action": 1, "ActionMap": 1, "Outcome": 1},
    )


def statements(theory: Theory) -> list[Statement]:
    """Return what later statements use as a lemma."""
    return [proportions(theory)]
