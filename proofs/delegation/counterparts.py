"""What a copy's outcomes stand for, if the copy is played by some isomorphism.

A copy is made one to one; the representatives may play it by another isomorphism, which is so only
as far as what is called an isomorphism has to be. Where that one sends an outcome, the copy has
the image of some outcome, its counterpart. Both maps keep the order of what outcomes are worth. So
the counterpart of what is worth more than what it stands for is worth still more, and in a finite
game there is none: counterparts are worth the same.
"""

import z3
from delegated_games import G, Game, H, a, b, c, i, in_game, pays
from isomorphisms import (
    MAPS,
    ActionMap,
    d,
    f,
    g,
    image,
    known_of_isomorphisms,
    one_to_one_isomorphism,
    printed_isomorphism,
    value,
)
from z3 import And, Exists, ExprRef, ForAll, Implies, Not

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory, axiom, define
from spi_verify.theory.signature import Outcome, Player
from spi_verify.theory.terms import Formula, OutcomeTerm, PlayerTerm

a1, b1 = z3.Consts("a1 b1", Outcome)


@define(Outcome, Outcome)
def paid_alike(theory: Theory, a: OutcomeTerm, b: OutcomeTerm) -> Formula:
    """u(a) = u(b)."""
    return ForAll([i], pays(i, a) == pays(i, b))


@define(ActionMap, ActionMap, Game, Outcome)
def has_equal(theory: Theory, f: ExprRef, g: ExprRef, G: ExprRef, a: OutcomeTerm) -> Formula:
    """Something in G that pays like a is sent by f to where g sends a."""
    there = And(in_game(b, G), image(f, b) == image(g, a))
    return Exists([b], And(there, theory.paid_alike(b, a)))


@define(ActionMap, ActionMap, Game, Outcome, Outcome)
def is_counterpart(
    theory: Theory, f: ExprRef, g: ExprRef, G: ExprRef, b: OutcomeTerm, a: OutcomeTerm
) -> Formula:
    """In G, b is sent by f to where g sends a."""
    return And(in_game(a, G), in_game(b, G), image(f, b) == image(g, a))


@define(Player, ActionMap, ActionMap, Game, Outcome)
def rises(
    theory: Theory, i: PlayerTerm, f: ExprRef, g: ExprRef, G: ExprRef, a: OutcomeTerm
) -> Formula:
    """A counterpart of a is worth more to player i than a."""
    more = value(i, G, b) > value(i, G, a)
    return Exists([b], And(theory.is_counterpart(f, g, G, b, a), more))


@define(Player, ActionMap, ActionMap, Game, Outcome)
def falls(
    theory: Theory, i: PlayerTerm, f: ExprRef, g: ExprRef, G: ExprRef, a: OutcomeTerm
) -> Formula:
    """A counterpart of a is worth less to player i than a."""
    less = value(i, G, b) < value(i, G, a)
    return Exists([b], And(theory.is_counterpart(f, g, G, b, a), less))


@axiom()
def rises_are_finite(theory: Theory) -> Formula:
    """If something rises, something does that is worth no less than whatever rises."""
    others = ForAll([d], Implies(theory.rises(i, f, g, G, d), value(i, G, d) <= value(i, G, c)))
    last = Exists([c], And(theory.rises(i, f, g, G, c), others))
    return ForAll([i, f, g, G, a], Implies(theory.rises(i, f, g, G, a), last))


@axiom()
def falls_are_finite(theory: Theory) -> Formula:
    """If something falls, something does that is worth no more than whatever falls."""
    others = ForAll([d], Implies(theory.falls(i, f, g, G, d), value(i, G, d) >= value(i, G, c)))
    last = Exists([c], And(theory.falls(i, f, g, G, c), others))
    return ForAll([i, f, g, G, a], Implies(theory.falls(i, f, g, G, a), last))


@define()
def counterparts_are_paid_alike(theory: Theory) -> Formula:
    """What a copy's map and an isomorphism send to the same outcome pays everybody the same."""
    both = And(theory.original(G), _both(theory), in_game(a, G))
    return ForAll([f, g, G, H, a], Implies(both, theory.has_equal(f, g, G, a)))


def _both(theory: Theory) -> Formula:
    copied, sent = one_to_one_isomorphism(theory, f, G, H), printed_isomorphism(theory, g, G, H)
    return And(copied, sent)


def _one_to_one(theory: Theory, f: ExprRef, G: ExprRef, H: ExprRef) -> Formula:
    return theory.one_to_one(f, G, H)


def counterparts(theory: Theory) -> Statement:
    """Return the statement that counterparts are paid alike."""
    both = _both(theory)
    maps = [i, f, g, G, H]

    def counterpart(b: OutcomeTerm, a: OutcomeTerm) -> Formula:
        return theory.is_counterpart(f, g, G, b, a)

    known = "images-are-there", "order-is-kept"
    onto = "actions-have-preimages", "actions-are-images", "everything-is-an-image"
    more, less = value(i, G, a1) > value(i, G, a), value(i, G, a1) < value(i, G, a)
    steps = (
        *known_of_isomorphisms(theory, *known, written_out=printed_isomorphism),
        *known_of_isomorphisms(theory, *onto, written_out=_one_to_one),
        Step(
            "what-is-sent-there",
            ForAll(
                [f, g, G, H, a, c],
                Implies(
                    And(theory.one_to_one(f, G, H), in_game(c, H), image(g, a) == c),
                    theory.has_counterpart(f, g, G, a),
                ),
            ),
            ["everything-is-an-image", "has_counterpart"],
        ),
        Step(
            "has-a-counterpart",
            ForAll(
                [f, g, G, H, a],
                Implies(And(both, in_game(a, G)), theory.has_counterpart(f, g, G, a)),
            ),
            ["images-are-there", "what-is-sent-there"],
        ),
        Step(
            "counterpart-if-sent-there",
            ForAll(
                [f, g, G, a, b],
                Implies(
                    And(in_game(a, G), in_game(b, G), image(f, b) == image(g, a)),
                    counterpart(b, a),
                ),
            ),
            ["is_counterpart"],
        ),
        Step(
            "counterparts-are-there",
            ForAll(
                [f, g, G, a],
                Implies(
                    And(in_game(a, G), theory.has_counterpart(f, g, G, a)),
                    Exists([b], counterpart(b, a)),
                ),
            ),
            ["has_counterpart", "counterpart-if-sent-there"],
        ),
        Step(
            "sent-by-both",
            ForAll(
                [f, g, G, H, a],
                Implies(And(both, in_game(a, G)), Exists([b], counterpart(b, a))),
            ),
            ["has-a-counterpart", "counterparts-are-there"],
        ),
        Step(
            "counterparts-have-counterparts",
            ForAll(
                [f, g, G, H, a, a1],
                Implies(And(both, counterpart(a1, a)), Exists([b], counterpart(b, a1))),
            ),
            ["is_counterpart", "sent-by-both"],
        ),
        Step(
            "order-of-counterparts",
            ForAll(
                [*maps, a, a1, b, b1],
                Implies(
                    And(both, counterpart(a1, a), counterpart(b1, b)),
                    (value(i, G, a) > value(i, G, b)) == (value(i, G, a1) > value(i, G, b1)),
                ),
            ),
            ["order-is-kept", "is_counterpart"],
        ),
        Step(
            "rises-further",
            ForAll(
                [*maps, a, a1],
                Implies(And(both, counterpart(a1, a), more), theory.rises(i, f, g, G, a1)),
            ),
            ["counterparts-have-counterparts", "order-of-counterparts", "rises"],
        ),
        Step(
            "nothing-rises",
            ForAll([*maps, a], Implies(both, Not(theory.rises(i, f, g, G, a)))),
            ["rises-further", "rises", "rises_are_finite"],
        ),
        Step(
            "falls-further",
            ForAll(
                [*maps, a, a1],
                Implies(And(both, counterpart(a1, a), less), theory.falls(i, f, g, G, a1)),
            ),
            ["counterparts-have-counterparts", "order-of-counterparts", "falls"],
        ),
        Step(
            "nothing-falls",
            ForAll([*maps, a], Implies(both, Not(theory.falls(i, f, g, G, a)))),
            ["falls-further", "falls", "falls_are_finite"],
        ),
        Step(
            "no-counterpart-is-worth-more",
            ForAll([*maps, a, a1], Implies(And(both, counterpart(a1, a)), Not(more))),
            ["nothing-rises", "rises"],
        ),
        Step(
            "no-counterpart-is-worth-less",
            ForAll([*maps, a, a1], Implies(And(both, counterpart(a1, a)), Not(less))),
            ["nothing-falls", "falls"],
        ),
        Step(
            "worth-the-same",
            ForAll(
                [*maps, a, a1],
                Implies(And(both, counterpart(a1, a)), value(i, G, a1) == value(i, G, a)),
            ),
            ["no-counterpart-is-worth-more", "no-counterpart-is-worth-less"],
        ),
        Step(
            "paid-as-its-counterpart",
            ForAll(
                [f, g, G, H, a, a1],
                Implies(
                    And(theory.original(G), both, counterpart(a1, a)), theory.paid_alike(a1, a)
                ),
            ),
            ["worth-the-same", "is_counterpart", "original", "paid_alike"],
        ),
        Step(
            "equal-if-it-has-a-counterpart",
            ForAll(
                [f, g, G, H, a, a1],
                Implies(
                    And(theory.original(G), both, counterpart(a1, a)),
                    theory.has_equal(f, g, G, a),
                ),
            ),
            ["paid-as-its-counterpart", "is_counterpart", "has_equal"],
        ),
        Step(
            "goal",
            theory.counterparts_are_paid_alike(),
            ["sent-by-both", "equal-if-it-has-a-counterpart"],
        ),
    )
    copied = And(theory.original(G), one_to_one_isomorphism(theory, f, G, H), G != H)
    return Statement(
        id="counterparts-are-paid-alike",
        title="What a copy's map and an isomorphism send to the same outcome pays everybody alike",
        theory=theory,
        hypotheses=(),
        definitions=(
            *(name for name in MAPS if name != "games_are_finite"),
            "original",
            "has_counterpart",
            "is_counterpart",
            "paid_alike",
            "has_equal",
            "rises",
            "falls",
            "rises_are_finite",
            "falls_are_finite",
        ),
        steps=steps,
        scene=Exists([f, G, H], copied),
        sizes={"Action": 1, "ActionMap": 1, "Outcome": 1},
    )


def statements(theory: Theory) -> list[Statement]:
    """Return what the statements about tokens use as a lemma."""
    return [counterparts(theory)]
