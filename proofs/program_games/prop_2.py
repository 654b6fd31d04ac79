"""Proposition 2: every equilibrium player may as well use a renegotiation program.

The paper wraps each program that does not renegotiate in Algorithm 1, as its own default, and
compares the two against every believed profile.

Literal reading. Two things are missing. First, in a game in which every outcome is efficient
there is no renegotiation function, hence no renegotiation program, and the claimed profile does
not exist. Second, Assumption 5 speaks of programs that do *not* renegotiate with each other.
Where the wrapped program and the believed counterparts do agree, nothing says how the unwrapped
program fares against them: it may recognise renegotiation programs and do better against them
than against their defaults, and better than in the outcome agreed on (which may be the default
outcome itself).

Repaired. Some outcome can be improved, so that a renegotiation function exists; and what
Assumption 5 says where the programs disagree also holds where they would agree.
"""

import z3
from thm_3_common import common_steps, replaced_defaults_steps
from z3 import And, Exists, ForAll, Implies, Not

from spi_verify.obligations import Hypothesis, Statement, Step, literal_and_repaired
from spi_verify.theory import Theory
from spi_verify.theory.signature import (
    Outcome,
    Player,
    Profile,
    Program,
    Renegotiation,
    action,
    believed,
    default,
    defaults,
    expected,
    improved,
    in_rn,
    outcome,
    plays,
    program,
    replace,
    rn_of,
    u,
)

i, j = z3.Consts("i j", Player)
a = z3.Const("a", Outcome)
c, d = z3.Consts("c d", Program)
p, q = z3.Consts("p q", Profile)
r = z3.Const("r", Renegotiation)


def statements(theory: Theory) -> list[Statement]:
    """Return the literal and the repaired reading."""
    wraps = And(theory.optimal(i, c), Not(in_rn(i, c)), in_rn(i, d), default(d) == c)
    wrapped, bare = replace(p, i, d), replace(p, i, c)
    point = outcome(defaults(wrapped))
    others = theory.others_renegotiate(p, i)
    agree = theory.others_agree(wrapped, i, rn_of(d))
    same_reply = plays(j, program(j, p), wrapped) == plays(j, program(j, p), bare)
    variables = [i, c, d, p]
    case = And(wraps, believed(i, p))
    equilibrium_of = Exists([i], Not(in_rn(i, program(i, p))))
    return literal_and_repaired(
        "prop-2",
        title="All may use renegotiation programs, in subjective equilibrium",
        theory=theory,
        hypotheses=[
            Hypothesis(
                "renegotiation-not-punished",
                theory.assumption_5_1(),
                "Assumption 5, clause 1: where programs do not renegotiate with each other, "
                "believed counterparts treat a renegotiation program as its default.",
            ),
            Hypothesis(
                "renegotiation-not-noticed",
                theory.assumption_5_2(),
                "Assumption 5, clause 2: there, an optimal default treats believed "
                "renegotiation programs as their defaults.",
            ),
        ],
        added=[
            Hypothesis(
                "something-to-improve",
                Exists([r], theory.renegotiation_function(r)),
                "There is a renegotiation function, that is, not every outcome is efficient.",
            ),
            Hypothesis(
                "defaults-where-agreement-possible",
                ForAll(
                    variables,
                    Implies(
                        And(case, others, agree),
                        And(
                            plays(i, c, p) == plays(i, c, defaults(p)),
                            ForAll(
                                [j],
                                Implies(
                                    j != i,
                                    plays(j, program(j, p), bare) == action(j, point),
                                ),
                            ),
                        ),
                    ),
                ),
                "Where everybody else would agree with the wrapped program, the program itself "
                "and the others play against each other as their defaults do.",
            ),
        ],
        definitions=[
            "replacement",
            "same_programs",
            "profiles_are_tuples",
            "default_profile",
            "outcome_of_programs",
            "outcomes_are_tuples",
            "programs_see_counterparts",
            "weakly_improves",
            "renegotiation_function",
            "others_renegotiate",
            "others_agree",
            "algorithm_1",
            "renegotiation_programs",
            "renegotiation_programs_complete",
            "default_or_rn",
            "optimal",
            "subjective_equilibrium",
            "profile_of_optimal_renegotiators",
        ],
        lemmas={"pointwise_better": "expected-utility"},
        scene=Exists([p], And(theory.subjective_equilibrium(p), equilibrium_of)),
        steps=[
            *common_steps(theory),
            *replaced_defaults_steps(theory),
            Step(
                "others-stay",
                ForAll(
                    [p, i, c],
                    theory.others_renegotiate(replace(p, i, c), i)
                    == theory.others_renegotiate(p, i),
                ),
                ["others_renegotiate", "replacement"],
            ),
            Step(
                "default-action",
                ForAll(
                    [i, d, p],
                    action(i, outcome(defaults(replace(p, i, d))))
                    == plays(i, default(d), defaults(p)),
                ),
                [
                    "defaults-of-replaced",
                    "outcome_of_programs",
                    "replacement",
                    "programs_see_counterparts",
                ],
            ),
            Step(
                "others-reply-alike",
                ForAll(
                    [*variables, j],
                    Implies(And(case, Not(And(others, agree)), j != i), same_reply),
                ),
                ["renegotiation-not-punished", "others-stay"],
            ),
            Step(
                "wrapped-plays-alike-alone",
                ForAll(
                    variables,
                    Implies(And(case, Not(others)), plays(i, d, wrapped) == plays(i, c, bare)),
                ),
                ["algorithm_1", "programs_see_counterparts"],
            ),
            Step(
                "wrapped-plays-alike-in-disagreement",
                ForAll(
                    variables,
                    Implies(
                        And(case, others, Not(agree)),
                        plays(i, d, wrapped) == plays(i, c, bare),
                    ),
                ),
                [
                    "algorithm_1",
                    "programs_see_counterparts",
                    "default-action",
                    "renegotiation-not-noticed",
                    "others-stay",
                ],
            ),
            Step(
                "same-outcome",
                ForAll(
                    variables,
                    Implies(And(case, Not(And(others, agree))), outcome(wrapped) == outcome(bare)),
                ),
                [
                    "others-reply-alike",
                    "wrapped-plays-alike-alone",
                    "wrapped-plays-alike-in-disagreement",
                    "replacement",
                    "outcome_of_programs",
                    "outcomes_are_tuples",
                ],
            ),
            Step(
                "agreement-improves",
                ForAll(
                    [p],
                    Implies(
                        ForAll([j], in_rn(j, program(j, p))),
                        ForAll(
                            [i],
                            Implies(
                                theory.others_agree(p, i, rn_of(program(i, p))),
                                outcome(p) == improved(rn_of(program(i, p)), outcome(defaults(p))),
                            ),
                        ),
                    ),
                ),
                [
                    "agreement-is-mutual",
                    "agreement-played",
                    "outcome_of_programs",
                    "outcomes_are_tuples",
                ],
            ),
            Step(
                "agreement-is-mutual",
                ForAll(
                    [p, i, j],
                    Implies(
                        theory.others_agree(p, i, rn_of(program(i, p))),
                        And(
                            theory.others_agree(p, j, rn_of(program(j, p))),
                            improved(rn_of(program(j, p)), outcome(defaults(p)))
                            == improved(rn_of(program(i, p)), outcome(defaults(p))),
                        ),
                    ),
                ),
                ["others_agree"],
            ),
            Step(
                "agreement-played",
                ForAll(
                    [p],
                    Implies(
                        ForAll([j], in_rn(j, program(j, p))),
                        ForAll(
                            [i],
                            Implies(
                                theory.others_agree(p, i, rn_of(program(i, p))),
                                plays(i, program(i, p), p)
                                == action(i, improved(rn_of(program(i, p)), outcome(defaults(p)))),
                            ),
                        ),
                    ),
                ),
                ["algorithm_1", "own-program", "others_renegotiate"],
            ),
            Step(
                "wrapped-agreement",
                ForAll(
                    variables,
                    Implies(
                        And(case, others, agree), outcome(wrapped) == improved(rn_of(d), point)
                    ),
                ),
                ["agreement-improves", "replacement", "others_renegotiate"],
            ),
            Step(
                "bare-plays-default-itself",
                ForAll(
                    variables,
                    Implies(And(case, others, agree), plays(i, c, bare) == action(i, point)),
                ),
                [
                    "defaults-where-agreement-possible",
                    "default-action",
                    "programs_see_counterparts",
                ],
            ),
            Step(
                "bare-plays-defaults-one-by-one",
                ForAll(
                    [*variables, j],
                    Implies(And(case, others, agree), action(j, outcome(bare)) == action(j, point)),
                ),
                [
                    "defaults-where-agreement-possible",
                    "bare-plays-default-itself",
                    "replacement",
                    "outcome_of_programs",
                ],
            ),
            Step(
                "bare-plays-defaults",
                ForAll(variables, Implies(And(case, others, agree), outcome(bare) == point)),
                ["bare-plays-defaults-one-by-one", "outcomes_are_tuples"],
            ),
            Step(
                "pointwise",
                ForAll(variables, Implies(case, u(i, outcome(wrapped)) >= u(i, outcome(bare)))),
                [
                    "same-outcome",
                    "wrapped-agreement",
                    "bare-plays-defaults",
                    "renegotiation_programs",
                    "renegotiation_function",
                    "weakly_improves",
                ],
            ),
            Step(
                "in-expectation",
                ForAll([i, c, d], Implies(wraps, expected(i, d) >= expected(i, c))),
                ["pointwise", "pointwise_better"],
            ),
            Step(
                "wrapped-optimal",
                ForAll([i, c, d], Implies(wraps, theory.optimal(i, d))),
                ["in-expectation", "optimal", "default_or_rn"],
            ),
            Step(
                "wrapped-exists",
                ForAll(
                    [i, c],
                    Implies(
                        And(theory.optimal(i, c), Not(in_rn(i, c))),
                        Exists([d], And(in_rn(i, d), default(d) == c)),
                    ),
                ),
                [
                    "something-to-improve",
                    "renegotiation_programs_complete",
                    "optimal",
                    "default_or_rn",
                ],
            ),
            Step(
                "optimal-renegotiator-exists",
                ForAll(
                    [i, c],
                    Implies(
                        theory.optimal(i, c),
                        Exists([d], And(in_rn(i, d), theory.optimal(i, d))),
                    ),
                ),
                ["wrapped-exists", "wrapped-optimal"],
            ),
            Step(
                "everybody-has-one",
                ForAll(
                    [p],
                    Implies(
                        theory.subjective_equilibrium(p),
                        ForAll([i], Exists([d], And(in_rn(i, d), theory.optimal(i, d)))),
                    ),
                ),
                ["optimal-renegotiator-exists", "subjective_equilibrium"],
            ),
            Step(
                "goal",
                ForAll(
                    [p],
                    Implies(
                        And(theory.subjective_equilibrium(p), equilibrium_of),
                        Exists(
                            [q],
                            And(
                                ForAll([i], in_rn(i, program(i, q))),
                                theory.subjective_equilibrium(q),
                            ),
                        ),
                    ),
                ),
                [
                    "everybody-has-one",
                    "profile_of_optimal_renegotiators",
                    "subjective_equilibrium",
                ],
            ),
        ],
        why=(
            "Where every outcome is efficient there is no renegotiation program at all, and "
            "Assumption 5 is silent where the programs would agree."
        ),
    )
