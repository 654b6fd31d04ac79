"""Two improvements, one after the other, are an improvement.

An outcome weakly improves on another if nobody gets less in it. This file says so of three
outcomes in a row, for every number of players: the definition comes from the theory, the two
hypotheses are named, and the only step, the goal, lists the facts it is proved from.
"""

from z3 import Consts

from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.theory import Theory
from spi_verify.theory.signature import Outcome

before, between, after = Consts("before between after", Outcome)


def statements(theory: Theory) -> list[Statement]:
    """Return the statements of this suite."""
    return [
        Statement(
            id="improvements-compose",
            title="An improvement on an improvement is an improvement",
            theory=theory,
            hypotheses=(
                Hypothesis(
                    "first-improves",
                    theory.weakly_improves(between, before),
                    "The outcome between is no worse for anybody than the one before.",
                ),
                Hypothesis(
                    "second-improves",
                    theory.weakly_improves(after, between),
                    "The outcome after is no worse for anybody than the one between.",
                ),
            ),
            definitions=("weakly_improves",),
            steps=(
                Step(
                    "goal",
                    theory.weakly_improves(after, before),
                    ["first-improves", "second-improves", "weakly_improves"],
                ),
            ),
        )
    ]
