"""A conjecture about frugal programs, which is wrong."""

import z3
from z3 import ForAll

from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.theory.signature import Player, equilibrium, outcome, program, sel, set_function
from spi_verify.verdicts import Verdict

i = z3.Const("i", Player)


def statements(theory):
    return [
        Statement(
            id="frugal-is-efficient",
            title="Frugal programs end at an efficient outcome",
            theory=theory,
            hypotheses=(
                Hypothesis(
                    "everybody-is-frugal",
                    ForAll([i], theory.frugal(i, program(i, equilibrium))),
                    "Everybody uses a frugal program.",
                ),
                Hypothesis(
                    "set-valued-renegotiation-functions",
                    ForAll(
                        [i],
                        theory.set_valued_renegotiation_function(
                            i, set_function(program(i, equilibrium))
                        ),
                    ),
                    "What everybody offers is a set-valued renegotiation function.",
                ),
                Hypothesis(
                    "selection-function",
                    theory.selection_function(sel),
                    "sel is a selection function.",
                ),
            ),
            definitions=("efficient", "frugal"),
            steps=(Step("goal", theory.efficient(outcome(equilibrium)), ["efficient"]),),
            expected=Verdict.REFUTED,
            note="One unit more may not be enough.",
        )
    ]
