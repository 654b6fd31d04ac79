"""What is known of isomorphisms as printed, and of those that are one to one.

They are written out here, so that whatever is called an isomorphism can rest on it.
"""

import z3
from delegated_games import G, H, K, a, b, i, in_game
from differences import composed_proportions, difference
from isomorphisms import (
    MAPS,
    ActionMap,
    d,
    f,
    g,
    has_action,
    image,
    known_of_isomorphisms,
    move,
    one_to_one_isomorphism,
    printed_isomorphism,
    sends,
    value,
    x,
    y,
)
from z3 import And, Exists, ForAll, Function, Implies

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory, axiom, define
from spi_verify.theory.signature import Outcome
from spi_verify.theory.terms import Formula, OutcomeTerm

y1, y2, y3 = z3.Consts("y1 y2 y3", Outcome)


after_map = Function("after_map", ActionMap, ActionMap, ActionMap)
"""One map after another: ``after_map(g, f)`` sends x to where g sends what f sends it to."""


@axiom(after_map)
def maps_compose(theory: Theory) -> Formula:
    """One map after another sends every action to where they send it one after the other."""
    return ForAll([f, g, i, x], sends(after_map(g, f), i, x) == sends(g, i, sends(f, i, x)))


@define()
def isomorphisms_compose(theory: Theory) -> Formula:
    """One isomorphism after another is one, and one to one if both are."""
    h = after_map(g, f)
    there = ForAll([a], image(h, a) == image(g, image(f, a)))
    both = _both(theory)
    one_to_one = And(theory.one_to_one(f, G, H), theory.one_to_one(g, H, K))
    return And(
        ForAll([f, g, G, H, K], Implies(both, And(printed_isomorphism(theory, h, G, K), there))),
        ForAll([f, g, G, H, K], Implies(And(both, one_to_one), theory.one_to_one(h, G, K))),
    )


def _both(theory: Theory) -> Formula:
    return And(printed_isomorphism(theory, f, G, H), printed_isomorphism(theory, g, H, K))


@define()
def isomorphisms_have_inverses(theory: Theory) -> Formula:
    """What an isomorphism that is one to one does, another one undoes."""
    back = ForAll([a], Implies(in_game(a, G), image(g, image(f, a)) == a))
    return ForAll(
        [f, G, H],
        Implies(
            one_to_one_isomorphism(theory, f, G, H),
            Exists([g], And(one_to_one_isomorphism(theory, g, H, G), back)),
        ),
    )


@define()
def isomorphisms_are_onto(theory: Theory) -> Formula:
    """What is one to one sends outcomes to outcomes, and some outcome to each."""
    iso = one_to_one_isomorphism(theory, f, G, H)
    onto = Exists([b], And(in_game(b, G), image(f, b) == a))
    return And(
        ForAll([f, G, H, a], Implies(And(iso, in_game(a, G)), in_game(image(f, a), H))),
        ForAll([f, G, H, a], Implies(And(iso, in_game(a, H)), onto)),
    )


def composition(theory: Theory) -> Statement:
    """Return the statement that isomorphisms can be composed."""
    both = _both(theory)
    h = after_map(g, f)
    known = "images-are-there", "order-is-kept", "ratios-are-kept"
    there = ForAll([a], image(h, a) == image(g, image(f, a)))
    one_to_one = And(theory.into(f, G, H), theory.one_to_one(f, G, H), theory.one_to_one(g, H, K))
    onto = Implies(has_action(i, y, K), Exists([x], And(has_action(i, x, G), sends(h, i, x) == y)))
    different = Implies(
        And(has_action(i, x, G), has_action(i, y, G), sends(h, i, x) == sends(h, i, y)), x == y
    )
    three = And(in_game(a, G), in_game(b, G), in_game(d, G))
    order = (value(i, G, a) > value(i, G, b)) == (
        value(i, K, image(h, a)) > value(i, K, image(h, b))
    )
    images = image(h, a), image(h, b), image(h, d)
    proportional = theory.proportional(i, G, a, b, d, K, *images)
    steps = (
        *known_of_isomorphisms(theory, *known, written_out=printed_isomorphism),
        Step(
            "same-actions",
            ForAll(
                [i, f, g, a],
                move(i, image(h, a)) == move(i, image(g, image(f, a))),
            ),
            ["maps_compose", "images_have_images"],
        ),
        Step(
            "same-images",
            ForAll([f, g, a], image(h, a) == image(g, image(f, a))),
            ["same-actions", "profiles_are_equal"],
        ),
        Step(
            "into-composed",
            ForAll([f, g, G, H, K], Implies(both, theory.into(h, G, K))),
            ["into", "maps_compose"],
        ),
        Step(
            "onto",
            ForAll([f, g, G, H, K], Implies(one_to_one, ForAll([i, y], onto))),
            ["one_to_one", "maps_compose"],
        ),
        Step(
            "different",
            ForAll([f, g, G, H, K], Implies(one_to_one, ForAll([i, x, y], different))),
            ["into", "one_to_one", "maps_compose"],
        ),
        Step(
            "one-to-one-if-onto-and-different",
            ForAll(
                [f, g, G, K],
                Implies(
                    And(ForAll([i, y], onto), ForAll([i, x, y], different)),
                    theory.one_to_one(h, G, K),
                ),
            ),
            ["one_to_one"],
        ),
        Step(
            "one-to-one",
            ForAll([f, g, G, H, K], Implies(one_to_one, theory.one_to_one(h, G, K))),
            ["onto", "different", "one-to-one-if-onto-and-different"],
        ),
        *scaling(theory),
        Step(
            "order-kept-by-both",
            ForAll(
                [i, f, g, G, H, K],
                Implies(both, ForAll([a, b], Implies(And(in_game(a, G), in_game(b, G)), order))),
            ),
            ["order-twice", "same-images"],
        ),
        Step(
            "ratios-kept-by-both",
            ForAll(
                [i, f, g, G, H, K], Implies(both, ForAll([a, b, d], Implies(three, proportional)))
            ),
            ["ratios-twice", "same-images"],
        ),
        Step(
            "rescales-if-both-are-kept",
            ForAll(
                [i, f, g, G, K],
                Implies(
                    And(
                        ForAll([a, b], Implies(And(in_game(a, G), in_game(b, G)), order)),
                        ForAll([a, b, d], Implies(three, proportional)),
                    ),
                    theory.rescales(i, h, G, K),
                ),
            ),
            ["rescales"],
        ),
        Step(
            "rescales-twice",
            ForAll([i, f, g, G, H, K], Implies(both, theory.rescales(i, h, G, K))),
            ["order-kept-by-both", "ratios-kept-by-both", "rescales-if-both-are-kept"],
        ),
        Step(
            "payoffs-rescaled-twice",
            ForAll([f, g, G, H, K], Implies(both, theory.payoffs_are_rescaled(h, G, K))),
            ["rescales-twice", "payoffs_are_rescaled"],
        ),
        Step(
            "composed",
            ForAll([f, g, G, H, K], Implies(both, printed_isomorphism(theory, h, G, K))),
            ["into-composed", "payoffs-rescaled-twice"],
        ),
        Step(
            "sent-there",
            ForAll([f, g, G, H, K], Implies(both, there)),
            ["same-images"],
        ),
        Step(
            "composed-and-sent-there",
            ForAll(
                [f, g, G, H, K],
                Implies(both, And(printed_isomorphism(theory, h, G, K), there)),
            ),
            ["composed", "sent-there"],
        ),
        Step(
            "one-to-one-if-both-are",
            ForAll(
                [f, g, G, H, K],
                Implies(
                    And(both, And(theory.one_to_one(f, G, H), theory.one_to_one(g, H, K))),
                    theory.one_to_one(h, G, K),
                ),
            ),
            ["one-to-one"],
        ),
        Step(
            "goal",
            theory.isomorphisms_compose(),
            ["composed-and-sent-there", "one-to-one-if-both-are"],
        ),
    )
    return Statement(
        id="isomorphisms-compose",
        title="One isomorphism after another is one, and one to one if both are",
        theory=theory,
        hypotheses=(),
        definitions=(*MAPS, "maps_compose", "differences", "products"),
        lemmas={"proportions_in_differences": "proportions-in-differences"},
        steps=steps,
        scene=Exists([f, G, H], And(one_to_one_isomorphism(theory, f, G, H), G != H)),
        sizes={"Action": 1, "ActionMap": 1, "Outcome": 1},
    )


def composed_maps(theory: Theory) -> Step:
    """Return the step that what the theory calls isomorphisms can be composed."""
    h = after_map(g, f)
    both = And(theory.isomorphism(f, G, H), theory.isomorphism(g, H, K))
    there = ForAll([a], image(h, a) == image(g, image(f, a)))
    return Step(
        "composed-maps",
        ForAll([f, g, G, H, K], Implies(both, And(theory.isomorphism(h, G, K), there))),
        ["isomorphism", "isomorphisms_compose"],
    )


def scaling(theory: Theory) -> tuple[Step, ...]:
    """Return the steps about payoffs."""
    iso, both = printed_isomorphism(theory, f, G, H), _both(theory)
    three = And(in_game(a, G), in_game(b, G), in_game(d, G))

    def twice(one: OutcomeTerm) -> OutcomeTerm:
        return image(g, image(f, one))

    ratios_f = theory.proportional(i, G, a, b, d, H, image(f, a), image(f, b), image(f, d))
    ratios_g = theory.proportional(
        i, H, image(f, a), image(f, b), image(f, d), K, twice(a), twice(b), twice(d)
    )
    return (
        Step(
            "order-twice",
            ForAll(
                [i, f, g, G, H, K, a, b],
                Implies(
                    And(both, in_game(a, G), in_game(b, G)),
                    (value(i, G, a) > value(i, G, b))
                    == (value(i, K, twice(a)) > value(i, K, twice(b))),
                ),
            ),
            ["order-is-kept", "images-are-there"],
        ),
        Step(
            "ratios-after",
            ForAll([i, f, g, G, H, K, a, b, d], Implies(And(both, three), ratios_g)),
            ["ratios-are-kept", "images-are-there"],
        ),
        Step(
            "no-difference",
            ForAll(
                [i, G, a, b],
                Implies(value(i, G, a) == value(i, G, b), difference(i, G, a, b) == 0),
            ),
            ["differences"],
        ),
        Step(
            "all-the-same",
            ForAll(
                [i, G, a, b, d, K, y1, y2, y3],
                Implies(
                    And(
                        value(i, G, a) == value(i, G, b),
                        value(i, K, y1) == value(i, K, y2),
                    ),
                    theory.proportional(i, G, a, b, d, K, y1, y2, y3),
                ),
            ),
            ["proportions_in_differences", "no-difference"],
        ),
        *composed_proportions(theory),
        Step(
            "same-where-the-same",
            ForAll(
                [i, f, G, H, a, b],
                Implies(
                    And(iso, in_game(a, G), in_game(b, G)),
                    (value(i, G, a) == value(i, G, b))
                    == (value(i, H, image(f, a)) == value(i, H, image(f, b))),
                ),
            ),
            ["order-is-kept"],
        ),
        Step(
            "ratios-where-the-same",
            ForAll(
                [i, f, g, G, H, K, a, b, d],
                Implies(
                    And(both, three, value(i, G, a) == value(i, G, b)),
                    theory.proportional(i, G, a, b, d, K, twice(a), twice(b), twice(d)),
                ),
            ),
            ["same-where-the-same", "images-are-there", "all-the-same"],
        ),
        Step(
            "ratios-there-and-after",
            ForAll([i, f, g, G, H, K, a, b, d], Implies(And(both, three), And(ratios_f, ratios_g))),
            ["ratios-are-kept", "ratios-after"],
        ),
        Step(
            "different-there",
            ForAll(
                [i, f, G, H, a, b],
                Implies(
                    And(iso, in_game(a, G), in_game(b, G), value(i, G, a) != value(i, G, b)),
                    value(i, H, image(f, a)) != value(i, H, image(f, b)),
                ),
            ),
            ["same-where-the-same"],
        ),
        Step(
            "different-and-proportional",
            ForAll(
                [i, f, g, G, H, K, a, b, d],
                Implies(
                    And(both, three, value(i, G, a) != value(i, G, b)),
                    And(
                        ratios_f,
                        ratios_g,
                        value(i, H, image(f, a)) != value(i, H, image(f, b)),
                    ),
                ),
            ),
            ["different-there", "ratios-there-and-after"],
        ),
        Step(
            "composed-there",
            ForAll(
                [i, f, g, G, H, K, a, b, d],
                Implies(
                    And(
                        ratios_f,
                        ratios_g,
                        value(i, H, image(f, a)) != value(i, H, image(f, b)),
                    ),
                    theory.proportional(i, G, a, b, d, K, twice(a), twice(b), twice(d)),
                ),
            ),
            ["proportions-compose"],
        ),
        Step(
            "ratios-where-different",
            ForAll(
                [i, f, g, G, H, K, a, b, d],
                Implies(
                    And(both, three, value(i, G, a) != value(i, G, b)),
                    theory.proportional(i, G, a, b, d, K, twice(a), twice(b), twice(d)),
                ),
            ),
            ["different-and-proportional", "composed-there"],
        ),
        Step(
            "ratios-twice",
            ForAll(
                [i, f, g, G, H, K, a, b, d],
                Implies(
                    And(both, three),
                    theory.proportional(i, G, a, b, d, K, twice(a), twice(b), twice(d)),
                ),
            ),
            ["ratios-where-the-same", "ratios-where-different"],
        ),
    )


def onto(theory: Theory) -> Statement:
    """Return the statement that isomorphisms send outcomes to outcomes, and some to each."""
    known = (
        "images-are-there",
        "actions-have-preimages",
        "actions-are-images",
        "everything-is-an-image",
    )
    return Statement(
        id="isomorphisms-are-onto",
        title="What is one to one sends outcomes to outcomes, and some outcome to each",
        theory=theory,
        hypotheses=(),
        definitions=MAPS,
        steps=(
            *known_of_isomorphisms(theory, *known, written_out=one_to_one_isomorphism),
            Step(
                "goal",
                theory.isomorphisms_are_onto(),
                ["images-are-there", "everything-is-an-image"],
            ),
        ),
        scene=Exists([f, G, H], And(one_to_one_isomorphism(theory, f, G, H), G != H)),
    )


def statements(theory: Theory) -> list[Statement]:
    """Return what later statements use as lemmas."""
    return [onto(theory), composition(theory)]
