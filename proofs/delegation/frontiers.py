"""The Pareto frontier of a hull, and what is below it where it reaches the least payoffs."""

from achieved_points import mixture_of, of_mixtures, p, v, x, z
from delegated_games import G, Game, i, j, pays, result, w
from oc_cor_14 import m
from tokens import Point, coordinate, in_hull, y
from z3 import And, Exists, ExprRef, ForAll, Implies, Not

from spi_verify.obligations import Step
from spi_verify.theory import Theory, define
from spi_verify.theory.signature import Player
from spi_verify.theory.terms import Formula, PlayerTerm


@define(Point, Game)
def frontier_point(theory: Theory, y: ExprRef, G: ExprRef) -> Formula:
    """A point is on the Pareto frontier of C(G)."""
    better = And(theory.pays_no_less(z, y), Exists([i], coordinate(i, z) > coordinate(i, y)))
    return And(in_hull(y, G), Not(Exists([z], And(in_hull(z, G), better))))


@define(Player, Point, Game)
def at_least(theory: Theory, i: PlayerTerm, y: ExprRef, G: ExprRef) -> Formula:
    """A point pays player i as much as G in any play."""
    return ForAll([w], coordinate(i, y) >= pays(i, result(w, G)))


@define(Player, Point, Game)
def at_most(theory: Theory, i: PlayerTerm, y: ExprRef, G: ExprRef) -> Formula:
    """A point pays player i no more than G in any play."""
    return ForAll([w], coordinate(i, y) <= pays(i, result(w, G)))


@define(Player, Point, Game)
def as_in_some_play(theory: Theory, i: PlayerTerm, y: ExprRef, G: ExprRef) -> Formula:
    """A point pays player i what G pays in some play."""
    return Exists([w], coordinate(i, y) == pays(i, result(w, G)))


@define(Player, Point, Game)
def least_on_frontier(theory: Theory, i: PlayerTerm, y: ExprRef, G: ExprRef) -> Formula:
    """The frontier's point that pays player i the least that G pays in any play."""
    least = And(theory.at_most(i, y, G), theory.as_in_some_play(i, y, G))
    return And(theory.frontier_point(y, G), least)


@define(Player, Point, Game)
def most_on_frontier(theory: Theory, i: PlayerTerm, y: ExprRef, G: ExprRef) -> Formula:
    """The frontier's point that pays player i the most that G pays in any play."""
    most = And(theory.at_least(i, y, G), theory.as_in_some_play(i, y, G))
    return And(theory.frontier_point(y, G), most)


def frontier_steps(theory: Theory) -> tuple[Step, ...]:
    """Return the steps that say what points of the frontier are."""
    return (
        Step(
            "nothing-better-than-the-frontier",
            ForAll(
                [i, j, p, x, G],
                Implies(
                    And(
                        theory.two_players(i, j),
                        theory.frontier_point(p, G),
                        in_hull(x, G),
                        coordinate(i, p) <= coordinate(i, x),
                    ),
                    coordinate(j, p) >= coordinate(j, x),
                ),
            ),
            ["two_players", "frontier_point", "pays_no_less"],
        ),
        Step(
            "frontier-is-in-the-hull",
            ForAll([p, G], Implies(theory.frontier_point(p, G), in_hull(p, G))),
            ["frontier_point"],
        ),
        Step(
            "the-least-is-on-the-frontier",
            ForAll(
                [i, p, G], Implies(theory.least_on_frontier(i, p, G), theory.frontier_point(p, G))
            ),
            ["least_on_frontier"],
        ),
    )


def in_the_hull(theory: Theory) -> tuple[Step, ...]:
    """Return the steps that show that below points of the hull there are others.

    For x at least as good as v, both in the hull, some point of it pays i what v pays, and j what x
    pays. It is straight below some z, which is between x and the frontier's point p.
    """
    given = And(
        theory.two_players(i, j),
        theory.least_on_frontier(i, p, G),
        in_hull(x, G),
        in_hull(v, G),
        coordinate(i, p) <= coordinate(i, v),
        theory.pays_no_less(x, v),
    )
    height = theory.pays_mixture(i, v, m, p, x)
    straight = And(
        in_hull(z, G),
        coordinate(i, z) == coordinate(i, v),
        coordinate(j, z) >= coordinate(j, x),
    )
    on_the_way = And(
        in_hull(mixture_of(m, p, x), G),
        coordinate(i, mixture_of(m, p, x)) == coordinate(i, v),
        coordinate(j, mixture_of(m, p, x)) >= coordinate(j, x),
    )
    lower = mixture_of(m, v, z)
    down = theory.pays_mixture(j, x, m, v, z)
    found = Exists([y], And(in_hull(y, G), theory.joined(y, i, v, x)))
    variables = [i, j, p, x, v, G]
    return (
        *of_mixtures(theory),
        *frontier_steps(theory),
        Step(
            "no-less-for-one",
            ForAll(variables, Implies(given, coordinate(i, v) <= coordinate(i, x))),
            ["pays_no_less"],
        ),
        Step(
            "no-less-for-the-other",
            ForAll(variables, Implies(given, coordinate(j, v) <= coordinate(j, x))),
            ["pays_no_less"],
        ),
        Step(
            "less-for-one-is-more-for-the-other",
            ForAll(variables, Implies(given, coordinate(j, p) >= coordinate(j, x))),
            ["nothing-better-than-the-frontier", "the-least-is-on-the-frontier", "no-less-for-one"],
        ),
        Step(
            "some-mixture-pays-one-the-same",
            ForAll(variables, Implies(given, Exists([m], height))),
            ["mixtures_in_between", "no-less-for-one"],
        ),
        Step(
            "mixture-in-the-hull",
            ForAll([m, *variables], Implies(given, in_hull(mixture_of(m, p, x), G))),
            ["the-least-is-on-the-frontier", "frontier-is-in-the-hull", "hulls_are_convex"],
        ),
        Step(
            "mixture-straight-above",
            ForAll([m, *variables], Implies(And(given, height), on_the_way)),
            [
                "less-for-one-is-more-for-the-other",
                "mixture-in-the-hull",
                "mixed-with-more",
                "pays_mixture",
            ],
        ),
        Step(
            "some-point-straight-above",
            ForAll(variables, Implies(given, Exists([z], straight))),
            ["some-mixture-pays-one-the-same", "mixture-straight-above"],
        ),
        Step(
            "some-mixture-pays-the-other-as-much",
            ForAll([z, *variables], Implies(And(given, straight), Exists([m], down))),
            ["mixtures_in_between", "no-less-for-the-other"],
        ),
        Step(
            "joined-of-two",
            ForAll(
                [i, j, x, y, z],
                Implies(
                    And(
                        theory.two_players(i, j),
                        coordinate(i, y) == coordinate(i, x),
                        coordinate(j, y) == coordinate(j, z),
                    ),
                    theory.joined(y, i, x, z),
                ),
            ),
            ["two_players", "joined"],
        ),
        Step(
            "mixture-is-joined",
            ForAll(
                [m, z, *variables],
                Implies(And(given, straight, down), theory.joined(lower, i, v, x)),
            ),
            ["mixed-with-the-same", "joined-of-two", "pays_mixture"],
        ),
        Step(
            "mixture-is-lower",
            ForAll([m, z, *variables], Implies(And(given, straight, down), found)),
            ["mixture-is-joined", "hulls_are_convex"],
        ),
        Step(
            "lower-than-what-is-straight-above",
            ForAll([z, *variables], Implies(And(given, straight), found)),
            ["some-mixture-pays-the-other-as-much", "mixture-is-lower"],
        ),
        Step(
            "lower-in-the-hull",
            ForAll(variables, Implies(given, found)),
            ["some-point-straight-above", "lower-than-what-is-straight-above"],
        ),
    )
