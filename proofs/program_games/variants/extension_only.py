"""PMP-extensions that add points only against extensions, computed from the unextended functions.

What it says. That a function is an extension, and of which function, can be read off its code.
Against counterparts all of whose functions are extensions, at the default outcome, the extension
offers what the function offers and player i's projections of what all the *unextended* functions,
its own and theirs, would have reached among themselves. Against everybody else it offers what the
function offers.

Where it differs from Definition 8. There the counterparts enter as they are, extended or not, so
that two extensions that meet add projections of different outcomes. Here everybody computes the
same outcome. The price: the outcome is not one that player i's unextended program would have
reached against the counterparts it faces, if anybody's function treats an extension other than
what it extends.

With three or more players, one counterpart that is no extension is enough for nothing to be added.

What still holds. The repaired ``prop-4-spi``, ``prop-4-pmm`` and ``thm-3-wlog-csr``.
``thm-3-improves`` fails (``counterexamples/variants/extension_only``), and the shipped
steps prove the repaired ``thm-3-equilibrium``, ``thm-3-inclusion`` and ``thm-3-pmm`` no longer
(``docs/variants.md``).

What is gained. Everybody adds projections of one and the same outcome. If everybody's function
treats extensions as what they extend, the extended profile pays at least the PMM, whatever is
believed and whatever Assumption 9 says. The shipped steps are not those for it; the statement of
this file is::

    spi-verify prove proofs/variants/extension_only.py --with pmp_extension=extension_only
"""

from collections.abc import Sequence
from dataclasses import replace as with_changes

import z3
from z3 import And, Exists, ForAll, Implies, Or

from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.papers.loading import load_shipped
from spi_verify.programs import ExtensionOnly
from spi_verify.theory import Theory, carried_out_by
from spi_verify.theory.signature import (
    Outcome,
    Player,
    Profile,
    SetFunction,
    SetFunctions,
    agreement,
    component,
    default,
    defaults,
    equilibrium,
    functions,
    in_csr,
    member,
    offers,
    outcome,
    pmm,
    program,
    renegotiated,
    replace,
    sel,
    selected,
    set_function,
    u,
)
from spi_verify.theory.terms import Formula, PlayerTerm, ProgramTerm

i, j, k = z3.Consts("i j k", Player)
a, m, x, y = z3.Consts("a m x y", Outcome)
p, q = z3.Consts("p q", Profile)
R, Q = z3.Consts("R Q", SetFunctions)

is_extension = z3.Function("is_extension", SetFunction, z3.BoolSort())
"""Whether a function's code says that it is an extension."""
unextended = z3.Function("unextended", SetFunction, SetFunction)
"""The function that an extension extends; arbitrary for other functions."""


@carried_out_by(ExtensionOnly)
def pmp_extension(theory: Theory, i: PlayerTerm, c: ProgramTerm, d: ProgramTerm) -> Formula:
    """Say that d adds, against extensions, projections of what the unextended functions reach."""
    faced = component(j, R)
    adds = And(
        theory.others_csr(sel, p, i),
        ForAll([j], Implies(j != i, component(j, functions(p)) == faced)),
        outcome(defaults(replace(p, i, c))) == a,
        ForAll([j], Implies(j != i, is_extension(faced))),
        component(i, Q) == set_function(c),
        ForAll([j], Implies(j != i, component(j, Q) == unextended(faced))),
        theory.pmp(i, x, renegotiated(sel, Q, a)),
    )
    return And(
        in_csr(sel, i, c),
        in_csr(sel, i, d),
        default(d) == default(c),
        is_extension(set_function(d)),
        unextended(set_function(d)) == set_function(c),
        ForAll(
            [R, a, x],
            member(x, offers(i, set_function(d), R, a))
            == Or(member(x, offers(i, set_function(c), R, a)), Exists([p, Q], adds)),
        ),
    )


_point = outcome(defaults(q))
_old, _new = functions(equilibrium), functions(q)
_y, _z = renegotiated(sel, _old, _point), renegotiated(sel, _new, _point)


def statements(theory: Theory) -> list[Statement]:
    """Return the guarantee, in a theory in which this is the PMP-extension."""
    shipped = {one.id: one for one in load_shipped(theory) if isinstance(one, Statement)}
    inclusion, pmm_repaired = shipped["thm-3-inclusion"], shipped["thm-3-pmm/repaired"]
    base = pmm_repaired
    for name in (
        "csr-not-punished",
        "extension-not-punished",
        "subjective-equilibrium",
        "somebody-below-the-pmm",
        "extensions-believed",
    ):
        base = base.without(name)
    lemmas = {k: v for k, v in base.lemmas.items() if k != "extension_inclusion"}
    idle = (
        "csr_programs",
        "set_valued_renegotiation_function",
        "set_functions_see_counterparts",
        "default_or_csr",
        "optimal",
        "subjective_equilibrium",
    )
    own = program(i, equilibrium)
    unseen = Hypothesis(
        "extensions-go-unseen",
        ForAll(
            [q],
            Implies(
                theory.extends_equilibrium(q),
                ForAll(
                    [i, x],
                    member(x, offers(i, set_function(own), _new, _point))
                    == member(x, offers(i, set_function(own), _old, _point)),
                ),
            ),
        ),
        "Everybody's function offers against extensions what it offers against what they extend.",
    )
    about_defaults = [
        step
        for step in inclusion.steps
        if step.name.startswith("defaults-") or step.name.startswith("extension-is-csr")
    ]
    kept = {step.name: step for step in base.steps}
    first = [step for name, step in kept.items() if name.startswith(("own-program", "csr-"))]
    first += [kept["everything-has-projections"], kept["common-projection"]]
    last = [kept[name] for name in ("extensions-guarantee", "profile-exists", "goal")]
    return [
        with_changes(
            base,
            id="pmm-if-extensions-go-unseen",
            hypotheses=(*base.hypotheses, unseen),
            added=(*base.added, unseen.name),
            definitions=tuple(name for name in base.definitions if name not in idle),
            lemmas=lemmas,
            scene=Exists([q, i], And(theory.extends_equilibrium(q), program(i, q) != own)),
            steps=(
                *first,
                *about_defaults,
                *_offer_steps(theory),
                *_agreement_steps(theory),
                *last,
            ),
        )
    ]


def _offer_steps(theory: Theory) -> list[Step]:
    """Return what everybody's extension offers where all are extended."""
    extended = theory.extends_equilibrium(q)
    own = program(i, equilibrium)
    offered = member(x, offers(i, set_function(program(i, q)), _new, _point))
    faced = component(j, _new)
    unextended_profile = And(
        component(i, Q) == set_function(own),
        ForAll([j], Implies(j != i, component(j, Q) == unextended(faced))),
    )

    def always(variables: Sequence[z3.ExprRef], formula: Formula) -> Formula:
        return ForAll([q, *variables], Implies(extended, formula))

    return [
        Step(
            "everybody-is-marked",
            always(
                [j],
                And(
                    is_extension(faced),
                    unextended(faced) == component(j, _old),
                    in_csr(sel, j, program(j, q)),
                    theory.pmp_extension(j, program(j, equilibrium), program(j, q)),
                ),
            ),
            ["pmp_extension", "extends_equilibrium", "function_profile"],
        ),
        Step(
            "unextended-functions-are-those-of-the-equilibrium",
            always([i, Q], Implies(unextended_profile, _old == Q)),
            ["everybody-is-marked", "function_profile", "function_profiles_are_tuples"],
        ),
        Step(
            "defaults-as-before",
            always([i], defaults(replace(q, i, own)) == defaults(q)),
            ["everybody-is-marked", "own-program", "defaults-kept"],
        ),
        Step(
            "projections-offered",
            always([i, x], Implies(theory.pmp(i, x, _y), offered)),
            [
                "pmp_extension",
                "everybody-is-marked",
                "defaults-as-before",
                "others_csr",
                "function_profile",
            ],
        ),
        Step(
            "old-offers-offered",
            always(
                [i, x],
                Implies(member(x, offers(i, set_function(own), _old, _point)), offered),
            ),
            ["pmp_extension", "everybody-is-marked", "extensions-go-unseen"],
        ),
        Step(
            "nothing-else-offered",
            always(
                [i, x],
                Implies(
                    offered,
                    Or(
                        member(x, offers(i, set_function(own), _old, _point)),
                        theory.pmp(i, x, _y),
                    ),
                ),
            ),
            [
                "pmp_extension",
                "everybody-is-marked",
                "unextended-functions-are-those-of-the-equilibrium",
                "extensions-go-unseen",
            ],
        ),
    ]


def _agreement_steps(theory: Theory) -> list[Step]:
    """Return what is agreed on, and what it pays."""
    extended = theory.extends_equilibrium(q)
    old, new = agreement(_old, _point), agreement(_new, _point)
    shared = And(extended, ForAll([i], theory.pmp(i, m, _y)))
    better_than_before = theory.weakly_improves(x, _y)

    def always(variables: Sequence[z3.ExprRef], formula: Formula) -> Formula:
        return ForAll([q, *variables], Implies(extended, formula))

    def where_shared(variables: Sequence[z3.ExprRef], formula: Formula) -> Formula:
        return ForAll([q, m, *variables], Implies(shared, formula))

    return [
        Step(
            "agreement-grows",
            always([x], Implies(member(x, old), member(x, new))),
            ["agreement_set", "function_profile", "old-offers-offered"],
        ),
        Step(
            "agreement-grows-by-projections",
            always(
                [x],
                Implies(member(x, new), Or(member(x, old), Exists([i], theory.pmp(i, x, _y)))),
            ),
            ["agreement_set", "function_profile", "nothing-else-offered"],
        ),
        Step(
            "shared-projections-agreed",
            where_shared([], member(m, new)),
            ["agreement_set", "function_profile", "projections-offered"],
        ),
        Step(
            "projections-improve",
            ForAll([i, x, y], Implies(theory.pmp(i, x, y), theory.weakly_improves(x, y))),
            ["pmp", "weakly_improves"],
        ),
        Step(
            "projections-pay-everybody",
            ForAll([i, x, y, k], Implies(theory.pmp(i, x, y), u(k, x) >= pmm(k))),
            ["pmp"],
        ),
        Step(
            "something-agreed",
            where_shared([], theory.nonempty(new)),
            ["shared-projections-agreed", "nonempty"],
        ),
        Step(
            "something-selected",
            where_shared([], And(_z == selected(sel, new), member(_z, new))),
            [
                "something-agreed",
                "renegotiation_outcome",
                "selection-function",
                "selection_function",
            ],
        ),
        Step(
            "something-old",
            ForAll([q, x], Implies(member(x, old), theory.nonempty(old))),
            ["nonempty"],
        ),
        Step(
            "selected-before",
            ForAll([q], Implies(theory.nonempty(old), _y == selected(sel, old))),
            ["renegotiation_outcome"],
        ),
        Step(
            "old-improvements-are-as-good",
            ForAll(
                [q, x, k],
                Implies(
                    And(member(x, old), theory.weakly_improves(x, _y)),
                    u(k, x) == u(k, _y),
                ),
            ),
            [
                "something-old",
                "selected-before",
                "selection-function",
                "selection_function",
                "weakly_improves",
            ],
        ),
        Step(
            "agreement-grows-by-improvements",
            always([x], Implies(member(x, new), Or(member(x, old), better_than_before))),
            ["agreement-grows-by-projections", "projections-improve"],
        ),
        Step(
            "selected-improves",
            always(
                [],
                Implies(
                    theory.nonempty(old),
                    theory.weakly_improves(selected(sel, new), selected(sel, old)),
                ),
            ),
            [
                "selected-before",
                "transitive-selection",
                "transitive",
                "agreement-grows",
                "agreement-grows-by-improvements",
            ],
        ),
        Step(
            "improves-on-agreement",
            where_shared([], Implies(theory.nonempty(old), theory.weakly_improves(_z, _y))),
            ["selected-before", "something-selected", "selected-improves"],
        ),
        Step(
            "as-good-as-what-is-shared",
            where_shared(
                [], Implies(theory.weakly_improves(m, _z), ForAll([k], u(k, _z) == u(k, m)))
            ),
            [
                "something-agreed",
                "something-selected",
                "shared-projections-agreed",
                "selection-function",
                "selection_function",
                "weakly_improves",
            ],
        ),
        Step(
            "selected-among-the-old-as-before",
            where_shared([k], Implies(member(_z, old), u(k, _z) == u(k, _y))),
            ["something-old", "old-improvements-are-as-good", "improves-on-agreement"],
        ),
        Step(
            "selected-among-the-old-is-as-good",
            where_shared([k], Implies(member(_z, old), u(k, _z) == u(k, m))),
            [
                "selected-among-the-old-as-before",
                "as-good-as-what-is-shared",
                "projections-improve",
                "weakly_improves",
            ],
        ),
        Step(
            "as-good-or-enough",
            where_shared([k], Or(u(k, _z) >= pmm(k), u(k, _z) >= u(k, m))),
            [
                "something-selected",
                "agreement-grows-by-projections",
                "selected-among-the-old-is-as-good",
                "projections-pay-everybody",
            ],
        ),
        Step(
            "renegotiation-guarantees",
            ForAll([q, i], Implies(extended, u(i, _z) >= pmm(i))),
            ["common-projection", "as-good-or-enough", "projections-pay-everybody"],
        ),
    ]
