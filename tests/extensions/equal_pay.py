# file: equal_pay.py
"""A conjecture: where everything can be mixed, something efficient pays everybody the same."""

import z3

from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.theory.signature import Outcome, Player, u
from spi_verify.verdicts import Verdict


def statements(theory):
    """Return the conjecture."""
    one, other = z3.Consts("one other", Player)
    outcome = z3.Const("outcome", Outcome)
    alike = z3.ForAll([one, other], u(one, outcome) == u(other, outcome))
    goal = z3.Exists([outcome], z3.And(theory.efficient(outcome), alike))
    mixed = Hypothesis(
        "mixtures", theory.axiom("correlated_randomisation"), "What is feasible can be mixed."
    )
    return [
        Statement(
            id="equal-pay",
            title="Something efficient pays everybody the same",
            theory=theory,
            hypotheses=(mixed,),
            definitions=("efficient",),
            steps=(Step("goal", goal, ["mixtures", "efficient"]),),
            expected=Verdict.REFUTED,
        )
    ]
