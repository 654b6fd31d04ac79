"""Strict dominance by pure actions, and what goes when a dominated action goes."""

import z3
from delegated_games import G, Game, H, K, a, b, c, i, in_game, j
from isomorphisms import (
    ISOMORPHISMS,
    f,
    has_action,
    image,
    move,
    one_to_one_isomorphism,
    sends,
    value,
    x,
    y,
)
from z3 import And, Exists, ExprRef, ForAll, Implies, Not, Or

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory, axiom, define
from spi_verify.theory.signature import Action, Outcome, Player
from spi_verify.theory.terms import ActionTerm, Formula, OutcomeTerm, PlayerTerm

z = z3.Const("z", Action)


@axiom()
def actions_can_be_changed(theory: Theory) -> Formula:
    """In any outcome, one player's action can be replaced by any other action."""
    return ForAll([i, a, x], Exists([b], And(move(i, b) == x, theory.same_for_others(i, a, b))))


@define(Player, Outcome, Outcome)
def same_for_others(theory: Theory, i: PlayerTerm, a: OutcomeTerm, b: OutcomeTerm) -> Formula:
    """All players but i do the same in a and in b."""
    return ForAll([j], Implies(j != i, move(j, a) == move(j, b)))


@define(Player, Action, Action, Game)
def strictly_dominates(
    theory: Theory, i: PlayerTerm, y: ActionTerm, x: ActionTerm, G: ExprRef
) -> Formula:
    """Whatever the others do in G, y is worth more to player i than x."""
    replaced = And(move(i, a) == x, move(i, b) == y, theory.same_for_others(i, a, b))
    return ForAll(
        [a, b],
        Implies(And(in_game(a, G), in_game(b, G), replaced), value(i, G, b) > value(i, G, a)),
    )


@define(Player, Action, Game)
def dominated(theory: Theory, i: PlayerTerm, x: ActionTerm, G: ExprRef) -> Formula:
    """Player i's action x is strictly dominated in G by an action."""
    by = Exists([y], And(has_action(i, y, G), theory.strictly_dominates(i, y, x, G)))
    return And(has_action(i, x, G), by)


@define(Game)
def undominated(theory: Theory, G: ExprRef) -> Formula:
    """Nobody has a strictly dominated action in the game."""
    return ForAll([i, x], Not(theory.dominated(i, x, G)))


@define(Game, Game, Player, Action)
def without_action(theory: Theory, K: ExprRef, G: ExprRef, i: PlayerTerm, x: ActionTerm) -> Formula:
    """K is G without player i's action x."""
    return And(
        ForAll([j, z], has_action(j, z, K) == And(has_action(j, z, G), Or(j != i, z != x))),
        ForAll([j, a], Implies(in_game(a, K), value(j, K, a) == value(j, G, a))),
    )


@define()
def undominated_alike(theory: Theory) -> Formula:
    """What is isomorphic to a game without dominated actions has none."""
    return ForAll(
        [f, G, H],
        Implies(And(theory.isomorphism(f, G, H), theory.undominated(G)), theory.undominated(H)),
    )


def alike(theory: Theory) -> Statement:
    """Return the statement that isomorphic games have dominated actions alike."""
    iso = theory.isomorphism(f, G, H)
    steps = (
        Step(
            "images-are-there",
            ForAll([f, G, H, a], Implies(And(iso, in_game(a, G)), in_game(image(f, a), H))),
            ["isomorphism", "into", "outcomes_are_profiles", "images_have_images"],
        ),
        Step(
            "images-for-others",
            ForAll(
                [i, f, a, b],
                Implies(
                    theory.same_for_others(i, a, b),
                    theory.same_for_others(i, image(f, a), image(f, b)),
                ),
            ),
            ["same_for_others", "images_have_images"],
        ),
        Step(
            "order-is-kept",
            ForAll(
                [i, f, G, H, a, b],
                Implies(
                    And(iso, in_game(a, G), in_game(b, G)),
                    (value(i, G, a) > value(i, G, b))
                    == (value(i, H, image(f, a)) > value(i, H, image(f, b))),
                ),
            ),
            ["isomorphism", "rescales"],
        ),
        Step(
            "dominates-if-its-image-does",
            ForAll(
                [i, f, G, H, x, y],
                Implies(
                    And(iso, theory.strictly_dominates(i, sends(f, i, y), sends(f, i, x), H)),
                    theory.strictly_dominates(i, y, x, G),
                ),
            ),
            [
                "strictly_dominates",
                "images-are-there",
                "images-for-others",
                "order-is-kept",
                "images_have_images",
            ],
        ),
        Step(
            "actions-are-images",
            ForAll(
                [i, f, G, H, z],
                Implies(
                    And(iso, has_action(i, z, H)),
                    Exists([x], And(has_action(i, x, G), sends(f, i, x) == z)),
                ),
            ),
            ["isomorphism", "one_to_one"],
        ),
        Step(
            "dominated-if-its-image-is",
            ForAll(
                [i, f, G, H, x],
                Implies(
                    And(iso, has_action(i, x, G), theory.dominated(i, sends(f, i, x), H)),
                    theory.dominated(i, x, G),
                ),
            ),
            ["dominated", "actions-are-images", "dominates-if-its-image-does"],
        ),
        Step(
            "goal",
            theory.undominated_alike(),
            ["undominated", "dominated", "actions-are-images", "dominated-if-its-image-is"],
        ),
    )
    return Statement(
        id="undominated-alike",
        title="What is isomorphic to a game without dominated actions has none",
        theory=theory,
        changed=("isomorphism",),
        hypotheses=(),
        definitions=(
            *ISOMORPHISMS,
            "same_for_others",
            "strictly_dominates",
            "dominated",
            "undominated",
        ),
        steps=steps,
        scene=Exists([f, G, H], And(sent_anywhere(theory), theory.undominated(G))),
        sizes={"Action": 1, "ActionMap": 1, "Outcome": 1},
    )


def sent_anywhere(theory: Theory) -> Formula:
    """Say that two different games are isomorphic."""
    return And(theory.isomorphism(f, G, H), G != H)


def stays_dominated(theory: Theory) -> Statement:
    """Return Lemma 19."""
    removed = And(theory.dominated(i, x, G), theory.without_action(K, G, i, x))
    other = And(theory.dominated(j, y, G), Or(j != i, y != x))
    steps = (
        Step(
            "stays-in",
            ForAll(
                [i, x, G, K, a],
                Implies(
                    And(theory.without_action(K, G, i, x), in_game(a, K)),
                    And(in_game(a, G), ForAll([j], value(j, K, a) == value(j, G, a))),
                ),
            ),
            ["without_action", "outcomes_are_profiles"],
        ),
        Step(
            "dominates-still",
            ForAll(
                [i, j, x, y, z, G, K],
                Implies(
                    And(theory.without_action(K, G, i, x), theory.strictly_dominates(j, z, y, G)),
                    theory.strictly_dominates(j, z, y, K),
                ),
            ),
            ["strictly_dominates", "stays-in"],
        ),
        Step(
            "outcomes-can-be-changed",
            ForAll(
                [i, x, G, a],
                Implies(
                    And(has_action(i, x, G), in_game(a, G)),
                    Exists(
                        [b],
                        And(in_game(b, G), move(i, b) == x, theory.same_for_others(i, a, b)),
                    ),
                ),
            ),
            ["actions_can_be_changed", "same_for_others", "outcomes_are_profiles"],
        ),
        Step(
            "others-do-the-same",
            ForAll(
                [i, a, b, c],
                Implies(
                    And(theory.same_for_others(i, a, b), theory.same_for_others(i, a, c)),
                    And(theory.same_for_others(i, c, b), theory.same_for_others(i, b, c)),
                ),
            ),
            ["same_for_others"],
        ),
        Step(
            "dominance-is-transitive",
            ForAll(
                [i, x, y, z, G],
                Implies(
                    And(
                        has_action(i, x, G),
                        theory.strictly_dominates(i, x, y, G),
                        theory.strictly_dominates(i, z, x, G),
                    ),
                    theory.strictly_dominates(i, z, y, G),
                ),
            ),
            ["strictly_dominates", "outcomes-can-be-changed", "others-do-the-same"],
        ),
        Step(
            "there-is-an-outcome",
            ForAll(
                [i, x, G],
                Implies(has_action(i, x, G), Exists([a], And(in_game(a, G), move(i, a) == x))),
            ),
            ["games_are_finite", "most_paid", "outcomes-can-be-changed"],
        ),
        Step(
            "others-do-the-same-as-themselves",
            ForAll([i, a], theory.same_for_others(i, a, a)),
            ["same_for_others"],
        ),
        Step(
            "nothing-dominates-itself",
            ForAll(
                [i, x, G],
                Implies(has_action(i, x, G), Not(theory.strictly_dominates(i, x, x, G))),
            ),
            ["strictly_dominates", "there-is-an-outcome", "others-do-the-same-as-themselves"],
        ),
        Step(
            "dominated-by-what-stays",
            ForAll(
                [i, j, x, y, G],
                Implies(
                    And(theory.dominated(i, x, G), theory.dominated(j, y, G)),
                    Exists(
                        [z],
                        And(
                            has_action(j, z, G),
                            Or(j != i, z != x),
                            theory.strictly_dominates(j, z, y, G),
                        ),
                    ),
                ),
            ),
            ["dominated", "dominance-is-transitive", "nothing-dominates-itself"],
        ),
        Step(
            "goal",
            ForAll(
                [i, j, x, y, G, K],
                Implies(And(removed, other), theory.dominated(j, y, K)),
            ),
            ["dominated-by-what-stays", "dominates-still", "dominated", "without_action"],
        ),
    )
    return Statement(
        id="oc-lemma-19",
        title="What is dominated stays so when another dominated action goes",
        theory=theory,
        hypotheses=(),
        definitions=(
            "outcomes_are_profiles",
            "most_paid",
            "least_paid",
            "games_are_finite",
            "actions_can_be_changed",
            "same_for_others",
            "strictly_dominates",
            "dominated",
            "without_action",
        ),
        steps=steps,
        scene=Exists([i, x, G, K], removed),
    )


def statements(theory: Theory) -> list[Statement]:
    """Return Lemma 19, and that isomorphic games have dominated actions alike."""
    return [
        stays_dominated(theory),
        alike(theory.with_(isomorphism=one_to_one_isomorphism)),
    ]
