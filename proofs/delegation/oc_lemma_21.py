"""Lemma 21: what a sequence of correspondences shows, one in normal form shows, with no more steps.

Each game of a sequence comes from the one before by an elimination, by an elimination backwards, or
by an isomorphism, if nothing is dominated. In normal form, eliminations come first, then at most
one isomorphism, then eliminations backwards. It is given by the game G1 that the first ones lead
to, and the game H1 that the last ones come from; an elimination takes one action, so that numbers
of actions say how many eliminations there are.
"""

from delegated_games import G, H, K, a, b, i, in_game
from isomorphism_lemmas import after_map, composed_maps
from isomorphisms import ISOMORPHISMS, f, image, with_one_to_one, x
from reductions import REDUCTIONS, N, reduces, size
from sequences import (
    G1,
    H1,
    allows,
    copied,
    ends,
    known_of_sequences,
    length,
    rest,
    s,
    starts,
)
from z3 import And, Exists, ForAll, Implies

from spi_verify.obligations import Statement, Step
from spi_verify.theory import Theory


def lemma_21(theory: Theory) -> Statement:
    """Return it, with isomorphisms as meant."""
    first = starts(s)
    step = theory.makes_a_step(s)
    plain = theory.reduced_only
    steps = (
        *known_of_sequences(theory),
        *after_an_elimination(theory),
        *after_one_backwards(theory),
        *after_an_isomorphism(theory),
        Step(
            "plain-where-nothing-happens",
            ForAll([s], Implies(theory.makes_no_step(s), plain(s, first))),
            ["makes_no_step", "goes-from-itself", "reduced_only"],
        ),
        Step(
            "one-step-more",
            ForAll(
                [s],
                Implies(And(step, theory.has_normal_form(rest(s))), theory.has_normal_form(s)),
            ),
            [
                "makes_a_step",
                "by_elimination",
                "eliminated",
                "plain-after-elimination",
                "copied-after-elimination",
                "plain-after-one-backwards",
                "copied-after-one-backwards",
                "copied-after-an-isomorphism",
                "composed-after-an-isomorphism",
                "has_normal_form",
            ],
        ),
        Step(
            "goal",
            ForAll([s], theory.has_normal_form(s)),
            [
                "sequences",
                "plain-where-nothing-happens",
                "one-step-more",
                "has_normal_form",
                "induction_on_sequences",
            ],
        ),
    )
    return Statement(
        id="oc-lemma-21",
        title="What a sequence shows, one in normal form shows with no more steps",
        theory=theory,
        hypotheses=(),
        definitions=(
            *ISOMORPHISMS,
            *(name for name in REDUCTIONS if name not in ISOMORPHISMS),
            "undominated",
            "only_less_is_left",
            "leads_on",
            "reached_without",
            "any_can_go_first",
            "actions_are_counted",
            "ends_with",
            "by_elimination",
            "by_isomorphism",
            "first_allows",
            "makes_no_step",
            "makes_a_step",
            "sequences",
            "reduced_only",
            "reduced_and_copied",
            "has_normal_form",
            "induction_on_sequences",
        ),
        lemmas={
            "elimination_can_be_reordered": "eliminations-can-be-reordered",
            "isomorphisms_compose": "isomorphisms-compose",
        },
        steps=steps,
        scene=Exists([s], And(theory.makes_a_step(s), starts(s) != ends(s))),
        sizes={"Action": 1, "ActionMap": 1, "Outcome": 1},
    )


def after_an_elimination(theory: Theory) -> tuple[Step, ...]:
    """Return what is shown where an elimination comes first."""
    first, second = starts(s), starts(rest(s))
    step = theory.makes_a_step(s)
    removes = And(step, theory.eliminated(second, first))
    plain, sent = theory.reduced_only, theory.reduced_and_copied
    return (
        Step(
            "kept-after-elimination",
            ForAll(
                [s, G1, a, b],
                Implies(
                    And(removes, plain(rest(s), G1)),
                    allows(s, a, b) == And(a == b, in_game(a, G1)),
                ),
            ),
            ["kept-by-elimination", "plain-outcomes", "plain-ends-and-steps", "less-is-left"],
        ),
        Step(
            "plain-after-elimination",
            ForAll([s, G1], Implies(And(removes, plain(rest(s), G1)), plain(s, G1))),
            [
                "kept-after-elimination",
                "plain-ends-and-steps",
                "one-step-more-than-the-rest",
                "goes-after-one",
                "actions_are_counted",
                "reduced_only",
            ],
        ),
        Step(
            "sent-after-elimination",
            ForAll(
                [s, f, G1, H1, a, b],
                Implies(
                    And(removes, sent(rest(s), f, G1, H1)),
                    allows(s, a, b) == And(in_game(a, G1), b == image(f, a)),
                ),
            ),
            [
                "kept-by-elimination",
                "copied-outcomes",
                "copied-ends-and-steps",
                "ends_with",
                "less-is-left",
            ],
        ),
        Step(
            "copied-after-elimination",
            ForAll(
                [s, f, G1, H1],
                Implies(And(removes, sent(rest(s), f, G1, H1)), sent(s, f, G1, H1)),
            ),
            [
                "sent-after-elimination",
                "copied-ends-and-steps",
                "goes-after-one",
                "actions_are_counted",
                "one-step-more-than-the-rest",
                "ends_with",
                "reduced_and_copied",
            ],
        ),
    )


def after_one_backwards(theory: Theory) -> tuple[Step, ...]:
    """Return what is shown where one backwards comes first."""
    first, second = starts(s), starts(rest(s))
    step = theory.makes_a_step(s)
    adds = And(step, theory.eliminated_one(first, second, i, x))
    plain, sent = theory.reduced_only, theory.reduced_and_copied
    return (
        Step(
            "kept-if-it-is-gone",
            ForAll(
                [s, i, x, G1, a, b],
                Implies(
                    And(adds, plain(rest(s), G1), reduces(first, G1)),
                    allows(s, a, b) == And(a == b, in_game(a, G1)),
                ),
            ),
            ["kept-backwards", "plain-outcomes", "less-is-left"],
        ),
        Step(
            "plain-if-it-is-gone",
            ForAll(
                [s, i, x, G1],
                Implies(And(adds, plain(rest(s), G1), reduces(first, G1)), plain(s, G1)),
            ),
            [
                "kept-if-it-is-gone",
                "plain-ends-and-steps",
                "one-step-more-than-the-rest",
                "one-action-more",
                "reduced_only",
            ],
        ),
        Step(
            "same-is-gone",
            ForAll(
                [i, x, G, K, H, N, a],
                Implies(
                    And(
                        theory.eliminated_one(K, G, i, x),
                        theory.eliminated_one(N, H, i, x),
                        reduces(G, H),
                    ),
                    And(in_game(a, K), in_game(a, H)) == in_game(a, N),
                ),
            ),
            ["outcomes-without-it", "less-is-left"],
        ),
        Step(
            "kept-if-it-goes-last",
            ForAll(
                [s, i, x, G1, N, a, b],
                Implies(
                    And(adds, plain(rest(s), G1), theory.eliminated_one(N, G1, i, x)),
                    allows(s, a, b) == And(a == b, in_game(a, N)),
                ),
            ),
            ["kept-backwards", "plain-outcomes", "plain-ends-and-steps", "same-is-gone"],
        ),
        Step(
            "ends-and-steps-if-it-goes-last",
            ForAll(
                [s, i, x, G1, N],
                Implies(
                    And(adds, plain(rest(s), G1), theory.eliminated_one(N, G1, i, x)),
                    And(
                        reduces(ends(s), N),
                        size(first) - size(N) + size(ends(s)) - size(N) <= length(s),
                    ),
                ),
            ),
            [
                "plain-ends-and-steps",
                "one-step-more-than-the-rest",
                "one-action-more",
                "leads-on",
                "actions_are_counted",
                "eliminated",
            ],
        ),
        Step(
            "plain-if-it-goes-last",
            ForAll(
                [s, i, x, G1, N],
                Implies(
                    And(
                        adds,
                        plain(rest(s), G1),
                        theory.eliminated_one(N, G1, i, x),
                        reduces(first, N),
                    ),
                    plain(s, N),
                ),
            ),
            ["kept-if-it-goes-last", "ends-and-steps-if-it-goes-last", "reduced_only"],
        ),
        Step(
            "plain-after-one-backwards",
            ForAll(
                [s, i, x, G1],
                Implies(And(adds, plain(rest(s), G1)), Exists([N], plain(s, N))),
            ),
            [
                "plain-ends-and-steps",
                "can-go-first",
                "reached_without",
                "plain-if-it-is-gone",
                "plain-if-it-goes-last",
            ],
        ),
        Step(
            "sent-after-one-backwards",
            ForAll(
                [s, i, x, f, G1, H1, a, b],
                Implies(
                    And(adds, sent(rest(s), f, G1, H1)),
                    allows(s, a, b) == And(in_game(a, G1), b == image(f, a)),
                ),
            ),
            [
                "kept-backwards",
                "copied-outcomes",
                "copied-ends-and-steps",
                "ends-as-before",
                "ends_with",
                "less-is-left",
            ],
        ),
        Step(
            "copied-after-one-backwards",
            ForAll(
                [s, i, x, f, G1, H1],
                Implies(And(adds, sent(rest(s), f, G1, H1)), sent(s, f, G1, H1)),
            ),
            [
                "sent-after-one-backwards",
                "copied-ends-and-steps",
                "ends-as-before",
                "one-action-more",
                "one-step-more-than-the-rest",
                "reduced_and_copied",
            ],
        ),
    )


def after_an_isomorphism(theory: Theory) -> tuple[Step, ...]:
    """Return what is shown where an isomorphism comes first."""
    first, second = starts(s), starts(rest(s))
    step = theory.makes_a_step(s)
    copies = And(step, theory.by_isomorphism(s))
    plain, sent = theory.reduced_only, theory.reduced_and_copied
    twice = after_map(f, copied(s))
    return (
        Step(
            "nothing-is-left-to-go",
            ForAll(
                [s, G1],
                Implies(
                    And(copies, reduces(second, G1)),
                    And(
                        second == G1,
                        theory.ends_with(first, first),
                        theory.ends_with(second, second),
                        theory.isomorphism(copied(s), first, second),
                    ),
                ),
            ),
            ["by_isomorphism", "goes-from-itself", "goes-nowhere", "ends_with"],
        ),
        Step(
            "sent-after-an-isomorphism",
            ForAll(
                [s, a, b],
                Implies(
                    And(copies, plain(rest(s), second)),
                    allows(s, a, b) == And(in_game(a, first), b == image(copied(s), a)),
                ),
            ),
            ["sends", "plain-outcomes", "images-are-there", "by_isomorphism"],
        ),
        Step(
            "steps-after-an-isomorphism",
            ForAll(
                [s],
                Implies(
                    And(copies, plain(rest(s), second)),
                    And(
                        theory.ends_with(ends(s), second),
                        size(first) - size(first) + 1 + size(ends(s)) - size(second) <= length(s),
                    ),
                ),
            ),
            [
                "plain-ends-and-steps",
                "one-step-more-than-the-rest",
                "by_isomorphism",
                "ends_with",
            ],
        ),
        Step(
            "copied-after-an-isomorphism",
            ForAll(
                [s, G1],
                Implies(And(copies, plain(rest(s), G1)), sent(s, copied(s), first, second)),
            ),
            [
                "plain-ends-and-steps",
                "nothing-is-left-to-go",
                "sent-after-an-isomorphism",
                "steps-after-an-isomorphism",
                "reduced_and_copied",
            ],
        ),
        Step(
            "sent-twice",
            ForAll(
                [s, f, H1, a, b],
                Implies(
                    And(copies, sent(rest(s), f, second, H1)),
                    allows(s, a, b) == And(in_game(a, first), b == image(f, image(copied(s), a))),
                ),
            ),
            ["sends", "copied-outcomes", "images-are-there", "by_isomorphism"],
        ),
        composed_maps(theory),
        Step(
            "composed",
            ForAll(
                [s, f, H1, a],
                Implies(
                    And(copies, theory.isomorphism(f, second, H1)),
                    And(
                        theory.isomorphism(twice, first, H1),
                        image(twice, a) == image(f, image(copied(s), a)),
                    ),
                ),
            ),
            ["by_isomorphism", "composed-maps"],
        ),
        Step(
            "composed-is-sent",
            ForAll(
                [s, f, H1],
                Implies(
                    And(copies, sent(rest(s), f, second, H1)),
                    And(
                        theory.isomorphism(twice, first, H1),
                        ForAll(
                            [a, b],
                            allows(s, a, b) == And(in_game(a, first), b == image(twice, a)),
                        ),
                    ),
                ),
            ),
            ["sent-twice", "composed", "copied-ends-and-steps"],
        ),
        Step(
            "steps-after-two-isomorphisms",
            ForAll(
                [s, f, H1],
                Implies(
                    And(copies, sent(rest(s), f, second, H1)),
                    And(
                        theory.ends_with(ends(s), H1),
                        size(first) - size(first) + 1 + size(ends(s)) - size(H1) <= length(s),
                    ),
                ),
            ),
            ["copied-ends-and-steps", "one-step-more-than-the-rest"],
        ),
        Step(
            "nothing-went-before-an-isomorphism",
            ForAll(
                [s, f, G1, H1],
                Implies(
                    And(copies, sent(rest(s), f, G1, H1)),
                    And(second == G1, theory.ends_with(first, first)),
                ),
            ),
            ["copied-ends-and-steps", "ends_with", "nothing-is-left-to-go"],
        ),
        Step(
            "composed-after-an-isomorphism",
            ForAll(
                [s, f, G1, H1],
                Implies(And(copies, sent(rest(s), f, G1, H1)), sent(s, twice, first, H1)),
            ),
            [
                "nothing-went-before-an-isomorphism",
                "composed-is-sent",
                "steps-after-two-isomorphisms",
                "reduced_and_copied",
            ],
        ),
    )


def statements(theory: Theory) -> list[Statement]:
    """Return both readings."""
    return [lemma_21(theory), with_one_to_one(lemma_21, theory)]
