"""What the parts of Theorem 3 suppose, and steps that they and other suites share."""

from collections.abc import Sequence

import z3
from def_6 import correlated_randomisation
from z3 import And, Exists, ForAll, Implies, Not, Or

from spi_verify.obligations import Hypothesis, Step
from spi_verify.theory import Theory
from spi_verify.theory.signature import (
    Outcome,
    Player,
    Profile,
    Program,
    action,
    agreement,
    believed,
    component,
    default,
    defaults,
    equilibrium,
    functions,
    in_csr,
    member,
    offers,
    outcome,
    plays,
    pmm,
    program,
    renegotiated,
    replace,
    sel,
    set_function,
    u,
)
from spi_verify.theory.terms import Formula, OutcomeTerm

i, j, k = z3.Consts("i j k", Player)
a, x, y = z3.Consts("a x y", Outcome)
c, d = z3.Consts("c d", Program)
p, q = z3.Consts("p q", Profile)

PROGRAMS = (
    "replacement",
    "same_programs",
    "profiles_are_tuples",
    "default_profile",
    "outcome_of_programs",
    "outcomes_are_tuples",
    "programs_see_counterparts",
)
CSR = (
    "csr_programs",
    "set_valued_renegotiation_function",
    "nonempty",
    "agreement_set",
    "renegotiation_outcome",
    "function_profile",
    "function_profiles_are_tuples",
    "set_functions_see_counterparts",
    "others_csr",
    "algorithm_2",
    "pmp_extension",
    "weakly_improves",
    "pmp",
)
default_point = outcome(defaults(replace(p, i, c)))
functions_before = functions(replace(p, i, c))
functions_after = functions(replace(p, i, d))
reached_before = renegotiated(sel, functions_before, default_point)
reached_after = renegotiated(sel, functions_after, default_point)


def selection(theory: Theory) -> list[Hypothesis]:
    """Return what is supposed of the selection function."""
    return [
        Hypothesis(
            "selection-function",
            theory.selection_function(sel),
            "The selection function picks an outcome that is efficient within the agreement set.",
        ),
        Hypothesis(
            "transitive-selection",
            theory.transitive(sel),
            "Adding outcomes that improve on the selected one makes nobody worse off.",
        ),
    ]


def no_punishment(theory: Theory) -> Hypothesis:
    """Return Assumption 9(ii)."""
    return Hypothesis(
        "extension-not-punished",
        theory.assumption_9_ii(),
        "Assumption 9(ii): believed counterparts answer a PMP-extension at most with projections.",
    )


def no_csr_punishment(theory: Theory) -> Hypothesis:
    """Return Assumption 9(i)."""
    return Hypothesis(
        "csr-not-punished",
        theory.assumption_9_i(),
        "Assumption 9(i): programs that do not renegotiate treat CSR programs as their defaults.",
    )


def everybody_renegotiates() -> Hypothesis:
    """Return the hypothesis that the equilibrium consists of CSR programs."""
    return Hypothesis(
        "everybody-uses-csr",
        ForAll([i], in_csr(sel, i, program(i, equilibrium))),
        "Every program of the equilibrium is a CSR program, so that it has a PMP-extension.",
    )


def extensions_there(theory: Theory) -> Hypothesis:
    """Return the closure property that Definition 8 takes for granted."""
    return Hypothesis(
        "extensions-exist",
        theory.extensions_exist(),
        "Every CSR program has a PMP-extension among the CSR programs.",
    )


def extensions_believed(theory: Theory) -> Hypothesis:
    """Return the hypothesis that beliefs do not exclude what the others will extend to."""
    return Hypothesis(
        "extensions-believed",
        ForAll([q], Implies(theory.extends_equilibrium(q), ForAll([i], believed(i, q)))),
        "Nobody excludes that the others use the extensions of their equilibrium programs.",
    )


def premises(theory: Theory) -> list[Hypothesis]:
    """Return what Theorem 3 supposes in all its parts, as printed."""
    return [
        *selection(theory),
        no_csr_punishment(theory),
        no_punishment(theory),
        extensions_there(theory),
        correlated_randomisation(theory),
        Hypothesis(
            "subjective-equilibrium",
            theory.subjective_equilibrium(equilibrium),
            "The profile before the extension is a subjective equilibrium.",
        ),
        Hypothesis(
            "somebody-below-the-pmm",
            Exists([i], u(i, outcome(equilibrium)) < pmm(i)),
            "Before the extension somebody gets less than the PMM.",
        ),
    ]


def single_player(theory: Theory) -> Formula:
    """Return the premise of the single-player step."""
    return And(believed(i, p), theory.others_csr(sel, p, i), theory.pmp_extension(i, c, d))


def same_payoffs(one: OutcomeTerm, other: OutcomeTerm) -> Formula:
    """Return that two outcomes pay everybody the same."""
    return ForAll([k], u(k, one) == u(k, other))


def common_steps(theory: Theory) -> list[Step]:
    """Return steps about replacing a program by itself."""
    return [
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
    ]


def reaching_steps() -> list[Step]:
    """Return the step that CSR programs play the renegotiation outcome."""
    all_csr = ForAll([i], in_csr(sel, i, program(i, p)))
    point = outcome(defaults(p))
    return [
        Step(
            "csr-programs-play",
            ForAll(
                [p],
                Implies(
                    all_csr,
                    ForAll(
                        [i],
                        plays(i, program(i, p), p)
                        == action(i, renegotiated(sel, functions(p), point)),
                    ),
                ),
            ),
            ["algorithm_2", "own-program", "others_csr"],
        ),
        Step(
            "csr-programs-reach",
            ForAll(
                [p],
                Implies(all_csr, outcome(p) == renegotiated(sel, functions(p), point)),
            ),
            ["csr-programs-play", "outcome_of_programs", "outcomes_are_tuples"],
        ),
    ]


def replaced_defaults_steps(theory: Theory) -> list[Step]:
    """Return that the defaults of (c, p_-i) are c's default and those of p_-i."""
    one, other = defaults(replace(p, i, c)), replace(defaults(p), i, default(c))
    return [
        Step(
            "defaults-of-replaced-one-by-one",
            ForAll([p, i, c], theory.same_programs(one, other)),
            ["default_profile", "replacement", "same_programs"],
        ),
        Step(
            "defaults-of-replaced",
            ForAll([p, i, c], one == other),
            ["defaults-of-replaced-one-by-one", "profiles_are_tuples"],
        ),
    ]


def defaults_steps(theory: Theory) -> list[Step]:
    """Return that extending a program leaves all defaults as they are."""
    extends = theory.pmp_extension(i, c, d)
    return [
        *replaced_defaults_steps(theory),
        Step(
            "extension-is-csr-with-the-same-default",
            ForAll(
                [i, c, d],
                Implies(
                    extends,
                    And(in_csr(sel, i, c), in_csr(sel, i, d), default(d) == default(c)),
                ),
            ),
            ["pmp_extension"],
        ),
        Step(
            "defaults-kept",
            ForAll(
                [i, p, c, d],
                Implies(extends, defaults(replace(p, i, d)) == defaults(replace(p, i, c))),
            ),
            ["defaults-of-replaced", "extension-is-csr-with-the-same-default"],
        ),
    ]


def extension_steps(theory: Theory) -> list[Step]:
    """Return what one player's extension does to the agreement set and to what is selected."""
    premise = single_player(theory)
    old, new = agreement(functions_before, default_point), agreement(functions_after, default_point)
    own_old = member(x, offers(i, set_function(c), functions_before, default_point))
    own_new = member(x, offers(i, set_function(d), functions_after, default_point))
    theirs_old = member(x, offers(j, set_function(program(j, p)), functions_before, default_point))
    theirs_new = member(x, offers(j, set_function(program(j, p)), functions_after, default_point))

    def all_of(variables: Sequence[z3.ExprRef], formula: Formula) -> Formula:
        return ForAll([i, p, c, d, *variables], Implies(premise, formula))

    return [
        Step(
            "functions-kept",
            ForAll(
                [p, i, c, j],
                component(j, functions(replace(p, i, c)))
                == z3.If(j == i, set_function(c), set_function(program(j, p))),
            ),
            ["function_profile", "replacement"],
        ),
        *defaults_steps(theory),
        Step(
            "own-offers-do-not-see-own-function",
            ForAll(
                [i, p, c, d, x, a],
                member(x, offers(i, set_function(c), functions(replace(p, i, d)), a))
                == member(x, offers(i, set_function(c), functions(replace(p, i, c)), a)),
            ),
            ["functions-kept", "set_functions_see_counterparts"],
        ),
        Step(
            "same-counterparts-same-functions",
            ForAll(
                [i, p, q, c, d],
                Implies(
                    ForAll(
                        [j],
                        Implies(
                            j != i,
                            component(j, functions(q)) == component(j, functions(replace(p, i, d))),
                        ),
                    ),
                    functions(replace(q, i, c)) == functions(replace(p, i, c)),
                ),
            ),
            ["functions-kept", "function_profile", "function_profiles_are_tuples"],
        ),
        Step(
            "own-offers-grow",
            all_of([x], Implies(own_old, own_new)),
            ["pmp_extension", "own-offers-do-not-see-own-function"],
        ),
        Step(
            "own-projections-offered",
            all_of([x], Implies(theory.pmp(i, x, reached_before), own_new)),
            ["pmp_extension", "functions-kept", "function_profile"],
        ),
        Step(
            "own-offers-grow-by-projections",
            all_of([x], Implies(own_new, Or(own_old, theory.pmp(i, x, reached_before)))),
            [
                "pmp_extension",
                "own-offers-do-not-see-own-function",
                "same-counterparts-same-functions",
            ],
        ),
        Step(
            "their-offers",
            all_of(
                [j, x],
                Implies(
                    j != i,
                    And(
                        Implies(theirs_old, theirs_new),
                        Implies(theirs_new, Or(theirs_old, theory.pmp(i, x, reached_before))),
                    ),
                ),
            ),
            ["extension-not-punished"],
        ),
        Step(
            "agreement-grows",
            all_of([x], Implies(member(x, old), member(x, new))),
            ["agreement_set", "functions-kept", "own-offers-grow", "their-offers"],
        ),
        Step(
            "agreement-grows-by-projections",
            all_of(
                [x],
                Implies(member(x, new), Or(member(x, old), theory.pmp(i, x, reached_before))),
            ),
            [
                "agreement_set",
                "functions-kept",
                "own-offers-grow-by-projections",
                "their-offers",
            ],
        ),
        Step(
            "projections-improve",
            ForAll([i, x, y], Implies(theory.pmp(i, x, y), theory.weakly_improves(x, y))),
            ["pmp", "weakly_improves"],
        ),
        Step(
            "improves-on-disagreement",
            all_of(
                [],
                Implies(
                    Not(theory.nonempty(old)), theory.weakly_improves(reached_after, reached_before)
                ),
            ),
            [
                "renegotiation_outcome",
                "nonempty",
                "selection-function",
                "selection_function",
                "agreement-grows-by-projections",
                "projections-improve",
                "weakly_improves",
            ],
        ),
        Step(
            "improves-on-agreement",
            all_of(
                [],
                Implies(
                    theory.nonempty(old), theory.weakly_improves(reached_after, reached_before)
                ),
            ),
            [
                "renegotiation_outcome",
                "nonempty",
                "transitive-selection",
                "transitive",
                "agreement-grows",
                "agreement-grows-by-projections",
                "projections-improve",
            ],
        ),
        Step(
            "renegotiation-improves",
            all_of([], theory.weakly_improves(reached_after, reached_before)),
            ["improves-on-disagreement", "improves-on-agreement"],
        ),
    ]
