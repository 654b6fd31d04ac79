"""Definition 5: when an improvement is not trivial.

As printed, what is left of the two games must not be equal. But the same game with all payoffs
raised by 1 is another game, which is isomorphic to it and changes nothing. So every game has an
improvement that is not trivial in this sense, and the decision problem is always answered yes.
"""

from dataclasses import replace

from delegated_games import G, Game, H, a, b, i, in_game, result, w
from differences import difference
from eliminations import actions_are_played
from isomorphisms import (
    ISOMORPHISMS,
    ActionMap,
    d,
    f,
    g,
    has_action,
    image,
    one_to_one_isomorphism,
    sends,
    value,
    x,
)
from oc_two_games import PLAYS, left
from z3 import And, Exists, ExprRef, ForAll, Implies, Not

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory, axiom, define
from spi_verify.theory.terms import Formula
from spi_verify.verdicts import Verdict


@define(Game, Game)
def same_actions(theory: Theory, G: ExprRef, H: ExprRef) -> Formula:
    """Everybody has the same actions in both."""
    return ForAll([i, x], has_action(i, x, G) == has_action(i, x, H))


@define(Game, Game)
def same_payoffs(theory: Theory, G: ExprRef, H: ExprRef) -> Formula:
    """Representatives are told the same payoffs of what can be played in the first."""
    return ForAll([i, a], Implies(in_game(a, G), value(i, G, a) == value(i, H, a)))


@define(Game, Game)
def trivial_improvement(theory: Theory, H: ExprRef, G: ExprRef) -> Formula:
    """Definition 5 (1), as printed: what is left of the games is equal."""
    G1, H1 = left(G), left(H)
    return And(theory.same_actions(G1, H1), theory.same_payoffs(G1, H1))


@define(Game, Game)
def raised(theory: Theory, H: ExprRef, G: ExprRef) -> Formula:
    """H is G with all payoffs raised by 1."""
    more = ForAll([i, a], Implies(in_game(a, G), value(i, H, a) == value(i, G, a) + 1))
    return And(theory.same_actions(G, H), more)


@axiom()
def raised_games(theory: Theory) -> Formula:
    """What representatives are told of an original undominated game can be raised."""
    can_be = Exists([H], theory.raised(H, G))
    return ForAll([G], Implies(And(theory.original(G), theory.undominated(G)), can_be))


@define(ActionMap)
def changes_nothing(theory: Theory, f: ExprRef) -> Formula:
    """The map sends every action to itself."""
    return ForAll([i, x], sends(f, i, x) == x)


@axiom()
def identity_maps(theory: Theory) -> Formula:
    """Some map sends every action to itself."""
    return Exists([f], theory.changes_nothing(f))


def _other_outcomes(theory: Theory, H: ExprRef, G: ExprRef) -> Formula:
    """As repaired: everybody has the same actions in what is left of the games."""
    return theory.same_actions(left(G), left(H))


def _reading(theory: Theory) -> Statement:
    improves = And(
        theory.original(G),
        theory.subset_game(H, G),
        theory.isomorphism(f, left(G), left(H)),
        theory.improves_by(f, left(G)),
    )
    moved = Exists([a], And(in_game(a, left(G)), image(f, a) != a))
    stays = And(theory.isomorphism(f, left(G), left(H)), Not(moved))
    steps = (
        *actions_are_played(theory),
        Step(
            "actions-stay",
            ForAll(
                [i, x, f, G, H],
                Implies(And(stays, has_action(i, x, left(G))), sends(f, i, x) == x),
            ),
            ["actions-are-played", "images_have_images"],
        ),
        Step(
            "same-actions-where-they-stay",
            ForAll([f, G, H], Implies(stays, theory.same_actions(left(G), left(H)))),
            ["actions-stay", "isomorphism", "into", "one_to_one", "same_actions"],
        ),
        Step(
            "goal",
            ForAll(
                [f, G, H],
                Implies(And(improves, Not(theory.trivial_improvement(H, G))), moved),
            ),
            ["same-actions-where-they-stay", "trivial_improvement"],
        ),
    )
    return Statement(
        id="oc-def-5",
        title="An improvement that is not trivial turns some outcome into another",
        theory=theory,
        hypotheses=(),
        definitions=(
            *ISOMORPHISMS,
            "original",
            "as_good",
            "subset_game",
            "improves_by",
            "same_actions",
            "same_payoffs",
            "trivial_improvement",
            "same_for_others",
            "actions_can_be_changed",
        ),
        steps=steps,
        scene=Exists([f, G, H], And(improves, G != H)),
        sizes={"Action": 1, "ActionMap": 1, "Outcome": 1},
    )


def always(theory: Theory) -> Statement:
    """Return the statement that every game has an improvement that is not trivial as printed."""
    plain = And(theory.changes_nothing(f), theory.raised(H, G))
    plain_copy = And(theory.changes_nothing(f), theory.raised(H, left(G)))
    higher = And(theory.raised(H, left(G)), theory.undominated(H))
    found = And(
        theory.subset_game(H, G),
        Not(theory.trivial_improvement(H, G)),
        theory.safe_under_both(H, G),
    )
    steps = (
        Step(
            "same-outcomes",
            ForAll([G, H, a], Implies(theory.same_actions(G, H), in_game(a, G) == in_game(a, H))),
            ["same_actions", "outcomes_are_profiles"],
        ),
        Step(
            "same-image",
            ForAll([f, a], Implies(theory.changes_nothing(f), image(f, a) == a)),
            ["changes_nothing", "images_have_images", "profiles_are_equal"],
        ),
        Step(
            "sent-into",
            ForAll([f, G, H], Implies(plain, theory.into(f, G, H))),
            ["changes_nothing", "raised", "same_actions", "into"],
        ),
        Step(
            "one-to-one",
            ForAll([f, G, H], Implies(plain, theory.one_to_one(f, G, H))),
            ["changes_nothing", "raised", "same_actions", "one_to_one"],
        ),
        Step(
            "same-differences",
            ForAll(
                [i, G, H, a, b],
                Implies(
                    And(value(i, H, a) == value(i, G, a) + 1, value(i, H, b) == value(i, G, b) + 1),
                    difference(i, H, a, b) == difference(i, G, a, b),
                ),
            ),
            ["differences"],
        ),
        Step(
            "proportional-to-the-same",
            ForAll(
                [i, G, H, a, b, d],
                Implies(
                    And(
                        difference(i, H, a, b) == difference(i, G, a, b),
                        difference(i, H, a, d) == difference(i, G, a, d),
                    ),
                    difference(i, G, a, b) * difference(i, H, a, d)
                    == difference(i, G, a, d) * difference(i, H, a, b),
                ),
            ),
            [],
        ),
        Step(
            "raised-alike",
            ForAll(
                [i, G, H, a, b, d],
                Implies(
                    And(
                        value(i, H, a) == value(i, G, a) + 1,
                        value(i, H, b) == value(i, G, b) + 1,
                        value(i, H, d) == value(i, G, d) + 1,
                    ),
                    theory.proportional(i, G, a, b, d, H, a, b, d),
                ),
            ),
            ["proportions_in_differences", "same-differences", "proportional-to-the-same"],
        ),
        Step(
            "proportional-there",
            ForAll(
                [i, G, H, a, b, d],
                Implies(
                    And(theory.raised(H, G), in_game(a, G), in_game(b, G), in_game(d, G)),
                    theory.proportional(i, G, a, b, d, H, a, b, d),
                ),
            ),
            ["raised", "raised-alike"],
        ),
        Step(
            "rescaled",
            ForAll([i, f, G, H], Implies(plain, theory.rescales(i, f, G, H))),
            ["same-image", "raised", "proportional-there", "rescales"],
        ),
        Step(
            "isomorphic-by-changing-nothing",
            ForAll([f, G, H], Implies(plain, one_to_one_isomorphism(theory, f, G, H))),
            ["sent-into", "one-to-one", "rescaled", "payoffs_are_rescaled"],
        ),
        Step(
            "isomorphic-to-what-is-left",
            ForAll([G, H], Implies(higher, theory.isomorphic(left(G), left(H)))),
            [
                "isomorphic-by-changing-nothing",
                "isomorphism",
                "identity_maps",
                "isomorphic",
                "what_elimination_leaves",
            ],
        ),
        Step(
            "paid-as-what-is-played",
            ForAll(
                [w, f, g, G, H],
                Implies(
                    And(
                        theory.original(left(G)),
                        plain_copy,
                        theory.isomorphism(g, left(G), H),
                        result(w, H) == image(g, result(w, left(G))),
                    ),
                    theory.paid_alike(result(w, H), result(w, left(G))),
                ),
            ),
            [
                "isomorphic-by-changing-nothing",
                "isomorphism",
                "same-image",
                "counterparts_are_paid_alike",
                "has_equal",
                "outcomes_are_played",
            ],
        ),
        Step(
            "as-good-as-what-is-played",
            ForAll(
                [w, G, H],
                Implies(
                    And(
                        theory.original(left(G)),
                        theory.raised(H, left(G)),
                        theory.tied_plays(w, left(G), H),
                    ),
                    theory.as_good(result(w, H), result(w, left(G))),
                ),
            ),
            ["paid-as-what-is-played", "identity_maps", "tied_plays", "paid_alike", "as_good"],
        ),
        Step(
            "safe",
            ForAll([G, H], Implies(And(theory.original(G), higher), theory.safe_under_both(H, G))),
            [
                "as-good-as-what-is-played",
                "what-is-left-is-original",
                "isomorphic-to-what-is-left",
                "eliminates",
                "plays_isomorphically",
                "safe_under_both",
                "what_elimination_leaves",
            ],
        ),
        Step(
            "something-is-left",
            ForAll([i, G], Exists([a], in_game(a, left(G)))),
            ["games_are_finite", "most_paid"],
        ),
        Step(
            "other-payoffs",
            ForAll([i, G, H], Implies(higher, Not(theory.trivial_improvement(H, G)))),
            [
                "something-is-left",
                "raised",
                "same_payoffs",
                "trivial_improvement",
                "what_elimination_leaves",
            ],
        ),
        Step(
            "within",
            ForAll([G, H], Implies(higher, theory.subset_game(H, G))),
            ["raised", "same-outcomes", "subset_game", "what_elimination_leaves"],
        ),
        Step(
            "what-is-left-is-original",
            ForAll([G], Implies(theory.original(G), theory.original(left(G)))),
            ["original", "what_elimination_leaves"],
        ),
        Step(
            "nothing-dominated",
            ForAll(
                [G, H],
                Implies(
                    And(theory.raised(H, G), theory.undominated(G)),
                    theory.undominated(H),
                ),
            ),
            ["isomorphic-by-changing-nothing", "identity_maps", "undominated_alike"],
        ),
        Step(
            "there-is-one",
            ForAll([G], Implies(theory.original(G), Exists([H], higher))),
            [
                "what-is-left-is-original",
                "raised_games",
                "nothing-dominated",
                "what_elimination_leaves",
            ],
        ),
        Step(
            "goal",
            ForAll([i, G], Implies(theory.original(G), Exists([H], found))),
            ["there-is-one", "within", "other-payoffs", "safe"],
        ),
    )
    return Statement(
        id="oc-def-5-always",
        title="As printed, every game has an improvement that is not trivial",
        theory=theory,
        hypotheses=(),
        definitions=(
            *PLAYS,
            "as_good",
            "safe_under_both",
            "paid_alike",
            "has_equal",
            "subset_game",
            "same_actions",
            "same_payoffs",
            "trivial_improvement",
            "raised",
            "raised_games",
            "changes_nothing",
            "identity_maps",
            "differences",
        ),
        lemmas={
            "counterparts_are_paid_alike": "counterparts-are-paid-alike",
            "undominated_alike": "undominated-alike",
            "proportions_in_differences": "proportions-in-differences",
        },
        steps=steps,
        scene=Exists([G], theory.original(G)),
    )


def statements(theory: Theory) -> list[Statement]:
    """Return both readings, and that the printed one excludes nothing."""
    literal = replace(
        _reading(theory),
        expected=Verdict.REFUTED,
        note="The same game with other payoffs is another game.",
    )
    meant = theory.with_(isomorphism=one_to_one_isomorphism, trivial_improvement=_other_outcomes)
    repaired = replace(
        _reading(meant),
        id="oc-def-5/repaired",
        changed=("isomorphism", "trivial_improvement"),
    )
    return [literal, repaired, always(theory)]
