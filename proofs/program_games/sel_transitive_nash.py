"""When the Nash selection function is transitive."""

import z3
from sel_transitive_common import (
    DOMINATION,
    along_players,
    gain_is_reached,
    last_steps,
    no_tie,
    selection_readings,
    selection_statement,
    weakly_below,
)
from z3 import And, ForAll, Implies, Or

from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.theory import Theory
from spi_verify.theory.signature import (
    Outcome,
    Player,
    Position,
    gain,
    last,
    nash_product,
    next_to,
    player_at,
    product_up_to,
    u,
)

i = z3.Const("i", Player)
a, x = z3.Consts("a x", Outcome)
n, m = z3.Consts("n m", Position)

NASH = (
    "players_are_listed",
    "players_are_listed_once",
    "gains",
    "products",
    "nobody_loses",
    "nash_products",
    "nash",
)
FACTORS = (
    "no-less-product",
    "greater-product",
    "no-less-factor",
    "greater-factor",
    "product-of-such",
    "products",
)


def nash(theory: Theory) -> list[Statement]:
    """Return both readings with the disagreement point weakly below."""
    return selection_readings(
        theory,
        "sel-transitive-nash",
        "The Nash selection function is transitive, the disagreement point weakly below",
        [*NASH, "products_do_not_fall", "induction_on_products"],
        [
            *_factors(),
            Step(
                "no-negative-factor",
                ForAll([a, i], Implies(theory.nobody_loses(a), gain(i, a) >= 0)),
                ["nobody_loses"],
            ),
            Step(
                "gains-do-not-fall",
                ForAll([x, a, i], Implies(theory.weakly_improves(x, a), gain(i, x) >= gain(i, a))),
                ["gains", "weakly_improves"],
            ),
            *along_players(
                lambda position: theory.products_do_not_fall(x, a, position),
                And(theory.weakly_improves(x, a), theory.nobody_loses(a)),
                [x, a],
                [
                    "no-negative-factor",
                    "gains-do-not-fall",
                    "products",
                    "products_do_not_fall",
                ],
                "products",
                next_uses=[
                    *FACTORS,
                    "no-negative-factor",
                    "gains-do-not-fall",
                    "products_do_not_fall",
                ],
            ),
            Step(
                "still-nobody-loses",
                ForAll(
                    [x, a],
                    Implies(
                        And(theory.weakly_improves(x, a), theory.nobody_loses(a)),
                        theory.nobody_loses(x),
                    ),
                ),
                ["no-negative-factor", "gains-do-not-fall", "nobody_loses"],
            ),
            Step("improves-on-itself", ForAll([a], theory.weakly_improves(a, a)), DOMINATION[:1]),
            Step(
                "no-negative-product",
                ForAll([a], Implies(theory.nobody_loses(a), product_up_to(a, last) >= 0)),
                ["improves-on-itself", "products-last", "products_do_not_fall"],
            ),
            Step(
                "product-does-not-fall",
                ForAll(
                    [x, a],
                    Implies(theory.weakly_improves(x, a), nash_product(x) >= nash_product(a)),
                ),
                [
                    "products-last",
                    "products_do_not_fall",
                    "still-nobody-loses",
                    "no-negative-product",
                    "nash_products",
                ],
            ),
            *last_steps(
                theory,
                order=["nash"],
                above=["no-tie-under-domination", "product-does-not-fall", "dominates", "nash"],
                kept=["nash"],
            ),
        ],
        [no_tie(theory)],
        "Where somebody gains nothing, a dominating outcome can have the same product 0.",
        [weakly_below(theory)],
    )


def _factors() -> list[Step]:
    """Return how one more factor acts on products that are not negative."""
    x_so_far, a_so_far = product_up_to(x, n), product_up_to(a, n)
    gain_in_x, gain_in_a = gain(player_at(m), x), gain(player_at(m), a)
    return [
        Step(
            "no-less-product",
            ForAll(
                [x, a, n, m],
                Implies(
                    And(x_so_far >= a_so_far, gain_in_x >= 0),
                    x_so_far * gain_in_x >= a_so_far * gain_in_x,
                ),
            ),
            [],
        ),
        Step(
            "greater-product",
            ForAll(
                [x, a, n, m],
                Implies(
                    And(x_so_far > a_so_far, gain_in_x > 0),
                    x_so_far * gain_in_x > a_so_far * gain_in_x,
                ),
            ),
            [],
        ),
        Step(
            "no-less-factor",
            ForAll(
                [x, a, n, m],
                Implies(
                    And(a_so_far >= 0, gain_in_x >= gain_in_a),
                    a_so_far * gain_in_x >= a_so_far * gain_in_a,
                ),
            ),
            [],
        ),
        Step(
            "greater-factor",
            ForAll(
                [x, a, n, m],
                Implies(
                    And(a_so_far > 0, gain_in_x > gain_in_a),
                    a_so_far * gain_in_x > a_so_far * gain_in_a,
                ),
            ),
            [],
        ),
        Step(
            "product-of-such",
            ForAll(
                [a, n, m],
                And(
                    Implies(And(a_so_far >= 0, gain_in_a >= 0), a_so_far * gain_in_a >= 0),
                    Implies(And(a_so_far > 0, gain_in_a > 0), a_so_far * gain_in_a > 0),
                ),
            ),
            [],
        ),
    ]


def nash_interior(theory: Theory) -> Statement:
    """Return the statement with the disagreement point strictly below."""
    return selection_statement(
        theory,
        "sel-transitive-nash-interior",
        "The Nash selection function is transitive, the disagreement point strictly below",
        [*NASH, "gain_up_to", "products_rise", "induction_on_positive_products"],
        [
            *_factors(),
            Step(
                "new-or-old-gains",
                ForAll(
                    [x, a, n, m],
                    Implies(
                        And(next_to(n, m), theory.gain_up_to(x, a, m)),
                        Or(
                            theory.gain_up_to(x, a, n),
                            u(player_at(m), x) > u(player_at(m), a),
                        ),
                    ),
                ),
                ["gain_up_to", "players_are_listed"],
            ),
            *along_players(
                lambda position: theory.products_rise(x, a, position),
                theory.weakly_improves(x, a),
                [x, a],
                [
                    "disagreement-strictly-below",
                    "gains",
                    "products",
                    "products_rise",
                    "gain_up_to",
                    "weakly_improves",
                ],
                "positive_products",
                next_uses=[
                    *FACTORS,
                    "gains",
                    "weakly_improves",
                    "disagreement-strictly-below",
                    "products_rise",
                    "new-or-old-gains",
                ],
            ),
            gain_is_reached(theory),
            Step(
                "product-rises",
                ForAll([x, a], Implies(theory.dominates(x, a), nash_product(x) > nash_product(a))),
                [
                    "gain-is-reached",
                    "positive_products-last",
                    "products_rise",
                    "nash_products",
                    "nobody_loses",
                    "gains",
                    "disagreement-strictly-below",
                ],
            ),
            *last_steps(
                theory,
                order=["nash"],
                above=["product-rises", "nash"],
                kept=["nash"],
            ),
        ],
        [
            Hypothesis(
                "disagreement-strictly-below",
                theory.disagreement_strictly_below(),
                "Everybody gets more in every outcome than in the disagreement point.",
            )
        ],
    )
