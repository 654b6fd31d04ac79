"""Lemma 4: whether an isomorphism improves does not depend on which isomorphism it is.

As printed, isomorphisms need not be one to one and onto, and two that send the only outcome of a
game to different outcomes of another have nothing to do with each other. Otherwise what they send
to the same outcome pays everybody the same.
"""

from delegated_games import G, H, a, b, in_game
from isomorphisms import ISOMORPHISMS, f, g, image, refuted_and_repaired
from z3 import And, Exists, ForAll, Implies

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory, define
from spi_verify.theory.terms import Formula


@define()
def isomorphisms_agree(theory: Theory) -> Formula:
    """If one isomorphism between two games improves, weakly or strictly, so do all."""
    both = And(theory.isomorphism(f, G, H), theory.isomorphism(g, G, H))
    weakly = Implies(theory.improves_by(f, G), theory.improves_by(g, G))
    strictly = Implies(theory.strictly_improves_by(f, G), theory.strictly_improves_by(g, G))
    return ForAll([f, g, G, H], Implies(And(theory.original(G), both), And(weakly, strictly)))


def lemma_4(theory: Theory) -> Statement:
    """Return the lemma, with isomorphisms as the theory has them."""
    both = And(theory.original(G), theory.isomorphism(f, G, H), theory.isomorphism(g, G, H))
    gains = Exists([b], And(in_game(b, G), theory.somebody_gains(image(f, b), b)))
    steps = (
        Step(
            "others-pay-alike",
            ForAll(
                [f, g, G, H, a],
                Implies(And(both, in_game(a, G)), theory.has_equal(f, g, G, a)),
            ),
            ["isomorphism", "counterparts_are_paid_alike"],
        ),
        Step(
            "as-good-as-what-it-stands-for",
            ForAll(
                [f, g, G, a],
                Implies(
                    And(theory.has_equal(f, g, G, a), theory.improves_by(f, G)),
                    theory.as_good(image(g, a), a),
                ),
            ),
            ["has_equal", "paid_alike", "improves_by", "as_good"],
        ),
        Step(
            "one-improves",
            ForAll(
                [f, g, G, H],
                Implies(And(both, theory.improves_by(f, G)), theory.improves_by(g, G)),
            ),
            ["others-pay-alike", "as-good-as-what-it-stands-for", "improves_by"],
        ),
        Step(
            "gain-of-what-it-stands-for",
            ForAll(
                [f, g, G, a],
                Implies(
                    And(theory.has_equal(f, g, G, a), theory.somebody_gains(image(g, a), a)),
                    gains,
                ),
            ),
            ["has_equal", "paid_alike", "somebody_gains"],
        ),
        Step(
            "somebody-gains-by-the-other",
            ForAll(
                [f, g, G, H, a],
                Implies(And(both, in_game(a, G), theory.somebody_gains(image(g, a), a)), gains),
            ),
            ["others-pay-alike", "gain-of-what-it-stands-for"],
        ),
        Step(
            "one-strictly-improves",
            ForAll(
                [f, g, G, H],
                Implies(
                    And(both, theory.strictly_improves_by(f, G)),
                    theory.strictly_improves_by(g, G),
                ),
            ),
            ["one-improves", "somebody-gains-by-the-other", "strictly_improves_by"],
        ),
        Step("goal", theory.isomorphisms_agree(), ["one-improves", "one-strictly-improves"]),
    )
    return Statement(
        id="oc-lemma-4",
        title="If one isomorphism improves, weakly or strictly, so do all",
        theory=theory,
        hypotheses=(),
        definitions=(
            *ISOMORPHISMS,
            "as_good",
            "somebody_gains",
            "original",
            "improves_by",
            "strictly_improves_by",
            "paid_alike",
            "has_equal",
        ),
        lemmas={"counterparts_are_paid_alike": "counterparts-are-paid-alike"},
        steps=steps,
        scene=Exists([f, g, G, H], And(both, theory.strictly_improves_by(f, G))),
    )


def statements(theory: Theory) -> list[Statement]:
    """Return both readings."""
    return refuted_and_repaired(lemma_4, theory, sizes={"Outcome": 4})
