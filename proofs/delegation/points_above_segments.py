"""What stands for points above a segment, and what is so in every play and in expectation."""

from collections.abc import Callable

from achieved_points import mixture_of, p, q, v, x
from delegated_games import G, Game, K, a, b, c, i, in_game, j, result, w
from isomorphisms import ActionMap, f, image
from oc_cor_14 import m
from oc_two_games import left
from tokens import E, Point, Valuation, coordinate, in_hull, payoff_point, stands_for, y
from z3 import And, Exists, ExprRef, ForAll, Implies

from spi_verify.obligations import Step
from spi_verify.theory import Theory, axiom, define
from spi_verify.theory.signature import Player
from spi_verify.theory.terms import Formula, PlayerTerm


@define(Point, Point, Point, Point)
def no_less_above(
    theory: Theory,
    y: ExprRef,
    v: ExprRef,
    p: ExprRef,
    q: ExprRef,
) -> Formula:
    """A point gives nobody less than another one, nor than some point on a segment."""
    return And(theory.pays_no_less(y, v), theory.above_segment(y, p, q))


@define(Point, Player, Point, Point, Point)
def straight_above(
    theory: Theory,
    y: ExprRef,
    i: PlayerTerm,
    v: ExprRef,
    p: ExprRef,
    q: ExprRef,
) -> Formula:
    """Besides, it gives player i as much as the other one."""
    return And(theory.no_less_above(y, v, p, q), coordinate(i, y) == coordinate(i, v))


@define(Valuation, ActionMap, Game, Point, Point)
def stands_above(
    theory: Theory, E: ExprRef, f: ExprRef, G: ExprRef, p: ExprRef, q: ExprRef
) -> Formula:
    """Copies stand for points no less and above a segment, where the hull has such points."""
    stood, paid = stands_for(E, image(f, b)), payoff_point(b)
    there = And(in_game(b, left(G)), in_hull(y, G), theory.no_less_above(y, paid, p, q))
    return ForAll([b, y], Implies(there, theory.no_less_above(stood, paid, p, q)))


@define(Valuation, Player, ActionMap, Game, Point, Point)
def stands_straight_above(
    theory: Theory, E: ExprRef, i: PlayerTerm, f: ExprRef, G: ExprRef, p: ExprRef, q: ExprRef
) -> Formula:
    """The same with points that give player i as much as what is copied."""
    stood, paid = stands_for(E, image(f, b)), payoff_point(b)
    there = And(in_game(b, left(G)), in_hull(y, G), theory.straight_above(y, i, paid, p, q))
    return ForAll([b, y], Implies(there, theory.straight_above(stood, i, paid, p, q)))


@define(Point, Point, Point, Game)
def can_be_above(
    theory: Theory,
    v: ExprRef,
    p: ExprRef,
    q: ExprRef,
    G: ExprRef,
) -> Formula:
    """Some point of the hull gives nobody less, nor less than some point on a segment."""
    return Exists([y], And(in_hull(y, G), theory.no_less_above(y, v, p, q)))


@define(Point, Player, Point, Point, Game)
def can_be_straight_above(
    theory: Theory,
    v: ExprRef,
    i: PlayerTerm,
    p: ExprRef,
    q: ExprRef,
    G: ExprRef,
) -> Formula:
    """Besides, it gives player i as much."""
    return Exists([y], And(in_hull(y, G), theory.straight_above(y, i, v, p, q)))


@define(Point, Point, Game)
def reached_on(theory: Theory, p: ExprRef, q: ExprRef, G: ExprRef) -> Formula:
    """Some point on a segment is below what is achieved."""
    return Exists([x], And(theory.on_segment(x, p, q), theory.achieved_or_more(x, G)))


@define(Point, Point, Player, Point, Game)
def reached_up_to(
    theory: Theory, p: ExprRef, q: ExprRef, i: PlayerTerm, d: ExprRef, G: ExprRef
) -> Formula:
    """Some point on a segment that gives i no more than another one is below what is achieved."""
    no_more = coordinate(i, x) <= coordinate(i, d)
    return Exists([x], And(theory.on_segment(x, p, q), theory.achieved_or_more(x, G), no_more))


@axiom()
def valuations_above_segments(theory: Theory) -> Formula:
    """The outcomes of a copy can stand for points above a segment, where the hull has some."""
    found = Exists([E], And(theory.token_game(K, E, G), theory.stands_above(E, f, G, p, q)))
    return ForAll([f, G, K, p, q], Implies(theory.copied_by(f, G, K), found))


@axiom()
def valuations_straight_above_segments(theory: Theory) -> Formula:
    """They can stand for points that give player i as much, where the hull has some."""
    chosen = theory.stands_straight_above(E, i, f, G, p, q)
    found = Exists([E], And(theory.token_game(K, E, G), chosen))
    return ForAll([i, f, G, K, p, q], Implies(theory.copied_by(f, G, K), found))


@axiom()
def expectations_stay_above_segments(theory: Theory) -> Formula:
    """What is above a segment in every play is above it in expectation."""
    always = ForAll([w], theory.above_segment(stands_for(E, result(w, K)), p, q))
    expected = And(always, theory.expected_point(y, K, E))
    return ForAll([K, E, y, p, q], Implies(expected, theory.above_segment(y, p, q)))


def on_segments(theory: Theory) -> tuple[Step, ...]:
    """Return the steps that find a point straight above another one and above a segment."""
    given = And(
        theory.two_players(i, j),
        in_hull(p, G),
        in_hull(q, G),
        in_hull(v, G),
        coordinate(i, p) <= coordinate(i, v),
        coordinate(i, v) <= coordinate(i, q),
    )
    mixture = mixture_of(m, p, q)
    height = theory.pays_mixture(i, v, m, p, q)
    more, less = (
        coordinate(j, mixture) >= coordinate(j, v),
        coordinate(j, mixture) <= coordinate(j, v),
    )
    found = theory.can_be_straight_above(v, i, p, q, G)
    variables = [i, j, p, q, v, G]
    return (
        Step(
            "some-mixture-pays-as-much",
            ForAll(variables, Implies(given, Exists([m], height))),
            ["mixtures_in_between"],
        ),
        Step(
            "mixtures-are-on-the-segment",
            ForAll([m, p, q], theory.on_segment(mixture, p, q)),
            ["on_segment", "mixes", "pays_mixture"],
        ),
        Step(
            "no-less-than-itself",
            ForAll([y], theory.pays_no_less(y, y)),
            ["pays_no_less"],
        ),
        Step(
            "above-a-mixture",
            ForAll(
                [m, p, q, y],
                Implies(theory.pays_no_less(y, mixture), theory.above_segment(y, p, q)),
            ),
            ["mixtures-are-on-the-segment", "above_segment"],
        ),
        Step(
            "no-less-for-both",
            ForAll(
                [i, j, x, y],
                Implies(
                    And(
                        theory.two_players(i, j),
                        coordinate(i, y) >= coordinate(i, x),
                        coordinate(j, y) >= coordinate(j, x),
                    ),
                    theory.pays_no_less(y, x),
                ),
            ),
            ["two_players", "pays_no_less"],
        ),
        Step(
            "mixture-above",
            ForAll(
                [m, *variables],
                Implies(And(given, height, more), theory.straight_above(mixture, i, v, p, q)),
            ),
            [
                "pays_mixture",
                "no-less-for-both",
                "no-less-than-itself",
                "above-a-mixture",
                "no_less_above",
                "straight_above",
            ],
        ),
        Step(
            "mixture-below",
            ForAll(
                [m, *variables],
                Implies(And(given, height, less), theory.straight_above(v, i, v, p, q)),
            ),
            [
                "pays_mixture",
                "no-less-for-both",
                "no-less-than-itself",
                "above-a-mixture",
                "no_less_above",
                "straight_above",
            ],
        ),
        Step(
            "found-if-the-mixture-is-above",
            ForAll([m, *variables], Implies(And(given, height, more), found)),
            ["mixture-above", "hulls_are_convex", "can_be_straight_above"],
        ),
        Step(
            "found-if-the-mixture-is-below",
            ForAll([m, *variables], Implies(And(given, height, less), found)),
            ["mixture-below", "can_be_straight_above"],
        ),
        Step(
            "found-by-a-mixture",
            ForAll([m, *variables], Implies(And(given, height), found)),
            ["found-if-the-mixture-is-above", "found-if-the-mixture-is-below"],
        ),
        Step(
            "found-straight-above",
            ForAll(variables, Implies(given, found)),
            ["some-mixture-pays-as-much", "found-by-a-mixture"],
        ),
    )


def chosen(
    theory: Theory,
    players: list[ExprRef],
    above: Callable[[ExprRef, ExprRef], Formula],
    stands: Formula,
    given: Formula,
) -> tuple[Step, ...]:
    """Return the steps from what points there are to tokens that stand for them.

    ``above`` says what they are chosen for, ``stands`` that a valuation chooses so, and ``given``
    when there are such points.
    """
    straight = len(players) == 1
    can_be = "can_be_straight_above" if straight else "can_be_above"

    def can(v: ExprRef) -> Formula:
        if straight:
            return theory.can_be_straight_above(v, i, p, q, G)
        return theory.can_be_above(v, p, q, G)

    stood, paid = stands_for(E, result(w, K)), payoff_point(result(w, G))
    variables = [i, j, p, q, f, G, K, E]
    copied = And(theory.original(G), theory.copied_by(f, G, K), given)
    choosing = And(copied, theory.token_game(K, E, G), stands)
    return (
        Step(
            "chosen-alike",
            ForAll(
                [*players, y, p, q, a, b],
                Implies(
                    theory.paid_alike(b, a),
                    above(y, payoff_point(b)) == above(y, payoff_point(a)),
                ),
            ),
            [
                "paid_alike",
                "payoff_points",
                "pays_no_less",
                "no_less_above",
                *(["straight_above"] if straight else []),
            ],
        ),
        Step(
            "chosen-for-copies",
            ForAll(
                [*players, b, c, p, q, f, G, E],
                Implies(
                    And(stands, in_game(b, left(G)), c == image(f, b), can(payoff_point(b))),
                    above(stands_for(E, c), payoff_point(b)),
                ),
            ),
            ["stands_straight_above" if straight else "stands_above", can_be],
        ),
        Step(
            "chosen-alike-if-at-all",
            ForAll(
                [*players, p, q, a, b, G],
                Implies(And(theory.paid_alike(b, a), can(payoff_point(a))), can(payoff_point(b))),
            ),
            ["chosen-alike", can_be],
        ),
        Step(
            "played-as-chosen-for-copies",
            ForAll(
                [w, b, *variables],
                Implies(
                    And(
                        choosing,
                        in_game(b, left(G)),
                        result(w, K) == image(f, b),
                        theory.paid_alike(b, result(w, G)),
                    ),
                    above(stood, payoff_point(b)),
                ),
            ),
            ["points-to-choose", "chosen-alike-if-at-all", "chosen-for-copies"],
        ),
        Step(
            "played-as-chosen-alike",
            ForAll(
                [w, b, *variables],
                Implies(
                    And(
                        choosing,
                        in_game(b, left(G)),
                        result(w, K) == image(f, b),
                        theory.paid_alike(b, result(w, G)),
                    ),
                    above(stood, paid),
                ),
            ),
            ["played-as-chosen-for-copies", "chosen-alike"],
        ),
        Step(
            "played-as-chosen",
            ForAll([w, *variables], Implies(choosing, above(stood, paid))),
            ["played-as-chosen-alike", "copies_are_played_alike"],
        ),
        Step(
            "chosen-no-less",
            ForAll(
                [*players, y, v, p, q],
                Implies(
                    above(y, v),
                    And(theory.pays_no_less(y, v), theory.above_segment(y, p, q)),
                ),
            ),
            ["no_less_above", *(["straight_above"] if straight else [])],
        ),
        Step(
            "played-is-above",
            ForAll([w, *variables], Implies(choosing, theory.above_segment(stood, p, q))),
            ["played-as-chosen", "chosen-no-less"],
        ),
        Step(
            "played-is-no-less",
            ForAll([w, *variables], Implies(choosing, theory.pays_no_less(stood, paid))),
            ["played-as-chosen", "chosen-no-less"],
        ),
        Step(
            "as-good-if-no-less",
            ForAll(
                [y, a],
                Implies(theory.pays_no_less(y, payoff_point(a)), theory.point_as_good(y, a)),
            ),
            ["pays_no_less", "point_as_good", "payoff_points"],
        ),
        Step(
            "played-is-as-good",
            ForAll([w, *variables], Implies(choosing, theory.point_as_good(stood, result(w, G)))),
            ["played-is-no-less", "as-good-if-no-less"],
        ),
        Step(
            "chosen-tokens-improve",
            ForAll(variables, Implies(choosing, theory.token_improvement(K, E, G))),
            ["played-is-as-good", "token_improvement"],
        ),
        Step(
            "expected-above",
            ForAll(
                [y, *variables],
                Implies(
                    And(choosing, theory.expected_point(y, K, E)),
                    theory.above_segment(y, p, q),
                ),
            ),
            ["played-is-above", "expectations_stay_above_segments"],
        ),
        Step(
            "expected-is-achieved",
            ForAll(
                [y, *variables],
                Implies(And(choosing, theory.expected_point(y, K, E)), theory.achieved(y, G)),
            ),
            ["chosen-tokens-improve", "achieved"],
        ),
    )
