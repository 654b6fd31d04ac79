"""Isomorphisms that are one to one can be inverted, and composed."""

import z3
from delegated_games import G, H, K, a, b, i, in_game
from differences import composed_proportions, difference
from isomorphisms import (
    ISOMORPHISMS,
    ActionMap,
    d,
    f,
    g,
    has_action,
    image,
    known_of_isomorphisms,
    move,
    one_to_one_isomorphism,
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
    """One isomorphism after another is one."""
    h = after_map(g, f)
    there = ForAll([a], image(h, a) == image(g, image(f, a)))
    return ForAll(
        [f, g, G, H, K],
        Implies(
            And(theory.isomorphism(f, G, H), theory.isomorphism(g, H, K)),
            And(theory.isomorphism(h, G, K), there),
        ),
    )


@define()
def isomorphisms_have_inverses(theory: Theory) -> Formula:
    """What an isomorphism does, another one undoes."""
    back = ForAll([a], Implies(in_game(a, G), image(g, image(f, a)) == a))
    return ForAll(
        [f, G, H],
        Implies(theory.isomorphism(f, G, H), Exists([g], And(theory.isomorphism(g, H, G), back))),
    )


@define()
def isomorphisms_are_onto(theory: Theory) -> Formula:
    """An isomorphism sends outcomes to outcomes, and some outcome to each."""
    return And(
        ForAll(
            [f, G, H, a],
            Implies(And(theory.isomorphism(f, G, H), in_game(a, G)), in_game(image(f, a), H)),
        ),
        ForAll(
            [f, G, H, a],
            Implies(
                And(theory.isomorphism(f, G, H), in_game(a, H)),
                Exists([b], And(in_game(b, G), image(f, b) == a)),
            ),
        ),
    )


def composition(theory: Theory) -> Statement:
    """Return the statement that isomorphisms can be composed."""
    both = And(theory.isomorphism(f, G, H), theory.isomorphism(g, H, K))
    h = after_map(g, f)
    iso = "isomorphism"
    steps = (
        *known_of_isomorphisms(theory, "images-are-there", "order-is-kept", "ratios-are-kept"),
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
            [iso, "into", "maps_compose"],
        ),
        Step(
            "onto",
            ForAll(
                [i, f, g, G, H, K, y],
                Implies(
                    And(both, has_action(i, y, K)),
                    Exists([x], And(has_action(i, x, G), sends(h, i, x) == y)),
                ),
            ),
            [iso, "one_to_one", "maps_compose"],
        ),
        Step(
            "different",
            ForAll(
                [i, f, g, G, H, K, x, y],
                Implies(
                    And(
                        both,
                        has_action(i, x, G),
                        has_action(i, y, G),
                        sends(h, i, x) == sends(h, i, y),
                    ),
                    x == y,
                ),
            ),
            [iso, "into", "one_to_one", "maps_compose"],
        ),
        Step(
            "one-to-one",
            ForAll([f, g, G, H, K], Implies(both, theory.one_to_one(h, G, K))),
            ["onto", "different", "one_to_one"],
        ),
        *scaling(theory),
        Step(
            "rescales-twice",
            ForAll([i, f, g, G, H, K], Implies(both, theory.rescales(i, h, G, K))),
            ["order-twice", "ratios-twice", "same-images", "rescales"],
        ),
        Step(
            "composed",
            ForAll([f, g, G, H, K], Implies(both, theory.isomorphism(h, G, K))),
            [iso, "into-composed", "one-to-one", "rescales-twice"],
        ),
        Step("goal", theory.isomorphisms_compose(), ["composed", "same-images"]),
    )
    return Statement(
        id="isomorphisms-compose",
        title="One isomorphism after another is one",
        theory=theory,
        changed=("isomorphism",),
        hypotheses=(),
        definitions=(*ISOMORPHISMS, "maps_compose", "differences", "products"),
        lemmas={"proportions_in_differences": "proportions-in-differences"},
        steps=steps,
        scene=Exists([f, G, H], And(theory.isomorphism(f, G, H), G != H)),
        sizes={"Action": 1, "ActionMap": 1, "Outcome": 1},
    )


def scaling(theory: Theory) -> tuple[Step, ...]:
    """Return the steps about payoffs."""
    iso = theory.isomorphism(f, G, H)
    both = And(iso, theory.isomorphism(g, H, K))
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
    iso = theory.isomorphism(f, G, H)
    return Statement(
        id="isomorphisms-are-onto",
        title="An isomorphism sends outcomes to outcomes, and some outcome to each",
        theory=theory,
        changed=("isomorphism",),
        hypotheses=(),
        definitions=ISOMORPHISMS,
        steps=(
            *known_of_isomorphisms(
                theory, "images-are-there", "actions-are-images", "everything-is-an-image"
            ),
            Step(
                "goal",
                theory.isomorphisms_are_onto(),
                ["images-are-there", "everything-is-an-image"],
            ),
        ),
        scene=Exists([f, G, H], And(iso, G != H)),
    )


def statements(theory: Theory) -> list[Statement]:
    """Return what later statements use as lemmas."""
    meant = theory.with_(isomorphism=one_to_one_isomorphism)
    return [onto(meant), composition(meant)]
