"""Lemma 2: by which rules outcome correspondences follow from each other, seven items."""

import z3
from delegated_games import Correspondence, G, H, K, Phi, Psi, a, b, c, in_game, relates, result, w
from z3 import And, Exists, ForAll, Implies, Not

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory, define
from spi_verify.theory.terms import Formula

Xi = z3.Const("Xi", Correspondence)


@define(Correspondence)
def identity(theory: Theory, Phi: z3.ExprRef) -> Formula:
    """Phi(a) = {a}."""
    return ForAll([a, b], relates(Phi, a, b) == (a == b))


@define(Correspondence, Correspondence)
def inverse(theory: Theory, Psi: z3.ExprRef, Phi: z3.ExprRef) -> Formula:
    """Psi(b) has those a that have b in Phi(a)."""
    return ForAll([a, b], relates(Psi, b, a) == relates(Phi, a, b))


@define(Correspondence, Correspondence, Correspondence)
def composition(theory: Theory, Xi: z3.ExprRef, Psi: z3.ExprRef, Phi: z3.ExprRef) -> Formula:
    """Xi(a) has what is in Psi(b) for some b in Phi(a)."""
    through = Exists([b], And(relates(Phi, a, b), relates(Psi, b, c)))
    return ForAll([a, c], relates(Xi, a, c) == through)


@define(Correspondence, Correspondence)
def wider(theory: Theory, Xi: z3.ExprRef, Phi: z3.ExprRef) -> Formula:
    """Phi(a) is a part of Xi(a), for every a."""
    return ForAll([a, b], Implies(relates(Phi, a, b), relates(Xi, a, b)))


def statements(theory: Theory) -> list[Statement]:
    """Return the lemma."""
    related = theory.corresponds
    everything = ForAll([a, b], Implies(And(in_game(a, G), in_game(b, H)), relates(Phi, a, b)))
    items = {
        "reflexive": ForAll([Phi, G], Implies(theory.identity(Phi), related(Phi, G, G))),
        "inverted": ForAll(
            [Phi, Psi, G, H],
            Implies(And(related(Phi, G, H), theory.inverse(Psi, Phi)), related(Psi, H, G)),
        ),
        "composed": ForAll(
            [Phi, Psi, Xi, G, H, K],
            Implies(
                And(related(Phi, G, H), related(Psi, H, K), theory.composition(Xi, Psi, Phi)),
                related(Xi, G, K),
            ),
        ),
        "widened": ForAll(
            [Phi, Xi, G, H],
            Implies(And(related(Phi, G, H), theory.wider(Xi, Phi)), related(Xi, G, H)),
        ),
        "trivial": ForAll([Phi, G, H], Implies(everything, related(Phi, G, H))),
        "without-image": ForAll(
            [Phi, G, H, a, w],
            Implies(
                And(related(Phi, G, H), ForAll([b], Not(relates(Phi, a, b)))), result(w, G) != a
            ),
        ),
        "without-source": ForAll(
            [Phi, G, H, b, w],
            Implies(
                And(related(Phi, G, H), ForAll([a], Not(relates(Phi, a, b)))), result(w, H) != b
            ),
        ),
    }
    uses = {
        "reflexive": ("corresponds", "identity"),
        "inverted": ("corresponds", "inverse"),
        "composed": ("corresponds", "composition"),
        "widened": ("corresponds", "wider"),
        "trivial": ("corresponds", "outcomes_are_played"),
        "without-image": ("corresponds",),
        "without-source": ("corresponds",),
    }
    return [
        Statement(
            id="oc-lemma-2",
            title="How outcome correspondences follow from each other",
            theory=theory,
            hypotheses=(),
            definitions=(
                "outcomes_are_played",
                "corresponds",
                "identity",
                "inverse",
                "composition",
                "wider",
            ),
            steps=(
                *(Step(name, item, uses[name]) for name, item in items.items()),
                Step("goal", And(*items.values()), items),
            ),
            scene=Exists([Phi, G, H], And(related(Phi, G, H), G != H)),
        )
    ]
