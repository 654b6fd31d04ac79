"""Lemma 13: copies of the game are all the tokens that are needed.

For every token game that is an improvement there is a copy whose outcomes stand for something at
least as good as what they copy, all of them, and which gives everybody the same in expectation.
They stand for what the tokens stand for on average in the plays in which the game pays the same; a
conditional average exists only where there are such plays, and elsewhere copies stand for what they
copy. Averages over plays that pay the same, and not only over plays with the same outcome, do not
depend on the isomorphism by which the representatives copy.
"""

import z3
from delegated_games import G, Game, K, a, b, i, in_game, result, w
from isomorphisms import ActionMap, f, image, with_one_to_one
from oc_prop_12 import PLAYED
from oc_two_games import left
from tokens import (
    LEMMAS,
    E,
    Point,
    Valuation,
    copies_are_played,
    in_hull,
    payoff_point,
    representatives,
    stands_for,
)
from z3 import And, Exists, ExprRef, ForAll, Function, If, Implies, RealSort

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory, axiom, define
from spi_verify.theory.signature import Outcome, Player
from spi_verify.theory.terms import Formula, OutcomeTerm

average = Function("average", Game, Valuation, Game, Outcome, Point)
"""For what tokens stand on average in the plays in which a game pays what an outcome pays."""
expectation = Function("expectation", Player, Game, Valuation, RealSort())
"""What player i gets in expectation where a game is played and its outcomes stand for points."""

K1 = z3.Const("K1", Game)
E1 = z3.Const("E1", Valuation)


@define(Outcome, Game)
def paid_in_some_play(theory: Theory, a: OutcomeTerm, G: ExprRef) -> Formula:
    """In some play, the game pays what a pays."""
    return Exists([w], theory.paid_alike(result(w, G), a))


@axiom()
def averages_are_in_the_hull(theory: Theory) -> Formula:
    """The hull is convex: averages of its points are in it."""
    inside = in_hull(average(K, E, G, a), G)
    return ForAll(
        [G, K, E, a],
        Implies(And(theory.token_game(K, E, G), theory.paid_in_some_play(a, G)), inside),
    )


@axiom()
def averages_are_as_good(theory: Theory) -> Formula:
    """What is as good as a, in every play in which the game pays what a pays, is so on average."""
    played = theory.point_as_good(stands_for(E, result(w, K)), a)
    always = ForAll([w], Implies(theory.paid_alike(result(w, G), a), played))
    on_average = theory.point_as_good(average(K, E, G, a), a)
    return ForAll([G, K, E, a], Implies(And(theory.paid_in_some_play(a, G), always), on_average))


@axiom()
def averages_are_alike(theory: Theory) -> Formula:
    """Averages are over all plays in which the game pays the same."""
    same = average(K, E, G, a) == average(K, E, G, b)
    return ForAll([G, K, E, a, b], Implies(theory.paid_alike(a, b), same))


@define(Game, Valuation, Game, Valuation, Game)
def averages_out(
    theory: Theory, K1: ExprRef, E1: ExprRef, K: ExprRef, E: ExprRef, G: ExprRef
) -> Formula:
    """In every play, K1 stands for what K stands for on average where G pays what it pays then."""
    on_average = average(K, E, G, result(w, G))
    return ForAll([w], stands_for(E1, result(w, K1)) == on_average)


@axiom()
def averages_keep_expectations(theory: Theory) -> Formula:
    """What stands, in every play, for the average is worth the same in expectation."""
    same = ForAll([i], expectation(i, K1, E1) == expectation(i, K, E))
    return ForAll([G, K, E, K1, E1], Implies(theory.averages_out(K1, E1, K, E, G), same))


@define(Valuation, ActionMap, Game, Valuation, Game)
def stands_for_averages(
    theory: Theory, E1: ExprRef, f: ExprRef, K: ExprRef, E: ExprRef, G: ExprRef
) -> Formula:
    """Copies of what is left of G stand for averages, or else for what they copy."""
    point = If(theory.paid_in_some_play(b, G), average(K, E, G, b), payoff_point(b))
    return ForAll([b], Implies(in_game(b, left(G)), stands_for(E1, image(f, b)) == point))


@axiom()
def valuations_by_averages(theory: Theory) -> Formula:
    """The outcomes of a copy can stand for averages."""
    found = Exists([E1], theory.stands_for_averages(E1, f, K, E, G))
    return ForAll([f, G, K, E, K1], Implies(theory.copied_by(f, G, K1), found))


def lemma_13(theory: Theory) -> Statement:
    """Return it, with isomorphisms as the theory has them."""
    given = And(theory.original(G), theory.token_improvement(K, E, G))
    averaged = theory.stands_for_averages(E1, f, K, E, G)
    copied = And(given, theory.copied_by(f, G, K1), averaged)
    played = stands_for(E1, result(w, K1))
    better = ForAll(
        [a],
        Implies(in_game(a, left(G)), theory.point_as_good(stands_for(E1, image(f, a)), a)),
    )
    same = ForAll([i], expectation(i, K1, E1) == expectation(i, K, E))
    improved = And(theory.token_improvement(K1, E1, G), better, same)
    variables = [f, G, K, E, K1, E1]
    steps = (
        *copies_are_played(theory),
        Step(
            "averages-improve",
            ForAll(
                [G, K, E, a],
                Implies(
                    And(given, theory.paid_in_some_play(a, G)),
                    theory.point_as_good(average(K, E, G, a), a),
                ),
            ),
            ["averages_are_as_good", "token_improvement", "point_as_good", "paid_alike"],
        ),
        Step(
            "copies-are-as-good",
            ForAll(variables, Implies(copied, better)),
            ["averages-improve", "stands_for_averages", "payoff_points", "point_as_good"],
        ),
        Step(
            "copies-stand-for-points-of-the-hull",
            ForAll(variables, Implies(copied, theory.token_game(K1, E1, G))),
            [
                "copies-have-what-they-copy",
                "stands_for_averages",
                "averages_are_in_the_hull",
                "payoff_points",
                "copied_by",
                "token_game",
                "token_improvement",
            ],
        ),
        Step(
            "averages-are-played",
            ForAll([w, *variables], Implies(copied, played == average(K, E, G, result(w, G)))),
            [
                "copies-are-played",
                "stands_for_averages",
                "paid_in_some_play",
                "paid_alike",
                "averages_are_alike",
            ],
        ),
        Step(
            "averages-in-every-play",
            ForAll(variables, Implies(copied, theory.averages_out(K1, E1, K, E, G))),
            ["averages-are-played", "averages_out"],
        ),
        Step(
            "same-expectations",
            ForAll(variables, Implies(copied, same)),
            ["averages-in-every-play", "averages_keep_expectations"],
        ),
        Step(
            "what-is-played-is-paid",
            ForAll([w, G], theory.paid_in_some_play(result(w, G), G)),
            ["paid_in_some_play", "paid_alike"],
        ),
        Step(
            "copies-improve",
            ForAll(variables, Implies(copied, theory.token_improvement(K1, E1, G))),
            [
                "copies-stand-for-points-of-the-hull",
                "averages-are-played",
                "averages-improve",
                "what-is-played-is-paid",
                "token_improvement",
            ],
        ),
        Step(
            "goal",
            ForAll(
                [G, K, E],
                Implies(
                    given,
                    Exists([f, K1, E1], And(theory.copied_by(f, G, K1), improved)),
                ),
            ),
            [
                "fresh_copies",
                "valuations_by_averages",
                "copies-improve",
                "copies-are-as-good",
                "same-expectations",
            ],
        ),
    )
    return Statement(
        id="oc-lemma-13",
        title="Copies of the game, with better payoffs at all outcomes, are all tokens one needs",
        theory=theory,
        hypotheses=representatives(theory),
        definitions=(
            *PLAYED,
            "fresh_copies",
            "paid_in_some_play",
            "averages_are_in_the_hull",
            "averages_are_as_good",
            "averages_are_alike",
            "averages_out",
            "averages_keep_expectations",
            "stands_for_averages",
            "valuations_by_averages",
        ),
        lemmas=LEMMAS,
        steps=steps,
        scene=Exists([G, K, E], given),
        sizes={"Action": 2, "Outcome": 2, "Game": 2, "Play": 1},
    )


def statements(theory: Theory) -> list[Statement]:
    """Return both readings."""
    return [lemma_13(theory), with_one_to_one(lemma_13, theory)]
