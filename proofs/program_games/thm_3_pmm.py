"""Theorem 3: the extended programs pay everybody their PMM."""

import z3
from def_6 import pmm_attained, projections_nonempty
from thm_3_common import (
    CSR,
    PROGRAMS,
    common_steps,
    everybody_renegotiates,
    extensions_believed,
    premises,
    reaching_steps,
)
from z3 import And, Exists, ForAll, Implies

from spi_verify.obligations import Statement, Step, literal_and_repaired
from spi_verify.theory import Theory
from spi_verify.theory.signature import (
    Outcome,
    Player,
    Profile,
    agreement,
    defaults,
    functions,
    member,
    outcome,
    pmm,
    renegotiated,
    sel,
    selected,
    u,
)

i = z3.Const("i", Player)
m, x = z3.Consts("m x", Outcome)
q = z3.Const("q", Profile)


def pmm_guaranteed(theory: Theory) -> list[Statement]:
    """Return both readings."""
    extended = theory.extends_equilibrium(q)
    point = outcome(defaults(q))
    reached = renegotiated(sel, functions(q), point)
    agreed = agreement(functions(q), point)
    everywhere = ForAll([i], theory.pmp(i, m, reached))
    guarantee = ForAll([i], u(i, outcome(q)) >= pmm(i))
    return literal_and_repaired(
        "thm-3-pmm",
        title="The extended profile pays at least the PMM",
        theory=theory,
        hypotheses=premises(theory),
        added=[
            everybody_renegotiates(),
            extensions_believed(theory),
            projections_nonempty(theory),
            pmm_attained(theory),
        ],
        definitions=[
            *PROGRAMS[:-1],
            *CSR[:11],
            "weakly_improves",
            "pmp",
            "efficient",
            "selection_function",
            "transitive",
            "has_projections",
            "default_or_csr",
            "optimal",
            "subjective_equilibrium",
            "extends_equilibrium",
            "profile_of_extensions",
        ],
        lemmas={
            "extension_inclusion": "thm-3-inclusion/repaired",
            "projections_meet": "def-6-meet/repaired",
        },
        steps=[
            *common_steps(theory),
            *reaching_steps(),
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
                ForAll([q, m], Implies(And(extended, everywhere), member(m, agreed))),
                ["extension_inclusion", "agreement_set", "function_profile"],
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
                ForAll([q, m], Implies(And(extended, everywhere), theory.nonempty(agreed))),
                ["projections-agreed", "nonempty"],
            ),
            Step(
                "selected-reached",
                ForAll(
                    [q, m],
                    Implies(And(extended, everywhere), reached == selected(sel, agreed)),
                ),
                ["something-agreed", "renegotiation_outcome"],
            ),
            Step(
                "shared-projections-improve",
                ForAll([q, m], Implies(everywhere, theory.weakly_improves(m, reached))),
                ["projections-pay-the-pmm", "weakly_improves"],
            ),
            Step(
                "selected-is-as-good",
                ForAll([q, m, i], Implies(And(extended, everywhere), u(i, reached) >= u(i, m))),
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
                ForAll([q, i], Implies(extended, u(i, reached) >= pmm(i))),
                ["common-projection", "selected-is-as-good", "projections-pay-the-pmm"],
            ),
            Step(
                "extensions-guarantee",
                ForAll([q], Implies(extended, guarantee)),
                [
                    "renegotiation-guarantees",
                    "csr-programs-reach",
                    "extends_equilibrium",
                    "pmp_extension",
                ],
            ),
            Step(
                "profile-exists",
                Exists([q], extended),
                [
                    "everybody-uses-csr",
                    "extensions-exist",
                    "profile_of_extensions",
                    "extends_equilibrium",
                ],
            ),
            Step(
                "goal",
                Exists([q], And(extended, guarantee)),
                ["profile-exists", "extensions-guarantee"],
            ),
        ],
        why=(
            "Programs that are no CSR programs have no PMP-extension. Different players' "
            "extensions add projections of different outcomes, whose intersection may be empty; "
            "Assumption 9 binds beliefs, not the programs in play."
        ),
    )
