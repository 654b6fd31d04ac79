"""What cautious programs come to: two conjectures, both wrong."""

import z3
from z3 import ForAll, Implies

from spi_verify.obligations import Statement, Step
from spi_verify.theory.signature import Player, Profile, outcome, program, u
from spi_verify.verdicts import Verdict

i, j = z3.Consts("i j", Player)
p, q = z3.Consts("p q", Profile)


def statements(theory):
    everybody = ForAll([i], theory.cautious(i, program(i, p)))
    again = ForAll([i], theory.cautious(i, program(i, q)))
    return [
        Statement(
            id="cautious-is-efficient",
            title="Cautious programs end at an efficient outcome",
            theory=theory,
            hypotheses=(),
            definitions=(),
            steps=(Step("goal", Implies(everybody, theory.efficient(outcome(p))), ()),),
            expected=Verdict.REFUTED,
            note="They may not be willing to go anywhere.",
        ),
        Statement(
            id="cautious-pays-alike",
            title="All profiles of cautious programs pay the same",
            theory=theory,
            hypotheses=(),
            definitions=(),
            steps=(
                Step(
                    "goal",
                    Implies(z3.And(everybody, again), u(j, outcome(p)) == u(j, outcome(q))),
                    (),
                ),
            ),
            expected=Verdict.REFUTED,
            note="They may go to different outcomes.",
        ),
    ]
