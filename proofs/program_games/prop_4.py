"""Proposition 4: CSR with projections in every renegotiation set is an SPI that pays the PMM.

``prop-4-spi``. As in Proposition 1, an SPI needs a strict gain at some profile of default
programs, and nothing says that these ever end where renegotiation changes anything. Repaired: at
some profile of default programs it does.

``prop-4-pmm``. Every projection of what is reached is offered by everybody, so all projections
that the players share are agreed on, and what is selected is efficient among them. There is a
shared one by ``def-6-meet``, for which the continuous action sets of Theorem 3 are needed:
players can randomise jointly. Theorem 3 concludes from continuity that every projection has a
point, which fails with three players (``def-6-nonempty``): then nobody needs to offer anything.
Repaired, it is supposed. That the PMM exists as a minimum is nowhere proved in the paper, and is
supposed, too; in a polytope it is always attained. Beliefs, Assumption 9 and transitivity play
no part.
"""

import z3
from def_6 import correlated_randomisation, pmm_attained, projections_nonempty
from thm_3_common import common_steps, no_csr_punishment, no_punishment, reaching_steps, selection
from z3 import And, Exists, ForAll, Implies

from spi_verify.obligations import Hypothesis, Statement, Step, literal_and_repaired
from spi_verify.theory import Theory
from spi_verify.theory.definitions import maximum
from spi_verify.theory.signature import (
    Outcome,
    Player,
    Profile,
    SetFunctions,
    agreement,
    component,
    default,
    defaults,
    functions,
    in_csr,
    in_default_set,
    member,
    offers,
    outcome,
    pmm,
    program,
    renegotiated,
    sel,
    selected,
    set_function,
    transformed,
    u,
)
from spi_verify.theory.terms import Formula

i, j = z3.Consts("i j", Player)
a, m, x = z3.Consts("a m x", Outcome)
p = z3.Const("p", Profile)
R = z3.Const("R", SetFunctions)
announced = z3.Const("announced", SetFunctions)

from_default_set = ForAll([i], in_default_set(i, program(i, p)))
reached = renegotiated(sel, announced, a)


def for_defaults(formula: Formula) -> Formula:
    """Return a formula said of all profiles of default programs."""
    return ForAll([p], Implies(from_default_set, formula))


def statements(theory: Theory) -> list[Statement]:
    """Return both readings of both parts."""
    return [*_spi(theory), *_pmm(theory)]


def _hypotheses(theory: Theory) -> list[Hypothesis]:
    f_i = program(i, transformed(p))
    own = component(i, announced)
    return [
        *selection(theory),
        no_csr_punishment(theory),
        no_punishment(theory),
        correlated_randomisation(theory),
        Hypothesis(
            "f-wraps-defaults-in-csr",
            for_defaults(
                ForAll(
                    [i],
                    And(
                        in_csr(sel, i, f_i),
                        set_function(f_i) == own,
                        default(f_i) == program(i, p),
                    ),
                )
            ),
            "f gives every player Algorithm 2 with their set-valued renegotiation function and "
            "their own program as the default.",
        ),
        Hypothesis(
            "set-valued-renegotiation-functions",
            ForAll([i], theory.set_valued_renegotiation_function(i, own)),
            "Everybody's function offers improvements only, and always some strict one.",
        ),
        Hypothesis(
            "projections-offered",
            ForAll(
                [i, R],
                Implies(
                    component(i, R) == own,
                    ForAll(
                        [a, x],
                        Implies(
                            theory.pmp(i, x, renegotiated(sel, R, a)),
                            member(x, offers(i, own, R, a)),
                        ),
                    ),
                ),
            ),
            "Whatever the others' functions, everybody offers their projections of what is "
            "reached.",
        ),
    ]


def _common_steps(theory: Theory) -> list[Step]:
    return [
        *common_steps(theory),
        *reaching_steps(),
        Step(
            "functions-announced",
            for_defaults(functions(transformed(p)) == announced),
            ["f-wraps-defaults-in-csr", "function_profile", "function_profiles_are_tuples"],
        ),
        Step(
            "defaults-return-one-by-one",
            for_defaults(theory.same_programs(defaults(transformed(p)), p)),
            ["f-wraps-defaults-in-csr", "default_profile", "same_programs"],
        ),
        Step(
            "defaults-return",
            for_defaults(defaults(transformed(p)) == p),
            ["defaults-return-one-by-one", "profiles_are_tuples"],
        ),
        Step(
            "outcome-renegotiated",
            for_defaults(outcome(transformed(p)) == renegotiated(sel, announced, outcome(p))),
            [
                "f-wraps-defaults-in-csr",
                "functions-announced",
                "defaults-return",
                "csr-programs-reach",
            ],
        ),
    ]


def _improving_steps(theory: Theory) -> list[Step]:
    return [
        Step(
            "agreements-improve",
            ForAll(
                [a, x],
                Implies(member(x, agreement(announced, a)), theory.weakly_improves(x, a)),
            ),
            [
                "agreement_set",
                "set-valued-renegotiation-functions",
                "set_valued_renegotiation_function",
            ],
        ),
        Step(
            "renegotiation-improves",
            ForAll([a], theory.weakly_improves(reached, a)),
            [
                "agreements-improve",
                "renegotiation_outcome",
                "nonempty",
                "selection-function",
                "selection_function",
                "weakly_improves",
            ],
        ),
    ]


_DEFINITIONS = (
    "replacement",
    "same_programs",
    "profiles_are_tuples",
    "default_profile",
    "outcome_of_programs",
    "outcomes_are_tuples",
    "nonempty",
    "agreement_set",
    "renegotiation_outcome",
    "function_profile",
    "function_profiles_are_tuples",
    "others_csr",
    "algorithm_2",
    "set_valued_renegotiation_function",
    "selection_function",
    "weakly_improves",
    "pmp",
    "efficient",
    "transitive",
    "pmp_extension",
    "optimal",
    "subjective_equilibrium",
)


def _spi(theory: Theory) -> list[Statement]:
    return literal_and_repaired(
        "prop-4-spi",
        title="Wrapping programs in CSR with projections is an SPI",
        theory=theory,
        hypotheses=_hypotheses(theory),
        added=[
            Hypothesis(
                "somebody-gains",
                Exists(
                    [p],
                    And(
                        from_default_set,
                        Exists(
                            [j],
                            u(j, renegotiated(sel, announced, outcome(p))) != u(j, outcome(p)),
                        ),
                    ),
                ),
                "Some profile of default programs ends where renegotiation changes a payoff.",
            )
        ],
        definitions=_DEFINITIONS,
        steps=[
            *_common_steps(theory),
            *_improving_steps(theory),
            Step(
                "goal",
                theory.spi(),
                [
                    "outcome-renegotiated",
                    "renegotiation-improves",
                    "weakly_improves",
                    "somebody-gains",
                ],
            ),
        ],
        why=(
            "Definition 3 wants a strict gain at some profile of default programs, and nothing "
            "says that one ends in an outcome that renegotiation changes."
        ),
    )


def _pmm(theory: Theory) -> list[Statement]:
    shared = ForAll([i], theory.pmp(i, m, reached))
    return literal_and_repaired(
        "prop-4-pmm",
        title="Wrapping programs in CSR with projections guarantees the PMM",
        theory=theory,
        hypotheses=_hypotheses(theory),
        added=[projections_nonempty(theory), pmm_attained(theory)],
        definitions=(*_DEFINITIONS, "has_projections"),
        lemmas={"projections_meet": "def-6-meet/repaired"},
        steps=(
            *_common_steps(theory),
            *_improving_steps(theory),
            Step(
                "everything-has-projections",
                ForAll([x], theory.has_projections(x)),
                ["projections-nonempty", "has_projections"],
            ),
            Step(
                "common-projection",
                ForAll([x], Exists([m], ForAll([i], theory.pmp(i, m, x)))),
                ["everything-has-projections", "projections_meet"],
            ),
            Step(
                "projections-agreed",
                ForAll([a, m], Implies(shared, member(m, agreement(announced, a)))),
                ["projections-offered", "agreement_set"],
            ),
            Step(
                "projections-pay-the-pmm",
                ForAll(
                    [i, x, m],
                    Implies(theory.pmp(i, m, x), And(u(i, m) >= pmm(i), u(i, m) >= u(i, x))),
                ),
                ["pmp"],
            ),
            Step(
                "something-agreed",
                ForAll([a, m], Implies(shared, theory.nonempty(agreement(announced, a)))),
                ["projections-agreed", "nonempty"],
            ),
            Step(
                "selected-reached",
                ForAll(
                    [a, m],
                    Implies(shared, reached == selected(sel, agreement(announced, a))),
                ),
                ["something-agreed", "renegotiation_outcome"],
            ),
            Step(
                "shared-projections-improve",
                ForAll([a, m], Implies(shared, theory.weakly_improves(m, reached))),
                ["projections-pay-the-pmm", "weakly_improves"],
            ),
            Step(
                "selected-is-as-good",
                ForAll([a, m, i], Implies(shared, u(i, reached) >= u(i, m))),
                [
                    "something-agreed",
                    "selected-reached",
                    "projections-agreed",
                    "shared-projections-improve",
                    "selection-function",
                    "selection_function",
                ],
            ),
            Step(
                "renegotiation-guarantees",
                ForAll([a, i], u(i, reached) >= pmm(i)),
                ["common-projection", "selected-is-as-good", "projections-pay-the-pmm"],
            ),
            Step(
                "goal",
                for_defaults(
                    ForAll(
                        [i],
                        u(i, outcome(transformed(p))) >= maximum(u(i, outcome(p)), pmm(i)),
                    )
                ),
                [
                    "outcome-renegotiated",
                    "renegotiation-improves",
                    "weakly_improves",
                    "renegotiation-guarantees",
                ],
            ),
        ),
        why=(
            "With three or more players a projection may be empty although the feasible set is "
            "convex, and then nothing has to be offered; nor need the PMM be attained."
        ),
    )
