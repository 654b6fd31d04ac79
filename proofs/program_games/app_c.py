"""Appendix C: what one selection function achieves, any other can.

Given everybody's set-valued renegotiation functions, new ones are built so that every selection
function has only the old outcome to choose.

Literal reading, with the construction that is printed. For all functions that CSR programs use
there are new ones that offer exactly the outcome selected from the old agreement set, and CSR
programs with these. Where the old functions agree on nothing better than the outcome itself,
anywhere, the new ones offer no strict improvement, so that Definition 7 does not count them. Where
the old functions do not agree, what a selection function makes of the empty set is anybody's guess.

Repaired, with another construction: of what the old functions agree on, the new ones offer only
what is selected, and everything else they offer as before. They agree on that outcome alone, and
where the old ones do not agree, neither do the new ones. They still offer a strict improvement,
because where the old ones agreed on one, what is selected is one, too: it is efficient in the set.
So the claim of the appendix holds with Definition 7 as it is, and only the construction fails.
Supposed is what "all functions" and "all programs" mean: functions of this form are there, and
under any selection function CSR programs with any functions and the given defaults.

The goal names one profile of new functions for all selection functions, says that programs with
them and the old defaults are there, and that all of those end in the old outcome.
"""

import z3
from thm_3_common import common_steps
from z3 import And, Exists, ForAll, Implies

from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.theory import Theory
from spi_verify.theory.signature import (
    Outcome,
    Player,
    Profile,
    Selection,
    SetFunctions,
    action,
    agreement,
    component,
    defaults,
    functions,
    in_csr,
    member,
    offers,
    outcome,
    plays,
    program,
    renegotiated,
    sel,
    selected,
    u,
)
from spi_verify.verdicts import Verdict

i = z3.Const("i", Player)
j, k = z3.Consts("j k", Player)
a, x, y = z3.Consts("a x y", Outcome)
p, q = z3.Consts("p q", Profile)
Q, R, T = z3.Consts("Q R T", SetFunctions)
s = z3.Const("s", Selection)
t = z3.Const("t", Selection)


_DEFINITIONS = (
    "replacement",
    "same_programs",
    "profiles_are_tuples",
    "outcome_of_programs",
    "outcomes_are_tuples",
    "nonempty",
    "agreement_set",
    "renegotiation_outcome",
    "function_profile",
    "usable_under_any_selection",
    "same_under_any_selection",
    "others_csr",
    "algorithm_2",
    "selection_function",
    "weakly_improves",
    "csr_programs",
    "set_valued_renegotiation_function",
)
_OF_BOTH = ("own-program-one-by-one", "own-program", "csr-programs-play", "csr-programs-reach")


def statements(theory: Theory) -> list[Statement]:
    """Return the literal and the repaired reading."""
    agreed = agreement(R, a)
    as_printed = ForAll(
        [i, a, x], member(x, offers(i, component(i, Q), Q, a)) == (x == selected(sel, agreed))
    )
    old = And(ForAll([i], in_csr(sel, i, program(i, p))), functions(p) == R)
    new = And(
        ForAll([i], in_csr(t, i, program(i, q))), functions(q) == Q, defaults(q) == defaults(p)
    )
    start = And(theory.selection_function(t), old)
    used = Exists([p], old)
    does = And(theory.usable_under_any_selection(Q, R), theory.same_under_any_selection(Q, R))
    built = theory.cut_to_what_is_selected(Q, R)
    there = Hypothesis(
        "functions-cut-to-what-is-selected",
        ForAll([R], Implies(used, Exists([Q], built))),
        "For all functions that CSR programs use there are others that, of what is agreed on, "
        "offer only what is selected, and everything else as before.",
    )
    usable = Hypothesis(
        "programs-for-all-functions",
        ForAll(
            [R, Q],
            Implies(
                theory.functions_as_in_definition_7(Q), theory.usable_under_any_selection(Q, R)
            ),
        ),
        "For all set-valued renegotiation functions and all defaults of CSR programs, there are "
        "CSR programs with them under every selection function.",
    )
    steps = _steps(theory)
    repaired = Statement(
        id="app-c/repaired",
        title="The same outcome can be constructed under any other selection function",
        theory=theory,
        hypotheses=(usable, there),
        definitions=(*_DEFINITIONS, "cut_to_what_is_selected", "functions_as_in_definition_7"),
        steps=(
            *steps,
            Step(
                "goal",
                ForAll(
                    [R],
                    Implies(And(theory.selection_function(sel), used), Exists([Q], does)),
                ),
                ["new-functions-legal", "they-end-alike", there.name, usable.name],
            ),
        ),
        added=(usable.name, there.name),
        scene=Exists([R, Q, t, p, q], And(theory.selection_function(sel), start, new, sel != t)),
        sizes={"SetFunction": 1, "SetFunctions": 1, "Selection": 2},
    )
    literal = Statement(
        id="app-c",
        title="The construction of Appendix C keeps the outcome under any selection function",
        theory=theory,
        hypotheses=(),
        definitions=_DEFINITIONS,
        steps=(
            *(step for step in steps if step.name in _OF_BOTH),
            Step(
                "goal",
                ForAll([R], Implies(used, Exists([Q], And(as_printed, does)))),
                ["csr-programs-reach", "same_under_any_selection"],
            ),
        ),
        scene=repaired.scene,
        expected=Verdict.REFUTED,
        note=(
            "Where the old programs agree on nothing better anywhere, the printed functions offer "
            "nothing better either, and Definition 7 does not count them; where they do not agree, "
            "what is selected from the empty set is not defined."
        ),
    )
    return [literal, repaired]


def _steps(theory: Theory) -> tuple[Step, ...]:
    """Return what comes before the goal: what the new functions are, and where they lead."""
    agreed = agreement(R, a)
    old = And(ForAll([i], in_csr(sel, i, program(i, p))), functions(p) == R)
    new = And(
        ForAll([i], in_csr(t, i, program(i, q))), functions(q) == Q, defaults(q) == defaults(p)
    )
    built = theory.cut_to_what_is_selected(Q, R)
    selects = theory.selection_function(sel)
    all_csr = ForAll([i], in_csr(s, i, program(i, p)))
    point = outcome(defaults(p))
    chosen = selected(sel, agreed)
    return (
        *common_steps(theory),
        Step(
            "csr-programs-play",
            ForAll(
                [s, p],
                Implies(
                    all_csr,
                    ForAll(
                        [i],
                        plays(i, program(i, p), p)
                        == action(i, renegotiated(s, functions(p), point)),
                    ),
                ),
            ),
            ["algorithm_2", "own-program", "others_csr"],
        ),
        Step(
            "csr-programs-reach",
            ForAll(
                [s, p],
                Implies(all_csr, outcome(p) == renegotiated(s, functions(p), point)),
            ),
            ["csr-programs-play", "outcome_of_programs", "outcomes_are_tuples"],
        ),
        Step(
            "selected-is-agreed",
            ForAll(
                [R, a],
                Implies(And(selects, theory.nonempty(agreed)), member(chosen, agreed)),
            ),
            ["selection_function"],
        ),
        Step(
            "new-agreement",
            ForAll(
                [R, Q],
                Implies(
                    built,
                    ForAll(
                        [a, x],
                        member(x, agreement(Q, a)) == And(theory.nonempty(agreed), x == chosen),
                    ),
                ),
            ),
            ["agreement_set", "cut_to_what_is_selected"],
        ),
        Step(
            "same-renegotiation",
            ForAll(
                [R, Q, t],
                Implies(
                    And(built, theory.selection_function(t)),
                    ForAll([a], renegotiated(t, Q, a) == renegotiated(sel, R, a)),
                ),
            ),
            ["new-agreement", "renegotiation_outcome", "nonempty", "selection_function"],
        ),
        Step(
            "same-outcome",
            ForAll(
                [R, Q, t, p, q],
                Implies(
                    And(built, theory.selection_function(t), old, new), outcome(q) == outcome(p)
                ),
            ),
            ["same-renegotiation", "csr-programs-reach"],
        ),
        Step(
            "they-end-alike",
            ForAll([R, Q], Implies(built, theory.same_under_any_selection(Q, R))),
            ["same-outcome", "same_under_any_selection"],
        ),
        *_legality_steps(theory),
    )


def _legality_steps(theory: Theory) -> tuple[Step, ...]:
    """Return why Definition 7 counts the new functions."""
    agreed = agreement(R, a)
    chosen = selected(sel, agreed)
    built = theory.cut_to_what_is_selected(Q, R)
    selects = theory.selection_function(sel)
    legal = theory.functions_as_in_definition_7(R)
    used = And(ForAll([i], in_csr(sel, i, program(i, p))), functions(p) == R)
    offered = member(x, offers(i, component(i, R), R, a))
    newly = member(x, offers(i, component(i, Q), T, a))
    newly_against_old = member(x, offers(i, component(i, Q), R, a))
    better = u(j, x) > u(j, a)
    return (
        Step(
            "old-functions-legal",
            ForAll([R, p], Implies(used, legal)),
            ["csr_programs", "function_profile", "functions_as_in_definition_7"],
        ),
        Step(
            "old-offers-improve",
            ForAll([R, i, a, x], Implies(And(legal, offered), theory.weakly_improves(x, a))),
            ["functions_as_in_definition_7", "set_valued_renegotiation_function"],
        ),
        Step(
            "agreed-is-offered",
            ForAll([R, i, a, x], Implies(member(x, agreed), offered)),
            ["agreement_set"],
        ),
        Step(
            "selected-improves",
            ForAll(
                [R, a],
                Implies(
                    And(selects, legal, theory.nonempty(agreed)),
                    theory.weakly_improves(chosen, a),
                ),
            ),
            ["selected-is-agreed", "agreed-is-offered", "old-offers-improve"],
        ),
        Step(
            "new-offers-improve",
            ForAll(
                [R, Q, T, i, a, x],
                Implies(And(selects, legal, built, newly), theory.weakly_improves(x, a)),
            ),
            ["cut_to_what_is_selected", "selected-improves", "old-offers-improve"],
        ),
        Step(
            "selected-strictly-improves",
            ForAll(
                [R, a, x, j],
                Implies(
                    And(selects, legal, member(x, agreed), better),
                    Exists([k], u(k, chosen) > u(k, a)),
                ),
            ),
            [
                "selected-improves",
                "agreed-is-offered",
                "old-offers-improve",
                "selection_function",
                "nonempty",
                "weakly_improves",
            ],
        ),
        Step(
            "new-offers-somewhere-better",
            ForAll(
                [R, Q, i, a, x, j],
                Implies(
                    And(selects, legal, built, offered, better),
                    Exists(
                        [y, k],
                        And(member(y, offers(i, component(i, Q), R, a)), u(k, y) > u(k, a)),
                    ),
                ),
            ),
            ["cut_to_what_is_selected", "selected-strictly-improves", "nonempty"],
        ),
        Step(
            "old-offers-somewhere-better",
            ForAll([R, i], Implies(legal, Exists([a, x, j], And(offered, better)))),
            ["functions_as_in_definition_7", "set_valued_renegotiation_function"],
        ),
        Step(
            "new-functions-offer-better",
            ForAll(
                [R, Q, i],
                Implies(
                    And(selects, legal, built),
                    Exists([a, x, j], And(newly_against_old, better)),
                ),
            ),
            ["new-offers-somewhere-better", "old-offers-somewhere-better"],
        ),
        Step(
            "new-functions-unconditional",
            ForAll([R, Q, T, i, a, x], Implies(built, newly == newly_against_old)),
            ["cut_to_what_is_selected"],
        ),
        Step(
            "new-functions-one-by-one",
            ForAll(
                [R, Q, i],
                Implies(
                    And(selects, legal, built),
                    theory.set_valued_renegotiation_function(i, component(i, Q)),
                ),
            ),
            [
                "new-offers-improve",
                "new-functions-offer-better",
                "new-functions-unconditional",
                "set_valued_renegotiation_function",
            ],
        ),
        Step(
            "new-functions-legal",
            ForAll(
                [R, Q, p],
                Implies(And(selects, used, built), theory.functions_as_in_definition_7(Q)),
            ),
            ["old-functions-legal", "new-functions-one-by-one", "functions_as_in_definition_7"],
        ),
    )
