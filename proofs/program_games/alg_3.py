"""Algorithm 3: renegotiating for several rounds never makes anybody worse off.

For every number of rounds, by induction on the round. The invariant: what stands after a round
weakly improves on the default outcome.
"""

import z3
from thm_3_common import common_steps
from z3 import And, ForAll, Implies

from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.theory import Theory
from spi_verify.theory.signature import (
    Outcome,
    Player,
    Position,
    Profile,
    action,
    after,
    agreement,
    defaults,
    first,
    in_icsr,
    last,
    member,
    next_to,
    outcome,
    plays,
    program,
    renegotiated,
    round_functions,
    sel,
)
from spi_verify.theory.terms import Formula, PositionTerm

i = z3.Const("i", Player)
a, x, y = z3.Consts("a x y", Outcome)
n, m = z3.Consts("n m", Position)
p = z3.Const("p", Profile)


iterated = ForAll([i], in_icsr(i, program(i, p)))
point = outcome(defaults(p))


def iterated_steps() -> list[Step]:
    """Return the steps that iterated CSR programs play what is reached after the last round."""
    return [
        Step(
            "programs-play",
            ForAll(
                [p, i],
                Implies(
                    iterated,
                    plays(i, program(i, p), p) == action(i, after(last, p, point)),
                ),
            ),
            ["algorithm_3", "own-program"],
        ),
        Step(
            "outcome-reached",
            ForAll([p], Implies(iterated, outcome(p) == after(last, p, point))),
            ["programs-play", "outcome_of_programs", "outcomes_are_tuples"],
        ),
    ]


def statements(theory: Theory) -> list[Statement]:
    """Return the statement."""
    in_round = round_functions(n, p)

    def improves(position: PositionTerm) -> Formula:
        return theory.weakly_improves(after(position, p, a), a)

    return [
        Statement(
            id="alg-3-improves",
            title="Iterated CSR never makes anybody worse off",
            theory=theory,
            hypotheses=(
                Hypothesis(
                    "selection-function",
                    theory.selection_function(sel),
                    "The selection function picks an outcome that is efficient within the "
                    "agreement set.",
                ),
            ),
            definitions=(
                "replacement",
                "same_programs",
                "profiles_are_tuples",
                "outcome_of_programs",
                "outcomes_are_tuples",
                "weakly_improves",
                "nonempty",
                "agreement_set",
                "renegotiation_outcome",
                "selection_function",
                "set_valued_renegotiation_function",
                "icsr_programs",
                "rounds",
                "algorithm_3",
                "induction_on_rounds",
            ),
            scene=z3.Exists([p], iterated),
            steps=(
                *common_steps(theory),
                Step(
                    "offers-improve",
                    ForAll(
                        [p, n, a, x],
                        Implies(
                            And(iterated, member(x, agreement(in_round, a))),
                            theory.weakly_improves(x, a),
                        ),
                    ),
                    ["agreement_set", "icsr_programs", "set_valued_renegotiation_function"],
                ),
                Step(
                    "round-improves",
                    ForAll(
                        [p, n, a],
                        Implies(
                            iterated,
                            theory.weakly_improves(renegotiated(sel, in_round, a), a),
                        ),
                    ),
                    [
                        "offers-improve",
                        "renegotiation_outcome",
                        "nonempty",
                        "selection-function",
                        "selection_function",
                        "weakly_improves",
                    ],
                ),
                Step(
                    "first-round",
                    ForAll([p, a], Implies(iterated, improves(first))),
                    ["round-improves", "rounds"],
                ),
                Step(
                    "improvements-compose",
                    ForAll(
                        [x, y, a],
                        Implies(
                            And(theory.weakly_improves(y, x), theory.weakly_improves(x, a)),
                            theory.weakly_improves(y, a),
                        ),
                    ),
                    ["weakly_improves"],
                ),
                Step(
                    "round-starts-where-the-last-ended",
                    ForAll(
                        [p, a, n, m],
                        Implies(
                            next_to(n, m),
                            after(m, p, a)
                            == renegotiated(sel, round_functions(m, p), after(n, p, a)),
                        ),
                    ),
                    ["rounds"],
                ),
                Step(
                    "round-improves-on-the-last",
                    ForAll(
                        [p, a, n, m],
                        Implies(
                            And(iterated, next_to(n, m)),
                            theory.weakly_improves(after(m, p, a), after(n, p, a)),
                        ),
                    ),
                    ["round-improves", "round-starts-where-the-last-ended"],
                ),
                Step(
                    "next-round",
                    ForAll(
                        [p, a, n, m],
                        Implies(And(iterated, next_to(n, m), improves(n)), improves(m)),
                    ),
                    ["round-improves-on-the-last", "improvements-compose"],
                ),
                Step(
                    "last-round",
                    ForAll([p, a], Implies(iterated, improves(last))),
                    ["first-round", "next-round", "induction_on_rounds"],
                ),
                *iterated_steps(),
                Step(
                    "goal",
                    ForAll([p], Implies(iterated, theory.weakly_improves(outcome(p), point))),
                    ["outcome-reached", "last-round"],
                ),
            ),
        )
    ]
