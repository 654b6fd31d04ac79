"""What is claimed of aspiring programs."""

from z3 import Const, Consts, Exists, ForAll, Implies, Or

from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.theory.signature import (
    Outcome,
    Player,
    action,
    agreement,
    defaults,
    equilibrium,
    functions,
    member,
    outcome,
    plays,
    program,
    renegotiated,
    replace,
    sel,
    u,
)
from spi_verify.verdicts import Verdict

i = Const("i", Player)
x, y = Consts("x y", Outcome)

start = outcome(defaults(equilibrium))
agreed = agreement(functions(equilibrium), start)
end = renegotiated(sel, functions(equilibrium), start)

PROGRAMS = (
    *("replacement", "same_programs", "profiles_are_tuples", "algorithm_2", "others_csr"),
    *("outcome_of_programs", "outcomes_are_tuples", "aspiring"),
    *("agreement_set", "function_profile", "renegotiation_outcome", "nonempty"),
)


def supposed(theory):
    """Return what all statements suppose."""
    return (
        Hypothesis(
            "everybody-aspires",
            ForAll([i], theory.aspiring(i, program(i, equilibrium))),
            "Everybody uses an aspiring program.",
        ),
        Hypothesis(
            "selection-function", theory.selection_function(sel), "sel picks a member of each set."
        ),
    )


def reaching(theory):
    """Return the steps from Algorithm 2 to what the programs end at."""
    own = program(i, equilibrium)
    return (
        Step(
            "own-program-one-by-one",
            ForAll([i], theory.same_programs(replace(equilibrium, i, own), equilibrium)),
            ["replacement", "same_programs"],
        ),
        Step(
            "own-program",
            ForAll([i], replace(equilibrium, i, own) == equilibrium),
            ["own-program-one-by-one", "profiles_are_tuples"],
        ),
        Step(
            "everybody-plays",
            ForAll([i], plays(i, own, equilibrium) == action(i, end)),
            ["everybody-aspires", "aspiring", "algorithm_2", "own-program", "others_csr"],
        ),
        Step(
            "reached",
            outcome(equilibrium) == end,
            ["everybody-plays", "outcome_of_programs", "outcomes_are_tuples"],
        ),
    )


def statements(theory):
    """Return the statements."""
    return [
        Statement(
            id="aspirations-met",
            title="Where aspiring programs agree, everybody gets at least one",
            theory=theory,
            hypotheses=supposed(theory),
            definitions=(*PROGRAMS, "selection_function"),
            steps=(
                *reaching(theory),
                Step(
                    "agreed-pays",
                    ForAll([x, i], Implies(member(x, agreed), u(i, x) >= 1)),
                    ["agreement_set", "function_profile", "everybody-aspires", "aspiring"],
                ),
                Step(
                    "goal",
                    theory.met_where_agreed(),
                    [
                        *("reached", "renegotiation_outcome", "agreed-pays"),
                        *("selection-function", "selection_function"),
                    ],
                ),
            ),
        ),
        Statement(
            id="default-or-aspirations",
            title="Aspiring programs end at the default outcome, or pay everybody at least one",
            theory=theory,
            hypotheses=supposed(theory),
            definitions=PROGRAMS,
            lemmas={"met_where_agreed": "aspirations-met"},
            steps=(
                *reaching(theory),
                Step(
                    "goal",
                    Or(
                        outcome(equilibrium) == start,
                        ForAll([i], u(i, outcome(equilibrium)) >= 1),
                    ),
                    ["reached", "renegotiation_outcome", "met_where_agreed"],
                ),
            ),
        ),
        Statement(
            id="agreed-is-a-gain",
            title="Where aspiring programs agree, somebody gains",
            theory=theory,
            hypotheses=supposed(theory),
            definitions=("aspiring", "nonempty"),
            steps=(
                Step(
                    "goal",
                    Implies(
                        theory.nonempty(agreed),
                        Exists([i], u(i, outcome(equilibrium)) > u(i, start)),
                    ),
                    ["aspiring"],
                ),
            ),
            expected=Verdict.REFUTED,
            note="They may agree on what they have.",
        ),
        Statement(
            id="aspirations-always-met",
            title="Aspiring programs pay everybody at least one",
            theory=theory,
            hypotheses=supposed(theory),
            definitions=("aspiring",),
            steps=(Step("goal", ForAll([i], u(i, outcome(equilibrium)) >= 1), ["aspiring"]),),
            expected=Verdict.REFUTED,
            note="They may agree on nothing.",
        ),
    ]
