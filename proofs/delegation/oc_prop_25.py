"""Proposition 25: the search for improvements by one player alone is correct.

What is looked for are injections by which no outcome gets worse for anybody and the others' payoffs
are rescaled, and after which, player i having the images only, eliminations of the others' actions
leave the images. What player i's representative is told of other outcomes makes no difference.
"""

from dataclasses import replace

from delegated_games import G, H, K, a, i, in_game, j
from eliminations_by_others import others_reduce
from isomorphisms import (
    f,
    has_action,
    image,
    known_of_isomorphisms,
    refuted_and_repaired,
    sends,
    value,
    x,
    y,
)
from oc_prop_23 import NOT_INJECTED
from oc_two_games import left, two_games
from reductions import REDUCTIONS, N
from unilateral_games import reducing, rescaling
from z3 import And, Exists, ForAll, If, Implies

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory


def found_is_improvement(theory: Theory) -> tuple[Step, ...]:
    """Return the steps that show that what is found is an improvement."""
    G1, H1 = left(G), left(H)
    found = And(
        theory.injects(f, G), theory.improves_by(f, G1), theory.rescales_for_others(f, G, i)
    )
    game = theory.instructed(H, f, G, i)
    images = And(others_reduce(i, H, N), theory.has_images(N, f, G1))
    all_of_it = And(found, game, images)
    return (
        Step(
            "into-the-images",
            ForAll([f, G, N], Implies(theory.has_images(N, f, G), theory.into(f, G, N))),
            ["has_images", "into"],
        ),
        Step(
            "one-to-one-to-the-images",
            ForAll(
                [f, G, N],
                Implies(
                    And(theory.injects(f, G), theory.has_images(N, f, G1)),
                    theory.one_to_one(f, G1, N),
                ),
            ),
            ["injects", "has_images", "one_to_one"],
        ),
        Step(
            "images-are-there",
            ForAll(
                [f, G, N, a],
                Implies(And(theory.into(f, G, N), in_game(a, G)), in_game(image(f, a), N)),
            ),
            ["into", "outcomes_are_profiles", "images_have_images"],
        ),
        Step(
            "images-are-left",
            ForAll(
                [i, f, G, H, N, a],
                Implies(And(images, in_game(a, G1)), in_game(image(f, a), N)),
            ),
            ["images-are-there", "into-the-images"],
        ),
        Step(
            "images-were-there",
            ForAll(
                [i, f, G, H, N, a],
                Implies(And(images, in_game(a, G1)), in_game(image(f, a), H)),
            ),
            ["images-are-left", "others-only-reduce", "less-is-left"],
        ),
        Step(
            "images-pay-as-before",
            ForAll(
                [i, j, f, G, H, N, a],
                Implies(
                    And(images, in_game(a, G1)),
                    value(j, N, image(f, a)) == value(j, H, image(f, a)),
                ),
            ),
            ["images-are-left", "others-only-reduce", "less-is-left"],
        ),
        Step(
            "instructed-as-told",
            ForAll(
                [i, f, G, H, a],
                Implies(And(game, in_game(a, G1)), value(i, H, image(f, a)) == value(i, G1, a)),
            ),
            ["instructed"],
        ),
        Step(
            "others-are-told-nothing",
            ForAll(
                [i, j, f, G, H, a],
                Implies(And(game, j != i, in_game(a, H)), value(j, H, a) == value(j, G, a)),
            ),
            ["instructed"],
        ),
        Step(
            "own-images-pay",
            ForAll(
                [i, f, G, H, N, a],
                Implies(
                    And(game, images, in_game(a, G1)),
                    value(i, N, image(f, a)) == value(i, G1, a),
                ),
            ),
            ["images-pay-as-before", "instructed-as-told"],
        ),
        Step(
            "others'-images-pay",
            ForAll(
                [i, j, f, G, H, N, a],
                Implies(
                    And(game, images, j != i, in_game(a, G1)),
                    value(j, G, image(f, a)) == value(j, N, image(f, a)),
                ),
            ),
            ["images-were-there", "images-pay-as-before", "others-are-told-nothing"],
        ),
        Step(
            "others'-images-pay-alike",
            ForAll(
                [i, j, f, G, H, N],
                Implies(And(game, images, j != i), theory.images_pay_alike(j, f, G1, G, N)),
            ),
            ["others'-images-pay", "images_pay_alike"],
        ),
        Step(
            "own-rescaled",
            ForAll([i, f, G, H, N], Implies(And(game, images), theory.rescales(i, f, G1, N))),
            ["own-images-pay", "rescaled-if-paid"],
        ),
        Step(
            "others-rescaled",
            ForAll(
                [i, j, f, G, H, N],
                Implies(And(all_of_it, j != i), theory.rescales(j, f, G1, N)),
            ),
            ["others'-images-pay-alike", "rescaled-alike", "rescales_for_others"],
        ),
        Step(
            "isomorphic-to-the-images",
            ForAll([i, f, G, H, N], Implies(all_of_it, theory.isomorphism(f, G1, N))),
            [
                "into-the-images",
                "one-to-one-to-the-images",
                "own-rescaled",
                "others-rescaled",
                "payoffs_are_rescaled",
                "isomorphism",
            ],
        ),
        Step(
            "images-are-what-is-left",
            ForAll([i, f, G, H, N], Implies(all_of_it, H1 == N)),
            [
                "isomorphic-to-the-images",
                "isomorphism",
                "undominated_alike",
                "what_elimination_leaves",
                "others-only-reduce",
                "nothing-else-is-left",
            ],
        ),
        Step(
            "tied-to-what-is-left",
            ForAll(
                [i, f, G, H],
                Implies(
                    And(found, game, theory.leaves_images(H, f, G, i)),
                    theory.isomorphism(f, G1, H1),
                ),
            ),
            ["isomorphic-to-the-images", "images-are-what-is-left", "leaves_images"],
        ),
        Step(
            "instructed-actions",
            ForAll(
                [i, j, x, f, G, H],
                Implies(And(theory.injects(f, G), game, has_action(j, x, H)), has_action(j, x, G)),
            ),
            ["instructed", "injects"],
        ),
        Step(
            "instructed-is-a-subset-game",
            ForAll(
                [i, f, G, H],
                Implies(And(theory.injects(f, G), game), theory.subset_game(H, G)),
            ),
            ["instructed-actions", "outcomes_are_profiles", "subset_game"],
        ),
        Step(
            "instructed-is-unilateral",
            ForAll(
                [i, f, G, H],
                Implies(And(theory.injects(f, G), game), theory.unilateral(H, G, i)),
            ),
            ["instructed-is-a-subset-game", "instructed", "unilateral"],
        ),
        Step(
            "safe-where-tied",
            ForAll(
                [f, G, H],
                Implies(
                    And(
                        theory.original(G),
                        theory.isomorphism(f, G1, H1),
                        theory.improves_by(f, G1),
                    ),
                    theory.safe_under_both(H, G),
                ),
            ),
            ["two_games_decided", "isomorphic", "improved_by_an_isomorphism"],
        ),
    )


def improvement_is_found(theory: Theory) -> tuple[Step, ...]:
    """Return the steps that show that an improvement is found."""
    G1, H1 = left(G), left(H)
    tied = And(theory.subset_game(H, G), theory.isomorphism(f, G1, H1))
    alone = And(theory.unilateral(H, G, i), theory.isomorphism(f, G1, H1))
    improvement = And(theory.original(G), tied, theory.safe_under_both(H, G))
    game = theory.instructed(K, f, G, i)
    return (
        Step(
            "less-actions-in-a-subset-game",
            ForAll(
                [i, x, G, H],
                Implies(And(theory.subset_game(H, G), has_action(i, x, H)), has_action(i, x, G)),
            ),
            ["subset_game", "actions-of-outcomes", "actions-are-played"],
        ),
        Step(
            "isomorphisms-inject",
            ForAll([f, G, H], Implies(tied, theory.injects(f, G))),
            [
                "less-actions-in-a-subset-game",
                "less-actions-are-left",
                "isomorphism",
                "into",
                "one_to_one",
                "injects",
            ],
        ),
        Step(
            "improved-where-safe",
            ForAll([f, G, H], Implies(improvement, theory.improves_by(f, G1))),
            [
                "what-is-left-is-original",
                "two_games_decided",
                "isomorphic",
                "improved_by_an_isomorphism",
                "isomorphisms_agree",
            ],
        ),
        Step(
            "images-pay-in-the-game",
            ForAll(
                [i, j, f, G, H],
                Implies(And(alone, j != i), theory.images_pay_alike(j, f, G1, H1, G)),
            ),
            [
                "isomorphism",
                "images-are-there",
                "what_elimination_leaves",
                "unilateral",
                "images_pay_alike",
            ],
        ),
        Step(
            "isomorphisms-rescale",
            ForAll([i, f, G, H], Implies(theory.isomorphism(f, G, H), theory.rescales(i, f, G, H))),
            ["isomorphism", "payoffs_are_rescaled"],
        ),
        Step(
            "rescaled-for-others",
            ForAll([i, f, G, H], Implies(alone, theory.rescales_for_others(f, G, i))),
            [
                "images-pay-in-the-game",
                "rescaled-alike",
                "isomorphisms-rescale",
                "rescales_for_others",
            ],
        ),
        *known_of_isomorphisms(theory, "actions-have-preimages"),
        Step(
            "images-are-isomorphic-actions",
            ForAll(
                [i, y, f, G, H],
                Implies(
                    And(theory.isomorphism(f, G, H), has_action(i, y, G)),
                    has_action(i, sends(f, i, y), H),
                ),
            ),
            ["isomorphism", "into"],
        ),
        Step(
            "what-is-left-has-the-images",
            ForAll([f, G, H], Implies(theory.isomorphism(f, G, H), theory.has_images(H, f, G))),
            ["actions-have-preimages", "images-are-isomorphic-actions", "has_images"],
        ),
        Step(
            "narrow-actions",
            ForAll(
                [i, j, x, f, G, H, K],
                Implies(
                    And(alone, game),
                    has_action(j, x, K) == If(j == i, has_action(j, x, H1), has_action(j, x, H)),
                ),
            ),
            ["what-is-left-has-the-images", "has_images", "instructed", "unilateral"],
        ),
        Step(
            "narrow-outcomes",
            ForAll([i, f, G, H, K, a], Implies(And(alone, game, in_game(a, K)), in_game(a, H))),
            ["narrow-actions", "less-actions-are-left", "outcomes_are_profiles"],
        ),
        Step(
            "narrow-payoffs",
            ForAll(
                [i, j, f, G, H, K, a],
                Implies(And(alone, game, in_game(a, K), j != i), value(j, K, a) == value(j, H, a)),
            ),
            ["narrow-outcomes", "instructed", "unilateral"],
        ),
        Step(
            "instructed-is-narrow",
            ForAll([i, f, G, H, K], Implies(And(alone, game), theory.narrowed(K, H, H1, i))),
            ["narrow-actions", "narrow-payoffs", "narrowed"],
        ),
        Step(
            "narrow-games-reduce",
            ForAll(
                [i, G, K],
                Implies(theory.narrowed(K, G, G1, i), theory.others_reduce_to_actions(i, K, G1)),
            ),
            ["others_can_eliminate", "narrow_games_reduce", "elimination_leads_to_what_is_left"],
        ),
        Step(
            "same-images",
            ForAll(
                [f, G, H, N],
                Implies(
                    And(theory.has_images(H, f, G), theory.same_actions(N, H)),
                    theory.has_images(N, f, G),
                ),
            ),
            ["has_images", "same_actions"],
        ),
        Step(
            "images-are-left-by-others",
            ForAll(
                [i, f, G, H, K],
                Implies(
                    And(theory.isomorphism(f, G1, H1), theory.others_reduce_to_actions(i, K, H1)),
                    theory.leaves_images(K, f, G, i),
                ),
            ),
            [
                "what-is-left-has-the-images",
                "same-images",
                "others_reduce_to_actions",
                "leaves_images",
            ],
        ),
        Step(
            "instructed-leaves-images",
            ForAll([i, f, G, H, K], Implies(And(alone, game), theory.leaves_images(K, f, G, i))),
            ["instructed-is-narrow", "narrow-games-reduce", "images-are-left-by-others"],
        ),
        Step(
            "tied-if-unilateral",
            ForAll([i, f, G, H], Implies(alone, tied)),
            ["unilateral"],
        ),
    )


def prop_25(theory: Theory) -> Statement:
    """Return it, with isomorphisms as the theory has them."""
    G1, H1 = left(G), left(H)
    found = And(
        theory.injects(f, G), theory.improves_by(f, G1), theory.rescales_for_others(f, G, i)
    )
    leads = And(theory.instructed(H, f, G, i), theory.leaves_images(H, f, G, i))
    improvement = And(
        theory.unilateral(H, G, i), theory.isomorphism(f, G1, H1), theory.safe_under_both(H, G)
    )
    everywhere = And(
        Exists([K], theory.instructed(K, f, G, i)),
        ForAll([K], Implies(theory.instructed(K, f, G, i), theory.leaves_images(K, f, G, i))),
    )
    sound = ForAll([i, f, G, H], Implies(And(theory.original(G), found, leads), improvement))
    complete = ForAll(
        [i, f, G, H],
        Implies(And(theory.original(G), improvement), And(found, everywhere)),
    )
    steps = (
        *rescaling(theory),
        *reducing(theory),
        *found_is_improvement(theory),
        *improvement_is_found(theory),
        Step(
            "found-ones-are-improvements",
            sound,
            ["instructed-is-unilateral", "tied-to-what-is-left", "safe-where-tied"],
        ),
        Step(
            "improvements-are-injections",
            ForAll([i, f, G, H], Implies(And(theory.original(G), improvement), found)),
            [
                "tied-if-unilateral",
                "isomorphisms-inject",
                "improved-where-safe",
                "rescaled-for-others",
            ],
        ),
        Step(
            "improvements-are-found",
            complete,
            ["improvements-are-injections", "instructed_games", "instructed-leaves-images"],
        ),
        Step(
            "goal", And(sound, complete), ["found-ones-are-improvements", "improvements-are-found"]
        ),
    )
    proof = two_games(theory)
    return replace(
        proof,
        id="oc-prop-25",
        title="The search for improvements by one player finds them, and all that are tied",
        definitions=(
            *proof.definitions,
            *(name for name in REDUCTIONS if name not in proof.definitions),
            "actions_can_be_changed",
            "differences",
            "subset_game",
            "same_actions",
            "injects",
            "only_less_is_left",
            "ends_with",
            "elimination_leads_to_what_is_left",
            "narrowed",
            "others_reduce_to_actions",
            "narrow_games_reduce",
            "others_only_reduce",
            "unilateral",
            "rescales_for_others",
            "has_images",
            "instructed",
            "instructed_games",
            "leaves_images",
            "images_pay_alike",
        ),
        lemmas={
            "two_games_decided": "oc-two-games",
            "isomorphisms_agree": "oc-lemma-4",
            "undominated_alike": "undominated-alike",
            "proportions_in_differences": "proportions-in-differences",
            "elimination_can_be_reordered": "eliminations-can-be-reordered",
            "order_makes_no_difference": "oc-lemma-20",
            "others_can_eliminate": "eliminations-by-others",
        },
        steps=steps,
        scene=Exists([i, f, G], And(theory.original(G), found)),
    )


def statements(theory: Theory) -> list[Statement]:
    """Return both readings."""
    lemmas = "two_games_decided", "isomorphisms_agree"
    return refuted_and_repaired(prop_25, theory, *lemmas, sizes=NOT_INJECTED)
