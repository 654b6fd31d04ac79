"""Proposition 1: every renegotiation function gives an SPI.

Literal reading. An SPI (Definition 3) never makes anybody worse off, and at *some* program
profile of the default game makes somebody strictly better off. A renegotiation function
(Definition 4) improves strictly at *some outcome*. The proposition does not say that programs in
P reach an outcome where it does. If the default programs always coordinate already, f changes
nothing and is no SPI.

Repaired. Some profile of default programs ends in an outcome whose payoffs the renegotiation
function changes. This is also necessary, so no weaker hypothesis will do.
"""

import z3
from z3 import And, Exists, ForAll, Implies

from spi_verify.obligations import Hypothesis, Statement, Step, literal_and_repaired
from spi_verify.theory import Theory
from spi_verify.theory.signature import (
    Player,
    Profile,
    Renegotiation,
    action,
    default,
    defaults,
    improved,
    in_default_set,
    in_rn,
    outcome,
    plays,
    program,
    replace,
    rn_of,
    transformed,
    u,
)
from spi_verify.theory.terms import Formula

rn = z3.Const("rn", Renegotiation)
i, j = z3.Consts("i j", Player)
p = z3.Const("p", Profile)


def statements(theory: Theory) -> list[Statement]:
    """Return the literal and the repaired reading."""
    from_default_set = ForAll([i], in_default_set(i, program(i, p)))
    f_i = program(i, transformed(p))

    def for_defaults(formula: Formula) -> Formula:
        return ForAll([p], Implies(from_default_set, formula))

    return literal_and_repaired(
        "prop-1",
        title="Every renegotiation function gives an SPI",
        theory=theory,
        hypotheses=[
            Hypothesis(
                "rn-is-renegotiation-function",
                theory.renegotiation_function(rn),
                "The function rn never makes anybody worse off, and somewhere somebody better.",
            ),
            Hypothesis(
                "f-wraps-defaults",
                for_defaults(
                    ForAll([i], And(in_rn(i, f_i), rn_of(f_i) == rn, default(f_i) == program(i, p)))
                ),
                "f gives every player Algorithm 1 with rn, their own program as the default.",
            ),
        ],
        added=[
            Hypothesis(
                "somebody-gains",
                Exists(
                    [p],
                    And(
                        from_default_set,
                        Exists([j], u(j, improved(rn, outcome(p))) != u(j, outcome(p))),
                    ),
                ),
                "Some profile of default programs ends where rn changes somebody's payoff.",
            )
        ],
        definitions=[
            "weakly_improves",
            "renegotiation_function",
            "others_renegotiate",
            "others_agree",
            "algorithm_1",
            "replacement",
            "same_programs",
            "profiles_are_tuples",
            "default_profile",
            "outcome_of_programs",
            "outcomes_are_tuples",
        ],
        steps=[
            Step(
                "own-program-one-by-one",
                ForAll([p, i], theory.same_programs(replace(p, i, program(i, p)), p)),
                ["replacement", "same_programs"],
            ),
            Step(
                "own-program",
                ForAll([p, i], replace(p, i, program(i, p)) == p),
                ["own-program-one-by-one", "profiles_are_tuples"],
            ),
            Step(
                "defaults-return-one-by-one",
                for_defaults(theory.same_programs(defaults(transformed(p)), p)),
                ["f-wraps-defaults", "default_profile", "same_programs"],
            ),
            Step(
                "defaults-return",
                for_defaults(defaults(transformed(p)) == p),
                ["defaults-return-one-by-one", "profiles_are_tuples"],
            ),
            Step(
                "everybody-plays-along",
                for_defaults(
                    ForAll(
                        [i],
                        plays(i, f_i, transformed(p)) == action(i, improved(rn, outcome(p))),
                    )
                ),
                [
                    "f-wraps-defaults",
                    "algorithm_1",
                    "others_renegotiate",
                    "others_agree",
                    "own-program",
                    "defaults-return",
                ],
            ),
            Step(
                "outcome-improved",
                for_defaults(outcome(transformed(p)) == improved(rn, outcome(p))),
                ["everybody-plays-along", "outcome_of_programs", "outcomes_are_tuples"],
            ),
            Step(
                "goal",
                theory.spi(),
                [
                    "outcome-improved",
                    "rn-is-renegotiation-function",
                    "renegotiation_function",
                    "weakly_improves",
                    "somebody-gains",
                ],
            ),
        ],
        why=(
            "Definition 3 wants a strict gain at some profile of default programs, and nothing "
            "says that these reach an outcome which rn improves."
        ),
    )
