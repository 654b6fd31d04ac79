"""The statements of this draft.

A statement supposes hypotheses and claims a goal. Its steps are its proof: each lists the facts
that it is proved from (hypotheses, definitions, lemmas, earlier steps). A constant such as `x`
below is free: the statement is about all outcomes x.
"""

from z3 import Consts, Exists

from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.theory.signature import Outcome, Player, u
from spi_verify.verdicts import Verdict

i = Consts("i", Player)[0]
a, x, y = Consts("a x y", Outcome)


def statements(theory):
    """Return the statements of this file."""
    return [
        Statement(
            id="everybody-gains",
            title="What is better for all is a weak improvement",
            theory=theory,
            hypotheses=(),
            definitions=("better_for_all", "weakly_improves"),
            steps=(
                Step(
                    "goal",
                    theory.better_for_all_improves(),
                    ["better_for_all", "weakly_improves"],
                ),
            ),
        ),
        # This one rests on the one above: its lemma is the claim, and the id of what proves it.
        Statement(
            id="gains-add-up",
            title="A gain for all on a gain for all is a weak improvement",
            theory=theory,
            hypotheses=(
                Hypothesis("first", theory.better_for_all(x, a), "x is better for all than a."),
                Hypothesis("second", theory.better_for_all(y, x), "y is better for all than x."),
            ),
            definitions=("weakly_improves",),
            lemmas={"better_for_all_improves": "everybody-gains"},
            steps=(
                Step(
                    "goal",
                    theory.weakly_improves(y, a),
                    ["first", "second", "better_for_all_improves", "weakly_improves"],
                ),
            ),
        ),
        # This one is false. `spi-verify refute . improvements-are-gains` finds out why.
        Statement(
            id="improvements-are-gains",
            title="A weak improvement from which somebody gains is better for all",
            theory=theory,
            hypotheses=(
                Hypothesis("improves", theory.weakly_improves(x, a), "x improves on a."),
                Hypothesis(
                    "somebody-gains",
                    Exists([i], u(i, x) > u(i, a)),
                    "Somebody gets more in x than in a.",
                ),
            ),
            definitions=("better_for_all", "weakly_improves"),
            steps=(
                Step(
                    "goal",
                    theory.better_for_all(x, a),
                    ["improves", "somebody-gains", "better_for_all", "weakly_improves"],
                ),
            ),
            expected=Verdict.REFUTED,
            note="Somebody else may get the same.",
        ),
    ]
