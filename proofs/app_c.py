"""Appendix C: what one selection function achieves, any other can.

Given everybody's set-valued renegotiation functions, new ones are built that offer exactly the
outcome that the old ones would select, so that every selection function has only that to choose.

Literal reading. As printed the new functions offer the outcome selected from the old agreement
set, also where that set is empty. There the old programs keep the default outcome, and what a
selection function makes of the empty set is anybody's guess, so the new programs may end
elsewhere.

Repaired. The new functions offer nothing where the old ones do not agree. Such functions may
offer no strict improvement anywhere; here they count as available, which Definition 7 leaves open
("a set of functions").
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
other_sel = z3.Const("other_sel", Selection)


def statements(theory: Theory) -> list[Statement]:
    """Return the literal and the repaired reading."""
    agreed = agreement(R, a)
    offered = member(x, offers(i, component(i, Q), Q, a))
    chosen = x == selected(sel, agreed)
    nothing_else = And(theory.nonempty(agreed), chosen)
    singletons = theory.offers_what_is_selected(Q, R)
    printed = Hypothesis(
        "selected-outcome-offered",
        ForAll([R], Exists([Q], ForAll([i, a, x], offered == chosen))),
        "For all functions there are others that offer just what is selected from the old "
        "agreement set, whether or not it is empty.",
    )
    careful = Hypothesis(
        "selected-outcome-offered-where-agreed",
        ForAll([R], Exists([Q], singletons)),
        "For all functions there are others that offer just what is selected from the old "
        "agreement set, and nothing where that is empty.",
    )
    selections = tuple(
        Hypothesis(name, theory.selection_function(term), meaning)
        for name, term, meaning in (
            (
                "selection-function",
                sel,
                "The selection function picks an outcome that is efficient within the agreement "
                "set.",
            ),
            (
                "other-selection-function",
                other_sel,
                "So does the one that the players use instead.",
            ),
        )
    )
    old = And(ForAll([i], in_csr(sel, i, program(i, p))), functions(p) == R)
    new = And(ForAll([i], in_csr(other_sel, i, program(i, q))), functions(q) == Q)
    same = Implies(And(old, new, defaults(p) == defaults(q)), outcome(q) == outcome(p))
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
                [R, Q],
                Implies(
                    singletons,
                    ForAll(
                        [a],
                        renegotiated(other_sel, Q, a) == renegotiated(sel, R, a),
                    ),
                ),
            ),
            [
                "new-agreement",
                "renegotiation_outcome",
                "nonempty",
                "other-selection-function",
                "selection_function",
            ],
        ),
        Step(
            "same-outcome",
            ForAll([R, Q, p, q], Implies(singletons, same)),
            ["same-renegotiation", "csr-programs-reach"],
        ),
        Step(
            "goal",
            ForAll([R], Exists([Q], ForAll([p, q], same))),
            ["same-outcome", careful.name],
        ),
    )
    repaired = Statement(
        id="app-c/repaired",
        title="The same outcome under any other selection function",
        theory=theory,
        hypotheses=(*selections, careful),
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
            "others_csr",
            "algorithm_2",
            "selection_function",
            "weakly_improves",
        ),
        steps=steps,
        added=(careful.name,),
        scene=Exists([R, Q, p, q], And(old, new, sel != other_sel)),
    )
    dropped = repaired.without(careful.name)
    goal = dropped.goal
    literal = Statement(
        id="app-c",
        title=repaired.title,
        theory=theory,
        hypotheses=(*dropped.hypotheses, printed),
        definitions=repaired.definitions,
        steps=(*dropped.steps[:-1], Step("goal", goal.formula, [*goal.uses, printed.name])),
        scene=repaired.scene,
        expected=Verdict.UNKNOWN,
        note=(
            "The printed construction offers something also where the old programs do not "
            "agree and keep the default outcome."
        ),
    )
    return [literal, repaired]
