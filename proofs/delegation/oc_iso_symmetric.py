"""Section 4.1: whether "isomorphic" is symmetric.

As printed it is not: a game with one outcome is isomorphic to every other one.
"""

import z3
from delegated_games import G, Game, H, a, b, i, in_game
from isomorphisms import (
    ISOMORPHISMS,
    MAPS,
    ActionMap,
    Isomorphism,
    d,
    f,
    g,
    has_action,
    image,
    known_of_isomorphisms,
    move,
    one_to_one_isomorphism,
    refuted_and_repaired,
    sends,
    value,
    x,
    y,
)
from z3 import And, Exists, ExprRef, ForAll, Implies, Or

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory, axiom, define
from spi_verify.theory.signature import Action, Outcome, Player
from spi_verify.theory.terms import Formula

j = z3.Const("j", Player)
z = z3.Const("z", Action)
x1, x2, x3 = z3.Consts("x1 x2 x3", Outcome)


@axiom()
def maps_can_be_changed(theory: Theory) -> Formula:
    """A map can be changed to send one action to any other action of the player."""
    elsewhere = ForAll([j, z], Implies(Or(j != i, z != x), sends(g, j, z) == sends(f, j, z)))
    return ForAll([f, i, x, y], Exists([g], And(sends(g, i, x) == y, elsewhere)))


@axiom()
def inverse_maps(theory: Theory) -> Formula:
    """A map that is one to one between two games has an inverse."""
    back = ForAll([i, x], Implies(has_action(i, x, G), sends(g, i, sends(f, i, x)) == x))
    return ForAll(
        [f, G, H], Implies(And(theory.into(f, G, H), theory.one_to_one(f, G, H)), Exists([g], back))
    )


@define(ActionMap, ActionMap, Game)
def undoes(theory: Theory, g: ExprRef, f: ExprRef, G: ExprRef) -> Formula:
    """Sent by f and then by g, every action in G is itself again."""
    return ForAll([i, x], Implies(has_action(i, x, G), sends(g, i, sends(f, i, x)) == x))


def undoing(theory: Theory, written_out: Isomorphism | None = None) -> tuple[Step, ...]:
    """Return the steps that show that what undoes an isomorphism is one."""
    if written_out is None:
        iso, known = theory.isomorphism(f, G, H), ["isomorphism"]
    else:
        iso, known = written_out(theory, f, G, H), []
    undone = And(iso, theory.undoes(g, f, G))
    return (
        *known_of_isomorphisms(
            theory,
            "actions-have-preimages",
            "actions-are-images",
            "everything-is-an-image",
            "order-is-kept",
            "ratios-are-kept",
            written_out=written_out,
        ),
        Step(
            "can-be-undone",
            ForAll([f, G, H], Implies(iso, Exists([g], theory.undoes(g, f, G)))),
            [*known, "inverse_maps", "undoes"],
        ),
        Step(
            "undone-actions",
            ForAll(
                [i, f, g, G, a],
                Implies(
                    And(theory.undoes(g, f, G), in_game(a, G)),
                    move(i, image(g, image(f, a))) == move(i, a),
                ),
            ),
            ["undoes", "outcomes_are_profiles", "images_have_images"],
        ),
        Step(
            "undone-outcomes",
            ForAll(
                [f, g, G, a],
                Implies(And(theory.undoes(g, f, G), in_game(a, G)), image(g, image(f, a)) == a),
            ),
            ["undone-actions", "profiles_are_equal"],
        ),
        Step(
            "image-of-what-it-is-sent-to",
            ForAll(
                [f, g, G, H, b],
                Implies(
                    And(undone, in_game(b, H)),
                    And(in_game(image(g, b), G), image(f, image(g, b)) == b),
                ),
            ),
            ["everything-is-an-image", "undone-outcomes"],
        ),
        Step(
            "back-into",
            ForAll([f, g, G, H], Implies(undone, theory.into(g, H, G))),
            [*known, "into", "one_to_one", "undoes"],
        ),
        Step(
            "back-one-to-one",
            ForAll([f, g, G, H], Implies(undone, theory.one_to_one(g, H, G))),
            [*known, "into", "one_to_one", "undoes"],
        ),
        Step(
            "proportions-turn-round",
            ForAll(
                [i, G, a, b, d, H, x1, x2, x3],
                theory.proportional(i, G, a, b, d, H, x1, x2, x3)
                == theory.proportional(i, H, x1, x2, x3, G, a, b, d),
            ),
            ["proportional"],
        ),
        Step(
            "order-is-kept-back",
            ForAll(
                [i, f, g, G, H, a, b],
                Implies(
                    And(undone, in_game(a, H), in_game(b, H)),
                    (value(i, H, a) > value(i, H, b))
                    == (value(i, G, image(g, a)) > value(i, G, image(g, b))),
                ),
            ),
            ["order-is-kept", "image-of-what-it-is-sent-to"],
        ),
        Step(
            "ratios-are-kept-back",
            ForAll(
                [i, f, g, G, H, a, b, d],
                Implies(
                    And(undone, in_game(a, H), in_game(b, H), in_game(d, H)),
                    theory.proportional(i, H, a, b, d, G, image(g, a), image(g, b), image(g, d)),
                ),
            ),
            ["ratios-are-kept", "image-of-what-it-is-sent-to", "proportions-turn-round"],
        ),
        Step(
            "back-rescales",
            ForAll([i, f, g, G, H], Implies(undone, theory.rescales(i, g, H, G))),
            ["order-is-kept-back", "ratios-are-kept-back", "rescales"],
        ),
        Step(
            "back-rescaled",
            ForAll([f, g, G, H], Implies(undone, theory.payoffs_are_rescaled(g, H, G))),
            ["back-rescales", "payoffs_are_rescaled"],
        ),
    )


def symmetric(theory: Theory) -> Statement:
    """Return the statement, with isomorphisms as the theory has them."""
    goal = Step(
        "goal",
        ForAll([G, H], Implies(theory.isomorphic(G, H), theory.isomorphic(H, G))),
        [
            "isomorphic",
            "isomorphism",
            "can-be-undone",
            "back-into",
            "back-one-to-one",
            "back-rescaled",
        ],
    )
    return Statement(
        id="oc-iso-symmetric",
        title="Isomorphism of games is symmetric",
        theory=theory,
        hypotheses=(),
        definitions=(
            *ISOMORPHISMS,
            "same_for_others",
            "actions_can_be_changed",
            "isomorphic",
            "maps_can_be_changed",
            "inverse_maps",
            "undoes",
        ),
        steps=(*undoing(theory), goal),
        scene=Exists([G, H], And(theory.isomorphic(G, H), G != H)),
        sizes={"Action": 1, "ActionMap": 1, "Outcome": 1},
    )


def inverses(theory: Theory) -> Statement:
    """Return the statement that what an isomorphism does, another one undoes."""
    goal = Step(
        "goal",
        theory.isomorphisms_have_inverses(),
        [
            "can-be-undone",
            "undone-outcomes",
            "back-into",
            "back-one-to-one",
            "back-rescaled",
        ],
    )
    return Statement(
        id="isomorphisms-have-inverses",
        title="What an isomorphism that is one to one does, another one undoes",
        theory=theory,
        hypotheses=(),
        definitions=(*MAPS, "inverse_maps", "undoes"),
        steps=(*undoing(theory, one_to_one_isomorphism), goal),
        scene=Exists([f, G, H], And(one_to_one_isomorphism(theory, f, G, H), G != H)),
        sizes={"Action": 1, "ActionMap": 1, "Outcome": 1},
    )


def statements(theory: Theory) -> list[Statement]:
    """Return both readings, and what the proof of the repaired one shows besides."""
    sizes = {"Player": 1, "Action": 2, "Outcome": 2, "ActionMap": 4, "Game": 2}
    return [*refuted_and_repaired(symmetric, theory, sizes=sizes), inverses(theory)]
