"""Games in which one player alone changes something, and payoffs that are rescaled alike."""

from delegated_games import G, Game, H, K, a, b, i, in_game, j
from differences import difference
from eliminations import actions_are_played
from eliminations_by_others import others_reduce
from isomorphisms import ActionMap, d, f, has_action, image, move, sends, value, x, y
from oc_two_games import left
from reductions import N, reduces
from z3 import And, Exists, ExprRef, ForAll, If, Implies

from spi_verify.obligations import Step
from spi_verify.theory import Theory, axiom, define
from spi_verify.theory.signature import Player
from spi_verify.theory.terms import Formula, PlayerTerm


@axiom()
def elimination_leads_to_what_is_left(theory: Theory) -> Formula:
    """What is left is reached by eliminations."""
    return ForAll([G], reduces(G, left(G)))


@define(Game, Game, Player)
def unilateral(theory: Theory, H: ExprRef, G: ExprRef, i: PlayerTerm) -> Formula:
    """Definition 2: a subset game in which all but i have the actions and payoffs of G."""
    actions = ForAll([j, x], Implies(j != i, has_action(j, x, H) == has_action(j, x, G)))
    paid = ForAll([j, a], Implies(And(j != i, in_game(a, H)), value(j, H, a) == value(j, G, a)))
    return And(theory.subset_game(H, G), actions, paid)


@define(ActionMap, Game, Player)
def rescales_for_others(theory: Theory, f: ExprRef, G: ExprRef, i: PlayerTerm) -> Formula:
    """By payoffs of G, f is a positive affine map for all but i on what is left of G."""
    return ForAll([j], Implies(j != i, theory.rescales(j, f, left(G), G)))


@define(Game, ActionMap, Game)
def has_images(theory: Theory, N: ExprRef, f: ExprRef, G: ExprRef) -> Formula:
    """The actions of N are the images of those in G."""
    from_there = Exists([y], And(has_action(j, y, G), sends(f, j, y) == x))
    return ForAll([j, x], has_action(j, x, N) == from_there)


@define(Game, ActionMap, Game, Player)
def instructed(theory: Theory, H: ExprRef, f: ExprRef, G: ExprRef, i: PlayerTerm) -> Formula:
    """H is G for all but i, who has images of what is left, worth what they are images of."""
    from_there = Exists([y], And(has_action(i, y, left(G)), sends(f, i, y) == x))
    there = If(j == i, from_there, has_action(j, x, G))
    actions = ForAll([j, x], has_action(j, x, H) == there)
    paid = ForAll([j, a], Implies(And(j != i, in_game(a, H)), value(j, H, a) == value(j, G, a)))
    told = ForAll(
        [a], Implies(in_game(a, left(G)), value(i, H, image(f, a)) == value(i, left(G), a))
    )
    return And(actions, paid, told)


@axiom()
def instructed_games(theory: Theory) -> Formula:
    """If an injection of what is left of an original game improves, i's can be instructed so."""
    given = And(theory.original(G), theory.injects(f, G), theory.improves_by(f, left(G)))
    return ForAll([i, f, G], Implies(given, Exists([H], theory.instructed(H, f, G, i))))


@define(Game, ActionMap, Game, Player)
def leaves_images(theory: Theory, H: ExprRef, f: ExprRef, G: ExprRef, i: PlayerTerm) -> Formula:
    """The others' eliminations lead from H to the images of what is left of G."""
    return Exists([N], And(others_reduce(i, H, N), theory.has_images(N, f, left(G))))


@define(Player, ActionMap, Game, Game, Game)
def images_pay_alike(
    theory: Theory, i: PlayerTerm, f: ExprRef, G: ExprRef, H: ExprRef, K: ExprRef
) -> Formula:
    """Images of what is in G pay the same in H and in K."""
    same = value(i, H, image(f, a)) == value(i, K, image(f, a))
    return ForAll([a], Implies(in_game(a, G), same))


def rescaling(theory: Theory) -> tuple[Step, ...]:
    """Return the steps about payoffs: what pays alike is rescaled alike."""
    alike = theory.images_pay_alike(i, f, G, H, K)
    three = And(in_game(a, G), in_game(b, G), in_game(d, G))
    images = image(f, a), image(f, b), image(f, d)
    first, last = difference(i, G, a, b), difference(i, G, a, d)
    paid = ForAll([a], Implies(in_game(a, G), value(i, H, image(f, a)) == value(i, G, a)))

    def products(there: ExprRef) -> Formula:
        return first * difference(i, there, images[0], images[2]) == last * difference(
            i, there, images[0], images[1]
        )

    return (
        Step(
            "same-differences",
            ForAll(
                [i, f, G, H, K, a, b],
                Implies(
                    And(alike, in_game(a, G), in_game(b, G)),
                    difference(i, H, image(f, a), image(f, b))
                    == difference(i, K, image(f, a), image(f, b)),
                ),
            ),
            ["images_pay_alike", "differences"],
        ),
        Step(
            "proportional-by-products",
            ForAll(
                [i, f, G, H, a, b, d],
                theory.proportional(i, G, a, b, d, H, *images) == products(H),
            ),
            ["proportions_in_differences"],
        ),
        Step(
            "same-products",
            ForAll(
                [i, f, G, H, K, a, b, d],
                Implies(And(alike, three, products(H)), products(K)),
            ),
            ["same-differences"],
        ),
        Step(
            "proportional-alike",
            ForAll(
                [i, f, G, H, K, a, b, d],
                Implies(
                    And(alike, three, theory.proportional(i, G, a, b, d, H, *images)),
                    theory.proportional(i, G, a, b, d, K, *images),
                ),
            ),
            ["same-products", "proportional-by-products"],
        ),
        Step(
            "signs-alike",
            ForAll(
                [i, f, G, H, K, a, b],
                Implies(
                    And(alike, theory.rescales(i, f, G, H), in_game(a, G), in_game(b, G)),
                    (value(i, G, a) > value(i, G, b))
                    == (value(i, K, image(f, a)) > value(i, K, image(f, b))),
                ),
            ),
            ["images_pay_alike", "rescales"],
        ),
        Step(
            "rescaled-in-proportion",
            ForAll(
                [i, f, G, H, a, b, d],
                Implies(
                    And(theory.rescales(i, f, G, H), three),
                    theory.proportional(i, G, a, b, d, H, *images),
                ),
            ),
            ["rescales"],
        ),
        Step(
            "ratios-alike",
            ForAll(
                [i, f, G, H, K, a, b, d],
                Implies(
                    And(alike, theory.rescales(i, f, G, H), three),
                    theory.proportional(i, G, a, b, d, K, *images),
                ),
            ),
            ["proportional-alike", "rescaled-in-proportion"],
        ),
        Step(
            "rescaled-alike",
            ForAll(
                [i, f, G, H, K],
                Implies(And(alike, theory.rescales(i, f, G, H)), theory.rescales(i, f, G, K)),
            ),
            ["signs-alike", "ratios-alike", "rescales"],
        ),
        Step(
            "differences-of-what-is-paid",
            ForAll(
                [i, f, G, H, a, b],
                Implies(
                    And(paid, in_game(a, G), in_game(b, G)),
                    difference(i, H, image(f, a), image(f, b)) == difference(i, G, a, b),
                ),
            ),
            ["differences"],
        ),
        Step(
            "products-of-what-is-paid",
            ForAll([i, f, G, H, a, b, d], Implies(And(paid, three), products(H))),
            ["differences-of-what-is-paid"],
        ),
        Step(
            "proportional-if-paid",
            ForAll(
                [i, f, G, H, a, b, d],
                Implies(And(paid, three), theory.proportional(i, G, a, b, d, H, *images)),
            ),
            ["products-of-what-is-paid", "proportional-by-products"],
        ),
        Step(
            "rescaled-if-paid",
            ForAll([i, f, G, H], Implies(paid, theory.rescales(i, f, G, H))),
            ["proportional-if-paid", "rescales"],
        ),
    )


def reducing(theory: Theory) -> tuple[Step, ...]:
    """Return what is known of eliminations."""
    less = And(in_game(a, G), ForAll([j], value(j, H, a) == value(j, G, a)))
    return (
        *actions_are_played(theory),
        Step(
            "less-is-left",
            ForAll([G, H, a], Implies(And(reduces(G, H), in_game(a, H)), less)),
            ["elimination_can_be_reordered", "only_less_is_left"],
        ),
        Step(
            "actions-of-outcomes",
            ForAll([i, a, G], Implies(in_game(a, G), has_action(i, move(i, a), G))),
            ["outcomes_are_profiles"],
        ),
        Step(
            "less-actions-are-left",
            ForAll([i, x, G], Implies(has_action(i, x, left(G)), has_action(i, x, G))),
            [
                "less-is-left",
                "elimination_leads_to_what_is_left",
                "actions-of-outcomes",
                "actions-are-played",
            ],
        ),
        Step(
            "others-only-reduce",
            ForAll([i, G, H], Implies(others_reduce(i, G, H), reduces(G, H))),
            ["others_can_eliminate", "others_only_reduce"],
        ),
        Step(
            "nothing-else-is-left",
            ForAll([G, N], Implies(And(reduces(G, N), theory.undominated(N)), left(G) == N)),
            [
                "order_makes_no_difference",
                "ends_with",
                "elimination_leads_to_what_is_left",
                "what_elimination_leaves",
            ],
        ),
        Step(
            "what-is-left-is-original",
            ForAll([G], Implies(theory.original(G), theory.original(left(G)))),
            ["original", "what_elimination_leaves"],
        ),
    )
