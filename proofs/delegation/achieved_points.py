"""Points that tokens achieve in expectation, points on segments, and what mixtures there are.

What is supposed of numbers, of hulls and of expectations is here, a plain fact each; what is
achieved can be mixed by Corollary 14.
"""

from dataclasses import replace

import z3
from delegated_games import G, Game, K, b, i, in_game, result, w
from isomorphisms import f, image, with_one_to_one
from oc_cor_14 import E2, K2, Mixture, cor_14, m, mixed, mixing_weight
from oc_lemma_13 import E1, K1, expectation, lemma_13
from oc_prop_12 import PLAYED
from oc_two_games import left
from tokens import E, Point, Valuation, coordinate, copies_are_played, in_hull, y
from z3 import And, Const, Exists, ExprRef, ForAll, Function, Implies, Or, RealSort

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory, axiom, define
from spi_verify.theory.signature import Player
from spi_verify.theory.terms import Formula, PlayerTerm

k = Const("k", Player)
d, p, q, s, u, v, x, z = z3.Consts("d p q s u v x z", Point)
n, r, t = z3.Consts("n r t", Mixture)

mixture_of = Function("mixture_of", Mixture, Point, Point, Point)
"""The mixture of two points."""
margin = Function("margin", Player, Point, Point, RealSort())
"""What one point pays player i more than another."""
portion = Function("portion", Mixture, Player, Point, Point, RealSort())
"""What a mixture has of that."""


@define(Player, Player)
def two_players(theory: Theory, i: PlayerTerm, j: PlayerTerm) -> Formula:
    """The players are i and j."""
    return And(i != j, ForAll([k], Or(k == i, k == j)))


@define(Point, Point)
def pays_no_less(theory: Theory, y: ExprRef, x: ExprRef) -> Formula:
    """One point gives nobody less than the other."""
    return ForAll([i], coordinate(i, y) >= coordinate(i, x))


@define(Point, Player, Point, Point)
def joined(theory: Theory, y: ExprRef, i: PlayerTerm, x: ExprRef, z: ExprRef) -> Formula:
    """A point pays player i what one point pays, and all others what another one pays."""
    others = ForAll([k], Implies(k != i, coordinate(k, y) == coordinate(k, z)))
    return And(coordinate(i, y) == coordinate(i, x), others)


@define(Player, Point, Mixture, Point, Point)
def pays_mixture(
    theory: Theory, i: PlayerTerm, y: ExprRef, m: ExprRef, p: ExprRef, q: ExprRef
) -> Formula:
    """A point pays player i what a mixture of two points pays."""
    return coordinate(i, y) == coordinate(i, mixture_of(m, p, q))


@define(Point, Mixture, Point, Point)
def mixes(theory: Theory, y: ExprRef, m: ExprRef, p: ExprRef, q: ExprRef) -> Formula:
    """A point pays everybody what a mixture of two points pays."""
    return ForAll([i], theory.pays_mixture(i, y, m, p, q))


@define(Point, Point, Point)
def on_segment(theory: Theory, y: ExprRef, p: ExprRef, q: ExprRef) -> Formula:
    """A point is on the segment between two points."""
    return Exists([m], theory.mixes(y, m, p, q))


@define(Point, Point, Point)
def above_segment(theory: Theory, y: ExprRef, p: ExprRef, q: ExprRef) -> Formula:
    """A point gives nobody less than some point on a segment."""
    return Exists([x], And(theory.on_segment(x, p, q), theory.pays_no_less(y, x)))


@define(Point, Game, Valuation)
def expected_point(theory: Theory, y: ExprRef, K: ExprRef, E: ExprRef) -> Formula:
    """A point is what a game gives in expectation where its outcomes stand for points."""
    return ForAll([i], coordinate(i, y) == expectation(i, K, E))


@define(Point, Game)
def achieved(theory: Theory, y: ExprRef, G: ExprRef) -> Formula:
    """Tokens that are an improvement have these payoffs in expectation."""
    return Exists([K, E], And(theory.token_improvement(K, E, G), theory.expected_point(y, K, E)))


@define(Point, Game)
def achieved_or_more(theory: Theory, y: ExprRef, G: ExprRef) -> Formula:
    """Some point that is achieved gives nobody less."""
    return Exists([z], And(theory.achieved(z, G), theory.pays_no_less(z, y)))


# What there is


@axiom(mixture_of)
def mixtures_of_points(theory: Theory) -> Formula:
    """A mixture of points pays everybody the mixture of what they pay."""
    parts = mixed(m, coordinate(i, p), coordinate(i, q))
    return ForAll([i, m, p, q], coordinate(i, mixture_of(m, p, q)) == parts)


@axiom(margin)
def margins(theory: Theory) -> Formula:
    """What it pays, less what the other pays."""
    return ForAll([i, p, q], margin(i, p, q) == coordinate(i, p) - coordinate(i, q))


@axiom(portion)
def portions(theory: Theory) -> Formula:
    """The weight of the first, times the margin."""
    return ForAll([m, i, p, q], portion(m, i, p, q) == mixing_weight(m) * margin(i, p, q))


@axiom()
def whole_mixtures(theory: Theory) -> Formula:
    """A mixture may have nothing of the second."""
    return Exists([m], mixing_weight(m) == 1)


@axiom()
def mixtures_in_between(theory: Theory) -> Formula:
    """Whatever lies between two numbers is a mixture of them."""
    least, paid, most = coordinate(i, p), coordinate(i, y), coordinate(i, q)
    found = Exists([m], theory.pays_mixture(i, y, m, p, q))
    return ForAll([i, p, q, y], Implies(And(least <= paid, paid <= most), found))


@axiom()
def hulls_are_convex(theory: Theory) -> Formula:
    """Mixtures of points of a hull are in it."""
    both = And(in_hull(p, G), in_hull(q, G))
    return ForAll([G, m, p, q], Implies(both, in_hull(mixture_of(m, p, q), G)))


@axiom()
def expectations_are_in_the_hull(theory: Theory) -> Formula:
    """What is expected of points of a hull is a point of it."""
    found = Exists([y], And(in_hull(y, G), theory.expected_point(y, K, E)))
    return ForAll([G, K, E], Implies(theory.token_game(K, E, G), found))


# What is achieved can be mixed


@define()
def copies_are_played_alike(theory: Theory) -> Formula:
    """A copy is played as the game, up to equal payoffs."""
    there = And(in_game(b, left(G)), result(w, K) == image(f, b))
    return ForAll(
        [w, f, G, K],
        Implies(
            And(theory.original(G), theory.copied_by(f, G, K)),
            Exists([b], And(there, theory.paid_alike(b, result(w, G)))),
        ),
    )


@define()
def achieved_points_can_be_mixed(theory: Theory) -> Formula:
    """Mixtures of points that are achieved are achieved."""
    given = And(theory.original(G), theory.achieved(p, G), theory.achieved(q, G))
    return ForAll([m, p, q, G], Implies(given, theory.achieved(mixture_of(m, p, q), G)))


@define()
def what_is_below_can_be_mixed(theory: Theory) -> Formula:
    """Mixtures of points below such as are achieved are below such as are achieved."""
    below = And(theory.achieved_or_more(p, G), theory.achieved_or_more(q, G))
    mixture = theory.achieved_or_more(mixture_of(m, p, q), G)
    return ForAll([m, p, q, G], Implies(And(theory.original(G), below), mixture))


def played_alike(theory: Theory) -> Statement:
    """Return the lemma that a copy is played as the game."""
    proof = lemma_13(theory)
    goal = Step("goal", theory.copies_are_played_alike(), ["copies-are-played"])
    return replace(
        proof,
        id="copies-are-played-alike",
        title="A copy is played as the game, up to equal payoffs",
        definitions=(*PLAYED, "fresh_copies"),
        steps=(*copies_are_played(theory), goal),
        scene=Exists([f, G, K], And(theory.original(G), theory.copied_by(f, G, K))),
    )


def of_mixtures(theory: Theory) -> tuple[Step, ...]:
    """Return the steps that say how mixtures compare with what is mixed."""
    mixture, share = coordinate(i, mixture_of(m, p, q)), mixing_weight(m)
    first, second = coordinate(i, p), coordinate(i, q)
    more, some = margin(i, p, q), portion(m, i, p, q)
    return (
        Step(
            "share-of-the-margin",
            ForAll([i, m, p, q], share * more == share * (first - second)),
            ["margins"],
        ),
        Step(
            "portion-of-what-is-paid",
            ForAll([i, m, p, q], some == share * first - share * second),
            ["share-of-the-margin", "portions"],
        ),
        Step(
            "margin-of-a-mixture",
            ForAll([i, m, p, q], margin(i, mixture_of(m, p, q), q) == some),
            ["mixtures_of_points", "margins", "portion-of-what-is-paid"],
        ),
        Step(
            "portion-of-what-is-more",
            ForAll([i, m, p, q], Implies(more >= 0, some >= 0)),
            ["shares", "portions"],
        ),
        Step(
            "no-more-than-everything",
            ForAll([i, m, p, q], Implies(more >= 0, some <= more)),
            ["shares", "portions"],
        ),
        Step(
            "portion-of-nothing",
            ForAll([i, m, p, q], Implies(more == 0, some == 0)),
            ["portions"],
        ),
        Step(
            "mixed-with-more",
            ForAll([i, m, p, q], Implies(first >= second, mixture >= second)),
            ["margin-of-a-mixture", "portion-of-what-is-more", "margins"],
        ),
        Step(
            "mixed-with-the-same",
            ForAll([i, m, p, q], Implies(first == second, mixture == second)),
            ["margin-of-a-mixture", "portion-of-nothing", "margins"],
        ),
    )


def no_less_in_turn(theory: Theory) -> Step:
    """Return the step that what pays no less than what pays no less does so, too."""
    return Step(
        "no-less-than-what-pays-no-less",
        ForAll(
            [x, y, z],
            Implies(
                And(theory.pays_no_less(x, y), theory.pays_no_less(y, z)),
                theory.pays_no_less(x, z),
            ),
        ),
        ["pays_no_less"],
    )


def mixed_points(theory: Theory) -> Statement:
    """Return the lemma about points that are achieved, from Corollary 14."""
    proof = cor_14(theory)
    one = And(theory.token_improvement(K, E, G), theory.expected_point(p, K, E))
    other = And(theory.token_improvement(K2, E2, G), theory.expected_point(q, K2, E2))
    parts = And(theory.original(G), one, other)
    mixture, share = mixture_of(m, p, q), mixing_weight(m)
    mixes = theory.mixes_expectations(m, K1, E1, K, E, K2, E2)
    variables = [m, p, q, G, K, E, K2, E2]
    steps = (
        Step(
            "first-part-expected",
            ForAll(
                [i, m, p, K, E],
                Implies(
                    theory.expected_point(p, K, E),
                    share * coordinate(i, p) == share * expectation(i, K, E),
                ),
            ),
            ["expected_point"],
        ),
        Step(
            "second-part-expected",
            ForAll(
                [i, m, p, K, E],
                Implies(
                    theory.expected_point(p, K, E),
                    (1 - share) * coordinate(i, p) == (1 - share) * expectation(i, K, E),
                ),
            ),
            ["expected_point"],
        ),
        Step(
            "expected-of-both",
            ForAll(
                [i, m, p, q, K, E, K2, E2],
                Implies(
                    And(theory.expected_point(p, K, E), theory.expected_point(q, K2, E2)),
                    coordinate(i, mixture)
                    == mixed(m, expectation(i, K, E), expectation(i, K2, E2)),
                ),
            ),
            ["mixtures_of_points", "first-part-expected", "second-part-expected"],
        ),
        Step(
            "expected-of-the-mixture",
            ForAll(
                [*variables, K1, E1],
                Implies(And(one, other, mixes), theory.expected_point(mixture, K1, E1)),
            ),
            ["expected-of-both", "mixes_expectations", "expected_point"],
        ),
        Step(
            "mixture-achieved",
            ForAll(
                [*variables, K1, E1],
                Implies(
                    And(parts, mixes, theory.token_improvement(K1, E1, G)),
                    theory.achieved(mixture, G),
                ),
            ),
            ["expected-of-the-mixture", "achieved"],
        ),
        Step(
            "mixture-achieved-by-some",
            ForAll(
                [*variables, K1],
                Implies(
                    And(parts, theory.achieves_the_mixture(m, K1, G, K, E, K2, E2)),
                    theory.achieved(mixture, G),
                ),
            ),
            ["mixture-achieved", "achieves_the_mixture"],
        ),
        Step(
            "parts-mixed",
            ForAll(variables, Implies(parts, theory.achieved(mixture, G))),
            ["what_is_achieved_is_convex", "mixture-achieved-by-some"],
        ),
        Step(
            "goal",
            theory.achieved_points_can_be_mixed(),
            ["parts-mixed", "achieved"],
        ),
    )
    scene = Exists([G, p], And(theory.original(G), theory.achieved(p, G)))
    return replace(
        proof,
        id="achieved-points-can-be-mixed",
        title="Mixtures of points that tokens achieve in expectation are achieved",
        definitions=(*proof.definitions, "mixtures_of_points", "expected_point", "achieved"),
        lemmas={"what_is_achieved_is_convex": "oc-cor-14"},
        steps=steps,
        scene=scene,
    )


def mixed_below(theory: Theory) -> Statement:
    """Return the lemma about points below such as are achieved."""
    proof = mixed_points(theory)
    above = And(theory.pays_no_less(x, p), theory.pays_no_less(y, q))
    mixture, lower = mixture_of(m, x, y), mixture_of(m, p, q)
    both = And(theory.original(G), theory.achieved(x, G), theory.achieved(y, G))
    steps = (
        *of_mixtures(theory),
        Step(
            "more-of-the-first",
            ForAll(
                [i, m, p, x, y],
                coordinate(i, mixture_of(m, x, y)) - coordinate(i, mixture_of(m, p, y))
                == portion(m, i, x, p),
            ),
            ["portion-of-what-is-paid", "mixtures_of_points"],
        ),
        Step(
            "more-of-the-second",
            ForAll(
                [i, m, p, q, y],
                coordinate(i, mixture_of(m, p, y)) - coordinate(i, mixture_of(m, p, q))
                == margin(i, y, q) - portion(m, i, y, q),
            ),
            ["portion-of-what-is-paid", "mixtures_of_points", "margins"],
        ),
        Step(
            "more-if-no-less",
            ForAll([i, p, x], Implies(theory.pays_no_less(x, p), margin(i, x, p) >= 0)),
            ["margins", "pays_no_less"],
        ),
        Step(
            "more-by-the-first",
            ForAll(
                [i, m, p, x, y],
                Implies(
                    margin(i, x, p) >= 0,
                    coordinate(i, mixture_of(m, x, y)) >= coordinate(i, mixture_of(m, p, y)),
                ),
            ),
            ["more-of-the-first", "portion-of-what-is-more"],
        ),
        Step(
            "more-by-the-second",
            ForAll(
                [i, m, p, q, y],
                Implies(
                    margin(i, y, q) >= 0,
                    coordinate(i, mixture_of(m, p, y)) >= coordinate(i, mixture_of(m, p, q)),
                ),
            ),
            ["more-of-the-second", "no-more-than-everything"],
        ),
        Step(
            "first-pays-no-less",
            ForAll(
                [m, p, x, y],
                Implies(
                    theory.pays_no_less(x, p),
                    theory.pays_no_less(mixture_of(m, x, y), mixture_of(m, p, y)),
                ),
            ),
            ["more-by-the-first", "more-if-no-less", "pays_no_less"],
        ),
        Step(
            "second-pays-no-less",
            ForAll(
                [m, p, q, y],
                Implies(
                    theory.pays_no_less(y, q),
                    theory.pays_no_less(mixture_of(m, p, y), mixture_of(m, p, q)),
                ),
            ),
            ["more-by-the-second", "more-if-no-less", "pays_no_less"],
        ),
        no_less_in_turn(theory),
        Step(
            "no-less-than-the-first",
            ForAll(
                [m, p, q, x, y],
                Implies(
                    And(
                        theory.pays_no_less(mixture, mixture_of(m, p, y)),
                        theory.pays_no_less(y, q),
                    ),
                    theory.pays_no_less(mixture, lower),
                ),
            ),
            ["second-pays-no-less", "no-less-than-what-pays-no-less"],
        ),
        Step(
            "mixture-pays-no-less",
            ForAll([m, p, q, x, y], Implies(above, theory.pays_no_less(mixture, lower))),
            ["first-pays-no-less", "no-less-than-the-first"],
        ),
        Step(
            "mixture-is-achieved",
            ForAll([G, m, x, y], Implies(both, theory.achieved(mixture, G))),
            ["achieved_points_can_be_mixed"],
        ),
        Step(
            "below-what-is-achieved",
            ForAll(
                [G, y, z],
                Implies(
                    And(theory.achieved(z, G), theory.pays_no_less(z, y)),
                    theory.achieved_or_more(y, G),
                ),
            ),
            ["achieved_or_more"],
        ),
        Step(
            "below-the-mixture",
            ForAll(
                [G, m, p, q, x, y],
                Implies(And(theory.achieved(mixture, G), above), theory.achieved_or_more(lower, G)),
            ),
            ["mixture-pays-no-less", "below-what-is-achieved"],
        ),
        Step(
            "mixture-of-what-is-above",
            ForAll(
                [G, m, p, q, x, y],
                Implies(And(both, above), theory.achieved_or_more(lower, G)),
            ),
            ["mixture-is-achieved", "below-the-mixture"],
        ),
        Step(
            "goal",
            theory.what_is_below_can_be_mixed(),
            ["mixture-of-what-is-above", "achieved_or_more"],
        ),
    )
    return replace(
        proof,
        id="what-is-below-can-be-mixed",
        title="Mixtures of points below such as tokens achieve are below such as they achieve",
        definitions=(*proof.definitions, "margins", "portions", "pays_no_less", "achieved_or_more"),
        lemmas={"achieved_points_can_be_mixed": "achieved-points-can-be-mixed"},
        steps=steps,
    )


def statements(theory: Theory) -> list[Statement]:
    """Return the lemmas, in both readings."""
    return [
        played_alike(theory),
        with_one_to_one(played_alike, theory),
        mixed_points(theory),
        with_one_to_one(mixed_points, theory, "what_is_achieved_is_convex"),
        mixed_below(theory),
        with_one_to_one(mixed_below, theory, "achieved_points_can_be_mixed"),
    ]
