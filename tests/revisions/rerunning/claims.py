"""What is claimed of the changed algorithm."""

from z3 import Const, ForAll, Implies, Not

from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.obligations.patterns import component_by_component
from spi_verify.theory.signature import (
    Player,
    action,
    agreement,
    default,
    defaults,
    equilibrium,
    functions,
    in_csr,
    outcome,
    plays,
    program,
    replace,
    sel,
    selected,
    u,
)
from spi_verify.verdicts import Verdict

i = Const("i", Player)

own = program(i, equilibrium)
start = outcome(defaults(equilibrium))
agreed = agreement(functions(equilibrium), start)

PROGRAMS = (
    *("algorithm_2", "others_csr", "replacement", "same_programs", "profiles_are_tuples"),
    *("outcome_of_programs", "outcomes_are_tuples", "nonempty"),
)


def supposed(theory):
    """Return what all statements suppose."""
    return (
        Hypothesis(
            "everybody-renegotiates", ForAll([i], in_csr(sel, i, own)), "Everybody uses CSR."
        ),
        Hypothesis(
            "selection-function", theory.selection_function(sel), "sel is a selection function."
        ),
    )


def own_programs():
    """Return the steps to that putting a program in its own place changes nothing."""
    return component_by_component(
        "own-program", replace(equilibrium, i, own), equilibrium, variables=[i]
    )


def statements(theory):
    """Return the statements."""
    disagree = Not(theory.nonempty(agreed))
    constants = Hypothesis(
        "constant-defaults",
        ForAll([i], theory.constant(i, default(own))),
        "Everybody's default plays the same whatever it meets.",
    )
    return [
        Statement(
            id="selected-is-reached",
            title="What is selected is reached where they agree",
            theory=theory,
            hypotheses=supposed(theory),
            definitions=PROGRAMS,
            steps=(
                *own_programs(),
                Step(
                    "goal",
                    Implies(theory.nonempty(agreed), outcome(equilibrium) == selected(sel, agreed)),
                    [
                        *("everybody-renegotiates", "algorithm_2", "own-program", "others_csr"),
                        *("outcome_of_programs", "outcomes_are_tuples"),
                    ],
                ),
            ),
        ),
        Statement(
            id="constants-stay",
            title="Where they do not agree, constant defaults stay where they are",
            theory=theory,
            hypotheses=(*supposed(theory), constants),
            definitions=(*PROGRAMS, "default_profile", "constant"),
            steps=(
                *own_programs(),
                Step(
                    "defaults-run",
                    Implies(
                        disagree,
                        ForAll(
                            [i], plays(i, own, equilibrium) == plays(i, default(own), equilibrium)
                        ),
                    ),
                    ["everybody-renegotiates", "algorithm_2", "own-program", "others_csr"],
                ),
                Step(
                    "defaults-play",
                    ForAll([i], plays(i, default(own), equilibrium) == action(i, start)),
                    ["constant-defaults", "constant", "default_profile", "outcome_of_programs"],
                ),
                Step(
                    "goal",
                    Implies(disagree, outcome(equilibrium) == start),
                    [
                        *("defaults-run", "defaults-play", "outcome_of_programs"),
                        "outcomes_are_tuples",
                    ],
                ),
            ),
        ),
        Statement(
            id="default-is-kept",
            title="Where they do not agree, they end where their defaults do",
            theory=theory,
            hypotheses=supposed(theory),
            definitions=PROGRAMS,
            steps=(
                Step("goal", Implies(disagree, outcome(equilibrium) == start), ["algorithm_2"]),
            ),
            expected=Verdict.REFUTED,
            note="Defaults may play otherwise against the programs that wrap the others'.",
        ),
        Statement(
            id="nobody-loses",
            title="Nobody loses by renegotiation",
            theory=theory,
            hypotheses=supposed(theory),
            definitions=PROGRAMS,
            steps=(
                Step(
                    "goal",
                    ForAll([i], u(i, outcome(equilibrium)) >= u(i, start)),
                    ["algorithm_2"],
                ),
            ),
            expected=Verdict.REFUTED,
            note="Defaults may play otherwise against the programs that wrap the others'.",
        ),
    ]
