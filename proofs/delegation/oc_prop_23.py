"""Proposition 23: the search for improvements is correct.

What is looked for are injections of the actions that elimination leaves, to actions of the game, by
which no outcome gets worse for anybody. Each gives a game that is an improvement under both
assumptions, and whatever is one, and is tied to the game by an isomorphism, is found.
"""

from dataclasses import replace

from delegated_games import G, Game, H, a, b, i, in_game
from differences import difference
from eliminations import actions_are_played
from isomorphisms import (
    ActionMap,
    d,
    f,
    has_action,
    image,
    move,
    refuted_and_repaired,
    sends,
    value,
    x,
    y,
)
from oc_two_games import left, two_games
from z3 import And, Exists, ExprRef, ForAll, Implies

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory, axiom, define
from spi_verify.theory.terms import Formula


@define(ActionMap, Game)
def injects(theory: Theory, f: ExprRef, G: ExprRef) -> Formula:
    """Actions that elimination leaves are sent to actions of G, each to another one."""
    left_x, left_y = has_action(i, x, left(G)), has_action(i, y, left(G))
    same = sends(f, i, x) == sends(f, i, y)
    return And(
        ForAll([i, x], Implies(left_x, has_action(i, sends(f, i, x), G))),
        ForAll([i, x, y], Implies(And(left_x, left_y, same), x == y)),
    )


@define(Game, ActionMap, Game)
def game_of_images(theory: Theory, H: ExprRef, f: ExprRef, G: ExprRef) -> Formula:
    """H has the images of actions of G, and an image pays in it what it is the image of, in G."""
    from_there = Exists([y], And(has_action(i, y, G), sends(f, i, y) == x))
    actions = ForAll([i, x], has_action(i, x, H) == from_there)
    paid = ForAll([i, a], Implies(in_game(a, G), value(i, H, image(f, a)) == value(i, G, a)))
    return And(actions, paid)


@axiom()
def games_of_images(theory: Theory) -> Formula:
    """If an injection of what is left of an original game improves, there is the game of images."""
    found = And(theory.injects(f, G), theory.improves_by(f, left(G)))
    return ForAll(
        [f, G],
        Implies(And(theory.original(G), found), Exists([H], theory.game_of_images(H, f, left(G)))),
    )


def prop_23(theory: Theory) -> Statement:
    """Return it, with isomorphisms as the theory has them."""
    G1, H1 = left(G), left(H)
    given = And(theory.injects(f, G), theory.game_of_images(H, f, G1))
    three = And(in_game(a, G1), in_game(b, G1), in_game(d, G1))
    images = image(f, a), image(f, b), image(f, d)
    tied = And(theory.subset_game(H, G), theory.isomorphism(f, G1, H1))
    found = And(theory.injects(f, G), theory.improves_by(f, G1))
    improvement = And(tied, theory.safe_under_both(H, G))
    steps = (
        *actions_are_played(theory),
        Step(
            "into-the-images",
            ForAll([f, G, H], Implies(given, theory.into(f, G1, H))),
            ["game_of_images", "into"],
        ),
        Step(
            "one-to-one-to-the-images",
            ForAll([f, G, H], Implies(given, theory.one_to_one(f, G1, H))),
            ["injects", "game_of_images", "one_to_one"],
        ),
        Step(
            "images-pay-alike",
            ForAll(
                [i, f, G, H, a],
                Implies(
                    And(given, in_game(a, G1)), value(i, H, image(f, a)) == value(i, G1, a)
                ),
            ),
            ["game_of_images"],
        ),
        Step(
            "same-differences",
            ForAll(
                [i, f, G, H, a, b],
                Implies(
                    And(given, in_game(a, G1), in_game(b, G1)),
                    difference(i, H, image(f, a), image(f, b)) == difference(i, G1, a, b),
                ),
            ),
            ["images-pay-alike", "differences"],
        ),
        Step(
            "products-of-the-same",
            ForAll(
                [i, f, G, H, a, b, d],
                Implies(
                    And(given, three),
                    difference(i, G1, a, b) * difference(i, H, image(f, a), image(f, d))
                    == difference(i, G1, a, d) * difference(i, H, image(f, a), image(f, b)),
                ),
            ),
            ["same-differences"],
        ),
        Step(
            "images-are-in-proportion",
            ForAll(
                [i, f, G, H, a, b, d],
                Implies(And(given, three), theory.proportional(i, G1, a, b, d, H, *images)),
            ),
            ["products-of-the-same", "proportions_in_differences"],
        ),
        Step(
            "rescaled",
            ForAll([i, f, G, H], Implies(given, theory.rescales(i, f, G1, H))),
            ["images-pay-alike", "images-are-in-proportion", "rescales"],
        ),
        Step(
            "isomorphic-to-the-images",
            ForAll([f, G, H], Implies(given, theory.isomorphism(f, G1, H))),
            [
                "into-the-images",
                "one-to-one-to-the-images",
                "rescaled",
                "payoffs_are_rescaled",
                "isomorphism",
            ],
        ),
        Step(
            "images-are-undominated",
            ForAll([f, G, H], Implies(given, And(theory.undominated(H), H1 == H))),
            [
                "isomorphic-to-the-images",
                "isomorphism",
                "undominated_alike",
                "what_elimination_leaves",
            ],
        ),
        Step(
            "images-are-actions",
            ForAll([i, x, f, G, H], Implies(And(given, has_action(i, x, H)), has_action(i, x, G))),
            ["game_of_images", "injects"],
        ),
        Step(
            "images-are-a-subset-game",
            ForAll([f, G, H], Implies(given, theory.subset_game(H, G))),
            ["images-are-actions", "outcomes_are_profiles", "subset_game"],
        ),
        Step(
            "images-are-tied",
            ForAll([f, G, H], Implies(given, tied)),
            ["isomorphic-to-the-images", "images-are-undominated", "images-are-a-subset-game"],
        ),
        Step(
            "safe-where-tied",
            ForAll(
                [f, G, H],
                Implies(
                    And(theory.original(G), tied, theory.improves_by(f, G1)),
                    theory.safe_under_both(H, G),
                ),
            ),
            ["two_games_decided", "isomorphic", "improved_by_an_isomorphism"],
        ),
        Step(
            "images-are-an-improvement",
            ForAll(
                [f, G, H],
                Implies(And(theory.original(G), found, given), improvement),
            ),
            ["images-are-tied", "safe-where-tied"],
        ),
        Step(
            "found-ones-are-improvements",
            ForAll(
                [f, G],
                Implies(
                    And(theory.original(G), found),
                    Exists([H], And(theory.game_of_images(H, f, G1), improvement)),
                ),
            ),
            ["games_of_images", "images-are-an-improvement"],
        ),
        Step(
            "outcomes-left-can-be-played",
            ForAll(
                [G, H, a],
                Implies(And(theory.subset_game(H, G), in_game(a, H1)), in_game(a, G)),
            ),
            ["subset_game", "what_elimination_leaves"],
        ),
        Step(
            "actions-of-outcomes",
            ForAll([i, a, G], Implies(in_game(a, G), has_action(i, move(i, a), G))),
            ["outcomes_are_profiles"],
        ),
        Step(
            "actions-left-are-actions",
            ForAll(
                [i, x, G, H],
                Implies(
                    And(theory.subset_game(H, G), has_action(i, x, H1)), has_action(i, x, G)
                ),
            ),
            ["outcomes-left-can-be-played", "actions-of-outcomes", "actions-are-played"],
        ),
        Step(
            "isomorphisms-inject",
            ForAll([f, G, H], Implies(tied, theory.injects(f, G))),
            ["actions-left-are-actions", "isomorphism", "into", "one_to_one", "injects"],
        ),
        Step(
            "improved-where-safe",
            ForAll(
                [f, G, H],
                Implies(And(theory.original(G), improvement), theory.improves_by(f, G1)),
            ),
            [
                "what-is-left-is-original",
                "two_games_decided",
                "isomorphic",
                "improved_by_an_isomorphism",
                "isomorphisms_agree",
            ],
        ),
        Step(
            "what-is-left-is-original",
            ForAll([G], Implies(theory.original(G), theory.original(G1))),
            ["original", "what_elimination_leaves"],
        ),
        Step(
            "goal",
            And(
                ForAll(
                    [f, G],
                    Implies(
                        And(theory.original(G), found),
                        Exists([H], And(theory.game_of_images(H, f, G1), improvement)),
                    ),
                ),
                ForAll([f, G, H], Implies(And(theory.original(G), improvement), found)),
            ),
            ["found-ones-are-improvements", "isomorphisms-inject", "improved-where-safe"],
        ),
    )  # fmt: skip
    proof = two_games(theory)
    return replace(
        proof,
        id="oc-prop-23",
        title="The search by injections finds improvements, and all that are tied to the game",
        definitions=(
            *proof.definitions,
            "actions_can_be_changed",
            "differences",
            "subset_game",
            "injects",
            "game_of_images",
            "games_of_images",
        ),
        lemmas={
            "two_games_decided": "oc-two-games",
            "isomorphisms_agree": "oc-lemma-4",
            "undominated_alike": "undominated-alike",
            "proportions_in_differences": "proportions-in-differences",
        },
        steps=steps,
        scene=Exists([f, G], And(theory.original(G), found)),
    )


NOT_INJECTED = {
    "Player": 1,
    "Action": 2,
    "Outcome": 2,
    "ActionMap": 2,
    "Game": 2,
    "Play": 1,
    "Book": 2,
}
"""What a game needs to be tied to one by a map that is no injection."""


def statements(theory: Theory) -> list[Statement]:
    """Return both readings."""
    lemmas = "two_games_decided", "isomorphisms_agree"
    return refuted_and_repaired(prop_23, theory, *lemmas, sizes=NOT_INJECTED)
