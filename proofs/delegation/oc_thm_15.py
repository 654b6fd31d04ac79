"""Theorem 15: which payoffs two players can achieve by tokens, in expectation.

L_1 is the segment between the frontier's points that pay player 1 the least and the most that the
game pays in any play, L_3 the same for player 2, and L_2 the frontier between those that pay each
player the most. (A) Where some point of the hull is as good as everything that is played, whatever
is below one of the three, and as good as the default, is achieved; (B) otherwise, whatever is below
L_1 and below L_3. That the frontier has these points is supposed, because the statement names them.
The proof of (B) does not need that there is no such point: what is achieved is above some point of
L_1 that pays player 1 no more than the default, above such a point of L_3, and above some point
between L_1's other end and that of L_3; of these three, some mixture is as good as any mixture of a
point further on in L_1 and one further on in L_3.
"""

from dataclasses import replace

from achieved_points import d, mixed_points, mixture_of, n, p, q, r, s, t, u, v, x, z
from delegated_games import G, i, j
from isomorphisms import with_one_to_one
from lines import PLANE, reached, supposed
from mixtures_on_three_sides import between_segments
from oc_cor_14 import m
from tokens import coordinate, in_hull, y
from z3 import And, Exists, ForAll, Implies, Not, Or

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory


def part_a(theory: Theory) -> Statement:
    """Return the first part."""
    proof = mixed_points(theory)
    whole = And(theory.original(G), theory.two_players(i, j))
    best = And(in_hull(z, G), theory.as_good_as_everything(z, G))
    enough = And(theory.pays_no_less(v, d), theory.default_point(d, G))
    lines = Or(theory.on_line(v, i, G), theory.on_line(v, j, G), theory.on_arc(v, i, j, G))
    given = And(supposed(theory), best, theory.pays_no_less(v, y))
    end = And(theory.two_players(i, j), theory.most_on_frontier(i, q, G), best)
    good = And(theory.at_least(i, v, G), theory.at_least(j, v, G))
    steps = (
        *reached(theory),
        Step(
            "the-best-pays-the-most",
            ForAll([i, j, q, z, G], Implies(end, coordinate(i, z) >= coordinate(i, q))),
            ["most_on_frontier", "as_in_some_play", "as_good_as_everything", "point_as_good"],
        ),
        Step(
            "the-end-pays-the-other-no-less",
            ForAll([i, j, q, z, G], Implies(end, coordinate(j, q) >= coordinate(j, z))),
            [
                "the-best-pays-the-most",
                "the-most-is-on-the-frontier",
                "nothing-better-than-the-frontier",
            ],
        ),
        Step(
            "the-end-pays-the-other-enough",
            ForAll([i, j, q, z, G], Implies(end, theory.at_least(j, q, G))),
            [
                "the-end-pays-the-other-no-less",
                "as_good_as_everything",
                "point_as_good",
                "at_least",
            ],
        ),
        Step(
            "on-a-point-alone",
            ForAll([x, q], Implies(theory.on_segment(x, q, q), theory.pays_no_less(x, q))),
            ["on_segment", "mixes", "pays_mixture", "mixed-with-the-same", "pays_no_less"],
        ),
        Step(
            "reached-on-a-point-alone",
            ForAll([q, G], Implies(theory.reached_on(q, q, G), theory.achieved_or_more(q, G))),
            ["reached_on", "on-a-point-alone", "below-what-is-below"],
        ),
        Step(
            "good-points-are-reached",
            ForAll(
                [i, j, v, G],
                Implies(And(whole, in_hull(v, G), good), theory.achieved_or_more(v, G)),
            ),
            ["tokens_reach_between", "reached-on-a-point-alone"],
        ),
        Step(
            "the-end-is-reached",
            ForAll(
                [i, j, q, z, G],
                Implies(And(theory.original(G), end), theory.achieved_or_more(q, G)),
            ),
            [
                "good-points-are-reached",
                "the-end-pays-the-other-enough",
                "the-most-is-at-least",
                "the-most-is-on-the-frontier",
                "frontier-is-in-the-hull",
            ],
        ),
        Step(
            "between-the-ends-of-a-line",
            ForAll(
                [i, j, p, q, d, v, z, G],
                Implies(
                    And(
                        whole,
                        best,
                        enough,
                        theory.least_on_frontier(i, p, G),
                        theory.most_on_frontier(i, q, G),
                        theory.on_segment(v, p, q),
                    ),
                    theory.achieved_or_more(v, G),
                ),
            ),
            [
                "beyond-what-is-reached",
                "the-end-is-reached",
                "beyond_what_is_reached",
                "below-on-a-segment",
            ],
        ),
        Step(
            "lines-are-reached",
            ForAll(
                [i, j, d, v, z, G],
                Implies(
                    And(whole, best, enough, theory.on_line(v, i, G)),
                    theory.achieved_or_more(v, G),
                ),
            ),
            ["between-the-ends-of-a-line", "on_line"],
        ),
        Step(
            "both-ends-pay-enough",
            ForAll(
                [i, j, q, s, v, z, G],
                Implies(
                    And(
                        theory.two_players(i, j),
                        best,
                        theory.most_on_frontier(i, q, G),
                        theory.most_on_frontier(j, s, G),
                    ),
                    And(theory.at_least(i, q, G), theory.at_least(i, s, G)),
                ),
            ),
            ["the-end-pays-the-other-enough", "the-most-is-at-least", "the-players-exchanged"],
        ),
        Step(
            "between-pays-enough",
            ForAll(
                [i, q, s, v, G],
                Implies(
                    And(
                        theory.between(v, q, s),
                        theory.at_least(i, q, G),
                        theory.at_least(i, s, G),
                    ),
                    theory.at_least(i, v, G),
                ),
            ),
            ["between", "at_least"],
        ),
        Step(
            "between-them-is-good",
            ForAll(
                [i, j, q, s, v, z, G],
                Implies(
                    And(
                        theory.two_players(i, j),
                        best,
                        theory.most_on_frontier(i, q, G),
                        theory.most_on_frontier(j, s, G),
                        theory.between(v, q, s),
                    ),
                    good,
                ),
            ),
            [
                "both-ends-pay-enough",
                "between-pays-enough",
                "the-end-pays-the-other-enough",
                "the-most-is-at-least",
            ],
        ),
        Step(
            "the-arc-is-good",
            ForAll(
                [i, j, v, z, G],
                Implies(
                    And(theory.two_players(i, j), best, theory.on_arc(v, i, j, G)),
                    And(in_hull(v, G), good),
                ),
            ),
            ["between-them-is-good", "on_arc", "frontier-is-in-the-hull"],
        ),
        Step(
            "the-arc-is-reached",
            ForAll(
                [i, j, v, z, G],
                Implies(And(whole, best, theory.on_arc(v, i, j, G)), theory.achieved_or_more(v, G)),
            ),
            ["the-arc-is-good", "good-points-are-reached"],
        ),
        Step(
            "all-three-are-reached",
            ForAll(
                [i, j, d, v, z, G],
                Implies(And(whole, best, enough, lines), theory.achieved_or_more(v, G)),
            ),
            ["lines-are-reached", "the-arc-is-reached", "the-players-exchanged"],
        ),
        Step(
            "all-three-are-reached-above",
            ForAll(
                [i, j, v, y, z, G],
                Implies(And(given, lines), theory.achieved_or_more(v, G)),
            ),
            [
                "all-three-are-reached",
                "as_good_in_expectation",
                "no-less-than-what-pays-no-less",
            ],
        ),
        Step(
            "goal",
            ForAll([i, j, v, y, z, G], Implies(And(given, lines), theory.achieved(y, G))),
            ["all-three-are-reached-above", "below-what-is-below", "enough-is-achieved"],
        ),
    )
    return replace(
        proof,
        id="oc-thm-15-a",
        title="Tokens achieve what is below L_1, L_2 or L_3 if a point is as good as all plays",
        definitions=(*proof.definitions, *PLANE, "as_good_as_everything", "between", "on_arc"),
        lemmas=PARTS,
        steps=steps,
        scene=Exists([i, j, v, y, z, G], And(given, lines)),
    )


def part_b(theory: Theory) -> Statement:
    """Return the second part."""
    proof = mixed_points(theory)
    whole = And(theory.original(G), theory.two_players(i, j))
    best = Exists([z], And(in_hull(z, G), theory.as_good_as_everything(z, G)))
    no_less = And(theory.pays_no_less(v, y), theory.pays_no_less(u, y))
    lines = And(theory.on_line(v, i, G), theory.on_line(u, j, G))
    given = And(supposed(theory), no_less, lines)
    one, other, side = mixture_of(m, x, q), mixture_of(n, z, s), mixture_of(r, s, q)
    of_any = mixture_of(t, mixture_of(m, x, v), mixture_of(n, z, v))
    sides = And(theory.pays_no_less(one, y), theory.pays_no_less(other, y))
    both = And(theory.original(G), theory.achieved_or_more(x, G), theory.achieved_or_more(z, G))
    any_three = And(both, theory.achieved_or_more(v, G))
    three = And(both, theory.achieved_or_more(side, G))
    ends = And(theory.most_on_frontier(i, q, G), theory.most_on_frontier(j, s, G))
    enough = And(theory.default_point(d, G), theory.pays_no_less(v, d), theory.pays_no_less(u, d))
    beyond = And(theory.beyond_what_is_reached(v, q, G), theory.beyond_what_is_reached(u, s, G))
    steps = (
        *reached(theory),
        *between_segments(theory),
        Step(
            "mixture-of-three-is-below",
            ForAll([t, m, n, v, x, z, G], Implies(any_three, theory.achieved_or_more(of_any, G))),
            ["what_is_below_can_be_mixed"],
        ),
        Step(
            "below-a-mixture-of-three",
            ForAll(
                [t, m, n, v, x, y, z, G],
                Implies(
                    And(any_three, theory.pays_no_less(of_any, y)), theory.achieved_or_more(y, G)
                ),
            ),
            ["mixture-of-three-is-below", "below-what-is-below"],
        ),
        Step(
            "below-a-mixture-in-ratio",
            ForAll(
                [t, m, n, r, q, s, x, y, z, G],
                Implies(
                    And(three, theory.in_ratio(t, m, n, r), sides), theory.achieved_or_more(y, G)
                ),
            ),
            ["no-less-than-both-points", "below-a-mixture-of-three"],
        ),
        Step(
            "below-some-mixture-of-three",
            ForAll(
                [m, n, r, q, s, x, y, z, G],
                Implies(And(three, sides), theory.achieved_or_more(y, G)),
            ),
            ["below-a-mixture-in-ratio", "mixtures_in_ratio"],
        ),
        Step(
            "some-mixture-is-above",
            ForAll(
                [q, v, x, y],
                Implies(
                    And(theory.on_segment(v, x, q), theory.pays_no_less(v, y)),
                    Exists([m], theory.pays_no_less(mixture_of(m, x, q), y)),
                ),
            ),
            [
                "on_segment",
                "no-less-than-a-mixture-that-it-pays",
                "no-less-than-what-pays-no-less",
            ],
        ),
        Step(
            "mixture-above-what-is-reached",
            ForAll(
                [q, v, y, G],
                Implies(
                    And(theory.beyond_what_is_reached(v, q, G), theory.pays_no_less(v, y)),
                    Exists(
                        [m, x],
                        And(
                            theory.achieved_or_more(x, G),
                            theory.pays_no_less(mixture_of(m, x, q), y),
                        ),
                    ),
                ),
            ),
            ["some-mixture-is-above", "beyond_what_is_reached"],
        ),
        Step(
            "no-less-than-what-it-mixes",
            ForAll(
                [m, v, p, q],
                Implies(theory.mixes(v, m, p, q), theory.pays_no_less(v, mixture_of(m, p, q))),
            ),
            ["mixes", "pays_mixture", "pays_no_less"],
        ),
        Step(
            "mixture-is-reached",
            ForAll(
                [q, s, G],
                Implies(
                    theory.reached_on(s, q, G),
                    Exists([r], theory.achieved_or_more(mixture_of(r, s, q), G)),
                ),
            ),
            ["reached_on", "on_segment", "no-less-than-what-it-mixes", "below-what-is-below"],
        ),
        Step(
            "the-side-is-reached",
            ForAll([i, j, q, s, G], Implies(And(whole, ends), theory.reached_on(s, q, G))),
            [
                "tokens_reach_between",
                "the-most-is-at-least",
                "the-most-is-on-the-frontier",
                "frontier-is-in-the-hull",
            ],
        ),
        Step(
            "below-three-sides",
            ForAll(
                [q, s, u, v, y, G],
                Implies(
                    And(theory.original(G), beyond, theory.reached_on(s, q, G), no_less),
                    theory.achieved_or_more(y, G),
                ),
            ),
            ["mixture-above-what-is-reached", "mixture-is-reached", "below-some-mixture-of-three"],
        ),
        Step(
            "below-if-beyond",
            ForAll(
                [i, j, q, s, u, v, y, G],
                Implies(And(whole, ends, beyond, no_less), theory.achieved_or_more(y, G)),
            ),
            ["below-three-sides", "the-side-is-reached"],
        ),
        Step(
            "lines-go-beyond",
            ForAll(
                [i, j, d, v, G],
                Implies(
                    And(
                        whole,
                        theory.default_point(d, G),
                        theory.pays_no_less(v, d),
                        theory.on_line(v, i, G),
                    ),
                    Exists(
                        [q],
                        And(
                            theory.most_on_frontier(i, q, G),
                            theory.beyond_what_is_reached(v, q, G),
                        ),
                    ),
                ),
            ),
            ["beyond-what-is-reached", "on_line"],
        ),
        Step(
            "below-both-lines",
            ForAll(
                [i, j, d, u, v, y, G],
                Implies(And(whole, enough, lines, no_less), theory.achieved_or_more(y, G)),
            ),
            ["lines-go-beyond", "below-if-beyond", "the-players-exchanged"],
        ),
        Step(
            "lines-are-as-good",
            ForAll(
                [d, u, v, y, G],
                Implies(
                    And(theory.default_point(d, G), theory.pays_no_less(y, d), no_less), enough
                ),
            ),
            ["no-less-than-what-pays-no-less"],
        ),
        Step(
            "below-by-both-lines",
            ForAll([i, j, u, v, y, G], Implies(given, theory.achieved_or_more(y, G))),
            ["below-both-lines", "lines-are-as-good", "as_good_in_expectation"],
        ),
        Step(
            "goal",
            ForAll([i, j, u, v, y, G], Implies(And(given, Not(best)), theory.achieved(y, G))),
            ["below-by-both-lines", "enough-is-achieved"],
        ),
    )
    return replace(
        proof,
        id="oc-thm-15-b",
        title="Tokens achieve what is below L_1 and L_3 if no point is as good as all plays",
        definitions=(*proof.definitions, *PLANE, *RATIOS, "as_good_as_everything"),
        lemmas=PARTS,
        steps=steps,
        scene=Exists([i, j, u, v, y, G], given),
    )


RATIOS = ("exchanged_weights", "in_ratio", "mixtures_in_ratio")
PARTS = {
    "what_is_below_can_be_mixed": "what-is-below-can-be-mixed",
    "tokens_can_give_less": "tokens-can-give-less",
    "tokens_reach_segments": "tokens-reach-segments",
    "tokens_reach_between": "tokens-reach-between",
}


def statements(theory: Theory) -> list[Statement]:
    """Return both parts, in both readings."""
    return [
        part_a(theory),
        with_one_to_one(part_a, theory, *PARTS),
        part_b(theory),
        with_one_to_one(part_b, theory, *PARTS),
    ]
