"""The lexicographic selection function is transitive."""

import z3
from sel_transitive_common import gain_is_reached, gainers, last_steps, selection_statement
from z3 import And, Exists, ForAll, Implies, Not

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory
from spi_verify.theory.signature import Outcome, OutcomeSet, Player, better, last, prior, tied, u
from spi_verify.theory.terms import Formula, OutcomeTerm, PlayerTerm

i, j, k = z3.Consts("i j k", Player)
a, x, y = z3.Consts("a x y", Outcome)
S = z3.Const("S", OutcomeSet)


def lexicographic(theory: Theory) -> Statement:
    """Return the statement."""
    alike = theory.first_to_differ

    def decides(player: PlayerTerm, one: OutcomeTerm, other: OutcomeTerm) -> Formula:
        return And(u(player, one) > u(player, other), alike(player, one, other))

    return selection_statement(
        theory,
        "sel-transitive-lexicographic",
        "The lexicographic selection function is transitive",
        [
            "priority",
            "first_to_differ",
            "lexicographic",
            "players_are_listed",
            "gain_up_to",
            "first_gainer_up_to",
            "has_first_gainer",
            "induction_on_first_gainers",
        ],
        [
            Step(
                "one-player-decides-both",
                ForAll(
                    [i, x, y, a],
                    Implies(And(decides(i, x, y), decides(i, y, a)), decides(i, x, a)),
                ),
                ["first_to_differ"],
            ),
            Step(
                "prior-player-decides",
                ForAll(
                    [i, j, x, y, a],
                    Implies(
                        And(prior(i, j), decides(i, x, y), decides(j, y, a)),
                        decides(i, x, a),
                    ),
                ),
                ["first_to_differ", "priority"],
            ),
            Step(
                "prior-player-decides-later",
                ForAll(
                    [i, j, x, y, a],
                    Implies(
                        And(prior(j, i), decides(i, x, y), decides(j, y, a)),
                        decides(j, x, a),
                    ),
                ),
                ["first_to_differ", "priority"],
            ),
            Step(
                "somebody-decides",
                ForAll(
                    [i, j, x, y, a],
                    Implies(
                        And(decides(i, x, y), decides(j, y, a)),
                        Exists([k], decides(k, x, a)),
                    ),
                ),
                [
                    "one-player-decides-both",
                    "prior-player-decides",
                    "prior-player-decides-later",
                    "priority",
                ],
            ),
            Step(
                "better-composes",
                ForAll(
                    [S, x, y, a],
                    Implies(And(better(S, x, y), better(S, y, a)), better(S, x, a)),
                ),
                ["somebody-decides", "lexicographic"],
            ),
            Step(
                "better-and-tied-compose",
                ForAll(
                    [S, x, y, a],
                    Implies(And(better(S, x, y), tied(S, y, a)), better(S, x, a)),
                ),
                ["first_to_differ", "lexicographic"],
            ),
            Step(
                "better-excludes-tied",
                ForAll([S, x, y], Not(And(better(S, x, y), tied(S, y, x)))),
                ["lexicographic"],
            ),
            Step(
                "not-better-than-itself",
                ForAll([S, x], Not(better(S, x, x))),
                ["lexicographic"],
            ),
            *gainers(
                theory,
                "first_gainers",
                theory.first_gainer_up_to,
                "has_first_gainer",
                prior,
                ["first_gainer_up_to", "priority"],
            ),
            gain_is_reached(theory),
            Step(
                "first-gainer-decides",
                ForAll(
                    [i, x, a],
                    Implies(
                        And(
                            theory.weakly_improves(x, a),
                            theory.first_gainer_up_to(i, x, a, last),
                        ),
                        decides(i, x, a),
                    ),
                ),
                ["first_gainer_up_to", "first_to_differ", "weakly_improves", "players_are_listed"],
            ),
            *last_steps(
                theory,
                order=[
                    "better-composes",
                    "better-and-tied-compose",
                    "better-excludes-tied",
                    "not-better-than-itself",
                ],
                above=[
                    "gain-is-reached",
                    "first_gainers-last",
                    "has_first_gainer",
                    "first-gainer-decides",
                    "lexicographic",
                ],
                kept=["lexicographic"],
            ),
        ],
    )
