"""Theorem 3: safe improvements are those that some correspondence shows."""

from delegated_games import G, H, Phi, a, b, in_game, relates
from z3 import And, Exists, ForAll, Implies

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory, axiom
from spi_verify.theory.terms import Formula


@axiom()
def correspondence_of_improvements(theory: Theory) -> Formula:
    """Sets of pairs exist: one correspondence sends each outcome to all that are as good."""
    return Exists([Phi], ForAll([a, b], relates(Phi, a, b) == theory.as_good(b, a)))


def statements(theory: Theory) -> list[Statement]:
    """Return the theorem."""
    shown = Exists(
        [Phi],
        And(
            theory.corresponds(Phi, G, H),
            ForAll(
                [a, b],
                Implies(
                    And(in_game(a, G), in_game(b, H), relates(Phi, a, b)), theory.as_good(b, a)
                ),
            ),
        ),
    )
    subset = theory.subset_game(H, G)
    improvement = theory.safe_improvement(H, G)
    enough = ForAll([G, H], Implies(And(subset, shown), improvement))
    needed = ForAll([G, H], Implies(And(subset, improvement), shown))
    return [
        Statement(
            id="oc-thm-3",
            title="Safe improvements are what a correspondence that only improves shows",
            theory=theory,
            hypotheses=(),
            definitions=(
                "outcomes_are_played",
                "subset_game",
                "as_good",
                "safe_improvement",
                "corresponds",
                "correspondence_of_improvements",
            ),
            steps=(
                Step("enough", enough, ["corresponds", "safe_improvement", "outcomes_are_played"]),
                Step(
                    "needed",
                    needed,
                    ["corresponds", "safe_improvement", "correspondence_of_improvements"],
                ),
                Step(
                    "goal",
                    ForAll([G, H], Implies(subset, improvement == shown)),
                    ["enough", "needed"],
                ),
            ),
            scene=Exists([G, H], And(improvement, G != H)),
        )
    ]
