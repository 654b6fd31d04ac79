"""Appendix C: what one selection function achieves, any other can.

Given everybody's set-valued renegotiation functions, new ones are built that offer exactly the
outcome that the old ones would select, so that every selection function has only that to choose.

Literal reading. As printed, for all functions that CSR programs use there are new ones that offer
exactly the outcome selected from the old agreement set, and CSR programs with these. Where the old
functions agree on nothing better than the outcome itself, anywhere, the new ones offer no strict
improvement, so that Definition 7 does not count them. Where the old functions do not agree, what a
selection function makes of the empty set is anybody's guess.

Repaired. The new functions offer nothing where the old ones do not agree, and CSR programs with
them are there although Definition 7 may exclude them. Both are hypotheses of their own.

The goal names one profile of new functions for all selection functions, says that programs with
them and the old defaults are there, and that all of those end in the old outcome.
"""

import z3
from thm_3 import common_steps
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
)
from spi_verify.verdicts import Verdict

i = z3.Const("i", Player)
a, x = z3.Consts("a x", Outcome)
p, q = z3.Consts("p q", Profile)
Q, R = z3.Consts("Q R", SetFunctions)
s = z3.Const("s", Selection)
t = z3.Const("t", Selection)


def statements(theory: Theory) -> list[Statement]:
    """Return the literal and the repaired reading."""
    agreed = agreement(R, a)
    offered = member(x, offers(i, component(i, Q), Q, a))
    chosen = x == selected(sel, agreed)
    nothing_else = And(theory.nonempty(agreed), chosen)
    singletons = theory.offers_what_is_selected(Q, R)
    as_printed = ForAll([i, a, x], offered == chosen)
    careful = Hypothesis(
        "selected-outcome-offered-where-agreed",
        ForAll([R], Exists([Q], singletons)),
        "For all functions there are others that offer just what is selected from the old "
        "agreement set, and nothing where that is empty.",
    )
    old = And(ForAll([i], in_csr(sel, i, program(i, p))), functions(p) == R)
    new = And(
        ForAll([i], in_csr(t, i, program(i, q))), functions(q) == Q, defaults(q) == defaults(p)
    )
    start = And(theory.selection_function(t), old)

    def programs_for(built: z3.BoolRef, name: str) -> Hypothesis:
        return Hypothesis(
            name,
            ForAll([R, Q], Implies(built, theory.usable_under_any_selection(Q, R))),
            "Under every selection function there are CSR programs with the new functions and "
            "the old defaults.",
        )

    does = And(theory.usable_under_any_selection(Q, R), theory.same_under_any_selection(Q, R))

    def goal_for(built: z3.BoolRef) -> z3.BoolRef:
        return ForAll([R], Exists([Q], And(built, does)))

    used = Exists([p], old)
    used_goal = ForAll([R], Implies(used, Exists([Q], And(as_printed, does))))
    usable = programs_for(singletons, "programs-for-new-functions")
    all_csr = ForAll([i], in_csr(s, i, program(i, p)))
    point = outcome(defaults(p))
    steps = (
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
            "new-agreement",
            ForAll(
                [R, Q],
                Implies(
                    singletons,
                    ForAll([a, x], member(x, agreement(Q, a)) == nothing_else),
                ),
            ),
            ["agreement_set", "offers_what_is_selected"],
        ),
        Step(
            "same-renegotiation",
            ForAll(
                [R, Q, t],
                Implies(
                    And(singletons, theory.selection_function(t)),
                    ForAll(
                        [a],
                        renegotiated(t, Q, a) == renegotiated(sel, R, a),
                    ),
                ),
            ),
            [
                "new-agreement",
                "renegotiation_outcome",
                "nonempty",
                "selection_function",
            ],
        ),
        Step(
            "same-outcome",
            ForAll(
                [R, Q, t, p, q],
                Implies(And(singletons, start, new), outcome(q) == outcome(p)),
            ),
            ["same-renegotiation", "csr-programs-reach"],
        ),
        Step(
            "they-end-alike",
            ForAll([R, Q], Implies(singletons, theory.same_under_any_selection(Q, R))),
            ["same-outcome", "same_under_any_selection"],
        ),
        Step(
            "goal",
            goal_for(singletons),
            ["they-end-alike", careful.name, usable.name],
        ),
    )
    repaired = Statement(
        id="app-c/repaired",
        title="The same outcome under any other selection function",
        theory=theory,
        hypotheses=(usable, careful),
        definitions=(
            "replacement",
            "same_programs",
            "profiles_are_tuples",
            "outcome_of_programs",
            "outcomes_are_tuples",
            "nonempty",
            "agreement_set",
            "renegotiation_outcome",
            "offers_what_is_selected",
            "usable_under_any_selection",
            "same_under_any_selection",
            "others_csr",
            "algorithm_2",
            "selection_function",
            "weakly_improves",
        ),
        steps=steps,
        added=(usable.name, careful.name),
        scene=Exists([R, Q, t, p, q], And(start, new, sel != t)),
    )
    dropped = repaired.without(careful.name).without(usable.name)
    literal = Statement(
        id="app-c",
        title=repaired.title,
        theory=theory,
        hypotheses=(),
        definitions=(*repaired.definitions, "csr_programs", "set_valued_renegotiation_function"),
        steps=(
            *dropped.steps[:-1],
            Step("goal", used_goal, ["same-outcome", "same_under_any_selection"]),
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
