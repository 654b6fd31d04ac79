"""Lemma 4: whether an isomorphism improves does not depend on which isomorphism it is.

As printed, isomorphisms need not be one to one and onto, and two that send the only outcome of a
game to different outcomes of another have nothing to do with each other. Otherwise every
isomorphism sends the best and the worst that a player may get to the best and the worst; so what
they send to the same outcome pays the same.
"""

from dataclasses import replace

import z3
from delegated_games import G, H, a, b, c, i, in_game, pays
from differences import difference
from isomorphisms import (
    ISOMORPHISMS,
    d,
    f,
    g,
    image,
    known_of_isomorphisms,
    value,
    with_one_to_one,
)
from z3 import And, ArithRef, Exists, ExprRef, ForAll, Implies

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory, define
from spi_verify.theory.signature import Outcome
from spi_verify.theory.terms import Formula, OutcomeTerm
from spi_verify.verdicts import Verdict

x1, x2, x3, y1, y2 = z3.Consts("x1 x2 x3 y1 y2", Outcome)


@define()
def isomorphisms_agree(theory: Theory) -> Formula:
    """If one isomorphism between two games improves, weakly or strictly, so do all."""
    both = And(theory.isomorphism(f, G, H), theory.isomorphism(g, G, H))
    weakly = Implies(theory.improves_by(f, G), theory.improves_by(g, G))
    strictly = Implies(theory.strictly_improves_by(f, G), theory.strictly_improves_by(g, G))
    return ForAll([f, g, G, H], Implies(And(theory.original(G), both), And(weakly, strictly)))


def lemma_4(theory: Theory) -> Statement:
    """Return the lemma, with isomorphisms as the theory has them."""
    both = And(theory.isomorphism(f, G, H), theory.isomorphism(g, G, H))
    same = And(in_game(a, G), in_game(b, G), image(f, b) == image(g, a))

    def there(map: ExprRef, one: OutcomeTerm) -> ArithRef:
        return value(i, H, image(map, one))

    extremes = And(theory.most_paid(i, G, c), theory.least_paid(i, G, d))
    paid = ("most_paid", "least_paid")
    supposed = And(both, same, extremes)
    everything = [i, f, g, G, H, a, b, c, d]
    variables = [i, G, H, a, b, c, d, x1, x2, x3, y1, y2]
    proportions = And(
        theory.proportional(i, G, c, d, a, H, x1, x2, x3),
        theory.proportional(i, G, c, d, b, H, y1, y2, x3),
        value(i, H, x1) == value(i, H, y1),
        value(i, H, x2) == value(i, H, y2),
    )
    steps = (
        *known_of_isomorphisms(
            theory,
            "images-are-there",
            "actions-have-preimages",
            "actions-are-images",
            "everything-is-an-image",
            "order-is-kept",
            "ratios-are-kept",
        ),
        Step(
            "most-is-sent-to-most",
            ForAll(
                [i, f, G, H, a, b],
                Implies(
                    And(theory.isomorphism(f, G, H), theory.most_paid(i, G, a), in_game(b, H)),
                    there(f, a) >= value(i, H, b),
                ),
            ),
            ["order-is-kept", "everything-is-an-image", "most_paid"],
        ),
        Step(
            "least-is-sent-to-least",
            ForAll(
                [i, f, G, H, a, b],
                Implies(
                    And(theory.isomorphism(f, G, H), theory.least_paid(i, G, a), in_game(b, H)),
                    there(f, a) <= value(i, H, b),
                ),
            ),
            ["order-is-kept", "everything-is-an-image", "least_paid"],
        ),
        Step(
            "same-extremes",
            ForAll(
                [i, f, g, G, H, c, d],
                Implies(
                    And(both, extremes),
                    And(there(f, c) == there(g, c), there(f, d) == there(g, d)),
                ),
            ),
            ["most-is-sent-to-most", "least-is-sent-to-least", "images-are-there", *paid],
        ),
        Step(
            "ratios-to-extremes",
            ForAll(
                [i, f, G, H, a, c, d],
                Implies(
                    And(theory.isomorphism(f, G, H), in_game(a, G), extremes),
                    theory.proportional(i, G, c, d, a, H, image(f, c), image(f, d), image(f, a)),
                ),
            ),
            ["ratios-are-kept", *paid],
        ),
        Step(
            "same-differences",
            ForAll(
                [i, H, x1, x2, x3, y1, y2],
                Implies(
                    And(value(i, H, x1) == value(i, H, y1), value(i, H, x2) == value(i, H, y2)),
                    And(
                        difference(i, H, x1, x2) == difference(i, H, y1, y2),
                        difference(i, H, x1, x3) == difference(i, H, y1, x3),
                    ),
                ),
            ),
            ["differences"],
        ),
        Step(
            "products-as-written",
            ForAll(
                variables,
                Implies(
                    proportions,
                    And(
                        difference(i, G, c, d) * difference(i, H, x1, x3)
                        == difference(i, G, c, a) * difference(i, H, x1, x2),
                        difference(i, G, c, d) * difference(i, H, y1, x3)
                        == difference(i, G, c, b) * difference(i, H, y1, y2),
                    ),
                ),
            ),
            ["proportions_in_differences"],
        ),
        Step(
            "same-products",
            ForAll(
                variables,
                Implies(
                    proportions,
                    And(
                        difference(i, G, c, d) * difference(i, H, x1, x3)
                        == difference(i, G, c, d) * difference(i, H, y1, x3),
                        difference(i, G, c, b) * difference(i, H, x1, x2)
                        == difference(i, G, c, b) * difference(i, H, y1, y2),
                    ),
                ),
            ),
            ["same-differences"],
        ),
        Step(
            "equal-products",
            ForAll(
                variables,
                Implies(
                    proportions,
                    difference(i, G, c, a) * difference(i, H, x1, x2)
                    == difference(i, G, c, b) * difference(i, H, x1, x2),
                ),
            ),
            ["products-as-written", "same-products"],
        ),
        Step(
            "cancelled",
            ForAll(
                [i, G, H, a, b, c, x1, x2],
                Implies(
                    And(
                        difference(i, H, x1, x2) > 0,
                        difference(i, G, c, a) * difference(i, H, x1, x2)
                        == difference(i, G, c, b) * difference(i, H, x1, x2),
                    ),
                    difference(i, G, c, a) == difference(i, G, c, b),
                ),
            ),
            [],
        ),
        Step(
            "fourth-proportional",
            ForAll(
                variables,
                Implies(
                    And(proportions, value(i, H, x1) > value(i, H, x2)),
                    value(i, G, a) == value(i, G, b),
                ),
            ),
            ["equal-products", "cancelled", "differences"],
        ),
        Step(
            "different-extremes",
            ForAll(
                [i, f, G, H, c, d],
                Implies(
                    And(theory.isomorphism(f, G, H), extremes, value(i, G, c) != value(i, G, d)),
                    there(f, c) > there(f, d),
                ),
            ),
            ["order-is-kept", *paid],
        ),
        Step(
            "proportions-there",
            ForAll(
                everything,
                Implies(
                    supposed,
                    And(
                        theory.proportional(
                            i, G, c, d, b, H, image(f, c), image(f, d), image(f, b)
                        ),
                        theory.proportional(
                            i, G, c, d, a, H, image(g, c), image(g, d), image(f, b)
                        ),
                        there(f, c) == there(g, c),
                        there(f, d) == there(g, d),
                    ),
                ),
            ),
            ["ratios-to-extremes", "same-extremes"],
        ),
        Step(
            "worth-the-same-where-extremes-differ",
            ForAll(
                everything,
                Implies(
                    And(supposed, value(i, G, c) != value(i, G, d)),
                    value(i, G, a) == value(i, G, b),
                ),
            ),
            ["proportions-there", "different-extremes", "fourth-proportional"],
        ),
        Step(
            "worth-the-same-beside-extremes",
            ForAll(everything, Implies(supposed, value(i, G, a) == value(i, G, b))),
            ["worth-the-same-where-extremes-differ", *paid],
        ),
        Step(
            "worth-the-same",
            ForAll(
                [i, f, g, G, H, a, b],
                Implies(And(both, same), value(i, G, a) == value(i, G, b)),
            ),
            ["worth-the-same-beside-extremes", "games_are_finite"],
        ),
        Step(
            "same-image-of-an-outcome",
            ForAll(
                [f, g, G, H, a, c],
                Implies(
                    And(theory.isomorphism(f, G, H), in_game(c, H), image(g, a) == c),
                    theory.has_counterpart(f, g, G, a),
                ),
            ),
            ["everything-is-an-image", "has_counterpart"],
        ),
        Step(
            "same-image",
            ForAll(
                [f, g, G, H, a],
                Implies(And(both, in_game(a, G)), theory.has_counterpart(f, g, G, a)),
            ),
            ["images-are-there", "same-image-of-an-outcome"],
        ),
        Step(
            "judged-the-same",
            ForAll(
                [i, f, g, G, H, a, b],
                Implies(And(theory.original(G), both, same), pays(i, a) == pays(i, b)),
            ),
            ["worth-the-same", "original"],
        ),
        Step(
            "as-good-as-what-it-stands-for",
            ForAll(
                [f, g, G, H, a, b],
                Implies(
                    And(theory.original(G), both, same, theory.improves_by(f, G)),
                    theory.as_good(image(g, a), a),
                ),
            ),
            ["judged-the-same", "improves_by", "as_good"],
        ),
        Step(
            "as-good-where-something-stands-for-it",
            ForAll(
                [f, g, G, H, a],
                Implies(
                    And(
                        theory.original(G),
                        both,
                        in_game(a, G),
                        theory.improves_by(f, G),
                        theory.has_counterpart(f, g, G, a),
                    ),
                    theory.as_good(image(g, a), a),
                ),
            ),
            ["has_counterpart", "as-good-as-what-it-stands-for"],
        ),
        Step(
            "other-image-as-good",
            ForAll(
                [f, g, G, H, a],
                Implies(
                    And(theory.original(G), both, in_game(a, G), theory.improves_by(f, G)),
                    theory.as_good(image(g, a), a),
                ),
            ),
            ["same-image", "as-good-where-something-stands-for-it"],
        ),
        Step(
            "one-improves",
            ForAll(
                [f, g, G, H],
                Implies(
                    And(theory.original(G), both, theory.improves_by(f, G)),
                    theory.improves_by(g, G),
                ),
            ),
            ["other-image-as-good", "improves_by"],
        ),
        Step(
            "gain-of-what-it-stands-for",
            ForAll(
                [f, g, G, H, a, b],
                Implies(
                    And(theory.original(G), both, same, theory.somebody_gains(image(g, a), a)),
                    theory.somebody_gains(image(f, b), b),
                ),
            ),
            ["judged-the-same", "somebody_gains"],
        ),
        Step(
            "gain-where-something-stands-for-it",
            ForAll(
                [f, g, G, H, a],
                Implies(
                    And(
                        theory.original(G),
                        both,
                        in_game(a, G),
                        theory.somebody_gains(image(g, a), a),
                        theory.has_counterpart(f, g, G, a),
                    ),
                    Exists([b], And(in_game(b, G), theory.somebody_gains(image(f, b), b))),
                ),
            ),
            ["has_counterpart", "gain-of-what-it-stands-for"],
        ),
        Step(
            "other-way-round",
            ForAll(
                [f, g, G, H, a],
                Implies(
                    And(
                        theory.original(G),
                        both,
                        in_game(a, G),
                        theory.somebody_gains(image(f, a), a),
                    ),
                    Exists([b], And(in_game(b, G), theory.somebody_gains(image(g, b), b))),
                ),
            ),
            ["same-image", "gain-where-something-stands-for-it"],
        ),
        Step(
            "one-strictly-improves",
            ForAll(
                [f, g, G, H],
                Implies(
                    And(theory.original(G), both, theory.strictly_improves_by(f, G)),
                    theory.strictly_improves_by(g, G),
                ),
            ),
            ["one-improves", "other-way-round", "strictly_improves_by"],
        ),
        Step("goal", theory.isomorphisms_agree(), ["one-improves", "one-strictly-improves"]),
    )
    return Statement(
        id="oc-lemma-4",
        title="If one isomorphism improves, weakly or strictly, so do all",
        theory=theory,
        hypotheses=(),
        definitions=(
            *ISOMORPHISMS,
            "same_for_others",
            "actions_can_be_changed",
            "as_good",
            "somebody_gains",
            "original",
            "has_counterpart",
            "improves_by",
            "strictly_improves_by",
            "differences",
        ),
        lemmas={"proportions_in_differences": "proportions-in-differences"},
        steps=steps,
        scene=Exists(
            [f, g, G, H],
            And(
                theory.original(G),
                both,
                theory.strictly_improves_by(f, G),
            ),
        ),
    )


def statements(theory: Theory) -> list[Statement]:
    """Return both readings."""
    literal = replace(
        lemma_4(theory),
        sizes={"Outcome": 4},
        expected=Verdict.REFUTED,
        note="As printed, isomorphisms need not be one to one and onto.",
    )
    return [literal, with_one_to_one(lemma_4, theory)]
