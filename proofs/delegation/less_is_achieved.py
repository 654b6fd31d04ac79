"""Between what is expected by default and what tokens achieve, tokens achieve everything.

This is about two players, and a frontier that reaches the least that each of them gets in any play:
then what stands for something better can stand for as little for one of them as before, and for as
much for the other.
"""

from dataclasses import replace

from achieved_points import d, mixed_points, mixture_of, p, q, s, x, z
from delegated_games import G, K, i, j
from frontiers import in_the_hull
from isomorphisms import with_one_to_one
from lowered_tokens import lowered
from oc_cor_14 import m
from tokens import E, coordinate, y
from z3 import And, Exists, ForAll, Implies

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory, define
from spi_verify.theory.terms import Formula


@define()
def tokens_can_give_less(theory: Theory) -> Formula:
    """Between what is expected and what is achieved, everything is achieved."""
    reached = And(
        theory.least_on_frontier(i, p, G),
        theory.least_on_frontier(j, q, G),
        theory.as_good_in_expectation(y, G),
        theory.achieved_or_more(y, G),
    )
    given = And(theory.original(G), theory.two_players(i, j), reached)
    return ForAll([i, j, p, q, y, G], Implies(given, theory.achieved(y, G)))


def exchange(theory: Theory) -> Step:
    """Return the step that says that it does not matter who is named first."""
    return Step(
        "the-players-exchanged",
        ForAll([i, j], Implies(theory.two_players(i, j), theory.two_players(j, i))),
        ["two_players"],
    )


def can_give_less(theory: Theory) -> Statement:
    """Return the lemma."""
    proof = mixed_points(theory)
    least = And(theory.two_players(i, j), theory.least_on_frontier(i, p, G))
    given = And(theory.original(G), least, theory.default_point(d, G), theory.achieved(z, G))
    low = And(theory.achieved(x, G), theory.joined(x, i, d, z))
    between = And(coordinate(i, d) <= coordinate(i, y), coordinate(i, y) <= coordinate(i, z))
    mixture = mixture_of(m, x, z)
    height = theory.pays_mixture(i, y, m, x, z)
    wanted = And(theory.achieved(s, G), theory.joined(s, i, y, z))
    supposed = And(given, low, between)
    variables = [i, j, p, d, x, y, z, G]
    some = Exists([s], wanted)
    both = And(
        theory.original(G),
        theory.two_players(i, j),
        theory.least_on_frontier(i, p, G),
        theory.least_on_frontier(j, q, G),
        theory.default_point(d, G),
        theory.pays_no_less(y, d),
        theory.achieved(z, G),
        theory.pays_no_less(z, y),
    )
    first = And(both, theory.achieved(x, G), theory.joined(x, i, y, z))
    second = And(theory.achieved(s, G), theory.joined(s, j, y, x))
    steps = (
        *in_the_hull(theory),
        *lowered(theory),
        Step(
            "mixed-with-what-is-lower",
            ForAll(variables, Implies(supposed, Exists([m], height))),
            ["mixtures_in_between", "joined-for-one"],
        ),
        Step(
            "mixture-with-what-is-lower",
            ForAll(
                [m, *variables],
                Implies(And(supposed, height), theory.joined(mixture, i, y, z)),
            ),
            ["mixed-with-the-same", "joined-for-the-other", "joined-of-two", "pays_mixture"],
        ),
        Step(
            "mixed-in-between",
            ForAll([m, *variables], Implies(And(supposed, height), some)),
            ["mixture-with-what-is-lower", "achieved_points_can_be_mixed"],
        ),
        Step(
            "mixture-in-between",
            ForAll(variables, Implies(supposed, some)),
            ["mixed-with-what-is-lower", "mixed-in-between"],
        ),
        Step(
            "in-between-for-one",
            ForAll([i, j, p, d, y, z, G], Implies(And(given, between), some)),
            ["lowered-for-one", "mixture-in-between"],
        ),
        exchange(theory),
        Step(
            "first-for-one",
            ForAll(
                [i, j, p, q, d, y, z, G],
                Implies(both, Exists([x], And(theory.achieved(x, G), theory.joined(x, i, y, z)))),
            ),
            ["in-between-for-one", "pays_no_less"],
        ),
        Step(
            "still-between-for-the-other",
            ForAll(
                [i, j, p, q, d, x, y, z, G],
                Implies(
                    first,
                    And(coordinate(j, d) <= coordinate(j, y), coordinate(j, y) <= coordinate(j, x)),
                ),
            ),
            ["joined-for-the-other", "pays_no_less"],
        ),
        Step(
            "then-for-the-other",
            ForAll(
                [i, j, p, q, d, x, y, z, G],
                Implies(first, Exists([s], second)),
            ),
            ["in-between-for-one", "still-between-for-the-other", "the-players-exchanged"],
        ),
        Step(
            "joined-for-both",
            ForAll(
                [i, j, s, x, y, z],
                Implies(
                    And(
                        theory.two_players(i, j),
                        theory.joined(x, i, y, z),
                        theory.joined(s, j, y, x),
                    ),
                    And(coordinate(i, s) == coordinate(i, y), coordinate(j, s) == coordinate(j, y)),
                ),
            ),
            ["joined", "two_players"],
        ),
        Step(
            "equal-points-are-expected",
            ForAll(
                [i, j, s, y, K, E],
                Implies(
                    And(
                        theory.two_players(i, j),
                        coordinate(i, s) == coordinate(i, y),
                        coordinate(j, s) == coordinate(j, y),
                        theory.expected_point(s, K, E),
                    ),
                    theory.expected_point(y, K, E),
                ),
            ),
            ["two_players", "expected_point"],
        ),
        Step(
            "equal-points-are-achieved",
            ForAll(
                [i, j, s, y, G],
                Implies(
                    And(
                        theory.two_players(i, j),
                        coordinate(i, s) == coordinate(i, y),
                        coordinate(j, s) == coordinate(j, y),
                        theory.achieved(s, G),
                    ),
                    theory.achieved(y, G),
                ),
            ),
            ["equal-points-are-expected", "achieved"],
        ),
        Step(
            "achieved-by-both",
            ForAll(
                [i, j, p, q, d, s, x, y, z, G],
                Implies(And(first, second), theory.achieved(y, G)),
            ),
            ["joined-for-both", "equal-points-are-achieved"],
        ),
        Step(
            "achieved-from-the-first",
            ForAll([i, j, p, q, d, x, y, z, G], Implies(first, theory.achieved(y, G))),
            ["then-for-the-other", "achieved-by-both"],
        ),
        Step(
            "achieved-in-between",
            ForAll([i, j, p, q, d, y, z, G], Implies(both, theory.achieved(y, G))),
            ["first-for-one", "achieved-from-the-first"],
        ),
        Step(
            "goal",
            theory.tokens_can_give_less(),
            ["achieved-in-between", "as_good_in_expectation", "achieved_or_more"],
        ),
    )
    scene = Exists(
        [i, j, p, q, y, G],
        And(
            theory.original(G),
            theory.two_players(i, j),
            theory.least_on_frontier(i, p, G),
            theory.least_on_frontier(j, q, G),
            theory.as_good_in_expectation(y, G),
            theory.achieved_or_more(y, G),
        ),
    )
    return replace(
        proof,
        id="tokens-can-give-less",
        title="Between what is expected by default and what tokens achieve, they achieve all",
        definitions=(
            *proof.definitions,
            "two_players",
            "pays_no_less",
            "joined",
            "achieved_or_more",
            "hulls_are_convex",
            "margins",
            "portions",
            "pays_mixture",
            "mixtures_in_between",
            "expectations_are_in_the_hull",
            "frontier_point",
            "at_most",
            "as_in_some_play",
            "least_on_frontier",
            "stands_for_payoffs",
            "default_point",
            "as_good_in_expectation",
            "expectations_are_monotone",
            "lowers",
            "valuations_can_be_lowered",
        ),
        lemmas={
            "any_copy_is_enough": "any-copy-is-enough",
            "copies_are_played_alike": "copies-are-played-alike",
            "achieved_points_can_be_mixed": "achieved-points-can-be-mixed",
        },
        steps=steps,
        scene=scene,
    )


def statements(theory: Theory) -> list[Statement]:
    """Return the lemma, in both readings."""
    return [
        can_give_less(theory),
        with_one_to_one(
            can_give_less,
            theory,
            "any_copy_is_enough",
            "copies_are_played_alike",
            "achieved_points_can_be_mixed",
        ),
    ]
