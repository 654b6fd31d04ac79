"""What is claimed of grudging programs."""

from z3 import And, Consts, Exists, ForAll, Implies

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

i, j = Consts("i j", Player)
x, y = Consts("x y", Outcome)

start = outcome(defaults(equilibrium))
agreed = agreement(functions(equilibrium), start)
end = renegotiated(sel, functions(equilibrium), start)

PROGRAMS = (
    *("replacement", "same_programs", "profiles_are_tuples", "algorithm_2", "others_csr"),
    *("outcome_of_programs", "outcomes_are_tuples", "grudging"),
    *("agreement_set", "function_profile", "renegotiation_outcome", "nonempty"),
)


def supposed(theory):
    """Return what all statements suppose."""
    return (
        Hypothesis(
            "everybody-grudges",
            ForAll([i], theory.grudging(i, program(i, equilibrium))),
            "Everybody uses a grudging program.",
        ),
        Hypothesis(
            "selection-function", theory.selection_function(sel), "sel is a selection function."
        ),
    )


def somebody_else():
    """Return that nobody is alone."""
    return Hypothesis(
        "somebody-else", ForAll([i], Exists([j], j != i)), "There is somebody else for everybody."
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
            ["everybody-grudges", "grudging", "algorithm_2", "own-program", "others_csr"],
        ),
        Step(
            "reached",
            outcome(equilibrium) == end,
            ["everybody-plays", "outcome_of_programs", "outcomes_are_tuples"],
        ),
    )


def statements(theory):
    """Return the statements."""
    more = u(i, outcome(equilibrium)) - u(i, start)
    return [
        Statement(
            id="grudging-gains-little",
            title="Where everybody grudges, nobody gains more than one unit",
            theory=theory,
            hypotheses=(*supposed(theory), somebody_else()),
            definitions=(*PROGRAMS, "selection_function"),
            steps=(
                *reaching(theory),
                Step(
                    "agreed-pays-little",
                    ForAll([x, i], Implies(member(x, agreed), u(i, x) - u(i, start) <= 1)),
                    [
                        *("agreement_set", "function_profile", "everybody-grudges", "grudging"),
                        "somebody-else",
                    ],
                ),
                Step(
                    "goal",
                    theory.at_most_one_more(),
                    [
                        *("reached", "renegotiation_outcome", "agreed-pays-little"),
                        *("selection-function", "selection_function"),
                    ],
                ),
            ),
        ),
        Statement(
            id="between-nothing-and-one",
            title="Where everybody grudges, everybody gains between nothing and one unit",
            theory=theory,
            hypotheses=(*supposed(theory), somebody_else()),
            definitions=(
                *(*PROGRAMS, "selection_function", "csr_programs", "weakly_improves"),
                "set_valued_renegotiation_function",
            ),
            lemmas={"at_most_one_more": "grudging-gains-little"},
            steps=(
                *reaching(theory),
                Step(
                    "agreed-improves",
                    ForAll([x], Implies(member(x, agreed), theory.weakly_improves(x, start))),
                    [
                        *("agreement_set", "function_profile", "everybody-grudges", "grudging"),
                        *("csr_programs", "set_valued_renegotiation_function"),
                    ],
                ),
                Step(
                    "end-improves",
                    theory.weakly_improves(end, start),
                    [
                        *("renegotiation_outcome", "agreed-improves", "weakly_improves"),
                        *("selection-function", "selection_function"),
                    ],
                ),
                Step(
                    "goal",
                    ForAll([i], And(more >= 0, more <= 1)),
                    ["reached", "end-improves", "weakly_improves", "at_most_one_more"],
                ),
            ),
        ),
        Statement(
            id="agreed-is-a-gain",
            title="Where grudging programs agree, somebody gains",
            theory=theory,
            hypotheses=supposed(theory),
            definitions=("grudging", "agreement_set", "nonempty"),
            steps=(
                Step("goal", Implies(theory.nonempty(agreed), Exists([i], more > 0)), ["grudging"]),
            ),
            expected=Verdict.REFUTED,
            note="They may agree on what they have.",
        ),
        Statement(
            id="grudging-is-efficient",
            title="Grudging programs end at an efficient outcome",
            theory=theory,
            hypotheses=supposed(theory),
            definitions=("grudging", "efficient"),
            steps=(Step("goal", theory.efficient(outcome(equilibrium)), ["efficient"]),),
            expected=Verdict.REFUTED,
            note="What would pay another more than one unit more is refused.",
        ),
    ]
