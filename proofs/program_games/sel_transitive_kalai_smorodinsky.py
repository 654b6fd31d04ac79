"""When the Kalai-Smorodinsky selection function is transitive."""

import z3
from sel_transitive_common import last_steps, no_tie, selection_readings, weakly_below
from z3 import And, ForAll, Implies

from spi_verify.obligations import Hypothesis, Statement, Step
from spi_verify.theory import Theory
from spi_verify.theory.signature import (
    Outcome,
    OutcomeSet,
    Player,
    gain,
    ideal_gain,
    least_gain,
    relative_gain,
    sel,
)

i = z3.Const("i", Player)
a, x = z3.Consts("a x", Outcome)
S, C = z3.Consts("S C", OutcomeSet)


def kalai_smorodinsky(theory: Theory) -> list[Statement]:
    """Return both readings."""
    share, span = relative_gain(i, a, S), ideal_gain(i, S)
    other = relative_gain(i, a, C)
    same_ideal = ForAll([i], ideal_gain(i, S) == ideal_gain(i, C))
    return selection_readings(
        theory,
        "sel-transitive-kalai-smorodinsky",
        "The Kalai-Smorodinsky selection function is transitive",
        [
            "gains",
            "ideal_points",
            "counts_in",
            "relative_gains",
            "least_relative_gains",
            "kalai_smorodinsky",
        ],
        [
            Step(
                "relative-gain-does-not-fall",
                ForAll(
                    [i, x, a, S],
                    Implies(
                        And(theory.counts_in(i, S), theory.weakly_improves(x, a)),
                        relative_gain(i, x, S) >= share,
                    ),
                ),
                ["relative_gains", "counts_in", "gains", "weakly_improves"],
            ),
            Step(
                "relative-to-the-same",
                ForAll(
                    [i, a, S, C],
                    Implies(
                        And(theory.counts_in(i, S), ideal_gain(i, S) == ideal_gain(i, C)),
                        And(
                            share * span == gain(i, a),
                            other * span == gain(i, a),
                            span > 0,
                        ),
                    ),
                ),
                ["relative_gains", "counts_in"],
            ),
            Step(
                "least-gain-does-not-fall",
                ForAll(
                    [x, a, S],
                    Implies(theory.weakly_improves(x, a), least_gain(x, S) >= least_gain(a, S)),
                ),
                ["relative-gain-does-not-fall", "least_relative_gains"],
            ),
            Step(
                "same-players-count",
                ForAll(
                    [i, S, C],
                    Implies(
                        ideal_gain(i, S) == ideal_gain(i, C),
                        theory.counts_in(i, S) == theory.counts_in(i, C),
                    ),
                ),
                ["counts_in"],
            ),
            Step(
                "greater-share",
                ForAll(
                    [i, a, S, C],
                    Implies(
                        span > 0,
                        And(
                            Implies(share > other, share * span > other * span),
                            Implies(share < other, share * span < other * span),
                        ),
                    ),
                ),
                [],
            ),
            Step(
                "same-relative-gain",
                ForAll(
                    [i, a, S, C],
                    Implies(
                        And(theory.counts_in(i, S), ideal_gain(i, S) == ideal_gain(i, C)),
                        share == other,
                    ),
                ),
                ["relative-to-the-same", "greater-share"],
            ),
            Step(
                "same-least-gain",
                ForAll([a, S, C], Implies(same_ideal, least_gain(a, S) == least_gain(a, C))),
                ["same-players-count", "same-relative-gain", "least_relative_gains"],
            ),
            Step(
                "ideal-gain-kept",
                ForAll(
                    [S, C, i],
                    Implies(
                        theory.improving_extension(sel, S, C),
                        ideal_gain(i, S) == ideal_gain(i, C),
                    ),
                ),
                ["ideal-point-kept", "ideal_points", "improving_extension", "nonempty"],
            ),
            Step(
                "least-gain-kept",
                ForAll(
                    [a, S, C],
                    Implies(
                        theory.improving_extension(sel, S, C),
                        least_gain(a, S) == least_gain(a, C),
                    ),
                ),
                ["same-least-gain", "ideal-gain-kept"],
            ),
            *last_steps(
                theory,
                order=["kalai_smorodinsky"],
                above=[
                    "no-tie-under-domination",
                    "least-gain-does-not-fall",
                    "dominates",
                    "kalai_smorodinsky",
                ],
                kept=["least-gain-kept", "kalai_smorodinsky"],
            ),
        ],
        [
            Hypothesis(
                "ideal-point-kept",
                theory.ideal_point_kept(),
                "Adding improvements on the selected outcome leaves the ideal point alone.",
            ),
            no_tie(theory),
        ],
        (
            "What is added can raise the ideal point and so turn the ranking of two old members "
            "around."
        ),
        [weakly_below(theory)],
    )
