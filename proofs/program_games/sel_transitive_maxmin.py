"""When the maxmin selection function is transitive."""

import z3
from sel_transitive_common import last_steps, no_tie, selection_readings
from z3 import ForAll, Implies

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory
from spi_verify.theory.signature import Outcome, least

a, x = z3.Consts("a x", Outcome)


def maxmin(theory: Theory) -> list[Statement]:
    """Return both readings."""
    return selection_readings(
        theory,
        "sel-transitive-maxmin",
        "The maxmin selection function is transitive",
        ["least_payoffs", "maxmin"],
        [
            Step(
                "least-does-not-fall",
                ForAll([x, a], Implies(theory.weakly_improves(x, a), least(x) >= least(a))),
                ["weakly_improves", "least_payoffs"],
            ),
            *last_steps(
                theory,
                order=["maxmin"],
                above=["no-tie-under-domination", "least-does-not-fall", "dominates", "maxmin"],
                kept=["maxmin"],
            ),
        ],
        [no_tie(theory)],
        "A dominating outcome can have the same least payoff as what it dominates.",
    )
