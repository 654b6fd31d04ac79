"""Sequences of games, each of which corresponds to the one before by one of the assumptions."""

import z3
from delegated_games import G, Game, H, K, a, b, c, i, in_game
from isomorphisms import ActionMap, f, image, known_of_isomorphisms, move, x
from reductions import N, reduces, size
from z3 import (
    And,
    BoolSort,
    Const,
    DeclareSort,
    Exists,
    ExprRef,
    ForAll,
    Function,
    If,
    Implies,
    Not,
    Or,
    RealSort,
)

from spi_verify.obligations import Step
from spi_verify.theory import Theory, axiom, define
from spi_verify.theory.signature import Outcome
from spi_verify.theory.terms import Formula, OutcomeTerm

Derivation = DeclareSort("Derivation")

starts = Function("starts", Derivation, Game)
"""The first game of a sequence."""
ends = Function("ends", Derivation, Game)
"""The last game of a sequence."""
rest = Function("rest", Derivation, Derivation)
"""A sequence without its first game."""
length = Function("length", Derivation, RealSort())
"""How many correspondences there are in a sequence."""
copied = Function("copied", Derivation, ActionMap)
"""The isomorphism between the first two games, if there is one."""
allows = Function("allows", Derivation, Outcome, Outcome, BoolSort())
"""The composed correspondence allows the second outcome where the first one is played."""

s = Const("s", Derivation)
G1, H1 = z3.Consts("G1 H1", Game)


@define(Derivation)
def by_elimination(theory: Theory, s: ExprRef) -> Formula:
    """The first step is an elimination (Assumption 1), or one backwards."""
    first, second = starts(s), starts(rest(s))
    return Or(theory.eliminated(second, first), theory.eliminated(first, second))


@define(Derivation)
def by_isomorphism(theory: Theory, s: ExprRef) -> Formula:
    """The first step is an isomorphism between games in which nothing is dominated."""
    first, second = starts(s), starts(rest(s))
    free = And(theory.undominated(first), theory.undominated(second))
    return And(free, theory.isomorphism(copied(s), first, second))


@define(Derivation, Outcome, Outcome)
def first_allows(theory: Theory, s: ExprRef, a: OutcomeTerm, b: OutcomeTerm) -> Formula:
    """The correspondence of the first step: outcomes stay what they are, or are sent."""
    within = And(in_game(a, starts(s)), in_game(b, starts(rest(s))))
    return And(within, b == If(theory.by_isomorphism(s), image(copied(s), a), a))


@define(Derivation)
def makes_no_step(theory: Theory, s: ExprRef) -> Formula:
    """There is one game in the sequence, and every outcome of it corresponds to itself."""
    same = ForAll([a, b], allows(s, a, b) == And(a == b, in_game(a, starts(s))))
    return And(length(s) == 0, ends(s) == starts(s), same)


@define(Derivation)
def makes_a_step(theory: Theory, s: ExprRef) -> Formula:
    """One step comes before the rest, and correspondences are composed."""
    composed = Exists([c], And(theory.first_allows(s, a, c), allows(rest(s), c, b)))
    return And(
        length(s) == length(rest(s)) + 1,
        ends(s) == ends(rest(s)),
        Or(theory.by_elimination(s), theory.by_isomorphism(s)),
        ForAll([a, b], allows(s, a, b) == composed),
    )


@axiom(starts, ends, rest, length, allows)
def sequences(theory: Theory) -> Formula:
    """A sequence makes no step, or one and then the rest."""
    return ForAll([s], Or(theory.makes_no_step(s), theory.makes_a_step(s)))


@define(Derivation, Game)
def reduced_only(theory: Theory, s: ExprRef, G: ExprRef) -> Formula:
    """Eliminations lead from both ends to G, and what is left there corresponds to itself.

    There are no more of them than there are steps in the sequence.
    """
    both = And(reduces(starts(s), G), reduces(ends(s), G))
    same = ForAll([a, b], allows(s, a, b) == And(a == b, in_game(a, G)))
    steps = size(starts(s)) - size(G) + size(ends(s)) - size(G)
    return And(both, same, steps <= length(s))


@define(Derivation, ActionMap, Game, Game)
def reduced_and_copied(theory: Theory, s: ExprRef, f: ExprRef, G: ExprRef, H: ExprRef) -> Formula:
    """Eliminations lead from the ends to G and H, between which f is an isomorphism.

    Nothing is dominated there, f is what the composed correspondence allows, and there are no more
    eliminations and isomorphisms than there are steps in the sequence.
    """
    both = And(theory.ends_with(starts(s), G), theory.ends_with(ends(s), H))
    sent = ForAll([a, b], allows(s, a, b) == And(in_game(a, G), b == image(f, a)))
    steps = size(starts(s)) - size(G) + 1 + size(ends(s)) - size(H)
    return And(both, theory.isomorphism(f, G, H), sent, steps <= length(s))


@define(Derivation)
def has_normal_form(theory: Theory, s: ExprRef) -> Formula:
    """Some sequence in normal form has the same ends, allows the same, and is no longer."""
    without = Exists([G], theory.reduced_only(s, G))
    return Or(without, Exists([f, G, H], theory.reduced_and_copied(s, f, G, H)))


@axiom()
def induction_on_sequences(theory: Theory) -> Formula:
    """Induction for one claim: what holds of the rest holds of the sequence, so it holds of all."""
    rests = Implies(theory.makes_a_step(s), theory.has_normal_form(rest(s)))
    step = ForAll([s], Implies(rests, theory.has_normal_form(s)))
    return Implies(step, ForAll([s], theory.has_normal_form(s)))


def known_of_eliminations(theory: Theory) -> tuple[Step, ...]:
    """Return what is known of eliminations, in the form in which it is used."""
    one = theory.eliminated_one(K, G, i, x)
    reorder = "elimination_can_be_reordered"
    return (
        Step("goes-from-itself", ForAll([G], reduces(G, G)), ["eliminations_go_on"]),
        Step(
            "goes-after-one",
            ForAll([G, K, H], Implies(And(theory.eliminated(K, G), reduces(K, H)), reduces(G, H))),
            ["eliminations_go_on"],
        ),
        Step(
            "nothing-goes",
            ForAll([G, K], Implies(theory.undominated(G), Not(theory.eliminated(K, G)))),
            ["undominated", "eliminated", "eliminated_one"],
        ),
        Step(
            "goes-nowhere",
            ForAll([G, H], Implies(And(theory.undominated(G), reduces(G, H)), G == H)),
            ["eliminations_go_on", "nothing-goes"],
        ),
        Step(
            "less-is-left",
            ForAll([G, H, a], Implies(And(reduces(G, H), in_game(a, H)), in_game(a, G))),
            [reorder, "only_less_is_left"],
        ),
        Step(
            "less-after-one",
            ForAll([G, K, a], Implies(And(theory.eliminated(K, G), in_game(a, K)), in_game(a, G))),
            ["less-is-left", "goes-after-one", "goes-from-itself"],
        ),
        Step(
            "leads-on",
            ForAll([G, H, N], Implies(And(reduces(G, H), theory.eliminated(N, H)), reduces(G, N))),
            [reorder, "leads_on"],
        ),
        Step(
            "can-go-first",
            ForAll(
                [i, x, G, K, H],
                Implies(And(one, reduces(G, H)), theory.reached_without(H, K, i, x)),
            ),
            [reorder, "any_can_go_first"],
        ),
        Step(
            "has-gone",
            ForAll(
                [i, x, G, K],
                Implies(
                    And(theory.reached_without(G, K, i, x), theory.undominated(G)), reduces(K, G)
                ),
            ),
            ["reached_without", "nothing-goes", "eliminated"],
        ),
        Step(
            "ends-as-before",
            ForAll(
                [i, x, G, K, H],
                Implies(
                    And(theory.eliminated_one(K, G, i, x), theory.ends_with(G, H)),
                    theory.ends_with(K, H),
                ),
            ),
            ["can-go-first", "has-gone", "ends_with"],
        ),
        Step(
            "outcomes-without-it",
            ForAll(
                [i, x, G, K, a],
                Implies(one, in_game(a, K) == And(in_game(a, G), move(i, a) != x)),
            ),
            ["eliminated_one", "without_action", "outcomes_are_profiles"],
        ),
    )


def known_of_sequences(theory: Theory) -> tuple[Step, ...]:
    """Return what first steps do, and what normal forms are, in the form in which it is used."""
    first, second = starts(s), starts(rest(s))
    step = theory.makes_a_step(s)
    removes = And(step, theory.eliminated(second, first))
    adds = And(step, theory.eliminated_one(first, second, i, x))
    copies = And(step, theory.by_isomorphism(s))
    plain, sent = theory.reduced_only, theory.reduced_and_copied
    return (
        *known_of_isomorphisms(theory, "images-are-there"),
        *known_of_eliminations(theory),
        Step(
            "keeps",
            ForAll(
                [s, a, b],
                Implies(
                    And(step, Not(theory.by_isomorphism(s))),
                    allows(s, a, b)
                    == And(in_game(a, first), in_game(a, second), allows(rest(s), a, b)),
                ),
            ),
            ["makes_a_step", "first_allows"],
        ),
        Step(
            "sends",
            ForAll(
                [s, a, b],
                Implies(
                    copies,
                    allows(s, a, b)
                    == And(in_game(a, first), allows(rest(s), image(copied(s), a), b)),
                ),
            ),
            ["makes_a_step", "first_allows", "by_isomorphism", "images-are-there"],
        ),
        Step(
            "eliminations-are-no-isomorphisms",
            ForAll(
                [s],
                Implies(
                    Or(theory.eliminated(second, first), theory.eliminated(first, second)),
                    Not(theory.by_isomorphism(s)),
                ),
            ),
            ["by_isomorphism", "nothing-goes"],
        ),
        Step(
            "kept-by-elimination",
            ForAll(
                [s, a, b],
                Implies(removes, allows(s, a, b) == And(in_game(a, second), allows(rest(s), a, b))),
            ),
            ["keeps", "eliminations-are-no-isomorphisms", "less-after-one"],
        ),
        Step(
            "kept-backwards",
            ForAll(
                [s, i, x, a, b],
                Implies(adds, allows(s, a, b) == And(in_game(a, first), allows(rest(s), a, b))),
            ),
            ["keeps", "eliminations-are-no-isomorphisms", "less-after-one", "eliminated"],
        ),
        Step(
            "plain-ends-and-steps",
            ForAll(
                [s, G1],
                Implies(
                    plain(s, G1),
                    And(
                        reduces(first, G1),
                        reduces(ends(s), G1),
                        size(first) - size(G1) + size(ends(s)) - size(G1) <= length(s),
                    ),
                ),
            ),
            ["reduced_only"],
        ),
        Step(
            "plain-outcomes",
            ForAll(
                [s, G1, a, b],
                Implies(plain(s, G1), allows(s, a, b) == And(a == b, in_game(a, G1))),
            ),
            ["reduced_only"],
        ),
        Step(
            "one-step-more-than-the-rest",
            ForAll(
                [s],
                Implies(step, And(length(s) == length(rest(s)) + 1, ends(s) == ends(rest(s)))),
            ),
            ["makes_a_step"],
        ),
        Step(
            "copied-ends-and-steps",
            ForAll(
                [s, f, G1, H1],
                Implies(
                    sent(s, f, G1, H1),
                    And(
                        theory.ends_with(first, G1),
                        theory.ends_with(ends(s), H1),
                        theory.isomorphism(f, G1, H1),
                        size(first) - size(G1) + 1 + size(ends(s)) - size(H1) <= length(s),
                    ),
                ),
            ),
            ["reduced_and_copied"],
        ),
        Step(
            "copied-outcomes",
            ForAll(
                [s, f, G1, H1, a, b],
                Implies(
                    sent(s, f, G1, H1),
                    allows(s, a, b) == And(in_game(a, G1), b == image(f, a)),
                ),
            ),
            ["reduced_and_copied"],
        ),
        Step(
            "one-action-more",
            ForAll([s, i, x], Implies(adds, size(first) + 1 == size(second))),
            ["actions_are_counted", "eliminated"],
        ),
    )
