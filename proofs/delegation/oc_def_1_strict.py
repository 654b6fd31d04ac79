"""Definition 1: when a safe improvement is strict.

As printed, somebody has to get more from the new game than from the new game itself, which cannot
be. What is meant is more than from the original game.
"""

from delegated_games import G, H, i, pays, result, w
from z3 import And, Exists, ExprRef, ForAll, Implies, Not

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory
from spi_verify.theory.terms import Formula
from spi_verify.verdicts import Verdict


def _more_than_before(theory: Theory, H: ExprRef, G: ExprRef) -> Formula:
    """Definition 1, strict, as meant: in some play somebody gets more than in the original game."""
    return And(
        theory.safe_improvement(H, G),
        Exists([i, w], pays(i, result(w, H)) > pays(i, result(w, G))),
    )


def statements(theory: Theory) -> list[Statement]:
    """Return both readings, and what the printed definition comes to."""
    gains = Exists([w], theory.somebody_gains(result(w, H), result(w, G)))
    goal = ForAll(
        [G, H],
        Implies(
            And(theory.safe_improvement(H, G), gains),
            theory.strict_safe_improvement(H, G),
        ),
    )
    uses = ("strict_safe_improvement", "somebody_gains")
    definitions = (
        "outcomes_are_played",
        "subset_game",
        "as_good",
        "somebody_gains",
        "safe_improvement",
        "strict_safe_improvement",
    )
    literal = Statement(
        id="oc-def-1-strict",
        title="A safe improvement from which somebody may gain is strict",
        theory=theory,
        hypotheses=(),
        definitions=definitions,
        steps=(Step("goal", goal, uses),),
        scene=Exists([G, H], And(theory.safe_improvement(H, G), gains)),
        expected=Verdict.REFUTED,
        note="The printed clause compares the new game with itself.",
    )
    changed = theory.with_(strict_safe_improvement=_more_than_before)
    repaired = Statement(
        id="oc-def-1-strict/repaired",
        title=literal.title,
        theory=changed,
        changed=("strict_safe_improvement",),
        hypotheses=(),
        definitions=definitions,
        steps=literal.steps,
        scene=literal.scene,
    )
    never = Statement(
        id="oc-def-1-strict-never",
        title="Nothing is a strict safe improvement in the printed sense",
        theory=theory,
        hypotheses=(),
        definitions=definitions,
        steps=(
            Step(
                "goal",
                ForAll([G, H], Not(theory.strict_safe_improvement(H, G))),
                ["strict_safe_improvement"],
            ),
        ),
        scene=literal.scene,
    )
    return [literal, repaired, never]
