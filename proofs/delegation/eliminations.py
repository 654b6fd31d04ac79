"""Strict dominance by pure actions, and what goes when a dominated action goes."""

import z3
from delegated_games import G, Game, H, K, a, b, c, i, in_game, j
from isomorphisms import (
    MAPS,
    f,
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
from z3 import And, Exists, ExprRef, ForAll, Function, Implies, Not, Or

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory, axiom, define
from spi_verify.theory.signature import Action, Outcome, Player
from spi_verify.theory.terms import ActionTerm, Formula, OutcomeTerm, PlayerTerm

z = z3.Const("z", Action)


changed_to = Function("changed_to", Outcome, Player, Action, Outcome)
"""(x, a_-i): outcome a, but for player i, who does x; ``changed_to(a, i, x)``."""


@axiom(changed_to)
def actions_can_be_changed(theory: Theory) -> Formula:
    """In any outcome, one player's action can be replaced by any other action."""
    changed = changed_to(a, i, x)
    return ForAll([i, a, x], And(move(i, changed) == x, theory.same_for_others(i, a, changed)))


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
    """What is isomorphic, one to one, to a game without dominated actions has none."""
    iso = one_to_one_isomorphism(theory, f, G, H)
    return ForAll([f, G, H], Implies(And(iso, theory.undominated(G)), theory.undominated(H)))


@define()
def what_stays_dominated(theory: Theory) -> Formula:
    """Lemma 19: what is dominated stays so when another dominated action goes."""
    removed = And(theory.dominated(i, x, G), theory.without_action(K, G, i, x))
    other = And(theory.dominated(j, y, G), Or(j != i, y != x))
    return ForAll([i, j, x, y, G, K], Implies(And(removed, other), theory.dominated(j, y, K)))


def alike(theory: Theory) -> Statement:
    """Return the statement that isomorphic games have dominated actions alike."""
    iso = one_to_one_isomorphism(theory, f, G, H)
    known = "images-are-there", "order-is-kept", "actions-have-preimages"
    steps = (
        *known_of_isomorphisms(theory, *known, written_out=one_to_one_isomorphism),
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
            "dominated-if-its-image-is",
            ForAll(
                [i, f, G, H, x],
                Implies(
                    And(iso, has_action(i, x, G), theory.dominated(i, sends(f, i, x), H)),
                    theory.dominated(i, x, G),
                ),
            ),
            ["dominated", "actions-have-preimages", "dominates-if-its-image-does"],
        ),
        Step(
            "goal",
            theory.undominated_alike(),
            ["undominated", "dominated", "actions-have-preimages", "dominated-if-its-image-is"],
        ),
    )
    return Statement(
        id="undominated-alike",
        title="What is isomorphic, one to one, to a game without dominated actions has none",
        theory=theory,
        hypotheses=(),
        definitions=(
            *MAPS,
            "same_for_others",
            "strictly_dominates",
            "dominated",
            "undominated",
        ),
        steps=steps,
        scene=Exists([f, G, H], And(iso, G != H, theory.undominated(G))),
        sizes={"Action": 1, "ActionMap": 1, "Outcome": 1},
    )


def actions_are_played(theory: Theory) -> tuple[Step, ...]:
    """Return the steps that show that every action of a game is played in some outcome of it."""
    played = Exists([a], And(in_game(a, G), move(i, a) == x))
    return (
        Step(
            "changed-within",
            ForAll(
                [i, x, G, a],
                Implies(And(has_action(i, x, G), in_game(a, G)), in_game(changed_to(a, i, x), G)),
            ),
            ["actions_can_be_changed", "same_for_others", "outcomes_are_profiles"],
        ),
        Step(
            "actions-are-played",
            ForAll([i, x, G], Implies(has_action(i, x, G), played)),
            ["games_are_finite", "most_paid", "changed-within", "actions_can_be_changed"],
        ),
    )


def stays_dominated(theory: Theory) -> Statement:
    """Return Lemma 19."""
    removed = And(theory.dominated(i, x, G), theory.without_action(K, G, i, x))
    chain = And(
        has_action(i, x, G),
        theory.strictly_dominates(i, x, y, G),
        theory.strictly_dominates(i, z, x, G),
    )
    within = And(
        in_game(a, G),
        in_game(b, G),
        move(i, a) == y,
        move(i, b) == z,
        theory.same_for_others(i, a, b),
    )
    steps = (
        *actions_are_played(theory),
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
            "dominates-through",
            ForAll(
                [i, x, y, z, G, a, b, c],
                Implies(
                    And(
                        theory.strictly_dominates(i, x, y, G),
                        theory.strictly_dominates(i, z, x, G),
                        within,
                        in_game(c, G),
                        move(i, c) == x,
                        theory.same_for_others(i, a, c),
                    ),
                    value(i, G, b) > value(i, G, a),
                ),
            ),
            ["strictly_dominates", "others-do-the-same"],
        ),
        Step(
            "something-in-between",
            ForAll(
                [i, x, G, a],
                Implies(
                    And(has_action(i, x, G), in_game(a, G)),
                    Exists(
                        [c],
                        And(in_game(c, G), move(i, c) == x, theory.same_for_others(i, a, c)),
                    ),
                ),
            ),
            ["changed-within", "actions_can_be_changed"],
        ),
        Step(
            "worth-more-than-what-is-dominated-by-it",
            ForAll(
                [i, x, y, z, G, a, b],
                Implies(And(chain, within), value(i, G, b) > value(i, G, a)),
            ),
            ["dominates-through", "something-in-between"],
        ),
        Step(
            "dominance-is-transitive",
            ForAll([i, x, y, z, G], Implies(chain, theory.strictly_dominates(i, z, y, G))),
            ["worth-more-than-what-is-dominated-by-it", "strictly_dominates"],
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
            ["strictly_dominates", "actions-are-played", "others-do-the-same-as-themselves"],
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
            "other-actions-stay",
            ForAll(
                [i, j, x, y, G, K],
                Implies(
                    And(
                        theory.without_action(K, G, i, x),
                        has_action(j, y, G),
                        Or(j != i, y != x),
                    ),
                    has_action(j, y, K),
                ),
            ),
            ["without_action"],
        ),
        Step(
            "dominated-by-something-there",
            ForAll(
                [i, j, x, y, z, G, K],
                Implies(
                    And(
                        theory.without_action(K, G, i, x),
                        has_action(j, y, K),
                        has_action(j, z, K),
                        theory.strictly_dominates(j, z, y, G),
                    ),
                    theory.dominated(j, y, K),
                ),
            ),
            ["dominates-still", "dominated"],
        ),
        Step(
            "dominated-actions-are-there",
            ForAll([i, x, G], Implies(theory.dominated(i, x, G), has_action(i, x, G))),
            ["dominated"],
        ),
        Step(
            "goal",
            theory.what_stays_dominated(),
            [
                "dominated-by-what-stays",
                "other-actions-stay",
                "dominated-by-something-there",
                "dominated-actions-are-there",
            ],
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
    return [stays_dominated(theory), alike(theory)]
