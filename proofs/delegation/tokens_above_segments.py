"""Tokens that stand for points above a segment, for two players.

Say every payoff of player i lies between those of the segment's ends. Then something that is played
can stand for the segment's point that pays i as much, or for its own payoffs, whichever is better
for the other; in expectation, i gets as much as by default. Where each end pays one of the players
enough, what tokens stand for can at least be above the segment.
"""

from dataclasses import replace

from achieved_points import d, mixed_points, mixture_of, p, q, v, x
from delegated_games import G, K, i, j, result, w
from isomorphisms import f, with_one_to_one
from lowered_tokens import E0, played_points
from oc_cor_14 import m, mixing_weight
from oc_lemma_13 import expectation
from points_above_segments import chosen, on_segments
from tokens import E, coordinate, in_hull, payoff_point, stands_for, y
from z3 import And, Exists, ExprRef, ForAll, Implies

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory, define
from spi_verify.theory.terms import Formula


@define()
def tokens_reach_segments(theory: Theory) -> Formula:
    """A segment's point that pays i no more than expected is below what is achieved."""
    ends = And(in_hull(p, G), in_hull(q, G), theory.at_most(i, p, G), theory.at_least(i, q, G))
    given = And(theory.original(G), theory.two_players(i, j), ends, theory.default_point(d, G))
    return ForAll([i, j, p, q, d, G], Implies(given, theory.reached_up_to(p, q, i, d, G)))


@define()
def tokens_reach_between(theory: Theory) -> Formula:
    """A segment's point is below what is achieved if each end pays one player enough."""
    ends = And(in_hull(p, G), in_hull(q, G), theory.at_least(j, p, G), theory.at_least(i, q, G))
    given = And(theory.original(G), theory.two_players(i, j), ends)
    return ForAll([i, j, p, q, G], Implies(given, theory.reached_on(p, q, G)))


def reach_segments(theory: Theory) -> Statement:
    """Return the lemma about what player i gets by default."""
    proof = mixed_points(theory)
    ends = And(in_hull(p, G), in_hull(q, G), theory.at_most(i, p, G), theory.at_least(i, q, G))
    given = And(theory.two_players(i, j), ends)
    paid, stood = payoff_point(result(w, G)), stands_for(E, result(w, K))

    def above(y: ExprRef, v: ExprRef) -> Formula:
        return theory.straight_above(y, i, v, p, q)

    stands = theory.stands_straight_above(E, i, f, G, p, q)
    copied = And(theory.original(G), theory.copied_by(f, G, K), given)
    choosing = And(copied, theory.token_game(K, E, G), stands)
    default = And(theory.stands_for_payoffs(E0), theory.expected_point(d, G, E0))
    expected = theory.expected_point(y, K, E)
    no_more = coordinate(i, x) <= coordinate(i, d)
    wanted = And(theory.on_segment(x, p, q), theory.achieved_or_more(x, G), no_more)
    some = theory.reached_up_to(p, q, i, d, G)
    variables = [i, j, p, q, f, G, K, E]
    steps = (
        *on_segments(theory),
        *played_points(theory),
        Step(
            "between-the-ends",
            ForAll(
                [w, i, j, p, q, G],
                Implies(
                    given,
                    And(
                        coordinate(i, p) <= coordinate(i, paid),
                        coordinate(i, paid) <= coordinate(i, q),
                    ),
                ),
            ),
            ["at_most", "at_least", "payoff_points"],
        ),
        Step(
            "points-to-choose",
            ForAll(
                [w, i, j, p, q, G],
                Implies(given, theory.can_be_straight_above(paid, i, p, q, G)),
            ),
            ["between-the-ends", "payoffs-in-the-hull", "found-straight-above"],
        ),
        *chosen(theory, [i], above, stands, given),
        Step(
            "as-much-for-one",
            ForAll(
                [i, y, v, p, q],
                Implies(theory.straight_above(y, i, v, p, q), coordinate(i, y) == coordinate(i, v)),
            ),
            ["straight_above"],
        ),
        Step(
            "paid-as-by-default",
            ForAll(
                [w, *variables, E0],
                Implies(
                    And(choosing, theory.stands_for_payoffs(E0)),
                    coordinate(i, stood) == coordinate(i, stands_for(E0, result(w, G))),
                ),
            ),
            ["played-as-chosen", "as-much-for-one", "stands_for_payoffs"],
        ),
        Step(
            "expects-as-by-default",
            ForAll(
                [*variables, E0],
                Implies(
                    And(choosing, theory.stands_for_payoffs(E0)),
                    expectation(i, K, E) == expectation(i, G, E0),
                ),
            ),
            ["paid-as-by-default", "expectations_are_monotone"],
        ),
        Step(
            "expected-as-by-default",
            ForAll(
                [*variables, E0, d, y],
                Implies(And(choosing, default, expected), coordinate(i, y) == coordinate(i, d)),
            ),
            ["expects-as-by-default", "expected_point"],
        ),
        Step(
            "no-more-than-by-default",
            ForAll(
                [i, d, x, y],
                Implies(
                    And(coordinate(i, y) == coordinate(i, d), theory.pays_no_less(y, x)), no_more
                ),
            ),
            ["pays_no_less"],
        ),
        Step(
            "below-what-is-expected",
            ForAll(
                [i, d, p, q, x, y, G],
                Implies(
                    And(
                        theory.achieved(y, G),
                        coordinate(i, y) == coordinate(i, d),
                        theory.on_segment(x, p, q),
                        theory.pays_no_less(y, x),
                    ),
                    wanted,
                ),
            ),
            ["no-more-than-by-default", "achieved_or_more"],
        ),
        Step(
            "some-point-below",
            ForAll(
                [i, d, p, q, y, G],
                Implies(
                    And(
                        theory.achieved(y, G),
                        coordinate(i, y) == coordinate(i, d),
                        theory.above_segment(y, p, q),
                    ),
                    some,
                ),
            ),
            ["below-what-is-expected", "above_segment", "reached_up_to"],
        ),
        Step(
            "reached-in-expectation",
            ForAll([*variables, E0, d, y], Implies(And(choosing, default, expected), some)),
            [
                "expected-as-by-default",
                "expected-above",
                "expected-is-achieved",
                "some-point-below",
            ],
        ),
        Step(
            "reached-by-tokens",
            ForAll([*variables, E0, d], Implies(And(choosing, default), some)),
            ["reached-in-expectation", "expectations_are_in_the_hull"],
        ),
        Step(
            "reached-from-the-default",
            ForAll([*variables, d], Implies(And(choosing, theory.default_point(d, G)), some)),
            ["reached-by-tokens", "default_point"],
        ),
        Step(
            "some-valuation-chooses",
            ForAll([i, j, p, q, f, G, K], Implies(copied, Exists([E], choosing))),
            ["valuations_straight_above_segments"],
        ),
        Step(
            "reached-by-a-copy",
            ForAll(
                [i, j, p, q, f, G, K, d],
                Implies(And(copied, theory.default_point(d, G)), some),
            ),
            ["reached-from-the-default", "some-valuation-chooses"],
        ),
        Step(
            "goal",
            theory.tokens_reach_segments(),
            ["fresh_copies", "reached-by-a-copy"],
        ),
    )
    return replace(
        proof,
        id="tokens-reach-segments",
        title="What tokens achieve is above a segment where a player gets no more than by default",
        definitions=(
            *proof.definitions,
            *SEGMENTS,
            "reached_up_to",
            "stands_straight_above",
            "valuations_straight_above_segments",
            "at_most",
            "stands_for_payoffs",
            "default_point",
            "expectations_are_monotone",
        ),
        lemmas={"copies_are_played_alike": "copies-are-played-alike"},
        steps=steps,
        scene=Exists(
            [i, j, p, q, d, G],
            And(theory.original(G), given, theory.default_point(d, G)),
        ),
    )


def reach_between(theory: Theory) -> Statement:
    """Return the lemma about segments whose ends pay one player each enough."""
    proof = mixed_points(theory)
    ends = And(in_hull(p, G), in_hull(q, G), theory.at_least(j, p, G), theory.at_least(i, q, G))
    given = And(theory.two_players(i, j), ends)
    paid = payoff_point(result(w, G))

    def above(y: ExprRef, v: ExprRef) -> Formula:
        return theory.no_less_above(y, v, p, q)

    stands = theory.stands_above(E, f, G, p, q)
    copied = And(theory.original(G), theory.copied_by(f, G, K), given)
    choosing = And(copied, theory.token_game(K, E, G), stands)
    expected = theory.expected_point(y, K, E)
    some = theory.reached_on(p, q, G)
    found = theory.can_be_above(paid, p, q, G)
    short = coordinate(i, p) <= coordinate(i, paid)
    enough = coordinate(i, p) >= coordinate(i, paid)
    variables = [i, j, p, q, f, G, K, E]
    whole = mixing_weight(m) == 1
    steps = (
        *on_segments(theory),
        *played_points(theory),
        Step(
            "whole-mixtures-pay-the-same",
            ForAll(
                [i, m, p, q],
                Implies(whole, coordinate(i, mixture_of(m, p, q)) == coordinate(i, p)),
            ),
            ["mixtures_of_points"],
        ),
        Step(
            "no-less-than-whole-mixtures",
            ForAll([m, p, q], Implies(whole, theory.pays_no_less(p, mixture_of(m, p, q)))),
            ["whole-mixtures-pay-the-same", "pays_no_less"],
        ),
        Step(
            "above-by-a-whole-mixture",
            ForAll([m, p, q], Implies(whole, theory.above_segment(p, p, q))),
            ["no-less-than-whole-mixtures", "above-a-mixture"],
        ),
        Step(
            "ends-are-above",
            ForAll([p, q], theory.above_segment(p, p, q)),
            ["above-by-a-whole-mixture", "whole_mixtures"],
        ),
        Step(
            "enough-for-the-other",
            ForAll(
                [w, i, j, p, q, G],
                Implies(given, coordinate(j, p) >= coordinate(j, paid)),
            ),
            ["at_least", "payoff_points"],
        ),
        Step(
            "enough-for-the-one",
            ForAll(
                [w, i, j, p, q, G],
                Implies(given, coordinate(i, paid) <= coordinate(i, q)),
            ),
            ["at_least", "payoff_points"],
        ),
        Step(
            "end-pays-no-less",
            ForAll(
                [w, i, j, p, q, G],
                Implies(And(given, enough), theory.pays_no_less(p, paid)),
            ),
            ["enough-for-the-other", "no-less-for-both"],
        ),
        Step(
            "end-to-choose",
            ForAll([w, i, j, p, q, G], Implies(And(given, enough), found)),
            ["end-pays-no-less", "ends-are-above", "no_less_above", "can_be_above"],
        ),
        Step(
            "above-if-straight-above",
            ForAll(
                [i, p, q, v, G],
                Implies(
                    theory.can_be_straight_above(v, i, p, q, G), theory.can_be_above(v, p, q, G)
                ),
            ),
            ["can_be_straight_above", "can_be_above", "straight_above"],
        ),
        Step(
            "mixture-to-choose",
            ForAll(
                [w, i, j, p, q, G],
                Implies(And(given, short), theory.can_be_straight_above(paid, i, p, q, G)),
            ),
            ["enough-for-the-one", "payoffs-in-the-hull", "found-straight-above"],
        ),
        Step(
            "points-to-choose",
            ForAll([w, i, j, p, q, G], Implies(given, found)),
            ["end-to-choose", "mixture-to-choose", "above-if-straight-above"],
        ),
        *chosen(theory, [], above, stands, given),
        Step(
            "some-point-below",
            ForAll(
                [p, q, y, G],
                Implies(And(theory.achieved(y, G), theory.above_segment(y, p, q)), some),
            ),
            ["above_segment", "achieved_or_more", "reached_on"],
        ),
        Step(
            "reached-in-expectation",
            ForAll([*variables, y], Implies(And(choosing, expected), some)),
            ["expected-above", "expected-is-achieved", "some-point-below"],
        ),
        Step(
            "reached-by-tokens",
            ForAll(variables, Implies(choosing, some)),
            ["reached-in-expectation", "expectations_are_in_the_hull"],
        ),
        Step(
            "reached-by-a-copy",
            ForAll([i, j, p, q, f, G, K], Implies(copied, some)),
            ["reached-by-tokens", "valuations_above_segments"],
        ),
        Step(
            "goal",
            theory.tokens_reach_between(),
            ["fresh_copies", "reached-by-a-copy"],
        ),
    )
    return replace(
        proof,
        id="tokens-reach-between",
        title="What tokens achieve is above a segment whose ends pay one player each enough",
        definitions=(
            *proof.definitions,
            *SEGMENTS,
            "can_be_above",
            "reached_on",
            "whole_mixtures",
            "stands_above",
            "valuations_above_segments",
        ),
        lemmas={"copies_are_played_alike": "copies-are-played-alike"},
        steps=steps,
        scene=Exists([i, j, p, q, G], And(theory.original(G), given)),
    )


SEGMENTS = (
    "two_players",
    "pays_no_less",
    "pays_mixture",
    "mixes",
    "on_segment",
    "above_segment",
    "no_less_above",
    "straight_above",
    "can_be_straight_above",
    "achieved_or_more",
    "hulls_are_convex",
    "mixtures_in_between",
    "expectations_are_in_the_hull",
    "expectations_stay_above_segments",
    "at_least",
)


def statements(theory: Theory) -> list[Statement]:
    """Return the lemmas, in both readings."""
    return [
        reach_segments(theory),
        with_one_to_one(reach_segments, theory, "copies_are_played_alike"),
        reach_between(theory),
        with_one_to_one(reach_between, theory, "copies_are_played_alike"),
    ]
