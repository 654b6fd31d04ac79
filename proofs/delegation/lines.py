"""L_1, L_2 and L_3 of Theorem 15, and what of them is beyond what tokens reach."""

from achieved_points import d, mixture_of, no_less_in_turn, p, q, s, v, x
from delegated_games import G, Game, i, j, result, w
from frontiers import frontier_steps
from less_is_achieved import exchange
from mixed_mixtures import further_on, in_between, portions_of_portions
from oc_cor_14 import m
from tokens import Point, coordinate, y
from z3 import And, Exists, ExprRef, ForAll, Implies, Or

from spi_verify.obligations import Step
from spi_verify.theory import Theory, define
from spi_verify.theory.signature import Player
from spi_verify.theory.terms import Formula, PlayerTerm


@define(Point, Game)
def as_good_as_everything(theory: Theory, y: ExprRef, G: ExprRef) -> Formula:
    """A point is as good as what G pays, in every play."""
    return ForAll([w], theory.point_as_good(y, result(w, G)))


@define(Player, Game)
def frontier_reaches(theory: Theory, i: PlayerTerm, G: ExprRef) -> Formula:
    """The frontier has points that pay player i the least and the most that G pays in any play."""
    least = Exists([p], theory.least_on_frontier(i, p, G))
    return And(least, Exists([q], theory.most_on_frontier(i, q, G)))


@define(Point, Player, Game)
def on_line(theory: Theory, y: ExprRef, i: PlayerTerm, G: ExprRef) -> Formula:
    """L_1 for player 1, and L_3 for player 2: a point is on the segment between these points."""
    ends = And(theory.least_on_frontier(i, p, G), theory.most_on_frontier(i, q, G))
    return Exists([p, q], And(ends, theory.on_segment(y, p, q)))


@define(Point, Point, Point)
def between(theory: Theory, y: ExprRef, p: ExprRef, q: ExprRef) -> Formula:
    """What a point pays each player is between what two points pay."""
    one, paid, other = coordinate(i, p), coordinate(i, y), coordinate(i, q)
    return ForAll([i], Or(And(one <= paid, paid <= other), And(other <= paid, paid <= one)))


@define(Point, Player, Player, Game)
def on_arc(theory: Theory, y: ExprRef, i: PlayerTerm, j: PlayerTerm, G: ExprRef) -> Formula:
    """L_2: a point is on the frontier between the points that pay each player the most."""
    ends = And(theory.most_on_frontier(i, q, G), theory.most_on_frontier(j, s, G))
    return And(theory.frontier_point(y, G), Exists([q, s], And(ends, theory.between(y, q, s))))


@define(Point, Point, Game)
def beyond_what_is_reached(theory: Theory, y: ExprRef, q: ExprRef, G: ExprRef) -> Formula:
    """A point is between another one and something that is below what is achieved."""
    return Exists([x], And(theory.achieved_or_more(x, G), theory.on_segment(y, x, q)))


def supposed(theory: Theory) -> Formula:
    """Return what both parts suppose."""
    return And(
        theory.original(G),
        theory.two_players(i, j),
        theory.frontier_reaches(i, G),
        theory.frontier_reaches(j, G),
        theory.as_good_in_expectation(y, G),
    )


def reached(theory: Theory) -> tuple[Step, ...]:
    """Return the steps that both parts have."""
    whole = And(theory.original(G), theory.two_players(i, j))
    ends = And(theory.least_on_frontier(i, p, G), theory.most_on_frontier(i, q, G))
    both = And(theory.achieved_or_more(p, G), theory.achieved_or_more(q, G))
    low = And(theory.on_segment(x, p, q), theory.achieved_or_more(x, G))
    above = And(
        whole,
        ends,
        theory.default_point(d, G),
        theory.pays_no_less(v, d),
        theory.on_segment(v, p, q),
    )
    return (
        *in_between(theory),
        *frontier_steps(theory),
        *portions_of_portions(theory),
        *further_on(theory),
        exchange(theory),
        no_less_in_turn(theory),
        Step(
            "below-what-is-below",
            ForAll(
                [x, y, G],
                Implies(
                    And(theory.achieved_or_more(x, G), theory.pays_no_less(x, y)),
                    theory.achieved_or_more(y, G),
                ),
            ),
            ["achieved_or_more", "no-less-than-what-pays-no-less"],
        ),
        Step(
            "no-less-than-a-mixture-that-it-pays",
            ForAll(
                [m, v, p, q],
                Implies(
                    theory.mixes(v, m, p, q),
                    theory.pays_no_less(mixture_of(m, p, q), v),
                ),
            ),
            ["mixes", "pays_mixture", "pays_no_less"],
        ),
        Step(
            "below-as-a-mixture",
            ForAll(
                [m, v, p, q, G],
                Implies(
                    And(theory.original(G), both, theory.mixes(v, m, p, q)),
                    theory.achieved_or_more(v, G),
                ),
            ),
            [
                "what_is_below_can_be_mixed",
                "no-less-than-a-mixture-that-it-pays",
                "below-what-is-below",
            ],
        ),
        Step(
            "below-on-a-segment",
            ForAll(
                [v, p, q, G],
                Implies(
                    And(theory.original(G), both, theory.on_segment(v, p, q)),
                    theory.achieved_or_more(v, G),
                ),
            ),
            ["below-as-a-mixture", "on_segment"],
        ),
        Step(
            "the-most-is-on-the-frontier",
            ForAll(
                [i, q, G], Implies(theory.most_on_frontier(i, q, G), theory.frontier_point(q, G))
            ),
            ["most_on_frontier"],
        ),
        Step(
            "the-most-is-at-least",
            ForAll([i, q, G], Implies(theory.most_on_frontier(i, q, G), theory.at_least(i, q, G))),
            ["most_on_frontier"],
        ),
        Step(
            "the-least-is-at-most",
            ForAll([i, p, G], Implies(theory.least_on_frontier(i, p, G), theory.at_most(i, p, G))),
            ["least_on_frontier"],
        ),
        Step(
            "the-least-is-no-more-than-the-most",
            ForAll([i, p, q, G], Implies(ends, coordinate(i, p) <= coordinate(i, q))),
            ["least_on_frontier", "most_on_frontier", "at_most", "at_least"],
        ),
        Step(
            "line-is-reached",
            ForAll(
                [i, j, p, q, d, G],
                Implies(
                    And(whole, ends, theory.default_point(d, G)),
                    theory.reached_up_to(p, q, i, d, G),
                ),
            ),
            [
                "tokens_reach_segments",
                "the-least-is-on-the-frontier",
                "the-most-is-on-the-frontier",
                "frontier-is-in-the-hull",
                "the-least-is-at-most",
                "the-most-is-at-least",
            ],
        ),
        Step(
            "further-on-than-what-is-reached",
            ForAll(
                [i, j, p, q, d, x, v, G],
                Implies(
                    And(above, low, coordinate(i, x) <= coordinate(i, d)),
                    theory.on_segment(v, x, q),
                ),
            ),
            [
                "further-on",
                "pays_no_less",
                "the-least-is-on-the-frontier",
                "the-most-is-on-the-frontier",
                "the-least-is-no-more-than-the-most",
            ],
        ),
        Step(
            "beyond-what-is-reached",
            ForAll([i, j, p, q, d, v, G], Implies(above, theory.beyond_what_is_reached(v, q, G))),
            [
                "line-is-reached",
                "reached_up_to",
                "further-on-than-what-is-reached",
                "beyond_what_is_reached",
            ],
        ),
        Step(
            "enough-is-achieved",
            ForAll(
                [i, j, y, G],
                Implies(
                    And(supposed(theory), theory.achieved_or_more(y, G)), theory.achieved(y, G)
                ),
            ),
            ["tokens_can_give_less", "frontier_reaches"],
        ),
    )


PLANE = (
    "two_players",
    "pays_no_less",
    "pays_mixture",
    "mixes",
    "on_segment",
    "achieved_or_more",
    "mixtures_in_between",
    "margins",
    "portions",
    "parts_of_parts",
    "frontier_point",
    "at_least",
    "at_most",
    "as_in_some_play",
    "least_on_frontier",
    "most_on_frontier",
    "frontier_reaches",
    "stands_for_payoffs",
    "default_point",
    "as_good_in_expectation",
    "reached_on",
    "reached_up_to",
    "on_line",
    "beyond_what_is_reached",
)
"""Definitions that both parts of the theorem use."""
