"""Corollary 14: what tokens achieve in expectation is a convex set.

For two token games that are improvements, and any mixture, some token game is an improvement and
gives everybody the mixture of what the two give in expectation: by Lemma 13 one copy of the game
can take the place of both, and its outcomes stand for mixtures. That the set is a polytope, that
is that it has finitely many corners, is not said here.
"""

from dataclasses import replace

import z3
from delegated_games import G, Game, K, a, b, i, in_game, pays, result, w
from isomorphisms import f, with_one_to_one
from oc_lemma_13 import E1, K1, expectation, lemma_13
from tokens import E, Valuation, coordinate, stands_for
from z3 import And, Const, DeclareSort, Exists, ExprRef, ForAll, Function, Implies, RealSort

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory, axiom, define
from spi_verify.theory.terms import Formula

Mixture = DeclareSort("Mixture")

mixing_weight = Function("mixing_weight", Mixture, RealSort())
"""The weight of the first of two things that are mixed."""

m = Const("m", Mixture)
E2, E3 = z3.Consts("E2 E3", Valuation)
K2 = Const("K2", Game)


def mixed(m: ExprRef, one: z3.ArithRef, other: z3.ArithRef) -> z3.ArithRef:
    """Return what a mixture makes of two numbers."""
    return mixing_weight(m) * one + (1 - mixing_weight(m)) * other


@axiom(mixing_weight)
def shares(theory: Theory) -> Formula:
    """The first has at least nothing of a mixture, and at most everything."""
    return ForAll([m], And(mixing_weight(m) >= 0, mixing_weight(m) <= 1))


@define(Valuation, Mixture, Valuation, Valuation, Game)
def stands_for_mixtures(
    theory: Theory, E: ExprRef, m: ExprRef, E2: ExprRef, E3: ExprRef, G: ExprRef
) -> Formula:
    """Outcomes of G stand, by E, for mixtures of what they stand for by E2 and by E3."""
    parts = coordinate(i, stands_for(E2, a)), coordinate(i, stands_for(E3, a))
    same = ForAll([i], coordinate(i, stands_for(E, a)) == mixed(m, *parts))
    return ForAll([a], Implies(in_game(a, G), same))


@axiom()
def valuations_can_be_mixed(theory: Theory) -> Formula:
    """Hulls are convex, and what stands for points of one can stand for their mixtures."""
    mixture = And(theory.token_game(K, E, G), theory.stands_for_mixtures(E, m, E2, E3, K))
    both = And(theory.token_game(K, E2, G), theory.token_game(K, E3, G))
    return ForAll([m, E2, E3, K, G], Implies(both, Exists([E], mixture)))


@axiom()
def mixtures_mix_expectations(theory: Theory) -> Formula:
    """Expectations are linear."""
    parts = expectation(i, K, E2), expectation(i, K, E3)
    return ForAll(
        [i, m, E, E2, E3, K],
        Implies(
            theory.stands_for_mixtures(E, m, E2, E3, K), expectation(i, K, E) == mixed(m, *parts)
        ),
    )


@define(Game, Valuation, Game, Game, Valuation)
def takes_the_place(
    theory: Theory, K1: ExprRef, E1: ExprRef, G: ExprRef, K: ExprRef, E: ExprRef
) -> Formula:
    """K1 is an improvement on G by E1, and gives everybody the same in expectation as K by E."""
    same = ForAll([i], expectation(i, K1, E1) == expectation(i, K, E))
    return And(theory.token_improvement(K1, E1, G), same)


@define(Mixture, Game, Valuation, Valuation, Game)
def improves_by_mixing(
    theory: Theory, m: ExprRef, K: ExprRef, E2: ExprRef, E3: ExprRef, G: ExprRef
) -> Formula:
    """K is an improvement on G by a valuation that mixes the two."""
    mixture = theory.stands_for_mixtures(E, m, E2, E3, K)
    return Exists([E], And(theory.token_improvement(K, E, G), mixture))


@define()
def any_copy_is_enough(theory: Theory) -> Formula:
    """Every copy of what is left can take the place of any tokens that are an improvement."""
    given = And(theory.original(G), theory.token_improvement(K, E, G))
    return ForAll(
        [f, G, K, E, K1],
        Implies(
            And(given, theory.copied_by(f, G, K1)),
            Exists([E1], theory.takes_the_place(K1, E1, G, K, E)),
        ),
    )


@define(Mixture, Game, Valuation, Game, Valuation, Game, Valuation)
def mixes_expectations(
    theory: Theory,
    m: ExprRef,
    K1: ExprRef,
    E1: ExprRef,
    K: ExprRef,
    E: ExprRef,
    K2: ExprRef,
    E2: ExprRef,
) -> Formula:
    """What everybody gets from K1 in expectation is the mixture of what K and K2 give."""
    parts = expectation(i, K, E), expectation(i, K2, E2)
    return ForAll([i], expectation(i, K1, E1) == mixed(m, *parts))


@define(Mixture, Game, Game, Game, Valuation, Game, Valuation)
def achieves_the_mixture(
    theory: Theory,
    m: ExprRef,
    K1: ExprRef,
    G: ExprRef,
    K: ExprRef,
    E: ExprRef,
    K2: ExprRef,
    E2: ExprRef,
) -> Formula:
    """By some valuation, K1 is an improvement on G, and gives the mixture in expectation."""
    mixes = theory.mixes_expectations(m, K1, E1, K, E, K2, E2)
    return Exists([E1], And(theory.token_improvement(K1, E1, G), mixes))


@define()
def what_is_achieved_is_convex(theory: Theory) -> Formula:
    """Some copy achieves, in expectation, any mixture of what two token games achieve."""
    given = And(
        theory.original(G), theory.token_improvement(K, E, G), theory.token_improvement(K2, E2, G)
    )
    achieved = theory.achieves_the_mixture(m, K1, G, K, E, K2, E2)
    return ForAll([m, G, K, E, K2, E2], Implies(given, Exists([K1], achieved)))


def any_copy(theory: Theory) -> Statement:
    """Return that lemma, from the steps of Lemma 13."""
    proof = lemma_13(theory)
    given = And(theory.original(G), theory.token_improvement(K, E, G))
    copied = And(given, theory.copied_by(f, G, K1), theory.stands_for_averages(E1, f, K, E, G))
    steps = (
        *proof.steps[:-1],
        Step(
            "copies-take-the-place",
            ForAll([f, G, K, E, K1, E1], Implies(copied, theory.takes_the_place(K1, E1, G, K, E))),
            ["copies-improve", "same-expectations", "takes_the_place"],
        ),
        Step(
            "goal",
            theory.any_copy_is_enough(),
            ["valuations_by_averages", "copies-take-the-place"],
        ),
    )
    return replace(
        proof,
        id="any-copy-is-enough",
        title="Every copy of what is left can take the place of tokens that are an improvement",
        definitions=(*proof.definitions, "takes_the_place"),
        steps=steps,
    )


def cor_14(theory: Theory) -> Statement:
    """Return it, with isomorphisms as the theory has them."""
    proof = lemma_13(theory)
    given = And(
        theory.original(G), theory.token_improvement(K, E, G), theory.token_improvement(K2, E2, G)
    )
    parts = And(theory.token_improvement(K1, E2, G), theory.token_improvement(K1, E3, G))
    mixture = theory.stands_for_mixtures(E1, m, E2, E3, K1)
    E4, E5 = z3.Consts("E4 E5", Valuation)
    places = And(theory.takes_the_place(K1, E4, G, K, E), theory.takes_the_place(K1, E5, G, K2, E2))
    achieved = theory.achieves_the_mixture(m, K1, G, K, E, K2, E2)
    played = result(w, K1)
    good = theory.point_as_good(stands_for(E2, a), b)
    gained = coordinate(i, stands_for(E2, a)) - pays(i, b)
    steps = (
        Step(
            "gained-if-as-good",
            ForAll([i, a, b, E2], Implies(good, gained >= 0)),
            ["point_as_good"],
        ),
        Step(
            "share-of-the-first",
            ForAll([i, m, a, b, E2], Implies(good, mixing_weight(m) * gained >= 0)),
            ["gained-if-as-good", "shares"],
        ),
        Step(
            "share-of-the-second",
            ForAll([i, m, a, b, E2], Implies(good, (1 - mixing_weight(m)) * gained >= 0)),
            ["gained-if-as-good", "shares"],
        ),
        Step(
            "at-least-what-both-are",
            ForAll(
                [i, m, a, b, E2, E3],
                Implies(
                    And(good, theory.point_as_good(stands_for(E3, a), b)),
                    mixed(m, coordinate(i, stands_for(E2, a)), coordinate(i, stands_for(E3, a)))
                    >= pays(i, b),
                ),
            ),
            ["share-of-the-first", "share-of-the-second"],
        ),
        Step(
            "mixtures-are-as-good",
            ForAll(
                [m, E1, E2, E3, K1, G, w],
                Implies(
                    And(parts, mixture),
                    theory.point_as_good(stands_for(E1, played), result(w, G)),
                ),
            ),
            [
                "at-least-what-both-are",
                "stands_for_mixtures",
                "outcomes_are_played",
                "token_improvement",
                "point_as_good",
            ],
        ),
        Step(
            "mixtures-improve",
            ForAll(
                [m, E1, E2, E3, K1, G],
                Implies(
                    And(parts, mixture, theory.token_game(K1, E1, G)),
                    theory.token_improvement(K1, E1, G),
                ),
            ),
            ["mixtures-are-as-good", "token_improvement"],
        ),
        Step(
            "improvements-are-tokens",
            ForAll(
                [E2, K1, G],
                Implies(theory.token_improvement(K1, E2, G), theory.token_game(K1, E2, G)),
            ),
            ["token_improvement"],
        ),
        Step(
            "improved-by-a-mixture",
            ForAll(
                [m, E1, E2, E3, K1, G],
                Implies(
                    And(parts, mixture, theory.token_game(K1, E1, G)),
                    theory.improves_by_mixing(m, K1, E2, E3, G),
                ),
            ),
            ["mixtures-improve", "improves_by_mixing"],
        ),
        Step(
            "improvements-can-be-mixed",
            ForAll(
                [m, E2, E3, K1, G],
                Implies(parts, theory.improves_by_mixing(m, K1, E2, E3, G)),
            ),
            ["valuations_can_be_mixed", "improvements-are-tokens", "improved-by-a-mixture"],
        ),
        Step(
            "same-in-expectation",
            ForAll(
                [i, K1, E1, G, K, E],
                Implies(
                    theory.takes_the_place(K1, E1, G, K, E),
                    expectation(i, K1, E1) == expectation(i, K, E),
                ),
            ),
            ["takes_the_place"],
        ),
        Step(
            "same-first-part",
            ForAll(
                [i, m, K1, E1, G, K, E],
                Implies(
                    theory.takes_the_place(K1, E1, G, K, E),
                    mixing_weight(m) * expectation(i, K1, E1)
                    == mixing_weight(m) * expectation(i, K, E),
                ),
            ),
            ["same-in-expectation"],
        ),
        Step(
            "same-second-part",
            ForAll(
                [i, m, K1, E1, G, K, E],
                Implies(
                    theory.takes_the_place(K1, E1, G, K, E),
                    (1 - mixing_weight(m)) * expectation(i, K1, E1)
                    == (1 - mixing_weight(m)) * expectation(i, K, E),
                ),
            ),
            ["same-in-expectation"],
        ),
        Step(
            "mixed-for-each",
            ForAll(
                [i, m, K1, E1, E4, E5, G, K, E, K2, E2],
                Implies(
                    And(places, theory.stands_for_mixtures(E1, m, E4, E5, K1)),
                    expectation(i, K1, E1)
                    == mixed(m, expectation(i, K, E), expectation(i, K2, E2)),
                ),
            ),
            ["mixtures_mix_expectations", "same-first-part", "same-second-part"],
        ),
        Step(
            "mixed-in-expectation",
            ForAll(
                [m, K1, E1, E4, E5, G, K, E, K2, E2],
                Implies(
                    And(places, theory.stands_for_mixtures(E1, m, E4, E5, K1)),
                    theory.mixes_expectations(m, K1, E1, K, E, K2, E2),
                ),
            ),
            ["mixed-for-each", "mixes_expectations"],
        ),
        Step(
            "places-improve",
            ForAll(
                [K1, E1, G, K, E],
                Implies(
                    theory.takes_the_place(K1, E1, G, K, E), theory.token_improvement(K1, E1, G)
                ),
            ),
            ["takes_the_place"],
        ),
        Step(
            "mixed-places",
            ForAll(
                [m, K1, E1, E4, E5, G, K, E, K2, E2],
                Implies(
                    And(
                        places,
                        theory.token_improvement(K1, E1, G),
                        theory.stands_for_mixtures(E1, m, E4, E5, K1),
                    ),
                    achieved,
                ),
            ),
            ["mixed-in-expectation", "achieves_the_mixture"],
        ),
        Step(
            "places-can-be-mixed",
            ForAll(
                [m, K1, E4, E5, G, K, E, K2, E2],
                Implies(places, theory.improves_by_mixing(m, K1, E4, E5, G)),
            ),
            ["places-improve", "improvements-can-be-mixed"],
        ),
        Step(
            "copies-can-be-mixed",
            ForAll([m, K1, E4, E5, G, K, E, K2, E2], Implies(places, achieved)),
            ["places-can-be-mixed", "improves_by_mixing", "mixed-places"],
        ),
        Step(
            "copies-take-places",
            ForAll(
                [f, G, K, E, K1],
                Implies(
                    And(
                        theory.original(G),
                        theory.token_improvement(K, E, G),
                        theory.copied_by(f, G, K1),
                    ),
                    Exists([E1], theory.takes_the_place(K1, E1, G, K, E)),
                ),
            ),
            ["any_copy_is_enough"],
        ),
        Step(
            "any-copy-can-be-mixed",
            ForAll(
                [m, f, K1, G, K, E, K2, E2],
                Implies(And(given, theory.copied_by(f, G, K1)), achieved),
            ),
            ["copies-take-places", "copies-can-be-mixed"],
        ),
        Step(
            "goal",
            theory.what_is_achieved_is_convex(),
            ["fresh_copies", "any-copy-can-be-mixed"],
        ),
    )
    return replace(
        proof,
        id="oc-cor-14",
        title="What improving tokens achieve in expectation is a convex set (printed: a polytope)",
        definitions=(
            *proof.definitions,
            "takes_the_place",
            "shares",
            "stands_for_mixtures",
            "valuations_can_be_mixed",
            "mixtures_mix_expectations",
            "mixes_expectations",
            "achieves_the_mixture",
            "improves_by_mixing",
        ),
        lemmas={"any_copy_is_enough": "any-copy-is-enough"},
        steps=steps,
        scene=Exists([G, K, E, m], And(theory.original(G), theory.token_improvement(K, E, G))),
    )


def statements(theory: Theory) -> list[Statement]:
    """Return the lemma and the corollary, in both readings."""
    return [
        any_copy(theory),
        with_one_to_one(any_copy, theory),
        cor_14(theory),
        with_one_to_one(cor_14, theory, "any_copy_is_enough"),
    ]
