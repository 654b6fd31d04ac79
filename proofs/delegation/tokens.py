"""Perfect coordination: representatives play with tokens, which stand for payoffs in C(Gamma).

A token game has actions of its own and payoffs for the representatives, so it is a game; besides, a
valuation says for which point of C(Gamma) each of its outcomes stands. C(Gamma) is a set of points
of which nothing is supposed but that payoffs of outcomes are in it.
"""

import z3
from delegated_games import G, Game, K, a, b, c, i, in_game, pays, result, w
from isomorphisms import ActionMap, f, g, has_action, image, one_to_one_isomorphism, x
from oc_two_games import left
from z3 import (
    And,
    BoolSort,
    DeclareSort,
    Exists,
    ExprRef,
    ForAll,
    Function,
    If,
    Implies,
    Not,
    RealSort,
)

from spi_verify.obligations import Hypothesis, Step
from spi_verify.theory import Theory, axiom, define
from spi_verify.theory.signature import Outcome, Player
from spi_verify.theory.terms import Formula, OutcomeTerm

Point = DeclareSort("Point")
Valuation = DeclareSort("Valuation")

coordinate = Function("coordinate", Player, Point, RealSort())
"""What the point gives player i."""
in_hull = Function("in_hull", Point, Game, BoolSort())
"""The point is in C(G)."""
stands_for = Function("stands_for", Valuation, Outcome, Point)
"""u^e(a): the point for which an outcome of a token game stands."""
payoff_point = Function("payoff_point", Outcome, Point)
"""u(a), as a point."""

y = z3.Const("y", Point)
E = z3.Const("E", Valuation)


@axiom(payoff_point)
def payoff_points(theory: Theory) -> Formula:
    """The payoffs of what can be played in a game are in its hull."""
    same = ForAll([i, a], coordinate(i, payoff_point(a)) == pays(i, a))
    return And(same, ForAll([a, G], Implies(in_game(a, G), in_hull(payoff_point(a), G))))


@define(Point, Outcome)
def point_as_good(theory: Theory, y: ExprRef, a: OutcomeTerm) -> Formula:
    """Y >= u(a): the point gives nobody less than a."""
    return ForAll([i], coordinate(i, y) >= pays(i, a))


@define(Point, Outcome)
def point_better(theory: Theory, y: ExprRef, a: OutcomeTerm) -> Formula:
    """The point gives nobody less than a, and somebody more."""
    return And(theory.point_as_good(y, a), Exists([i], coordinate(i, y) > pays(i, a)))


@define(Outcome, Game)
def efficient_in_hull(theory: Theory, a: OutcomeTerm, G: ExprRef) -> Formula:
    """Nothing in C(G) gives nobody less than a, and somebody more."""
    return Not(Exists([y], And(in_hull(y, G), theory.point_better(y, a))))


@define(Game, Game)
def fresh(theory: Theory, K: ExprRef, G: ExprRef) -> Formula:
    """Nobody has an action in both games."""
    return ForAll([i, x], Not(And(has_action(i, x, K), has_action(i, x, G))))


@define(Game, Valuation, Game)
def token_game(theory: Theory, K: ExprRef, E: ExprRef, G: ExprRef) -> Formula:
    """K has actions of its own, and its outcomes stand for points of C(G)."""
    inside = ForAll([a], Implies(in_game(a, K), in_hull(stands_for(E, a), G)))
    return And(theory.fresh(K, G), inside)


@define(Game, Valuation, Game)
def token_improvement(theory: Theory, K: ExprRef, E: ExprRef, G: ExprRef) -> Formula:
    """Definition 6: in every play, the tokens stand for what gives nobody less than G."""
    played = stands_for(E, result(w, K))
    return And(theory.token_game(K, E, G), ForAll([w], theory.point_as_good(played, result(w, G))))


@define(Game, Valuation, Game)
def strict_token_improvement(theory: Theory, K: ExprRef, E: ExprRef, G: ExprRef) -> Formula:
    """Besides, in some play they stand for what gives somebody more."""
    played = stands_for(E, result(w, K))
    gains = Exists([w], theory.point_better(played, result(w, G)))
    return And(theory.token_improvement(K, E, G), gains)


@define(ActionMap, Game, Game)
def copied_by(theory: Theory, f: ExprRef, G: ExprRef, K: ExprRef) -> Formula:
    """K has actions of its own, and f copies what is left of G to it, one to one."""
    return And(theory.fresh(K, G), one_to_one_isomorphism(theory, f, left(G), K))


@axiom()
def fresh_copies(theory: Theory) -> Formula:
    """What is left of an original game can be copied with actions of its own."""
    return ForAll([G], Implies(theory.original(G), Exists([f, K], theory.copied_by(f, G, K))))


@define(Valuation, ActionMap, Game, Outcome, Point)
def replaces(
    theory: Theory, E: ExprRef, f: ExprRef, G: ExprRef, a: OutcomeTerm, y: ExprRef
) -> Formula:
    """Copies stand for what they copy, but those of outcomes that pay like a stand for y."""
    copy = stands_for(E, image(f, b))
    point = If(theory.paid_alike(b, a), y, payoff_point(b))
    return ForAll([b], Implies(in_game(b, left(G)), copy == point))


@axiom()
def valuations(theory: Theory) -> Formula:
    """In a copy, any point can stand in the place of the payoffs of an outcome."""
    found = Exists([E], theory.replaces(E, f, G, a, y))
    return ForAll([f, G, K, a, y], Implies(theory.copied_by(f, G, K), found))


def representatives(theory: Theory) -> tuple[Hypothesis, ...]:
    """Return what is supposed of how all games are played."""
    return (
        Hypothesis(
            "played-by-elimination",
            ForAll([w], theory.eliminates(w)),
            "A game is played as what elimination leaves of it (Assumption 1).",
        ),
        Hypothesis(
            "played-by-isomorphism",
            ForAll([w], theory.plays_isomorphically(w)),
            "Isomorphic undominated games are played alike up to an isomorphism (Assumption 2).",
        ),
    )


def copies_are_played(theory: Theory) -> tuple[Step, ...]:
    """Return the steps that show that a copy is played as the game, up to equal payoffs."""
    there = And(in_game(b, left(G)), result(w, K) == image(f, b))
    copied = And(theory.original(G), theory.copied_by(f, G, K))
    alike = Exists([b], And(there, theory.paid_alike(b, result(w, left(G)))))
    return (
        Step(
            "what-is-left-is-original",
            ForAll([G], Implies(theory.original(G), theory.original(left(G)))),
            ["original", "what_elimination_leaves"],
        ),
        Step(
            "copies-have-what-they-copy",
            ForAll(
                [f, G, K, a],
                Implies(
                    And(theory.copied_by(f, G, K), in_game(a, K)),
                    Exists([b], And(in_game(b, left(G)), in_game(b, G), image(f, b) == a)),
                ),
            ),
            ["copied_by", "isomorphisms_are_onto", "what_elimination_leaves"],
        ),
        Step(
            "copies-are-undominated",
            ForAll([f, G, K], Implies(theory.copied_by(f, G, K), theory.undominated(K))),
            ["copied_by", "undominated_alike", "what_elimination_leaves"],
        ),
        Step(
            "copies-are-tied",
            ForAll(
                [w, f, G, K],
                Implies(theory.copied_by(f, G, K), theory.tied_plays(w, left(G), K)),
            ),
            [
                "copied_by",
                "copies-are-undominated",
                "isomorphism",
                "isomorphic",
                "played-by-isomorphism",
                "plays_isomorphically",
                "what_elimination_leaves",
            ],
        ),
        Step(
            "counterpart-of-what-is-played",
            ForAll(
                [w, f, g, G, K],
                Implies(
                    And(copied, theory.isomorphism(g, left(G), K)),
                    theory.has_equal(f, g, left(G), result(w, left(G))),
                ),
            ),
            [
                "copied_by",
                "isomorphism",
                "what-is-left-is-original",
                "counterparts_are_paid_alike",
                "outcomes_are_played",
            ],
        ),
        Step(
            "something-else-is-sent-there",
            ForAll(
                [f, g, G, a, c],
                Implies(
                    And(theory.has_equal(f, g, G, a), c == image(g, a)),
                    Exists([b], And(in_game(b, G), c == image(f, b), theory.paid_alike(b, a))),
                ),
            ),
            ["has_equal"],
        ),
        Step(
            "what-it-is-sent-to-is-played",
            ForAll(
                [w, f, g, G, K],
                Implies(
                    And(
                        copied,
                        theory.isomorphism(g, left(G), K),
                        result(w, K) == image(g, result(w, left(G))),
                    ),
                    alike,
                ),
            ),
            ["counterpart-of-what-is-played", "something-else-is-sent-there"],
        ),
        Step(
            "played-as-a-counterpart",
            ForAll([w, f, G, K], Implies(copied, alike)),
            ["copies-are-tied", "tied_plays", "what-it-is-sent-to-is-played"],
        ),
        Step(
            "copies-are-played",
            ForAll(
                [w, f, G, K],
                Implies(copied, Exists([b], And(there, theory.paid_alike(b, result(w, G))))),
            ),
            ["played-as-a-counterpart", "played-by-elimination", "eliminates"],
        ),
    )


LEMMAS = {
    "counterparts_are_paid_alike": "counterparts-are-paid-alike",
    "isomorphisms_are_onto": "isomorphisms-are-onto",
    "undominated_alike": "undominated-alike",
}
