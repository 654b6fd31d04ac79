"""Theorem 3: the extended programs are an equilibrium."""

import z3
from thm_3_common import PROGRAMS, defaults_steps, everybody_renegotiates, premises
from z3 import And, Exists, ForAll, Implies, Not, Or

from spi_verify.obligations import Hypothesis, Statement, Step, literal_and_repaired
from spi_verify.theory import Theory
from spi_verify.theory.signature import (
    Player,
    Profile,
    Program,
    believed,
    default,
    equilibrium,
    expected,
    in_csr,
    outcome,
    plays,
    program,
    replace,
    sel,
    u,
)

i, j, k = z3.Consts("i j k", Player)
c, d = z3.Consts("c d", Program)
p, q = z3.Consts("p q", Profile)


def equilibrium_kept(theory: Theory) -> list[Statement]:
    """Return both readings."""
    unreached = Or(
        in_csr(sel, j, program(j, p)),
        Not(theory.others_csr(sel, replace(p, i, c), j)),
    )
    extends = theory.pmp_extension(i, c, d)
    same_reply = plays(j, program(j, p), replace(p, i, d)) == plays(
        j, program(j, p), replace(p, i, c)
    )
    outsider = And(believed(i, p), Not(theory.others_csr(sel, p, i)), extends)
    better = u(i, outcome(replace(p, i, d))) >= u(i, outcome(replace(p, i, c)))
    return literal_and_repaired(
        "thm-3-equilibrium",
        title="The extended profile is a subjective equilibrium",
        theory=theory,
        hypotheses=premises(theory),
        added=[
            everybody_renegotiates(),
            Hypothesis(
                "extension-unnoticed",
                ForAll(
                    [i, p, c, d, j],
                    Implies(And(outsider, j != i, unreached), same_reply),
                ),
                "In a believed profile in which somebody does not use CSR, so that nobody "
                "renegotiates, counterparts whom 9(i) does not bind do not react to an extension.",
            ),
        ],
        definitions=[
            *PROGRAMS,
            "csr_programs",
            "set_valued_renegotiation_function",
            "others_csr",
            "algorithm_2",
            "pmp_extension",
            "weakly_improves",
            "default_or_csr",
            "optimal",
            "subjective_equilibrium",
            "extends_equilibrium",
            "profile_of_extensions",
        ],
        lemmas={
            "extension_improves": "thm-3-improves",
            "pointwise_better": "expected-utility",
        },
        scene=Exists(
            [q, i],
            And(theory.extends_equilibrium(q), program(i, q) != program(i, equilibrium)),
        ),
        steps=[
            *defaults_steps(theory),
            Step(
                "csr-programs-stay-csr",
                ForAll(
                    [i, p, c, d, k],
                    Implies(
                        extends,
                        in_csr(sel, k, program(k, replace(p, i, d)))
                        == in_csr(sel, k, program(k, replace(p, i, c))),
                    ),
                ),
                ["replacement", "extension-is-csr-with-the-same-default"],
            ),
            Step(
                "others-stay-csr",
                ForAll(
                    [i, p, c, d, j],
                    Implies(
                        extends,
                        theory.others_csr(sel, replace(p, i, d), j)
                        == theory.others_csr(sel, replace(p, i, c), j),
                    ),
                ),
                ["others_csr", "csr-programs-stay-csr"],
            ),
            Step(
                "outsiders-see-defaults",
                ForAll(
                    [i, p, c, d, j],
                    Implies(
                        And(outsider, j != i, Not(unreached)),
                        same_reply,
                    ),
                ),
                ["csr-not-punished", "replacement", "defaults-kept", "others-stay-csr"],
            ),
            Step(
                "others-reply-alike",
                ForAll([i, p, c, d, j], Implies(And(outsider, j != i), same_reply)),
                ["outsiders-see-defaults", "extension-unnoticed"],
            ),
            Step(
                "csr-programs-play-their-defaults-otherwise",
                ForAll(
                    [i, p, c],
                    Implies(
                        And(in_csr(sel, i, c), Not(theory.others_csr(sel, p, i))),
                        plays(i, c, p) == plays(i, default(c), p),
                    ),
                ),
                ["algorithm_2"],
            ),
            Step(
                "extension-plays-the-default",
                ForAll(
                    [i, p, c, d],
                    Implies(
                        outsider, plays(i, d, replace(p, i, d)) == plays(i, c, replace(p, i, c))
                    ),
                ),
                [
                    "csr-programs-play-their-defaults-otherwise",
                    "programs_see_counterparts",
                    "extension-is-csr-with-the-same-default",
                ],
            ),
            Step(
                "same-outcome",
                ForAll(
                    [i, p, c, d],
                    Implies(outsider, outcome(replace(p, i, d)) == outcome(replace(p, i, c))),
                ),
                [
                    "others-reply-alike",
                    "extension-plays-the-default",
                    "replacement",
                    "outcome_of_programs",
                    "outcomes_are_tuples",
                ],
            ),
            Step(
                "pointwise",
                ForAll([i, p, c, d], Implies(And(believed(i, p), extends), better)),
                ["same-outcome", "extension_improves", "weakly_improves"],
            ),
            Step(
                "in-expectation",
                ForAll([i, c, d], Implies(extends, expected(i, d) >= expected(i, c))),
                ["pointwise", "pointwise_better"],
            ),
            Step(
                "extension-optimal",
                ForAll(
                    [i, c, d], Implies(And(theory.optimal(i, c), extends), theory.optimal(i, d))
                ),
                [
                    "in-expectation",
                    "optimal",
                    "default_or_csr",
                    "extension-is-csr-with-the-same-default",
                ],
            ),
            Step(
                "profile-exists",
                Exists([q], theory.extends_equilibrium(q)),
                [
                    "everybody-uses-csr",
                    "extensions-exist",
                    "profile_of_extensions",
                    "extends_equilibrium",
                ],
            ),
            Step(
                "profile-in-equilibrium",
                ForAll(
                    [q],
                    Implies(theory.extends_equilibrium(q), theory.subjective_equilibrium(q)),
                ),
                [
                    "subjective-equilibrium",
                    "subjective_equilibrium",
                    "extends_equilibrium",
                    "extension-optimal",
                ],
            ),
            Step(
                "goal",
                Exists(
                    [q],
                    And(theory.extends_equilibrium(q), theory.subjective_equilibrium(q)),
                ),
                ["profile-exists", "profile-in-equilibrium"],
            ),
        ],
        why=(
            "Programs that are no CSR programs have no PMP-extension, and Assumption 9 leaves open "
            "how a believed profile that holds such a program reacts to an extension: it binds "
            "nobody's default."
        ),
    )
