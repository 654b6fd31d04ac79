"""What a copy's outcomes stand for, if the copy is played by some isomorphism.

A copy is made one to one; the representatives may play it by another isomorphism, which is so only
as far as what is called an isomorphism has to be. Where that one sends an outcome, the copy has
the image of some outcome, its counterpart. Payoffs of counterparts are those of the outcomes up to
a factor and a constant. A factor above 1 would make the greatest difference of payoffs greater, and
one below 1 the least difference less; so it is 1, and then the greatest payoff leaves only the
constant 0.
"""

from delegated_games import G, Game, H, a, b, c, i, in_game, pays
from differences import composed_proportions
from differences_changed import (
    a1,
    b1,
    bounded,
    c1,
    changes_of_differences,
    d1,
    in_ratio,
    two_in_ratio,
    worth,
)
from isomorphisms import (
    MAPS,
    ActionMap,
    d,
    f,
    g,
    image,
    known_of_isomorphisms,
    one_to_one_isomorphism,
    printed_isomorphism,
    value,
)
from z3 import And, Exists, ExprRef, ForAll, Implies

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory, define
from spi_verify.theory.signature import Outcome
from spi_verify.theory.terms import Formula, OutcomeTerm


@define(Outcome, Outcome)
def paid_alike(theory: Theory, a: OutcomeTerm, b: OutcomeTerm) -> Formula:
    """u(a) = u(b)."""
    return ForAll([i], pays(i, a) == pays(i, b))


@define(ActionMap, ActionMap, Game, Outcome)
def has_equal(theory: Theory, f: ExprRef, g: ExprRef, G: ExprRef, a: OutcomeTerm) -> Formula:
    """Something in G that pays like a is sent by f to where g sends a."""
    there = And(in_game(b, G), image(f, b) == image(g, a))
    return Exists([b], And(there, theory.paid_alike(b, a)))


@define(ActionMap, ActionMap, Game, Outcome, Outcome)
def is_counterpart(
    theory: Theory, f: ExprRef, g: ExprRef, G: ExprRef, b: OutcomeTerm, a: OutcomeTerm
) -> Formula:
    """In G, b is sent by f to where g sends a."""
    return And(in_game(a, G), in_game(b, G), image(f, b) == image(g, a))


@define()
def counterparts_are_paid_alike(theory: Theory) -> Formula:
    """What a copy's map and an isomorphism send to the same outcome pays everybody the same."""
    both = And(theory.original(G), _both(theory), in_game(a, G))
    return ForAll([f, g, G, H, a], Implies(both, theory.has_equal(f, g, G, a)))


def _both(theory: Theory) -> Formula:
    copied, sent = one_to_one_isomorphism(theory, f, G, H), printed_isomorphism(theory, g, G, H)
    return And(copied, sent)


def _one_to_one(theory: Theory, f: ExprRef, G: ExprRef, H: ExprRef) -> Formula:
    return theory.one_to_one(f, G, H)


def counterparts(theory: Theory) -> Statement:
    """Return the statement that counterparts are paid alike."""
    both = _both(theory)

    def counterpart(b: OutcomeTerm, a: OutcomeTerm) -> Formula:
        return theory.is_counterpart(f, g, G, b, a)

    two = And(both, counterpart(a1, a), counterpart(b1, b))
    three = And(two, counterpart(d1, d))
    extremes = And(theory.most_paid(i, G, c), theory.least_paid(i, G, d))
    from_extremes = And(both, counterpart(c1, c), counterpart(d1, d), extremes)
    maps, outcomes = [i, f, g, G, H], [a, a1, b, b1]

    there = image(g, a), image(g, b), image(g, d)
    here, back = (G, a, b, d), (G, a1, b1, d1)
    beside_the_least = And(
        from_extremes,
        value(i, G, c) > value(i, G, d),
        counterpart(a1, a),
        counterpart(b1, b),
        theory.least_difference(i, G, a, b),
    )
    known = "images-are-there", "order-is-kept", "ratios-are-kept"
    onto = "actions-have-preimages", "actions-are-images", "everything-is-an-image"
    steps = (
        *known_of_isomorphisms(theory, *known, written_out=printed_isomorphism),
        *known_of_isomorphisms(theory, *onto, written_out=_one_to_one),
        *composed_proportions(theory),
        *changes_of_differences(theory),
        Step(
            "what-is-sent-there",
            ForAll(
                [f, g, G, H, a, c],
                Implies(
                    And(theory.one_to_one(f, G, H), in_game(c, H), image(g, a) == c),
                    theory.has_counterpart(f, g, G, a),
                ),
            ),
            ["everything-is-an-image", "has_counterpart"],
        ),
        Step(
            "has-a-counterpart",
            ForAll(
                [f, g, G, H, a],
                Implies(And(both, in_game(a, G)), theory.has_counterpart(f, g, G, a)),
            ),
            ["images-are-there", "what-is-sent-there"],
        ),
        Step(
            "counterpart-if-sent-there",
            ForAll(
                [f, g, G, a, b],
                Implies(
                    And(in_game(a, G), in_game(b, G), image(f, b) == image(g, a)),
                    counterpart(b, a),
                ),
            ),
            ["is_counterpart"],
        ),
        Step(
            "counterparts-are-there",
            ForAll(
                [f, g, G, a],
                Implies(
                    And(in_game(a, G), theory.has_counterpart(f, g, G, a)),
                    Exists([b], counterpart(b, a)),
                ),
            ),
            ["has_counterpart", "counterpart-if-sent-there"],
        ),
        Step(
            "sent-by-both",
            ForAll(
                [f, g, G, H, a],
                Implies(And(both, in_game(a, G)), Exists([b], counterpart(b, a))),
            ),
            ["has-a-counterpart", "counterparts-are-there"],
        ),
        Step(
            "order-of-counterparts",
            ForAll(
                [*maps, *outcomes],
                Implies(
                    two, (value(i, G, a) > value(i, G, b)) == (value(i, G, a1) > value(i, G, b1))
                ),
            ),
            ["order-is-kept", "is_counterpart"],
        ),
        Step(
            "proportions-turn-round",
            ForAll(
                [i, G, a, b, d, H, a1, b1, d1],
                theory.proportional(i, *here, H, a1, b1, d1)
                == theory.proportional(i, H, a1, b1, d1, *here),
            ),
            ["proportional"],
        ),
        Step(
            "ratios-there-and-back",
            ForAll(
                [*maps, *outcomes, d, d1],
                Implies(
                    three,
                    And(
                        theory.proportional(i, *here, H, *there),
                        theory.proportional(i, H, *there, *back),
                    ),
                ),
            ),
            ["ratios-are-kept", "is_counterpart", "proportions-turn-round"],
        ),
        Step(
            "different-there",
            ForAll(
                [*maps, a, b],
                Implies(
                    And(
                        both, in_game(a, G), in_game(b, G), value(i, G, a) > value(i, G, b)
                    ),
                    value(i, H, image(g, a)) != value(i, H, image(g, b)),
                ),
            ),
            ["order-is-kept"],
        ),
        Step(
            "composed-there-and-back",
            ForAll(
                [i, g, G, H, *outcomes, d, d1],
                Implies(
                    And(
                        theory.proportional(i, *here, H, *there),
                        theory.proportional(i, H, *there, *back),
                        value(i, H, image(g, a)) != value(i, H, image(g, b)),
                    ),
                    theory.proportional(i, *here, *back),
                ),
            ),
            ["proportions-compose"],
        ),
        Step(
            "different-there-and-in-proportion",
            ForAll(
                [*maps, *outcomes, d, d1],
                Implies(
                    And(three, value(i, G, a) > value(i, G, b)),
                    And(
                        theory.proportional(i, *here, H, *there),
                        theory.proportional(i, H, *there, *back),
                        value(i, H, image(g, a)) != value(i, H, image(g, b)),
                    ),
                ),
            ),
            ["ratios-there-and-back", "different-there", "is_counterpart"],
        ),
        Step(
            "ratios-of-counterparts",
            ForAll(
                [*maps, *outcomes, d, d1],
                Implies(
                    And(three, value(i, G, a) > value(i, G, b)),
                    theory.proportional(i, *here, *back),
                ),
            ),
            ["different-there-and-in-proportion", "composed-there-and-back"],
        ),
        Step(
            "in-ratio-to-extremes",
            ForAll(
                [*maps, c, c1, d, d1, a, a1],
                Implies(
                    And(from_extremes, counterpart(a1, a), value(i, G, c) > value(i, G, d)),
                    in_ratio(theory, a1, a),
                ),
            ),
            ["ratios-of-counterparts", "proportions-are-in-ratio"],
        ),
        Step(
            "no-less-difference",
            ForAll(
                [*maps, *outcomes],
                Implies(
                    And(two, theory.least_difference(i, G, a, b)),
                    And(worth(a, b) > 0, worth(a1, b1) >= worth(a, b)),
                ),
            ),
            ["order-of-counterparts", "is_counterpart", "least_difference", "differences"],
        ),
        Step(
            "least-difference-in-ratio",
            ForAll(
                [*maps, c, c1, d, d1, *outcomes],
                Implies(
                    And(
                        from_extremes,
                        value(i, G, c) > value(i, G, d),
                        counterpart(a1, a),
                        counterpart(b1, b),
                    ),
                    two_in_ratio(theory),
                ),
            ),
            ["in-ratio-to-extremes", "differences-in-ratio"],
        ),
        Step(
            "bounded-and-in-ratio",
            ForAll(
                [*maps, c, c1, d, d1, *outcomes],
                Implies(beside_the_least, And(two_in_ratio(theory), bounded())),
            ),
            [
                "least-difference-in-ratio",
                "no-less-difference",
                "no-greater-difference",
                "is_counterpart",
                "different-extremes",
            ],
        ),
        Step(
            "same-difference-beside-the-least",
            ForAll(
                [*maps, c, c1, d, d1, *outcomes],
                Implies(beside_the_least, worth(c, d) == worth(c1, d1)),
            ),
            ["bounded-and-in-ratio", "no-factor"],
        ),
        Step(
            "least-difference-is-sent",
            ForAll(
                [*maps, a, b],
                Implies(
                    And(both, theory.least_difference(i, G, a, b)),
                    And(Exists([a1], counterpart(a1, a)), Exists([b1], counterpart(b1, b))),
                ),
            ),
            ["sent-by-both", "least_difference"],
        ),
        Step(
            "same-difference-beside-what-is-sent",
            ForAll(
                [*maps, c, c1, d, d1, a, b],
                Implies(
                    And(
                        from_extremes,
                        value(i, G, c) > value(i, G, d),
                        theory.least_difference(i, G, a, b),
                    ),
                    worth(c, d) == worth(c1, d1),
                ),
            ),
            ["same-difference-beside-the-least", "least-difference-is-sent"],
        ),
        Step(
            "same-difference",
            ForAll(
                [*maps, c, c1, d, d1],
                Implies(
                    And(from_extremes, value(i, G, c) > value(i, G, d)),
                    worth(c, d) == worth(c1, d1),
                ),
            ),
            ["same-difference-beside-what-is-sent", "differences_are_finite"],
        ),
        Step(
            "same-most",
            ForAll(
                [*maps, c, c1, d, d1],
                Implies(
                    And(from_extremes, value(i, G, c) > value(i, G, d)),
                    value(i, G, c1) == value(i, G, c),
                ),
            ),
            ["same-difference", "no-greater-difference", "is_counterpart", "differences"],
        ),
        Step(
            "same-difference-from-the-most",
            ForAll(
                [*maps, c, c1, d, d1, a, a1],
                Implies(
                    And(from_extremes, counterpart(a1, a), value(i, G, c) > value(i, G, d)),
                    worth(c1, a1) == worth(c, a),
                ),
            ),
            ["in-ratio-to-extremes", "same-difference", "different-extremes", "factor-cancelled"],
        ),
        Step(
            "worth-the-same-where-extremes-differ",
            ForAll(
                [*maps, c, c1, d, d1, a, a1],
                Implies(
                    And(from_extremes, counterpart(a1, a), value(i, G, c) > value(i, G, d)),
                    value(i, G, a1) == value(i, G, a),
                ),
            ),
            ["same-difference-from-the-most", "same-most", "worth-the-same-by-differences"],
        ),
        Step(
            "worth-the-same-beside-extremes",
            ForAll(
                [*maps, c, c1, d, d1, a, a1],
                Implies(And(from_extremes, counterpart(a1, a)), value(i, G, a1) == value(i, G, a)),
            ),
            [
                "worth-the-same-where-extremes-differ",
                "worth-the-same-where-extremes-are",
                "is_counterpart",
            ],
        ),
        Step(
            "extremes-are-sent",
            ForAll(
                [*maps, c, d],
                Implies(
                    And(both, extremes),
                    And(Exists([c1], counterpart(c1, c)), Exists([d1], counterpart(d1, d))),
                ),
            ),
            ["extremes-are-there", "sent-by-both"],
        ),
        Step(
            "worth-the-same-beside-what-is-sent",
            ForAll(
                [*maps, c, d, a, a1],
                Implies(
                    And(both, extremes, counterpart(a1, a)), value(i, G, a1) == value(i, G, a)
                ),
            ),
            ["worth-the-same-beside-extremes", "extremes-are-sent"],
        ),
        Step(
            "worth-the-same",
            ForAll(
                [*maps, a, a1],
                Implies(And(both, counterpart(a1, a)), value(i, G, a1) == value(i, G, a)),
            ),
            ["worth-the-same-beside-what-is-sent", "games_are_finite"],
        ),
        Step(
            "paid-as-its-counterpart",
            ForAll(
                [f, g, G, H, a, a1],
                Implies(
                    And(theory.original(G), both, counterpart(a1, a)), theory.paid_alike(a1, a)
                ),
            ),
            ["worth-the-same", "is_counterpart", "original", "paid_alike"],
        ),
        Step(
            "equal-if-it-has-a-counterpart",
            ForAll(
                [f, g, G, H, a, a1],
                Implies(
                    And(theory.original(G), both, counterpart(a1, a)),
                    theory.has_equal(f, g, G, a),
                ),
            ),
            ["paid-as-its-counterpart", "is_counterpart", "has_equal"],
        ),
        Step(
            "goal",
            theory.counterparts_are_paid_alike(),
            ["sent-by-both", "equal-if-it-has-a-counterpart"],
        ),
    )  # fmt: skip
    copied = And(theory.original(G), one_to_one_isomorphism(theory, f, G, H), G != H)
    return Statement(
        id="counterparts-are-paid-alike",
        title="What a copy's map and an isomorphism send to the same outcome pays everybody alike",
        theory=theory,
        hypotheses=(),
        definitions=(
            *MAPS,
            "original",
            "has_counterpart",
            "is_counterpart",
            "changes_in_ratio",
            "paid_alike",
            "has_equal",
            "differences",
            "products",
            "least_difference",
            "differences_are_finite",
        ),
        lemmas={"proportions_in_differences": "proportions-in-differences"},
        steps=steps,
        scene=Exists([f, G, H], copied),
        sizes={"Action": 1, "ActionMap": 1, "Outcome": 1},
    )


def statements(theory: Theory) -> list[Statement]:
    """Return what the statements about tokens use as a lemma."""
    return [counterparts(theory)]
