"""Better against every believed profile is better in expectation.

Beliefs are a finite list of profiles with probabilities; the expected payoff is the sum along
the list. The comparison is carried along the list by induction, whose base and step are proved
here. Every result about subjective equilibrium rests on this lemma.
"""

import z3
from z3 import And, ForAll, Implies

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory
from spi_verify.theory.signature import (
    Player,
    Position,
    Profile,
    Program,
    believed,
    first,
    listed_profile,
    next_to,
    outcome,
    partial_sum,
    probability,
    replace,
    u,
)
from spi_verify.theory.terms import Formula, Number, PositionTerm, ProgramTerm

i = z3.Const("i", Player)
c, d = z3.Consts("c d", Program)
p = z3.Const("p", Profile)
n, m = z3.Consts("n m", Position)


def statements(theory: Theory) -> list[Statement]:
    """Return the lemma."""
    better = ForAll(
        [p],
        Implies(
            believed(i, p),
            u(i, outcome(replace(p, i, d))) >= u(i, outcome(replace(p, i, c))),
        ),
    )

    def no_less(position: PositionTerm) -> Formula:
        return partial_sum(i, d, position) >= partial_sum(i, c, position)

    def payoff(program: ProgramTerm, position: PositionTerm) -> Number:
        return u(i, outcome(replace(listed_profile(i, position), i, program)))

    return [
        Statement(
            id="expected-utility",
            title="Pointwise better on the support is better in expectation",
            theory=theory,
            hypotheses=(),
            definitions=("beliefs_are_lists", "expectation", "induction_on_beliefs"),
            steps=(
                Step(
                    "every-term",
                    ForAll(
                        [i, c, d, n],
                        Implies(
                            better,
                            probability(i, n) * payoff(d, n) >= probability(i, n) * payoff(c, n),
                        ),
                    ),
                    ["beliefs_are_lists"],
                ),
                Step(
                    "base",
                    ForAll([i, c, d], Implies(better, no_less(first))),
                    ["every-term", "expectation"],
                ),
                Step(
                    "step",
                    ForAll(
                        [i, c, d, n, m],
                        Implies(And(better, next_to(n, m), no_less(n)), no_less(m)),
                    ),
                    ["every-term", "expectation"],
                ),
                Step(
                    "goal",
                    theory.pointwise_better(),
                    ["base", "step", "expectation", "induction_on_beliefs"],
                ),
            ),
        )
    ]
