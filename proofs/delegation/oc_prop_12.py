"""Proposition 12: when tokens help, the support of what is played being known.

They do if and only if some outcome that is played is not efficient in C(Gamma). Then a copy of what
is left of the game is played with tokens that stand for what they copy, but for this outcome, and
for all that pay the same, which stand for something better. Which isomorphism the representatives
copy by makes no difference: it permutes outcomes that pay the same.
"""

from delegated_games import G, K, a, in_game, result, w
from isomorphisms import f, with_one_to_one
from oc_two_games import PLAYS
from tokens import (
    LEMMAS,
    E,
    copies_are_played,
    in_hull,
    representatives,
    stands_for,
    y,
)
from z3 import And, Exists, ForAll, Implies, Not

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory

PLAYED = (
    *PLAYS,
    "paid_alike",
    "has_equal",
    "fresh",
    "copied_by",
    "point_as_good",
    "payoff_points",
    "token_game",
    "token_improvement",
)


def prop_12(theory: Theory) -> Statement:
    """Return it, with isomorphisms as the theory has them."""
    inefficient = Not(theory.efficient_in_hull(result(w, G), G))
    strict = theory.strict_token_improvement(K, E, G)
    copied = And(theory.original(G), theory.copied_by(f, G, K))
    raised = And(copied, theory.replaces(E, f, G, a, y))
    played = stands_for(E, result(w, K))
    steps = (
        *copies_are_played(theory),
        Step(
            "inefficient-if-improved",
            ForAll([G, K, E], Implies(strict, Exists([w], inefficient))),
            [
                "strict_token_improvement",
                "token_improvement",
                "token_game",
                "efficient_in_hull",
                "outcomes_are_played",
            ],
        ),
        Step(
            "copies-stand-for-points-of-the-hull",
            ForAll(
                [f, G, K, E, a, y],
                Implies(And(raised, in_hull(y, G)), theory.token_game(K, E, G)),
            ),
            ["copies-have-what-they-copy", "replaces", "payoff_points", "copied_by", "token_game"],
        ),
        Step(
            "copies-are-as-good",
            ForAll(
                [w, f, G, K, E, a, y],
                Implies(
                    And(raised, theory.point_better(y, a)),
                    theory.point_as_good(played, result(w, G)),
                ),
            ),
            [
                "copies-are-played",
                "replaces",
                "paid_alike",
                "payoff_points",
                "point_as_good",
                "point_better",
            ],
        ),
        Step(
            "raised-where-played",
            ForAll(
                [w, f, G, K, E, y],
                Implies(
                    And(copied, theory.replaces(E, f, G, result(w, G), y)),
                    played == y,
                ),
            ),
            ["copies-are-played", "replaces"],
        ),
        Step(
            "improved-by-a-copy",
            ForAll(
                [w, f, G, K, E, y],
                Implies(
                    And(
                        copied,
                        theory.token_game(K, E, G),
                        theory.replaces(E, f, G, result(w, G), y),
                        theory.point_better(y, result(w, G)),
                    ),
                    strict,
                ),
            ),
            [
                "copies-are-as-good",
                "raised-where-played",
                "token_improvement",
                "strict_token_improvement",
            ],
        ),
        Step(
            "improved-by-some-copy",
            ForAll(
                [w, f, G, K, y],
                Implies(
                    And(copied, in_hull(y, G), theory.point_better(y, result(w, G))),
                    Exists([E], strict),
                ),
            ),
            ["valuations", "copies-stand-for-points-of-the-hull", "improved-by-a-copy"],
        ),
        Step(
            "improved-if-inefficient",
            ForAll(
                [w, G],
                Implies(And(theory.original(G), inefficient), Exists([K, E], strict)),
            ),
            ["fresh_copies", "improved-by-some-copy", "efficient_in_hull"],
        ),
        Step(
            "goal",
            ForAll(
                [G],
                Implies(
                    theory.original(G), Exists([K, E], strict) == Exists([w], inefficient)
                ),
            ),
            ["inefficient-if-improved", "improved-if-inefficient"],
        ),
    )  # fmt: skip
    return Statement(
        id="oc-prop-12",
        title="Tokens help if and only if some outcome played is inefficient in the convex hull",
        theory=theory,
        hypotheses=representatives(theory),
        definitions=(
            *PLAYED,
            "point_better",
            "strict_token_improvement",
            "efficient_in_hull",
            "fresh_copies",
            "replaces",
            "valuations",
        ),
        lemmas=LEMMAS,
        steps=steps,
        scene=Exists([G, w], And(theory.original(G), inefficient, in_game(result(w, G), G))),
        sizes={"Action": 2, "Outcome": 2, "Game": 2, "Play": 1},
    )


def statements(theory: Theory) -> list[Statement]:
    """Return both readings."""
    return [prop_12(theory), with_one_to_one(prop_12, theory)]
