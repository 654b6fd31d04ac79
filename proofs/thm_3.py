"""Theorem 3: PMP-extension does not hurt, keeps the equilibrium, and guarantees the PMM.

``thm-3-improves`` is the heart. Against believed counterparts that all use CSR programs,
extending adds to the agreement set points of player i's own projection and nothing else
(Assumption 9(ii)); these weakly improve on what was reached before, so that by transitivity what
is now selected does, too. The literal reading is proved.

``thm-3-equilibrium``. The literal reading takes the PMP-extension of every program of the
equilibrium, and only CSR programs have one. It also needs every believed profile, while
Assumption 9(ii) is about profiles of CSR programs. Where a believed profile holds a program that
is none, 9(i) binds that program only if everybody else in it uses CSR programs, and binds nobody's
*default*: with three players, a counterpart may react to the code of the extension.

``thm-3-inclusion`` and ``thm-3-pmm``. When everybody extends, player i's extension offers
projections of what the *unextended* p_i would have reached against the others' extensions. Those
are different outcomes for different players, so the intersection of the offers may miss every
projection of the common outcome. Assumption 9(ii) could exclude this, but it binds believed
profiles, and nothing says that the profile the others extend to is believed possible. Repaired:
it is. Then extending the last player's program either changes nobody's payoff or leads into that
player's projection, and in both cases the projections of the final outcome are offered, so they
are agreed on, and the selected outcome, being efficient among them, pays the PMM.

``thm-3-wlog-csr``. The proof replaces a program that does not renegotiate by one with an empty
set-valued renegotiation function. Definition 7 wants a strict improvement somewhere against
every profile, so the empty function is none: the claimed program is not there, and a hypothesis
that puts it there contradicts Definition 7. Repaired, with a changed definition: without its
condition that somebody gains somewhere, Definition 7 counts the empty function; and the programs
that refuse every offer are there. The claim is about what the *replaced* program plays; what others
play against it is another matter, on which nothing is claimed here.
"""

from collections.abc import Sequence

import z3
from def_6 import correlated_randomisation, pmm_attained, projections_nonempty
from z3 import And, Exists, ForAll, Implies, Not, Or

from spi_verify.obligations import Hypothesis, Statement, Step, literal_and_repaired
from spi_verify.theory import Theory
from spi_verify.theory.signature import (
    Outcome,
    Player,
    Profile,
    Program,
    SetFunctions,
    action,
    agreement,
    believed,
    component,
    default,
    defaults,
    equilibrium,
    expected,
    functions,
    in_csr,
    in_default_set,
    member,
    offers,
    outcome,
    plays,
    pmm,
    program,
    renegotiated,
    replace,
    sel,
    selected,
    set_function,
    u,
)
from spi_verify.theory.terms import Formula, OutcomeTerm, PlayerTerm, SetFunctionTerm
from spi_verify.verdicts import Verdict

i, j, k = z3.Consts("i j k", Player)
a, m, x, y, z = z3.Consts("a m x y z", Outcome)
c, d = z3.Consts("c d", Program)
p, q = z3.Consts("p q", Profile)
R = z3.Const("R", SetFunctions)

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


def _single_player(theory: Theory) -> Formula:
    """Return the premise of the single-player step."""
    return And(believed(i, p), theory.others_csr(sel, p, i), theory.pmp_extension(i, c, d))


_point = outcome(defaults(replace(p, i, c)))
_before = functions(replace(p, i, c))
_after = functions(replace(p, i, d))
_y = renegotiated(sel, _before, _point)
_z = renegotiated(sel, _after, _point)


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
    premise = _single_player(theory)
    old, new = agreement(_before, _point), agreement(_after, _point)
    own_old = member(x, offers(i, set_function(c), _before, _point))
    own_new = member(x, offers(i, set_function(d), _after, _point))
    theirs_old = member(x, offers(j, set_function(program(j, p)), _before, _point))
    theirs_new = member(x, offers(j, set_function(program(j, p)), _after, _point))

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
            all_of([x], Implies(theory.pmp(i, x, _y), own_new)),
            ["pmp_extension", "functions-kept", "function_profile"],
        ),
        Step(
            "own-offers-grow-by-projections",
            all_of([x], Implies(own_new, Or(own_old, theory.pmp(i, x, _y)))),
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
                        Implies(theirs_new, Or(theirs_old, theory.pmp(i, x, _y))),
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
                Implies(member(x, new), Or(member(x, old), theory.pmp(i, x, _y))),
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
            all_of([], Implies(Not(theory.nonempty(old)), theory.weakly_improves(_z, _y))),
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
            all_of([], Implies(theory.nonempty(old), theory.weakly_improves(_z, _y))),
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
            all_of([], theory.weakly_improves(_z, _y)),
            ["improves-on-disagreement", "improves-on-agreement"],
        ),
    ]


def statements(theory: Theory) -> list[Statement]:
    """Return both readings of the theorem's parts and of the claims in its proof."""
    return [
        _improves(theory),
        *_equilibrium(theory),
        *_inclusion(theory),
        *_pmm(theory),
        *_wlog_csr(theory),
    ]


def _improves(theory: Theory) -> Statement:
    premise = _single_player(theory)
    return Statement(
        id="thm-3-improves",
        title="Extending does not hurt against believed CSR programs",
        theory=theory,
        hypotheses=(*selection(theory), no_punishment(theory)),
        definitions=(*PROGRAMS[:-1], *CSR, "selection_function", "transitive"),
        scene=Exists(
            [i, p, c, d],
            And(premise, u(i, outcome(replace(p, i, d))) > u(i, outcome(replace(p, i, c)))),
        ),
        steps=(
            *common_steps(theory),
            *reaching_steps(),
            *extension_steps(theory),
            Step(
                "everybody-csr",
                ForAll(
                    [i, p, c],
                    Implies(
                        And(theory.others_csr(sel, p, i), in_csr(sel, i, c)),
                        ForAll([j], in_csr(sel, j, program(j, replace(p, i, c)))),
                    ),
                ),
                ["others_csr", "replacement"],
            ),
            Step(
                "outcomes-reached",
                ForAll(
                    [i, p, c, d],
                    Implies(
                        premise,
                        And(outcome(replace(p, i, c)) == _y, outcome(replace(p, i, d)) == _z),
                    ),
                ),
                [
                    "everybody-csr",
                    "csr-programs-reach",
                    "defaults-kept",
                    "extension-is-csr-with-the-same-default",
                ],
            ),
            Step(
                "goal",
                theory.extension_improves(),
                ["outcomes-reached", "renegotiation-improves"],
            ),
        ),
    )


def _equilibrium(theory: Theory) -> list[Statement]:
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


def _same_payoffs(one: OutcomeTerm, other: OutcomeTerm) -> Formula:
    return ForAll([k], u(k, one) == u(k, other))


def _inclusion(theory: Theory) -> list[Statement]:
    premise = _single_player(theory)
    changed = Or(_same_payoffs(_z, _y), theory.pmp(i, _z, _y))
    old = agreement(_before, _point)
    extended = theory.extends_equilibrium(q)
    own = program(i, equilibrium)
    return literal_and_repaired(
        "thm-3-inclusion",
        title="PMP_i of what the extensions reach is offered by player i's extension",
        theory=theory,
        hypotheses=premises(theory),
        added=[extensions_believed(theory)],
        definitions=[
            *PROGRAMS[:4],
            *(name for name in CSR if name != "algorithm_2"),
            "selection_function",
            "transitive",
            "extends_equilibrium",
        ],
        scene=Exists([q, i], And(extended, program(i, q) != own)),
        steps=[
            *common_steps(theory),
            *extension_steps(theory),
            Step(
                "no-change-or-projection-from-disagreement",
                ForAll(
                    [i, p, c, d],
                    Implies(And(premise, Not(theory.nonempty(old))), changed),
                ),
                [
                    "renegotiation_outcome",
                    "nonempty",
                    "selection-function",
                    "selection_function",
                    "agreement-grows-by-projections",
                ],
            ),
            Step(
                "no-change-or-projection-from-agreement",
                ForAll(
                    [i, p, c, d],
                    Implies(And(premise, theory.nonempty(old)), changed),
                ),
                [
                    "renegotiation_outcome",
                    "nonempty",
                    "selection-function",
                    "selection_function",
                    "agreement-grows",
                    "agreement-grows-by-projections",
                    "renegotiation-improves",
                    "weakly_improves",
                ],
            ),
            Step(
                "projections-compose",
                ForAll(
                    [i, x, y, z],
                    Implies(
                        And(
                            theory.pmp(i, x, z),
                            Or(_same_payoffs(z, y), theory.pmp(i, z, y)),
                        ),
                        theory.pmp(i, x, y),
                    ),
                ),
                ["pmp"],
            ),
            Step(
                "projections-of-the-new-outcome-offered",
                ForAll(
                    [i, p, c, d, x],
                    Implies(
                        And(premise, theory.pmp(i, x, _z)),
                        member(x, offers(i, set_function(d), _after, _point)),
                    ),
                ),
                [
                    "no-change-or-projection-from-disagreement",
                    "no-change-or-projection-from-agreement",
                    "projections-compose",
                    "own-projections-offered",
                ],
            ),
            Step(
                "single-player-step-applies",
                ForAll(
                    [q, i],
                    Implies(
                        extended,
                        And(
                            believed(i, q),
                            theory.others_csr(sel, q, i),
                            theory.pmp_extension(i, own, program(i, q)),
                            defaults(replace(q, i, own)) == defaults(q),
                        ),
                    ),
                ),
                [
                    "extends_equilibrium",
                    "extensions-believed",
                    "others_csr",
                    "extension-is-csr-with-the-same-default",
                    "own-program",
                    "defaults-kept",
                ],
            ),
            Step(
                "goal",
                theory.extension_inclusion(),
                [
                    "single-player-step-applies",
                    "own-program",
                    "projections-of-the-new-outcome-offered",
                ],
            ),
        ],
        why=(
            "Definition 8 adds projections of what p_i reaches against the others' extensions, "
            "not of what the extensions reach together, and Assumption 9 binds beliefs only."
        ),
    )


def _pmm(theory: Theory) -> list[Statement]:
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


def _only_improvements(theory: Theory, i: PlayerTerm, F: SetFunctionTerm) -> Formula:
    """Definition 7 without its second condition: offers only weak improvements."""
    return ForAll([R, a, x], Implies(member(x, offers(i, F, R, a)), theory.weakly_improves(x, a)))


def _wlog_csr(theory: Theory) -> list[Statement]:
    bound = And(
        Exists([q], And(theory.subjective_equilibrium(q), program(i, q) == c)),
        Not(in_csr(sel, i, c)),
    )
    refuses = And(
        in_csr(sel, i, d),
        default(d) == c,
        ForAll([R, a, x], Not(member(x, offers(i, set_function(d), R, a)))),
    )
    same_outputs = ForAll([p], plays(i, d, p) == plays(i, c, p))
    goal = ForAll(
        [i, c],
        Implies(
            bound,
            Exists([d], And(refuses, same_outputs)),
        ),
    )
    refusing = Hypothesis(
        "refusing-counts-as-csr",
        ForAll(
            [i, c],
            Implies(
                And(in_default_set(i, c), Not(in_csr(sel, i, c))),
                Exists(
                    [d],
                    And(
                        in_csr(sel, i, d),
                        default(d) == c,
                        ForAll([R, a, x], Not(member(x, offers(i, set_function(d), R, a)))),
                    ),
                ),
            ),
        ),
        "For every default program, the program that never accepts anything counts as CSR.",
    )
    definitions = (
        *PROGRAMS,
        "nonempty",
        "agreement_set",
        "renegotiation_outcome",
        "function_profile",
        "others_csr",
        "algorithm_2",
        "default_or_csr",
        "optimal",
        "subjective_equilibrium",
        "csr_programs",
        "set_valued_renegotiation_function",
        "weakly_improves",
    )
    steps = (
        Step(
            "used-programs-are-defaults",
            ForAll([i, c], Implies(bound, in_default_set(i, c))),
            ["subjective_equilibrium", "optimal", "default_or_csr"],
        ),
        Step(
            "no-agreement",
            ForAll(
                [i, d, c, p, a],
                Implies(
                    refuses,
                    renegotiated(sel, functions(replace(p, i, d)), a) == a,
                ),
            ),
            [
                "agreement_set",
                "nonempty",
                "renegotiation_outcome",
                "function_profile",
                "replacement",
            ],
        ),
        *replaced_defaults_steps(theory),
        Step(
            "default-action",
            ForAll(
                [i, d, p],
                action(i, outcome(defaults(replace(p, i, d)))) == plays(i, default(d), defaults(p)),
            ),
            [
                "defaults-of-replaced",
                "outcome_of_programs",
                "replacement",
                "programs_see_counterparts",
            ],
        ),
        Step(
            "refuser-stays-at-the-defaults",
            ForAll(
                [i, d, c, p],
                Implies(
                    And(refuses, theory.others_csr(sel, p, i)),
                    plays(i, d, p) == action(i, outcome(defaults(replace(p, i, d)))),
                ),
            ),
            ["no-agreement", "algorithm_2"],
        ),
        Step(
            "refuser-plays-against-csr",
            ForAll(
                [i, d, c, p],
                Implies(
                    And(refuses, theory.others_csr(sel, p, i)),
                    plays(i, d, p) == plays(i, c, defaults(p)),
                ),
            ),
            ["refuser-stays-at-the-defaults", "default-action"],
        ),
        Step(
            "refuser-plays-alike",
            ForAll([i, d, c, p], Implies(And(bound, refuses), plays(i, d, p) == plays(i, c, p))),
            ["refuser-plays-against-csr", "algorithm_2", "csr-not-punished"],
        ),
        Step(
            "goal",
            goal,
            ["used-programs-are-defaults", "refusing-counts-as-csr", "refuser-plays-alike"],
        ),
    )
    repaired = Statement(
        id="thm-3-wlog-csr/repaired",
        title="Every program may be taken to be a CSR program",
        theory=theory.with_(set_valued_renegotiation_function=_only_improvements),
        changed=("set_valued_renegotiation_function",),
        hypotheses=(*selection(theory), no_csr_punishment(theory), refusing),
        definitions=definitions,
        steps=steps,
        added=("refusing-counts-as-csr",),
        scene=Exists([i, c], bound),
    )
    without = repaired.without("refusing-counts-as-csr")
    literal = Statement(
        id="thm-3-wlog-csr",
        title=repaired.title,
        theory=theory,
        hypotheses=without.hypotheses,
        definitions=definitions,
        steps=without.steps,
        scene=repaired.scene,
        expected=Verdict.REFUTED,
        note=(
            "The replacing program has an empty set-valued renegotiation function, which "
            "Definition 7 does not count as one."
        ),
    )
    return [literal, repaired]
